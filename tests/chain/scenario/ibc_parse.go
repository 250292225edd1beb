package scenario

import (
	"strings"

	"cw-distribution/tests/chain/ibc"
)

// distributionVersion is what the contracts of the suite speak over a channel.
const distributionVersion = `{"protocol":"ccv-distribution","version":"1"}`

// transferSeconds is how long a transfer may take when a step does not say.
const transferSeconds = 600

func parseConnect(t tree) (any, error) {
	var it Connect
	err := fields{"a": text(&it.A), "b": text(&it.B)}.read(t, "a", "b")
	return it, err
}

func parseTransferChannel(t tree) (any, error) {
	var it TransferChannel
	err := fields{"a": text(&it.A), "b": text(&it.B), "connection": text(&it.Connection)}.read(t, "a", "b")
	return it, err
}

func parseOpenChannel(t tree) (any, error) {
	it := OpenChannel{Version: distributionVersion}
	err := fields{
		"a": into(&it.A, parseChannelEnd), "b": into(&it.B, parseChannelEnd),
		"order": into(&it.Ordered, parseOrder), "version": text(&it.Version), "connection": text(&it.Connection),
	}.read(t, "a", "b", "order")
	return it, err
}

func parseChannelEnd(t tree) (ChannelEnd, error) {
	var it ChannelEnd
	err := it.fields().read(t, "chain")
	if err == nil {
		err = it.oneOf(t)
	}
	return it, err
}

func (e *ChannelEnd) fields() fields {
	return fields{"chain": text(&e.Chain), "contract": text(&e.Contract), "port": text(&e.Port)}
}

func (e *ChannelEnd) oneOf(t tree) error {
	if (e.Contract == "") == (e.Port == "") {
		return t.wrong("a channel ends at a `contract` or at a `port`")
	}
	return nil
}

func parseOrder(t tree) (bool, error) {
	text, err := t.text()
	if err == nil && text != "ordered" && text != "unordered" {
		err = t.wrong("%q is no order: those are \"ordered\" and \"unordered\"", text)
	}
	return text == "ordered", err
}

func parseTransfer(t tree) (any, error) {
	it := Transfer{Seconds: transferSeconds}
	err := fields{
		"from": text(&it.From), "to": text(&it.To), "amount": into(&it.Amount, parseCoin),
		"memo": into(&it.Memo, parseMemo), "timeout_seconds": into(&it.Seconds, parseCount), "channel": text(&it.Channel),
	}.read(t, "from", "to", "amount")
	return it, err
}

func parseMemo(t tree) (any, error) {
	switch t.value.(type) {
	case string, []member:
		return t.plain(), nil
	default:
		return nil, t.wrong("expected a string or an object, came %s", t.kind())
	}
}

func parseRelay(t tree) (any, error) {
	var it Relay
	err := fields{
		"only": into(&it.Only, parseSelection), "limit": into(&it.Limit, parseCountAt),
		"reverse": into(&it.Reverse, tree.boolean), "drop": into(&it.Drop, tree.boolean),
		"duplicate": into(&it.Duplicate, tree.boolean), "timeouts": into(&it.Timeouts, tree.boolean),
	}.read(t)
	return it, err
}

func parseCountAt(t tree) (*uint64, error) {
	count, err := parseCount(t)
	return &count, err
}

func parseSelection(t tree) (Selection, error) {
	var it Selection
	err := fields{
		"from": text(&it.From), "channel": text(&it.Channel), "sequence": into(&it.Sequence, parseCountAt),
		"message": into(&it.Message, parseMessage),
	}.read(t)
	return it, err
}

func parseMessage(t tree) (ibc.Message, error) {
	text, err := t.text()
	message := ibc.Message(text)
	switch {
	case err != nil:
	case message == ibc.Receive || message == ibc.Acknowledge || message == ibc.Timeout:
	default:
		err = t.wrong("%q is no message: those are %q, %q and %q", text, ibc.Receive, ibc.Acknowledge, ibc.Timeout)
	}
	return message, err
}

func parseExpireClient(t tree) (any, error) {
	var it ExpireClient
	err := fields{"chain": text(&it.Chain)}.read(t, "chain")
	return it, err
}

func parseCloseChannel(t tree) (any, error) {
	var it CloseChannel
	keys := it.fields()
	keys["channel"] = text(&it.Channel)
	err := keys.read(t, "chain", "channel")
	if err == nil {
		err = it.oneOf(t)
	}
	return it, err
}

// receiver is the chain and name of who gets a transfer: without a chain, the other one of two.
func (f File) receiver(from, to string) (chain, name string, known bool) {
	if chain, name, found := strings.Cut(to, "/"); found {
		_, known := f.Chains[chain]
		return chain, name, known
	}
	for other := range f.Chains {
		if other != from && len(f.Chains) == 2 {
			return other, to, true
		}
	}
	return "", to, false
}
