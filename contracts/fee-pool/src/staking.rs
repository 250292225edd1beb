//! Staking events: of reporters, of the chain, and of a cw4 group.

use std::cmp::Reverse;

use accounting::validator_set::{self, Member};
use accounting::{Books, DelegationKey};
use cosmwasm_std::{Empty, Event, MessageInfo, Response, Storage};
use distribution_math::Rate;
use interfaces::address::AddressBytes;
use interfaces::cw4::MemberChangedHookMsg;
use interfaces::staking_event::StakingEvent;

use crate::context::Context;
use crate::events::{self, action};
use crate::msg::Source;
use crate::registry;
use crate::state::{EVENT_DELEGATIONS, EVENT_POWERS, EVENT_TERMS, REPORTERS};
use crate::{ContractError, Fault};

impl Source {
    /// The source's name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Source::Reporter => "reporter",
            Source::Sync => "sync",
            Source::Hooks { .. } => "hooks",
        }
    }

    /// Whether staking events of a reporter may tell of this. Powers come with events whatever
    /// the source; where hooks tell, nobody else does, or a slash would count twice.
    fn takes(self, event: &StakingEvent) -> bool {
        match (self, event) {
            (Source::Reporter, _) | (_, StakingEvent::PowerChanged { .. }) => true,
            (Source::Sync, event) => !matches!(event, StakingEvent::DelegationChanged { .. }),
            (Source::Hooks { .. }, _) => false,
        }
    }
}

pub(crate) fn report(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    event: StakingEvent,
) -> Result<Response, ContractError> {
    if !REPORTERS.load(storage)?.staking.contains(&info.sender) {
        return Err(Fault::Unauthorized {
            sender: info.sender.to_string(),
            role: "a staking reporter",
        }
        .into());
    }
    apply(ctx, storage, event)
}

/// Applies a staking event as told, from a reporter or the chain.
///
/// # Errors
/// For a source that does not take it; for unknown validators, values outside their bounds and
/// addresses of other chains.
pub fn apply(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    event: StakingEvent,
) -> Result<Response, ContractError> {
    if !ctx.config.source.takes(&event) {
        return Err(Fault::WrongSource {
            pool_source: ctx.config.source.name(),
            what: "this staking event",
        }
        .into());
    }
    if let StakingEvent::ValidatorCreated { validator, .. } = &event {
        let form = ctx.validator(validator)?.form;
        ctx.learn_form(storage, form)?;
    }
    let mut books = ctx.open(storage)?;
    let told = apply_to_books(ctx, &mut books, &event)?;
    events::close(ctx, books, vec![told])
}

fn apply_to_books(
    ctx: &Context,
    books: &mut Books,
    event: &StakingEvent,
) -> Result<Event, ContractError> {
    match event {
        StakingEvent::ValidatorCreated {
            validator,
            commission,
        } => {
            let validator = ctx.validator(validator)?.bytes;
            note_terms(ctx, books.storage, validator.as_slice())?;
            registry::create(ctx, books, &validator, commission)
        }
        StakingEvent::PowerChanged { validator, power } => {
            let power = registry::checked_power(validator, *power)?;
            let validator = ctx.validator(validator)?.bytes;
            note_power(ctx, books.storage, validator.as_slice())?;
            registry::set_power(ctx, books, validator.as_slice(), power)
        }
        StakingEvent::DelegationChanged {
            delegator,
            validator,
            shares,
        } => {
            let units = ctx.scale().units_of_shares(shares)?;
            let validator = ctx.validator(validator)?.bytes;
            let delegator = ctx.addresses.account(delegator)?;
            let key = DelegationKey {
                delegator: delegator.as_slice(),
                validator: validator.as_slice(),
            };
            change_units(ctx, books, key, units)
        }
        StakingEvent::ValidatorSlashed {
            validator,
            fraction,
        } => {
            let fraction = Rate::new(*fraction)?;
            let validator = ctx.validator(validator)?.bytes;
            slash(ctx, books, validator.as_slice(), fraction)
        }
        StakingEvent::ValidatorRemoved { validator } => {
            let validator = ctx.validator(validator)?.bytes;
            remove(ctx, books, &validator)
        }
        StakingEvent::CommissionChanged { validator, rate } => {
            let validator = ctx.validator(validator)?.bytes;
            note_terms(ctx, books.storage, validator.as_slice())?;
            registry::change_rate(ctx, books, &validator, *rate)
        }
    }
}

/// Sets the units of a delegation that the source told of.
///
/// # Errors
/// For an unknown validator, and beyond the bound on units.
pub fn change_units(
    ctx: &Context,
    books: &mut Books,
    key: DelegationKey,
    units: u128,
) -> Result<Event, ContractError> {
    note_delegation(ctx, books.storage, key)?;
    set_units(ctx, books, key, units)?;
    Ok(delegation_changed(ctx, key, units))
}

