package twochains

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/ibc"
)

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
	units := weighed(w.t, relayed)
	for _, it := range units {
		w.requireWeights(it)
	}
	return units
}

// The chain itself begins blocks, so the contract cannot choose when fees are split: what comes back lies in its balance
// when the next block begins.
func TestCoinsThatTheProviderRefusedAreNotSplitAsFees(t *testing.T) {
	w := newWorld(t, ccv.Native, usual)
	w.collect(40_000_001, 5_003)
	w.close()
	units := w.refused()
	for _, it := range units {
		owed := w.consumer.ledger(w.holdingPools(), it.denom)
		require.Equal(t, points(it.amount).String(), owed["unit"].String())
		now := w.unit(it.denom)
		require.Equal(t, "ready", now.State)
		require.Equal(t, 1, now.Attempts)
		require.NotEmpty(t, now.LastRefusal)
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
