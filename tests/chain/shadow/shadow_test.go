package shadow

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// variants are the ways in which a pool can learn of delegations.
var variants = []variant{
	{name: "Juno's hooks, 18 places", places: 18},
	{name: "Juno's hooks, 6 places", places: 6},
	{name: "Neutron's hooks, 18 places", neutron: true, places: 18},
}

// Sizes of histories: one for every run, one for SHADOW=full.
var (
	small = size{validators: 20, delegators: 60, blocks: 80, operations: 8}
	full  = size{validators: 100, delegators: 300, blocks: 500, operations: 20}
)

// Settings: modeVariable "full" plays long histories, seedVariable another history than the first.
const (
	modeVariable = "SHADOW"
	seedVariable = "SHADOW_SEED"
)

func chosenSize() size {
	if os.Getenv(modeVariable) == "full" {
		return full
	}
	return small
}

func chosenSeed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv(seedVariable)
	if text == "" {
		return 1
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, seedVariable)
	return seed
}

func TestPoolsOweWhatXDistributionOwesLessItsRounding(t *testing.T) {
	size, seed := chosenSize(), chosenSeed(t)
	var results []result
	for _, variant := range variants {
		t.Run(variant.name, func(t *testing.T) {
			h := play(t, plan{size: size, variant: variant, seed: seed})
			delegators, commissions := h.compare()
			t.Logf("done: %v", h.done)
			for _, operation := range slices.Sorted(maps.Keys(h.refused)) {
				t.Logf("refused %d times: %s", h.refused[operation], operation)
			}
			for _, found := range h.wrong[:min(len(h.wrong), 20)] {
				t.Error(found)
			}
			if len(h.wrong) > 0 {
				t.Fatalf("%d faults; play this history again with %s=%s %s=%d", len(h.wrong), modeVariable, os.Getenv(modeVariable), seedVariable, seed)
			}
			results = append(results, result{h.plan, delegators, commissions, len(h.pairs()), h.done})
		})
	}
	if len(results) == len(variants) && size == full {
		require.NoError(t, os.WriteFile("results.md", []byte(report(results)), 0o644))
	}
}

// tiny is the size of histories in which something is wrong.
var tiny = size{validators: 6, delegators: 12, blocks: 20, operations: 10}

func TestWhatIsWrongIsFound(t *testing.T) {
	oneUnit := sdk.NewCoins(sdk.NewInt64Coin(denoms[0], 1))
	for _, it := range []struct {
		name string
		// found is part of what is found; nothing when empty.
		found  string
		tamper func(*world)
	}{
		{"nothing", "", func(*world) {}},
		{"a base unit more for a pool", "fee-pool owes", func(w *world) { w.collectFor(w.pools[0].source, oneUnit) }},
		{"a base unit more for x/distribution", "less than the exact", func(w *world) { w.collectFor(authtypes.FeeCollectorName, oneUnit) }},
		{"two blocks in which the pools hear no hooks", "fee-pool", func(w *world) {
			params := w.params()
			params.Hooks.Contracts = nil
			require.NoError(t, w.module.SetParams(w.Context(), params))
		}},
		{"powers that a pool is told wrongly", "fee-pool", func(w *world) {
			var changes []pool.M
			for index := range tiny.validators {
				changes = append(changes, pool.M{"validator": node.Operator(pool.Validator(index)).String(), "power": "7"})
			}
			_, err := w.Sudo(w.pools[0].address, text(pool.M{"powers_changed": pool.M{"changes": changes}}))
			require.NoError(t, err)
		}},
	} {
		t.Run(it.name, func(t *testing.T) {
			h := play(t, plan{size: tiny, variant: variants[0], seed: 1, tamper: func(w *world, block int) {
				switch block {
				case 10:
					it.tamper(w)
				case 12:
					require.NoError(t, w.module.SetParams(w.Context(), w.params()))
				}
			}})
			h.compare()
			require.Equal(t, it.found == "", len(h.wrong) == 0, h.wrong)
			require.Contains(t, strings.Join(h.wrong, "\n"), it.found)
		})
	}
}
