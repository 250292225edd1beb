package ibc

import (
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"

	"cw-distribution/tests/chain/node"
)

// Network is what a relayer knows of some chains: connections, channels and packets, each in the order
// in which they were made.
type Network struct {
	connections []*Connection
	channels    []*Channel
	packets     []*Packet
	// err is what was wrong with an event.
	err error
}

// Connect makes a client on each of two chains and a connection over them.
func (n *Network) Connect(a, b *node.Node) (*Connection, error) {
	connection, err := connect(a, b)
	if err == nil {
		n.connections = append(n.connections, connection)
	}
	return connection, err
}

// Connection is the newest one between two chains, or the one that is called so on a.
func (n *Network) Connection(a, b *node.Node, id string) (*Connection, error) {
	var newest *Connection
	for _, it := range n.connections {
		onA, endsOnA := it.On(a)
		_, endsOnB := it.On(b)
		if endsOnA && endsOnB && (id == "" || id == onA) {
			newest = it
		}
	}
	if newest == nil {
		return nil, fmt.Errorf("no connection %s between %s and %s: connection not found", id, a.ID(), b.ID())
	}
	return newest, nil
}

// Expire ends every client that is on a chain now.
func (n *Network) Expire(on *node.Node) error {
	for _, connection := range n.connections {
		for _, end := range connection.ends {
			if end.on != on {
				continue
			}
			if err := end.expire(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Open opens a channel over a connection, and returns the events of the four messages. The chain of
// the first port opens it. When a chain refuses its part of the handshake, what the parts before have
// left stays.
func (n *Network) Open(over *Connection, first *node.Node, offer Offer) (*Channel, sdk.Events, error) {
	channel, events, err := over.from(first).open(offer)
	if channel.ends[0].id != "" {
		n.channels = append(n.channels, channel)
	}
	return channel, events, err
}

// Close closes a channel's end; the other one stays as it is.
func (n *Network) Close(on *node.Node, port, id string) (node.Outcome, error) {
	for _, channel := range n.channels {
		for index, end := range channel.ends {
			if end.on == on && end.port == port && end.id == id {
				return channel.closeEnd(index)
			}
		}
	}
	return node.Outcome{}, fmt.Errorf("%s has no channel %s of %s: channel not found", on.ID(), id, port)
}

// TransferChannel is the newest channel of a chain for ICS-20 transfers to another one; false when
// there is none.
func (n *Network) TransferChannel(from, to *node.Node, port string) (string, bool) {
	id, found := "", false
	for _, channel := range n.channels {
		for index, end := range channel.ends {
			if end.on == from && end.of == to && end.port == port && channel.ends[index].id != "" {
				id, found = end.id, true
			}
		}
	}
	return id, found
}

// sent takes note of a packet.
func (n *Network) sent(chain *node.Node, packet channeltypes.Packet) error {
	for _, channel := range n.channels {
		for index, end := range channel.ends {
			if end.on == chain && end.port == packet.SourcePort && end.id == packet.SourceChannel {
				n.packets = append(n.packets, &Packet{
					Packet: packet, from: end, to: channel.ends[1-index], ordered: channel.Ordered,
					lost: map[Message]bool{},
				})
				return nil
			}
		}
	}
	return fmt.Errorf("%s has sent a packet over the unknown channel %s of %s", chain.ID(), packet.SourceChannel, packet.SourcePort)
}
