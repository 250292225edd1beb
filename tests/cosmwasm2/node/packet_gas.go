package node

import (
	"errors"

	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	callbacktypes "github.com/cosmos/ibc-go/modules/apps/callbacks/types"
	transfertypes "github.com/cosmos/ibc-go/v8/modules/apps/transfer/types"
	channeltypes "github.com/cosmos/ibc-go/v8/modules/core/04-channel/types"
	porttypes "github.com/cosmos/ibc-go/v8/modules/core/05-port/types"
	"github.com/cosmos/ibc-go/v8/modules/core/exported"

	"github.com/CosmWasm/wasmd/app"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// callbackMeter is a plain gas meter: what contracts use that are told of packets is not counted apart.
type callbackMeter struct {
	storetypes.GasMeter
	meter *meter
}

// route has coins come back that a contract refuses.
func (*meter) route(a *app.WasmApp) error {
	built, known := a.IBCKeeper.Router.GetRoute(transfertypes.ModuleName)
	if !known {
		return errors.New("no module for transfers")
	}
	return RouteTransfers(a, returning{built})
}

// RouteTransfers has a module take transfers. Contracts are the only other module of IBC from then on: a
// router of ibc-go v8 cannot list what it has.
func RouteTransfers(a *app.WasmApp, transfers porttypes.IBCModule) error {
	contracts, known := a.IBCKeeper.Router.GetRoute(wasmtypes.ModuleName)
	if !known {
		return errors.New("no module for contracts")
	}
	// Only a keeper without a router takes one.
	a.IBCKeeper.Router = nil
	a.IBCKeeper.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfers).
		AddRoute(wasmtypes.ModuleName, contracts))
	return nil
}

// returning sends coins back when the contract that the callbacks middleware tells of them fails, as that of
// ibc-go v10 does itself. The one for v8 keeps them and only emits an event.
type returning struct{ porttypes.IBCModule }

// OnRecvPacket receives coins.
func (r returning) OnRecvPacket(
	ctx sdk.Context, packet channeltypes.Packet, relayer sdk.AccAddress,
) exported.Acknowledgement {
	ack := r.IBCModule.OnRecvPacket(ctx, packet, relayer)
	// ibc-go gives each packet an event manager of its own, and undoes what an error acknowledges.
	for _, event := range ctx.EventManager().Events() {
		result, _ := event.GetAttribute(callbacktypes.AttributeKeyCallbackResult)
		if event.Type == callbacktypes.EventTypeDestinationCallback &&
			result.Value == callbacktypes.AttributeValueCallbackFailure {
			return channeltypes.NewErrorAcknowledgement(errors.New("refused by the contract"))
		}
	}
	return ack
}
