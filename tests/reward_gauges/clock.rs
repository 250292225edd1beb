//! The chain's clock when its step cannot be done: a sudo that fails would jail the contract.

use serde_json::json;

use crate::support::{DAY, GaugesSuite, books_hold, event, events, pool, refused, suite};

/// The storage key of a gauge's record.
fn key_of_gauge(id: u64) -> Vec<u8> {
    let mut key = vec![0, 5];
    key.extend(b"gauge");
    key.extend(id.to_be_bytes());
    key
}

/// Takes a gauge's record out of the contract's store, or puts it back.
fn set_gauge(suite: &mut GaugesSuite, id: u64, record: Option<Vec<u8>>) -> Option<Vec<u8>> {
    let contract = suite.contract.clone();
    let mut storage = suite.chain.app_mut().contract_storage_mut(&contract);
    let before = storage.get(&key_of_gauge(id));
    match record {
        Some(record) => storage.set(&key_of_gauge(id), &record),
        None => storage.remove(&key_of_gauge(id)),
    }
    before
}

#[test]
fn a_step_that_cannot_be_done_is_an_event_and_leaves_nothing_half_written() {
    let mut suite = suite();
    let first = suite.gauge(DAY, 1_000, Some(100));
    let second = suite.gauge(DAY, 1_000, Some(100));
    let lock = suite.lock("alice", 7, DAY);
    suite.pass_until(DAY);
    let tick = json!({"clock_end_block": {}});
    for _ in 0..2 {
        suite.sudo(tick.clone()).unwrap();
    }
    // The first step of epoch 2 changes the stake and sweeps a carry before it comes to the gauge;
    // the second writes the gauge's part of a begun epoch.
    suite.lock("bob", 1, DAY);
    suite.pass_until(2 * DAY);
    for broken in [first, second] {
        let record = set_gauge(&mut suite, broken, None).unwrap();
        let before = suite.dump();
        let response = suite.sudo(tick.clone()).unwrap();
        let told = event(&response, "hook_ignored");
        let named = format!("there is no gauge {broken}");
        assert!(
            told.values().any(|value| value.contains(&named)),
            "{told:?}"
        );
        for other in ["to_treasury", "distribute", "epoch_settled"] {
            assert!(events(&response, other).is_empty(), "{other}");
        }
        assert!(suite.dump() == before, "something was written");
        // By message it is an error.
        refused(
            &mut suite,
            "anyone",
            json!({"settle": {"limit": 1}}),
            &[&named],
        );
        // The record is back, and so is the clock.
        set_gauge(&mut suite, broken, Some(record));
        let response = suite.sudo(tick.clone()).unwrap();
        assert!(events(&response, "hook_ignored").is_empty());
        assert_eq!(
            event(&response, "distribute")["gauge_id"],
            broken.to_string()
        );
        books_hold(&suite);
    }
    assert_eq!(pool(&suite, DAY)["settled"], 2);
    // 20 of epoch 1, 20 * 7/8 of epoch 2.
    assert_eq!(suite.owed(lock), 37);
}

#[test]
fn without_its_settings_it_does_nothing_and_does_not_fail() {
    let mut suite = suite();
    suite.gauge(DAY, 1_000, Some(100));
    suite.lock("alice", 7, DAY);
    suite.pass_until(DAY);
    let contract = suite.contract.clone();
    suite
        .chain
        .app_mut()
        .contract_storage_mut(&contract)
        .set(b"config", b"{}");
    let before = suite.dump();
    let response = suite.sudo(json!({"clock_end_block": {}})).unwrap();
    event(&response, "hook_ignored");
    assert!(suite.dump() == before);
}
