package scenario_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cw-distribution/tests/chain/hostile"
	"cw-distribution/tests/chain/scenario"
)

// said is an answer with an attribute, by which a test sees who was called.
func said(what string) string {
	return fmt.Sprintf(`{"ok":{"messages":[],"attributes":[{"key":"action","value":%q}],"events":[],"data":null}}`, what)
}

// acked is an answer to a packet that acknowledges it with bytes in base64.
func acked(base64 string) string {
	return fmt.Sprintf(`{"ok":{"acknowledgement":%q,"messages":[],"attributes":[],"events":[]}}`, base64)
}

// sending is an answer that sends a message of x/ibc, or fails when that fails.
func sending(message string) string {
	return `{"ok":{"messages":[{"id":0,"msg":{"ibc":` + message + `},"gas_limit":null,"reply_on":"never"}],"attributes":[],"events":[],"data":null}}`
}

// sendsAPacket sends "hello" over the first channel; a minute after the chains' beginning it is late.
var sendsAPacket = sending(`{"send_packet":{"channel_id":"channel-0","data":"aGVsbG8=","timeout":{"block":null,"timestamp":"1767225660000000000"}}}`)

const refuses = `{"error":"not for me"}`

// closes closes the first channel.
var closes = sending(`{"close_channel":{"channel_id":"channel-0"}}`)

// peers are contracts for the two ends of a channel.
var peers = map[string]hostile.Peer{
	"sender": {Execute: sendsAPacket, Open: hostile.Accepted,
		Ack: said("acked"), Timeout: said("timed out"), Close: said("closed"), Source: said("came back")},
	"peer":        {Close: said("closed"), Destination: said("arrived")},
	"closer":      {Execute: closes, Close: said("closed"), Source: refuses},
	"never":       {Open: refuses},
	"not-at-last": {Connect: refuses},
	"refuses":     {Receive: refuses, Destination: refuses},
	"odd-ack":     {Receive: acked("eyJyZXN1bHQiOiAiQVE9PSJ9")}, // {"result": "AQ=="}, with a space
	"stuck":       {Execute: sendsAPacket, Ack: refuses},
	"keeps":       {Close: refuses},
}

// playBetween plays steps on two chains, hub and zone, that are connected. Each has the contracts
// named, by the names of their codes.
func playBetween(t *testing.T, hub, zone, order, steps string) scenario.Report {
	t.Helper()
	codes := scenario.Codes{}
	for name, peer := range peers {
		codes[name] = peer.Wasm()
	}
	contract := func(chain, code string) string {
		return fmt.Sprintf(`{"chain": %q, "instantiate": {"name": %q, "code": %q, "sender": "owner", "msg": {}}},`, chain, code, code)
	}
	text := `{"name": "x", "chains": {
"hub": {"prefix": "cosmos", "balances": {"alice": ["100uatom"]}}, "zone": {"prefix": "cosmos"}}, "steps": [` +
		contract("hub", hub) + contract("zone", zone) +
		`{"connect": {"a": "hub", "b": "zone"}},` + strings.ReplaceAll(steps, "OPEN",
		fmt.Sprintf(`{"open_channel": {"a": {"chain": "hub", "contract": %q}, "b": {"chain": "zone", "contract": %q}, "order": %q}`, hub, zone, order)) + `]}`
	file, err := scenario.Parse([]byte(text))
	require.NoError(t, err)
	report, err := scenario.Run(file, codes)
	require.NoError(t, err)
	return report
}

func passes(t *testing.T, hub, zone, order, steps string) {
	t.Helper()
	report := playBetween(t, hub, zone, order, steps)
	require.Empty(t, report.Failures())
	require.Zero(t, report.NotRun)
}

const (
	send    = `{"chain": "hub", "execute": {"contract": "sender", "sender": "alice", "msg": {}}}`
	minute  = `{"chain": "zone", "advance": {"seconds": 60}}`
	yes     = `"eWVz"`
	arrived = `{"message": "receive", "from": "hub", "channel": "channel-0", "ack": ` + yes + `}`
	told    = `{"message": "acknowledge", "ack": ` + yes + `, "events": [{"contract": "@hub/sender", "attributes": {"action": "acked"}}]}`
)

