package gas

import (
	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
)

// Cases of ticks and of the clock, in the order in which a unit comes to them.
const (
	settling = ", settles validators"
	deleting = ", deletes weights of the epoch before"
	counted  = ", ends settling"
	weighing = ", sends 64 weights"
	lastSent = ", sends the last weights"
	sending  = ", sends the coins"
	idle     = ", nothing to do"
)

// ccvSizes are the numbers of validators at which units are measured: those of a large chain, and as many
// as a unit can have.
var ccvSizes = []int{180, 512}

// closings are what ticks and the clock do with units, in which every step has been done once before.
func (h *holding) closings() error {
	for _, validators := range ccvSizes {
		for _, count := range ccvDenomCounts {
			setup := ccv.Setup{Denoms: count, Validators: validators, Target: ccv.Native}
			if err := h.on(setup, func() error { return h.closing(size(count, validators), validators) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *holding) closing(at string, validators int) error {
	// The cursor is somewhere in the middle when it is measured.
	const before = 60
	return inOrder(
		func() error { return h.pair.Blocks(blocksBefore) }, h.unit,
		func() error { return h.tick(at+idle, "tick") },
		func() error { return h.clock(at+idle, "") },
		h.pair.Due,
		func() error { return h.powers(at + ", 100 changed, while validators are settled") },
		func() error { return h.works(before) },
		func() error { return h.tick(at+settling, "tick") },
		func() error { return h.clock(at+settling, "") },
		func() error { return h.settle(at) },
		func() error { return h.works(validators - before) },
		func() error { return h.tick(at+deleting, "tick") },
		func() error { return h.clock(at+deleting, "") },
		func() error { return h.works(validators) },
		func() error { return h.clock(at+counted, "weights_counted") },
		func() error { return h.works(1) },
		func() error { return h.tick(at+weighing, "weights_sent") },
		func() error { return h.chunks((validators - 1) / 64) },
		func() error { return h.tick(at+lastSent, "weights_sent") },
		h.ticks, h.relayAll,
		func() error { return h.tick(at+sending, "tokens_sent") },
	)
}

// chunks sends so many of them: the last job of a tick may take more than its limit.
func (h *holding) chunks(count int) error {
	for range count {
		if err := h.works(1); err != nil {
			return err
		}
	}
	return nil
}

// settle measures what a clock has the contract do, sent by somebody.
func (h *holding) settle(at string) error {
	return h.consumer("settle", at, "execute", func() (node.Outcome, error) {
		return h.pair.Consumer.Execute("anyone", ccv.M{"settle": ccv.M{}})
	})
}

// tick measures one with the default limit.
func (h *holding) tick(at, event string) error {
	return h.consumer(holdingTick, at, "wasm-"+event, h.pair.Consumer.Tick)
}

// clock measures a call of a clock module. Most steps leave no event of their own.
func (h *holding) clock(at, event string) error {
	name := "sudo"
	if event != "" {
		name = "wasm-" + event
	}
	return h.consumer(holdingClock, at, name, func() (node.Outcome, error) {
		return h.pair.Consumer.Sudo(ccv.M{"clock_end_block": ccv.M{}})
	})
}
