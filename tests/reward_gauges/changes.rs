//! Changes of locks: cancel, add, extend, force, refresh. Nothing is paid twice, and nothing that
//! was earned is lost.

use serde_json::json;

use crate::support::{
    DAY, GaugesSuite, check_ledger, coin, cursors, last_epochs, paid, refused, refused_with, suite,
};

/// A gauge for 14 days that pays 100 an epoch, and two locks of equal size.
struct Pair {
    suite: GaugesSuite,
    alice: u64,
    bob: u64,
}

fn pair() -> Pair {
    let mut suite = GaugesSuite::builder()
        .with("force_unlockers", json!(["@guard"]))
        .build()
        .unwrap();
    suite.gauge(14 * DAY, 10_000, Some(100));
    let alice = suite.lock("alice", 500, 14 * DAY);
    let bob = suite.lock("bob", 500, 14 * DAY);
    Pair { suite, alice, bob }
}

fn unlock(suite: &mut GaugesSuite, sender: &str, id: u64) {
    suite
        .execute(sender, json!({"begin_unlock": {"id": id}}))
        .unwrap();
}

fn cancel(suite: &mut GaugesSuite, sender: &str, id: u64) {
    suite
        .execute(sender, json!({"cancel_unlock": {"id": id}}))
        .unwrap();
}

#[test]
fn an_unlock_that_is_cancelled_in_the_same_epoch_loses_nothing() {
    let mut pair = pair();
    pair.suite.pass_until(2 * DAY + 1);
    unlock(&mut pair.suite, "alice", pair.alice);
    assert_eq!(last_epochs(&pair.suite, pair.alice)[2], (14, Some(2)));
    cancel(&mut pair.suite, "alice", pair.alice);
    assert_eq!(last_epochs(&pair.suite, pair.alice)[2], (14, None));
    pair.suite.pass_until(5 * DAY);
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 250);
    assert_eq!(paid(&mut pair.suite, "bob", pair.bob), 250);
    check_ledger(&pair.suite);
}

#[test]
fn a_lock_cancelled_after_its_exit_counts_again_from_the_running_epoch_and_keeps_what_it_earned() {
    let mut pair = pair();
    pair.suite.pass_until(2 * DAY + 1);
    unlock(&mut pair.suite, "alice", pair.alice);
    // Only bob's lock counts in epochs 3 and 4; alice's counts again from epoch 5 on.
    pair.suite.pass_until(4 * DAY + 1);
    cancel(&mut pair.suite, "alice", pair.alice);
    pair.suite.pass_until(6 * DAY);
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 100 + 100);
    assert_eq!(paid(&mut pair.suite, "bob", pair.bob), 100 + 200 + 100);
    check_ledger(&pair.suite);
}

#[test]
fn unlocking_and_cancelling_in_every_epoch_earns_what_a_locked_one_earns() {
    let mut pair = pair();
    for day in 1..6 {
        pair.suite.pass_until(day * DAY + 100);
        unlock(&mut pair.suite, "alice", pair.alice);
        pair.suite.pass_until(day * DAY + 200);
        cancel(&mut pair.suite, "alice", pair.alice);
    }
    pair.suite.pass_until(6 * DAY);
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 300);
    assert_eq!(paid(&mut pair.suite, "bob", pair.bob), 300);
    check_ledger(&pair.suite);
}

#[test]
fn what_is_added_counts_from_the_running_epoch_on() {
    let mut pair = pair();
    pair.suite.pass_until(2 * DAY + 1);
    let add = json!({"add_to_lock": {"id": pair.alice}});
    pair.suite
        .execute_with("alice", add, vec![coin(1_000, "ulp")])
        .unwrap();
    pair.suite.pass_until(4 * DAY);
    // Alice has 1500 of 2000 in epochs 3 and 4.
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 100 + 150);
    assert_eq!(paid(&mut pair.suite, "bob", pair.bob), 100 + 50);
    check_ledger(&pair.suite);
}

#[test]
fn a_forced_lock_keeps_the_finished_epochs_and_loses_the_running_one() {
    let mut pair = pair();
    pair.suite.pass_until(10 * DAY + DAY / 2);
    let before = pair.suite.balance("alice", "ulp");
    pair.suite
        .execute("guard", json!({"force_unlock": {"id": pair.alice}}))
        .unwrap();
    assert_eq!(pair.suite.balance("alice", "ulp") - before, 500);
    pair.suite.pass_until(12 * DAY);
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 500);
    assert_eq!(paid(&mut pair.suite, "bob", pair.bob), 500 + 200);
    check_ledger(&pair.suite);
}

