//! Two validators, seven blocks, every kind of change: the worked example of the specification.

use oracles::ledger::{FeeLedger, FeeParams};
use serde_json::{Value, json};
use testkit::fee_pool::{Commit, Harness, Operation};

use crate::support::pool;

const PERCENT: u64 = 10_000_000_000_000_000;

fn block(fees: u128, proposer: &str, absent: &[&str]) -> Operation {
    Operation::Block {
        fees: vec![fees],
        proposer: Some(proposer.into()),
        commit: Commit::SignedPower {
            absent: absent.iter().map(ToString::to_string).collect(),
        },
    }
}

fn shares(delegator: &str, validator: &str, shares: u128) -> Operation {
    Operation::SetShares {
        delegator: delegator.into(),
        validator: validator.into(),
        shares,
    }
}

fn power(validator: &str, power: u64) -> Operation {
    Operation::SetPower {
        validator: validator.into(),
        power,
    }
}

fn withdraw(delegator: &str, validator: &str) -> Operation {
    Operation::Withdraw {
        delegator: delegator.into(),
        validator: validator.into(),
    }
}

#[test]
fn everybody_is_paid_what_the_specification_says() {
    let suite = pool().build().unwrap();
    let mut harness = Harness::new(suite, FeeLedger::new(FeeParams::default()).unwrap()).unwrap();
    let create = |validator: &str, percent: u64| Operation::CreateValidator {
        validator: validator.into(),
        commission_atomics: percent * PERCENT,
    };
    let history = [
        create("v1", 10),
        create("v2", 0),
        power("v1", 100),
        power("v2", 100),
        shares("a", "v1", 100),
        shares("b", "v2", 100),
        block(1000, "v1", &[]),
        shares("c", "v1", 200),
        power("v1", 300),
        block(1000, "v2", &[]),
        withdraw("a", "v1"),
        Operation::SetCommission {
            validator: "v1".into(),
            commission_atomics: 20 * PERCENT,
        },
        block(1000, "v1", &["v2"]),
        Operation::Slash {
            validator: "v1".into(),
            fraction_atomics: 50 * PERCENT,
        },
        power("v1", 150),
        block(500, "v1", &[]),
        shares("b", "v2", 50),
        power("v2", 50),
        withdraw("c", "v1"),
        block(1000, "v2", &[]),
        power("v1", 0),
        block(100, "v2", &[]),
        power("v1", 150),
        withdraw("a", "v1"),
        withdraw("b", "v2"),
        withdraw("c", "v1"),
        Operation::WithdrawCommission {
            validator: "v1".into(),
        },
    ];
    for operation in &history {
        harness.apply(operation).unwrap();
        harness.check_conservation().unwrap();
        harness.check_audit(2).unwrap();
        harness.compare().unwrap();
    }
    let balance = |name: &str| harness.suite.balance(name, "uatom").to_string();
    assert_eq!(balance("a"), (672 + 466).to_string());
    assert_eq!(balance("b"), "1549");
    assert_eq!(balance("c"), (977 + 372).to_string());
    assert_eq!(balance("v1"), "470");
    let pool = harness.suite.query(json!({"community_pool": {}})).unwrap();
    assert_eq!(
        pool["spendable"],
        json!([{"denom": "uatom", "amount": "92"}])
    );
    let left = harness.suite.query(json!({"invariants": {}})).unwrap();
    assert_eq!(left["denoms"][0]["balance"], Value::from("94"));
}
