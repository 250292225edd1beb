//! A pool that the chain's staking hooks feed, in the JSON of both dialects.

use cosmwasm_std::{Decimal, Uint256};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testkit::chain::ValidatorTerms;
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    block, books_hold_and_all_is_split, claimable, community_pool, event, events, everything, has,
    is_share, plain_split, refused,
};

pub fn pool(dialect: &str) -> FeePoolSuite {
    plain_split()
        .with("source", json!({"hooks": {"dialect": dialect}}))
        .build()
        .unwrap()
}

/// The chain's staking module knows this commission of `v1` from now on.
pub fn chain_commission(suite: &mut FeePoolSuite, percent: u64, max_percent: u64) {
    let operator = suite.operator("v1");
    let terms = ValidatorTerms {
        commission: Decimal::percent(percent),
        max_commission: Decimal::percent(max_percent),
        max_change_rate: Decimal::percent(max_percent),
    };
    suite.chain.set_validator(&operator, &terms).unwrap();
}

/// The chain's staking module says that a delegation to `v1` is worth these tokens from now on.
pub fn chain_tokens(suite: &mut FeePoolSuite, delegator: &str, tokens: u128) {
    let (account, operator) = (suite.account(delegator), suite.operator("v1"));
    suite
        .chain
        .set_delegation(&account, &operator, Uint256::from(tokens))
        .unwrap();
}

#[track_caller]
pub fn sudo(suite: &mut FeePoolSuite, payload: Value) -> AppResponse {
    suite.sudo(payload).unwrap()
}

pub fn juno_validator(hook: &str) -> Value {
    json!({hook: {
        "moniker": "m", "validator_address": "@@v1", "commission": "0.1",
        "validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
    }})
}

fn juno_slash(fraction: &str) -> Value {
    json!({"before_validator_slashed": {
        "moniker": "m", "validator_address": "@@v1", "slashed_amount": fraction,
    }})
}

pub fn juno_delegation(hook: &str, delegator: &str, shares: &str) -> Value {
    json!({hook: {
        "validator_address": "@@v1",
        "delegator_address": format!("@{delegator}"),
        "shares": shares,
    }})
}

fn neutron_consensus(hook: &str) -> Value {
    json!({hook: {"cons_addr": "cosmosvalcons1c", "val_addr": "@@v1"}})
}

pub fn neutron_validator(hook: &str) -> Value {
    json!({hook: {"val_addr": "@@v1"}})
}

pub fn neutron_delegation(hook: &str, delegator: &str) -> Value {
    json!({hook: {"del_addr": format!("@{delegator}"), "val_addr": "@@v1"}})
}

pub fn neutron_slash(fraction: &str) -> Value {
    json!({"before_validator_slashed": {
        "val_addr": "@@v1", "fraction": fraction, "tokens_to_burn": "1000000",
    }})
}

pub fn asked(suite: &FeePoolSuite) -> Value {
    suite
        .query(json!({"validator": {"validator": "@@v1"}}))
        .unwrap()
}

pub fn units(suite: &FeePoolSuite, delegator: &str) -> String {
    let query = json!({"delegation": {
        "delegator": format!("@{delegator}"), "validator": "@@v1",
    }});
    suite.query(query).unwrap()["units"]
        .as_str()
        .unwrap()
        .to_string()
}

#[test]
fn junos_hooks_carry_the_shares() {
    let mut suite = pool("juno");
    sudo(&mut suite, juno_validator("after_validator_created"));
    suite.set_power("v1", 100).unwrap();
    let changed = "after_delegation_modified";
    sudo(&mut suite, juno_delegation(changed, "alice", "1000000.0"));
    sudo(
        &mut suite,
        juno_delegation(changed, "bob", "3000000.000000000000000000"),
    );
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 225);

    // A slash changes no share.
    let response = sudo(&mut suite, juno_slash("0.05"));
    assert_eq!(event(&response, "validator_slashed")["fraction"], "0.05");
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 450);

    // What a removal carries is the old value.
    sudo(
        &mut suite,
        juno_delegation("before_delegation_removed", "bob", "3000000.0"),
    );
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 1350);
    suite.withdraw("bob", "v1").unwrap();
    assert_eq!(has(&suite, "bob", "uatom"), 1350);

    sudo(&mut suite, juno_validator("after_validator_removed"));
    block(&mut suite, &[(1000, "uatom")], Some("v1"));
    assert_eq!(community_pool(&suite, "uatom"), 1000);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 1350);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 300);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn shares_of_a_token_with_eighteen_decimals_are_read_to_the_last_digit() {
    let mut suite = plain_split()
        .with("source", json!({"hooks": {"dialect": "juno"}}))
        .with("share_places", json!(0))
        .build()
        .unwrap();
    sudo(&mut suite, juno_validator("after_validator_created"));
    let shares = "340282366920938463463374607.431768211455999999";
    sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", shares),
    );
    assert_eq!(units(&suite, "alice"), "340282366920938463463374607");
}

