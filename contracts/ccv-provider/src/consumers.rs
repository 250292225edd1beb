//! Consumers: registering, changing, pausing and removing them.

use ccv::name::Name;
use ccv::qualification::DisqualifiedPolicy;
use cosmwasm_std::{Addr, DepsMut, Env, Event, MessageInfo, Response, Storage};
use pool_kit::events::action;

use crate::ContractError;
use crate::arrival::PROBES;
use crate::channel;
use crate::consumer_denoms;
use crate::context::{Context, assert_owner};
use crate::msg::{ChannelOrder, RegisterConsumer, UpdateConsumer};
use crate::overrides::Overrides;
use crate::peers;
use crate::state::{self, CONSUMERS, Consumer, Status};
use crate::units::Stream;

/// The most characters of an id, which every key begins with.
const MAX_ID: usize = 64;

/// The message `register_consumer`.
pub fn register(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: RegisterConsumer,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let id = Name::new(&msg.id)?.to_string();
    if id.len() > MAX_ID {
        return Err(ContractError::IdLength {
            length: id.len(),
            limit: MAX_ID,
        });
    }
    if CONSUMERS.has(deps.storage, &id) {
        return Err(ContractError::ConsumerExists { consumer: id });
    }
    let admin = msg.admin.map(|admin| account(&ctx, &admin)).transpose()?;
    let mut consumer = Consumer {
        connection_id: msg.connection_id,
        port_id: msg.port_id,
        contract: msg.contract,
        transfer_channel: msg.transfer_channel,
        transfer_connection_id: msg.transfer_connection_id,
        denoms: Vec::new(),
        order: msg.order,
        disqualified: msg.disqualified.unwrap_or_default(),
        admin,
        status: Status::Active,
        channel_id: None,
    };
    consumer_denoms::list(&mut consumer, msg.denoms)?;
    peers::index(deps.storage, &id, &consumer)?;
    CONSUMERS.save(deps.storage, &id, &consumer)?;
    let event = described(action("register_consumer"), id, &consumer);
    Ok(Response::new().add_event(event))
}

fn described(event: Event, id: String, consumer: &Consumer) -> Event {
    let order = match consumer.order {
        None => "none",
        Some(ChannelOrder::Ordered) => "ordered",
        Some(ChannelOrder::Unordered) => "unordered",
    };
    let disqualified = match consumer.disqualified {
        DisqualifiedPolicy::Redistribute => "redistribute",
        DisqualifiedPolicy::Carry => "carry",
    };
    event
        .add_attribute("consumer", id)
        .add_attribute("connection_id", &consumer.connection_id)
        .add_attribute("port_id", &consumer.port_id)
        .add_attribute("contract", &consumer.contract)
        .add_attribute("transfer_channel", &consumer.transfer_channel)
        .add_attribute("transfer_connection_id", consumer.transfer_connection())
        .add_attribute("denoms", consumer.denoms.join(","))
        .add_attribute("order", order)
        .add_attribute("disqualified", disqualified)
        .add_attribute(
            "admin",
            consumer.admin.as_ref().map_or("none", Addr::as_str),
        )
}

fn account(ctx: &Context, address: &str) -> Result<Addr, ContractError> {
    let account = ctx.chain.account(address)?;
    Ok(ctx.chain.show(&account))
}

/// The message `update_consumer`.
pub fn update(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: UpdateConsumer,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let id = msg.id.as_str();
    let before = state::consumer(deps.storage, id)?;
    let admin = msg.admin.map(|admin| account(&ctx, &admin)).transpose()?;
    let mut consumer = Consumer {
        connection_id: msg.connection_id.unwrap_or(before.connection_id.clone()),
        port_id: msg.port_id.unwrap_or(before.port_id.clone()),
        transfer_channel: msg
            .transfer_channel
            .unwrap_or(before.transfer_channel.clone()),
        transfer_connection_id: msg
            .transfer_connection_id
            .or(before.transfer_connection_id.clone()),
        order: msg.order.or(before.order),
        disqualified: msg.disqualified.unwrap_or(before.disqualified),
        admin: admin.or(before.admin.clone()),
        ..before.clone()
    };
    peers::unindex(deps.storage, &before);
    peers::index(deps.storage, id, &consumer)?;
    let is_same_peer =
        consumer.connection_id == before.connection_id && consumer.port_id == before.port_id;
    if !is_same_peer {
        channel::forget(deps.storage, &mut consumer);
        forget_weights(deps.storage, id)?;
    }
    CONSUMERS.save(deps.storage, id, &consumer)?;
    let event = described(action("update_consumer"), id.to_string(), &consumer);
    let response = Response::new().add_event(event);
    // The carry is of what the consumer sent so far: it does not follow the name to another sender.
    match is_same_peer && consumer.transfer_channel == before.transfer_channel {
        true => Ok(response),
        false => consumer_denoms::end_carries(&ctx, deps.storage, id, &consumer.denoms, response),
    }
}

/// The message `pause_consumer`.
pub fn pause(
    deps: DepsMut,
    info: MessageInfo,
    id: String,
    paused: bool,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let mut consumer = state::consumer(deps.storage, &id)?;
    if consumer.status == Status::Removing {
        return Err(ContractError::NotActive { consumer: id });
    }
    consumer.status = match paused {
        true => Status::Paused,
        false => Status::Active,
    };
    CONSUMERS.save(deps.storage, &id, &consumer)?;
    let event = action("pause_consumer")
        .add_attribute("consumer", id)
        .add_attribute("paused", paused.to_string());
    Ok(Response::new().add_event(event))
}

/// The message `remove_consumer`. Deletes the consumer with everything that is kept of it, when no coins
/// wait. Until then it answers questions as before.
pub fn remove(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: String,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut consumer = state::consumer(deps.storage, &id)?;
    let denoms = Stream::denoms(deps.storage, &id)?;
    let is_removed = !has_coins(deps.storage, &id, &denoms)?;
    let event = action("remove_consumer")
        .add_attribute("consumer", &id)
        .add_attribute("removed", is_removed.to_string());
    let response = Response::new().add_event(event);
    if !is_removed {
        consumer.status = Status::Removing;
        CONSUMERS.save(deps.storage, &id, &consumer)?;
        return Ok(response);
    }
    let response = consumer_denoms::end_carries(&ctx, deps.storage, &id, &denoms, response)?;
    forget_weights(deps.storage, &id)?;
    for denom in &denoms {
        Stream::remove(deps.storage, &id, denom);
    }
    peers::unindex(deps.storage, &consumer);
    channel::forget(deps.storage, &mut consumer);
    PROBES.remove(deps.storage, &id);
    Overrides::load(deps.storage, &id)?.remove(deps.storage, &id);
    CONSUMERS.remove(deps.storage, &id);
    Ok(response)
}

fn has_coins(storage: &dyn Storage, id: &str, denoms: &[String]) -> Result<bool, ContractError> {
    for denom in denoms {
        if Stream::load(storage, id, denom)?.waiting > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Deletes the units whose weights alone have come. Another peer sends its own, and an epoch far ahead
/// would stand in their way.
fn forget_weights(storage: &mut dyn Storage, id: &str) -> Result<(), ContractError> {
    for denom in Stream::denoms(storage, id)? {
        let mut stream = Stream::load(storage, id, &denom)?;
        stream.remove_weights_only(storage, id, &denom);
        stream.save(storage, id, &denom)?;
    }
    Ok(())
}
