//! Does an action and tells the ledgers.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::action::{BlockOf, CcvAction, NewPower, Side};
use super::model::{CcvModel, Payments};
use super::setup::World;
use super::suite::{BLOCK_SECONDS, CONSUMER_ID, CcvSuite, OWNER, STRANGER};
use crate::scenario::{ContractEvent, Transaction};

/// Two chains and the ledgers that know what they must come to.
pub struct CcvHarness {
    /// The chains.
    pub suite: CcvSuite,
    /// The ledgers.
    pub model: CcvModel,
}

impl CcvHarness {
    /// An active consumer with ledgers. With a name every step is kept, see [`CcvSuite::new`].
    ///
    /// # Errors
    /// When the set-up fails.
    pub fn new(world: World, recording: Option<&str>) -> Result<Self> {
        let suite = CcvSuite::new(world, recording)?;
        let mut model = CcvModel::new(&world)?;
        model.validators.exist = (0..world.validators).map(|it| suite.operator(it)).collect();
        model.renamed(suite.newest_vouchers());
        model.probed()?;
        let mut harness = CcvHarness { suite, model };
        harness.note_channel()?;
        Ok(harness)
    }

    /// Does an action and tells the ledgers. What the contracts may refuse is refused without a
    /// trace; everything else must succeed.
    ///
    /// # Errors
    /// When something fails that must not, or happens that a ledger excludes.
    pub fn apply(&mut self, action: &CcvAction) -> Result<()> {
        match action {
            CcvAction::Block(block) => self.block(block),
            CcvAction::Powers(changes) => self.powers(changes),
            CcvAction::Tick(limit) => self.tick(*limit),
            CcvAction::Clock => {
                let done = self.suite.sudo(json!({"clock_end_block": {}}))?;
                self.observe(Side::Consumer, &done).map(drop)
            }
            CcvAction::Relay { nth, duplicate } => self.relay_nth(*nth, *duplicate),
            CcvAction::RelayAll { reverse } => self.relay_all(*reverse),
            CcvAction::Drop(nth) => self.drop_nth(*nth),
            CcvAction::Wait { side, seconds } => self.suite.advance(*side, 1, *seconds),
            CcvAction::Close(side) => self.close(*side),
            CcvAction::Open { abandon } => self.open(*abandon),
            CcvAction::Expire(side) => self.expire(*side),
            CcvAction::Reconnect => self.reconnect(),
            CcvAction::Probe => self.probe(),
            CcvAction::SetExists { validator, exists } => self.set_exists(*validator, *exists),
            CcvAction::Process { denom, limit } => self.process(self.suite.denom(*denom), *limit),
            CcvAction::Reconcile(denom) => {
                let msg = json!({"reconcile": {"denom": self.suite.denom(*denom)}});
                self.may_execute(Side::Consumer, STRANGER, msg)
            }
            CcvAction::Release(denom) => {
                let msg = json!({"release": {"denom": self.suite.denom(*denom)}});
                self.may_execute(Side::Consumer, OWNER, msg)
            }
            CcvAction::Forge { denom, epoch } => self.forge(*denom, *epoch),
            CcvAction::List { by, denom, listed } => {
                self.list(*by, self.suite.denom(*denom), *listed)
            }
            CcvAction::Retry { denom, validator } => {
                self.retry(self.suite.denom(*denom), *validator)
            }
            CcvAction::Name { validator, meant } => self.name(*validator, *meant),
            CcvAction::Override { validator, meant } => self.override_validator(*validator, *meant),
            CcvAction::Pause(paused) => self.pause(*paused),
            CcvAction::Remove => self.remove(),
            CcvAction::ResolveOrphan(denom) => self.resolve_orphan(self.suite.denom(*denom)),
        }
    }

    /// Tells the ledgers of a transaction on a chain, and what it paid.
    pub(super) fn observe(&mut self, side: Side, done: &Transaction) -> Result<Payments> {
        self.observe_events(side, &done.events)
    }

    pub(super) fn observe_events(
        &mut self,
        side: Side,
        events: &[ContractEvent],
    ) -> Result<Payments> {
        let mut payments = Payments::default();
        for event in events {
            if event.attributes.contains_key("action") {
                self.model.observe(side, event, &mut payments)?;
            }
        }
        Ok(payments)
    }

