package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

func TestAFailedHookIsAnEventOfTheTransaction(t *testing.T) {
	w := newWorld(t)
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) {
		return misdeed{panics: true}, call == "after_delegation_modified"
	}
	result := w.Deliver("dan", delegate("dan", "ada", 1_000_000))
	found := testchain.Find(result.Events, types.EventTypeCallFailed)
	require.Len(t, found, 1)
	delete(found[0], "msg_index")
	require.Equal(t, map[string]string{
		types.AttributeKeyContract: w.pool.String(), types.AttributeKeyCall: "after_delegation_modified",
		types.AttributeKeyCodespace: sdkerrors.ErrPanic.Codespace(), types.AttributeKeyCode: "111222",
	}, found[0], "a contract may see the event in a reply, so it has no text that may differ between nodes")
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
	require.True(t, w.undistributed(w.pool).IsPositive())
	w.vm.behave = nil
	w.Block()
	require.True(t, w.undistributed(w.pool).IsZero())
	w.sound()
}

// undistributed is what a contract has and has not split, of all denoms.
func (w *world) undistributed(contract sdk.AccAddress) math.Int {
	w.t.Helper()
	var ledger struct {
		Denoms []struct {
			Difference math.Int `json:"difference"`
		} `json:"denoms"`
	}
	w.Ask(contract, M{"invariants": M{}}, &ledger)
	sum := math.ZeroInt()
	for _, it := range ledger.Denoms {
		sum = sum.Add(it.Difference)
	}
	return sum
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
