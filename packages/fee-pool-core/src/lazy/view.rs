//! A validator's recipients in one denom, brought up to date in memory.
//!
//! A claim must not write what it brings up to date: each time would round the adjustment of every
//! delegation up. It computes from the last change of the validator, and only what it takes is
//! written.
//!
//! Sums are stored relative to sums above them: `Z` of the pool, `V` of a validator, `X` of a unit,
//! the adjustment of a delegation. Each accounts for what happened above it, times its share there:
//!
//! ```text
//! V = stored + T * Z                       the shares of all recipients of a validator are T
//! X = stored + (1 - c) / D * V             and of those one unit has so much
//! A = stored + s * X                       of a delegation;     stored + c * V of commission
//! ```
//!
//! The stored part is written when the share itself changes, so that the sum goes on from where it
//! was: rounded down where it is subtracted and up where it is added again, so that an adjustment
//! is never below the exact one.

use distribution_math::{FinePoints, Points, Ratio, SignedPoints};
use pool_kit::DenomId;
use pool_kit::ledger::Class;

use super::log::{Change, Received, Snapshot, ValidatorState};
use super::records::{
    DelegationAdjustments, Entitlement, OperatorAdjustments, UnitAdjustments, Validator,
};
use super::scenario::{
    CommissionFromGlobalPool, CommissionFromProposerPool, DelegationFromGlobalPool,
    DelegationFromProposerPool, DistributionScenario, Position, UnownedFromGlobalPool,
    ValidatorFromGlobalPool, commission_of_validator, unit_of_validator, unowned_of_validator,
};
use super::{Books, SharedRewards};
use crate::ContractError;

/// A validator's recipients in one denom, as of now.
#[derive(Clone, Debug)]
pub(super) struct View {
    snapshot: Snapshot,
    received: Received,
    tokens: Points,
    /// `V`.
    validator: FinePoints,
    unit: UnitAdjustments,
}

impl ValidatorState {
    /// What of the validator's share in the global pool one unit has.
    fn unit_share(&self) -> Ratio {
        unit_of_validator(self.rate, self.units)
    }
}

/// An adjustment that is stored relative to a sum: `share` of the sum is added.
fn absolute(
    stored: FinePoints,
    share: Ratio,
    sum: FinePoints,
) -> Result<FinePoints, ContractError> {
    Ok(stored.plus(share.ceil_of_parts(sum)?)?)
}

/// What is stored of an adjustment, relative to a sum: `share` of the sum is subtracted.
fn relative(
    adjustment: FinePoints,
    share: Ratio,
    sum: FinePoints,
) -> Result<FinePoints, ContractError> {
    Ok(adjustment.minus(share.floor_of_parts(sum)?)?)
}

impl View {
    /// As of now.
    pub fn now(
        books: &Books,
        validator: &Validator,
        denom: DenomId,
    ) -> Result<Self, ContractError> {
        let snapshot = Snapshot::now(&books.pool, validator.state());
        let record = books.pool.denoms.get(denom);
        let received = validator.received(&record.shared, denom);
        let mut of_validator = ValidatorFromGlobalPool {
            position: Position {
                distributors: received.global_pool(&snapshot),
                tokens: Points::ZERO,
                adjustment: validator.adjustment.get(denom),
            },
        };
        of_validator.update_adjustment_for_others(&record.shared.sums())?;
        Ok(View {
            snapshot,
            received,
            tokens: record.ledger.class(Class::Outstanding),
            validator: of_validator.recipient_adjustment(),
            unit: validator.sharing.unit.get(denom),
        })
    }

    /// What the pools had received.
    pub fn received(&self) -> &Received {
        &self.received
    }

    fn in_global_pool(&self, adjustment: FinePoints) -> Position {
        Position {
            distributors: self.received.global_pool(&self.snapshot),
            tokens: self.tokens,
            adjustment,
        }
    }

    fn in_proposer_pool(&self, adjustment: FinePoints) -> Position {
        Position {
            distributors: self.received.proposer_pool(&self.snapshot),
            tokens: self.tokens,
            adjustment,
        }
    }

    /// `X`.
    fn unit(&self) -> Result<FinePoints, ContractError> {
        let share = self.snapshot.validator.unit_share();
        absolute(self.unit.global, share, self.validator)
    }

    /// `V` after a change of the validator's power, relative to the running sums `Z` after it.
    pub fn validator_after(
        &self,
        change: &Change,
        after: &SharedRewards,
    ) -> Result<FinePoints, ContractError> {
        let mut scenario = ValidatorFromGlobalPool {
            position: self.in_global_pool(self.validator),
        };
        scenario.update_adjustment_for_power_change(&change.of_global_pool(&self.received))?;
        let mut relative = scenario.recipient_adjustment();
        let shares = change.after.in_global_pool();
        for (share, sum) in shares.iter().zip(after.sums()) {
            let share = scenario.shares_at(share)?;
            relative = relative.minus(share.floor_of(sum)?)?;
        }
        Ok(relative)
    }

