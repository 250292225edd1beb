package scenario_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/scenario"
	"cw-distribution/tests/chain/suite"
)

// play parses and plays a scenario with the suite's contracts.
func play(t *testing.T, text string) scenario.Report {
	t.Helper()
	codes, err := suite.Codes()
	require.NoError(t, err)
	file, err := scenario.Parse([]byte(text))
	require.NoError(t, err)
	report, err := scenario.Run(file, codes)
	require.NoError(t, err)
	return report
}

const twoValidators = `{
  "name": "two validators, one block",
  "chains": {"hub": {"prefix": "cosmos", "balances": {"fees": ["1000000uatom"]}}},
  "steps": [
    {"instantiate": {"name": "pool", "code": "fee-pool", "sender": "owner", "msg": {"reward_denoms": ["uatom"], "reporters": {"block": ["@bot"], "staking": ["@bot"]}}}},
    {"execute": {"contract": "pool", "sender": "owner", "msg": {"import": {
      "validators": [
        {"validator": "@@v1", "power": "100", "commission": {"rate": "0.5", "max_rate": "1", "max_change_rate": "1"}},
        {"validator": "@@v2", "power": "100", "commission": {"rate": "0", "max_rate": "1", "max_change_rate": "1"}}],
      "delegations": [
        {"delegator": "@alice", "validator": "@@v1", "shares": "100"},
        {"delegator": "@bob", "validator": "@@v2", "shares": "100"}]}}}},
    {"execute": {"contract": "pool", "sender": "owner", "msg": {"activate": {}}}},
    {"send": {"from": "fees", "to": "pool", "amount": ["100uatom"]}},
    {"advance": {}},
    {"sudo": {"contract": "pool", "msg": {"begin_block": {"proposer": "@@v2", "last_commit": {"signed_power": "200"}}}}},
    {"query": {"contract": "pool", "msg": {"delegation_rewards": {"delegator": "@bob", "validator": "@@v2"}}},
     "expect": {"claimable": [{"denom": "uatom", "amount": "51"}]}},
    {"execute": {"contract": "pool", "sender": "bob", "msg": {"withdraw_delegator_reward": {"validator": "@@v2"}}}},
    {"balance": {"of": "bob", "denom": "uatom"}, "expect": "51"},
    {"execute": {"contract": "pool", "sender": "bob", "msg": {"update_params": {}}}, "error": "owner"}
  ]
}`

func TestAScenarioPlaysAndTellsItsGas(t *testing.T) {
	report := play(t, twoValidators)
	for _, it := range report.Outcomes {
		t.Logf("%d %s gas %+v %v", it.Step, it.Kind, it.Gas, it.Result)
	}
	require.Empty(t, report.Failures())
	require.True(t, report.Passed())
	withdrawal := report.Outcomes[7].Gas
	require.NotNil(t, withdrawal)
	require.EqualValues(t, 60_000, withdrawal.SetUp)
	require.Positive(t, withdrawal.Bank)
	require.Positive(t, withdrawal.Rest())
}
