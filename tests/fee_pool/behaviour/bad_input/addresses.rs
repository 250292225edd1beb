//! Who and whom: addresses, and unknown validators.

use cosmwasm_std::coin;
use serde_json::json;
use testkit::chain::AddressFormat;
use testkit::fee_pool::FeePoolSuite;

use super::{not_answered, not_set_up, pool, staking, votes};
use crate::support::{coins, plain_split, refused, refused_with};

#[test]
fn an_unknown_validator_is_named() {
    let mut suite = pool();
    let (unknown, operator) = (json!("@@nobody"), suite.operator("nobody"));
    let parts = [operator.as_str(), "unknown"];
    for (sender, msg) in [
        (
            "alice",
            json!({"withdraw_delegator_reward": {"validator": unknown}}),
        ),
        (
            "nobody",
            json!({"withdraw_validator_commission": {"validator": unknown}}),
        ),
        (
            "nobody",
            json!({"withdraw_validator": {"validator": unknown}}),
        ),
        (
            "reporter",
            staking(json!({"delegation_changed": {
                "delegator": "@alice", "validator": unknown, "shares": "1",
            }})),
        ),
        (
            "reporter",
            staking(json!({"validator_slashed": {"validator": unknown, "fraction": "0.1"}})),
        ),
        (
            "reporter",
            staking(json!({"validator_removed": {"validator": unknown}})),
        ),
        (
            "reporter",
            staking(json!({"commission_changed": {"validator": unknown, "rate": "0.1"}})),
        ),
    ] {
        refused(&mut suite, sender, msg, &parts);
    }
    refused_with(
        &mut suite,
        "fees",
        json!({"deposit_validator_rewards": {"allocations": [
            {"validator": "@@v1", "amount": coins(&[(5, "uatom")])},
            {"validator": unknown, "amount": coins(&[(5, "uatom")])},
        ]}}),
        vec![coin(10, "uatom")],
        &parts,
    );
    for query in [
        "validator",
        "validator_outstanding_rewards",
        "validator_commission",
        "validator_current_rewards",
        "validator_distribution_info",
        "validator_delegations",
    ] {
        not_answered(&suite, json!({query: {"validator": unknown}}), &parts);
    }
    for query in ["delegation", "delegation_rewards"] {
        let query = json!({query: {"delegator": "@alice", "validator": unknown}});
        not_answered(&suite, query, &parts);
    }
    let mut suite = plain_split()
        .with("source", json!({"hooks": {"dialect": "neutron"}}))
        .build()
        .unwrap();
    let refresh = json!({"refresh_validator": {"validator": unknown}});
    refused(&mut suite, "alice", refresh, &parts);
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    refused(
        &mut suite,
        "owner",
        json!({"import": {"delegations": [
            {"delegator": "@alice", "validator": unknown, "shares": "1"},
        ]}}),
        &parts,
    );
}

/// Texts that are no account of this chain, each with what the error says of it.
fn no_accounts(suite: &FeePoolSuite) -> Vec<(String, &'static str)> {
    let good = suite.account("alice").into_string();
    let foreign = AddressFormat::new("osmo").unwrap().account("alice");
    let mut typo = good.clone();
    typo.pop();
    typo.push(if good.ends_with('q') { 'p' } else { 'q' });
    let short = suite
        .chain
        .addresses()
        .account_from_bytes(&[7; 10])
        .unwrap();
    vec![
        (foreign.into_string(), "prefix osmo"),
        (suite.operator("alice"), "prefix cosmosvaloper"),
        (good.to_uppercase(), "lower case"),
        (typo, "checksum"),
        (short.into_string(), "10 bytes"),
        ("alice".to_string(), "bech32"),
        (String::new(), "bech32"),
        (format!("{good} "), "bech32"),
    ]
}

