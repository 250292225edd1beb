//! Tests of the ledger by worked examples, by plain rationals, and by what it must refuse.

#![allow(clippy::unwrap_used)]

mod bounds;
mod checks;
mod histories;
mod imports;
mod inputs;
mod payments;
mod reference_case;
mod small_cases;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{BlockFees, DenomAmount, FeeLedger, FeeParams, Fraction, Recipient};

const DENOM: &str = "uatom";

fn rate(text: &str) -> Fraction {
    text.parse().unwrap()
}

fn ratio(numerator: i128, denominator: i128) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

fn coins(amount: u128) -> BigRational {
    BigRational::from(BigInt::from(amount))
}

/// Tax 2 % and nothing for proposers.
fn tax_only() -> FeeParams {
    FeeParams {
        base_proposer_reward: Fraction::ZERO,
        bonus_proposer_reward: Fraction::ZERO,
        ..FeeParams::default()
    }
}

/// A ledger with validators `v1`, `v2`.. of these powers, without commission and each with one
/// delegator `d1`, `d2`.. of as many units.
fn with_powers(params: FeeParams, powers: &[u64]) -> FeeLedger {
    let mut ledger = FeeLedger::new(params).unwrap();
    for (place, &power) in powers.iter().enumerate() {
        let validator = format!("v{}", place + 1);
        ledger.create_validator(&validator, Fraction::ZERO);
        ledger.set_power(&validator, power);
        ledger
            .set_units(&format!("d{}", place + 1), &validator, power.into())
            .unwrap();
    }
    ledger
}

fn block(ledger: &mut FeeLedger, amount: u128, proposer: Option<&str>, signed_power: u64) {
    let fees = [DenomAmount {
        denom: DENOM,
        amount,
    }];
    ledger
        .begin_block(&BlockFees {
            fees: &fees,
            proposer,
            signed_power,
        })
        .unwrap();
}

fn delegation<'a>(delegator: &'a str, validator: &'a str) -> Recipient<'a> {
    Recipient::Delegation {
        delegator,
        validator,
    }
}

fn commission(validator: &str) -> Recipient<'_> {
    Recipient::Commission { validator }
}

fn earned(ledger: &FeeLedger, delegator: &str, validator: &str) -> BigRational {
    ledger.earned(delegation(delegator, validator), DENOM)
}

fn earned_commission(ledger: &FeeLedger, validator: &str) -> BigRational {
    ledger.earned(commission(validator), DENOM)
}

fn community(ledger: &FeeLedger) -> BigRational {
    ledger.earned(Recipient::CommunityPool, DENOM)
}
