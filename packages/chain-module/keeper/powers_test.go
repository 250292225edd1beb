package keeper_test

import (
	"encoding/json"
	"errors"
	"math/rand"
	"strconv"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/cw-distribution/chain-module/types"
)

var errNo = errors.New("no")

func TestABlockTellsSignedPowerAndWhatChanged(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.block(map[int]int64{1: 10, 2: 20})
	require.JSONEq(t, `{"last_commit":{"signed_power":"30","changed":[
		{"validator":"`+operator(1).String()+`","power":"10"},{"validator":"`+operator(2).String()+`","power":"20"}]}}`,
		string(f.wasm.calls[0].body))
	f.block(map[int]int64{1: 10, 2: 20}, 1)
	require.JSONEq(t, `{"last_commit":{"signed_power":"20"}}`, string(f.wasm.calls[1].body))
	f.block(map[int]int64{2: 21, 3: 5})
	require.JSONEq(t, `{"last_commit":{"signed_power":"26","changed":[
		{"validator":"`+operator(1).String()+`","power":"0"},{"validator":"`+operator(2).String()+`","power":"21"},
		{"validator":"`+operator(3).String()+`","power":"5"}]}}`, string(f.wasm.calls[2].body))
	require.Equal(t, []string{"begin_block", "begin_block", "begin_block"}, f.names())
}

// A pool that is not active takes powers and refuses blocks: who leaves meanwhile must not keep its power.
func TestBeforeTheFirstBlockPowersGoAhead(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.wasm.fail = func(ctx sdk.Context, call toldCall) error {
		if call.name == "begin_block" {
			ignore(ctx, call)
		}
		return nil
	}
	f.block(map[int]int64{1: 10, 2: 20})
	require.JSONEq(t, `{"changes":[
		{"validator":"`+operator(1).String()+`","power":"10"},{"validator":"`+operator(2).String()+`","power":"20"}]}`,
		string(f.wasm.calls[0].body))
	require.Equal(t, []string{"powers_changed", "begin_block"}, f.names())
	f.block(map[int]int64{1: 10})
	require.JSONEq(t, `{"changes":[{"validator":"`+operator(2).String()+`","power":"0"}]}`, string(f.wasm.calls[0].body))
	f.names()
	f.wasm.fail = nil
	f.block(map[int]int64{1: 10})
	require.JSONEq(t, `{"last_commit":{"signed_power":"10"}}`, string(f.wasm.calls[0].body))
}

// A call that runs out of gas would do so in every block.
func TestABlockTooDearWithItsChangesIsTakenInTheNextBlockWithoutThem(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.block(map[int]int64{1: 10})
	f.names()
	f.wasm.fail = func(ctx sdk.Context, call toldCall) error {
		if call.name == "begin_block" && len(changesIn(t, call)) > 0 {
			ctx.GasMeter().ConsumeGas(callGas, "changes")
		}
		return nil
	}
	f.block(map[int]int64{1: 10, 2: 20})
	require.Empty(t, f.wasm.calls)
	f.block(map[int]int64{1: 11, 2: 20})
	require.Len(t, changesIn(t, f.wasm.calls[0]), 2)
	require.Equal(t, []string{"powers_changed", "begin_block"}, f.names())
	f.wasm.fail = nil
	f.block(map[int]int64{1: 12, 2: 20})
	require.Equal(t, []string{"begin_block"}, f.names(), "a block that was taken brings its changes again")
}

func TestTheProposerIsWhoProposedTheBlockWhoseFeesAreSplit(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	for n := 1; n <= 2; n++ {
		f.staking.add(n, consensus(n))
	}
	proposers := func(n int) string {
		header := f.ctx.BlockHeader()
		header.ProposerAddress = consensus(n)
		f.ctx = f.ctx.WithBlockHeader(header)
		f.block(map[int]int64{1: 1, 2: 1})
		var body struct{ Proposer string }
		require.NoError(t, json.Unmarshal(f.wasm.calls[len(f.wasm.calls)-1].body, &body))
		return body.Proposer
	}
	require.Empty(t, proposers(1), "nobody is known before the first block")
	require.Equal(t, operator(1).String(), proposers(2))
	require.Equal(t, operator(2).String(), proposers(1))
	delete(f.staking.validators, string(consensus(1)))
	header := f.ctx.BlockHeader()
	header.ProposerAddress = consensus(2)
	f.ctx = f.ctx.WithBlockHeader(header)
	f.next(f.ctx.VoteInfos())
	require.NotContains(t, string(f.wasm.calls[len(f.wasm.calls)-1].body), "proposer", "a removed one is left out")
}

func TestAQuietBlockNeedsNoLookIntoStaking(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.block(map[int]int64{1: 10, 2: 20, 3: 30})
	f.staking.lookups = 0
	f.block(map[int]int64{1: 10, 2: 20, 3: 30})
	require.Zero(t, f.staking.lookups)
}

