package ibc

import (
	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"

	"cw-distribution/tests/chain/node"
)

// Message is what a relayer does with a packet.
type Message string

const (
	// Receive has a packet arrive.
	Receive Message = "receive"
	// Acknowledge gives its acknowledgement to the sender.
	Acknowledge Message = "acknowledge"
	// Timeout proves to the sender that it has not arrived and will not.
	Timeout Message = "timeout"
)

// Packet is one that was sent over a channel.
type Packet struct {
	channeltypes.Packet
	// Ack is the acknowledgement; nil while the other chain has not written it.
	Ack []byte
	// from and to are the ends of its channel.
	from, to channelEnd
	ordered  bool
	// lost are the messages that no relayer will send.
	lost map[Message]bool
}

// From is the chain that has sent the packet.
func (p *Packet) From() *node.Node { return p.from.on }

// pending says whether the sender waits for what becomes of the packet.
func (p *Packet) pending() bool {
	return p.from.on.App.IBCKeeper.ChannelKeeper.HasPacketCommitment(
		p.from.on.Context(), p.SourcePort, p.SourceChannel, p.Sequence)
}

// received says whether the packet has arrived.
func (p *Packet) received() bool {
	if p.ordered {
		return p.next() > p.Sequence
	}
	_, found := p.to.on.App.IBCKeeper.ChannelKeeper.GetPacketReceipt(
		p.to.on.Context(), p.DestinationPort, p.DestinationChannel, p.Sequence)
	return found
}

// next is the number that the receiving end of an ordered channel waits for.
func (p *Packet) next() uint64 {
	next, _ := p.to.on.App.IBCKeeper.ChannelKeeper.GetNextSequenceRecv(
		p.to.on.Context(), p.DestinationPort, p.DestinationChannel)
	return next
}

// nextAck is the number whose acknowledgement the sending end of an ordered channel waits for.
func (p *Packet) nextAck() uint64 {
	next, _ := p.from.on.App.IBCKeeper.ChannelKeeper.GetNextSequenceAck(
		p.from.on.Context(), p.SourcePort, p.SourceChannel)
	return next
}

// late says whether the packet's timeout has passed on the chain where it should arrive.
func (p *Packet) late() bool {
	return p.TimeoutTimestamp > 0 && p.TimeoutTimestamp <= uint64(p.to.on.Time().UnixNano())
}

// waiting is the message that the chains would take now; false when there is none.
func (p *Packet) waiting() (Message, bool) {
	if !p.pending() {
		return "", false
	}
	var message Message
	from, to := p.from.state().State, p.to.state().State
	switch {
	case p.received():
		message = Acknowledge
		if p.Ack == nil || from != channeltypes.OPEN || !p.from.active() {
			return "", false
		}
	case to == channeltypes.CLOSED || p.late():
		message = Timeout
		if !p.from.active() {
			return "", false
		}
	default:
		message = Receive
		if to != channeltypes.OPEN || !p.to.active() {
			return "", false
		}
	}
	return message, !p.lost[message]
}

// relay sends a message about the packet. One that was sent before changes nothing.
func (p *Packet) relay(message Message) (node.Outcome, result, error) {
	prepared, err := p.prepare(message)
	if err != nil {
		return node.Outcome{}, 0, err
	}
	outcome, err := prepared.Deliver()
	return outcome, prepared.result(), err
}
