//! What is counted into a recipient's bound.

use super::*;
use crate::ledger::BoundTerms;

fn terms(ledger: &FeeLedger, recipient: Recipient<'_>) -> BoundTerms {
    ledger.bound_terms(recipient).unwrap()
}

#[test]
fn blocks_count_by_the_power_of_that_time() {
    let mut ledger = with_powers(tax_only(), &[10, 1000]);
    let d1 = delegation("d1", "v1");
    let before = terms(&ledger, d1).power;
    block(&mut ledger, 1, None, 0);
    block(&mut ledger, 1, None, 0);
    assert_eq!(terms(&ledger, d1).power - before, 2 * 23);

    // Its own change counts with the larger power, another's with its own.
    ledger.set_power("v1", 4);
    assert_eq!(terms(&ledger, d1).power - before, 3 * 23);
    ledger.set_power("v2", 1);
    assert_eq!(terms(&ledger, d1).power - before, 3 * 23 + 11);
    ledger.set_power("v2", 1);
    assert_eq!(terms(&ledger, d1).power - before, 3 * 23 + 11, "no change");
    ledger.remove_validator("v1").unwrap();
    assert_eq!(terms(&ledger, d1).power - before, 3 * 23 + 2 * 11);
}

#[test]
fn a_delegation_without_units_is_not_rounded_by_blocks() {
    let mut ledger = with_powers(tax_only(), &[10]);
    ledger.set_units("d1", "v1", 0).unwrap();
    let d1 = terms(&ledger, delegation("d1", "v1"));
    let operator = terms(&ledger, commission("v1"));
    block(&mut ledger, 1, None, 0);
    assert_eq!(terms(&ledger, delegation("d1", "v1")), d1);
    assert_eq!(
        terms(&ledger, commission("v1")).power,
        operator.power + 23,
        "commission is"
    );
}

#[test]
fn changes_of_units_count_for_everybody_at_the_validator() {
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.set_units("a", "v", 10).unwrap();
    ledger.set_units("b", "v", 5).unwrap();
    ledger.set_units("b", "v", 1).unwrap();
    ledger.set_units("b", "v", 1).unwrap(); // no change
    ledger.set_units("c", "elsewhere", 1000).unwrap();

    let a = terms(&ledger, delegation("a", "v"));
    assert_eq!(a.validator_units, 2 * (10 + 15 + 15));
    assert_eq!(a.own_units, 2 * (10 + 10 + 10));
    let b = terms(&ledger, delegation("b", "v"));
    assert_eq!(b.validator_units, 2 * (15 + 15));
    assert_eq!(b.own_units, 2 * (5 + 5));
    let operator = terms(&ledger, commission("v"));
    assert_eq!(operator.validator_units, 2 * (10 + 15 + 15));
    assert_eq!(operator.own_units, 0);
}

#[test]
fn a_removal_counts_as_a_change_of_units() {
    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.set_units("a", "v", 10).unwrap();
    ledger.set_units("b", "v", 5).unwrap();
    let a = terms(&ledger, delegation("a", "v"));
    ledger.remove_validator("v").unwrap();
    let removed = terms(&ledger, delegation("a", "v"));
    assert_eq!(removed.validator_units - a.validator_units, 2 * 15);
    assert_eq!(removed.own_units - a.own_units, 2 * 10);
    assert_eq!(removed.power, a.power, "it had none");
}

#[test]
fn everything_that_may_settle_a_validator_counts() {
    let mut ledger = with_powers(tax_only(), &[10, 10]);
    let d1 = delegation("d1", "v1");
    let before = terms(&ledger, d1).settlements;

    ledger.set_power("v1", 20);
    ledger.set_commission("v1", rate("0.1"));
    ledger.set_units("new", "v1", 1).unwrap();
    ledger.reward_validator("v1", DENOM, 10).unwrap();
    ledger.pay_delegation("d1", "v1", DENOM, 1).unwrap();
    ledger.pay_commission("v1", DENOM, 1).unwrap();
    ledger.count_settlement_of("v1");
    block(&mut ledger, 1, Some("v1"), 0);
    ledger.remove_validator("v1").unwrap();
    assert_eq!(terms(&ledger, d1).settlements - before, 9);

    // Neither another's business nor a block of another's.
    ledger.set_power("v2", 20);
    ledger.count_settlement_of("v2");
    ledger.count_settlement_of("nowhere");
    block(&mut ledger, 1, Some("v2"), 0);
    assert_eq!(terms(&ledger, d1).settlements - before, 9);
}

#[test]
fn the_bound_is_the_sum_of_its_terms_in_base_units() {
    let terms = BoundTerms {
        power: 7,
        validator_units: 1000,
        own_units: 10,
        settlements: 4,
    };
    assert_eq!(terms.points(), 1015.into());
    assert_eq!(terms.own_points(), 25.into());

    let mut ledger = FeeLedger::new(tax_only()).unwrap();
    ledger.set_units("a", "v", 10).unwrap();
    // 20 for the units; the settlement was before the record of a began, not before that of v.
    assert_eq!(
        ledger.bound(delegation("a", "v")),
        ratio(20, 10_i128.pow(36))
    );
    assert_eq!(ledger.bound(commission("v")), ratio(22, 10_i128.pow(36)));
    assert_eq!(
        ledger.bound(Recipient::CommunityPool),
        ratio(42, 10_i128.pow(36)),
        "the sum of the others"
    );
    assert_eq!(ledger.bound(delegation("b", "v")), coins(0));
    assert_eq!(ledger.bound_terms(Recipient::CommunityPool), None);
}
