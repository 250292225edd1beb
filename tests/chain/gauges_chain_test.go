package chain_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/hostile"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
	"cw-distribution/tests/chain/suite"
)

// Accounts around gauges: locker has locks, friend gets what some of them earn, maker makes gauges,
// guard may force locks open, chest is the treasury.
const locker, friend, maker, guard, chest = "locker", "friend", "maker", "guard", "chest"

// epoch is that of the gauges here.
const epoch = 24 * time.Hour

// rich is what a token says that everybody has.
var rich = balanceOf("1000000000000000000")

// gauges is a chain with the contract, and tokens that follow scripts.
type gauges struct {
	*node.Node
	t       *testing.T
	address sdk.AccAddress
	tokens  []sdk.AccAddress
	codes   map[hostile.Script]uint64
}

// offered is what gauges are set up with.
type offered struct {
	// natives and tokens are how many reward assets there are of each kind.
	natives, tokens int
	// locked is how many more tokens can be locked.
	locked int
	// durations of pools, in days.
	durations []int
}

// newGauges has gauges on a chain that take uatom and tokens for rewards, and stake and the tokens
// to be locked.
func newGauges(t *testing.T, tokens int, durations ...int) *gauges {
	t.Helper()
	return offer(t, offered{natives: 1, tokens: tokens, durations: durations})
}

// offer has gauges on a chain.
func offer(t *testing.T, offered offered) *gauges {
	t.Helper()
	genesis := pool.Genesis()
	everything := genesis.Balances[string(node.Account(pool.Funder))]
	genesis.Balances = map[string]sdk.Coins{
		string(node.Account(maker)):  everything,
		string(node.Account(locker)): sdk.NewCoins(sdk.NewInt64Coin(node.BondDenom, 1_000_000)),
	}
	chain, err := node.New(genesis)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, chain.Close()) })
	g := &gauges{Node: chain, t: t, codes: map[hostile.Script]uint64{}}

	locked, rewards := []pool.M{{"native": node.BondDenom}}, []pool.M{}
	for _, denom := range pool.Denoms(offered.natives) {
		rewards = append(rewards, pool.M{"native": denom})
	}
	for number := range offered.tokens + offered.locked {
		token, _, err := g.Instantiate(node.Contract{
			Code: g.code(hostile.Script{Execute: hostile.Done, Query: rich}), Sender: node.Account("mallory"),
			Admin: node.Account("mallory"), Label: "token", Msg: []byte("{}"),
		})
		require.NoError(t, err)
		g.tokens = append(g.tokens, token)
		locked = append(locked, pool.M{"cw20": token.String()})
		if number < offered.tokens {
			rewards = append(rewards, pool.M{"cw20": token.String()})
		}
	}
	var seconds []int64
	for _, days := range offered.durations {
		seconds = append(seconds, ofDays(days))
	}
	wasm, err := suite.Wasm("reward-gauges")
	require.NoError(t, err)
	code, err := g.StoreCode(node.Account(pool.Owner), wasm)
	require.NoError(t, err)
	g.address, _, err = g.Instantiate(node.Contract{
		Code: code, Sender: node.Account(pool.Owner), Label: "reward-gauges", Msg: encode(t, pool.M{
			"epoch_length": ofDays(1), "durations": seconds, "lock_assets": locked, "reward_assets": rewards,
			"treasury": node.Account(chest).String(), "force_unlockers": []string{node.Account(guard).String()},
			"gauge_creators": []string{node.Account(maker).String()},
		}),
	})
	require.NoError(t, err)
	return g
}

func ofDays(days int) int64 { return int64(days) * int64(epoch/time.Second) }

// code stores a script's code, once.
func (g *gauges) code(script hostile.Script) uint64 {
	g.t.Helper()
	code, known := g.codes[script]
	if !known {
		var err error
		code, err = g.StoreCode(node.Account("mallory"), script.Wasm())
		require.NoError(g.t, err)
		g.codes[script] = code
	}
	return code
}

// follow has tokens do what a script says from now on.
func (g *gauges) follow(script hostile.Script, tokens ...sdk.AccAddress) {
	g.t.Helper()
	code := g.code(script)
	for _, token := range tokens {
		_, err := g.Migrate(node.Account("mallory"), token, code, []byte("{}"))
		require.NoError(g.t, err)
	}
}

// send is a message of an account.
func (g *gauges) send(sender string, msg pool.M, coins ...sdk.Coin) (node.Outcome, error) {
	g.t.Helper()
	return g.Execute(node.Account(sender), g.address, encode(g.t, msg), sdk.NewCoins(coins...))
}

// must is a message of an account that succeeds.
func (g *gauges) must(sender string, msg pool.M, coins ...sdk.Coin) node.Outcome {
	g.t.Helper()
	outcome, err := g.send(sender, msg, coins...)
	require.NoError(g.t, err)
	return outcome
}

// announced is the answer of a token that calls the contract as a cw20 does when somebody sends it tokens.
func (g *gauges) announced(sender string, amount int, hook pool.M) string {
	g.t.Helper()
	return answer(g.t, "never", pool.M{"wasm": pool.M{"execute": pool.M{
		"contract_addr": g.address.String(), "funds": []string{}, "msg": encode(g.t, pool.M{"receive": pool.M{
			"sender": node.Account(sender).String(), "amount": fmt.Sprint(amount), "msg": encode(g.t, hook),
		}}),
	}}})
}

