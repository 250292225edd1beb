package app_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	wasmvmtypes "github.com/CosmWasm/wasmvm/v3/types"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmkeeper "github.com/CosmWasm/wasmd/x/wasm/keeper"
	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/distributionfacade"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

func (w *world) distribution() distrtypes.QueryClient { return distrtypes.NewQueryClient(w.Queries()) }

// rewards are those of a delegation, none without it.
func (w *world) rewards(delegator, validator string) sdk.DecCoins {
	w.t.Helper()
	answer, err := w.distribution().DelegationRewards(w.Context(), &distrtypes.QueryDelegationRewardsRequest{
		DelegatorAddress: testchain.Account(delegator).String(), ValidatorAddress: testchain.Operator(validator).String(),
	})
	if errors.Is(err, stakingtypes.ErrNoDelegation) {
		return nil
	}
	require.NoError(w.t, err)
	return answer.Rewards
}

func (w *world) communityPool() sdk.DecCoins {
	w.t.Helper()
	answer, err := w.distribution().CommunityPool(w.Context(), &distrtypes.QueryCommunityPoolRequest{})
	require.NoError(w.t, err)
	return answer.Pool
}

func (w *world) balance(name string) math.Int {
	return w.app.BankKeeper.GetBalance(w.Context(), testchain.Account(name), testchain.BondDenom).Amount
}

func withdraw(delegator, validator string) sdk.Msg {
	return distrtypes.NewMsgWithdrawDelegatorReward(testchain.Account(delegator).String(), testchain.Operator(validator).String())
}

func TestAWithdrawalPaysAndSaysSoAsXDistribution(t *testing.T) {
	w := newWorld(t)
	w.Deliver("dan", delegate("dan", "ada", 50_000_000))
	w.Blocks(4)
	owed := w.rewards("dan", "ada").AmountOf(testchain.BondDenom)
	require.True(t, owed.GT(math.LegacyOneDec()))
	before := w.balance("dan")
	result := w.Deliver("dan", withdraw("dan", "ada"))
	var response distrtypes.MsgWithdrawDelegatorRewardResponse
	w.Response(result, &response)
	paid := response.Amount.AmountOf(testchain.BondDenom)
	require.True(t, paid.GTE(owed.TruncateInt()), "%s of %s", paid, owed)
	require.Equal(t, before.Add(paid).SubRaw(1000).String(), w.balance("dan").String(), "the fee is 1000")
	require.Equal(t, []map[string]string{{
		"amount": response.Amount.String(), "validator": testchain.Operator("ada").String(),
		"delegator": testchain.Account("dan").String(), "msg_index": "0",
	}}, testchain.Find(result.Events, distrtypes.EventTypeWithdrawRewards))
	require.True(t, w.rewards("dan", "ada").AmountOf(testchain.BondDenom).LT(math.LegacyOneDec()))
}

func TestWhatCannotBeDeliveredIsPaidByTheNextWithdrawal(t *testing.T) {
	w := newWorld(t)
	w.Deliver("dan", delegate("dan", "ada", 50_000_000))
	w.Blocks(3)
	frozen := true
	w.app.BankKeeper.AppendSendRestriction(func(_ context.Context, from, to sdk.AccAddress, _ sdk.Coins) (sdk.AccAddress, error) {
		if frozen && from.Equals(w.pool) && to.Equals(testchain.Account("dan")) {
			return to, banktypes.ErrSendDisabled
		}
		return to, nil
	})
	owed := w.rewards("dan", "ada").AmountOf(testchain.BondDenom).TruncateInt()
	var response distrtypes.MsgWithdrawDelegatorRewardResponse
	w.Response(w.Deliver("dan", withdraw("dan", "ada")), &response)
	require.True(t, response.Amount.IsZero(), "nothing was paid: %s", response.Amount)
	frozen = false
	w.Response(w.Deliver("dan", withdraw("dan", "ada")), &response)
	require.True(t, response.Amount.AmountOf(testchain.BondDenom).GT(owed))
	w.sound()
}

