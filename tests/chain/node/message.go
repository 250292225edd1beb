package node

import (
	"fmt"

	"github.com/cosmos/gogoproto/proto"

	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// Outcome is what a message or call has left behind.
type Outcome struct {
	// Gas is what it consumed, also when it failed.
	Gas Gas
	// Events in their order; none when it failed.
	Events sdk.Events
	// Data is what the contract returned.
	Data []byte
}

// Run runs what on the open block's state, with a gas meter of its own. An error or a panic undoes
// what it has changed.
func (n *Node) Run(what func(sdk.Context) error) (Outcome, error) {
	gas := callbackMeter{GasMeter: storetypes.NewInfiniteGasMeter(), meter: n.meter}
	events := sdk.NewEventManager()
	branch, write := n.open.CacheContext()
	ctx := branch.WithBlockHeight(n.height).WithBlockTime(n.time).
		WithGasMeter(gas).WithEventManager(events).
		WithKVGasConfig(storetypes.KVGasConfig()).WithTransientKVGasConfig(storetypes.TransientGasConfig())
	n.meter.reset()
	err := contained(ctx, what)
	outcome := Outcome{Gas: n.meter.gas(gas.GasConsumed())}
	if err != nil {
		return outcome, err
	}
	write()
	outcome.Events = events.Events()
	if n.OnEvents != nil {
		n.OnEvents(outcome.Events)
	}
	return outcome, nil
}

func contained(ctx sdk.Context, what func(sdk.Context) error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panicked: %v", panicked)
		}
	}()
	return what(ctx)
}

// Deliver runs a message as the only one of a transaction, and reads its response.
func (n *Node) Deliver(message sdk.Msg, response proto.Message) (Outcome, error) {
	return n.Run(func(ctx sdk.Context) error {
		handler := n.App.MsgServiceRouter().Handler(message)
		if handler == nil {
			return fmt.Errorf("no module takes %T", message)
		}
		// What wasmd's ante handlers add to a transaction.
		ctx = wasmtypes.WithTXCounter(ctx, 0)
		ctx = wasmtypes.WithTxContracts(ctx, wasmtypes.NewTxContracts())
		result, err := handler(ctx, message)
		if err != nil {
			return err
		}
		ctx.EventManager().EmitEvents(result.GetEvents())
		return proto.Unmarshal(result.MsgResponses[0].Value, response)
	})
}

// Contract is a new contract.
type Contract struct {
	Code   uint64
	Sender sdk.AccAddress
	Label  string
	// Admin may migrate it; nobody when empty.
	Admin sdk.AccAddress
	Msg   []byte
	Funds sdk.Coins
}

// Instantiate makes a contract and returns its address.
func (n *Node) Instantiate(contract Contract) (sdk.AccAddress, Outcome, error) {
	message := &wasmtypes.MsgInstantiateContract{
		Sender: contract.Sender.String(), CodeID: contract.Code, Label: contract.Label,
		Msg: contract.Msg, Funds: contract.Funds,
	}
	if !contract.Admin.Empty() {
		message.Admin = contract.Admin.String()
	}
	var response wasmtypes.MsgInstantiateContractResponse
	outcome, err := n.Deliver(message, &response)
	if err != nil {
		return nil, outcome, err
	}
	outcome.Data = response.Data
	address, err := sdk.AccAddressFromBech32(response.Address)
	return address, outcome, err
}

// Execute sends a message, and funds, to a contract.
func (n *Node) Execute(sender, contract sdk.AccAddress, msg []byte, funds sdk.Coins) (Outcome, error) {
	var response wasmtypes.MsgExecuteContractResponse
	outcome, err := n.Deliver(&wasmtypes.MsgExecuteContract{
		Sender: sender.String(), Contract: contract.String(), Msg: msg, Funds: funds,
	}, &response)
	outcome.Data = response.Data
	return outcome, err
}

// Migrate replaces a contract's code; sender must be its admin.
func (n *Node) Migrate(sender, contract sdk.AccAddress, code uint64, msg []byte) (Outcome, error) {
	var response wasmtypes.MsgMigrateContractResponse
	outcome, err := n.Deliver(&wasmtypes.MsgMigrateContract{
		Sender: sender.String(), Contract: contract.String(), CodeID: code, Msg: msg,
	}, &response)
	outcome.Data = response.Data
	return outcome, err
}

// Sudo calls a contract as the chain itself does, in the open block.
func (n *Node) Sudo(contract sdk.AccAddress, msg []byte) (Outcome, error) {
	return n.SudoAt(n.height, contract, msg)
}

// SudoAt calls a contract as the chain itself, with another height than that of the open block
// has: many blocks of a contract's life then fit into one of the chain's.
func (n *Node) SudoAt(height int64, contract sdk.AccAddress, msg []byte) (Outcome, error) {
	var data []byte
	outcome, err := n.Run(func(ctx sdk.Context) (err error) {
		data, err = n.App.WasmKeeper.Sudo(ctx.WithBlockHeight(height), contract, msg)
		return err
	})
	outcome.Data = data
	return outcome, err
}

// Query asks a contract and changes nothing.
func (n *Node) Query(contract sdk.AccAddress, msg []byte) (Outcome, error) {
	var answer []byte
	outcome, err := n.Run(func(ctx sdk.Context) (err error) {
		branch, _ := ctx.CacheContext()
		answer, err = n.App.WasmKeeper.QuerySmart(branch, contract, msg)
		return err
	})
	outcome.Data = answer
	return outcome, err
}

// StoreCode stores a contract's code and returns its id.
func (n *Node) StoreCode(sender sdk.AccAddress, wasm []byte) (uint64, error) {
	var response wasmtypes.MsgStoreCodeResponse
	_, err := n.Deliver(&wasmtypes.MsgStoreCode{Sender: sender.String(), WASMByteCode: wasm}, &response)
	return response.CodeID, err
}

// Pin keeps a code in the VM's memory, as governance does.
func (n *Node) Pin(code uint64) error {
	return wasmkeeper.NewGovPermissionKeeper(&n.App.WasmKeeper).PinCode(n.open, code)
}

// Unpin takes a code out of the VM's memory.
func (n *Node) Unpin(code uint64) error {
	return wasmkeeper.NewGovPermissionKeeper(&n.App.WasmKeeper).UnpinCode(n.open, code)
}
