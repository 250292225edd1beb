//! Validators: creation, power, commission terms.

use accounting::validator_set::{self, Member};
use accounting::{AccountingError, AccountingFault, Books};
use cosmwasm_std::{Decimal256, Event, MessageInfo, Response, Storage, Timestamp, Uint128};
use distribution_math::Rate;
use interfaces::address::AddressBytes;
use interfaces::staking_event::CommissionTerms;

use crate::context::Context;
use crate::events::{self, action};
use crate::msg::Source;
use crate::staking;
use crate::state::{TERMS, Terms};
use crate::{ContractError, Fault};

/// Seconds between two edits of a commission.
const EDIT_INTERVAL: u64 = 24 * 60 * 60;

/// A power as the accounting takes it.
///
/// # Errors
/// [`Fault::PowerBound`] from 2^63 upwards.
pub fn checked_power(validator: &str, power: Uint128) -> Result<u64, ContractError> {
    u64::try_from(power.u128())
        .ok()
        .filter(|power| *power < 1 << 63)
        .ok_or_else(|| {
            Fault::PowerBound {
                validator: validator.chars().take(128).collect(),
                power,
            }
            .into()
        })
}

/// The rate of terms that keep the rules `rate <= max_rate <= 1` and
/// `max_change_rate <= max_rate`.
///
/// # Errors
/// [`Fault::CommissionLimit`] otherwise.
pub fn checked_terms(terms: &CommissionTerms) -> Result<Rate, ContractError> {
    at_most("max_rate", terms.max_rate, "1", Decimal256::one())?;
    at_most("rate", terms.rate, "max_rate", terms.max_rate)?;
    at_most(
        "max_change_rate",
        terms.max_change_rate,
        "max_rate",
        terms.max_rate,
    )?;
    Ok(Rate::new(terms.rate)?)
}

fn at_most(
    name: &'static str,
    value: Decimal256,
    limit_name: &'static str,
    limit: Decimal256,
) -> Result<(), ContractError> {
    if value > limit {
        return Err(Fault::CommissionLimit {
            name,
            value,
            limit_name,
            limit,
        }
        .into());
    }
    Ok(())
}

