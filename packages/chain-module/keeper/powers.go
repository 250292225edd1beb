package keeper

import (
	"bytes"
	"context"
	"strconv"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/cw-distribution/chain-module/types"
)

// MaxChanges is how many changed powers one call has: contracts refuse more.
const MaxChanges = 100

// beginBlock is the body of begin_block.
type beginBlock struct {
	Proposer   string     `json:"proposer,omitempty"`
	LastCommit lastCommit `json:"last_commit"`
}

type lastCommit struct {
	SignedPower string         `json:"signed_power"`
	Changed     []changedPower `json:"changed,omitempty"`
}

// powersChanged is the body of powers_changed.
type powersChanged struct {
	Changes []changedPower `json:"changes"`
}

type changedPower struct {
	Validator string `json:"validator"`
	Power     string `json:"power"`
}

// tellBlock tells a contract of the last block: who signed it, and the powers that differ from what
// the contract knows. More than MaxChanges are sent ahead. When the contract does not take one of
// the calls nothing more is sent: a split by the wrong powers would pay the wrong people, so the fees
// wait for the next block, which sends again what was not taken.
//
// When the contract did not take the block before, all changes are sent ahead. A call that ran out of gas with
// them needs less without them. A pool that is not active yet refuses blocks and takes these: otherwise a
// validator that leaves between its import and its activation would keep the power of the import.
func (k Keeper) tellBlock(ctx sdk.Context, contract sdk.AccAddress, gasLimit uint64, proposer string) error {
	told, err := k.told(ctx, contract)
	if err != nil {
		return err
	}
	status, err := k.status(ctx, contract)
	if err != nil {
		return err
	}
	maxInBlock := MaxChanges
	if status.Height != ctx.BlockHeight()-1 {
		maxInBlock = 0
	}
	votes, err := k.readVotes(ctx, told)
	if err != nil {
		return k.recordFailure(ctx, call{contract: contract, name: "begin_block"}, err)
	}
	var changes []types.ValidatorPower
	if !votes.asTold {
		changes = differences(told, votes.powers)
	}
	for len(changes) > maxInBlock {
		page := changes[:min(MaxChanges, len(changes))]
		changes = changes[len(page):]
		taken, err := k.do(ctx, call{
			contract: contract, gasLimit: gasLimit, mustBeTaken: true,
			name: "powers_changed", body: powersChanged{inJSON(page)},
		})
		if err != nil || !taken {
			return err
		}
		told = withChanges(told, page)
		if err := k.Told.Set(ctx, contract, told); err != nil {
			return err
		}
	}
	taken, err := k.do(ctx, call{
		contract: contract, gasLimit: gasLimit, mustBeTaken: true,
		name: "begin_block", body: beginBlock{
			Proposer:   proposer,
			LastCommit: lastCommit{SignedPower: strconv.FormatInt(votes.signed, 10), Changed: inJSON(changes)},
		},
	})
	if err != nil || !taken {
		return err
	}
	if !votes.asTold {
		if err := k.Told.Set(ctx, contract, types.ToldPowers{Validators: votes.powers}); err != nil {
			return err
		}
	}
	status.Height = ctx.BlockHeight()
	return k.Statuses.Set(ctx, contract, status)
}

// tellAgain forgets which powers a contract knows of some validators, and keeps that it may know one:
// the next block tells it their powers whatever they are, 0 of those who vote no more.
func (k Keeper) tellAgain(ctx context.Context, contract sdk.AccAddress, which func(types.ValidatorPower) bool) error {
	told, err := k.told(ctx, contract)
	if err != nil {
		return err
	}
	found := false
	for n, it := range told.Validators {
		if which(it) {
			told.Validators[n].Power, found = 0, true
		}
	}
	if !found {
		return nil
	}
	return k.Told.Set(ctx, contract, told)
}

// votes are those for the last block.
type votes struct {
	// powers of all who could vote, each operator once.
	powers []types.ValidatorPower
	// signed is the power of who signed.
	signed int64
	// asTold says that the voters and their powers are those of the block that was told last.
	asTold bool
}

