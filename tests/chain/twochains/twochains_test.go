package twochains

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// M is a JSON object.
type M = pool.M

func encode(t testing.TB, message M) []byte {
	t.Helper()
	text, err := json.Marshal(message)
	require.NoError(t, err)
	return text
}

// forEachTarget runs a test with x/distribution and with a fee pool on the provider.
func forEachTarget(t *testing.T, powers map[string]int64, test func(*testing.T, *world)) {
	t.Helper()
	for _, target := range []ccv.Target{ccv.Native, ccv.FeePool} {
		t.Run(string(target), func(t *testing.T) { test(t, newWorld(t, target, powers)) })
	}
}

func TestFeesOfTheConsumerEndWithTheDelegatorsOfTheProvider(t *testing.T) {
	forEachTarget(t, usual, func(t *testing.T, w *world) {
		w.rename(moved, renamed)
		w.consumer.delegate("consumer's delegator", second, 9_876_543)
		w.provider.delegate("stayer", first, 123_456_789)
		w.provider.delegate("leaver", second, 77_777_777)
		w.step(3)
		w.requireEquation("nothing but the probe was collected")

		for block := range int64(7) {
			w.consumer.SetAbsent(second, block%3 == 1)
			w.collect(1_000_003+block*997, 70_001-block*13)
			w.requireEquation("a block is split")
		}
		w.close()
		units := w.deliver()
		for _, it := range units {
			require.Contains(t, it.weights, node.Operator(renamed).String())
			require.Contains(t, it.weights, node.Operator(stranger).String(), "others get its part")
		}
		w.pay(units)

		w.provider.leave("leaver", second)
		w.provider.delegate("late comer", renamed, 55_555_555)
		w.step(3)
		w.collect(99_999_989, 3)
		w.collect(2, 12_345_678)
		w.close()
		w.pay(w.deliver())

		w.withdraw()
		w.requireEquation("everybody has withdrawn")
		w.requireEverybodyPaid()
		w.consumer.withdrawFromPool()
		w.requireEquation("the consumer's own stakers have withdrawn")
		for _, denom := range denoms {
			require.True(t, w.consumer.paid(denom).IsPositive())
			// The tax of the consumer's fee pool, and the provider's carry.
			require.Positive(t, w.consumer.ledger(w.consumer.pool.Address, denom)["community_pool"].Sign())
			require.Equal(t, points(w.model.carry[denom]).String(),
				w.provider.ledger(w.pair.Provider.Address, voucher(denom)).sum().String())
		}
		w.requireFed()
	})
}

// withdraw has the provider's stakers withdraw.
func (w *world) withdraw() {
	w.t.Helper()
	if w.target == ccv.Native {
		w.provider.withdrawNatively()
	} else {
		w.provider.withdrawFromPool()
	}
}

func TestAValidatorThatLeavesTheConsumerKeepsWhatItHasEarned(t *testing.T) {
	w := newWorld(t, ccv.Native, usual)
	w.collect(30_000_000, 999_999)
	earned := w.pool(second)
	require.NotEmpty(t, earned)
	w.consumer.leave(second, second)
	// It votes until the block after the next one.
	w.step(3)
	w.collect(50_000_000, 1_000_003)
	w.requireEquation("a validator has left")
	atTheEnd := w.pool(second)
	w.collect(60_000_000, 1_000_003)
	require.Equal(t, atTheEnd, w.pool(second))
	require.NotEqual(t, earned, w.pool(first))

	w.close()
	units := w.deliver()
	for _, it := range units {
		require.Equal(t, atTheEnd[it.denom], it.weights[node.Operator(second).String()].String())
	}
	w.pay(units)
	w.requireFed()
}

func TestWhatNoValidatorOfTheProviderIsForIsTheCommunitys(t *testing.T) {
	forEachTarget(t, map[string]int64{stranger: 5, moved: 3}, func(t *testing.T, w *world) {
		w.collect(20_000_001, 44_449)
		w.close()
		w.pay(w.deliver())
		for _, denom := range denoms {
			require.True(t, w.model.community[denom].IsPositive())
			require.True(t, w.model.paid[denom].IsZero())
		}
		w.requireFed()
	})
}
