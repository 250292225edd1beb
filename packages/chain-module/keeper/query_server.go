package keeper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cw-distribution/chain-module/types"
)

type queryServer struct{ k Keeper }

// NewQueryServer answers the module's queries.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

// Params says whom the module calls.
func (s queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := s.k.params(ctx)
	if err != nil {
		return nil, err
	}
	return &types.QueryParamsResponse{Params: params}, nil
}

// Routes lists the routes and how their calls went.
func (s queryServer) Routes(ctx context.Context, _ *types.QueryRoutesRequest) (*types.QueryRoutesResponse, error) {
	params, err := s.k.params(ctx)
	if err != nil {
		return nil, err
	}
	response := &types.QueryRoutesResponse{}
	for _, route := range params.Routes {
		contract := s.k.address(route.Contract)
		status, err := s.k.status(ctx, contract)
		if err != nil {
			return nil, err
		}
		told, err := s.k.told(ctx, contract)
		if err != nil {
			return nil, err
		}
		shown := types.RouteStatus{Route: route, Status: status, Validators: uint64(len(told.Validators))}
		for _, it := range told.Validators {
			shown.TotalPower += it.Power
		}
		response.Routes = append(response.Routes, shown)
	}
	return response, nil
}

// Contract says how the calls of one contract went and which powers it was told of.
func (s queryServer) Contract(ctx context.Context, request *types.QueryContractRequest) (*types.QueryContractResponse, error) {
	contract, err := s.k.addresses.StringToBytes(request.Contract)
	if err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "contract %q: %s", request.Contract, err)
	}
	calls, err := s.k.status(ctx, contract)
	if err != nil {
		return nil, err
	}
	told, err := s.k.told(ctx, contract)
	if err != nil {
		return nil, err
	}
	return &types.QueryContractResponse{Status: calls, Told: told}, nil
}