func TestAPacketArrivesAndItsSenderIsTold(t *testing.T) {
	for _, order := range []string{"ordered", "unordered"} {
		passes(t, "sender", "peer", order, `OPEN, "expect": {"a": "channel-0", "b": "channel-0",
  "version": "{\"protocol\":\"ccv-distribution\",\"version\":\"1\"}", "events": []}},`+
			send+`, {"relay": {}, "expect": {"relayed": [`+arrived+`, `+told+`]}}, {"relay": {}, "expect": {"relayed": []}}`)
	}
}

func TestARefusalIsAnAcknowledgementWithItsText(t *testing.T) {
	passes(t, "sender", "refuses", "ordered", `OPEN},`+send+`, {"relay": {}, "expect": {"relayed": [
  {"message": "receive", "ack": {"error": "not for me"}, "events": []},
  {"message": "acknowledge", "ack": {"error": "not for me"}, "events": [{"attributes": {"action": "acked"}}]}]}}`)
}

func TestAnUnorderedChannelTakesPacketsInAnyOrder(t *testing.T) {
	passes(t, "sender", "peer", "unordered", `OPEN},`+send+`,`+send+`,
{"relay": {"reverse": true}, "expect": {"relayed": [{"message": "receive", "sequence": 2}, {"message": "receive", "sequence": 1},
  {"message": "acknowledge", "sequence": 2}, {"message": "acknowledge", "sequence": 1}]}}`)
}

func TestAnOrderedChannelTakesPacketsInTheirOrder(t *testing.T) {
	passes(t, "sender", "peer", "ordered", `OPEN},`+send+`,`+send+`,
{"relay": {"reverse": true}, "error": "packet sequence is out of order"},
{"relay": {"only": {"message": "receive"}}, "expect": {"relayed": [{"sequence": 1}, {"sequence": 2}]}},
{"relay": {"reverse": true}, "error": "packet sequence is out of order"},
{"relay": {"duplicate": true}, "expect": {"relayed": [{"message": "acknowledge", "sequence": 1}, {"message": "acknowledge", "sequence": 2}]}}`)
}

func TestATimeoutClosesTheSendersEndOfAnOrderedChannelAlone(t *testing.T) {
	passes(t, "sender", "peer", "ordered", `OPEN},`+send+`,`+send+`,`+minute+`,
{"relay": {}, "expect": {"relayed": []}},
{"relay": {"timeouts": true}, "expect": {"relayed": [
  {"message": "timeout", "sequence": 1, "events": [{"attributes": {"action": "timed out"}}]},
  {"message": "timeout", "sequence": 2, "events": [{"attributes": {"action": "timed out"}}]}]}},
{"chain": "hub", "execute": {"contract": "sender", "sender": "alice", "msg": {}}, "error": "invalid channel state"},
{"close_channel": {"chain": "zone", "contract": "peer", "channel": "channel-0"},
 "expect": {"events": [{"contract": "@zone/peer", "attributes": {"action": "closed"}}]}},
{"close_channel": {"chain": "zone", "contract": "peer", "channel": "channel-0"}, "error": "invalid channel state"},
OPEN, "expect": {"a": "channel-1", "b": "channel-1"}}`)
}

func TestATimeoutLeavesAnUnorderedChannelOpen(t *testing.T) {
	passes(t, "sender", "peer", "unordered", `OPEN},`+send+`,`+send+`,
{"relay": {"only": {"sequence": 2, "message": "receive"}}},`+minute+`,
{"relay": {"timeouts": true}, "expect": {"relayed": [{"message": "timeout", "sequence": 1}, {"message": "acknowledge", "sequence": 2}]}}`)
}

func TestWhatIsOnTheWayToAClosedEndTimesOut(t *testing.T) {
	for _, order := range []string{"ordered", "unordered"} {
		passes(t, "sender", "closer", order, `OPEN},`+send+`,
{"chain": "zone", "execute": {"contract": "closer", "sender": "bob", "msg": {}}},
{"relay": {}, "expect": {"relayed": []}},
{"relay": {"timeouts": true, "duplicate": true}, "expect": {"relayed": [{"message": "timeout", "events": [{"attributes": {"action": "timed out"}}]}]}}`)
	}
}

