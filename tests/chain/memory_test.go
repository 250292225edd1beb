package chain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// The fee pool's calls hold all that they ever allocate. These tests give the largest of them a
// quarter or half of what a chain gives, and most of it to the worst.
const (
	quarter = node.ChainMemory / 4
	half    = node.ChainMemory / 2
	most    = node.ChainMemory * 15 / 16
)

// group is an account that tells a pool of powers.
const group = "group"

// largest is a pool of as many validators and denoms as there can be: each validator with a
// commission, a delegation, and one more of the same delegator.
func largest(t *testing.T, accounting string, memory uint32) *pool.Pool {
	t.Helper()
	genesis := pool.Genesis()
	genesis.ContractMemory = memory
	chain, err := node.New(genesis)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	setup := pool.Setup{Denoms: pool.Denoms(8), Validators: 1000, Accounting: accounting, Group: group}
	for index := range setup.Validators {
		setup.Delegations = append(setup.Delegations,
			pool.Delegation{Delegator: "saver", Validator: pool.Validator(index)})
	}
	p, err := pool.New(chain, setup)
	require.NoError(t, err)
	return p
}

// shape is what makes a changed power cost more: nobody delegates to the validator, so that what it
// got is split when it is settled; the chain announced another commission, which is asked for then.
type shape struct {
	name               string
	unowned, announced bool
	// memory is what a thousand of them may take.
	memory uint32
}

var shapes = []shape{
	{name: "no units", unowned: true, memory: node.ChainMemory * 5 / 8},
	{name: "announced", announced: true, memory: half},
	{name: "no units and announced", unowned: true, announced: true, memory: most},
}

// shaped is a pool like the largest, of validators of that shape, on a chain whose staking knows them.
func shaped(t *testing.T, accounting string, it shape) *pool.Pool {
	t.Helper()
	genesis := pool.Genesis()
	genesis.ContractMemory = it.memory
	chain, err := node.New(genesis)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	setup := pool.Setup{
		Denoms: pool.Denoms(8), Validators: 1000, Accounting: accounting, Group: group,
		Source: pool.M{"hooks": pool.M{"dialect": "juno"}},
	}
	if it.unowned {
		for _, page := range (&pool.Pool{Setup: setup}).ImportPages() {
			if _, ok := page["validators"]; ok {
				setup.Import = append(setup.Import, page)
			}
		}
	}
	p, err := pool.New(chain, setup)
	require.NoError(t, err)
	return p
}

// announce has the chain announce that every validator's commission becomes the rate, and change it.
func announce(t *testing.T, p *pool.Pool, rate string) {
	t.Helper()
	for index := range p.Setup.Validators {
		operator := node.Operator(pool.Validator(index))
		_, err := p.Sudo(pool.M{"before_validator_modified": pool.M{
			"moniker": "m", "validator_address": operator.String(), "commission": "0.1",
			"validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
		}})
		require.NoError(t, err)
		require.NoError(t, p.SetValidator(operator, node.Terms{
			Rate: math.LegacyMustNewDecFromStr(rate), MaxRate: math.LegacyOneDec(), MaxChangeRate: math.LegacyOneDec(),
		}))
	}
}

// requireShape fails unless all thousand powers changed, in the way that the shape says: the proposer
// of the block before was settled there.
func requireShape(t *testing.T, it shape, outcome node.Outcome) {
	t.Helper()
	require.Equal(t, 1000, called(outcome, "power_changed"))
	for event, is := range map[string]bool{"to_community_pool": it.unowned, "commission_read": it.announced} {
		if is {
			require.GreaterOrEqual(t, called(outcome, event), 999, event)
		}
	}
}

func TestAThousandChangedPowersOfEveryShapeGoThrough(t *testing.T) {
	for _, it := range shapes {
		t.Run(it.name, func(t *testing.T) {
			p := shaped(t, "lazy", it)
			// Of what a block brings its votes have nothing yet: each round has one before.
			prepare := func(round int) {
				if it.announced {
					announce(t, p, fmt.Sprintf("0.%d", 2+round))
				}
				require.NoError(t, p.Fees(1_000_003_000_007))
				_, err := p.BeginBlock(pool.Validator(round), p.SignedPower())
				require.NoError(t, err)
				require.NoError(t, p.Fees(1_000_003_000_007))
			}
			// In the second round records are full, and entries of the log displace others.
			for round := range 2 {
				prepare(round)
				outcome, err := p.BeginBlock(pool.Validator(round), p.Votes(1000*((round+1)%2)))
				require.NoError(t, err)
				requireShape(t, it, outcome)
			}
			prepare(2)
			outcome, err := p.Execute(group, pool.M{"member_changed_hook": pool.M{"diffs": diffs(p)}})
			require.NoError(t, err)
			requireShape(t, it, outcome)
			ledgerBalances(t, p)
		})
	}
}

// diffs are another power for each of the pool's validators, as a group tells it.
func diffs(p *pool.Pool) []pool.M {
	var diffs []pool.M
	for index := range p.Setup.Validators {
		diffs = append(diffs, pool.M{"key": node.Account(pool.Validator(index)).String(), "old": nil, "new": index + 1})
	}
	return diffs
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

func forEachAccounting(t *testing.T, test func(*testing.T, string)) {
	for _, accounting := range []string{"f1", "lazy"} {
		t.Run(accounting, func(t *testing.T) { test(t, accounting) })
	}
}

func TestAThousandChangedPowersTakeHalfOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting string) {
		p := largest(t, accounting, half)
		rewardAll(t, p, 100)
		// Entries that the second round appends to the log displace those of the first.
		for round := range 3 {
			require.NoError(t, p.Fees(1_000_003_000_007))
			outcome, err := p.BeginBlock(pool.Validator(round), p.Votes(1000*((round+1)%2)))
			require.NoError(t, err)
			require.Equal(t, 1000, called(outcome, "power_changed"))
		}

		require.NoError(t, p.Fees(1_000_003_000_007))
		_, err := p.BeginBlock(pool.Validator(3), p.SignedPower())
		require.NoError(t, err)
		outcome, err := p.Execute(group, pool.M{"member_changed_hook": pool.M{"diffs": diffs(p)}})
		require.NoError(t, err)
		require.Equal(t, 1000, called(outcome, "power_changed"))
		ledgerBalances(t, p)
	})
}

func TestTheLargestPagesTakeAQuarterOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting string) {
		p := largest(t, accounting, quarter)
		rewardAll(t, p, 100)
		block(t, p, 1_000_003_000_007)
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
		if accounting == "lazy" {
			page("power_changes", nil)
		}
		var answer any
		require.NoError(t, p.Query(pool.M{"validator_set": pool.M{}}, &answer))
		_, err := p.Execute("saver", pool.M{"withdraw_delegation": pool.M{"limit": 100}})
		require.NoError(t, err)
	})
}

func TestRewardsOfFiveHundredValidatorsTakeHalfOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting string) {
		p := largest(t, accounting, half)
		rewardAll(t, p, 500)
		ledgerBalances(t, p)
	})
}

func TestRewardsOfTwoHundredAndFiftyValidatorsWithoutUnitsTakeHalfOfTheMemory(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting string) {
		p := shaped(t, accounting, shape{unowned: true, memory: half})
		block(t, p, 1_000_003_000_007)
		rewardAll(t, p, 250)
		ledgerBalances(t, p)
	})
}
