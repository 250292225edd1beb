package chain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// queryGas is what wasmd lets a query use that comes from outside.
const queryGas = 3_000_000

// within requires that queries answer within wasmd's gas, and logs what each uses.
func (g *gauges) within(at string, queries map[string]pool.M) {
	g.t.Helper()
	for name, body := range queries {
		outcome, err := g.Query(g.address, encode(g.t, pool.M{name: body}))
		require.NoError(g.t, err, name)
		g.t.Logf("%s, %s: %d gas, %d bytes", at, name, outcome.Gas.Total, len(outcome.Data))
		if outcome.Gas.Total >= queryGas {
			g.t.Errorf("%s, %s: %d gas", at, name, outcome.Gas.Total)
		}
	}
}

// As much of everything as can be: eight reward denoms, eight pools of sixteen gauges, a hundred
// locks in all of them whose cursors lie in epochs of their own, and epochs that nobody settled.
func TestQueriesAtTheLargestLimitsStayWithinWasmdsGas(t *testing.T) {
	durations := []int{1, 2, 3, 5, 7, 10, 12, 14}
	g := offer(t, offered{natives: 8, durations: durations})
	var coins []sdk.Coin
	for _, denom := range pool.Denoms(8) {
		coins = append(coins, sdk.NewInt64Coin(denom, 1_234_567_890))
	}
	gauges := func(count int, more pool.M) {
		for _, days := range durations {
			for range count {
				body := pool.M{"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(days), "epochs": 1_000}
				for field, value := range more {
					body[field] = value
				}
				g.must(maker, pool.M{"create_gauge": body}, coins...)
			}
		}
	}
	gauges(2, nil)
	var ids []int
	for id := 1; id <= 100; id++ {
		g.must(locker, pool.M{"lock": pool.M{"duration": ofDays(14), "receiver": node.Account(friend).String()}},
			sdk.NewInt64Coin(node.BondDenom, 1_000+int64(id)))
		ids = append(ids, id)
		if id%10 == 0 {
			g.days(1)
		}
		for {
			outcome := g.must("anyone", pool.M{"settle": pool.M{"limit": 100}})
			if string(outcome.Data) == `{"done":true}` {
				break
			}
		}
	}
	owner, receiver := node.Account(locker).String(), node.Account(friend).String()
	locked := pool.M{"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(7)}
	with := func(body pool.M, more pool.M) pool.M {
		joined := pool.M{}
		for _, part := range []pool.M{body, more} {
			for field, value := range part {
				joined[field] = value
			}
		}
		return joined
	}
	most := pool.M{"limit": 100}
	estimate := pool.M{"lock_ids": ids}
	g.within("settled", map[string]pool.M{
		"audit": with(most, pool.M{"start_after": "lock/0"}), "rewards": with(most, pool.M{"owner": owner}),
		"estimate": estimate, "owed": {"id": 1},
	})
	gauges(14, nil)
	g.days(1)
	g.within("an epoch to settle", map[string]pool.M{
		"rewards": with(most, pool.M{"owner": owner}), "estimate": estimate, "owed": {"id": 1},
	})
	g.days(400)
	g.within("400 epochs to settle", map[string]pool.M{
		"config": {}, "epoch": {}, "durations": {}, "ownership": {}, "to_distribute": {},
		"pool": locked, "pools": most, "current_reward": locked, "locked": locked, "scheduled_exits": with(most, locked),
		"historical_reward": with(locked, pool.M{"epoch": 5}),
		"gauge":             {"id": 1}, "gauges": most, "active_gauges": most, "upcoming_gauges": most, "finished_gauges": most,
		"lock": {"id": 1}, "locks": with(most, pool.M{"owner": owner}),
		"locks_by_receiver": with(most, pool.M{"receiver": receiver}), "lock_cursors": {"id": 1},
		"owed": {"id": 1}, "rewards": with(most, pool.M{"owner": owner}),
		"estimate":    with(estimate, pool.M{"until_epoch": 10_000}),
		"undelivered": {"account": owner}, "claimer": {"account": owner},
		"invariants": most, "audit": most,
	})
	// Stake changes in every epoch, which nobody settles.
	for range 300 {
		g.must(locker, pool.M{"lock": pool.M{"duration": ofDays(14)}}, sdk.NewInt64Coin(node.BondDenom, 1))
		g.days(1)
	}
	g.within("300 changes of stake", map[string]pool.M{
		"locked": locked, "owed": {"id": 1}, "rewards": with(most, pool.M{"owner": owner}),
		"estimate": with(estimate, pool.M{"until_epoch": 10_000}), "scheduled_exits": with(most, locked),
	})
}

// Every asset is a token, which is asked for its balance.
func TestInvariantsOfAsManyTokensAsCanBeStayWithinWasmdsGas(t *testing.T) {
	const tokens = 31
	g := offer(t, offered{natives: 1, tokens: 7, locked: tokens - 7, durations: []int{1}})
	g.comesIn(locker, 500, pool.M{"lock": pool.M{"duration": ofDays(1)}}, g.tokens...)
	g.within("31 tokens", map[string]pool.M{
		"invariants": {"limit": 100}, "audit": {"limit": 100}, "pools": {"limit": 100}, "config": {},
	})
}
