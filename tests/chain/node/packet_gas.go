package node

import (
	"fmt"
	"strings"

	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
	porttypes "github.com/cosmos/ibc-go/v10/modules/core/05-port/types"
	"github.com/cosmos/ibc-go/v10/modules/core/exported"

	"github.com/CosmWasm/wasmd/app"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// callbackMeter takes note of what the callbacks middleware bills for a contract that it has called.
type callbackMeter struct {
	storetypes.GasMeter
	meter *meter
}

// ConsumeGas consumes gas.
func (c callbackMeter) ConsumeGas(amount storetypes.Gas, descriptor string) {
	// It bills a packet that a contract sends under this name too, and wasmd does nothing then.
	if strings.HasPrefix(descriptor, "ibc ") && strings.HasSuffix(descriptor, " callback") {
		c.meter.packets += amount
	}
	c.GasMeter.ConsumeGas(amount, descriptor)
}

// packets is wasmd's part of ibc-go; it takes note of what contracts use that are told of packets.
type packets struct {
	porttypes.IBCModule
	meter *meter
}

// route puts such a part into an application.
func (m *meter) route(a *app.WasmApp) error {
	built := a.IBCKeeper.PortKeeper.Router
	router := porttypes.NewRouter()
	for _, name := range built.Keys() {
		module, known := built.Route(name)
		if !known {
			return fmt.Errorf("no module for port %s", name)
		}
		if name == wasmtypes.ModuleName {
			module = packets{IBCModule: module, meter: m}
		}
		router.AddRoute(name, module)
	}
	router.Seal()
	a.IBCKeeper.PortKeeper.Router = router
	return nil
}

// counting begins to count; what it returns ends that.
func (p packets) counting(ctx sdk.Context) (end func()) {
	before := ctx.GasMeter().GasConsumed()
	return func() { p.meter.packets += ctx.GasMeter().GasConsumed() - before }
}

// OnRecvPacket gives a contract a packet.
func (p packets) OnRecvPacket(
	ctx sdk.Context, version string, packet channeltypes.Packet, relayer sdk.AccAddress,
) exported.Acknowledgement {
	defer p.counting(ctx)()
	return p.IBCModule.OnRecvPacket(ctx, version, packet, relayer)
}

// OnAcknowledgementPacket tells a contract of the answer to its packet.
func (p packets) OnAcknowledgementPacket(
	ctx sdk.Context, version string, packet channeltypes.Packet, acknowledgement []byte, relayer sdk.AccAddress,
) error {
	defer p.counting(ctx)()
	return p.IBCModule.OnAcknowledgementPacket(ctx, version, packet, acknowledgement, relayer)
}

// OnTimeoutPacket tells a contract that its packet has not arrived.
func (p packets) OnTimeoutPacket(
	ctx sdk.Context, version string, packet channeltypes.Packet, relayer sdk.AccAddress,
) error {
	defer p.counting(ctx)()
	return p.IBCModule.OnTimeoutPacket(ctx, version, packet, relayer)
}
