package testchain

import (
	"bytes"
	"slices"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

type voter struct {
	address []byte
	power   int64
}

// votes are the sets of voters: a change that one block makes counts from the block after the next on,
// and a block has the votes for the block before it.
type votes struct {
	previous, current, next []voter
}

func newVotes(validators []Validator) votes {
	var set []voter
	for _, it := range validators {
		set = append(set, voter{Consensus(it.Name), it.Power})
	}
	sortVoters(set)
	return votes{current: set, next: set}
}

func sortVoters(set []voter) {
	slices.SortFunc(set, func(a, b voter) int {
		if a.power != b.power {
			return int(b.power - a.power)
		}
		return bytes.Compare(a.address, b.address)
	})
}

// proposer takes turns.
func (v *votes) proposer(height int64) []byte {
	return v.current[int(height)%len(v.current)].address
}

func (v *votes) last(absent map[string]bool) []abci.VoteInfo {
	missing := map[string]bool{}
	for name, is := range absent {
		missing[string(Consensus(name))] = is
	}
	var list []abci.VoteInfo
	for _, it := range v.previous {
		flag := cmtproto.BlockIDFlagCommit
		if missing[string(it.address)] {
			flag = cmtproto.BlockIDFlagAbsent
		}
		list = append(list, abci.VoteInfo{Validator: abci.Validator{Address: it.address, Power: it.power}, BlockIdFlag: flag})
	}
	return list
}

func (v *votes) ended(updates []abci.ValidatorUpdate) {
	changed := map[string]int64{}
	for _, it := range updates {
		changed[string(ed25519.PubKey(it.PubKey.GetEd25519()).Address())] = it.Power
	}
	var set []voter
	for _, it := range v.next {
		if power, is := changed[string(it.address)]; is {
			delete(changed, string(it.address))
			it.power = power
		}
		if it.power > 0 {
			set = append(set, it)
		}
	}
	for address, power := range changed {
		if power > 0 {
			set = append(set, voter{[]byte(address), power})
		}
	}
	sortVoters(set)
	v.previous, v.current, v.next = v.current, v.next, set
}
