package distributionfacade

import (
	"context"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
)

type msgServer struct{ k Keeper }

// NewMsgServer executes the messages of x/distribution on the fee pool, each as its signer: the
// pool decides what the signer may do.
func NewMsgServer(k Keeper) distrtypes.MsgServer { return msgServer{k} }

// account reads an address.
func (k Keeper) account(name, text string) (sdk.AccAddress, error) {
	account, err := k.accounts.StringToBytes(text)
	if err != nil {
		return nil, sdkerrors.ErrInvalidAddress.Wrapf("%s %q: %s", name, text, err)
	}
	return account, nil
}

// operator reads the address of a validator; the pool would take the account behind it as well.
func (k Keeper) operator(text string) (sdk.AccAddress, error) {
	operator, err := k.validators.StringToBytes(text)
	if err != nil {
		return nil, sdkerrors.ErrInvalidAddress.Wrapf("validator %q: %s", text, err)
	}
	return operator, nil
}

// receiver reads the address of an account that may receive coins.
func (k Keeper) receiver(name, text string) error {
	account, err := k.account(name, text)
	if err != nil {
		return err
	}
	if k.bank.BlockedAddr(account) {
		return sdkerrors.ErrUnauthorized.Wrapf("%s is not allowed to receive external funds", text)
	}
	return nil
}

// checkAmount refuses coins that are not sorted, positive and each of another denom, and none at all.
func checkAmount(amount sdk.Coins) error {
	if amount.Empty() || !amount.IsValid() {
		return sdkerrors.ErrInvalidCoins.Wrap(amount.String())
	}
	return nil
}

// emit emits an event of x/distribution.
func emit(ctx context.Context, name string, attributes ...sdk.Attribute) {
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvent(sdk.NewEvent(name, attributes...))
}

// SetWithdrawAddress sets where the signer's rewards go.
func (s msgServer) SetWithdrawAddress(ctx context.Context, msg *distrtypes.MsgSetWithdrawAddress) (*distrtypes.MsgSetWithdrawAddressResponse, error) {
	delegator, err := s.k.account("delegator", msg.DelegatorAddress)
	if err != nil {
		return nil, err
	}
	if err := s.k.receiver("withdraw address", msg.WithdrawAddress); err != nil {
		return nil, err
	}
	body := withdrawAddressAnswer{WithdrawAddress: msg.WithdrawAddress}
	if _, err := s.k.execute(ctx, delegator, "set_withdraw_address", body, nil); err != nil {
		return nil, err
	}
	emit(ctx, distrtypes.EventTypeSetWithdrawAddress,
		sdk.NewAttribute(distrtypes.AttributeKeyWithdrawAddress, msg.WithdrawAddress))
	return &distrtypes.MsgSetWithdrawAddressResponse{}, nil
}

// WithdrawDelegatorReward pays the rewards of one delegation.
func (s msgServer) WithdrawDelegatorReward(ctx context.Context, msg *distrtypes.MsgWithdrawDelegatorReward) (*distrtypes.MsgWithdrawDelegatorRewardResponse, error) {
	delegator, err := s.k.account("delegator", msg.DelegatorAddress)
	if err != nil {
		return nil, err
	}
	operator, err := s.k.operator(msg.ValidatorAddress)
	if err != nil {
		return nil, err
	}
	events, err := s.k.execute(ctx, delegator, "withdraw_delegator_reward", ofValidator{msg.ValidatorAddress}, nil)
	if err != nil {
		return nil, err
	}
	amount, err := events.paid(delegator, distrtypes.EventTypeWithdrawRewards,
		about{distrtypes.AttributeKeyDelegator: delegator, distrtypes.AttributeKeyValidator: operator})
	if err != nil {
		return nil, err
	}
	emit(ctx, distrtypes.EventTypeWithdrawRewards,
		sdk.NewAttribute(sdk.AttributeKeyAmount, amount.String()),
		sdk.NewAttribute(distrtypes.AttributeKeyValidator, msg.ValidatorAddress),
		sdk.NewAttribute(distrtypes.AttributeKeyDelegator, msg.DelegatorAddress))
	return &distrtypes.MsgWithdrawDelegatorRewardResponse{Amount: amount}, nil
}

