//! Contracts with IBC entry points.

use std::fmt::Display;

use cosmwasm_std::{
    Addr, Attribute, Binary, ContractResult, Deps, DepsMut, Empty, Env, Event, IbcBasicResponse,
    IbcChannelCloseMsg, IbcChannelConnectMsg, IbcChannelOpenMsg, IbcChannelOpenResponse,
    IbcDestinationCallbackMsg, IbcPacketAckMsg, IbcPacketReceiveMsg, IbcPacketTimeoutMsg, IbcQuery,
    IbcReceiveResponse, IbcSourceCallbackMsg, MessageInfo, PortIdResponse, Querier, QuerierResult,
    QuerierWrapper, QueryRequest, Reply, Response, StdError, StdResult, SubMsg, SystemError,
    SystemResult, from_json, to_json_binary, to_json_vec,
};
use cw_multi_test::Contract;
use serde::{Deserialize, Serialize};

/// What a `sudo` message begins with that is a call of an IBC entry point. It is no JSON, so no
/// contract's own message begins so.
pub(super) const ENVELOPE: &[u8] = b"\0ibc";

/// How queries of the IBC module begin.
const IBC_QUERY: &[u8] = b"{\"ibc\":";

/// A call of an IBC entry point.
///
/// `cw-multi-test` knows none of them, so that they go as `sudo`: sub-messages, replies and
/// reverted changes are then those of the application.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum IbcCall {
    ChannelOpen(IbcChannelOpenMsg),
    ChannelConnect(IbcChannelConnectMsg),
    ChannelClose(IbcChannelCloseMsg),
    PacketReceive(IbcPacketReceiveMsg),
    PacketAck(IbcPacketAckMsg),
    PacketTimeout(IbcPacketTimeoutMsg),
    SourceCallback(IbcSourceCallbackMsg),
    DestinationCallback(IbcDestinationCallbackMsg),
}

type EntryPoint<M, R, E> = fn(DepsMut, Env, M) -> Result<R, E>;

/// The IBC entry points of a contract.
pub struct IbcEntryPoints<E> {
    /// `ibc_channel_open`
    pub channel_open: EntryPoint<IbcChannelOpenMsg, IbcChannelOpenResponse, E>,
    /// `ibc_channel_connect`
    pub channel_connect: EntryPoint<IbcChannelConnectMsg, IbcBasicResponse, E>,
    /// `ibc_channel_close`
    pub channel_close: EntryPoint<IbcChannelCloseMsg, IbcBasicResponse, E>,
    /// `ibc_packet_receive`
    pub packet_receive: EntryPoint<IbcPacketReceiveMsg, IbcReceiveResponse, E>,
    /// `ibc_packet_ack`
    pub packet_ack: EntryPoint<IbcPacketAckMsg, IbcBasicResponse, E>,
    /// `ibc_packet_timeout`
    pub packet_timeout: EntryPoint<IbcPacketTimeoutMsg, IbcBasicResponse, E>,
    /// `ibc_source_callback`
    pub source_callback: Option<EntryPoint<IbcSourceCallbackMsg, IbcBasicResponse, E>>,
    /// `ibc_destination_callback`
    pub destination_callback: Option<EntryPoint<IbcDestinationCallbackMsg, IbcBasicResponse, E>>,
}

/// A contract with its IBC entry points.
pub struct IbcContract<C, E> {
    contract: C,
    entry_points: IbcEntryPoints<E>,
}

/// The error that `ibc_packet_receive` returned: unlike any other error of a receive, its text
/// goes into the acknowledgement.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Refusal(String);

impl<C: Contract<Empty>, E: Display> IbcContract<C, E> {
    /// The contract with these entry points beside its own.
    pub fn new(contract: C, entry_points: IbcEntryPoints<E>) -> Self {
        Self {
            contract,
            entry_points,
        }
    }

