package ibc

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	transfertypes "github.com/cosmos/ibc-go/v8/modules/apps/transfer/types"
	channeltypes "github.com/cosmos/ibc-go/v8/modules/core/04-channel/types"
	"github.com/cosmos/ibc-go/v8/modules/core/exported"
	ibctesting "github.com/cosmos/ibc-go/v8/testing"

	"github.com/CosmWasm/wasmd/app"
)

// TransferVersion is that of a channel for transfers.
const TransferVersion = transfertypes.Version

// clientStatus says whether a chain believes a client.
func clientStatus(ctx sdk.Context, on *app.WasmApp, client string) exported.Status {
	keeper := on.IBCKeeper.ClientKeeper
	state, known := keeper.GetClientState(ctx, client)
	if !known {
		return exported.Unknown
	}
	return keeper.GetClientStatus(ctx, state, client)
}

// packetOf reads a packet from the event of its sending or of its acknowledgement.
func packetOf(event abci.Event) (channeltypes.Packet, error) {
	// Both events have the packet in the same attributes, and ibctesting reads the one.
	event.Type = channeltypes.EventTypeSendPacket
	return ibctesting.ParsePacketFromEvents([]abci.Event{event})
}
