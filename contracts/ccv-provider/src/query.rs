//! Queries.

use ccv::name::Name;
use chain_types::address::AddressBytes;
use cosmwasm_std::storage_keys::namespace_with_key;
use cosmwasm_std::{Binary, Deps, Env, Order, Storage, to_json_binary};
use cw_storage_plus::{Bound, KeyDeserialize};
use distribution_math::{Coins, DecCoins};
use pool_kit::{KitError, ownership, paging};

use crate::ContractError;
use crate::answers::{
    CarryResponse, ConfigResponse, ConsumerDenom, ConsumerResponse, ConsumersResponse, OwedPayment,
    OwedPaymentsResponse, PendingUnitsResponse, RewardsResponse,
};
use crate::arrival::PROBES;
use crate::audit;
use crate::context::Context;
use crate::ledger::coin;
use crate::msg::{OwedCursor, QueryMsg, UnitCursor};
use crate::payments::OWED;
use crate::state::{self, CONSUMERS, Consumer};
use crate::unit_view;
use crate::units::{self, CARRY, Stream, UNITS, UnitKey};

/// Answers a query.
pub fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&ConfigResponse {
            target: ctx.config.target,
            community_pool: ctx.config.community_pool,
        }),
        QueryMsg::Consumer { id } => {
            let consumer = state::consumer(storage, &id)?;
            to_json_binary(&describe(storage, id, consumer)?)
        }
        QueryMsg::Consumers { start_after, limit } => {
            to_json_binary(&consumers(storage, start_after, limit)?)
        }
        QueryMsg::Unit {
            consumer,
            epoch,
            denom,
        } => {
            let key = UnitKey::new(&consumer, &denom, epoch)?;
            let unit = key.load(storage)?;
            let unit = unit.ok_or_else(|| ContractError::UnknownUnit {
                consumer: consumer.clone(),
                epoch,
                denom: denom.clone(),
            })?;
            to_json_binary(&unit_view::show(storage, key, unit)?)
        }
        QueryMsg::PendingUnits {
            consumer,
            start_after,
            limit,
        } => to_json_binary(&pending_units(storage, &consumer, start_after, limit)?),
        QueryMsg::Rewards {
            validator,
            start_after,
            limit,
        } => to_json_binary(&rewards(&ctx, storage, &validator, start_after, limit)?),
        QueryMsg::OwedPayments { start_after, limit } => {
            to_json_binary(&owed_payments(&ctx, storage, start_after, limit)?)
        }
        QueryMsg::Carry {
            consumer,
            start_after,
            limit,
        } => to_json_binary(&carry(storage, &consumer, start_after, limit)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(storage)?),
        QueryMsg::Invariants { start_after, limit } => {
            to_json_binary(&audit::invariants(&ctx, storage, start_after, limit)?)
        }
        QueryMsg::Audit { start_after, limit } => {
            to_json_binary(&audit::audit(storage, start_after, limit)?)
        }
    }?)
}

fn describe(
    storage: &dyn Storage,
    id: String,
    consumer: Consumer,
) -> Result<ConsumerResponse, ContractError> {
    let denoms = consumer.denoms.iter().map(|denom| {
        let stream = Stream::load(storage, &id, denom)?;
        Ok(ConsumerDenom {
            denom: denom.clone(),
            local_denom: stream.local_denom,
            last_arrived: stream.last_arrived,
            waiting: stream.waiting,
        })
    });
    Ok(ConsumerResponse {
        denoms: denoms.collect::<Result<_, ContractError>>()?,
        last_probe: PROBES.may_load(storage, &id)?,
        transfer_connection_id: consumer.transfer_connection().to_string(),
        id,
        connection_id: consumer.connection_id,
        port_id: consumer.port_id,
        contract: consumer.contract,
        transfer_channel: consumer.transfer_channel,
        order: consumer.order,
        disqualified: consumer.disqualified,
        admin: consumer.admin.map(Into::into),
        status: consumer.status,
        channel_id: consumer.channel_id,
    })
}

