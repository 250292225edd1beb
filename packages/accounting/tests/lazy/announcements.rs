//! Commission rates that a chain announces before it makes them: what the chain tells later has been
//! in force since.

use accounting::{AccountingKind, Entry};
use distribution_math::Points;
use num_traits::Signed;
use proptest::prelude::*;

use crate::history::{Op, Run, SMALL, Scale, VALIDATORS, eighteen_decimals, ops, usual};
use crate::numbers::{Exact, coins, percent, points, whole};
use crate::pool::TestPool;

/// `v1` with a commission of a tenth and one delegation, alone in the pool.
fn alone(accounting: AccountingKind) -> TestPool {
    let mut pool = TestPool::of(accounting);
    pool.create("v1", percent(10));
    pool.create("v2", percent(0));
    pool.power("v1", 100);
    pool.units("alice", "v1", 100);
    pool
}

const BOTH: [AccountingKind; 2] = [AccountingKind::F1, AccountingKind::Lazy];

#[test]
fn a_rate_told_later_counts_from_its_announcement() {
    for accounting in BOTH {
        let mut pool = alone(accounting);
        pool.receive(1_000);
        pool.announce("v1", percent(20));
        pool.receive(1_000);
        // Others come and receipts go on before anybody asks.
        pool.power("v2", 100);
        pool.receive(1_000);
        pool.reward("v1", Points::from_coins(100));
        assert_eq!(points(pool.commission("v1")), coins(100 + 200 + 100 + 20));
        assert_eq!(
            points(pool.rewards("alice", "v1")),
            coins(900 + 800 + 400 + 80)
        );
        pool.settle("v1");
        pool.receive(1_000);
        assert_eq!(
            points(pool.commission("v1")),
            coins(100 + 200 + 100 + 20 + 100)
        );
        let told = |entry: &&Entry| matches!(entry, Entry::CommissionRead { .. });
        assert_eq!(pool.journal.iter().filter(told).count(), 1);
    }
}

#[test]
fn without_an_answer_the_old_rate_stays_until_the_chain_is_asked_again() {
    for accounting in BOTH {
        let mut pool = alone(accounting);
        pool.announce_without_telling("v1");
        pool.receive(1_000);
        // It is asked now, and gives no answer: this much is at the old rate.
        assert_eq!(points(pool.withdraw_commission("v1")), coins(100));
        pool.receive(1_000);
        pool.tell("v1", Some(percent(20)));
        assert_eq!(points(pool.commission("v1")), coins(200));
        assert_eq!(points(pool.rewards("alice", "v1")), coins(900 + 800));
    }
}

#[test]
fn a_rate_set_after_an_announcement_is_not_asked_for() {
    for accounting in BOTH {
        let mut pool = alone(accounting);
        pool.announce_without_telling("v1");
        pool.receive(1_000);
        pool.rate("v1", percent(50));
        pool.tell("v1", Some(percent(20)));
        pool.receive(1_000);
        assert_eq!(points(pool.commission("v1")), coins(100 + 500));
    }
}

#[test]
fn an_announced_rate_splits_what_a_validator_without_delegations_receives() {
    for accounting in BOTH {
        let mut pool = alone(accounting);
        pool.power("v2", 100);
        pool.announce("v2", percent(50));
        pool.reward("v2", Points::from_coins(10));
        pool.receive(20);
        pool.settle("v2");
        assert_eq!(points(pool.commission("v2")), coins(5 + 5));
        assert_eq!(points(pool.community()), coins(5 + 5));
    }
}

#[test]
fn a_power_that_comes_after_an_announcement_without_an_answer_shares_nothing_of_before() {
    for accounting in BOTH {
        let mut pool = alone(accounting);
        pool.receive(1_000);
        pool.announce_without_telling("v2");
        pool.power("v2", 100);
        pool.tell("v2", Some(percent(50)));
        pool.power("v2", 0);
        assert_eq!(points(pool.community()), coins(0));
        assert_eq!(points(pool.commission("v2")), coins(0));
        assert_eq!(points(pool.commission("v1")), coins(100));
        pool.power("v2", 100);
        pool.receive(200);
        pool.settle("v2");
        assert_eq!(points(pool.community()), coins(50));
        assert_eq!(points(pool.commission("v2")), coins(50));
        assert_eq!(points(pool.commission("v1")), coins(110));
    }
}

