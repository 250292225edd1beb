package app

import (
	"path/filepath"

	ibccallbacks "github.com/cosmos/ibc-go/v10/modules/apps/callbacks"
	"github.com/cosmos/ibc-go/v10/modules/apps/transfer"
	transferkeeper "github.com/cosmos/ibc-go/v10/modules/apps/transfer/keeper"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	transferv2 "github.com/cosmos/ibc-go/v10/modules/apps/transfer/v2"
	porttypes "github.com/cosmos/ibc-go/v10/modules/core/05-port/types"
	ibcapi "github.com/cosmos/ibc-go/v10/modules/core/api"
	ibcexported "github.com/cosmos/ibc-go/v10/modules/core/exported"
	ibckeeper "github.com/cosmos/ibc-go/v10/modules/core/keeper"
	ibctm "github.com/cosmos/ibc-go/v10/modules/light-clients/07-tendermint"
	"github.com/spf13/cast"

	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"
	upgradekeeper "cosmossdk.io/x/upgrade/keeper"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	"github.com/cosmos/cosmos-sdk/client/flags"
	bech32 "github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	mintkeeper "github.com/cosmos/cosmos-sdk/x/mint/keeper"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/x/wasm"
	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/distributionfacade"
	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"
)

// OperatorFees is a module account of this chain's own: what it receives can be routed to a contract
// as the fee collector's balance can.
const OperatorFees = "operator_fees"

// moduleAccounts are the accounts of modules and what each may do.
var moduleAccounts = map[string][]string{
	authtypes.FeeCollectorName:     nil,
	OperatorFees:                   nil,
	minttypes.ModuleName:           {authtypes.Minter},
	stakingtypes.BondedPoolName:    {authtypes.Burner, authtypes.Staking},
	stakingtypes.NotBondedPoolName: {authtypes.Burner, authtypes.Staking},
	govtypes.ModuleName:            {authtypes.Burner},
	transfertypes.ModuleName:       {authtypes.Minter, authtypes.Burner},
	wasmtypes.ModuleName:           {authtypes.Burner},
	// Governance names the community pool by this account. It never holds anything.
	distrtypes.ModuleName: nil,
}

// Keepers are those of all modules.
type Keepers struct {
	AccountKeeper      authkeeper.AccountKeeper
	BankKeeper         bankkeeper.BaseKeeper
	StakingKeeper      *stakingkeeper.Keeper
	SlashingKeeper     slashingkeeper.Keeper
	MintKeeper         mintkeeper.Keeper
	GovKeeper          *govkeeper.Keeper
	ConsensusKeeper    consensuskeeper.Keeper
	UpgradeKeeper      *upgradekeeper.Keeper
	IBCKeeper          *ibckeeper.Keeper
	TransferKeeper     transferkeeper.Keeper
	WasmKeeper         wasmkeeper.Keeper
	FeedKeeper         keeper.Keeper
	DistributionFacade distributionfacade.Keeper

	nodeConfig wasmtypes.NodeConfig
}

func storeNames() []string {
	return []string{
		authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey, slashingtypes.StoreKey,
		minttypes.StoreKey, govtypes.StoreKey, consensustypes.StoreKey, upgradetypes.StoreKey,
		ibcexported.StoreKey, transfertypes.StoreKey, wasmtypes.StoreKey, types.StoreKey,
	}
}

func (app *App) store(name string) store.KVStoreService {
	return runtime.NewKVStoreService(app.keys[name])
}

func (app *App) accounts() address.Codec { return app.registry.SigningContext().AddressCodec() }

func (app *App) validators() address.Codec {
	return app.registry.SigningContext().ValidatorAddressCodec()
}

func (app *App) makeKeepers(options servertypes.AppOptions, wasmOptions []wasmkeeper.Option) {
	governance := authtypes.NewModuleAddress(govtypes.ModuleName).String()
	home := cast.ToString(options.Get(flags.FlagHome))

	app.makeBaseKeepers(governance)
	app.makeIBCKeepers(options, home, governance)

	var err error
	app.nodeConfig, err = wasm.ReadNodeConfig(options)
	if err != nil {
		panic(err)
	}
	app.WasmKeeper = wasmkeeper.NewKeeper(
		app.codec, app.store(wasmtypes.StoreKey), app.AccountKeeper, app.BankKeeper, app.StakingKeeper,
		// In the place of x/distribution.
		distributionfacade.WasmDistribution{},
		app.IBCKeeper.ChannelKeeper, app.IBCKeeper.ChannelKeeper, app.IBCKeeper.ChannelKeeperV2, app.TransferKeeper,
		app.MsgServiceRouter(), app.GRPCQueryRouter(), filepath.Join(home, "wasm"), app.nodeConfig,
		wasmtypes.VMConfig{}, wasmkeeper.BuiltInCapabilities(), governance, wasmOptions...,
	)
	app.setIBCRoutes()

	app.FeedKeeper = keeper.NewKeeper(keeper.Setup{
		Codec: app.codec, StoreService: app.store(types.StoreKey), Addresses: app.accounts(),
		Bank: app.BankKeeper, Staking: app.StakingKeeper, Wasm: &app.WasmKeeper,
		Authority: governance, Sources: []string{authtypes.FeeCollectorName, OperatorFees},
	})
	app.DistributionFacade = distributionfacade.NewKeeper(distributionfacade.Setup{
		Pools: app.FeedKeeper, Bank: app.BankKeeper,
		Querier: &app.WasmKeeper, Executor: wasmkeeper.NewDefaultPermissionKeeper(&app.WasmKeeper),
		Accounts: app.accounts(), Validators: app.validators(),
	})
	app.GovKeeper = govkeeper.NewKeeper(
		app.codec, app.store(govtypes.StoreKey), app.AccountKeeper, app.BankKeeper, app.StakingKeeper,
		// In the place of x/distribution.
		app.DistributionFacade,
		app.MsgServiceRouter(), govtypes.DefaultConfig(), governance,
	)
	// Contracts learn of staking after all other modules, so what they ask is the state of now.
	app.StakingKeeper.SetHooks(stakingtypes.NewMultiStakingHooks(app.SlashingKeeper.Hooks(), app.FeedKeeper.Hooks()))
}

