package gas

import (
	"errors"
	"fmt"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
)

// acrossChains measures the two contracts for rewards across chains, on one pair of chains after the
// other.
type acrossChains struct {
	*recorder
	pair *ccv.Pair
}

// ccvDenomCounts are the numbers of reward denoms that are measured: one, and as many as a provider lists.
var ccvDenomCounts = []int{1, 4}

// What relayers bring to the provider.
var (
	chunkArrives = ccv.OfPackets(ibc.Receive)
	coinsArrive  = ccv.OfTransfers(ibc.Receive)
)

// And to the consumer.
var (
	chunkAnswered = ccv.OfPackets(ibc.Acknowledge)
	chunkLate     = ccv.OfPackets(ibc.Timeout)
	coinsAnswered = ccv.OfTransfers(ibc.Acknowledge)
	coinsLate     = ccv.OfTransfers(ibc.Timeout)
)

// on makes a pair of chains and measures there.
func (a *acrossChains) on(setup ccv.Setup, measure func() error) error {
	var err error
	if a.pair, err = ccv.New(setup); err != nil {
		return err
	}
	return errors.Join(measure(), a.pair.Close())
}

// consumer measures a message on the consumer, in the present state. It must leave an event, by which the
// row is known to be of what its name says.
func (a *acrossChains) consumer(name, at, event string, send message) error {
	return a.row(a.pair.Consumer, a.pair.Consumer.Code, name, at, leaves(event, send))
}

// provider measures one on the provider in the same way. There the target's code is pinned too.
func (a *acrossChains) provider(name, at, event string, send message) error {
	return a.row(a.pair.Provider, a.pair.Provider.Code, name, at, leaves(event, send))
}

func leaves(event string, send message) message {
	return func() (node.Outcome, error) {
		outcome, err := send()
		if err != nil {
			return outcome, err
		}
		for _, it := range outcome.Events {
			if it.Type == event {
				return outcome, nil
			}
		}
		return outcome, fmt.Errorf("no event %s", event)
	}
}

// relayed is a message of a relayer, the first of its kind that waits. Its proof is made before anything is
// measured.
func (a *acrossChains) relayed(kind ccv.Wanted) (message, error) {
	prepared, err := a.pair.Prepare(kind)
	return prepared.Deliver, err
}

// told measures what the consumer is told by a relayer, and then tells it.
func (a *acrossChains) told(kind ccv.Wanted, name, at, event string) error {
	send, err := a.relayed(kind)
	if err == nil {
		err = a.consumer(name, at, event, send)
	}
	return errors.Join(err, a.relay(kind, 1))
}

// arrives measures what a relayer brings to the provider, and then brings it.
func (a *acrossChains) arrives(kind ccv.Wanted, name, at, event string) error {
	send, err := a.relayed(kind)
	if err == nil {
		err = a.provider(name, at, event, send)
	}
	return errors.Join(err, a.relay(kind, 1))
}

// relay relays messages of one kind, at most so many.
func (a *acrossChains) relay(kind ccv.Wanted, most uint64) error {
	return a.pair.RelayOnly(kind, most)
}

// relayAll relays until nothing waits but timeouts.
func (a *acrossChains) relayAll() error {
	_, err := a.pair.Relay(ibc.Orders{})
	return err
}

// ticks sends ticks until nothing is left to do.
func (a *acrossChains) ticks() error { return a.pair.Ticks(mostWork, &ccv.Costs{}) }

// mostWork is the highest limit that the contracts take.
const mostWork = 100

// works sends ticks that do just so much work.
func (a *acrossChains) works(units int) error {
	for done := 0; done < units; done += mostWork {
		if _, err := a.pair.Consumer.TickLimit(min(mostWork, units-done)); err != nil {
			return err
		}
	}
	return nil
}

// unit closes the pools and brings everything to the provider.
func (a *acrossChains) unit() error {
	return inOrder(a.pair.Due, func() error { return a.pair.Deliver(mostWork, &ccv.Costs{}) })
}

// closes closes the pools, settles all validators and sends all weights.
func (a *acrossChains) closes() error { return inOrder(a.pair.Due, a.ticks) }

// size names a number of denoms and of validators.
func size(count, validators int) string {
	return fmt.Sprintf("%s, %d validators", denoms(count), validators)
}
