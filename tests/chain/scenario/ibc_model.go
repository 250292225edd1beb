package scenario

import "cw-distribution/tests/chain/ibc"

// ofSeveralChains is a step that names its chains itself.
type ofSeveralChains interface {
	// shown is the chain of the outcome; empty for none.
	shown() string
}

// Connect makes a light client on each of two chains and a connection.
type Connect struct{ A, B string }

// TransferChannel opens a channel for ICS-20 transfers.
type TransferChannel struct {
	A, B string
	// Connection is its identifier on A; empty for the newest between the two.
	Connection string
}

// ChannelEnd is where a channel ends: at a contract or at a port.
type ChannelEnd struct{ Chain, Contract, Port string }

// OpenChannel opens a channel, of contracts as a rule.
type OpenChannel struct {
	A, B       ChannelEnd
	Ordered    bool
	Version    string
	Connection string
}

// Transfer sends a coin to another chain.
type Transfer struct {
	From, To string
	Amount   Coin
	// Memo is a text, or an object to be written as one.
	Memo    any
	Seconds uint64
	// Channel is its identifier on the sender's chain; empty for the newest to the receiver's.
	Channel string
}

// Relay relays packets, acknowledgements and, when it is told to, timeouts.
type Relay struct {
	Only                               Selection
	Limit                              *uint64
	Reverse, Drop, Duplicate, Timeouts bool
}

// Selection says which messages a relayer cares for; what is empty or nil fits all.
type Selection struct {
	// From and Channel are those of the packet's sender.
	From, Channel string
	Sequence      *uint64
	Message       ibc.Message
}

// ExpireClient ends all light clients on a chain.
type ExpireClient struct{ Chain string }

// CloseChannel closes one end of a channel.
type CloseChannel struct {
	ChannelEnd
	Channel string
}

func (it Connect) shown() string         { return it.A }
func (it TransferChannel) shown() string { return it.A }
func (it OpenChannel) shown() string     { return it.A.Chain }
func (it Relay) shown() string           { return "" }
func (it ExpireClient) shown() string    { return it.Chain }
func (it CloseChannel) shown() string    { return it.Chain }