// comesIn has somebody send some of each of the tokens, with a hook; afterwards they are honest.
func (g *gauges) comesIn(sender string, amount int, hook pool.M, tokens ...sdk.AccAddress) {
	g.t.Helper()
	for _, token := range tokens {
		g.follow(hostile.Script{Execute: g.announced(sender, amount, hook), Query: rich}, token)
		_, err := g.Execute(node.Account(sender), token, []byte("{}"), nil)
		require.NoError(g.t, err)
		g.follow(hostile.Script{Execute: moved, Query: rich}, token)
	}
}

// gauge makes a gauge of 1000 uatom and of 1000 of each token over 10 epochs.
func (g *gauges) gauge(id, days int) {
	g.t.Helper()
	g.must(maker, pool.M{"create_gauge": pool.M{
		"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(days), "epochs": 10, "closable": true,
	}}, sdk.NewInt64Coin(pool.Denoms(1)[0], 1_000))
	g.comesIn(maker, 1_000, pool.M{"add_to_gauge": pool.M{"id": id}}, g.tokens...)
}

// lock makes a lock of the locker's stake.
func (g *gauges) lock(days int) {
	g.t.Helper()
	g.must(locker, pool.M{"lock": pool.M{"duration": ofDays(days)}}, sdk.NewInt64Coin(node.BondDenom, 10))
}

func (g *gauges) days(count int) {
	g.t.Helper()
	require.NoError(g.t, g.Advance(1, time.Duration(count)*epoch))
}

func (g *gauges) ask(query pool.M, into any) {
	g.t.Helper()
	outcome, err := g.Query(g.address, encode(g.t, query))
	require.NoError(g.t, err)
	decode(g.t, outcome.Data, into)
}

// has is what an account has of a denom.
func (g *gauges) has(account, denom string) int64 {
	return g.App.BankKeeper.GetBalance(g.Context(), node.Account(account), denom).Amount.Int64()
}

// waiting is what is undelivered to an account, by its name.
func (g *gauges) waiting(account string) map[string]string {
	g.t.Helper()
	var answer struct {
		Amount []coin `json:"amount"`
	}
	g.ask(pool.M{"undelivered": pool.M{"account": node.Account(account).String()}}, &answer)
	amounts := map[string]string{}
	for _, coin := range answer.Amount {
		amounts[coin.Denom] = coin.Amount
	}
	return amounts
}

// nothingInFlight requires that every payout has had its reply.
func (g *gauges) nothingInFlight() {
	g.t.Helper()
	var answer struct {
		Denoms []struct {
			Liabilities []struct {
				Class  string `json:"class"`
				Points string `json:"points"`
			} `json:"liabilities"`
		} `json:"denoms"`
	}
	g.ask(pool.M{"invariants": pool.M{}}, &answer)
	require.NotEmpty(g.t, answer.Denoms)
	for _, denom := range answer.Denoms {
		for _, line := range denom.Liabilities {
			if line.Class == "in_flight" {
				require.Equal(g.t, "0", line.Points)
			}
		}
	}
}

// transfers counts how often each token has said that it moved.
func (g *gauges) transfers(outcome node.Outcome) []int {
	counts := make([]int, len(g.tokens))
	for _, event := range outcome.Events {
		if event.Type != "wasm" {
			continue
		}
		contract, _ := event.GetAttribute("_contract_address")
		for index, token := range g.tokens {
			if contract.Value == token.String() {
				counts[index]++
			}
		}
	}
	return counts
}

// sends counts what the bank moved out of the contract.
func (g *gauges) sends(outcome node.Outcome) int {
	count := 0
	for _, event := range outcome.Events {
		sender, found := event.GetAttribute("sender")
		if event.Type == "transfer" && found && sender.Value == g.address.String() {
			count++
		}
	}
	return count
}

// called counts the contract's events of one name.
func called(outcome node.Outcome, name string) int {
	count := 0
	for _, event := range outcome.Events {
		if event.Type == "wasm-"+name {
			count++
		}
	}
	return count
}

// asset is a token as coins name it.
func asset(token sdk.AccAddress) string { return "cw20:" + token.String() }

// moved is the answer of a token that has moved.
const moved = `{"ok":{"messages":[],"attributes":[{"key":"moved","value":"yes"}],"events":[],"data":null}}`

// balanceOf is the answer of a token to whoever asks for a balance.
func balanceOf(amount string) string {
	// Bytes are written as base64.
	text, _ := json.Marshal(map[string][]byte{"ok": []byte(`{"balance":"` + amount + `"}`)})
	return string(text)
}

// answer is that of a token that sends a message before it has moved: one that fails leaves it
// where it is or, with the reply "always", makes no difference.
func answer(t *testing.T, reply string, message pool.M) string {
	t.Helper()
	return string(encode(t, pool.M{"ok": pool.M{
		"messages":   []pool.M{{"id": 0, "gas_limit": nil, "reply_on": reply, "payload": "", "msg": message}},
		"attributes": []pool.M{{"key": "moved", "value": "yes"}}, "events": []string{}, "data": nil,
	}}))
}
