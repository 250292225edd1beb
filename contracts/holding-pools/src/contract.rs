//! Entry points and dispatch.

use chain_types::hooks::RawSudo;
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Env, IbcBasicResponse, IbcChannelCloseMsg, IbcChannelConnectMsg,
    IbcChannelOpenMsg, IbcChannelOpenResponse, IbcPacketAckMsg, IbcPacketReceiveMsg,
    IbcPacketTimeoutMsg, IbcReceiveResponse, IbcSourceCallbackMsg, MessageInfo, Reply, Response,
};
use cw_utils::nonpayable;
use pool_kit::events::action;
use pool_kit::{migration, ownership, payout};

use crate::books::Books;
use crate::context::Context;
use crate::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg};
use crate::query_msg::QueryMsg;
use crate::{
    ContractError, admin, callback, channel, denoms, fees, hooks, packets, payouts, powers, probe,
    query, recovery, tick, transport,
};

/// Name in cw2.
pub const CONTRACT_NAME: &str = "cw-distribution:holding-pools";
/// Version in cw2.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets up the contract.
///
/// # Errors
/// For settings or addresses that break a rule.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    admin::instantiate(deps, env, info, msg)
}

/// Executes a message.
///
/// # Errors
/// Named in [`ContractError`]; state and balances are as before then.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    if !matches!(msg, Msg::Deposit {} | Msg::Probe {}) {
        nonpayable(&info)?;
    }
    match msg {
        Msg::BeginBlock(block) => fees::report(deps, env, info, block),
        Msg::PowersChanged { changes } => powers::report(deps, env, info, changes),
        Msg::Deposit {} => fees::deposit(deps, env, info),
        Msg::Tick { limit } => tick::tick(deps, env, limit),
        Msg::Settle {} => tick::settle(deps, env),
        Msg::Reconcile { denom } => recovery::reconcile(deps, env, &denom),
        Msg::Probe {} => probe::probe(deps, env, info),
        Msg::Release { denom } => recovery::release(deps, env, info, &denom),
        Msg::SetProviderValidator {
            validator,
            provider_validator,
        } => admin::set_provider_validator(deps, env, info, &validator, &provider_validator),
        Msg::UpdateProvider(update) => admin::update_provider(deps, env, info, update),
        Msg::AbandonChannel { channel_id } => channel::abandon(deps, info, channel_id),
        Msg::AllowChannelClose { channel_id } => channel::allow_close(deps, info, channel_id),
        Msg::UpdateParams(update) => admin::update_params(deps, env, info, update),
        Msg::UpdateReporters(update) => admin::update_reporters(deps, env, info, update.block),
        Msg::UpdateRewardDenoms { add, remove } => denoms::update(deps, env, info, add, remove),
        Msg::Sweep { denom, recipient } => denoms::sweep(deps, env, info, denom, &recipient),
        Msg::UpdateOwnership(change) => {
            let ownership = ownership::update(deps, &env.block, &info.sender, change)?;
            let event = action("update_ownership").add_attributes(ownership.attributes());
            Ok(Response::new().add_event(event))
        }
    }
}

/// What the chain sends by itself: blocks, powers, its clock.
///
/// # Errors
/// Never for a payload: what cannot be read or done is the event `hook_ignored` and changes
/// nothing.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn sudo(deps: DepsMut, env: Env, msg: RawSudo) -> Result<Response, ContractError> {
    Ok(hooks::sudo(deps, &env, &msg))
}

/// What became of a message that this contract sent.
///
/// # Errors
/// For a reply that belongs to none, and when a coin of a probe cannot be sent.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    if reply.id == tick::CLOCK_REPLY {
        let reason = reply.result.into_result().err().unwrap_or_default();
        return Ok(hooks::clock_failed(&reason));
    }
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    match reply.id {
        payout::IN_FLIGHT_REPLY | payout::FAILED_REPLY => {
            payouts::replied(&mut books, payout::outcome(reply)?)?;
        }
        transport::IBC_REPLY => transport::replied(&mut books, reply)?,
        id => return Err(ContractError::UnknownReply { id }),
    }
    books.close()
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::query(deps, env, msg)
}

/// Moves to this version of the contract; the state is kept as it is.
///
/// # Errors
/// From another contract, or from a newer version.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let event = migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(event))
}

/// A handshake begins.
///
/// # Errors
/// Unless it is with the provider, and no other channel is open.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_channel_open(
    deps: DepsMut,
    env: Env,
    msg: IbcChannelOpenMsg,
) -> Result<IbcChannelOpenResponse, ContractError> {
    channel::open(deps, env, msg)
}

/// A handshake ends.
///
/// # Errors
/// As [`ibc_channel_open`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_channel_connect(
    deps: DepsMut,
    env: Env,
    msg: IbcChannelConnectMsg,
) -> Result<IbcBasicResponse, ContractError> {
    channel::connect(deps, env, msg)
}

/// A channel is closed.
///
/// # Errors
/// When it is asked for here and the owner has not allowed it.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_channel_close(
    deps: DepsMut,
    _env: Env,
    msg: IbcChannelCloseMsg,
) -> Result<IbcBasicResponse, ContractError> {
    channel::close(deps, msg)
}

/// This contract receives no packets.
///
/// # Errors
/// Always: the chain makes it the error acknowledgement.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_packet_receive(
    _deps: DepsMut,
    _env: Env,
    _msg: IbcPacketReceiveMsg,
) -> Result<IbcReceiveResponse, ContractError> {
    Err(ContractError::NoPackets)
}

/// The provider has answered a packet.
///
/// # Errors
/// Never.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_packet_ack(
    deps: DepsMut,
    env: Env,
    msg: IbcPacketAckMsg,
) -> Result<IbcBasicResponse, ContractError> {
    Ok(packets::acknowledged(deps, &env, &msg))
}

/// A packet did not arrive in time.
///
/// # Errors
/// Never.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_packet_timeout(
    deps: DepsMut,
    env: Env,
    msg: IbcPacketTimeoutMsg,
) -> Result<IbcBasicResponse, ContractError> {
    Ok(packets::timed_out(deps, &env, &msg))
}

/// What became of a transfer.
///
/// # Errors
/// Never.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_source_callback(
    deps: DepsMut,
    env: Env,
    msg: IbcSourceCallbackMsg,
) -> Result<IbcBasicResponse, ContractError> {
    Ok(callback::source_callback(deps, &env, &msg))
}
