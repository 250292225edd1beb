//! Staking events: what a reporter, or the chain itself, sends of a change in staking.

use chain_types::address::AddressBytes;
use chain_types::staking_event::{ChangedPower, StakingEvent};
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};
use distribution_math::{ExchangeRate, ScaledUnits};
use pool_kit::events::action;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::aspect::Aspect;
use crate::books::Books;
use crate::context::{Context, assert_owner};
use crate::delegations::{Delegation, DelegationKey};
use crate::msg::Source;
use crate::rates::rate;
use crate::state::{LIMITS, REPORTERS};
use crate::{commission, powers, tokens};

impl Source {
    /// The source's name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Source::Reporter => "reporter",
            Source::Hooks { .. } => "hooks",
        }
    }

    /// Whether this event is believed beside what the source sends. Powers come with events whatever the
    /// source; where hooks send the rest, the same slash told twice would count twice.
    fn takes(self, event: &StakingEvent) -> bool {
        match self {
            Source::Reporter => true,
            Source::Hooks { .. } => matches!(
                event,
                StakingEvent::PowerChanged { .. } | StakingEvent::PowersChanged { .. }
            ),
        }
    }
}

/// The message `staking_event`: of a staking reporter, or of the owner where the source is `hooks`. A
/// hook can be lost, and nothing that comes later makes up for it: the owner may send any event as a
/// correction.
pub(crate) fn report<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    event: StakingEvent,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let reporters = REPORTERS.load(deps.storage)?;
    let is_reporter = reporters.staking.contains(&info.sender);
    if is_reporter && ctx.config.source.takes(&event) {
        return apply_event::<A>(deps, ctx, &event);
    }
    let may_be_corrected = matches!(ctx.config.source, Source::Hooks { .. });
    if may_be_corrected && assert_owner(deps.storage, &info.sender).is_ok() {
        return apply_event::<A>(deps, ctx, &event);
    }
    if is_reporter {
        return Err(wrong_source(&ctx));
    }
    let role = if ctx.config.source.takes(&event) {
        "a staking reporter"
    } else {
        "the owner, who corrects what hooks lost"
    };
    Err(ContractError::Unauthorized {
        sender: info.sender.into_string(),
        role,
    })
}

/// Applies a staking event of the chain.
///
/// # Errors
/// For a source that does not take it; for unknown validators, values outside their bounds and
/// addresses of other chains.
pub fn apply<A: Accounting>(
    deps: DepsMut,
    env: Env,
    event: StakingEvent,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    if !ctx.config.source.takes(&event) {
        return Err(wrong_source(&ctx));
    }
    apply_event::<A>(deps, ctx, &event)
}

fn wrong_source(ctx: &Context) -> ContractError {
    ContractError::WrongSource {
        pool_source: ctx.config.source.name(),
        what: "this staking event from anybody but its owner, as a correction",
    }
}

