//! Messages that nobody knows, or that come at the wrong time to the wrong contract.

use cosmwasm_std::coin;
use serde_json::json;
use testkit::fee_pool::FeePoolSuite;

use super::{not_answered, not_set_up, pool};
use crate::behaviour::authority;
use crate::support::{by_accounting, coins, everything, refused, refused_with};

#[test]
fn no_money_moves_before_activation() {
    let mut suite = authority::pool(&json!("reporter"), false);
    let amount = coins(&[(1, "uatom")]);
    for (sender, msg, funds) in [
        (
            "block_reporter",
            json!({"begin_block": {"last_commit": {"signed_power": "1"}}}),
            vec![],
        ),
        (
            "fees",
            json!({"deposit_validator_rewards": {"allocations": [
                {"validator": "@@operator", "amount": amount},
            ]}}),
            vec![coin(1, "uatom")],
        ),
        (
            "fees",
            json!({"fund_community_pool": {}}),
            vec![coin(1, "uatom")],
        ),
        (
            "owner",
            json!({"community_pool_spend": {"recipient": "@owner", "amount": amount}}),
            vec![],
        ),
        (
            "delegator",
            json!({"withdraw_delegator_reward": {"validator": "@@operator"}}),
            vec![],
        ),
        ("delegator", json!({"withdraw_delegation": {}}), vec![]),
        (
            "operator",
            json!({"withdraw_validator_commission": {"validator": "@@operator"}}),
            vec![],
        ),
        (
            "operator",
            json!({"withdraw_validator": {"validator": "@@operator"}}),
            vec![],
        ),
    ] {
        refused_with(&mut suite, sender, msg, funds, &["not active"]);
    }
}

#[test]
fn the_import_ends_with_the_activation() {
    let mut suite = pool();
    for msg in [
        json!({"import": {}}),
        json!({"import": {"delegations": [
            {"delegator": "@mallory", "validator": "@@v1", "shares": "1000000"},
        ]}}),
        json!({"activate": {}}),
    ] {
        refused(&mut suite, "owner", msg, &["active already"]);
    }
}

#[test]
fn a_pool_is_not_set_up_beyond_its_limits() {
    not_set_up("share_places", json!(19), &["share_places 19", "above 18"]);
    not_set_up("share_places", json!(256), &["256"]);
    let nine: Vec<String> = (0..9).map(|number| format!("denom{number}")).collect();
    not_set_up(
        "reward_denoms",
        json!(nine),
        &["9 reward denoms", "limit of 8"],
    );
    not_set_up(
        "reward_denoms",
        json!(["uatom", "uosmo", "uatom"]),
        &["uatom", "already"],
    );
    for denom in [
        "",
        "ab",
        "1atom",
        "u atom",
        "uätom",
        "uatom!",
        &"x".repeat(129),
    ] {
        let shown: String = denom.chars().take(64).collect();
        let quoted = format!("`{shown}`");
        not_set_up("reward_denoms", json!([denom]), &[&quoted, "not a denom"]);
    }
    not_set_up("source", json!("oracle"), &["oracle"]);
    not_set_up(
        "source",
        json!({"hooks": {"dialect": "klingon"}}),
        &["klingon"],
    );
    not_set_up("accounting", json!("lazy"), &["accounting"]);
    not_set_up("surprise", json!(1), &["surprise"]);
}

#[test]
fn messages_with_fields_that_nobody_knows_are_refused() {
    let mut suite = pool();
    for (sender, msg, name) in [
        ("fees", json!({"deposit": {"note": 1}}), "note"),
        (
            "alice",
            json!({"withdraw_delegator_reward": {"validator": "@@v1", "to": "@bob"}}),
            "to",
        ),
        (
            "reporter",
            json!({"begin_block": {"last_commit": {"signed_power": "1"}, "fees": "5"}}),
            "unknown field `fees`",
        ),
        (
            "reporter",
            json!({"begin_block": {"last_commit": {"signed_power": "1", "round": 1}}}),
            "unknown field `round`",
        ),
        (
            "owner",
            json!({"import": {"delegator_rewards": [{
                "delegator": "@alice", "validator": "@@v1", "rewards": [], "paid": [],
            }]}}),
            "paid",
        ),
        (
            "owner",
            json!({"update_reporters": {"blocks": []}}),
            "blocks",
        ),
        ("owner", json!({"mint": {}}), "mint"),
        ("reporter", json!({"begin_block": {}}), "last_commit"),
        (
            "reporter",
            json!({"begin_block": {"last_commit": {"votes": [], "signed_power": "1"}}}),
            "",
        ),
    ] {
        refused(&mut suite, sender, msg, &[name]);
    }
    for query in [
        json!({"config": {"verbose": true}}),
        json!({"validator": {}}),
        json!({"nothing": {}}),
    ] {
        not_answered(&suite, query, &[]);
    }
}

/// Writes what cw2 stores.
fn pretend_to_be(suite: &mut FeePoolSuite, contract: &str, version: &str) {
    let pool = suite.pool.clone();
    let info = json!({"contract": contract, "version": version}).to_string();
    suite
        .chain
        .app_mut()
        .contract_storage_mut(&pool)
        .set(b"contract_info", info.as_bytes());
}

#[test]
fn only_older_versions_of_this_contract_are_migrated() {
    let this = by_accounting("cw-distribution:fee-pool", "cw-distribution:lazy-fee-pool");
    let other = by_accounting("cw-distribution:lazy-fee-pool", "cw-distribution:fee-pool");
    let now = fee_pool_core::contract::CONTRACT_VERSION;
    let migrate = |contract: &str, version: &str| {
        let mut suite = pool();
        pretend_to_be(&mut suite, contract, version);
        let before = everything(&suite);
        let (owner, pool, code_id) = (suite.account("owner"), suite.pool.clone(), suite.code_id);
        let result = suite.chain.migrate(&owner, &pool, code_id, &json!({}));
        if result.is_err() {
            assert!(everything(&suite) == before);
        }
        result.map_err(|error| error.to_string())
    };
    for (contract, version, parts) in [
        (
            "cw-distribution:reward-gauges",
            now,
            vec!["cw-distribution:reward-gauges", this],
        ),
        // The records of one accounting mean nothing to the other.
        (other, "0.0.1", vec![other, this]),
        (this, "99.0.0", vec!["99.0.0", now]),
        (this, "latest", vec!["unexpected character 'l'"]),
    ] {
        let error = migrate(contract, version).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{error}");
        }
    }
    for version in [now, "0.0.1", "0.1.0-alpha.1"] {
        migrate(this, version).unwrap();
    }
}
