//! Funds, denoms and amounts.

use cosmwasm_std::{Coin, Uint256, coin};
use serde_json::{Value, json};

use super::{pool, reward_v1};
use crate::behaviour::authority;
use crate::support::{
    GOLD, block, books_hold_and_all_is_split, coins, plain_split, refused, refused_with,
};

#[test]
fn funds_are_refused_by_every_message_that_takes_none() {
    for rule in authority::rules() {
        // What the imported state owes is covered by coins that come with these.
        let may_be_paid = ["import", "activate"].contains(&rule.name());
        if may_be_paid || !rule.funds.is_empty() {
            continue;
        }
        let mut suite = authority::pool(&rule.source, rule.active);
        let sender = rule.allowed[0];
        let funds = vec![coin(1, "uatom")];
        let purse = suite.account(sender);
        suite.chain.mint(&purse, &funds).unwrap();
        refused_with(&mut suite, sender, rule.msg, funds, &["funds"]);
    }
}

#[test]
fn setting_up_takes_no_funds() {
    let mut suite = pool();
    let owner = suite.account("owner");
    let funds = vec![coin(1, "uatom")];
    suite.chain.mint(&owner, &funds).unwrap();
    let new = testkit::chain::NewContract {
        code_id: suite.code_id,
        sender: &owner,
        label: "pool",
        admin: None,
        funds: &funds,
    };
    let error = suite
        .chain
        .instantiate(new, &json!({"reward_denoms": ["uatom"]}))
        .unwrap_err();
    assert!(error.to_string().contains("funds"), "{error}");
}

#[test]
fn a_message_that_needs_funds_is_refused_without() {
    let mut suite = pool();
    for msg in [
        json!({"deposit": {}}),
        json!({"fund_community_pool": {}}),
        json!({"deposit_validator_rewards": {"allocations": []}}),
    ] {
        refused(&mut suite, "fees", msg, &["No funds"]);
    }
}

#[test]
fn unlisted_and_removed_denoms_are_refused_and_named() {
    let mut suite = pool();
    suite
        .execute(
            "owner",
            json!({"update_reward_denoms": {"remove": ["ubtc"]}}),
        )
        .unwrap();
    for denom in ["uosmo", "ubtc"] {
        for funds in [vec![coin(5, denom)], vec![coin(5, "uatom"), coin(5, denom)]] {
            let mut amount = funds.clone();
            amount.sort_by(|a, b| a.denom.cmp(&b.denom));
            for msg in [
                json!({"deposit": {}}),
                json!({"fund_community_pool": {}}),
                reward_v1(json!(amount)),
                reward_v1(coins(&[(5, "uatom")])),
            ] {
                let parts = [denom, "not a reward denom"];
                refused_with(&mut suite, "fees", msg, funds.clone(), &parts);
            }
        }
        refused_with(
            &mut suite,
            "fees",
            reward_v1(coins(&[(5, "uatom"), (5, denom)])),
            vec![coin(5, "uatom")],
            &[denom, "not a reward denom"],
        );
    }
    refused(
        &mut suite,
        "alice",
        json!({"withdraw_delegator_reward": {"validator": "@@v1", "denoms": ["uatom", "uosmo"]}}),
        &["uosmo", "not a reward denom"],
    );
    refused(
        &mut suite,
        "owner",
        json!({"community_pool_spend": {
            "recipient": "@grantee", "amount": coins(&[(1, "uatom"), (1, "uosmo")]),
        }}),
        &["uosmo", "not a reward denom"],
    );
}

#[test]
fn allocations_and_funds_must_be_equal() {
    let mut suite = pool();
    let allocate = |amounts: &[Value]| {
        let allocations: Vec<Value> = amounts
            .iter()
            .map(|amount| json!({"validator": "@@v1", "amount": amount}))
            .collect();
        json!({"deposit_validator_rewards": {"allocations": allocations}})
    };
    let five = coins(&[(5, "uatom")]);
    let huge = json!([{"denom": "uatom", "amount": Uint256::MAX.to_string()}]);
    let cases: Vec<(Value, Vec<Coin>, &[&str])> = vec![
        (
            allocate(&[]),
            vec![coin(10, "uatom")],
            &["add up to 0uatom", "sent are 10uatom"],
        ),
        (
            allocate(std::slice::from_ref(&five)),
            vec![coin(10, "uatom")],
            &["add up to 5uatom", "sent are 10uatom"],
        ),
        (
            allocate(&[five.clone(), five.clone()]),
            vec![coin(9, "uatom")],
            &["add up to 10uatom", "sent are 9uatom"],
        ),
        (
            allocate(std::slice::from_ref(&five)),
            vec![coin(5, "uatom"), coin(1, "ubtc")],
            &["add up to 0ubtc", "sent are 1ubtc"],
        ),
        (
            allocate(&[coins(&[(5, "uatom"), (1, "ubtc")])]),
            vec![coin(5, "uatom")],
            &["add up to 1ubtc", "sent are 0ubtc"],
        ),
        (
            allocate(&[huge.clone(), huge]),
            vec![coin(5, "uatom")],
            &["sent are 5uatom"],
        ),
        (
            allocate(&[coins(&[(5, "uatom"), (0, "ubtc")])]),
            vec![coin(5, "uatom")],
            &["0ubtc", "moves nothing"],
        ),
        (
            allocate(&[json!([])]),
            vec![coin(5, "uatom")],
            &["add up to 0uatom"],
        ),
        (
            allocate(&[coins(&[(2, "uatom")]), coins(&[(3, "uatom")])]),
            vec![coin(5, "uatom")],
            &["named twice"],
        ),
        (
            allocate(&[coins(&[(2, "uatom"), (3, "uatom")])]),
            vec![coin(5, "uatom")],
            &["uatom", "twice"],
        ),
    ];
    for (msg, funds, parts) in cases {
        refused_with(&mut suite, "fees", msg, funds, parts);
    }
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    let operator = suite.operator("v1");
    refused_with(
        &mut suite,
        "fees",
        allocate(&[five]),
        vec![coin(5, "uatom")],
        &[operator.as_str(), "removed"],
    );
}

