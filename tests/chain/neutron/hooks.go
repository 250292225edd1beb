// Package neutron tells contracts what happens in x/staking as Neutron does.
package neutron

import (
	"context"
	"encoding/json"
	"fmt"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/app"

	"cw-distribution/tests/chain/pool"
)

// Hooks are those of Neutron's x/harpoon: addresses and no shares.
type Hooks struct {
	App       *app.WasmApp
	Contracts []sdk.AccAddress
	// GasLimit is what each call may use.
	GasLimit uint64
	// Called hears of every call that has ended: the gas that it has used, and why it failed. A call that fails is a
	// fault of the contract.
	Called func(name string, gas uint64, err error)
}

var _ stakingtypes.StakingHooks = (*Hooks)(nil)

// tell calls every contract.
func (h *Hooks) tell(c context.Context, name string, body pool.M) error {
	message, err := json.Marshal(pool.M{name: body})
	if err != nil {
		return err
	}
	for _, contract := range h.Contracts {
		meter := storetypes.NewGasMeter(h.GasLimit)
		ctx := sdk.UnwrapSDKContext(c).WithGasMeter(meter)
		_, err := h.App.WasmKeeper.Sudo(ctx, contract, message)
		h.Called(name, meter.GasConsumed(), err)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (h *Hooks) tellVoter(ctx context.Context, name string, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tell(ctx, name, pool.M{"cons_addr": consensus.String(), "val_addr": operator.String()})
}

func (h *Hooks) tellDelegation(ctx context.Context, name string, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tell(ctx, name, pool.M{"del_addr": delegator.String(), "val_addr": operator.String()})
}

// AfterValidatorCreated implements the hook of x/staking.
func (h *Hooks) AfterValidatorCreated(ctx context.Context, operator sdk.ValAddress) error {
	return h.tell(ctx, "after_validator_created", pool.M{"val_addr": operator.String()})
}

// BeforeValidatorModified implements the hook of x/staking.
func (h *Hooks) BeforeValidatorModified(ctx context.Context, operator sdk.ValAddress) error {
	return h.tell(ctx, "before_validator_modified", pool.M{"val_addr": operator.String()})
}

// AfterValidatorRemoved implements the hook of x/staking.
func (h *Hooks) AfterValidatorRemoved(ctx context.Context, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellVoter(ctx, "after_validator_removed", consensus, operator)
}

// AfterValidatorBonded implements the hook of x/staking.
func (h *Hooks) AfterValidatorBonded(ctx context.Context, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellVoter(ctx, "after_validator_bonded", consensus, operator)
}

// AfterValidatorBeginUnbonding implements the hook of x/staking.
func (h *Hooks) AfterValidatorBeginUnbonding(ctx context.Context, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellVoter(ctx, "after_validator_begin_unbonding", consensus, operator)
}

// BeforeDelegationCreated implements the hook of x/staking.
func (h *Hooks) BeforeDelegationCreated(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_created", delegator, operator)
}

// BeforeDelegationSharesModified implements the hook of x/staking.
func (h *Hooks) BeforeDelegationSharesModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_shares_modified", delegator, operator)
}

// BeforeDelegationRemoved implements the hook of x/staking.
func (h *Hooks) BeforeDelegationRemoved(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_removed", delegator, operator)
}

// AfterDelegationModified implements the hook of x/staking.
func (h *Hooks) AfterDelegationModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "after_delegation_modified", delegator, operator)
}

// BeforeValidatorSlashed implements the hook of x/staking.
func (h *Hooks) BeforeValidatorSlashed(ctx context.Context, operator sdk.ValAddress, fraction math.LegacyDec) error {
	validator, err := h.App.StakingKeeper.GetValidator(ctx, operator)
	if err != nil {
		return err
	}
	return h.tell(ctx, "before_validator_slashed", pool.M{
		"val_addr": operator.String(), "fraction": fraction.String(),
		"tokens_to_burn": fraction.MulInt(validator.Tokens).TruncateInt().String(),
	})
}

// AfterUnbondingInitiated implements the hook of x/staking.
func (h *Hooks) AfterUnbondingInitiated(ctx context.Context, id uint64) error {
	return h.tell(ctx, "after_unbonding_initiated", pool.M{"id": id})
}
