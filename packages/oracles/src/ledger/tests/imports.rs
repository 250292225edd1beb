//! What an earlier pool owed, and who covers it.

use num_traits::Zero;

use super::*;
use crate::ledger::{ImportedAmount, ImportedValidator, LedgerError};

const COMMUNITY: Recipient<'static> = Recipient::CommunityPool;

fn importing() -> FeeLedger {
    let mut ledger = FeeLedger::new(tax_only()).unwrap().inactive();
    line(&mut ledger, 100, "0.1");
    ledger
}

fn line(ledger: &mut FeeLedger, power: u64, commission: &str) {
    let commission = rate(commission);
    ledger
        .import_validator(&ImportedValidator {
            validator: "v",
            power,
            commission,
        })
        .unwrap();
}

fn owed(ledger: &mut FeeLedger, recipient: Recipient<'_>, amount: &str) {
    let amounts = [ImportedAmount {
        denom: DENOM,
        amount,
    }];
    ledger.import_owed(recipient, &amounts).unwrap();
}

fn cover(ledger: &mut FeeLedger, amount: u128) {
    let coins = [DenomAmount {
        denom: DENOM,
        amount,
    }];
    ledger.cover(&coins).unwrap();
}

#[test]
fn what_an_earlier_pool_owed_is_owed_and_covered_by_coins() {
    let mut ledger = importing();
    ledger.import_units("a", "v", 5).unwrap();
    owed(&mut ledger, delegation("a", "v"), "1.000000000000000001");
    owed(&mut ledger, delegation("left", "v"), "0.5");
    owed(&mut ledger, commission("v"), "2.25");
    owed(&mut ledger, COMMUNITY, "3.75");
    ledger.check_conservation().unwrap();
    assert_eq!(ledger.missing(DENOM), 8);
    let uncovered = LedgerError::NotCovered {
        denom: DENOM.to_owned(),
    };
    cover(&mut ledger, 7);
    assert_eq!(ledger.activate(), Err(uncovered));
    assert_eq!(ledger.missing(DENOM), 1);
    cover(&mut ledger, 3);
    assert_eq!(ledger.missing(DENOM), 0);
    ledger.check_conservation().unwrap();
    ledger.activate().unwrap();
    assert!(ledger.is_active());
    ledger.check_conservation().unwrap();

    // Of 10 coins 7.500000000000000001 were owed.
    let rest = coins(10) - earned(&ledger, "a", "v") - ratio(5, 10) - ratio(225, 100);
    assert_eq!(community(&ledger), rest);
    assert_eq!(
        earned(&ledger, "a", "v"),
        coins(1) + ratio(1, 10_i128.pow(18))
    );
    ledger.pay_delegation("a", "v", DENOM, 1).unwrap();
    assert!(ledger.pay_delegation("left", "v", DENOM, 1).is_err());

    // Half a coin of old and half a coin of new rewards are one.
    ledger.set_units("left", "v", 5).unwrap();
    block(&mut ledger, 1_000, None, 100);
    assert_eq!(earned(&ledger, "left", "v"), ratio(5, 10) + coins(441));
    ledger.check_conservation().unwrap();
}

#[test]
fn a_line_counts_once_and_replaces_what_was_said_before() {
    let mut ledger = importing();
    for amount in ["7", "2.5", "2.5"] {
        for recipient in [delegation("a", "v"), commission("v"), COMMUNITY] {
            owed(&mut ledger, recipient, amount);
        }
    }
    assert_eq!(ledger.missing(DENOM), 8);
    let nothing = ledger.import_owed(COMMUNITY, &[]);
    nothing.unwrap();
    assert_eq!(ledger.missing(DENOM), 5);
    cover(&mut ledger, 5);
    ledger.activate().unwrap();
    assert!(community(&ledger).is_zero());
    assert_eq!(earned(&ledger, "a", "v"), ratio(5, 2));
    assert_eq!(earned_commission(&ledger, "v"), ratio(5, 2));
}

