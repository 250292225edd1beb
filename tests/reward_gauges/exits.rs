//! How long an unlocking lock goes on earning.

use serde_json::json;

use crate::support::{DAY, GaugesSuite, check_ledger, last_epochs, paid, suite};

/// Three gauges that pay 100 in every epoch, one for each duration, and a lock for 14 days that was
/// made in epoch 1.
struct Tables {
    suite: GaugesSuite,
    lock: u64,
    gauges: [u64; 3],
}

fn tables() -> Tables {
    let mut suite = suite();
    let gauges = [DAY, 7 * DAY, 14 * DAY].map(|duration| suite.gauge(duration, 10_000, Some(100)));
    let lock = suite.lock("alice", 1_000, 14 * DAY);
    Tables {
        suite,
        lock,
        gauges,
    }
}

impl Tables {
    /// How many epochs each gauge has paid after 40 days, when the lock has long ended.
    fn paid_epochs(&mut self) -> [u64; 3] {
        self.suite.pass_until(40 * DAY);
        self.suite.settle();
        let paid = self.gauges.map(|id| {
            let gauge = self.suite.query(json!({"gauge": {"id": id}})).unwrap();
            gauge["filled_epochs"].as_u64().unwrap()
        });
        let total: u64 = paid.iter().sum();
        assert_eq!(
            crate::support::paid(&mut self.suite, "alice", self.lock),
            u128::from(total) * 100
        );
        check_ledger(&self.suite);
        paid
    }

    fn begin_unlock(&mut self) {
        self.suite
            .execute("alice", json!({"begin_unlock": {"id": self.lock}}))
            .unwrap();
    }
}

#[test]
fn unlocked_after_15_epochs_it_earns_28_22_and_15() {
    let mut tables = tables();
    tables.suite.pass_until(15 * DAY + DAY / 2);
    tables.begin_unlock();
    assert_eq!(
        last_epochs(&tables.suite, tables.lock),
        [(1, Some(28)), (7, Some(22)), (14, Some(15))]
    );
    assert_eq!(tables.paid_epochs(), [28, 22, 15]);
}

#[test]
fn unlocked_after_10_epochs_it_earns_23_17_and_10() {
    let mut tables = tables();
    tables.suite.pass_until(10 * DAY + DAY / 2);
    tables.begin_unlock();
    assert_eq!(tables.paid_epochs(), [23, 17, 10]);
}

#[test]
fn unlocked_exactly_at_an_epochs_start_it_earns_the_epoch_before_and_not_the_next() {
    let mut tables = tables();
    tables.suite.pass_until(10 * DAY);
    tables.begin_unlock();
    assert_eq!(tables.paid_epochs(), [23, 17, 10]);
}

#[test]
fn unlocked_one_second_before_an_end_it_loses_one_epoch_of_each_gauge() {
    let mut tables = tables();
    tables.suite.pass_until(10 * DAY - 1);
    tables.begin_unlock();
    assert_eq!(tables.paid_epochs(), [22, 16, 9]);
}

#[test]
fn a_late_settlement_changes_nothing() {
    for days in [11, 16, 25, 39] {
        let mut tables = tables();
        tables.suite.pass_until(10 * DAY + 5);
        tables.begin_unlock();
        tables.suite.pass_until(days * DAY);
        tables.suite.settle();
        assert_eq!(tables.paid_epochs(), [23, 17, 10], "settled on day {days}");
    }
}

#[test]
fn claims_and_the_withdrawal_on_the_way_do_not_change_the_total() {
    let mut tables = tables();
    tables.suite.pass_until(10 * DAY + DAY / 2);
    let mut total = paid(&mut tables.suite, "alice", tables.lock);
    tables.begin_unlock();
    for half_days in 22..49 {
        tables.suite.pass_until(half_days * DAY / 2 + 7);
        total += paid(&mut tables.suite, "alice", tables.lock);
    }
    tables.suite.pass_until(24 * DAY + DAY / 2);
    tables
        .suite
        .execute("alice", json!({"withdraw": {"ids": [tables.lock]}}))
        .unwrap();
    check_ledger(&tables.suite);
    // It is withdrawn and claimed through its last epoch, so the record is deleted.
    assert!(tables.suite.claim("alice", tables.lock).is_err());
    assert_eq!(total, (23 + 17 + 10) * 100);
}

