//! Who is paid what and where, and what remains.

use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    GOLD, block, books_hold_and_all_is_split, by_accounting, claimable, coins, community_pool,
    event, events, everything, has, plain_split, refused, undelivered,
};

/// Alice has a third of `v1`, the operator another one and Bob the last; `v1` takes a tenth.
fn thirds() -> FeePoolSuite {
    let mut suite = plain_split().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    suite.set_power("v1", 100).unwrap();
    for delegator in ["alice", "bob", "v1"] {
        suite.set_shares(delegator, "v1", "1").unwrap();
    }
    suite
}

fn of_v1(delegator: &str) -> Value {
    json!({"withdraw_delegator_reward": {
        "validator": "@@v1", "delegator": format!("@{delegator}"),
    }})
}

#[test]
fn whole_coins_are_paid_and_the_fraction_is_kept() {
    let mut suite = thirds();
    block(&mut suite, &[(100, "uatom"), (2, "ubtc")], None);
    assert_eq!(
        suite.rewards("alice", "v1").unwrap()["rewards"],
        json!([{"denom": "uatom", "amount": "30"}, {"denom": "ubtc", "amount": "0.6"}])
    );
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 30);
    assert_eq!(has(&suite, "alice", "ubtc"), 0);
    block(&mut suite, &[(2, "ubtc")], None);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "ubtc"), 1);
    assert_eq!(
        suite.rewards("alice", "v1").unwrap()["rewards"],
        json!([{"denom": "ubtc", "amount": "0.2"}])
    );
    // Commission: 0.4 of a coin waits until it is one.
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 10);
    assert_eq!(has(&suite, "v1", "ubtc"), 0);
    for _ in 0..3 {
        block(&mut suite, &[(2, "ubtc")], None);
    }
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "ubtc"), 1);
    assert_eq!(
        suite
            .query(json!({"validator_commission": {"validator": "@@v1"}}))
            .unwrap(),
        json!({"rewards": [], "claimable": []})
    );
    books_hold_and_all_is_split(&suite);
}

#[test]
fn nothing_owed_is_no_error_and_pays_nothing() {
    let mut suite = thirds();
    for (sender, msg) in [
        (
            "alice",
            json!({"withdraw_delegator_reward": {"validator": "@@v1"}}),
        ),
        (
            "stranger",
            json!({"withdraw_delegator_reward": {"validator": "@@v1"}}),
        ),
        ("stranger", json!({"withdraw_delegation": {}})),
        (
            "v1",
            json!({"withdraw_validator_commission": {"validator": "@@v1"}}),
        ),
        ("v1", json!({"withdraw_validator": {"validator": "@@v1"}})),
    ] {
        let response = suite.execute(sender, msg.clone()).unwrap();
        assert!(
            !response.events.iter().any(|event| event.ty == "transfer"),
            "{msg}"
        );
    }
    let response = suite.withdraw("stranger", "v1").unwrap();
    assert_eq!(event(&response, "withdraw_rewards")["amount"], "0uatom");
    // Asking makes no record.
    let answer = suite
        .query(json!({"delegator_validators": {"delegator": "@stranger"}}))
        .unwrap();
    assert_eq!(answer["validators"], json!([]));
}

#[test]
fn a_withdrawal_goes_to_the_withdraw_address_until_it_is_set_back() {
    let mut suite = thirds();
    let to = |address: &str| json!({"set_withdraw_address": {"withdraw_address": address}});
    let asked = |suite: &FeePoolSuite| {
        suite
            .query(json!({"delegator_withdraw_address": {"delegator": "@v1"}}))
            .unwrap()["withdraw_address"]
            .clone()
    };
    assert_eq!(asked(&suite), suite.account("v1").as_str());
    suite.execute("v1", to("@vault")).unwrap();
    assert_eq!(asked(&suite), suite.account("vault").as_str());
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw("v1", "v1").unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 300);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 400);
    block(&mut suite, &[(1000, "uatom")], None);
    suite
        .execute("v1", json!({"withdraw_validator": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 800);
    block(&mut suite, &[(1000, "uatom")], None);
    suite
        .execute("v1", json!({"withdraw_delegation": {}}))
        .unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 1100);
    assert_eq!(has(&suite, "v1", "uatom"), 0);

    // Alice's is her own.
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 900);

    suite.execute("v1", to("@v1")).unwrap();
    assert_eq!(asked(&suite), suite.account("v1").as_str());
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_setting_that_is_switched_off_leaves_no_record() {
    let mut suite = thirds();
    let before = suite.dump();
    suite
        .execute(
            "alice",
            json!({"set_withdraw_address": {"withdraw_address": "@vault"}}),
        )
        .unwrap();
    suite
        .execute("alice", json!({"set_claimer": {"claimer": "@bot"}}))
        .unwrap();
    assert_ne!(suite.dump(), before);
    suite
        .execute(
            "alice",
            json!({"set_withdraw_address": {"withdraw_address": "@alice"}}),
        )
        .unwrap();
    suite.execute("alice", json!({"set_claimer": {}})).unwrap();
    assert!(suite.dump() == before);
}

