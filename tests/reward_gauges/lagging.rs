//! Changes of a lock whose pools are not settled and have gauges that pay.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, check_ledger, coin, cursors, paid, refused, refused_with, suite, ulp,
};

/// Gauges of 100 an epoch for 1 day and for 14 days, a lock of 10 of `alice` for 1 day and one of
/// `bob` for 14 days. Nothing was settled for so many days.
fn lagging(days: u64) -> GaugesSuite {
    let mut suite = suite();
    suite.gauge(DAY, 20_000, Some(200));
    suite.gauge(14 * DAY, 20_000, Some(200));
    suite.lock("alice", 10, DAY);
    suite.lock("bob", 10, 14 * DAY);
    suite.pass_until(days * DAY + 1);
    suite
}

fn settle(suite: &mut GaugesSuite, duration: u64) {
    let msg = json!({"settle": {"lock_asset": ulp(), "duration": duration, "limit": 100}});
    suite.execute("anyone", msg).unwrap();
}

/// `alice` extends after so many unsettled epochs. Returns what both are paid two epochs later.
fn extended_after(days: u64) -> [u128; 2] {
    let mut suite = lagging(days);
    let extend = json!({"extend_lock": {"id": 1, "duration": 14 * DAY}});
    if days > 30 {
        let parts = ["settle first", "through epoch 30"];
        refused(&mut suite, "alice", extend.clone(), &parts);
        settle(&mut suite, DAY);
    }
    suite.execute("alice", extend).unwrap();
    check_ledger(&suite);
    assert_eq!(cursors(&suite, 1)[0]["cursor"], days);
    assert_eq!(cursors(&suite, 1)[2]["cursor"], days);
    suite.pass_until((days + 2) * DAY);
    suite.settle();
    let both = [paid(&mut suite, "alice", 1), paid(&mut suite, "bob", 2)];
    check_ledger(&suite);
    both
}

#[test]
fn an_extended_lock_keeps_what_it_earned_and_joins_from_the_running_epoch() {
    for days in [1, 29, 30, 31, 60] {
        let epochs = u128::from(days) + 2;
        // Half of the gauge for 1 day in all epochs, and half of the other in two.
        let alice = 50 * epochs + 2 * 50;
        assert_eq!(
            extended_after(days),
            [alice, 200 * epochs - alice],
            "{days}"
        );
    }
}

#[test]
fn refresh_needs_nothing_settled_and_joins_from_the_running_epoch() {
    for days in [1, 30, 31, 60] {
        let mut suite = lagging(0);
        suite
            .execute("owner", json!({"update_config": {"durations": [3 * DAY]}}))
            .unwrap();
        suite.gauge(3 * DAY, 20_000, Some(200));
        let carol = suite.lock("carol", 10, 3 * DAY);
        suite.pass_until(days * DAY + 1);
        let joined_before = cursors(&suite, 2).len();
        suite
            .execute("anyone", json!({"refresh": {"id": 2}}))
            .unwrap();
        assert_eq!(cursors(&suite, 2).len(), joined_before + 1);
        check_ledger(&suite);
        suite.pass_until((days + 1) * DAY);
        suite.settle();
        let epochs = u128::from(days) + 1;
        // A third of the gauge for 1 day. Carol alone gets the new gauge until bob joins.
        let third = 100 * epochs / 3;
        let alone = 100 * (epochs - 1) + 50;
        assert_eq!(paid(&mut suite, "alice", 1), third, "{days}");
        let carols = paid(&mut suite, "carol", carol);
        assert!(
            (third + alone..=third + alone + 1).contains(&carols),
            "{days}"
        );
        assert_eq!(
            paid(&mut suite, "bob", 2),
            third + 100 * epochs + 50,
            "{days}"
        );
        check_ledger(&suite);
    }
}

#[test]
fn a_change_that_needs_its_pools_settled_names_the_message_and_writes_nothing() {
    let mut suite = lagging(40);
    suite
        .execute("bob", json!({"begin_unlock": {"id": 2}}))
        .unwrap();
    let changes: [(&str, Value, u128, u64); 3] = [
        ("alice", json!({"add_to_lock": {"id": 1}}), 5, DAY),
        (
            "alice",
            json!({"extend_lock": {"id": 1, "duration": 2 * DAY}}),
            0,
            DAY,
        ),
        ("bob", json!({"cancel_unlock": {"id": 2}}), 0, DAY),
    ];
    for (sender, msg, amount, duration) in &changes {
        let named =
            format!(r#"{{"settle":{{"lock_asset":{{"native":"ulp"}},"duration":{duration}}}}}"#);
        let funds: Vec<_> = (*amount > 0)
            .then(|| coin(*amount, "ulp"))
            .into_iter()
            .collect();
        refused_with(
            &mut suite,
            sender,
            msg.clone(),
            funds,
            &["settle first", &named],
        );
    }
    for duration in [DAY, 14 * DAY] {
        settle(&mut suite, duration);
    }
    for (sender, msg, amount, _) in changes {
        let funds: Vec<_> = (amount > 0)
            .then(|| coin(amount, "ulp"))
            .into_iter()
            .collect();
        suite.execute_with(sender, msg, funds).unwrap();
        check_ledger(&suite);
    }
}