// WithdrawValidatorCommission pays commission to the operator.
func (s msgServer) WithdrawValidatorCommission(ctx context.Context, msg *distrtypes.MsgWithdrawValidatorCommission) (*distrtypes.MsgWithdrawValidatorCommissionResponse, error) {
	operator, err := s.k.operator(msg.ValidatorAddress)
	if err != nil {
		return nil, err
	}
	events, err := s.k.execute(ctx, operator, "withdraw_validator_commission", ofValidator{msg.ValidatorAddress}, nil)
	if err != nil {
		return nil, err
	}
	amount, err := events.paid(operator, distrtypes.EventTypeWithdrawCommission,
		about{distrtypes.AttributeKeyValidator: operator})
	if err != nil {
		return nil, err
	}
	if amount.IsZero() {
		// As x/distribution; what could not be delivered before is paid by the next withdrawal that pays.
		return nil, distrtypes.ErrNoValidatorCommission
	}
	emit(ctx, distrtypes.EventTypeWithdrawCommission, sdk.NewAttribute(sdk.AttributeKeyAmount, amount.String()))
	return &distrtypes.MsgWithdrawValidatorCommissionResponse{Amount: amount}, nil
}

// FundCommunityPool gives the signer's coins to the community pool.
func (s msgServer) FundCommunityPool(ctx context.Context, msg *distrtypes.MsgFundCommunityPool) (*distrtypes.MsgFundCommunityPoolResponse, error) {
	depositor, err := s.k.account("depositor", msg.Depositor)
	if err != nil {
		return nil, err
	}
	if err := checkAmount(msg.Amount); err != nil {
		return nil, err
	}
	if err := s.k.FundCommunityPool(ctx, msg.Amount, depositor); err != nil {
		return nil, err
	}
	return &distrtypes.MsgFundCommunityPoolResponse{}, nil
}

// CommunityPoolSpend pays from the community pool; the signer must own the pool.
func (s msgServer) CommunityPoolSpend(ctx context.Context, msg *distrtypes.MsgCommunityPoolSpend) (*distrtypes.MsgCommunityPoolSpendResponse, error) {
	authority, err := s.k.account("authority", msg.Authority)
	if err != nil {
		return nil, err
	}
	if err := s.k.receiver("recipient", msg.Recipient); err != nil {
		return nil, err
	}
	if err := checkAmount(msg.Amount); err != nil {
		return nil, err
	}
	body := struct {
		Recipient string    `json:"recipient"`
		Amount    sdk.Coins `json:"amount"`
	}{msg.Recipient, msg.Amount}
	if _, err := s.k.execute(ctx, authority, "community_pool_spend", body, nil); err != nil {
		return nil, err
	}
	return &distrtypes.MsgCommunityPoolSpendResponse{}, nil
}

// DepositValidatorRewardsPool gives the signer's coins to a validator and its delegators.
func (s msgServer) DepositValidatorRewardsPool(ctx context.Context, msg *distrtypes.MsgDepositValidatorRewardsPool) (*distrtypes.MsgDepositValidatorRewardsPoolResponse, error) {
	depositor, err := s.k.account("depositor", msg.Depositor)
	if err != nil {
		return nil, err
	}
	if _, err := s.k.operator(msg.ValidatorAddress); err != nil {
		return nil, err
	}
	type allocation struct {
		Validator string    `json:"validator"`
		Amount    sdk.Coins `json:"amount"`
	}
	body := struct {
		Allocations []allocation `json:"allocations"`
	}{[]allocation{{msg.ValidatorAddress, msg.Amount}}}
	if _, err := s.k.execute(ctx, depositor, "deposit_validator_rewards", body, msg.Amount); err != nil {
		return nil, err
	}
	return &distrtypes.MsgDepositValidatorRewardsPoolResponse{}, nil
}

// UpdateParams changes the params that x/distribution still has; the signer must own the pool. The proposer
// rewards stay: whoever leaves them out sends 0, so 0 does not say that they are to be 0, and another number is
// refused, as x/distribution does.
func (s msgServer) UpdateParams(ctx context.Context, msg *distrtypes.MsgUpdateParams) (*distrtypes.MsgUpdateParamsResponse, error) {
	authority, err := s.k.account("authority", msg.Authority)
	if err != nil {
		return nil, err
	}
	params := msg.Params
	if err := params.ValidateBasic(); err != nil {
		return nil, err
	}
	for _, reward := range []math.LegacyDec{params.BaseProposerReward, params.BonusProposerReward} { //nolint:staticcheck // refused
		if !reward.IsNil() && !reward.IsZero() {
			return nil, sdkerrors.ErrInvalidRequest.Wrapf("proposer reward %s: the pool's own update_params changes it", reward)
		}
	}
	body := paramsUpdate{CommunityTax: params.CommunityTax, WithdrawAddrEnabled: params.WithdrawAddrEnabled}
	if _, err := s.k.execute(ctx, authority, "update_params", body, nil); err != nil {
		return nil, err
	}
	return &distrtypes.MsgUpdateParamsResponse{}, nil
}
