//! The probe: two transfers that show whether both chains call contracts and give back what is
//! refused, before any reward is sent.
//!
//! One coin must arrive: the chain here says so by the callback, and the provider when it is asked.
//! The other one has a memo that the provider must refuse, and must come back. A chain without the
//! callbacks middleware, on either side, fails the one or the other; so does ibc-go 8, which swallows
//! a refusal and keeps the coins.

use ccv::ack::{Ack, TransferStatus};
use ccv::memo::{Expect, Purpose};
use ccv::packet::{CcvPacket, ProbeStatusRequest};
use ccv::transfer;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Timestamp, Uint256};
use cw_utils::one_coin;
use distribution_math::Points;
use pool_kit::events::action;
use pool_kit::{DenomId, ownership};

use crate::books::Books;
use crate::context::Context;
use crate::ledger::Class;
use crate::state::{ArrivalLeg, Link, Probe};
use crate::transport::{self, Outgoing, TokenTransfer, in_seconds};
use crate::{ContractError, channel};

/// Coins that a probe takes: one for each transfer.
const COINS: u128 = 2;

/// The message `probe`, by anyone, with two units of a reward denom.
pub(crate) fn probe(deps: DepsMut, env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let coin = one_coin(&info)?;
    let denom = ctx.config.denoms.receivable(&coin.denom)?;
    if coin.amount != Uint256::from(COINS) {
        return Err(ContractError::ProbeFunds { sent: coin });
    }
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut link = Link::load(books.storage)?;
    if ownership::assert_owner(books.storage, &info.sender).is_err() {
        check_none_under_way(&books, &link)?;
    }
    check_may_begin(&books, &link)?;
    link.probes = link.probes.saturating_add(1);
    let nonce = link.probes;
    let timeout = in_seconds(&ctx, ctx.config.params.transfer_timeout_seconds);
    link.probe = Some(Probe {
        nonce,
        timeout: timeout.nanos(),
        arrival: ArrivalLeg::UnderWay,
        came_back: false,
    });
    link.save(books.storage)?;
    books.update_ledger(denom, |ledger| {
        ledger.add(Class::InFlight, Points::from_coins(COINS))
    })?;
    for expect in [Expect::Arrival, Expect::Refusal] {
        send_coin(&mut books, denom, nonce, timeout, expect)?;
    }
    let event = action("probe")
        .add_attribute("nonce", nonce.to_string())
        .add_attribute("denom", coin.denom);
    books.emit(event);
    books.close()
}

/// One probe at a time. Only the owner's takes the place of one that is under way, which strangers could
/// begin over and over; answers to the one before name another number and count no more.
fn check_none_under_way(books: &Books, link: &Link) -> Result<(), ContractError> {
    let now = books.ctx.chain.env.block.time.nanos();
    match &link.probe {
        Some(probe) if now < probe.timeout => Err(ContractError::ProbeUnderWay {
            nonce: probe.nonce,
            until: Timestamp::from_nanos(probe.timeout),
        }),
        _ => Ok(()),
    }
}

fn check_may_begin(books: &Books, link: &Link) -> Result<(), ContractError> {
    if link.is_active {
        return Err(ContractError::AlreadyActive);
    }
    let chain = &books.ctx.chain;
    let open = link.channel.as_deref();
    if !open.is_some_and(|name| channel::is_open(chain, name, None)) {
        return Err(ContractError::NoOpenChannel);
    }
    let transfer_channel = &books.ctx.config.provider.transfer_channel;
    if !channel::is_open(chain, transfer_channel, Some(transfer::PORT)) {
        return Err(ContractError::TransferChannelNotOpen {
            channel: transfer_channel.clone(),
        });
    }
    Ok(())
}

fn send_coin(
    books: &mut Books,
    denom: DenomId,
    nonce: u32,
    timeout: Timestamp,
    expect: Expect,
) -> Result<(), ContractError> {
    let transfer = TokenTransfer {
        denom: books.ctx.denom_name(denom),
        coins: Points::from_coins(1),
        timeout,
        purpose: Purpose::CcvProbe { nonce, expect },
    };
    let message = transfer.message(books.ctx, Outgoing::ProbeCoin { denom })?;
    books.send(message);
    Ok(())
}

