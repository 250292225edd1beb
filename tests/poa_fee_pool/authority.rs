//! Every message is sent by every role: those who may send it and those who may not. Every event is
//! in the README, and well-formed.

use std::collections::BTreeSet;

use cosmwasm_std::coin;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::authority::Rule;
use testkit::documents;
use testkit::expect::{assert_events_well_formed, refused_with};
use testkit::poa_pool::PoaSuite;

/// Accounts, named after their roles.
const ROLES: [&str; 8] = [
    "owner",
    "boss",
    "operator",
    "former",
    "candidate",
    "claimer",
    "heir",
    "stranger",
];

/// A pool with an account in every role, and fees for the next checkpoint. The ownership is offered
/// to `boss`, the validator of `operator` to `heir`; `claimer` is the claimer of `operator`.
fn pool() -> PoaSuite {
    let mut builder = PoaSuite::builder().with(
        "validators",
        json!([
            {"operator": "@operator", "power": "3", "fees": [{"denom": "uatom", "amount": "10.5"}]},
            {"operator": "@former", "power": "1"},
            {"operator": "@candidate", "power": "0"},
        ]),
    );
    for role in ROLES {
        builder = builder.balance(role, 1000, "uatom");
    }
    let mut suite = builder.funds(1000, "uatom").build().unwrap();
    let hand_over =
        json!({"update_operator": {"operator": "@former", "new_operator": "@successor"}});
    for msg in [
        hand_over,
        json!({"add_hook": {"addr": "@hook"}}),
        json!({"update_ownership": {"transfer_ownership": {"new_owner": "@boss"}}}),
    ] {
        suite.execute("owner", msg).unwrap();
    }
    suite.offer("operator", "operator", "heir").unwrap();
    let claimer = json!({"set_claimer": {"claimer": "@claimer"}});
    suite.execute("operator", claimer).unwrap();
    suite.fees(100).unwrap();
    suite.send("fees", "owner", 1000, "uatom").unwrap();
    suite
}

fn anyone(msg: Value) -> Rule {
    Rule::new(msg, &ROLES, "")
}

/// A new pool after the message was sent by a role, and the response.
#[track_caller]
fn sent(rule: &Rule, role: &str) -> (PoaSuite, AppResponse) {
    let mut suite = pool();
    let response = suite.execute_with(role, rule.msg.clone(), rule.funds.clone());
    let response = response.unwrap_or_else(|error| panic!("{role}: {}: {error}", rule.msg));
    (suite, response)
}

fn rules() -> Vec<Rule> {
    let power = |operator: &str, power: &str| {
        json!({"update_validators": {"validators": [
            {"operator": operator, "power": power, "metadata": {"moniker": "it"}}]}})
    };
    let hand_over =
        |from: &str| json!({"update_operator": {"operator": from, "new_operator": "@other"}});
    let ownership = |update: Value| json!({ "update_ownership": update });
    vec![
        Rule::owner(power("@operator", "5")),
        Rule::owner(power("@candidate", "5")),
        Rule::owner(json!({"update_members": {
            "remove": ["@successor"], "add": [{"addr": "@newcomer", "weight": 4}]}})),
        Rule::owner(json!({"add_hook": {"addr": "@other-hook"}})),
        Rule::owner(json!({"remove_hook": {"addr": "@hook"}})),
        Rule::owner(json!({"update_denoms": {"add": ["ubtc"]}})),
        Rule::owner(json!({"update_denoms": {"remove": ["uatom"]}})),
        Rule::owner(ownership(
            json!({"transfer_ownership": {"new_owner": "@other", "expiry": {"at_height": 99999999}}}),
        )),
        Rule::owner(ownership(json!("renounce_ownership"))),
        Rule::new(
            ownership(json!("accept_ownership")),
            &["boss"],
            "it is offered to",
        ),
        Rule::new(
            hand_over("@operator"),
            &["owner", "operator"],
            "neither the admin nor",
        ),
        Rule::new(
            json!({"update_operator": {"id": 1, "new_operator": "@operator"}}),
            &["owner", "operator"],
            "neither the admin nor",
        ),
        Rule::new(
            hand_over("@candidate"),
            &["owner", "candidate"],
            "neither the admin nor",
        ),
        // What a former operator's name means is its successor's.
        Rule::new(hand_over("@former"), &["owner"], "neither the admin nor"),
        Rule::new(
            json!({"accept_operator": {"id": 1}}),
            &["heir"],
            "not offered to",
        ),
        Rule::new(json!({"accept_operator": {"id": 2}}), &[], "not offered to"),
        Rule::new(
            json!({"create_validator": {"metadata": {"moniker": "it"}}}),
            &["owner", "boss", "claimer", "heir", "stranger"],
            "is or was the operator of validator",
        ),
        Rule::new(
            json!({"withdraw_fees": {}}),
            &["operator", "former", "candidate"],
            "is no operator",
        ),
        Rule::new(
            json!({"withdraw_fees": {"operator": "@operator"}}),
            &["operator", "claimer"],
            "is not the owner of the claim or its claimer",
        ),
        Rule::new(
            json!({"withdraw_fees": {"operator": "@former"}}),
            &["former"],
            "is not the owner of the claim or its claimer",
        ),
        anyone(json!({"set_withdraw_address": {"withdraw_address": "@cold"}})),
        anyone(json!({"set_claimer": {"claimer": "@another"}})),
        anyone(json!({"checkpoint": {}})),
        anyone(json!({"deposit": {}})).paying(7, "uatom"),
    ]
}

