package distributionfacade_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/distributionfacade"
)

// scripted is a pool that emits events.
type scripted struct {
	events sdk.Events
}

func (s scripted) Execute(ctx sdk.Context, _, _ sdk.AccAddress, _ []byte, _ sdk.Coins) ([]byte, error) {
	ctx.EventManager().EmitEvents(s.events)
	return nil, nil
}

// says is an event of the pool.
func says(pool sdk.AccAddress, action, amount string, about ...string) sdk.Event {
	event := sdk.NewEvent("wasm-"+action, sdk.NewAttribute(wasmtypes.AttributeKeyContractAddr, pool.String()),
		sdk.NewAttribute("amount", amount))
	for n := 0; n < len(about); n += 2 {
		event = event.AppendAttributes(sdk.NewAttribute(about[n], about[n+1]))
	}
	return event
}

func TestWhatOthersWithdrawMeanwhileIsNoPartOfAWithdrawal(t *testing.T) {
	me, other := sdk.AccAddress("the account, 20 byte"), sdk.AccAddress("another one, 20 byte")
	validator, second := sdk.ValAddress(me).String(), sdk.ValAddress(other).String()
	pool, err := endless{}.FeePool(context.Background())
	require.NoError(t, err)
	server := distributionfacade.NewMsgServer(distributionfacade.NewKeeper(distributionfacade.Setup{
		Pools: endless{}, Accounts: address.NewBech32Codec("cosmos"), Validators: address.NewBech32Codec("cosmosvaloper"),
		Executor: scripted{events: sdk.Events{
			says(pool, "withdraw_rewards", "1000stake", "validator", second, "delegator", me.String()),
			says(pool, "withdraw_rewards", "2000stake", "validator", validator, "delegator", other.String()),
			says(other, "withdraw_rewards", "3000stake", "validator", validator, "delegator", me.String()),
			says(pool, "withdraw_rewards", "50stake", "validator", validator, "delegator", me.String()),
			says(pool, "withdraw_commission", "4000stake", "validator", second),
			// The pool may write a validator as an account.
			says(pool, "withdraw_commission", "60stake", "validator", me.String()),
			says(pool, "undelivered_paid", "5000stake", "account", other.String()),
			says(pool, "undelivered_paid", "7stake", "account", me.String()),
			says(pool, "payout_failed", "6000stake", "account", other.String()),
			says(pool, "payout_failed", "2stake", "account", me.String()),
		}},
	}))
	ctx := testutil.DefaultContext(storetypes.NewKVStoreKey("one"), storetypes.NewTransientStoreKey("other"))
	rewards, err := server.WithdrawDelegatorReward(ctx, distrtypes.NewMsgWithdrawDelegatorReward(me.String(), validator))
	require.NoError(t, err)
	require.Equal(t, "55stake", rewards.Amount.String())
	commission, err := server.WithdrawValidatorCommission(ctx, distrtypes.NewMsgWithdrawValidatorCommission(validator))
	require.NoError(t, err)
	require.Equal(t, "65stake", commission.Amount.String())
}