#[test]
fn withdraw_addresses_obey_their_param_and_the_pool_is_none() {
    let mut suite = thirds();
    let set = |address: &str| json!({"set_withdraw_address": {"withdraw_address": address}});
    let once = |address: &str| json!({"withdraw_delegation": {"withdraw_address": address}});
    let validator = |address: &str| json!({"withdraw_validator": {"validator": "@@v1", "withdraw_address": address}});
    let pool = suite.pool.to_string();
    for msg in [set("@pool"), once("@pool"), validator("@pool")] {
        refused(&mut suite, "v1", msg, &[&pool, "is this contract"]);
    }
    suite.execute("v1", set("@vault")).unwrap();
    suite
        .execute(
            "owner",
            json!({"update_params": {"withdraw_addr_enabled": false}}),
        )
        .unwrap();
    for msg in [
        set("@vault"),
        set("@v1"),
        once("@vault"),
        validator("@vault"),
    ] {
        refused(&mut suite, "v1", msg, &["withdraw_addr_enabled"]);
    }
    // What was set stands.
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw("v1", "v1").unwrap();
    assert_eq!(has(&suite, "vault", "uatom"), 300);
}

#[test]
fn a_claimer_triggers_withdrawals_and_redirects_none() {
    let mut suite = thirds();
    suite
        .execute("v1", json!({"set_claimer": {"claimer": "@bot"}}))
        .unwrap();
    suite
        .execute(
            "v1",
            json!({"set_withdraw_address": {"withdraw_address": "@vault"}}),
        )
        .unwrap();
    let mut expected = 0;
    for (msg, amount) in [
        (of_v1("v1"), 300),
        (json!({"withdraw_delegation": {"delegator": "@v1"}}), 300),
        (
            json!({"withdraw_validator_commission": {"validator": "@@v1"}}),
            300,
        ),
        (json!({"withdraw_validator": {"validator": "@@v1"}}), 700),
    ] {
        block(&mut suite, &[(1000, "uatom")], None);
        suite.execute("bot", msg.clone()).unwrap();
        expected += amount;
        assert_eq!(has(&suite, "vault", "uatom"), expected, "{msg}");
    }
    assert_eq!(has(&suite, "bot", "uatom"), 0);

    let (owner, bot) = (suite.account("v1"), suite.account("bot"));
    for msg in [
        json!({"withdraw_delegation": {"delegator": "@v1", "withdraw_address": "@bot"}}),
        json!({"withdraw_validator": {"validator": "@@v1", "withdraw_address": "@bot"}}),
        // Not even to where it goes anyway.
        json!({"withdraw_delegation": {"delegator": "@v1", "withdraw_address": "@vault"}}),
    ] {
        refused(&mut suite, "bot", msg, &[owner.as_str(), bot.as_str()]);
    }
    // For nobody else, and not the other way round.
    refused(
        &mut suite,
        "bot",
        of_v1("alice"),
        &[bot.as_str(), "claimer"],
    );
    refused(&mut suite, "v1", of_v1("bot"), &[owner.as_str(), "claimer"]);

    suite
        .execute("v1", json!({"set_claimer": {"claimer": null}}))
        .unwrap();
    refused(&mut suite, "bot", of_v1("v1"), &[bot.as_str(), "claimer"]);
    assert_eq!(
        suite
            .query(json!({"claimer": {"delegator": "@v1"}}))
            .unwrap(),
        json!({"claimer": null})
    );
}

#[test]
fn a_claimer_of_a_claimer_is_none() {
    let mut suite = thirds();
    for (account, claimer) in [("alice", "@bot"), ("bot", "@mallory")] {
        suite
            .execute(account, json!({"set_claimer": {"claimer": claimer}}))
            .unwrap();
    }
    let mallory = suite.account("mallory");
    refused(&mut suite, "mallory", of_v1("alice"), &[mallory.as_str()]);
}

