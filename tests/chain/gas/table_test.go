package gas_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/gas"
)

func TestTheCommittedGasTableIsThatOfTheCode(t *testing.T) {
	measured, err := gas.Measure()
	require.NoError(t, err)
	require.Empty(t, measured.Differences(committed(t)), "run `cargo gas` and look at what has changed")
}
