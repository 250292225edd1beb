//! Operators are paid whole coins and keep the fraction.

use serde_json::json;
use testkit::expect::{coins, event, has, refused};
use testkit::poa_pool::PoaSuite;

use crate::support::{GOLD, pool, three_denoms};

#[test]
fn whole_coins_are_paid_and_the_fraction_is_kept() {
    let mut suite = PoaSuite::builder()
        .with(
            "validators",
            json!([{"operator": "@v1", "power": "1", "fees": [{"denom": "uatom", "amount": "100.7543"}]}]),
        )
        .funds(101, "uatom")
        .build()
        .unwrap();
    // 101 base units cover the imported 100.7543; the difference is undistributed.
    assert_eq!(
        suite.query(json!({"checkpoint": {}})).unwrap()["unallocated"],
        json!([{"denom": "uatom", "amount": "0.2457"}])
    );
    suite.add_members(&[("v2", 1)]).unwrap();
    // Adding v2 takes a checkpoint, which allocates the difference to v1, alone until then.
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 101);
    suite.assert_sound("uatom");

    let mut suite = PoaSuite::builder()
        .with(
            "validators",
            json!([{"operator": "@v1", "power": "0", "fees": [{"denom": "uatom", "amount": "100.7543"}]}]),
        )
        .funds(101, "uatom")
        .build()
        .unwrap();
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100);
    assert_eq!(suite.withdrawable("v1").unwrap(), "0.7543");
    suite.assert_sound("uatom");
}

#[test]
fn nothing_owed_is_no_error_and_pays_nothing() {
    let mut suite = pool(&[("v1", 1)]);
    let response = suite.withdraw("v1").unwrap();
    assert_eq!(event(&response, "withdraw_fees")["amount"], "0uatom");
    suite.create_validator("candidate").unwrap();
    suite.withdraw("candidate").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 0);
}

#[test]
fn a_withdraw_address_counts_for_one_withdrawal() {
    let mut suite = pool(&[("v1", 1)]);
    suite.fees(5).unwrap();
    let response = suite
        .execute(
            "v1",
            json!({"withdraw_fees": {"withdraw_address": "@cold"}}),
        )
        .unwrap();
    assert_eq!(
        event(&response, "withdraw_fees")["withdraw_address"],
        suite.account("cold").as_str()
    );
    assert_eq!(has(&suite, "cold", "uatom"), 5);
    suite.fees(5).unwrap();
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 5);
}

#[test]
fn only_operators_and_former_operators_withdraw() {
    let mut suite = pool(&[("v1", 1)]);
    suite.fees(5).unwrap();
    let stranger = suite.account("stranger").to_string();
    refused(
        &mut suite,
        "stranger",
        json!({"withdraw_fees": {}}),
        &[&stranger, "no operator"],
    );
}

#[test]
fn the_pool_and_invalid_addresses_are_refused_as_withdraw_address() {
    let mut suite = pool(&[("v1", 1)]);
    for (address, part) in [
        ("@pool", "this contract"),
        ("@@v1", "prefix"),
        ("cosmos1nobody", "bech32"),
        ("", "bech32"),
    ] {
        refused(
            &mut suite,
            "v1",
            json!({"withdraw_fees": {"withdraw_address": address}}),
            &[part],
        );
    }
}

#[test]
fn every_denom_is_paid_and_keeps_its_own_fraction() {
    let mut suite = three_denoms()
        .validators(&[("v1", 1), ("v2", 3)])
        .build()
        .unwrap();
    for (amount, denom) in [(5, "uatom"), (6, "ubtc"), (7, GOLD)] {
        suite.send("fees", "pool", amount, denom).unwrap();
    }
    let answer = suite
        .query(json!({"withdrawable_fees": {"operator": "@v1"}}))
        .unwrap();
    assert_eq!(
        answer,
        json!({
            "rewards": [
                {"denom": GOLD, "amount": "1.75"},
                {"denom": "uatom", "amount": "1.25"},
                {"denom": "ubtc", "amount": "1.5"},
            ],
            "claimable": coins(&[(1, GOLD), (1, "uatom"), (1, "ubtc")]),
        })
    );
    let response = suite.withdraw("v1").unwrap();
    assert_eq!(
        event(&response, "withdraw_fees")["amount"],
        format!("1{GOLD},1uatom,1ubtc")
    );
    let answer = suite
        .query(json!({"withdrawable_fees": {"operator": "@v1"}}))
        .unwrap();
    assert_eq!(
        answer["rewards"],
        json!([
            {"denom": GOLD, "amount": "0.75"},
            {"denom": "uatom", "amount": "0.25"},
            {"denom": "ubtc", "amount": "0.5"},
        ])
    );
    for denom in ["uatom", "ubtc", GOLD] {
        suite.assert_sound(denom);
    }
}

#[test]
fn what_the_query_shows_is_what_a_withdrawal_pays() {
    let mut suite = pool(&[("v1", 37), ("v2", 41)]);
    for round in 1..=20u128 {
        suite.fees(round * 7 + 1).unwrap();
        let operator = if round % 2 == 0 { "v1" } else { "v2" };
        let shown = suite
            .query(json!({"withdrawable_fees": {"operator": format!("@{operator}")}}))
            .unwrap();
        let before = has(&suite, operator, "uatom");
        suite.withdraw(operator).unwrap();
        let paid = has(&suite, operator, "uatom") - before;
        assert_eq!(shown["claimable"], coins(&[(paid, "uatom")]));
        suite.assert_sound("uatom");
    }
}

#[test]
fn withdrawing_often_or_late_changes_no_total() {
    let total = |eager: bool| {
        let mut suite = pool(&[("v1", 3), ("v2", 5), ("v3", 11)]);
        for _ in 0..30 {
            suite.fees(17).unwrap();
            if eager {
                suite.withdraw("v1").unwrap();
                suite.checkpoint().unwrap();
            }
        }
        ["v1", "v2", "v3"].map(|name| {
            suite.withdraw(name).unwrap();
            has(&suite, name, "uatom")
        })
    };
    assert_eq!(total(true), total(false));
    assert_eq!(total(false), [80, 134, 295]);
}
