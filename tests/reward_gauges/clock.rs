//! The chain's clock when its step fails: the sudo must succeed, since the chain jails a contract
//! whose sudo fails.

use serde_json::json;

use crate::support::{DAY, GaugesSuite, check_ledger, event, events, pool, refused, suite};

/// The storage key of a gauge's record.
fn key_of_gauge(id: u64) -> Vec<u8> {
    let mut key = vec![0, 5];
    key.extend(b"gauge");
    key.extend(id.to_be_bytes());
    key
}

/// Removes a gauge's record from the contract's storage, or writes it. Returns what was there.
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
fn a_step_that_fails_is_an_event_and_writes_nothing() {
    let mut suite = suite();
    let first = suite.gauge(DAY, 1_000, Some(100));
    let second = suite.gauge(DAY, 1_000, Some(100));
    let lock = suite.lock("alice", 7, DAY);
    suite.pass_until(DAY);
    let tick = json!({"clock_end_block": {}});
    for _ in 0..2 {
        suite.sudo(tick.clone()).unwrap();
    }
    // The first step of epoch 2 changes the stake and moves a carry to the treasury before it reads
    // the gauge. The second step writes into the epoch that the first one began.
    suite.lock("bob", 1, DAY);
    suite.pass_until(2 * DAY);
    for broken in [first, second] {
        let record = set_gauge(&mut suite, broken, None).unwrap();
        let before = suite.dump();
        let response = suite.sudo(tick.clone()).unwrap();
        let ignored = event(&response, "hook_ignored");
        let named = format!("there is no gauge {broken}");
        assert!(
            ignored.values().any(|value| value.contains(&named)),
            "{ignored:?}"
        );
        for other in ["to_treasury", "distribute", "epoch_settled"] {
            assert!(events(&response, other).is_empty(), "{other}");
        }
        assert!(suite.dump() == before, "something was written");
        // As a message the same step is an error.
        refused(
            &mut suite,
            "anyone",
            json!({"settle": {"limit": 1}}),
            &[&named],
        );
        // With the record back in place the clock goes on.
        set_gauge(&mut suite, broken, Some(record));
        let response = suite.sudo(tick.clone()).unwrap();
        assert!(events(&response, "hook_ignored").is_empty());
        assert_eq!(
            event(&response, "distribute")["gauge_id"],
            broken.to_string()
        );
        check_ledger(&suite);
    }
    assert_eq!(pool(&suite, DAY)["settled"], 2);
    // 20 in epoch 1 and 20 * 7/8 in epoch 2.
    assert_eq!(suite.owed(lock), 37);
}

#[test]
fn a_clock_without_readable_settings_does_nothing_and_succeeds() {
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

#[test]
fn a_pool_whose_step_fails_does_not_hold_the_clock() {
    let mut suite = suite();
    let broken = suite.gauge(DAY, 1_000, Some(10));
    suite.gauge(7 * DAY, 1_000, Some(10));
    suite.gauge(14 * DAY, 1_000, Some(10));
    suite.lock("alice", 7, 14 * DAY);
    suite.pass_until(3 * DAY);
    let record = set_gauge(&mut suite, broken, None).unwrap();
    let tick = json!({"clock_end_block": {}});
    for _ in 0..12 {
        suite.sudo(tick.clone()).unwrap();
    }
    for (duration, settled) in [(DAY, 0), (7 * DAY, 3), (14 * DAY, 3)] {
        assert_eq!(pool(&suite, duration)["settled"], settled);
    }
    set_gauge(&mut suite, broken, Some(record));
    for _ in 0..6 {
        suite.sudo(tick.clone()).unwrap();
    }
    assert_eq!(pool(&suite, DAY)["settled"], 3);
    check_ledger(&suite);
}
