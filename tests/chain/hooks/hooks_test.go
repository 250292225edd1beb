package hooks

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

const day = 24 * time.Hour

// denomCounts are with how many denoms a pool's hooks are tried.
var denomCounts = []int{1, 4, 8}

func TestHooksOfRealStakingFitIntoWhatAChainGivesThem(t *testing.T) {
	for _, accounting := range pool.Accountings {
		for _, dialect := range []string{juno, neutronsOwn} {
			for _, denoms := range denomCounts {
				setup := setup{accounting: accounting, dialect: dialect, denoms: denoms}
				t.Run(setup.String(), func(t *testing.T) {
					w := newWorld(t, setup)
					w.blocks(3)
					w.delegations()
					w.validators()
					w.requireInStep()
					t.Logf("%d hooks, the dearest with %d of %d gas: %s", w.hooks, w.most, uint64(hookGas), w.dearest)
					require.Greater(t, w.hooks, 20)
					require.Less(t, w.most, uint64(hookGas))
				})
			}
		}
	}
}

// requireInStep requires that the pool owes what it has, took the last block, and knows who is delegated.
func (w *world) requireInStep() {
	w.t.Helper()
	status, err := w.module.Statuses.Get(w.Context(), w.Address)
	require.NoError(w.t, err)
	require.Zero(w.t, status.Failures, "%v", status.LastFailure)
	require.Equal(w.t, w.Height(), status.Height)
	require.Equal(w.t, "0", w.units(node.Account("alice").String(), pool.Validator(3)), "alice has left")
	if w.setup.dialect == juno {
		// Neutron's hooks say no shares, and tokens give them back only nearly.
		delegations, err := w.App.StakingKeeper.GetValidatorDelegations(w.Context(), node.Operator(pool.Validator(98)))
		require.NoError(w.t, err)
		require.Len(w.t, delegations, 3)
		for _, it := range delegations {
			require.Equal(w.t, it.Shares.BigInt().String(), w.units(it.DelegatorAddress, pool.Validator(98)))
		}
	}
	var removed struct {
		Removed bool `json:"removed"`
	}
	require.NoError(w.t, w.Query(pool.M{"validator": pool.M{"validator": node.Operator(newcomer).String()}}, &removed))
	require.True(w.t, removed.Removed)
	var ledger struct {
		Denoms []struct {
			Difference json.RawMessage `json:"difference"`
		} `json:"denoms"`
	}
	require.NoError(w.t, w.Query(pool.M{"invariants": pool.M{}}, &ledger))
	require.Len(w.t, ledger.Denoms, w.setup.denoms)
	for _, it := range ledger.Denoms {
		require.Equal(w.t, `"0"`, string(it.Difference))
	}
}

// units are the shares that the pool knows of a delegation.
func (w *world) units(delegator, validator string) string {
	w.t.Helper()
	var answer struct {
		Units string `json:"units"`
	}
	require.NoError(w.t, w.Query(pool.M{"delegation": pool.M{
		"delegator": delegator, "validator": node.Operator(validator).String(),
	}}, &answer))
	return answer.Units
}
