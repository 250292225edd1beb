package shadow

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// variants are the ways in which a pool can learn of delegations.
var variants = []variant{
	{name: "juno, 18 places", places: 18},
	{name: "juno, 6 places", places: 6},
	{name: "neutron, 18 places", neutron: true, places: 18},
}

// Sizes of histories: one for every run, one for SHADOW=full.
var (
	small = size{validators: 20, delegators: 60, blocks: 80, operations: 12}
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
	for _, variant := range variants {
		t.Run(variant.name, func(t *testing.T) {
			h := play(t, plan{size: size, variant: variant, seed: seed})
			delegators, commissions := h.compare()
			for _, operation := range slices.Sorted(maps.Keys(h.refused)) {
				t.Logf("refused %d times: %s", h.refused[operation], operation)
			}
			t.Logf("done: %v; %d claims, %d delegators, %d commissions", h.done, len(h.pairs()), len(delegators), len(commissions))
			require.Empty(t, h.wrong[:min(len(h.wrong), 20)], "seed %d; play it again with %s=%d %s=%s", seed, seedVariable, seed, modeVariable, os.Getenv(modeVariable))
		})
	}
}

// tiny is the size of histories in which something is wrong.
var tiny = size{validators: 6, delegators: 12, blocks: 20, operations: 6}

func TestWhatIsWrongIsFound(t *testing.T) {
	for name, tamper := range map[string]func(*world){
		"nothing": nil,
		"one base unit more for one pool": func(w *world) {
			w.collectFor(sources[0], sdk.NewCoins(sdk.NewInt64Coin(denoms[0], 1)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan := plan{size: tiny, variant: variants[0], seed: 1}
			if tamper != nil {
				plan.tamper = func(w *world, block int) {
					if block == 10 {
						tamper(w)
					}
				}
			}
			h := play(t, plan)
			h.compare()
			fmt.Println(h.wrong)
			require.Equal(t, tamper == nil, len(h.wrong) == 0)
		})
	}
}
