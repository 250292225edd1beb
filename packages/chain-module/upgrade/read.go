package upgrade

import (
	"fmt"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
)

// Lines of an import, by the names of their fields.
type (
	commissionTerms struct {
		Rate          string `json:"rate"`
		MaxRate       string `json:"max_rate"`
		MaxChangeRate string `json:"max_change_rate"`
	}
	validatorLine struct {
		Validator  string          `json:"validator"`
		Power      string          `json:"power"`
		Commission commissionTerms `json:"commission"`
	}
	delegationLine struct {
		Delegator string `json:"delegator"`
		Validator string `json:"validator"`
		Shares    string `json:"shares"`
	}
	rewardsLine struct {
		Delegator string       `json:"delegator"`
		Validator string       `json:"validator"`
		Rewards   sdk.DecCoins `json:"rewards"`
	}
	commissionLine struct {
		Validator  string       `json:"validator"`
		Commission sdk.DecCoins `json:"commission"`
	}
	withdrawAddressLine struct {
		Delegator       string `json:"delegator"`
		WithdrawAddress string `json:"withdraw_address"`
	}
)

// state is everything that is imported.
type state struct {
	validators        []validatorLine
	delegations       []delegationLine
	rewards           []rewardsLine
	commissions       []commissionLine
	withdrawAddresses []withdrawAddressLine
	communityPool     sdk.DecCoins
}

// read collects the state of x/staking and x/distribution, in denoms that the pool takes.
func (m Move) read(ctx sdk.Context, denoms map[string]bool, sharePlaces int) (state, error) {
	var read state
	validators, err := m.Staking.GetAllValidators(ctx)
	if err != nil {
		return read, err
	}
	for _, validator := range validators {
		if err := checkShares(validator, sharePlaces); err != nil {
			return read, err
		}
		if err := m.readValidator(ctx, denoms, validator, &read); err != nil {
			return read, err
		}
	}
	m.Distribution.IterateDelegatorWithdrawAddrs(ctx, func(delegator, to sdk.AccAddress) bool {
		// The pool refuses to pay itself, and some addresses. Anybody may have named one before: the upgrade must
		// not stop for that, and the delegator's own account is where rewards go instead.
		if !to.Equals(m.Pool) && isPayable(to) && isPayable(delegator) {
			read.withdrawAddresses = append(read.withdrawAddresses, withdrawAddressLine{delegator.String(), to.String()})
		}
		return false
	})
	pool, err := m.Distribution.FeePool.Get(ctx)
	if err != nil {
		return read, err
	}
	read.communityPool = only(denoms, pool.CommunityPool)
	return read, nil
}

func (m Move) readValidator(ctx sdk.Context, denoms map[string]bool, validator stakingtypes.Validator, read *state) error {
	operator, err := sdk.ValAddressFromBech32(validator.OperatorAddress)
	if err != nil {
		return err
	}
	terms := validator.Commission.CommissionRates
	read.validators = append(read.validators, validatorLine{
		// The module tells all powers before the pool's first block. Those that x/staking has now vote in two
		// blocks only, and until then somebody who does not vote would earn.
		validator.OperatorAddress, "0",
		commissionTerms{
			// Above the maximum after an upgrade that raised the least rate of the chain; the pool would refuse it.
			terms.Rate.String(), math.LegacyMaxDec(terms.Rate, terms.MaxRate).String(), terms.MaxChangeRate.String(),
		},
	})
	commission, err := m.Distribution.GetValidatorAccumulatedCommission(ctx, operator)
	if err != nil {
		return err
	}
	if owed := only(denoms, commission.Commission); len(owed) > 0 {
		read.commissions = append(read.commissions, commissionLine{validator.OperatorAddress, owed})
	}
	// Ends the period in which rewards gather, so that what each delegation has in it can be computed.
	period, err := m.Distribution.IncrementValidatorPeriod(ctx, validator)
	if err != nil {
		return err
	}
	delegations, err := m.Staking.GetValidatorDelegations(ctx, operator)
	if err != nil {
		return err
	}
	for _, delegation := range delegations {
		delegator, err := sdk.AccAddressFromBech32(delegation.DelegatorAddress)
		if err != nil {
			return err
		}
		if !isPayable(delegator) {
			return fmt.Errorf("delegator %s has an address of %d bytes, which the pool does not take", delegator, len(delegator))
		}
		read.delegations = append(read.delegations, delegationLine{
			delegation.DelegatorAddress, validator.OperatorAddress, delegation.Shares.String(),
		})
		rewards, err := m.Distribution.CalculateDelegationRewards(ctx, validator, delegation, period)
		if err != nil {
			return err
		}
		if owed := only(denoms, rewards); len(owed) > 0 {
			read.rewards = append(read.rewards, rewardsLine{delegation.DelegatorAddress, validator.OperatorAddress, owed})
		}
	}
	return nil
}

// only keeps the coins of some denoms.
func only(denoms map[string]bool, coins sdk.DecCoins) sdk.DecCoins {
	var kept sdk.DecCoins
	for _, coin := range coins {
		if denoms[coin.Denom] && coin.IsPositive() {
			kept = append(kept, coin)
		}
	}
	return kept
}

// importAll sends everything in pages, validators before what names them.
func (m Move) importAll(ctx sdk.Context, all state) error {
	if err := sendPages(ctx, m, "validators", all.validators); err != nil {
		return err
	}
	if err := sendPages(ctx, m, "delegations", all.delegations); err != nil {
		return err
	}
	if err := sendPages(ctx, m, "withdraw_addresses", all.withdrawAddresses); err != nil {
		return err
	}
	if err := sendPages(ctx, m, "delegator_rewards", all.rewards); err != nil {
		return err
	}
	if err := sendPages(ctx, m, "commissions", all.commissions); err != nil {
		return err
	}
	if len(all.communityPool) == 0 {
		return nil
	}
	return m.execute(ctx, "import", map[string]any{"community_pool": all.communityPool}, nil)
}

func sendPages[Line any](ctx sdk.Context, m Move, key string, lines []Line) error {
	size := m.PageSize
	if size <= 0 {
		size = 100
	}
	for from := 0; from < len(lines); from += size {
		page := lines[from:min(from+size, len(lines))]
		if err := m.execute(ctx, "import", map[string]any{key: page}, nil); err != nil {
			return err
		}
	}
	return nil
}
