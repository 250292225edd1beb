//! A validator's recipients in one denom, brought up to date in memory.
//!
//! A claim must not write what it brings up to date: each time would round the adjustment of every
//! delegation up. It computes from the last change of the validator, and only what it takes is
//! written.
//!
//! Sums stand above sums: `Z` of the pool, `V` of a validator, `X` of a unit, the adjustment of a
//! delegation. Each accounts for what happened above it, times its share there:
//!
//! ```text
//! V = normal + T * Z                       the shares of all recipients of a validator are T
//! X = normal + (1 - c) / D * V             and of those one unit has so much
//! A = normal + s * X                       of a delegation;     normal + c * V of commission
//! ```
//!
//! A normal part is written when the share itself changes, so that the sum goes on from where it
//! was: rounded down where it is subtracted and up where it is added again, so that an adjustment
//! is never below the exact one.

use distribution_math::{FinePoints, Points, Ratio, SignedPoints};

use super::log::{Change, Moment, Received, ValidatorState};
use super::records::{
    Announced, DelegationAdjustments, Entitlement, OperatorAdjustments, UnitAdjustments, Validator,
};
use super::scenario::{
    CommissionFromGlobalPool, CommissionFromProposerPool, DelegationFromGlobalPool,
    DelegationFromProposerPool, DistributionScenario, Position, UnownedFromGlobalPool,
    ValidatorFromGlobalPool, commission_of_validator, unit_of_validator, unowned_of_validator,
};
use super::sums::PoolSums;
use crate::books::Books;
use crate::denoms::PerDenom;
use crate::pool::Class;
use crate::{AccountingError, DenomId};

/// A validator's recipients in one denom, as of now or of another moment.
#[derive(Clone, Debug)]
pub(super) struct View {
    moment: Moment,
    received: Received,
    tokens: Points,
    /// `V`.
    validator: FinePoints,
    unit: UnitAdjustments,
}

/// What a validator's pools have received.
pub(super) fn received(books: &Books, validator: &Validator) -> PerDenom<Received> {
    let denoms = &books.pool.denoms;
    denoms.map(|(denom, record)| validator.proposer_pool.received(record, denom))
}

impl ValidatorState {
    /// What of the validator's share in the global pool one unit has.
    fn unit_share(&self) -> Ratio {
        unit_of_validator(self.rate, self.units)
    }
}

/// `share` of a sum above, added to what is normal to it.
fn added(normal: FinePoints, share: Ratio, sum: FinePoints) -> Result<FinePoints, AccountingError> {
    Ok(normal.plus(share.ceil_of_parts(sum)?)?)
}

/// What is normal to a sum above: the adjustment less `share` of it.
fn subtracted(
    adjustment: FinePoints,
    share: Ratio,
    sum: FinePoints,
) -> Result<FinePoints, AccountingError> {
    Ok(adjustment.minus(share.floor_of_parts(sum)?)?)
}

impl View {
    /// As of now.
    pub fn now(
        books: &Books,
        validator: &Validator,
        denom: DenomId,
    ) -> Result<Self, AccountingError> {
        let moment = Moment::now(&books.pool, validator.state());
        Self::at(books, validator, moment, denom)
    }

    /// As of a moment since which the running sums, what the pools have received and the
    /// validator's records are the same: only the totals of all validators may have changed.
    pub fn at(
        books: &Books,
        validator: &Validator,
        moment: Moment,
        denom: DenomId,
    ) -> Result<Self, AccountingError> {
        let record = books.pool.denoms.get(denom);
        let received = validator.proposer_pool.received(&record, denom);
        let mut of_validator = ValidatorFromGlobalPool {
            position: Position {
                distributors: received.global_pool(&moment),
                tokens: Points::ZERO,
                adjustment: validator.power.normal.get(denom),
            },
        };
        let sums = books.log.sums(books.storage)?.get(denom);
        of_validator.update_adjustment_for_others(&sums.in_global_pool())?;
        Ok(View {
            moment,
            received,
            tokens: record.ledger.class(Class::Outstanding),
            validator: of_validator.recipient_adjustment(),
            unit: validator.sharing.unit.get(denom),
        })
    }

