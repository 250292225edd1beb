package scenario_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/scenario"
)

// withStep is a scenario with one step after a contract was made.
func withStep(step string) string {
	return `{"name": "x", "chains": {"hub": {"prefix": "cosmos", "balances": {"alice": ["10uatom"]}}}, "steps": [
{"instantiate": {"name": "pool", "code": "fee-pool", "sender": "alice", "msg": {}}},
` + step + `]}`
}

// read parses and checks a scenario.
func read(text string) error {
	file, err := scenario.Parse([]byte(text))
	if err != nil {
		return err
	}
	return scenario.Check(file, []string{"fee-pool"})
}

func TestWhatIsWrongWithAFileHasItsPlace(t *testing.T) {
	for _, it := range []struct{ step, place, message string }{
		{`{"execute": {"contract": "pool", "sender": "alice", "msg": {}, "gas": 1}}`, "steps[1].execute.gas", "unknown field `gas`"},
		{`{"execute": {"contract": "pool", "msg": {}}}`, "steps[1].execute", "missing field `sender`"},
		{`{"execute": {"contract": "pool", "sender": 5, "msg": {}}}`, "steps[1].execute.sender", "expected a string, came a number"},
		{`{"execute": {"contract": "pond", "sender": "alice", "msg": {}}}`, "steps[1].execute.contract", `no contract is called "pond"`},
		{`{"execute": {"contract": "pool", "sender": "a b", "msg": {}}}`, "steps[1].execute.sender", `"a b" is no name`},
		{`{"execute": {"contract": "pool", "sender": "alice", "msg": {"x": ["$y"]}}}`, "steps[1].execute.msg.x[0]", `no earlier step saves "y"`},
		{`{"execute": {"contract": "pool", "sender": "alice", "msg": {"x": "@moon/bob"}}}`, "steps[1].execute.msg.x", `unknown chain "moon"`},
		{`{"execute": {"contract": "pool", "sender": "alice", "msg": {}, "funds": ["uatom"]}}`, "steps[1].execute.funds[0]", "is no coin"},
		{`{"query": {"contract": "pool", "msg": {}}, "expect": "port:pond"}`, "steps[1].expect", `no contract is called "pond"`},
		{`{"query": {"contract": "pool", "msg": {}}, "error": "x", "expect": 1}`, "steps[1].expect", "has no result to compare"},
		{`{"query": {"contract": "pool", "msg": {}}, "save": {"x": "y"}}`, "steps[1].save.x", "is no JSON pointer"},
		{`{"query": {"contract": "pool", "msg": {}}, "balance": {"of": "alice", "denom": "uatom"}}`, "steps[1]", "a step does one thing"},
		{`{"expect": 1}`, "steps[1]", "a step needs a key that says what it does"},
		{`{"advance": {"blocks": 0}}`, "steps[1].advance", "at least 1"},
		{`{"advance": {"seconds": -1}}`, "steps[1].advance.seconds", "no whole number"},
		{`{"advance": {}, "chain": "moon"}`, "steps[1].chain", `unknown chain "moon"`},
		{`{"validator": {"name": "v", "exists": false, "commission": "0.1"}}`, "steps[1].validator", "has no rates"},
		{`{"validator": {"name": "v", "exists": true, "commission": "1.1"}}`, "steps[1].validator.commission", "at most 1"},
		{`{"balance": {"of": "alice", "denom": "ibc:uatom"}}`, "steps[1].balance.denom", "is no trace"},
		{`{"balance": {"of": "alice", "of": "bob", "denom": "uatom"}}`, "steps[1].balance", "`of` is there twice"},
		{`{"instantiate": {"name": "pool", "code": "fee-pool", "sender": "alice", "msg": {}}}`, "steps[1].instantiate.name", "before"},
		{`{"instantiate": {"name": "alice", "code": "fee-pool", "sender": "alice", "msg": {}}}`, "steps[1].instantiate.name", "is an account already"},
		{`{"instantiate": {"name": "lake", "code": "lake", "sender": "alice", "msg": {}}}`, "steps[1].instantiate.code", `unknown code "lake"`},
		{`{"teleport": {}}`, "steps[1].teleport", "unknown field `teleport`"},
		{`{"relay": {}, "chain": "hub"}`, "steps[1].chain", "names its chains itself"},
		{`{"relay": {"only": {"message": "send"}}}`, "steps[1].relay.only.message", "is no message"},
		{`{"relay": {"only": {"from": "moon"}}}`, "steps[1].relay.only.from", `unknown chain "moon"`},
		{`{"relay": {}, "expect": {"relayed": ["@alice"]}}`, "steps[1].expect.relayed[0]", "needs its chain"},
		{`{"connect": {"a": "hub", "b": "hub"}}`, "steps[1].connect", "is one chain, not two"},
		{`{"connect": {"a": "hub", "b": "moon"}}`, "steps[1].connect.b", `unknown chain "moon"`},
		{`{"expire_client": {"chain": "moon"}}`, "steps[1].expire_client.chain", `unknown chain "moon"`},
		{`{"close_channel": {"chain": "hub", "channel": "channel-0"}}`, "steps[1].close_channel", "at a `contract` or at a `port`"},
		{`{"close_channel": {"chain": "hub", "contract": "pond", "channel": "channel-0"}}`, "steps[1].close_channel.contract", `no contract is called "pond"`},
		{`{"open_channel": {"a": {"chain": "hub", "port": "x"}, "b": {"chain": "moon", "port": "x"}, "order": "some"}}`, "steps[1].open_channel.order", "is no order"},
		{`{"transfer": {"from": "alice", "to": "bob", "amount": "1uatom"}}`, "steps[1].transfer.to", "is nobody on another chain"},
		{`{"transfer": {"from": "alice", "to": "hub/bob", "amount": "1uatom", "memo": 1}}`, "steps[1].transfer.memo", "expected a string or an object"},
		{`{"block_account": {"name": "alice"}}`, "steps[1].block_account", "missing field `blocked`"},
		{`{"block_account": {"name": "alice", "blocked": 1}}`, "steps[1].block_account.blocked", "expected a boolean, came a number"},
		{`{"block_account": {"name": "a b", "blocked": true}}`, "steps[1].block_account.name", `"a b" is no name`},
		{`{"hook_denom": {"denom": "factory/a/b", "msg": {}}}`, "steps[1].hook_denom", "missing field `contract`"},
		{`{"hook_denom": {"denom": "factory/a/b", "contract": "pool", "msg": {}}}`, "steps[1].hook_denom", "only an embedded chain can do this"},
	} {
		t.Run(it.step, func(t *testing.T) {
			err := read(withStep(it.step))
			require.ErrorContains(t, err, it.message)
			var wrong *scenario.Error
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, it.place, wrong.Place.String())
		})
	}
}

