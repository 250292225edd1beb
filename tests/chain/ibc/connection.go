// Package ibc connects chains of package node by ibc-go: light clients, connections and channels with
// their handshakes, and packets with their proofs. It does what a relayer does, with the messages that
// a relayer sends: each chain is shown signed headers and committed state of the other one.
//
// What is committed for a proof is hidden by [node.Node.Settle]: no step of this package moves the
// height or time that contracts see.
package ibc

import "cw-distribution/tests/chain/node"

// Connection joins two chains.
type Connection struct {
	ends [2]connectionEnd
}

// connectionEnd is a connection as one of its chains has it.
type connectionEnd struct {
	*client
	id string
}

// connect makes a client on each of two chains and a connection over them. The first chain opens it.
func connect(a, b *node.Node) (*Connection, error) {
	c := &Connection{}
	var err error
	if c.ends[0].client, err = newClient(a, b); err != nil {
		return nil, err
	}
	if c.ends[1].client, err = newClient(b, a); err != nil {
		return nil, err
	}
	return c, c.handshake()
}

// On is the connection's identifier on one of its chains; false when it does not end there.
func (c *Connection) On(chain *node.Node) (string, bool) {
	for _, end := range c.ends {
		if end.on == chain {
			return end.id, true
		}
	}
	return "", false
}

// from is the connection with the end on a chain first.
func (c *Connection) from(chain *node.Node) *Connection {
	if c.ends[0].on == chain {
		return c
	}
	return &Connection{ends: [2]connectionEnd{c.ends[1], c.ends[0]}}
}
