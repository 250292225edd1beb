//! The log of power changes: what changed how recipients share the pools, in its order.
//!
//! Nobody needs it to be paid, since running sums stand for it. It is there for whoever wants to
//! follow or check an adjustment, as [`super::walk`] does. The newest [`LOG_LENGTH`] entries are
//! kept. How they are stored stands in `pages.rs`.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::{Points, Rate, compact};

use super::scenario::{Distributor, Distributors, Standing, StandingChange};
use crate::denoms::PerDenom;
use crate::pool::Pool;

/// Entries that are kept.
pub const LOG_LENGTH: u64 = 1_000;

/// What of a validator decides how it and its recipients share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ValidatorState {
    /// Voting power `T`; 0 when it is not active.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// Units `D` of its delegations.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub units: u128,
    /// Commission rate `c`.
    pub rate: Rate,
}

/// What all validators together have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Totals {
    /// Power of all active validators: `S` of the pool by power.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// How many they are: `S` of the pool in equal parts.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub active: u32,
}

impl Totals {
    /// Those of now.
    pub(super) fn of(pool: &Pool) -> Self {
        Totals {
            power: pool.total_power,
            active: pool.active_validators,
        }
    }

    /// Those after a validator's power has changed. No total is below the power of one, nor ever
    /// 2^64: see [`super::validator`].
    pub(super) fn with(self, before: u64, after: u64) -> Self {
        let active = |power: u64| u32::from(power > 0);
        Totals {
            power: self.power.wrapping_sub(before).wrapping_add(after),
            active: self
                .active
                .saturating_add(active(after))
                .saturating_sub(active(before)),
        }
    }
}

/// A validator among all validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The validator.
    pub validator: ValidatorState,
    /// All validators.
    pub totals: Totals,
}

impl Moment {
    /// That of now.
    pub(super) fn now(pool: &Pool, validator: ValidatorState) -> Self {
        Moment {
            validator,
            totals: Totals::of(pool),
        }
    }

    fn standing(&self, weight: u128, total: u128) -> Standing {
        Standing {
            weight,
            units: self.validator.units,
            rate: self.validator.rate,
            total,
        }
    }

    /// In the two parts of the global pool: by power and in equal parts.
    pub fn in_global_pool(&self) -> [Standing; 2] {
        let is_active = self.validator.power > 0;
        [
            self.standing(self.validator.power.into(), self.totals.power.into()),
            self.standing(u128::from(is_active), self.totals.active.into()),
        ]
    }

    /// In its own proposer pool.
    pub fn in_proposer_pool(&self) -> Standing {
        self.standing(self.validator.units, self.validator.units)
    }
}

/// What pools had received of one denom by some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Received {
    /// The pool by power.
    pub by_power: Points,
    /// The pool in equal parts.
    pub equally: Points,
    /// The proposer pool of the validator in question.
    pub proposer: Points,
}

impl Received {
    /// The global pool at a moment.
    pub fn global_pool(&self, moment: &Moment) -> Distributors {
        let [by_power, equally] = moment.in_global_pool();
        let part = |standing, received| Distributor { standing, received };
        Distributors::GlobalPool([part(by_power, self.by_power), part(equally, self.equally)])
    }

    /// The proposer pool at a moment.
    pub fn proposer_pool(&self, moment: &Moment) -> Distributors {
        Distributors::ProposerPool([Distributor {
            standing: moment.in_proposer_pool(),
            received: self.proposer,
        }])
    }
}

/// A validator among all validators before and after something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Right before.
    pub before: Moment,
    /// Right after.
    pub after: Moment,
}

impl Change {
    /// The change of the global pool's parts, which had received so much, for recipients of the
    /// validator.
    pub fn of_global_pool(&self, received: &Received) -> [StandingChange; 2] {
        let [power_before, active_before] = self.before.in_global_pool();
        let [power_after, active_after] = self.after.in_global_pool();
        [
            StandingChange {
                before: power_before,
                after: power_after,
                received: received.by_power,
            },
            StandingChange {
                before: active_before,
                after: active_after,
                received: received.equally,
            },
        ]
    }

    /// The change of the validator's proposer pool.
    pub fn of_proposer_pool(&self, received: &Received) -> [StandingChange; 1] {
        [StandingChange {
            before: self.before.in_proposer_pool(),
            after: self.after.in_proposer_pool(),
            received: received.proposer,
        }]
    }

    /// The same change as recipients of another validator, in this state, see it: only the totals
    /// change.
    #[must_use]
    pub fn seen_by(&self, state: ValidatorState) -> Self {
        let at = |totals| Moment {
            validator: state,
            totals,
        };
        Change {
            before: at(self.before.totals),
            after: at(self.after.totals),
        }
    }
}

/// Something changed how pools are shared: a validator's power, the units of its delegations or its
/// commission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerChange {
    /// Whose.
    pub validator: Vec<u8>,
    /// Right before.
    pub before: Moment,
    /// Right after.
    pub after: Moment,
    /// What the pools had received by then.
    pub received: PerDenom<Received>,
    /// Whether the chain announced a new commission rate that it has not told yet. The entry keeps
    /// the place of the change: once the rate is known, it is the rate `after`.
    pub announced: bool,
}

impl PowerChange {
    /// The moments before and after.
    pub fn moments(&self) -> Change {
        Change {
            before: self.before,
            after: self.after,
        }
    }

    /// Tells an announced commission rate.
    pub(super) fn tell(&mut self, rate: Rate) {
        self.after.validator.rate = rate;
        self.announced = false;
    }
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// Its number, from 1 on. Several can be of one block.
    pub sequence: u64,
    /// What changed.
    pub change: PowerChange,
}
