package chain_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/scenario"
)

// read reads a scenario file. What would be paid into x/protocolpool, which SDK 0.50 does not have, is paid into
// x/distribution's community pool.
func read(t *testing.T, path string) scenario.File {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	file, err := scenario.Parse(bytes.ReplaceAll(text, []byte(`"protocol_pool"`), []byte("null")))
	require.NoError(t, err)
	return file
}
