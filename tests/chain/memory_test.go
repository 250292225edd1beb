package chain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/poa"
	"cw-distribution/tests/chain/pool"
)

// memoryLimit is how many MiB the largest calls may have: a quarter of what a chain gives.
const memoryLimit = node.ChainMemory / 4

// The largest pool and the largest change of powers.
const (
	members    = 1000
	manyDenoms = 8
	largest    = 100
)

// group is an account that sends powers to a pool, as its cw4 group.
const group = "group"

// manyFees are fees of a block with many digits.
const manyFees = 1_000_003_000_007

// roomyChain is a chain whose contracts have that memory.
func roomyChain(t *testing.T) *node.Node {
	t.Helper()
	genesis := pool.Genesis()
	genesis.ContractMemory = memoryLimit
	chain, err := node.New(genesis)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	return chain
}

// saverOfAll is one delegator with a delegation to every validator.
func saverOfAll() []pool.Delegation {
	delegations := make([]pool.Delegation, members)
	for index := range delegations {
		delegations[index] = pool.Delegation{Delegator: "saver", Validator: pool.Validator(index)}
	}
	return delegations
}

// source is who a pool believes for delegations.
type source struct {
	name string
	// msg is the field of the instantiate message; the default when nil.
	msg any
	// announce is the hook with which the chain announces that a validator's commission changes; nil
	// where nobody does.
	announce func(operator string) pool.M
}

var sources = []source{
	{name: "reporter"},
	{
		name: "juno", msg: pool.M{"hooks": pool.M{"dialect": "juno"}},
		announce: func(operator string) pool.M {
			return pool.M{"before_validator_modified": pool.M{
				"moniker": "m", "validator_address": operator, "commission": "0.1",
				"validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
			}}
		},
	},
	{
		name: "neutron", msg: pool.M{"hooks": pool.M{"dialect": "neutron"}},
		announce: func(operator string) pool.M {
			return pool.M{"before_validator_modified": pool.M{"val_addr": operator}}
		},
	},
}

// way is how changed powers come to a pool.
type way struct {
	name string
	// isBlock says that they come with a block.
	isBlock bool
	// send changes the largest number of powers; more makes one change differ from another.
	send func(p *pool.Pool, more int64) (node.Outcome, error)
}

var ways = []way{
	{"changed", true, func(p *pool.Pool, more int64) (node.Outcome, error) {
		return p.BeginBlock(pool.Validator(1), p.Changed(p.Changes(largest, more)))
	}},
	{"votes", true, func(p *pool.Pool, more int64) (node.Outcome, error) {
		return p.BeginBlock(pool.Validator(1), p.Votes(largest, more))
	}},
	{"votes, half of the changes for new validators", true, func(p *pool.Pool, more int64) (node.Outcome, error) {
		votes := p.Votes(0, 0)["votes"].([]pool.M)
		for index, vote := range votes[:largest/2] {
			vote["validator"] = node.Operator(fmt.Sprintf("newcomer-%d-%d", more, index)).String()
		}
		return p.BeginBlock(pool.Validator(1), pool.M{"votes": votes})
	}},
	{"powers_changed", false, func(p *pool.Pool, more int64) (node.Outcome, error) {
		return p.Execute(pool.Reporter, pool.M{"staking_event": powersChanged(p.Changes(largest, more))})
	}},
	{"powers_changed by sudo", false, func(p *pool.Pool, more int64) (node.Outcome, error) {
		return p.Sudo(pool.M{"staking_event": powersChanged(p.Changes(largest, more))})
	}},
	{"member_changed_hook", false, func(p *pool.Pool, more int64) (node.Outcome, error) {
		return p.Execute(group, pool.M{"member_changed_hook": pool.M{"diffs": diffs(largest, more)}})
	}},
}

func powersChanged(changes []pool.M) pool.M {
	return pool.M{"powers_changed": pool.M{"changes": changes}}
}

// diffs are other powers for the first count validators, as a group sends them.
func diffs(count int, more int64) []pool.M {
	diffs := make([]pool.M, count)
	for index := range diffs {
		name := pool.Validator(index)
		diffs[index] = pool.M{"key": node.Account(name).String(), "old": nil, "new": pool.Power(index) + more}
	}
	return diffs
}

// Every combination of source, accounting, and way in which powers come, for validators with and without
// delegations, with and without announced commissions.
func TestTheLargestChangeOfPowersTakesAQuarterOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		chain := roomyChain(t)
		setCommissions(t, chain, "0.2")
		for _, source := range sources {
			for _, delegated := range []bool{true, false} {
				setup := pool.Setup{
					Denoms: pool.Denoms(manyDenoms), Validators: members, Accounting: accounting,
					Source: source.msg, Group: group, Undelegated: true,
				}
				name := source.name + ", no delegations"
				if delegated {
					setup.Delegations = saverOfAll()
					name = source.name + ", delegations"
				}
				p, err := pool.New(chain, setup)
				require.NoError(t, err)
				rewardAll(t, p, largest)
				t.Run(name, func(t *testing.T) { changeInEveryWay(t, p, false) })
				if source.announce == nil {
					continue
				}
				announceAll(t, p, source)
				t.Run(name+", announced", func(t *testing.T) { changeInEveryWay(t, p, true) })
			}
		}
	})
}

