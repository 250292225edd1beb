//! Who may do what: every message, every role.

use std::collections::BTreeSet;

use cosmwasm_schema::schema_for;
use cosmwasm_std::{Coin, coin};
use serde_json::{Value, json};
use testkit::chain::ValidatorTerms;
use testkit::fee_pool::FeePoolSuite;

use crate::support::{self, block, plain_split, refused_with};

/// Everybody there is, named after its role. The claimer is the delegator's and the operator's.
const ROLES: [&str; 8] = [
    "owner",
    "block_reporter",
    "staking_reporter",
    "group",
    "delegator",
    "claimer",
    "operator",
    "stranger",
];

const EVERYBODY: &[&str] = &ROLES;
const OWNER: &[&str] = &["owner"];

/// A pool that gives every role what it needs: a validator run by `operator`, with `delegator`, and
/// a reward for both.
pub fn pool(source: &Value, active: bool) -> FeePoolSuite {
    let mut builder = plain_split()
        .with("source", source.clone())
        .with("active", json!(false))
        .with("group", json!("@group"))
        .with(
            "reporters",
            json!({
                "block": ["@block_reporter", "@reporter"],
                "staking": ["@staking_reporter", "@reporter"],
            }),
        );
    for role in ROLES {
        builder = builder.balance(role, 1000, "uatom");
    }
    let mut suite = builder.build().unwrap();
    suite
        .execute(
            "owner",
            json!({"import": {
                "validators": [{"validator": "@@operator", "power": "100", "commission": {
                    "rate": "0.1", "max_rate": "0.5", "max_change_rate": "0.1",
                }}],
                "delegations": [
                    {"delegator": "@delegator", "validator": "@@operator", "shares": "1"},
                ],
            }}),
        )
        .unwrap();
    if source != "reporter" {
        // A chain with hooks has a staking module that knows its validators.
        let operator = suite.operator("operator");
        suite
            .chain
            .set_validator(&operator, &ValidatorTerms::default())
            .unwrap();
    }
    for account in ["delegator", "operator"] {
        suite
            .execute(account, json!({"set_claimer": {"claimer": "@claimer"}}))
            .unwrap();
    }
    if active {
        suite.execute("owner", json!({"activate": {}})).unwrap();
        block(&mut suite, &[(1000, "uatom")], Some("operator"));
        suite
            .execute_with(
                "fees",
                json!({"fund_community_pool": {}}),
                vec![coin(100, "uatom")],
            )
            .unwrap();
        suite.next_block();
    }
    suite
}

/// One message: who may send it to which pool, and how the error of everybody else names who may.
pub struct Rule {
    /// The message.
    pub msg: Value,
    /// What is sent along.
    pub funds: Vec<Coin>,
    /// Roles that may send it.
    pub allowed: &'static [&'static str],
    role: &'static str,
    /// The source of a pool that takes it.
    pub source: Value,
    /// Whether that pool is active.
    pub active: bool,
}

impl Rule {
    fn new(msg: Value, allowed: &'static [&'static str], role: &'static str) -> Self {
        Rule {
            msg,
            funds: vec![],
            allowed,
            role,
            source: json!("reporter"),
            active: true,
        }
    }

    fn owner(msg: Value) -> Self {
        Rule::new(msg, OWNER, "is not the owner")
    }

    fn everybody(msg: Value) -> Self {
        Rule::new(msg, EVERYBODY, "")
    }

    fn before_activation(self) -> Self {
        Rule {
            active: false,
            ..self
        }
    }

    fn paying(self) -> Self {
        Rule {
            funds: vec![coin(10, "uatom")],
            ..self
        }
    }

    fn source(self, source: Value) -> Self {
        Rule { source, ..self }
    }

    pub fn name(&self) -> &str {
        self.msg.as_object().unwrap().keys().next().unwrap()
    }
}

