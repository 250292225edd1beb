package gas

import (
	"errors"
	"fmt"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"cw-distribution/tests/chain/node"
	"cw-distribution/tests/chain/pool"
)

// threePools are the durations of pools that most rows have.
var threePools = []int{1, 7, 14}

// gauges measures the messages of reward gauges, on one chain after the other.
type gauges struct {
	*recorder
	chain *gaugesChain
}

// rewardGauges measures the contract.
func rewardGauges(r *recorder) error {
	g := &gauges{recorder: r}
	return inOrder(g.start, g.crowds, g.age, g.caps, g.idle)
}

// on makes a chain of its own and measures there.
func (g *gauges) on(setup gaugesSetup, measure func() error) error {
	chain, err := newGauges(setup)
	if err != nil {
		return err
	}
	g.chain = chain
	return errors.Join(measure(), chain.Close())
}

func (g *gauges) row(name, at string, send message) error {
	return g.recorder.row(g.chain, g.chain.code, name, at, send)
}

// by is a message of an account.
func (g *gauges) by(sender string, msg pool.M, coins ...sdk.Coin) message {
	return func() (node.Outcome, error) { return g.chain.execute(sender, msg, coins...) }
}

func (g *gauges) start() error {
	for _, count := range denomCounts {
		err := g.on(gaugesSetup{denoms: count, durations: threePools}, func() error {
			return inOrder(
				func() error {
					return g.row("instantiate", denoms(count), func() (node.Outcome, error) {
						_, outcome, err := g.chain.instantiate()
						return outcome, err
					})
				},
				func() error {
					return g.row("create_gauge", denoms(count), func() (node.Outcome, error) { return g.chain.createGauge(7) })
				},
			)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// others is a number of locks of others.
func others(locks int) string { return fmt.Sprintf("3 pools, %d locks", locks) }

// crowds measures the same messages among few and among many locks.
func (g *gauges) crowds() error {
	for _, locks := range []int{10, 20_000} {
		setup := gaugesSetup{denoms: 1, durations: threePools, locks: locks, gauges: 1}
		if err := g.on(setup, func() error { return g.ofALock(locks) }); err != nil {
			return err
		}
	}
	return nil
}

// ofALock measures the life of a lock.
func (g *gauges) ofALock(locks int) error {
	at := others(locks)
	id := locks + 1
	about := func(name string, more pool.M) pool.M {
		body := pool.M{"id": id}
		for key, value := range more {
			body[key] = value
		}
		return pool.M{name: body}
	}
	begin := g.by(locker, about("begin_unlock", nil))
	return inOrder(
		func() error {
			return g.row("lock", at, func() (node.Outcome, error) { return g.chain.lock(locker, 14) })
		},
		done(func() (node.Outcome, error) { return g.chain.lock(locker, 14) }),
		func() error { return g.chain.days(1) },
		func() error {
			return g.row("settle", at+", 1 step", g.by("anyone", pool.M{"settle": pool.M{"limit": 1}}))
		},
		func() error {
			return g.row("settle", at+", all of 3 gauges", g.by("anyone", pool.M{"settle": pool.M{}}))
		},
		func() error { return g.row("clock", at+", 1 gauge", g.chain.tick) },
		func() error { return g.row("claim", at+", settles 3 gauges", g.claim(id)) },
		g.chain.settle,
		func() error { return g.row("claim", at, g.claim(id)) },
		func() error {
			return g.row("add_to_lock", at, g.by(locker, about("add_to_lock", nil), sdk.NewInt64Coin(lockDenom, 1_000)))
		},
		func() error {
			return g.row("extend_lock", at, g.by(locker, about("extend_lock", pool.M{"duration": seconds(21)})))
		},
		func() error {
			return g.row("set_receiver", at, g.by(locker, about("set_receiver", pool.M{"receiver": node.Account(crowd).String()})))
		},
		func() error { return g.row("begin_unlock", at, begin) },
		func() error {
			return g.row("begin_unlock", at+", a part", g.by(locker, about("begin_unlock", pool.M{"amount": "234567"})))
		},
		func() error { return g.row("force_unlock", at, g.by(pool.Owner, about("force_unlock", nil))) },
		done(begin),
		func() error { return g.row("cancel_unlock", at, g.by(locker, about("cancel_unlock", nil))) },
		func() error { return g.chain.days(14) },
		func() error { return g.row("withdraw", at, g.by(locker, pool.M{"withdraw": pool.M{"ids": []int{id}}})) },
	)
}

// done sends a message for good.
func done(send message) func() error {
	return func() error {
		_, err := send()
		return err
	}
}

func (g *gauges) claim(id int) message {
	return g.by(locker, pool.M{"claim": pool.M{"lock_ids": []int{id}}})
}

// age measures a claim after one epoch and after many, all of them settled.
func (g *gauges) age() error {
	setup := gaugesSetup{denoms: 1, durations: threePools, gauges: 1}
	return g.on(setup, func() error {
		return inOrder(
			done(func() (node.Outcome, error) { return g.chain.lock(locker, 14) }),
			func() error { return g.chain.days(1) },
			g.chain.settle,
			func() error { return g.row("claim", "3 pools, after 1 epoch", g.claim(1)) },
			func() error { return g.chain.days(999) },
			g.chain.settle,
			func() error { return g.row("claim", "3 pools, after 1000 epochs", g.claim(1)) },
		)
	})
}

// caps measures where there is as much of everything as can be: 16 gauges with 8 denoms.
func (g *gauges) caps() error {
	setup := gaugesSetup{denoms: 8, durations: []int{7}, gauges: 16}
	const at = "8 denoms, 16 gauges"
	steps := func(count int) error {
		for range count {
			if _, err := g.chain.tick(); err != nil {
				return err
			}
		}
		return nil
	}
	err := g.on(setup, func() error {
		return inOrder(
			done(func() (node.Outcome, error) { return g.chain.lock(locker, 14) }),
			func() error { return g.chain.days(1) },
			g.chain.settle,
			// Another stake, so that the first step gives what the index could not divide away.
			done(func() (node.Outcome, error) { return g.chain.lock(crowd, 14) }),
			func() error { return g.chain.days(1) },
			func() error { return g.row("clock", at+", first step of an epoch", g.chain.tick) },
			func() error { return steps(7) },
			func() error { return g.row("clock", at+", middle step", g.chain.tick) },
			func() error { return steps(8) },
			func() error { return g.row("clock", at+", last step", g.chain.tick) },
			func() error { return g.chain.days(2) },
			func() error { return g.row("settle", at+", default limit", g.by("anyone", pool.M{"settle": pool.M{}})) },
			func() error {
				return g.row("claim", at+", settles by default", g.by(locker, pool.M{"claim": pool.M{"lock_ids": []int{1}}}))
			},
			g.chain.settle,
			func() error { return g.row("claim", "8 denoms, 1 pool", g.claim(1)) },
		)
	})
	return errors.Join(err, g.pagesAtTheCaps())
}

// pagesAtTheCaps measures messages that work in pages, with 8 pools.
func (g *gauges) pagesAtTheCaps() error {
	setup := gaugesSetup{denoms: 8, durations: []int{1, 2, 3, 5, 7, 10, 12, 14}, gauges: 1}
	const at = "8 denoms, 8 pools, 30 locks"
	return g.on(setup, func() error {
		for range 31 {
			if _, err := g.chain.lock(locker, 14); err != nil {
				return err
			}
		}
		all := g.by(locker, pool.M{"claim": pool.M{}})
		return inOrder(
			func() error { return g.chain.days(10) },
			func() error { return g.row("claim", at+", settles by default", all) },
			g.chain.settle,
			func() error { return g.row("claim", at, all) },
			func() error { return g.row("begin_unlock_all", at, g.by(locker, pool.M{"begin_unlock_all": pool.M{}})) },
		)
	})
}

// idle measures epochs in which nothing happens.
func (g *gauges) idle() error {
	setup := gaugesSetup{denoms: 1, durations: []int{7}, gauges: 1, perpetual: true}
	settle := func() message { return g.by("anyone", pool.M{"settle": pool.M{"limit": 1}}) }
	return g.on(setup, func() error {
		return inOrder(
			done(func() (node.Outcome, error) { return g.chain.lock(locker, 14) }),
			func() error { return g.chain.days(1) },
			g.chain.settle,
			func() error { return g.chain.days(1) },
			func() error { return g.row("settle", "1 idle epoch", settle()) },
			func() error { return g.chain.days(999) },
			func() error { return g.row("settle", "1000 idle epochs", settle()) },
		)
	})
}

// Limits of the contract's messages.
const (
	beginUnlockLimit = 45_000
	gaugeClaimLimit  = 60_000
	clockLimit       = 90_000
)

// gaugeBars are those of reward gauges.
func gaugeBars(j *judge) {
	few, many := others(10), others(20_000)
	for _, message := range []string{
		"lock", "claim", "add_to_lock", "extend_lock", "set_receiver", "begin_unlock", "force_unlock", "cancel_unlock", "withdraw",
	} {
		j.flat(message, few, 3, many)
	}
	for _, steps := range []string{", 1 step", ", all of 3 gauges"} {
		j.flat("settle", few+steps, 3, many+steps)
	}
	j.flat("clock", few+", 1 gauge", 3, many+", 1 gauge")
	// Epoch numbers and the index have more bytes after a thousand epochs.
	j.flat("claim", "3 pools, after 1 epoch", 4, "3 pools, after 1000 epochs")
	j.flat("settle", "1 idle epoch", 3, "1000 idle epochs")
	for _, at := range []string{few, many} {
		j.rest(j.row("begin_unlock", at), beginUnlockLimit, "above set-up")
		j.rest(j.row("claim", at), gaugeClaimLimit, "above set-up and the bank send")
	}
	for _, row := range j.table.Of(j.section.contract) {
		if row.Message == "clock" {
			// The clock's own limit counts everything, of a contract that is pinned.
			j.rest(row, clockLimit, "one step of the clock")
			j.atMost(row, row.Pinned.Total, clockLimit, "one step of the clock, pinned, in all")
		}
		if slices.Contains([]string{"settle", "claim", "begin_unlock_all"}, row.Message) {
			j.total(row, messageLimit, "any message at its default limit")
		}
	}
}

// gaugesShown are the rows in the README.
var gaugesShown = []shown{
	{"lock", others(20_000)},
	{"begin_unlock", others(20_000)},
	{"claim", others(20_000)},
	{"claim", "3 pools, after 1000 epochs"},
	{"claim", "8 denoms, 8 pools, 30 locks, settles by default"},
	{"settle", others(20_000) + ", 1 step"},
	{"settle", "1000 idle epochs"},
	{"clock", "8 denoms, 16 gauges, last step"},
}
