package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/types"
)

// subscribe gives contracts the hooks.
func (f *fixture) subscribe(contracts ...sdk.AccAddress) {
	f.t.Helper()
	hooks := types.Subscription{GasLimit: callGas}
	for _, it := range contracts {
		hooks.Contracts = append(hooks.Contracts, it.String())
	}
	require.NoError(f.t, f.keeper.SetParams(f.ctx, types.Params{Hooks: hooks}))
}

func TestHooksSpeakTheJSONOfJuno(t *testing.T) {
	f := newFixture(t)
	f.subscribe(contract(1))
	f.staking.add(1, consensus(1))
	delegator := sdk.AccAddress("delegator of 00000001")[:20]
	key := delegator.String() + operator(1).String()
	f.staking.delegations[key] = stakingtypes.Delegation{
		DelegatorAddress: delegator.String(), ValidatorAddress: operator(1).String(), Shares: math.LegacyNewDecWithPrec(15, 1),
	}
	hooks := f.keeper.Hooks()
	validator := `{"moniker":"m","validator_address":"` + operator(1).String() + `","commission":"0.100000000000000000",
		"validator_tokens":"7","bonded_tokens":"7","bond_status":"BOND_STATUS_BONDED"}`
	delegation := `{"validator_address":"` + operator(1).String() + `","delegator_address":"` + delegator.String() + `","shares":"1.500000000000000000"}`
	for _, it := range []struct {
		name, body string
		run        func() error
	}{
		{"after_validator_created", validator, func() error { return hooks.AfterValidatorCreated(f.ctx, operator(1)) }},
		{"before_validator_modified", validator, func() error { return hooks.BeforeValidatorModified(f.ctx, operator(1)) }},
		{"after_validator_bonded", validator, func() error { return hooks.AfterValidatorBonded(f.ctx, consensus(1), operator(1)) }},
		{"after_validator_begin_unbonding", validator, func() error { return hooks.AfterValidatorBeginUnbonding(f.ctx, consensus(1), operator(1)) }},
		{"after_validator_removed", `{"validator_address":"` + operator(9).String() + `"}`, func() error { return hooks.AfterValidatorRemoved(f.ctx, consensus(9), operator(9)) }},
		{"before_validator_slashed", `{"moniker":"m","validator_address":"` + operator(1).String() + `","slashed_amount":"0.050000000000000000"}`, func() error {
			return hooks.BeforeValidatorSlashed(f.ctx, operator(1), math.LegacyNewDecWithPrec(5, 2))
		}},
		{"before_delegation_shares_modified", delegation, func() error { return hooks.BeforeDelegationSharesModified(f.ctx, delegator, operator(1)) }},
		{"after_delegation_modified", delegation, func() error { return hooks.AfterDelegationModified(f.ctx, delegator, operator(1)) }},
		{"before_delegation_removed", delegation, func() error { return hooks.BeforeDelegationRemoved(f.ctx, delegator, operator(1)) }},
		{"before_delegation_created", `{"validator_address":"` + operator(2).String() + `","delegator_address":"` + delegator.String() + `","shares":"0.000000000000000000"}`, func() error {
			return hooks.BeforeDelegationCreated(f.ctx, delegator, operator(2))
		}},
	} {
		f.wasm.calls = nil
		require.NoError(t, it.run())
		require.Len(t, f.wasm.calls, 1, it.name)
		require.Equal(t, it.name, f.wasm.calls[0].name)
		require.JSONEq(t, it.body, string(f.wasm.calls[0].body), it.name)
	}
	f.wasm.calls = nil
	require.NoError(t, hooks.AfterUnbondingInitiated(f.ctx, 1))
	require.Empty(t, f.wasm.calls)
}

func TestAFailedHookFailsNoStaking(t *testing.T) {
	f := newFixture(t)
	f.subscribe(contract(1), contract(2))
	f.wasm.fail = func(_ sdk.Context, call toldCall) error {
		if call.contract == contract(1).String() {
			panic("gave up")
		}
		return nil
	}
	require.NoError(t, f.keeper.Hooks().AfterValidatorCreated(f.ctx, operator(1)))
	require.Len(t, f.wasm.calls, 1, "the other contract was told")
	require.Equal(t, uint64(1), f.status(contract(1)).Failures)
}

