package ibc

import (
	connectiontypes "github.com/cosmos/ibc-go/v8/modules/core/03-connection/types"
	commitmenttypes "github.com/cosmos/ibc-go/v8/modules/core/23-commitment/types"
	"github.com/cosmos/ibc-go/v8/modules/core/exported"
)

// handshake writes both ends of a connection as the four messages leave them. With ibc-go v8 the
// messages also prove that each client knows the other chain's unbonding period and trusts a header
// for less than that, and clients here trust for a century.
func (c *Connection) handshake() error {
	for index := range c.ends {
		end := &c.ends[index]
		end.id = end.on.App.IBCKeeper.ConnectionKeeper.GenerateConnectionIdentifier(end.on.Context())
	}
	prefix := commitmenttypes.NewMerklePrefix([]byte(exported.StoreKey))
	for index, near := range c.ends {
		far := c.ends[1-index]
		keeper := near.on.App.IBCKeeper.ConnectionKeeper
		keeper.SetConnection(near.on.Context(), near.id, connectiontypes.NewConnectionEnd(
			connectiontypes.OPEN, near.client.id, connectiontypes.NewCounterparty(far.client.id, far.id, prefix),
			connectiontypes.GetCompatibleVersions(), 0))
		keeper.SetClientConnectionPaths(near.on.Context(), near.client.id, []string{near.id})
	}
	return nil
}
