package keeper

import (
	"context"

	"github.com/cosmos/cosmos-sdk/telemetry"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/cw-distribution/chain-module/types"
)

// EndBlock calls the contracts of the clock, as Juno's x/clock does. A contract that fails is called
// again in the next block.
func (k Keeper) EndBlock(c context.Context) error {
	defer telemetry.ModuleMeasureSince(types.ModuleName, telemetry.Now(), telemetry.MetricKeyEndBlocker)
	ctx := sdk.UnwrapSDKContext(c)
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	for _, contract := range params.Clock.Contracts {
		_, err := k.do(ctx, call{
			contract: k.address(contract), gasLimit: params.Clock.GasLimit, name: "clock_end_block", body: struct{}{},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
