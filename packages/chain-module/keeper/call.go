package keeper

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/hashicorp/go-metrics"

	errorsmod "cosmossdk.io/errors"
	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/telemetry"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/types"
)

// call is a message that the chain sends to a contract.
type call struct {
	contract sdk.AccAddress
	gasLimit uint64
	// name is the key of the message, body its value.
	name string
	body any
	// mustBeTaken makes it a failure that the contract ignored the message. The clock's calls are not like that:
	// who did nothing may have written that, to do something else the next time.
	mustBeTaken bool
}

// do calls a contract and says whether it took the call. A call that fails changes nothing but the
// contract's status, and is an event and a metric. The error is one of the module's own store.
func (k Keeper) do(ctx sdk.Context, call call) (taken bool, err error) {
	var ignored sdk.Events
	failure := attempt(ctx, call.gasLimit, func(ctx sdk.Context) error {
		message, err := json.Marshal(map[string]any{call.name: call.body})
		if err != nil {
			return err
		}
		if _, err := k.wasm.Sudo(ctx, call.contract, message); err != nil {
			return err
		}
		if !call.mustBeTaken {
			return nil
		}
		ignored = saysIgnored(ctx.EventManager().Events(), call.contract)
		if len(ignored) > 0 {
			return types.ErrCallIgnored.Wrapf("%v", ignored)
		}
		return nil
	})
	if failure == nil {
		return true, nil
	}
	// In the contract's own words, which are the same on every node.
	ctx.EventManager().EmitEvents(ignored)
	return false, k.recordFailure(ctx, call, failure)
}

// attempt runs something in a branch of the state with a gas meter of its own: whatever happens in
// it, be it a panic, either all of its changes are kept or none, and an error says why.
//
// The gas is charged afterwards, so a sender who brings too little fails as a whole: with the
// sender's own meter inside, somebody could have a contract run out of gas and still get through
// what the contract should have learned of.
func attempt(ctx sdk.Context, gasLimit uint64, run func(sdk.Context) error) error {
	meter := storetypes.NewGasMeter(gasLimit)
	branch, write := ctx.CacheContext()
	err := contained(branch.WithGasMeter(meter), run)
	if err == nil {
		write()
	}
	ctx.GasMeter().ConsumeGas(meter.GasConsumedToLimit(), types.ModuleName)
	return err
}

// contained turns a panic into an error.
func contained(ctx sdk.Context, run func(sdk.Context) error) (err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case storetypes.ErrorOutOfGas:
			err = sdkerrors.ErrOutOfGas.Wrap(cause.Descriptor)
		default:
			err = sdkerrors.ErrPanic.Wrapf("%v", cause)
		}
	}()
	return run(ctx)
}

// ignoredEvents are those of a contract that read a call and did nothing: contracts of the suite never
// answer the chain with an error. A block is already done when somebody else told one in this height, or
// when the chain's heights began anew below those that the contract knows: it splits no fees then.
var ignoredEvents = []string{"wasm-hook_ignored", "wasm-units_bound", "wasm-already_done"}

// saysIgnored are the events with which a contract says that it ignored a call.
func saysIgnored(events sdk.Events, contract sdk.AccAddress) (said sdk.Events) {
	for _, event := range events {
		emitter, _ := event.GetAttribute(wasmtypes.AttributeKeyContractAddr)
		if slices.Contains(ignoredEvents, event.Type) && emitter.Value == contract.String() {
			said = append(said, event)
		}
	}
	return said
}

// recordFailure counts a failed call and emits its event. The text of the error goes into the log.
func (k Keeper) recordFailure(ctx sdk.Context, call call, failure error) error {
	contract := call.contract.String()
	ctx.Logger().Error("a contract's call failed", "module", types.ModuleName, "contract", contract, "call", call.name, "error", failure)
	ctx.EventManager().EmitEvent(sdk.NewEvent(types.EventTypeCallFailed,
		sdk.NewAttribute(types.AttributeKeyContract, contract),
		sdk.NewAttribute(types.AttributeKeyCall, call.name)).
		AppendAttributes(errorAttributes(failure)...))
	countFailure("call_failed", telemetry.NewLabel("contract", contract), telemetry.NewLabel("call", call.name))

	status, err := k.status(ctx, call.contract)
	if err != nil {
		return err
	}
	codespace, code, _ := errorsmod.ABCIInfo(failure, false)
	status.Failures++
	status.LastFailure = &types.Failure{Height: ctx.BlockHeight(), Call: call.name, Codespace: codespace, Code: code}
	return k.Statuses.Set(ctx, call.contract, status)
}

// errorAttributes are what an event says of an error. A contract whose message sets off a hook sees the
// events in its reply, so they have only what is the same on every node: the text of an error may differ.
func errorAttributes(err error) []sdk.Attribute {
	codespace, code, _ := errorsmod.ABCIInfo(err, false)
	return []sdk.Attribute{
		sdk.NewAttribute(types.AttributeKeyCodespace, codespace),
		sdk.NewAttribute(types.AttributeKeyCode, strconv.FormatUint(uint64(code), 10)),
	}
}

func countFailure(name string, labels ...metrics.Label) {
	telemetry.IncrCounterWithLabels([]string{types.ModuleName, name}, 1, labels)
}