fn consumers(
    storage: &dyn Storage,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ConsumersResponse, ContractError> {
    let start = start_after.as_deref().map(Bound::exclusive);
    let page = CONSUMERS
        .range(storage, start, None, Order::Ascending)
        .take(paging::limit(limit)?)
        .map(|record| {
            let (id, consumer) = record?;
            describe(storage, id, consumer)
        });
    Ok(ConsumersResponse {
        consumers: page.collect::<Result<_, _>>()?,
    })
}

fn pending_units(
    storage: &dyn Storage,
    consumer: &str,
    start_after: Option<UnitCursor>,
    limit: Option<u32>,
) -> Result<PendingUnitsResponse, ContractError> {
    state::consumer(storage, consumer)?;
    let start = start_after.map(|UnitCursor { denom, epoch }| {
        // A part of a key has at most 65 535 bytes; a denom has fewer.
        let denom = Name::new(&denom)?;
        let denom = denom.as_str().as_bytes();
        Ok::<_, ContractError>(namespace_with_key(&[denom], &epoch.to_be_bytes()))
    });
    let start = start.transpose()?;
    let page = UNITS
        .range(storage, &[consumer.as_bytes()], start.as_deref())
        .take(paging::limit(limit)?)
        .map(|record| {
            let (key, unit) = record?;
            let (denom, epoch) = <(&str, u32)>::from_vec(key)?;
            let key = UnitKey {
                consumer,
                denom: &denom,
                epoch,
            };
            unit_view::show(storage, key, unit)
        });
    Ok(PendingUnitsResponse {
        units: page.collect::<Result<_, ContractError>>()?,
    })
}

fn rewards(
    ctx: &Context,
    storage: &dyn Storage,
    validator: &str,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<RewardsResponse, ContractError> {
    let validator = ctx.validator(validator)?;
    let start = start_after.as_deref().map(str::as_bytes);
    let mut owed = Vec::new();
    for record in OWED
        .range(storage, &[validator.as_slice()], start)
        .take(paging::limit(limit)?)
    {
        let (denom, amount) = record?;
        owed.push((units::text(denom)?, amount));
    }
    let points = owed
        .iter()
        .map(|(denom, amount)| (denom.as_str(), amount.points()));
    Ok(RewardsResponse {
        rewards: DecCoins::from_points(points),
        claimable: owed
            .iter()
            .map(|(denom, amount)| coin(*amount, denom))
            .collect(),
    })
}

fn owed_payments(
    ctx: &Context,
    storage: &dyn Storage,
    start_after: Option<OwedCursor>,
    limit: Option<u32>,
) -> Result<OwedPaymentsResponse, ContractError> {
    let start = match &start_after {
        None => None,
        Some(cursor) => {
            let validator = ctx.validator(&cursor.validator)?;
            let denom = cursor.denom.as_bytes();
            Some(namespace_with_key(&[validator.as_slice()], denom))
        }
    };
    let page = OWED
        .range(storage, &[], start.as_deref())
        .take(paging::limit(limit)?)
        .map(|record| {
            let (key, amount): (Vec<u8>, Coins) = record?;
            let (validator, denom) = <(&[u8], &str)>::from_vec(key)?;
            let validator = AddressBytes::new(&validator).map_err(KitError::from)?;
            Ok(OwedPayment {
                validator: ctx.config.target.show(&ctx.chain, &validator),
                amount: coin(amount, &denom),
            })
        });
    Ok(OwedPaymentsResponse {
        payments: page.collect::<Result<_, ContractError>>()?,
    })
}

fn carry(
    storage: &dyn Storage,
    consumer: &str,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<CarryResponse, ContractError> {
    state::consumer(storage, consumer)?;
    let start = start_after.as_deref().map(str::as_bytes);
    let page = CARRY
        .range(storage, &[consumer.as_bytes()], start)
        .take(paging::limit(limit)?)
        .map(|record| {
            let (denom, amount) = record?;
            Ok(coin(amount, &units::text(denom)?))
        });
    Ok(CarryResponse {
        carry: page.collect::<Result<_, ContractError>>()?,
    })
}
