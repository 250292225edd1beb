package keeper

import (
	"context"

	"cosmossdk.io/math"
	storetypes "cosmossdk.io/store/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/types"
)

// maxCallDepth is how many contracts may have called each other when x/staking is called: x/wasm
// stops at 500, and somebody could come so deep that the hook's contract is the one that is stopped.
const maxCallDepth = 100

// Hooks tells contracts what happens in x/staking, in the JSON of Juno's x/cw-hooks: one key, whose
// fields are strings.
type Hooks struct{ k Keeper }

var _ stakingtypes.StakingHooks = Hooks{}

// Hooks are given to x/staking, after those of other modules.
func (k Keeper) Hooks() Hooks { return Hooks{k} }

// fields are the body of a hook.
type fields map[string]string

// tell calls every contract of the params. It fails only what no honest message does: staking below
// too many contract calls, which fails as a whole.
func (h Hooks) tell(c context.Context, name string, body func(sdk.Context) fields) error {
	ctx := sdk.UnwrapSDKContext(c)
	params, err := h.k.params(ctx)
	if err != nil || len(params.Hooks.Contracts) == 0 {
		return err
	}
	if depth, _ := wasmtypes.CallDepth(ctx); depth > maxCallDepth {
		return types.ErrCallTooDeep.Wrapf("%d contracts have called each other, at most %d may", depth, maxCallDepth)
	}
	message := body(ctx)
	for _, contract := range params.Hooks.Contracts {
		_, err := h.k.do(ctx, call{
			contract: h.k.address(contract), gasLimit: params.Hooks.GasLimit, name: name, body: message, mustBeTaken: true,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (h Hooks) tellValidator(c context.Context, name string, operator sdk.ValAddress) error {
	return h.tell(c, name, func(ctx sdk.Context) fields {
		body := fields{"validator_address": operator.String()}
		// A removed validator is not there any more.
		if validator, err := h.k.staking.GetValidator(ctx, operator); err == nil {
			body["moniker"] = validator.GetMoniker()
			body["commission"] = validator.GetCommission().String()
			body["validator_tokens"] = validator.GetTokens().String()
			body["bonded_tokens"] = validator.GetBondedTokens().String()
			body["bond_status"] = validator.GetStatus().String()
		}
		return body
	})
}

func (h Hooks) tellDelegation(c context.Context, name string, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tell(c, name, func(ctx sdk.Context) fields {
		shares := math.LegacyZeroDec()
		if delegation, err := h.k.staking.GetDelegation(ctx, delegator, operator); err == nil {
			shares = delegation.Shares
		}
		return fields{
			"validator_address": operator.String(), "delegator_address": delegator.String(), "shares": shares.String(),
		}
	})
}

// AfterValidatorCreated implements the hook of x/staking.
func (h Hooks) AfterValidatorCreated(ctx context.Context, operator sdk.ValAddress) error {
	return h.tellValidator(ctx, "after_validator_created", operator)
}

// BeforeValidatorModified implements the hook of x/staking.
func (h Hooks) BeforeValidatorModified(ctx context.Context, operator sdk.ValAddress) error {
	return h.tellValidator(ctx, "before_validator_modified", operator)
}

// AfterValidatorRemoved implements the hook of x/staking. A contract that takes it sets the validator's power
// to 0 itself, which is not what it was told last when blocks have failed.
//
// The lists of what was told are read and written without gas: the last delegator of a validator would pay for
// all validators, with 1 000 of them 259 000 for each route, and 2 600 000 where it was among them. The work is
// bounded by the 16 routes and the 1 000 validators that a contract takes, and to have it done again somebody
// makes a validator first.
func (h Hooks) AfterValidatorRemoved(c context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	ctx := sdk.UnwrapSDKContext(c)
	params, err := h.k.params(ctx)
	if err != nil {
		return err
	}
	removed := func(it types.ValidatorPower) bool { return it.Validator == operator.String() }
	free := ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
	for _, route := range params.Routes {
		if err := h.k.tellAgain(free, h.k.address(route.Contract), removed); err != nil {
			return err
		}
	}
	return h.tellValidator(ctx, "after_validator_removed", operator)
}

// AfterValidatorBonded implements the hook of x/staking.
func (h Hooks) AfterValidatorBonded(ctx context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellValidator(ctx, "after_validator_bonded", operator)
}

// AfterValidatorBeginUnbonding implements the hook of x/staking.
func (h Hooks) AfterValidatorBeginUnbonding(ctx context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	return h.tellValidator(ctx, "after_validator_begin_unbonding", operator)
}

// BeforeDelegationCreated implements the hook of x/staking.
func (h Hooks) BeforeDelegationCreated(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_created", delegator, operator)
}

// BeforeDelegationSharesModified implements the hook of x/staking.
func (h Hooks) BeforeDelegationSharesModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_shares_modified", delegator, operator)
}

// BeforeDelegationRemoved implements the hook of x/staking.
func (h Hooks) BeforeDelegationRemoved(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "before_delegation_removed", delegator, operator)
}

// AfterDelegationModified implements the hook of x/staking.
func (h Hooks) AfterDelegationModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	return h.tellDelegation(ctx, "after_delegation_modified", delegator, operator)
}

// BeforeValidatorSlashed implements the hook of x/staking.
func (h Hooks) BeforeValidatorSlashed(ctx context.Context, operator sdk.ValAddress, fraction math.LegacyDec) error {
	return h.tell(ctx, "before_validator_slashed", func(ctx sdk.Context) fields {
		body := fields{"validator_address": operator.String(), "slashed_amount": fraction.String()}
		if validator, err := h.k.staking.GetValidator(ctx, operator); err == nil {
			body["moniker"] = validator.GetMoniker()
		}
		return body
	})
}

// AfterUnbondingInitiated is not one of Juno's hooks.
func (h Hooks) AfterUnbondingInitiated(context.Context, uint64) error { return nil }
