package ibc

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
	"github.com/cosmos/ibc-go/v10/modules/core/exported"
	ibctesting "github.com/cosmos/ibc-go/v10/testing"

	"github.com/CosmWasm/wasmd/app"
)

// What another major version of ibc-go has under another name; tests/cosmwasm2 has this file for ibc-go v8.

// TransferVersion is that of a channel for transfers.
const TransferVersion = transfertypes.V1

// clientStatus says whether a chain believes a client.
func clientStatus(ctx sdk.Context, on *app.WasmApp, client string) exported.Status {
	return on.IBCKeeper.ClientKeeper.GetClientStatus(ctx, client)
}

// packetOf reads a packet from the event of its sending or of its acknowledgement.
func packetOf(event abci.Event) (channeltypes.Packet, error) {
	packets, err := ibctesting.ParseIBCV1Packets(event.Type, []abci.Event{event})
	if err != nil {
		return channeltypes.Packet{}, err
	}
	return packets[0], nil
}
