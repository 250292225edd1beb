package keeper

import (
	"context"

	"github.com/cosmos/cosmos-sdk/telemetry"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/cw-distribution/chain-module/types"
)

// BeginBlock sends fees and tells contracts of the block before. It runs after x/mint, whose coins
// are fees too.
func (k Keeper) BeginBlock(c context.Context) error {
	defer telemetry.ModuleMeasureSince(types.ModuleName, telemetry.Now(), telemetry.MetricKeyBeginBlocker)
	ctx := sdk.UnwrapSDKContext(c)
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	proposer, err := k.previousProposer(ctx)
	if err != nil {
		return err
	}
	for _, route := range params.Routes {
		if err := k.feed(ctx, route, proposer); err != nil {
			return err
		}
	}
	return k.PreviousProposer.Set(ctx, ctx.BlockHeader().ProposerAddress)
}

// previousProposer is the operator of who proposed the block whose fees are split now, or empty.
func (k Keeper) previousProposer(ctx sdk.Context) (string, error) {
	consensus, err := orZero(k.PreviousProposer.Get(ctx))
	if err != nil || len(consensus) == 0 {
		return "", err
	}
	validator, err := k.staking.GetValidatorByConsAddr(ctx, consensus)
	if err != nil {
		// It was removed: the contract gives its part to the community.
		return "", nil
	}
	return validator.OperatorAddress, nil
}

// feed does what a route says in one block.
func (k Keeper) feed(ctx sdk.Context, route types.Route, proposer string) error {
	contract := k.address(route.Contract)
	if !k.wasm.HasContractInfo(ctx, contract) {
		// After a genesis without it: fees must not go where nobody can get at them.
		return k.recordFailure(ctx, call{contract: contract, name: "begin_block"}, types.ErrNoContract.Wrap(route.Contract))
	}
	for _, denom := range route.Denoms {
		k.send(ctx, route, contract, denom)
	}
	// The first block of a chain has no votes for a block before: fees wait.
	if route.Mode == types.MODE_POA_FEE_POOL || len(ctx.VoteInfos()) == 0 {
		return nil
	}
	return k.tellBlock(ctx, contract, route.GasLimit, proposer)
}

// send sends all that a source has of a denom, or nothing: what a send restriction or a hook of the
// denom refuses stays where it is, and holds up no other denom.
func (k Keeper) send(ctx sdk.Context, route types.Route, contract sdk.AccAddress, denom string) {
	balance := k.bank.GetBalance(ctx, authtypes.NewModuleAddress(route.Source), denom)
	if balance.IsZero() {
		return
	}
	err := attempt(ctx, route.GasLimit, func(ctx sdk.Context) error {
		return k.bank.SendCoinsFromModuleToAccount(ctx, route.Source, contract, sdk.NewCoins(balance))
	})
	if err == nil {
		return
	}
	ctx.Logger().Error("fees stay with their module", "module", types.ModuleName, "source", route.Source, "amount", balance, "error", err)
	ctx.EventManager().EmitEvent(sdk.NewEvent(types.EventTypeTransferRefused,
		sdk.NewAttribute(types.AttributeKeyContract, route.Contract),
		sdk.NewAttribute(types.AttributeKeySource, route.Source),
		sdk.NewAttribute(types.AttributeKeyAmount, balance.String())).
		AppendAttributes(errorAttributes(err)...))
	countFailure("transfer_refused", telemetry.NewLabel("source", route.Source), telemetry.NewLabel("denom", denom))
}
