package chain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// stepLimit is what a call with changed powers may use in all.
const stepLimit = 5_000_000

// stepDenoms is with how many denoms the largest step stays below the limit.
var stepDenoms = map[pool.Accounting]int{pool.F1: 8, pool.Lazy: 4}

// slashed is a pool of 500 validators, in a block in which the chain has slashed 420 of them by half.
// Each of the validators has rewards of its own to be settled.
func slashed(t *testing.T, accounting pool.Accounting) (*pool.Pool, []pool.M) {
	t.Helper()
	p := start(t, pool.Setup{Denoms: pool.Denoms(stepDenoms[accounting]), Validators: 500, Accounting: accounting})
	rewardAll(t, p, 100)
	block(t, p, manyFees)
	require.NoError(t, p.Advance(10, 0))
	require.NoError(t, p.Fees(manyFees))
	changes := p.Changes(420, 0)
	for index, change := range changes {
		change["power"] = fmt.Sprint(pool.Power(index) / 2)
	}
	return p, changes
}

// requireKnown requires that the pool knows these powers, and those of the others as they were.
func requireKnown(t *testing.T, p *pool.Pool, changes []pool.M) {
	t.Helper()
	powers := map[string]string{}
	for _, all := range [][]pool.M{p.Changes(p.Setup.Validators, 0), changes} {
		for _, it := range all {
			powers[it["validator"].(string)] = it["power"].(string)
		}
	}
	var answer struct {
		Validators []struct {
			Validator string `json:"validator"`
			Power     string `json:"power"`
		} `json:"validators"`
	}
	require.NoError(t, p.Query(pool.M{"validator_set": pool.M{}}, &answer))
	known := map[string]string{}
	for _, it := range answer.Validators {
		known[it.Validator] = it.Power
	}
	require.Equal(t, powers, known)
}

func TestASlashOfMostValidatorsIsSentInStepsWithinTheBlock(t *testing.T) {
	ways := map[string]func(*pool.Pool, pool.M) (node.Outcome, error){
		"by sudo":    func(p *pool.Pool, msg pool.M) (node.Outcome, error) { return p.Sudo(msg) },
		"by message": func(p *pool.Pool, msg pool.M) (node.Outcome, error) { return p.Execute(pool.Reporter, msg) },
	}
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		p, changes := slashed(t, accounting)
		for name, send := range ways {
			t.Run(name, func(t *testing.T) {
				require.NoError(t, p.Try(func() error {
					sent := func(msg pool.M, changed int) {
						outcome, err := send(p, msg)
						require.NoError(t, err)
						require.Equal(t, changed, called(outcome, "power_changed"))
						require.Less(t, outcome.Gas.Total, uint64(stepLimit))
						t.Logf("%d changes: %d gas", changed, outcome.Gas.Total)
					}
					height := p.Height()
					for from := 0; from < 400; from += 100 {
						sent(pool.M{"staking_event": powersChanged(changes[from : from+100])}, 100)
					}
					sent(pool.M{"begin_block": pool.M{
						"proposer":    node.Operator(pool.Validator(0)).String(),
						"last_commit": p.Changed(changes[400:]),
					}}, 20)
					require.Equal(t, height, p.Height())
					requireKnown(t, p, changes)
					ledgerBalances(t, p)
					return nil
				}))
			})
		}
	})
}

func TestMoreChangedPowersThanACallTakesAreRefusedByName(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		p, changes := slashed(t, accounting)
		votes := p.Votes(0, 0)["votes"].([]pool.M)
		for index, change := range changes[:101] {
			votes[index]["power"] = change["power"]
		}
		const refusal = "101 changed powers are above the limit of 100 in one call: send them in steps"
		balance := func() sdk.Coins { return p.App.BankKeeper.GetAllBalances(p.Context(), p.Address) }
		before := balance()
		for name, msg := range map[string]pool.M{
			"votes":          {"begin_block": pool.M{"last_commit": pool.M{"votes": votes}}},
			"changed":        {"begin_block": pool.M{"last_commit": p.Changed(changes[:101])}},
			"powers_changed": {"staking_event": powersChanged(changes[:101])},
		} {
			_, err := p.Execute(pool.Reporter, msg)
			require.ErrorContains(t, err, refusal, name)

			outcome, err := p.Node.Sudo(p.Address, encode(t, msg))
			require.NoError(t, err, name)
			require.Equal(t, 1, called(outcome, "hook_ignored"), name)
			require.Contains(t, attribute(t, outcome, "hook_ignored", "reason"), refusal, name)
			requireKnown(t, p, nil)
			require.Equal(t, before, balance())
		}

		// One less goes through, and splits the fees that have waited.
		votes[100]["power"] = fmt.Sprint(pool.Power(100))
		outcome, err := p.Sudo(pool.M{"begin_block": pool.M{"last_commit": pool.M{"votes": votes}}})
		require.NoError(t, err)
		require.Equal(t, 1, called(outcome, "begin_block"))
		requireKnown(t, p, changes[:100])
		ledgerBalances(t, p)
	})
}

func TestAGroupSendsAsManyChangesAsACallTakes(t *testing.T) {
	forEachAccounting(t, func(t *testing.T, accounting pool.Accounting) {
		p := start(t, pool.Setup{Denoms: pool.Denoms(1), Validators: 150, Accounting: accounting, Group: group})
		_, err := p.Execute(group, pool.M{"member_changed_hook": pool.M{"diffs": diffs(101, 1)}})
		require.ErrorContains(t, err, "101 changed powers are above the limit of 100 in one call")
		requireKnown(t, p, nil)
		_, err = p.Execute(group, pool.M{"member_changed_hook": pool.M{"diffs": diffs(100, 1)}})
		require.NoError(t, err)
		requireKnown(t, p, p.Changes(100, 1))
	})
}

// attribute is that of the first event that a contract has of this name.
func attribute(t *testing.T, outcome node.Outcome, event, key string) string {
	t.Helper()
	for _, it := range outcome.Events {
		if it.Type != "wasm-"+event {
			continue
		}
		found, has := it.GetAttribute(key)
		require.True(t, has)
		return found.Value
	}
	require.Fail(t, "there is no event "+event)
	return ""
}