#[test]
fn a_lock_forced_while_unlocking_leaves_the_pools_in_which_it_still_counted() {
    let mut pair = pair();
    pair.suite.gauge(DAY, 10_000, Some(100));
    pair.suite.pass_until(DAY + 1);
    unlock(&mut pair.suite, "alice", pair.alice);
    assert_eq!(
        last_epochs(&pair.suite, pair.alice),
        [(1, Some(14)), (7, Some(8)), (14, Some(1))]
    );
    pair.suite.pass_until(3 * DAY + 1);
    pair.suite
        .execute("guard", json!({"force_unlock": {"id": pair.alice}}))
        .unwrap();
    assert_eq!(
        last_epochs(&pair.suite, pair.alice),
        [(1, Some(3)), (7, Some(3)), (14, Some(1))]
    );
    pair.suite.pass_until(20 * DAY);
    // Of the gauge for 14 days epoch 1, of the one for 1 day epochs 1 to 3.
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 50 + 150);
    assert_eq!(
        paid(&mut pair.suite, "bob", pair.bob),
        50 + 19 * 100 + 150 + 17 * 100
    );
    check_ledger(&pair.suite);
}

#[test]
fn a_part_is_forced_as_a_lock_of_its_own() {
    let mut pair = pair();
    pair.suite.pass_until(DAY + 1);
    let force = json!({"force_unlock": {"id": pair.alice, "amount": "200"}});
    pair.suite.execute("guard", force).unwrap();
    pair.suite.pass_until(3 * DAY);
    check_ledger(&pair.suite);
    // The part of 200 earned 20 in epoch 1. The remaining 300 earn with bob's 500 after that.
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice + 2), 20);
    assert_eq!(paid(&mut pair.suite, "alice", pair.alice), 30 + 75);
    check_ledger(&pair.suite);
}

#[test]
fn a_lock_forced_in_its_first_epoch_has_earned_nothing() {
    let mut pair = pair();
    pair.suite
        .execute("guard", json!({"force_unlock": {"id": pair.alice}}))
        .unwrap();
    // There is nothing to claim, so the record is deleted at once.
    assert!(
        pair.suite
            .query(json!({"lock": {"id": pair.alice}}))
            .is_err()
    );
    pair.suite.pass_until(DAY);
    assert_eq!(paid(&mut pair.suite, "bob", pair.bob), 100);
    check_ledger(&pair.suite);
}

#[test]
fn only_listed_accounts_force_and_the_principal_goes_to_the_owner() {
    let mut pair = pair();
    let force = json!({"force_unlock": {"id": pair.alice}});
    for sender in ["alice", "owner", "bob"] {
        refused(&mut pair.suite, sender, force.clone(), &["force unlocker"]);
    }
    let before = pair.suite.balance("guard", "ulp");
    pair.suite.execute("guard", force).unwrap();
    assert_eq!(pair.suite.balance("guard", "ulp"), before);
}

