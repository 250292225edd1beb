package ibc

import (
	"fmt"
	"math"
	"time"

	clienttypes "github.com/cosmos/ibc-go/v10/modules/core/02-client/types"
	commitmenttypes "github.com/cosmos/ibc-go/v10/modules/core/23-commitment/types"
	"github.com/cosmos/ibc-go/v10/modules/core/exported"
	ibctm "github.com/cosmos/ibc-go/v10/modules/light-clients/07-tendermint"

	"github.com/cometbft/cometbft/types"

	"cw-distribution/tests/chain/node"
)

// century is how long a client trusts a header, and how far a header's clock may be ahead: chains
// here begin at any time, and a client lives until Expire ends it.
const century = 100 * 365 * 24 * time.Hour

// client is a chain's light client of another one.
type client struct {
	on, of *node.Node
	id     string
	// The latest header that the client has taken.
	height     clienttypes.Height
	validators *types.ValidatorSet
}

// relayer signs all messages of this package. Nothing depends on who it is.
var relayer = node.Account("relayer").String()

func newClient(on, of *node.Node) (*client, error) {
	if err := of.Settle(); err != nil {
		return nil, err
	}
	header, err := of.Header()
	if err != nil {
		return nil, err
	}
	c := &client{on: on, of: of, height: heightOf(header), validators: header.NextValidators}
	first := ibctm.Header{SignedHeader: header.Signed}
	state := ibctm.NewClientState(
		of.ID(), ibctm.DefaultTrustLevel, century, math.MaxInt64, century,
		c.height, commitmenttypes.GetSDKSpecs(), []string{"upgrade", "upgradedIBCState"})
	message, err := clienttypes.NewMsgCreateClient(state, first.ConsensusState(), relayer)
	if err != nil {
		return nil, err
	}
	c.id = clienttypes.FormatClientIdentifier(
		exported.Tendermint, on.App.IBCKeeper.ClientKeeper.GetNextClientSequence(on.Context()))
	_, err = on.Deliver(message, &clienttypes.MsgCreateClientResponse{})
	return c, err
}

func heightOf(header node.Header) clienttypes.Height {
	revision := clienttypes.ParseChainID(header.Signed.Header.ChainID)
	return clienttypes.NewHeight(revision, uint64(header.Signed.Header.Height))
}

// update shows the client the header of the other chain's open block.
func (c *client) update() error {
	header, err := c.of.Header()
	if err != nil {
		return err
	}
	if heightOf(header).LTE(c.height) {
		return nil
	}
	validators, err := header.Validators.ToProto()
	if err != nil {
		return err
	}
	trusted, err := c.validators.ToProto()
	if err != nil {
		return err
	}
	message, err := clienttypes.NewMsgUpdateClient(c.id, &ibctm.Header{
		SignedHeader: header.Signed, ValidatorSet: validators,
		TrustedHeight: c.height, TrustedValidators: trusted,
	}, relayer)
	if err != nil {
		return err
	}
	if _, err := c.on.Deliver(message, &clienttypes.MsgUpdateClientResponse{}); err != nil {
		return fmt.Errorf("client %s on %s: %w", c.id, c.on.ID(), err)
	}
	c.height, c.validators = heightOf(header), header.NextValidators
	return nil
}

// proof is what the chain of the client wants to be shown of the other one: what its committed state
// holds under a key, and the height of the header that commits to it.
type proof struct {
	bytes  []byte
	height clienttypes.Height
}

// prove commits what has happened on the other chain and proves what it has under a key, or that
// there is nothing.
func (c *client) prove(key []byte) (proof, error) {
	if err := c.of.Settle(); err != nil {
		return proof{}, err
	}
	if err := c.update(); err != nil {
		return proof{}, err
	}
	return c.proven(key)
}

// proven proves one more key of the state that the client has seen last.
func (c *client) proven(key []byte) (proof, error) {
	answer, err := c.of.Prove(exported.StoreKey, key)
	if err != nil {
		return proof{}, err
	}
	merkle, err := commitmenttypes.ConvertProofs(answer.ProofOps)
	if err != nil {
		return proof{}, err
	}
	bytes, err := c.on.App.AppCodec().Marshal(&merkle)
	return proof{bytes: bytes, height: c.height}, err
}

// active says whether the client has not expired at the chain's clock.
func (c *client) active() bool {
	ctx := c.on.Context().WithBlockTime(c.on.Time())
	return clientStatus(ctx, c.on.App, c.id) == exported.Active
}

// expire gives the client a trusting period that ends now, which leaves it as one that nobody has
// updated in time.
func (c *client) expire() error {
	keeper := c.on.App.IBCKeeper.ClientKeeper
	ctx := c.on.Context()
	state, _ := keeper.GetClientState(ctx, c.id)
	tendermint, ok := state.(*ibctm.ClientState)
	if !ok {
		return fmt.Errorf("%s has no client %s", c.on.ID(), c.id)
	}
	header, _ := keeper.GetClientConsensusState(ctx, c.id, c.height)
	latest, ok := header.(*ibctm.ConsensusState)
	if !ok {
		return fmt.Errorf("client %s on %s has no header of height %s", c.id, c.on.ID(), c.height)
	}
	tendermint.TrustingPeriod = c.on.Time().Sub(latest.Timestamp)
	keeper.SetClientState(ctx, c.id, tendermint)
	return nil
}
