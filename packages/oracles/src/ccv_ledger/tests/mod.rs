//! Tests of the ledgers of both sides.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod blocks;
mod bounds;
mod distributions;
mod histories;
mod indexed;
mod payments;
mod properties;
mod units;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::*;

const DENOM: &str = "stake";

/// Verbs in which the tests are written.
impl ConsumerLedger {
    /// Nothing for the consumer, base 1 %, bonus 4 %; validators `v1`, `v2`, ... with these powers.
    pub(super) fn with_powers(powers: &[u64]) -> Self {
        let mut ledger = Self::new(params("0")).unwrap();
        for (place, &power) in powers.iter().enumerate() {
            ledger.set_power(&format!("v{}", place + 1), power);
        }
        ledger
    }

    /// A block that everybody signed.
    pub(super) fn fees(&mut self, amount: u128, proposer: &str) {
        self.signed_fees(amount, proposer, u64::MAX);
    }

    pub(super) fn signed_fees(&mut self, amount: u128, proposer: &str, signed_power: u64) {
        self.block(&ConsumerBlock {
            fees: &[DenomAmount {
                denom: DENOM,
                amount,
            }],
            proposer: Some(proposer),
            signed_power,
        })
        .unwrap();
    }

    pub(super) fn pools(&self, validators: &[&str]) -> Vec<BigRational> {
        validators.iter().map(|it| self.pool(DENOM, it)).collect()
    }

    /// Freezes and closes with the exact tokens, which are returned.
    pub(super) fn closes(&mut self) -> u128 {
        self.freeze(DENOM).unwrap();
        let tokens = self.closing_tokens(DENOM).unwrap().exact;
        self.close(DENOM, tokens).unwrap();
        tokens
    }
}

/// Base 1 %, bonus 4 %, and this part for the consumer.
pub(super) fn params(consumer_fraction: &str) -> ConsumerParams {
    ConsumerParams {
        consumer_fraction: consumer_fraction.parse().unwrap(),
        base_proposer_reward: "0.01".parse().unwrap(),
        bonus_proposer_reward: "0.04".parse().unwrap(),
    }
}

pub(super) fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

/// `v1`, `v2`, ... with these weights.
pub(super) fn weights(points: &[u128]) -> Vec<Weight> {
    let points = points.iter().enumerate();
    points
        .map(|(place, &points)| Weight {
            validator: format!("v{}", place + 1),
            points: points.into(),
        })
        .collect()
}

pub(super) fn unit(epoch: u64) -> UnitId<'static> {
    UnitId {
        consumer: "c",
        denom: DENOM,
        epoch,
    }
}
