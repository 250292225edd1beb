//! Operations while an epoch is half settled change only later epochs.

use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, check_ledger, coin, paid, pool, ulp};

/// Two equal locks and three gauges of 100 an epoch. The settlement stopped after the first gauge
/// of epoch 2.
struct Midway {
    suite: GaugesSuite,
    alice: u64,
    bob: u64,
}

fn midway() -> Midway {
    let mut suite = GaugesSuite::builder()
        .with("force_unlockers", json!(["@guard"]))
        .build()
        .unwrap();
    for _ in 0..3 {
        suite.gauge(DAY, 1_000, Some(10));
    }
    let alice = suite.lock("alice", 500, DAY);
    let bob = suite.lock("bob", 500, DAY);
    suite.pass_until(2 * DAY + 100);
    suite
        .execute("anyone", json!({"settle": {"limit": 4}}))
        .unwrap();
    let midway = Midway { suite, alice, bob };
    midway.is_midway();
    midway
}

impl Midway {
    #[track_caller]
    fn is_midway(&self) {
        let pool = pool(&self.suite, DAY);
        assert_eq!(pool["settled"], 1);
        assert_eq!(pool["is_running"], true);
        check_ledger(&self.suite);
    }

    /// Settles everything through epoch `epochs`, and claims for alice and bob.
    fn paid(&mut self, epochs: u64) -> [u128; 2] {
        self.suite.pass_until(epochs * DAY);
        self.suite.settle();
        let paid = [
            paid(&mut self.suite, "alice", self.alice),
            paid(&mut self.suite, "bob", self.bob),
        ];
        check_ledger(&self.suite);
        paid
    }
}

#[test]
fn a_lock_joins_the_current_epoch_and_not_the_half_settled_one() {
    let mut midway = midway();
    let carol = midway.suite.lock("carol", 1_000, DAY);
    midway.is_midway();
    assert_eq!(midway.paid(3), [300 + 75, 300 + 75]);
    assert_eq!(paid(&mut midway.suite, "carol", carol), 150);
}

#[test]
fn a_lock_that_begins_to_unlock_keeps_the_half_settled_epoch() {
    let mut midway = midway();
    let msg = json!({"begin_unlock": {"id": midway.alice}});
    midway.suite.execute("alice", msg).unwrap();
    midway.is_midway();
    assert_eq!(midway.paid(4), [300, 300 + 600]);
}

#[test]
fn a_forced_lock_keeps_the_half_settled_epoch() {
    let mut midway = midway();
    let msg = json!({"force_unlock": {"id": midway.alice}});
    midway.suite.execute("guard", msg).unwrap();
    midway.is_midway();
    assert_eq!(midway.paid(3), [300, 300 + 300]);
}

#[test]
fn both_parts_of_a_split_lock_earn_in_the_half_settled_epoch() {
    let mut midway = midway();
    let msg = json!({"begin_unlock": {"id": midway.alice, "amount": "250"}});
    midway.suite.execute("alice", msg).unwrap();
    midway.is_midway();
    // 300 are paid to a stake of 750 in epoch 3.
    assert_eq!(midway.paid(3), [150 + 100, 300 + 200]);
    assert_eq!(paid(&mut midway.suite, "alice", midway.bob + 1), 150);
}

#[test]
fn adding_and_cancelling_settle_the_half_settled_epoch_first() {
    let mut midway = midway();
    let msg = json!({"begin_unlock": {"id": midway.alice}});
    midway.suite.execute("alice", msg).unwrap();
    let msg = json!({"cancel_unlock": {"id": midway.alice}});
    midway.suite.execute("alice", msg).unwrap();
    assert_eq!(pool(&midway.suite, DAY)["settled"], 2);
    let msg = json!({"add_to_lock": {"id": midway.alice}});
    midway
        .suite
        .execute_with("alice", msg, vec![coin(1_000, "ulp")])
        .unwrap();
    assert_eq!(midway.paid(3), [300 + 225, 300 + 75]);
}

#[test]
fn gauges_that_change_pay_the_half_settled_epoch_as_they_were() {
    let changes: [(&str, Value); 3] = [
        ("fees", json!({"close_gauge": {"id": 3}})),
        ("owner", json!({"evict_gauge": {"id": 2}})),
        (
            "fees",
            json!({"create_gauge": {"lock_asset": ulp(), "duration": DAY, "epochs": 10}}),
        ),
    ];
    for (sender, msg) in changes {
        let mut midway = midway();
        let is_new = msg.get("create_gauge").is_some();
        let funds = if is_new {
            vec![coin(1_000, "uatom")]
        } else {
            vec![]
        };
        midway.suite.execute_with(sender, msg, funds).unwrap();
        check_ledger(&midway.suite);
        // Three gauges pay in epochs 1 and 2, four or two in epoch 3.
        let third = if is_new { 200 } else { 100 };
        assert_eq!(midway.paid(3), [300 + third, 300 + third]);
    }
}

#[test]
fn principal_that_is_due_is_withdrawn_while_an_epoch_is_half_settled() {
    let mut midway = midway();
    let msg = json!({"begin_unlock": {"id": midway.alice}});
    midway.suite.execute("alice", msg).unwrap();
    midway.suite.pass_until(3 * DAY + 100);
    let before = midway.suite.balance("alice", "ulp");
    let msg = json!({"withdraw": {"ids": [midway.alice]}});
    midway.suite.execute("alice", msg).unwrap();
    assert_eq!(midway.suite.balance("alice", "ulp") - before, 500);
    midway.is_midway();
    assert_eq!(midway.paid(4), [300, 300 + 600]);
}
