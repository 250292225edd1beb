package chain_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/scenario"
)

// older has a file say what these versions do.
var older = strings.NewReplacer(
	// SDK 0.50 has no x/protocolpool: x/distribution has the community pool.
	`"protocol_pool"`, "null",
	// What is sent over an unknown channel is IBC v2 to ibc-go v10.
	"counterparty not found", "channel not found",
)

// readScenario reads a scenario file.
func readScenario(t *testing.T, path string) scenario.File {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	file, err := scenario.Parse([]byte(older.Replace(string(text))))
	require.NoError(t, err)
	return file
}
