//! The lazy accounting with the state of a real chain: 105 validators, 1112 delegations.

use num_bigint::BigInt;
use oracles::ledger::Recipient;
use serde_json::{Value, json};
use testkit::fee_pool::AccountingKind;
use testkit::fee_pool::{Commit, Harness, Operation};
use testkit::hub_state::HubState;

/// What an audit in one page shows of a class.
fn audited(harness: &Harness, class: &str) -> BigInt {
    let mut sum = BigInt::from(0);
    let mut start_after = Value::Null;
    loop {
        let query = json!({"audit": {"start_after": start_after, "limit": 100}});
        let answer = harness.suite.query(query).unwrap();
        for line in answer["denoms"][0]["liabilities"].as_array().unwrap() {
            if line["class"] == class {
                sum += line["points"].as_str().unwrap().parse::<BigInt>().unwrap();
            }
        }
        start_after = answer["next"].clone();
        if start_after.is_null() {
            return sum;
        }
    }
}

#[test]
fn a_real_chains_state_is_shared_within_the_bound() {
    let state = HubState::built_in().unwrap();
    let mut harness = Harness::with_state(&state, AccountingKind::Lazy, 100).unwrap();
    let operators: Vec<String> = state
        .validators
        .iter()
        .map(|it| harness.operator_account(&it.validator).unwrap())
        .collect();
    let delegation = &state.delegations[0];
    let validator = harness.operator_account(&delegation.validator).unwrap();
    for round in 0..6 {
        let proposer = operators[round * 17].clone();
        let changed = operators[round * 13 + 1].clone();
        let power = harness
            .powers()
            .find(|(name, _)| *name == changed)
            .unwrap()
            .1;
        let shares = harness.shares(&delegation.delegator, &validator);
        let operations = [
            Operation::Block {
                fees: vec![3_000_017],
                proposer: Some(proposer),
                commit: Commit::Votes { absent: vec![] },
            },
            Operation::SetPower {
                validator: changed.clone(),
                power: power / 2 + 7,
            },
            Operation::SetCommission {
                validator: changed,
                commission_atomics: 70_000_000_000_000_007,
            },
            Operation::SetShares {
                delegator: delegation.delegator.clone(),
                validator: validator.clone(),
                shares: shares + 1_000_003,
            },
            Operation::WithdrawAll {
                delegator: delegation.delegator.clone(),
                page: 2,
            },
        ];
        for operation in &operations {
            harness.apply(operation).unwrap();
        }
    }
    harness.check_conservation().unwrap();
    harness.check_audit(100).unwrap();
    harness.compare().unwrap();

    // What roundings left: seen by the audit, and below what all recipients' bounds come to.
    let reserve = harness.rounding_reserve().unwrap().remove(0);
    assert!(reserve > BigInt::from(0));
    assert_eq!(reserve, audited(&harness, "rounding_reserve"));
    let bounds: BigInt = harness
        .ledger
        .recipients()
        .filter(|recipient| *recipient != Recipient::CommunityPool)
        .filter_map(|recipient| harness.ledger.bound_terms(recipient))
        .map(|terms| terms.own_points())
        .sum();
    assert!(reserve < bounds, "{reserve} of {bounds}");
    println!("a reserve of {reserve} points, bounds of {bounds}");
}
