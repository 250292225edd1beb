package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/cw-distribution/chain-module/types"
)

func TestARefusedDenomHoldsUpNoOther(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake", "uatom", "uosmo")
	f.bank.balance = sdk.NewCoins(sdk.NewInt64Coin("stake", 1), sdk.NewInt64Coin("uatom", 2), sdk.NewInt64Coin("uosmo", 3))
	f.bank.refuse["stake"] = func() error { return errNo }
	f.bank.refuse["uatom"] = func() error { panic("a hook gave up") }
	f.block(map[int]int64{1: 1})
	require.Equal(t, "3uosmo", f.bank.sent.String())
	require.Equal(t, "1stake,2uatom", f.bank.balance.String())
	require.Equal(t, []string{"powers_changed", "begin_block"}, f.names())
	var refused []string
	for _, it := range f.ctx.EventManager().Events() {
		if it.Type == types.EventTypeTransferRefused {
			require.Len(t, it.Attributes, 5, "no text of an error")
			amount, _ := it.GetAttribute(types.AttributeKeyAmount)
			codespace, _ := it.GetAttribute(types.AttributeKeyCodespace)
			code, _ := it.GetAttribute(types.AttributeKeyCode)
			refused = append(refused, amount.Value+" "+codespace.Value+" "+code.Value)
		}
	}
	require.Equal(t, []string{"1stake undefined 1", "2uatom undefined 111222"}, refused)
	require.Zero(t, f.status(contract(1)).Failures)
}

func TestADenomWithoutARouteStays(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.bank.balance = sdk.NewCoins(sdk.NewInt64Coin("stake", 1), sdk.NewInt64Coin("uatom", 2))
	f.block(map[int]int64{1: 1})
	require.Equal(t, "2uatom", f.bank.balance.String())
}

func TestAPoolOfAuthorityReceivesFeesAndNoCalls(t *testing.T) {
	f := newFixture(t)
	poa := route(contract(1), "stake")
	poa.Mode = types.MODE_POA_FEE_POOL
	require.NoError(t, f.keeper.SetParams(f.ctx, types.Params{Routes: []types.Route{poa}}))
	f.bank.balance = sdk.NewCoins(sdk.NewInt64Coin("stake", 1))
	f.block(map[int]int64{1: 1})
	require.Equal(t, "1stake", f.bank.sent.String())
	require.Empty(t, f.wasm.calls)
}

func TestFeesStayWhereTheirContractIsMissing(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.bank.balance = sdk.NewCoins(sdk.NewInt64Coin("stake", 1))
	f.wasm.missing[contract(1).String()] = true
	f.block(map[int]int64{1: 1})
	require.Equal(t, "1stake", f.bank.balance.String())
	require.Empty(t, f.wasm.calls)
	require.Equal(t, types.ErrNoContract.ABCICode(), f.status(contract(1)).LastFailure.Code)
}

func TestAFailureOfOneContractIsNoneOfTheNext(t *testing.T) {
	for name, fail := range map[string]func(sdk.Context) error{
		"error": func(sdk.Context) error { return errNo },
		"panic": func(sdk.Context) error { panic("gave up") },
		"gas": func(ctx sdk.Context) error {
			ctx.GasMeter().ConsumeGas(callGas, "burnt")
			return nil
		},
		"foreign gas panic": func(sdk.Context) error { panic(storetypes.ErrorOutOfGas{Descriptor: "elsewhere"}) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			require.NoError(t, f.keeper.SetParams(f.ctx, types.Params{
				Routes: []types.Route{route(contract(1), "stake"), route(contract(2), "uatom")},
			}))
			f.wasm.fail = func(ctx sdk.Context, call toldCall) error {
				if call.contract == contract(1).String() {
					ctx.EventManager().EmitEvent(sdk.NewEvent("of_the_failed_call"))
					return fail(ctx)
				}
				return nil
			}
			f.block(map[int]int64{1: 1})
			require.Equal(t, f.ctx.BlockHeight(), f.status(contract(2)).Height)
			require.Equal(t, uint64(1), f.status(contract(1)).Failures)
			require.Equal(t, f.ctx.BlockHeight(), f.status(contract(1)).LastFailure.Height)
			var seen []string
			for _, it := range f.ctx.EventManager().Events() {
				seen = append(seen, it.Type)
			}
			require.Equal(t, []string{types.EventTypeCallFailed}, seen)
		})
	}
}

func TestACallChargesWhatItUsed(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.ctx = f.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
	f.wasm.fail = func(ctx sdk.Context, _ toldCall) error {
		ctx.GasMeter().ConsumeGas(callGas-1000, "all that is left")
		return nil
	}
	f.block(map[int]int64{1: 1})
	require.Equal(t, f.ctx.BlockHeight(), f.status(contract(1)).Height, "exactly the limit is allowed")
	require.GreaterOrEqual(t, f.ctx.GasMeter().GasConsumed(), uint64(callGas))
}

func TestOutOfGasIsItsOwnCode(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.wasm.fail = func(ctx sdk.Context, _ toldCall) error {
		ctx.GasMeter().ConsumeGas(callGas, "burnt")
		return nil
	}
	f.block(map[int]int64{1: 1})
	failure := f.status(contract(1)).LastFailure
	require.Equal(t, sdkerrors.ErrOutOfGas.ABCICode(), failure.Code)
	require.Equal(t, sdkerrors.ErrOutOfGas.Codespace(), failure.Codespace)
}