    /// Sends a message that the contract may refuse.
    fn may_execute(&mut self, side: Side, sender: &str, msg: Value) -> Result<()> {
        match self.suite.execute(side, sender, msg) {
            Ok(done) => self.observe(side, &done).map(drop),
            Err(_) => Ok(()),
        }
    }

    /// Changes by operator, each of them once.
    fn changes(&self, changes: &[NewPower]) -> Vec<(String, u64)> {
        let mut named: Vec<(String, u64)> = Vec::new();
        for change in changes {
            let operator = self.suite.operator(change.validator);
            if named.iter().all(|(it, _)| *it != operator) {
                named.push((operator, change.power));
            }
        }
        named
    }

    fn block(&mut self, block: &BlockOf) -> Result<()> {
        self.suite.advance(Side::Consumer, 1, BLOCK_SECONDS)?;
        for (denom, fees) in self.suite.denoms().zip(&block.fees) {
            if *fees > 0 {
                self.pay_fees(denom, *fees)?;
            }
        }
        let changes = self.changes(&block.changes);
        self.model.set_powers(&changes);
        let validators = 0..self.suite.world.validators;
        let powers = validators.map(|it| self.model.consumer.power(&self.suite.operator(it)));
        let signed = powers.sum::<u64>() * block.signed_percent / 100;
        let proposer = self.suite.operator(block.proposer);
        let mut last_commit = json!({"signed_power": signed.to_string()});
        if !changes.is_empty() {
            last_commit["changed"] = power_list(&changes);
        }
        self.model.block(&proposer, signed)?;
        let msg = json!({"begin_block": {"proposer": proposer, "last_commit": last_commit}});
        let done = self.suite.sudo(msg)?;
        self.observe(Side::Consumer, &done).map(drop)
    }

    pub(super) fn pay_fees(&mut self, denom: &str, fees: u128) -> Result<()> {
        self.suite.pay_fees(denom, fees)?;
        self.model.came_in(denom, fees);
        Ok(())
    }

    fn powers(&mut self, changes: &[NewPower]) -> Result<()> {
        let changes = self.changes(changes);
        self.model.set_powers(&changes);
        let msg = json!({"powers_changed": {"changes": power_list(&changes)}});
        let done = self.suite.sudo(msg)?;
        self.observe(Side::Consumer, &done).map(drop)
    }

    pub(super) fn tick(&mut self, limit: u32) -> Result<()> {
        let done = self.suite.tick(limit)?;
        self.observe(Side::Consumer, &done)?;
        for packet in self.suite.sent_packets()? {
            if let Some(ccv::packet::CcvPacket::Weights(chunk)) = self.suite.read_ccv(&packet)? {
                self.model.chunk_sent(&chunk)?;
            }
        }
        Ok(())
    }

    fn close(&mut self, side: Side) -> Result<()> {
        let Some(end) = self.suite.ccv_end(side)? else {
            return Ok(());
        };
        let channel = end.endpoint.channel_id;
        let allow = json!({"allow_channel_close": {"channel_id": channel}});
        self.may_execute(side, OWNER, allow)?;
        // Refused when it is closed.
        let _ = self.suite.close(side, &channel);
        Ok(())
    }

    /// Opens a channel, which both contracts refuse while one is open.
    pub(super) fn open(&mut self, abandon: bool) -> Result<()> {
        if abandon {
            self.abandon()?;
        }
        let was_open = self.suite.is_ccv_open()?;
        let opened = self.suite.open_channel().is_ok();
        self.note_channel()?;
        ensure!(!(was_open && opened), "a second channel while one is open");
        let can_open = self.suite.is_connected()? && !self.model.registration.is_paused;
        ensure!(
            !abandon || opened == can_open,
            "no channel after the one before was abandoned"
        );
        Ok(())
    }

    fn set_exists(&mut self, validator: usize, exists: bool) -> Result<()> {
        let operator = self.suite.operator(validator);
        let done = self.suite.set_exists(validator, exists);
        // What is there already cannot be created; what is gone may be removed again.
        let may_be = !exists || !self.model.validators.exist.contains(&operator);
        ensure!(done.is_ok() == may_be, "{operator}: {done:?}");
        if exists {
            self.model.validators.exist.insert(operator);
        } else {
            self.model.validators.exist.remove(&operator);
        }
        Ok(())
    }