func TestARemovedValidatorVotesUntilItsPowerIsGone(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.block(map[int]int64{1: 10, 2: 20})
	delete(f.staking.validators, string(consensus(2)))
	votes := []abci.VoteInfo{
		{Validator: abci.Validator{Address: consensus(1), Power: 10}, BlockIdFlag: cmtproto.BlockIDFlagCommit},
		{Validator: abci.Validator{Address: consensus(2), Power: 19}, BlockIdFlag: cmtproto.BlockIDFlagCommit},
	}
	f.next(votes)
	require.JSONEq(t, `{"last_commit":{"signed_power":"29","changed":[{"validator":"`+operator(2).String()+`","power":"19"}]}}`,
		string(f.wasm.calls[1].body))
}

// What the contract knows is not what it was told last: the hook of a removal sets the power to 0.
func TestAValidatorThatWasRemovedIsToldOfAgain(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.block(map[int]int64{1: 10, 2: 20, 3: 30})
	for n := 2; n <= 3; n++ {
		require.NoError(t, f.keeper.Hooks().AfterValidatorRemoved(f.ctx, consensus(n), operator(n)))
	}
	// The second one was made anew; x/staking has no third one, which votes for some blocks yet.
	delete(f.staking.validators, string(consensus(3)))
	votes := func(of ...int) (infos []abci.VoteInfo) {
		for _, n := range of {
			infos = append(infos, abci.VoteInfo{Validator: abci.Validator{Address: consensus(n), Power: int64(10 * n)}})
		}
		return infos
	}
	f.next(votes(1, 2, 3))
	require.ElementsMatch(t, []change{{operator(2).String(), "20"}, {operator(3).String(), "30"}}, changesIn(t, f.wasm.calls[1]))
	require.NoError(t, f.keeper.Hooks().AfterValidatorRemoved(f.ctx, consensus(3), operator(3)))
	f.next(votes(1, 2))
	require.Equal(t, []change{{operator(3).String(), "0"}}, changesIn(t, f.wasm.calls[2]))
}

// A reporter may have told the contract meanwhile, and not all who were told of vote still.
func TestAContractWhoseRouteComesBackIsToldAllPowersAgain(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.block(map[int]int64{1: 10, 2: 20})
	require.NoError(t, f.keeper.SetParams(f.ctx, types.Params{}))
	f.feed(contract(1), "stake")
	f.block(map[int]int64{1: 10})
	require.ElementsMatch(t, []change{{operator(1).String(), "10"}, {operator(2).String(), "0"}}, changesIn(t, f.wasm.calls[1]))
	f.feed(contract(1), "stake", "uatom")
	f.block(map[int]int64{1: 10})
	require.Empty(t, changesIn(t, f.wasm.calls[2]), "the route was there")
}

// What it earned would be split among the others, or go to the community when nobody is known.
func TestFeesWaitWhileAVoterIsUnknown(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.staking.add(1, consensus(1))
	votes := []abci.VoteInfo{{Validator: abci.Validator{Address: consensus(1), Power: 1}}, {Validator: abci.Validator{Address: consensus(2), Power: 1}}}
	f.next(votes)
	require.Empty(t, f.wasm.calls)
	require.Equal(t, types.ErrUnknownVoter.ABCICode(), f.status(contract(1)).LastFailure.Code)
	f.staking.add(2, consensus(2))
	f.next(votes)
	require.Len(t, changesIn(t, f.wasm.calls[0]), 2)
}

func TestAnOperatorThatVotesWithTwoKeysIsToldOnce(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.staking.add(1, consensus(1))
	f.staking.add(1, consensus(2))
	f.block(map[int]int64{1: 10, 2: 3})
	require.JSONEq(t, `{"last_commit":{"signed_power":"13","changed":[{"validator":"`+operator(1).String()+`","power":"13"}]}}`,
		string(f.wasm.calls[0].body))
	f.block(map[int]int64{2: 13})
	require.JSONEq(t, `{"last_commit":{"signed_power":"13"}}`, string(f.wasm.calls[1].body))
}

func manyPowers(count int, power int64) map[int]int64 {
	powers := map[int]int64{}
	for n := range count {
		powers[n] = power
	}
	return powers
}

func TestMoreThanAHundredChangesGoAheadInPages(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	f.block(manyPowers(250, 7))
	require.Len(t, f.wasm.calls, 3)
	var sizes []int
	for _, it := range f.wasm.calls {
		sizes = append(sizes, len(changesIn(t, it)))
	}
	require.Equal(t, []int{100, 100, 50}, sizes)
	require.Equal(t, []string{"powers_changed", "powers_changed", "begin_block"}, f.names())
	f.block(manyPowers(250, 7))
	require.Equal(t, []string{"begin_block"}, f.names())
	f.block(manyPowers(100, 8))
	require.Equal(t, []string{"powers_changed", "powers_changed", "begin_block"}, f.names(), "100 changed and 150 left")
}

