//! A pool that the chain's staking hooks feed, in the JSON of both dialects.

use cosmwasm_std::{Decimal, Uint256};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
use testing::chain::ValidatorTerms;
use testing::fee_pool::FeePoolSuite;

use crate::support::{
    block, books_hold_and_all_is_split, claimable, community_pool, event, events, everything, has,
    is_commission_of, is_share, plain_split, refused, with_source,
};

fn pool(dialect: &str) -> FeePoolSuite {
    plain_split()
        .with("source", json!({"hooks": {"dialect": dialect}}))
        .build()
        .unwrap()
}

/// The chain's staking module knows this commission of `v1` from now on.
fn chain_commission(suite: &mut FeePoolSuite, percent: u64, max_percent: u64) {
    let operator = suite.operator("v1");
    let terms = ValidatorTerms {
        commission: Decimal::percent(percent),
        max_commission: Decimal::percent(max_percent),
        max_change_rate: Decimal::percent(max_percent),
    };
    suite.chain.set_validator(&operator, &terms).unwrap();
}

/// The chain's staking module says that a delegation to `v1` is worth these tokens from now on.
fn chain_tokens(suite: &mut FeePoolSuite, delegator: &str, tokens: u128) {
    let (account, operator) = (suite.account(delegator), suite.operator("v1"));
    suite
        .chain
        .set_delegation(&account, &operator, Uint256::from(tokens))
        .unwrap();
}

#[track_caller]
fn sudo(suite: &mut FeePoolSuite, told: Value) -> AppResponse {
    suite.sudo(told).unwrap()
}

fn juno_validator(hook: &str) -> Value {
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

fn juno_delegation(hook: &str, delegator: &str, shares: &str) -> Value {
    json!({hook: {
        "validator_address": "@@v1",
        "delegator_address": format!("@{delegator}"),
        "shares": shares,
    }})
}

fn neutron_consensus(hook: &str) -> Value {
    json!({hook: {"cons_addr": "cosmosvalcons1c", "val_addr": "@@v1"}})
}

fn neutron_validator(hook: &str) -> Value {
    json!({hook: {"val_addr": "@@v1"}})
}

fn neutron_delegation(hook: &str, delegator: &str) -> Value {
    json!({hook: {"del_addr": format!("@{delegator}"), "val_addr": "@@v1"}})
}

fn neutron_slash(fraction: &str) -> Value {
    json!({"before_validator_slashed": {
        "val_addr": "@@v1", "fraction": fraction, "tokens_to_burn": "1000000",
    }})
}

fn asked(suite: &FeePoolSuite) -> Value {
    suite
        .query(json!({"validator": {"validator": "@@v1"}}))
        .unwrap()
}

fn units(suite: &FeePoolSuite, delegator: &str) -> String {
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
    assert_eq!(units(&suite, "alice"), "100000000");
    // Carol brings as many tokens as Bob has left, and gets as much as he does.
    chain_tokens(&mut suite, "carol", 150);
    sudo(&mut suite, neutron_delegation(changed, "carol"));
    assert_eq!(units(&suite, "carol"), units(&suite, "bob"));
    block(&mut suite, &[(7000, "uatom")], None);
    is_share(claimable(&suite, "alice", "v1", "uatom"), 225 + 900);
    is_share(claimable(&suite, "bob", "v1", "uatom"), 675 + 2700);
    is_share(claimable(&suite, "carol", "v1", "uatom"), 2700);

    // A removal asks nobody: the chain still tells the old value.
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
        for told in hooks.into_iter().chain([json!({"clock_end_block": {}})]) {
            let response = sudo(&mut suite, told.clone());
            assert!(events(&response, "hook_ignored").is_empty(), "{told}");
            assert!(everything(&suite) == before, "{told}");
        }
    }
}

