//! Entry points and dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, Deps, DepsMut, Env, IbcBasicResponse, IbcChannelCloseMsg, IbcChannelConnectMsg,
    IbcChannelOpenMsg, IbcChannelOpenResponse, IbcDestinationCallbackMsg, IbcPacketAckMsg,
    IbcPacketReceiveMsg, IbcPacketTimeoutMsg, IbcReceiveResponse, MessageInfo, Reply, Response,
    to_json_string,
};
use cw_utils::nonpayable;
use pool_kit::events::action;
use pool_kit::{Chain, migration, ownership};

use crate::error::ContractError;
use crate::msg::{CommunityPool, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use crate::overrides::Override;
use crate::state::{CONFIG, Config};
use crate::units::UnitKey;
use crate::{
    arrival, channel, consumer_denoms, consumers, overrides, packets, payments, process, query,
    recovery,
};

/// Name in cw2.
pub const CONTRACT_NAME: &str = "cw-distribution:ccv-provider";
/// Version in cw2.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sets up the contract.
///
/// # Errors
/// For addresses of other chains.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    let chain = Chain::new(deps.querier, &env)?;
    msg.target.check(&chain)?;
    if let Some(CommunityPool::Address(address)) = &msg.community_pool {
        chain.recipient(address)?;
    }
    let owner = match &msg.owner {
        Some(owner) => chain.show(&chain.account(owner)?),
        None => info.sender,
    };
    let ownership = ownership::initialize(deps.storage, owner)?;
    let config = Config {
        target: msg.target,
        community_pool: msg.community_pool,
    };
    CONFIG.save(deps.storage, &config)?;
    let event = action("instantiate")
        .add_attributes(ownership.attributes())
        .add_attribute("target", to_json_string(&config.target)?)
        .add_attribute("community_pool", to_json_string(&config.community_pool)?);
    Ok(Response::new().add_event(event))
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
    nonpayable(&info)?;
    match msg {
        Msg::RegisterConsumer(msg) => consumers::register(deps, env, info, msg),
        Msg::UpdateConsumer(msg) => consumers::update(deps, env, info, msg),
        Msg::UpdateConsumerDenoms { id, add, remove } => {
            let (add, remove) = (add.unwrap_or_default(), remove.unwrap_or_default());
            consumer_denoms::update(deps, env, info, id, add, remove)
        }
        Msg::PauseConsumer { id, paused } => consumers::pause(deps, info, id, paused),
        Msg::RemoveConsumer { id } => consumers::remove(deps, env, info, id),
        Msg::AbandonChannel { channel_id } => channel::abandon(deps, info, channel_id),
        Msg::AllowChannelClose { channel_id } => channel::allow_close(deps, info, channel_id),
        Msg::OverrideValidator {
            consumer,
            validator,
            pay_to,
        } => {
            let change = Override {
                consumer,
                validator,
                pay_to,
            };
            overrides::set(deps, env, info, change)
        }
        Msg::Process {
            consumer,
            epoch,
            denom,
            limit,
        } => {
            let key = UnitKey::new(&consumer, &denom, epoch)?;
            process::process(deps, env, key, limit)
        }
        Msg::RetryPayment { validator, denom } => payments::retry(deps, env, validator, denom),
        Msg::ResolveOrphan {
            consumer,
            epoch,
            denom,
            to,
        } => {
            let key = UnitKey::new(&consumer, &denom, epoch)?;
            recovery::resolve_orphan(deps, env, info, key, to)
        }
        Msg::Sweep { denom, recipient } => recovery::sweep(deps, env, info, denom, recipient),
        Msg::UpdateOwnership(update) => {
            let ownership = ownership::update(deps, &env.block, &info.sender, update)?;
            let event = action("update_ownership").add_attributes(ownership.attributes());
            Ok(Response::new().add_event(event))
        }
    }
}

/// Takes the chain's reply to a payment.
///
/// # Errors
/// For a reply that belongs to none.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    payments::replied(deps, env, reply)
}

/// Answers a query.
///
/// # Errors
/// Named in [`ContractError`].
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    query::answer(deps, env, msg)
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

/// The first step of a handshake that a consumer began.
///
/// # Errors
/// For everybody but a registered consumer without an open channel, and for another order or version.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_channel_open(
    deps: DepsMut,
    env: Env,
    msg: IbcChannelOpenMsg,
) -> Result<IbcChannelOpenResponse, ContractError> {
    channel::open(deps, env, msg)
}

/// The last step of a handshake.
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

/// A channel ends.
///
/// # Errors
/// From this end, unless the owner allowed it.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_channel_close(
    deps: DepsMut,
    env: Env,
    msg: IbcChannelCloseMsg,
) -> Result<IbcBasicResponse, ContractError> {
    channel::close(deps, env, msg)
}

/// Weights, or a question, from a consumer.
///
/// # Errors
/// For what is refused. The chain writes the error into the acknowledgement.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_packet_receive(
    deps: DepsMut,
    env: Env,
    msg: IbcPacketReceiveMsg,
) -> Result<IbcReceiveResponse, ContractError> {
    packets::receive(deps, env, msg)
}

/// The contract sends no packets. An error would make one unrelayable for ever.
///
/// # Errors
/// Never.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_packet_ack(
    _deps: DepsMut,
    _env: Env,
    _msg: IbcPacketAckMsg,
) -> Result<IbcBasicResponse, ContractError> {
    Ok(IbcBasicResponse::new())
}

/// As [`ibc_packet_ack`].
///
/// # Errors
/// Never.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_packet_timeout(
    _deps: DepsMut,
    _env: Env,
    _msg: IbcPacketTimeoutMsg,
) -> Result<IbcBasicResponse, ContractError> {
    Ok(IbcBasicResponse::new())
}

/// Coins from a consumer.
///
/// # Errors
/// For coins that are refused: the chain sends them back.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn ibc_destination_callback(
    deps: DepsMut,
    env: Env,
    msg: IbcDestinationCallbackMsg,
) -> Result<IbcBasicResponse, ContractError> {
    arrival::arrived(deps, env, msg)
}
