package main

import (
	"encoding/json"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"

	"github.com/cw-distribution/chain-module/internal/testchain"
)

// question is a query in its three forms.
type question struct {
	request, response proto.Message
	path              string
	command           []string
}

const service = "cosmos.distribution.v1beta1"

// Wallets, explorers and command lines know x/distribution, and find it on a node that has none.
func TestANodeServesXDistribution(t *testing.T) {
	n := startNode(t)
	n.answersQueries(t)
	n.takesMessages(t)
}

// answersQueries asks every query by command, by gRPC and by REST.
func (n *node) answersQueries(t *testing.T) {
	delegator, validator := testchain.Account("dan").String(), testchain.Operator("ada").String()
	questions := map[string]question{
		"Params": {&distrtypes.QueryParamsRequest{}, &distrtypes.QueryParamsResponse{}, "/params", []string{"params"}},
		"ValidatorDistributionInfo": {
			&distrtypes.QueryValidatorDistributionInfoRequest{ValidatorAddress: validator},
			&distrtypes.QueryValidatorDistributionInfoResponse{},
			"/validators/" + validator, []string{"validator-distribution-info", validator},
		},
		"ValidatorOutstandingRewards": {
			&distrtypes.QueryValidatorOutstandingRewardsRequest{ValidatorAddress: validator},
			&distrtypes.QueryValidatorOutstandingRewardsResponse{},
			"/validators/" + validator + "/outstanding_rewards", []string{"validator-outstanding-rewards", validator},
		},
		"ValidatorCommission": {
			&distrtypes.QueryValidatorCommissionRequest{ValidatorAddress: validator},
			&distrtypes.QueryValidatorCommissionResponse{},
			"/validators/" + validator + "/commission", []string{"commission", validator},
		},
		"ValidatorSlashes": {
			&distrtypes.QueryValidatorSlashesRequest{ValidatorAddress: validator, EndingHeight: 100},
			&distrtypes.QueryValidatorSlashesResponse{},
			"/validators/" + validator + "/slashes?ending_height=100", []string{"slashes", validator, "0", "100"},
		},
		"DelegationRewards": {
			&distrtypes.QueryDelegationRewardsRequest{DelegatorAddress: delegator, ValidatorAddress: validator},
			&distrtypes.QueryDelegationRewardsResponse{},
			"/delegators/" + delegator + "/rewards/" + validator, []string{"rewards-by-validator", delegator, validator},
		},
		"DelegationTotalRewards": {
			&distrtypes.QueryDelegationTotalRewardsRequest{DelegatorAddress: delegator},
			&distrtypes.QueryDelegationTotalRewardsResponse{},
			"/delegators/" + delegator + "/rewards", []string{"rewards", delegator},
		},
		"DelegatorValidators": {
			&distrtypes.QueryDelegatorValidatorsRequest{DelegatorAddress: delegator},
			&distrtypes.QueryDelegatorValidatorsResponse{},
			"/delegators/" + delegator + "/validators", []string{"delegator-validators", "--delegator-address", delegator},
		},
		"DelegatorWithdrawAddress": {
			&distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: delegator},
			&distrtypes.QueryDelegatorWithdrawAddressResponse{},
			"/delegators/" + delegator + "/withdraw_address", []string{"delegator-withdraw-address", "--delegator-address", delegator},
		},
		"CommunityPool": {
			&distrtypes.QueryCommunityPoolRequest{}, &distrtypes.QueryCommunityPoolResponse{},
			"/community_pool", []string{"community-pool"},
		},
	}
	height := n.height()
	for _, method := range distrtypes.Query_serviceDesc.Methods {
		it, is := questions[method.MethodName]
		require.True(t, is, "no question for %s", method.MethodName)
		n.ask(height, "/"+service+".Query/"+method.MethodName, it.request, it.response)
		answer := n.codec.MustMarshalJSON(it.response)
		require.JSONEq(t, string(answer), string(n.get(height, "/cosmos/distribution/v1beta1"+it.path)))
		printed := n.run(append(append([]string{"query", "distribution"}, it.command...),
			"--node", n.rpc, "--height", fmt.Sprint(height), "--output", "json")...)
		require.Equal(t, plain(t, answer), plain(t, printed), method.MethodName)
	}
}

// plain reads JSON as commands print it: coins are strings, and what is empty is left out.
func plain(t *testing.T, text []byte) any {
	t.Helper()
	var read any
	require.NoError(t, json.Unmarshal(text, &read))
	return printed(read)
}

func printed(value any) any {
	switch it := value.(type) {
	case []any:
		for index := range it {
			it[index] = printed(it[index])
		}
		if len(it) == 0 {
			return nil
		}
	case map[string]any:
		if denom, is := it["denom"]; is {
			return fmt.Sprint(it["amount"], denom)
		}
		for key := range it {
			if it[key] = printed(it[key]); it[key] == nil {
				delete(it, key)
			}
		}
		if len(it) == 0 {
			return nil
		}
	case string:
		if it == "0" {
			return nil
		}
	}
	return value
}

// takesMessages sends every message by command.
func (n *node) takesMessages(t *testing.T) {
	validator, owner := testchain.Operator("ada").String(), testchain.Account("owner").String()
	type command struct {
		signer string
		args   []string
	}
	commands := map[string][]command{
		"SetWithdrawAddress": {{"dan", []string{"set-withdraw-addr", owner}}},
		"WithdrawDelegatorReward": {
			{"dan", []string{"withdraw-rewards", validator}}, {"dan", []string{"withdraw-all-rewards"}},
			{"ada", []string{"withdraw-rewards", validator, "--commission"}},
		},
		"WithdrawValidatorCommission": {{"ada", []string{"withdraw-validator-commission", validator}}},
		"FundCommunityPool":           {{"dan", []string{"fund-community-pool", "70stake"}}},
		"DepositValidatorRewardsPool": {{"dan", []string{"fund-validator-rewards-pool", validator, "80stake"}}},
		// The pool's owner here is an account, which needs no proposal.
		"CommunityPoolSpend": {{"owner", []string{"community-pool-spend-proposal", owner, "9stake"}}},
		"UpdateParams": {{"owner", []string{
			"update-params-proposal",
			`{"community_tax": "20000000000000000", "base_proposer_reward": "0", "bonus_proposer_reward": "0", "withdraw_addr_enabled": true}`,
		}}},
	}
	for _, method := range distrtypes.Msg_serviceDesc.Methods {
		require.NotEmpty(t, commands[method.MethodName], "no command for %s", method.MethodName)
		for _, it := range commands[method.MethodName] {
			events := n.send(it.signer, append([]string{"distribution"}, it.args...)...)
			require.Contains(t, actions(events), fmt.Sprintf("/%s.Msg%s", service, method.MethodName), "%v", it.args)
		}
	}
	var answer distrtypes.QueryDelegatorWithdrawAddressResponse
	n.ask(n.height(), "/"+service+".Query/DelegatorWithdrawAddress",
		&distrtypes.QueryDelegatorWithdrawAddressRequest{DelegatorAddress: testchain.Account("dan").String()}, &answer)
	require.Equal(t, owner, answer.WithdrawAddress)
}

// actions are the messages of a transaction.
func actions(events []abci.Event) []string {
	var actions []string
	for _, it := range testchain.Find(events, sdk.EventTypeMessage) {
		actions = append(actions, it[sdk.AttributeKeyAction])
	}
	return actions
}
