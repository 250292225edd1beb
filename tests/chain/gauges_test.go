package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/hostile"
	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// transferGas is what a transfer that may call a contract gets.
const transferGas = 500_000

// attacked are gauges of uatom and three tokens, and a lock that has earned 100 of each.
func attacked(t *testing.T) *gauges {
	t.Helper()
	g := newGauges(t, 3, 1)
	g.gauge(1, 1)
	g.lock(1)
	g.days(1)
	return g
}

func TestATokenThatFailsOrBurnsAllItsGasBlocksItselfAlone(t *testing.T) {
	for name, script := range map[string]hostile.Script{
		"fails":                       {Execute: `{"error":"this token does not move"}`, Query: rich},
		"burns":                       {Execute: "", Query: rich},
		"burns and says nothing else": {},
		"answers with something else": {Execute: `{"ok":7}`, Query: rich},
		"sends what it does not have": {Execute: overdrawn(t), Query: rich},
	} {
		t.Run(name, func(t *testing.T) {
			g := attacked(t)
			before := g.has(locker, "uatom")
			g.follow(script, g.tokens[1])
			outcome := g.must(locker, pool.M{"claim": pool.M{}})
			require.EqualValues(t, before+100, g.has(locker, "uatom"), "coins are paid")
			require.Equal(t, []int{1, 0, 1}, g.transfers(outcome), "and the other tokens")
			require.Equal(t, 1, called(outcome, "payout_failed"))
			require.Equal(t, map[string]string{asset(g.tokens[1]): "100"}, g.waiting(locker))
			if script.Execute == "" {
				require.Greater(t, outcome.Gas.Total, uint64(transferGas), "it did burn")
			}

			// It is tried again, and once it moves it is paid.
			g.must(locker, pool.M{"claim": pool.M{}})
			require.Equal(t, map[string]string{asset(g.tokens[1]): "100"}, g.waiting(locker))
			g.follow(hostile.Script{Execute: moved, Query: rich}, g.tokens[1])
			g.nothingInFlight()
			outcome = g.must(locker, pool.M{"claim": pool.M{}})
			require.Equal(t, []int{0, 1, 0}, g.transfers(outcome))
			require.Empty(t, g.waiting(locker))
		})
	}
}

// overdrawn is the answer of a token that sends coins of its own, which it does not have.
func overdrawn(t *testing.T) string {
	t.Helper()
	return answer(t, "never", pool.M{"bank": pool.M{"send": pool.M{
		"to_address": node.Account(locker).String(), "amount": []coin{{Denom: "uatom", Amount: "1"}},
	}}})
}

func TestATokenThatClaimsInTheMiddleOfAClaimIsPaidNothingMore(t *testing.T) {
	g := attacked(t)
	before := g.has(locker, "uatom")
	// It may even claim for its victim.
	g.must(locker, pool.M{"set_claimer": pool.M{"claimer": g.tokens[1].String()}})
	claim := pool.M{"claim": pool.M{"lock_ids": []int{1}}}
	call := answer(t, "always", pool.M{"wasm": pool.M{"execute": pool.M{
		"contract_addr": g.address.String(), "msg": encode(t, claim), "funds": []string{},
	}}})
	g.follow(hostile.Script{Execute: call, Query: rich}, g.tokens[1])
	outcome := g.must(locker, claim)
	require.Equal(t, 2, called(outcome, "claim"), "it did")
	require.EqualValues(t, before+100, g.has(locker, "uatom"))
	require.Equal(t, []int{1, 1, 1}, g.transfers(outcome))
	require.Empty(t, g.waiting(locker))
	g.nothingInFlight()

	// A claim of somebody without the right to it fails, and the token goes on.
	g.must(locker, pool.M{"set_claimer": pool.M{}})
	g.days(1)
	outcome = g.must(locker, claim)
	require.Equal(t, 1, called(outcome, "claim"))
	require.EqualValues(t, before+200, g.has(locker, "uatom"))
	require.Equal(t, []int{1, 1, 1}, g.transfers(outcome))
	g.nothingInFlight()
}

