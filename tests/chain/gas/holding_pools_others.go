package gas

import (
	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// others are messages of the owner and of operators, each with as much to do as it can have: 8 denoms, as
// many as there can be, of which fees have come in.
func (h *holding) others() error {
	setup := ccv.Setup{Denoms: 8, Validators: 512, Target: ccv.Native}
	at := size(setup.Denoms, setup.Validators)
	denom := "uatom"
	first := node.Operator(pool.Validator(0)).String()
	return h.on(setup, func() error {
		denoms := h.pair.Setup.DenomNames()
		return inOrder(
			func() error { return h.pair.Blocks(blocksBefore) }, h.closes,
			func() error { return h.sends(pool.Owner, "release", at, ccv.M{"denom": denom}) },
			func() error {
				return h.sends(pool.Validator(0), "set_provider_validator", at,
					ccv.M{"validator": first, "provider_validator": first})
			},
			func() error {
				return h.sends(pool.Owner, "update_params", at, ccv.M{"blocks_per_distribution_transmission": 100})
			},
			func() error { return h.pair.ToBlock(1) },
			func() error { return h.sends(pool.Owner, "update_reward_denoms", at, ccv.M{"remove": denoms}) },
			func() error {
				_, err := h.pair.Consumer.Execute(pool.Owner, ccv.M{"update_reward_denoms": ccv.M{"remove": denoms}})
				return err
			},
			func() error { return h.pair.Consumer.Fees(1) },
			func() error {
				return h.sends(pool.Owner, "sweep", at, ccv.M{"denom": denom, "recipient": node.Account(pool.Owner).String()})
			},
		)
	})
}

// sends measures a message whose event has its name.
func (h *holding) sends(sender, name, at string, msg ccv.M) error {
	return h.consumer(name, at, "wasm-"+name, func() (node.Outcome, error) {
		return h.pair.Consumer.Execute(sender, ccv.M{name: msg})
	})
}
