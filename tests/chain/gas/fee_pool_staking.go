package gas

import (
	"errors"
	"fmt"

	"cosmossdk.io/math"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// named is the name and body of a message.
type named struct {
	name string
	body pool.M
	note string
}

func (f *feePool) stakingEvents() error {
	events := []named{
		{"validator_created", pool.M{"validator": operatorOf("newcomer"), "commission": pool.Terms("0.1")}, ""},
		{"power_changed", pool.M{"validator": validator(0), "power": "7"}, ""},
		{"delegation_changed", pool.M{"delegator": account("newcomer"), "validator": validator(0), "shares": "5.5"}, ", new"},
		{"delegation_changed", pool.M{"delegator": account("delegator-0"), "validator": validator(0), "shares": "5.5"}, ""},
		{"delegation_changed", pool.M{"delegator": account("delegator-0"), "validator": validator(0), "shares": "0"}, ", gone"},
		{"validator_slashed", pool.M{"validator": validator(0), "fraction": "0.05"}, ""},
		{"commission_changed", pool.M{"validator": validator(0), "rate": "0.2"}, ""},
		{"validator_removed", pool.M{"validator": validator(0)}, ""},
	}
	for _, count := range denomCounts {
		setup := pool.Setup{Denoms: pool.Denoms(count), Validators: 100, Delegations: delegators(1)}
		err := f.on(setup, func() error {
			for _, event := range events {
				send := f.execute(pool.Reporter, pool.M{"staking_event": pool.M{event.name: event.body}})
				if err := f.row("staking_event "+event.name, denoms(count)+event.note, send); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// stepsOfPowers are the largest changes that go ahead of a block.
func (f *feePool) stepsOfPowers() error {
	for _, count := range powerDenomCounts {
		err := f.on(pool.Setup{Denoms: pool.Denoms(count), Validators: 1000}, func() error {
			changes := pool.M{"changes": f.pool.Changes(100, 1)}
			send := f.execute(pool.Reporter, pool.M{"staking_event": pool.M{"powers_changed": changes}})
			return f.row(powersChanged, denoms(count)+", 100 changes", send)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func operatorOf(name string) string { return node.Operator(name).String() }

// hookDenomCounts are the numbers of denoms at which hooks are measured: chains give each a fixed limit.
var hookDenomCounts = []int{1, 4, 8}

// hooks measures what chains forward of x/staking's hooks, in both dialects.
func (f *feePool) hooks() error {
	dialects := []struct {
		name  string
		hooks []named
	}{{"juno", junoHooks()}, {"neutron", neutronHooks()}}
	for _, dialect := range dialects {
		for _, count := range hookDenomCounts {
			setup := pool.Setup{
				Denoms: pool.Denoms(count), Validators: 100, Delegations: delegators(1),
				Source: pool.M{"hooks": pool.M{"dialect": dialect.name}},
			}
			err := f.on(setup, func() error { return f.hooksOf(dialect.name, denoms(count), dialect.hooks) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *feePool) hooksOf(dialect, at string, hooks []named) error {
	if err := f.stakingKnows(); err != nil {
		return err
	}
	measure := func(at string) error {
		for _, hook := range hooks {
			if err := f.row(dialect+" "+hook.name, at+hook.note, f.sudo(pool.M{hook.name: hook.body})); err != nil {
				return err
			}
		}
		return nil
	}
	if err := measure(at); err != nil {
		return err
	}
	// Every amount has as many digits as the tokens of large chains with 18 decimals give it.
	for range blocksBefore {
		if err := f.pool.LargeFees(math.NewIntWithDecimal(1, 27)); err != nil {
			return err
		}
		if _, err := f.pool.BeginBlock(pool.Validator(0), f.pool.SignedPower()); err != nil {
			return err
		}
	}
	if err := measure(at + ", 10^27 a block"); err != nil {
		return err
	}
	return f.broughtBack(dialect, at+", 10^27 a block")
}

// broughtBack measures the hook of a delegation to a validator that was removed, and that staking knows again.
func (f *feePool) broughtBack(dialect, at string) error {
	removed, shares := validator(1), "3000000.000000000000000000"
	bodies := map[string]pool.M{
		"juno":    {"validator_address": removed, "delegator_address": account("newcomer"), "shares": shares},
		"neutron": {"val_addr": removed, "del_addr": account("newcomer")},
	}
	if _, err := f.pool.Sudo(pool.M{"after_validator_removed": bodies[dialect]}); err != nil {
		return err
	}
	name := "after_delegation_modified"
	return f.row(dialect+" "+name, at+", new, removed validator", f.sudo(pool.M{name: bodies[dialect]}))
}

// announcements measures blocks that read commissions from staking, which the chain announced before.
func (f *feePool) announcements() error {
	for _, count := range denomCounts {
		setup := pool.Setup{
			Denoms: pool.Denoms(count), Validators: 100, Source: pool.M{"hooks": pool.M{"dialect": "juno"}},
		}
		err := f.on(setup, func() error {
			announced := 0
			for _, all := range []int{1, 20} {
				for ; announced < all; announced++ {
					if err := f.announce(announced); err != nil {
						return err
					}
				}
				at := fmt.Sprintf("%s, 100 validators, %d announced", denoms(count), all)
				err := f.row(commissionsRead, at, func() (node.Outcome, error) {
					return f.pool.BeginBlock(pool.Validator(1), f.pool.SignedPower())
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// announce has the chain announce that a validator's commission changes, and change it.
func (f *feePool) announce(index int) error {
	if err := f.pool.SetValidator(node.Operator(pool.Validator(index)), newTerms()); err != nil {
		return err
	}
	_, err := f.pool.Sudo(pool.M{"before_validator_modified": junoValidator(validator(index))})
	return err
}

// stakingKnows writes what the pool asks x/staking for.
func (f *feePool) stakingKnows() error {
	terms := newTerms()
	first, second, newcomer := node.Operator(pool.Validator(0)), node.Operator(pool.Validator(1)), node.Operator("newcomer")
	return errors.Join(
		f.pool.SetValidator(first, terms),
		f.pool.SetValidator(newcomer, terms),
		f.pool.SetDelegation(node.Account("delegator-0"), first, math.NewInt(2_000_000)),
		f.pool.SetDelegation(node.Account("newcomer"), first, math.NewInt(3_000_000)),
		f.pool.SetDelegation(node.Account("newcomer"), newcomer, math.NewInt(3_000_000)),
		f.pool.SetValidator(second, terms),
		f.pool.SetDelegation(node.Account("newcomer"), second, math.NewInt(3_000_000)),
	)
}

// newTerms are other terms than those with which validators are imported.
func newTerms() node.Terms {
	return node.Terms{Rate: math.LegacyNewDecWithPrec(2, 1), MaxRate: math.LegacyOneDec(), MaxChangeRate: math.LegacyOneDec()}
}

// junoValidator is the body of Juno's hooks about a validator.
func junoValidator(operator string) pool.M {
	return pool.M{
		"moniker": "a validator", "validator_address": operator, "commission": "0.200000000000000000",
		"validator_tokens": "1000000000000", "bonded_tokens": "1000000000000", "bond_status": "BOND_STATUS_BONDED",
	}
}

func junoHooks() []named {
	delegation := func(delegator, shares string) pool.M {
		return pool.M{"validator_address": validator(0), "delegator_address": account(delegator), "shares": shares}
	}
	return []named{
		{"before_validator_modified", junoValidator(validator(0)), ""},
		{"after_validator_created", junoValidator(operatorOf("newcomer")), ""},
		{"before_validator_slashed", pool.M{"moniker": "a validator", "validator_address": validator(0), "slashed_amount": "0.050000000000000000"}, ""},
		{"after_validator_removed", junoValidator(validator(0)), ""},
		{"after_validator_bonded", junoValidator(validator(0)), ""},
		{"after_validator_begin_unbonding", junoValidator(validator(0)), ""},
		{"before_delegation_created", delegation("newcomer", "0.000000000000000000"), ""},
		{"before_delegation_shares_modified", delegation("delegator-0", "1000000.000000000000000000"), ""},
		{"after_delegation_modified", delegation("newcomer", "3000000.000000000000000000"), ", new"},
		{"after_delegation_modified", pool.M{
			"validator_address": operatorOf("newcomer"), "delegator_address": account("newcomer"), "shares": "3000000.000000000000000000",
		}, ", new, unknown validator"},
		{"after_delegation_modified", delegation("delegator-0", "2000000.000000000000000000"), ""},
		{"before_delegation_removed", delegation("delegator-0", "1000000.000000000000000000"), ""},
	}
}

func neutronHooks() []named {
	validatorBody := func(operator string) pool.M { return pool.M{"val_addr": operator} }
	bonded := pool.M{"cons_addr": "cosmosvalcons1dygqcvfp9tx9yqjhs2yc6auvdmlc8vswc2yamq", "val_addr": validator(0)}
	delegation := func(delegator string) pool.M {
		return pool.M{"del_addr": account(delegator), "val_addr": validator(0)}
	}
	return []named{
		{"before_validator_modified", validatorBody(validator(0)), ""},
		{"after_validator_created", validatorBody(operatorOf("newcomer")), ""},
		{"before_validator_slashed", pool.M{"val_addr": validator(0), "fraction": "0.050000000000000000", "tokens_to_burn": "1000000"}, ""},
		{"after_validator_removed", bonded, ""},
		{"after_validator_bonded", bonded, ""},
		{"after_validator_begin_unbonding", bonded, ""},
		{"before_delegation_created", delegation("newcomer"), ""},
		{"before_delegation_shares_modified", delegation("delegator-0"), ""},
		{"after_delegation_modified", delegation("newcomer"), ", new"},
		{"after_delegation_modified", pool.M{"del_addr": account("newcomer"), "val_addr": operatorOf("newcomer")}, ", new, unknown validator"},
		{"after_delegation_modified", delegation("delegator-0"), ""},
		{"before_delegation_removed", delegation("delegator-0"), ""},
	}
}