func TestAPageThatIsNotTakenHoldsTheBlockBackAndComesAgain(t *testing.T) {
	f := newFixture(t)
	f.feedActive(contract(1), "stake")
	pages := 0
	f.wasm.fail = func(_ sdk.Context, call toldCall) error {
		if call.name == "powers_changed" {
			pages++
			if pages == 2 {
				return errNo
			}
		}
		return nil
	}
	f.block(manyPowers(250, 7))
	require.Equal(t, []string{"powers_changed"}, f.names())
	require.Equal(t, uint64(1), f.status(contract(1)).Failures)
	f.block(manyPowers(250, 7))
	require.Len(t, changesIn(t, f.wasm.calls[0]), 100, "the page that was taken is not sent again")
	require.Len(t, changesIn(t, f.wasm.calls[1]), 50)
	require.Equal(t, []string{"powers_changed", "powers_changed", "begin_block"}, f.names())
}

func TestABlockThatTheContractIgnoredIsToldAgain(t *testing.T) {
	for _, event := range []string{"wasm-hook_ignored", "wasm-units_bound", "wasm-already_done"} {
		f := newFixture(t)
		f.feedActive(contract(1), "stake")
		f.wasm.fail = func(ctx sdk.Context, call toldCall) error {
			ignoreWith(ctx, call, event)
			return nil
		}
		f.block(map[int]int64{1: 10})
		require.Equal(t, "begin_block", f.status(contract(1)).LastFailure.Call)
		require.Equal(t, types.ErrCallIgnored.ABCICode(), f.status(contract(1)).LastFailure.Code)
		require.Less(t, f.status(contract(1)).Height, f.ctx.BlockHeight())
		require.Equal(t, event, f.ctx.EventManager().Events()[0].Type, "the contract says why")
		f.wasm.fail, f.wasm.calls = nil, nil
		f.block(map[int]int64{1: 10})
		require.Len(t, changesIn(t, f.wasm.calls[0]), 1)
		require.Equal(t, f.ctx.BlockHeight(), f.status(contract(1)).Height)
	}
}

func TestTheEventOfAnotherContractIsNoFailure(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.wasm.fail = func(ctx sdk.Context, call toldCall) error {
		call.contract = contract(2).String()
		ignore(ctx, call)
		return nil
	}
	f.block(map[int]int64{1: 10})
	require.Equal(t, f.ctx.BlockHeight(), f.status(contract(1)).Height)
}

func TestWithoutVotesNothingIsTold(t *testing.T) {
	f := newFixture(t)
	f.feed(contract(1), "stake")
	f.next(nil)
	require.Empty(t, f.wasm.calls)
}

func changesIn(t testing.TB, call toldCall) []change {
	t.Helper()
	var body struct {
		LastCommit struct {
			Changed []change `json:"changed"`
		} `json:"last_commit"`
		Changes []change `json:"changes"`
	}
	require.NoError(t, json.Unmarshal(call.body, &body))
	return append(body.LastCommit.Changed, body.Changes...)
}

type change struct {
	Validator string `json:"validator"`
	Power     string `json:"power"`
}

// A contract that fails in some calls knows the powers of every block that it took.
func TestWhateverFailsAContractSplitsByThePowersOfTheBlock(t *testing.T) {
	for seed := range int64(20) {
		random := rand.New(rand.NewSource(seed))
		f := newFixture(t)
		f.feed(contract(1), "stake")
		known := map[string]int64{}
		now := map[int]int64{}
		taken := 0
		f.wasm.fail = func(_ sdk.Context, call toldCall) error {
			if random.Intn(4) == 0 {
				return errNo
			}
			changes := changesIn(t, call)
			require.LessOrEqual(t, len(changes), 100)
			for _, it := range changes {
				power, err := strconv.ParseInt(it.Power, 10, 64)
				require.NoError(t, err)
				require.NotEqual(t, known[it.Validator], power, "what is known is not told")
				known[it.Validator] = power
				if power == 0 {
					delete(known, it.Validator)
				}
			}
			if call.name == "begin_block" {
				taken++
				expected := map[string]int64{}
				for n, power := range now {
					expected[operator(n).String()] = power
				}
				require.Equal(t, expected, known, "seed %d", seed)
			}
			return nil
		}
		for range 30 {
			for range random.Intn(150) {
				n := random.Intn(300)
				if random.Intn(3) == 0 {
					delete(now, n)
				} else {
					now[n] = 1 + random.Int63n(3)
				}
			}
			if len(now) > 0 {
				f.block(now)
			}
		}
		require.Positive(t, taken)
	}
}
