//! Hooks that were lost: the owner's corrections bring the records to what staking says.

use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use super::hooks_source::{
    asked, chain_commission, chain_tokens, juno_delegation, juno_validator, neutron_delegation,
    neutron_slash, neutron_validator, pool, sudo, units,
};
use crate::support::{
    block, books_hold_and_all_is_split, claimable, event, is_share, plain_split, refused,
};

fn correct(suite: &mut FeePoolSuite, event: Value) {
    suite
        .execute("owner", json!({"staking_event": event}))
        .unwrap();
}

fn delegation(delegator: &str, shares: &str) -> Value {
    json!({"delegation_changed": {
        "delegator": format!("@{delegator}"), "validator": "@@v1", "shares": shares,
    }})
}

/// Every staking event, about a validator that is there and one that is not.
fn every_event() -> Vec<Value> {
    vec![
        json!({"validator_created": {"validator": "@@v2", "commission": {
            "rate": "0", "max_rate": "1", "max_change_rate": "1",
        }}}),
        json!({"power_changed": {"validator": "@@v1", "power": "5"}}),
        json!({"powers_changed": {"changes": [{"validator": "@@v1", "power": "6"}]}}),
        delegation("bob", "5"),
        json!({"commission_changed": {"validator": "@@v1", "rate": "0.2"}}),
        json!({"validator_slashed": {"validator": "@@v1", "fraction": "0.5"}}),
        json!({"validator_removed": {"validator": "@@v1"}}),
    ]
}

fn created(dialect: &str) -> Value {
    match dialect {
        "juno" => juno_validator("after_validator_created"),
        _ => neutron_validator("after_validator_created"),
    }
}

#[test]
fn where_hooks_feed_the_pool_the_owner_may_correct_everything_and_a_reporter_powers() {
    for dialect in ["juno", "neutron"] {
        let mut suite = pool(dialect);
        sudo(&mut suite, created(dialect));
        for staking_event in every_event() {
            let name = staking_event.as_object().unwrap().keys().next().unwrap();
            let is_of_powers = ["power_changed", "powers_changed"].contains(&name.as_str());
            let msg = json!({"staking_event": staking_event});
            let role = if is_of_powers {
                "is not a staking reporter"
            } else {
                "is not the owner"
            };
            for stranger in ["v1", "alice", "stranger"] {
                refused(&mut suite, stranger, msg.clone(), &[role]);
            }
            if is_of_powers {
                suite.execute("reporter", msg.clone()).unwrap();
            } else {
                let reason = ["source `hooks`", "anybody but its owner"];
                refused(&mut suite, "reporter", msg.clone(), &reason);
                let response = sudo(&mut suite, msg.clone());
                assert!(
                    event(&response, "hook_ignored")["reason"].contains("anybody but its owner")
                );
            }
            suite.execute("owner", msg).unwrap();
        }
        assert_eq!(asked(&suite)["removed"], true);
        books_hold_and_all_is_split(&suite);
    }
}

/// It names the reporter, but what is told is the reporter's.
#[test]
fn where_a_reporter_feeds_the_pool_the_owner_sends_no_staking_events() {
    let mut suite = plain_split().build().unwrap();
    suite.create_validator("v1", "0.1").unwrap();
    for staking_event in every_event() {
        let msg = json!({"staking_event": staking_event});
        refused(&mut suite, "owner", msg, &["is not a staking reporter"]);
    }
}

#[test]
fn a_former_owner_corrects_nothing() {
    let mut suite = pool("juno");
    sudo(&mut suite, juno_validator("after_validator_created"));
    suite
        .execute("owner", json!({"update_ownership": "renounce_ownership"}))
        .unwrap();
    for staking_event in every_event() {
        let msg = json!({"staking_event": staking_event});
        refused(&mut suite, "owner", msg, &["Unauthorized"]);
    }
}

