package ibc

import (
	abci "github.com/cometbft/cometbft/abci/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
	ibctesting "github.com/cosmos/ibc-go/v10/testing"

	"cw-distribution/tests/chain/node"
)

// Watch takes note of the packets that a chain sends and of the acknowledgements that it writes.
func (n *Network) Watch(chain *node.Node) {
	chain.OnEvents = func(events sdk.Events) {
		for _, event := range events.ToABCIEvents() {
			if err := n.note(chain, event); err != nil && n.err == nil {
				n.err = err
			}
		}
	}
}

func (n *Network) note(chain *node.Node, event abci.Event) error {
	if event.Type != channeltypes.EventTypeSendPacket && event.Type != channeltypes.EventTypeWriteAck {
		return nil
	}
	packet, err := packetOf(event)
	if err != nil {
		return err
	}
	if event.Type == channeltypes.EventTypeSendPacket {
		return n.sent(chain, packet)
	}
	ack, err := ibctesting.ParseAckFromEvents([]abci.Event{event})
	if err != nil {
		return err
	}
	for _, it := range n.packets {
		if it.to.on == chain && it.DestinationPort == packet.DestinationPort &&
			it.DestinationChannel == packet.DestinationChannel && it.Sequence == packet.Sequence {
			it.Ack = ack
		}
	}
	return nil
}
