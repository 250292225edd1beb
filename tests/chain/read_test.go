package chain_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/scenario"
)

// readScenario reads a scenario file.
func readScenario(t *testing.T, path string) scenario.File {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	file, err := scenario.Parse(text)
	require.NoError(t, err)
	return file
}