func TestAContractDecidesWhetherItsEndMayBeClosed(t *testing.T) {
	passes(t, "sender", "keeps", "ordered", `OPEN},
{"close_channel": {"chain": "zone", "contract": "keeps", "channel": "channel-0"}, "error": "not for me"},
{"close_channel": {"chain": "hub", "contract": "sender", "channel": "channel-0"}, "expect": {"events": [{"attributes": {"action": "closed"}}]}},
{"close_channel": {"chain": "zone", "contract": "keeps", "channel": "channel-0"}, "error": "not for me"}`)
}

func TestAnAcknowledgementThatASenderCannotTakeWaits(t *testing.T) {
	const again = `{"relay": {"only": {"message": "acknowledge"}}, "error": `
	passes(t, "sender", "odd-ack", "ordered", `OPEN},`+send+`,{"relay": {}, "error": "acknowledgement marshalling error"},`+again+`"acknowledgement marshalling error"}`)
	passes(t, "stuck", "peer", "ordered", `OPEN},`+strings.Replace(send, `"sender"`, `"stuck"`, 1)+`,{"relay": {}, "error": "not for me"},`+again+`"not for me"}`)
}

func TestAHandshakeThatIsRefusedUsesUpTheNumbersThatWereGiven(t *testing.T) {
	const transfers = `{"transfer_channel": {"a": "hub", "b": "zone"}, "expect": `
	passes(t, "never", "peer", "ordered", `OPEN, "error": "not for me"}, `+transfers+`{"a": "channel-0", "b": "channel-0"}}`)
	passes(t, "sender", "never", "ordered", `OPEN, "error": "not for me"}, `+transfers+`{"a": "channel-1", "b": "channel-0"}}`)
	passes(t, "not-at-last", "peer", "ordered", `OPEN, "error": "not for me"}, `+transfers+`{"a": "channel-1", "b": "channel-1"}}`)
	passes(t, "sender", "not-at-last", "ordered", `OPEN, "error": "not for me"},`+send+`, {"relay": {}, "expect": {"relayed": []}}, `+
		transfers+`{"a": "channel-1", "b": "channel-1"}}`)
}

func TestAnExpiredClientStopsItsChainAndNotTheOtherOne(t *testing.T) {
	passes(t, "sender", "peer", "ordered", `OPEN},`+send+`,{"expire_client": {"chain": "hub"}},
{"chain": "hub", "execute": {"contract": "sender", "sender": "alice", "msg": {}}, "error": "client state is not active"},
{"relay": {"timeouts": true}, "expect": {"relayed": [{"message": "receive"}]}},
OPEN, "error": "client state is not active"},
{"close_channel": {"chain": "hub", "contract": "sender", "channel": "channel-0"}, "error": "client state is not active"},
{"close_channel": {"chain": "zone", "contract": "peer", "channel": "channel-0"}},
{"connect": {"a": "hub", "b": "zone"}, "expect": {"a": "connection-1", "b": "connection-1"}},
OPEN, "expect": {"a": "channel-1"}}`)
}

// transferTo is a transfer of a coin to a contract with a memo that calls it back.
func transferTo(contract string) string {
	return fmt.Sprintf(`{"transfer_channel": {"a": "hub", "b": "zone"}},
{"chain": "hub", "transfer": {"from": "alice", "to": %q, "amount": "10uatom", "memo": {"dest_callback": {"address": "@zone/%s"}}}}`, contract, contract)
}

func TestAContractIsCalledWhenCoinsArrive(t *testing.T) {
	passes(t, "sender", "peer", "ordered", transferTo("peer")+`,
{"relay": {"limit": 1}, "expect": {"relayed": [{"message": "receive", "ack": {"result": "AQ=="}, "events": [{"contract": "@zone/peer", "attributes": {"action": "arrived"}}]}]}},
{"chain": "zone", "balance": {"of": "peer", "denom": "ibc:transfer/channel-0/uatom"}, "expect": "10"}`)
}

