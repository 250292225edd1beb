package app_test

import (
	"encoding/json"
	"strings"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmapp "github.com/CosmWasm/wasmd/app"
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

	// The pool was set up with other params than those of now.
	require.NoError(t, s.app.DistrKeeper.Params.Set(ctx, distrtypes.Params{CommunityTax: math.LegacyNewDecWithPrec(7, 2)}))

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
	var params struct {
		CommunityTax        string `json:"community_tax"`
		WithdrawAddrEnabled bool   `json:"withdraw_addr_enabled"`
	}
	ask(M{"params": M{}}, &params)
	require.Equal(t, "0.07", params.CommunityTax)
	require.False(t, params.WithdrawAddrEnabled)
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

// What would stop the upgrade in the middle stops it before anything is written.
func TestAMoveThatWouldStopInTheMiddleDoesNotBegin(t *testing.T) {
	s, move := moving(t)
	owner, dan := testchain.Account("owner"), testchain.Account("dan")
	reporting := s.Instantiate("owner", s.Store("owner", "fee-pool"), M{"reward_denoms": []string{testchain.BondDenom}})
	execute := func(ctx sdk.Context, msg M) {
		t.Helper()
		_, err := move.Executor.Execute(ctx, move.Pool, owner, testchain.Encoded(msg), nil)
		require.NoError(t, err)
	}
	ada := M{"validator": operator("ada"), "power": "0", "commission": M{"rate": "0", "max_rate": "0", "max_change_rate": "0"}}
	for says, spoil := range map[string]func(sdk.Context, *upgrade.Move){
		"query":                 func(_ sdk.Context, move *upgrade.Move) { move.Pool = dan },
		"belongs to":            func(_ sdk.Context, move *upgrade.Move) { move.Owner = dan },
		"is active already":     func(ctx sdk.Context, _ *upgrade.Move) { execute(ctx, M{"activate": M{}}) },
		"has validators":        func(ctx sdk.Context, _ *upgrade.Move) { execute(ctx, M{"import": M{"validators": []M{ada}}}) },
		`has the source "repor`: func(_ sdk.Context, move *upgrade.Move) { move.Pool = reporting },
		"x/distribution owes": func(ctx sdk.Context, _ *upgrade.Move) {
			account := authtypes.NewModuleAddress(distrtypes.ModuleName)
			require.NoError(t, s.app.BankKeeper.SendCoins(ctx, account, dan, sdk.NewCoins(stake(1000))))
		},
		"transfers are currently disabled": func(ctx sdk.Context, _ *upgrade.Move) {
			s.app.BankKeeper.SetSendEnabled(ctx, testchain.BondDenom, false)
		},
		"share_places": func(ctx sdk.Context, _ *upgrade.Move) {
			validator, err := s.app.StakingKeeper.GetValidator(ctx, testchain.Operator("ada"))
			require.NoError(t, err)
			validator.DelegatorShares = math.LegacyNewDecFromInt(math.NewIntWithDecimal(1, 16)).Add(math.LegacySmallestDec())
			require.NoError(t, s.app.StakingKeeper.SetValidator(ctx, validator))
		},
		"an address of 21 bytes": func(ctx sdk.Context, _ *upgrade.Move) {
			delegation := stakingtypes.NewDelegation(sdk.AccAddress(make([]byte, 21)).String(), operator("ada"), math.LegacyOneDec())
			require.NoError(t, s.app.StakingKeeper.SetDelegation(ctx, delegation))
		},
	} {
		t.Run(says, func(t *testing.T) {
			ctx, it := s.Context(), move
			spoil(ctx, &it)
			before := ctx.EventManager().Events()
			_, err := it.Run(ctx)
			require.ErrorContains(t, err, says)
			for _, event := range ctx.EventManager().Events()[len(before):] {
				require.False(t, strings.HasPrefix(event.Type, "wasm"), "nothing was executed: %s", event.Type)
			}
		})
	}
}

// Some chains have raised the least rate above what validators once named as their highest.
func TestARateAboveItsMaximumMovesToo(t *testing.T) {
	s, move := moving(t)
	ctx := s.Context()
	validator, err := s.app.StakingKeeper.GetValidator(ctx, testchain.Operator("ada"))
	require.NoError(t, err)
	validator.Commission.MaxRate, validator.Commission.MaxChangeRate = math.LegacyZeroDec(), math.LegacyZeroDec()
	require.NoError(t, s.app.StakingKeeper.SetValidator(ctx, validator))
	_, err = move.Run(ctx)
	require.NoError(t, err)
}

// A chain tries its upgrade on its own state before: the old application reads it, and the move runs on it.
func TestAMoveIsRehearsedOnAnExport(t *testing.T) {
	s, move := moving(t)
	expected, err := move.Run(s.Context())
	require.NoError(t, err)

	exported, err := s.app.ExportAppStateAndValidators(false, nil, nil)
	require.NoError(t, err)
	copied := wasmapp.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, copied.Close()) })
	rehearsed := false
	account := func(ctx sdk.Context, address sdk.AccAddress) sdk.AccountI {
		return copied.AccountKeeper.GetAccount(ctx, address)
	}
	s.Restart(copied, account, exported.AppState, func(ctx sdk.Context) {
		move.Distribution, move.Staking, move.Bank = copied.DistrKeeper, copied.StakingKeeper, copied.BankKeeper
		move.Querier, move.Executor = &copied.WasmKeeper, wasmkeeper.NewDefaultPermissionKeeper(&copied.WasmKeeper)
		ctx, _ = ctx.CacheContext()
		report, err := move.Run(ctx)
		require.NoError(t, err)
		require.Equal(t, expected, report)
		rehearsed = true
	})
	require.True(t, rehearsed)
}
