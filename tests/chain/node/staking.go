package node

import (
	"errors"
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// Terms are the commission of a validator, each a fraction in [0, 1].
type Terms struct {
	Rate, MaxRate, MaxChangeRate math.LegacyDec
}

// ValidatorTerms returns the commission of a validator and whether x/staking knows it.
func (n *Node) ValidatorTerms(operator sdk.ValAddress) (Terms, bool, error) {
	validator, err := n.App.StakingKeeper.GetValidator(n.open, operator)
	if errors.Is(err, stakingtypes.ErrNoValidatorFound) {
		return Terms{}, false, nil
	}
	rates := validator.Commission.CommissionRates
	return Terms{rates.Rate, rates.MaxRate, rates.MaxChangeRate}, err == nil, err
}

// SetValidator has x/staking know a validator with these terms. A new one is not bonded and never
// becomes so by itself: it has no voting power, it is there for queries.
func (n *Node) SetValidator(operator sdk.ValAddress, terms Terms) error {
	keeper := n.App.StakingKeeper
	validator, err := keeper.GetValidator(n.open, operator)
	known := err == nil
	if !known {
		if !errors.Is(err, stakingtypes.ErrNoValidatorFound) {
			return err
		}
		key := consensusKey(operator.String()).PubKey()
		validator, err = stakingtypes.NewValidator(operator.String(), key, stakingtypes.Description{Moniker: "set by a test"})
		if err != nil {
			return err
		}
	}
	validator.Commission = stakingtypes.NewCommissionWithTime(terms.Rate, terms.MaxRate, terms.MaxChangeRate, n.time)
	if err := keeper.SetValidator(n.open, validator); err != nil || known {
		return err
	}
	if err := keeper.SetValidatorByConsAddr(n.open, validator); err != nil {
		return err
	}
	// Queries of delegations also ask x/distribution, which has to know it too.
	return n.App.DistrKeeper.Hooks().AfterValidatorCreated(n.open, operator)
}

// RemoveValidator has x/staking forget a validator and what is delegated to it. Nothing happens
// when there is none.
func (n *Node) RemoveValidator(operator sdk.ValAddress) error {
	keeper := n.App.StakingKeeper
	if _, known, err := n.ValidatorTerms(operator); err != nil || !known {
		return err
	}
	delegations, err := keeper.GetValidatorDelegations(n.open, operator)
	if err != nil {
		return err
	}
	for _, delegation := range delegations {
		delegator, err := sdk.AccAddressFromBech32(delegation.DelegatorAddress)
		if err != nil {
			return err
		}
		if err := n.SetDelegation(delegator, operator, math.ZeroInt()); err != nil {
			return err
		}
	}
	return keeper.RemoveValidator(n.open, operator)
}

// SetDelegation sets how many tokens a delegator has with a validator that SetValidator has made; 0
// removes the delegation. One share is one token.
func (n *Node) SetDelegation(delegator sdk.AccAddress, operator sdk.ValAddress, tokens math.Int) error {
	keeper := n.App.StakingKeeper
	validator, err := keeper.GetValidator(n.open, operator)
	if errors.Is(err, stakingtypes.ErrNoValidatorFound) && tokens.IsZero() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("staking knows no validator %s: %w", operator, err)
	}
	old, err := keeper.GetDelegation(n.open, delegator, operator)
	switch {
	case errors.Is(err, stakingtypes.ErrNoDelegation):
		old = stakingtypes.NewDelegation(delegator.String(), operator.String(), math.LegacyZeroDec())
		if tokens.IsZero() {
			return nil
		}
		err = n.App.DistrKeeper.Hooks().BeforeDelegationCreated(n.open, delegator, operator)
	case err == nil:
		err = n.App.DistrKeeper.Hooks().BeforeDelegationSharesModified(n.open, delegator, operator)
	}
	if err != nil {
		return err
	}
	change := tokens.Sub(old.Shares.TruncateInt())
	validator.Tokens = validator.Tokens.Add(change)
	validator.DelegatorShares = validator.DelegatorShares.Add(math.LegacyNewDecFromInt(change))
	if err := keeper.SetValidator(n.open, validator); err != nil {
		return err
	}
	if tokens.IsZero() {
		return keeper.RemoveDelegation(n.open, old)
	}
	old.Shares = math.LegacyNewDecFromInt(tokens)
	if err := keeper.SetDelegation(n.open, old); err != nil {
		return err
	}
	return n.App.DistrKeeper.Hooks().AfterDelegationModified(n.open, delegator, operator)
}
