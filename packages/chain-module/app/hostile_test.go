package app_test

import (
	"encoding/json"
	"errors"

	wasmvm "github.com/CosmWasm/wasmvm/v3"
	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// heard is a call of the chain to a contract.
type heard struct{ contract, call string }

// hostileVM is the chain's VM, in which the sudo of some contract may misbehave.
type hostileVM struct {
	wasmtypes.WasmEngine
	// calls says how often the chain made each call.
	calls map[heard]int
	// behave is asked at every sudo; nothing, or nil, lets the contract run.
	behave func(contract, call string, gasLimit uint64) (misdeed, bool)
}

// misdeed is what a contract does instead of its work.
type misdeed struct {
	panics bool
	result *wasmvmtypes.ContractResult
	gas    uint64
	err    error
}

func (v *hostileVM) around(inner wasmtypes.WasmEngine) wasmtypes.WasmEngine {
	v.WasmEngine, v.calls = inner, map[heard]int{}
	return v
}

// Sudo runs a contract, or does what behave says.
func (v *hostileVM) Sudo(
	checksum wasmvm.Checksum, env wasmvmtypes.Env, msg []byte, store wasmvm.KVStore, api wasmvm.GoAPI,
	querier wasmvm.Querier, meter wasmvm.GasMeter, gasLimit uint64, cost wasmvmtypes.UFraction,
) (*wasmvmtypes.ContractResult, uint64, error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(msg, &keys); err != nil {
		panic(err)
	}
	for call := range keys {
		v.calls[heard{env.Contract.Address, call}]++
		if v.behave == nil {
			continue
		}
		if does, is := v.behave(env.Contract.Address, call, gasLimit); is {
			// What it has written must be gone afterwards.
			store.Set([]byte("hostile"), []byte("mark"))
			if does.panics {
				panic("the contract's host gave up")
			}
			return does.result, does.gas, does.err
		}
	}
	return v.WasmEngine.Sudo(checksum, env, msg, store, api, querier, meter, gasLimit, cost)
}

// misdeeds are all ways to fail, by name.
func misdeeds(gasLimit uint64) map[string]misdeed {
	return map[string]misdeed{
		"error":     {result: &wasmvmtypes.ContractResult{Err: "no"}, gas: 1000},
		"panic":     {panics: true},
		"burnt gas": {gas: gasLimit, err: wasmvmtypes.OutOfGasError{}},
		"trap":      {gas: 1000, err: errors.New("wasm trap")},
	}
}
