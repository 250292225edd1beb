//! Powers in batches: one checkpoint for a batch, O(1) writes for each validator in it, and every
//! hook is notified of each of them.

use std::collections::{BTreeMap, BTreeSet};

use chain_types::cw4::{Member, MemberDiff};
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Storage, Uint128};
use pool_kit::events::action;
use pool_kit::ownership;

use crate::context::Context;
use crate::group::{self, WeightChange};
use crate::msg::{Metadata, ValidatorUpdate};
use crate::operator::Operator;
use crate::pool::Pool;
use crate::ranking::Place;
use crate::registry::{self, Entry, GivenName, Name, ValidatorId};
use crate::state::TOTAL;
use crate::{ContractError, validators};

/// Powers and their total are below 2^63, as they are on every chain, and in a fee pool that has
/// this pool as its group.
const POWER_BOUND: u64 = 1 << 63;

/// What the admin sets of a validator.
struct Change {
    name: Name,
    /// From now on.
    power: u64,
    /// From now on; none leaves it as it is.
    metadata: Option<Metadata>,
    /// Whether an account that never operated a validator becomes an operator.
    creates: bool,
}

/// A power that a validator gets.
struct NewPower {
    entry: Entry,
    power: u64,
}

pub fn update_validators(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validators: Vec<ValidatorUpdate>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut changes = Vec::with_capacity(validators.len());
    for update in validators {
        let given = GivenName {
            operator: update.operator,
            id: update.id,
        };
        let name = given.read(&ctx)?;
        changes.push(Change {
            name,
            power: checked(update.power, || name.show(&ctx))?,
            metadata: update.metadata,
            creates: false,
        });
    }
    apply(&ctx, deps, changes)
}

pub fn update_members(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    remove: Vec<String>,
    add: Vec<Member>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut changes = Vec::with_capacity(remove.len().saturating_add(add.len()));
    for operator in remove {
        changes.push(Change {
            name: Name::Account(ctx.account(&operator)?),
            power: 0,
            metadata: None,
            creates: false,
        });
    }
    for member in add {
        let name = Name::Account(ctx.account(&member.addr)?);
        changes.push(Change {
            name,
            power: checked(member.weight.into(), || name.show(&ctx))?,
            metadata: None,
            creates: true,
        });
    }
    apply(&ctx, deps, changes)
}

/// Applies a batch: a checkpoint by the powers until now, then every change, then the rules for the
/// powers that come out, then the hooks.
///
/// Refuses an empty batch, a name that is given twice or unknown, and a final total of 0 or of 2^63
/// and more.
fn apply(ctx: &Context, deps: DepsMut, changes: Vec<Change>) -> Result<Response, ContractError> {
    let storage = deps.storage;
    let mut pool = Pool::load(storage)?;
    let allocated = pool.checkpoint(ctx)?;
    let Batch {
        powers,
        mut events,
        mut diffs,
    } = resolve(ctx, storage, changes)?;
    let mut total = u128::from(pool.total_power);
    for NewPower { entry, power } in powers.into_values() {
        let Entry {
            id,
            validator,
            mut operator,
        } = entry;
        let account = validator.operator;
        let old = operator.power;
        if old != power {
            operator.settle(&pool)?;
            operator.power = power;
            operator.save(storage, &account)?;
            Place { power: old, id }.remove(storage);
            Place { power, id }.add(storage)?;
            // The old powers are parts of the total, each once; the new ones are below 2^63, and no
            // message carries 2^64 of them.
            total = total
                .saturating_sub(old.into())
                .saturating_add(power.into());
            events.push(
                action("power_changed")
                    .add_attribute("id", id.to_string())
                    .add_attribute("operator", ctx.chain.show(&account))
                    .add_attribute("old_power", old.to_string())
                    .add_attribute("power", power.to_string()),
            );
        }
        let weight = WeightChange {
            member: account,
            old,
            new: power,
        };
        diffs.push(weight.write(ctx, storage)?);
    }
    let total = checked_total(total)?;
    if total == 0 {
        return Err(ContractError::NoPower);
    }
    if total != pool.total_power {
        TOTAL.save(storage, &total, ctx.chain.env.block.height)?;
        pool.total_power = total;
    }
    pool.save(storage)?;
    Ok(Response::new()
        .add_events(allocated)
        .add_events(events)
        .add_submessages(group::notifications(storage, diffs)?))
}

/// A batch whose names are resolved.
#[derive(Default)]
struct Batch {
    /// What each validator gets.
    powers: BTreeMap<ValidatorId, NewPower>,
    events: Vec<Event>,
    /// What hooks are sent besides.
    diffs: Vec<MemberDiff>,
}

/// Finds or creates the validators of a batch, and writes their metadata.
///
/// Two names of one validator are no error: the last of them counts. Otherwise an operator could
/// make a batch fail that replaces it by another account, by handing its validator over to that
/// account before.
fn resolve(
    ctx: &Context,
    storage: &mut dyn Storage,
    changes: Vec<Change>,
) -> Result<Batch, ContractError> {
    if changes.is_empty() {
        return Err(ContractError::EmptyBatch);
    }
    let mut batch = Batch::default();
    let mut seen = BTreeSet::new();
    for change in changes {
        let name = change.name;
        if !seen.insert(name) {
            return Err(ContractError::DuplicateName {
                name: name.show(ctx),
            });
        }
        let entry = match (name.find(storage)?, name) {
            (Some(entry), _) => entry,
            (None, Name::Account(account)) if change.creates => {
                let entry = registry::create(ctx, storage, account, Operator::default())?;
                batch.events.push(validators::created(ctx, &entry));
                entry
            }
            (None, _) => return Err(name.unknown(ctx)),
        };
        if let Some(metadata) = change.metadata {
            let edited = validators::edit(ctx, storage, &entry, metadata)?;
            batch.events.push(edited);
        }
        // Hooks are told of every account that is named: a former operator is no member any more.
        if let Name::Account(member) = name {
            if member != entry.validator.operator {
                let (old, new) = (0, 0);
                let weight = WeightChange { member, old, new };
                batch.diffs.push(weight.write(ctx, storage)?);
            }
        }
        let power = change.power;
        batch.powers.insert(entry.id, NewPower { entry, power });
    }
    Ok(batch)
}

/// Passes a power below 2^63. The name of the validator is for the error.
pub fn checked(power: Uint128, name: impl FnOnce() -> String) -> Result<u64, ContractError> {
    below_bound(power.u128()).ok_or_else(|| ContractError::PowerBound {
        name: name(),
        power,
    })
}

/// Passes a total power below 2^63.
pub fn checked_total(total: u128) -> Result<u64, ContractError> {
    below_bound(total).ok_or(ContractError::TotalPowerBound { total })
}

fn below_bound(power: u128) -> Option<u64> {
    let power = u64::try_from(power).ok()?;
    (power < POWER_BOUND).then_some(power)
}
