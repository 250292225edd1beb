//! Changes of power: one checkpoint for a batch, O(1) writes for each operator in it, and every
//! hook is notified once.

use std::collections::BTreeSet;

use chain_types::address::AddressBytes;
use chain_types::cw4::Member;
use chain_types::text::head;
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response, Uint128};
use pool_kit::events::action;
use pool_kit::ownership;

use crate::ContractError;
use crate::context::Context;
use crate::group;
use crate::operator::{Operator, PowerStep};
use crate::pool::Pool;
use crate::state::TOTAL;

/// Powers and their total are below 2^63, as they are on every chain, and in a fee pool that has
/// this pool as its group.
const POWER_BOUND: u64 = 1 << 63;

/// A power that the admin sets.
pub struct PowerChange {
    pub operator: AddressBytes,
    /// From now on.
    pub power: u64,
    /// Whether an account that is no operator becomes one.
    pub creates: bool,
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
        changes.push(PowerChange {
            operator: ctx.account(&operator)?,
            power: 0,
            creates: false,
        });
    }
    for member in add {
        changes.push(PowerChange {
            operator: ctx.account(&member.addr)?,
            power: checked(&member.addr, member.weight.into())?,
            creates: true,
        });
    }
    change(&ctx, deps, &changes)
}

/// Applies a batch: a checkpoint by the powers until now, then every change, then the rules for the
/// powers that come out, then the hooks.
///
/// Refuses an operator that is named twice or unknown, and a final total of 0 or of 2^63 and more.
pub fn change(
    ctx: &Context,
    deps: DepsMut,
    changes: &[PowerChange],
) -> Result<Response, ContractError> {
    assert_distinct(ctx, changes.iter().map(|change| &change.operator))?;
    let mut pool = Pool::load(deps.storage)?;
    let mut response = Response::new().add_events(pool.checkpoint(ctx)?);
    let mut total = u128::from(pool.total_power);
    let mut diffs = Vec::new();
    for change in changes {
        let account = &change.operator;
        let mut operator = Operator::may_load(deps.storage, account)?.unwrap_or_default();
        let old = operator.in_office.then_some(operator.power);
        if old == Some(change.power) {
            continue;
        }
        if old.is_none() {
            if !change.creates {
                return Err(ContractError::UnknownOperator {
                    operator: ctx.chain.show(account).into_string(),
                });
            }
            response = response.add_event(created(ctx, account));
        }
        if operator.power != change.power {
            operator.settle(&pool)?;
            // The old powers are parts of the total, each once; the new ones are below 2^63, and no
            // message carries 2^64 of them.
            total = total
                .saturating_sub(operator.power.into())
                .saturating_add(change.power.into());
            response = response.add_event(
                action("power_changed")
                    .add_attribute("operator", ctx.chain.show(account))
                    .add_attribute("old_power", operator.power.to_string())
                    .add_attribute("power", change.power.to_string()),
            );
        }
        operator.in_office = true;
        operator.power = change.power;
        operator.save(deps.storage, account)?;
        let step = PowerStep {
            operator: *account,
            old,
            new: Some(change.power),
        };
        diffs.extend(step.write(ctx, deps.storage)?);
    }
    let total = checked_total(total)?;
    if total == 0 {
        return Err(ContractError::NoPower);
    }
    if total != pool.total_power {
        TOTAL.save(deps.storage, &total, ctx.chain.env.block.height)?;
        pool.total_power = total;
    }
    pool.save(deps.storage)?;
    Ok(response.add_submessages(group::notifications(deps.storage, diffs)?))
}

/// The event of a new operator.
pub fn created(ctx: &Context, operator: &AddressBytes) -> Event {
    action("create_validator").add_attribute("operator", ctx.chain.show(operator))
}

/// Passes a power below 2^63.
pub fn checked(operator: &str, power: Uint128) -> Result<u64, ContractError> {
    below_bound(power.u128()).ok_or_else(|| ContractError::PowerBound {
        operator: head(operator, 128).to_string(),
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

/// Refuses lists that name an operator twice; O(n log n).
pub fn assert_distinct<'a>(
    ctx: &Context,
    operators: impl IntoIterator<Item = &'a AddressBytes>,
) -> Result<(), ContractError> {
    let mut seen = BTreeSet::new();
    for operator in operators {
        if !seen.insert(operator) {
            return Err(ContractError::DuplicateOperator {
                operator: ctx.chain.show(operator).into_string(),
            });
        }
    }
    Ok(())
}
