// Package deploy deploys a fee pool on a live node with wasmd's commands, as the README shows it.
package deploy

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/suite"
)

func TestTheCommandsOfTheReadmeDeployAPool(t *testing.T) {
	_, err := suite.Wasm("fee-pool")
	require.NoError(t, err)
	run := exec.Command("./run.sh")
	run.Env = os.Environ()
	for _, name := range []string{"RPC_PORT", "P2P_PORT", "GRPC_PORT"} {
		run.Env = append(run.Env, fmt.Sprintf("%s=%d", name, freePort(t)))
	}
	output, err := run.CombinedOutput()
	require.NoError(t, err, string(output))
	require.Contains(t, string(output), "deployed, paid, pinned and migrated")
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().(*net.TCPAddr).Port
}

// read is a file by its path from the top of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(suite.Repository(), path))
	require.NoError(t, err)
	return string(text)
}

// blocks are the README's code blocks of a language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	var found []string
	for _, rest := range strings.Split(read(t, "README.md"), "```"+language+"\n")[1:] {
		block, _, closed := strings.Cut(rest, "```\n")
		require.True(t, closed)
		found = append(found, block)
	}
	return found
}

func TestTheReadmeShowsTheCommandsThatAreRun(t *testing.T) {
	_, rest, begins := strings.Cut(read(t, "tests/chain/deploy/deploy.sh"), "# ── shown in the README ──\n")
	require.True(t, begins)
	shown, _, ends := strings.Cut(rest, "# ── end ──\n")
	require.True(t, ends)
	require.Contains(t, blocks(t, "sh"), shown)
}

func TestTheReadmeShowsHowTheModuleIsToldOfAPool(t *testing.T) {
	module := read(t, "tests/chain/feed/feed.go")
	shown := blocks(t, "go")
	require.NotEmpty(t, shown)
	for _, block := range shown {
		require.Contains(t, module, block)
	}
}
