//! The lazy accounting with the state of a real chain: 105 validators, 1112 delegations.

use accounting::AccountingKind;
use num_bigint::BigInt;
use serde_json::{Value, json};
use testing::fee_pool::{Commit, Operation, Twin};
use testing::hub_state::HubState;
use testing::ledger::Recipient;

/// What an audit in one page shows of a class.
fn audited(twin: &Twin, class: &str) -> BigInt {
    let mut sum = BigInt::from(0);
    let mut start_after = Value::Null;
    loop {
        let query = json!({"audit": {"start_after": start_after, "limit": 100}});
        let answer = twin.suite.query(query).unwrap();
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
    let mut twin = Twin::with_state(&state, AccountingKind::Lazy, 100).unwrap();
    let operators: Vec<String> = state
        .validators
        .iter()
        .map(|it| twin.operator_account(&it.validator).unwrap())
        .collect();
    let delegation = &state.delegations[0];
    let validator = twin.operator_account(&delegation.validator).unwrap();
    for round in 0..6 {
        let proposer = operators[round * 17].clone();
        let changed = operators[round * 13 + 1].clone();
        let power = twin.powers().find(|(name, _)| *name == changed).unwrap().1;
        let shares = twin.shares(&delegation.delegator, &validator);
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
            twin.apply(operation).unwrap();
        }
    }
    twin.check_conservation().unwrap();
    twin.check_audit(100).unwrap();
    twin.compare().unwrap();

    // What roundings left: seen by the audit, and below what all recipients' bounds come to.
    let reserve = twin.rounding_reserve().unwrap().remove(0);
    assert!(reserve > BigInt::from(0));
    assert_eq!(reserve, audited(&twin, "rounding_reserve"));
    let bounds: BigInt = twin
        .ledger
        .recipients()
        .filter(|recipient| *recipient != Recipient::CommunityPool)
        .filter_map(|recipient| twin.ledger.bound_terms(recipient))
        .map(|terms| terms.own_points())
        .sum();
    assert!(reserve < bounds, "{reserve} of {bounds}");
    println!("a reserve of {reserve} points, bounds of {bounds}");
}
