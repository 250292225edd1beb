package app_test

import (
	"testing"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/log"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	wasmapp "github.com/CosmWasm/wasmd/app"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// pair is a delegation by the addresses of its two; of commission the delegator is empty.
type pair struct{ delegator, validator string }

// sums are amounts of the bond denom.
type sums map[pair]math.LegacyDec

func (s sums) of(of pair) math.LegacyDec {
	if s[of].IsNil() {
		return math.LegacyZeroDec()
	}
	return s[of]
}

func (s sums) add(of pair, amount math.LegacyDec) { s[of] = s.of(of).Add(amount) }

// all is the sum of a validator's amounts; of all validators when it is empty.
func (s sums) all(validator string) math.LegacyDec {
	sum := math.LegacyZeroDec()
	for of, amount := range s {
		if validator == "" || of.validator == validator {
			sum = sum.Add(amount)
		}
	}
	return sum
}

// any says whether an amount is more than rounding.
func (s sums) any() bool {
	for _, amount := range s {
		if amount.Abs().GT(rounding) {
			return true
		}
	}
	return false
}

// stock is a chain with x/distribution: wasmd's own application.
type stock struct {
	*testchain.Chain
	t   testing.TB
	app *wasmapp.WasmApp
	// open is what each delegation earned by its remembered stake since its last withdrawal.
	open sums
	// lost is what its share of the validator is more than that: it goes to nobody.
	lost sums
	// dropped are the fractions that withdrawals gave to the community pool.
	dropped sums
}

func newStock(t testing.TB, genesis testchain.Genesis) *stock {
	t.Helper()
	app := wasmapp.NewWasmApp(log.NewNopLogger(), dbm.NewMemDB(), nil, true,
		simtestutil.NewAppOptionsWithFlagHome(t.TempDir()), nil, baseapp.SetChainID(testchain.ID))
	t.Cleanup(func() { require.NoError(t, app.Close()) })
	return startStock(t, app, genesis)
}

func startStock(t testing.TB, app *wasmapp.WasmApp, genesis testchain.Genesis) *stock {
	t.Helper()
	s := &stock{t: t, app: app, open: sums{}, lost: sums{}, dropped: sums{}}
	s.Chain = testchain.New(t, app, s.account, genesis)
	return s
}

func (s *stock) account(ctx sdk.Context, address sdk.AccAddress) sdk.AccountI {
	return s.app.AccountKeeper.GetAccount(ctx, address)
}

func (s *stock) distribution() distrtypes.QueryClient { return distrtypes.NewQueryClient(s.Queries()) }

// parts are a delegation's part of its validator's rewards, by its shares and by the stake that
// x/distribution remembers: it reckons with the stake that a delegation had when it last changed,
// also when rounding of tokens has made it worth more since.
type parts struct{ byShares, byStake math.LegacyDec }

func (s *stock) parts() map[pair]parts {
	s.t.Helper()
	ctx, keeper := s.Context(), s.app.DistrKeeper
	delegations, err := s.app.StakingKeeper.GetAllDelegations(ctx)
	require.NoError(s.t, err)
	found := map[pair]parts{}
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
		stake = math.LegacyMinDec(stake, validator.TokensFromShares(it.Shares))
		found[pair{it.DelegatorAddress, it.ValidatorAddress}] = parts{
			byShares: it.Shares.Quo(validator.DelegatorShares), byStake: stake.Quo(math.LegacyNewDecFromInt(validator.Tokens)),
		}
	}
	return found
}

// follow makes a block and adds up what delegations earn in it.
func (s *stock) follow(block func()) {
	s.t.Helper()
	before := s.parts()
	block()
	shared := s.shared()
	for delegation, part := range before {
		earned := shared.of(pair{validator: delegation.validator})
		byStake := earned.Mul(part.byStake)
		s.open.add(delegation, byStake)
		s.lost.add(delegation, earned.Mul(part.byShares).Sub(byStake))
	}
}

// shared is what the last block gave to the delegators of each validator.
func (s *stock) shared() sums {
	s.t.Helper()
	shared := sums{}
	add := func(event string, sign int64) {
		for _, it := range testchain.Find(s.Last.Events, event) {
			coins, err := sdk.ParseDecCoins(it[sdk.AttributeKeyAmount])
			require.NoError(s.t, err)
			shared.add(pair{validator: it["validator"]}, coins.AmountOf(testchain.BondDenom).MulInt64(sign))
		}
	}
	add(distrtypes.EventTypeRewards, 1)
	add(distrtypes.EventTypeCommission, -1)
	return shared
}

// withdrew says what a delegation was paid: all but a fraction.
func (s *stock) withdrew(of pair, paid math.LegacyDec) {
	s.t.Helper()
	fraction := s.open.of(of).Sub(paid)
	require.True(s.t, fraction.GTE(rounding.Neg()) && fraction.LTE(math.LegacyOneDec().Add(rounding)),
		"x/distribution paid %s of %s", paid, s.open.of(of))
	s.dropped.add(of, fraction)
	s.open[of] = math.LegacyZeroDec()
}

// payments are what the last transactions paid, by the SDK's events; commission is the operator's.
func payments(t testing.TB, chain *testchain.Chain, operator string, each func(of pair, amount math.LegacyDec)) {
	t.Helper()
	read := func(of pair, amount string) {
		coins, err := sdk.ParseCoinsNormalized(amount)
		require.NoError(t, err)
		each(of, math.LegacyNewDecFromInt(coins.AmountOf(testchain.BondDenom)))
	}
	for _, result := range chain.Last.TxResults {
		for _, it := range testchain.Find(result.Events, distrtypes.EventTypeWithdrawRewards) {
			read(pair{it["delegator"], it["validator"]}, it["amount"])
		}
		for _, it := range testchain.Find(result.Events, distrtypes.EventTypeWithdrawCommission) {
			read(pair{"", operator}, it["amount"])
		}
	}
}