#[test]
fn neutrons_hooks_have_the_chain_asked_for_tokens() {
    let mut suite = pool("neutron");
    chain_commission(&mut suite, 10, 50);
    sudo(&mut suite, neutron_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.5");
    suite.set_power("v1", 100).unwrap();
    let changed = "after_delegation_modified";
    for (delegator, tokens) in [("alice", 100), ("bob", 300)] {
        chain_tokens(&mut suite, delegator, tokens);
        sudo(&mut suite, neutron_delegation(changed, delegator));
    }
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 225);

    // Half of everything is gone. Alice's tokens of now are the same shares as before.
    sudo(&mut suite, neutron_slash("0.5"));
    assert_eq!(asked(&suite)["exchange_rate"], "0.5");
    chain_tokens(&mut suite, "alice", 50);
    sudo(&mut suite, neutron_delegation(changed, "alice"));
    assert_eq!(units(&suite, "alice"), "100000000000000000000");
    // Carol brings as many tokens as Bob has left, and gets as much as he does.
    chain_tokens(&mut suite, "carol", 150);
    sudo(&mut suite, neutron_delegation(changed, "carol"));
    assert_eq!(units(&suite, "carol"), units(&suite, "bob"));
    block(&mut suite, &[(7000, "uatom")], None);
    is_share(claimable(&suite, "alice", "v1", "uatom"), 225 + 900);
    is_share(claimable(&suite, "bob", "v1", "uatom"), 675 + 2700);
    is_share(claimable(&suite, "carol", "v1", "uatom"), 2700);

    // A removal asks nobody: the chain still has the old value.
    sudo(
        &mut suite,
        neutron_delegation("before_delegation_removed", "carol"),
    );
    assert_eq!(units(&suite, "carol"), "0");
    sudo(&mut suite, neutron_consensus("after_validator_removed"));
    assert_eq!(asked(&suite)["removed"], true);
    for (account, paid) in [("alice", 1125), ("bob", 3375), ("carol", 2700)] {
        suite.withdraw(account, "v1").unwrap();
        is_share(has(&suite, account, "uatom"), paid);
    }
    books_hold_and_all_is_split(&suite);
}

#[test]
fn slashes_multiply_and_stop_where_the_rate_would_vanish() {
    let mut suite = pool("neutron");
    sudo(&mut suite, neutron_validator("after_validator_created"));
    for (fraction, rate) in [
        ("0.5", "0.5"),
        ("0.1", "0.45"),
        ("0.000000000000000001", "0.44999999999999999955"),
    ] {
        sudo(&mut suite, neutron_slash(fraction));
        assert_eq!(asked(&suite)["exchange_rate"], rate);
    }
    for fraction in ["1", "0.999999999"] {
        let response = sudo(&mut suite, neutron_slash(fraction));
        event(&response, "exchange_rate_bound");
        assert_eq!(asked(&suite)["exchange_rate"], "0.44999999999999999955");
    }
}

#[test]
fn hooks_that_mean_nothing_for_rewards_change_nothing() {
    for (dialect, hooks) in [
        (
            "juno",
            vec![
                juno_validator("after_validator_bonded"),
                juno_validator("after_validator_begin_unbonding"),
                juno_validator("after_validator_modified"),
                juno_delegation("before_delegation_created", "alice", "1.0"),
                juno_delegation("before_delegation_shares_modified", "alice", "1.0"),
            ],
        ),
        (
            "neutron",
            vec![
                neutron_consensus("after_validator_bonded"),
                neutron_consensus("after_validator_begin_unbonding"),
                neutron_delegation("before_delegation_created", "alice"),
                neutron_delegation("before_delegation_shares_modified", "alice"),
                json!({"after_unbonding_initiated": {"id": 12345}}),
            ],
        ),
    ] {
        let mut suite = pool(dialect);
        let before = everything(&suite);
        for payload in hooks.into_iter().chain([json!({"clock_end_block": {}})]) {
            let response = sudo(&mut suite, payload.clone());
            assert!(events(&response, "hook_ignored").is_empty(), "{payload}");
            assert!(everything(&suite) == before, "{payload}");
        }
    }
}

/// `v1` with a commission of 0.1 and at most 0.3, of which it has earned 100.
pub fn earning() -> FeePoolSuite {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 10, 30);
    sudo(&mut suite, juno_validator("after_validator_created"));
    suite.set_power("v1", 1).unwrap();
    sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", "1.0"),
    );
    block(&mut suite, &[(1000, "uatom")], None);
    suite
}

