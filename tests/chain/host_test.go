package chain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/keeper"

	"cw-distribution/tests/chain/feed"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// asDistribution are the params with which a pool does what x/distribution does: it has no proposer
// rewards any more.
var asDistribution = pool.M{"base_proposer_reward": "0", "bonus_proposer_reward": "0"}

// bonded are validators with very different powers, all with a commission of 10 %.
func bonded(count int) []node.Validator {
	list := make([]node.Validator, count)
	for index := range list {
		list[index] = node.Validator{
			Name: pool.Validator(index), Power: int64(1 + index*index*7), Commission: math.LegacyNewDecWithPrec(1, 1),
		}
	}
	return list
}

func genesis(validators int) node.Genesis {
	genesis := pool.Genesis()
	genesis.Validators = bonded(validators)
	return genesis
}

// hosted starts a chain whose fees go to a pool, which has imported what staking knows.
func hosted(t *testing.T, validators int) (*pool.Pool, keeper.Keeper) {
	t.Helper()
	var module keeper.Keeper
	chain, err := node.New(genesis(validators), feed.Graft(&module))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	staked, err := feed.Staked(chain)
	require.NoError(t, err)
	p, err := pool.New(chain, pool.Setup{
		Denoms: pool.Denoms(1), Params: asDistribution, Source: pool.M{"hooks": pool.M{"dialect": "juno"}},
		Import: []pool.M{staked},
	})
	require.NoError(t, err)
	require.NoError(t, module.SetParams(chain.Context(), feed.FeePool(p.Address.String(), p.Setup.Denoms...)))
	return p, module
}

// collect has the chain collect fees in the open block.
func collect(t *testing.T, chain *node.Node, amount int64) {
	t.Helper()
	fees := sdk.NewCoins(sdk.NewInt64Coin(pool.Denoms(1)[0], amount))
	require.NoError(t, chain.App.BankKeeper.SendCoinsFromAccountToModule(
		chain.Context(), node.Account(pool.Funder), authtypes.FeeCollectorName, fees))
}

// requireNoFailedCalls requires that the pool took the last block and every call before.
func requireNoFailedCalls(t *testing.T, p *pool.Pool, module keeper.Keeper) {
	t.Helper()
	status, err := module.Statuses.Get(p.Context(), p.Address)
	require.NoError(t, err)
	require.Equal(t, p.Height(), status.Height)
	require.Zero(t, status.Failures, status.LastFailure)
}

func TestAModuleBetweenMintAndDistributionFeedsThePool(t *testing.T) {
	p, module := hosted(t, 5)
	const blocks, fees = 24, 10_007
	for range blocks {
		p.SetAbsent(pool.Validator(1), p.Height()%3 == 0)
		collect(t, p.Node, fees)
		require.NoError(t, p.Next())
	}
	requireNoFailedCalls(t, p, module)

	received := p.App.BankKeeper.GetBalance(p.Context(), p.Address, p.Setup.Denoms[0]).Amount
	require.EqualValues(t, blocks*fees, received.Int64(), "all fees are the pool's")
	for index := range 5 {
		outstanding, err := p.App.DistrKeeper.GetValidatorOutstandingRewards(p.Context(), sdk.ValAddress(node.Operator(pool.Validator(index))))
		require.NoError(t, err)
		require.True(t, outstanding.Rewards.IsZero(), "nothing is left for x/distribution")
	}
	var last struct {
		Height     uint64 `json:"height"`
		TotalPower string `json:"total_power"`
	}
	require.NoError(t, p.Query(pool.M{"last_block": pool.M{}}, &last))
	require.EqualValues(t, p.Height(), last.Height)
	power := int64(0)
	for _, validator := range bonded(5) {
		power += validator.Power
	}
	require.Equal(t, fmt.Sprint(power), last.TotalPower)
	ledgerBalances(t, p)
}

func TestPayoutsAreThoseOfDistributionOnTheSameVotes(t *testing.T) {
	p, module := hosted(t, 10)
	native, err := node.New(genesis(10))
	require.NoError(t, err)
	defer func() { require.NoError(t, native.Close()) }()
	for block := range 30 {
		for _, chain := range []*node.Node{p.Node, native} {
			chain.SetAbsent(pool.Validator(3), block%4 == 1)
			collect(t, chain, int64(1_000_003+block))
			require.NoError(t, chain.Next())
		}
	}
	requireNoFailedCalls(t, p, module)
	denom := p.Setup.Denoms[0]
	paid := func(chain *node.Node, name string) int64 {
		return chain.App.BankKeeper.GetBalance(chain.Context(), node.Account(name), denom).Amount.Int64()
	}
	for index := range 10 {
		name := pool.Validator(index)
		operator := node.Operator(name).String()
		_, err := native.Deliver(distrtypes.NewMsgWithdrawDelegatorReward(node.Account(name).String(), operator),
			&distrtypes.MsgWithdrawDelegatorRewardResponse{})
		require.NoError(t, err)
		_, err = p.Execute(name, pool.M{"withdraw_delegator_reward": pool.M{"validator": operator}})
		require.NoError(t, err)
		require.InDelta(t, paid(native, name), paid(p.Node, name), 1, "rewards of %s", name)

		_, err = native.Deliver(distrtypes.NewMsgWithdrawValidatorCommission(operator),
			&distrtypes.MsgWithdrawValidatorCommissionResponse{})
		require.NoError(t, err)
		_, err = p.Execute(name, pool.M{"withdraw_validator_commission": pool.M{"validator": operator}})
		require.NoError(t, err)
		require.InDelta(t, paid(native, name), paid(p.Node, name), 2, "rewards and commission of %s", name)
		require.Positive(t, paid(p.Node, name))
	}
	ledgerBalances(t, p)
}

