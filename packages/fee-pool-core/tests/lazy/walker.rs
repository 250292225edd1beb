//! The log, walked entry by entry, as the scheme was specified: what the running sums replace. It
//! rounds to 10^-36 points only.

use chain_types::address::AddressBytes;
use distribution_math::{FinePoints, MathError, Points, SignedPoints};

use fee_pool_core::lazy::log::{PowerChange, Received, Snapshot, Totals, ValidatorState};
use fee_pool_core::lazy::scenario::{
    CommissionFromGlobalPool, CommissionFromProposerPool, DelegationFromGlobalPool,
    DelegationFromProposerPool, DistributionScenario, Distributors, Position,
};
use pool_kit::DenomId;

/// Amounts of a recipient in one denom, by pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByPool {
    /// In the global pool.
    pub global: FinePoints,
    /// In its validator's proposer pool.
    pub proposer: FinePoints,
}

impl ByPool {
    /// Both together.
    pub fn total(&self) -> Result<FinePoints, MathError> {
        self.global.plus(self.proposer)
    }
}

/// Where a walk ends: what all validators have, and what the pools have received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// What all validators have.
    pub totals: Totals,
    /// What the pools of the recipient's validator have received.
    pub received: Received,
}

/// A recipient's validator and adjustments in one denom, as far as it walked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Walk {
    validator: AddressBytes,
    state: ValidatorState,
    denom: DenomId,
    adjustments: ByPool,
}

/// No pools: entries carry what pools had received by then.
fn position(adjustment: FinePoints) -> Position {
    Position {
        distributors: Distributors::Nothing,
        tokens: Points::ZERO,
        adjustment,
    }
}

impl Walk {
    fn new(validator: AddressBytes, state: ValidatorState, denom: DenomId) -> Self {
        Walk {
            validator,
            state,
            denom,
            adjustments: ByPool::default(),
        }
    }

    fn process(
        &mut self,
        change: &PowerChange,
        mut global: impl DistributionScenario,
        mut proposer: impl DistributionScenario,
    ) -> Result<(), MathError> {
        let mut seen = change.change;
        if change.validator != self.validator {
            seen = seen.seen_by(self.state);
        }
        let received = change.received.get(self.denom);
        global.update_adjustment_for_power_change(&seen.of_global_pool(&received))?;
        proposer.update_adjustment_for_power_change(&seen.of_proposer_pool(&received))?;
        self.adjustments = ByPool {
            global: global.recipient_adjustment(),
            proposer: proposer.recipient_adjustment(),
        };
        self.state = seen.after.validator;
        Ok(())
    }

    fn correct(&mut self, change: SignedPoints) -> Result<(), MathError> {
        let change = FinePoints::of(change)?;
        self.adjustments.global = self.adjustments.global.plus(change)?;
        Ok(())
    }

    fn in_pools(&self, now: &Present) -> [Position; 2] {
        let snapshot = Snapshot {
            validator: self.state,
            totals: now.totals,
        };
        [
            Position {
                distributors: now.received.global_pool(&snapshot),
                ..position(self.adjustments.global)
            },
            Position {
                distributors: now.received.proposer_pool(&snapshot),
                ..position(self.adjustments.proposer)
            },
        ]
    }
}

/// `simple_pool - adjustment` of both.
fn left(
    global: &impl DistributionScenario,
    proposer: &impl DistributionScenario,
) -> Result<ByPool, MathError> {
    Ok(ByPool {
        global: global.simple_pool()?.minus(global.recipient_adjustment())?,
        proposer: proposer
            .simple_pool()?
            .minus(proposer.recipient_adjustment())?,
    })
}

/// A delegation that walks the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkingDelegation {
    walk: Walk,
    units: u128,
}

impl WalkingDelegation {
    /// A delegation without units, to a validator in this state.
    pub fn new(validator: AddressBytes, state: ValidatorState, denom: DenomId) -> Self {
        WalkingDelegation {
            walk: Walk::new(validator, state, denom),
            units: 0,
        }
    }

    /// Corrects for what was withdrawn. Only the sum of both pools counts.
    pub fn correct(&mut self, withdrawn: Points) -> Result<(), MathError> {
        self.walk.correct(withdrawn.into())
    }

    /// Applies the next entry, a change that was not its own.
    pub fn process_power_change_delegation(
        &mut self,
        change: &PowerChange,
    ) -> Result<(), MathError> {
        self.process_own_change(change, self.units)
    }

    /// Applies the next entry, the change of its own units. What was pending before it is applied
    /// already, with the old units.
    pub fn process_own_change(
        &mut self,
        change: &PowerChange,
        units: u128,
    ) -> Result<(), MathError> {
        let adjustments = self.walk.adjustments;
        let mut global = DelegationFromGlobalPool::new(position(adjustments.global), self.units);
        let mut proposer =
            DelegationFromProposerPool::new(position(adjustments.proposer), self.units);
        global.units = units;
        proposer.units = units;
        self.walk.process(change, global, proposer)?;
        self.units = units;
        Ok(())
    }

    /// What it may claim, after all entries until now.
    pub fn entitlements(&self, now: &Present) -> Result<ByPool, MathError> {
        let [global, proposer] = self.walk.in_pools(now);
        left(
            &DelegationFromGlobalPool::new(global, self.units),
            &DelegationFromProposerPool::new(proposer, self.units),
        )
    }
}

/// An operator's commission that walks the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkingCommission {
    walk: Walk,
}

impl WalkingCommission {
    /// That of a validator in this state which has received nothing.
    pub fn new(validator: AddressBytes, state: ValidatorState, denom: DenomId) -> Self {
        WalkingCommission {
            walk: Walk::new(validator, state, denom),
        }
    }

    /// Corrects for what was withdrawn, or, below zero, for commission of receipts that were split
    /// at once because nobody delegated. Only the sum of both pools counts.
    pub fn correct(&mut self, change: SignedPoints) -> Result<(), MathError> {
        self.walk.correct(change)
    }

    /// Applies the next entry.
    pub fn process_power_change_commission(
        &mut self,
        change: &PowerChange,
    ) -> Result<(), MathError> {
        let adjustments = self.walk.adjustments;
        let global = CommissionFromGlobalPool {
            position: position(adjustments.global),
        };
        let proposer = CommissionFromProposerPool {
            position: position(adjustments.proposer),
        };
        self.walk.process(change, global, proposer)
    }

    /// What it may claim, after all entries until now.
    pub fn entitlements(&self, now: &Present) -> Result<ByPool, MathError> {
        let [global, proposer] = self.walk.in_pools(now);
        left(
            &CommissionFromGlobalPool { position: global },
            &CommissionFromProposerPool { position: proposer },
        )
    }
}