#[test]
fn only_the_roles_of_a_message_may_send_it() {
    for rule in rules() {
        for role in rule.allowed {
            let (suite, _) = sent(&rule, role);
            suite.assert_sound("uatom");
        }
        for role in rule.refused(&ROLES) {
            let mut suite = pool();
            let sender = suite.account(role);
            let parts = [rule.refusal, sender.as_str()];
            refused_with(&mut suite, role, rule.msg.clone(), vec![], &parts);
        }
    }
}

#[test]
fn every_message_has_its_rule() {
    let ruled: BTreeSet<String> = rules().iter().map(|rule| rule.name().to_string()).collect();
    assert_eq!(documents::messages("poa-fee-pool", "execute"), ruled);
}

#[test]
fn every_event_is_documented_and_well_formed() {
    let mut emitted = BTreeSet::new();
    let mut take = |suite: &PoaSuite, response: &AppResponse| {
        emitted.extend(assert_events_well_formed(response, suite.contract.as_str()));
    };
    for rule in rules() {
        for role in rule.allowed {
            let (suite, response) = sent(&rule, role);
            take(&suite, &response);
        }
    }
    let mut suite = pool();
    take(&suite, &suite.instantiated.clone());
    // A payout that fails and is paid later, receipts above the bound, a migration.
    let operator = suite.account("operator");
    suite.chain.block_transfers_to(&operator).unwrap();
    let failed = suite.withdraw("operator").unwrap();
    take(&suite, &failed);
    suite.chain.allow_transfers_to(&operator);
    let paid = suite.withdraw("operator").unwrap();
    take(&suite, &paid);
    let much = [coin(u128::MAX - 10u128.pow(33), "uatom")];
    let contract = suite.contract.clone();
    suite.chain.mint(&contract, &much).unwrap();
    suite.checkpoint().unwrap();
    suite
        .chain
        .mint(&contract, &[coin(10u128.pow(33), "uatom")])
        .unwrap();
    let beyond = suite.checkpoint().unwrap();
    take(&suite, &beyond);
    let owner = suite.account("owner");
    let code = suite.code_id;
    let migrated = suite.chain.migrate(&owner, &contract, code, &json!({}));
    take(&suite, &migrated.unwrap());
    assert_eq!(emitted, documents::events("poa-fee-pool"));
}

#[test]
fn events_of_a_pool_without_denoms_are_well_formed() {
    let mut suite = PoaSuite::builder()
        .with("denoms", json!([]))
        .validators(&[("v1", 1)])
        .build()
        .unwrap();
    for response in [
        suite.instantiated.clone(),
        suite.withdraw("v1").unwrap(),
        suite.create_validator("v2").unwrap(),
        suite.set_powers(&[("v2", 5)]).unwrap(),
    ] {
        assert_events_well_formed(&response, suite.contract.as_str());
    }
}
