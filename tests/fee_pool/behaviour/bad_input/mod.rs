//! What is wrong is refused with an error that names the value and the rule, and leaves nothing
//! behind.

mod addresses;
mod money;
mod numbers;
mod timing;

use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{self, block, plain_split};

/// Alice delegates to `v1`, and both have been paid for.
pub fn pool() -> FeePoolSuite {
    let mut suite = plain_split()
        .with("group", json!("@group"))
        .balance("fees", 10u128.pow(30), "uosmo")
        .build()
        .unwrap();
    suite
        .staking_event(
            json!({"validator_created": {"validator": "@@v1", "commission": {
                "rate": "0.1", "max_rate": "0.5", "max_change_rate": "0.2",
            }}}),
        )
        .unwrap();
    suite.set_power("v1", 100).unwrap();
    suite.set_shares("alice", "v1", "100").unwrap();
    block(&mut suite, &[(1000, "uatom")], Some("v1"));
    suite
        .execute_with(
            "fees",
            json!({"fund_community_pool": {}}),
            vec![coin(100, "uatom")],
        )
        .unwrap();
    suite.next_block();
    suite
}

/// The pool is not set up, and the error has all these parts.
#[track_caller]
pub fn not_set_up(field: &str, value: Value, parts: &[&str]) {
    let error = match support::pool().with(field, value.clone()).build() {
        Ok(_) => panic!("{field} {value} was not refused"),
        Err(error) => error.to_string(),
    };
    for part in parts {
        assert!(error.contains(part), "{field} {value}: {error}");
    }
}

/// The query fails with an error that has all these parts.
#[track_caller]
pub fn not_answered(suite: &FeePoolSuite, query: Value, parts: &[&str]) {
    let error = match suite.query(query.clone()) {
        Ok(answer) => panic!("{query} was answered: {answer}"),
        Err(error) => error.to_string(),
    };
    for part in parts {
        assert!(error.contains(part), "{query}: {error}");
    }
    assert!(!error.contains("panicked"), "{query}: {error}");
}

/// A report of a staking reporter.
pub fn staking(event: Value) -> Value {
    json!({ "staking_event": event })
}

/// Rewards for `v1` alone.
pub fn reward_v1(amount: Value) -> Value {
    json!({"deposit_validator_rewards": {"allocations": [
        {"validator": "@@v1", "amount": amount},
    ]}})
}

/// A block in which these validators signed with these powers.
pub fn votes(votes: &[(&str, &str)]) -> Value {
    let votes: Vec<Value> = votes
        .iter()
        .map(|(validator, power)| json!({"validator": validator, "power": power, "signed": true}))
        .collect();
    json!({"begin_block": {"last_commit": {"votes": votes}}})
}
