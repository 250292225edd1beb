//! Who shares a pool, and how: the scenarios of the lazy accounting.
//!
//! Names are those of the Cosmos SDK's first specification of its distribution module. `r` and `S` are a recipient's and a
//! distributor's shares, primed right before a change; `E` is everything the distributor ever
//! received, `R` the part of it received after the change; `A` is the recipient's adjustment. What
//! the formulas were before and why they changed stands at [the module](super).

use std::ops::Deref;

use cosmwasm_std::Uint256;
use distribution_math::{FinePoints, MathError, Points, Rate, Ratio, SignedPoints};

/// A validator's share of a pool at one moment: its weight there, the units of its delegations, its
/// commission, and the weight of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolShare {
    /// The validator's weight `T`: its power in the pool by power, 1 or 0 in the pool in equal
    /// parts, the units of its delegations in its proposer pool.
    pub weight: u128,
    /// Units `D` of its delegations.
    pub units: u128,
    /// Its commission rate `c`.
    pub rate: Rate,
    /// Weight `S` of all validators in the pool.
    pub total: u128,
}

/// A pool at one moment, as a validator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Distributor {
    /// The validator's share of it.
    pub share: PoolShare,
    /// `E`: everything it ever received.
    pub received: Points,
}

/// The pools that a recipient shares in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distributors {
    /// None, for whoever only walks changes.
    Nothing,
    /// Its validator's proposer pool.
    ProposerPool([Distributor; 1]),
    /// The two parts of the global pool, by power and in equal parts, for which it has one
    /// adjustment.
    GlobalPool([Distributor; 2]),
}

impl Deref for Distributors {
    type Target = [Distributor];

    fn deref(&self) -> &[Distributor] {
        match self {
            Distributors::Nothing => &[],
            Distributors::ProposerPool(one) => one,
            Distributors::GlobalPool(two) => two,
        }
    }
}

/// A change of a validator's share of a pool, or of the weight of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolShareChange {
    /// Right before.
    pub before: PoolShare,
    /// Right after.
    pub after: PoolShare,
    /// `E - R`: everything the pool had received by then.
    pub received: Points,
}

/// What every scenario knows of its recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The pools that it shares in.
    pub distributors: Distributors,
    /// What the pools hold now. They share one account, so this is the same for all of them.
    pub tokens: Points,
    /// `A`, as far as it is known: see [`DistributionScenario::update_adjustment_for_others`].
    pub adjustment: FinePoints,
}

/// A recipient of a pool: what it shares by, and what corrects it.
///
/// ```text
/// simple_pool    = r * E / S                                   0 when S = 0
/// projected_pool = r' * (E - R) / S' + r * R / S
/// A             += simple_pool - projected_pool = (r / S - r' / S') * (E - R)    whatever its sign
/// entitlement    = simple_pool - A
/// ```
///
/// Pools are rounded down and adjustments up, each to 10^-36 points, so no entitlement ever is
/// above the exact share. A recipient of the global pool sums over its two parts.
pub trait DistributionScenario {
    /// The recipient's position.
    fn position(&self) -> &Position;

    /// The recipient's position, to be corrected.
    fn position_mut(&mut self) -> &mut Position;

    /// `r` at a share.
    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError>;

