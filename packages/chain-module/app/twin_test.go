package app_test

import (
	"errors"
	"fmt"
	"math/rand"
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmapp "github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// stock is a chain with x/distribution: wasmd's own application.
type stock struct {
	*testchain.Chain
	t   testing.TB
	app *wasmapp.WasmApp
	// lost is what x/distribution's remembered stakes have given to nobody, by delegation.
	lost map[pair]math.LegacyDec
}

// pair is a delegation by the names of its two.
type pair struct{ delegator, validator string }

func newStock(t testing.TB, genesis testchain.Genesis) *stock {
	t.Helper()
	s := &stock{t: t, lost: map[pair]math.LegacyDec{}}
	s.app = wasmapp.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, s.app.Close()) })
	s.Chain = testchain.New(t, s.app, func(ctx sdk.Context, address sdk.AccAddress) sdk.AccountI {
		return s.app.AccountKeeper.GetAccount(ctx, address)
	}, genesis)
	return s
}

func (s *stock) distribution() distrtypes.QueryClient { return distrtypes.NewQueryClient(s.Queries()) }

// shortfalls is by how much each delegation's remembered stake falls short of its share of the
// validator: x/distribution reckons with the stake that a delegation had when it last changed, also
// when rounding of tokens made it worth more since.
func (s *stock) shortfalls() map[pair]math.LegacyDec {
	s.t.Helper()
	ctx, keeper := s.Context(), s.app.DistrKeeper
	delegations, err := s.app.StakingKeeper.GetAllDelegations(ctx)
	require.NoError(s.t, err)
	short := map[pair]math.LegacyDec{}
	for _, it := range delegations {
		operator, err := sdk.ValAddressFromBech32(it.ValidatorAddress)
		require.NoError(s.t, err)
		validator, err := s.app.StakingKeeper.GetValidator(ctx, operator)
		require.NoError(s.t, err)
		start, err := keeper.GetDelegatorStartingInfo(ctx, operator, sdk.MustAccAddressFromBech32(it.DelegatorAddress))
		require.NoError(s.t, err)
		stake, period := start.Stake, start.PreviousPeriod
		keeper.IterateValidatorSlashEventsBetween(ctx, operator, start.Height, uint64(ctx.BlockHeight()),
			func(_ uint64, slash distrtypes.ValidatorSlashEvent) bool {
				if slash.ValidatorPeriod > period {
					stake, period = stake.MulTruncate(math.LegacyOneDec().Sub(slash.Fraction)), slash.ValidatorPeriod
				}
				return false
			})
		if validator.Tokens.IsPositive() {
			share := it.Shares.Quo(validator.DelegatorShares)
			short[pair{it.DelegatorAddress, it.ValidatorAddress}] = share.Sub(math.LegacyMinDec(stake, validator.TokensFromShares(it.Shares)).Quo(math.LegacyNewDecFromInt(validator.Tokens)))
		}
	}
	return short
}

// losing makes a block and adds up what the remembered stakes lose in it.
func (s *stock) losing(block func()) {
	s.t.Helper()
	short := s.shortfalls()
	block()
	shared := map[string]math.LegacyDec{}
	add := func(event string, sign int64) {
		for _, it := range testchain.Find(s.Last.Events, event) {
			coins, err := sdk.ParseDecCoins(it[sdk.AttributeKeyAmount])
			require.NoError(s.t, err)
			if shared[it["validator"]].IsNil() {
				shared[it["validator"]] = math.LegacyZeroDec()
			}
			shared[it["validator"]] = shared[it["validator"]].Add(coins.AmountOf(testchain.BondDenom).MulInt64(sign))
		}
	}
	add(distrtypes.EventTypeRewards, 1)
	add(distrtypes.EventTypeCommission, -1)
	for delegation, part := range short {
		if amount, earns := shared[delegation.validator]; earns {
			if s.lost[delegation].IsNil() {
				s.lost[delegation] = math.LegacyZeroDec()
			}
			s.lost[delegation] = s.lost[delegation].Add(amount.Mul(part))
		}
	}
}

// receipts are what was paid, by delegation, and for commission with an empty delegator.
type receipts struct {
	paid        map[pair]math.Int
	withdrawals map[pair]int64
}

func newReceipts() receipts {
	return receipts{map[pair]math.Int{}, map[pair]int64{}}
}

// take reads the SDK's events of a transaction.
func (r receipts) take(t testing.TB, chain *testchain.Chain, operator string) {
	t.Helper()
	add := func(of pair, amount string) {
		coins, err := sdk.ParseCoinsNormalized(amount)
		require.NoError(t, err)
		if r.paid[of].IsNil() {
			r.paid[of] = math.ZeroInt()
		}
		r.paid[of] = r.paid[of].Add(coins.AmountOf(testchain.BondDenom))
		r.withdrawals[of]++
	}
	for _, result := range chain.Last.TxResults {
		for _, it := range testchain.Find(result.Events, distrtypes.EventTypeWithdrawRewards) {
			add(pair{it["delegator"], it["validator"]}, it["amount"])
		}
		for _, it := range testchain.Find(result.Events, distrtypes.EventTypeWithdrawCommission) {
			add(pair{"", operator}, it["amount"])
		}
	}
}

func (r receipts) of(delegation pair) math.LegacyDec {
	if r.paid[delegation].IsNil() {
		return math.LegacyZeroDec()
	}
	return math.LegacyNewDecFromInt(r.paid[delegation])
}

