package shadow

import (
	"context"
	"fmt"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/app"

	"cw-distribution/tests/chain/pool"
)

// neutronHooks tell contracts what happens in x/staking as Neutron's x/harpoon does: addresses and no shares.
type neutronHooks struct {
	app       *app.WasmApp
	contracts []sdk.AccAddress
	failed    func(error)
}

var _ stakingtypes.StakingHooks = (*neutronHooks)(nil)

// tell calls every contract. A call that fails is a fault of the contract.
func (h *neutronHooks) tell(c context.Context, name string, body pool.M) error {
	for _, contract := range h.contracts {
		ctx := sdk.UnwrapSDKContext(c).WithGasMeter(storetypes.NewGasMeter(callGas))
		if _, err := h.app.WasmKeeper.Sudo(ctx, contract, text(pool.M{name: body})); err != nil {
			err = fmt.Errorf("%s: %w", name, err)
			h.failed(err)
			return err
		}
	}
	return nil
}

func (h *neutronHooks) tellVoter(ctx context.Context, name string, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tell(ctx, name, pool.M{"cons_addr": consensus.String(), "val_addr": operator.String()})
}

func (h *neutronHooks) tellDelegation(ctx context.Context, name string, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tell(ctx, name, pool.M{"del_addr": delegator.String(), "val_addr": operator.String()})
}

func (h *neutronHooks) AfterValidatorCreated(ctx context.Context, operator sdk.ValAddress) error {
	return h.tell(ctx, "after_validator_created", pool.M{"val_addr": operator.String()})
}

func (h *neutronHooks) BeforeValidatorModified(ctx context.Context, operator sdk.ValAddress) error {
	return h.tell(ctx, "before_validator_modified", pool.M{"val_addr": operator.String()})
}

func (h *neutronHooks) AfterValidatorRemoved(ctx context.Context, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellVoter(ctx, "after_validator_removed", consensus, operator)
}

func (h *neutronHooks) AfterValidatorBonded(ctx context.Context, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellVoter(ctx, "after_validator_bonded", consensus, operator)
}

func (h *neutronHooks) AfterValidatorBeginUnbonding(ctx context.Context, consensus sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellVoter(ctx, "after_validator_begin_unbonding", consensus, operator)
}

func (h *neutronHooks) BeforeDelegationCreated(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_created", delegator, operator)
}

func (h *neutronHooks) BeforeDelegationSharesModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_shares_modified", delegator, operator)
}

func (h *neutronHooks) BeforeDelegationRemoved(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_removed", delegator, operator)
}

func (h *neutronHooks) AfterDelegationModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "after_delegation_modified", delegator, operator)
}

func (h *neutronHooks) BeforeValidatorSlashed(ctx context.Context, operator sdk.ValAddress, fraction math.LegacyDec) error {
	validator, err := h.app.StakingKeeper.GetValidator(ctx, operator)
	if err != nil {
		return err
	}
	return h.tell(ctx, "before_validator_slashed", pool.M{
		"val_addr": operator.String(), "fraction": fraction.String(),
		"tokens_to_burn": fraction.MulInt(validator.Tokens).TruncateInt().String(),
	})
}

func (h *neutronHooks) AfterUnbondingInitiated(ctx context.Context, id uint64) error {
	return h.tell(ctx, "after_unbonding_initiated", pool.M{"id": id})
}
