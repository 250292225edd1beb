package gas_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/gas"
)

func TestTheCommittedGasTableIsThatOfTheCode(t *testing.T) {
	text, err := os.ReadFile("../gas_table.json")
	require.NoError(t, err)
	committed, err := gas.Decode(text)
	require.NoError(t, err)
	measured, err := gas.Measure()
	require.NoError(t, err)
	require.Empty(t, measured.Differences(committed), "run `cargo gas` and look at what has changed")
}
