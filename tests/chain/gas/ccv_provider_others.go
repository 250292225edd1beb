package gas

import (
	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// others are messages of the owner, about the consumer of which as much is kept as can be.
func (p *provider) others() error {
	setup := ccv.Setup{Denoms: 4, Validators: ccv.MostOverrides, Target: ccv.Native, Inactive: true}
	at := string(ccv.Native) + ", 30 denoms, 64 overrides"
	return p.on(setup, func() error {
		owner := node.Account(pool.Owner).String()
		validator := node.Operator(pool.Validator(0)).String()
		return inOrder(
			p.pair.RegisterManyDenoms,
			func() error {
				return p.sends("register_consumer", at, "register_consumer", ccv.M{
					"id": "another", "connection_id": "connection-9", "port_id": "wasm.another", "contract": "another",
					"transfer_channel": "channel-9", "denoms": p.pair.Setup.DenomNames(),
				})
			},
			func() error {
				return p.sends("update_consumer", at, "end_carry",
					ccv.M{"id": ccv.ManyID, "connection_id": "connection-9", "transfer_channel": "channel-9"})
			},
			func() error {
				return p.sends("update_consumer_denoms", at, "end_carry",
					ccv.M{"id": ccv.ManyID, "remove": p.pair.Setup.DenomNames()})
			},
			func() error {
				return p.sends("override_validator", at, "override_validator",
					ccv.M{"consumer": ccv.ManyID, "validator": validator, "pay_to": validator})
			},
			func() error { return p.sends("remove_consumer", at, "end_carry", ccv.M{"id": ccv.ManyID}) },
			p.pair.SendOrphan,
			func() error {
				return p.sends("resolve_orphan", at, "resolve_orphan",
					ccv.M{"consumer": ccv.ManyID, "epoch": 2, "denom": "uatom", "to": owner})
			},
			func() error { return p.pair.Provider.Donate("uatom") },
			func() error { return p.sends("sweep", at, "sweep", ccv.M{"denom": "uatom", "recipient": owner}) },
		)
	})
}

// sends measures a message of the owner.
func (p *provider) sends(name, at, event string, msg ccv.M) error {
	return p.provider(name, at, "wasm-"+event, func() (node.Outcome, error) {
		return p.pair.Provider.Execute(pool.Owner, ccv.M{name: msg})
	})
}