func TestAShapeThatIsWrongHasItsLine(t *testing.T) {
	err := read(withStep("{\"advance\": {\"blocks\": 1,\n  \"hours\": 2}}"))
	var wrong *scenario.Error
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, 4, wrong.Line)
	require.ErrorContains(t, read(`{"name": "x"`), "no JSON")
	require.ErrorContains(t, read(withStep(`{"advance": {}}`)+"{}"), "more after the end")
}

func TestOnlyTheOnePrefixOfTheProcessIsTaken(t *testing.T) {
	juno := strings.Replace(withStep(`{"advance": {}}`), `"cosmos"`, `"juno"`, 1)
	require.ErrorContains(t, read(juno), "chains.hub.prefix")
}

func TestListedAccountsAreAllThereAre(t *testing.T) {
	listed := strings.Replace(withStep(`{"send": {"from": "alice", "to": "bbo", "amount": ["1uatom"]}}`),
		`"name": "x"`, `"name": "x", "accounts": ["bob"]`, 1)
	require.ErrorContains(t, read(listed), `unknown name "bbo"`)
	require.NoError(t, read(strings.Replace(listed, "bbo", "bob", 1)))
}

func TestExpectationsMatchAsASubset(t *testing.T) {
	object := func(pairs ...any) map[string]any {
		it := map[string]any{}
		for index := 0; index < len(pairs); index += 2 {
			it[pairs[index].(string)] = pairs[index+1]
		}
		return it
	}
	came := object("claimable", []any{object("denom", "uatom", "amount", "44")}, "rewards", []any{})
	require.Empty(t, scenario.Mismatch(object("claimable", []any{object("amount", "44")}), came))
	require.Equal(t, `at /claimable/0/amount expected "45", came "44"`,
		scenario.Mismatch(object("claimable", []any{object("amount", "45")}), came))
	require.Equal(t, `at /claimable/0 expected nothing, came {"amount":"44","denom":"uatom"}`,
		scenario.Mismatch(object("claimable", []any{}), came))
	require.Equal(t, `at /more expected null, came nothing`, scenario.Mismatch(object("more", nil), came))
	require.Equal(t, `expected "1", came 1`, scenario.Mismatch("1", 1))
}
