//! The ends of channels of one chain: opened and closed.
//!
//! What ibc-go proves of the other chain is here the caller's word: see [`crate::wire`].

use cosmwasm_std::{
    Addr, IbcChannelCloseMsg, IbcChannelConnectMsg, IbcChannelOpenMsg, IbcChannelOpenResponse,
    IbcEndpoint, IbcOrder, StdError, StdResult, Storage, from_json,
};
use cw_multi_test::AppResponse;

use super::contract::{IbcCall, PORT_PREFIX};
use super::host::Host;
use super::packet::active;
use super::state::{
    CHANNEL_COUNT, ChannelEnd, ChannelState, channel, connection, count, save_channel,
};
use super::transfer;

/// What a new end is to be.
#[derive(Clone, Debug)]
pub struct NewEnd {
    /// The port of this end.
    pub port_id: String,
    /// The other end; its channel is empty before it is known.
    pub counterparty: IbcEndpoint,
    /// Below the channel, on this chain.
    pub connection_id: String,
    /// Whether packets keep their order.
    pub order: IbcOrder,
    /// What the other side wants to speak.
    pub version: String,
}

/// A step of a handshake that was done.
pub struct Done {
    /// The end it was about.
    pub endpoint: IbcEndpoint,
    /// What came of the contract's call.
    pub response: AppResponse,
}

/// Begins a channel (`OpenInit`), or answers to one (`OpenTry`) when the other end's channel is
/// known.
///
/// # Errors
/// When there is no such connection, its client has expired, or the application refuses.
pub fn open(host: &dyn Host, storage: &mut dyn Storage, new: NewEnd) -> StdResult<Done> {
    let answers = !new.counterparty.channel_id.is_empty();
    connection(storage, &new.connection_id)?;
    active(storage, &new.connection_id)?;
    let channel_id = format!("channel-{}", count(storage, &CHANNEL_COUNT)?);
    let endpoint = IbcEndpoint {
        port_id: new.port_id,
        channel_id,
    };
    let state = if answers {
        ChannelState::TryOpen
    } else {
        ChannelState::Init
    };
    let mut end = ChannelEnd {
        state,
        order: new.order,
        counterparty: new.counterparty,
        connection: new.connection_id,
        version: new.version,
        next_send: 1,
        next_receive: 1,
        next_ack: 1,
    };
    let response = match contract_of(host, &endpoint)? {
        Some(contract) => {
            let channel = end.shown(endpoint.clone());
            let message = if answers {
                IbcChannelOpenMsg::new_try(channel, end.version.clone())
            } else {
                IbcChannelOpenMsg::new_init(channel)
            };
            let response = host.call(storage, contract, &IbcCall::ChannelOpen(message))?;
            let answer: IbcChannelOpenResponse =
                from_json(response.data.clone().unwrap_or_default())?;
            if let Some(answer) = answer {
                end.version = answer.version;
            }
            response
        }
        None => {
            end.version = transfer_version(&end, answers)?;
            AppResponse::default()
        }
    };
    if end.version.is_empty() {
        return Err(StdError::msg("version: empty"));
    }
    save_channel(storage, &endpoint, &end)?;
    Ok(Done { endpoint, response })
}

/// What the transfer module speaks over a new channel.
fn transfer_version(end: &ChannelEnd, answers: bool) -> StdResult<String> {
    if end.is_ordered() {
        return Err(StdError::msg(
            "expected ORDER_UNORDERED channel, got ORDER_ORDERED: invalid channel ordering",
        ));
    }
    let wanted = end.version.as_str();
    if wanted == transfer::VERSION || wanted.trim().is_empty() || answers {
        return Ok(transfer::VERSION.to_owned());
    }
    Err(StdError::msg(format!(
        "expected one of [{}], got {wanted}: invalid ICS20 version",
        transfer::VERSION
    )))
}

