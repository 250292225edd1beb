package app_test

import (
	"errors"
	"fmt"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// twins are two chains with the same operations.
type twins struct {
	t     testing.TB
	ours  *world
	stock *stock
	// more is what ours has paid more than x/distribution.
	more       sums
	operations map[string]int
	// native is the x/distribution of stock, which keeps the community pool itself.
	native distrkeeper.Keeper
}

func newTwins(t testing.TB) *twins {
	w := newWorld(t)
	s := newStock(t, testchain.Genesis{Validators: validators, Accounts: []string{"owner", "dan", "eve"}})
	native := ownCommunityPool(s.app)
	s.Follow(w.Chain)
	return &twins{t, w, s, sums{}, nil, native}
}

// do runs the same transaction on both, with the same outcome. Where x/distribution would pay by
// itself both are asked to, so that they pay at the same time.
func (w *twins) do(kind, signer string, messages ...sdk.Msg) {
	w.t.Helper()
	ours := w.ours.Try(signer, messages...)
	var stock uint32
	w.stock.follow(func() { stock = w.stock.Try(signer, messages...).Code })
	require.Equal(w.t, ours.Code == 0, stock == 0, "%s: %s / %s", kind, ours.Log, w.stock.Last.TxResults[0].Log)
	if stock == 0 {
		w.operations[kind]++
	}
	operator := testchain.Operator(signer).String()
	payments(w.t, w.ours.Chain, operator, w.more.add)
	payments(w.t, w.stock.Chain, operator, func(of pair, amount math.LegacyDec) {
		w.more.add(of, amount.Neg())
		if of.delegator != "" {
			w.stock.withdrew(of, amount)
		}
	})
}

func (w *twins) block() {
	w.t.Helper()
	w.ours.Block()
	w.stock.follow(func() { w.stock.Block() })
}

// has says whether a delegation exists.
func (w *twins) has(delegator, validator string) bool {
	_, err := w.stock.app.StakingKeeper.GetDelegation(w.stock.Context(), testchain.Account(delegator), testchain.Operator(validator))
	if err != nil && !errors.Is(err, stakingtypes.ErrNoDelegation) {
		require.NoError(w.t, err)
	}
	return err == nil
}

// paidFirst puts a withdrawal of each existing delegation in front.
func (w *twins) paidFirst(delegator string, then sdk.Msg, validators ...string) []sdk.Msg {
	var messages []sdk.Msg
	for _, validator := range validators {
		if w.has(delegator, validator) {
			messages = append(messages, withdraw(delegator, validator))
		}
	}
	return append(messages, then)
}

// rounding is what ratios of 18 decimals and floors of answers may make, in base units.
var rounding = math.LegacyNewDecWithPrec(1, 8)

// within checks that what ours has paid and owes is what x/distribution has paid, owes, lost and dropped.
func (w *twins) within(what string, of pair, ours, stock math.LegacyDec) {
	w.t.Helper()
	lost, dropped := w.stock.lost.of(of), w.stock.dropped.of(of)
	difference := ours.Add(w.more.of(of)).Sub(stock).Sub(lost).Sub(dropped)
	require.True(w.t, difference.Abs().LTE(rounding),
		"%s of %v: %s more than x/distribution, which lost %s and dropped %s", what, of, difference, lost, dropped)
}

// compare asks both chains everything.
func (w *twins) compare(delegators, operators []string) {
	w.t.Helper()
	ours, stock := w.ours.distribution(), w.stock.distribution()
	ctx := w.ours.Context()
	for _, name := range operators {
		validator := testchain.Operator(name).String()
		for _, delegator := range append(delegators, name) {
			if !w.has(delegator, name) {
				continue
			}
			address := testchain.Account(delegator).String()
			request := &distrtypes.QueryDelegationRewardsRequest{DelegatorAddress: address, ValidatorAddress: validator}
			mine, err := ours.DelegationRewards(ctx, request)
			require.NoError(w.t, err)
			theirs, err := stock.DelegationRewards(ctx, request)
			require.NoError(w.t, err)
			w.within("rewards", pair{address, validator}, mine.Rewards.AmountOf(testchain.BondDenom), theirs.Rewards.AmountOf(testchain.BondDenom))
		}
		mine, err := ours.ValidatorCommission(ctx, &distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: validator})
		require.NoError(w.t, err)
		theirs, err := stock.ValidatorCommission(ctx, &distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: validator})
		require.NoError(w.t, err)
		// x/distribution keeps the fraction of commission, as the pool does.
		w.within("commission", pair{"", validator},
			mine.Commission.Commission.AmountOf(testchain.BondDenom), theirs.Commission.Commission.AmountOf(testchain.BondDenom))
		info, err := ours.ValidatorDistributionInfo(ctx, &distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: validator})
		require.NoError(w.t, err)
		theirInfo, err := stock.ValidatorDistributionInfo(ctx, &distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: validator})
		require.NoError(w.t, err)
		require.Equal(w.t, theirInfo.OperatorAddress, info.OperatorAddress)
		w.within("commission", pair{"", validator}, ofStake(info.Commission), ofStake(theirInfo.Commission))
		w.within("self bond", pair{account(name), validator}, ofStake(info.SelfBondRewards), ofStake(theirInfo.SelfBondRewards))
		slashes, err := ours.ValidatorSlashes(ctx, &distrtypes.QueryValidatorSlashesRequest{ValidatorAddress: validator, EndingHeight: 1000})
		require.NoError(w.t, err)
		require.Empty(w.t, slashes.Slashes)
		w.outstanding(validator)
	}
	w.community()
	for _, name := range delegators {
		w.ofDelegator(name)
	}
	params, err := ours.Params(ctx, &distrtypes.QueryParamsRequest{})
	require.NoError(w.t, err)
	theirs, err := stock.Params(ctx, &distrtypes.QueryParamsRequest{})
	require.NoError(w.t, err)
	require.Equal(w.t, theirs.Params, params.Params)
}

