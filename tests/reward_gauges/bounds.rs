//! The bounds against spam and mistakes, each tried on both sides.

use serde_json::{Value, json};

use crate::support::{
    DAY, GaugesSuite, check_ledger, coin, gauge_of, refused, refused_with, suite,
};

#[test]
fn a_gauge_starts_at_most_90_days_ahead_and_pays_1_to_1000_epochs() {
    let mut suite = suite();
    let latest = suite.genesis + 90 * DAY;
    for (field, good, bad) in [
        ("start", latest, latest + 1),
        ("epochs", 1, 0),
        ("epochs", 1_000, 1_001),
    ] {
        let coins = vec![coin(10, "uatom")];
        refused_with(
            &mut suite,
            "fees",
            gauge_of(DAY, &[(field, json!(bad))]),
            coins.clone(),
            &[field, &bad.to_string()],
        );
        suite
            .execute_with("fees", gauge_of(DAY, &[(field, json!(good))]), coins)
            .unwrap();
    }
}

#[test]
fn a_gauge_gives_the_minimum_of_each_coin_in_an_epoch() {
    let mut suite = GaugesSuite::builder()
        .with("min_per_epoch", json!("10"))
        .build()
        .unwrap();
    let msg = gauge_of(DAY, &[("epochs", json!(10))]);
    refused_with(
        &mut suite,
        "fees",
        msg.clone(),
        vec![coin(99, "uatom")],
        &["9uatom in each epoch is below the minimum of 10"],
    );
    suite
        .execute_with("fees", msg, vec![coin(100, "uatom")])
        .unwrap();
    refused_with(
        &mut suite,
        "fees",
        json!({"add_to_gauge": {"id": 1}}),
        vec![coin(99, "uatom")],
        &["below the minimum"],
    );
}

#[test]
fn gauges_take_listed_assets_for_configured_durations_and_lockable_assets() {
    let mut suite = GaugesSuite::builder()
        .with("lock_assets", json!([{"native": "ulp"}]))
        .balance("fees", 100, "uother")
        .build()
        .unwrap();
    refused_with(
        &mut suite,
        "fees",
        gauge_of(DAY, &[]),
        vec![coin(10, "uother")],
        &["denom `uother` is not a reward denom"],
    );
    refused_with(
        &mut suite,
        "fees",
        gauge_of(3 * DAY, &[]),
        vec![coin(10, "uatom")],
        &["259200", "none of the configured"],
    );
    for denom in [json!({"native": "uother"}), json!({"cw20": "@alice"})] {
        refused_with(
            &mut suite,
            "fees",
            gauge_of(DAY, &[("lock_asset", denom)]),
            vec![coin(10, "uatom")],
            &["cannot be locked here"],
        );
    }
    refused(&mut suite, "fees", gauge_of(DAY, &[]), &["No funds"]);
}

#[test]
fn denoms_that_look_like_tokens_are_refused() {
    let mut suite = GaugesSuite::builder()
        .balance("alice", 100, "cw20:cosmos1xyz")
        .build()
        .unwrap();
    refused_with(
        &mut suite,
        "alice",
        json!({"lock": {"duration": DAY}}),
        vec![coin(10, "cw20:cosmos1xyz")],
        &["cannot be told from the name of a cw20"],
    );
}

#[test]
fn a_lock_holds_the_minimum_whole_and_in_parts() {
    let mut suite = GaugesSuite::builder()
        .with("min_lock", json!("10"))
        .build()
        .unwrap();
    let msg = json!({"lock": {"duration": DAY}});
    refused_with(
        &mut suite,
        "alice",
        msg.clone(),
        vec![coin(9, "ulp")],
        &["at least 10"],
    );
    let lock = suite.lock("alice", 25, DAY);
    for amount in ["9", "16", "26", "0"] {
        refused(
            &mut suite,
            "alice",
            json!({"begin_unlock": {"id": lock, "amount": amount}}),
            &[],
        );
    }
    suite
        .execute(
            "alice",
            json!({"begin_unlock": {"id": lock, "amount": "15"}}),
        )
        .unwrap();
    // The remaining 10 can unlock as a whole.
    suite
        .execute("alice", json!({"begin_unlock": {"id": lock}}))
        .unwrap();
    check_ledger(&suite);
}

#[test]
fn locks_of_1_second_to_10_years_below_10_to_the_30_together() {
    let mut suite = suite();
    let ten_years = 10 * 365 * DAY;
    for duration in [0, ten_years + 1, u64::MAX] {
        refused_with(
            &mut suite,
            "alice",
            json!({"lock": {"duration": duration}}),
            vec![coin(1, "ulp")],
            &["duration is"],
        );
    }
    suite.lock("alice", 1, 1);
    suite.lock("alice", 10u128.pow(30) - 1, ten_years);
    refused_with(
        &mut suite,
        "bob",
        json!({"lock": {"duration": DAY}}),
        vec![coin(1, "ulp")],
        &["at most 10^30"],
    );
    for funds in [vec![], vec![coin(1, "ulp"), coin(1, "uatom")]] {
        let msg = json!({"lock": {"duration": DAY}});
        assert!(suite.execute_with("alice", msg, funds).is_err());
    }
    check_ledger(&suite);
}

