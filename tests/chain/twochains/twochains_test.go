package twochains

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/ibc"
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
func forEachTarget(t *testing.T, test func(*testing.T, *world)) {
	t.Helper()
	for _, target := range []ccv.Target{ccv.Native, ccv.FeePool} {
		t.Run(string(target), func(t *testing.T) { test(t, newWorld(t, target)) })
	}
}

func TestFeesOfTheConsumerEndWithTheDelegatorsOfTheProvider(t *testing.T) {
	forEachTarget(t, func(t *testing.T, w *world) {
		_, err := w.pair.Consumer.Execute(moved, M{"set_provider_validator": M{
			"validator": node.Operator(moved).String(), "provider_validator": node.Operator(renamed).String(),
		}})
		require.NoError(t, err)
		w.consumer.delegate("consumer's delegator", second, 9_876_543)
		w.provider.delegate("stayer", first, 123_456_789)
		w.provider.delegate("leaver", second, 77_777_777)
		w.step(3)
		w.requireEquation("nothing but the probe was collected")

		for block := range int64(7) {
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

// refused delivers units to a provider that refuses their coins, and brings them back.
func (w *world) refused() []unit {
	w.t.Helper()
	var costs ccv.Costs
	require.NoError(w.t, w.pair.Ticks(0, &costs))
	relayed, err := w.pair.Relay(ibc.Orders{})
	require.NoError(w.t, err)
	require.NoError(w.t, w.pair.Provider.Pause(true))
	require.NoError(w.t, w.pair.Ticks(0, &costs))
	_, err = w.pair.Relay(ibc.Orders{})
	require.NoError(w.t, err)
	require.NoError(w.t, w.pair.Provider.Pause(false))
	return weighed(w.t, relayed)
}

// The chain itself begins blocks, so the contract cannot choose when fees are split: what comes back lies in its balance
// when the next block begins.
func TestCoinsThatTheProviderRefusedAreNotSplitAsFees(t *testing.T) {
	w := newWorld(t, ccv.Native)
	w.collect(40_000_001, 5_003)
	w.close()
	units := w.refused()
	for _, it := range units {
		owed := w.consumer.ledger(w.holdingPools(), it.denom)
		require.Equal(t, points(it.amount).String(), owed["unit"].String())
	}
	w.requireEquation("the coins are back")
	w.collect(8, 1_000_000)
	w.requireEquation("fees came after them")

	// The same units go again, and nothing else with them.
	w.close()
	var costs ccv.Costs
	require.NoError(t, w.pair.Deliver(0, &costs))
	for _, it := range units {
		require.True(t, w.inFlight(it.denom).IsZero())
	}
	w.pay(units)
	w.requireFed()
}

func TestAValidatorThatLeavesTheConsumerKeepsWhatItHasEarned(t *testing.T) {
	w := newWorld(t, ccv.Native)
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