fn apply_event<A: Accounting>(
    deps: DepsMut,
    mut ctx: Context,
    event: &StakingEvent,
) -> Result<Response, ContractError> {
    if let StakingEvent::ValidatorCreated { validator, .. } = event {
        ctx.learn_form(deps.storage, validator)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    apply_to_books(&mut books, event)?;
    books.close()
}

fn apply_to_books<A: Accounting>(
    books: &mut Books<A>,
    event: &StakingEvent,
) -> Result<(), ContractError> {
    let ctx = books.ctx;
    match event {
        StakingEvent::ValidatorCreated {
            validator,
            commission,
        } => commission::create(books, &ctx.validator(validator)?, commission),
        StakingEvent::PowerChanged { validator, power } => {
            let change = ChangedPower {
                validator: validator.clone(),
                power: *power,
            };
            powers::apply_changes(books, &[change])
        }
        StakingEvent::PowersChanged { changes } => powers::apply_changes(books, changes),
        StakingEvent::DelegationChanged {
            delegator,
            validator,
            shares,
        } => {
            let key = DelegationKey {
                validator: ctx.validator(validator)?,
                delegator: ctx.chain.account(delegator)?,
            };
            let units = tokens::units_of_text(books, &key.validator, shares)?;
            take_units(books, key, units)
        }
        StakingEvent::ValidatorSlashed {
            validator,
            fraction,
        } => {
            let fraction = rate("fraction", *fraction)?;
            tokens::slash(books, &ctx.validator(validator)?, fraction)
        }
        StakingEvent::ValidatorRemoved { validator } => {
            remove_validator(books, &ctx.validator(validator)?)
        }
        StakingEvent::CommissionChanged { validator, rate } => {
            commission::change_rate(books, &ctx.validator(validator)?, *rate)
        }
    }
}

/// Whether a delegation may have these units: a removed validator's get fewer, never more.
///
/// # Errors
/// Unreadable records.
pub fn takes_units<A: Accounting>(
    books: &Books<A>,
    key: DelegationKey,
    units: ScaledUnits,
) -> Result<bool, ContractError> {
    // Whoever has commission limits was not removed: one read instead of all of its records.
    if LIMITS.has(books.storage, key.validator.as_slice()) {
        return Ok(true);
    }
    let is_removed = A::validator(books, &key.validator)?.is_some_and(|info| info.removed);
    if !is_removed {
        return Ok(true);
    }
    let known = Delegation::<A::Claim>::may_load(books.storage, key)?;
    Ok(units.units <= known.map_or(0, |delegation| delegation.units))
}

/// Sets the units of a delegation, as an event of staking says, unless its validator was removed and they
/// are more than it had.
///
/// # Errors
/// As [`change_units`], and [`ContractError::RemovedValidator`].
pub fn take_units<A: Accounting>(
    books: &mut Books<A>,
    key: DelegationKey,
    units: ScaledUnits,
) -> Result<(), ContractError> {
    if !takes_units(books, key, units)? {
        return Err(books.ctx.removed_validator(&key.validator));
    }
    change_units(books, key, units)
}

/// Sets the units of a delegation, as an event of staking says.
///
/// # Errors
/// For an unknown validator, and beyond the bound on units.
pub fn change_units<A: Accounting>(
    books: &mut Books<A>,
    key: DelegationKey,
    units: ScaledUnits,
) -> Result<(), ContractError> {
    Aspect::Units(&key).mark_newer(books.ctx, books.storage)?;
    set_units(books, key, units)
}

/// Sets the units of a delegation, with an event.
///
/// # Errors
/// For an unknown validator, and beyond the bound on units.
pub fn set_units<A: Accounting>(
    books: &mut Books<A>,
    key: DelegationKey,
    units: ScaledUnits,
) -> Result<(), ContractError> {
    A::set_delegation(books, key, units.units)?;
    books.emit(units_event(books.ctx, "delegation_changed", key, units));
    if units.truncated {
        books.emit(units_event(books.ctx, "units_truncated", key, units));
    }
    Ok(())
}

fn units_event(ctx: &Context, name: &str, key: DelegationKey, units: ScaledUnits) -> Event {
    action(name)
        .add_attribute("delegator", ctx.chain.show(&key.delegator))
        .add_attribute("validator", ctx.show_validator(&key.validator))
        .add_attribute("units", units.units.to_string())
}

/// Removes a validator: no power, no commission terms, no new delegations and deposits. What it and
/// its delegators have earned stays theirs.
///
/// # Errors
/// For an unknown validator.
pub fn remove_validator<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    let Some(info) = A::validator(books, validator)? else {
        return Err(books.ctx.unknown_validator(validator));
    };
    commission::forget_terms(books, validator)?;
    powers::change(books, validator, 0)?;
    if info.exchange_rate != ExchangeRate::ONE {
        // No tokens are left of it. Created again, it starts as every new validator does.
        A::set_exchange_rate(books, validator, ExchangeRate::ONE)?;
    }
    A::remove_validator(books, validator)?;
    books.emit(books.ctx.validator_event("remove_validator", validator));
    Ok(())
}
