package node

import (
	"fmt"
	"path/filepath"
	"sync"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmvm "github.com/CosmWasm/wasmvm/v3"
	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"

	"cw-distribution/tests/chain/suite"
)

// ChainMemory is how many MiB wasmd lets a call have.
const ChainMemory = 32

// contractMemory is what it has here, when the genesis does not say: an eighth of that, so that every
// test shows how far from it the contracts stay. An unused contract takes more than 1 MiB, its stack.
const contractMemory = ChainMemory / 8

// compiledMemory is how many MiB of compiled contracts are kept in memory, as many as wasmd keeps.
const compiledMemory = 100

// engine runs the contracts of every chain of this process whose calls have as much memory. Storing a contract
// compiles it, which takes longer than most tests and comes to the same on every chain: it is done once.
type engine struct {
	*wasmvm.VM
	mutex sync.Mutex
	// stored is what storing a code costs, by its checksum.
	stored map[string]uint64
}

var engines = struct {
	sync.Mutex
	byMemory map[uint32]*engine
}{byMemory: map[uint32]*engine{}}

// engineFor is the engine whose calls have this many MiB.
func engineFor(memory uint32) (*engine, error) {
	engines.Lock()
	defer engines.Unlock()
	if known, found := engines.byMemory[memory]; found {
		return known, nil
	}
	vm, err := newVM(memory)
	if err != nil {
		return nil, err
	}
	engines.byMemory[memory] = &engine{VM: vm, stored: map[string]uint64{}}
	return engines.byMemory[memory], nil
}

// maxProcesses is how many processes can have an engine at the same time.
const maxProcesses = 64

// newVM keeps compiled contracts in target/. A folder belongs to one process at a time; one that another
// process has is passed over.
func newVM(memory uint32) (vm *wasmvm.VM, err error) {
	for process := range maxProcesses {
		vm, err = wasmvm.NewVMWithConfig(wasmvmtypes.VMConfig{
			Cache: wasmvmtypes.CacheOptions{
				BaseDir:                  filepath.Join(suite.Repository(), "target", "wasmvm", fmt.Sprintf("%d-%d", memory, process)),
				AvailableCapabilities:    wasmkeeper.BuiltInCapabilities(),
				MemoryCacheSizeBytes:     wasmvmtypes.NewSizeMebi(compiledMemory),
				InstanceMemoryLimitBytes: wasmvmtypes.NewSizeMebi(memory),
			},
		}, false)
		if err == nil {
			return vm, nil
		}
	}
	return nil, err
}

// StoreCode compiles a contract, unless another chain has stored it.
func (e *engine) StoreCode(code wasmvm.WasmCode, gasLimit uint64) (wasmvm.Checksum, uint64, error) {
	checksum, err := wasmvm.CreateChecksum(code)
	if err != nil {
		return nil, 0, err
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if gas, known := e.stored[string(checksum)]; known && gas <= gasLimit {
		return checksum, gas, nil
	}
	checksum, gas, err := e.VM.StoreCode(code, gasLimit)
	if err == nil {
		e.stored[string(checksum)] = gas
	}
	return checksum, gas, err
}