// changeInEveryWay changes powers twice in each way, each time from the same state: the second change
// finds records that the first has written.
func changeInEveryWay(t *testing.T, p *pool.Pool, announced bool) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			require.NoError(t, p.Try(func() error {
				for _, more := range []int64{1, 2} {
					block(t, p, manyFees)
					require.NoError(t, p.Fees(manyFees))
					outcome, err := way.send(p, more)
					require.NoError(t, err)
					require.Equal(t, largest, called(outcome, "power_changed"))
					if way.isBlock && announced {
						require.Equal(t, 20, called(outcome, "commission_read"))
					}
				}
				ledgerBalances(t, p)
				return nil
			}))
		})
	}
}

// setCommissions has the chain's staking module know every validator, with this commission.
func setCommissions(t *testing.T, chain *node.Node, rate string) {
	t.Helper()
	terms := node.Terms{
		Rate: math.LegacyMustNewDecFromStr(rate), MaxRate: math.LegacyOneDec(), MaxChangeRate: math.LegacyOneDec(),
	}
	for index := range members {
		require.NoError(t, chain.SetValidator(node.Operator(pool.Validator(index)), terms))
	}
}

// announceAll has the chain announce that every validator's commission changes.
func announceAll(t *testing.T, p *pool.Pool, source source) {
	t.Helper()
	for index := range members {
		_, err := p.Sudo(source.announce(node.Operator(pool.Validator(index)).String()))
		require.NoError(t, err)
	}
}

// rewardAll gives every validator a reward of its own of every denom, with count of them in a message.
func rewardAll(t *testing.T, p *pool.Pool, count int) {
	t.Helper()
	const amount = 1_000_000_007
	var each []pool.M
	for _, denom := range p.Setup.Denoms {
		each = append(each, pool.M{"denom": denom, "amount": fmt.Sprint(amount)})
	}
	for from := 0; from < p.Setup.Validators; from += count {
		var allocations []pool.M
		funds := sdk.NewCoins()
		for index := from; index < from+count; index++ {
			allocations = append(allocations,
				pool.M{"validator": node.Operator(pool.Validator(index)).String(), "amount": each})
		}
		for _, denom := range p.Setup.Denoms {
			funds = funds.Add(sdk.NewInt64Coin(denom, amount*int64(count)))
		}
		msg := encode(t, pool.M{"deposit_validator_rewards": pool.M{"allocations": allocations}})
		_, err := p.Node.Execute(node.Account(pool.Funder), p.Address, msg, funds)
		require.NoError(t, err)
	}
}

func forEachAccounting(t *testing.T, test func(*testing.T, pool.Accounting)) {
	for _, accounting := range pool.Accountings {
		t.Run(string(accounting), func(t *testing.T) { test(t, accounting) })
	}
}

func TestTheLargestPagesAndClaimsTakeAQuarterOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		p, err := pool.New(roomyChain(t), pool.Setup{
			Denoms: pool.Denoms(manyDenoms), Validators: members, Accounting: accounting, Delegations: saverOfAll(),
		})
		require.NoError(t, err)
		rewardAll(t, p, 100)
		block(t, p, manyFees)
		saver, first := node.Account("saver").String(), node.Operator(pool.Validator(0)).String()
		page := func(name string, more pool.M) {
			body := pool.M{"limit": 100}
			for field, value := range more {
				body[field] = value
			}
			var answer any
			require.NoError(t, p.Query(pool.M{name: body}, &answer), name)
		}
		page("validators", nil)
		page("audit", nil)
		page("delegator_delegations", pool.M{"delegator": saver})
		page("delegation_total_rewards", pool.M{"delegator": saver})
		page("validator_delegations", pool.M{"validator": first})
		if accounting == pool.Lazy {
			page("power_changes", nil)
		}
		var answer any
		require.NoError(t, p.Query(pool.M{"validator_set": pool.M{}}, &answer))
		_, err = p.Execute("saver", pool.M{"withdraw_delegation": pool.M{"limit": 100}})
		require.NoError(t, err)
		ledgerBalances(t, p)
	})
}

func TestRewardsOfFiveHundredValidatorsTakeAQuarterOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		chain := roomyChain(t)
		for _, undelegated := range []bool{false, true} {
			p, err := pool.New(chain, pool.Setup{
				Denoms: pool.Denoms(manyDenoms), Validators: members, Accounting: accounting, Undelegated: undelegated,
			})
			require.NoError(t, err)
			block(t, p, manyFees)
			rewardAll(t, p, 500)
			ledgerBalances(t, p)
		}
	})
}

func TestALargePoaPoolTakesAQuarterOfTheMemory(t *testing.T) {
	// The powers of all but the first are equal: their number divides that of their power.
	const validators = members + 1
	p, err := poa.New(roomyChain(t), poa.Setup{Denoms: pool.Denoms(manyDenoms), Validators: validators})
	require.NoError(t, err)
	require.NoError(t, p.Fees(manyFees))
	_, err = p.Execute(poa.Admin, p.Powers(members))
	require.NoError(t, err)
	for _, name := range []string{"validators", "list_members", "audit"} {
		var answer any
		require.NoError(t, p.Query(pool.M{name: pool.M{"limit": 100}}, &answer), name)
	}
	_, err = p.Execute(pool.Validator(0), pool.M{"withdraw_fees": pool.M{}})
	require.NoError(t, err)
	poaLedger(t, p)
}
