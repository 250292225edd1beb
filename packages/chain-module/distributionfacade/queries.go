package distributionfacade

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

type queryServer struct{ k Keeper }

// NewQueryServer answers the queries of x/distribution from the fee pool. What a delegator who has
// left was not paid is still shown: the pool pays at withdrawals only.
func NewQueryServer(k Keeper) distrtypes.QueryServer { return queryServer{k} }

// checkValidator refuses what is no operator's address; the pool would take the account behind it as well.
func (k Keeper) checkValidator(text string) error {
	if text == "" {
		return status.Error(codes.InvalidArgument, "empty validator address")
	}
	if _, err := k.validators.StringToBytes(text); err != nil {
		return status.Errorf(codes.InvalidArgument, "validator %q: %s", text, err)
	}
	return nil
}

// checkDelegator refuses an empty address; the pool refuses what is no account's.
func checkDelegator(text string) error {
	if text == "" {
		return status.Error(codes.InvalidArgument, "empty delegator address")
	}
	return nil
}

// Params answers with the params that both have; the pool's equal share has no place in them.
func (s queryServer) Params(ctx context.Context, _ *distrtypes.QueryParamsRequest) (*distrtypes.QueryParamsResponse, error) {
	var answer paramsAnswer
	if err := s.k.query(ctx, "params", struct{}{}, &answer); err != nil {
		return nil, err
	}
	return &distrtypes.QueryParamsResponse{Params: distrtypes.Params{
		CommunityTax:        answer.CommunityTax,
		BaseProposerReward:  answer.BaseProposerReward,
		BonusProposerReward: answer.BonusProposerReward,
		WithdrawAddrEnabled: answer.WithdrawAddrEnabled,
	}}, nil
}

// ValidatorDistributionInfo answers with commission and rewards of the self-delegation.
func (s queryServer) ValidatorDistributionInfo(ctx context.Context, request *distrtypes.QueryValidatorDistributionInfoRequest) (*distrtypes.QueryValidatorDistributionInfoResponse, error) {
	if err := s.k.checkValidator(request.ValidatorAddress); err != nil {
		return nil, err
	}
	var answer infoAnswer
	if err := s.k.query(ctx, "validator_distribution_info", ofValidator{request.ValidatorAddress}, &answer); err != nil {
		return nil, err
	}
	return &distrtypes.QueryValidatorDistributionInfoResponse{
		OperatorAddress: answer.OperatorAddress,
		SelfBondRewards: answer.SelfBondRewards,
		Commission:      answer.Commission,
	}, nil
}

// ValidatorOutstandingRewards answers with all that a validator and its delegators can withdraw.
func (s queryServer) ValidatorOutstandingRewards(ctx context.Context, request *distrtypes.QueryValidatorOutstandingRewardsRequest) (*distrtypes.QueryValidatorOutstandingRewardsResponse, error) {
	rewards, err := s.ofValidator(ctx, "validator_outstanding_rewards", request.ValidatorAddress)
	if err != nil {
		return nil, err
	}
	return &distrtypes.QueryValidatorOutstandingRewardsResponse{
		Rewards: distrtypes.ValidatorOutstandingRewards{Rewards: rewards},
	}, nil
}

// ValidatorCommission answers with the commission that was not withdrawn.
func (s queryServer) ValidatorCommission(ctx context.Context, request *distrtypes.QueryValidatorCommissionRequest) (*distrtypes.QueryValidatorCommissionResponse, error) {
	commission, err := s.ofValidator(ctx, "validator_commission", request.ValidatorAddress)
	if err != nil {
		return nil, err
	}
	return &distrtypes.QueryValidatorCommissionResponse{
		Commission: distrtypes.ValidatorAccumulatedCommission{Commission: commission},
	}, nil
}

func (s queryServer) ofValidator(ctx context.Context, name, validator string) (sdk.DecCoins, error) {
	if err := s.k.checkValidator(validator); err != nil {
		return nil, err
	}
	var answer rewardsAnswer
	err := s.k.query(ctx, name, ofValidator{validator}, &answer)
	return answer.Rewards, err
}

// ValidatorSlashes answers with none: a slash changes no reward that was earned, so the pool keeps
// no record of it.
func (s queryServer) ValidatorSlashes(_ context.Context, request *distrtypes.QueryValidatorSlashesRequest) (*distrtypes.QueryValidatorSlashesResponse, error) {
	if err := s.k.checkValidator(request.ValidatorAddress); err != nil {
		return nil, err
	}
	if request.EndingHeight < request.StartingHeight {
		return nil, status.Errorf(codes.InvalidArgument, "starting height %d is above ending height %d", request.StartingHeight, request.EndingHeight)
	}
	if page := request.Pagination; page != nil && page.Offset > 0 && page.Key != nil {
		return nil, status.Error(codes.InvalidArgument, "a page begins at an offset or at a key, not at both")
	}
	return &distrtypes.QueryValidatorSlashesResponse{Pagination: &query.PageResponse{}}, nil
}