    /// Processes the earliest unit of a denom. It must succeed when its coins and weights have come, and
    /// fail when they have not or the consumer is paused.
    pub(super) fn process(&mut self, denom: &str, limit: u32) -> Result<()> {
        let next = self.model.next_arrived(denom);
        let next = next.map(|(epoch, voucher)| (epoch, voucher.to_string()));
        let epoch = next.as_ref().map(|(epoch, _)| *epoch);
        let epoch = epoch.or_else(|| self.model.under_way.get(denom).copied());
        let message = |epoch: u32| {
            json!({"process": {
                "consumer": CONSUMER_ID, "denom": denom, "epoch": epoch, "limit": limit,
            }})
        };
        let last = self.model.last_arrived(denom);
        if let Some(later) = last.filter(|last| epoch.is_some_and(|epoch| epoch < *last)) {
            let done = self.suite.execute(Side::Provider, STRANGER, message(later));
            ensure!(done.is_err(), "processed a later unit first: {done:?}");
        }
        let msg = message(epoch.unwrap_or(1));
        let done = self.suite.execute(Side::Provider, STRANGER, msg);
        let can_be_processed = !self.model.registration.is_paused && !self.model.is_orphan(denom);
        let Some((_, voucher)) = next.filter(|_| can_be_processed) else {
            ensure!(done.is_err(), "processed what cannot be: {done:?}");
            return Ok(());
        };
        let payments = self.observe(Side::Provider, &done.context("process")?)?;
        let page = self.model.processed(denom, limit)?;
        ensure!(
            payments.rewarded == page.paid,
            "{denom}: rewarded {:?} and not {:?}",
            payments.rewarded,
            page.paid
        );
        self.model.paid(&voucher, &page.paid, &payments)
    }

    pub(super) fn retry(&mut self, denom: &str, validator: Option<usize>) -> Result<()> {
        let vouchers = self.suite.vouchers(denom);
        let vouchers: Vec<String> = vouchers.into_iter().map(str::to_string).collect();
        vouchers
            .iter()
            .try_for_each(|voucher| self.retry_of(voucher, validator))
    }

    fn retry_of(&mut self, voucher: &str, validator: Option<usize>) -> Result<()> {
        let operator = validator.map(|it| self.suite.operator(it));
        let msg = json!({"retry_payment": {"validator": operator, "denom": voucher}});
        let owed = operator.as_ref().map(|it| {
            let key = (it.clone(), voucher.to_string());
            self.model.failed.remove(&key).unwrap_or_default()
        });
        let done = self.suite.execute(Side::Provider, STRANGER, msg);
        match (owed, operator) {
            (Some(owed), Some(operator)) if owed > 0 => {
                let payments = self.observe(Side::Provider, &done.context("retry")?)?;
                let paid = BTreeMap::from([(operator, owed)]);
                self.model.paid(voucher, &paid, &payments)
            }
            (Some(_), _) => {
                ensure!(done.is_err(), "paid what was not owed: {done:?}");
                Ok(())
            }
            (None, _) => Ok(()),
        }
    }

    /// A stranger's transfer, which claims to be a unit's or claims nothing.
    fn forge(&mut self, denom: usize, epoch: Option<u32>) -> Result<()> {
        let denom = self.suite.denom(denom);
        let memo = epoch.map(|epoch| {
            json!({
                "src_callback": {"address": "@consumer/stranger"},
                "dest_callback": {"address": "@provider/ccv"},
                "ccv_distribution": {"epoch": epoch, "denom": denom, "attempt": 1},
            })
        });
        // Refused while the sender's client has not seen that the time of the other chain is past.
        let _ = self.suite.stranger_sends(denom, memo);
        Ok(())
    }
}

fn power_list(changes: &[(String, u64)]) -> Value {
    let list = changes
        .iter()
        .map(|(validator, power)| json!({"validator": validator, "power": power.to_string()}));
    list.collect()
}