    /// The moment of an announcement.
    pub fn at_announcement(moment: Moment, announced: &Announced, unit: UnitAdjustments) -> Self {
        View {
            moment,
            received: announced.received,
            tokens: Points::ZERO,
            validator: announced.validator,
            unit,
        }
    }

    /// What the pools had received.
    pub fn received(&self) -> &Received {
        &self.received
    }

    /// What an announcement has to keep.
    pub fn announced(&self) -> Announced {
        Announced {
            received: self.received,
            validator: self.validator,
        }
    }

    fn in_global_pool(&self, adjustment: FinePoints) -> Position {
        Position {
            distributors: self.received.global_pool(&self.moment),
            tokens: self.tokens,
            adjustment,
        }
    }

    fn in_proposer_pool(&self, adjustment: FinePoints) -> Position {
        Position {
            distributors: self.received.proposer_pool(&self.moment),
            tokens: self.tokens,
            adjustment,
        }
    }

    /// `X`.
    fn unit(&self) -> Result<FinePoints, AccountingError> {
        let share = self.moment.validator.unit_share();
        added(self.unit.normal, share, self.validator)
    }

    /// `V` after a change of the validator's power, normal to the running sums `after`.
    pub fn validator_after(
        &self,
        change: &Change,
        after: &PoolSums,
    ) -> Result<FinePoints, AccountingError> {
        let mut scenario = ValidatorFromGlobalPool {
            position: self.in_global_pool(self.validator),
        };
        scenario.update_adjustment_for_power_change(&change.of_global_pool(&self.received))?;
        let mut normal = scenario.recipient_adjustment();
        for (standing, sum) in change
            .after
            .in_global_pool()
            .iter()
            .zip(after.in_global_pool())
        {
            let share = scenario.shares_at(standing);
            normal = normal.minus(share.floor_of(sum)?)?;
        }
        Ok(normal)
    }

    /// `X` of both pools after a change of how the validator's delegations share.
    pub fn unit_after(&self, change: &Change) -> Result<UnitAdjustments, AccountingError> {
        let mut global = DelegationFromGlobalPool::new(self.in_global_pool(self.unit()?), 1);
        global.update_adjustment_for_power_change(&change.of_global_pool(&self.received))?;
        let mut proposer =
            DelegationFromProposerPool::new(self.in_proposer_pool(self.unit.proposer), 1);
        proposer.update_adjustment_for_power_change(&change.of_proposer_pool(&self.received))?;
        let share = change.after.validator.unit_share();
        Ok(UnitAdjustments {
            normal: subtracted(global.recipient_adjustment(), share, self.validator)?,
            proposer: proposer.recipient_adjustment(),
        })
    }

    /// The operator's adjustments after such a change. Each is rounded up once.
    pub fn operator_after(
        &self,
        operator: &OperatorAdjustments,
        change: &Change,
    ) -> Result<OperatorAdjustments, AccountingError> {
        let global = change.of_global_pool(&self.received);
        let after = &change.after.validator;
        let mut commission = self.commission(operator)?;
        commission.update_adjustment_for_power_change(&global)?;
        let mut proposer = self.commission_proposer(operator)?;
        proposer.update_adjustment_for_power_change(&change.of_proposer_pool(&self.received))?;
        let mut unowned = self.unowned(operator)?;
        unowned.update_adjustment_for_power_change(&global)?;
        let normal = |adjustment: FinePoints, share: Ratio| {
            let normal = subtracted(adjustment, share, self.validator);
            normal.map(FinePoints::ceil)
        };
        Ok(OperatorAdjustments {
            normal: normal(
                commission.recipient_adjustment(),
                commission_of_validator(after.rate),
            )?,
            proposer: proposer.recipient_adjustment().ceil(),
            unowned_normal: normal(
                unowned.recipient_adjustment(),
                unowned_of_validator(after.rate, after.units),
            )?,
        })
    }

    /// A delegation's share of the global pool, its adjustment brought up to date.
    pub fn delegation(
        &self,
        units: u128,
        adjustments: &DelegationAdjustments,
    ) -> Result<DelegationFromGlobalPool, AccountingError> {
        let sum = self.unit()?.times(units)?;
        let adjustment = FinePoints::of(adjustments.global)?.plus(sum)?;
        Ok(DelegationFromGlobalPool::new(
            self.in_global_pool(adjustment),
            units,
        ))
    }

