package ibc

import (
	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
	host "github.com/cosmos/ibc-go/v10/modules/core/24-host"

	"cw-distribution/tests/chain/node"
)

// Channel is a channel, or what a handshake has left of one. Its first end opens it: Init there, Try on
// the other end, Ack, Confirm.
type Channel struct {
	offer Offer
	ends  [2]channelEnd
}

// channelEnd is a channel as one of its chains has it.
type channelEnd struct {
	connectionEnd
	port string
	// id is empty until the chain has taken its first step of the handshake.
	id string
}

// Offer is a channel that somebody wants to open.
type Offer struct {
	// Ports are those of the end that opens the channel and of the other one.
	Ports [2]string
	// Ordered says whether packets arrive in the order in which they were sent.
	Ordered bool
	Version string
}

// Identifiers are the channel's on its two chains, the one that opened it first.
func (c *Channel) Identifiers() [2]string { return [2]string{c.ends[0].id, c.ends[1].id} }

// Version is what both chains have agreed on.
func (c *Channel) Version() string { return c.ends[0].state().Version }

func (c *Channel) order() channeltypes.Order {
	if c.offer.Ordered {
		return channeltypes.ORDERED
	}
	return channeltypes.UNORDERED
}

// state is the channel as the chain has it.
func (e channelEnd) state() channeltypes.Channel {
	channel, _ := e.on.App.IBCKeeper.ChannelKeeper.GetChannel(e.on.Context(), e.port, e.id)
	return channel
}

func (e channelEnd) key() []byte { return host.ChannelKey(e.port, e.id) }

// Init has the first end offer the channel.
func (c *Channel) Init() (node.Outcome, error) {
	a, b := &c.ends[0], c.ends[1]
	if err := a.update(); err != nil {
		return node.Outcome{}, err
	}
	message := channeltypes.NewMsgChannelOpenInit(
		a.port, c.offer.Version, c.order(), []string{a.connectionEnd.id}, b.port, relayer)
	var response channeltypes.MsgChannelOpenInitResponse
	outcome, err := a.on.Deliver(message, &response)
	a.id = response.ChannelId
	return outcome, err
}

// Try has the other end take the offer.
func (c *Channel) Try() (node.Outcome, error) {
	a, b := c.ends[0], &c.ends[1]
	shown, err := b.prove(a.key())
	if err != nil {
		return node.Outcome{}, err
	}
	version := a.state().Version
	message := channeltypes.NewMsgChannelOpenTry(
		b.port, version, c.order(), []string{b.connectionEnd.id}, a.port, a.id, version, shown.bytes, shown.height, relayer)
	var response channeltypes.MsgChannelOpenTryResponse
	outcome, err := b.on.Deliver(message, &response)
	b.id = response.ChannelId
	return outcome, err
}

// Ack opens the first end.
func (c *Channel) Ack() (node.Outcome, error) {
	prepared, err := c.PrepareAck()
	if err != nil {
		return node.Outcome{}, err
	}
	return prepared.Deliver()
}

// PrepareAck makes the message ready that opens the first end.
func (c *Channel) PrepareAck() (Prepared, error) {
	a, b := c.ends[0], c.ends[1]
	shown, err := a.prove(b.key())
	return Prepared{
		on: a.on, response: &channeltypes.MsgChannelOpenAckResponse{},
		message: channeltypes.NewMsgChannelOpenAck(
			a.port, a.id, b.id, b.state().Version, shown.bytes, shown.height, relayer),
	}, err
}

// Confirm opens the other end.
func (c *Channel) Confirm() (node.Outcome, error) {
	a, b := c.ends[0], c.ends[1]
	shown, err := b.prove(a.key())
	if err != nil {
		return node.Outcome{}, err
	}
	message := channeltypes.NewMsgChannelOpenConfirm(b.port, b.id, shown.bytes, shown.height, relayer)
	return b.on.Deliver(message, &channeltypes.MsgChannelOpenConfirmResponse{})
}

// closeEnd closes one of the channel's ends: the one that closes first if its module lets anybody do
// so, the other one after it.
func (c *Channel) closeEnd(index int) (node.Outcome, error) {
	near, far := c.ends[index], c.ends[1-index]
	if far.state().State == channeltypes.CLOSED {
		shown, err := near.prove(far.key())
		if err != nil {
			return node.Outcome{}, err
		}
		message := channeltypes.NewMsgChannelCloseConfirm(near.port, near.id, shown.bytes, shown.height, relayer)
		return near.on.Deliver(message, &channeltypes.MsgChannelCloseConfirmResponse{})
	}
	if err := near.update(); err != nil {
		return node.Outcome{}, err
	}
	message := channeltypes.NewMsgChannelCloseInit(near.port, near.id, relayer)
	return near.on.Deliver(message, &channeltypes.MsgChannelCloseInitResponse{})
}