/// `v1` with a commission of 0.1 and at most 0.3, of which it has earned 100.
fn earning() -> FeePoolSuite {
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
fn a_commission_change_counts_from_its_announcement_on() {
    let mut suite = earning();
    let response = sudo(&mut suite, juno_validator("before_validator_modified"));
    event(&response, "commission_announced");
    is_commission_of(&response, "100uatom");
    assert_eq!(asked(&suite)["commission"]["stale"], true);
    chain_commission(&mut suite, 20, 30);
    block(&mut suite, &[(1000, "uatom")], None);
    // Queries know it already.
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 800);

    let response = suite.withdraw("alice", "v1").unwrap();

    let read = event(&response, "commission_read");
    assert_eq!((&*read["rate"], &*read["clamped"]), ("0.2", "false"));
    is_commission_of(&response, "200uatom");
    assert_eq!(has(&suite, "alice", "uatom"), 1700);
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    assert_eq!(asked(&suite)["commission"]["rate"], "0.2");
    // Without another announcement the chain is not asked again.
    chain_commission(&mut suite, 30, 30);
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw("alice", "v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 2500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn announcements_in_a_row_count_each_from_its_own_time() {
    let mut suite = earning();
    for percent in [20, 30, 10] {
        sudo(&mut suite, juno_validator("before_validator_modified"));
        chain_commission(&mut suite, percent, 30);
        block(&mut suite, &[(1000, "uatom")], None);
    }
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 200 + 300 + 100);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_rate_above_the_limit_that_the_pool_knows_is_clamped() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 80, 90);
    block(&mut suite, &[(1000, "uatom")], None);
    let response = suite.withdraw_commission("v1").unwrap();
    let read = event(&response, "commission_read");
    assert_eq!((&*read["rate"], &*read["clamped"]), ("0.3", "true"));
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 300);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn while_the_chain_does_not_answer_the_known_rate_stands() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("before_validator_modified"));
    let operator = suite.operator("v1");
    suite.chain.remove_validator(&operator).unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    let response = suite.withdraw_commission("v1").unwrap();
    assert!(events(&response, "commission_read").is_empty());
    assert_eq!(has(&suite, "v1", "uatom"), 200);
    assert_eq!(asked(&suite)["commission"]["stale"], true);
    // It is asked again and again until it says.
    chain_commission(&mut suite, 30, 30);
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn anybody_may_have_the_rate_read_at_once() {
    let mut suite = earning();
    chain_commission(&mut suite, 30, 30);
    block(&mut suite, &[(1000, "uatom")], None);
    let refresh = json!({"refresh_validator": {"validator": "@@v1"}});
    // What was earned until now was earned at the rate that was known.
    let response = suite.execute("stranger", refresh.clone()).unwrap();
    is_commission_of(&response, "200uatom");
    assert_eq!(event(&response, "commission_read")["rate"], "0.3");
    assert_eq!(asked(&suite)["commission"]["rate"], "0.3");
    assert_eq!(asked(&suite)["commission"]["stale"], false);
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 900 + 700);

    // After an announcement it is the rate since then.
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 20, 30);
    block(&mut suite, &[(1000, "uatom")], None);
    let response = suite.execute("stranger", refresh).unwrap();
    is_commission_of(&response, "200uatom");
    books_hold_and_all_is_split(&suite);
}

#[test]
fn only_the_chain_knows_the_commission() {
    let mut suite = earning();
    refused(
        &mut suite,
        "v1",
        json!({"edit_commission": {"rate": "0.2"}}),
        &["source `hooks`", "edit_commission"],
    );
    for source in [json!("reporter"), json!("sync")] {
        let mut suite = with_source(plain_split(), &source).build().unwrap();
        suite.create_validator("v1", "0").unwrap();
        let refresh = json!({"refresh_validator": {"validator": "@@v1"}});
        let name = format!("source `{}`", source.as_str().unwrap());
        refused(&mut suite, "v1", refresh, &[&name, "refresh_validator"]);
    }
}

