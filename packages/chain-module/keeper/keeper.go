// Package keeper feeds contracts: it sends them fees, tells them of every block and of what happens
// in x/staking, and never lets a contract stop the chain.
package keeper

import (
	"context"
	"errors"
	"slices"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/cw-distribution/chain-module/types"
)

// Keeper is the module's access to its state and to other modules.
type Keeper struct {
	bank      types.BankKeeper
	staking   types.StakingKeeper
	wasm      types.WasmKeeper
	addresses address.Codec
	authority string
	sources   []string

	schema collections.Schema
	// Params say whom the module calls.
	Params collections.Item[types.Params]
	// Told has the powers that each contract knows, by its address.
	Told collections.Map[[]byte, types.ToldPowers]
	// Statuses say how the calls of each contract went, by its address.
	Statuses collections.Map[[]byte, types.CallStatus]
	// PreviousProposer is the consensus address of who proposed the last block.
	PreviousProposer collections.Item[[]byte]
}

// Setup is what a keeper is made of.
type Setup struct {
	Codec        codec.BinaryCodec
	StoreService store.KVStoreService
	Addresses    address.Codec
	Bank         types.BankKeeper
	Staking      types.StakingKeeper
	Wasm         types.WasmKeeper
	// Authority may change the params.
	Authority string
	// Sources are the module accounts that a route may empty, by their names: the fee collector, and
	// accounts that are there for this. They are fixed in code, so that no proposal can route away
	// what belongs to somebody, as the bonded tokens do.
	Sources []string
}

// NewKeeper makes a keeper.
func NewKeeper(setup Setup) Keeper {
	builder := collections.NewSchemaBuilder(setup.StoreService)
	k := Keeper{
		bank: setup.Bank, staking: setup.Staking, wasm: setup.Wasm,
		addresses: setup.Addresses, authority: setup.Authority, sources: setup.Sources,
		Params: collections.NewItem(builder, types.ParamsKey, "params",
			codec.CollValue[types.Params](setup.Codec)),
		Told: collections.NewMap(builder, types.ToldKey, "told", collections.BytesKey,
			codec.CollValue[types.ToldPowers](setup.Codec)),
		Statuses: collections.NewMap(builder, types.StatusKey, "statuses", collections.BytesKey,
			codec.CollValue[types.CallStatus](setup.Codec)),
		PreviousProposer: collections.NewItem(builder, types.PreviousProposerKey, "previous_proposer",
			collections.BytesValue),
	}
	schema, err := builder.Build()
	if err != nil {
		panic(err)
	}
	k.schema = schema
	return k
}

// params are the params in force; before genesis is read they call nobody.
func (k Keeper) params(ctx context.Context) (types.Params, error) {
	return orZero(k.Params.Get(ctx))
}

func (k Keeper) told(ctx context.Context, contract sdk.AccAddress) (types.ToldPowers, error) {
	return orZero(k.Told.Get(ctx, contract))
}

func (k Keeper) status(ctx context.Context, contract sdk.AccAddress) (types.CallStatus, error) {
	return orZero(k.Statuses.Get(ctx, contract))
}

// orZero takes a record that is not there for an empty one.
func orZero[T any](record T, err error) (T, error) {
	if errors.Is(err, collections.ErrNotFound) {
		var zero T
		return zero, nil
	}
	return record, err
}

// checkParams checks params beside what they say by themselves: sources must be allowed.
func (k Keeper) checkParams(params types.Params) error {
	if err := params.Validate(k.addresses); err != nil {
		return err
	}
	for _, route := range params.Routes {
		if !slices.Contains(k.sources, route.Source) {
			return types.ErrInvalidParams.Wrapf("source %q of a route, allowed are %q", route.Source, k.sources)
		}
	}
	return nil
}

// SetParams checks and stores params. Every contract must exist, so that no fees are sent to an
// address that nobody controls. A contract whose route was not there is told all powers again: others
// may have told it meanwhile.
func (k Keeper) SetParams(ctx context.Context, params types.Params) error {
	if err := k.checkParams(params); err != nil {
		return err
	}
	for _, contract := range params.AllContracts() {
		if !k.wasm.HasContractInfo(ctx, k.address(contract)) {
			return types.ErrNoContract.Wrap(contract)
		}
	}
	before, err := k.params(ctx)
	if err != nil {
		return err
	}
	for _, route := range params.Routes {
		was := func(it types.Route) bool { return it.Contract == route.Contract && it.Mode == route.Mode }
		if slices.ContainsFunc(before.Routes, was) {
			continue
		}
		all := func(types.ValidatorPower) bool { return true }
		if err := k.tellAgain(ctx, k.address(route.Contract), all); err != nil {
			return err
		}
	}
	return k.Params.Set(ctx, params)
}

// address reads an address of the params, which were checked before they were stored.
func (k Keeper) address(text string) sdk.AccAddress {
	address, err := k.addresses.StringToBytes(text)
	if err != nil {
		return nil
	}
	return address
}

// FeePool is the contract of the first route that feeds a fee pool.
func (k Keeper) FeePool(ctx context.Context) (sdk.AccAddress, error) {
	params, err := k.params(ctx)
	if err != nil {
		return nil, err
	}
	for _, route := range params.Routes {
		if route.Mode == types.MODE_FEE_POOL {
			return k.address(route.Contract), nil
		}
	}
	return nil, types.ErrNoFeePool
}