/// Asks the provider whether the coin has arrived, when the chain here says so.
///
/// # Errors
/// When the packet cannot be written.
pub fn ask(books: &mut Books, link: &mut Link) -> Result<(), ContractError> {
    let Some(channel) = link.channel.clone() else {
        return Ok(());
    };
    let Some(probe) = &mut link.probe else {
        return Ok(());
    };
    if probe.arrival != ArrivalLeg::Acked {
        return Ok(());
    }
    let nonce = probe.nonce;
    let packet = CcvPacket::ProbeStatus(ProbeStatusRequest {
        nonce,
        timeout: Timestamp::from_nanos(probe.timeout),
    });
    let outgoing = Outgoing::ProbeStatus;
    let message = transport::packet_or_reply(books.ctx, &channel, &packet, outgoing)?;
    probe.arrival = ArrivalLeg::Asked;
    link.save(books.storage)?;
    books.send(message);
    books.emit(action("probe_asked").add_attribute("nonce", nonce.to_string()));
    Ok(())
}

/// A coin of a probe was acknowledged, or, without an acknowledgement, timed out. Anything but what
/// must be ends the probe. A coin that comes back is the next block's fees.
///
/// # Errors
/// For a probe that is not under way.
pub fn coin_answered(
    books: &mut Books,
    nonce: u32,
    expect: Expect,
    ack: Option<Ack<()>>,
) -> Result<(), ContractError> {
    let mut link = Link::load(books.storage)?;
    let probe = under_way(&mut link, nonce)?;
    match (expect, ack) {
        (Expect::Arrival, Some(Ack::Success(()))) if probe.arrival == ArrivalLeg::UnderWay => {
            probe.arrival = ArrivalLeg::Acked;
        }
        (Expect::Refusal, Some(Ack::Refused { .. })) => probe.came_back = true,
        (_, ack) => return fail(books, link, expect, &shown(ack)),
    }
    conclude(books, link)
}

fn shown(ack: Option<Ack<()>>) -> String {
    match ack {
        None => "it timed out".to_string(),
        Some(Ack::Success(())) => "it was kept, or was acknowledged twice".to_string(),
        Some(Ack::Refused { reason } | Ack::Unreadable { reason }) => format!("provider: {reason}"),
    }
}

/// The provider has said whether the coin arrived. What it cannot answer is asked again by the next
/// tick.
///
/// # Errors
/// For a probe that is not under way or was not asked about.
pub fn status_answered(
    books: &mut Books,
    request: &ProbeStatusRequest,
    status: Option<TransferStatus>,
) -> Result<(), ContractError> {
    let mut link = Link::load(books.storage)?;
    let probe = under_way(&mut link, request.nonce)?;
    if probe.arrival != ArrivalLeg::Asked {
        return Err(ContractError::NoSuchProbe {
            nonce: request.nonce,
        });
    }
    match status {
        Some(TransferStatus::Arrived) => probe.arrival = ArrivalLeg::Confirmed,
        Some(TransferStatus::Expired) => {
            return fail(
                books,
                link,
                Expect::Arrival,
                "the provider does not have it",
            );
        }
        Some(TransferStatus::Pending) | None => probe.arrival = ArrivalLeg::Acked,
    }
    conclude(books, link)
}

fn under_way(link: &mut Link, nonce: u32) -> Result<&mut Probe, ContractError> {
    let probe = link.probe.as_mut().filter(|probe| probe.nonce == nonce);
    probe.ok_or(ContractError::NoSuchProbe { nonce })
}

fn fail(
    books: &mut Books,
    mut link: Link,
    expect: Expect,
    reason: &str,
) -> Result<(), ContractError> {
    let nonce = link.probes;
    link.probe = None;
    link.save(books.storage)?;
    let leg = match expect {
        Expect::Arrival => "arrival",
        Expect::Refusal => "refusal",
    };
    let event = action("probe_failed")
        .add_attribute("nonce", nonce.to_string())
        .add_attribute("expected", leg)
        .add_attribute("reason", reason);
    books.emit(event);
    Ok(())
}

/// Activates when both legs have ended as they must.
fn conclude(books: &mut Books, mut link: Link) -> Result<(), ContractError> {
    let passed = link
        .probe
        .as_ref()
        .filter(|probe| probe.arrival == ArrivalLeg::Confirmed && probe.came_back)
        .map(|probe| probe.nonce);
    if let Some(nonce) = passed {
        link.probe = None;
        link.is_active = true;
        books.emit(action("activated").add_attribute("nonce", nonce.to_string()));
    }
    Ok(link.save(books.storage)?)
}