func TestRewardsGoToTheWithdrawAddress(t *testing.T) {
	w := newWorld(t)
	w.Deliver("dan", delegate("dan", "ada", 50_000_000))
	result := w.Deliver("dan", distrtypes.NewMsgSetWithdrawAddress(testchain.Account("dan"), testchain.Account("eve")))
	require.Len(t, testchain.Find(result.Events, distrtypes.EventTypeSetWithdrawAddress), 1)
	answer, err := w.distribution().DelegatorWithdrawAddress(w.Context(),
		&distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: testchain.Account("dan").String()})
	require.NoError(t, err)
	require.Equal(t, testchain.Account("eve").String(), answer.WithdrawAddress)
	w.Blocks(3)
	before := w.balance("eve")
	w.Deliver("dan", withdraw("dan", "ada"))
	require.True(t, w.balance("eve").GT(before))
}

func TestAWithdrawAddressMustBeAbleToReceive(t *testing.T) {
	w := newWorld(t)
	result := w.Try("dan", distrtypes.NewMsgSetWithdrawAddress(testchain.Account("dan"),
		authtypes.NewModuleAddress(stakingtypes.BondedPoolName)))
	require.Contains(t, result.Log, "is not allowed to receive external funds")
}

func TestCommissionIsPaidToTheOperatorAlone(t *testing.T) {
	w := newWorld(t)
	w.Blocks(4)
	before := w.balance("ada")
	result := w.Deliver("ada", distrtypes.NewMsgWithdrawValidatorCommission(testchain.Operator("ada").String()))
	var response distrtypes.MsgWithdrawValidatorCommissionResponse
	w.Response(result, &response)
	paid := response.Amount.AmountOf(testchain.BondDenom)
	require.True(t, paid.IsPositive())
	require.Equal(t, before.Add(paid).SubRaw(1000).String(), w.balance("ada").String())
	require.Len(t, testchain.Find(result.Events, distrtypes.EventTypeWithdrawCommission), 1)

	result = w.Try("cleo", distrtypes.NewMsgWithdrawValidatorCommission(testchain.Operator("cleo").String()))
	require.Equal(t, distrtypes.ErrNoValidatorCommission.ABCICode(), result.Code, "cleo takes none")
}

func TestTheCommunityPoolIsFundedAndSpent(t *testing.T) {
	w := newWorld(t)
	before := w.communityPool().AmountOf(testchain.BondDenom)
	w.Deliver("dan", distrtypes.NewMsgFundCommunityPool(sdk.NewCoins(stake(7_000_000)), testchain.Account("dan").String()))
	funded := w.communityPool().AmountOf(testchain.BondDenom)
	require.True(t, funded.Sub(before).GTE(math.LegacyNewDec(7_000_000)))

	spend := &distrtypes.MsgCommunityPoolSpend{
		Authority: testchain.Account("owner").String(), Recipient: testchain.Account("eve").String(), Amount: sdk.NewCoins(stake(5_000_000)),
	}
	balance := w.balance("eve")
	w.Deliver("owner", spend)
	require.Equal(t, balance.AddRaw(5_000_000).String(), w.balance("eve").String())
	spend.Authority = testchain.Account("dan").String()
	require.NotZero(t, w.Try("dan", spend).Code, "dan does not own the pool")
}

// A chain gives its pool to governance, which then spends and sets params as with x/distribution.
func TestGovernanceThatOwnsThePoolSpendsAndSetsParams(t *testing.T) {
	w := newWorld(t)
	voters := []string{"ada", "bob"}
	w.Deliver("owner", testchain.Execute("owner", w.pool, M{"update_ownership": M{"transfer_ownership": M{"new_owner": governance(), "expiry": nil}}}))
	w.Pass("owner", voters, &wasmtypes.MsgExecuteContract{
		Sender: governance(), Contract: w.pool.String(), Msg: []byte(`{"update_ownership":"accept_ownership"}`),
	})
	w.Deliver("dan", distrtypes.NewMsgFundCommunityPool(sdk.NewCoins(stake(7_000_000)), testchain.Account("dan").String()))
	balance := w.balance("eve")
	w.Pass("owner", voters,
		&distrtypes.MsgCommunityPoolSpend{Authority: governance(), Recipient: testchain.Account("eve").String(), Amount: sdk.NewCoins(stake(6_000_000))},
		&distrtypes.MsgUpdateParams{Authority: governance(), Params: distrtypes.Params{CommunityTax: math.LegacyZeroDec(), WithdrawAddrEnabled: true}},
	)
	require.Equal(t, balance.AddRaw(6_000_000).String(), w.balance("eve").String())
	answer, err := w.distribution().Params(w.Context(), &distrtypes.QueryParamsRequest{})
	require.NoError(t, err)
	require.True(t, answer.Params.CommunityTax.IsZero())
}

