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
fn fees_go_to_the_withdraw_address_that_is_set() {
    let mut suite = pool(&[("v1", 1)]);
    let set = |to: &str| json!({"set_withdraw_address": {"withdraw_address": to}});
    let address = |suite: &PoaSuite| {
        let query = json!({"withdraw_address": {"operator": "@v1"}});
        suite.query(query).unwrap()["withdraw_address"].clone()
    };
    assert_eq!(address(&suite), suite.account("v1").as_str());
    let response = suite.execute("v1", set("@cold")).unwrap();
    let event = event(&response, "set_withdraw_address");
    assert_eq!(event["withdraw_address"], suite.account("cold").as_str());
    assert_eq!(address(&suite), suite.account("cold").as_str());
    suite.fees(5).unwrap();
    suite.withdraw("v1").unwrap();
    // For this once, to another account.
    suite.fees(7).unwrap();
    let once = json!({"withdraw_fees": {"withdraw_address": "@other"}});
    suite.execute("v1", once).unwrap();
    suite.fees(9).unwrap();
    suite.withdraw("v1").unwrap();
    suite.execute("v1", set("@v1")).unwrap();
    suite.fees(11).unwrap();
    suite.withdraw("v1").unwrap();
    let balances = ["cold", "other", "v1"].map(|name| has(&suite, name, "uatom"));
    assert_eq!(balances, [14, 7, 11]);
    suite.assert_sound("uatom");
}

#[test]
fn the_settings_stay_with_the_account_when_its_validator_is_handed_over() {
    let mut suite = pool(&[("v1", 1)]);
    let set = json!({"set_withdraw_address": {"withdraw_address": "@cold"}});
    suite.execute("v1", set).unwrap();
    suite
        .execute("v1", json!({"set_claimer": {"claimer": "@bot"}}))
        .unwrap();
    suite.fees(5).unwrap();
    suite.hand_over("v1", "heir").unwrap();
    suite.fees(7).unwrap();
    let by_claimer = |operator: &str| json!({"withdraw_fees": {"operator": operator}});
    suite.execute("bot", by_claimer("@v1")).unwrap();
    refused(&mut suite, "bot", by_claimer("@heir"), &["Unauthorized"]);
    suite.withdraw("heir").unwrap();
    let balances = ["cold", "heir"].map(|name| has(&suite, name, "uatom"));
    assert_eq!(balances, [5, 7]);
}

#[test]
fn a_claimer_pays_the_operator_and_names_no_address() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    let claimer = |suite: &PoaSuite| {
        suite
            .query(json!({"claimer": {"operator": "@v1"}}))
            .unwrap()
    };
    assert_eq!(claimer(&suite), json!({"claimer": null}));
    suite
        .execute("v1", json!({"set_claimer": {"claimer": "@bot"}}))
        .unwrap();
    assert_eq!(claimer(&suite), json!({"claimer": suite.account("bot")}));
    suite.fees(10).unwrap();
    let of_v1 = json!({"withdraw_fees": {"operator": "@v1"}});
    let redirected = json!({"withdraw_fees": {"operator": "@v1", "withdraw_address": "@bot"}});
    let bot = suite.account("bot").to_string();
    refused(
        &mut suite,
        "bot",
        redirected,
        &[&bot, "withdraw_address", "claimer"],
    );
    let response = suite.execute("bot", of_v1.clone()).unwrap();
    let withdrawn = event(&response, "withdraw_fees");
    assert_eq!(withdrawn["operator"], suite.account("v1").as_str());
    assert_eq!(withdrawn["id"], "1");
    assert_eq!(
        (has(&suite, "v1", "uatom"), has(&suite, "bot", "uatom")),
        (5, 0)
    );
    for sender in ["v2", "stranger", "owner"] {
        refused(&mut suite, sender, of_v1.clone(), &["Unauthorized"]);
    }
    let other = json!({"withdraw_fees": {"operator": "@v2"}});
    refused(&mut suite, "bot", other, &["Unauthorized"]);
    suite
        .execute("v1", json!({"set_claimer": {"claimer": null}}))
        .unwrap();
    refused(&mut suite, "bot", of_v1, &["Unauthorized"]);
    suite.assert_sound("uatom");
}

/// What an operator did not get is paid to where its next withdrawal goes.
#[test]
fn an_undelivered_payout_goes_to_the_withdraw_address() {
    let mut suite = pool(&[("v1", 1)]);
    let v1 = suite.account("v1");
    suite.fees(5).unwrap();
    suite.chain.block_transfers_to(&v1).unwrap();
    suite.withdraw("v1").unwrap();
    let set = json!({"set_withdraw_address": {"withdraw_address": "@cold"}});
    suite.execute("v1", set).unwrap();
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "cold", "uatom"), 5);
    suite.assert_sound("uatom");
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
        refused(
            &mut suite,
            "v1",
            json!({"set_withdraw_address": {"withdraw_address": address}}),
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
