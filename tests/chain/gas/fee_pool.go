package gas

import (
	"errors"
	"fmt"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// fees are those of a block, in base units of every denom.
const fees = 1_234_567

// feePool measures the messages of fee pools, on one pool after the other.
type feePool struct {
	*recorder
	pool       *pool.Pool
	accounting pool.Accounting
}

// feePoolWith measures fee pools of one accounting.
func feePoolWith(accounting pool.Accounting) func(*recorder) error {
	return func(r *recorder) error {
		f := &feePool{recorder: r, accounting: accounting}
		return inOrder(
			f.start, f.blocksOfSignedPower, f.blocksOfChangedPowers, f.blocksOfVotes, f.stepsOfPowers, f.withdrawals, f.growth, f.settings, f.stakingEvents, f.hooks, f.announcements,
		)
	}
}

// on puts a pool onto a chain of its own and measures there. The pool has split a few blocks, and
// has the fees of the next.
func (f *feePool) on(setup pool.Setup, measure func() error) error {
	chain, err := node.New(pool.Genesis())
	if err != nil {
		return err
	}
	setup.Accounting = f.accounting
	f.pool, err = pool.New(chain, setup)
	if err == nil {
		err = f.blocks(blocksBefore)
	}
	if err == nil {
		err = measure()
	}
	return errors.Join(err, chain.Close())
}

// blocksBefore is how many blocks a pool has split before it is measured.
const blocksBefore = 3

// blocks has the pool split the fees of some blocks, and leaves those of the next with it.
func (f *feePool) blocks(count int) error {
	for block := range count {
		if err := f.pool.Fees(fees); err != nil {
			return err
		}
		if _, err := f.pool.BeginBlock(pool.Validator(block%2), f.pool.SignedPower()); err != nil {
			return err
		}
		// A block of the chain has several hundred of the pool's.
		if block%500 == 499 {
			if err := f.pool.Next(); err != nil {
				return err
			}
		}
	}
	return f.pool.Fees(fees)
}

// row measures a message in the pool's present state.
func (f *feePool) row(name, at string, send message) error {
	return f.recorder.row(f.pool, f.pool.Code, name, at, send)
}

// execute is a message of an account.
func (f *feePool) execute(sender string, msg pool.M) message {
	return func() (node.Outcome, error) { return f.pool.Execute(sender, msg) }
}

// sudo is a call of the chain.
func (f *feePool) sudo(msg pool.M) message {
	return func() (node.Outcome, error) { return f.pool.Sudo(msg) }
}

// start is what sets a pool up.
func (f *feePool) start() error {
	for _, count := range denomCounts {
		setup := pool.Setup{Denoms: pool.Denoms(count), Validators: 50}
		err := f.on(setup, func() error {
			err := f.row("instantiate", denoms(count), func() (node.Outcome, error) {
				_, outcome, err := f.pool.Instantiate(f.pool.Instantiation())
				return outcome, err
			})
			if err != nil {
				return err
			}
			return f.importPages(count)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// importPages are measured on a second, empty pool of the same kind.
func (f *feePool) importPages(count int) error {
	address, _, err := f.pool.Instantiate(f.pool.Instantiation())
	if err != nil {
		return err
	}
	f.pool.Address = address
	names := []string{"50 validators", "50 delegations", "50 withdraw addresses", "50 unclaimed rewards", "50 commissions"}
	for index, page := range append(f.pool.ImportPages(), f.pool.OwedPages()...) {
		send := f.execute(pool.Owner, pool.M{"import": page})
		if err := f.row("import", denoms(count)+", "+names[index], send); err != nil {
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

func (f *feePool) blocksOfSignedPower() error {
	for _, validators := range []int{10, 100, 1000} {
		for _, count := range denomCounts {
			for _, params := range []pool.M{nil, noProposerRewards} {
				at := fmt.Sprintf("%s, %d validators", denoms(count), validators)
				if params != nil {
					at += ", no proposer rewards"
				}
				setup := pool.Setup{Denoms: pool.Denoms(count), Validators: validators, Params: params}
				err := f.on(setup, func() error {
					return f.row("begin_block signed_power", at, func() (node.Outcome, error) {
						return f.pool.BeginBlock(pool.Validator(1), f.pool.SignedPower())
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

// powerDenomCounts are the numbers of denoms at which changes of powers are measured: each change
// settles its validator in every denom.
var powerDenomCounts = []int{1, 4, 8}

func (f *feePool) blocksOfChangedPowers() error {
	for _, validators := range []int{10, 100, 1000} {
		for _, count := range powerDenomCounts {
			err := f.on(pool.Setup{Denoms: pool.Denoms(count), Validators: validators}, func() error {
				for _, changed := range []int{1, 10, 100} {
					if changed > validators {
						continue
					}
					at := fmt.Sprintf("%s, %d validators, %d changed", denoms(count), validators, changed)
					err := f.row(changedPowers, at, func() (node.Outcome, error) {
						return f.pool.BeginBlock(pool.Validator(1), f.pool.Changed(f.pool.Changes(changed, 1)))
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

func (f *feePool) blocksOfVotes() error {
	for _, validators := range []int{10, 100, 1000} {
		for _, count := range denomCounts {
			err := f.on(pool.Setup{Denoms: pool.Denoms(count), Validators: validators}, func() error {
				for _, changed := range []int{0, 1, 2, 10} {
					at := fmt.Sprintf("%s, %d validators, %d changed", denoms(count), validators, changed)
					err := f.row("begin_block votes", at, func() (node.Outcome, error) {
						return f.pool.BeginBlock(pool.Validator(1), f.pool.Votes(changed, 1))
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
func (f *feePool) withdrawDelegatorReward(delegator string) message {
	return f.execute(delegator, pool.M{"withdraw_delegator_reward": pool.M{"validator": validator(0)}})
}

func validator(index int) string { return node.Operator(pool.Validator(index)).String() }

func account(name string) string { return node.Account(name).String() }

func (f *feePool) withdrawals() error {
	for _, count := range denomCounts {
		setup := pool.Setup{
			Denoms: pool.Denoms(count), Validators: 100,
			Delegations: append(delegators(1), spread("saver", 10)...),
		}
		err := f.on(setup, func() error {
			rows := []struct {
				name, at string
				send     message
			}{
				{"withdraw_delegator_reward", "", f.withdrawDelegatorReward("delegator-0")},
				{"withdraw_delegation", ", 10 delegations", f.execute("saver", pool.M{"withdraw_delegation": pool.M{}})},
				{"withdraw_validator_commission", "", f.execute(pool.Validator(0),
					pool.M{"withdraw_validator_commission": pool.M{"validator": validator(0)}})},
				{"withdraw_validator", "", f.execute(pool.Validator(0),
					pool.M{"withdraw_validator": pool.M{"validator": validator(0)}})},
			}
			for _, row := range rows {
				if err := f.row(row.name, denoms(count)+row.at, row.send); err != nil {
					return err
				}
			}
			return f.nothingOwed(count)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// nothingOwed measures withdrawals that pay nothing, and one that comes back.
func (f *feePool) nothingOwed(count int) error {
	send := f.withdrawDelegatorReward("delegator-0")
	if _, err := send(); err != nil {
		return err
	}
	if err := f.row("withdraw_delegator_reward", denoms(count)+", again at once", send); err != nil {
		return err
	}
	// The bank sends nothing to a module's account.
	refusing := authtypes.NewModuleAddress(distrtypes.ModuleName).String()
	redirect := f.execute("saver", pool.M{"set_withdraw_address": pool.M{"withdraw_address": refusing}})
	if _, err := redirect(); err != nil {
		return err
	}
	return f.row("withdraw_delegator_reward", denoms(count)+", payout fails", f.withdrawDelegatorReward("saver"))
}

// growth measures one withdrawal after more and more of everything.
func (f *feePool) growth() error {
	for _, others := range []int{10, 100, 1000} {
		setup := pool.Setup{Denoms: pool.Denoms(1), Validators: 10, Delegations: delegators(1 + others)}
		err := f.on(setup, func() error {
			return f.row("withdraw_delegator_reward", fmt.Sprintf("1 denom, %d other delegators", others),
				f.withdrawDelegatorReward("delegator-0"))
		})
		if err != nil {
			return err
		}
	}
	setup := pool.Setup{Denoms: pool.Denoms(1), Validators: 10, Delegations: delegators(1)}
	err := f.on(setup, func() error {
		for range 100 {
			_, err := f.pool.Sudo(pool.M{"staking_event": pool.M{
				"validator_slashed": pool.M{"validator": validator(0), "fraction": "0.01"}}})
			if err != nil {
				return err
			}
			// Fees in between, so that every slash ends a period with rewards.
			if err := f.blocks(1); err != nil {
				return err
			}
		}
		return f.row("withdraw_delegator_reward", "1 denom, after 100 slashes", f.withdrawDelegatorReward("delegator-0"))
	})
	if err != nil {
		return err
	}
	err = f.on(setup, func() error {
		done := blocksBefore
		for _, blocks := range []int{10, 100, 1000, 100_000} {
			if err := f.blocks(blocks - done); err != nil {
				return err
			}
			done = blocks
			err := f.row("withdraw_delegator_reward", fmt.Sprintf("1 denom, after %d blocks", blocks),
				f.withdrawDelegatorReward("delegator-0"))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, whose := range []string{"own", "others'"} {
		if err := f.growthWithChanges(whose); err != nil {
			return err
		}
	}
	return nil
}

// growthWithChanges measures a withdrawal after more and more changes: of the
// delegation's shares and its validator's power, or of another delegation's to the same validator and
// of another validator's power.
func (f *feePool) growthWithChanges(whose string) error {
	delegator, changing := "delegator-0", 0
	if whose != "own" {
		delegator, changing = "delegator-1", 1
	}
	setup := pool.Setup{Denoms: pool.Denoms(1), Validators: 10, Delegations: delegators(2)}
	return f.on(setup, func() error {
		done := 0
		for _, changes := range []int{10, 1000} {
			for ; done < changes; done++ {
				if err := f.change(delegator, changing, done); err != nil {
					return err
				}
			}
			at := fmt.Sprintf("1 denom, after %d %s changes", changes, whose)
			if err := f.row("withdraw_delegator_reward", at, f.withdrawDelegatorReward("delegator-0")); err != nil {
				return err
			}
		}
		return nil
	})
}

// change gives a delegation to the first validator other shares and a validator another power,
// which the next block then has.
func (f *feePool) change(delegator string, changing, number int) error {
	events := []pool.M{
		{"delegation_changed": pool.M{
			"delegator": account(delegator), "validator": validator(0), "shares": fmt.Sprint(1_000_000 + number%7)}},
		{"power_changed": pool.M{
			"validator": validator(changing), "power": fmt.Sprint(pool.Power(changing) + int64(number%7))}},
	}
	for _, event := range events {
		if _, err := f.pool.Execute(pool.Reporter, pool.M{"staking_event": event}); err != nil {
			return err
		}
	}
	return f.blocks(1)
}

func (f *feePool) settings() error {
	return f.on(pool.Setup{Denoms: pool.Denoms(1), Validators: 100, Delegations: delegators(1)}, func() error {
		rows := []struct {
			name, sender string
			body         pool.M
		}{
			{"edit_commission", pool.Validator(0), pool.M{"rate": "0.05"}},
			{"set_withdraw_address", "delegator-0", pool.M{"withdraw_address": account("elsewhere")}},
			{"set_claimer", "delegator-0", pool.M{"claimer": account("elsewhere")}},
			{"update_params", pool.Owner, pool.M{"community_tax": "0.03"}},
			{"update_commission_terms", pool.Owner, pool.M{"validator": validator(0), "max_rate": "0.5", "max_change_rate": "0.05"}},
		}
		for _, row := range rows {
			if err := f.row(row.name, "1 denom", f.execute(row.sender, pool.M{row.name: row.body})); err != nil {
				return err
			}
		}
		return nil
	})
}