#[test]
fn a_part_unlocks_as_a_lock_of_its_own_and_the_remainder_stays_locked() {
    let mut tables = tables();
    tables.suite.pass_until(10 * DAY + DAY / 2);
    let response = tables
        .suite
        .execute(
            "alice",
            json!({"begin_unlock": {"id": tables.lock, "amount": "500"}}),
        )
        .unwrap();
    let part = tables.lock + 1;
    assert_eq!(response.data.unwrap().as_slice(), br#"{"id":2}"#);
    assert_eq!(last_epochs(&tables.suite, tables.lock)[2], (14, None));
    assert_eq!(last_epochs(&tables.suite, part)[2], (14, Some(10)));
    tables.suite.pass_until(30 * DAY);
    tables.suite.settle();
    check_ledger(&tables.suite);
    // Of 100 in each epoch the part gets half through epochs 23, 17 and 10, the parent the other
    // half and later all.
    assert_eq!(paid(&mut tables.suite, "alice", part), 50 * (23 + 17 + 10));
    assert_eq!(
        paid(&mut tables.suite, "alice", tables.lock),
        50 * (23 + 17 + 10) + 100 * (7 + 13 + 20)
    );
    check_ledger(&tables.suite);
}

#[test]
fn leavers_are_not_paid_by_the_epoch_in_which_they_leave() {
    // The stake of the epoch changes before its rewards are divided.
    let mut suite = suite();
    let gauge = suite.gauge(14 * DAY, 1_000, Some(10));
    let leaver = suite.lock("alice", 500, 14 * DAY);
    let stayer = suite.lock("bob", 500, 14 * DAY);
    suite.pass_until(DAY + 1);
    suite
        .execute("alice", json!({"begin_unlock": {"id": leaver}}))
        .unwrap();
    suite.pass_until(2 * DAY);
    suite.settle();
    assert_eq!(paid(&mut suite, "alice", leaver), 50);
    assert_eq!(paid(&mut suite, "bob", stayer), 50 + 100);
    assert_eq!(
        crate::support::gauge(&suite, gauge)["distributed"][0]["amount"],
        "200"
    );
    check_ledger(&suite);
}

#[test]
fn an_unlocking_lock_is_estimated_through_its_own_last_epochs() {
    let mut tables = tables();
    tables.suite.pass_until(10 * DAY + DAY / 2);
    tables.begin_unlock();
    let estimate = tables
        .suite
        .query(json!({"estimate": {"lock_ids": [tables.lock], "until_epoch": 60}}))
        .unwrap();
    assert_eq!(estimate["is_partial"], false);
    assert_eq!(
        estimate["claimable"][0]["amount"],
        ((23 + 17 + 10) * 100).to_string()
    );
    let now = tables.suite.owed(tables.lock);
    assert_eq!(now, 3 * 10 * 100);
    assert_eq!(tables.paid_epochs(), [23, 17, 10]);
}

#[test]
fn a_lock_between_two_durations_earns_from_the_shorter_ones() {
    let mut suite = suite();
    for duration in [DAY, 7 * DAY, 14 * DAY] {
        suite.gauge(duration, 1_000, Some(10));
    }
    let lock = suite.lock("alice", 10, 13 * DAY);
    assert_eq!(last_epochs(&suite, lock), [(1, None), (7, None)]);
    suite.pass_until(4 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 4 * 2 * 100);
    // A lock that is shorter than every duration earns nothing.
    let short = suite.lock("bob", 10, DAY - 1);
    assert!(last_epochs(&suite, short).is_empty());
    check_ledger(&suite);
}

#[test]
fn sniping_an_epochs_last_second_pays_it_and_stays_locked_for_the_duration() {
    let mut suite = suite();
    suite.gauge(7 * DAY, 700, Some(7));
    suite.pass_until(DAY - 1);
    let sniper = suite.lock("alice", 10, 7 * DAY);
    suite.pass_until(DAY);
    suite
        .execute("alice", json!({"begin_unlock": {"id": sniper}}))
        .unwrap();
    assert_eq!(paid(&mut suite, "alice", sniper), 100);
    suite.pass_until(8 * DAY - 1);
    crate::support::refused(
        &mut suite,
        "alice",
        json!({"withdraw": {"ids": [sniper]}}),
        &["ends at"],
    );
    suite.pass_until(8 * DAY);
    suite
        .execute("alice", json!({"withdraw": {"ids": [sniper]}}))
        .unwrap();
    check_ledger(&suite);
}