/// Two slashes are told and a third is lost. Then Alice adds tokens, and by the old rate gets too few
/// units for them.
#[test]
fn a_lost_slash_is_corrected_so_that_units_are_as_tokens() {
    let mut suite = pool("neutron");
    chain_commission(&mut suite, 0, 100);
    sudo(&mut suite, neutron_validator("after_validator_created"));
    suite.set_power("v1", 2).unwrap();
    let changed = "after_delegation_modified";
    let tell_tokens = |suite: &mut FeePoolSuite, delegator: &str, tokens: u128| {
        chain_tokens(suite, delegator, tokens);
        sudo(suite, neutron_delegation(changed, delegator));
    };
    tell_tokens(&mut suite, "alice", 1_300_000);
    tell_tokens(&mut suite, "bob", 1_300_000);
    block(&mut suite, &[(1300, "uatom")], None);
    sudo(&mut suite, neutron_slash("0.2"));
    sudo(&mut suite, neutron_slash("0.25"));
    // Of 780 000 tokens each another quarter is gone, and nobody told.
    chain_tokens(&mut suite, "bob", 585_000);
    tell_tokens(&mut suite, "alice", 1_170_000);
    // Twice as many tokens as Bob has, and not twice his units.
    assert_ne!(units(&suite, "alice"), "2600000000000000000000000");

    correct(
        &mut suite,
        json!({"validator_slashed": {"validator": "@@v1", "fraction": "0.25"}}),
    );
    assert_eq!(asked(&suite)["exchange_rate"], "0.45");
    correct(&mut suite, delegation("alice", "1170000"));
    assert_eq!(units(&suite, "alice"), "2600000000000000000000000");
    // Bob's were right, and are the same when he is corrected as well.
    correct(&mut suite, delegation("bob", "585000"));
    assert_eq!(units(&suite, "bob"), "1300000000000000000000000");
    block(&mut suite, &[(3900, "uatom")], None);
    is_share(claimable(&suite, "bob", "v1", "uatom"), 650 + 1300);
    is_share(claimable(&suite, "alice", "v1", "uatom"), 650 + 2600);
    books_hold_and_all_is_split(&suite);
}

/// A hook of a delegation and one of its removal were lost.
#[test]
fn lost_delegations_and_removals_are_corrected_in_both_dialects() {
    for dialect in ["juno", "neutron"] {
        let mut suite = pool(dialect);
        sudo(&mut suite, created(dialect));
        suite.set_power("v1", 1).unwrap();
        correct(&mut suite, delegation("alice", "100"));
        correct(&mut suite, delegation("bob", "300"));
        let rate = asked(&suite)["commission"]["rate"].clone();
        correct(
            &mut suite,
            json!({"commission_changed": {"validator": "@@v1", "rate": "0.5"}}),
        );
        assert_ne!(asked(&suite)["commission"]["rate"], rate);
        block(&mut suite, &[(800, "uatom")], None);
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 100);
        correct(&mut suite, delegation("bob", "0"));
        block(&mut suite, &[(800, "uatom")], None);
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 500);
        assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 300);
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn hooks_go_on_from_what_a_correction_said() {
    let mut suite = pool("juno");
    chain_commission(&mut suite, 10, 30);
    correct(
        &mut suite,
        json!({"validator_created": {"validator": "@@v1", "commission": {
            "rate": "0.1", "max_rate": "0.2", "max_change_rate": "0.1",
        }}}),
    );
    correct(&mut suite, delegation("alice", "5"));
    let changed = juno_delegation("after_delegation_modified", "alice", "7.000000000000000000");
    sudo(&mut suite, changed);
    assert_eq!(units(&suite, "alice"), "7000000000000000000");
    sudo(&mut suite, juno_validator("before_validator_modified"));
    chain_commission(&mut suite, 20, 30);
    block(&mut suite, &[], None);
    assert_eq!(asked(&suite)["commission"]["rate"], "0.2");
    assert_eq!(asked(&suite)["commission"]["max_rate"], "0.3");
}
