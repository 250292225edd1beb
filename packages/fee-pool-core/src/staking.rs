//! Staking events: what a reporter, or the chain itself, sends of a change in staking.

use chain_types::address::AddressBytes;
use chain_types::staking_event::StakingEvent;
use cosmwasm_std::{DepsMut, Empty, Env, MessageInfo, Response};
use distribution_math::Rate;
use pool_kit::events::action;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::Context;
use crate::delegations::DelegationKey;
use crate::msg::Source;
use crate::state::{EVENT_DELEGATIONS, REPORTERS};
use crate::{commission, powers, tokens};

impl Source {
    /// The source's name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Source::Reporter => "reporter",
            Source::Hooks { .. } => "hooks",
        }
    }

    /// Whether a reporter may send this event. Powers come with events whatever the source; where
    /// hooks send the rest, nobody else does, or a slash would count twice.
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

/// The message `staking_event` of a staking reporter.
pub(crate) fn report<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    event: StakingEvent,
) -> Result<Response, ContractError> {
    let reporters = REPORTERS.load(deps.storage)?;
    if !reporters.staking.contains(&info.sender) {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            role: "a staking reporter",
        });
    }
    apply::<A>(deps, env, event)
}

/// Applies a staking event of a reporter or of the chain.
///
/// # Errors
/// For a source that does not take it; for unknown validators, values outside their bounds and
/// addresses of other chains.
pub fn apply<A: Accounting>(
    deps: DepsMut,
    env: Env,
    event: StakingEvent,
) -> Result<Response, ContractError> {
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    if !ctx.config.source.takes(&event) {
        return Err(ContractError::WrongSource {
            pool_source: ctx.config.source.name(),
            what: "this staking event",
        });
    }
    if let StakingEvent::ValidatorCreated { validator, .. } = &event {
        ctx.learn_form(deps.storage, validator)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    apply_to_books(&mut books, &event)?;
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
        } => {
            let validator = ctx.validator(validator)?;
            commission::mark_newer_than_import(ctx, books.storage, &validator)?;
            commission::create(books, &validator, commission)
        }
        StakingEvent::PowerChanged { validator, power } => {
            let power = powers::checked_power(validator, *power)?;
            let validator = ctx.validator(validator)?;
            powers::mark_newer_than_import(ctx, books.storage, &validator)?;
            powers::set(books, &validator, power)
        }
        StakingEvent::PowersChanged { changes } => {
            for change in changes {
                let validator = ctx.validator(&change.validator)?;
                powers::mark_newer_than_import(ctx, books.storage, &validator)?;
            }
            powers::apply_changes(books, changes)
        }
        StakingEvent::DelegationChanged {
            delegator,
            validator,
            shares,
        } => {
            let units = ctx.scale().units_of_shares(shares)?;
            let key = DelegationKey {
                validator: ctx.validator(validator)?,
                delegator: ctx.chain.account(delegator)?,
            };
            change_units(books, key, units)
        }
        StakingEvent::ValidatorSlashed {
            validator,
            fraction,
        } => {
            let fraction = Rate::new(*fraction)?;
            tokens::slash(books, &ctx.validator(validator)?, fraction)
        }
        StakingEvent::ValidatorRemoved { validator } => {
            let validator = ctx.validator(validator)?;
            remove_validator(books, &validator)
        }
        StakingEvent::CommissionChanged { validator, rate } => {
            let validator = ctx.validator(validator)?;
            commission::mark_newer_than_import(ctx, books.storage, &validator)?;
            commission::change_rate(books, &validator, *rate)
        }
    }
}

/// Sets the units of a delegation, as an event of staking says.
///
/// # Errors
/// For an unknown validator, and beyond the bound on units.
pub fn change_units<A: Accounting>(
    books: &mut Books<A>,
    key: DelegationKey,
    units: u128,
) -> Result<(), ContractError> {
    if !books.ctx.config.active {
        // Newer than any import.
        let place = (key.delegator.as_slice(), key.validator.as_slice());
        EVENT_DELEGATIONS.save(books.storage, place, &Empty {})?;
    }
    set_units(books, key, units)
}

/// Sets the units of a delegation, with an event.
///
/// # Errors
/// For an unknown validator, and beyond the bound on units.
pub fn set_units<A: Accounting>(
    books: &mut Books<A>,
    key: DelegationKey,
    units: u128,
) -> Result<(), ContractError> {
    A::set_delegation(books, key, units)?;
    let ctx = books.ctx;
    books.emit(
        action("delegation_changed")
            .add_attribute("delegator", ctx.chain.show(&key.delegator))
            .add_attribute("validator", ctx.show_validator(&key.validator))
            .add_attribute("units", units.to_string()),
    );
    Ok(())
}

/// Removes a validator: no power, no new deposits. What it and its delegators have
/// earned stays theirs.
///
/// # Errors
/// For an unknown validator.
pub fn remove_validator<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    if A::validator(books, validator)?.is_none() {
        return Err(books.ctx.unknown_validator(validator));
    }
    powers::mark_newer_than_import(books.ctx, books.storage, validator)?;
    commission::mark_newer_than_import(books.ctx, books.storage, validator)?;
    powers::set(books, validator, 0)?;
    A::remove_validator(books, validator)?;
    books.emit(books.ctx.validator_event("remove_validator", validator));
    Ok(())
}
