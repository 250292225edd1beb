//! How many records a message writes does not depend on how many other locks, finished epochs and
//! gauges of other pools there are.

use serde_json::{Value, json};
use testkit::expect::assert_changed_records;

use crate::support::{DAY, GaugesSuite, coin, ulp};

/// How much the contract holds: other locks, finished epochs, pools of other assets.
#[derive(Clone, Copy, Debug)]
struct Size {
    locks: usize,
    epochs: u64,
    elsewhere: usize,
}

const SIZES: [Size; 4] = [
    Size {
        locks: 10,
        epochs: 1,
        elsewhere: 0,
    },
    Size {
        locks: 300,
        epochs: 1,
        elsewhere: 0,
    },
    Size {
        locks: 10,
        epochs: 300,
        elsewhere: 0,
    },
    Size {
        locks: 10,
        epochs: 1,
        elsewhere: 60,
    },
];

/// Alice's lock 1 for 14 days and her lock 2, which has ended, among locks of other owners. Each
/// pool has a gauge, and one epoch is not settled.
fn crowd(size: Size) -> GaugesSuite {
    let mut suite = GaugesSuite::builder()
        .with("force_unlockers", json!(["@guard"]))
        .build()
        .unwrap();
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        suite.gauge(duration, 1_000_000, Some(1_000));
    }
    suite.lock("alice", 1_000, 14 * DAY);
    suite.lock("alice", 1_000, DAY);
    for _ in 0..size.locks {
        suite.lock("bob", 777, 14 * DAY);
    }
    let fees = suite.account("fees");
    for number in 0..size.elsewhere {
        let denom = format!("other{number}");
        suite.chain.mint(&fees, &[coin(1, &denom)]).unwrap();
        let lock = json!({"lock": {"duration": 14 * DAY}});
        suite
            .execute_with("fees", lock, vec![coin(1, &denom)])
            .unwrap();
        let gauge = json!({"create_gauge": {"lock_asset": {"native": denom}, "duration": DAY}});
        suite
            .execute_with("fees", gauge, vec![coin(1, "uatom")])
            .unwrap();
    }
    suite.pass_until(1);
    let unlock = json!({"begin_unlock": {"id": 2}});
    suite.execute("alice", unlock).unwrap();
    suite.pass_until(size.epochs * DAY + 1);
    suite.settle();
    suite.claim("alice", 1).unwrap();
    suite.pass_until((size.epochs + 1) * DAY);
    suite
}

#[track_caller]
fn writes(act: impl Fn(&mut GaugesSuite), expected: &[(&str, usize)]) {
    for size in SIZES {
        let mut suite = crowd(size);
        let before = suite.dump();
        act(&mut suite);
        assert_changed_records(&before, &suite.dump(), expected, &size);
    }
}

#[track_caller]
fn message_writes(sender: &str, msg: Value, amount: u128, expected: &[(&str, usize)]) {
    let act = |suite: &mut GaugesSuite| {
        let funds = (amount > 0)
            .then(|| coin(amount, "ulp"))
            .into_iter()
            .collect();
        suite.execute_with(sender, msg.clone(), funds).unwrap();
    };
    writes(act, expected);
}

/// Settles only the three pools of `ulp`.
fn settle(suite: &mut GaugesSuite) {
    let msg = json!({"settle": {"lock_asset": ulp()}});
    suite.execute("anyone", msg).unwrap();
}

#[test]
fn a_lock_writes_itself_and_a_change_of_each_of_its_pools() {
    let own = [
        ("asset", 1),
        ("delta", 3),
        ("last_lock", 1),
        ("lock", 1),
        ("owner", 1),
    ];
    message_writes("carol", json!({"lock": {"duration": 14 * DAY}}), 10, &own);
}

#[test]
fn an_exit_writes_the_lock_and_a_change_of_each_of_its_pools() {
    let unlock = json!({"begin_unlock": {"id": 1}});
    message_writes("alice", unlock, 0, &[("delta", 3), ("lock", 1)]);
    let force = json!({"force_unlock": {"id": 1}});
    let own = [("asset", 1), ("delta", 3), ("lock", 1)];
    message_writes("guard", force, 0, &own);
}

#[test]
fn a_withdrawal_of_a_lock_with_nothing_to_claim_deletes_it_and_writes_the_sum() {
    let withdraw = json!({"withdraw": {"ids": [2]}});
    let own = [("asset", 1), ("lock", 1), ("owner", 1)];
    message_writes("alice", withdraw, 0, &own);
}

#[test]
fn an_epoch_writes_its_gauges_pools_and_their_indexes() {
    let own = [("gauge", 3), ("history", 3), ("pool", 3), ("rewards", 1)];
    writes(settle, &own);
}

#[test]
fn a_claim_of_what_is_settled_writes_the_lock_and_the_sum() {
    for size in SIZES {
        let mut suite = crowd(size);
        settle(&mut suite);
        let before = suite.dump();
        suite.claim("alice", 1).unwrap();
        let own = [("lock", 1), ("rewards", 1)];
        assert_changed_records(&before, &suite.dump(), &own, &size);
    }
}
