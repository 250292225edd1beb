package gas

import (
	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// anotherWay is another way to the provider, and a new channel: either has all weights go again, here of a
// unit in each of 8 denoms, as many as there can be.
func (h *holding) anotherWay() error {
	const count, validators = 8, 512
	setup := ccv.Setup{Denoms: count, Validators: validators, Target: ccv.Native}
	at := size(count, validators) + ", 8 units"
	update := ccv.M{"update_provider": ccv.M{"transfer_channel": "channel-9"}}
	return h.on(setup, func() error {
		return inOrder(
			func() error { return h.pair.Blocks(blocksBefore) }, h.closes,
			func() error {
				return h.consumer(holdingUpdate, at, "wasm-update_provider",
					func() (node.Outcome, error) { return h.pair.Consumer.Execute(pool.Owner, update) })
			},
			h.pair.Abandon,
			func() error {
				open, err := h.pair.PrepareOpen()
				if err != nil {
					return err
				}
				return h.consumer(holdingConnect, at, "wasm-channel_opened", open.Deliver)
			},
		)
	})
}
