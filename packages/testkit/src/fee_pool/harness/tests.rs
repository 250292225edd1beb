use std::collections::BTreeSet;

use num_rational::BigRational;
use num_traits::Zero;
use serde_json::json;

use super::Harness;
use crate::fee_pool::{AccountingKind, Commit, FeePoolSuite, Operation};
use crate::hub_state::HubState;
use oracles::ledger::{FeeLedger, FeeParams, Recipient};

const PERCENT: u64 = 10_000_000_000_000_000;

fn hub() -> (HubState, Harness) {
    let state = HubState::built_in().unwrap();
    let harness = Harness::with_state(&state, AccountingKind::F1, 100).unwrap();
    (state, harness)
}

fn block(harness: &mut Harness, fees: u128, proposer: &str) {
    harness
        .apply(&Operation::Block {
            fees: vec![fees],
            proposer: Some(proposer.into()),
            commit: Commit::Votes { absent: vec![] },
        })
        .unwrap();
}

fn check(harness: &Harness) {
    harness.check_conservation().unwrap();
    harness.check_audit(100).unwrap();
    harness.compare().unwrap();
    harness.ledger.check_conservation().unwrap();
}

#[test]
fn a_pool_that_starts_with_a_state_knows_all_of_it() {
    let (state, mut harness) = hub();
    assert_eq!(harness.total_power(), 121_093_091);
    let sikka = state.validators.iter().find(|it| it.moniker == "Sikka");
    let shares = sikka.unwrap().shares;
    let sikka = &sikka.unwrap().validator;
    let name = harness.operator_account(sikka).unwrap();
    assert_eq!(&harness.suite.operator(&name), sikka);

    let validator = json!({"validator": {"validator": sikka}});
    let answer = harness.suite.query(validator).unwrap();
    assert_eq!(answer["power"], "4780574");
    assert_eq!(answer["commission"]["max_rate"], "1");
    // All 18 places of its delegations are kept.
    assert_eq!(answer["units"], shares.atomics().to_string());

    block(&mut harness, 3_000_000, &name);
    let recipients: Vec<Recipient> = harness.ledger.recipients().collect();
    assert_eq!(recipients.len(), 1 + 105 + 1112);
    let certus = harness
        .operator_account(&state.validators[0].validator)
        .unwrap();
    let owed = harness.points(Recipient::Commission { validator: &certus });
    assert!(!owed.unwrap()[0].is_zero());
    check(&harness);
}

#[test]
fn who_came_with_a_state_is_paid_at_its_own_address() {
    let (state, mut harness) = hub();
    let first = &state.delegations[0];
    let operator = harness.operator_account(&first.validator).unwrap();
    block(&mut harness, 30_000_000, &operator);
    harness
        .apply(&Operation::WithdrawAll {
            delegator: first.delegator.clone(),
            page: 3,
        })
        .unwrap();
    harness
        .apply(&Operation::WithdrawValidator {
            validator: operator.clone(),
        })
        .unwrap();
    assert!(!harness.suite.balance(&first.delegator, "uatom").is_zero());
    assert!(!harness.suite.balance(&operator, "uatom").is_zero());
    check(&harness);
}

#[test]
fn an_operator_edits_its_commission_within_its_terms() {
    let (state, mut harness) = hub();
    let certus = harness
        .operator_account(&state.validators[0].validator)
        .unwrap();
    // It is 12.5 %, and may rise by 1 % a day.
    assert!(harness.edit_commission(&certus, 14 * PERCENT).is_err());
    harness.edit_commission(&certus, 13 * PERCENT).unwrap();
    assert!(harness.edit_commission(&certus, 12 * PERCENT).is_err());
    block(&mut harness, 5_000_000, &certus);
    check(&harness);
}

#[test]
fn a_delegator_with_more_validators_than_a_page_leaves_all_of_them() {
    let (state, mut harness) = hub();
    let operators: BTreeSet<String> = state
        .validators
        .iter()
        .map(|it| harness.operator_account(&it.validator).unwrap())
        .collect();
    assert!(operators.len() > 100);
    let set_all = |harness: &mut Harness, shares: u128| {
        for validator in &operators {
            harness
                .apply(&Operation::SetShares {
                    delegator: "alice".into(),
                    validator: validator.clone(),
                    shares,
                })
                .unwrap();
        }
    };
    set_all(&mut harness, 1_000_000);
    block(&mut harness, 3_000_000_000, operators.first().unwrap());
    set_all(&mut harness, 0);
    harness
        .apply(&Operation::WithdrawAll {
            delegator: "alice".into(),
            page: 100,
        })
        .unwrap();
    let mine = json!({"delegator_validators": {"delegator": "@alice"}});
    assert_eq!(
        harness.suite.query(mine).unwrap(),
        json!({"validators": []})
    );
    check(&harness);
}

#[test]
fn the_largest_difference_is_that_of_plain_rationals() {
    let suite = FeePoolSuite::builder().build().unwrap();
    let mut harness = Harness::new(suite, FeeLedger::new(FeeParams::default()).unwrap()).unwrap();
    for (validator, percent) in [("v1", 7), ("v2", 0), ("v3", 33)] {
        harness
            .apply(&Operation::CreateValidator {
                validator: validator.into(),
                commission_atomics: percent * PERCENT,
            })
            .unwrap();
    }
    for round in 1..12_u64 {
        for (place, validator) in ["v1", "v2", "v3"].into_iter().enumerate() {
            harness
                .apply(&Operation::SetPower {
                    validator: validator.into(),
                    power: 1_000_003 * round + 17 * place as u64,
                })
                .unwrap();
            harness
                .apply(&Operation::SetShares {
                    delegator: format!("d{}", round % 4),
                    validator: validator.into(),
                    shares: u128::from(round) * 7_919 + 1,
                })
                .unwrap();
        }
        block(
            &mut harness,
            999_983,
            ["v1", "v2", "v3"][round as usize % 3],
        );

        let mut largest = BigRational::zero();
        for recipient in harness.ledger.recipients() {
            let points = &harness.points(recipient).unwrap()[0];
            let difference = harness.ledger.unpaid_less(recipient, "uatom", points);
            if recipient != Recipient::CommunityPool {
                largest = largest.max(difference);
            }
        }
        assert!(!largest.is_zero());
        assert_eq!(harness.compare().unwrap().largest_difference, largest);
    }
}

#[test]
fn an_equation_with_a_point_too_many_does_not_hold() {
    let (_, mut harness) = hub();
    harness
        .apply(&Operation::FundCommunityPool {
            amounts: vec![1_000],
        })
        .unwrap();
    let mut equation = harness.equations().unwrap().remove(0);
    assert!(equation.holds());
    equation.liabilities[0].points += 1;
    assert!(!equation.holds());
}
