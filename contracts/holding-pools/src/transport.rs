//! The one place that makes packets and transfers, and reads what the chain replies to them.
//!
//! Both legs are messages of their own kind today: weights are packets of the CCV channel, coins an
//! ICS-20 transfer. Where one packet can carry both, this module is what changes.

use borsh::{BorshDeserialize, BorshSerialize};
use ccv::memo::{Callback, Purpose, TransferMemo};
use ccv::name::Name;
use ccv::packet::CcvPacket;
use chain_types::asset::Asset;
use cosmwasm_std::{Binary, Coin, IbcMsg, Reply, StdError, SubMsg, Timestamp};
use distribution_math::Points;
use pool_kit::DenomId;
use pool_kit::events::action;

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::ledger::Class;
use crate::state::{self, ArrivalLeg, Link, WRITTEN_OFF, unit_key};

/// Reply id of packets and transfers. Payouts have 1 and 2.
pub const IBC_REPLY: u64 = 3;

/// Gas for a transfer of a token that may call a contract, in the chain's units: several times what
/// a transfer takes. Without it a token that burns all it gets would hold up the ticks of others.
const HOOKED_TRANSFER_GAS_LIMIT: u64 = 1_000_000;

/// What a message is for. It travels in the message and comes back in the reply; nothing is stored
/// for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Outgoing {
    /// A chunk of a unit's weights.
    Chunk {
        /// The unit's denom.
        denom: DenomId,
        /// Its epoch.
        epoch: u32,
        /// The chunk's place.
        chunk: u32,
    },
    /// A unit's coins.
    Tokens {
        /// The unit's denom.
        denom: DenomId,
        /// Its epoch.
        epoch: u32,
        /// The coins.
        coins: Points,
    },
    /// One of the two coins of a probe.
    ProbeCoin {
        /// Its denom.
        denom: DenomId,
    },
    /// The question whether a probe's coin has arrived.
    ProbeStatus,
}

impl Outgoing {
    fn payload(self) -> Result<Binary, ContractError> {
        Ok(borsh::to_vec(&self).map_err(StdError::msg)?.into())
    }

    /// What a reply belongs to.
    ///
    /// # Errors
    /// When it is none of this contract.
    pub fn of_reply(reply: &Reply) -> Result<Self, ContractError> {
        Ok(borsh::from_slice(&reply.payload).map_err(StdError::msg)?)
    }
}

/// The time of the block plus some seconds. Params bound the seconds, so nothing saturates.
pub fn in_seconds(ctx: &Context, seconds: u64) -> Timestamp {
    let now = ctx.chain.env.block.time.nanos();
    Timestamp::from_nanos(now.saturating_add(seconds.saturating_mul(1_000_000_000)))
}

/// The message that sends a packet over the CCV channel.
///
/// # Errors
/// When it cannot be written.
pub fn packet(ctx: &Context, channel: &str, packet: &CcvPacket) -> Result<IbcMsg, ContractError> {
    Ok(IbcMsg::SendPacket {
        channel_id: channel.to_string(),
        data: packet.write()?,
        timeout: in_seconds(ctx, ctx.config.params.weights_timeout_seconds).into(),
    })
}

/// As [`packet`], with a reply only when the chain does not take it: a client may have expired, and
/// no tick fails for that.
///
/// # Errors
/// When it cannot be written.
pub fn packet_or_reply(
    ctx: &Context,
    channel: &str,
    data: &CcvPacket,
    outgoing: Outgoing,
) -> Result<SubMsg, ContractError> {
    let message = packet(ctx, channel, data)?;
    Ok(SubMsg::reply_on_error(message, IBC_REPLY).with_payload(outgoing.payload()?))
}

/// A transfer of coins to the provider contract.
pub struct TokenTransfer<'a> {
    /// The denom, as the bank names it.
    pub denom: &'a str,
    /// Base units.
    pub coins: Points,
    /// On the provider's clock.
    pub timeout: Timestamp,
    /// What the coins are for.
    pub purpose: Purpose,
}

impl TokenTransfer<'_> {
    /// The message, with a reply in any case: the coins count as owed until then.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn message(self, ctx: &Context, outgoing: Outgoing) -> Result<SubMsg, ContractError> {
        let provider = &ctx.config.provider;
        let memo = TransferMemo {
            src_callback: Callback {
                address: Name::new(ctx.chain.env.contract.address.as_str())?,
            },
            dest_callback: Callback {
                address: Name::new(&provider.receiver)?,
            },
            purpose: self.purpose,
        };
        let message = IbcMsg::Transfer {
            channel_id: provider.transfer_channel.clone(),
            to_address: provider.receiver.clone(),
            amount: Coin::new(self.coins.whole_coins(), self.denom),
            timeout: self.timeout.into(),
            memo: Some(memo.write()?),
        };
        let message = SubMsg::reply_always(message, IBC_REPLY).with_payload(outgoing.payload()?);
        let is_hookable = Asset::Native(self.denom.to_string()).is_hookable();
        Ok(match is_hookable {
            true => message.with_gas_limit(HOOKED_TRANSFER_GAS_LIMIT),
            false => message,
        })
    }
}

