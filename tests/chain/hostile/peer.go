package hostile

// Peer is a contract with channels that, like a [Script], says the same whatever it is asked. Each
// answer is the JSON of a contract's result; an empty one stands for [Done].
type Peer struct {
	// Execute is the answer to messages.
	Execute string
	// Open, Connect and Close are its answers to the parts of a handshake and to the end of a channel.
	// Open has nothing to add to the version that it is offered when it is empty.
	Open, Connect, Close string
	// Receive, Ack and Timeout are its answers to what becomes of packets. The empty Receive
	// acknowledges with "yes".
	Receive, Ack, Timeout string
	// Source and Destination are its answers when coins come back or arrive.
	Source, Destination string
}

// Accepted is the answer that opens a channel as it was offered.
const Accepted = `{"ok":null}`

// Yes is the answer to a packet that acknowledges it with "yes".
const Yes = `{"ok":{"acknowledgement":"eWVz","messages":[],"attributes":[],"events":[]}}`

// Wasm is the contract's code.
func (p Peer) Wasm() []byte {
	data := newMemory()
	answer := func(text, otherwise string) []byte {
		if text == "" {
			text = otherwise
		}
		return constant(data.region(text))
	}
	done := answer("", Done)
	execute := answer(p.Execute, Done)
	var entries []entry
	for _, it := range []struct{ name, text, otherwise string }{
		{"ibc_channel_open", p.Open, Accepted},
		{"ibc_channel_connect", p.Connect, Done},
		{"ibc_channel_close", p.Close, Done},
		{"ibc_packet_receive", p.Receive, Yes},
		{"ibc_packet_ack", p.Ack, Done},
		{"ibc_packet_timeout", p.Timeout, Done},
		{"ibc_source_callback", p.Source, Done},
		{"ibc_destination_callback", p.Destination, Done},
	} {
		entries = append(entries, entry{it.name, entryPoint, answer(it.text, it.otherwise)})
	}
	entries = append(entries,
		entry{"instantiate", entryWithSender, done},
		entry{"execute", entryWithSender, execute},
		entry{"migrate", entryPoint, done},
		entry{"reply", entryPoint, done},
	)
	return assemble(data, entries...)
}
