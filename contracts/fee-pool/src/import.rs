//! The state at the start, in pages, and activation.
//!
//! An import is a snapshot, and staking goes on while it is carried over: what an event has written
//! meanwhile is newer and is never overwritten.

use accounting::validator_set::{self, Member};
use accounting::{Books, DelegationKey};
use cosmwasm_std::{Event, MessageInfo, Response, Storage};

use crate::context::{Context, assert_owner};
use crate::events::{self, action};
use crate::msg::{ImportedDelegation, ImportedValidator};
use crate::sampling;
use crate::state::{CONFIG, EVENT_DELEGATIONS, EVENT_POWERS, EVENT_TERMS};
use crate::{ContractError, Fault};
use crate::{registry, staking};

pub(crate) fn import(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    validators: Vec<ImportedValidator>,
    delegations: Vec<ImportedDelegation>,
) -> Result<Response, ContractError> {
    assert_owner(storage, &info.sender)?;
    if ctx.config.active {
        return Err(Fault::AlreadyActive.into());
    }
    if let Some(first) = validators.first() {
        let form = ctx.validator(&first.validator)?.form;
        ctx.learn_form(storage, form)?;
    }
    let mut books = ctx.open(storage)?;
    let mut skipped = Vec::new();
    let mut members = Vec::with_capacity(validators.len());
    for line in &validators {
        let Imported { member, events } = import_validator(ctx, &mut books, line)?;
        members.extend(member);
        skipped.extend(events);
    }
    validator_set::set_powers(books.storage, &members)?;
    for line in &delegations {
        skipped.extend(import_delegation(ctx, &mut books, line)?);
    }
    let entries = books.close()?;
    let event = action("import")
        .add_attribute("validators", validators.len().to_string())
        .add_attribute("delegations", delegations.len().to_string());
    Ok(Response::new()
        .add_event(event)
        .add_events(skipped)
        .add_events(events::journal(ctx, entries)))
}

fn skipped(what: &str) -> Event {
    action("import_skipped").add_attribute("what", what)
}

/// What a line about a validator leads to.
struct Imported {
    /// Its power, for the set that votes are compared with, unless an event told a newer one.
    member: Option<Member>,
    /// What was skipped.
    events: Vec<Event>,
}

fn import_validator(
    ctx: &Context,
    books: &mut Books,
    line: &ImportedValidator,
) -> Result<Imported, ContractError> {
    let validator = ctx.validator(&line.validator)?.bytes;
    let bytes = validator.as_slice();
    let power = registry::checked_power(&line.validator, line.power)?;
    let mut events = Vec::new();
    let skip = |what| skipped(what).add_attribute("validator", ctx.show_validator(bytes));
    if EVENT_TERMS.has(books.storage, bytes) {
        registry::checked_terms(&line.commission)?;
        events.push(skip("commission"));
    } else {
        registry::put_terms(ctx, books, &validator, &line.commission)?;
    }
    let member = if EVENT_POWERS.has(books.storage, bytes) {
        events.push(skip("power"));
        None
    } else {
        registry::set_known_power(ctx, books, bytes, power)?;
        Some(Member {
            address: bytes.to_vec(),
            power,
        })
    };
    Ok(Imported { member, events })
}

fn import_delegation(
    ctx: &Context,
    books: &mut Books,
    line: &ImportedDelegation,
) -> Result<Vec<Event>, ContractError> {
    let validator = ctx.validator(&line.validator)?.bytes;
    let delegator = ctx.addresses.account(&line.delegator)?;
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator: validator.as_slice(),
    };
    let view = ctx
        .engine()
        .validator(books, key.validator)?
        .ok_or_else(|| Fault::UnknownValidator {
            validator: ctx.show_validator(key.validator),
        })?;
    let units = if sampling::tells_tokens(&ctx.config.source) {
        sampling::units_of_told_tokens(ctx, &line.shares, view.exchange_rate)?
    } else {
        ctx.scale().units_of_shares(&line.shares)?
    };
    if EVENT_DELEGATIONS.has(books.storage, (key.delegator, key.validator)) {
        let event = skipped("delegation")
            .add_attribute("delegator", ctx.show_account(key.delegator))
            .add_attribute("validator", ctx.show_validator(key.validator));
        return Ok(vec![event]);
    }
    staking::set_units(ctx, books, key, units)?;
    Ok(Vec::new())
}

pub(crate) fn activate(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
) -> Result<Response, ContractError> {
    assert_owner(storage, &info.sender)?;
    if ctx.config.active {
        return Err(Fault::AlreadyActive.into());
    }
    ctx.config.active = true;
    CONFIG.save(storage, &ctx.config)?;
    let books = ctx.open(storage)?;
    let event = action("activate")
        .add_attribute("total_power", books.pool.total_power.to_string())
        .add_attribute(
            "active_validators",
            books.pool.active_validators.to_string(),
        );
    Ok(events::response(event))
}