/// What became of a packet or transfer that was handed to the chain.
///
/// # Errors
/// When a coin of a probe cannot be sent: the message `probe` fails with it.
pub fn replied(books: &mut Books, reply: Reply) -> Result<(), ContractError> {
    let outgoing = Outgoing::of_reply(&reply)?;
    let failure = reply.result.into_result().err();
    match outgoing {
        Outgoing::Chunk {
            denom,
            epoch,
            chunk,
        } => match failure {
            Some(reason) => chunk_not_sent(books, denom, epoch, chunk, &reason),
            None => Ok(()),
        },
        Outgoing::Tokens {
            denom,
            epoch,
            coins,
        } => match failure {
            Some(reason) => tokens_not_sent(books, denom, epoch, coins, &of_chain(&reason)),
            None => books.update_ledger(denom, |ledger| ledger.take(Class::InFlight, coins)),
        },
        Outgoing::ProbeCoin { denom } => match failure {
            Some(reason) => Err(ContractError::ProbeNotSent { reason }),
            None => {
                let coin = Points::from_coins(1);
                books.update_ledger(denom, |ledger| ledger.take(Class::InFlight, coin))
            }
        },
        Outgoing::ProbeStatus => match failure {
            Some(reason) => probe_status_not_sent(books, &reason),
            None => Ok(()),
        },
    }
}

fn chunk_not_sent(
    books: &mut Books,
    denom: DenomId,
    epoch: u32,
    chunk: u32,
    reason: &str,
) -> Result<(), ContractError> {
    if let Some(mut unit) = state::load_unit(books.storage, denom)? {
        // A token that was sent before it in the same tick may have called somebody who opened another
        // channel: the chunk is refused already then.
        if unit.chunk_refused(chunk).is_ok() {
            state::save_unit(books.storage, denom, &unit)?;
        }
    }
    not_sent(books, denom, epoch, "weights", &of_chain(reason))
}

fn tokens_not_sent(
    books: &mut Books,
    denom: DenomId,
    epoch: u32,
    coins: Points,
    reason: &str,
) -> Result<(), ContractError> {
    let unit = state::load_unit(books.storage, denom)?;
    let Some(mut unit) = unit.filter(|unit| unit.transfer().is_some()) else {
        // A token that was sent before it in the same tick may have called the owner, who pointed to
        // another chain: the unit is written off already then. Nothing of it is on its way.
        WRITTEN_OFF.remove(books.storage, &unit_key(denom, epoch));
        books.transfer(denom, Class::InFlight, Class::ProviderPending, coins)?;
        let event = books.ctx.unit_event("written_off_returned", denom, epoch);
        books.emit(
            event
                .add_attribute("amount", coins.whole_coins().to_string())
                .add_attribute("reason", reason),
        );
        return Ok(());
    };
    books.transfer(denom, Class::InFlight, Class::Unit, coins)?;
    unit.came_back()?;
    state::save_unit(books.storage, denom, &unit)?;
    not_sent(books, denom, epoch, "tokens", reason)
}

/// Weights or coins of a unit that did not leave: they are tried again in the next period.
///
/// # Errors
/// When the reason cannot be stored.
pub fn not_sent(
    books: &mut Books,
    denom: DenomId,
    epoch: u32,
    what: &str,
    reason: &str,
) -> Result<(), ContractError> {
    books.keep_refusal(denom, reason)?;
    let event = books.ctx.unit_event("send_failed", denom, epoch);
    books.emit(
        event
            .add_attribute("what", what)
            .add_attribute("reason", reason),
    );
    Ok(())
}

fn of_chain(reason: &str) -> String {
    format!("chain: {reason}")
}

fn probe_status_not_sent(books: &mut Books, reason: &str) -> Result<(), ContractError> {
    let mut link = Link::load(books.storage)?;
    if let Some(probe) = &mut link.probe {
        // The next tick asks again.
        probe.arrival = ArrivalLeg::Acked;
        link.save(books.storage)?;
    }
    let event = action("send_failed")
        .add_attribute("what", "probe_status")
        .add_attribute("reason", of_chain(reason));
    books.emit(event);
    Ok(())
}
