//! The consumer's ledger: powers and holding pools.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::{CcvLedgerError, ConsumerParams, unit::Unit};

/// What the validators of a provider exactly earned on one consumer chain.
///
/// Validators and denoms are named by free text. A plain rational for each pool is exact for any
/// history; its size grows with the number of different total powers within one epoch, which is
/// cheap for some hundred of them.
#[derive(Clone, Debug)]
pub struct ConsumerLedger {
    pub(super) params: ConsumerParams,
    /// The power of each validator that was told with one and not forgotten.
    pub(super) powers: BTreeMap<String, u64>,
    /// Whom the provider pays for a validator, where that is another one than itself.
    pub(super) names: BTreeMap<String, String>,
    /// The largest total power so far.
    pub(super) largest_power: u128,
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

impl ConsumerLedger {
    /// A ledger without validators and denoms.
    ///
    /// # Errors
    /// [`CcvLedgerError::BadParams`].
    pub fn new(params: ConsumerParams) -> Result<Self, CcvLedgerError> {
        Ok(Self {
            params: params.checked()?,
            powers: BTreeMap::new(),
            names: BTreeMap::new(),
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

    /// Whom the provider pays for a validator, from the next unit on whose tokens are counted.
    pub fn set_provider_validator(&mut self, validator: &str, name: &str) {
        self.names.insert(validator.to_owned(), name.to_owned());
    }

    /// The system has forgotten a validator that left and has nothing any more: as a proposer it is
    /// unknown again. What is below a point of its pools stays.
    ///
    /// # Errors
    /// [`CcvLedgerError::HasPower`], [`CcvLedgerError::Claim`] for one that has something still.
    pub fn forget(&mut self, validator: &str) -> Result<(), CcvLedgerError> {
        if self.power(validator) > 0 {
            return Err(CcvLedgerError::HasPower {
                validator: validator.to_owned(),
            });
        }
        for denom in self.denoms.keys() {
            self.check_pool(denom, validator, &BigInt::ZERO)?;
        }
        self.powers.remove(validator);
        Ok(())
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

    pub(super) fn sum_of_powers(&self) -> u128 {
        self.powers.values().map(|&it| u128::from(it)).sum()
    }
}

impl Denom {
    /// A validator's open pool, which is created when there is none.
    pub(super) fn pool_mut(&mut self, validator: &str) -> &mut Pool {
        self.pools.entry(validator.to_owned()).or_default()
    }
}
