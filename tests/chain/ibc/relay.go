package ibc

import (
	"fmt"
	"slices"

	channeltypes "github.com/cosmos/ibc-go/v10/modules/core/04-channel/types"

	"cw-distribution/tests/chain/node"
)

// Orders are what a relayer is told to do. The zero value has it relay until nothing waits.
type Orders struct {
	// Only says which messages it cares for; nil stands for all.
	Only func(*Packet, Message) bool
	// Limit is how many messages it relays at most; nil for no limit.
	Limit *uint64
	// Reverse has it begin each round with the last message.
	Reverse bool
	// Drop has the messages that wait now be lost.
	Drop bool
	// Duplicate has it relay everything twice.
	Duplicate bool
	// Timeouts has it relay timeouts too.
	Timeouts bool
}

// Relayed is a message that a relayer has sent, or lost.
type Relayed struct {
	*Packet
	Message Message
	// Outcome is what it has left behind where it arrived.
	Outcome node.Outcome
	Dropped bool
}

// Relay relays between chains, in rounds: what waits now, by the chain that has sent the packet, in
// the order of chains, and for each of them in the order in which it has sent packets; then what waits
// after that. A message that a chain refuses ends it with an error and still waits.
func (n *Network) Relay(chains []*node.Node, orders Orders) ([]Relayed, error) {
	n.packets = slices.DeleteFunc(n.packets, func(it *Packet) bool { return !it.pending() })
	var done []Relayed
	for n.err == nil {
		round := n.round(chains, orders)
		for index := range round {
			it := &round[index]
			if orders.Limit != nil && uint64(len(done)) >= *orders.Limit {
				return done, n.err
			}
			if message, waits := n.waits(it.Packet); !waits || message != it.Message {
				continue
			}
			if err := it.do(orders); err != nil {
				return done, err
			}
			done = append(done, *it)
		}
		if len(round) == 0 || orders.Drop {
			break
		}
	}
	return done, n.err
}

// round lists what waits.
func (n *Network) round(chains []*node.Node, orders Orders) []Relayed {
	var round []Relayed
	for _, chain := range chains {
		for _, packet := range n.packets {
			message, waits := n.waits(packet)
			if packet.from.on != chain || !waits || message == Timeout && !orders.Timeouts ||
				orders.Only != nil && !orders.Only(packet, message) {
				continue
			}
			round = append(round, Relayed{Packet: packet, Message: message})
		}
	}
	if orders.Reverse {
		slices.Reverse(round)
	}
	return round
}

// waits is the message about a packet that a relayer can bring now; false when there is none. On an
// ordered channel nothing waits behind a packet that will never come: one that is too late or whose
// message is lost.
func (n *Network) waits(packet *Packet) (Message, bool) {
	message, waits := packet.waiting()
	if !waits || !packet.ordered || message == Timeout {
		return message, waits
	}
	next := packet.next()
	if message == Acknowledge {
		next = packet.nextAck()
	}
	for _, it := range n.packets {
		if it.from == packet.from && it.Sequence == next {
			isLate := message == Receive && it.late()
			return message, it.pending() && !isLate && !it.lost[message]
		}
	}
	return message, false
}

func (r *Relayed) do(orders Orders) error {
	if orders.Drop {
		r.Dropped = true
		r.lost[r.Message] = true
		return nil
	}
	var err error
	if r.Outcome, _, err = r.relay(r.Message); err != nil || !orders.Duplicate {
		return err
	}
	_, result, err := r.relay(r.Message)
	if err == nil && result != channeltypes.NOOP {
		err = fmt.Errorf("%s of packet %d of %s had an effect twice", r.Message, r.Sequence, r.SourceChannel)
	}
	return err
}
