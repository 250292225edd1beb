//! A contract that remembers what IBC did to it, and does what packets say.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    BankMsg, Binary, ChannelResponse, Coin, Deps, DepsMut, Empty, Env, Ibc3ChannelOpenResponse,
    IbcBasicResponse, IbcChannelCloseMsg, IbcChannelConnectMsg, IbcChannelOpenMsg,
    IbcChannelOpenResponse, IbcDestinationCallbackMsg, IbcMsg, IbcPacketAckMsg,
    IbcPacketReceiveMsg, IbcPacketTimeoutMsg, IbcQuery, IbcReceiveResponse, IbcSourceCallbackMsg,
    IbcTimeout, MessageInfo, PortIdResponse, QuerierWrapper, Reply, Response, StdAck, StdError,
    StdResult, Storage, SubMsg, coins, to_json_binary,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;

use crate::ibc::{IbcContract, IbcEntryPoints};

/// What it remembers.
const LOG: Item<Vec<String>> = Item::new("log");
/// Which calls fail.
const REFUSES: Item<Vec<String>> = Item::new("refuses");

#[cw_serde]
pub enum Execute {
    /// Sends a packet.
    Send {
        channel: String,
        text: String,
        timeout: IbcTimeout,
    },
    /// Sends a packet in a sub-message that fails afterwards; the failure is caught.
    SendInVain {
        channel: String,
        timeout: IbcTimeout,
    },
    /// Sends a packet and then fails.
    SendAndFail {
        channel: String,
        timeout: IbcTimeout,
    },
    /// Tries to send; a failure is remembered.
    TrySend {
        channel: String,
        timeout: IbcTimeout,
    },
    /// Sends coins.
    Transfer {
        channel: String,
        to: String,
        coin: Coin,
        timeout: IbcTimeout,
        memo: String,
    },
    /// Closes a channel of its own.
    Close { channel: String },
    /// Makes calls of these names fail.
    Refuse { calls: Vec<String> },
}

#[cw_serde]
pub enum Query {
    Log {},
    Channel { channel: String },
    Port {},
}

pub fn code() -> Box<dyn Contract<Empty>> {
    let contract = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
    Box::new(IbcContract::new(
        contract,
        IbcEntryPoints {
            channel_open,
            channel_connect,
            channel_close,
            packet_receive,
            packet_ack,
            packet_timeout,
            source_callback: Some(source_callback),
            destination_callback: Some(destination_callback),
        },
    ))
}

fn log(storage: &mut dyn Storage, line: impl Into<String>) -> StdResult<()> {
    let mut lines = LOG.may_load(storage)?.unwrap_or_default();
    lines.push(line.into());
    LOG.save(storage, &lines)
}

/// Remembers a call, and fails when it is one of those that must.
fn begin(storage: &mut dyn Storage, call: &str, rest: &str) -> StdResult<()> {
    log(storage, format!("{call}{rest}"))?;
    if REFUSES.load(storage)?.iter().any(|refused| refused == call) {
        return Err(StdError::msg(format!("{call} is refused")));
    }
    Ok(())
}

fn state(querier: &QuerierWrapper, channel_id: &str) -> StdResult<&'static str> {
    let channel_id = channel_id.to_string();
    let port_id = None;
    let answer: ChannelResponse = querier.query(
        &IbcQuery::Channel {
            channel_id,
            port_id,
        }
        .into(),
    )?;
    Ok(if answer.channel.is_some() {
        "open"
    } else {
        "not open"
    })
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    REFUSES.save(deps.storage, &vec![])?;
    LOG.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, env: Env, _: MessageInfo, msg: Execute) -> StdResult<Response> {
    let packet = |channel_id: String, text: &str, timeout: IbcTimeout| IbcMsg::SendPacket {
        channel_id,
        data: text.as_bytes().into(),
        timeout,
    };
    let me = env.contract.address;
    Ok(match msg {
        Execute::Send {
            channel,
            text,
            timeout,
        } => Response::new().add_message(packet(channel, &text, timeout)),
        Execute::SendInVain { channel, timeout } => {
            let inner = Execute::SendAndFail { channel, timeout };
            let call = cosmwasm_std::wasm_execute(me, &inner, vec![])?;
            Response::new().add_submessage(SubMsg::reply_on_error(call, 0))
        }
        Execute::SendAndFail { channel, timeout } => Response::new()
            .add_message(packet(channel, "in vain", timeout))
            .add_message(BankMsg::Burn {
                amount: coins(1, "nothing"),
            }),
        Execute::TrySend { channel, timeout } => {
            let message = packet(channel, "tried", timeout);
            Response::new().add_submessage(SubMsg::reply_on_error(message, 0))
        }
        Execute::Transfer {
            channel,
            to,
            coin,
            timeout,
            memo,
        } => Response::new().add_submessage(SubMsg::reply_always(
            IbcMsg::Transfer {
                channel_id: channel,
                to_address: to,
                amount: coin,
                timeout,
                memo: Some(memo),
            },
            1,
        )),
        Execute::Close { channel } => Response::new().add_message(IbcMsg::CloseChannel {
            channel_id: channel,
        }),
        Execute::Refuse { calls } => {
            REFUSES.save(deps.storage, &calls)?;
            Response::new()
        }
    })
}