func TestADepositForAValidatorIsItsDelegators(t *testing.T) {
	w := newWorld(t)
	before := w.rewards("cleo", "cleo").AmountOf(testchain.BondDenom)
	w.Deliver("dan", distrtypes.NewMsgDepositValidatorRewardsPool(
		testchain.Account("dan").String(), testchain.Operator("cleo").String(), sdk.NewCoins(stake(9_000_000))))
	require.True(t, w.rewards("cleo", "cleo").AmountOf(testchain.BondDenom).Sub(before).GTE(math.LegacyNewDec(9_000_000)))
}

func TestTheOwnerChangesParams(t *testing.T) {
	w := newWorld(t)
	params := distrtypes.Params{CommunityTax: math.LegacyNewDecWithPrec(5, 2), WithdrawAddrEnabled: false}
	msg := &distrtypes.MsgUpdateParams{Authority: testchain.Account("owner").String(), Params: params}
	w.Deliver("owner", msg)
	answer, err := w.distribution().Params(w.Context(), &distrtypes.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, "0.050000000000000000", answer.Params.CommunityTax.String())
	require.False(t, answer.Params.WithdrawAddrEnabled)

	// Proposer rewards that are left out stay, and others are refused.
	w.Deliver("owner", testchain.Execute("owner", w.pool, M{"update_params": M{"base_proposer_reward": "0.01", "bonus_proposer_reward": "0.04"}}))
	w.Deliver("owner", msg)
	answer, err = w.distribution().Params(w.Context(), &distrtypes.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, "0.010000000000000000", answer.Params.BaseProposerReward.String())
	require.Equal(t, "0.040000000000000000", answer.Params.BonusProposerReward.String())
	msg.Params.BonusProposerReward = math.LegacyNewDecWithPrec(1, 2)
	require.Contains(t, w.Try("owner", msg).Log, "proposer reward 0.01")
	msg.Params.BonusProposerReward = math.LegacyDec{}

	msg.Authority = testchain.Account("dan").String()
	require.NotZero(t, w.Try("dan", msg).Code)
}

func TestWithoutAFeePoolMessagesAndQueriesSayWhy(t *testing.T) {
	w := newChain(t, testchain.Genesis{Validators: validators, Accounts: []string{"dan"}})
	require.Contains(t, w.Try("dan", withdraw("dan", "ada")).Log, "no route feeds a fee pool")
	_, err := w.distribution().Params(w.Context(), &distrtypes.QueryParamsRequest{})
	require.ErrorContains(t, err, "no route feeds a fee pool")
}

func TestQueriesWithoutAnAddressAreRefused(t *testing.T) {
	w := newWorld(t)
	_, err := w.distribution().ValidatorCommission(w.Context(), &distrtypes.QueryValidatorCommissionRequest{})
	require.ErrorContains(t, err, "empty validator address")
	_, err = w.distribution().DelegationTotalRewards(w.Context(), &distrtypes.QueryDelegationTotalRewardsRequest{})
	require.ErrorContains(t, err, "empty delegator address")
}

// A delegator with more validators than a page of the pool has sees all of them.
func TestTotalsCoverAllPages(t *testing.T) {
	many := []testchain.Validator{}
	for n := range 103 {
		many = append(many, testchain.Validator{
			Name: "validator " + string(rune('a'+n/26)) + string(rune('a'+n%26)), Power: 10, Commission: math.LegacyZeroDec(),
		})
	}
	w := newChain(t, testchain.Genesis{Validators: many, Accounts: []string{"owner", "dan"}})
	w.pool = w.FeePool("owner", testchain.BondDenom, "uatom")
	params := w.poolParams()
	params.Routes[0].GasLimit, params.Hooks.GasLimit = 20_000_000, 20_000_000
	var voters []string
	for _, it := range many[:60] {
		voters = append(voters, it.Name)
	}
	w.Pass("owner", voters, updateParams(params))
	w.Activate("owner", w.pool)
	var messages []sdk.Msg
	for _, it := range many {
		messages = append(messages, delegate("dan", it.Name, 1_000_000))
	}
	w.Deliver("dan", messages[:50]...)
	w.Deliver("dan", messages[50:]...)
	w.Blocks(3)
	require.Len(t, w.powers(), 103)
	total, err := w.distribution().DelegationTotalRewards(w.Context(), &distrtypes.QueryDelegationTotalRewardsRequest{
		DelegatorAddress: testchain.Account("dan").String(),
	})
	require.NoError(t, err)
	require.Len(t, total.Rewards, 103)
	found, err := w.distribution().DelegatorValidators(w.Context(), &distrtypes.QueryDelegatorValidatorsRequest{
		DelegatorAddress: testchain.Account("dan").String(),
	})
	require.NoError(t, err)
	require.Len(t, found.Validators, 103)
}

