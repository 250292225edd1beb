//! The source callback: what became of a transfer, told by the callbacks middleware of this chain.
//!
//! It runs right after a refund, in the same message of the chain, so the refund is a liability again
//! before the next `begin_block` could take it for income. It costs the same for any number of
//! validators. An error is an event here and changes nothing, for the chain would swallow it: a refund
//! that is not recorded lies among the fees of the next block, and its unit waits for `reconcile`.

use ccv::ack::{Ack, read_transfer_ack};
use ccv::memo::{Purpose, TransferMemo};
use ccv::transfer::{self, TransferData};
use cosmwasm_std::{DepsMut, Env, Event, IbcBasicResponse, IbcPacket, IbcSourceCallbackMsg};
use distribution_math::Points;
use pool_kit::DenomId;

use crate::books::Books;
use crate::ledger::Class;
use crate::state::{self, WRITTEN_OFF, unit_key};
use crate::{ContractError, guarded, probe, recovery};

/// `ibc_source_callback`. Never fails.
pub(crate) fn source_callback(
    deps: DepsMut,
    env: &Env,
    msg: &IbcSourceCallbackMsg,
) -> IbcBasicResponse {
    guarded::run_ibc(deps, env, "source callback", &mut |books| match msg {
        IbcSourceCallbackMsg::Acknowledgement(msg) => {
            let ack = read_transfer_ack(&msg.acknowledgement.data);
            answered(books, &msg.original_packet, Some(ack))
        }
        IbcSourceCallbackMsg::Timeout(msg) => answered(books, &msg.packet, None),
    })
}

/// A transfer of this contract was acknowledged, or timed out without.
fn answered(
    books: &mut Books,
    packet: &IbcPacket,
    ack: Option<Ack<()>>,
) -> Result<(), ContractError> {
    let data = TransferData::read(&packet.data)?;
    let own_address = &books.ctx.chain.env.contract.address;
    // Only this contract sends in its own name, so what the memo says was written here.
    if packet.src.port_id != transfer::PORT || data.sender != own_address.as_str() {
        return Err(ContractError::ForeignTransfer {
            sender: data.sender,
            port: packet.src.port_id.clone(),
        });
    }
    match TransferMemo::read(&data.memo)?.purpose {
        Purpose::CcvProbe { nonce, expect } => {
            let expected = &books.ctx.config.provider.transfer_channel;
            if packet.src.channel_id != *expected {
                return Err(ContractError::NoSuchProbe { nonce });
            }
            probe::coin_answered(books, nonce, expect, ack)
        }
        Purpose::CcvDistribution {
            epoch,
            denom,
            attempt,
        } => {
            let denom = books.ctx.config.denoms.claimable(denom.as_str())?;
            let transfer = Answered {
                denom,
                epoch,
                attempt,
                coins: Points::try_from_coins(data.amount)?,
                channel: &packet.src.channel_id,
            };
            match ack {
                Some(Ack::Success(())) => transfer.succeeded(books),
                Some(Ack::Refused { reason }) => {
                    transfer.came_back(books, &format!("provider: {reason}"))
                }
                None => transfer.came_back(books, "it timed out"),
                // Whether the coins are here is unknown: the provider can be asked.
                Some(Ack::Unreadable { reason }) => Err(ContractError::UnknownOutcome { reason }),
            }
        }
    }
}

/// An attempt of which the outcome is told.
struct Answered<'p> {
    denom: DenomId,
    epoch: u32,
    attempt: u32,
    coins: Points,
    channel: &'p str,
}

impl Answered<'_> {
    /// The unit, if this is the attempt that is under way, with all of its coins.
    fn unit(&self, books: &Books) -> Result<Option<crate::unit::Unit>, ContractError> {
        let unit = state::load_unit(books.storage, self.denom)?;
        Ok(unit.filter(|unit| {
            let on_channel = |channel| channel == self.channel;
            unit.epoch() == self.epoch
                && unit.attempts() == self.attempt
                && unit.coins() == Ok(self.coins)
                && unit
                    .transfer()
                    .map(|it| it.channel())
                    .is_some_and(on_channel)
        }))
    }

    fn succeeded(&self, books: &mut Books) -> Result<(), ContractError> {
        match self.unit(books)? {
            Some(unit) => recovery::delivered(books, self.denom, &unit),
            None => {
                self.end_write_off(books)?;
                let event = self.event(books, "written_off_delivered");
                books.emit(event);
                Ok(())
            }
        }
    }

    fn came_back(&self, books: &mut Books, reason: &str) -> Result<(), ContractError> {
        let coins = self.coins;
        let Some(mut unit) = self.unit(books)? else {
            self.end_write_off(books)?;
            // No block has come between the refund and this call.
            books.update_ledger(self.denom, |ledger| {
                ledger.add(Class::ProviderPending, coins)
            })?;
            let event = self.event(books, "written_off_returned");
            books.emit(event.add_attribute("reason", reason));
            return Ok(());
        };
        unit.came_back()?;
        state::save_unit(books.storage, self.denom, &unit)?;
        books.update_ledger(self.denom, |ledger| ledger.add(Class::Unit, coins))?;
        books.keep_refusal(self.denom, reason)?;
        let event = self.event(books, "tokens_returned");
        books.emit(event.add_attribute("reason", reason));
        Ok(())
    }

    /// Takes a transfer from the list of those that were written off: the second callback of one
    /// finds nothing.
    fn end_write_off(&self, books: &mut Books) -> Result<(), ContractError> {
        let key = unit_key(self.denom, self.epoch);
        let written_off = WRITTEN_OFF.may_load(books.storage, &key)?;
        let is_this =
            written_off.is_some_and(|it| it.attempt == self.attempt && it.channel == self.channel);
        if !is_this {
            return Err(ContractError::OtherAttempt {
                denom: books.ctx.denom_name(self.denom).to_string(),
                epoch: self.epoch,
            });
        }
        WRITTEN_OFF.remove(books.storage, &key);
        Ok(())
    }

    fn event(&self, books: &Books, name: &str) -> Event {
        let event = books.ctx.unit_event(name, self.denom, self.epoch);
        event
            .add_attribute("attempt", self.attempt.to_string())
            .add_attribute("amount", self.coins.whole_coins().to_string())
    }
}
