package shadow

import (
	"context"

	abci "github.com/cometbft/cometbft/abci/types"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/CosmWasm/wasmd/app"
)

// kind is what happened.
type kind int

const (
	validatorCreated kind = iota
	validatorModified
	validatorRemoved
	validatorSlashed
	delegationCreating
	delegationChanging
	delegationChanged
	delegationRemoving
	// rewardsWithdrawn and commissionWithdrawn are withdrawals from x/distribution by message, which
	// x/staking does not tell.
	rewardsWithdrawn
	commissionWithdrawn
)

// observation is something that happened, with the state of x/staking at that moment.
type observation struct {
	kind   kind
	height int64
	pair
	// tokens and allShares are the validator's; zero when it is gone.
	tokens    math.Int
	allShares math.LegacyDec
	// shares are the delegation's; zero when there is none.
	shares math.LegacyDec
	// fraction is how much of its tokens a validator loses.
	fraction math.LegacyDec
}

// pair is a delegator and a validator, by their addresses.
type pair struct{ delegator, validator string }

// stake is what the delegation's shares are worth.
func (o observation) stake() math.LegacyDec {
	if o.allShares.IsZero() {
		return math.LegacyZeroDec()
	}
	return o.shares.MulInt(o.tokens).Quo(o.allShares)
}

// stakeTruncated is the same, rounded down.
func (o observation) stakeTruncated() math.LegacyDec {
	if o.allShares.IsZero() {
		return math.LegacyZeroDec()
	}
	return o.shares.MulInt(o.tokens).QuoTruncate(o.allShares)
}

// observer hears the hooks of x/staking beside x/distribution and the module, and is independent of both.
// What it saw of a message that failed is forgotten.
type observer struct {
	app    *app.WasmApp
	height int64
	seen   []observation
}

var _ stakingtypes.StakingHooks = (*observer)(nil)

// see looks at the state of x/staking.
func (o *observer) see(c context.Context, kind kind, delegator sdk.AccAddress, operator sdk.ValAddress) *observation {
	ctx := sdk.UnwrapSDKContext(c)
	now := observation{
		kind: kind, height: ctx.BlockHeight(), tokens: math.ZeroInt(), allShares: math.LegacyZeroDec(),
		shares: math.LegacyZeroDec(), fraction: math.LegacyZeroDec(),
	}
	now.validator = operator.String()
	if validator, err := o.app.StakingKeeper.GetValidator(ctx, operator); err == nil {
		now.tokens, now.allShares = validator.Tokens, validator.DelegatorShares
	}
	if delegator != nil {
		now.delegator = delegator.String()
		if delegation, err := o.app.StakingKeeper.GetDelegation(ctx, delegator, operator); err == nil {
			now.shares = delegation.Shares
		}
	}
	o.seen = append(o.seen, now)
	return &o.seen[len(o.seen)-1]
}

// taken hands out what was seen since the last time.
func (o *observer) taken() []observation {
	seen := o.seen
	o.seen = nil
	return seen
}

func (o *observer) AfterValidatorCreated(ctx context.Context, operator sdk.ValAddress) error {
	o.see(ctx, validatorCreated, nil, operator)
	return nil
}

func (o *observer) BeforeValidatorModified(ctx context.Context, operator sdk.ValAddress) error {
	o.see(ctx, validatorModified, nil, operator)
	return nil
}

func (o *observer) AfterValidatorRemoved(ctx context.Context, _ sdk.ConsAddress, operator sdk.ValAddress) error {
	o.see(ctx, validatorRemoved, nil, operator)
	return nil
}

func (o *observer) BeforeValidatorSlashed(ctx context.Context, operator sdk.ValAddress, fraction math.LegacyDec) error {
	o.see(ctx, validatorSlashed, nil, operator).fraction = fraction
	return nil
}

func (o *observer) BeforeDelegationCreated(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	o.see(ctx, delegationCreating, delegator, operator)
	return nil
}

func (o *observer) BeforeDelegationSharesModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	o.see(ctx, delegationChanging, delegator, operator)
	return nil
}

func (o *observer) AfterDelegationModified(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	o.see(ctx, delegationChanged, delegator, operator)
	return nil
}

func (o *observer) BeforeDelegationRemoved(ctx context.Context, delegator sdk.AccAddress, operator sdk.ValAddress) error {
	o.see(ctx, delegationRemoving, delegator, operator)
	return nil
}

func (o *observer) AfterValidatorBonded(context.Context, sdk.ConsAddress, sdk.ValAddress) error {
	return nil
}

func (o *observer) AfterValidatorBeginUnbonding(context.Context, sdk.ConsAddress, sdk.ValAddress) error {
	return nil
}

func (o *observer) AfterUnbondingInitiated(context.Context, uint64) error { return nil }

// block is what decides how a block's fees are split.
type block struct {
	// fees are those of x/distribution, in whole base units.
	fees decimals
	// total is the power of all votes.
	total int64
	votes []vote
}

// vote is a validator's, with what matters of it.
type vote struct {
	validator string
	power     int64
	rate      math.LegacyDec
	// empty says that it has no tokens.
	empty bool
}

// observeBlock reads votes, and the validators that cast them, from x/staking.
func observeBlock(ctx sdk.Context, app *app.WasmApp, fees sdk.Coins) (block, error) {
	found := block{fees: decimalsOf(sdk.NewDecCoinsFromCoins(fees...))}
	for _, info := range ctx.VoteInfos() {
		it, err := observeVote(ctx, app, info)
		if err != nil {
			return found, err
		}
		found.total += it.power
		found.votes = append(found.votes, it)
	}
	return found, nil
}

func observeVote(ctx sdk.Context, app *app.WasmApp, info abci.VoteInfo) (vote, error) {
	validator, err := app.StakingKeeper.GetValidatorByConsAddr(ctx, info.Validator.Address)
	if err != nil {
		return vote{}, err
	}
	return vote{
		validator: validator.OperatorAddress, power: info.Validator.Power,
		rate: validator.Commission.Rate, empty: validator.Tokens.IsZero(),
	}, nil
}
