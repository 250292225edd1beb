// Package ibc connects chains of package node by ibc-go: light clients, connections and channels with
// their handshakes, and packets with their proofs. It does what a relayer does, with the messages that
// a relayer sends: each chain is shown signed headers and committed state of the other one.
//
// What is committed for a proof is hidden by [node.Node.Settle]: no step of this package moves the
// height or time that contracts see.
package ibc

import (
	connectiontypes "github.com/cosmos/ibc-go/v10/modules/core/03-connection/types"
	commitmenttypes "github.com/cosmos/ibc-go/v10/modules/core/23-commitment/types"
	host "github.com/cosmos/ibc-go/v10/modules/core/24-host"
	"github.com/cosmos/ibc-go/v10/modules/core/exported"

	"cw-distribution/tests/chain/node"
)

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
	for _, step := range []func() error{c.init, c.try, c.ack, c.confirm} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return c, nil
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

// prefix is where all chains keep IBC's state.
var prefix = commitmenttypes.NewMerklePrefix([]byte(exported.StoreKey))

// versions are what a connection may be used for: ordered and unordered channels.
var versions = connectiontypes.GetCompatibleVersions()

func (c *Connection) init() error {
	a, b := &c.ends[0], c.ends[1]
	a.id = connectiontypes.FormatConnectionIdentifier(
		a.on.App.IBCKeeper.ConnectionKeeper.GetNextConnectionSequence(a.on.Context()))
	message := connectiontypes.NewMsgConnectionOpenInit(a.client.id, b.client.id, prefix, versions[0], 0, relayer)
	_, err := a.on.Deliver(message, &connectiontypes.MsgConnectionOpenInitResponse{})
	return err
}

func (c *Connection) try() error {
	a, b := c.ends[0], &c.ends[1]
	shown, err := b.prove(host.ConnectionKey(a.id))
	if err != nil {
		return err
	}
	b.id = connectiontypes.FormatConnectionIdentifier(
		b.on.App.IBCKeeper.ConnectionKeeper.GetNextConnectionSequence(b.on.Context()))
	message := connectiontypes.NewMsgConnectionOpenTry(
		b.client.id, a.id, a.client.id, prefix, versions, 0, shown.bytes, shown.height, relayer)
	_, err = b.on.Deliver(message, &connectiontypes.MsgConnectionOpenTryResponse{})
	return err
}

func (c *Connection) ack() error {
	a, b := c.ends[0], c.ends[1]
	shown, err := a.prove(host.ConnectionKey(b.id))
	if err != nil {
		return err
	}
	message := connectiontypes.NewMsgConnectionOpenAck(a.id, b.id, shown.bytes, shown.height, versions[0], relayer)
	_, err = a.on.Deliver(message, &connectiontypes.MsgConnectionOpenAckResponse{})
	return err
}

func (c *Connection) confirm() error {
	a, b := c.ends[0], c.ends[1]
	shown, err := b.prove(host.ConnectionKey(a.id))
	if err != nil {
		return err
	}
	message := connectiontypes.NewMsgConnectionOpenConfirm(b.id, shown.bytes, shown.height, relayer)
	_, err = b.on.Deliver(message, &connectiontypes.MsgConnectionOpenConfirmResponse{})
	return err
}
