//! How the fees of a block are split.

use std::collections::BTreeMap;

use num_rational::BigRational;

use super::{
    CcvLedgerError, DenomAmount, ReceivedBound,
    consumer::{ConsumerLedger, Denom},
    floor_coins, whole,
};

/// A block, and the fees that it splits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerBlock<'a> {
    /// The fees.
    pub fees: &'a [DenomAmount<'a>],
    /// The proposer. Without one that was told with a power and not forgotten, its part is pending.
    pub proposer: Option<&'a str>,
    /// Power that signed. Above the total power it counts as the total power.
    pub signed_power: u64,
}

/// A split of fees in whole base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeSplit {
    /// For the consumer's own stakers, rounded down.
    pub consumer: u128,
    /// For the provider.
    pub provider: u128,
}

/// By whom a block's fees are earned.
struct Earners<'a> {
    powers: &'a BTreeMap<String, u64>,
    total: u64,
    /// `None` when it is unknown.
    proposer: Option<&'a str>,
    /// The proposer's part of one base unit.
    proposer_part: BigRational,
}

impl ConsumerLedger {
    /// What the consumer and the provider get of so many fees.
    pub fn split(&self, fees: u128) -> FeeSplit {
        let consumer = floor_coins(&(whole(fees) * self.params.consumer_part()));
        FeeSplit {
            consumer,
            provider: fees - consumer,
        }
    }

    /// Splits the fees of a block over the powers as they are now: of each denom the consumer's part,
    /// and the rest together with what is pending to the proposer and to everybody by power. A denom
    /// without fees divides what is pending.
    ///
    /// # Errors
    /// [`CcvLedgerError::PowerBound`], [`CcvLedgerError::ReceivedBound`]. Nothing changes then.
    pub fn block(&mut self, block: &ConsumerBlock<'_>) -> Result<(), CcvLedgerError> {
        let total_power = self.sum_of_powers();
        let total = u64::try_from(total_power)
            .ok()
            .filter(|total| *total < 1 << 63)
            .ok_or(CcvLedgerError::PowerBound { total_power })?;
        let fees = self.collect(block.fees)?;

        let earners = Earners {
            powers: &self.powers,
            total,
            proposer: block.proposer.filter(|it| self.powers.contains_key(*it)),
            proposer_part: self.params.proposer_part(block.signed_power, total),
        };
        for (name, denom) in &mut self.denoms {
            let fees = fees.get(name).copied().unwrap_or_default();
            denom.pending += whole(fees);
            denom.divide_pending(&earners);
        }
        Ok(())
    }

    /// Fees of a denom are split from the consumer's part and stay pending: what has come of a denom that
    /// is not received any more.
    ///
    /// # Errors
    /// [`ReceivedBound`]. Nothing changes then.
    pub fn take_in(&mut self, denom: &str, amount: u128) -> Result<(), ReceivedBound> {
        for (denom, provider) in self.collect(&[DenomAmount { denom, amount }])? {
            self.denoms.entry(denom).or_default().pending += whole(provider);
        }
        Ok(())
    }

    /// Takes the consumer's part off and returns the provider's by denom.
    fn collect(
        &mut self,
        fees: &[DenomAmount<'_>],
    ) -> Result<BTreeMap<String, u128>, ReceivedBound> {
        let mut by_denom = BTreeMap::<String, u128>::new();
        for fee in fees {
            let before = self.denoms.get(fee.denom).map_or(0, |it| it.collected);
            let sum = by_denom.entry(fee.denom.to_owned()).or_default();
            *sum = sum
                .checked_add(fee.amount)
                .filter(|sum| before.checked_add(*sum).is_some())
                .ok_or_else(|| ReceivedBound {
                    denom: fee.denom.to_owned(),
                })?;
        }
        for (name, amount) in &mut by_denom {
            let split = self.split(*amount);
            let denom = self.denoms.entry(name.clone()).or_default();
            denom.collected += *amount;
            denom.consumer += split.consumer;
            *amount = split.provider;
        }
        Ok(by_denom)
    }
}

impl Denom {
    /// Divides all that is pending; without power it stays.
    fn divide_pending(&mut self, earners: &Earners<'_>) {
        if earners.total == 0 {
            return;
        }
        let part = std::mem::take(&mut self.pending);
        let proposer = &part * &earners.proposer_part;
        let votes = part - &proposer;
        match earners.proposer {
            Some(name) => self.pool_mut(name).amount += proposer,
            None => self.pending += proposer,
        }
        for (name, &power) in earners.powers {
            let share = BigRational::new(power.into(), earners.total.into());
            self.pool_mut(name).amount += &votes * share;
            self.count_held_back(name, power);
        }
        self.passed_on += 2;
    }
}
