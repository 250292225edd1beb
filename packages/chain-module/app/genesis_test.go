package app_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

// restart exports the chain and goes on with another application, whose state can be seen before its first block.
func (w *world) restart(see func(*world, sdk.Context)) *world {
	w.t.Helper()
	exported, err := w.app.Export(nil)
	require.NoError(w.t, err)
	next := &world{t: w.t, vm: &hostileVM{}, pool: w.pool}
	next.app = newApp(w.t, next.vm)
	next.Chain = w.Restart(next.app, next.account, exported.AppState, func(ctx sdk.Context) { see(next, ctx) })
	return next
}

func unseen(*world, sdk.Context) {}

func TestAnExportedChainGoesOnWhereItStood(t *testing.T) {
	w := newWorld(t)
	w.Deliver("dan", delegate("dan", "ada", 50_000_000))
	w.Deliver("eve", delegate("eve", "cleo", 3_000_001), undelegate("eve", "cleo", 1))
	w.Absent["bob"] = true
	w.Blocks(3)
	w.Absent["bob"] = false
	owed, status, powers := w.rewards("dan", "ada"), w.status(w.pool), w.powers()

	next := w.restart(unseen)
	require.Equal(t, owed, next.rewards("dan", "ada"), "the first block has no votes, so nothing is split")
	require.Equal(t, status, next.status(w.pool))
	require.Equal(t, powers, next.powers())
	next.Block()
	require.Equal(t, next.Height, next.status(w.pool).Height)
	require.Empty(t, testchain.Find(next.Last.Events, "wasm-power_changed"), "what was told is not told again")
	require.True(t, next.rewards("dan", "ada").AmountOf(testchain.BondDenom).GT(owed.AmountOf(testchain.BondDenom)))
	next.Deliver("dan", redelegate("dan", "ada", "bob", 20_000_000))
	next.Deliver("dan", withdraw("dan", "ada"))
	next.Blocks(2)
	next.sound()
	require.Equal(t, "90", next.powers()[testchain.Operator("bob").String()])
}

func TestWhatAFailingContractMissedIsExportedToo(t *testing.T) {
	w := newWorld(t)
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) {
		return misdeed{panics: true}, call == "begin_block" || call == "powers_changed"
	}
	w.Deliver("dan", delegate("dan", "ada", 50_000_000))
	w.Blocks(3)
	require.Equal(t, "100", w.powers()[testchain.Operator("ada").String()])
	next := w.restart(unseen)
	next.Block()
	require.Equal(t, "150", next.powers()[testchain.Operator("ada").String()])
	next.sound()
}

func TestTheDefaultStateCallsNobodyAndIsValid(t *testing.T) {
	made := newApp(t, &hostileVM{})
	state := made.DefaultGenesis()
	require.NoError(t, made.BasicManager.ValidateGenesis(made.AppCodec(), made.TxConfig(), state))
	require.Empty(t, state[distrtypes.ModuleName], "the facade has no state")
	var own types.GenesisState
	made.AppCodec().MustUnmarshalJSON(state[types.ModuleName], &own)
	require.Empty(t, own.Params.AllContracts())
}

func TestAGenesisWithABrokenRouteIsRefused(t *testing.T) {
	made := newApp(t, &hostileVM{})
	state := made.DefaultGenesis()
	state[types.ModuleName] = json.RawMessage(`{"params":{"routes":[{"contract":"x"}]}}`)
	require.ErrorContains(t, made.BasicManager.ValidateGenesis(made.AppCodec(), made.TxConfig(), state), `contract "x" of a route`)
}