#[test]
fn an_extended_lock_joins_the_longer_pools_from_the_running_epoch() {
    let mut suite = suite();
    suite.gauge(14 * DAY, 1_000, Some(10));
    suite.gauge(DAY, 1_000, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite.pass_until(2 * DAY + 1);
    refused(
        &mut suite,
        "alice",
        json!({"extend_lock": {"id": lock, "duration": DAY}}),
        &["is not longer"],
    );
    suite
        .execute(
            "alice",
            json!({"extend_lock": {"id": lock, "duration": 14 * DAY}}),
        )
        .unwrap();
    suite.pass_until(4 * DAY);
    // The gauge for 14 days paid nothing while no lock counted for it.
    assert_eq!(paid(&mut suite, "alice", lock), 400 + 200);
    check_ledger(&suite);
}

#[test]
fn a_duration_added_later_is_joined_by_refresh_alone() {
    let mut suite = suite();
    let lock = suite.lock("alice", 10, 14 * DAY);
    suite
        .execute("owner", json!({"update_config": {"durations": [3 * DAY]}}))
        .unwrap();
    let durations = suite.query(json!({"durations": {}})).unwrap();
    assert_eq!(
        durations["durations"],
        json!([DAY, 7 * DAY, 14 * DAY, 3 * DAY])
    );
    suite.gauge(3 * DAY, 1_000, Some(10));
    suite.pass_until(2 * DAY + 1);
    assert_eq!(suite.owed(lock), 0);
    // A lock that was there before joins when anyone refreshes it.
    suite
        .execute("anyone", json!({"refresh": {"id": lock}}))
        .unwrap();
    assert_eq!(last_epochs(&suite, lock)[1], (3, None));
    suite.pass_until(4 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 200);
    suite
        .execute("anyone", json!({"refresh": {"id": lock}}))
        .unwrap();
    suite.pass_until(5 * DAY);
    assert_eq!(paid(&mut suite, "alice", lock), 100);
    check_ledger(&suite);
}

#[test]
fn while_unlocking_add_extend_and_refresh_are_refused() {
    let mut pair = pair();
    unlock(&mut pair.suite, "alice", pair.alice);
    let id = pair.alice;
    refused_with(
        &mut pair.suite,
        "alice",
        json!({"add_to_lock": {"id": id}}),
        vec![coin(1, "ulp")],
        &["is unlocking until"],
    );
    for msg in [
        json!({"extend_lock": {"id": id, "duration": 20 * DAY}}),
        json!({"refresh": {"id": id}}),
        json!({"begin_unlock": {"id": id}}),
    ] {
        refused(&mut pair.suite, "alice", msg, &["is unlocking until"]);
    }
    refused(
        &mut pair.suite,
        "bob",
        json!({"cancel_unlock": {"id": pair.bob}}),
        &["is not unlocking"],
    );
}

#[test]
fn only_its_owner_changes_a_lock() {
    let mut pair = pair();
    let id = pair.alice;
    refused_with(
        &mut pair.suite,
        "bob",
        json!({"add_to_lock": {"id": id}}),
        vec![coin(1, "ulp")],
        &["Unauthorized"],
    );
    for msg in [
        json!({"begin_unlock": {"id": id}}),
        json!({"extend_lock": {"id": id, "duration": 20 * DAY}}),
        json!({"set_receiver": {"id": id, "receiver": "@bob"}}),
        json!({"claim": {"lock_ids": [id]}}),
        json!({"withdraw": {"ids": [id]}}),
        json!({"cancel_unlock": {"id": id}}),
    ] {
        refused(&mut pair.suite, "bob", msg, &["Unauthorized"]);
    }
}

#[test]
fn changes_settle_thirty_steps_and_else_say_to_settle_first() {
    let mut pair = pair();
    pair.suite.pass_until(50 * DAY + 1);
    unlock(&mut pair.suite, "bob", pair.bob); // works unsettled
    let add = json!({"add_to_lock": {"id": pair.alice}});
    refused_with(
        &mut pair.suite,
        "alice",
        add.clone(),
        vec![coin(1, "ulp")],
        &["settle first", "through epoch 30", "50 are over"],
    );
    pair.suite.settle();
    pair.suite
        .execute_with("alice", add, vec![coin(1, "ulp")])
        .unwrap();
    assert_eq!(cursors(&pair.suite, pair.alice)[2]["cursor"], 50);
    check_ledger(&pair.suite);
}

#[test]
fn begin_unlock_all_works_in_pages_and_skips_locks_that_are_unlocking() {
    let mut suite = suite();
    let ids: Vec<u64> = (0..5).map(|_| suite.lock("alice", 10, 7 * DAY)).collect();
    suite.lock("bob", 10, 7 * DAY);
    unlock(&mut suite, "alice", ids[1]);
    let response = suite
        .execute("alice", json!({"begin_unlock_all": {"limit": 3}}))
        .unwrap();
    assert_eq!(crate::support::events(&response, "begin_unlock").len(), 2);
    assert_eq!(response.data.unwrap().as_slice(), br#"{"next":3}"#);
    let response = suite
        .execute(
            "alice",
            json!({"begin_unlock_all": {"start_after": 3, "limit": 3}}),
        )
        .unwrap();
    assert_eq!(crate::support::events(&response, "begin_unlock").len(), 2);
    assert_eq!(response.data.unwrap().as_slice(), br#"{"next":null}"#);
    for id in ids {
        assert_eq!(last_epochs(&suite, id)[1], (7, Some(0)));
    }
    check_ledger(&suite);
}