    fn call(&self, deps: DepsMut, env: Env, call: IbcCall) -> StdResult<Response> {
        let to = &self.entry_points;
        match call {
            IbcCall::ChannelOpen(msg) => {
                let version = (to.channel_open)(deps, env, msg).map_err(error)?;
                Ok(Response::new().set_data(to_json_binary(&version)?))
            }
            IbcCall::ChannelConnect(msg) => basic((to.channel_connect)(deps, env, msg)),
            IbcCall::ChannelClose(msg) => basic((to.channel_close)(deps, env, msg)),
            IbcCall::PacketReceive(msg) => {
                let received = (to.packet_receive)(deps, env, msg);
                let IbcReceiveResponse {
                    acknowledgement,
                    messages,
                    attributes,
                    events,
                    ..
                } = received.map_err(|refusal| StdError::from(Refusal(refusal.to_string())))?;
                let response = response(messages, attributes, events);
                Ok(match acknowledgement {
                    Some(acknowledgement) => response.set_data(acknowledgement),
                    None => response,
                })
            }
            IbcCall::PacketAck(msg) => basic((to.packet_ack)(deps, env, msg)),
            IbcCall::PacketTimeout(msg) => basic((to.packet_timeout)(deps, env, msg)),
            IbcCall::SourceCallback(msg) => match to.source_callback {
                Some(callback) => basic(callback(deps, env, msg)),
                None => Err(missing("ibc_source_callback")),
            },
            IbcCall::DestinationCallback(msg) => match to.destination_callback {
                Some(callback) => basic(callback(deps, env, msg)),
                None => Err(missing("ibc_destination_callback")),
            },
        }
    }
}

fn error(error: impl Display) -> StdError {
    StdError::msg(error)
}

fn missing(entry_point: &str) -> StdError {
    StdError::msg(format!("Missing export {entry_point}"))
}

fn basic(result: Result<IbcBasicResponse, impl Display>) -> StdResult<Response> {
    let IbcBasicResponse {
        messages,
        attributes,
        events,
        ..
    } = result.map_err(error)?;
    Ok(response(messages, attributes, events))
}

fn response(messages: Vec<SubMsg>, attributes: Vec<Attribute>, events: Vec<Event>) -> Response {
    Response::new()
        .add_submessages(messages)
        .add_attributes(attributes)
        .add_events(events)
}

impl<C: Contract<Empty>, E: Display> Contract<Empty> for IbcContract<C, E> {
    fn instantiate(
        &self,
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        self.contract.instantiate(deps, env, info, msg)
    }

    fn execute(
        &self,
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        self.contract.execute(deps, env, info, msg)
    }

    fn query(&self, deps: Deps, env: Env, msg: Vec<u8>) -> StdResult<Binary> {
        self.contract.query(deps, env, msg)
    }

    fn reply(&self, deps: DepsMut, env: Env, msg: Reply) -> StdResult<Response> {
        self.contract.reply(deps, env, msg)
    }

    fn sudo(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> StdResult<Response> {
        match msg.strip_prefix(ENVELOPE) {
            Some(call) => self.call(deps, env, from_json(call)?),
            None => self.contract.sudo(deps, env, msg),
        }
    }

    fn migrate(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> StdResult<Response> {
        self.contract.migrate(deps, env, msg)
    }
}

/// The port of a contract.
#[must_use]
pub fn port_of(contract: &Addr) -> String {
    format!("{PORT_PREFIX}{contract}")
}

/// What the port of a contract begins with.
pub(super) const PORT_PREFIX: &str = "wasm.";

/// A chain's querier for one contract, whose port stands in for one that a query leaves out: the
/// application does not know who asks.
pub(crate) struct PortQuerier<'a> {
    querier: QuerierWrapper<'a>,
    contract: Addr,
}

impl<'a> PortQuerier<'a> {
    pub fn new(querier: QuerierWrapper<'a>, contract: &Addr) -> Self {
        Self {
            querier,
            contract: contract.clone(),
        }
    }

    /// The answer that is the contract's own port, or the request with the port in it.
    fn answer(&self, request: &[u8]) -> StdResult<QuerierResult> {
        let port = port_of(&self.contract);
        Ok(match from_json(request)? {
            QueryRequest::<Empty>::Ibc(IbcQuery::PortId {}) => {
                let answer = to_json_binary(&PortIdResponse::new(port))?;
                SystemResult::Ok(ContractResult::Ok(answer))
            }
            QueryRequest::<Empty>::Ibc(IbcQuery::Channel {
                channel_id,
                port_id: None,
            }) => {
                let port_id = Some(port);
                let named = QueryRequest::<Empty>::Ibc(IbcQuery::Channel {
                    channel_id,
                    port_id,
                });
                self.querier.raw_query(&to_json_vec(&named)?)
            }
            _ => self.querier.raw_query(request),
        })
    }
}

impl Querier for PortQuerier<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        if !request.starts_with(IBC_QUERY) {
            return self.querier.raw_query(request);
        }
        self.answer(request).unwrap_or_else(|error| {
            SystemResult::Err(SystemError::InvalidRequest {
                error: error.to_string(),
                request: request.into(),
            })
        })
    }
}
