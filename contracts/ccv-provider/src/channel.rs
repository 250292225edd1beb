//! The CCV channel: its handshake and its end.
//!
//! Anybody can open a channel to this contract and take any step of a handshake. So the peer, the
//! order and the version are checked at both steps of this end, and nothing is stored before the last
//! one. Whether a channel is open is asked of the chain, so there is no flag here that could differ.

use ccv::packet::VERSION;
use chain_types::text::head;
use cosmwasm_std::{
    DepsMut, Env, Ibc3ChannelOpenResponse, IbcBasicResponse, IbcChannel, IbcChannelCloseMsg,
    IbcChannelConnectMsg, IbcChannelOpenMsg, IbcChannelOpenResponse, IbcQuery, MessageInfo,
    QuerierWrapper, Response, StdResult, Storage,
};
use pool_kit::events::action;

use crate::ContractError;
use crate::context::assert_owner;
use crate::peers::PEERS;
use crate::state::{self, CHANNELS, CLOSABLE, CONSUMERS, Consumer, Status};

/// An open channel of this chain, on the contract's own port unless one is named; none unless it is
/// open.
pub fn open_channel(
    querier: &QuerierWrapper,
    channel_id: &str,
    port_id: Option<&str>,
) -> StdResult<Option<IbcChannel>> {
    let query = IbcQuery::Channel {
        channel_id: channel_id.to_string(),
        port_id: port_id.map(str::to_string),
    };
    let answer: cosmwasm_std::ChannelResponse = querier.query(&query.into())?;
    Ok(answer.channel)
}

/// A registered consumer that a handshake comes from.
struct Peer {
    id: String,
    consumer: Consumer,
}

/// Passes a channel to a registered consumer that has no open one.
fn check_peer(
    storage: &dyn Storage,
    querier: &QuerierWrapper,
    channel: &IbcChannel,
    version: &str,
) -> Result<Peer, ContractError> {
    let port_id = &channel.counterparty_endpoint.port_id;
    let Some(id) = PEERS.may_load(storage, (&channel.connection_id, port_id))? else {
        return Err(ContractError::UnknownPeer {
            connection_id: channel.connection_id.clone(),
            port_id: port_id.clone(),
        });
    };
    let consumer = state::consumer(storage, &id)?;
    if version != VERSION {
        return Err(ContractError::ChannelVersion {
            version: head(version, 128).to_string(),
        });
    }
    if consumer
        .order
        .is_some_and(|order| !order.is(&channel.order))
    {
        return Err(ContractError::ChannelOrder { consumer: id });
    }
    // One that is being removed may have units that wait for weights still.
    if consumer.status == Status::Paused {
        return Err(ContractError::NotActive { consumer: id });
    }
    if let Some(channel_id) = &consumer.channel_id {
        if open_channel(querier, channel_id, None)?.is_some() {
            return Err(ContractError::ChannelIsOpen {
                consumer: id,
                channel_id: channel_id.clone(),
            });
        }
    }
    Ok(Peer { id, consumer })
}

/// The first step. The consumer begins a handshake, so here only the answer to it is accepted.
pub fn open(
    deps: DepsMut,
    _env: Env,
    msg: IbcChannelOpenMsg,
) -> Result<IbcChannelOpenResponse, ContractError> {
    let IbcChannelOpenMsg::OpenTry {
        channel,
        counterparty_version,
    } = msg
    else {
        return Err(ContractError::OpensNoChannel);
    };
    check_peer(deps.storage, &deps.querier, &channel, &counterparty_version)?;
    Ok(Some(Ibc3ChannelOpenResponse {
        version: VERSION.to_string(),
    }))
}

/// The last step. Of two handshakes that are half way the first one to get here wins.
pub fn connect(
    deps: DepsMut,
    _env: Env,
    msg: IbcChannelConnectMsg,
) -> Result<IbcBasicResponse, ContractError> {
    let IbcChannelConnectMsg::OpenConfirm { channel } = msg else {
        return Err(ContractError::OpensNoChannel);
    };
    let peer = check_peer(deps.storage, &deps.querier, &channel, &channel.version)?;
    let Peer { id, mut consumer } = peer;
    let channel_id = channel.endpoint.channel_id;
    forget(deps.storage, &mut consumer);
    // It was allowed to be closed, if so, before it was a channel of this contract.
    CLOSABLE.remove(deps.storage, &channel_id);
    CHANNELS.save(deps.storage, &channel_id, &id)?;
    consumer.channel_id = Some(channel_id.clone());
    CONSUMERS.save(deps.storage, &id, &consumer)?;
    let event = action("channel_open")
        .add_attribute("consumer", id)
        .add_attribute("channel_id", channel_id);
    Ok(IbcBasicResponse::new().add_event(event))
}

/// A channel ends. From the other end that is a fact; from this one it needs the owner's leave.
pub fn close(
    deps: DepsMut,
    _env: Env,
    msg: IbcChannelCloseMsg,
) -> Result<IbcBasicResponse, ContractError> {
    let channel_id = msg.channel().endpoint.channel_id.as_str();
    if matches!(msg, IbcChannelCloseMsg::CloseInit { .. }) {
        if !CLOSABLE.has(deps.storage, channel_id) {
            return Err(ContractError::CloseNotAllowed {
                channel_id: channel_id.to_string(),
            });
        }
        CLOSABLE.remove(deps.storage, channel_id);
    }
    let event = action("channel_close").add_attribute("channel_id", channel_id);
    Ok(IbcBasicResponse::new().add_event(event))
}

/// The message `allow_channel_close`, also for a channel that was abandoned.
pub fn allow_close(
    deps: DepsMut,
    info: MessageInfo,
    channel_id: String,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    CLOSABLE.save(deps.storage, &channel_id, &cosmwasm_std::Empty {})?;
    let event = action("allow_channel_close").add_attribute("channel_id", channel_id);
    Ok(Response::new().add_event(event))
}

/// The message `abandon_channel`.
pub fn abandon(
    deps: DepsMut,
    info: MessageInfo,
    channel_id: String,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let id = assert_known(deps.storage, &channel_id)?;
    let mut consumer = state::consumer(deps.storage, &id)?;
    forget(deps.storage, &mut consumer);
    CONSUMERS.save(deps.storage, &id, &consumer)?;
    let event = action("abandon_channel")
        .add_attribute("consumer", id)
        .add_attribute("channel_id", channel_id);
    Ok(Response::new().add_event(event))
}

/// Takes a consumer's channel out of the records: packets on it are refused from then on, and another
/// one may be opened. The caller saves the consumer.
pub fn forget(storage: &mut dyn Storage, consumer: &mut Consumer) {
    if let Some(channel_id) = consumer.channel_id.take() {
        CHANNELS.remove(storage, &channel_id);
    }
}

/// The consumer of a channel.
pub fn assert_known(storage: &dyn Storage, channel_id: &str) -> Result<String, ContractError> {
    let id = CHANNELS.may_load(storage, channel_id)?;
    id.ok_or_else(|| ContractError::UnknownChannel {
        channel_id: head(channel_id, 64).to_string(),
    })
}
