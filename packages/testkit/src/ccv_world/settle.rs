//! Everything is delivered.

use anyhow::{Result, ensure};

use super::CcvHarness;
use super::action::{BlockOf, CcvAction, Lister, Side};
use super::suite::CONSUMER_ID;

/// Rounds until everything must have been delivered. A lost acknowledgement costs a week and a new
/// channel, and each denom has one unit under way.
const ROUNDS: usize = 24;

/// Longer than any timeout and the time after which the provider may be asked.
const NINE_DAYS: u64 = 9 * 24 * 60 * 60;

impl CcvHarness {
    /// Brings everything that waits, again and again, with new channels and questions where
    /// something was lost, until nothing is under way and nothing waits; then compares with the
    /// ledgers.
    ///
    /// # Errors
    /// When something stays under way, or is not what the ledgers say.
    pub fn settle(&mut self) -> Result<()> {
        for voucher in self.suite.voucher_texts() {
            // Refused when it is so already.
            let _ = self.suite.list_voucher(&voucher, true);
        }
        self.pause(false)?;
        for denom in self.suite.denoms() {
            for by in [Lister::Consumer, Lister::Provider] {
                self.list(by, denom, true)?;
            }
        }
        // What is owed to a validator that is gone waits until it is back.
        for validator in 0..self.suite.world.validators {
            let exists = true;
            self.apply(&CcvAction::SetExists { validator, exists })?;
        }
        self.set_clocks_alike()?;
        for round in 0..ROUNDS {
            self.deliver()?;
            self.check()?;
            if self.is_settled()? {
                return self.check_settled();
            }
            if round % 3 == 2 {
                self.ask_for_what_was_lost()?;
                self.check()?;
            }
        }
        let waiting = self.waiting()?;
        ensure!(
            self.is_settled()?,
            "after {ROUNDS} rounds {:?} are under way, {:?} wait on the provider, {waiting:?} on the wire",
            self.model.under_way,
            self.model.arrived
        );
        self.check_settled()
    }

    /// A chain sends nothing whose time has passed on the other one: lets the consumer's time pass
    /// until it is that of the provider.
    fn set_clocks_alike(&mut self) -> Result<()> {
        let seconds = |side| self.suite.chain(side).block().time.seconds();
        let behind = seconds(Side::Provider).saturating_sub(seconds(Side::Consumer));
        self.suite.advance(Side::Consumer, 1, behind)
    }

    /// A due block, and everything that follows when nothing is lost.
    fn deliver(&mut self) -> Result<()> {
        if !self.suite.is_connected()? {
            self.relay_everything()?;
            self.reconnect()?;
        }
        if !self.suite.is_ccv_open()? {
            self.relay_everything()?;
            self.open(true)?;
        }
        if !self.is_active()? {
            self.probe()?;
        }
        for _ in 0..self.suite.world.period {
            self.apply(&CcvAction::Block(BlockOf {
                signed_percent: 100,
                ..BlockOf::default()
            }))?;
        }
        for _ in 0..3 {
            self.tick(100)?;
            self.relay_everything()?;
        }
        for denom in self.suite.denoms() {
            while self.model.next_arrived(denom).is_some() {
                match self.model.is_orphan(denom) {
                    true => self.resolve_orphan(denom)?,
                    false => self.process(denom, 100)?,
                }
            }
            for validator in 0..self.suite.world.validators {
                self.retry(denom, Some(validator))?;
            }
            self.retry(denom, None)?;
        }
        match self.model.registration.is_removing {
            true => self.remove(),
            false => Ok(()),
        }
    }

    /// Time passes until the provider may be asked, and a new channel brings weights again.
    fn ask_for_what_was_lost(&mut self) -> Result<()> {
        for side in [Side::Consumer, Side::Provider] {
            self.suite.advance(side, 1, NINE_DAYS)?;
        }
        self.relay_everything()?;
        self.open(true)?;
        for denom in 0..self.suite.world.denoms {
            self.apply(&CcvAction::Reconcile(denom))?;
        }
        self.relay_everything()
    }

    fn is_settled(&self) -> Result<bool> {
        Ok(!self.model.registration.is_removing
            && self.model.under_way.is_empty()
            && self.model.arrived.values().all(|it| it.is_empty())
            && self.waiting()?.is_empty())
    }

    /// Nothing is in flight but what was written off and cannot come back, and nobody is owed.
    fn check_settled(&self) -> Result<()> {
        let unheard = self.suite.unheard_transfers()?;
        for denom in self.suite.denoms() {
            let of_units = unheard.iter().filter(|it| it.epoch.is_some());
            let in_flight = of_units.filter(|it| it.denom == denom && !it.arrived);
            let in_flight: u128 = in_flight.map(|it| it.amount).sum();
            let exact = self.model.consumer.totals(denom);
            ensure!(
                in_flight == exact.written_off,
                "{in_flight} {denom} are in flight, {} were written off",
                exact.written_off
            );
            for voucher in self.suite.vouchers(denom) {
                let pots = self.model.provider.totals(CONSUMER_ID, voucher);
                ensure!(pots.waiting == 0, "{} {denom} wait", pots.waiting);
            }
        }
        ensure!(
            self.model.failed.values().all(|owed| *owed == 0),
            "owed: {:?}",
            self.model.failed
        );
        self.check_pools()?;
        self.check_audits()
    }
}
