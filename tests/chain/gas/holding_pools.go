package gas

import (
	"fmt"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// Messages of holding-pools.
const (
	holdingBlock   = "sudo begin_block"
	holdingReport  = "begin_block"
	holdingVotes   = "begin_block votes"
	holdingPowers  = "powers_changed"
	holdingTick    = "tick"
	holdingClock   = "clock_end_block"
	holdingUpdate  = "update_provider"
	holdingConnect = "ibc_channel_connect"
)

// holdingPools measures the consumer's contract.
func holdingPools(r *recorder) error {
	h := &holding{acrossChains: acrossChains{recorder: r}}
	return inOrder(h.start, h.blocks, h.closings, h.answers, h.anotherWay, h.others, h.wholeUnits)
}

// holding measures the consumer's contract, on one pair of chains after the other.
type holding struct{ acrossChains }

// start is what sets the contract up.
func (h *holding) start() error {
	for _, count := range ccvDenomCounts {
		setup := ccv.Setup{Denoms: count, Target: ccv.Native, Inactive: true}
		err := h.on(setup, func() error {
			at := denoms(count)
			return inOrder(
				func() error {
					return h.consumer("instantiate", at, "instantiate", func() (node.Outcome, error) {
						_, outcome, err := h.pair.Consumer.Instantiate()
						return outcome, err
					})
				},
				func() error { return h.consumer("probe", at, "wasm-probe", h.pair.Consumer.Probe) },
			)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// blocks are those of few validators and of as many as there can be.
func (h *holding) blocks() error {
	for _, validators := range []int{10, 100, 512} {
		for _, count := range ccvDenomCounts {
			setup := ccv.Setup{Denoms: count, Validators: validators, Target: ccv.Native}
			if err := h.on(setup, func() error { return h.blocksOf(count, validators) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *holding) blocksOf(count, validators int) error {
	at := size(count, validators)
	if err := inOrder(
		func() error { return h.pair.Blocks(blocksBefore) },
		func() error { return h.pair.ToBlock(1) },
	); err != nil {
		return err
	}
	for _, changed := range []int{0, 1, 100} {
		if changed > validators {
			continue
		}
		if err := h.block(fmt.Sprintf("%s, %d changed", at, changed), changed, "begin_block"); err != nil {
			return err
		}
	}
	if validators >= 100 {
		changed := at + ", 100 changed"
		if err := inOrder(
			func() error { return h.powers(changed) },
			func() error { return h.votes(changed, 100) },
		); err != nil {
			return err
		}
	}
	return inOrder(
		func() error { return h.pair.ToBlock(ccv.Period) },
		func() error { return h.block(at+", due", 0, "epoch_closed") },
	)
}

// block measures the open block, told by the chain and by a reporter.
func (h *holding) block(at string, changed int, event string) error {
	consumer := h.pair.Consumer
	block := consumer.Block(changed, 1)
	return inOrder(
		func() error {
			return h.consumer(holdingBlock, at, "wasm-"+event, func() (node.Outcome, error) { return consumer.Sudo(block) })
		},
		func() error {
			return h.consumer(holdingReport, at, "wasm-"+event,
				func() (node.Outcome, error) { return consumer.Execute(pool.Reporter, block) })
		},
	)
}

// votes measures the open block told as a whole list, in which so many powers are others.
func (h *holding) votes(at string, changed int) error {
	consumer := h.pair.Consumer
	block := consumer.Votes(changed, 1)
	return h.consumer(holdingVotes, at, "wasm-begin_block",
		func() (node.Outcome, error) { return consumer.Execute(pool.Reporter, block) })
}

// powers measures 100 changes.
func (h *holding) powers(at string) error {
	return h.consumer(holdingPowers, at, "wasm-power_changed", func() (node.Outcome, error) {
		return h.pair.Consumer.PowersChanged(ccv.Changes(0, 100, 1))
	})
}
