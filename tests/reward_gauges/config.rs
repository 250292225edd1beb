//! Instantiation, settings, ownership, migration.

use serde_json::{Value, json};

use crate::support::{DAY, GaugesSuite, coin, refused, refused_with, suite};

#[test]
fn an_instantiation_that_breaks_a_rule_is_refused() {
    for (field, value, part) in [
        ("epoch_length", json!(0), "epoch_length"),
        ("epoch_length", json!(366 * DAY), "epoch_length"),
        ("durations", json!([]), "number of durations"),
        ("durations", json!([DAY - 1]), "duration is 86399"),
        ("durations", json!([DAY, DAY]), "listed twice"),
        (
            "durations",
            json!((1..=9).map(|day| day * DAY).collect::<Vec<u64>>()),
            "number of durations is 9",
        ),
        (
            "reward_assets",
            json!(
                (0..9)
                    .map(|n| json!({"native": format!("denom{n}")}))
                    .collect::<Vec<_>>()
            ),
            "above the limit of 8",
        ),
        (
            "reward_assets",
            json!([{"native": "no denom"}]),
            "is not a denom",
        ),
        ("reward_assets", json!([{"cw20": "nobody"}]), "address"),
        (
            "lock_assets",
            json!([{"native": "ulp"}, {"native": "ulp"}]),
            "listed twice",
        ),
        ("treasury", json!("nobody"), "address"),
        ("unknown", json!(1), "unknown"),
    ] {
        let error = match GaugesSuite::builder().with(field, value.clone()).build() {
            Ok(_) => panic!("{field} {value} was not refused"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(part), "{field} {value}: {error}");
    }
}

#[test]
fn only_the_owner_changes_settings_and_others_stay_as_they_are() {
    let mut suite = GaugesSuite::builder()
        .with("min_lock", json!("5"))
        .build()
        .unwrap();
    let before = suite.query(json!({"config": {}})).unwrap();
    refused(
        &mut suite,
        "alice",
        json!({"update_config": {"min_lock": "1"}}),
        &["Unauthorized"],
    );
    suite
        .execute("owner", json!({"update_config": {"min_per_epoch": "7"}}))
        .unwrap();
    let mut after = suite.query(json!({"config": {}})).unwrap();
    assert_eq!(after["min_per_epoch"], "7");
    after["min_per_epoch"] = json!("0");
    assert_eq!(after, before);
    // Epochs and the assets that can be locked are fixed.
    for field in ["genesis", "epoch_length", "lock_assets", "owner"] {
        let error = suite
            .execute("owner", json!({"update_config": {field: 1}}))
            .unwrap_err();
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn durations_are_only_ever_added() {
    let mut suite = suite();
    let update = |durations: Value| json!({"update_config": {"durations": durations}});
    suite.execute("owner", update(json!([2 * DAY]))).unwrap();
    suite
        .execute("owner", update(json!([DAY, 2 * DAY])))
        .unwrap();
    let config = suite.query(json!({"config": {}})).unwrap();
    assert_eq!(
        config["durations"],
        json!([DAY, 7 * DAY, 14 * DAY, 2 * DAY])
    );
    refused(
        &mut suite,
        "owner",
        update(json!((20..25).map(|day| day * DAY).collect::<Vec<u64>>())),
        &["9 durations are above the limit of 8"],
    );
}

#[test]
fn a_removed_reward_asset_is_refused_in_gauges_and_still_paid_from_them() {
    let mut suite = suite();
    suite.gauge(DAY, 100, Some(10));
    let lock = suite.lock("alice", 10, DAY);
    suite
        .execute(
            "owner",
            json!({"update_config": {"reward_assets": [{"native": "ubtc"}]}}),
        )
        .unwrap();
    let config = suite.query(json!({"config": {}})).unwrap();
    assert_eq!(config["reward_assets"], json!([{"native": "ubtc"}]));
    assert_eq!(
        config["removed_reward_assets"],
        json!([{"native": "uatom"}])
    );
    for msg in [
        json!({"add_to_gauge": {"id": 1}}),
        json!({"create_gauge": {"lock_asset": {"native": "ulp"}, "duration": DAY}}),
    ] {
        refused_with(
            &mut suite,
            "fees",
            msg,
            vec![coin(10, "uatom")],
            &["not a reward denom"],
        );
    }
    suite.pass_until(10 * DAY);
    assert_eq!(crate::support::paid(&mut suite, "alice", lock), 100);
    crate::support::check_ledger(&suite);
}

#[test]
fn ownership_changes_hands_in_two_steps() {
    let mut suite = suite();
    let offer = json!({"update_ownership": {"transfer_ownership": {
        "new_owner": "@alice", "expiry": null,
    }}});
    suite.execute("owner", offer).unwrap();
    suite
        .execute("alice", json!({"update_ownership": "accept_ownership"}))
        .unwrap();
    refused(
        &mut suite,
        "owner",
        json!({"update_config": {}}),
        &["Unauthorized"],
    );
    let answer = suite.query(json!({"ownership": {}})).unwrap();
    assert_eq!(answer["owner"], suite.account("alice").as_str());
    suite
        .execute("alice", json!({"update_ownership": "renounce_ownership"}))
        .unwrap();
    refused(
        &mut suite,
        "alice",
        json!({"evict_gauge": {"id": 1}}),
        &["renounced"],
    );
}

#[test]
fn migration_keeps_the_state() {
    let mut suite = suite();
    let lock = suite.lock("alice", 10, DAY);
    let owner = suite.account("owner");
    let (contract, code_id) = (suite.contract.clone(), suite.code_id);
    let before = suite.dump();
    suite
        .chain
        .migrate(&owner, &contract, code_id, &json!({}))
        .unwrap();
    assert!(before == suite.dump());
    assert_eq!(
        suite.query(json!({"lock": {"id": lock}})).unwrap()["amount"],
        "10"
    );
}

#[test]
fn a_removed_reward_asset_counts_to_the_limit_of_eight_and_can_be_added_again() {
    let listed = |numbers: &[u64]| -> Value {
        numbers
            .iter()
            .map(|number| json!({"native": format!("denom{number}")}))
            .collect()
    };
    let mut suite = GaugesSuite::builder()
        .with("reward_assets", listed(&[0, 1, 2, 3, 4, 5, 6, 7]))
        .build()
        .unwrap();
    let update = |assets: Value| json!({"update_config": {"reward_assets": assets}});
    suite
        .execute("owner", update(listed(&[0, 1, 2, 3, 4, 5, 6])))
        .unwrap();
    let ninth = update(listed(&[0, 1, 2, 3, 4, 5, 6, 8]));
    refused(&mut suite, "owner", ninth, &["9 reward denoms", "8"]);
    suite.execute("owner", update(listed(&[]))).unwrap();
    refused(
        &mut suite,
        "owner",
        update(listed(&[8])),
        &["9 reward denoms"],
    );
    suite.execute("owner", update(listed(&[7]))).unwrap();
    let config = suite.query(json!({"config": {}})).unwrap();
    assert_eq!(config["reward_assets"], listed(&[7]));
    assert_eq!(
        config["removed_reward_assets"],
        listed(&[0, 1, 2, 3, 4, 5, 6])
    );
}

#[test]
fn durations_reach_from_an_epoch_to_ten_years() {
    let ten_years = 10 * 365 * DAY;
    let built = |duration: u64| {
        GaugesSuite::builder()
            .with("durations", json!([duration]))
            .build()
    };
    for good in [DAY, ten_years] {
        assert!(built(good).is_ok());
    }
    for bad in [0, DAY - 1, ten_years + 1, u64::MAX] {
        let error = match built(bad) {
            Ok(_) => panic!("{bad} was not refused"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(&format!("duration is {bad}")), "{error}");
        let mut suite = suite();
        refused(
            &mut suite,
            "owner",
            json!({"update_config": {"durations": [bad]}}),
            &[&format!("duration is {bad}")],
        );
    }
}

#[test]
fn a_new_contract_prices_the_slots_of_its_pools_or_says_who_takes_them() {
    let fee = |amount: &str| json!({"denom": "uatom", "amount": amount});
    for (fee, creators, is_taken) in [
        (Value::Null, Value::Null, false),
        (Value::Null, json!([]), false),
        (fee("0"), json!([]), false),
        (fee("1"), Value::Null, true),
        (Value::Null, json!(["@fees"]), true),
    ] {
        let built = GaugesSuite::builder()
            .with("creation_fee", fee.clone())
            .with("gauge_creators", creators.clone())
            .build();
        match built {
            Ok(_) => assert!(is_taken, "{fee} {creators}"),
            Err(error) => {
                assert!(!is_taken, "{fee} {creators}: {error}");
                let text = error.to_string();
                assert!(text.contains("the slots of a pool would be free"), "{text}");
            }
        }
    }
}

#[test]
fn an_empty_list_of_what_can_be_locked_is_refused_since_it_is_fixed() {
    let built = GaugesSuite::builder()
        .with("lock_assets", json!([]))
        .build();
    let error = built.err().unwrap().to_string();
    assert!(error.contains("lock_assets is empty"), "{error}");
}
