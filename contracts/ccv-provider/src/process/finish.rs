//! The end of a message's work on a unit: what is written, whose the rest is, and the payment.

use cosmwasm_std::{Event, Response, to_json_binary};
use pool_kit::DenomLedger;
use pool_kit::events::action;
use pool_kit::ledger::Class;

use super::Run;
use crate::ContractError;
use crate::answers::PageData;
use crate::ledger::{self, coin};
use crate::payments;
use crate::target::Share;
use crate::unit::{Place, Tokens, Unit};
use crate::units::{self, Stream, UnitKey};

/// How a message leaves a unit.
pub(super) enum End {
    /// It goes on from here.
    At(Unit),
    /// It is done; the coins join the next unit.
    Carry(Tokens),
    /// It is done; the coins are the community pool's.
    Nobody(Tokens),
}

impl Run<'_> {
    /// Writes the unit, or deletes it and says whose the rest is, and pays.
    pub(super) fn finish(mut self, end: End) -> Result<Response, ContractError> {
        let denom = self.denom.clone();
        let denom = denom.as_str();
        let mut ledger = ledger::load(self.storage, denom)?;
        let shares = std::mem::take(&mut self.shares).into_iter();
        let shares: Vec<Share> = shares
            .map(|(validator, amount)| Share { validator, amount })
            .collect();
        let messages =
            payments::pay_validators(&self.ctx, &mut ledger, denom, Class::Outstanding, shares)?;
        let event = action("process")
            .add_attribute("consumer", self.key.consumer)
            .add_attribute("epoch", self.key.epoch.to_string())
            .add_attribute("denom", self.key.denom);
        let (next, event) = match &end {
            End::At(unit) => {
                self.key.save(self.storage, unit)?;
                let next = place_text(unit);
                let event = event.add_attribute("next", &next);
                (Some(next), event)
            }
            End::Carry(left) => (None, self.end_unit(left, &mut ledger, event, true)?),
            End::Nobody(tokens) => (None, self.end_unit(tokens, &mut ledger, event, false)?),
        };
        let response = Response::new()
            .add_submessages(messages)
            .add_events(self.events)
            .add_event(event)
            .set_data(to_json_binary(&PageData { next })?);
        let response = match &end {
            End::At(_) => response,
            _ => payments::pay_community(&self.ctx, &mut ledger, denom, response)?,
        };
        ledger::save(self.storage, denom, &ledger)?;
        Ok(response)
    }

    /// Deletes the unit. What is left joins the next unit of its denom, if it has part in the carry and
    /// somebody was qualified; otherwise it is the community pool's.
    fn end_unit(
        &mut self,
        left: &Tokens,
        ledger: &mut DenomLedger,
        event: Event,
        is_carried: bool,
    ) -> Result<Event, ContractError> {
        let UnitKey {
            consumer, denom, ..
        } = self.key;
        let stream = Stream::load(self.storage, consumer, denom)?;
        let to = if is_carried && stream.has_carry(self.key.epoch) {
            units::add_carry(self.storage, consumer, left)?;
            "carry"
        } else {
            ledger.transfer(
                Class::Outstanding,
                Class::CommunityPool,
                left.amount.points(),
            )?;
            "community_pool"
        };
        self.key.end(self.storage)?;
        let coin = coin(left.amount, &left.denom);
        Ok(event.add_attribute(to, coin.to_string()))
    }
}

/// Where the next page starts.
fn place_text(unit: &Unit) -> String {
    let (pass, place) = match unit {
        Unit::Waiting(_) => ("waiting", Place::default()),
        Unit::Qualifying(pass) => ("qualifying", pass.division().place()),
        Unit::Paying(pass) => ("paying", pass.division().place()),
    };
    format!("{pass}/{}/{}", place.chunk, place.entry)
}
