package node

import (
	"bytes"
	"sort"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

// voter is a validator in consensus.
type voter struct {
	name    string
	address []byte
	power   int64
}

// voteHistory holds the validator sets around the open block. A change that block H makes counts
// from block H+2 on, and the votes in a block are those of the block before it.
type voteHistory struct {
	names                   map[string]string
	previous, current, next []voter
}

func newVoteHistory(validators []Validator) voteHistory {
	history := voteHistory{names: map[string]string{}}
	var set []voter
	for _, validator := range validators {
		address := consensusKey(validator.Name).PubKey().Address()
		history.names[string(address)] = validator.Name
		set = append(set, voter{name: validator.Name, address: address, power: validator.Power})
	}
	sortByPower(set)
	history.previous, history.current, history.next = set, set, set
	return history
}

// sortByPower brings voters into the order of CometBFT.
func sortByPower(set []voter) {
	sort.Slice(set, func(i, j int) bool {
		if set[i].power != set[j].power {
			return set[i].power > set[j].power
		}
		return bytes.Compare(set[i].address, set[j].address) < 0
	})
}

// proposer takes turns.
func (h *voteHistory) proposer(height int64) []byte {
	return h.current[int(height%int64(len(h.current)))].address
}

// last are the votes for the block before the open one.
func (h *voteHistory) last(absent map[string]bool) []abci.VoteInfo {
	votes := make([]abci.VoteInfo, 0, len(h.previous))
	for _, voter := range h.previous {
		flag := cmtproto.BlockIDFlagCommit
		if absent[voter.name] {
			flag = cmtproto.BlockIDFlagAbsent
		}
		votes = append(votes, abci.VoteInfo{
			Validator: abci.Validator{Address: voter.address, Power: voter.power}, BlockIdFlag: flag,
		})
	}
	return votes
}

// ended takes the changes that a block has made.
func (h *voteHistory) ended(updates []abci.ValidatorUpdate) {
	powers := map[string]int64{}
	for _, voter := range h.next {
		powers[string(voter.address)] = voter.power
	}
	for _, update := range updates {
		address := pubKeyAddress(update)
		powers[string(address)] = update.Power
	}
	set := make([]voter, 0, len(powers))
	for address, power := range powers {
		if power > 0 {
			set = append(set, voter{name: h.names[address], address: []byte(address), power: power})
		}
	}
	sortByPower(set)
	h.previous, h.current, h.next = h.current, h.next, set
}

// pubKeyAddress is the consensus address of a validator in an update.
func pubKeyAddress(update abci.ValidatorUpdate) []byte {
	return ed25519.PubKey(update.PubKey.GetEd25519()).Address()
}