/// Creates a validator with terms, or brings a removed one back under new ones.
///
/// # Errors
/// For terms that break a rule, and for a validator that is there with terms already.
pub fn create(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> Result<Event, ContractError> {
    let bytes = validator.as_slice();
    let is_removed = ctx
        .engine()
        .validator(books, bytes)?
        .is_some_and(|view| view.removed);
    if !is_removed && TERMS.has(books.storage, bytes) {
        return Err(Fault::ValidatorExists {
            validator: ctx.show_validator(bytes),
        }
        .into());
    }
    put_terms(ctx, books, validator, terms)
}

/// Sets a validator's terms, whatever they were; makes its record if there is none.
///
/// # Errors
/// For terms that break a rule.
pub fn put_terms(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> Result<Event, ContractError> {
    let rate = checked_terms(terms)?;
    let bytes = validator.as_slice();
    ctx.engine().create_validator(books, bytes, rate)?;
    let limits = Terms {
        max_rate: terms.max_rate,
        max_change_rate: terms.max_change_rate,
        last_edit: None,
    };
    TERMS.save(books.storage, bytes, &limits)?;
    Ok(action("create_validator")
        .add_attribute("validator", ctx.show_validator(bytes))
        .add_attribute("rate", terms.rate.to_string())
        .add_attribute("max_rate", terms.max_rate.to_string())
        .add_attribute("max_change_rate", terms.max_change_rate.to_string()))
}

/// Sets a known validator's power, in the accounting and in the set that votes are compared with.
///
/// # Errors
/// For an unknown validator.
pub fn set_power(
    ctx: &Context,
    books: &mut Books,
    validator: &[u8],
    power: u64,
) -> Result<Event, ContractError> {
    set_known_power(ctx, books, validator, power)?;
    put_in_set(books.storage, validator, power)?;
    Ok(power_changed(ctx, validator, power))
}

/// Sets a known validator's power in the accounting; the set that votes are compared with is told
/// later.
///
/// # Errors
/// For an unknown validator.
pub(crate) fn set_known_power(
    ctx: &Context,
    books: &mut Books,
    validator: &[u8],
    power: u64,
) -> Result<(), ContractError> {
    ctx.engine()
        .set_power(books, validator, power)
        .map_err(|error| naming(ctx, validator, error))
}

fn put_in_set(
    storage: &mut dyn Storage,
    validator: &[u8],
    power: u64,
) -> Result<(), ContractError> {
    let member = Member {
        address: validator.to_vec(),
        power,
    };
    Ok(validator_set::set_powers(storage, &[member])?)
}

/// Takes over a power in the accounting; the set that votes are compared with knows it already or
/// is told later. A validator that nobody told of gets a record with commission 0 and no delegators.
///
/// # Errors
/// Unreadable records.
pub(crate) fn take_power(
    ctx: &Context,
    books: &mut Books,
    validator: &[u8],
    power: u64,
) -> Result<Vec<Event>, ContractError> {
    let mut events = Vec::with_capacity(2);
    match ctx.engine().set_power(books, validator, power) {
        Err(error) if matches!(error.fault(), AccountingFault::UnknownValidator) => {
            // Nothing to take from somebody who never had any.
            if power == 0 {
                return Ok(events);
            }
            events.push(record_unknown(ctx, books, validator)?);
            ctx.engine().set_power(books, validator, power)?;
        }
        result => result?,
    }
    events.push(power_changed(ctx, validator, power));
    Ok(events)
}

/// Makes a record without terms for a validator that only its power or a delegation tells of.
fn record_unknown(
    ctx: &Context,
    books: &mut Books,
    validator: &[u8],
) -> Result<Event, ContractError> {
    ctx.engine()
        .create_validator(books, validator, Rate::ZERO)?;
    Ok(action("validator_recorded")
        .add_attribute("validator", ctx.show_validator(validator))
        .add_attribute("commission", Rate::ZERO.to_string()))
}

fn power_changed(ctx: &Context, validator: &[u8], power: u64) -> Event {
    action("power_changed")
        .add_attribute("validator", ctx.show_validator(validator))
        .add_attribute("power", power.to_string())
}

/// Removes a validator: no power, no new rewards.
///
/// # Errors
/// For an unknown validator.
pub fn remove(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Event, ContractError> {
    let bytes = validator.as_slice();
    ctx.engine()
        .remove_validator(books, bytes)
        .map_err(|error| naming(ctx, bytes, error))?;
    put_in_set(books.storage, bytes, 0)?;
    Ok(action("remove_validator").add_attribute("validator", ctx.show_validator(bytes)))
}

/// Takes over a commission rate that the staking module decided on.
///
/// # Errors
/// For an unknown validator, and above its limit.
pub fn change_rate(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
    rate: Decimal256,
) -> Result<Event, ContractError> {
    let bytes = validator.as_slice();
    let limit = TERMS
        .may_load(books.storage, bytes)?
        .map_or(Decimal256::one(), |terms| terms.max_rate);
    at_most("rate", rate, "max_rate", limit)?;
    ctx.engine()
        .set_commission_rate(books, bytes, Rate::new(rate)?)
        .map_err(|error| naming(ctx, bytes, error))?;
    Ok(rate_changed(ctx, bytes, rate))
}

fn rate_changed(ctx: &Context, validator: &[u8], rate: Decimal256) -> Event {
    action("commission_changed")
        .add_attribute("validator", ctx.show_validator(validator))
        .add_attribute("rate", rate.to_string())
}

/// Names the validator in an error of the accounting, which knows bytes only.
pub(crate) fn naming(ctx: &Context, validator: &[u8], error: AccountingError) -> ContractError {
    match error.fault() {
        AccountingFault::UnknownValidator => Fault::UnknownValidator {
            validator: ctx.show_validator(validator),
        }
        .into(),
        _ => error.into(),
    }
}

/// Refuses a validator that the pool has no record of.
///
/// # Errors
/// [`Fault::UnknownValidator`].
pub fn assert_known(
    ctx: &Context,
    books: &Books,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    ctx.engine()
        .validator(books, validator.as_slice())?
        .map(|_| ())
        .ok_or_else(|| {
            Fault::UnknownValidator {
                validator: ctx.show_validator(validator.as_slice()),
            }
            .into()
        })
}

pub(crate) fn edit_commission(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    rate: Decimal256,
) -> Result<Response, ContractError> {
    if let Source::Hooks { .. } = ctx.config.source {
        return Err(Fault::WrongSource {
            pool_source: "hooks",
            what: "edit_commission: the chain's rate is taken",
        }
        .into());
    }
    let operator = ctx.addresses.account(info.sender.as_str())?;
    let bytes = operator.as_slice();
    let mut books = ctx.open(storage)?;
    let now = ctx
        .engine()
        .validator(&books, bytes)?
        .ok_or_else(|| Fault::Unauthorized {
            sender: info.sender.to_string(),
            role: "the operator of a validator",
        })?
        .commission_rate
        .to_decimal();
    staking::note_terms(ctx, books.storage, bytes)?;
    note_edit(
        ctx,
        books.storage,
        &operator,
        Change {
            from: now,
            to: rate,
        },
    )?;
    ctx.engine()
        .set_commission_rate(&mut books, bytes, Rate::new(rate)?)?;
    events::close(ctx, books, vec![rate_changed(ctx, bytes, rate)])
}

struct Change {
    from: Decimal256,
    to: Decimal256,
}

/// Checks an operator's edit against its terms and notes its time.
fn note_edit(
    ctx: &Context,
    storage: &mut dyn Storage,
    operator: &AddressBytes,
    change: Change,
) -> Result<(), ContractError> {
    let mut terms = TERMS
        .may_load(storage, operator.as_slice())?
        .ok_or_else(|| Fault::NoCommissionTerms {
            validator: ctx.show_validator(operator.as_slice()),
        })?;
    if let Some(last_edit) = terms.last_edit {
        let next_edit = Timestamp::from_nanos(
            last_edit
                .nanos()
                .saturating_add(EDIT_INTERVAL.saturating_mul(1_000_000_000)),
        );
        if ctx.env.block.time < next_edit {
            return Err(Fault::CommissionEditTooSoon {
                last_edit,
                next_edit,
            }
            .into());
        }
    }
    at_most("rate", change.to, "max_rate", terms.max_rate)?;
    at_most(
        "rise of the rate",
        change.to.saturating_sub(change.from),
        "max_change_rate",
        terms.max_change_rate,
    )?;
    terms.last_edit = Some(ctx.env.block.time);
    Ok(TERMS.save(storage, operator.as_slice(), &terms)?)
}

pub(crate) fn refresh_validator(
    ctx: &Context,
    storage: &mut dyn Storage,
    validator: String,
) -> Result<Response, ContractError> {
    let Source::Hooks { .. } = ctx.config.source else {
        return Err(Fault::WrongSource {
            pool_source: ctx.config.source.name(),
            what: "refresh_validator: it reads what hooks tell of",
        }
        .into());
    };
    let name = ctx.validator(&validator)?;
    let bytes = name.bytes.as_slice();
    let mut books = ctx.open(storage)?;
    ctx.engine()
        .mark_commission_stale(&mut books, bytes)
        .map_err(|error| naming(ctx, bytes, error))?;
    ctx.engine().settle_validator(&mut books, bytes)?;
    let entries = books.close()?;
    let event = action("refresh_validator").add_attribute("validator", ctx.show_validator(bytes));
    Ok(Response::new()
        .add_event(event)
        .add_events(events::journal(ctx, entries)))
}