// ofStake is the amount of the denom that is compared.
func ofStake(coins sdk.DecCoins) math.LegacyDec { return coins.AmountOf(testchain.BondDenom) }

// near requires that two amounts differ by rounding alone.
func (w *twins) near(what string, a, b math.LegacyDec) {
	w.t.Helper()
	require.True(w.t, a.Sub(b).Abs().LTE(rounding), "%s: %s and %s", what, a, b)
}

// outstanding compares all that can be withdrawn of a validator. In x/distribution it has what is lost, which nobody
// can withdraw, and no more what was dropped.
func (w *twins) outstanding(validator string) {
	w.t.Helper()
	request := &distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: validator}
	mine, err := w.ours.distribution().ValidatorOutstandingRewards(w.ours.Context(), request)
	require.NoError(w.t, err)
	theirs, err := w.stock.distribution().ValidatorOutstandingRewards(w.ours.Context(), request)
	require.NoError(w.t, err)
	w.near("outstanding of "+validator, ofStake(mine.Rewards.Rewards).Add(w.more.all(validator)),
		ofStake(theirs.Rewards.Rewards).Add(w.stock.dropped.all(validator)))
}

// community compares the community pools: that of x/distribution has what was dropped.
func (w *twins) community() {
	w.t.Helper()
	theirs, err := w.native.FeePool.Get(w.stock.Context())
	require.NoError(w.t, err)
	w.near("community pool", ofStake(w.ours.communityPool()).Add(w.stock.dropped.all("")), ofStake(theirs.CommunityPool))
}

