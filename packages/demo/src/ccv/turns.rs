//! What happens at the start of an epoch, on the provider and to the relayer.

use anyhow::{Context as _, Result};
use cosmwasm_std::Addr;
use serde_json::json;
use testkit::ccv_world::{CcvAction, CcvHarness, Side};

use super::play::{CONSUMER, Play};
use super::story::Happening;
use super::timeline::{Lane, Tone};
use crate::amounts::grouped;

/// The denom that the provider lists late.
const LATE: &str = "gold";

impl Play {
    /// What happens at the start of an epoch.
    ///
    /// # Errors
    /// When a contract refuses it.
    pub fn turn(&mut self, epoch: u32) -> Result<()> {
        match self.story.turn(epoch) {
            None => Ok(()),
            Some(Happening::Vanish(validators)) => self.set_exist(&validators, false),
            Some(Happening::Return(validators)) => self.set_exist(&validators, true),
            Some(Happening::List) => self.list(true),
            Some(Happening::Lose(loss)) => {
                self.story.will_lose(loss);
                Ok(())
            }
        }
    }

    fn set_exist(&mut self, validators: &[usize], exists: bool) -> Result<()> {
        for &validator in validators {
            self.harness
                .apply(&CcvAction::SetExists { validator, exists })?;
        }
        let names: Vec<&str> = validators
            .iter()
            .map(|number| self.story.validators[*number].moniker.as_str())
            .collect();
        let (tone, verb) = match exists {
            true => (Tone::Mended, "are back"),
            false => (Tone::Bad, "vanish"),
        };
        let count = grouped(validators.len());
        let text = format!("{count} validators {verb}: {}", names.join(", "));
        self.timeline.add(self.block, Lane::Provider, tone, text);
        Ok(())
    }

    /// Lets the provider accept the late denom from the consumer, or refuse it.
    ///
    /// # Errors
    /// When the provider refuses that.
    pub fn list(&mut self, listed: bool) -> Result<()> {
        let key = if listed { "add" } else { "remove" };
        let msg = json!({"update_consumer_denoms": {"id": CONSUMER, key: [LATE]}});
        let provider = provider_contract(&self.harness)?;
        let chain = self
            .harness
            .suite
            .wire_mut()
            .chain_mut(Side::Provider.chain())?;
        let owner = chain.account("owner");
        chain.execute(&owner, &provider, &msg, &[])?;
        let (tone, text) = match listed {
            true => (Tone::Mended, format!("{LATE} is listed from now on")),
            false => (Tone::Plain, format!("{LATE} is not listed yet")),
        };
        self.timeline.add(self.block, Lane::Provider, tone, text);
        Ok(())
    }
}

/// The contract of the provider.
fn provider_contract(harness: &CcvHarness) -> Result<Addr> {
    let answer = harness.suite.ask(Side::Consumer, &json!({"channel": {}}))?;
    let receiver = answer["provider"]["receiver"].as_str();
    Ok(Addr::unchecked(receiver.context("no receiver")?))
}