    /// A delegation's share of the proposer pool, its adjustment brought up to date.
    pub fn delegation_proposer(
        &self,
        units: u128,
        adjustments: &DelegationAdjustments,
    ) -> Result<DelegationFromProposerPool, AccountingError> {
        let sum = self.unit.proposer.times(units)?;
        let adjustment = FinePoints::of(adjustments.proposer)?.plus(sum)?;
        Ok(DelegationFromProposerPool::new(
            self.in_proposer_pool(adjustment),
            units,
        ))
    }

    /// What is kept of a delegation's adjustments that are up to date: normal to `X`, rounded up.
    pub fn normal(
        &self,
        global: &DelegationFromGlobalPool,
        proposer: &DelegationFromProposerPool,
    ) -> Result<DelegationAdjustments, AccountingError> {
        let share = self.moment.validator.unit_share();
        let unit = share
            .floor_of_parts(self.validator)?
            .plus(self.unit.normal)?;
        let sum = unit.times(global.units)?;
        let sum_proposer = self.unit.proposer.times(proposer.units)?;
        Ok(DelegationAdjustments {
            global: global.recipient_adjustment().minus(sum)?.ceil(),
            proposer: proposer.recipient_adjustment().minus(sum_proposer)?.ceil(),
        })
    }

    /// The operator's share of the global pool, its adjustment brought up to date.
    pub fn commission(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<CommissionFromGlobalPool, AccountingError> {
        let share = commission_of_validator(self.moment.validator.rate);
        let adjustment = added(FinePoints::of(operator.normal)?, share, self.validator)?;
        Ok(CommissionFromGlobalPool {
            position: self.in_global_pool(adjustment),
        })
    }

    /// The operator's share of the proposer pool.
    pub fn commission_proposer(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<CommissionFromProposerPool, AccountingError> {
        let adjustment = FinePoints::of(operator.proposer)?;
        Ok(CommissionFromProposerPool {
            position: self.in_proposer_pool(adjustment),
        })
    }

    /// The community pool's share of the global pool for a validator that nobody delegates to, its
    /// adjustment brought up to date.
    fn unowned(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<UnownedFromGlobalPool, AccountingError> {
        let ValidatorState { rate, units, .. } = self.moment.validator;
        let share = unowned_of_validator(rate, units);
        let normal = FinePoints::of(operator.unowned_normal)?;
        Ok(UnownedFromGlobalPool {
            position: self.in_global_pool(added(normal, share, self.validator)?),
        })
    }

    /// What a delegation may claim.
    pub fn delegation_entitlement(
        &self,
        units: u128,
        adjustments: &DelegationAdjustments,
    ) -> Result<Entitlement, AccountingError> {
        Ok(Entitlement {
            global: self
                .delegation(units, adjustments)?
                .withdrawal_entitlement()?,
            proposer: self
                .delegation_proposer(units, adjustments)?
                .withdrawal_entitlement()?,
        })
    }

    /// What the operator may claim.
    pub fn commission_entitlement(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<Entitlement, AccountingError> {
        Ok(Entitlement {
            global: self.commission(operator)?.withdrawal_entitlement()?,
            proposer: self
                .commission_proposer(operator)?
                .withdrawal_entitlement()?,
        })
    }

    /// What the community pool may claim of a validator that nobody delegates to.
    pub fn unowned_entitlement(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<Points, AccountingError> {
        Ok(self.unowned(operator)?.withdrawal_entitlement()?)
    }

    /// What is owed to all of the validator's recipients, of which so much was taken. In its
    /// proposer pool they have everything. `V` and what was taken, less what came in there, are
    /// the validator's adjustment.
    pub fn validator_entitlement(&self, taken: SignedPoints) -> Result<Points, AccountingError> {
        let taken = FinePoints::of(taken)?.minus(FinePoints::of(self.received.proposer)?)?;
        let scenario = ValidatorFromGlobalPool {
            position: self.in_global_pool(self.validator.plus(taken)?),
        };
        Ok(scenario.withdrawal_entitlement()?)
    }
}
