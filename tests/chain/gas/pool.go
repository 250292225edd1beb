package gas

import (
	"fmt"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// Measure makes the whole table.
func Measure() (Table, error) {
	r := &recorder{}
	err := r.all(
		r.start, r.blocksOfSignedPower, r.blocksOfVotes, r.withdrawals, r.growth, r.settings, r.stakingEvents, r.hooks,
		r.distribution,
	)
	if err != nil {
		return nil, err
	}
	r.accounting = "lazy"
	err = r.all(r.blocksOfSignedPower, r.blocksOfVotes, r.withdrawals, r.growth, r.settings, r.stakingEvents, r.hooks)
	return r.table, err
}

func (r *recorder) all(measures ...func() error) error {
	for _, measure := range measures {
		if err := measure(); err != nil {
			return err
		}
	}
	return nil
}

func denoms(count int) string {
	if count == 1 {
		return "1 denom"
	}
	return fmt.Sprintf("%d denoms", count)
}

// denomCounts are the numbers of reward denoms that are measured: one, and as many as can be.
var denomCounts = []int{1, 8}

// start is what sets a pool up.
func (r *recorder) start() error {
	for _, count := range denomCounts {
		setup := pool.Setup{Denoms: pool.Denoms(count), Validators: 50}
		err := r.on(setup, func() error {
			err := r.row("instantiate", denoms(count), func() (node.Outcome, error) {
				_, outcome, err := r.pool.Instantiate(r.pool.Instantiation())
				return outcome, err
			})
			if err != nil {
				return err
			}
			return r.importPages(count)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// importPages are measured on a second, empty pool of the same kind.
func (r *recorder) importPages(count int) error {
	address, _, err := r.pool.Instantiate(r.pool.Instantiation())
	if err != nil {
		return err
	}
	r.pool.Address = address
	names := []string{"50 validators", "50 delegations"}
	for index, page := range r.pool.ImportPages() {
		send := r.execute(pool.Owner, pool.M{"import": page})
		if err := r.row("import", denoms(count)+", "+names[index], send); err != nil {
			return err
		}
		if _, err := send(); err != nil {
			return err
		}
	}
	return nil
}

// noProposerRewards gives the proposer nothing of its own.
var noProposerRewards = pool.M{"base_proposer_reward": "0", "bonus_proposer_reward": "0"}

func (r *recorder) blocksOfSignedPower() error {
	for _, validators := range []int{10, 100, 1000} {
		for _, count := range denomCounts {
			for _, params := range []pool.M{nil, noProposerRewards} {
				at := fmt.Sprintf("%s, %d validators", denoms(count), validators)
				if params != nil {
					at += ", no proposer rewards"
				}
				setup := pool.Setup{Denoms: pool.Denoms(count), Validators: validators, Params: params}
				err := r.on(setup, func() error {
					return r.row("begin_block signed_power", at, func() (node.Outcome, error) {
						return r.pool.BeginBlock(pool.Validator(1), r.pool.SignedPower())
					})
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *recorder) blocksOfVotes() error {
	for _, validators := range []int{10, 100, 1000} {
		for _, count := range denomCounts {
			err := r.on(pool.Setup{Denoms: pool.Denoms(count), Validators: validators}, func() error {
				for _, changed := range []int{0, 1, 2, 10} {
					at := fmt.Sprintf("%s, %d validators, %d changed", denoms(count), validators, changed)
					err := r.row("begin_block votes", at, func() (node.Outcome, error) {
						return r.pool.BeginBlock(pool.Validator(1), r.pool.Votes(changed))
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
	}
	return nil
}

// delegators are count of them, each with a delegation to the first validator.
func delegators(count int) []pool.Delegation {
	list := make([]pool.Delegation, count)
	for index := range list {
		list[index] = pool.Delegation{Delegator: fmt.Sprintf("delegator-%d", index), Validator: pool.Validator(0)}
	}
	return list
}

// spread is one delegator with a delegation to each of the first validators.
func spread(delegator string, count int) []pool.Delegation {
	list := make([]pool.Delegation, count)
	for index := range list {
		list[index] = pool.Delegation{Delegator: delegator, Validator: pool.Validator(index)}
	}
	return list
}

// withdrawDelegatorReward is a withdrawal of the delegation to the first validator.
func (r *recorder) withdrawDelegatorReward(delegator string) message {
	return r.execute(delegator, pool.M{"withdraw_delegator_reward": pool.M{"validator": validator(0)}})
}

func validator(index int) string { return node.Operator(pool.Validator(index)).String() }

func account(name string) string { return node.Account(name).String() }

func (r *recorder) withdrawals() error {
	for _, count := range denomCounts {
		setup := pool.Setup{
			Denoms: pool.Denoms(count), Validators: 100,
			Delegations: append(delegators(1), spread("saver", 10)...),
		}
		err := r.on(setup, func() error {
			rows := []struct {
				name, at string
				send     message
			}{
				{"withdraw_delegator_reward", "", r.withdrawDelegatorReward("delegator-0")},
				{"withdraw_delegation", ", 10 delegations", r.execute("saver", pool.M{"withdraw_delegation": pool.M{}})},
				{"withdraw_validator_commission", "", r.execute(pool.Validator(0),
					pool.M{"withdraw_validator_commission": pool.M{"validator": validator(0)}})},
				{"withdraw_validator", "", r.execute(pool.Validator(0),
					pool.M{"withdraw_validator": pool.M{"validator": validator(0)}})},
			}
			for _, row := range rows {
				if err := r.row(row.name, denoms(count)+row.at, row.send); err != nil {
					return err
				}
			}
			return r.nothingOwed(count)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nothingOwed measures withdrawals that pay nothing, and one that comes back.
func (r *recorder) nothingOwed(count int) error {
	send := r.withdrawDelegatorReward("delegator-0")
	if _, err := send(); err != nil {
		return err
	}
	if err := r.row("withdraw_delegator_reward", denoms(count)+", again at once", send); err != nil {
		return err
	}
	// The bank sends nothing to a module's account.
	refusing := authtypes.NewModuleAddress(distrtypes.ModuleName).String()
	redirect := r.execute("saver", pool.M{"set_withdraw_address": pool.M{"withdraw_address": refusing}})
	if _, err := redirect(); err != nil {
		return err
	}
	return r.row("withdraw_delegator_reward", denoms(count)+", payout fails", r.withdrawDelegatorReward("saver"))
}

// growth measures one withdrawal after more and more of everything.
func (r *recorder) growth() error {
	for _, others := range []int{10, 1000} {
		setup := pool.Setup{Denoms: pool.Denoms(1), Validators: 10, Delegations: delegators(1 + others)}
		err := r.on(setup, func() error {
			return r.row("withdraw_delegator_reward", fmt.Sprintf("1 denom, %d other delegators", others),
				r.withdrawDelegatorReward("delegator-0"))
		})
		if err != nil {
			return err
		}
	}
	setup := pool.Setup{Denoms: pool.Denoms(1), Validators: 10, Delegations: delegators(1)}
	err := r.on(setup, func() error {
		for range 100 {
			_, err := r.pool.Sudo(pool.M{"staking_event": pool.M{
				"validator_slashed": pool.M{"validator": validator(0), "fraction": "0.01"}}})
			if err != nil {
				return err
			}
		}
		return r.row("withdraw_delegator_reward", "1 denom, after 100 slashes", r.withdrawDelegatorReward("delegator-0"))
	})
	if err != nil {
		return err
	}
	return r.on(setup, func() error {
		done := blocksBefore
		for _, blocks := range []int{10, 1000, 100_000} {
			if err := r.blocks(blocks - done); err != nil {
				return err
			}
			done = blocks
			err := r.row("withdraw_delegator_reward", fmt.Sprintf("1 denom, after %d blocks", blocks),
				r.withdrawDelegatorReward("delegator-0"))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *recorder) settings() error {
	return r.on(pool.Setup{Denoms: pool.Denoms(1), Validators: 100, Delegations: delegators(1)}, func() error {
		rows := []struct {
			name, sender string
			body         pool.M
		}{
			{"edit_commission", pool.Validator(0), pool.M{"rate": "0.05"}},
			{"set_withdraw_address", "delegator-0", pool.M{"withdraw_address": account("elsewhere")}},
			{"set_claimer", "delegator-0", pool.M{"claimer": account("elsewhere")}},
			{"update_params", pool.Owner, pool.M{"community_tax": "0.03"}},
		}
		for _, row := range rows {
			if err := r.row(row.name, "1 denom", r.execute(row.sender, pool.M{row.name: row.body})); err != nil {
				return err
			}
		}
		return nil
	})
}
