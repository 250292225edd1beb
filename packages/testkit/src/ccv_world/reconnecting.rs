//! Light clients that expire, and the owners who connect the chains anew.

use anyhow::Result;
use cosmwasm_std::Coin;
use serde_json::json;

use super::CcvHarness;
use super::action::Side;
use super::setup::PROBE;
use super::suite::{DENOMS, OWNER, PAYER, POOLS};
use crate::scenario::{Action, Execute, ExpireClient, Step, StepResult};

/// The most connections of a history: the provider's fee pool takes at most eight denoms.
const MAX_ROUTES: usize = 3;

impl CcvHarness {
    /// The light clients of a chain expire. It gets nothing and sends nothing until it is connected
    /// anew; what the other chain gets of its packets is as before. Those of the last connection stay.
    pub(super) fn expire(&mut self, side: Side) -> Result<()> {
        if self.suite.routes.len() >= MAX_ROUTES {
            return Ok(());
        }
        let chain = side.chain().into();
        self.suite
            .must(Step::new(Action::ExpireClient(ExpireClient { chain })))
            .map(drop)
    }

    /// The owners abandon the channel and point both contracts to a new connection and transfer
    /// channel, whether or not the one before lives; somebody opens a CCV channel and probes. There
    /// are at most [`MAX_ROUTES`] connections.
    ///
    /// # Errors
    /// When a step fails that must not.
    pub(super) fn reconnect(&mut self) -> Result<()> {
        if self.suite.routes.len() >= MAX_ROUTES {
            return Ok(());
        }
        self.abandon()?;
        self.suite.connect()?;
        let [there, here] = self.suite.point_to_newest_route()?;
        self.observe(Side::Consumer, &there)?;
        self.observe(Side::Provider, &here)?;
        for denom in self.suite.denoms() {
            self.model.carry_ended(denom)?;
        }
        self.model.renamed(self.suite.newest_vouchers());
        self.open(true)?;
        self.probe()
    }

    /// Both owners abandon the channel that their contract knows of, if there is one.
    pub(super) fn abandon(&mut self) -> Result<()> {
        for side in [Side::Consumer, Side::Provider] {
            if let Some(end) = self.suite.ccv_end(side)? {
                let channel = end.endpoint.channel_id;
                let msg = json!({"abandon_channel": {"channel_id": channel}});
                self.suite.must_execute(side, OWNER, msg)?;
            }
        }
        self.note_channel()
    }

    /// Somebody probes: two coins of the first denom go. Refused when the consumer is active, has no
    /// open channel or another probe under way, and when the provider's clock is past the timeout.
    pub(super) fn probe(&mut self) -> Result<()> {
        let denom = DENOMS[0];
        let probe = Execute {
            contract: POOLS.into(),
            sender: PAYER.into(),
            msg: json!({"probe": {}}),
            funds: vec![Coin::new(PROBE, denom)],
        };
        let step = Step::new(Action::Execute(probe)).on(Side::Consumer.chain());
        let Ok(StepResult::Transaction(done)) = self.suite.play(step) else {
            return Ok(());
        };
        self.model.collect(denom, PROBE);
        self.observe(Side::Consumer, &done).map(drop)
    }

    /// Whether the consumer sends rewards.
    pub(super) fn is_active(&self) -> Result<bool> {
        let channel = self.suite.ask(Side::Consumer, &json!({"channel": {}}))?;
        Ok(channel["active"] == true)
    }

    /// Tells the ledgers which channel acknowledgements count of.
    pub(super) fn note_channel(&mut self) -> Result<()> {
        let end = self.suite.ccv_end(Side::Consumer)?;
        self.model.channel = end.map(|end| end.endpoint.channel_id);
        Ok(())
    }
}
