//! Changes of voting powers, whoever sends them: a block, a staking event, a cw4 group, the import.

use std::collections::BTreeMap;

use chain_types::address::AddressBytes;
use chain_types::cw4::MemberChangedHookMsg;
use chain_types::staking_event::ChangedPower;
use chain_types::text::head;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Uint128};
use distribution_math::Rate;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::aspect::Aspect;
use crate::books::Books;
use crate::commission;
use crate::context::Context;
use crate::msg::Vote;
use crate::validator_set::{self, MAX_VALIDATORS, POWER_BOUND, PowerChange, ValidatorPower};

/// The most powers that one call changes: a bound on its gas and memory.
pub const MAX_CHANGES: usize = 100;

/// A power as the accounting takes it.
///
/// # Errors
/// [`ContractError::PowerBound`] from 2^63 upwards.
pub fn checked_power(validator: &str, power: Uint128) -> Result<u64, ContractError> {
    let checked = u64::try_from(power.u128()).ok();
    checked
        .filter(|power| *power < POWER_BOUND)
        .ok_or_else(|| ContractError::PowerBound {
            validator: head(validator, 128).to_string(),
            power,
        })
}

/// Sets a validator's power, and settles what it earned with the one before. A validator without a
/// record gets one, with commission 0 and no units. A removed validator stays removed.
///
/// # Errors
/// Unreadable records. Bounds on the totals are checked when the books are closed.
pub fn set<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    power: u64,
) -> Result<(), ContractError> {
    let before = validator_set::power(books.storage, validator)?;
    if before == power {
        return Ok(());
    }
    let change = PowerChange {
        validator: *validator,
        before,
        after: power,
    };
    if before == 0 && A::validator(books, validator)?.is_none() {
        commission::record(books, validator, Rate::ZERO)?;
    }
    A::before_power_change(books, &change)?;

    // On the way from one set of powers to the next the total may pass its bound of 2^63; never
    // 2^64, because both sets stay below it.
    let total = u128::from(books.pool.total_power)
        .saturating_sub(before.into())
        .saturating_add(power.into());
    books.pool.total_power =
        u64::try_from(total).map_err(|_| ContractError::TotalPowerBound { total })?;
    books.pool.active_validators = books
        .pool
        .active_validators
        .saturating_sub(u32::from(before > 0))
        .saturating_add(u32::from(power > 0));
    validator_set::save(books.storage, validator, power)?;
    let event = books.ctx.validator_event("power_changed", validator);
    books.emit(event.add_attribute("power", power.to_string()));
    Ok(())
}

/// Sets powers that differ from those so far.
///
/// # Errors
/// [`ContractError::TooManyPowerChanges`] above [`MAX_CHANGES`], and
/// [`ContractError::RepeatedValidator`].
pub fn apply_changes<A: Accounting>(
    books: &mut Books<A>,
    changes: &[ChangedPower],
) -> Result<(), ContractError> {
    check_count(changes.len())?;
    let mut powers = BTreeMap::new();
    for ChangedPower { validator, power } in changes {
        let power = checked_power(validator, *power)?;
        let validator = books.ctx.validator(validator)?;
        if powers.insert(validator, power).is_some() {
            return Err(repeated(books.ctx, &validator));
        }
    }
    change_all(books, powers)
}

fn change_all<A: Accounting>(
    books: &mut Books<A>,
    powers: BTreeMap<AddressBytes, u64>,
) -> Result<(), ContractError> {
    for (validator, power) in powers {
        change(books, &validator, power)?;
    }
    Ok(())
}

/// Sets a validator's power, as an event says.
///
/// # Errors
/// As [`set`].
pub fn change<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    power: u64,
) -> Result<(), ContractError> {
    Aspect::Power(validator).mark_newer(books.ctx, books.storage)?;
    set(books, validator, power)
}

/// Makes the validator set that of the votes, and returns the power that signed. A validator that is
/// not among the votes has no power.
///
/// # Errors
/// [`ContractError::TooManyVotes`], [`ContractError::RepeatedValidator`], and
/// [`ContractError::TooManyPowerChanges`] for a list that changes more than [`MAX_CHANGES`] powers.
pub fn apply_votes<A: Accounting>(
    books: &mut Books<A>,
    votes: &[Vote],
) -> Result<u64, ContractError> {
    let limit = MAX_VALIDATORS as usize;
    if votes.len() > limit {
        return Err(ContractError::TooManyVotes {
            votes: votes.len(),
            limit,
        });
    }
    let mut signed_power = 0u64;
    let mut powers = BTreeMap::new();
    for vote in votes {
        let power = checked_power(&vote.validator, vote.power)?;
        let validator = books.ctx.validator(&vote.validator)?;
        if vote.signed {
            // More than the total counts as the total, so saturating loses nothing.
            signed_power = signed_power.saturating_add(power);
        }
        if powers.insert(validator, power).is_some() {
            return Err(repeated(books.ctx, &validator));
        }
    }
    let changes = differences(validator_set::all(books.storage)?, powers);
    check_count(changes.len())?;
    for change in changes {
        set(books, &change.validator, change.power)?;
    }
    Ok(signed_power)
}

/// The powers that differ from those so far, with their new values.
fn differences(
    so_far: Vec<ValidatorPower>,
    mut powers: BTreeMap<AddressBytes, u64>,
) -> Vec<ValidatorPower> {
    let mut changes = Vec::new();
    for ValidatorPower { validator, power } in so_far {
        let now = powers.remove(&validator).unwrap_or_default();
        if now != power {
            changes.push(ValidatorPower {
                validator,
                power: now,
            });
        }
    }
    let joined = powers.into_iter().filter(|(_, power)| *power > 0);
    changes.extend(joined.map(|(validator, power)| ValidatorPower { validator, power }));
    changes
}

fn check_count(changes: usize) -> Result<(), ContractError> {
    if changes > MAX_CHANGES {
        return Err(ContractError::TooManyPowerChanges {
            changes,
            limit: MAX_CHANGES,
        });
    }
    Ok(())
}

fn repeated(ctx: &Context, validator: &AddressBytes) -> ContractError {
    ContractError::RepeatedValidator {
        validator: ctx.show_validator(validator),
    }
}

/// The message `member_changed_hook`: weights of the configured group are powers.
pub(crate) fn member_changed<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    hook: MemberChangedHookMsg,
) -> Result<Response, ContractError> {
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    if ctx.config.group.as_ref() != Some(&info.sender) {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            role: "the pool's cw4 group",
        });
    }
    if let Some(first) = hook.diffs.first() {
        ctx.learn_form(deps.storage, &first.key)?;
    }
    check_count(hook.diffs.len())?;
    // One update of a group may add a member and remove it: what is said last holds.
    let mut powers = BTreeMap::new();
    for diff in &hook.diffs {
        let power = checked_power(&diff.key, diff.new.unwrap_or_default().into())?;
        powers.insert(ctx.validator(&diff.key)?, power);
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    change_all(&mut books, powers)?;
    books.close()
}
