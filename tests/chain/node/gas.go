package node

import (
	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// Gas is what a message consumes, without the ante handler: no signature, no transaction bytes.
type Gas struct {
	// Total is everything.
	Total uint64 `json:"total"`
	// SetUp is the price of loading the contract for each call and reply: 60 000, or 2 000 when it
	// is pinned or was called before in the transaction.
	SetUp uint64 `json:"set_up"`
	// Bank is what the bank module used for coins that contracts have sent.
	Bank uint64 `json:"bank"`
	// IBC is what ibc-go used: for packets and transfers that contracts have sent, and for a packet of
	// a relayer everything but the contract's part in it.
	IBC uint64 `json:"ibc,omitempty"`
	// Calls is how often a contract was called, replies included.
	Calls uint64 `json:"calls"`
}

// Rest is the work of the contract itself: code, storage, events, what the keeper reads for it.
func (g Gas) Rest() uint64 { return g.Total - g.SetUp - g.Bank - g.IBC }

// Add adds what another message has consumed.
func (g *Gas) Add(other Gas) {
	g.Total += other.Total
	g.SetUp += other.SetUp
	g.Bank += other.Bank
	g.IBC += other.IBC
	g.Calls += other.Calls
}

// meter counts set-up, and work of other modules, while a message runs.
type meter struct {
	setUp, bank, calls uint64
	// ibc is what ibc-go used for what contracts have sent.
	ibc uint64
	// packets is what contracts used that were told of a packet.
	packets uint64
}

func (m *meter) reset() { *m = meter{} }

// gas is what a message has consumed, of which this is everything.
func (m *meter) gas(total uint64) Gas {
	gas := Gas{Total: total, SetUp: m.setUp, Bank: m.bank, IBC: m.ibc, Calls: m.calls}
	if m.packets > 0 {
		gas.IBC += total - m.packets
	}
	return gas
}

// register is wasmd's price list; it counts what each contract call pays for being set up.
type register struct {
	wasmtypes.WasmGasRegister
	meter *meter
}

func newRegister(m *meter) register {
	return register{WasmGasRegister: wasmtypes.NewDefaultWasmGasRegister(), meter: m}
}

// SetupContractCost prices a call.
func (r register) SetupContractCost(discount bool, messageLength int) uint64 {
	r.count(discount)
	return r.WasmGasRegister.SetupContractCost(discount, messageLength)
}

// ReplyCosts prices a reply.
func (r register) ReplyCosts(discount bool, reply wasmvmtypes.Reply) uint64 {
	r.count(discount)
	return r.WasmGasRegister.ReplyCosts(discount, reply)
}

func (r register) count(discount bool) {
	r.meter.calls++
	r.meter.setUp += r.WasmGasRegister.SetupContractCost(discount, 0)
}

// messenger counts what bank and IBC messages of contracts use.
func (m *meter) messenger(inner wasmkeeper.Messenger) wasmkeeper.Messenger {
	return wasmkeeper.MessageHandlerFunc(func(
		ctx sdk.Context, contract sdk.AccAddress, port string, message wasmvmtypes.CosmosMsg,
	) ([]sdk.Event, [][]byte, [][]*codectypes.Any, error) {
		before := ctx.GasMeter().GasConsumed()
		events, data, responses, err := inner.DispatchMsg(ctx, contract, port, message)
		used := ctx.GasMeter().GasConsumed() - before
		switch {
		case message.Bank != nil:
			m.bank += used
		case message.IBC != nil:
			m.ibc += used
		}
		return events, data, responses, err
	})
}