#[test]
fn a_leaver_keeps_what_it_earned() {
    let mut suite = thirds();
    block(&mut suite, &[(1000, "uatom"), (1, "ubtc")], None);
    suite.set_shares("alice", "v1", "0").unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 300);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 750);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 300);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_removed_validator_still_pays_everybody() {
    let mut suite = thirds();
    block(&mut suite, &[(1000, "uatom")], Some("v1"));
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    block(&mut suite, &[(5000, "uatom")], Some("v1"));
    suite.set_shares("bob", "v1", "0").unwrap();
    suite.withdraw("alice", "v1").unwrap();
    suite.withdraw("bob", "v1").unwrap();
    suite
        .execute("v1", json!({"withdraw_validator": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 300);
    assert_eq!(has(&suite, "bob", "uatom"), 300);
    assert_eq!(has(&suite, "v1", "uatom"), 400);
    assert_eq!(community_pool(&suite, "uatom"), 5000);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_record_without_units_is_deleted_and_its_dust_is_the_communitys() {
    let mut suite = thirds();
    block(&mut suite, &[(1, "uatom"), (12, "ubtc")], None);
    let records = suite.dump().len();
    suite.set_shares("alice", "v1", "0").unwrap();
    // It deletes nothing, and is a line of the log of `lazy`.
    let records = by_accounting(records, records + 1);
    assert_eq!(suite.dump().len(), records);

    let response = suite.withdraw("alice", "v1").unwrap();

    assert_eq!(has(&suite, "alice", "ubtc"), 3);
    let dust = events(&response, "to_community_pool")
        .into_iter()
        .find(|event| event["reason"] == "closed_delegation")
        .unwrap();
    assert_eq!(dust["amount"], "0.3uatom,0.6ubtc");
    // The record and its index are gone; what was taken of a validator is a record of `lazy`.
    let records = records - by_accounting(2, 1);
    assert_eq!(suite.dump().len(), records);
    let answer = suite
        .query(json!({"delegator_validators": {"delegator": "@alice"}}))
        .unwrap();
    assert_eq!(answer["validators"], json!([]));
    books_hold_and_all_is_split(&suite);

    // A second withdrawal finds nothing, and who comes back begins anew.
    let before = everything(&suite);
    suite.withdraw("alice", "v1").unwrap();
    assert!(everything(&suite) == before);
    suite.set_shares("alice", "v1", "1").unwrap();
    assert_eq!(suite.rewards("alice", "v1").unwrap()["rewards"], json!([]));
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_record_with_a_whole_coin_of_any_denom_is_not_deleted() {
    let mut suite = thirds();
    block(&mut suite, &[(100, "uatom"), (12, "ubtc")], None);
    suite.set_shares("alice", "v1", "0").unwrap();
    suite
        .execute(
            "alice",
            json!({"withdraw_delegator_reward": {"validator": "@@v1", "denoms": ["uatom"]}}),
        )
        .unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 30);
    assert_eq!(
        suite.rewards("alice", "v1").unwrap()["rewards"],
        json!([{"denom": "ubtc", "amount": "3.6"}])
    );
    suite
        .execute("alice", json!({"withdraw_delegation": {}}))
        .unwrap();
    assert_eq!(has(&suite, "alice", "ubtc"), 3);
    assert_eq!(suite.rewards("alice", "v1").unwrap()["rewards"], json!([]));
    books_hold_and_all_is_split(&suite);
}

#[test]
fn commission_and_self_delegation_come_together() {
    let mut suite = thirds();
    block(&mut suite, &[(1000, "uatom"), (1000, GOLD)], None);
    let response = suite
        .execute("v1", json!({"withdraw_validator": {"validator": "@@v1"}}))
        .unwrap();
    let gold = |amount: u32| format!("{amount}{GOLD},{amount}uatom");
    assert_eq!(event(&response, "withdraw_commission")["amount"], gold(100));
    assert_eq!(event(&response, "withdraw_rewards")["amount"], gold(300));
    assert_eq!(has(&suite, "v1", "uatom"), 400);
    assert_eq!(has(&suite, "v1", GOLD), 400);
    // One transfer a denom.
    let transfers = response
        .events
        .iter()
        .filter(|event| event.ty == "transfer")
        .count();
    assert_eq!(transfers, 2);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn two_fractions_of_one_operator_are_floored_apart() {
    let mut suite = thirds();
    // 1.8 of commission, 5.4 of self-delegation.
    block(&mut suite, &[(18, "uatom")], None);
    suite
        .execute("v1", json!({"withdraw_validator": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 1 + 5);
    books_hold_and_all_is_split(&suite);
}

/// Alice has part of nine validators; one is removed and from two she has left.
fn nine_delegations() -> FeePoolSuite {
    let mut suite = plain_split().build().unwrap();
    for number in 1..=9u32 {
        let validator = format!("v{number}");
        suite.create_validator(&validator, "0.07").unwrap();
        suite.set_power(&validator, u64::from(number * 10)).unwrap();
        suite
            .set_shares("alice", &validator, &number.to_string())
            .unwrap();
        suite.set_shares("bob", &validator, "13").unwrap();
    }
    block(
        &mut suite,
        &[(10_007, "uatom"), (501, "ubtc"), (99, GOLD)],
        Some("v3"),
    );
    for validator in ["v2", "v5"] {
        suite.set_shares("alice", validator, "0").unwrap();
    }
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v7"}}))
        .unwrap();
    block(&mut suite, &[(10_007, "uatom"), (77, GOLD)], Some("v4"));
    suite
}

/// Withdraws all of Alice's delegations, and returns how many pages that took.
fn withdraw_in_pages(suite: &mut FeePoolSuite, limit: Value) -> usize {
    let mut pages = 0;
    let mut start_after = Value::Null;
    loop {
        let msg = json!({"withdraw_delegation": {"start_after": start_after, "limit": limit}});
        let response = suite.execute("alice", msg).unwrap();
        pages += 1;
        let data: Value = serde_json::from_slice(response.data.as_ref().unwrap()).unwrap();
        let found = events(&response, "next_page");
        if data["next"].is_null() {
            assert!(found.is_empty());
            return pages;
        }
        assert_eq!(found[0]["next"], data["next"].as_str().unwrap());
        start_after = data["next"].clone();
    }
}

#[test]
fn page_size_never_changes_the_result() {
    let mut one_by_one = nine_delegations();
    for number in 1..=9 {
        one_by_one.withdraw("alice", &format!("v{number}")).unwrap();
    }
    let expected = everything(&one_by_one);
    assert!(has(&one_by_one, "alice", "uatom") > 0);
    books_hold_and_all_is_split(&one_by_one);
    for (limit, pages) in [
        (json!(1), 9),
        (json!(2), 5),
        (json!(3), 3),
        (json!(4), 3),
        (json!(5), 2),
        (json!(6), 2),
        (json!(7), 2),
        (json!(8), 2),
        (json!(9), 1),
        (json!(10), 1),
        (json!(100), 1),
        (json!(u32::MAX), 1),
        (Value::Null, 1),
    ] {
        let mut suite = nine_delegations();
        assert_eq!(withdraw_in_pages(&mut suite, limit.clone()), pages);
        assert!(everything(&suite) == expected, "limit {limit}");
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_page_has_thirty_delegations_by_default_and_never_more_than_a_hundred() {
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    let terms = json!({"rate": "0", "max_rate": "1", "max_change_rate": "1"});
    let (validators, delegations): (Vec<Value>, Vec<Value>) = (0..130)
        .map(|number| {
            let validator = format!("@@v{number}");
            (
                json!({"validator": validator, "power": "1", "commission": terms}),
                json!({"delegator": "@alice", "validator": validator, "shares": "1"}),
            )
        })
        .unzip();
    suite
        .execute(
            "owner",
            json!({"import": {"validators": validators, "delegations": delegations}}),
        )
        .unwrap();
    suite.execute("owner", json!({"activate": {}})).unwrap();
    block(&mut suite, &[(1300, "uatom")], None);
    for (limit, expected) in [
        (Value::Null, 30),
        (json!(100), 100),
        (json!(101), 100),
        (json!(u32::MAX), 100),
    ] {
        let before = has(&suite, "alice", "uatom");
        suite
            .execute("alice", json!({"withdraw_delegation": {"limit": limit}}))
            .unwrap();
        assert_eq!(
            has(&suite, "alice", "uatom") - before,
            expected * 10,
            "limit {limit}"
        );
        block(&mut suite, &[(1300, "uatom")], None);
        withdraw_in_pages(&mut suite, json!(100));
        block(&mut suite, &[(1300, "uatom")], None);
    }
}

#[test]
fn every_delegation_pays_its_own_floor() {
    let mut suite = plain_split().build().unwrap();
    for validator in ["v1", "v2", "v3"] {
        suite.create_validator(validator, "0").unwrap();
        suite.set_power(validator, 1).unwrap();
        suite.set_shares("alice", validator, "1").unwrap();
    }
    block(&mut suite, &[(5, "uatom")], None);
    let total = suite
        .query(json!({"delegation_total_rewards": {"delegator": "@alice"}}))
        .unwrap();
    assert_eq!(total["claimable"], coins(&[(3, "uatom")]));
    suite
        .execute("alice", json!({"withdraw_delegation": {}}))
        .unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 3);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_withdrawal_for_another_account_is_refused_even_when_nothing_is_owed() {
    let mut suite = thirds();
    let stranger = suite.account("stranger");
    for msg in [
        of_v1("alice"),
        of_v1("nobody"),
        json!({"withdraw_delegation": {"delegator": "@alice"}}),
        json!({"withdraw_validator_commission": {"validator": "@@v1"}}),
        json!({"withdraw_validator": {"validator": "@@v1"}}),
        // Somebody's address is not yet a validator's.
        json!({"withdraw_validator": {"validator": "@@v1", "withdraw_address": "@stranger"}}),
    ] {
        refused(
            &mut suite,
            "stranger",
            msg,
            &[stranger.as_str(), "the owner of the claim or its claimer"],
        );
    }
    assert_eq!(undelivered(&suite, "alice"), json!([]));
}
