package twochains

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/ccv"
	"cw-distribution/tests/chain/pool"
)

func TestTheClockSettlesAHundredValidatorsWithinItsGas(t *testing.T) {
	const validators = 100
	powers := map[string]int64{}
	for index := range validators {
		powers[pool.Validator(index)] = int64(100 + index*13)
	}
	w := newWorld(t, ccv.Native, powers)
	w.collect(123_456_789, 987_654_321)
	w.step(ccv.Period)
	require.True(t, w.unit(denoms[0]).Settling)
	// Each block settles a validator of one of the units, and nobody ticks.
	w.step(len(denoms) * (validators + 1))
	for _, denom := range denoms {
		now := w.unit(denom)
		require.Equal(t, "weighing", now.State)
		require.False(t, now.Settling)
		require.Equal(t, validators, now.Validators)
	}
	w.requireEquation("the units are settled")
	// A call that the clock's gas is not enough for counts as a failure.
	w.requireFed()
}