fn reply(deps: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let result = reply.result.into_result();
    let line = match (reply.id, result) {
        (1, Ok(sent)) => {
            #[allow(deprecated)]
            let data = sent.data.unwrap_or_default();
            format!("sent {data}")
        }
        (_, Ok(_)) => "sent".to_string(),
        (_, Err(_)) => "not sent".to_string(),
    };
    log(deps.storage, line)?;
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, msg: Query) -> StdResult<Binary> {
    match msg {
        Query::Log {} => to_json_binary(&LOG.load(deps.storage)?),
        Query::Channel { channel } => to_json_binary(state(&deps.querier, &channel)?),
        Query::Port {} => {
            let answer: PortIdResponse = deps.querier.query(&IbcQuery::PortId {}.into())?;
            to_json_binary(&answer.port_id)
        }
    }
}

fn channel_open(
    deps: DepsMut,
    _: Env,
    msg: IbcChannelOpenMsg,
) -> StdResult<IbcChannelOpenResponse> {
    let call = match &msg {
        IbcChannelOpenMsg::OpenInit { .. } => "open_init",
        IbcChannelOpenMsg::OpenTry { .. } => "open_try",
    };
    begin(deps.storage, call, "")?;
    match msg.channel().version.as_str() {
        "echo-1" => Ok(None),
        "echo" => Ok(Some(Ibc3ChannelOpenResponse {
            version: "echo-1".to_string(),
        })),
        other => Err(StdError::msg(format!("version {other} is not echo-1"))),
    }
}

fn channel_connect(
    deps: DepsMut,
    _: Env,
    msg: IbcChannelConnectMsg,
) -> StdResult<IbcBasicResponse> {
    let call = match &msg {
        IbcChannelConnectMsg::OpenAck { .. } => "open_ack",
        IbcChannelConnectMsg::OpenConfirm { .. } => "open_confirm",
    };
    let channel = msg.channel();
    let text = format!(
        " {} {}",
        channel.endpoint.channel_id, channel.counterparty_endpoint.channel_id
    );
    begin(deps.storage, call, &text)?;
    Ok(IbcBasicResponse::new().add_attribute("action", call))
}

fn channel_close(deps: DepsMut, _: Env, msg: IbcChannelCloseMsg) -> StdResult<IbcBasicResponse> {
    let call = match msg {
        IbcChannelCloseMsg::CloseInit { .. } => "close_init",
        IbcChannelCloseMsg::CloseConfirm { .. } => "close_confirm",
    };
    begin(deps.storage, call, "")?;
    Ok(IbcBasicResponse::new())
}

fn packet_receive(
    deps: DepsMut,
    _: Env,
    msg: IbcPacketReceiveMsg,
) -> StdResult<IbcReceiveResponse> {
    let text = String::from_utf8_lossy(&msg.packet.data).to_string();
    begin(deps.storage, "receive", &format!(" {text}"))?;
    let ack = match text.as_str() {
        "panic" => panic!("asked to"),
        "odd ack" => Binary::from(br#"{"result": "AQ=="}"#),
        "no ack" => return Ok(IbcReceiveResponse::without_ack()),
        _ => StdAck::success([1]).to_binary(),
    };
    let response = IbcReceiveResponse::new(ack).add_attribute("action", "receive");
    Ok(match text.as_str() {
        "pays" => response.add_message(BankMsg::Burn {
            amount: coins(1, "nothing"),
        }),
        _ => response,
    })
}

fn packet_ack(deps: DepsMut, _: Env, msg: IbcPacketAckMsg) -> StdResult<IbcBasicResponse> {
    let ack = String::from_utf8_lossy(&msg.acknowledgement.data).to_string();
    let text = format!(" {} {ack}", msg.original_packet.sequence);
    begin(deps.storage, "ack", &text)?;
    Ok(IbcBasicResponse::new())
}

fn packet_timeout(deps: DepsMut, _: Env, msg: IbcPacketTimeoutMsg) -> StdResult<IbcBasicResponse> {
    let state = state(&deps.querier, &msg.packet.src.channel_id)?;
    let text = format!(" {} {state}", msg.packet.sequence);
    begin(deps.storage, "timeout", &text)?;
    Ok(IbcBasicResponse::new())
}

fn source_callback(
    deps: DepsMut,
    env: Env,
    msg: IbcSourceCallbackMsg,
) -> StdResult<IbcBasicResponse> {
    let has = deps.querier.query_balance(env.contract.address, "uatom")?;
    let text = match msg {
        IbcSourceCallbackMsg::Acknowledgement(it) => {
            let ack = String::from_utf8_lossy(&it.acknowledgement.data).to_string();
            format!(" {ack} has {}", has.amount)
        }
        IbcSourceCallbackMsg::Timeout(_) => format!(" timeout has {}", has.amount),
    };
    begin(deps.storage, "source_callback", &text)?;
    Ok(IbcBasicResponse::new())
}

fn destination_callback(
    deps: DepsMut,
    _: Env,
    msg: IbcDestinationCallbackMsg,
) -> StdResult<IbcBasicResponse> {
    let Some(transfer) = msg.transfer else {
        return Err(StdError::msg("no transfer"));
    };
    let coin = transfer.funds.first().map(ToString::to_string);
    let text = format!(" {} from {}", coin.unwrap_or_default(), transfer.sender);
    begin(deps.storage, "destination_callback", &text)?;
    Ok(IbcBasicResponse::new().add_attribute("action", "arrived"))
}