#[test]
fn the_greatest_amounts_overflow_nothing() {
    let mut suite = GaugesSuite::builder()
        .balance("fees", u128::MAX - 10u128.pow(38), "uatom")
        .build()
        .unwrap();
    let account = suite.account("fees");
    suite.chain.mint(&account, &[coin(10, "uatom")]).unwrap();
    suite.gauge(DAY, u128::MAX - 10u128.pow(38), Some(1));
    let small = suite.lock("alice", 1, DAY);
    let great = suite.lock("bob", 10u128.pow(30) - 1, DAY);
    suite.pass_until(DAY);
    suite.settle();
    suite.claim("alice", small).unwrap();
    suite.claim("bob", great).unwrap();
    check_ledger(&suite);
    // The bound is on all that was ever received, also what is paid since.
    let account = suite.account("fees");
    suite
        .chain
        .mint(&account, &[coin(10u128.pow(38) + 1, "uatom")])
        .unwrap();
    refused_with(
        &mut suite,
        "fees",
        gauge_of(DAY, &[]),
        vec![coin(10u128.pow(38) + 1, "uatom")],
        &["passes a bound"],
    );
}

#[test]
fn before_genesis_only_locks_and_gauges_are_made() {
    let mut probe = suite();
    let genesis = probe.genesis + 5 * DAY;
    probe.pass(1);
    let mut suite = GaugesSuite::builder()
        .with("genesis", json!(genesis))
        .with("force_unlockers", json!(["@guard"]))
        .build()
        .unwrap();
    let id = suite.gauge(DAY, 100, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    for (sender, msg) in [
        ("alice", json!({"begin_unlock": {"id": lock}})),
        ("alice", json!({"begin_unlock_all": {}})),
        ("alice", json!({"cancel_unlock": {"id": lock}})),
        (
            "alice",
            json!({"extend_lock": {"id": lock, "duration": 7 * DAY}}),
        ),
        ("alice", json!({"withdraw": {"ids": [lock]}})),
        ("alice", json!({"claim": {}})),
        ("alice", json!({"refresh": {"id": lock}})),
        ("guard", json!({"force_unlock": {"id": lock}})),
        ("fees", json!({"close_gauge": {"id": id}})),
        ("owner", json!({"evict_gauge": {"id": id}})),
        ("anyone", json!({"settle": {}})),
    ] {
        refused(&mut suite, sender, msg, &["epochs begin at"]);
    }
    suite.sudo(json!({"clock_end_block": {}})).unwrap();
    let epoch = suite.query(json!({"epoch": {}})).unwrap();
    assert_eq!(
        epoch,
        json!({"epoch": 1, "start": genesis, "end": genesis + DAY})
    );
    suite.pass_until(6 * DAY);
    assert_eq!(crate::support::paid(&mut suite, "alice", lock), 10);
    check_ledger(&suite);
}

#[test]
fn lists_in_messages_and_pages_are_short() {
    let mut suite = suite();
    let many: Vec<u64> = (1..=101).collect();
    for msg in [
        json!({"withdraw": {"ids": many}}),
        json!({"claim": {"lock_ids": many}}),
    ] {
        refused(
            &mut suite,
            "alice",
            msg,
            &["101 locks are above the limit of 100"],
        );
    }
    assert!(
        suite
            .query(json!({"estimate": {"lock_ids": many}}))
            .is_err()
    );
    for msg in [
        json!({"settle": {"limit": 0}}),
        json!({"claim": {"limit": 0}}),
        json!({"begin_unlock_all": {"limit": 0}}),
    ] {
        refused(&mut suite, "alice", msg, &["limit 0"]);
    }
}

#[test]
fn funds_are_refused_where_none_belong() {
    let mut suite = suite();
    let lock = suite.lock("alice", 10, DAY);
    for msg in [
        json!({"begin_unlock": {"id": lock}}),
        json!({"claim": {}}),
        json!({"settle": {}}),
        json!({"claim": {}}),
    ] {
        refused_with(&mut suite, "alice", msg, vec![coin(1, "ulp")], &["funds"]);
    }
}

#[test]
fn lists_of_settings_are_short() {
    let natives = |count: usize| -> Value {
        let list: Vec<Value> = (0..count)
            .map(|number| json!({"native": format!("denom{number}")}))
            .collect();
        json!(list)
    };
    let guards = |count: usize| -> Value {
        let list: Vec<String> = (0..count).map(|number| format!("@guard{number}")).collect();
        json!(list)
    };
    for (field, most, above) in [
        ("lock_assets", natives(32), natives(33)),
        ("reward_assets", natives(8), natives(9)),
        ("force_unlockers", guards(32), guards(33)),
    ] {
        assert!(GaugesSuite::builder().with(field, most).build().is_ok());
        assert!(GaugesSuite::builder().with(field, above).build().is_err());
    }
    let mut suite = suite();
    for number in 0..8 {
        let fee = json!({"denom": format!("fee{number}"), "amount": "1"});
        let msg = json!({"update_config": {"creation_fee": fee}});
        suite.execute("owner", msg).unwrap();
    }
    let fee = json!({"denom": "fee8", "amount": "1"});
    let msg = json!({"update_config": {"creation_fee": fee}});
    refused(&mut suite, "owner", msg, &["9 fee denoms"]);
}

#[test]
fn ids_of_locks_and_gauges_are_never_used_again() {
    let mut suite = GaugesSuite::builder()
        .with("force_unlockers", json!(["@guard"]))
        .build()
        .unwrap();
    for round in 0..3u64 {
        let lock = suite.lock("alice", 10, DAY);
        assert_eq!(lock, 2 * round + 1);
        // The part is a lock with an id of its own. Both records are deleted.
        for amount in [json!("4"), Value::Null] {
            let force = json!({"force_unlock": {"id": lock, "amount": amount}});
            suite.execute("guard", force).unwrap();
        }
        for id in [lock, lock + 1] {
            assert!(suite.query(json!({"lock": {"id": id}})).is_err());
        }
        let gauge = suite.gauge(DAY, 10, None);
        assert_eq!(gauge, round + 1);
        suite
            .execute("fees", json!({"close_gauge": {"id": gauge}}))
            .unwrap();
    }
    assert_eq!(suite.balance("alice", "ulp"), 10u128.pow(30));
    check_ledger(&suite);
}
