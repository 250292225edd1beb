package app

import (
	"github.com/cosmos/ibc-go/v10/modules/apps/transfer"
	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	ibc "github.com/cosmos/ibc-go/v10/modules/core"
	ibcante "github.com/cosmos/ibc-go/v10/modules/core/ante"
	ibcexported "github.com/cosmos/ibc-go/v10/modules/core/exported"
	ibctm "github.com/cosmos/ibc-go/v10/modules/light-clients/07-tendermint"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	reflectionv1 "cosmossdk.io/api/cosmos/reflection/v1"
	"cosmossdk.io/x/upgrade"
	upgradetypes "cosmossdk.io/x/upgrade/types"

	runtimeservices "github.com/cosmos/cosmos-sdk/runtime/services"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authsims "github.com/cosmos/cosmos-sdk/x/auth/simulation"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/consensus"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	"github.com/cosmos/cosmos-sdk/x/mint"
	minttypes "github.com/cosmos/cosmos-sdk/x/mint/types"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/x/wasm"
	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	chainmodule "github.com/cw-distribution/chain-module"
	"github.com/cw-distribution/chain-module/distributionfacade"
	"github.com/cw-distribution/chain-module/types"
)

func (app *App) makeModules() {
	cdc := app.codec
	app.ModuleManager = module.NewManager(
		genutil.NewAppModule(app.AccountKeeper, app.StakingKeeper, app, app.txConfig),
		auth.NewAppModule(cdc, app.AccountKeeper, authsims.RandomGenesisAccounts, nil),
		bank.NewAppModule(cdc, app.BankKeeper, app.AccountKeeper, nil),
		staking.NewAppModule(cdc, app.StakingKeeper, app.AccountKeeper, app.BankKeeper, nil),
		slashing.NewAppModule(cdc, app.SlashingKeeper, app.AccountKeeper, app.BankKeeper, app.StakingKeeper, nil, app.registry),
		mint.NewAppModule(cdc, app.MintKeeper, app.AccountKeeper, nil, nil),
		gov.NewAppModule(cdc, app.GovKeeper, app.AccountKeeper, app.BankKeeper, nil),
		consensus.NewAppModule(cdc, app.ConsensusKeeper),
		upgrade.NewAppModule(app.UpgradeKeeper, app.AccountKeeper.AddressCodec()),
		ibc.NewAppModule(app.IBCKeeper),
		ibctm.NewAppModule(ibctm.NewLightClientModule(cdc, app.IBCKeeper.ClientKeeper.GetStoreProvider())),
		transfer.NewAppModule(app.TransferKeeper),
		wasm.NewAppModule(cdc, &app.WasmKeeper, app.StakingKeeper, app.AccountKeeper, app.BankKeeper, app.MsgServiceRouter(), nil),
		chainmodule.NewAppModule(cdc, app.FeedKeeper),
		distributionfacade.NewAppModule(app.DistributionFacade),
	)
	app.BasicManager = module.NewBasicManagerFromManager(app.ModuleManager, map[string]module.AppModuleBasic{
		genutiltypes.ModuleName: genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
	})
	app.BasicManager.RegisterLegacyAminoCodec(app.amino)
	app.BasicManager.RegisterInterfaces(app.registry)
	app.setOrders()

	if err := app.ModuleManager.RegisterServices(module.NewConfigurator(cdc, app.MsgServiceRouter(), app.GRPCQueryRouter())); err != nil {
		panic(err)
	}
	autocliv1.RegisterQueryServer(app.GRPCQueryRouter(), runtimeservices.NewAutoCLIQueryService(app.ModuleManager.Modules))
	reflection, err := runtimeservices.NewReflectionService()
	if err != nil {
		panic(err)
	}
	reflectionv1.RegisterReflectionServiceServer(app.GRPCQueryRouter(), reflection)
}

func (app *App) setOrders() {
	modules := app.ModuleManager
	modules.SetOrderPreBlockers(upgradetypes.ModuleName, authtypes.ModuleName)
	modules.SetOrderBeginBlockers(
		// Where x/distribution would be: what x/mint makes is part of the fees, and the hooks of slashes
		// and powers come afterwards.
		minttypes.ModuleName, types.ModuleName,
		slashingtypes.ModuleName, stakingtypes.ModuleName, genutiltypes.ModuleName,
		transfertypes.ModuleName, ibcexported.ModuleName, wasmtypes.ModuleName,
	)
	modules.SetOrderEndBlockers(
		govtypes.ModuleName, stakingtypes.ModuleName, genutiltypes.ModuleName,
		transfertypes.ModuleName, ibcexported.ModuleName, wasmtypes.ModuleName,
		// The clock sees all that the block has done.
		types.ModuleName,
	)
	genesis := []string{
		authtypes.ModuleName, banktypes.ModuleName, stakingtypes.ModuleName, slashingtypes.ModuleName,
		govtypes.ModuleName, minttypes.ModuleName, upgradetypes.ModuleName, consensustypes.ModuleName,
		ibcexported.ModuleName, transfertypes.ModuleName, wasmtypes.ModuleName,
		// Contracts are there, and the first validators are still to come.
		types.ModuleName, genutiltypes.ModuleName,
	}
	modules.SetOrderInitGenesis(genesis...)
	modules.SetOrderExportGenesis(genesis...)
}

func (app *App) setAnteHandler() {
	app.SetAnteHandler(sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(),
		wasmkeeper.NewLimitSimulationGasDecorator(app.nodeConfig.SimulationGasLimit),
		wasmkeeper.NewCountTXDecorator(app.store(wasmtypes.StoreKey)),
		wasmkeeper.NewGasRegisterDecorator(app.WasmKeeper.GetGasRegister()),
		wasmkeeper.NewTxContractsDecorator(),
		ante.NewExtensionOptionsDecorator(nil),
		ante.NewValidateBasicDecorator(),
		ante.NewTxTimeoutHeightDecorator(),
		ante.NewValidateMemoDecorator(app.AccountKeeper),
		ante.NewConsumeGasForTxSizeDecorator(app.AccountKeeper),
		ante.NewDeductFeeDecorator(app.AccountKeeper, app.BankKeeper, nil, nil),
		ante.NewSetPubKeyDecorator(app.AccountKeeper),
		ante.NewValidateSigCountDecorator(app.AccountKeeper),
		ante.NewSigGasConsumeDecorator(app.AccountKeeper, ante.DefaultSigVerificationGasConsumer),
		ante.NewSigVerificationDecorator(app.AccountKeeper, app.txConfig.SignModeHandler()),
		ante.NewIncrementSequenceDecorator(app.AccountKeeper),
		ibcante.NewRedundantRelayDecorator(app.IBCKeeper),
	))
}
