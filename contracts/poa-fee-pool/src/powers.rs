//! Changes of power: one checkpoint for a batch, O(1) writes for each operator in it, and every
//! hook told once.

use std::collections::BTreeSet;

use accounting::{AccountingError, AccountingFault};
use cosmwasm_std::{DepsMut, Event, Response, Storage, Uint128};
use interfaces::address::AddressBytes;
use interfaces::cw4::MemberDiff;
use interfaces::events::action;

use crate::context::Context;
use crate::operator::Operator;
use crate::pool::Pool;
use crate::ranking::Place;
use crate::state::{MEMBERS, TOTAL};
use crate::{ContractError, Fault};
use crate::{checkpoint, hooks};

/// Powers are below 2^63, in sum too: so they are in every chain, and in a fee pool that hears of
/// them.
const POWER_BOUND: u64 = 1 << 63;

/// A power that somebody asks for.
pub struct PowerChange {
    /// Whose.
    pub operator: AddressBytes,
    /// From now on.
    pub power: u64,
    /// Whether an account that is no operator becomes one.
    pub creates: bool,
}

/// A power as the pool takes it.
///
/// # Errors
/// [`Fault::PowerBound`] from 2^63 upwards.
pub fn checked(operator: &str, power: Uint128) -> Result<u64, ContractError> {
    u64::try_from(power.u128())
        .ok()
        .filter(|power| *power < POWER_BOUND)
        .ok_or_else(|| {
            Fault::PowerBound {
                operator: operator.chars().take(128).collect(),
                power,
            }
            .into()
        })
}

/// Refuses lists that name an operator twice; O(n log n).
///
/// # Errors
/// [`Fault::DuplicateOperator`].
pub fn assert_distinct<'a>(
    ctx: &Context,
    operators: impl IntoIterator<Item = &'a AddressBytes>,
) -> Result<(), ContractError> {
    let mut seen = BTreeSet::new();
    for operator in operators {
        if !seen.insert(operator) {
            return Err(Fault::DuplicateOperator {
                operator: ctx.show(operator).into_string(),
            }
            .into());
        }
    }
    Ok(())
}

/// The total of powers, each below 2^63, when it keeps the bound.
///
/// # Errors
/// [`AccountingFault::PowerBound`] from 2^63 upwards.
pub fn checked_total(total: u128) -> Result<u64, ContractError> {
    u64::try_from(total)
        .ok()
        .filter(|total| *total < POWER_BOUND)
        .ok_or_else(|| AccountingError::from(AccountingFault::PowerBound { total }).into())
}

/// Applies a batch: a checkpoint by the powers until now, then every change, then the rules for
/// what comes out, then the hooks.
///
/// # Errors
/// For an operator named twice or unknown, and for a final total of 0 or of 2^63 and more.
pub fn change(
    ctx: &Context,
    deps: DepsMut,
    changes: &[PowerChange],
) -> Result<Response, ContractError> {
    assert_distinct(ctx, changes.iter().map(|change| &change.operator))?;
    let mut pool = Pool::load(deps.storage)?;
    let mut response = Response::new().add_events(checkpoint::take(ctx, &mut pool)?);
    let mut total = u128::from(pool.total_power);
    let mut diffs = Vec::new();
    for change in changes {
        let mut operator = in_office(ctx, deps.storage, change)?;
        let is_new = !operator.in_office;
        if is_new {
            operator.in_office = true;
            change.place(0).take(deps.storage)?;
            response = response.add_event(created(ctx, &change.operator));
        }
        let step = PowerStep {
            operator: change.operator,
            old: operator.power,
            new: change.power,
        };
        if step.old != step.new {
            operator.settle(&pool)?;
            operator.power = step.new;
            change.place(step.old).leave(deps.storage);
            change.place(step.new).take(deps.storage)?;
            diffs.push(step.write_member(ctx, deps.storage)?);
            response = response.add_event(step.event(ctx));
            // The old powers are parts of the total, each once; the new ones are below 2^63, and no
            // message carries 2^64 of them.
            total = total
                .saturating_sub(step.old.into())
                .saturating_add(step.new.into());
        }
        if is_new || step.old != step.new {
            operator.save(deps.storage, &change.operator)?;
        }
    }
    let total = checked_total(total)?;
    if total == 0 {
        return Err(Fault::NoPower.into());
    }
    if total != pool.total_power {
        TOTAL.save(deps.storage, &total, ctx.env.block.height)?;
        pool.total_power = total;
    }
    pool.save(deps.storage)?;
    Ok(response.add_submessages(hooks::messages(deps.storage, diffs)?))
}

/// The record to change; one that is not in office only where the change creates operators.
fn in_office(
    ctx: &Context,
    storage: &dyn Storage,
    change: &PowerChange,
) -> Result<Operator, ContractError> {
    let operator = Operator::may_load(storage, &change.operator)?.unwrap_or_default();
    if !operator.in_office && !change.creates {
        return Err(Fault::UnknownOperator {
            operator: ctx.show(&change.operator).into_string(),
        }
        .into());
    }
    Ok(operator)
}

/// The event of a new operator.
pub fn created(ctx: &Context, operator: &AddressBytes) -> Event {
    action("create_validator").add_attribute("operator", ctx.show(operator))
}

impl PowerChange {
    fn place(&self, power: u64) -> Place {
        Place {
            power,
            operator: self.operator,
        }
    }
}

/// A power that changes.
#[derive(Clone, Copy, Debug)]
pub struct PowerStep {
    /// Whose.
    pub operator: AddressBytes,
    /// Until now.
    pub old: u64,
    /// From now on.
    pub new: u64,
}

impl PowerStep {
    /// Writes it to the cw4 group, and says what its hooks are told. For powers that differ.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn write_member(
        &self,
        ctx: &Context,
        storage: &mut dyn Storage,
    ) -> Result<MemberDiff, ContractError> {
        let member = ctx.show(&self.operator);
        let height = ctx.env.block.height;
        if self.new == 0 {
            MEMBERS.remove(storage, &member, height)?;
        } else {
            MEMBERS.save(storage, &member, &self.new, height)?;
        }
        let weight = |power: u64| (power > 0).then_some(power);
        Ok(MemberDiff {
            key: member.into_string(),
            old: weight(self.old),
            new: weight(self.new),
        })
    }

    /// The event that tells of it.
    pub fn event(&self, ctx: &Context) -> Event {
        action("power_changed")
            .add_attribute("operator", ctx.show(&self.operator))
            .add_attribute("old_power", self.old.to_string())
            .add_attribute("power", self.new.to_string())
    }
}
