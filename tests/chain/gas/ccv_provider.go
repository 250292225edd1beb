package gas

import (
	"fmt"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
)

// Messages of ccv-provider, and what it is told of packets and transfers.
const (
	providerReceive = "ibc_packet_receive"
	providerArrival = "ibc_destination_callback"
	providerProcess = "process"
	providerRetry   = "retry_payment"
)

// ccvProvider measures the provider's contract.
func ccvProvider(r *recorder) error {
	p := &provider{acrossChains: acrossChains{recorder: r}}
	return inOrder(p.start, p.arrivals, p.targets, p.others, p.wholeUnits)
}

// provider measures the provider's contract, on one pair of chains after the other.
type provider struct{ acrossChains }

func (p *provider) wholeUnits() error {
	return p.addUp(func(costs ccv.Costs) node.Gas { return costs.Provider })
}

// start is what sets the contract up.
func (p *provider) start() error {
	setup := ccv.Setup{Denoms: 1, Target: ccv.Native, Inactive: true}
	return p.on(setup, func() error {
		return p.provider("instantiate", "native", "instantiate", func() (node.Outcome, error) {
			_, outcome, err := p.pair.Provider.Instantiate()
			return outcome, err
		})
	})
}

// arrivals are weights and coins of units of few and of many validators, when the consumer has had a unit
// before.
func (p *provider) arrivals() error {
	for _, validators := range []int{64, 512} {
		setup := ccv.Setup{Denoms: 1, Validators: validators, Target: ccv.Native}
		err := p.on(setup, func() error {
			at := size(1, validators)
			chunks := validators / 64
			chunk := func(number int) func() error {
				return func() error {
					return p.arrives(chunkArrives, providerReceive, fmt.Sprintf("%s, chunk %d of %d", at, number, chunks), "wasm-weights")
				}
			}
			steps := []func() error{
				func() error { return p.pair.Blocks(blocksBefore) }, p.unit, p.closes, chunk(1),
			}
			if chunks > 1 {
				steps = append(steps, func() error { return p.relay(chunkArrives, uint64(chunks-2)) }, chunk(chunks))
			}
			steps = append(steps, p.relayAll, p.ticks,
				func() error { return p.arrives(coinsArrive, providerArrival, at, "wasm-arrival") })
			return inOrder(steps...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