#[test]
fn deposits_beyond_the_bound_on_receipts_are_refused_and_named() {
    let beyond = Uint256::from(u128::MAX) + Uint256::one();
    let half = Uint256::one() << 127;
    for denom in ["uatom", GOLD] {
        let mut suite = plain_split().build().unwrap();
        suite.create_validator("v1", "0").unwrap();
        let whale = suite.account("whale");
        let purse = vec![Coin::new(beyond * Uint256::from(8u128), denom)];
        suite.chain.mint(&whale, &purse).unwrap();
        let messages = |amount: Uint256| {
            [
                json!({"fund_community_pool": {}}),
                reward_v1(json!([{"denom": denom, "amount": amount.to_string()}])),
                json!({"deposit": {}}),
            ]
        };
        for msg in messages(beyond) {
            let funds = vec![Coin::new(beyond, denom)];
            let amount = format!("{beyond}{denom}");
            refused_with(
                &mut suite,
                "whale",
                msg,
                funds,
                &[&amount, "above 2^128 - 1"],
            );
        }
        // Half of it fits once, and not twice, however it comes.
        let funds = vec![Coin::new(half, denom)];
        suite
            .execute_with("whale", messages(half)[0].clone(), funds.clone())
            .unwrap();
        for msg in messages(half) {
            let (amount, funds) = (format!("{half}{denom}"), funds.clone());
            refused_with(
                &mut suite,
                "whale",
                msg,
                funds,
                &[&amount, "above 2^128 - 1"],
            );
        }
        // One less does.
        let last = half - Uint256::one();
        let funds = vec![Coin::new(last, denom)];
        suite
            .execute_with("whale", messages(last)[2].clone(), funds)
            .unwrap();
        block(&mut suite, &[], None);
        books_hold_and_all_is_split(&suite);
        refused_with(
            &mut suite,
            "whale",
            json!({"deposit": {}}),
            vec![coin(1, denom)],
            &[&format!("1{denom}"), "above 2^128 - 1"],
        );
    }
}

#[test]
fn the_community_pool_spends_what_it_has_and_not_to_the_pool() {
    let mut suite = pool();
    let spend = |recipient: &str, amount: Value| json!({"community_pool_spend": {"recipient": recipient, "amount": amount}});
    let itself = suite.pool.to_string();
    for (msg, parts) in [
        (
            spend("@grantee", coins(&[(101, "uatom")])),
            vec!["has 100uatom", "101uatom cannot"],
        ),
        (
            spend("@grantee", coins(&[(60, "uatom"), (41, "uatom")])),
            vec!["uatom", "named twice"],
        ),
        (spend("@grantee", json!([])), vec!["`amount` is empty"]),
        (
            spend("@grantee", coins(&[(1, "ubtc")])),
            vec!["has 0ubtc", "1ubtc cannot"],
        ),
        (
            spend(
                "@grantee",
                json!([{"denom": "uatom", "amount": Uint256::MAX.to_string()}]),
            ),
            vec!["has 100uatom"],
        ),
        (
            spend("@grantee", coins(&[(0, "uatom")])),
            vec!["0uatom", "moves nothing"],
        ),
        (
            spend("@pool", coins(&[(1, "uatom")])),
            vec![itself.as_str(), "is this contract"],
        ),
    ] {
        refused(&mut suite, "owner", msg, &parts);
    }
}

#[test]
fn denoms_keep_their_rules_after_the_set_up() {
    let mut suite = pool();
    let update =
        |add: Value, remove: Value| json!({"update_reward_denoms": {"add": add, "remove": remove}});
    let cases: [(Value, &[&str]); 7] = [
        (update(json!(["uatom"]), json!([])), &["uatom", "already"]),
        (
            update(json!(["uosmo", "uosmo"]), json!([])),
            &["uosmo", "already"],
        ),
        (
            update(json!([]), json!(["uosmo"])),
            &["uosmo", "not a reward denom"],
        ),
        (
            update(json!([]), json!(["uatom", "uatom"])),
            &["uatom", "not a reward denom"],
        ),
        (update(json!(["1x"]), json!([])), &["`1x`", "not a denom"]),
        (
            update(json!(["da1", "da2", "da3", "da4", "da5", "da6"]), json!([])),
            &["9 reward denoms", "limit of 8"],
        ),
        (
            // Removed ones count.
            update(
                json!(["da1", "da2", "da3", "da4", "da5", "da6"]),
                json!(["uatom", "ubtc", GOLD]),
            ),
            &["9 reward denoms", "limit of 8"],
        ),
    ];
    for (msg, parts) in cases {
        refused(&mut suite, "owner", msg, parts);
    }
}