#[test]
fn units_beyond_their_bound_are_an_event_and_change_nothing() {
    let mut suite = earning();
    let before = everything(&suite);
    let changed = "after_delegation_modified";
    for shares in [
        "10000000000000000.000000000000000001",
        // In sum with Alice's.
        "10000000000000000.000000000000000000",
        &"9".repeat(70),
    ] {
        let response = sudo(&mut suite, juno_delegation(changed, "bob", shares));
        let bound = event(&response, "units_bound");
        assert_eq!(bound["hook"], changed);
        assert!(bound["units"].len() >= 35, "{bound:?}");
        assert!(everything(&suite) == before);
    }
    let mut suite = pool("neutron");
    chain_commission(&mut suite, 0, 0);
    sudo(&mut suite, neutron_validator("after_validator_created"));
    chain_tokens(&mut suite, "alice", u128::MAX);
    let before = everything(&suite);
    let response = sudo(&mut suite, neutron_delegation(changed, "alice"));
    event(&response, "units_bound");
    assert!(everything(&suite) == before);
}

#[test]
fn what_is_not_known_or_not_for_this_pool_is_ignored_with_a_reason() {
    let cases = [
        (
            "juno",
            juno_slash("0.1"),
            "before_validator_slashed",
            "unknown to this pool",
        ),
        (
            "juno",
            juno_validator("before_validator_modified"),
            "before_validator_modified",
            "unknown to this pool",
        ),
        (
            "juno",
            juno_validator("after_validator_removed"),
            "after_validator_removed",
            "unknown to this pool",
        ),
        (
            "juno",
            juno_delegation("before_delegation_removed", "alice", "1.0"),
            "before_delegation_removed",
            "unknown to this pool",
        ),
        (
            "juno",
            juno_delegation("after_delegation_modified", "alice", "many"),
            "after_delegation_modified",
            "`many`",
        ),
        (
            "juno",
            json!({"after_delegation_modified": {
                "validator_address": "osmovaloper1x", "delegator_address": "@alice", "shares": "1",
            }}),
            "after_delegation_modified",
            "osmovaloper1x",
        ),
        (
            "juno",
            neutron_delegation("after_delegation_modified", "alice"),
            "after_delegation_modified",
            "is missing",
        ),
        (
            "neutron",
            juno_validator("after_validator_created"),
            "after_validator_created",
            "field val_addr is missing",
        ),
        (
            "neutron",
            json!({"after_proposal_vote": {"id": 1}}),
            "after_proposal_vote",
            "no such hook",
        ),
        ("neutron", json!({"": {}}), "unnamed", "no such hook"),
        ("neutron", json!({}), "unnamed", "no key"),
        ("neutron", json!(5), "unnamed", "an object with one key"),
    ];
    for (dialect, payload, hook, reason) in cases {
        let mut suite = pool(dialect);
        let before = everything(&suite);
        let response = sudo(&mut suite, payload.clone());
        let ignored = event(&response, "hook_ignored");
        assert_eq!(ignored["hook"], hook, "{payload}");
        assert!(ignored["reason"].contains(reason), "{payload}: {ignored:?}");
        assert!(everything(&suite) == before, "{payload}");
    }
    let mut suite = plain_split().build().unwrap();
    let response = sudo(&mut suite, juno_validator("after_validator_created"));
    let ignored = event(&response, "hook_ignored");
    assert!(
        ignored["reason"].contains("source `reporter`"),
        "{ignored:?}"
    );
}

#[test]
fn where_hooks_say_what_happens_nobody_else_does_but_of_powers() {
    let mut suite = earning();
    let events = [
        json!({"validator_created": {"validator": "@@v2", "commission": {
            "rate": "0", "max_rate": "1", "max_change_rate": "1",
        }}}),
        json!({"delegation_changed": {
            "delegator": "@mallory", "validator": "@@v1", "shares": "1000",
        }}),
        json!({"validator_slashed": {"validator": "@@v1", "fraction": "0.5"}}),
        json!({"validator_removed": {"validator": "@@v1"}}),
        json!({"commission_changed": {"validator": "@@v1", "rate": "0"}}),
    ];
    for payload in events {
        let payload = json!({ "staking_event": payload });
        refused(&mut suite, "reporter", payload.clone(), &["source `hooks`"]);
        let before = everything(&suite);
        let response = sudo(&mut suite, payload);
        assert_eq!(event(&response, "hook_ignored")["hook"], "staking_event");
        assert!(everything(&suite) == before);
    }
    let power = json!({"staking_event": {"power_changed": {"validator": "@@v1", "power": "5"}}});
    sudo(&mut suite, power.clone());
    suite.execute("reporter", power).unwrap();
    assert_eq!(asked(&suite)["power"], "5");
}

#[test]
fn a_delegation_makes_the_record_of_an_unknown_validator() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 20, 40);
    let response = sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", "2.0"),
    );
    assert_eq!(event(&response, "create_validator")["rate"], "0.2");
    assert_eq!(units(&suite, "alice"), "2000000000000000000");
}
