package distributionfacade

import (
	"context"

	gwruntime "github.com/grpc-ecosystem/grpc-gateway/runtime"
	"github.com/spf13/cobra"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/distribution"
	"github.com/cosmos/cosmos-sdk/x/distribution/client/cli"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
)

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasServices         = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ appmodule.AppModule        = AppModule{}
)

// AppModule takes the place of x/distribution, under its name.
type AppModule struct{ keeper Keeper }

// NewAppModule makes the module.
func NewAppModule(keeper Keeper) AppModule { return AppModule{keeper} }

// IsAppModule marks a module of an application.
func (AppModule) IsAppModule() {}

// IsOnePerModuleType marks a module that an application has once.
func (AppModule) IsOnePerModuleType() {}

// Name is that of x/distribution.
func (AppModule) Name() string { return distrtypes.ModuleName }

// ConsensusVersion is that of x/distribution: a chain that moves has nothing to migrate.
func (AppModule) ConsensusVersion() uint64 { return distribution.ConsensusVersion }

// RegisterLegacyAminoCodec registers the messages for signatures of hardware wallets.
func (AppModule) RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	distrtypes.RegisterLegacyAminoCodec(cdc)
}

// RegisterInterfaces registers the messages.
func (AppModule) RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	distrtypes.RegisterInterfaces(registry)
}

// RegisterGRPCGatewayRoutes serves the queries as REST.
func (AppModule) RegisterGRPCGatewayRoutes(ctx client.Context, mux *gwruntime.ServeMux) {
	if err := distrtypes.RegisterQueryHandlerClient(context.Background(), mux, distrtypes.NewQueryClient(ctx)); err != nil {
		panic(err)
	}
}

// RegisterServices serves messages and queries.
func (m AppModule) RegisterServices(cfg module.Configurator) {
	distrtypes.RegisterMsgServer(cfg.MsgServer(), NewMsgServer(m.keeper))
	distrtypes.RegisterQueryServer(cfg.QueryServer(), NewQueryServer(m.keeper))
}

// GetTxCmd has the commands of x/distribution.
func (m AppModule) GetTxCmd() *cobra.Command {
	return cli.NewTxCmd(m.keeper.validators, m.keeper.accounts)
}

// AutoCLIOptions describes the commands of x/distribution.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return distribution.AppModule{}.AutoCLIOptions()
}
