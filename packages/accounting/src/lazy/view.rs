//! A validator's recipients in one denom, brought up to date in memory.
//!
//! A claim must not write what it brings up to date: each time would round the adjustment of every
//! delegation up. It computes from the last change of the validator, and only what it takes is
//! written.

use distribution_math::{FinePoints, Points, SignedPoints};

use super::log::{Moment, PowerChange, Received, Totals};
use super::records::{Adjustments, DelegationAdjustments, Entitlement, ProposerPool, Validator};
use super::scenario::{
    CommissionFromGlobalPool, CommissionFromProposerPool, DelegationFromGlobalPool,
    DelegationFromProposerPool, DistributionScenario, Position, StandingChange,
    UnownedFromGlobalPool, ValidatorFromGlobalPool,
};
use super::sums::{PoolSums, Sums};
use crate::books::Books;
use crate::denoms::PerDenom;
use crate::pool::{Class, Pool};
use crate::{AccountingError, DenomId};

/// A validator's recipients in one denom, as of now or of another moment.
#[derive(Clone, Debug)]
pub(super) struct View {
    moment: Moment,
    received: Received,
    tokens: Points,
    /// By how much the running sums grew since the adjustments were brought up to date.
    growth: [SignedPoints; 2],
    adjustments: Adjustments,
}

/// What is needed for the views of a validator in all denoms.
pub(super) struct Views {
    pool: Pool,
    sums: Sums,
    proposer_pool: ProposerPool,
}

impl Views {
    /// As of now.
    pub fn of(books: &Books, validator: &[u8]) -> Result<Self, AccountingError> {
        Ok(Views {
            pool: books.pool.clone(),
            sums: Sums::load(books.storage)?,
            proposer_pool: ProposerPool::load(books.storage, validator)?,
        })
    }

    /// All denoms that the pool ever received.
    pub fn denoms(&self) -> impl Iterator<Item = DenomId> + use<'_> {
        self.pool.denoms.iter().map(|(denom, _)| denom)
    }

    /// What all validators have.
    pub fn totals(&self) -> Totals {
        Totals::of(&self.pool)
    }

    /// What the validator's pools have received.
    pub fn received(&self) -> PerDenom<Received> {
        let mut received = PerDenom::default();
        for (denom, record) in self.pool.denoms.iter() {
            received.set(denom, self.proposer_pool.received(record, denom));
        }
        received
    }

    /// The running sums.
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    pub fn get(&self, validator: &Validator, denom: DenomId) -> Result<View, AccountingError> {
        let record = self.pool.denoms.get(denom);
        let adjustments = validator.denoms.get(denom);
        Ok(View {
            moment: Moment {
                validator: validator.state,
                totals: self.totals(),
            },
            received: self.proposer_pool.received(&record, denom),
            tokens: record.ledger.class(Class::Outstanding),
            growth: self.sums.get(denom).since(&adjustments.seen)?,
            adjustments,
        })
    }
}

/// The adjustment of a recipient, corrected for what others changed.
fn corrected(
    mut scenario: impl DistributionScenario,
    growth: &[SignedPoints],
    changes: &[StandingChange],
) -> Result<FinePoints, AccountingError> {
    scenario.update_adjustment_for_others(growth)?;
    scenario.update_adjustment_for_power_change(changes)?;
    Ok(scenario.recipient_adjustment())
}

