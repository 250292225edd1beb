// Package chainmodule is what a chain adds to its application to feed the contracts of
// cw-distribution: fees, blocks, staking hooks and a clock.
package chainmodule

import (
	"context"
	"encoding/json"
	"fmt"

	gwruntime "github.com/grpc-ecosystem/grpc-gateway/runtime"

	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/cw-distribution/chain-module/keeper"
	"github.com/cw-distribution/chain-module/types"
)

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasServices         = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ appmodule.AppModule        = AppModule{}
	_ appmodule.HasBeginBlocker  = AppModule{}
	_ appmodule.HasEndBlocker    = AppModule{}
)

// AppModule is the module as an application knows it.
type AppModule struct {
	codec  codec.Codec
	keeper keeper.Keeper
}

// NewAppModule makes the module.
func NewAppModule(codec codec.Codec, keeper keeper.Keeper) AppModule {
	return AppModule{codec: codec, keeper: keeper}
}

// IsAppModule marks a module of an application.
func (AppModule) IsAppModule() {}

// IsOnePerModuleType marks a module that an application has once.
func (AppModule) IsOnePerModuleType() {}

// Name is the module's name.
func (AppModule) Name() string { return types.ModuleName }

// ConsensusVersion is the version of the module's state.
func (AppModule) ConsensusVersion() uint64 { return 1 }

// RegisterLegacyAminoCodec registers the messages for signatures of hardware wallets.
func (AppModule) RegisterLegacyAminoCodec(cdc *codec.LegacyAmino) {
	types.RegisterLegacyAminoCodec(cdc)
}

// RegisterInterfaces registers the messages.
func (AppModule) RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	types.RegisterInterfaces(registry)
}

// RegisterGRPCGatewayRoutes serves the queries as REST.
func (AppModule) RegisterGRPCGatewayRoutes(ctx client.Context, mux *gwruntime.ServeMux) {
	if err := types.RegisterQueryHandlerClient(context.Background(), mux, types.NewQueryClient(ctx)); err != nil {
		panic(err)
	}
}

// RegisterServices serves messages and queries.
func (m AppModule) RegisterServices(cfg module.Configurator) {
	types.RegisterMsgServer(cfg.MsgServer(), keeper.NewMsgServer(m.keeper))
	types.RegisterQueryServer(cfg.QueryServer(), keeper.NewQueryServer(m.keeper))
}

// DefaultGenesis calls nobody.
func (AppModule) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	return cdc.MustMarshalJSON(types.DefaultGenesis())
}

// ValidateGenesis checks a state before a chain starts with it.
func (m AppModule) ValidateGenesis(cdc codec.JSONCodec, _ client.TxEncodingConfig, data json.RawMessage) error {
	var state types.GenesisState
	if err := cdc.UnmarshalJSON(data, &state); err != nil {
		return fmt.Errorf("state of %s: %w", types.ModuleName, err)
	}
	return state.Validate(m.codec.InterfaceRegistry().SigningContext().AddressCodec())
}

// InitGenesis stores a state; like other modules it panics for one that is not sound.
func (m AppModule) InitGenesis(ctx sdk.Context, cdc codec.JSONCodec, data json.RawMessage) {
	var state types.GenesisState
	cdc.MustUnmarshalJSON(data, &state)
	if err := m.keeper.InitGenesis(ctx, state); err != nil {
		panic(fmt.Errorf("state of %s: %w", types.ModuleName, err))
	}
}

// ExportGenesis reads the state.
func (m AppModule) ExportGenesis(ctx sdk.Context, cdc codec.JSONCodec) json.RawMessage {
	state, err := m.keeper.ExportGenesis(ctx)
	if err != nil {
		panic(fmt.Errorf("state of %s: %w", types.ModuleName, err))
	}
	return cdc.MustMarshalJSON(state)
}

// BeginBlock sends fees and tells contracts of the last block.
func (m AppModule) BeginBlock(ctx context.Context) error { return m.keeper.BeginBlock(ctx) }

// EndBlock calls the contracts of the clock.
func (m AppModule) EndBlock(ctx context.Context) error { return m.keeper.EndBlock(ctx) }
