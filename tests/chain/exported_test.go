package chain_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/CosmWasm/wasmd/app"

	"cw-distribution/tests/chain/node"
)

// query asks a contract.
type query func(contract sdk.AccAddress, query []byte) ([]byte, error)

// exported exports what a chain has committed and has another application import it, whose contracts can then be
// queried as of the same block.
func exported(t *testing.T, chain *node.Node) query {
	t.Helper()
	state, err := chain.App.ExportAppStateAndValidators(false, nil, nil)
	require.NoError(t, err)
	made := app.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(chain.ID()))
	t.Cleanup(func() { require.NoError(t, made.Close()) })
	_, err = made.InitChain(&abci.RequestInitChain{
		ChainId: chain.ID(), Time: chain.Time(), ConsensusParams: simtestutil.DefaultConsensusParams,
		InitialHeight: state.Height, AppStateBytes: state.AppState,
	})
	require.NoError(t, err)
	ctx := made.NewContextLegacy(false, cmtproto.Header{ChainID: chain.ID(), Height: chain.Height(), Time: chain.Time()})
	return func(contract sdk.AccAddress, query []byte) ([]byte, error) {
		return made.WasmKeeper.QuerySmart(ctx, contract, query)
	}
}
