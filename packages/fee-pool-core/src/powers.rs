//! Changes of voting powers, whoever sends them: a block, a staking event, a cw4 group, the import.

use std::collections::BTreeMap;

use chain_types::address::AddressBytes;
use chain_types::cw4::MemberChangedHookMsg;
use chain_types::staking_event::ChangedPower;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};
use distribution_math::Rate;
use validator_rewards::changes;
use validator_rewards::validator_set::PowerChange;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::aspect::Aspect;
use crate::books::Books;
use crate::commission;
use crate::context::Context;

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
    let Some(change) = PowerChange::new(books.storage, validator, power)? else {
        return Ok(());
    };
    if change.before == 0 && A::validator(books, validator)?.is_none() {
        commission::record(books, validator, Rate::ZERO)?;
    }
    A::before_power_change(books, &change)?;
    books.pool.totals.change(books.storage, &change)?;
    let event = books.ctx.validator_event("power_changed", validator);
    books.emit(event.add_attribute("power", power.to_string()));
    Ok(())
}

/// Sets powers that differ from those so far, as an event says.
///
/// # Errors
/// As [`changes::of_changes`].
pub fn apply_changes<A: Accounting>(
    books: &mut Books<A>,
    changes: &[ChangedPower],
) -> Result<(), ContractError> {
    for changed in changes::of_changes(&books.ctx.chain.addresses, changes)? {
        change(books, &changed.validator, changed.power)?;
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
    changes::check_count(hook.diffs.len())?;
    // One update of a group may add a member and remove it: what is said last holds.
    let mut powers = BTreeMap::new();
    for diff in &hook.diffs {
        let power = changes::checked_power(&diff.key, diff.new.unwrap_or_default().into())?;
        powers.insert(ctx.validator(&diff.key)?, power);
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    for (validator, power) in powers {
        change(&mut books, &validator, power)?;
    }
    books.close()
}
