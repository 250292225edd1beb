package app_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

// Whatever a contract does in whatever call, the chain goes on, nothing of the call stays, and
// the next call makes up for it.
func TestNoCallOfAContractStopsTheChain(t *testing.T) {
	w := newWorld(t)
	params := w.poolParams()
	params.Clock = types.Subscription{Contracts: []string{w.pool.String()}, GasLimit: callGas}
	w.setParams(params)
	w.Block()

	for _, call := range []string{
		"begin_block", "clock_end_block", "before_delegation_shares_modified", "after_delegation_modified",
	} {
		for _, kind := range []string{"error", "panic", "burnt gas", "trap"} {
			t.Run(call+" "+kind, func(t *testing.T) {
				before := w.status(w.pool)
				w.vm.behave = func(_, name string, gasLimit uint64) (misdeed, bool) {
					return misdeeds(gasLimit)[kind], name == call
				}
				w.Deliver("ada", delegate("ada", "ada", 1_000_000))
				w.Block()
				w.vm.behave = nil
				failed := w.status(w.pool)
				require.Greater(t, failed.Failures, before.Failures)
				require.Equal(t, call, failed.LastFailure.Call)
				require.Nil(t, w.app.WasmKeeper.QueryRaw(w.Context(), w.pool, []byte("hostile")), "a failed call leaves nothing")

				// The next hook has the shares of now, the next block the powers of now.
				w.Deliver("ada", delegate("ada", "ada", 1_000_000))
				w.Blocks(3)
				w.sound()
				require.Equal(t, w.Height, w.status(w.pool).Height)
				validator, err := w.app.StakingKeeper.GetValidator(w.Context(), testchain.Operator("ada"))
				require.NoError(t, err)
				require.Equal(t, validator.Tokens.QuoRaw(testchain.TokensPerPower).String(), w.powers()[testchain.Operator("ada").String()])
			})
		}
	}
}

func TestAFailedHookIsAnEventOfTheTransaction(t *testing.T) {
	w := newWorld(t)
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) {
		return misdeed{panics: true}, call == "after_delegation_modified"
	}
	result := w.Deliver("dan", delegate("dan", "ada", 1_000_000))
	found := testchain.Find(result.Events, types.EventTypeCallFailed)
	require.Len(t, found, 1)
	require.Equal(t, "after_delegation_modified", found[0][types.AttributeKeyCall])
	require.Contains(t, found[0][types.AttributeKeyError], "gave up")
	require.True(t, w.units("dan", "ada").IsZero(), "the event was lost")

	// The owner corrects what was lost.
	w.vm.behave = nil
	w.Deliver("owner", testchain.Execute("owner", w.pool, M{"staking_event": M{"delegation_changed": M{
		"delegator": testchain.Account("dan").String(), "validator": testchain.Operator("ada").String(), "shares": "1000000",
	}}}))
	w.sound()
}

func TestFeesOfFailedBlocksAreSplitByTheNextThatIsTaken(t *testing.T) {
	w := newWorld(t)
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) {
		return misdeed{panics: true}, call == "begin_block"
	}
	w.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), testchain.Account("eve"), sdk.NewCoins(stake(1))))
	w.Blocks(3)
	undistributed := w.undistributed()
	require.True(t, undistributed.IsPositive())
	w.vm.behave = nil
	w.Block()
	require.True(t, w.undistributed().IsZero())
	w.sound()
}

// undistributed is the pool's balance less what it has received.
func (w *world) undistributed() math.Int {
	w.t.Helper()
	var outstanding struct {
		Denoms []struct {
			Asset      map[string]string `json:"asset"`
			Difference math.Int          `json:"difference"`
		} `json:"denoms"`
	}
	w.Ask(w.pool, M{"invariants": M{}}, &outstanding)
	for _, it := range outstanding.Denoms {
		if it.Asset["native"] == testchain.BondDenom {
			return it.Difference
		}
	}
	return math.Int{}
}

