package ccv

import (
	"errors"
	"strings"
	"time"

	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
)

// fees are those of a block, in base units of every denom.
const fees = 1_234_567_890

// Blocks splits the fees of so many blocks of the consumer.
func (p *Pair) Blocks(count int) error {
	for range count {
		if err := p.begin(1); err != nil {
			return err
		}
	}
	return nil
}

// Due begins the next block at which the pools close.
func (p *Pair) Due() error { return p.begin(Period) }

func (p *Pair) begin(later uint64) error {
	if err := p.ToBlock(later); err != nil {
		return err
	}
	_, err := p.Consumer.Sudo(p.Consumer.Block(0, 0))
	return err
}

// Pass lets time pass on both chains.
func (p *Pair) Pass(time time.Duration) error {
	if err := p.Consumer.Advance(1, time); err != nil {
		return err
	}
	return p.Provider.Advance(1, time)
}

// ToBlock goes so many blocks further, to one with fees that waits for its begin_block. The provider goes
// one further.
func (p *Pair) ToBlock(count uint64) error {
	if err := p.Consumer.Advance(count, 5*time.Second); err != nil {
		return err
	}
	if err := p.Provider.Next(); err != nil {
		return err
	}
	return p.Consumer.Fees(fees)
}

// Relay relays what waits between the chains.
func (p *Pair) Relay(orders ibc.Orders) ([]ibc.Relayed, error) {
	return p.network.Relay(p.chains(), orders)
}

// Wanted is a kind of a relayer's messages.
type Wanted struct {
	// Message is what the relayer does.
	Message ibc.Message
	// Transfers says whether it is about transfers, or about packets of the contracts.
	Transfers bool
}

// OfPackets are messages about packets of the contracts.
func OfPackets(message ibc.Message) Wanted { return Wanted{Message: message} }

// OfTransfers are messages about transfers.
func OfTransfers(message ibc.Message) Wanted {
	return Wanted{Message: message, Transfers: true}
}

func (w Wanted) orders() ibc.Orders {
	return ibc.Orders{Timeouts: true, Only: func(packet *ibc.Packet, message ibc.Message) bool {
		return message == w.Message && w.Transfers == (packet.SourcePort == transfertypes.PortID)
	}}
}

// Prepare makes the first message of a kind ready that waits.
func (p *Pair) Prepare(wanted Wanted) (ibc.Prepared, error) {
	return p.network.Prepare(p.chains(), wanted.orders())
}

// RelayOnly relays messages of one kind, at most so many.
func (p *Pair) RelayOnly(wanted Wanted, most uint64) error {
	orders := wanted.orders()
	orders.Limit = &most
	_, err := p.Relay(orders)
	return err
}

// Lose has the messages of a kind be lost that wait now.
func (p *Pair) Lose(wanted Wanted) error {
	orders := wanted.orders()
	orders.Drop = true
	_, err := p.Relay(orders)
	return err
}

// Costs are what messages to the contracts of the two chains have used.
type Costs struct{ Consumer, Provider node.Gas }

// Ticks sends ticks until one finds nothing more to do.
func (p *Pair) Ticks(limit int, costs *Costs) error {
	for {
		outcome, err := p.Consumer.TickLimit(limit)
		if err != nil {
			return err
		}
		costs.Consumer.Add(outcome.Gas)
		if attribute(outcome, "tick", "has_more") == "false" {
			return nil
		}
	}
}

// Deliver brings all units that are closed to the provider: weights, acknowledgements, coins.
func (p *Pair) Deliver(limit int, costs *Costs) error {
	// Weights, then coins.
	for range 2 {
		if err := p.Ticks(limit, costs); err != nil {
			return err
		}
		relayed, err := p.Relay(ibc.Orders{})
		if err != nil {
			return err
		}
		for _, it := range relayed {
			if it.Message == ibc.Receive {
				costs.Provider.Add(it.Outcome.Gas)
			} else {
				costs.Consumer.Add(it.Outcome.Gas)
			}
		}
	}
	return nil
}

// Pay has the provider process a unit of a denom to its end.
func (p *Pair) Pay(denom, epoch, limit int, costs *Costs) error {
	for {
		outcome, err := p.Provider.Process(denom, epoch, limit)
		if err != nil {
			return err
		}
		costs.Provider.Add(outcome.Gas)
		if strings.Contains(string(outcome.Data), `"next":null`) {
			return nil
		}
	}
}

// attribute is one of the event of an action; empty when there is none.
func attribute(outcome node.Outcome, action, key string) string {
	for _, event := range outcome.Events {
		if event.Type != "wasm-"+action {
			continue
		}
		if attribute, found := event.GetAttribute(key); found {
			return attribute.Value
		}
	}
	return ""
}

// WholeUnit plays a unit of the first denom, from the block that closes the pools to the end of its payment. The
// block does not count: it takes its part of them all.
func (p *Pair) WholeUnit(epoch, limit int) (Costs, error) {
	var costs Costs
	err := p.Due()
	if err == nil {
		err = p.Deliver(limit, &costs)
	}
	if err == nil {
		err = p.Pay(0, epoch, limit, &costs)
	}
	return costs, err
}

// Pin keeps the codes of both chains' contracts in their VMs' memories.
func (p *Pair) Pin() error {
	return errors.Join(p.Consumer.Pin(p.Consumer.Code), p.Provider.Pin(p.Provider.Code))
}

// Unpin takes them out.
func (p *Pair) Unpin() error {
	return errors.Join(p.Consumer.Unpin(p.Consumer.Code), p.Provider.Unpin(p.Provider.Code))
}
