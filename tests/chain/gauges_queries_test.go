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

// eightPools are the durations of as many pools as an asset can have.
var eightPools = []int{1, 2, 3, 5, 7, 10, 12, 14}

// most is the longest page.
var most = pool.M{"limit": 100}

// with joins the fields of queries.
func with(parts ...pool.M) pool.M {
	joined := pool.M{}
	for _, part := range parts {
		for field, value := range part {
			joined[field] = value
		}
	}
	return joined
}

// within requires that queries answer within wasmd's gas, and logs what each uses.
func (g *gauges) within(at string, queries map[string]pool.M) {
	g.t.Helper()
	for name, body := range queries {
		outcome, err := g.Query(g.address, encode(g.t, pool.M{name: body}))
		require.NoError(g.t, err, name)
		g.t.Logf("%s, %s: %d gas, %d bytes", at, name, outcome.Gas.Total, len(outcome.Data))
		require.Less(g.t, outcome.Gas.Total, uint64(queryGas), "%s, %s", at, name)
	}
}

// inEachPool makes gauges of eight reward denoms.
func (g *gauges) inEachPool(count int) {
	g.t.Helper()
	var coins []sdk.Coin
	for _, denom := range pool.Denoms(8) {
		coins = append(coins, sdk.NewInt64Coin(denom, 1_234_567_890_123))
	}
	for _, days := range eightPools {
		for range count {
			g.must(maker, pool.M{"create_gauge": pool.M{
				"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(days), "epochs": 1_000,
			}}, coins...)
		}
	}
}

// settled settles everything.
func (g *gauges) settled() {
	g.t.Helper()
	for {
		outcome := g.must("anyone", pool.M{"settle": most})
		if string(outcome.Data) == `{"done":true}` {
			return
		}
	}
}

// crowd are eight reward denoms, eight pools with a gauge each, and a hundred locks in all of them
// that came on ten days, half of which have claimed. Returns the locks.
func crowd(t *testing.T) (*gauges, []int) {
	t.Helper()
	g := offer(t, offered{natives: 8, durations: eightPools})
	g.inEachPool(1)
	var ids []int
	for id := 1; id <= 100; id++ {
		g.must(locker, pool.M{"lock": pool.M{"duration": ofDays(14), "receiver": node.Account(friend).String()}},
			sdk.NewInt64Coin(node.BondDenom, 1_000+int64(id)))
		ids = append(ids, id)
		if id%10 == 0 {
			g.days(1)
			g.settled()
		}
		if id == 50 {
			// The fractions stay with the locks.
			g.must(locker, pool.M{"claim": most})
		}
	}
	return g, ids
}

// ofLocks are the queries that go through a page of locks and settle ahead.
func ofLocks(ids []int) map[string]pool.M {
	return map[string]pool.M{
		"owed": {"id": 1}, "rewards": with(most, pool.M{"owner": node.Account(locker).String()}),
		"estimate": {"lock_ids": ids, "until_epoch": 10_000},
	}
}

func TestQueriesAtTheLargestLimitsStayWithinWasmdsGas(t *testing.T) {
	g, ids := crowd(t)
	// All sixteen slots of all pools, and epochs that nobody settled.
	g.inEachPool(15)
	g.days(400)
	g.within("128 gauges", ofLocks(ids))
	locked := pool.M{"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(7)}
	owner, receiver := node.Account(locker).String(), node.Account(friend).String()
	g.within("128 gauges", map[string]pool.M{
		"config": {}, "epoch": {}, "durations": {}, "ownership": {}, "to_distribute": {},
		"pool": locked, "pools": most, "current_reward": locked, "locked": locked, "scheduled_exits": with(most, locked),
		"historical_reward": with(locked, pool.M{"epoch": 5}),
		"gauge":             {"id": 1}, "gauges": most, "active_gauges": most, "upcoming_gauges": most, "finished_gauges": most,
		"lock": {"id": 1}, "locks": with(most, pool.M{"owner": owner}),
		"locks_by_receiver": with(most, pool.M{"receiver": receiver}), "lock_cursors": {"id": 1},
		"undelivered": {"account": owner}, "claimer": {"account": owner},
		"invariants": most, "audit": with(most, pool.M{"start_after": "lock/0"}),
	})
}

func TestQueriesThroughManyChangesOfStakeStayWithinWasmdsGas(t *testing.T) {
	g, ids := crowd(t)
	// As many epochs as a query settles in eight pools, each with another stake, and many more for
	// those that only read the changes.
	for day := range 1_100 {
		g.must(locker, pool.M{"lock": pool.M{"duration": ofDays(14)}}, sdk.NewInt64Coin(node.BondDenom, 1))
		g.days(1)
		if day == 60 {
			g.within("60 changes of stake", ofLocks(ids))
		}
	}
	locked := pool.M{"lock_asset": pool.M{"native": node.BondDenom}, "duration": ofDays(7)}
	g.within("1100 changes of stake", map[string]pool.M{"locked": locked, "scheduled_exits": with(most, locked)})
	g.within("1100 changes of stake", ofLocks(ids))
}

// Every asset is a token, which is asked for its balance.
func TestInvariantsOfAsManyTokensAsCanBeStayWithinWasmdsGas(t *testing.T) {
	const tokens = 31 // and the denom that can be locked besides
	g := offer(t, offered{natives: 1, tokens: 7, locked: tokens - 7, durations: []int{1}})
	g.comesIn(locker, 500, pool.M{"lock": pool.M{"duration": ofDays(1)}}, g.tokens...)
	g.within("31 tokens", map[string]pool.M{"invariants": most, "audit": most, "config": {}})
}
