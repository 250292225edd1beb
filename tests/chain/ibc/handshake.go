package ibc

import (
	connectiontypes "github.com/cosmos/ibc-go/v10/modules/core/03-connection/types"
	commitmenttypes "github.com/cosmos/ibc-go/v10/modules/core/23-commitment/types"
	host "github.com/cosmos/ibc-go/v10/modules/core/24-host"
	"github.com/cosmos/ibc-go/v10/modules/core/exported"
)

// prefix is where all chains keep IBC's state.
var prefix = commitmenttypes.NewMerklePrefix([]byte(exported.StoreKey))

// versions are what a connection may be used for: ordered and unordered channels.
var versions = connectiontypes.GetCompatibleVersions()

// handshake opens a connection.
func (c *Connection) handshake() error {
	for _, step := range []func() error{c.init, c.try, c.ack, c.confirm} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

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
