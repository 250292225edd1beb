package twochains

import (
	"math/big"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// withdrawNatively has everybody withdraw from x/distribution.
func (s *side) withdrawNatively() {
	s.t.Helper()
	s.eachDelegation(func(delegator sdk.AccAddress, validator string) {
		_, err := s.Deliver(distrtypes.NewMsgWithdrawDelegatorReward(delegator.String(), validator),
			&distrtypes.MsgWithdrawDelegatorRewardResponse{})
		require.NoError(s.t, err)
	})
	s.eachValidator(func(operator sdk.ValAddress) {
		_, err := s.Deliver(distrtypes.NewMsgWithdrawValidatorCommission(operator.String()),
			&distrtypes.MsgWithdrawValidatorCommissionResponse{})
		require.NoError(s.t, err)
	})
}

// withdrawFromPool has everybody withdraw from the chain's fee pool, also who has left.
func (s *side) withdrawFromPool() {
	s.t.Helper()
	for _, name := range s.stakers {
		_, err := s.pool.Execute(name, pool.M{"withdraw_delegation": pool.M{}})
		require.NoError(s.t, err)
	}
	s.eachValidator(func(operator sdk.ValAddress) {
		validator := pool.M{"validator": operator.String()}
		_, err := s.Execute(sdk.AccAddress(operator), s.pool.Address,
			encode(s.t, pool.M{"withdraw_validator_commission": validator}), nil)
		require.NoError(s.t, err)
	})
}

func (s *side) eachDelegation(do func(delegator sdk.AccAddress, validator string)) {
	s.t.Helper()
	delegations, err := s.App.StakingKeeper.GetAllDelegations(s.Context())
	require.NoError(s.t, err)
	for _, it := range delegations {
		do(sdk.MustAccAddressFromBech32(it.DelegatorAddress), it.ValidatorAddress)
	}
}

func (s *side) eachValidator(do func(sdk.ValAddress)) {
	s.t.Helper()
	validators, err := s.App.StakingKeeper.GetAllValidators(s.Context())
	require.NoError(s.t, err)
	for _, it := range validators {
		operator, err := sdk.ValAddressFromBech32(it.OperatorAddress)
		require.NoError(s.t, err)
		do(operator)
	}
}

// requireEverybodyPaid requires that each of the provider's stakers has what the model says, but for what each
// withdrawal has rounded down, and that nothing else is left anywhere.
func (w *world) requireEverybodyPaid() {
	w.t.Helper()
	// Rewards and commission are withdrawn one after the other, rewards when a delegation changes too.
	const withdrawals = 3
	for _, denom := range denoms {
		for _, name := range w.provider.stakers {
			account := node.Account(name)
			claim := w.model.claims[denom][account.String()]
			require.NotNil(w.t, claim, "claim of %s in %s", name, denom)
			got := new(big.Rat).SetInt(w.provider.balance(account, voucher(denom)).BigInt())
			missing := new(big.Rat).Sub(claim, got)
			require.True(w.t, missing.Sign() >= 0 && missing.Cmp(big.NewRat(withdrawals, 1)) < 0,
				"%s has %s %s, its part is %s", name, got.RatString(), denom, claim.FloatString(18))
		}
		left := new(big.Int).Sub(points(w.model.paid[denom]), points(w.provider.paid(voucher(denom))))
		require.Negative(w.t, left.Cmp(new(big.Int).Mul(pointsPerCoin, big.NewInt(int64(withdrawals*len(w.provider.stakers))))),
			"fractions alone are left of %s", denom)
	}
}
