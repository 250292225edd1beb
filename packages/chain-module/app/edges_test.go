package app_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// strange are addresses that name nobody whom x/staking knows, or nothing.
func strange(address func(name string) string) []string {
	return []string{"", "nonsense", "cosmos1", testchain.Consensus("ada").String(), address("stranger")}
}

// What x/distribution refuses the facade refuses, and what is empty there is empty here.
func TestTheFacadeRefusesAndLeavesEmptyWhatXDistributionDoes(t *testing.T) {
	w := newTwins(t)
	w.operations = map[string]int{}
	w.do("delegate", "dan", delegate("dan", "ada", 5_000_000))

	for _, validator := range append(strange(operator), account("ada"), operator("dan")) {
		w.same(&distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: validator})
		w.same(&distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: validator})
		w.same(&distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: validator})
		w.same(&distrtypes.QueryDelegationRewardsRequest{DelegatorAddress: account("dan"), ValidatorAddress: validator})
		w.same(&distrtypes.QueryValidatorSlashesRequest{ValidatorAddress: validator, EndingHeight: 9})
	}
	for _, delegator := range append(strange(account), operator("ada"), account("eve")) {
		w.same(&distrtypes.QueryDelegationRewardsRequest{DelegatorAddress: delegator, ValidatorAddress: operator("ada")})
		w.same(&distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: delegator})
		w.same(&distrtypes.QueryDelegatorValidatorsRequest{DelegatorAddress: delegator})
		w.same(&distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: delegator})
	}
	// A delegation that has not seen a block yet.
	w.do("delegate", "dan", delegate("dan", "bob", 5_000_000))
	w.same(&distrtypes.QueryDelegationRewardsRequest{DelegatorAddress: account("dan"), ValidatorAddress: operator("bob")})
	for _, request := range []*distrtypes.QueryValidatorSlashesRequest{
		{StartingHeight: 9, EndingHeight: 8}, {StartingHeight: 9, EndingHeight: 9},
		{EndingHeight: 9, Pagination: &query.PageRequest{Limit: 1}},
		{EndingHeight: 9, Pagination: &query.PageRequest{Limit: 1, CountTotal: true}},
		{EndingHeight: 9, Pagination: &query.PageRequest{Offset: 3, Limit: 2, CountTotal: true, Reverse: true}},
		{EndingHeight: 9, Pagination: &query.PageRequest{Key: []byte("key"), Limit: 1}},
		{EndingHeight: 9, Pagination: &query.PageRequest{Key: []byte("key"), Offset: 1}},
	} {
		request.ValidatorAddress = operator("ada")
		w.same(request)
	}

	for _, it := range []struct {
		signer  string
		message sdk.Msg
	}{
		{"dan", withdraw("dan", "stranger")},
		{"dan", distrtypes.NewMsgWithdrawDelegatorReward(account("dan"), "nonsense")},
		// The account behind the operator is no operator.
		{"dan", distrtypes.NewMsgWithdrawDelegatorReward(account("dan"), account("ada"))},
		{"ada", &distrtypes.MsgDepositValidatorRewardsPool{Depositor: account("ada"), ValidatorAddress: account("ada"), Amount: sdk.NewCoins(stake(1))}},
		{"cleo", distrtypes.NewMsgWithdrawValidatorCommission(operator("cleo"))},
		{"dan", distrtypes.NewMsgWithdrawValidatorCommission(operator("dan"))},
		{"dan", distrtypes.NewMsgSetWithdrawAddress(testchain.Account("dan"), authtypes.NewModuleAddress(stakingtypes.BondedPoolName))},
		{"dan", &distrtypes.MsgSetWithdrawAddress{DelegatorAddress: account("dan"), WithdrawAddress: "nonsense"}},
		{"dan", &distrtypes.MsgUpdateParams{Authority: account("dan"), Params: distrtypes.DefaultParams()}},
		{"dan", &distrtypes.MsgCommunityPoolSpend{Authority: account("dan"), Recipient: account("dan"), Amount: sdk.NewCoins(stake(1))}},
		{"dan", distrtypes.NewMsgDepositValidatorRewardsPool(account("dan"), operator("stranger"), sdk.NewCoins(stake(1)))},
		{"dan", distrtypes.NewMsgDepositValidatorRewardsPool(account("dan"), operator("ada"), sdk.NewCoins(stake(1<<62)))},
		{"dan", distrtypes.NewMsgDepositValidatorRewardsPool(account("dan"), operator("ada"), sdk.NewCoins(stake(1)))},
	} {
		w.do(fmt.Sprintf("%T", it.message), it.signer, it.message)
	}
	require.Equal(t, map[string]int{"delegate": 2, "*types.MsgDepositValidatorRewardsPool": 1}, w.operations)
}

// Wallets withdraw from all validators at once, and the pool lists those where less than a base unit is left.
func TestAWithdrawalOfNothingHarmsNoOtherOfItsTransaction(t *testing.T) {
	w := newWorld(t)
	w.Deliver("dan", delegate("dan", "ada", 5_000_001))
	w.Deliver("dan", undelegate("dan", "ada", 5_000_001), delegate("dan", "bob", 5_000_001))
	w.Deliver("dan", withdraw("dan", "ada"), withdraw("dan", "bob"), withdraw("dan", "cleo"))
	w.Deliver("dan", withdraw("dan", "ada"), withdraw("dan", "bob"), withdraw("dan", "cleo"))
}

// same asks both chains, which have to refuse or to say the same.
func (w *twins) same(request proto.Message) {
	w.t.Helper()
	name := strings.TrimSuffix(proto.MessageName(request), "Request")
	method := "/" + strings.Replace(name, ".Query", ".Query/", 1)
	ask := func(chain *testchain.Chain) (string, error) {
		response := reflect.New(proto.MessageType(name + "Response").Elem()).Interface().(proto.Message)
		err := chain.Queries().Invoke(chain.Context(), method, request, response)
		return string(chain.App.AppCodec().MustMarshalJSON(response)), err
	}
	theirs, refusal := ask(w.stock.Chain)
	require.NotContains(w.t, fmt.Sprint(refusal), "handler not found", method)
	ours, err := ask(w.ours.Chain)
	require.Equal(w.t, refusal == nil, err == nil, "%s %s: %v / %v", name, request, err, refusal)
	require.Equal(w.t, theirs, ours, "%s %s", name, request)
	if status.Code(refusal) == codes.InvalidArgument {
		require.Equal(w.t, codes.InvalidArgument, status.Code(err), "%s %s: %v / %v", name, request, err, refusal)
	}
}
