package scenario_test

import (
	"strings"
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

// withMsg is a scenario with steps after a pool was made, which the pool accepts.
func withMsg(steps string) string {
	return strings.Replace(withStep(steps), `"msg": {}`, `"msg": {"reward_denoms": ["uatom"]}`, 1)
}

func TestAnOutcomeThatIsNotTheExpectedOneIsToldAndTheRunGoesOn(t *testing.T) {
	const steps = `{"balance": {"of": "alice", "denom": "uatom"}, "expect": "11"},
{"send": {"from": "alice", "to": "bob", "amount": ["4uatom"]}, "save": {"none": "/data/none"}},
{"advance": {}}`
	report := play(t, withMsg(steps))
	require.Equal(t, []string{
		`steps[1].balance: expected "11", came "10"`,
		`steps[2].send: nothing to save as "none": the result has no "/data/none"`,
	}, report.Failures())
	require.Equal(t, 1, report.NotRun)
	require.False(t, report.Passed())
}

func TestAFailureMustBeTheExpectedOne(t *testing.T) {
	failure := func(step string) []string {
		return play(t, withMsg(step)).Failures()
	}
	const tooMuch = `{"send": {"from": "alice", "to": "bob", "amount": ["11uatom"]}`
	require.Empty(t, failure(tooMuch+`, "error": "insufficient funds"}`))
	require.Contains(t, failure(tooMuch + `}`)[0], "insufficient funds")
	require.Contains(t, failure(tooMuch + `, "error": "no such thing"}`)[0], `expected an error with "no such thing"`)
	require.Equal(t, []string{`steps[1].send: expected an error with "x", came none`},
		failure(`{"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}, "error": "x"}`))
}

func TestOneRunShowsAllWrongTexts(t *testing.T) {
	const tooMuch = `{"send": {"from": "alice", "to": "bob", "amount": ["11uatom"]}, "error": "no such thing"}`
	report := play(t, withMsg(tooMuch+",\n"+tooMuch+`,{"advance": {}}`))
	failures := report.Failures()
	require.Len(t, failures, 2)
	require.Contains(t, failures[0], `steps[1].send: expected an error with "no such thing"`)
	require.Contains(t, failures[1], `steps[2].send: expected an error with "no such thing"`)
	require.Zero(t, report.NotRun)
	require.False(t, report.Passed())
}

func TestABlockedAccountReceivesNothingUntilItIsUnblocked(t *testing.T) {
	report := play(t, withMsg(`{"block_account": {"name": "bob", "blocked": true}, "expect": {}},
{"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}, "error": "is not allowed to receive funds"},
{"block_account": {"name": "bob", "blocked": false}},
{"send": {"from": "alice", "to": "bob", "amount": ["1uatom"]}},
{"balance": {"of": "bob", "denom": "uatom"}, "expect": "1"}`))
	require.Empty(t, report.Failures())
	require.True(t, report.Passed())
}
