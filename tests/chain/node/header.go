package node

import (
	"context"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/crypto/tmhash"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	cmttypes "github.com/cometbft/cometbft/types"
	"github.com/cometbft/cometbft/version"
)

// Header is a block's header with the signatures of all validators, as a light client wants it.
type Header struct {
	Signed *cmtproto.SignedHeader
	// Validators have signed it, and NextValidators will sign the next block's.
	Validators, NextValidators *cmttypes.ValidatorSet
}

// Header returns that of the open block. It commits to the state that the block before has left.
func (n *Node) Header() (Header, error) {
	var header Header
	validators, err := n.votes.signing(n.votes.current)
	if err != nil {
		return header, err
	}
	next, err := n.votes.signing(n.votes.next)
	if err != nil {
		return header, err
	}
	header.Validators, header.NextValidators = validators.set, next.set
	header.Signed, err = validators.sign(cmttypes.Header{
		Version:            cmtversion.Consensus{Block: version.BlockProtocol},
		ChainID:            n.id,
		Height:             n.realHeight(),
		Time:               n.realTime(),
		LastBlockID:        cmttypes.BlockID{Hash: unused, PartSetHeader: unusedParts},
		LastCommitHash:     unused,
		DataHash:           unused,
		ValidatorsHash:     validators.set.Hash(),
		NextValidatorsHash: next.set.Hash(),
		ConsensusHash:      unused,
		AppHash:            n.App.LastCommitID().Hash,
		LastResultsHash:    unused,
		EvidenceHash:       unused,
		ProposerAddress:    n.votes.proposer(n.realHeight()),
	})
	return header, err
}

// What no light client looks at.
var (
	unused      = tmhash.Sum([]byte("unused"))
	unusedParts = cmttypes.PartSetHeader{Total: 1, Hash: unused}
)

// signers are a validator set and the keys to sign for it, in the order of the set.
type signers struct {
	set  *cmttypes.ValidatorSet
	keys []cmttypes.PrivValidator
}

func (h *voteHistory) signing(set []voter) (signers, error) {
	keys := make([]cmttypes.PrivValidator, 0, len(set))
	validators := make([]*cmttypes.Validator, 0, len(set))
	for _, voter := range set {
		name, known := h.names[string(voter.address)]
		if !known {
			return signers{}, fmt.Errorf("no key of the validator with consensus address %X: it was not there at genesis", voter.address)
		}
		key := ed25519.PrivKey(consensusKey(name).Key)
		validators = append(validators, cmttypes.NewValidator(key.PubKey(), voter.power))
		keys = append(keys, cmttypes.NewMockPVWithParams(key, false, false))
	}
	return signers{set: cmttypes.NewValidatorSet(validators), keys: keys}, nil
}

// sign has all of them sign a header.
func (s signers) sign(header cmttypes.Header) (*cmtproto.SignedHeader, error) {
	block := cmttypes.BlockID{Hash: header.Hash(), PartSetHeader: unusedParts}
	votes := cmttypes.NewVoteSet(header.ChainID, header.Height, 1, cmtproto.PrecommitType, s.set)
	commit, err := cmttypes.MakeExtCommit(block, header.Height, 1, votes, s.keys, header.Time, false)
	if err != nil {
		return nil, err
	}
	return &cmtproto.SignedHeader{Header: header.ToProto(), Commit: commit.ToCommit().ToProto()}, nil
}

// Prove returns what the state that the block before the open one has left holds under a key of a
// module's store, or that it holds nothing there. The open block's Header commits to it.
func (n *Node) Prove(module string, key []byte) (*abci.ResponseQuery, error) {
	response, err := n.App.Query(context.Background(), &abci.RequestQuery{
		Path: "store/" + module + "/key", Data: key, Height: n.realHeight() - 1, Prove: true,
	})
	if err == nil && response.IsErr() {
		err = fmt.Errorf("no proof of %q in %s: %s", key, module, response.Log)
	}
	return response, err
}