// A contract that asks x/staking for a delegation gets it, without rewards.
func TestAContractSeesItsDelegation(t *testing.T) {
	w := newWorld(t)
	answer, err := wasmkeeper.StakingQuerier(w.app.StakingKeeper, distributionfacade.WasmDistribution{})(w.Context(),
		&wasmvmtypes.StakingQuery{Delegation: &wasmvmtypes.DelegationQuery{
			Delegator: testchain.Account("ada").String(), Validator: testchain.Operator("ada").String(),
		}})
	require.NoError(t, err)
	require.Contains(t, string(answer), `"accumulated_rewards":[]`)
	require.Contains(t, string(answer), `"amount":"100000000"`)
}

// Governance gives a cancelled proposal's deposit to the community pool where its params say so.
func TestDepositsOfCancelledProposalsReachTheCommunityPool(t *testing.T) {
	w := newWorld(t)
	params, err := w.app.GovKeeper.Params.Get(w.Context())
	require.NoError(t, err)
	params.ProposalCancelDest = authtypes.NewModuleAddress(distrtypes.ModuleName).String()
	params.ProposalCancelRatio = "0.5"
	w.Pass("owner", []string{"ada", "bob"}, &govv1.MsgUpdateParams{Authority: governance(), Params: params})

	msg, err := govv1.NewMsgSubmitProposal(nil, sdk.NewCoins(stake(4_000_000)), testchain.Account("dan").String(), "metadata", "title", "summary", false)
	require.NoError(t, err)
	var response govv1.MsgSubmitProposalResponse
	w.Response(w.Deliver("dan", msg), &response)
	before := w.communityPool().AmountOf(testchain.BondDenom)
	w.Deliver("dan", govv1.NewMsgCancelProposal(response.ProposalId, testchain.Account("dan").String()))
	require.True(t, w.communityPool().AmountOf(testchain.BondDenom).Sub(before).GTE(math.LegacyNewDec(2_000_000)))
}

// A contract withdraws its rewards by the message that it would send to x/distribution.
func TestAContractWithdrawsAsFromXDistribution(t *testing.T) {
	w := newWorld(t)
	staker := w.FeePool("owner", "uosmo")
	w.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), staker, sdk.NewCoins(stake(1))))
	params := w.poolParams()
	params.Clock = types.Subscription{Contracts: []string{staker.String()}, GasLimit: callGas}
	w.setParams(params)
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) { return stakes(), call == "clock_end_block" }
	w.Block()
	w.vm.behave = nil
	// Enough for one share of 100 million to earn a base unit.
	w.Deliver("dan", distrtypes.NewMsgDepositValidatorRewardsPool(
		testchain.Account("dan").String(), testchain.Operator("ada").String(), sdk.NewCoins(stake(900_000_000))))
	w.vm.behave = func(_, call string, _ uint64) (misdeed, bool) {
		return sends(wasmvmtypes.CosmosMsg{Distribution: &wasmvmtypes.DistributionMsg{
			WithdrawDelegatorReward: &wasmvmtypes.WithdrawDelegatorRewardMsg{Validator: testchain.Operator("ada").String()},
		}}), call == "clock_end_block"
	}
	before := w.app.BankKeeper.GetBalance(w.Context(), staker, testchain.BondDenom)
	w.Block()
	after := w.app.BankKeeper.GetBalance(w.Context(), staker, testchain.BondDenom)
	require.True(t, after.Sub(before).Amount.IsPositive(), "%s after %s", after, before)
	require.Zero(t, w.status(staker).Failures)
}
