//! Entry points.

use cosmwasm_std::{
    Binary, ChannelResponse, Deps, DepsMut, Empty, Env, Ibc3ChannelOpenResponse, IbcBasicResponse,
    IbcChannelCloseMsg, IbcChannelConnectMsg, IbcChannelOpenMsg, IbcChannelOpenResponse,
    IbcDestinationCallbackMsg, IbcMsg, IbcPacketAckMsg, IbcPacketReceiveMsg, IbcPacketTimeoutMsg,
    IbcQuery, IbcReceiveResponse, IbcSourceCallbackMsg, IbcTimeout, MessageInfo, Response, StdAck,
    StdError, StdResult, entry_point, to_json_binary,
};

use crate::msg::{ExecuteMsg, QueryMsg};

/// Makes the peer.
#[entry_point]
pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Sends what it is told to.
///
/// # Errors
/// For a memo that cannot be written.
#[entry_point]
pub fn execute(_: DepsMut, env: Env, _: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let timeout = |seconds: Option<u64>| {
        let time = env.block.time.plus_seconds(seconds.unwrap_or(600));
        IbcTimeout::with_timestamp(time)
    };
    let message = match msg {
        ExecuteMsg::SendPacket {
            channel,
            packet,
            timeout_seconds,
        } => IbcMsg::SendPacket {
            channel_id: channel,
            data: to_json_binary(&packet)?,
            timeout: timeout(timeout_seconds),
        },
        ExecuteMsg::SendText { channel, text } => IbcMsg::SendPacket {
            channel_id: channel,
            data: Binary::new(text.into_bytes()),
            timeout: timeout(None),
        },
        ExecuteMsg::Transfer {
            channel,
            to,
            amount,
            unit,
            timeout_seconds,
        } => IbcMsg::Transfer {
            channel_id: channel,
            to_address: to,
            amount,
            timeout: timeout(timeout_seconds),
            memo: Some(unit.write().map_err(StdError::msg)?),
        },
    };
    Ok(Response::new().add_message(message))
}

/// Answers a query.
///
/// # Errors
/// When the chain does not answer.
#[entry_point]
pub fn query(deps: Deps, _: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::Channel { channel } = msg;
    let query = IbcQuery::Channel {
        channel_id: channel,
        port_id: None,
    };
    let answer: ChannelResponse = deps.querier.query(&query.into())?;
    to_json_binary(&answer)
}

/// Agrees to every channel, in the version that the other end has.
#[entry_point]
pub fn ibc_channel_open(
    _: DepsMut,
    _: Env,
    msg: IbcChannelOpenMsg,
) -> StdResult<IbcChannelOpenResponse> {
    Ok(match msg {
        IbcChannelOpenMsg::OpenInit { .. } => None,
        IbcChannelOpenMsg::OpenTry {
            counterparty_version: version,
            ..
        } => Some(Ibc3ChannelOpenResponse { version }),
    })
}

/// Takes the last step of every handshake.
#[entry_point]
pub fn ibc_channel_connect(
    _: DepsMut,
    _: Env,
    _: IbcChannelConnectMsg,
) -> StdResult<IbcBasicResponse> {
    Ok(IbcBasicResponse::new())
}

/// Lets a channel be closed from either end.
#[entry_point]
pub fn ibc_channel_close(_: DepsMut, _: Env, _: IbcChannelCloseMsg) -> StdResult<IbcBasicResponse> {
    Ok(IbcBasicResponse::new())
}

/// Acknowledges every packet with a success.
#[entry_point]
pub fn ibc_packet_receive(
    _: DepsMut,
    _: Env,
    _: IbcPacketReceiveMsg,
) -> StdResult<IbcReceiveResponse> {
    Ok(IbcReceiveResponse::new(StdAck::success([1]).to_binary()))
}

/// Takes every acknowledgement.
#[entry_point]
pub fn ibc_packet_ack(_: DepsMut, _: Env, _: IbcPacketAckMsg) -> StdResult<IbcBasicResponse> {
    Ok(IbcBasicResponse::new())
}

/// Takes every timeout.
#[entry_point]
pub fn ibc_packet_timeout(
    _: DepsMut,
    _: Env,
    _: IbcPacketTimeoutMsg,
) -> StdResult<IbcBasicResponse> {
    Ok(IbcBasicResponse::new())
}

/// Takes its coins back.
#[entry_point]
pub fn ibc_source_callback(
    _: DepsMut,
    _: Env,
    _: IbcSourceCallbackMsg,
) -> StdResult<IbcBasicResponse> {
    Ok(IbcBasicResponse::new())
}

/// Takes coins.
#[entry_point]
pub fn ibc_destination_callback(
    _: DepsMut,
    _: Env,
    _: IbcDestinationCallbackMsg,
) -> StdResult<IbcBasicResponse> {
    Ok(IbcBasicResponse::new())
}
