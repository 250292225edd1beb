//! What the indexes of `f1` cannot divide among the units of a validator: points below one for each unit.

use oracles::ledger::{FeeLedger, FeeParams, Recipient};
use serde_json::json;
use testkit::fee_pool::{Commit, FeePoolSuite, Harness, Operation};

const SOLE: Recipient = Recipient::Delegation {
    delegator: "sole",
    validator: "v",
};

/// Nearly as many as there may be. Of the 980 coins of a block, in points, their units leave a third
/// of themselves undivided.
const SHARES: u128 = 600_000_000_000_000_000_000_007;

/// Units of that.
const UNITS: u128 = SHARES * 1_000_000;

/// A validator without commission that has one delegator.
fn harness() -> Harness {
    let builder = FeePoolSuite::builder().with("share_places", json!(6));
    let suite = builder.build().unwrap();
    let ledger = FeeLedger::new(FeeParams::default()).unwrap();
    let mut harness = Harness::new(suite, ledger).unwrap();
    let validator = || "v".to_string();
    harness
        .apply(&Operation::CreateValidator {
            validator: validator(),
            commission_atomics: 0,
        })
        .unwrap();
    harness
        .apply(&Operation::SetShares {
            delegator: "sole".to_string(),
            validator: validator(),
            shares: SHARES,
        })
        .unwrap();
    set_power(&mut harness);
    harness
}

fn set_power(harness: &mut Harness) {
    harness
        .apply(&Operation::SetPower {
            validator: "v".to_string(),
            power: 1,
        })
        .unwrap();
}

fn block(harness: &mut Harness) {
    harness
        .apply(&Operation::Block {
            fees: vec![1_000],
            proposer: Some("v".to_string()),
            commit: Commit::SignedPower { absent: vec![] },
        })
        .unwrap();
}

/// By how many points the delegator falls short.
fn shortfall(harness: &Harness) -> u128 {
    let owed = &harness.points(SOLE).unwrap()[0];
    let short = harness.ledger.floor_points(SOLE, "uatom") - owed;
    short.try_into().unwrap()
}

/// What is not divided yet waits for the next block; it is never a point for each unit.
#[test]
fn slashes_give_no_carry_away() {
    let mut harness = harness();
    for _ in 0..10 {
        block(&mut harness);
        harness
            .apply(&Operation::Slash {
                validator: "v".to_string(),
                fraction_atomics: 10_000_000_000_000_000,
            })
            .unwrap();
    }
    assert!(shortfall(&harness) < UNITS, "{}", shortfall(&harness));
    harness.compare().unwrap();
}

/// Nobody may be left to wait for it. Each removal counts in the bound like a change of units.
#[test]
fn removals_give_the_carry_to_the_community_pool() {
    let mut harness = harness();
    for _ in 0..10 {
        block(&mut harness);
        harness
            .apply(&Operation::RemoveValidator {
                validator: "v".to_string(),
            })
            .unwrap();
        set_power(&mut harness);
    }
    assert!(shortfall(&harness) > UNITS, "{}", shortfall(&harness));
    harness.compare().unwrap();
}
