package distributionfacade

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"
)

// WasmDistribution is what x/wasm asks about rewards when a contract queries x/staking or
// x/distribution. It never calls a contract: a contract's query would then run another contract, at
// the cost of whoever asked for a plain delegation.
type WasmDistribution struct{}

var _ wasmtypes.DistributionKeeper = WasmDistribution{}

// errAskThePool tells a contract where it finds what it asked for.
func errAskThePool() error {
	return status.Error(codes.Unimplemented, "this chain has no x/distribution: contracts query the fee pool itself")
}

// DelegationRewards answers with none. x/wasm asks it for every full delegation, which must not fail.
func (WasmDistribution) DelegationRewards(context.Context, *distrtypes.QueryDelegationRewardsRequest) (*distrtypes.QueryDelegationRewardsResponse, error) {
	return &distrtypes.QueryDelegationRewardsResponse{}, nil
}

// DelegationTotalRewards is not answered.
func (WasmDistribution) DelegationTotalRewards(context.Context, *distrtypes.QueryDelegationTotalRewardsRequest) (*distrtypes.QueryDelegationTotalRewardsResponse, error) {
	return nil, errAskThePool()
}

// DelegatorValidators is not answered.
func (WasmDistribution) DelegatorValidators(context.Context, *distrtypes.QueryDelegatorValidatorsRequest) (*distrtypes.QueryDelegatorValidatorsResponse, error) {
	return nil, errAskThePool()
}

// DelegatorWithdrawAddress is not answered.
func (WasmDistribution) DelegatorWithdrawAddress(context.Context, *distrtypes.QueryDelegatorWithdrawAddressRequest) (*distrtypes.QueryDelegatorWithdrawAddressResponse, error) {
	return nil, errAskThePool()
}
