//! Consumers: registering, changing, pausing and removing them.

use ccv::name::Name;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use pool_kit::events::action;

use crate::ContractError;
use crate::arrival::PROBES;
use crate::channel;
use crate::consumer_denoms;
use crate::context::{Context, assert_owner};
use crate::msg::{RegisterConsumer, UpdateConsumer};
use crate::overrides::Overrides;
use crate::state::{self, CONSUMERS, Consumer, PEERS, SENDERS, Status};
use crate::units::{Stream, UnitKey};

/// The most characters of an id, which every key begins with.
const MAX_ID: usize = 64;

/// Denoms that one `remove_consumer` deletes.
const REMOVED_AT_ONCE: usize = 30;

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
    index(deps.storage, &id, &consumer)?;
    CONSUMERS.save(deps.storage, &id, &consumer)?;
    let event = action("register_consumer")
        .add_attribute("consumer", id)
        .add_attribute("connection_id", consumer.connection_id)
        .add_attribute("port_id", consumer.port_id)
        .add_attribute("contract", consumer.contract)
        .add_attribute("transfer_channel", consumer.transfer_channel)
        .add_attribute("denoms", consumer.denoms.join(","));
    Ok(Response::new().add_event(event))
}

fn account(ctx: &Context, address: &str) -> Result<cosmwasm_std::Addr, ContractError> {
    let account = ctx.chain.account(address)?;
    Ok(ctx.chain.show(&account))
}

/// Lets packets and coins find the consumer. Two consumers cannot have the same peer or sender.
fn index(storage: &mut dyn Storage, id: &str, consumer: &Consumer) -> Result<(), ContractError> {
    let peer = (consumer.connection_id.as_str(), consumer.port_id.as_str());
    let sender = (
        consumer.transfer_channel.as_str(),
        consumer.contract.as_str(),
    );
    for name in [
        peer.0,
        peer.1,
        sender.0,
        sender.1,
        consumer.transfer_connection(),
    ] {
        Name::new(name)?;
    }
    let taken = PEERS
        .may_load(storage, peer)?
        .or(SENDERS.may_load(storage, sender)?);
    if let Some(other) = taken {
        return Err(ContractError::PeerTaken { consumer: other });
    }
    PEERS.save(storage, peer, &id.to_string())?;
    Ok(SENDERS.save(storage, sender, &id.to_string())?)
}

fn unindex(storage: &mut dyn Storage, consumer: &Consumer) {
    PEERS.remove(storage, (&consumer.connection_id, &consumer.port_id));
    SENDERS.remove(storage, (&consumer.transfer_channel, &consumer.contract));
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
        contract: msg.contract.unwrap_or(before.contract.clone()),
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
    unindex(deps.storage, &before);
    index(deps.storage, id, &consumer)?;
    let is_same_peer =
        consumer.connection_id == before.connection_id && consumer.port_id == before.port_id;
    if !is_same_peer {
        channel::forget(deps.storage, &mut consumer);
    }
    CONSUMERS.save(deps.storage, id, &consumer)?;
    let event = action("update_consumer").add_attribute("consumer", id);
    let response = Response::new().add_event(event);
    if consumer.transfer_channel == before.transfer_channel {
        return Ok(response);
    }
    consumer_denoms::end_carries(&ctx, deps.storage, id, &consumer.denoms, response)
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

/// The message `remove_consumer`. Deletes what has no coins waiting, at most [`REMOVED_AT_ONCE`] denoms,
/// and the consumer itself when nothing is left.
pub fn remove(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: String,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut consumer = state::consumer(deps.storage, &id)?;
    consumer.status = Status::Removing;
    CONSUMERS.save(deps.storage, &id, &consumer)?;

    let mut drained = Vec::new();
    for denom in Stream::some_denoms(deps.storage, &id, REMOVED_AT_ONCE)? {
        let stream = Stream::load(deps.storage, &id, &denom)?;
        if stream.waiting > 0 {
            continue;
        }
        if let Some(epoch) = stream.weights_only {
            let (consumer, denom) = (id.as_str(), denom.as_str());
            let key = UnitKey {
                consumer,
                denom,
                epoch,
            };
            key.remove(deps.storage);
        }
        drained.push(denom);
    }
    let response =
        consumer_denoms::end_carries(&ctx, deps.storage, &id, &drained, Response::new())?;
    for denom in &drained {
        Stream::remove(deps.storage, &id, denom);
    }
    let is_removed = Stream::some_denoms(deps.storage, &id, 1)?.is_empty();
    if is_removed {
        unindex(deps.storage, &consumer);
        channel::forget(deps.storage, &mut consumer);
        PROBES.remove(deps.storage, &id);
        Overrides::load(deps.storage, &id)?.remove(deps.storage, &id);
        CONSUMERS.remove(deps.storage, &id);
    }
    let event = action("remove_consumer")
        .add_attribute("consumer", id)
        .add_attribute("removed", is_removed.to_string());
    Ok(response.add_event(event))
}
