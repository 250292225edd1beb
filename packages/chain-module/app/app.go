// Package app is a small application without x/distribution: the module's tests run on it, and its
// files show how a chain wires the module. What matters for that is in keepers.go and modules.go.
package app

import (
	"encoding/json"
	"fmt"
	"io"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/gogoproto/proto"

	"cosmossdk.io/log"
	storetypes "cosmossdk.io/store/types"
	"cosmossdk.io/x/tx/signing"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	"github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/std"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/version"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
	"github.com/cosmos/cosmos-sdk/x/staking"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
)

// Name is the application's name.
const Name = "chaind"

// App is the application.
type App struct {
	*baseapp.BaseApp
	Keepers

	ModuleManager *module.Manager
	BasicManager  module.BasicManager

	amino    *codec.LegacyAmino
	codec    codec.Codec
	registry codectypes.InterfaceRegistry
	txConfig client.TxConfig
	keys     map[string]*storetypes.KVStoreKey
}

var _ servertypes.Application = (*App)(nil)

// New makes the application on a database. With load it continues where the database stands.
func New(
	logger log.Logger, db dbm.DB, trace io.Writer, load bool, options servertypes.AppOptions,
	wasmOptions []wasmkeeper.Option, baseOptions ...func(*baseapp.BaseApp),
) *App {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec:          address.NewBech32Codec(sdk.GetConfig().GetBech32AccountAddrPrefix()),
			ValidatorAddressCodec: address.NewBech32Codec(sdk.GetConfig().GetBech32ValidatorAddrPrefix()),
		},
	})
	if err != nil {
		panic(err)
	}
	app := &App{
		amino: codec.NewLegacyAmino(), codec: codec.NewProtoCodec(registry), registry: registry,
		keys: storetypes.NewKVStoreKeys(storeNames()...),
	}
	app.txConfig = authtx.NewTxConfig(app.codec, authtx.DefaultSignModes)
	std.RegisterLegacyAminoCodec(app.amino)
	std.RegisterInterfaces(registry)

	app.BaseApp = baseapp.NewBaseApp(Name, logger, db, app.txConfig.TxDecoder(), baseOptions...)
	app.SetCommitMultiStoreTracer(trace)
	app.SetVersion(version.Version)
	app.SetInterfaceRegistry(registry)
	app.SetTxEncoder(app.txConfig.TxEncoder())
	if err := app.RegisterStreamingServices(options, app.keys); err != nil {
		panic(err)
	}

	app.makeKeepers(options, wasmOptions)
	app.makeModules()

	app.MountKVStores(app.keys)
	app.SetInitChainer(app.initChain)
	app.SetPreBlocker(func(ctx sdk.Context, _ *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
		return app.ModuleManager.PreBlock(ctx)
	})
	app.SetBeginBlocker(app.ModuleManager.BeginBlock)
	app.SetEndBlocker(app.ModuleManager.EndBlock)
	app.setAnteHandler()
	if manager := app.SnapshotManager(); manager != nil {
		if err := manager.RegisterExtensions(wasmkeeper.NewWasmSnapshotter(app.CommitMultiStore(), &app.WasmKeeper)); err != nil {
			panic(fmt.Errorf("snapshots of contracts: %w", err))
		}
	}
	if load {
		app.mustLoad()
	}
	return app
}

// mustLoad continues where the database stands. The VM does not remember pinned codes by itself.
func (app *App) mustLoad() {
	if err := app.LoadLatestVersion(); err != nil {
		panic(fmt.Errorf("loading the last block: %w", err))
	}
	ctx := app.NewUncachedContext(true, cmtproto.Header{})
	if err := app.WasmKeeper.InitializePinnedCodes(ctx); err != nil {
		panic(fmt.Errorf("pinned codes: %w", err))
	}
}

func (app *App) initChain(ctx sdk.Context, request *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var state map[string]json.RawMessage
	if err := json.Unmarshal(request.AppStateBytes, &state); err != nil {
		return nil, err
	}
	if err := app.UpgradeKeeper.SetModuleVersionMap(ctx, app.ModuleManager.GetVersionMap()); err != nil {
		return nil, err
	}
	return app.ModuleManager.InitGenesis(ctx, app.codec, state)
}

// Export writes the state of the last block as that of a new chain that goes on from there.
func (app *App) Export(modules []string) (servertypes.ExportedApp, error) {
	ctx := app.NewContextLegacy(true, cmtproto.Header{Height: app.LastBlockHeight()})
	state, err := app.ModuleManager.ExportGenesisForModules(ctx, app.codec, modules)
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return servertypes.ExportedApp{}, err
	}
	validators, err := staking.WriteValidators(ctx, app.StakingKeeper)
	return servertypes.ExportedApp{
		AppState: text, Validators: validators, Height: app.LastBlockHeight() + 1,
		ConsensusParams: app.GetConsensusParams(ctx),
	}, err
}

// AppCodec encodes messages and state.
func (app *App) AppCodec() codec.Codec { return app.codec }

// LegacyAmino encodes what hardware wallets sign.
func (app *App) LegacyAmino() *codec.LegacyAmino { return app.amino }

// InterfaceRegistry knows all messages.
func (app *App) InterfaceRegistry() codectypes.InterfaceRegistry { return app.registry }

// TxConfig encodes transactions.
func (app *App) TxConfig() client.TxConfig { return app.txConfig }

// DefaultGenesis is a state with which a chain can begin, but for its validators.
func (app *App) DefaultGenesis() map[string]json.RawMessage {
	return app.BasicManager.DefaultGenesis(app.codec)
}
