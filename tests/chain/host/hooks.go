package host

import (
	"context"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// signed says whether a vote is one for the block.
func signed(flag cmtproto.BlockIDFlag) bool { return flag == cmtproto.BlockIDFlagCommit }

// AfterValidatorCreated forwards the hook.
func (m *Module) AfterValidatorCreated(c context.Context, operator sdk.ValAddress) error {
	return m.validatorHook(c, "after_validator_created", operator)
}

// BeforeValidatorModified forwards the hook.
func (m *Module) BeforeValidatorModified(c context.Context, operator sdk.ValAddress) error {
	return m.validatorHook(c, "before_validator_modified", operator)
}

// AfterValidatorRemoved forwards the hook.
func (m *Module) AfterValidatorRemoved(c context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	return m.validatorHook(c, "after_validator_removed", operator)
}

// AfterValidatorBonded forwards the hook.
func (m *Module) AfterValidatorBonded(c context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	return m.validatorHook(c, "after_validator_bonded", operator)
}

// AfterValidatorBeginUnbonding forwards the hook.
func (m *Module) AfterValidatorBeginUnbonding(c context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	return m.validatorHook(c, "after_validator_begin_unbonding", operator)
}

// BeforeDelegationCreated forwards the hook.
func (m *Module) BeforeDelegationCreated(c context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return m.delegationHook(c, "before_delegation_created", delegator, operator)
}

// BeforeDelegationSharesModified forwards the hook.
func (m *Module) BeforeDelegationSharesModified(c context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return m.delegationHook(c, "before_delegation_shares_modified", delegator, operator)
}

// BeforeDelegationRemoved forwards the hook.
func (m *Module) BeforeDelegationRemoved(c context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return m.delegationHook(c, "before_delegation_removed", delegator, operator)
}

// AfterDelegationModified forwards the hook.
func (m *Module) AfterDelegationModified(c context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return m.delegationHook(c, "after_delegation_modified", delegator, operator)
}

// BeforeValidatorSlashed forwards the hook.
func (m *Module) BeforeValidatorSlashed(c context.Context, operator sdk.ValAddress, fraction math.LegacyDec) error {
	return m.hook(c, "before_validator_slashed", object{
		"validator_address": operator.String(), "slashed_amount": fraction.String(),
	})
}

// AfterUnbondingInitiated is not one of Juno's.
func (m *Module) AfterUnbondingInitiated(context.Context, uint64) error { return nil }
