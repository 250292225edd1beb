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

// Offer begins a channel over a connection, which its Init, Try, Ack and Confirm open. The first port is
// on the first chain.
func (n *Network) Offer(over *Connection, first *node.Node, offer Offer) *Channel {
	channel := &Channel{offer: offer}
	for index, end := range over.from(first).ends {
		channel.ends[index] = channelEnd{connectionEnd: end, port: offer.Ports[index]}
	}
	n.channels = append(n.channels, channel)
	return channel
}

// Open opens a channel over a connection, and returns the events of the four messages. When a chain
// refuses its part of the handshake, what the parts before have left stays.
func (n *Network) Open(over *Connection, first *node.Node, offer Offer) (*Channel, sdk.Events, error) {
	channel := n.Offer(over, first, offer)
	var events sdk.Events
	for _, part := range []func() (node.Outcome, error){channel.Init, channel.Try, channel.Ack, channel.Confirm} {
		outcome, err := part()
		if err != nil {
			return channel, nil, err
		}
		events = append(events, outcome.Events...)
	}
	return channel, events, nil
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

// Newest is the newest channel of a port on a chain to another chain, open or not; false when there is
// none.
func (n *Network) Newest(from, to *node.Node, port string) (string, bool) {
	id := ""
	for _, channel := range n.channels {
		for _, end := range channel.ends {
			if end.on == from && end.of == to && end.port == port && end.id != "" {
				id = end.id
			}
		}
	}
	return id, id != ""
}

// sent takes note of a packet.
func (n *Network) sent(chain *node.Node, packet channeltypes.Packet) error {
	for _, channel := range n.channels {
		for index, end := range channel.ends {
			if end.on == chain && end.port == packet.SourcePort && end.id == packet.SourceChannel {
				n.packets = append(n.packets, &Packet{
					Packet: packet, from: end, to: channel.ends[1-index], ordered: channel.offer.Ordered,
					lost: map[Message]bool{},
				})
				return nil
			}
		}
	}
	return fmt.Errorf("%s has sent a packet over the unknown channel %s of %s", chain.ID(), packet.SourceChannel, packet.SourcePort)
}
