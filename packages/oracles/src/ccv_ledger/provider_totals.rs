//! Where everything is that arrived on the provider, and that nothing is lost between the chains.

use super::{CcvLedgerError, ConsumerTotals, NotConserved, ProviderLedger, provider::Book, whole};

/// Where all is that arrived from a consumer in one denom, in whole base units. Every coin is in one
/// of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderTotals {
    /// The denom on the provider.
    pub denom: String,
    /// All that arrived, probes included.
    pub arrived: u128,
    /// The part of it that probes brought.
    pub probes: u128,
    /// Tokens that wait to be processed.
    pub waiting: u128,
    /// Shares of validators, paid or owed.
    pub distributed: u128,
    /// What joins the next unit.
    pub carry: u128,
    /// The community pool's.
    pub community: u128,
    /// Given away by the owner because weights never came.
    pub resolved: u128,
}

impl ProviderTotals {
    /// Checks that the parts are all that arrived.
    ///
    /// # Errors
    /// [`NotConserved`].
    pub fn check(&self) -> Result<(), NotConserved> {
        let parts = self.waiting + self.distributed + self.carry + self.community + self.resolved;
        equal(&self.denom, parts, self.arrived)
    }
}

impl ProviderLedger {
    /// Where all is that arrived from a consumer in one denom.
    pub fn totals(&self, consumer: &str, denom: &str) -> ProviderTotals {
        let book = self.book(consumer, denom).cloned().unwrap_or_default();
        book.totals(denom)
    }

    /// Checks of a denom that the parts of every consumer are all that arrived from it, and that
    /// what all consumers' units gave to validators is what these are owed and were paid.
    ///
    /// # Errors
    /// [`NotConserved`].
    pub fn check_conservation(&self, denom: &str) -> Result<(), NotConserved> {
        let mut distributed = 0;
        for ((_, of), book) in &self.books {
            if of == denom {
                book.totals(denom).check()?;
                distributed += book.distributed;
            }
        }
        let rewards = self.rewards.iter().filter(|((_, of), _)| of == denom);
        let rewards = rewards.map(|(_, it)| it.owed + it.paid).sum();
        equal(denom, rewards, distributed)
    }
}

impl Book {
    fn totals(&self, denom: &str) -> ProviderTotals {
        ProviderTotals {
            denom: denom.to_owned(),
            arrived: self.arrived,
            probes: self.probes,
            waiting: self.waiting.values().sum(),
            distributed: self.distributed,
            carry: self.carry,
            community: self.community,
            resolved: self.resolved,
        }
    }
}

/// Checks that all that a consumer collected of a denom is somewhere, once: for its own stakers, in
/// its pools and units, in flight, written off, or on the provider, in any of the denoms as which it
/// arrived there.
///
/// # Errors
/// [`CcvLedgerError::NotConserved`], [`CcvLedgerError::NotTheSame`].
pub fn check_two_chains(
    consumer: &ConsumerTotals,
    provider: &[ProviderTotals],
) -> Result<(), CcvLedgerError> {
    consumer.check()?;
    let mut arrived = 0;
    for totals in provider {
        totals.check()?;
        arrived += totals.arrived - totals.probes;
    }
    if arrived != consumer.arrived {
        return Err(CcvLedgerError::NotTheSame {
            denom: consumer.denom.clone(),
            left: consumer.arrived,
            arrived,
        });
    }
    Ok(())
}

fn equal(denom: &str, parts: u128, total: u128) -> Result<(), NotConserved> {
    if parts == total {
        return Ok(());
    }
    Err(NotConserved {
        denom: denom.to_owned(),
        difference: Box::new(whole(parts) - whole(total)),
    })
}
