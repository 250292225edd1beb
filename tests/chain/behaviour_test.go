package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// coin is a coin of an answer.
type coin struct {
	Denom  string `json:"denom"`
	Amount string `json:"amount"`
}

// rewards are the answer to reward queries.
type rewards struct {
	Rewards   []coin `json:"rewards"`
	Claimable []coin `json:"claimable"`
}

// start puts a pool onto a chain of its own.
func start(t *testing.T, setup pool.Setup) *pool.Pool {
	t.Helper()
	chain, err := node.New(pool.Genesis())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	p, err := pool.New(chain, setup)
	require.NoError(t, err)
	return p
}

// block has the pool split fees.
func block(t *testing.T, p *pool.Pool, fees int64) {
	t.Helper()
	require.NoError(t, p.Fees(fees))
	_, err := p.BeginBlock(pool.Validator(0), p.SignedPower())
	require.NoError(t, err)
}

func delegationRewards(delegator, validator string) pool.M {
	return pool.M{"delegation_rewards": pool.M{
		"delegator": node.Account(delegator).String(), "validator": node.Operator(validator).String()}}
}

// ledgerBalances requires that the pool's balance covers all it owes.
func ledgerBalances(t *testing.T, p *pool.Pool) {
	t.Helper()
	var answer struct {
		Denoms []struct {
			Balance    string `json:"balance"`
			Difference string `json:"difference"`
		} `json:"denoms"`
	}
	require.NoError(t, p.Query(pool.M{"invariants": pool.M{}}, &answer))
	require.NotEmpty(t, answer.Denoms)
	for _, denom := range answer.Denoms {
		require.NotContains(t, denom.Difference, "-")
	}
}

func TestAMigrationKeepsTheState(t *testing.T) {
	p := start(t, pool.Setup{
		Denoms: pool.Denoms(2), Validators: 3, Migratable: true,
		Delegations: []pool.Delegation{{Delegator: "alice", Validator: pool.Validator(0)}},
	})
	block(t, p, 1_000_003)
	queries := []pool.M{
		{"config": pool.M{}}, {"params": pool.M{}}, {"last_block": pool.M{}}, {"community_pool": pool.M{}},
		{"validators": pool.M{}}, {"validator_set": pool.M{}}, {"invariants": pool.M{}}, {"audit": pool.M{}},
		delegationRewards("alice", pool.Validator(0)),
	}
	answers := func() []any {
		list := make([]any, len(queries))
		for index, query := range queries {
			require.NoError(t, p.Query(query, &list[index]))
		}
		return list
	}
	before := answers()
	_, err := p.Migrate(node.Account("alice"), p.Address, p.Code, []byte("{}"))
	require.ErrorContains(t, err, "unauthorized")
	_, err = p.Migrate(node.Account(pool.Owner), p.Address, p.Code, []byte("{}"))
	require.NoError(t, err)
	require.NoError(t, p.Next())
	require.Equal(t, before, answers())
	block(t, p, 1_000_003)
	ledgerBalances(t, p)
}

func TestPinnedCodeCostsOnlyLessToSetUp(t *testing.T) {
	p := start(t, pool.Setup{Denoms: pool.Denoms(1), Validators: 2})
	require.NoError(t, p.Fees(1000))
	withdraw := func() node.Gas {
		var gas node.Gas
		require.NoError(t, p.Try(func() error {
			outcome, err := p.BeginBlock(pool.Validator(0), p.SignedPower())
			gas = outcome.Gas
			return err
		}))
		return gas
	}
	loaded := withdraw()
	require.NoError(t, p.Pin(p.Code))
	pinned := withdraw()
	require.EqualValues(t, 60_000, loaded.SetUp)
	require.EqualValues(t, 2_000, pinned.SetUp)
	require.Equal(t, loaded.Rest(), pinned.Rest())
}

func TestAPayoutThatTheBankRefusesWaitsForTheNextWithdrawal(t *testing.T) {
	p := start(t, pool.Setup{
		Denoms: pool.Denoms(1), Validators: 1,
		Delegations: []pool.Delegation{{Delegator: "alice", Validator: pool.Validator(0)}},
	})
	alice, denom := node.Account("alice"), p.Setup.Denoms[0]
	block(t, p, 1000)
	var owed rewards
	require.NoError(t, p.Query(delegationRewards("alice", pool.Validator(0)), &owed))
	require.Len(t, owed.Claimable, 1)

	// The bank sends nothing to the account of a module.
	redirect := func(to sdk.AccAddress) {
		_, err := p.Execute("alice", pool.M{"set_withdraw_address": pool.M{"withdraw_address": to.String()}})
		require.NoError(t, err)
	}
	withdraw := pool.M{"withdraw_delegator_reward": pool.M{"validator": node.Operator(pool.Validator(0)).String()}}
	redirect(authtypes.NewModuleAddress(distrtypes.ModuleName))
	outcome, err := p.Execute("alice", withdraw)
	require.NoError(t, err)
	require.EqualValues(t, 2, outcome.Gas.Calls, "the message and the reply")
	ledgerBalances(t, p)

	var kept struct {
		Amount []coin `json:"amount"`
	}
	require.NoError(t, p.Query(pool.M{"undelivered": pool.M{"account": alice.String()}}, &kept))
	require.Equal(t, owed.Claimable, kept.Amount)

	redirect(alice)
	_, err = p.Execute("alice", withdraw)
	require.NoError(t, err)
	require.Equal(t, owed.Claimable[0].Amount, p.App.BankKeeper.GetBalance(p.Context(), alice, denom).Amount.String())
	require.NoError(t, p.Query(pool.M{"undelivered": pool.M{"account": alice.String()}}, &kept))
	require.Empty(t, kept.Amount)
	ledgerBalances(t, p)
}

func TestAnErrorUndoesWhatTheMessageHasDone(t *testing.T) {
	p := start(t, pool.Setup{Denoms: pool.Denoms(1), Validators: 1})
	before := p.App.BankKeeper.GetBalance(p.Context(), p.Address, p.Setup.Denoms[0])
	funds := sdk.NewCoins(sdk.NewInt64Coin(p.Setup.Denoms[0], 5))
	_, err := p.Node.Execute(node.Account(pool.Funder), p.Address, []byte(`{"activate":{}}`), funds)
	require.Error(t, err)
	require.Equal(t, before, p.App.BankKeeper.GetBalance(p.Context(), p.Address, p.Setup.Denoms[0]))
}
