package ibc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	transfertypes "github.com/cosmos/ibc-go/v10/modules/apps/transfer/types"

	"cw-distribution/tests/chain/ibc"
	"cw-distribution/tests/chain/node"
)

// pair is two chains with a connection.
func pair(t *testing.T) (*ibc.Network, *ibc.Connection, [2]*node.Node) {
	t.Helper()
	network := &ibc.Network{}
	var chains [2]*node.Node
	for index, id := range []string{"hub-1", "zone-1"} {
		chain, err := node.New(node.Genesis{ChainID: id})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, chain.Close()) })
		network.Watch(chain)
		chains[index] = chain
	}
	connection, err := network.Connect(chains[0], chains[1])
	require.NoError(t, err)
	return network, connection, chains
}

var transfers = ibc.Offer{Ports: [2]string{transfertypes.PortID, transfertypes.PortID}, Version: ibc.TransferVersion}

func TestHandshakesMayBeInterleaved(t *testing.T) {
	network, connection, chains := pair(t)
	first := network.Offer(connection, chains[0], transfers)
	second := network.Offer(connection, chains[1], transfers)
	for _, part := range []func() (node.Outcome, error){
		first.Init, second.Init, second.Try, first.Try, first.Ack, second.Ack, second.Confirm, first.Confirm,
	} {
		_, err := part()
		require.NoError(t, err)
	}
	require.Equal(t, [2]string{"channel-0", "channel-1"}, first.Identifiers())
	require.Equal(t, [2]string{"channel-0", "channel-1"}, second.Identifiers())
}

func TestAPartOfAHandshakeNeedsTheOneBefore(t *testing.T) {
	network, connection, chains := pair(t)
	channel := network.Offer(connection, chains[0], transfers)
	_, err := channel.Init()
	require.NoError(t, err)
	_, err = channel.Confirm()
	require.Error(t, err)
	_, err = channel.Ack()
	require.Error(t, err)
}

func TestProofsMoveNoClock(t *testing.T) {
	network, connection, chains := pair(t)
	require.NoError(t, chains[0].Next())
	height, now := chains[0].Height(), chains[0].Time()
	_, _, err := network.Open(connection, chains[0], transfers)
	require.NoError(t, err)
	require.Equal(t, height, chains[0].Height())
	require.Equal(t, now, chains[0].Time())
	require.EqualValues(t, 2, height)
}