func (app *App) makeBaseKeepers(governance string) {
	app.ConsensusKeeper = consensuskeeper.NewKeeper(app.codec, app.store(consensustypes.StoreKey), governance, runtime.EventService{})
	app.SetParamStore(app.ConsensusKeeper.ParamsStore)
	app.AccountKeeper = authkeeper.NewAccountKeeper(
		app.codec, app.store(authtypes.StoreKey), authtypes.ProtoBaseAccount, moduleAccounts,
		app.accounts(), sdk.GetConfig().GetBech32AccountAddrPrefix(), governance,
	)
	app.BankKeeper = bankkeeper.NewBaseKeeper(
		app.codec, app.store(banktypes.StoreKey), app.AccountKeeper, blockedAddresses(), governance, app.Logger(),
	)
	app.StakingKeeper = stakingkeeper.NewKeeper(
		app.codec, app.store(stakingtypes.StoreKey), app.AccountKeeper, app.BankKeeper, governance,
		app.validators(), bech32.NewBech32Codec(sdk.GetConfig().GetBech32ConsensusAddrPrefix()),
	)
	app.SlashingKeeper = slashingkeeper.NewKeeper(
		app.codec, app.amino, app.store(slashingtypes.StoreKey), app.StakingKeeper, governance,
	)
	app.MintKeeper = mintkeeper.NewKeeper(
		app.codec, app.store(minttypes.StoreKey), app.StakingKeeper, app.AccountKeeper, app.BankKeeper,
		authtypes.FeeCollectorName, governance,
	)
}

// blockedAddresses are accounts that nobody can send to. Governance receives deposits and owns contracts.
func blockedAddresses() map[string]bool {
	blocked := map[string]bool{}
	for name := range moduleAccounts {
		blocked[authtypes.NewModuleAddress(name).String()] = name != govtypes.ModuleName && name != OperatorFees
	}
	return blocked
}

func (app *App) makeIBCKeepers(options servertypes.AppOptions, home, governance string) {
	skipped := map[int64]bool{}
	for _, height := range cast.ToIntSlice(options.Get(server.FlagUnsafeSkipUpgrades)) {
		skipped[int64(height)] = true
	}
	app.UpgradeKeeper = upgradekeeper.NewKeeper(
		skipped, app.store(upgradetypes.StoreKey), app.codec, home, app.BaseApp, governance,
	)
	app.IBCKeeper = ibckeeper.NewKeeper(app.codec, app.store(ibcexported.StoreKey), nil, app.UpgradeKeeper, governance)
	app.TransferKeeper = transferkeeper.NewKeeper(
		app.codec, app.store(transfertypes.StoreKey), nil, app.IBCKeeper.ChannelKeeper, app.IBCKeeper.ChannelKeeper,
		app.MsgServiceRouter(), app.AccountKeeper, app.BankKeeper, governance,
	)
}

// setIBCRoutes puts the callbacks middleware around transfers: rewards across chains need it on both
// sides.
func (app *App) setIBCRoutes() {
	contracts := wasm.NewIBCHandler(app.WasmKeeper, app.IBCKeeper.ChannelKeeper, app.TransferKeeper, app.IBCKeeper.ChannelKeeper)
	transfers := ibccallbacks.NewIBCMiddleware(
		transfer.NewIBCModule(app.TransferKeeper), app.IBCKeeper.ChannelKeeper, contracts, wasm.DefaultMaxIBCCallbackGas,
	)
	app.TransferKeeper.WithICS4Wrapper(transfers)
	app.IBCKeeper.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfers).
		AddRoute(wasmtypes.ModuleName, contracts))
	app.IBCKeeper.SetRouterV2(ibcapi.NewRouter().
		AddRoute(transfertypes.PortID, transferv2.NewIBCModule(app.TransferKeeper)).
		AddPrefixRoute(wasmkeeper.PortIDPrefixV2, wasmkeeper.NewIBC2Handler(app.WasmKeeper)))
	client := ibctm.NewLightClientModule(app.codec, app.IBCKeeper.ClientKeeper.GetStoreProvider())
	app.IBCKeeper.ClientKeeper.AddRoute(ibctm.ModuleName, &client)
}
