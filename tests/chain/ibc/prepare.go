package ibc

import (
	"errors"
	"fmt"

	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"
	host "github.com/cosmos/ibc-go/v10/modules/core/24-host"

	"cw-distribution/tests/chain/node"
)

// Prepared is a message of a relayer with its proof. The chain for it has seen the header.
type Prepared struct {
	on       *node.Node
	message  sdk.Msg
	response proto.Message
	// result says whether a message about a packet has changed anything.
	result func() result
}

// result is what a chain answers to a message about a packet.
type result = channeltypes.ResponseResultType

// Deliver sends the message.
func (p Prepared) Deliver() (node.Outcome, error) { return p.on.Deliver(p.message, p.response) }

// Prepare makes the first message ready that waits between chains and that fits; it is not sent.
func (n *Network) Prepare(chains []*node.Node, orders Orders) (Prepared, error) {
	round := n.round(chains, orders)
	if n.err != nil {
		return Prepared{}, n.err
	}
	if len(round) == 0 {
		return Prepared{}, errors.New("no message waits that is wanted")
	}
	return round[0].prepare(round[0].Message)
}

func (p *Packet) prepare(message Message) (Prepared, error) {
	switch message {
	case Receive:
		return p.receive()
	case Acknowledge:
		return p.acknowledge()
	case Timeout:
		return p.timeOut()
	default:
		return Prepared{}, fmt.Errorf("no message about a packet is called %q", message)
	}
}

func (p *Packet) receive() (Prepared, error) {
	shown, err := p.to.prove(host.PacketCommitmentKey(p.SourcePort, p.SourceChannel, p.Sequence))
	response := &channeltypes.MsgRecvPacketResponse{}
	return Prepared{
		on: p.to.on, response: response, result: func() result { return response.Result },
		message: channeltypes.NewMsgRecvPacket(p.Packet, shown.bytes, shown.height, relayer),
	}, err
}

func (p *Packet) acknowledge() (Prepared, error) {
	shown, err := p.from.prove(host.PacketAcknowledgementKey(p.DestinationPort, p.DestinationChannel, p.Sequence))
	response := &channeltypes.MsgAcknowledgementResponse{}
	return Prepared{
		on: p.from.on, response: response, result: func() result { return response.Result },
		message: channeltypes.NewMsgAcknowledgement(p.Packet, p.Ack, shown.bytes, shown.height, relayer),
	}, err
}

func (p *Packet) timeOut() (Prepared, error) {
	key := host.PacketReceiptKey(p.DestinationPort, p.DestinationChannel, p.Sequence)
	if p.ordered {
		key = host.NextSequenceRecvKey(p.DestinationPort, p.DestinationChannel)
	}
	absence, err := p.from.prove(key)
	if err != nil {
		return Prepared{}, err
	}
	if p.to.state().State != channeltypes.CLOSED {
		response := &channeltypes.MsgTimeoutResponse{}
		return Prepared{
			on: p.from.on, response: response, result: func() result { return response.Result },
			message: channeltypes.NewMsgTimeout(p.Packet, p.next(), absence.bytes, absence.height, relayer),
		}, nil
	}
	closed, err := p.from.proven(p.to.key())
	response := &channeltypes.MsgTimeoutOnCloseResponse{}
	return Prepared{
		on: p.from.on, response: response, result: func() result { return response.Result },
		message: channeltypes.NewMsgTimeoutOnClose(
			p.Packet, p.next(), absence.bytes, closed.bytes, absence.height, relayer),
	}, err
}
