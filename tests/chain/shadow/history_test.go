package shadow

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// size is how large a history is.
type size struct{ validators, delegators, blocks, operations int }

// plan is a history: the same plan has the same operations.
type plan struct {
	size
	variant
	seed uint64
	// tamper makes something wrong in a block, counted from 0, after the fees were collected; nothing when nil.
	tamper func(w *world, block int)
}

// A block takes an hour, so what unbonds does so within a history.
const (
	blockTime     = time.Hour
	unbondingTime = 20 * time.Hour
)

// newcomers are how many validators may be created in a history.
const newcomers = 40

// history is a random one.
type history struct {
	*world
	plan   plan
	random *rand.Rand
	// names are those of accounts that may be operators; created of them were validators once.
	names   []string
	created int
	keys    int
	// delegators are addresses.
	delegators []string
	absent     map[string]int
	// validators and delegations are those of x/staking at the beginning of the open block.
	validators  []stakingtypes.Validator
	delegations []stakingtypes.Delegation
	// done counts operations that succeeded, refused others by their error.
	done, refused map[string]int
}

// play makes a history and has everybody withdraw in the end.
func play(t testing.TB, plan plan) *history {
	t.Helper()
	h := &history{
		plan: plan, random: rand.New(rand.NewPCG(plan.seed, 0)), created: plan.validators,
		absent: map[string]int{}, done: map[string]int{}, refused: map[string]int{},
	}
	h.begin(t)
	for block := range plan.blocks {
		h.collect(h.fees())
		if plan.tamper != nil {
			plan.tamper(h.world, block)
		}
		h.next()
		for range plan.operations {
			h.operate()
		}
	}
	h.next()
	h.everybodyWithdraws()
	return h
}

func (h *history) next() {
	h.t.Helper()
	require.NoError(h.t, h.Advance(1, blockTime))
	var err error
	h.validators, err = h.App.StakingKeeper.GetAllValidators(h.Context())
	require.NoError(h.t, err)
	h.delegations, err = h.App.StakingKeeper.GetAllDelegations(h.Context())
	require.NoError(h.t, err)
}

// begin starts the chain. Before the pools it has a past without fees, so that shares are not tokens at the
// import.
func (h *history) begin(t testing.TB) {
	t.Helper()
	genesis := pool.Genesis()
	rich := sdk.NewCoins(sdk.NewInt64Coin(node.BondDenom, 1_000_000_000_000))
	for index := range h.plan.validators + newcomers {
		h.names = append(h.names, pool.Validator(index))
	}
	for index := range h.plan.validators {
		power := 1 + h.upTo(5_000)
		if index == 0 {
			power = 3_000
		}
		genesis.Validators = append(genesis.Validators, node.Validator{Name: h.names[index], Power: power, Commission: h.rate()})
	}
	people := append([]string{}, h.names...)
	for index := range h.plan.delegators {
		name := fmt.Sprintf("delegator-%d", index)
		people = append(people, name)
		h.delegators = append(h.delegators, node.Account(name).String())
	}
	for _, name := range people {
		genesis.Balances[string(node.Account(name))] = rich
	}
	h.world = newWorld(t, genesis, h.plan.variant)
	h.setParams()
	for _, name := range people {
		// What receives coins becomes an account.
		require.NoError(t, h.App.BankKeeper.SendCoins(h.Context(), node.Account(pool.Funder), node.Account(name), sdk.NewCoins(stake(1))))
	}
	h.next()
	for _, delegator := range h.delegators {
		for range 1 + h.random.IntN(3) {
			h.delegate(delegator, h.validator().OperatorAddress)
		}
	}
	h.next()
	for range 5 {
		h.slash()
	}
	h.next()
	h.startPools()
	for _, name := range people {
		for _, p := range h.pools {
			require.NoError(t, h.execute(p, node.Account(name), pool.M{"set_withdraw_address": pool.M{
				"withdraw_address": purse(p, node.Account(name)).String(),
			}}))
		}
	}
}

// setParams has validators unbond and be jailed within a history, and a fifth of them have no vote.
func (h *history) setParams() {
	h.t.Helper()
	ctx := h.Context()
	staking, err := h.App.StakingKeeper.GetParams(ctx)
	require.NoError(h.t, err)
	staking.UnbondingTime, staking.MaxValidators = unbondingTime, uint32(h.plan.validators*4/5)
	require.NoError(h.t, h.App.StakingKeeper.SetParams(ctx, staking))
	slashing := slashingtypes.DefaultParams()
	slashing.SignedBlocksWindow, slashing.MinSignedPerWindow = 8, math.LegacyNewDecWithPrec(5, 1)
	require.NoError(h.t, h.App.SlashingKeeper.SetParams(ctx, slashing))
}

// purse is where a pool pays an account's rewards; x/distribution pays the account itself.
func purse(p *feePool, account sdk.AccAddress) sdk.AccAddress {
	return node.Account(string(p.name) + " purse of " + account.String())
}

// fees are those of a block: of a denom of 6 decimals some units to some hundreds, of one of 18 up to 10^4, and
// sometimes none.
func (h *history) fees() sdk.Coins {
	fees := sdk.NewCoins()
	if h.random.IntN(10) > 0 {
		fees = fees.Add(sdk.NewInt64Coin(denoms[0], 1+h.upTo(400_000_000)))
	}
	if h.random.IntN(10) > 0 {
		fees = fees.Add(sdk.NewCoin(denoms[1], math.NewInt(1+h.random.Int64N(1e18)).MulRaw(1+h.random.Int64N(10_000))))
	}
	return fees
}

// upTo is a number below limit whose number of digits is random.
func (h *history) upTo(limit int64) int64 {
	for {
		if below := int64(1) << h.random.IntN(62); below < 2*limit {
			return h.random.Int64N(min(below, limit))
		}
	}
}

// rate is a commission.
func (h *history) rate() math.LegacyDec {
	switch h.random.IntN(8) {
	case 0:
		return math.LegacyZeroDec()
	case 1:
		return math.LegacyOneDec()
	case 2:
		return math.LegacyNewDecWithPrec(h.random.Int64N(1e18), 18)
	default:
		return math.LegacyNewDecWithPrec(h.random.Int64N(30), 2)
	}
}

func stake(amount int64) sdk.Coin { return sdk.NewInt64Coin(node.BondDenom, amount) }

// everybodyWithdraws has all be paid all that they can withdraw.
func (h *history) everybodyWithdraws() {
	h.t.Helper()
	for _, it := range h.delegations {
		require.NoError(h.t, h.withdrawNative(pair{it.DelegatorAddress, it.ValidatorAddress}))
	}
	for _, it := range h.validators {
		// An operator without commission is refused.
		if err := h.withdrawNativeCommission(it.OperatorAddress); err != nil {
			require.ErrorIs(h.t, err, distrtypes.ErrNoValidatorCommission)
		}
	}
	h.native.finish()
	h.exact.byUnits.all()
	for _, of := range h.pairs() {
		for _, p := range h.pools {
			require.NoError(h.t, h.execute(p, account(of.delegator), pool.M{"withdraw_delegator_reward": pool.M{"validator": of.validator}}))
		}
	}
	for _, validator := range slices.Sorted(maps.Keys(h.exact.commissions)) {
		for _, p := range h.pools {
			require.NoError(h.t, h.execute(p, sdk.AccAddress(operator(validator)), pool.M{"withdraw_validator_commission": pool.M{"validator": validator}}))
		}
	}
}