/// At least one rule for each message.
pub fn rules() -> Vec<Rule> {
    let claim = "the owner of the claim or its claimer";
    let of_delegator: &[&str] = &["delegator", "claimer"];
    let of_operator: &[&str] = &["operator", "claimer"];
    let coins = json!([{"denom": "uatom", "amount": "10"}]);
    vec![
        Rule::owner(json!({"import": {}})).before_activation(),
        Rule::owner(json!({"import": {"delegations": [
            {"delegator": "@stranger", "validator": "@@operator", "shares": "5"},
        ]}}))
        .before_activation(),
        Rule::owner(json!({"activate": {}})).before_activation(),
        Rule::new(
            json!({"begin_block": {"last_commit": {"signed_power": "100"}}}),
            &["block_reporter"],
            "a block reporter",
        ),
        Rule::everybody(json!({"deposit": {}})).paying(),
        Rule::new(
            json!({"staking_event": {"power_changed": {"validator": "@@operator", "power": "7"}}}),
            &["staking_reporter"],
            "a staking reporter",
        ),
        Rule::new(
            json!({"member_changed_hook": {"diffs": [
                {"key": "@operator", "old": 100, "new": 7},
            ]}}),
            &["group"],
            "the pool's cw4 group",
        ),
        Rule::new(
            json!({"staking_event": {"power_changed": {"validator": "@@operator", "power": "7"}}}),
            &["owner", "staking_reporter"],
            "a staking reporter",
        )
        .source(json!({"hooks": {"dialect": "juno"}})),
        Rule::everybody(json!({"refresh_validator": {"validator": "@@operator"}}))
            .source(json!({"hooks": {"dialect": "juno"}})),
        Rule::everybody(json!({"deposit_validator_rewards": {"allocations": [
            {"validator": "@@operator", "amount": coins},
        ]}}))
        .paying(),
        Rule::everybody(json!({"fund_community_pool": {}})).paying(),
        Rule::owner(json!({"community_pool_spend": {"recipient": "@stranger", "amount": coins}})),
        Rule::everybody(json!({"set_withdraw_address": {"withdraw_address": "@vault"}})),
        Rule::everybody(json!({"set_claimer": {"claimer": "@vault"}})),
        Rule::new(
            json!({"withdraw_delegator_reward": {
                "validator": "@@operator", "delegator": "@delegator",
            }}),
            of_delegator,
            claim,
        ),
        Rule::everybody(json!({"withdraw_delegator_reward": {"validator": "@@operator"}})),
        Rule::new(
            json!({"withdraw_delegation": {"delegator": "@delegator"}}),
            of_delegator,
            claim,
        ),
        Rule::everybody(json!({"withdraw_delegation": {"withdraw_address": "@vault"}})),
        Rule::new(
            json!({"withdraw_validator_commission": {"validator": "@@operator"}}),
            of_operator,
            claim,
        ),
        Rule::new(
            json!({"withdraw_validator": {"validator": "@@operator"}}),
            of_operator,
            claim,
        ),
        Rule::new(
            json!({"edit_commission": {"rate": "0.2"}}),
            &["operator"],
            "the operator of a validator",
        ),
        Rule::owner(json!({"update_commission_terms": {
            "validator": "@@operator", "max_rate": "0.6", "max_change_rate": "0.2",
        }})),
        Rule::owner(json!({"update_params": {"community_tax": "0.5"}})),
        Rule::owner(json!({"update_reporters": {"block": ["@stranger"]}})),
        Rule::owner(json!({"update_reward_denoms": {"remove": ["uatom"]}})),
        Rule::owner(json!({"update_ownership": {"transfer_ownership": {
            "new_owner": "@stranger",
        }}})),
        Rule::owner(json!({"update_ownership": "renounce_ownership"})),
    ]
}

#[test]
fn every_message_is_for_whom_it_is_for_and_for_nobody_else() {
    for rule in rules() {
        let mut suite = pool(&rule.source, rule.active);
        for role in ROLES {
            if rule.allowed.contains(&role) {
                let mut suite = pool(&rule.source, rule.active);
                suite
                    .execute_with(role, rule.msg.clone(), rule.funds.clone())
                    .unwrap_or_else(|error| panic!("{role}: {}: {error}", rule.msg));
            } else {
                let sender = suite.account(role);
                refused_with(
                    &mut suite,
                    role,
                    rule.msg.clone(),
                    rule.funds.clone(),
                    &[sender.as_str(), rule.role],
                );
            }
        }
    }
}

#[test]
fn every_message_has_its_rule() {
    let schema = serde_json::to_value(schema_for!(fee_pool_core::msg::ExecuteMsg)).unwrap();
    let messages: BTreeSet<String> = schema["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|variant| variant["required"].as_array().unwrap())
        .map(|name| name.as_str().unwrap().to_string())
        .collect();
    assert!(messages.len() > 20, "{messages:?}");
    let ruled: BTreeSet<String> = rules().iter().map(|rule| rule.name().to_string()).collect();
    assert_eq!(messages, ruled);
}

#[test]
fn only_whom_it_is_offered_to_accepts_the_ownership() {
    let mut suite = pool(&json!("reporter"), true);
    let accept = json!({"update_ownership": "accept_ownership"});
    for role in ROLES {
        let sender = suite.account(role);
        refused_with(
            &mut suite,
            role,
            accept.clone(),
            vec![],
            &[sender.as_str(), "not offered to anybody"],
        );
    }
    suite
        .execute(
            "owner",
            json!({"update_ownership": {"transfer_ownership": {"new_owner": "@delegator"}}}),
        )
        .unwrap();
    for role in ROLES.into_iter().filter(|role| *role != "delegator") {
        let parts = [suite.account(role), suite.account("delegator")];
        refused_with(
            &mut suite,
            role,
            accept.clone(),
            vec![],
            &[parts[0].as_str(), parts[1].as_str(), "offered to"],
        );
    }
    suite.execute("delegator", accept).unwrap();
}

#[test]
fn a_role_that_was_taken_away_is_gone_at_once() {
    let mut suite = pool(&json!("reporter"), true);
    suite
        .execute(
            "owner",
            json!({"update_reporters": {"block": ["@other"], "staking": []}}),
        )
        .unwrap();
    let reports = [
        (
            "block_reporter",
            json!({"begin_block": {"last_commit": {"signed_power": "100"}}}),
        ),
        (
            "staking_reporter",
            json!({"staking_event": {"validator_removed": {"validator": "@@operator"}}}),
        ),
    ];
    for (role, msg) in reports {
        let sender = suite.account(role);
        refused_with(&mut suite, role, msg, vec![], &[sender.as_str()]);
    }
    suite
        .execute(
            "other",
            json!({"begin_block": {"last_commit": {"signed_power": "100"}}}),
        )
        .unwrap();
}

#[test]
fn a_pool_without_a_group_listens_to_none() {
    let mut suite = support::pool().build().unwrap();
    for sender in ["owner", "reporter", "group"] {
        let account = suite.account(sender);
        refused_with(
            &mut suite,
            sender,
            json!({"member_changed_hook": {"diffs": []}}),
            vec![],
            &[account.as_str(), "the pool's cw4 group"],
        );
    }
}