func TestAContractThatRefusesCoinsSendsThemHome(t *testing.T) {
	passes(t, "sender", "refuses", "ordered", transferTo("refuses")+`,
{"relay": {}, "expect": {"relayed": [{"message": "receive", "events": []}, {"message": "acknowledge"}]}},
{"chain": "zone", "balance": {"of": "refuses", "denom": "ibc:transfer/channel-0/uatom"}, "expect": "0"},
{"chain": "hub", "balance": {"of": "alice", "denom": "uatom"}, "expect": "100"}`)
}

// transferBy is a transfer in the name of a contract, which is called back when it is over.
func transferBy(contract string) string {
	return fmt.Sprintf(`{"transfer_channel": {"a": "hub", "b": "zone"}},
{"chain": "hub", "send": {"from": "alice", "to": %q, "amount": ["10uatom"]}},
{"chain": "hub", "transfer": {"from": %q, "to": "bob", "amount": "10uatom", "memo": {"src_callback": {"address": "@%s"}}}}`, contract, contract, contract)
}

func TestASenderIsCalledWhenItsTransferIsOver(t *testing.T) {
	const back = `"events": [{"contract": "@hub/sender", "attributes": {"action": "came back"}}]`
	passes(t, "sender", "peer", "ordered", transferBy("sender")+`, {"relay": {}, "expect": {"relayed": [{}, {"message": "acknowledge", `+back+`}]}}`)
	passes(t, "sender", "peer", "ordered", transferBy("sender")+`, {"chain": "zone", "advance": {"seconds": 600}},
{"relay": {"timeouts": true}, "expect": {"relayed": [{"message": "timeout", `+back+`}]}},
{"chain": "hub", "balance": {"of": "sender", "denom": "uatom"}, "expect": "10"}`)
}

func TestASenderThatFailsWhenItIsCalledHasItsCoinsAllTheSame(t *testing.T) {
	passes(t, "closer", "peer", "ordered", transferBy("closer")+`, {"chain": "zone", "advance": {"seconds": 600}},
{"relay": {"timeouts": true}, "expect": {"relayed": [{"message": "timeout", "events": []}]}},
{"chain": "hub", "balance": {"of": "closer", "denom": "uatom"}, "expect": "10"}`)
}

func TestAChainWithoutCallbacksKeepsCoinsThatAContractWouldRefuse(t *testing.T) {
	const text = `{"name": "x", "chains": {
"hub": {"prefix": "cosmos", "balances": {"alice": ["100uatom"]}}, "zone": {"prefix": "cosmos", "callbacks": false}}, "steps": [
{"chain": "zone", "instantiate": {"name": "refuses", "code": "refuses", "sender": "owner", "msg": {}}},
{"connect": {"a": "hub", "b": "zone"}}, `
	file, err := scenario.Parse([]byte(text + transferTo("refuses") + `, {"relay": {}, "expect": {"relayed": [{"ack": {"result": "AQ=="}, "events": []}, {}]}},
{"chain": "zone", "balance": {"of": "refuses", "denom": "ibc:transfer/channel-0/uatom"}, "expect": "10"}]}`))
	require.NoError(t, err)
	report, err := scenario.Run(file, scenario.Codes{"refuses": peers["refuses"].Wasm()})
	require.NoError(t, err)
	require.Empty(t, report.Failures())
	require.Zero(t, report.NotRun)
}

func TestContractsOfSeveralChainsHaveDifferentAddresses(t *testing.T) {
	report := playBetween(t, "peer", "peer", "ordered", `OPEN}`)
	address := func(step int) any { return report.Outcomes[step].Result.(map[string]any)["address"] }
	require.NotEmpty(t, address(0))
	require.NotEqual(t, address(0), address(1))
}

func TestEachRelayedMessageTellsItsGas(t *testing.T) {
	report := playBetween(t, "sender", "peer", "ordered", `OPEN},`+send+`, {"relay": {}}`)
	last := report.Outcomes[len(report.Outcomes)-1]
	require.EqualValues(t, 120_000, last.Gas.SetUp)
	require.Positive(t, last.Gas.IBC)
	require.Positive(t, last.Gas.Rest())
	require.Less(t, last.Gas.Rest(), last.Gas.IBC)
}
