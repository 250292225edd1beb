//! What a consumer may pay in, and the carry of what it may not any more.

use ccv::name::Name;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use pool_kit::KitError;
use pool_kit::events::action;
use pool_kit::ledger::Class;

use crate::ContractError;
use crate::context::{Context, assert_owner};
use crate::ledger::{self, coin};
use crate::payments::{in_order, pay_community};
use crate::state::{self, CONSUMERS, Consumer};
use crate::units::{self, Stream};

/// The most denoms that a consumer may pay in.
const MAX_DENOMS: usize = 4;

/// The most denoms that are listed or of which something arrived. What arrived is kept as long as the
/// consumer, and `remove_consumer` deletes it at once.
const MAX_KEPT: usize = 30;

/// The message `update_consumer_denoms`.
pub fn update(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: String,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<Response, ContractError> {
    let mut consumer = state::consumer(deps.storage, &id)?;
    if consumer.admin.as_ref() != Some(&info.sender) {
        assert_owner(deps.storage, &info.sender)?;
    }
    if add.is_empty() && remove.is_empty() {
        return Err(KitError::NothingUpdated.into());
    }
    for denom in &remove {
        let listed = consumer.denoms.iter().position(|listed| listed == denom);
        let Some(place) = listed else {
            return Err(ContractError::UnlistedDenom {
                consumer: id,
                denom: denom.clone(),
            });
        };
        consumer.denoms.remove(place);
    }
    list(&mut consumer, add)?;
    assert_kept(deps.storage, &id, &consumer)?;
    CONSUMERS.save(deps.storage, &id, &consumer)?;
    let event = action("update_consumer_denoms")
        .add_attribute("consumer", &id)
        .add_attribute("denoms", consumer.denoms.join(","));
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let response = Response::new().add_event(event);
    end_carries(&ctx, deps.storage, &id, &remove, response)
}

/// Lists denoms. The caller saves the consumer.
pub fn list(consumer: &mut Consumer, denoms: Vec<String>) -> Result<(), ContractError> {
    for denom in denoms {
        Name::new(&denom)?;
        if consumer.denoms.contains(&denom) {
            return Err(KitError::DuplicateDenom { denom }.into());
        }
        consumer.denoms.push(denom);
    }
    if consumer.denoms.len() > MAX_DENOMS {
        return Err(ContractError::TooManyDenoms {
            denoms: consumer.denoms.len(),
            limit: MAX_DENOMS,
        });
    }
    Ok(())
}

/// Only listed denoms arrive, so a bound on those that are listed bounds what is ever kept.
fn assert_kept(storage: &dyn Storage, id: &str, consumer: &Consumer) -> Result<(), ContractError> {
    let mut kept = Stream::denoms(storage, id)?;
    kept.retain(|denom| !consumer.denoms.contains(denom));
    let denoms = kept.len().saturating_add(consumer.denoms.len());
    match denoms > MAX_KEPT {
        true => Err(ContractError::TooManyKeptDenoms {
            consumer: id.to_string(),
            denoms,
            limit: MAX_KEPT,
        }),
        false => Ok(()),
    }
}

/// Gives the carry of denoms that have no next unit under their name of this chain to the community
/// pool.
pub fn end_carries(
    ctx: &Context,
    storage: &mut dyn Storage,
    id: &str,
    denoms: &[String],
    mut response: Response,
) -> Result<Response, ContractError> {
    for denom in denoms {
        let mut stream = Stream::load(storage, id, denom)?;
        let Some(local_denom) = stream.end_local_denom() else {
            continue;
        };
        stream.save(storage, id, denom)?;
        let carry = units::take_carry(storage, id, &local_denom)?;
        let mut ledger = ledger::load(storage, &local_denom)?;
        ledger.transfer(Class::Outstanding, Class::CommunityPool, carry.points())?;
        if !carry.is_zero() {
            response = response.add_event(
                action("end_carry")
                    .add_attribute("consumer", id)
                    .add_attribute("denom", denom)
                    .add_attribute("amount", coin(carry, &local_denom).to_string()),
            );
        }
        response = pay_community(ctx, &mut ledger, &local_denom, response)?;
        ledger::save(storage, &local_denom, &ledger)?;
    }
    Ok(in_order(response))
}
