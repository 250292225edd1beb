//! What owners and operators decide.

use anyhow::{Result, ensure};
use oracles::ccv_ledger::UnitStage;
use serde_json::json;

use super::CcvHarness;
use super::action::{Lister, Side};
use super::suite::{CONSUMER_ID, HEIR, OWNER, validator_name};

/// What comes in of a denom just before holding-pools unlists it.
const FEES: u128 = 7;

impl CcvHarness {
    /// The operator of a validator names the one that the provider pays for it. Not while a unit is being
    /// settled: which name counts in it depends on how far its cursor has come, which the ledgers do not
    /// know.
    pub(super) fn name(&mut self, validator: usize, meant: usize) -> Result<()> {
        let is_closing = |denom: &str| self.model.consumer.stage(denom) == Some(UnitStage::Closing);
        if self.suite.denoms().any(is_closing) {
            return Ok(());
        }
        let (operator, meant) = (self.suite.operator(validator), self.suite.operator(meant));
        let msg = json!({"set_provider_validator": {
            "validator": operator, "provider_validator": meant,
        }});
        let sender = validator_name(validator % self.suite.world.validators);
        let done = self.suite.must_execute(Side::Consumer, &sender, msg)?;
        let ledger = &mut self.model.consumer;
        ledger.set_provider_validator(&operator, &meant);
        self.observe(Side::Consumer, &done).map(drop)
    }

    /// The provider's owner says which validator the entries of one mean.
    pub(super) fn override_validator(
        &mut self,
        validator: usize,
        meant: Option<usize>,
    ) -> Result<()> {
        let operator = self.suite.operator(validator);
        let meant = meant.map(|it| self.suite.operator(it));
        let msg = json!({"override_validator": {
            "consumer": CONSUMER_ID, "validator": operator, "pay_to": meant,
        }});
        let done = self.suite.must_execute(Side::Provider, OWNER, msg)?;
        let overrides = &mut self.model.validators.overrides;
        match meant {
            Some(meant) => overrides.insert(operator, meant),
            None => overrides.remove(&operator),
        };
        self.observe(Side::Provider, &done).map(drop)
    }

    /// An owner lists a denom or unlists it, which is refused when it is so already.
    pub(super) fn list(&mut self, by: Lister, denom: &str, listed: bool) -> Result<()> {
        let key = if listed { "add" } else { "remove" };
        let (side, msg) = match by {
            Lister::FeePool => {
                let _ = self.suite.list(denom, listed);
                return Ok(());
            }
            Lister::Provider => {
                let msg = json!({"update_consumer_denoms": {"id": CONSUMER_ID, key: [denom]}});
                (Side::Provider, msg)
            }
            Lister::Consumer => {
                if !listed {
                    self.pay_fees(denom, FEES)?;
                }
                let msg = json!({"update_reward_denoms": {key: [denom]}});
                (Side::Consumer, msg)
            }
        };
        let Ok(done) = self.suite.execute(side, OWNER, msg) else {
            return Ok(());
        };
        self.observe(side, &done)?;
        match by {
            Lister::Consumer => self.model.take_in(denom, listed),
            Lister::Provider if !listed => self.model.carry_ended(denom),
            Lister::Provider | Lister::FeePool => Ok(()),
        }
    }

    /// The provider's owner pauses the consumer or ends that, which is refused while it is being removed.
    pub(super) fn pause(&mut self, paused: bool) -> Result<()> {
        let msg = json!({"pause_consumer": {"id": CONSUMER_ID, "paused": paused}});
        let done = self.suite.execute(Side::Provider, OWNER, msg);
        ensure!(
            done.is_ok() != self.model.registration.is_removing,
            "{done:?}"
        );
        match done {
            Ok(done) => self.observe(Side::Provider, &done).map(drop),
            Err(_) => Ok(()),
        }
    }

    /// The provider's owner removes the consumer, which takes until no coins of it wait, and then
    /// registers it anew.
    pub(super) fn remove(&mut self) -> Result<()> {
        let msg = json!({"remove_consumer": {"id": CONSUMER_ID}});
        let done = self.suite.must_execute(Side::Provider, OWNER, msg)?;
        self.observe(Side::Provider, &done)?;
        let waits = self.model.arrived.values().any(|units| !units.is_empty());
        ensure!(
            self.model.registration.is_removing == waits,
            "with {:?} waiting: {done:?}",
            self.model.arrived
        );
        if waits {
            return Ok(());
        }
        for denom in self.suite.denoms() {
            self.model.carry_ended(denom)?;
        }
        let done = self.suite.register()?;
        self.observe(Side::Provider, &done).map(drop)
    }

    /// The provider's owner gives the coins of a denom's earliest unit away. Refused unless its weights
    /// are missing.
    pub(super) fn resolve_orphan(&mut self, denom: &str) -> Result<()> {
        let epoch = self.model.next_arrived(denom).map(|(epoch, _)| epoch);
        let msg = json!({"resolve_orphan": {
            "consumer": CONSUMER_ID,
            "epoch": epoch.unwrap_or(1),
            "denom": denom,
            "to": format!("@{HEIR}"),
        }});
        let done = self.suite.execute(Side::Provider, OWNER, msg);
        let is_orphan = self.model.is_orphan(denom);
        ensure!(done.is_ok() == is_orphan, "{denom}: {done:?}");
        match done {
            Ok(done) => {
                self.observe(Side::Provider, &done)?;
                self.model.orphan_resolved(denom)
            }
            Err(_) => Ok(()),
        }
    }
}
