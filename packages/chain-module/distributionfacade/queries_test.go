package distributionfacade_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "cosmossdk.io/store/types"

	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/cw-distribution/chain-module/distributionfacade"
)

// endless is a pool that always has one more page, and burns gas.
type endless struct{ gas uint64 }

func (endless) FeePool(context.Context) (sdk.AccAddress, error) { return sdk.AccAddress{31: 1}, nil }

func (e endless) QuerySmart(c context.Context, _ sdk.AccAddress, _ []byte) ([]byte, error) {
	sdk.UnwrapSDKContext(c).GasMeter().ConsumeGas(e.gas, "work")
	return []byte(`{"rewards":[],"next":"one more"}`), nil
}

func TestAQueryComesToAnEndAndPaysWhatItUsed(t *testing.T) {
	const limit = 100_000_000
	request := &distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: "somebody"}
	for name, gas := range map[string]uint64{"one page that burns all": limit + 1, "endless pages": limit / 7} {
		t.Run(name, func(t *testing.T) {
			pool := endless{gas}
			queries := distributionfacade.NewQueryServer(distributionfacade.NewKeeper(distributionfacade.Setup{Pools: pool, Querier: pool}))
			ctx := testutil.DefaultContext(storetypes.NewKVStoreKey("one"), storetypes.NewTransientStoreKey("other")).
				WithGasMeter(storetypes.NewInfiniteGasMeter())
			// The SDK answers with an error.
			require.PanicsWithValue(t, storetypes.ErrorOutOfGas{Descriptor: "work"}, func() {
				_, _ = queries.DelegationTotalRewards(ctx, request)
			})
			require.Equal(t, uint64(limit), ctx.GasMeter().GasConsumed())
		})
	}
}
