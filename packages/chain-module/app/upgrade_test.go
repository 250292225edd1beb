package app_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"

	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/upgrade"
)

// moving is a chain with x/distribution, some history, and a pool that waits for the move.
func moving(t *testing.T) (*stock, upgrade.Move) {
	s := newStock(t, testchain.Genesis{Validators: validators, Accounts: []string{"owner", "dan", "eve"}})
	// Fees of a denom that the pool does not take.
	s.Fee = sdk.NewCoins(stake(1000), sdk.NewInt64Coin("uosmo", 100_000))
	s.Deliver("dan", delegate("dan", "ada", 7_000_001), delegate("dan", "bob", 11_000_003))
	s.Deliver("eve", delegate("eve", "cleo", 3_333_333),
		distrtypes.NewMsgSetWithdrawAddress(testchain.Account("eve"), testchain.Account("owner")))
	s.Absent["cleo"] = true
	s.Blocks(14)
	s.Deliver("eve", undelegate("eve", "cleo", 1_000_000))
	pool := s.FeePool("owner", testchain.BondDenom, "uatom")
	// Somebody has named the pool before.
	s.Deliver("dan", distrtypes.NewMsgSetWithdrawAddress(testchain.Account("dan"), pool))
	return s, upgrade.Move{
		Distribution: s.app.DistrKeeper, Staking: s.app.StakingKeeper, Bank: s.app.BankKeeper,
		Querier: &s.app.WasmKeeper, Executor: wasmkeeper.NewDefaultPermissionKeeper(&s.app.WasmKeeper),
		Pool: pool, Owner: testchain.Account("owner"), PageSize: 2,
	}
}

func TestAMoveLeavesNothingBehind(t *testing.T) {
	s, move := moving(t)
	ctx := s.Context()
	owed := map[pair]math.LegacyDec{}
	delegations, err := s.app.StakingKeeper.GetAllDelegations(ctx)
	require.NoError(t, err)
	for _, it := range delegations {
		answer, err := s.distribution().DelegationRewards(ctx, &distrtypes.QueryDelegationRewardsRequest{
			DelegatorAddress: it.DelegatorAddress, ValidatorAddress: it.ValidatorAddress,
		})
		require.NoError(t, err)
		owed[pair{it.DelegatorAddress, it.ValidatorAddress}] = answer.Rewards.AmountOf(testchain.BondDenom)
	}
	commission, err := s.distribution().ValidatorCommission(ctx,
		&distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: testchain.Operator("ada").String()})
	require.NoError(t, err)
	account := authtypes.NewModuleAddress(distrtypes.ModuleName)
	before := s.app.BankKeeper.GetAllBalances(ctx, account)

	report, err := move.Run(ctx)
	require.NoError(t, err)
	require.Equal(t, 3, report.Validators)
	require.Equal(t, len(delegations), report.Delegations)
	require.Equal(t, 1, report.WithdrawAddresses, "nobody is paid to the pool itself")
	require.Equal(t, before.AmountOf(testchain.BondDenom).String()+testchain.BondDenom, report.Moved.String())
	require.True(t, report.Left.AmountOf("uosmo").IsPositive(), "what the pool does not take")
	require.Equal(t, report.Left, s.app.BankKeeper.GetAllBalances(ctx, account))
	require.Len(t, report.Left, 1)

	ask := func(query M, answer any) {
		t.Helper()
		text, err := json.Marshal(query)
		require.NoError(t, err)
		data, err := s.app.WasmKeeper.QuerySmart(ctx, move.Pool, text)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(data, answer))
	}
	type rewards struct {
		Rewards sdk.DecCoins `json:"rewards"`
	}
	unpaid := 0
	for of, amount := range owed {
		var answer rewards
		ask(M{"delegation_rewards": M{"delegator": of.delegator, "validator": of.validator}}, &answer)
		require.Equal(t, amount.String(), answer.Rewards.AmountOf(testchain.BondDenom).String(), "%v", of)
		if amount.IsPositive() {
			unpaid++
		}
	}
	require.GreaterOrEqual(t, unpaid, 4)
	var set struct {
		Validators []any `json:"validators"`
	}
	ask(M{"validator_set": M{}}, &set)
	require.Empty(t, set.Validators, "powers are told before the first block")
	var moved rewards
	ask(M{"validator_commission": M{"validator": testchain.Operator("ada").String()}}, &moved)
	require.Equal(t, commission.Commission.Commission.AmountOf(testchain.BondDenom).String(), moved.Rewards.AmountOf(testchain.BondDenom).String())
	var address struct {
		WithdrawAddress string `json:"withdraw_address"`
	}
	ask(M{"delegator_withdraw_address": M{"delegator": testchain.Account("eve").String()}}, &address)
	require.Equal(t, testchain.Account("owner").String(), address.WithdrawAddress)
	var config struct {
		Active bool `json:"active"`
	}
	ask(M{"config": M{}}, &config)
	require.True(t, config.Active)
	var ledger struct {
		Denoms []struct {
			Difference math.Int `json:"difference"`
		} `json:"denoms"`
	}
	ask(M{"invariants": M{}}, &ledger)
	for _, it := range ledger.Denoms {
		require.True(t, it.Difference.IsZero(), "every coin has an owner")
	}
}

func TestAMoveWithoutTheCoinsThatAreOwedFails(t *testing.T) {
	s, move := moving(t)
	ctx := s.Context()
	account := authtypes.NewModuleAddress(distrtypes.ModuleName)
	missing := sdk.NewCoins(sdk.NewInt64Coin(testchain.BondDenom, 1000))
	require.NoError(t, s.app.BankKeeper.SendCoins(ctx, account, testchain.Account("dan"), missing))
	_, err := move.Run(ctx)
	require.ErrorContains(t, err, "activate")
}

func TestAMoveByAnotherThanTheOwnerFails(t *testing.T) {
	s, move := moving(t)
	move.Owner = testchain.Account("dan")
	_, err := move.Run(s.Context())
	require.ErrorContains(t, err, "import")
}