// readVotes finds the operators of the votes. Who votes with the power that was told last needs no
// look into x/staking, so a block in which nothing changes reads nothing but what was told. A voter whom
// nobody knows is an error: without it, the others would be paid what it earned.
func (k Keeper) readVotes(ctx sdk.Context, told types.ToldPowers) (votes, error) {
	if signed, same := signedAsTold(ctx.VoteInfos(), told); same {
		return votes{powers: told.Validators, signed: signed, asTold: true}, nil
	}
	known := make(map[string]types.ValidatorPower, len(told.Validators))
	for _, it := range told.Validators {
		known[string(it.ConsensusAddress)] = it
	}
	var read votes
	at := map[string]int{}
	for _, vote := range ctx.VoteInfos() {
		operator, found := k.operator(ctx, vote.Validator, known)
		if !found {
			return votes{}, types.ErrUnknownVoter.Wrap(sdk.ConsAddress(vote.Validator.Address).String())
		}
		if vote.BlockIdFlag == cmtproto.BlockIDFlagCommit {
			read.signed += vote.Validator.Power
		}
		// An operator that changes its key may vote with both for a block.
		if place, again := at[operator]; again {
			read.powers[place].Power += vote.Validator.Power
			continue
		}
		at[operator] = len(read.powers)
		read.powers = append(read.powers, types.ValidatorPower{
			Validator: operator, ConsensusAddress: vote.Validator.Address, Power: vote.Validator.Power,
		})
	}
	return read, nil
}

// signedAsTold is the power of who signed, when the votes are in their order those that were told last. Most
// blocks are like that, and cost one comparison for each vote.
func signedAsTold(infos []abci.VoteInfo, told types.ToldPowers) (signed int64, same bool) {
	if len(infos) != len(told.Validators) {
		return 0, false
	}
	for n, vote := range infos {
		if vote.Validator.Power != told.Validators[n].Power ||
			!bytes.Equal(vote.Validator.Address, told.Validators[n].ConsensusAddress) {
			return 0, false
		}
		if vote.BlockIdFlag == cmtproto.BlockIDFlagCommit {
			signed += vote.Validator.Power
		}
	}
	return signed, true
}

// operator is the operator of a voter. One that x/staking has removed still votes for two blocks.
func (k Keeper) operator(ctx sdk.Context, voter abci.Validator, known map[string]types.ValidatorPower) (string, bool) {
	before, told := known[string(voter.Address)]
	if told && before.Power == voter.Power {
		return before.Validator, true
	}
	validator, err := k.staking.GetValidatorByConsAddr(ctx, voter.Address)
	if err != nil {
		return before.Validator, told
	}
	return validator.OperatorAddress, true
}

// differences are the powers that a contract does not know yet; 0 of those who vote no more.
func differences(told types.ToldPowers, now []types.ValidatorPower) []types.ValidatorPower {
	powers := make(map[string]int64, len(now))
	for _, it := range now {
		powers[it.Validator] = it.Power
	}
	var changes []types.ValidatorPower
	before := make(map[string]int64, len(told.Validators))
	for _, it := range told.Validators {
		before[it.Validator] = it.Power
		if powers[it.Validator] == 0 {
			changes = append(changes, types.ValidatorPower{Validator: it.Validator})
		}
	}
	for _, it := range now {
		if before[it.Validator] != it.Power {
			changes = append(changes, it)
		}
	}
	return changes
}

// withChanges is what a contract knows after changes.
func withChanges(told types.ToldPowers, changes []types.ValidatorPower) types.ToldPowers {
	changed := make(map[string]bool, len(changes))
	for _, it := range changes {
		changed[it.Validator] = true
	}
	var after types.ToldPowers
	for _, it := range told.Validators {
		if !changed[it.Validator] {
			after.Validators = append(after.Validators, it)
		}
	}
	for _, it := range changes {
		if it.Power > 0 {
			after.Validators = append(after.Validators, it)
		}
	}
	return after
}

func inJSON(changes []types.ValidatorPower) []changedPower {
	var list []changedPower
	for _, it := range changes {
		list = append(list, changedPower{Validator: it.Validator, Power: strconv.FormatInt(it.Power, 10)})
	}
	return list
}
