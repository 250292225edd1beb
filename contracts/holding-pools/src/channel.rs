//! The CCV channel: handshake, close, and whether it is open.
//!
//! Anybody can begin a handshake with anybody, so each step checks that the other end is the
//! provider that the owner has named. Nothing is stored before the handshake is over, and whether a
//! channel is open the chain is asked: it closes an ordered channel at a timeout without a word.

use ccv::packet::VERSION;
use cosmwasm_std::{
    ChannelResponse, DepsMut, Env, IbcBasicResponse, IbcChannel, IbcChannelCloseMsg,
    IbcChannelConnectMsg, IbcChannelOpenMsg, IbcChannelOpenResponse, IbcQuery, MessageInfo,
    Response, Storage,
};
use pool_kit::events::action;
use pool_kit::{Chain, ownership};

use crate::ContractError;
use crate::context::Context;
use crate::msg::Provider;
use crate::state::{self, ArrivalLeg, Link};

/// Whether the chain has an open channel of this name, on this contract's port or another one.
pub fn is_open(chain: &Chain, channel: &str, port: Option<&str>) -> bool {
    let query = IbcQuery::Channel {
        channel_id: channel.to_string(),
        port_id: port.map(str::to_string),
    };
    // The chain answers with open channels only.
    let answer = chain.querier.query::<ChannelResponse>(&query.into());
    answer.is_ok_and(|answer| answer.channel.is_some())
}

/// `ibc_channel_open`: the first step of a handshake, which begins here.
pub(crate) fn open(
    deps: DepsMut,
    env: Env,
    msg: IbcChannelOpenMsg,
) -> Result<IbcChannelOpenResponse, ContractError> {
    let IbcChannelOpenMsg::OpenInit { channel } = msg else {
        return Err(ContractError::HandshakeFromProvider);
    };
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    check(&ctx, deps.storage, &channel)?;
    Ok(None)
}

/// `ibc_channel_connect`: the provider has answered, and the channel is open from now on.
pub(crate) fn connect(
    deps: DepsMut,
    env: Env,
    msg: IbcChannelConnectMsg,
) -> Result<IbcBasicResponse, ContractError> {
    let IbcChannelConnectMsg::OpenAck {
        channel,
        counterparty_version,
    } = msg
    else {
        return Err(ContractError::HandshakeFromProvider);
    };
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    check(&ctx, deps.storage, &channel)?;
    check_equal("counterparty version", &counterparty_version, VERSION)?;
    let mut link = Link::load(deps.storage)?;
    let name = channel.endpoint.channel_id;
    link.channel = Some(name.clone());
    // It was allowed to be closed, if so, before it was a channel of this contract.
    link.closable.take_if(|closable| *closable == name);
    if let Some(probe) = &mut link.probe {
        if probe.arrival == ArrivalLeg::Asked {
            // The question went over the channel before and is not answered any more.
            probe.arrival = ArrivalLeg::Acked;
        }
    }
    link.save(deps.storage)?;
    for denom in ctx.config.denoms.ids() {
        if let Some(mut unit) = state::load_unit(deps.storage, denom)? {
            unit.peer_replaced();
            state::save_unit(deps.storage, denom, &unit)?;
        }
    }
    let event = action("channel_opened").add_attribute("channel_id", name);
    Ok(IbcBasicResponse::new().add_event(event))
}

fn check(ctx: &Context, storage: &dyn Storage, channel: &IbcChannel) -> Result<(), ContractError> {
    let Provider {
        connection_id,
        port_id,
        ..
    } = &ctx.config.provider;
    check_equal("connection", &channel.connection_id, connection_id)?;
    let counterparty = &channel.counterparty_endpoint.port_id;
    check_equal("counterparty port", counterparty, port_id)?;
    check_equal("version", &channel.version, VERSION)?;
    if channel.order != ctx.config.order.ibc() {
        return Err(ContractError::ChannelOrder {
            expected: ctx.config.order,
        });
    }
    match Link::load(storage)?.channel {
        Some(open) if is_open(&ctx.chain, &open, None) => {
            Err(ContractError::ChannelIsOpen { channel: open })
        }
        _ => Ok(()),
    }
}

fn check_equal(what: &'static str, found: &str, expected: &str) -> Result<(), ContractError> {
    if found == expected {
        return Ok(());
    }
    Err(ContractError::Handshake {
        what,
        found: chain_types::text::head(found, 128).to_string(),
        expected: expected.to_string(),
    })
}

/// `ibc_channel_close`: anybody can ask to close a channel of this contract, and only the owner's
/// word lets it. That the other end has closed is a fact.
pub(crate) fn close(
    deps: DepsMut,
    msg: IbcChannelCloseMsg,
) -> Result<IbcBasicResponse, ContractError> {
    let name = msg.channel().endpoint.channel_id.clone();
    if let IbcChannelCloseMsg::CloseInit { .. } = msg {
        let mut link = Link::load(deps.storage)?;
        if link.closable.as_ref() != Some(&name) {
            return Err(ContractError::CloseNotAllowed { channel: name });
        }
        link.closable = None;
        link.save(deps.storage)?;
    }
    let event = action("channel_closed").add_attribute("channel_id", name);
    Ok(IbcBasicResponse::new().add_event(event))
}

/// The message `allow_channel_close`.
pub(crate) fn allow_close(
    deps: DepsMut,
    info: MessageInfo,
    channel: String,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut link = Link::load(deps.storage)?;
    link.closable = Some(channel.clone());
    link.save(deps.storage)?;
    let event = action("allow_channel_close").add_attribute("channel_id", channel);
    Ok(Response::new().add_event(event))
}

/// The message `abandon_channel`: with an expired client a channel cannot even be closed. Answers of
/// its packets count no more, and another channel may be opened.
pub(crate) fn abandon(
    deps: DepsMut,
    info: MessageInfo,
    channel: String,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut link = Link::load(deps.storage)?;
    if link.channel.as_ref() != Some(&channel) {
        return Err(ContractError::UnknownChannel { channel });
    }
    link.channel = None;
    link.save(deps.storage)?;
    let event = action("abandon_channel").add_attribute("channel_id", channel);
    Ok(Response::new().add_event(event))
}