    /// `X` of both pools after a change of how the validator's delegations share.
    pub fn unit_after(&self, change: &Change) -> Result<UnitAdjustments, ContractError> {
        let mut global = DelegationFromGlobalPool::new(self.in_global_pool(self.unit()?), 1);
        global.update_adjustment_for_power_change(&change.of_global_pool(&self.received))?;
        let mut proposer =
            DelegationFromProposerPool::new(self.in_proposer_pool(self.unit.proposer), 1);
        proposer.update_adjustment_for_power_change(&change.of_proposer_pool(&self.received))?;
        let share = change.after.validator.unit_share();
        Ok(UnitAdjustments {
            global: relative(global.recipient_adjustment(), share, self.validator)?,
            proposer: proposer.recipient_adjustment(),
        })
    }

    /// The operator's adjustments after such a change. Each is rounded up once.
    // Not inlined: a chain's VM refuses a function with more than 100 local variables.
    #[inline(never)]
    pub fn operator_after(
        &self,
        operator: &OperatorAdjustments,
        change: &Change,
    ) -> Result<OperatorAdjustments, ContractError> {
        let global = change.of_global_pool(&self.received);
        let after = &change.after.validator;
        let mut commission = self.commission(operator)?;
        commission.update_adjustment_for_power_change(&global)?;
        let mut proposer = self.commission_proposer(operator)?;
        proposer.update_adjustment_for_power_change(&change.of_proposer_pool(&self.received))?;
        let mut unowned = self.unowned(operator)?;
        unowned.update_adjustment_for_power_change(&global)?;
        let stored = |adjustment: FinePoints, share: Ratio| {
            relative(adjustment, share, self.validator).map(FinePoints::ceil)
        };
        Ok(OperatorAdjustments {
            commission: stored(
                commission.recipient_adjustment(),
                commission_of_validator(after.rate),
            )?,
            commission_proposer: proposer.recipient_adjustment().ceil(),
            unowned: stored(
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
    ) -> Result<DelegationFromGlobalPool, ContractError> {
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
    ) -> Result<DelegationFromProposerPool, ContractError> {
        let sum = self.unit.proposer.times(units)?;
        let adjustment = FinePoints::of(adjustments.proposer)?.plus(sum)?;
        Ok(DelegationFromProposerPool::new(
            self.in_proposer_pool(adjustment),
            units,
        ))
    }

    /// What is stored of a delegation's adjustments that are up to date: relative to `X`, rounded up.
    pub fn relative_to_unit(
        &self,
        global: &DelegationFromGlobalPool,
        proposer: &DelegationFromProposerPool,
    ) -> Result<DelegationAdjustments, ContractError> {
        let share = self.snapshot.validator.unit_share();
        let unit = share
            .floor_of_parts(self.validator)?
            .plus(self.unit.global)?;
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
    ) -> Result<CommissionFromGlobalPool, ContractError> {
        let share = commission_of_validator(self.snapshot.validator.rate);
        let adjustment = absolute(FinePoints::of(operator.commission)?, share, self.validator)?;
        Ok(CommissionFromGlobalPool {
            position: self.in_global_pool(adjustment),
        })
    }

    /// The operator's share of the proposer pool.
    pub fn commission_proposer(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<CommissionFromProposerPool, ContractError> {
        let adjustment = FinePoints::of(operator.commission_proposer)?;
        Ok(CommissionFromProposerPool {
            position: self.in_proposer_pool(adjustment),
        })
    }

    /// The community pool's share of the global pool for a validator that nobody delegates to, its
    /// adjustment brought up to date.
    fn unowned(
        &self,
        operator: &OperatorAdjustments,
    ) -> Result<UnownedFromGlobalPool, ContractError> {
        let ValidatorState { rate, units, .. } = self.snapshot.validator;
        let share = unowned_of_validator(rate, units);
        let stored = FinePoints::of(operator.unowned)?;
        Ok(UnownedFromGlobalPool {
            position: self.in_global_pool(absolute(stored, share, self.validator)?),
        })
    }

    /// What a delegation may claim.
    pub fn delegation_entitlement(
        &self,
        units: u128,
        adjustments: &DelegationAdjustments,
    ) -> Result<Entitlement, ContractError> {
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
    ) -> Result<Entitlement, ContractError> {
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
    ) -> Result<Points, ContractError> {
        Ok(self.unowned(operator)?.withdrawal_entitlement()?)
    }

    /// What is owed to all of the validator's recipients, of which so much was taken. In its
    /// proposer pool they have everything. `V` and what was taken, less what came in there, are
    /// the validator's adjustment.
    pub fn validator_entitlement(&self, taken: SignedPoints) -> Result<Points, ContractError> {
        let taken = FinePoints::of(taken)?.minus(FinePoints::of(self.received.proposer)?)?;
        let scenario = ValidatorFromGlobalPool {
            position: self.in_global_pool(self.validator.plus(taken)?),
        };
        Ok(scenario.withdrawal_entitlement()?)
    }
}