// twins are two chains with the same operations.
type twins struct {
	t          testing.TB
	ours       *world
	stock      *stock
	ourPaid    receipts
	stockPaid  receipts
	operations map[string]int
}

func newTwins(t testing.TB) *twins {
	w := newWorld(t)
	s := newStock(t, testchain.Genesis{Validators: validators, Accounts: []string{"owner", "dan", "eve"}})
	s.Follow(w.Chain)
	return &twins{t, w, s, newReceipts(), newReceipts(), nil}
}

// do runs the same transaction on both, with the same outcome. Where x/distribution would pay by
// itself both are asked to, so that they pay at the same time.
func (w *twins) do(kind, signer string, messages ...sdk.Msg) {
	w.t.Helper()
	ours := w.ours.Try(signer, messages...)
	var stock uint32
	w.stock.losing(func() { stock = w.stock.Try(signer, messages...).Code })
	require.Equal(w.t, ours.Code == 0, stock == 0, "%s: %s / %s", kind, ours.Log, w.stock.Last.TxResults[0].Log)
	if stock == 0 {
		w.operations[kind]++
	}
	operator := testchain.Operator(signer).String()
	w.ourPaid.take(w.t, w.ours.Chain, operator)
	w.stockPaid.take(w.t, w.stock.Chain, operator)
}

func (w *twins) block() {
	w.t.Helper()
	w.ours.Block()
	w.stock.losing(func() { w.stock.Block() })
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
var rounding = math.LegacyNewDecWithPrec(1, 6)

// within checks that ours less stock is what x/distribution lost, and for each withdrawal a fraction
// that it dropped.
func (w *twins) within(what string, of pair, ours, stock math.LegacyDec) {
	w.t.Helper()
	lost := w.stock.lost[of]
	if lost.IsNil() {
		lost = math.LegacyZeroDec()
	}
	difference := ours.Add(w.ourPaid.of(of)).Sub(stock).Sub(w.stockPaid.of(of)).Sub(lost)
	dropped := math.LegacyNewDec(w.stockPaid.withdrawals[of])
	require.True(w.t, difference.GTE(rounding.Neg()) && difference.LTE(dropped.Add(rounding)),
		"%s of %v: %s more than x/distribution, which lost %s and dropped at most %s", what, of, difference, lost, dropped)
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
		difference := mine.Commission.Commission.AmountOf(testchain.BondDenom).Add(w.ourPaid.of(pair{"", validator})).
			Sub(theirs.Commission.Commission.AmountOf(testchain.BondDenom)).Sub(w.stockPaid.of(pair{"", validator}))
		require.True(w.t, difference.Abs().LTE(rounding), "commission of %s: %s more", name, difference)

		info, err := ours.ValidatorDistributionInfo(ctx, &distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: validator})
		require.NoError(w.t, err)
		require.Equal(w.t, mine.Commission.Commission, info.Commission)
		require.Equal(w.t, testchain.Account(name).String(), info.OperatorAddress)
		require.Equal(w.t, w.ours.rewards(name, name), info.SelfBondRewards)
		slashes, err := ours.ValidatorSlashes(ctx, &distrtypes.QueryValidatorSlashesRequest{ValidatorAddress: validator, EndingHeight: 1000})
		require.NoError(w.t, err)
		require.Empty(w.t, slashes.Slashes)
		w.outstanding(name, mine.Commission.Commission)
	}
	for _, name := range delegators {
		w.ofDelegator(name)
	}
	params, err := ours.Params(ctx, &distrtypes.QueryParamsRequest{})
	require.NoError(w.t, err)
	theirs, err := stock.Params(ctx, &distrtypes.QueryParamsRequest{})
	require.NoError(w.t, err)
	require.Equal(w.t, theirs.Params, params.Params)
}

// outstanding is the sum of what all can withdraw.
func (w *twins) outstanding(name string, commission sdk.DecCoins) {
	w.t.Helper()
	answer, err := w.ours.distribution().ValidatorOutstandingRewards(w.ours.Context(),
		&distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: testchain.Operator(name).String()})
	require.NoError(w.t, err)
	sum := commission.AmountOf(testchain.BondDenom)
	for _, delegator := range []string{"ada", "bob", "cleo", "dan", "eve", "owner"} {
		sum = sum.Add(w.ours.rewards(delegator, name).AmountOf(testchain.BondDenom))
	}
	difference := answer.Rewards.Rewards.AmountOf(testchain.BondDenom).Sub(sum)
	require.True(w.t, difference.Abs().LTE(rounding), "outstanding of %s: %s more than its parts", name, difference)
}

// ofDelegator compares what lists all delegations. The pool goes on listing who left with less than
// one base unit.
func (w *twins) ofDelegator(name string) {
	w.t.Helper()
	ctx, address := w.ours.Context(), testchain.Account(name).String()
	total, err := w.ours.distribution().DelegationTotalRewards(ctx, &distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: address})
	require.NoError(w.t, err)
	sum := sdk.DecCoins{}
	for _, it := range total.Rewards {
		sum = sum.Add(it.Reward...)
	}
	require.Equal(w.t, sum.String(), total.Total.String())
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
			for round := range 60 {
				// Downtime of one validator slashes and jails it.
				absent := round >= 20 && round < 34
				w.ours.Absent["cleo"], w.stock.Absent["cleo"] = absent, absent
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
			require.True(t, slashed.Jailed)
			require.NotEmpty(t, w.stock.lost)
		})
	}
	require.Len(t, operations, 6, "every kind succeeded: %v", operations)
}
