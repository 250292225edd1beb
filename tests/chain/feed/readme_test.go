package feed

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/suite"
)

func TestTheReadmeShowsHowTheModuleIsToldOfAPool(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(suite.Repository(), "README.md"))
	require.NoError(t, err)
	code, err := os.ReadFile("feed.go")
	require.NoError(t, err)
	shown := strings.Split(string(readme), "```go\n")[1:]
	require.NotEmpty(t, shown)
	for _, rest := range shown {
		block, _, closed := strings.Cut(rest, "```\n")
		require.True(t, closed)
		require.Contains(t, string(code), block)
	}
}
