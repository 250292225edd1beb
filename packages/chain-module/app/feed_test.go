package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/app"
	"github.com/cw-distribution/chain-module/internal/testchain"
	"github.com/cw-distribution/chain-module/types"
)

func stake(amount int64) sdk.Coin { return sdk.NewInt64Coin(testchain.BondDenom, amount) }

func delegate(delegator, validator string, amount int64) sdk.Msg {
	return stakingtypes.NewMsgDelegate(testchain.Account(delegator).String(), testchain.Operator(validator).String(), stake(amount))
}

func undelegate(delegator, validator string, amount int64) sdk.Msg {
	return stakingtypes.NewMsgUndelegate(testchain.Account(delegator).String(), testchain.Operator(validator).String(), stake(amount))
}

func redelegate(delegator, from, to string, amount int64) sdk.Msg {
	return stakingtypes.NewMsgBeginRedelegate(testchain.Account(delegator).String(),
		testchain.Operator(from).String(), testchain.Operator(to).String(), stake(amount))
}

func editCommission(validator string, rate math.LegacyDec) sdk.Msg {
	return stakingtypes.NewMsgEditValidator(testchain.Operator(validator).String(),
		stakingtypes.Description{Moniker: validator}, &rate, nil)
}

func createValidator(t testing.TB, name string, amount int64) sdk.Msg {
	key, err := codectypes.NewAnyWithValue(testchain.ConsensusKey(name))
	require.NoError(t, err)
	return &stakingtypes.MsgCreateValidator{
		Description: stakingtypes.Description{Moniker: name}, Pubkey: key, Value: stake(amount),
		Commission:        stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(2, 1), math.LegacyOneDec(), math.LegacyOneDec()),
		MinSelfDelegation: math.OneInt(), ValidatorAddress: testchain.Operator(name).String(),
	}
}

func TestFeesAndMintedCoinsAreSplitInTheNextBlock(t *testing.T) {
	w := newWorld(t)
	before := w.app.BankKeeper.GetBalance(w.Context(), w.pool, testchain.BondDenom)
	w.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), testchain.Account("eve"), sdk.NewCoins(stake(1))))
	w.Block()
	after := w.app.BankKeeper.GetBalance(w.Context(), w.pool, testchain.BondDenom)
	require.True(t, after.Sub(before).Amount.GT(w.Fee.AmountOf(testchain.BondDenom)), "the fee and inflation, got %s", after.Sub(before))
	require.NotEmpty(t, testchain.Find(w.Last.Events, "wasm-begin_block"))
	require.Equal(t, w.Height, w.status(w.pool).Height)
	w.sound()
}

// What x/staking does reaches the pool by hooks and votes.
func TestThePoolFollowsStaking(t *testing.T) {
	w := newWorld(t)
	// The blocks between the route and the activation.
	failures := w.status(w.pool).Failures
	w.Deliver("dan", delegate("dan", "ada", 5_000_000))
	w.sound()
	w.Deliver("dan", redelegate("dan", "ada", "bob", 2_000_000), undelegate("dan", "ada", 1_000_001))
	w.sound()
	w.Deliver("eve", createValidator(t, "eve", 40_000_000))
	w.sound()
	w.Later(25 * time.Hour)
	w.Deliver("ada", editCommission("ada", math.LegacyNewDecWithPrec(3, 1)))
	w.Blocks(4)
	require.Equal(t, "40", w.powers()[testchain.Operator("eve").String()])
	require.Equal(t, "101", w.powers()[testchain.Operator("ada").String()])
	var ada struct {
		Commission struct {
			Rate string `json:"rate"`
		} `json:"commission"`
	}
	w.Ask(w.pool, M{"validator": M{"validator": testchain.Operator("ada").String()}}, &ada)
	require.Equal(t, "0.3", ada.Commission.Rate)

	// Downtime: a slash and a jail, then the way back.
	w.Absent["cleo"] = true
	w.Blocks(12)
	require.NotContains(t, w.powers(), testchain.Operator("cleo").String())
	w.Absent["cleo"] = false
	w.Later(20 * time.Second)
	w.Deliver("cleo", slashingtypes.NewMsgUnjail(testchain.Operator("cleo").String()))
	w.Deliver("dan", delegate("dan", "cleo", 1_000_003))
	w.Blocks(3)
	require.Equal(t, "28", w.powers()[testchain.Operator("cleo").String()], "27.9 of 30 and 1")
	w.sound()

	// A validator that everybody leaves is removed when its stake has unbonded.
	w.Deliver("eve", undelegate("eve", "eve", 40_000_000))
	w.Blocks(3)
	w.Later(2 * time.Minute)
	w.Blocks(2)
	require.NotContains(t, w.powers(), testchain.Operator("eve").String())
	_, err := w.app.StakingKeeper.GetValidator(w.Context(), testchain.Operator("eve"))
	require.ErrorIs(t, err, stakingtypes.ErrNoValidatorFound)
	var eve struct {
		Removed bool `json:"removed"`
	}
	w.Ask(w.pool, M{"validator": M{"validator": testchain.Operator("eve").String()}}, &eve)
	require.True(t, eve.Removed)
	w.sound()
	require.Equal(t, failures, w.status(w.pool).Failures)
}