func TestADenomThatASendRestrictionRefusesHoldsUpNoOther(t *testing.T) {
	w := newWorld(t)
	w.app.BankKeeper.AppendSendRestriction(func(_ context.Context, _, to sdk.AccAddress, amount sdk.Coins) (sdk.AccAddress, error) {
		if to.Equals(w.pool) && amount.AmountOf("uatom").IsPositive() {
			return to, banktypes.ErrSendDisabled
		}
		return to, nil
	})
	w.Fee = sdk.NewCoins(stake(1000), sdk.NewInt64Coin("uatom", 10))
	w.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), testchain.Account("eve"), sdk.NewCoins(stake(1))))
	w.Fee = sdk.NewCoins(stake(1000))
	w.Block()
	refused := testchain.Find(w.Last.Events, types.EventTypeTransferRefused)
	require.Len(t, refused, 1)
	require.Equal(t, "10uatom", refused[0][types.AttributeKeyAmount])
	require.True(t, w.app.BankKeeper.GetBalance(w.Context(), w.pool, "uatom").IsZero())
	require.NotEmpty(t, testchain.Find(w.Last.Events, "wasm-begin_block"))
}

// A transaction that runs out of gas in a hook, before it or after it fails as a whole.
func TestWithWhateverGasThePoolKnowsWhatStakingKnows(t *testing.T) {
	w := newWorld(t)
	enough := uint64(w.Deliver("dan", delegate("dan", "ada", 1_000_000)).GasUsed)
	failed := 0
	for gas := enough + 50_000; gas > enough/4; gas -= 15_000 {
		w.Gas = gas
		result := w.Try("dan", delegate("dan", "ada", 1_000_000))
		if result.Code != 0 {
			failed++
			require.Contains(t, result.Log, "out of gas")
		}
		w.sound()
	}
	require.Greater(t, failed, 10)
}

// sends is what a contract does that sends a message.
func sends(message wasmvmtypes.CosmosMsg) misdeed {
	return misdeed{gas: 1000, result: &wasmvmtypes.ContractResult{Ok: &wasmvmtypes.Response{
		Messages: []wasmvmtypes.SubMsg{{Msg: message, ReplyOn: wasmvmtypes.ReplyNever}},
	}}}
}

// stakes is what a contract does that delegates to ada.
func stakes() misdeed {
	return sends(wasmvmtypes.CosmosMsg{Staking: &wasmvmtypes.StakingMsg{Delegate: &wasmvmtypes.DelegateMsg{
		Validator: testchain.Operator("ada").String(), Amount: wasmvmtypes.NewCoin(1, testchain.BondDenom),
	}}})
}

// A hook that a contract's call sets off reaches the pool as any other.
func TestAContractThatStakesInACallIsFollowed(t *testing.T) {
	w := newWorld(t)
	staker := w.FeePool("owner", "uosmo")
	w.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), staker, sdk.NewCoins(stake(1000))))
	params := w.poolParams()
	params.Clock = types.Subscription{Contracts: []string{staker.String()}, GasLimit: callGas}
	w.setParams(params)
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) { return stakes(), call == "clock_end_block" }
	w.Blocks(3)
	delegation, err := w.app.StakingKeeper.GetDelegation(w.Context(), staker, testchain.Operator("ada"))
	require.NoError(t, err)
	require.Equal(t, "3.000000000000000000", delegation.Shares.String())
	w.sound()
}

// A contract that stakes in the hook of its own staking comes back to itself, but not for ever.
func TestAContractThatStakesInItsOwnHookComesToAnEnd(t *testing.T) {
	w := newWorld(t)
	calls := 0
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) {
		if call == "after_delegation_modified" {
			calls++
		}
		return stakes(), call == "after_delegation_modified"
	}
	w.Deliver("dan", delegate("dan", "ada", 1_000_000))
	require.Greater(t, calls, 50)
	require.Less(t, calls, 150)
	w.vm.behave = nil
	w.Deliver("dan", delegate("dan", "ada", 1_000_000))
	w.Block()
	w.sound()
}
