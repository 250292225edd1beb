package node

import (
	"path/filepath"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmvm "github.com/CosmWasm/wasmvm/v3"
	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"
)

// ChainMemory is how many MiB wasmd lets a call have.
const ChainMemory = 32

// contractMemory is what it has here, when the genesis does not say: an eighth of that, so that every
// test shows how far from it the contracts stay. An unused contract takes more than 1 MiB, its stack.
const contractMemory = ChainMemory / 8

// Compiled contracts are kept in memory, up to as many MiB as wasmd keeps.
const compiledMemory = 100

// newEngine runs contracts in folder home; a call has this many MiB.
func newEngine(home string, memory uint32) (*wasmvm.VM, error) {
	return wasmvm.NewVMWithConfig(wasmvmtypes.VMConfig{
		Cache: wasmvmtypes.CacheOptions{
			BaseDir:                  filepath.Join(home, "wasm"),
			AvailableCapabilities:    wasmkeeper.BuiltInCapabilities(),
			MemoryCacheSizeBytes:     wasmvmtypes.NewSizeMebi(compiledMemory),
			InstanceMemoryLimitBytes: wasmvmtypes.NewSizeMebi(memory),
		},
	}, false)
}