    /// `r'` at a share from before the recipient's own last change.
    fn prev_shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        self.shares_at(share)
    }

    /// What the distributor holds now.
    fn distributor_tokens(&self) -> Points {
        self.position().tokens
    }

    /// `E`: everything the distributor ever received.
    fn distributor_cumulative_tokens(&self, distributor: &Distributor) -> Points {
        distributor.received
    }

    /// `R`: what the distributor received after a change.
    ///
    /// # Errors
    /// When the change lies in the future.
    fn distributor_prev_received_tokens(
        &self,
        distributor: &Distributor,
        change: &PoolShareChange,
    ) -> Result<Points, MathError> {
        self.distributor_cumulative_tokens(distributor)
            .checked_sub(change.received)
    }

    /// `S`.
    fn distributor_shares(&self, distributor: &Distributor) -> u128 {
        distributor.share.total
    }

    /// `S'`.
    fn distributor_prev_shares(&self, change: &PoolShareChange) -> u128 {
        change.before.total
    }

    /// `r`.
    fn recipient_shares(&self, distributor: &Distributor) -> Result<Ratio, MathError> {
        self.shares_at(&distributor.share)
    }

    /// `r'`.
    fn recipient_prev_shares(&self, change: &PoolShareChange) -> Result<Ratio, MathError> {
        self.prev_shares_at(&change.before)
    }

    /// `A`.
    fn recipient_adjustment(&self) -> FinePoints {
        self.position().adjustment
    }

    /// `A += change`, whatever its sign.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn modify_adjustments(&mut self, change: FinePoints) -> Result<(), MathError> {
        let position = self.position_mut();
        position.adjustment = position.adjustment.plus(change)?;
        Ok(())
    }

    /// `r * E / S`: what the recipient would have had with its shares of now from the beginning.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn simple_pool(&self) -> Result<FinePoints, MathError> {
        let mut pool = FinePoints::ZERO;
        for distributor in self.position().distributors.iter() {
            if distributor.received.is_zero() {
                continue;
            }
            add_part(
                &mut pool,
                self.recipient_shares(distributor)?,
                self.distributor_shares(distributor),
                self.distributor_cumulative_tokens(distributor),
            )?;
        }
        Ok(pool)
    }

    /// `r' * (E - R) / S' + r * R / S`: the same with its shares from before a change until that
    /// change. One change for each distributor, in their order.
    ///
    /// # Errors
    /// When a change lies in the future.
    fn projected_pool(&self, changes: &[PoolShareChange]) -> Result<FinePoints, MathError> {
        let mut pool = FinePoints::ZERO;
        for (distributor, change) in self.position().distributors.iter().zip(changes) {
            add_part(
                &mut pool,
                self.recipient_prev_shares(change)?,
                self.distributor_prev_shares(change),
                change.received,
            )?;
            add_part(
                &mut pool,
                self.recipient_shares(distributor)?,
                self.distributor_shares(distributor),
                self.distributor_prev_received_tokens(distributor, change)?,
            )?;
        }
        Ok(pool)
    }

    /// Corrects the adjustment for a change that the recipient's own validator made, or for any
    /// change when the log is walked: by `(r / S - r' / S') * (E - R)`. One change for each
    /// distributor, in their order.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn update_adjustment_for_power_change(
        &mut self,
        changes: &[PoolShareChange],
    ) -> Result<(), MathError> {
        for change in changes {
            if change.received.is_zero() {
                continue;
            }
            let now = self.shares_at(&change.after)?.over(change.after.total)?;
            let before = self
                .recipient_prev_shares(change)?
                .over(self.distributor_prev_shares(change))?;
            if let Some(correction) = correction(now, before, change.received)? {
                self.modify_adjustments(correction)?;
            }
        }
        Ok(())
    }

    /// Corrects the adjustment for what all other validators changed since it was last corrected:
    /// by `r` times what the running sum of `(1 / S - 1 / S') * E` grew by since then. One number
    /// for each distributor, in their order.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn update_adjustment_for_others(&mut self, growth: &[SignedPoints]) -> Result<(), MathError> {
        let mut correction = FinePoints::ZERO;
        for (distributor, growth) in self.position().distributors.iter().zip(growth) {
            let part = self.recipient_shares(distributor)?.ceil_of(*growth)?;
            correction = correction.plus(part)?;
        }
        self.modify_adjustments(correction)
    }

    /// `simple_pool - A`, rounded down to points: never below zero, nor above what the distributor
    /// holds.
    ///
    /// # Errors
    /// Overflow, excluded by the bound on receipts.
    fn withdrawal_entitlement(&self) -> Result<Points, MathError> {
        entitlement(
            self.simple_pool()?,
            self.recipient_adjustment(),
            self.distributor_tokens(),
        )
    }
}

/// Adds `shares / total * tokens` to a pool, rounded down.
fn add_part(
    pool: &mut FinePoints,
    shares: Ratio,
    total: u128,
    tokens: Points,
) -> Result<(), MathError> {
    *pool = pool.plus(shares.over(total)?.floor_of(tokens)?)?;
    Ok(())
}

/// `(now - before) * received`, rounded up. What did not change needs no correction, and shall not
/// be rounded for it either.
fn correction(
    now: Ratio,
    before: Ratio,
    received: Points,
) -> Result<Option<FinePoints>, MathError> {
    if now == before {
        return Ok(None);
    }
    let correction = now.ceil_of(received)?.minus(before.floor_of(received)?)?;
    Ok(Some(correction))
}

/// `simple_pool - adjustment`, within what is there.
fn entitlement(
    simple_pool: FinePoints,
    adjustment: FinePoints,
    tokens: Points,
) -> Result<Points, MathError> {
    let entitlement = simple_pool.minus(adjustment)?;
    Ok(entitlement.floor().or_zero().min(tokens))
}

