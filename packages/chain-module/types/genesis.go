package types

import (
	"fmt"

	"cosmossdk.io/core/address"
)

// DefaultGenesis calls nobody.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate checks everything that can be checked without the chain's state.
func (g GenesisState) Validate(accounts address.Codec) error {
	if err := g.Params.Validate(accounts); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, state := range g.Contracts {
		if _, err := accounts.StringToBytes(state.Contract); err != nil {
			return fmt.Errorf("state of contract %q: %w", state.Contract, err)
		}
		if seen[state.Contract] {
			return fmt.Errorf("contract %s has two states", state.Contract)
		}
		seen[state.Contract] = true
		if err := state.Told.validate(); err != nil {
			return fmt.Errorf("state of contract %s: %w", state.Contract, err)
		}
	}
	return nil
}

func (t ToldPowers) validate() error {
	seen := map[string]bool{}
	for _, it := range t.Validators {
		if seen[it.Validator] {
			return fmt.Errorf("validator %s was told twice", it.Validator)
		}
		seen[it.Validator] = true
		if it.Power < 0 {
			return fmt.Errorf("validator %s was told with power %d, which is negative", it.Validator, it.Power)
		}
	}
	return nil
}
