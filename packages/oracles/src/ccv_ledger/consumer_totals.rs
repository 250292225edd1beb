//! Where everything is that a consumer collected.

use num_rational::BigRational;

use super::{ConsumerLedger, NotConserved, UnitStage, consumer::Denom, whole};

/// Where all that was collected of a denom is, in base units. Every coin is in one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsumerTotals {
    /// The denom.
    pub denom: String,
    /// All fees that were split. A refund that was split as fees was collected twice.
    pub collected: u128,
    /// For the consumer's own stakers, whether it was sent to them or not.
    pub consumer: u128,
    /// The open holding pools.
    pub pools: BigRational,
    /// `provider_pending`.
    pub pending: BigRational,
    /// The weights of a unit whose tokens are not counted yet.
    pub closing: BigRational,
    /// Tokens of a unit that waits to be sent.
    pub home: u128,
    /// Tokens of a unit that was sent and did not arrive; that it comes back is not known.
    pub in_flight: u128,
    /// Tokens that arrived on the provider.
    pub arrived: u128,
    /// Tokens that were written off and did not come back by a late callback.
    pub written_off: u128,
}

impl ConsumerTotals {
    /// Checks that the parts are all that was collected.
    ///
    /// # Errors
    /// [`NotConserved`].
    pub fn check(&self) -> Result<(), NotConserved> {
        let coins = self.consumer + self.home + self.in_flight + self.arrived + self.written_off;
        let difference = self.held() + whole(coins) - whole(self.collected);
        if difference == BigRational::default() {
            return Ok(());
        }
        Err(NotConserved {
            denom: self.denom.clone(),
            difference: Box::new(difference),
        })
    }

    /// The provider's part that no unit has taken as tokens yet. Whole base units in sum.
    pub fn held(&self) -> BigRational {
        &self.pools + &self.pending + &self.closing
    }

    /// What the contract must have on the consumer when it has paid so much of the consumer's part:
    /// the balance, when nothing was given to it and no refund waits to be reconciled.
    pub fn balance(&self, paid: u128) -> BigRational {
        self.held() + whole(self.home) + whole(self.consumer) - whole(paid)
    }
}

impl ConsumerLedger {
    /// Where all that was collected of a denom is.
    pub fn totals(&self, denom: &str) -> ConsumerTotals {
        let record = self.denoms.get(denom).cloned().unwrap_or_default();
        let tokens_at = |stage| record.tokens_at(stage);
        ConsumerTotals {
            denom: denom.to_owned(),
            collected: record.collected,
            consumer: record.consumer,
            pools: record.pools.values().map(|it| &it.amount).sum(),
            pending: record.pending.clone(),
            closing: record.closing(),
            home: tokens_at(UnitStage::Home),
            in_flight: tokens_at(UnitStage::InFlight),
            arrived: record.arrived,
            written_off: record.written_off,
        }
    }
}

impl Denom {
    fn tokens_at(&self, stage: UnitStage) -> u128 {
        let unit = self.unit.as_ref().filter(|it| it.stage == stage);
        unit.map_or(0, |it| it.tokens)
    }

    fn closing(&self) -> BigRational {
        let unit = self.unit.as_ref();
        unit.filter(|it| it.stage == UnitStage::Closing)
            .map(|it| it.total())
            .unwrap_or_default()
    }
}