impl View {
    /// Where adjustments were brought up to date, and nothing has happened since.
    pub fn at(moment: Moment, received: Received, adjustments: Adjustments) -> Self {
        View {
            moment,
            received,
            tokens: Points::ZERO,
            growth: [SignedPoints::ZERO; 2],
            adjustments,
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

    /// `X`: what one unit's adjustment in the global pool is now.
    pub fn unit(&self) -> Result<FinePoints, AccountingError> {
        let position = self.in_global_pool(self.adjustments.unit);
        corrected(
            DelegationFromGlobalPool::new(position, 1),
            &self.growth,
            &[],
        )
    }

    /// All adjustments of the validator after its own change, up to the running sums `seen`. Each
    /// is rounded up once.
    pub fn after(
        &self,
        change: &PowerChange,
        denom: DenomId,
        seen: PoolSums,
    ) -> Result<Adjustments, AccountingError> {
        let global = change.of_global_pool(denom);
        let proposer = change.of_proposer_pool(denom);
        let stored = &self.adjustments;
        let in_global_pool = |adjustment: SignedPoints| {
            Ok::<_, AccountingError>(self.in_global_pool(FinePoints::of(adjustment)?))
        };
        let commission = CommissionFromGlobalPool {
            position: in_global_pool(stored.commission)?,
        };
        let unowned = UnownedFromGlobalPool {
            position: in_global_pool(stored.unowned)?,
        };
        let validator = ValidatorFromGlobalPool {
            position: in_global_pool(stored.validator)?,
        };
        let unit = DelegationFromGlobalPool::new(self.in_global_pool(stored.unit), 1);
        let unit_proposer =
            DelegationFromProposerPool::new(self.in_proposer_pool(stored.unit_proposer), 1);
        let commission_proposer = CommissionFromProposerPool {
            position: self.in_proposer_pool(FinePoints::of(stored.commission_proposer)?),
        };
        Ok(Adjustments {
            seen,
            unit: corrected(unit, &self.growth, &global)?,
            unit_proposer: corrected(unit_proposer, &[], &proposer)?,
            commission: corrected(commission, &self.growth, &global)?.ceil(),
            commission_proposer: corrected(commission_proposer, &[], &proposer)?.ceil(),
            unowned: corrected(unowned, &self.growth, &global)?.ceil(),
            validator: corrected(validator, &self.growth, &global)?.ceil(),
        })
    }

    /// A delegation's share of the global pool, its adjustment brought up to date.
    pub fn delegation(
        &self,
        units: u128,
        adjustments: &DelegationAdjustments,
    ) -> Result<DelegationFromGlobalPool, AccountingError> {
        let since = self.unit()?.minus(adjustments.unit)?.times(units)?;
        let adjustment = FinePoints::of(adjustments.global)?.plus(since)?;
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
        let since = self
            .adjustments
            .unit_proposer
            .minus(adjustments.unit_proposer)?
            .times(units)?;
        let adjustment = FinePoints::of(adjustments.proposer)?.plus(since)?;
        Ok(DelegationFromProposerPool::new(
            self.in_proposer_pool(adjustment),
            units,
        ))
    }

    /// The operator's share of the global pool, its adjustment brought up to date.
    pub fn commission(&self) -> Result<CommissionFromGlobalPool, AccountingError> {
        let adjustment = FinePoints::of(self.adjustments.commission)?;
        let mut scenario = CommissionFromGlobalPool {
            position: self.in_global_pool(adjustment),
        };
        scenario.update_adjustment_for_others(&self.growth)?;
        Ok(scenario)
    }

    /// The operator's share of the proposer pool.
    pub fn commission_proposer(&self) -> Result<CommissionFromProposerPool, AccountingError> {
        let adjustment = FinePoints::of(self.adjustments.commission_proposer)?;
        Ok(CommissionFromProposerPool {
            position: self.in_proposer_pool(adjustment),
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
    pub fn commission_entitlement(&self) -> Result<Entitlement, AccountingError> {
        Ok(Entitlement {
            global: self.commission()?.withdrawal_entitlement()?,
            proposer: self.commission_proposer()?.withdrawal_entitlement()?,
        })
    }

    /// What the community pool may claim of a validator that nobody delegates to.
    pub fn unowned_entitlement(&self) -> Result<Points, AccountingError> {
        let adjustment = FinePoints::of(self.adjustments.unowned)?;
        let mut scenario = UnownedFromGlobalPool {
            position: self.in_global_pool(adjustment),
        };
        scenario.update_adjustment_for_others(&self.growth)?;
        Ok(scenario.withdrawal_entitlement()?)
    }

    /// What is owed to all of the validator's recipients. In its proposer pool they have
    /// everything.
    pub fn validator_entitlement(&self) -> Result<Points, AccountingError> {
        let taken = FinePoints::of(self.adjustments.validator)?
            .minus(FinePoints::of(self.received.proposer)?)?;
        let mut scenario = ValidatorFromGlobalPool {
            position: self.in_global_pool(taken),
        };
        scenario.update_adjustment_for_others(&self.growth)?;
        Ok(scenario.withdrawal_entitlement()?)
    }
}
