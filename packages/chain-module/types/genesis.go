package types

import (
	"fmt"

	"cosmossdk.io/core/address"

	sdk "github.com/cosmos/cosmos-sdk/types"
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
		contract, err := accounts.StringToBytes(state.Contract)
		if err != nil {
			return fmt.Errorf("state of contract %q: %w", state.Contract, err)
		}
		if seen[string(contract)] {
			return fmt.Errorf("contract %s has two states", state.Contract)
		}
		seen[string(contract)] = true
		if err := state.Told.validate(); err != nil {
			return fmt.Errorf("state of contract %s: %w", state.Contract, err)
		}
	}
	return nil
}

func (t ToldPowers) validate() error {
	operators, voters := map[string]bool{}, map[string]bool{}
	for _, it := range t.Validators {
		operator, err := sdk.ValAddressFromBech32(it.Validator)
		if err != nil {
			return fmt.Errorf("validator %q: %w", it.Validator, err)
		}
		if err := sdk.VerifyAddressFormat(it.ConsensusAddress); err != nil {
			return fmt.Errorf("consensus address of %s: %w", it.Validator, err)
		}
		if operators[string(operator)] || voters[string(it.ConsensusAddress)] {
			return fmt.Errorf("validator %s was told twice", it.Validator)
		}
		operators[string(operator)], voters[string(it.ConsensusAddress)] = true, true
		if it.Power < 0 {
			return fmt.Errorf("validator %s was told with power %d, which is negative", it.Validator, it.Power)
		}
	}
	return nil
}
