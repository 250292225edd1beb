// Package proto holds the module's protobuf files.
package proto

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The committed code is what generate.sh writes.
func TestGeneratedCodeIsThatOfTheProtoFiles(t *testing.T) {
	if _, err := exec.LookPath("protoc"); err != nil {
		t.Skip("protoc is not installed: the generated code is not compared (Debian: protobuf-compiler)")
	}
	fresh := t.TempDir()
	output, err := exec.Command("sh", "generate.sh", fresh).CombinedOutput()
	require.NoError(t, err, string(output))
	files, err := filepath.Glob(filepath.Join(fresh, "types", "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		wanted, err := os.ReadFile(file)
		require.NoError(t, err)
		committed, err := os.ReadFile(filepath.Join("..", "types", filepath.Base(file)))
		require.NoError(t, err)
		require.True(t, string(wanted) == string(committed), "%s differs: run proto/generate.sh", filepath.Base(file))
	}
}
