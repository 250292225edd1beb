//! The consumer's ledger: fees in, holding pools.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{CcvLedgerError, DenomAmount, Fraction, ReceivedBound, floor_coins, unit::Unit, whole};

/// What a consumer is configured with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConsumerParams {
    /// Part of the fees that stays for the consumer's own stakers.
    pub consumer_fraction: Fraction,
    /// Part of the provider's part that the proposer of a block gets in any case.
    pub base_proposer_reward: Fraction,
    /// Part that it gets in addition when all power signed, and proportionally less when not.
    pub bonus_proposer_reward: Fraction,
}

/// A block, and the fees that it splits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerBlock<'a> {
    /// The fees.
    pub fees: &'a [DenomAmount<'a>],
    /// The proposer. Without one that was ever told with a power, its part is pending.
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

/// What the validators of a provider exactly earned on one consumer chain.
///
/// Validators and denoms are named by free text. A plain rational for each pool is exact for any
/// history; its size grows with the number of different total powers within one epoch, which is
/// cheap for some hundred of them.
#[derive(Clone, Debug)]
pub struct ConsumerLedger {
    params: ConsumerParams,
    /// The power of each validator that was ever told with one.
    powers: BTreeMap<String, u64>,
    /// The largest total power so far.
    largest_power: u128,
    pub(super) denoms: BTreeMap<String, Denom>,
}

/// One denom of a consumer. All rationals are in base units.
#[derive(Clone, Debug, Default)]
pub(super) struct Denom {
    /// All fees that were ever split.
    pub collected: u128,
    /// The part of them for the consumer's own stakers.
    pub consumer: u128,
    /// The open pool of each validator.
    pub pools: BTreeMap<String, Pool>,
    /// `provider_pending`: what joins the provider's part of the next block.
    pub pending: BigRational,
    /// See [`PoolBound`](super::PoolBound).
    pub passed_on: BigInt,
    /// The unit under way.
    pub unit: Option<Unit>,
    /// Tokens that arrived on the provider.
    pub arrived: u128,
    /// Tokens of units that were written off.
    pub written_off: u128,
}

/// What one validator earned in an epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    /// In base units.
    pub amount: BigRational,
    /// See [`PoolBound`](super::PoolBound).
    pub held_back: BigInt,
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

impl ConsumerParams {
    fn checked(self) -> Result<Self, CcvLedgerError> {
        // Two values of at most 10^18 fit 64 bits.
        let sum = self.base_proposer_reward.atomics() + self.bonus_proposer_reward.atomics();
        Fraction::from_atomics(sum)
            .map(|_| self)
            .ok_or(CcvLedgerError::BadParams)
    }
}

impl ConsumerLedger {
    /// A ledger without validators and denoms.
    ///
    /// # Errors
    /// [`CcvLedgerError::BadParams`].
    pub fn new(params: ConsumerParams) -> Result<Self, CcvLedgerError> {
        Ok(Self {
            params: params.checked()?,
            powers: BTreeMap::new(),
            largest_power: 0,
            denoms: BTreeMap::new(),
        })
    }

    /// The parameters from the next block on.
    ///
    /// # Errors
    /// [`CcvLedgerError::BadParams`]. The old ones stay then.
    pub fn set_params(&mut self, params: ConsumerParams) -> Result<(), CcvLedgerError> {
        self.params = params.checked()?;
        Ok(())
    }

    /// The power of a validator from the next block on. A validator without power keeps what it
    /// earned.
    pub fn set_power(&mut self, validator: &str, power: u64) {
        let before = self.powers.insert(validator.to_owned(), power);
        if before == Some(power) {
            return;
        }
        let before = before.unwrap_or_default();
        for denom in self.denoms.values_mut() {
            denom.passed_on += self.largest_power;
            for (name, &after) in &self.powers {
                let larger = if name == validator {
                    before.max(after)
                } else {
                    after
                };
                denom.count_held_back(name, larger);
            }
        }
        self.largest_power = self.largest_power.max(self.sum_of_powers());
    }

    /// What the consumer and the provider get of so many fees.
    pub fn split(&self, fees: u128) -> FeeSplit {
        let consumer = floor_coins(&(whole(fees) * rational(self.params.consumer_fraction)));
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

    /// What a validator has in its open pool, in base units.
    pub fn pool(&self, denom: &str, validator: &str) -> BigRational {
        self.denoms
            .get(denom)
            .and_then(|it| it.pools.get(validator))
            .map(|it| it.amount.clone())
            .unwrap_or_default()
    }

    /// What joins the provider's part of the next block, in base units.
    pub fn pending(&self, denom: &str) -> BigRational {
        self.denoms
            .get(denom)
            .map(|it| it.pending.clone())
            .unwrap_or_default()
    }

    /// The power of a validator.
    pub fn power(&self, validator: &str) -> u64 {
        self.powers.get(validator).copied().unwrap_or_default()
    }

    /// All denoms that came up.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.denoms.keys().map(String::as_str)
    }

    /// See [`PoolBound`](super::PoolBound).
    pub(super) const fn largest_power(&self) -> u128 {
        self.largest_power
    }

    fn sum_of_powers(&self) -> u128 {
        self.powers.values().map(|&it| u128::from(it)).sum()
    }
}

impl ConsumerParams {
    /// The proposer's part of one base unit: base, and bonus by the power that signed. Nothing
    /// without power.
    fn proposer_part(&self, signed_power: u64, total: u64) -> BigRational {
        if total == 0 {
            return BigRational::default();
        }
        let signed = BigRational::new(signed_power.min(total).into(), total.into());
        rational(self.base_proposer_reward) + rational(self.bonus_proposer_reward) * signed
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

    /// A validator's open pool, which is created when there is none.
    pub(super) fn pool_mut(&mut self, validator: &str) -> &mut Pool {
        self.pools.entry(validator.to_owned()).or_default()
    }
}

fn rational(rate: Fraction) -> BigRational {
    BigRational::new(rate.atomics().into(), Fraction::ONE.atomics().into())
}
