// Package suite finds the contracts' files for tests.
package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Repository is the top of the repository.
func Repository() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// read holds what Wasm has read: a whole run is about the same files, also when somebody builds new
// ones meanwhile.
var read sync.Map

// Wasm is a contract's file by the name of its crate, like fee-pool.
func Wasm(crate string) ([]byte, error) {
	if wasm, known := read.Load(crate); known {
		return wasm.([]byte), nil
	}
	path := filepath.Join(Repository(), "artifacts", strings.ReplaceAll(crate, "-", "_")+".wasm")
	wasm, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: build the contracts with `cargo wasm`", err)
	}
	known, _ := read.LoadOrStore(crate, wasm)
	return known.([]byte), nil
}

// Codes are all contracts by the names of their crates, and those for tests: cw20, a plain token, and ibc-peer,
// the other end of a channel.
func Codes() (map[string][]byte, error) {
	codes, err := Contracts()
	if err != nil {
		return nil, err
	}
	for code, file := range map[string]string{"cw20": "cw20.wasm", "ibc-peer": "ibc_peer.wasm"} {
		codes[code], err = os.ReadFile(filepath.Join(Repository(), "artifacts", "tests", file))
		if err != nil {
			return nil, fmt.Errorf("%w: build the contracts for tests with `cargo wasm`", err)
		}
	}
	return codes, nil
}

// Contracts are the contracts of the suite by the names of their crates.
func Contracts() (map[string][]byte, error) {
	files, err := filepath.Glob(filepath.Join(Repository(), "artifacts", "*.wasm"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no contracts in artifacts/: build them with `cargo wasm`")
	}
	codes := map[string][]byte{}
	for _, file := range files {
		crate := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".wasm"), "_", "-")
		if codes[crate], err = Wasm(crate); err != nil {
			return nil, err
		}
	}
	return codes, nil
}