// ofDelegator compares what lists all delegations. The pool goes on listing who left with less than
// one base unit.
func (w *twins) ofDelegator(name string) {
	w.t.Helper()
	ctx, address := w.ours.Context(), testchain.Account(name).String()
	totals := func(of distrtypes.QueryClient) map[string]math.LegacyDec {
		total, err := of.DelegationTotalRewards(ctx, &distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: address})
		require.NoError(w.t, err)
		found, sum := map[string]math.LegacyDec{}, sdk.DecCoins{}
		for _, it := range total.Rewards {
			found[it.ValidatorAddress], sum = ofStake(it.Reward), sum.Add(it.Reward...)
		}
		require.Equal(w.t, sum.String(), total.Total.String())
		return found
	}
	mineOf, theirsOf := totals(w.ours.distribution()), totals(w.stock.distribution())
	for validator, theirs := range theirsOf {
		require.Contains(w.t, mineOf, validator)
		w.within("total", pair{address, validator}, mineOf[validator], theirs)
		delete(mineOf, validator)
	}
	for validator, left := range mineOf {
		require.True(w.t, left.LT(math.LegacyOneDec()), "%s has left %s", address, validator)
	}
	mine, err := w.ours.distribution().DelegatorValidators(ctx, &distrtypes.QueryDelegatorValidatorsRequest{DelegatorAddress: address})
	require.NoError(w.t, err)
	theirs, err := w.stock.distribution().DelegatorValidators(ctx, &distrtypes.QueryDelegatorValidatorsRequest{DelegatorAddress: address})
	require.NoError(w.t, err)
	require.Subset(w.t, mine.Validators, theirs.Validators)
	to := &distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: address}
	myAddress, err := w.ours.distribution().DelegatorWithdrawAddress(ctx, to)
	require.NoError(w.t, err)
	theirAddress, err := w.stock.distribution().DelegatorWithdrawAddress(ctx, to)
	require.NoError(w.t, err)
	require.Equal(w.t, theirAddress, myAddress)
}

func TestTheFacadeAnswersAsXDistributionDoes(t *testing.T) {
	operations := map[string]int{}
	for seed := range int64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewSource(seed))
			w := newTwins(t)
			w.operations = operations
			delegators, operators := []string{"dan", "eve", "owner"}, []string{"ada", "bob", "cleo"}
			one := func(names []string) string { return names[random.Intn(len(names))] }
			for round := range 90 {
				// Downtime of one validator slashes and jails it; then it comes back.
				absent := round >= 10 && round < 24
				w.ours.Absent["cleo"], w.stock.Absent["cleo"] = absent, absent
				if round == 30 {
					w.do("unjail", "cleo", slashingtypes.NewMsgUnjail(testchain.Operator("cleo").String()))
				}
				delegator, validator, amount := one(delegators), one(operators), 1+random.Int63n(9_000_000)
				switch random.Intn(8) {
				case 0, 1:
					w.do("delegate", delegator, w.paidFirst(delegator, delegate(delegator, validator, amount), validator)...)
				case 2:
					w.do("undelegate", delegator, w.paidFirst(delegator, undelegate(delegator, validator, amount/3), validator)...)
				case 3:
					to := one(operators)
					w.do("redelegate", delegator, w.paidFirst(delegator, redelegate(delegator, validator, to, amount/2), validator, to)...)
				case 4:
					if w.has(delegator, validator) {
						w.do("withdraw", delegator, withdraw(delegator, validator))
					}
				case 5:
					w.do("commission", validator, distrtypes.NewMsgWithdrawValidatorCommission(testchain.Operator(validator).String()))
				case 6:
					w.do("set withdraw address", delegator, distrtypes.NewMsgSetWithdrawAddress(testchain.Account(delegator), testchain.Account(one(delegators))))
				case 7:
					w.block()
				}
				w.compare(delegators, operators)
			}
			slashed, err := w.stock.app.StakingKeeper.GetValidator(w.stock.Context(), testchain.Operator("cleo"))
			require.NoError(t, err)
			require.True(t, slashed.Tokens.LT(slashed.DelegatorShares.TruncateInt()))
			require.True(t, w.stock.lost.any(), "the history shows where x/distribution loses something")
		})
	}
	require.Len(t, operations, 7, "every kind succeeded: %v", operations)
}
