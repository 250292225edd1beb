package keeper

import (
	"context"
	"slices"

	"github.com/cw-distribution/chain-module/types"
)

// InitGenesis stores a state. Contracts need not exist yet: x/wasm may read its own state later.
func (k Keeper) InitGenesis(ctx context.Context, state types.GenesisState) error {
	if err := state.Validate(k.addresses); err != nil {
		return err
	}
	if err := k.checkParams(state.Params); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, state.Params); err != nil {
		return err
	}
	for _, it := range state.Contracts {
		contract := k.address(it.Contract)
		if err := k.Told.Set(ctx, contract, it.Told); err != nil {
			return err
		}
		if err := k.Statuses.Set(ctx, contract, it.Status); err != nil {
			return err
		}
	}
	if len(state.PreviousProposer) == 0 {
		return nil
	}
	return k.PreviousProposer.Set(ctx, state.PreviousProposer)
}

// ExportGenesis reads the whole state, also of contracts that are not called any more.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.params(ctx)
	if err != nil {
		return nil, err
	}
	proposer, err := orZero(k.PreviousProposer.Get(ctx))
	if err != nil {
		return nil, err
	}
	contracts, err := k.knownContracts(ctx)
	if err != nil {
		return nil, err
	}
	state := &types.GenesisState{Params: params, PreviousProposer: proposer}
	for _, contract := range contracts {
		told, err := k.told(ctx, contract)
		if err != nil {
			return nil, err
		}
		status, err := k.status(ctx, contract)
		if err != nil {
			return nil, err
		}
		text, err := k.addresses.BytesToString(contract)
		if err != nil {
			return nil, err
		}
		state.Contracts = append(state.Contracts, types.ContractState{Contract: text, Told: told, Status: status})
	}
	return state, nil
}

// knownContracts are all contracts with a record, in the order of their bytes.
func (k Keeper) knownContracts(ctx context.Context) ([][]byte, error) {
	var contracts [][]byte
	add := func(contract []byte) (bool, error) {
		contracts = append(contracts, contract)
		return false, nil
	}
	err := k.Told.Walk(ctx, nil, func(contract []byte, _ types.ToldPowers) (bool, error) { return add(contract) })
	if err != nil {
		return nil, err
	}
	err = k.Statuses.Walk(ctx, nil, func(contract []byte, _ types.CallStatus) (bool, error) { return add(contract) })
	if err != nil {
		return nil, err
	}
	slices.SortFunc(contracts, slices.Compare)
	return slices.CompactFunc(contracts, slices.Equal), nil
}