#[test]
fn an_address_that_is_none_of_this_chain_is_named() {
    let mut suite = pool();
    for (address, why) in no_accounts(&suite) {
        let amount = coins(&[(1, "uatom")]);
        for (sender, msg) in [
            (
                "alice",
                json!({"set_withdraw_address": {"withdraw_address": address}}),
            ),
            ("alice", json!({"set_claimer": {"claimer": address}})),
            (
                "alice",
                json!({"withdraw_delegation": {"withdraw_address": address}}),
            ),
            (
                "alice",
                json!({"withdraw_delegation": {"delegator": address}}),
            ),
            (
                "alice",
                json!({"withdraw_delegator_reward": {
                    "validator": "@@v1", "delegator": address,
                }}),
            ),
            (
                "v1",
                json!({"withdraw_validator": {
                    "validator": "@@v1", "withdraw_address": address,
                }}),
            ),
            (
                "owner",
                json!({"community_pool_spend": {"recipient": address, "amount": amount}}),
            ),
            (
                "reporter",
                staking(json!({"delegation_changed": {
                    "delegator": address, "validator": "@@v1", "shares": "1",
                }})),
            ),
        ] {
            refused(&mut suite, sender, msg, &[&address, why]);
        }
        for query in [
            json!({"delegation": {"delegator": address, "validator": "@@v1"}}),
            json!({"delegation_rewards": {"delegator": address, "validator": "@@v1"}}),
            json!({"delegation_total_rewards": {"delegator": address}}),
            json!({"delegator_delegations": {"delegator": address}}),
            json!({"delegator_validators": {"delegator": address}}),
            json!({"delegator_withdraw_address": {"delegator": address}}),
            json!({"claimer": {"delegator": address}}),
            json!({"undelivered": {"account": address}}),
            json!({"validator_delegations": {"validator": "@@v1", "start_after": address}}),
        ] {
            not_answered(&suite, query, &[&address, why]);
        }
    }
}

#[test]
fn a_validator_that_is_none_of_this_chain_is_named() {
    let mut suite = pool();
    let no_validators = no_accounts(&suite).into_iter().filter(|(address, _)| {
        // An operator address names a validator, of course.
        *address != suite.operator("alice")
    });
    let foreign = AddressFormat::new("osmo").unwrap().operator("v1");
    for (address, why) in no_validators
        .chain([(foreign, "prefix osmovaloper")])
        .collect::<Vec<_>>()
    {
        let amount = coins(&[(1, "uatom")]);
        for (sender, msg) in [
            (
                "alice",
                json!({"withdraw_delegator_reward": {"validator": address}}),
            ),
            (
                "alice",
                json!({"withdraw_delegation": {"start_after": address}}),
            ),
            (
                "v1",
                json!({"withdraw_validator_commission": {"validator": address}}),
            ),
            ("v1", json!({"withdraw_validator": {"validator": address}})),
            (
                "reporter",
                staking(
                    json!({"validator_created": {"validator": address, "commission": {
                        "rate": "0", "max_rate": "1", "max_change_rate": "1",
                    }}}),
                ),
            ),
            (
                "reporter",
                staking(json!({"power_changed": {"validator": address, "power": "1"}})),
            ),
            (
                "reporter",
                staking(json!({"delegation_changed": {
                    "delegator": "@alice", "validator": address, "shares": "1",
                }})),
            ),
            (
                "reporter",
                staking(json!({"validator_slashed": {"validator": address, "fraction": "0"}})),
            ),
            (
                "reporter",
                staking(json!({"validator_removed": {"validator": address}})),
            ),
            (
                "reporter",
                staking(json!({"commission_changed": {"validator": address, "rate": "0"}})),
            ),
            ("reporter", votes(&[(&address, "1")])),
            (
                "group",
                json!({"member_changed_hook": {"diffs": [
                    {"key": address, "old": null, "new": 1},
                ]}}),
            ),
        ] {
            refused(&mut suite, sender, msg, &[&address, why]);
        }
        refused_with(
            &mut suite,
            "fees",
            json!({"deposit_validator_rewards": {"allocations": [
                {"validator": address, "amount": amount},
            ]}}),
            vec![coin(1, "uatom")],
            &[&address, why],
        );
        for query in ["validator", "validator_commission"] {
            let query = json!({query: {"validator": address}});
            not_answered(&suite, query, &[&address, why]);
        }
        for query in [
            json!({"validators": {"start_after": address}}),
            json!({"delegator_validators": {"delegator": "@alice", "start_after": address}}),
        ] {
            not_answered(&suite, query, &[&address, why]);
        }
    }
}

#[test]
fn roles_are_given_to_accounts_of_this_chain_only() {
    let mut suite = pool();
    for (address, _) in no_accounts(&suite) {
        // 10 bytes are an account of some chains, if not one that can hold a claim here.
        if address == no_accounts(&suite)[4].0 {
            continue;
        }
        for msg in [
            json!({"update_reporters": {"block": [address]}}),
            json!({"update_reporters": {"staking": ["@reporter", address]}}),
            json!({"update_ownership": {"transfer_ownership": {"new_owner": address}}}),
        ] {
            refused(&mut suite, "owner", msg, &[&address]);
        }
        not_set_up("owner", json!(address), &[&address]);
        not_set_up("group", json!(address), &[&address]);
        not_set_up("reporters", json!({"block": [address]}), &[&address]);
    }
}