// DelegationRewards answers with what a delegation earned and was not paid. It is an error, as in x/distribution, when
// there is no delegation; who has left and was not paid has rewards.
func (s queryServer) DelegationRewards(ctx context.Context, request *distrtypes.QueryDelegationRewardsRequest) (*distrtypes.QueryDelegationRewardsResponse, error) {
	if err := checkDelegator(request.DelegatorAddress); err != nil {
		return nil, err
	}
	if err := s.k.checkValidator(request.ValidatorAddress); err != nil {
		return nil, err
	}
	var answer rewardsAnswer
	body := ofDelegation{Delegator: request.DelegatorAddress, Validator: request.ValidatorAddress}
	if err := s.k.query(ctx, "delegation_rewards", body, &answer); err != nil {
		return nil, err
	}
	if answer.Rewards.IsZero() {
		var delegation delegationAnswer
		if err := s.k.query(ctx, "delegation", body, &delegation); err != nil {
			return nil, err
		}
		if delegation.Units.IsZero() {
			return nil, stakingtypes.ErrNoDelegation
		}
	}
	return &distrtypes.QueryDelegationRewardsResponse{Rewards: answer.Rewards}, nil
}

// DelegationTotalRewards answers with the rewards of all delegations of a delegator.
func (s queryServer) DelegationTotalRewards(ctx context.Context, request *distrtypes.QueryDelegationTotalRewardsRequest) (*distrtypes.QueryDelegationTotalRewardsResponse, error) {
	if err := checkDelegator(request.DelegatorAddress); err != nil {
		return nil, err
	}
	ctx, charge := limited(ctx)
	defer charge()
	response := &distrtypes.QueryDelegationTotalRewardsResponse{}
	page := pageOfDelegator{Delegator: request.DelegatorAddress, Limit: pageSize}
	for {
		var answer totalRewardsAnswer
		if err := s.k.query(ctx, "delegation_total_rewards", page, &answer); err != nil {
			return nil, err
		}
		for _, it := range answer.Rewards {
			response.Rewards = append(response.Rewards, distrtypes.NewDelegationDelegatorReward(it.Validator, it.Rewards))
			response.Total = response.Total.Add(it.Rewards...)
		}
		if answer.Next == nil {
			return response, nil
		}
		page.StartAfter = answer.Next
	}
}

// DelegatorValidators answers with the validators where a delegator has a delegation or rewards.
func (s queryServer) DelegatorValidators(ctx context.Context, request *distrtypes.QueryDelegatorValidatorsRequest) (*distrtypes.QueryDelegatorValidatorsResponse, error) {
	if err := checkDelegator(request.DelegatorAddress); err != nil {
		return nil, err
	}
	ctx, charge := limited(ctx)
	defer charge()
	response := &distrtypes.QueryDelegatorValidatorsResponse{}
	page := pageOfDelegator{Delegator: request.DelegatorAddress, Limit: pageSize}
	for {
		var answer validatorsAnswer
		if err := s.k.query(ctx, "delegator_validators", page, &answer); err != nil {
			return nil, err
		}
		response.Validators = append(response.Validators, answer.Validators...)
		if len(answer.Validators) < pageSize {
			return response, nil
		}
		page.StartAfter = &answer.Validators[pageSize-1]
	}
}

// DelegatorWithdrawAddress answers with the account to which a delegator's rewards go.
func (s queryServer) DelegatorWithdrawAddress(ctx context.Context, request *distrtypes.QueryDelegatorWithdrawAddressRequest) (*distrtypes.QueryDelegatorWithdrawAddressResponse, error) {
	if err := checkDelegator(request.DelegatorAddress); err != nil {
		return nil, err
	}
	var answer withdrawAddressAnswer
	if err := s.k.query(ctx, "delegator_withdraw_address", ofDelegator{request.DelegatorAddress}, &answer); err != nil {
		return nil, err
	}
	return &distrtypes.QueryDelegatorWithdrawAddressResponse{WithdrawAddress: answer.WithdrawAddress}, nil
}

// CommunityPool answers with the pool's community pool.
func (s queryServer) CommunityPool(ctx context.Context, _ *distrtypes.QueryCommunityPoolRequest) (*distrtypes.QueryCommunityPoolResponse, error) {
	var answer communityPoolAnswer
	if err := s.k.query(ctx, "community_pool", struct{}{}, &answer); err != nil {
		return nil, err
	}
	return &distrtypes.QueryCommunityPoolResponse{Pool: answer.Pool}, nil
}
