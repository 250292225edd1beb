package scenario

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v10/modules/core/02-client/types"

	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
)

// betweenChains does what a step about several chains says.
func (a *action) betweenChains(do any) (any, error) {
	switch it := do.(type) {
	case Connect:
		return a.connect(it)
	case TransferChannel:
		return a.open(it.A, it.B, it.Connection, ibc.Offer{
			Ports:   [2]string{transfertypes.PortID, transfertypes.PortID},
			Version: ibc.TransferVersion,
		})
	case OpenChannel:
		return a.open(it.A.Chain, it.B.Chain, it.Connection, ibc.Offer{
			Ports: [2]string{a.names.port(it.A), a.names.port(it.B)}, Ordered: it.Ordered, Version: it.Version,
		})
	case Transfer:
		return a.transfer(it)
	case Relay:
		return a.relay(it)
	case ExpireClient:
		return map[string]any{}, a.network.Expire(a.chains[it.Chain].Node)
	case CloseChannel:
		return a.transaction(a.network.Close(a.chains[it.Chain].Node, a.names.port(it.ChannelEnd), it.Channel))
	default:
		return nil, fmt.Errorf("a step of type %T cannot be played", do)
	}
}

func (a *action) connect(it Connect) (any, error) {
	first, second := a.chains[it.A].Node, a.chains[it.B].Node
	connection, err := a.network.Connect(first, second)
	if err != nil {
		return nil, err
	}
	onA, _ := connection.On(first)
	onB, _ := connection.On(second)
	return map[string]any{"a": onA, "b": onB}, nil
}

func (a *action) open(nameA, nameB, over string, offer ibc.Offer) (any, error) {
	first, second := a.chains[nameA].Node, a.chains[nameB].Node
	connection, err := a.network.Connection(first, second, over)
	if err != nil {
		return nil, err
	}
	channel, events, err := a.network.Open(connection, first, offer)
	if err != nil {
		return nil, err
	}
	ids := channel.Identifiers()
	return map[string]any{
		"a": ids[0], "b": ids[1], "version": channel.Version(), "events": contractEvents(events),
	}, nil
}

// port is what a chain calls an end of a channel.
func (n *names) port(end ChannelEnd) string {
	if end.Port != "" {
		return end.Port
	}
	return contractPort(n.address(end.Chain, end.Contract))
}

func (a *action) transfer(it Transfer) (any, error) {
	chain, name, _ := a.file.receiver(a.chain, it.To)
	amount, err := coins([]Coin{it.Amount})
	if err != nil {
		return nil, err
	}
	memo, err := a.names.memo(a.chain, it.Memo)
	if err != nil {
		return nil, err
	}
	channel := it.Channel
	if channel == "" {
		var found bool
		if channel, found = a.network.Newest(a.on.Node, a.chains[chain].Node, transfertypes.PortID); !found {
			return nil, fmt.Errorf("no transfer channel from %s to %s: channel not found", a.chain, chain)
		}
	}
	timeout := uint64(a.on.Time().Add(time.Duration(it.Seconds) * time.Second).UnixNano())
	message := transfertypes.NewMsgTransfer(transfertypes.PortID, channel, amount[0],
		a.address(it.From).String(), a.names.address(chain, name).String(), clienttypes.ZeroHeight(), timeout, memo)
	var response transfertypes.MsgTransferResponse
	outcome, err := a.on.Deliver(message, &response)
	a.gas = &outcome.Gas
	if err != nil {
		return nil, err
	}
	result := transaction(outcome)
	result["channel"], result["sequence"] = channel, number(response.Sequence)
	return result, nil
}

func number(of uint64) json.Number { return json.Number(fmt.Sprint(of)) }

// memo is the text of a memo.
func (n *names) memo(chain string, memo any) (string, error) {
	if memo == nil {
		return "", nil
	}
	holder, err := n.object(chain, map[string]any{"memo": memo})
	if err != nil {
		return "", err
	}
	text, isText := holder["memo"].(string)
	if !isText {
		return "", fmt.Errorf("a memo is a text, not %v", holder["memo"])
	}
	return text, nil
}

func (a *action) relay(it Relay) (any, error) {
	names := map[*node.Node]string{}
	var chains []*node.Node
	for _, name := range slices.Sorted(maps.Keys(a.chains)) {
		chain := a.chains[name].Node
		names[chain] = name
		chains = append(chains, chain)
	}
	only := it.Only
	relayed, err := a.network.Relay(chains, ibc.Orders{
		Only: func(packet *ibc.Packet, message ibc.Message) bool {
			return only.fits(names[packet.From()], packet, message)
		},
		Limit: it.Limit, Reverse: it.Reverse, Drop: it.Drop, Duplicate: it.Duplicate, Timeouts: it.Timeouts,
	})
	a.gas = &node.Gas{}
	list := make([]any, 0, len(relayed))
	for _, message := range relayed {
		a.gas.Add(message.Outcome.Gas)
		list = append(list, relayedMessage(names[message.From()], message))
	}
	return map[string]any{"relayed": list}, err
}

func (s Selection) fits(from string, packet *ibc.Packet, message ibc.Message) bool {
	return (s.From == "" || s.From == from) &&
		(s.Channel == "" || s.Channel == packet.SourceChannel) &&
		(s.Sequence == nil || *s.Sequence == packet.Sequence) &&
		(s.Message == "" || s.Message == message)
}

func relayedMessage(from string, it ibc.Relayed) map[string]any {
	shown := map[string]any{
		"message": string(it.Message), "from": from, "channel": it.SourceChannel, "sequence": number(it.Sequence),
	}
	if it.Dropped {
		shown["dropped"] = true
		return shown
	}
	if it.Message != ibc.Timeout {
		shown["ack"] = data(it.Ack)
	}
	shown["events"] = contractEvents(it.Outcome.Events)
	shown["gas"] = number(it.Outcome.Gas.Total)
	return shown
}