func TestHooksKeepThePoolInStepWithStaking(t *testing.T) {
	p, module := hosted(t, 4)
	staking := p.App.StakingKeeper
	alice, funder := node.Account("alice"), node.Account(pool.Funder)
	stake := func(amount int64) sdk.Coin { return sdk.NewInt64Coin(node.BondDenom, amount) }
	require.NoError(t, p.App.BankKeeper.SendCoins(p.Context(), funder, alice, sdk.NewCoins(stake(50_000_000))))
	first, second := node.Operator(pool.Validator(0)), node.Operator(pool.Validator(1))

	deliver := func(message sdk.Msg, response interface {
		Reset()
		String() string
		ProtoMessage()
	}) {
		t.Helper()
		_, err := p.Deliver(message, response)
		require.NoError(t, err)
		collect(t, p.Node, 10_007)
		require.NoError(t, p.Next())
		requireInStep(t, p)
	}
	deliver(stakingtypes.NewMsgDelegate(alice.String(), first.String(), stake(20_000_000)), &stakingtypes.MsgDelegateResponse{})
	deliver(stakingtypes.NewMsgDelegate(alice.String(), first.String(), stake(3_333_333)), &stakingtypes.MsgDelegateResponse{})
	deliver(stakingtypes.NewMsgBeginRedelegate(alice.String(), first.String(), second.String(), stake(5_000_000)),
		&stakingtypes.MsgBeginRedelegateResponse{})

	consensus, err := staking.GetValidator(p.Context(), second)
	require.NoError(t, err)
	address, err := consensus.GetConsAddr()
	require.NoError(t, err)
	_, err = staking.Slash(p.Context(), address, p.Height(), consensus.GetConsensusPower(staking.PowerReduction(p.Context())), math.LegacyNewDecWithPrec(5, 2))
	require.NoError(t, err)
	require.NoError(t, p.Next())
	requireInStep(t, p)

	// A share is worth less than a token now.
	deliver(stakingtypes.NewMsgDelegate(alice.String(), second.String(), stake(1_000_000)), &stakingtypes.MsgDelegateResponse{})
	deliver(stakingtypes.NewMsgUndelegate(alice.String(), first.String(), stake(18_333_333)), &stakingtypes.MsgUndelegateResponse{})
	_, err = staking.GetDelegation(p.Context(), alice, first)
	require.ErrorIs(t, err, stakingtypes.ErrNoDelegation, "the whole delegation is gone")

	// The chain announces a change of commission before it makes it; the next block reads it.
	rate := math.LegacyNewDecWithPrec(15, 2)
	require.NoError(t, p.Advance(1, 48*time.Hour))
	deliver(stakingtypes.NewMsgEditValidator(first.String(), stakingtypes.Description{Moniker: "renamed"}, &rate, nil), &stakingtypes.MsgEditValidatorResponse{})
	require.Equal(t, commission{Rate: "0.15"}, commissionOf(t, p, pool.Validator(0)))
	requireNoFailedCalls(t, p, module)
	ledgerBalances(t, p)
}

// requireInStep requires that the pool knows the delegations that staking knows.
func requireInStep(t *testing.T, p *pool.Pool) {
	t.Helper()
	validators, err := p.App.StakingKeeper.GetAllValidators(p.Context())
	require.NoError(t, err)
	for _, validator := range validators {
		operator, err := sdk.ValAddressFromBech32(validator.OperatorAddress)
		require.NoError(t, err)
		delegations, err := p.App.StakingKeeper.GetValidatorDelegations(p.Context(), operator)
		require.NoError(t, err)
		shares := math.LegacyZeroDec()
		for _, it := range delegations {
			var answer struct {
				Units string `json:"units"`
			}
			query := pool.M{"delegation": pool.M{"delegator": it.DelegatorAddress, "validator": it.ValidatorAddress}}
			require.NoError(t, p.Query(query, &answer))
			// All 18 decimal places of shares are kept.
			require.Equal(t, it.Shares.BigInt().String(), answer.Units)
			shares = shares.Add(it.Shares)
		}
		var known struct {
			Units string `json:"units"`
		}
		require.NoError(t, p.Query(pool.M{"validator": pool.M{"validator": validator.OperatorAddress}}, &known))
		require.Equal(t, shares.BigInt().String(), known.Units, "nobody else is counted")
	}
}