/// Takes note that the other side has answered with a channel and a version (`OpenAck`).
///
/// # Errors
/// When this end did not begin, or the application refuses.
pub fn open_ack(
    host: &dyn Host,
    storage: &mut dyn Storage,
    endpoint: IbcEndpoint,
    answer: (String, String),
) -> StdResult<Done> {
    let mut end = channel(storage, &endpoint)?;
    if end.state != ChannelState::Init {
        return Err(StdError::msg(format!(
            "channel state should be INIT (got {}): invalid channel state",
            end.state
        )));
    }
    active(storage, &end.connection)?;
    (end.counterparty.channel_id, end.version) = answer;
    end.state = ChannelState::Open;
    save_channel(storage, &endpoint, &end)?;
    let shown = end.shown(endpoint.clone());
    let message = IbcChannelConnectMsg::new_ack(shown, end.version.clone());
    let call = IbcCall::ChannelConnect(message);
    if endpoint.port_id == transfer::PORT && end.version != transfer::VERSION {
        return Err(StdError::msg(format!(
            "invalid counterparty version: {}: invalid ICS20 version",
            end.version
        )));
    }
    tell(host, storage, endpoint, &call)
}

/// Takes note that the other side has taken note (`OpenConfirm`).
///
/// # Errors
/// When this end did not answer, or the application refuses.
pub fn open_confirm(
    host: &dyn Host,
    storage: &mut dyn Storage,
    endpoint: IbcEndpoint,
) -> StdResult<Done> {
    let mut end = channel(storage, &endpoint)?;
    if end.state != ChannelState::TryOpen {
        return Err(StdError::msg(format!(
            "channel state is not TRYOPEN (got {}): invalid channel state",
            end.state
        )));
    }
    active(storage, &end.connection)?;
    end.state = ChannelState::Open;
    save_channel(storage, &endpoint, &end)?;
    let shown = end.shown(endpoint.clone());
    let call = IbcCall::ChannelConnect(IbcChannelConnectMsg::new_confirm(shown));
    tell(host, storage, endpoint, &call)
}

/// Closes an end: by itself (`CloseInit`), or since the other end is closed (`CloseConfirm`).
///
/// # Errors
/// When it is closed already, its client has expired, or the application refuses.
pub fn close(
    host: &dyn Host,
    storage: &mut dyn Storage,
    endpoint: IbcEndpoint,
    confirms: bool,
) -> StdResult<Done> {
    let mut end = channel(storage, &endpoint)?;
    let shown = end.shown(endpoint.clone());
    let message = if confirms {
        IbcChannelCloseMsg::new_confirm(shown)
    } else if endpoint.port_id == transfer::PORT {
        return Err(StdError::msg("user cannot close channel: invalid request"));
    } else {
        IbcChannelCloseMsg::new_init(shown)
    };
    // The application is asked before the state is looked at, and sees the channel as it was.
    let done = tell(host, storage, endpoint, &IbcCall::ChannelClose(message))?;
    if end.state == ChannelState::Closed {
        return Err(StdError::msg(
            "channel is already CLOSED: invalid channel state",
        ));
    }
    active(storage, &end.connection)?;
    end.state = ChannelState::Closed;
    save_channel(storage, &done.endpoint, &end)?;
    Ok(done)
}

/// Calls the contract of an end, if it is one's.
fn tell(
    host: &dyn Host,
    storage: &mut dyn Storage,
    endpoint: IbcEndpoint,
    call: &IbcCall,
) -> StdResult<Done> {
    let response = match contract_of(host, &endpoint)? {
        Some(contract) => host.call(storage, contract, call)?,
        None => AppResponse::default(),
    };
    Ok(Done { endpoint, response })
}

/// The contract at an end; `None` for the transfer module.
///
/// # Errors
/// When nothing has that port.
pub fn contract_of(host: &dyn Host, endpoint: &IbcEndpoint) -> StdResult<Option<Addr>> {
    let port = endpoint.port_id.as_str();
    if port == transfer::PORT {
        return Ok(None);
    }
    match port.strip_prefix(PORT_PREFIX) {
        Some(contract) => host.api().addr_validate(contract).map(Some),
        None => Err(StdError::msg(format!("route not found to portID: {port}"))),
    }
}