#[test]
fn an_announcement_keeps_its_place_in_the_log() {
    let mut pool = alone(AccountingKind::Lazy);
    pool.receive(1_000);
    pool.announce("v1", percent(20));
    let place = *pool.log.keys().next_back().unwrap();
    assert!(pool.log[&place].announced);
    pool.receive(1_000);
    pool.power("v2", 100);
    pool.settle("v1");
    let change = &pool.log[&place];
    assert!(!change.announced);
    assert_eq!(change.before.validator.rate, percent(10));
    assert_eq!(change.after.validator.rate, percent(20));
    // What had been received when it was announced, not when it was told.
    let received = change.received.get(crate::numbers::denom());
    assert_eq!(received.by_power, Points::from_coins(1_000));
    assert_eq!(pool.log.len() as u64, place + 1);
}

#[test]
fn asking_in_vain_lengthens_the_log_only_when_something_came_in() {
    let mut pool = alone(AccountingKind::Lazy);
    pool.announce_without_telling("v1");
    let length = pool.log.len();
    for _ in 0..3 {
        pool.settle("v1");
    }
    assert_eq!(pool.log.len(), length);
    pool.receive(1_000);
    for _ in 0..3 {
        pool.settle("v1");
    }
    assert_eq!(pool.log.len(), length + 1);
    let open: Vec<bool> = pool.log.values().map(|change| change.announced).collect();
    assert_eq!(open.iter().filter(|is_open| **is_open).count(), 1);
    assert_eq!(open.last(), Some(&true));
}

/// What a recipient has in both accountings and exactly.
struct Claim {
    f1: Exact,
    lazy: Exact,
    exact: Exact,
}

fn claims(f1: &Run, lazy: &Run) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (name, record) in &lazy.oracle.validators {
        claims.push(Claim {
            f1: points(f1.pool.commission(name)),
            lazy: points(lazy.pool.commission(name)),
            exact: record.commission.owed.clone(),
        });
        for (delegator, delegation) in &record.delegations {
            claims.push(Claim {
                f1: points(f1.pool.rewards(delegator, name)),
                lazy: points(lazy.pool.rewards(delegator, name)),
                exact: delegation.account.owed.clone(),
            });
        }
    }
    claims
}

/// Whatever happens, and whoever is asked for rates, both accountings come to the same. Without
/// withdrawals, of which one may be of a coin less.
fn the_same(ops: &[Op], scale: Scale) {
    let mut f1 = Run::with(TestPool::of(AccountingKind::F1));
    let mut lazy = Run::new();
    for op in ops {
        if matches!(op, Op::Withdraw { .. } | Op::WithdrawCommission { .. }) {
            continue;
        }
        f1.apply(op);
        lazy.apply(op);
    }
    // For each operation: twice the power and a little of its validator, and twice all units.
    let units = scale.units * VALIDATORS.len() as u128;
    let each = 2 * (u128::from(scale.power) + units) + 10;
    let bound = whole(each * (ops.len() as u128 + 1));
    for Claim { f1, lazy, exact } in claims(&f1, &lazy) {
        for found in [f1, lazy] {
            let short = &exact - found;
            assert!(!short.is_negative() && short < bound, "{short}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn both_accountings_share_single_points_alike(ops in ops(SMALL, 80)) {
        the_same(&ops, SMALL);
    }

    #[test]
    fn both_accountings_share_usual_stakes_alike(ops in ops(usual(), 80)) {
        the_same(&ops, usual());
    }

    #[test]
    fn both_accountings_share_tokens_with_eighteen_decimals_alike(
        ops in ops(eighteen_decimals(), 80),
    ) {
        the_same(&ops, eighteen_decimals());
    }
}