/// A rate as a ratio.
fn ratio(rate: Rate) -> Ratio {
    let number = |atomics: u64| Uint256::from(atomics);
    Ratio::new(number(rate.atomics()), number(Rate::ATOMICS_PER_ONE))
}

/// What of its validator's share `T` in the global pool a delegation of one unit has:
/// `(1 - c) / D`, nothing without delegations.
pub(super) fn unit_of_validator(rate: Rate, units: u128) -> Ratio {
    let number = |number: u128| Uint256::from(number);
    // Below 2^60 * 2^113.
    let denominator = number(Rate::ATOMICS_PER_ONE.into()).saturating_mul(number(units));
    Ratio::new(number(rate.complement().atomics().into()), denominator)
}

/// What of its validator's share an operator has: `c`.
pub(super) fn commission_of_validator(rate: Rate) -> Ratio {
    ratio(rate)
}

/// What of a validator's share the community pool has: `1 - c` without delegations.
pub(super) fn unowned_of_validator(rate: Rate, units: u128) -> Ratio {
    if units > 0 {
        return Ratio::ZERO;
    }
    ratio(rate.complement())
}

macro_rules! positioned {
    () => {
        fn position(&self) -> &Position {
            &self.position
        }

        fn position_mut(&mut self) -> &mut Position {
            &mut self.position
        }
    };
}

/// A delegation's share of the global pool: `r = units * (T / D) * (1 - c)`.
#[derive(Clone, Debug)]
pub struct DelegationFromGlobalPool {
    /// Its position.
    pub position: Position,
    /// Its units.
    pub units: u128,
    /// Its units before its own last change; the same for changes of anybody else.
    pub prev_units: u128,
}

impl DelegationFromGlobalPool {
    /// A delegation whose units do not change.
    pub fn new(position: Position, units: u128) -> Self {
        DelegationFromGlobalPool {
            position,
            units,
            prev_units: units,
        }
    }

    fn shares(units: u128, share: &PoolShare) -> Result<Ratio, MathError> {
        unit_of_validator(share.rate, share.units)
            .times(share.weight)?
            .times(units)
    }
}

impl DistributionScenario for DelegationFromGlobalPool {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        Self::shares(self.units, share)
    }

    fn prev_shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        Self::shares(self.prev_units, share)
    }
}

/// An operator's share of the global pool: `r = T * c`.
#[derive(Clone, Debug)]
pub struct CommissionFromGlobalPool {
    /// Its position.
    pub position: Position,
}

impl DistributionScenario for CommissionFromGlobalPool {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        commission_of_validator(share.rate).times(share.weight)
    }
}

/// The community pool's share of the global pool for a validator that nobody delegates to:
/// `r = T * (1 - c)` without delegations, otherwise 0.
#[derive(Clone, Debug)]
pub struct UnownedFromGlobalPool {
    /// Its position.
    pub position: Position,
}

impl DistributionScenario for UnownedFromGlobalPool {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        unowned_of_validator(share.rate, share.units).times(share.weight)
    }
}

/// A validator's share of the global pool as a whole: `r = T`. Nobody claims it: it is the sum of the
/// three above.
#[derive(Clone, Debug)]
pub struct ValidatorFromGlobalPool {
    /// Its position.
    pub position: Position,
}

impl DistributionScenario for ValidatorFromGlobalPool {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        Ok(Ratio::new(Uint256::from(share.weight), Uint256::one()))
    }
}

/// A delegation's share of its validator's proposer pool: `r = units * (1 - c)`, `S = D`.
#[derive(Clone, Debug)]
pub struct DelegationFromProposerPool {
    /// Its position.
    pub position: Position,
    /// Its units.
    pub units: u128,
    /// Its units before its own last change; the same for changes of anybody else.
    pub prev_units: u128,
}

impl DelegationFromProposerPool {
    /// A delegation whose units do not change.
    pub fn new(position: Position, units: u128) -> Self {
        DelegationFromProposerPool {
            position,
            units,
            prev_units: units,
        }
    }
}

impl DistributionScenario for DelegationFromProposerPool {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        ratio(share.rate.complement()).times(self.units)
    }

    fn prev_shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        ratio(share.rate.complement()).times(self.prev_units)
    }
}

/// An operator's share of its validator's proposer pool: `r = D * c`, `S = D`.
#[derive(Clone, Debug)]
pub struct CommissionFromProposerPool {
    /// Its position.
    pub position: Position,
}

impl DistributionScenario for CommissionFromProposerPool {
    positioned!();

    fn shares_at(&self, share: &PoolShare) -> Result<Ratio, MathError> {
        commission_of_validator(share.rate).times(share.weight)
    }
}
