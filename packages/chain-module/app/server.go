package app

import (
	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	bech32 "github.com/cosmos/cosmos-sdk/codec/address"
	runtimeservices "github.com/cosmos/cosmos-sdk/runtime/services"
	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/server/api"
	"github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"
)

// RegisterAPIRoutes serves REST.
func (app *App) RegisterAPIRoutes(server *api.Server, _ config.APIConfig) {
	ctx := server.ClientCtx
	authtx.RegisterGRPCGatewayRoutes(ctx, server.GRPCGatewayRouter)
	cmtservice.RegisterGRPCGatewayRoutes(ctx, server.GRPCGatewayRouter)
	nodeservice.RegisterGRPCGatewayRoutes(ctx, server.GRPCGatewayRouter)
	app.BasicManager.RegisterGRPCGatewayRoutes(ctx, server.GRPCGatewayRouter)
}

// RegisterTxService serves simulation and broadcast.
func (app *App) RegisterTxService(ctx client.Context) {
	authtx.RegisterTxService(app.GRPCQueryRouter(), ctx, app.Simulate, app.registry)
}

// RegisterTendermintService serves blocks and validators.
func (app *App) RegisterTendermintService(ctx client.Context) {
	cmtservice.RegisterTendermintService(ctx, app.GRPCQueryRouter(), app.registry, server.NewCometABCIWrapper(app).Query)
}

// RegisterNodeService serves the node's own settings.
func (app *App) RegisterNodeService(ctx client.Context, cfg config.Config) {
	nodeservice.RegisterNodeService(ctx, app.GRPCQueryRouter(), cfg)
}

// CommandLine describes the modules' commands.
func (app *App) CommandLine() autocli.AppOptions {
	modules := map[string]appmodule.AppModule{}
	for name, it := range app.ModuleManager.Modules {
		if module, ok := it.(appmodule.AppModule); ok {
			modules[name] = module
		}
	}
	return autocli.AppOptions{
		Modules:               modules,
		ModuleOptions:         runtimeservices.ExtractAutoCLIOptions(app.ModuleManager.Modules),
		AddressCodec:          app.accounts(),
		ValidatorAddressCodec: app.validators(),
		ConsensusAddressCodec: bech32.NewBech32Codec(sdk.GetConfig().GetBech32ConsensusAddrPrefix()),
	}
}