// The order that a chain follows: route and hooks, import, activation.
func TestWhoLeavesBetweenImportAndActivationHasNoPower(t *testing.T) {
	w := newChain(t, testchain.Genesis{Validators: validators, Accounts: []string{"owner", "dan"}})
	w.pool = w.FeePool("owner", testchain.BondDenom, "uatom")
	w.setParams(w.poolParams())
	w.Import("owner", w.pool)
	w.Absent["cleo"] = true
	w.Blocks(14)
	w.Deliver("owner", testchain.Execute("owner", w.pool, M{"activate": M{}}))
	w.Block()
	require.Equal(t, map[string]string{
		testchain.Operator("ada").String(): "100", testchain.Operator("bob").String(): "70",
	}, w.powers())
	w.sound()
}

// The module does not learn of powers that others send; governance has it tell all of them again.
func TestPowersOfOthersStayUntilTheRouteComesAgain(t *testing.T) {
	w := newWorld(t)
	w.Deliver("owner", testchain.Execute("owner", w.pool, M{"staking_event": M{"power_changed": M{"validator": operator("ada"), "power": "5"}}}))
	w.Blocks(2)
	require.Equal(t, "5", w.powers()[operator("ada")])
	unrouted := w.poolParams()
	unrouted.Routes = nil
	w.Pass("owner", []string{"ada", "bob"}, updateParams(unrouted), updateParams(w.poolParams()))
	w.Block()
	require.Equal(t, map[string]string{operator("ada"): "100", operator("bob"): "70", operator("cleo"): "30"}, w.powers())
}

func TestARouteEmptiesAModuleAccountOfTheChain(t *testing.T) {
	w := newWorld(t)
	params := w.poolParams()
	second := w.FeePool("owner", "uosmo")
	params.Routes = append(params.Routes, types.Route{
		Contract: second.String(), Mode: types.MODE_POA_FEE_POOL, Source: app.OperatorFees, Denoms: []string{"uosmo"}, GasLimit: callGas,
	})
	w.setParams(params)
	w.Deliver("dan", banktypes.NewMsgSend(testchain.Account("dan"), authtypes.NewModuleAddress(app.OperatorFees),
		sdk.NewCoins(sdk.NewInt64Coin("uosmo", 77), sdk.NewInt64Coin("uatom", 5))))
	w.Block()
	require.Equal(t, "77uosmo", w.app.BankKeeper.GetAllBalances(w.Context(), second).String())
	require.Equal(t, "5uatom", w.app.BankKeeper.GetAllBalances(w.Context(), authtypes.NewModuleAddress(app.OperatorFees)).String())
}

func TestGovernanceCannotRouteTheBondedTokens(t *testing.T) {
	w := newWorld(t)
	params := w.poolParams()
	params.Routes[0].Source = stakingtypes.BondedPoolName
	proposal := w.Propose("owner", []string{"ada", "bob"}, &types.MsgUpdateParams{Authority: governance(), Params: params})
	require.Contains(t, proposal.FailedReason, "bonded_tokens_pool")
}

func TestRoutesShowWhatWasTold(t *testing.T) {
	w := newWorld(t)
	answer, err := types.NewQueryClient(w.Queries()).Routes(w.Context(), &types.QueryRoutesRequest{})
	require.NoError(t, err)
	require.Len(t, answer.Routes, 1)
	require.Equal(t, w.Height, answer.Routes[0].Status.Height)
	require.Equal(t, uint64(3), answer.Routes[0].Validators)
	require.Equal(t, int64(200), answer.Routes[0].TotalPower)
}