func TestATokenThatLiesAboutAmountsIsNotBelieved(t *testing.T) {
	g := attacked(t)
	liar := g.tokens[1]
	for _, hook := range []pool.M{
		{"lock": pool.M{"duration": ofDays(1)}},
		{"add_to_gauge": pool.M{"id": 1}},
		{"create_gauge": pool.M{"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(1)}},
	} {
		// It sent 500, and has less than what is owed of it with them: 900 in the gauge, 100 earned.
		for _, has := range []string{"0", "1499"} {
			g.follow(hostile.Script{Execute: g.announced(maker, 500, hook), Query: balanceOf(has)}, liar)
			_, err := g.Execute(node.Account(maker), liar, []byte("{}"), nil)
			require.ErrorContains(t, err, "were announced")
		}
	}
	more := g.announced(maker, 500, pool.M{"add_to_gauge": pool.M{"id": 1}})
	g.follow(hostile.Script{Execute: more, Query: balanceOf("1500")}, liar)
	_, err := g.Execute(node.Account(maker), liar, []byte("{}"), nil)
	require.NoError(t, err, "with as much as it says it is taken")

	// It says that it moved, which nobody can check; the others are paid.
	before := g.has(locker, "uatom")
	g.follow(hostile.Script{Execute: hostile.Done, Query: balanceOf("0")}, liar)
	outcome := g.must(locker, pool.M{"claim": pool.M{}})
	require.EqualValues(t, before+100, g.has(locker, "uatom"))
	require.Equal(t, []int{1, 0, 1}, g.transfers(outcome))
	require.Empty(t, g.waiting(locker))
	g.nothingInFlight()
}

// What a message may use at its default limit.
const messageGas = 5_000_000

// burned requires that a message tried so many transfers in vain and stayed within its limit.
func (g *gauges) burned(name string, outcome node.Outcome, tries int) {
	g.t.Helper()
	g.t.Logf("%s, %d burners: %d gas", name, tries, outcome.Gas.Total)
	require.Greater(g.t, outcome.Gas.Total, uint64(tries*transferGas), name)
	require.Less(g.t, outcome.Gas.Total, uint64(messageGas), name)
}

// As much of everything as can be, and all tokens burn what they get: seven of them and a coin, eight
// pools, more locks than a page has, of two receivers.
func TestNoMessageAtItsDefaultLimitPassesItsGasWhenAllTokensBurn(t *testing.T) {
	durations := []int{1, 2, 3, 5, 7, 10, 12, 14}
	const tokens, locks = 7, 31
	const most = 4
	g := newGauges(t, tokens, durations...)
	for index, days := range durations {
		g.gauge(index+1, days)
	}
	for index := range locks {
		body := pool.M{"duration": ofDays(14)}
		if index%2 == 1 {
			body["receiver"] = node.Account(friend).String()
		}
		g.must(locker, pool.M{"lock": body}, sdk.NewInt64Coin(node.BondDenom, 10))
	}
	principal := pool.M{"lock": pool.M{"duration": ofDays(14)}}
	g.comesIn(locker, 500, principal, g.tokens...)
	g.days(9)
	burner := hostile.Script{Query: rich}
	g.follow(burner, g.tokens...)

	claim := pool.M{"claim": pool.M{}}
	outcome := g.must(locker, claim)
	require.Equal(t, 2*tokens, called(outcome, "payout_failed"), "of two receivers")
	require.Positive(t, called(outcome, "epoch_settled"), "it settles by the way")
	g.burned("claim that settles", outcome, most)
	require.EqualValues(t, 2, g.sends(outcome), "the coins are sent")
	for {
		outcome = g.must("anyone", pool.M{"settle": pool.M{}})
		g.burned("settle", outcome, 0)
		if string(outcome.Data) == `{"done":true}` {
			break
		}
	}
	g.burned("claim behind others that failed", g.must(locker, claim), most)
	g.burned("claim of what is undelivered", g.must(locker, pool.M{"claim": pool.M{}}), most)
	force := pool.M{"force_unlock": pool.M{"id": locks + 1, "amount": "5"}}
	g.burned("force_unlock", g.must(guard, force), 1)
	g.burned("close_gauge", g.must(maker, pool.M{"close_gauge": pool.M{"id": 1}}), most)
	g.burned("evict_gauge", g.must(pool.Owner, pool.M{"evict_gauge": pool.M{"id": 2}}), most)

	// Everybody leaves; the fractions of all these locks are the treasury's.
	for _, page := range []pool.M{{}, {"start_after": 30}} {
		g.burned("begin_unlock_all", g.must(locker, pool.M{"begin_unlock_all": page}), 0)
	}
	g.days(15)
	var ids, ofTokens []int
	for id := 1; id <= locks; id++ {
		ids = append(ids, id)
	}
	for id := locks + 1; id <= locks+tokens; id++ {
		ofTokens = append(ofTokens, id)
	}
	g.burned("withdraw of coins", g.must(locker, pool.M{"withdraw": pool.M{"ids": ids}}), 0)
	require.EqualValues(t, 1_000_000, g.has(locker, node.BondDenom), "principal is out at once")
	// It sends all that it names, which is as many assets as the sender likes.
	g.burned("withdraw of all tokens", g.must(locker, pool.M{"withdraw": pool.M{"ids": ofTokens}}), tokens)
	for _, page := range []pool.M{{}, {"start_after": 30}} {
		for {
			outcome = g.must(locker, pool.M{"claim": page})
			g.burned("last claims", outcome, 0)
			var data struct {
				Done bool `json:"done"`
			}
			decode(t, outcome.Data, &data)
			if data.Done {
				break
			}
		}
	}
	outcome = g.must("anyone", pool.M{"withdraw_treasury": pool.M{}})
	require.Equal(t, most, called(outcome, "treasury_payout_failed"))
	require.Positive(t, g.has(chest, "uatom"))
	g.burned("withdraw_treasury", outcome, most)
	g.burned("withdraw_treasury again", g.must("anyone", pool.M{"withdraw_treasury": pool.M{}}), most)

	require.Empty(t, g.waiting(chest), "it is the treasury's, whoever that is")
	all := []string{locker, friend, maker}
	// Nothing of it is lost: four tokens are paid with each message once they move.
	for _, account := range all {
		require.Len(t, g.waiting(account), tokens)
	}
	g.follow(hostile.Script{Execute: moved, Query: rich}, g.tokens...)
	for _, account := range all {
		for range 2 {
			g.must(account, pool.M{"claim": pool.M{}})
		}
		require.Empty(t, g.waiting(account))
	}
	paid := make([]int, tokens)
	for range 2 {
		for token, count := range g.transfers(g.must("anyone", pool.M{"withdraw_treasury": pool.M{}})) {
			paid[token] += count
		}
	}
	require.NotContains(t, paid, 0, "the treasury is paid all tokens")
	g.nothingInFlight()
}

// others are gauges that do not pay in an epoch.
type others struct{ over, upcoming, waiting int }

// settling is what it costs to settle an epoch in which so many gauges pay, besides others.
func settling(t *testing.T, active int, besides others) uint64 {
	t.Helper()
	g := newGauges(t, 0, 1, 14)
	gauges := func(count, days int, more pool.M) {
		for range count {
			body := pool.M{"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(days)}
			for field, value := range more {
				body[field] = value
			}
			g.must(maker, pool.M{"create_gauge": body}, sdk.NewInt64Coin("uatom", 1_000))
		}
	}
	g.must(locker, pool.M{"lock": pool.M{"duration": ofDays(1)}}, sdk.NewInt64Coin(node.BondDenom, 10))
	gauges(besides.over, 1, pool.M{"epochs": 1})
	g.days(1)
	g.must("anyone", pool.M{"settle": pool.M{}})
	gauges(active, 1, pool.M{"epochs": 10})
	gauges(besides.upcoming, 1, pool.M{"epochs": 10, "start": g.Time().Add(80 * epoch).Unix()})
	// Nobody has locked for that long.
	gauges(besides.waiting, 14, nil)
	g.days(1)
	outcome := g.must("anyone", pool.M{"settle": pool.M{}})
	require.Equal(t, active, called(outcome, "distribute"))
	t.Logf("%d active gauges, %+v: %d gas", active, besides, outcome.Gas.Total)
	return outcome.Gas.Total
}

func TestSettlingCostsWhatActiveGaugesCost(t *testing.T) {
	one, two, five := settling(t, 1, others{}), settling(t, 2, others{}), settling(t, 5, others{})
	require.InEpsilon(t, 3*(two-one), five-two, 0.1, "each costs the same")
	crowded := settling(t, 1, others{over: 15, upcoming: 12, waiting: 16})
	require.Less(t, crowded, one+(two-one)/4, "all others together are a small part of one")
}
