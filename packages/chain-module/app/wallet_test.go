package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// Kinds of amounts.
const (
	claims      = "rewards of a delegation, or commission"
	totals      = "rewards of a delegator"
	outstanding = "outstanding rewards of a validator"
	community   = "community pool"
)

// shown is an amount that wallets show: its kind, and whose it is.
type shown struct {
	kind string
	of   pair
}

// wallet is everything that wallets show of the rewards of a chain: amounts, and all else as text. It is asked with
// every query of x/distribution but ValidatorSlashes, which has no counterpart.
type wallet struct {
	amounts map[shown]sdk.DecCoins
	texts   map[string]any
}

// look asks everything about the validators and delegations of x/staking and about the accounts of some names.
func look(t testing.TB, router *baseapp.GRPCQueryRouter, ctx sdk.Context, staking *stakingkeeper.Keeper, names []string) wallet {
	t.Helper()
	// Queries of x/distribution write; nobody sees it.
	ctx, _ = ctx.CacheContext()
	query := distrtypes.NewQueryClient(&baseapp.QueryServiceTestHelper{GRPCQueryRouter: router, Ctx: ctx})
	w := wallet{map[shown]sdk.DecCoins{}, map[string]any{}}

	params, err := query.Params(ctx, &distrtypes.QueryParamsRequest{})
	require.NoError(t, err)
	w.texts["params"] = params.Params.String()
	pool, err := query.CommunityPool(ctx, &distrtypes.QueryCommunityPoolRequest{})
	require.NoError(t, err)
	w.amounts[shown{kind: community}] = pool.Pool

	delegations, err := staking.GetAllDelegations(ctx)
	require.NoError(t, err)
	for _, it := range delegations {
		rewards, err := query.DelegationRewards(ctx, &distrtypes.QueryDelegationRewardsRequest{
			DelegatorAddress: it.DelegatorAddress, ValidatorAddress: it.ValidatorAddress,
		})
		require.NoError(t, err)
		w.amounts[shown{claims, pair{it.DelegatorAddress, it.ValidatorAddress}}] = rewards.Rewards
	}
	all, err := staking.GetAllValidators(ctx)
	require.NoError(t, err)
	for _, it := range all {
		w.ofValidator(t, ctx, query, it.OperatorAddress)
	}
	for _, name := range names {
		w.ofDelegator(t, ctx, query, testchain.Account(name).String())
	}
	return w
}

func (w wallet) ofValidator(t testing.TB, ctx sdk.Context, query distrtypes.QueryClient, validator string) {
	t.Helper()
	of := pair{"", validator}
	commission, err := query.ValidatorCommission(ctx, &distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: validator})
	require.NoError(t, err)
	w.amounts[shown{claims, of}] = commission.Commission.Commission
	rewards, err := query.ValidatorOutstandingRewards(ctx, &distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: validator})
	require.NoError(t, err)
	w.amounts[shown{outstanding, of}] = rewards.Rewards.Rewards
	info, err := query.ValidatorDistributionInfo(ctx, &distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: validator})
	require.NoError(t, err)
	w.texts["operator of "+validator] = info.OperatorAddress
	require.Equal(t, w.amounts[shown{claims, of}], info.Commission)
	require.Equal(t, w.amounts[shown{claims, pair{info.OperatorAddress, validator}}], info.SelfBondRewards)
}

func (w wallet) ofDelegator(t testing.TB, ctx sdk.Context, query distrtypes.QueryClient, delegator string) {
	t.Helper()
	total, err := query.DelegationTotalRewards(ctx, &distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: delegator})
	require.NoError(t, err)
	w.amounts[shown{totals, pair{delegator, ""}}] = total.Total
	validators := []string{}
	for _, it := range total.Rewards {
		require.Equal(t, w.amounts[shown{claims, pair{delegator, it.ValidatorAddress}}].String(), it.Reward.String())
		validators = append(validators, it.ValidatorAddress)
	}
	w.texts["rewards of "+delegator] = validators
	found, err := query.DelegatorValidators(ctx, &distrtypes.QueryDelegatorValidatorsRequest{DelegatorAddress: delegator})
	require.NoError(t, err)
	w.texts["validators of "+delegator] = found.Validators
	to, err := query.DelegatorWithdrawAddress(ctx, &distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: delegator})
	require.NoError(t, err)
	w.texts["withdraw address of "+delegator] = to.WithdrawAddress
}

// difference is the largest of an amount's differences in any denom.
func difference(a, b sdk.DecCoins) math.LegacyDec {
	largest := math.LegacyZeroDec()
	for _, coin := range a.Add(b...) {
		largest = math.LegacyMaxDec(largest, a.AmountOf(coin.Denom).Sub(b.AmountOf(coin.Denom)).Abs())
	}
	return largest
}