func TestAHookThatTheContractIgnoredIsAFailure(t *testing.T) {
	f := newFixture(t)
	f.subscribe(contract(1))
	f.wasm.fail = func(ctx sdk.Context, call toldCall) error {
		ignoreWith(ctx, call, "wasm-units_bound")
		return nil
	}
	require.NoError(t, f.keeper.Hooks().AfterValidatorCreated(f.ctx, operator(1)))
	require.Equal(t, types.ErrCallIgnored.ABCICode(), f.status(contract(1)).LastFailure.Code)
	require.Equal(t, "after_validator_created", f.status(contract(1)).LastFailure.Call)
	events := f.ctx.EventManager().Events()
	require.Equal(t, "wasm-units_bound", events[0].Type, "the contract says why")
	require.Equal(t, types.EventTypeCallFailed, events[1].Type)
}

// Somebody who brings too little gas must not get through what the contract should have learned of.
func TestNobodyCanStarveAHook(t *testing.T) {
	f := newFixture(t)
	f.subscribe(contract(1))
	f.wasm.fail = func(ctx sdk.Context, _ toldCall) error {
		ctx.GasMeter().ConsumeGas(500_000, "work")
		return nil
	}
	meter := storetypes.NewGasMeter(100_000)
	require.Panics(t, func() {
		_ = f.keeper.Hooks().AfterValidatorCreated(f.ctx.WithGasMeter(meter), operator(1))
	}, "the transaction fails as a whole")
	require.Len(t, f.wasm.calls, 1, "the contract had all it needs")
}

func TestTheLastDelegatorOfAValidatorPaysForNoOther(t *testing.T) {
	gas := func(validators int) storetypes.Gas {
		f := newFixture(t)
		f.feedActive(contract(1), "stake")
		f.block(manyPowers(validators, 7))
		meter := storetypes.NewGasMeter(100_000_000)
		require.NoError(t, f.keeper.Hooks().AfterValidatorRemoved(f.ctx.WithGasMeter(meter), consensus(1), operator(1)))
		return meter.GasConsumed()
	}
	require.Equal(t, gas(2), gas(1000))
}

// Contracts that call each other could come so deep that x/wasm stops the hook's contract.
func TestStakingBelowTooManyContractsFailsAsAWhole(t *testing.T) {
	f := newFixture(t)
	f.subscribe(contract(1))
	require.NoError(t, f.keeper.Hooks().AfterValidatorCreated(wasmtypes.WithCallDepth(f.ctx, 100), operator(1)))
	err := f.keeper.Hooks().AfterValidatorCreated(wasmtypes.WithCallDepth(f.ctx, 101), operator(1))
	require.ErrorIs(t, err, types.ErrCallTooDeep)
	require.Len(t, f.wasm.calls, 1)
}

func TestHooksBeforeGenesisCallNobody(t *testing.T) {
	f := newFixture(t)
	require.NoError(t, f.keeper.Hooks().AfterValidatorCreated(f.ctx, operator(1)))
	require.Empty(t, f.wasm.calls)
}

func TestTheClockCallsAllItsContracts(t *testing.T) {
	f := newFixture(t)
	require.NoError(t, f.keeper.SetParams(f.ctx, types.Params{Clock: types.Subscription{
		Contracts: []string{contract(1).String(), contract(2).String()}, GasLimit: callGas,
	}}))
	f.wasm.fail = func(_ sdk.Context, call toldCall) error {
		if call.contract == contract(1).String() {
			return errNo
		}
		return nil
	}
	require.NoError(t, f.keeper.EndBlock(f.ctx))
	require.Len(t, f.wasm.calls, 1)
	require.Equal(t, "clock_end_block", f.wasm.calls[0].name)
	require.Equal(t, "{}", string(f.wasm.calls[0].body))
	require.Equal(t, "clock_end_block", f.status(contract(1)).LastFailure.Call)
}