#[test]
fn events_are_newer_than_lines_aspect_by_aspect() {
    let mut ledger = importing();
    ledger.import_units("a", "v", 5).unwrap();
    ledger.set_commission("v", rate("0.5"));
    ledger.set_units("b", "v", 5).unwrap();
    line(&mut ledger, 7, "0.9");
    ledger.import_units("a", "v", 15).unwrap();
    ledger.import_units("b", "v", 1).unwrap();
    assert_eq!(ledger.validators[0].power, 7);
    ledger.set_power("v", 3);
    line(&mut ledger, 7, "0.9");
    assert_eq!(ledger.validators[0].power, 3);
    ledger.activate().unwrap();
    block(&mut ledger, 1_000, None, 3);
    assert_eq!(earned_commission(&ledger, "v"), coins(490));
    assert_eq!(earned(&ledger, "a", "v"), ratio(490 * 3, 4));
}

#[test]
fn a_removed_validator_takes_nothing_new_until_it_is_created_again() {
    let mut ledger = with_powers(tax_only(), &[100]);
    ledger.remove_validator("v1").unwrap();
    let removed = Err(LedgerError::Removed {
        validator: "v1".to_owned(),
    });
    assert_eq!(ledger.set_units("d1", "v1", 101), removed);
    assert_eq!(ledger.set_units("new", "v1", 1), removed);
    assert_eq!(ledger.reward_validator("v1", DENOM, 5), removed);
    // Its old power votes once more.
    ledger.set_power("v1", 100);
    block(&mut ledger, 1_000, Some("v1"), 100);
    assert_eq!(earned(&ledger, "d1", "v1"), coins(980));
    ledger.set_units("d1", "v1", 50).unwrap();
    ledger.create_validator("v1", Fraction::ZERO);
    ledger.set_units("new", "v1", 50).unwrap();
    block(&mut ledger, 1_000, None, 100);
    assert_eq!(earned(&ledger, "new", "v1"), coins(490));
    ledger.check_conservation().unwrap();
}

#[test]
fn a_removed_validator_is_not_brought_back_by_its_line() {
    let mut ledger = importing();
    ledger.import_units("a", "v", 5).unwrap();
    ledger.remove_validator("v").unwrap();
    line(&mut ledger, 100, "0.3");
    assert_eq!(ledger.validators[0].power, 0);
    assert_eq!(ledger.validators[0].commission, rate("0.1"));
    for (units, taken) in [(7, 5), (3, 3), (5, 3)] {
        ledger.import_units("a", "v", units).unwrap();
        assert_eq!(ledger.units("a", "v"), taken);
    }
    // What it owed is owed.
    owed(&mut ledger, delegation("a", "v"), "1");
}

#[test]
fn an_import_ends_with_activation_and_nothing_is_split_or_paid_before() {
    let mut ledger = importing();
    owed(&mut ledger, delegation("a", "v"), "1");
    cover(&mut ledger, 1);
    let fees = BlockFees {
        fees: &[],
        proposer: None,
        signed_power: 0,
    };
    assert_eq!(ledger.begin_block(&fees), Err(LedgerError::Inactive));
    let early = ledger.pay_delegation("a", "v", DENOM, 1);
    assert_eq!(early, Err(LedgerError::Inactive));
    ledger.activate().unwrap();
    ledger.pay_delegation("a", "v", DENOM, 1).unwrap();
    assert_eq!(ledger.activate(), Err(LedgerError::Active));
    assert_eq!(ledger.import_units("a", "v", 1), Err(LedgerError::Active));
    assert_eq!(ledger.cover(&[]), Err(LedgerError::Active));
}

#[test]
fn lines_that_make_no_sense_are_refused() {
    let mut ledger = importing();
    let unknown = Err(LedgerError::UnknownValidator {
        validator: "w".to_owned(),
    });
    assert_eq!(ledger.import_units("a", "w", 1), unknown);
    assert_eq!(ledger.import_owed(commission("w"), &[]), unknown);
    assert_eq!(ledger.import_owed(delegation("a", "w"), &[]), unknown);
    for amount in ["", "1.", "-1", "0.0000000000000000001", "x"] {
        let amounts = [ImportedAmount {
            denom: DENOM,
            amount,
        }];
        let bad = Err(LedgerError::BadAmount {
            text: amount.to_owned(),
        });
        assert_eq!(ledger.import_owed(COMMUNITY, &amounts), bad);
    }
}