/// Sets the units of a delegation.
///
/// # Errors
/// For an unknown validator, and beyond the bound on units.
pub(crate) fn set_units(
    ctx: &Context,
    books: &mut Books,
    key: DelegationKey,
    units: u128,
) -> Result<(), ContractError> {
    ctx.engine()
        .set_delegation(books, key, units)
        .map_err(|error| registry::naming(ctx, key.validator, error))
}

/// The event of a delegation whose units changed.
pub(crate) fn delegation_changed(ctx: &Context, key: DelegationKey, units: u128) -> Event {
    action("delegation_changed")
        .add_attribute("delegator", ctx.show_account(key.delegator))
        .add_attribute("validator", ctx.show_validator(key.validator))
        .add_attribute("units", units.to_string())
}

/// Lowers a validator's exchange rate.
///
/// # Errors
/// For an unknown validator.
pub fn slash(
    ctx: &Context,
    books: &mut Books,
    validator: &[u8],
    fraction: Rate,
) -> Result<Event, ContractError> {
    ctx.engine()
        .slash(books, validator, fraction)
        .map_err(|error| registry::naming(ctx, validator, error))?;
    Ok(action("validator_slashed")
        .add_attribute("validator", ctx.show_validator(validator))
        .add_attribute("fraction", fraction.to_string()))
}

/// Removes a validator that the source told of.
///
/// # Errors
/// For an unknown validator.
pub fn remove(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Event, ContractError> {
    note_power(ctx, books.storage, validator.as_slice())?;
    note_terms(ctx, books.storage, validator.as_slice())?;
    registry::remove(ctx, books, validator)
}

/// Before activation: this delegation is newer than any import.
pub(crate) fn note_delegation(
    ctx: &Context,
    storage: &mut dyn Storage,
    key: DelegationKey,
) -> Result<(), ContractError> {
    if !ctx.config.active {
        EVENT_DELEGATIONS.save(storage, (key.delegator, key.validator), &Empty {})?;
    }
    Ok(())
}

/// Before activation: this power is newer than any import.
fn note_power(
    ctx: &Context,
    storage: &mut dyn Storage,
    validator: &[u8],
) -> Result<(), ContractError> {
    if !ctx.config.active {
        EVENT_POWERS.save(storage, validator, &Empty {})?;
    }
    Ok(())
}

/// Before activation: this commission is newer than any import.
pub(crate) fn note_terms(
    ctx: &Context,
    storage: &mut dyn Storage,
    validator: &[u8],
) -> Result<(), ContractError> {
    if !ctx.config.active {
        EVENT_TERMS.save(storage, validator, &Empty {})?;
    }
    Ok(())
}

pub(crate) fn member_changed(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    hook: MemberChangedHookMsg,
) -> Result<Response, ContractError> {
    if ctx.config.group.as_ref() != Some(&info.sender) {
        return Err(Fault::Unauthorized {
            sender: info.sender.to_string(),
            role: "the pool's cw4 group",
        }
        .into());
    }
    if let Some(first) = hook.diffs.first() {
        let form = ctx.validator(&first.key)?.form;
        ctx.learn_form(storage, form)?;
    }
    let mut books = ctx.open(storage)?;
    let said = last_said(ctx, &hook)?;
    let mut told = Vec::with_capacity(said.len());
    let mut members = Vec::with_capacity(said.len());
    for Said {
        validator, power, ..
    } in said
    {
        let bytes = validator.as_slice();
        note_power(ctx, books.storage, bytes)?;
        told.extend(registry::take_power(ctx, &mut books, bytes, power)?);
        members.push(Member {
            address: bytes.to_vec(),
            power,
        });
    }
    validator_set::set_powers(books.storage, &members)?;
    events::close(ctx, books, told)
}

/// A member's power as a group told it.
struct Said {
    validator: AddressBytes,
    /// Place among what the group told.
    place: usize,
    power: u64,
}

/// What a group told of each member, by address: a member that is named twice has what was said
/// last.
fn last_said(ctx: &Context, hook: &MemberChangedHookMsg) -> Result<Vec<Said>, ContractError> {
    let mut said = Vec::with_capacity(hook.diffs.len());
    for (place, diff) in hook.diffs.iter().enumerate() {
        said.push(Said {
            validator: ctx.validator(&diff.key)?.bytes,
            place,
            power: registry::checked_power(&diff.key, diff.new.unwrap_or_default().into())?,
        });
    }
    // Of a member the last one comes first, and stays.
    said.sort_unstable_by_key(|it| (it.validator, Reverse(it.place)));
    said.dedup_by_key(|it| it.validator);
    Ok(said)
}
