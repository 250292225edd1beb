package app_test

import (
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/baseapp"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	wasmtypes "github.com/CosmWasm/wasmd/x/wasm/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// coinsOf are what an account has spent or received, by the events of a message: the pool pays each denom by itself.
func coinsOf(t testing.TB, events []abci.Event, kind, role, of string) string {
	t.Helper()
	sum := sdk.NewCoins()
	for _, it := range testchain.Find(events, kind) {
		if it[role] == of {
			coins, err := sdk.ParseCoinsNormalized(it[sdk.AttributeKeyAmount])
			require.NoError(t, err)
			sum = sum.Add(coins...)
		}
	}
	return sum.String()
}

// Governance owns the pool, as it owns x/distribution: the messages of both have the same outcome on both.
func TestTheCommunityPoolAndTheParamsChangeAsInXDistribution(t *testing.T) {
	w := newTwins(t)
	w.ours.Deliver("owner", testchain.Execute("owner", w.ours.pool, M{"update_ownership": M{"transfer_ownership": M{"new_owner": governance(), "expiry": nil}}}))
	w.ours.Pass("owner", []string{"ada", "bob"}, &wasmtypes.MsgExecuteContract{
		Sender: governance(), Contract: w.ours.pool.String(), Msg: []byte(`{"update_ownership":"accept_ownership"}`),
	})
	w.stock.Follow(w.ours.Chain)

	native := baseapp.NewMsgServiceRouter()
	native.SetInterfaceRegistry(w.stock.app.InterfaceRegistry())
	distrtypes.RegisterMsgServer(native, distrkeeper.NewMsgServerImpl(w.native))
	ours, stock := w.ours.Context(), w.stock.Context()
	compare := func() {
		t.Helper()
		mine, err := distrtypes.NewQueryClient(&baseapp.QueryServiceTestHelper{GRPCQueryRouter: w.ours.app.GRPCQueryRouter(), Ctx: ours}).
			CommunityPool(ours, &distrtypes.QueryCommunityPoolRequest{})
		require.NoError(t, err)
		theirs, err := w.native.FeePool.Get(stock)
		require.NoError(t, err)
		require.True(t, difference(mine.Pool, theirs.CommunityPool).LTE(rounding), "%s and %s", mine.Pool, theirs.CommunityPool)
	}
	compare()

	dan, eve := account("dan"), account("eve")
	blocked := authtypes.NewModuleAddress(stakingtypes.BondedPoolName).String()
	params := func(authority string, tax math.LegacyDec, bonus math.LegacyDec) sdk.Msg {
		return &distrtypes.MsgUpdateParams{Authority: authority, Params: distrtypes.Params{CommunityTax: tax, BonusProposerReward: bonus}}
	}
	fund := func(amount ...sdk.Coin) sdk.Msg {
		return &distrtypes.MsgFundCommunityPool{Depositor: dan, Amount: amount}
	}
	spend := func(authority, recipient string, amount ...sdk.Coin) sdk.Msg {
		return &distrtypes.MsgCommunityPoolSpend{Authority: authority, Recipient: recipient, Amount: amount}
	}
	uatom, none := sdk.NewInt64Coin("uatom", 5), math.LegacyDec{}
	succeeded := 0
	for _, message := range []sdk.Msg{
		fund(stake(7_000_000), uatom), fund(), fund(uatom, stake(1)), fund(stake(0)), fund(stake(1), stake(1)),
		fund(stake(1 << 62)), fund(sdk.Coin{Denom: testchain.BondDenom, Amount: math.NewInt(-1)}),
		spend(governance(), eve, stake(5_000_000)), spend(governance(), eve, stake(5_000_000)),
		spend(dan, dan, stake(1)), spend(governance(), blocked, stake(1)), spend(governance(), "nonsense", stake(1)),
		spend(governance(), eve), spend(governance(), eve, uatom, stake(1)), spend(governance(), eve, stake(0)),
		spend(governance(), eve, stake(1), stake(1)), spend(governance(), eve, stake(1), uatom), spend(governance(), eve, uatom),
		params(governance(), math.LegacyNewDecWithPrec(5, 2), none), params(governance(), math.LegacyNewDecWithPrec(6, 2), math.LegacyZeroDec()),
		params(governance(), none, none), params(governance(), math.LegacyNewDec(2), none), params(governance(), math.LegacyNewDec(-1), none),
		params(dan, math.LegacyNewDecWithPrec(7, 2), none), params(governance(), math.LegacyZeroDec(), math.LegacyNewDecWithPrec(1, 2)),
	} {
		run := func(router *baseapp.MsgServiceRouter, ctx sdk.Context) (*sdk.Result, error) {
			branch, write := ctx.CacheContext()
			result, err := router.Handler(message)(branch, message)
			if err == nil {
				write()
			}
			return result, err
		}
		mine, err := run(w.ours.app.MsgServiceRouter(), ours)
		theirs, refusal := run(native, stock)
		require.Equal(t, refusal == nil, err == nil, "%T %s: %v / %v", message, message, err, refusal)
		if err == nil {
			succeeded++
			require.Equal(t, theirs.MsgResponses, mine.MsgResponses)
			for role, of := range map[string][2]string{
				banktypes.EventTypeCoinSpent:    {banktypes.AttributeKeySpender, dan},
				banktypes.EventTypeCoinReceived: {banktypes.AttributeKeyReceiver, eve},
			} {
				require.Equal(t, coinsOf(t, theirs.Events, role, of[0], of[1]), coinsOf(t, mine.Events, role, of[0], of[1]), "%T %s", message, message)
			}
		}
		compare()
	}
	require.Equal(t, 5, succeeded)
	theirs, err := w.native.Params.Get(stock)
	require.NoError(t, err)
	mine, err := distrtypes.NewQueryClient(&baseapp.QueryServiceTestHelper{GRPCQueryRouter: w.ours.app.GRPCQueryRouter(), Ctx: ours}).
		Params(ours, &distrtypes.QueryParamsRequest{})
	require.NoError(t, err)
	require.Equal(t, theirs.CommunityTax, mine.Params.CommunityTax)
	require.Equal(t, theirs.WithdrawAddrEnabled, mine.Params.WithdrawAddrEnabled)
}
