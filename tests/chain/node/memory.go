package node

import (
	"path/filepath"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmvm "github.com/CosmWasm/wasmvm/v3"
	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"
)

// wasmd lets a call have 32 MiB; here it has an eighth of that, so that every test shows how far
// from it the contracts stay. An unused contract takes more than 1 MiB, its stack.
const contractMemory = 4

// Compiled contracts are kept in memory, up to as many MiB as wasmd keeps.
const compiledMemory = 100

func newEngine(home string) (*wasmvm.VM, error) {
	return wasmvm.NewVMWithConfig(wasmvmtypes.VMConfig{
		Cache: wasmvmtypes.CacheOptions{
			BaseDir:                  filepath.Join(home, "wasm"),
			AvailableCapabilities:    wasmkeeper.BuiltInCapabilities(),
			MemoryCacheSizeBytes:     wasmvmtypes.NewSizeMebi(compiledMemory),
			InstanceMemoryLimitBytes: wasmvmtypes.NewSizeMebi(contractMemory),
		},
	}, false)
}