#[test]
fn a_validator_without_an_answer_of_the_chain_has_the_rate_of_the_hook_and_no_limits() {
    let mut suite = pool("juno");
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "1");
    let mut suite = pool("neutron");
    sudo(&mut suite, neutron_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "1");
}

#[test]
fn terms_of_the_chain_that_contradict_each_other_are_held_to_the_rules() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 70, 50);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "0.5");
    chain_commission(&mut suite, 300, 200);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["commission"]["rate"], "1");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "1");
}

#[test]
fn a_validator_that_is_created_again_continues_under_new_terms() {
    let mut suite = earning();
    sudo(&mut suite, juno_validator("after_validator_removed"));
    let operator = suite.operator("v1");
    suite.chain.remove_validator(&operator).unwrap();
    chain_commission(&mut suite, 50, 60);
    sudo(&mut suite, juno_validator("after_validator_created"));
    assert_eq!(asked(&suite)["removed"], false);
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.6");
    suite.set_power("v1", 1).unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw("alice", "v1").unwrap();
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "alice", "uatom"), 900 + 500);
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 500);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn units_beyond_their_bound_are_an_event_and_change_nothing() {
    let mut suite = earning();
    let before = everything(&suite);
    let changed = "after_delegation_modified";
    for shares in [
        "1000000000000000000000000.000001",
        // In sum with Alice's.
        "1000000000000000000000000.000000",
        &"9".repeat(70),
    ] {
        let response = sudo(&mut suite, juno_delegation(changed, "bob", shares));
        let bound = event(&response, "units_bound");
        assert_eq!(bound["hook"], changed);
        assert!(bound["units"].len() >= 31, "{bound:?}");
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
    for (dialect, told, hook, reason) in cases {
        let mut suite = pool(dialect);
        let before = everything(&suite);
        let response = sudo(&mut suite, told.clone());
        let ignored = event(&response, "hook_ignored");
        assert_eq!(ignored["hook"], hook, "{told}");
        assert!(ignored["reason"].contains(reason), "{told}: {ignored:?}");
        assert!(everything(&suite) == before, "{told}");
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
fn where_hooks_tell_nobody_else_does_but_of_powers() {
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
    for told in events {
        let told = json!({ "staking_event": told });
        refused(&mut suite, "reporter", told.clone(), &["source `hooks`"]);
        let before = everything(&suite);
        let response = sudo(&mut suite, told);
        assert_eq!(event(&response, "hook_ignored")["hook"], "staking_event");
        assert!(everything(&suite) == before);
    }
    let power = json!({"staking_event": {"power_changed": {"validator": "@@v1", "power": "5"}}});
    sudo(&mut suite, power.clone());
    suite.execute("reporter", power).unwrap();
    assert_eq!(asked(&suite)["power"], "5");
}

#[test]
fn a_delegation_makes_the_record_of_a_validator_that_nobody_told_of() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 20, 40);
    let response = sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", "2.0"),
    );
    assert_eq!(event(&response, "create_validator")["rate"], "0.2");
    assert_eq!(units(&suite, "alice"), "2000000");
}

#[test]
fn a_hook_fetches_the_terms_of_a_validator_that_only_a_vote_told_of() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 10, 30);
    suite.next_block();
    sudo(
        &mut suite,
        json!({"begin_block": {"last_commit": {"votes": [
            {"validator": "@@v1", "power": "1", "signed": true},
        ]}}}),
    );
    let commission = |suite: &FeePoolSuite| {
        suite
            .query(json!({"validator": {"validator": "@@v1"}}))
            .unwrap()["commission"]
            .clone()
    };
    assert_eq!(commission(&suite)["rate"], "0");
    sudo(
        &mut suite,
        juno_delegation("after_delegation_modified", "alice", "1.0"),
    );
    assert_eq!(commission(&suite)["rate"], "0.1");
    assert_eq!(commission(&suite)["max_rate"], "0.3");
}
