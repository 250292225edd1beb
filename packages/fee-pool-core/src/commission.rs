//! Commission terms of validators: set at creation, edited by operators, announced and decided by the
//! chain.
//!
//! With source `hooks` the chain's terms are taken as they are. It announces a change before it makes
//! it and sends nothing afterwards, so the validator is put on a list, and the next block asks the
//! chain before it splits any fees: nothing was earned in between, so nothing has to be remembered.

use chain_types::address::AddressBytes;
use chain_types::staking_event::CommissionTerms;
use chain_types::staking_query::{self, NoAnswer};
use cosmwasm_std::{
    Decimal256, DepsMut, Empty, Env, MessageInfo, Order, Response, StdResult, Storage,
};
use distribution_math::Rate;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::Context;
use crate::msg::Source;
use crate::state::{ANNOUNCED, CommissionLimits, EVENT_TERMS, LIMITS};

/// Seconds between two edits of a commission.
const EDIT_INTERVAL: u64 = 24 * 60 * 60;

/// The most announced validators whose terms one block reads; the rest waits for the next block.
const MAX_READ_PER_BLOCK: usize = 20;

/// The rate of terms that keep the rules `rate <= max_rate <= 1` and
/// `max_change_rate <= max_rate`.
///
/// # Errors
/// [`ContractError::CommissionLimit`] otherwise.
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
        return Err(ContractError::CommissionLimit {
            name,
            value,
            limit_name,
            limit,
        });
    }
    Ok(())
}

/// Creates a validator with terms, or brings a removed one back under new ones.
///
/// # Errors
/// For terms that break a rule, and for a validator that has terms already.
pub fn create<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> Result<(), ContractError> {
    let info = A::validator(books, validator)?;
    let is_removed = info.is_some_and(|info| info.removed);
    if !is_removed && LIMITS.has(books.storage, validator.as_slice()) {
        return Err(ContractError::ValidatorExists {
            validator: books.ctx.show_validator(validator),
        });
    }
    checked_terms(terms)?;
    set_terms(books, validator, terms)
}

/// Sets a validator's terms, whatever they were; makes its record if there is none.
///
/// # Errors
/// For a rate above 1.
pub fn set_terms<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> Result<(), ContractError> {
    A::create_validator(books, validator, Rate::new(terms.rate)?)?;
    save_limits(books.storage, validator, terms)?;
    let event = books
        .ctx
        .validator_event("create_validator", validator)
        .add_attribute("rate", terms.rate.to_string())
        .add_attribute("max_rate", terms.max_rate.to_string())
        .add_attribute("max_change_rate", terms.max_change_rate.to_string());
    books.emit(event);
    Ok(())
}

fn save_limits(
    storage: &mut dyn Storage,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> StdResult<()> {
    let limits = CommissionLimits {
        max_rate: terms.max_rate,
        max_change_rate: terms.max_change_rate,
        last_edit: None,
    };
    LIMITS.save(storage, validator.as_slice(), &limits)
}

/// Before activation: the terms of this validator are newer than any import.
///
/// # Errors
/// When the mark cannot be written.
pub fn mark_newer_than_import(
    ctx: &Context,
    storage: &mut dyn Storage,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    if !ctx.config.active {
        EVENT_TERMS.save(storage, validator.as_slice(), &Empty {})?;
    }
    Ok(())
}

/// Changes a rate as a reporter sends it: the chain's staking module decided on it, within the
/// validator's limit.
///
/// # Errors
/// For an unknown validator, and above its limit.
pub fn change_rate<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    rate: Decimal256,
) -> Result<(), ContractError> {
    let limits = LIMITS.may_load(books.storage, validator.as_slice())?;
    let max_rate = limits.map_or(Decimal256::one(), |limits| limits.max_rate);
    at_most("rate", rate, "max_rate", max_rate)?;
    set_rate(books, validator, rate)
}

fn set_rate<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    rate: Decimal256,
) -> Result<(), ContractError> {
    A::set_commission_rate(books, validator, Rate::new(rate)?)?;
    let event = books.ctx.validator_event("commission_changed", validator);
    books.emit(event.add_attribute("rate", rate.to_string()));
    Ok(())
}

/// The message `edit_commission` of an operator.
pub(crate) fn edit_commission<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    rate: Decimal256,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    if let Source::Hooks { .. } = ctx.config.source {
        return Err(ContractError::WrongSource {
            pool_source: "hooks",
            what: "edit_commission: the chain's rate is taken",
        });
    }
    let operator = ctx.chain.sender(&info)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let Some(validator) = A::validator(&books, &operator)? else {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            role: "the operator of a validator",
        });
    };
    mark_newer_than_import(&ctx, books.storage, &operator)?;
    let mut limits = LIMITS
        .may_load(books.storage, operator.as_slice())?
        .ok_or_else(|| ContractError::NoCommissionTerms {
            validator: ctx.show_validator(&operator),
        })?;
    if let Some(last_edit) = limits.last_edit {
        let next_edit = last_edit.plus_seconds(EDIT_INTERVAL);
        if env.block.time < next_edit {
            return Err(ContractError::CommissionEditTooSoon {
                last_edit,
                next_edit,
            });
        }
    }
    at_most("rate", rate, "max_rate", limits.max_rate)?;
    let rise = rate.saturating_sub(validator.commission_rate.to_decimal());
    at_most(
        "rise of the rate",
        rise,
        "max_change_rate",
        limits.max_change_rate,
    )?;
    limits.last_edit = Some(env.block.time);
    LIMITS.save(books.storage, operator.as_slice(), &limits)?;
    set_rate(&mut books, &operator, rate)?;
    books.close()
}

/// A validator's terms as the chain's staking module knows them.
///
/// # Errors
/// [`NoAnswer`], also for a rate above 1.
pub fn chain_terms(ctx: &Context, validator: &AddressBytes) -> Result<CommissionTerms, NoAnswer> {
    let operator = ctx.operator_address(validator);
    let terms = staking_query::validator(&ctx.chain.querier, &operator)?;
    if terms.rate > Decimal256::one() {
        return Err(NoAnswer {
            reason: format!("the commission rate {} is above 1", terms.rate),
        });
    }
    Ok(terms)
}

/// Puts a validator on the list of those whose terms the chain is about to change.
///
/// # Errors
/// For an unknown validator.
pub fn announce<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    if A::validator(books, validator)?.is_none() {
        return Err(books.ctx.unknown_validator(validator));
    }
    let height = books.ctx.chain.env.block.height;
    ANNOUNCED.save(books.storage, validator.as_slice(), &height)?;
    books.emit(books.ctx.validator_event("commission_announced", validator));
    Ok(())
}

/// Reads the terms of validators that were announced in earlier blocks, at most
/// [`MAX_READ_PER_BLOCK`] of them. Without an answer an announcement is dropped with an event, and
/// the known terms stay until somebody refreshes them.
///
/// # Errors
/// Unreadable records.
pub fn resolve_announced<A: Accounting>(books: &mut Books<A>) -> Result<(), ContractError> {
    let height = books.ctx.chain.env.block.height;
    let announced: Vec<AddressBytes> = ANNOUNCED
        .range_raw(books.storage, None, None, Order::Ascending)
        .filter(|entry| !matches!(entry, Ok((_, at)) if *at >= height))
        .take(MAX_READ_PER_BLOCK)
        .map(|entry| Ok(AddressBytes::new(&entry?.0)?))
        .collect::<Result<_, ContractError>>()?;
    for validator in announced {
        ANNOUNCED.remove(books.storage, validator.as_slice());
        match chain_terms(books.ctx, &validator) {
            Ok(terms) => follow_chain(books, &validator, &terms)?,
            Err(no_answer) => {
                let event = books
                    .ctx
                    .validator_event("announcement_dropped", &validator);
                books.emit(event.add_attribute("reason", no_answer.reason));
            }
        }
    }
    Ok(())
}

/// Takes the chain's terms as they are; terms that are known already change nothing.
fn follow_chain<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> Result<(), ContractError> {
    let Some(known) = A::validator(books, validator)? else {
        return Err(books.ctx.unknown_validator(validator));
    };
    let rate = Rate::new(terms.rate)?;
    if known.commission_rate != rate {
        A::set_commission_rate(books, validator, rate)?;
    }
    let limits = LIMITS.may_load(books.storage, validator.as_slice())?;
    let are_known = limits.is_some_and(|limits| {
        limits.max_rate == terms.max_rate && limits.max_change_rate == terms.max_change_rate
    });
    if !are_known {
        save_limits(books.storage, validator, terms)?;
    }
    let event = books
        .ctx
        .validator_event("commission_read", validator)
        .add_attribute("rate", terms.rate.to_string())
        .add_attribute("max_rate", terms.max_rate.to_string())
        .add_attribute("max_change_rate", terms.max_change_rate.to_string());
    books.emit(event);
    Ok(())
}

/// The message `refresh_validator`, of anyone.
///
/// Refused in the block in which the chain announced a change of the validator: the message may come
/// from another contract's hook, in the middle of that change, and would take the old terms for the
/// new ones.
pub(crate) fn refresh_validator<A: Accounting>(
    deps: DepsMut,
    env: Env,
    validator: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let Source::Hooks { .. } = ctx.config.source else {
        return Err(ContractError::WrongSource {
            pool_source: ctx.config.source.name(),
            what: "refresh_validator: it reads what hooks announce",
        });
    };
    let validator = ctx.validator(&validator)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    if A::validator(&books, &validator)?.is_none() {
        return Err(ctx.unknown_validator(&validator));
    }
    if let Some(height) = ANNOUNCED.may_load(books.storage, validator.as_slice())? {
        if height >= env.block.height {
            return Err(ContractError::AnnouncedInThisBlock {
                validator: ctx.show_validator(&validator),
            });
        }
        ANNOUNCED.remove(books.storage, validator.as_slice());
    }
    let terms = chain_terms(&ctx, &validator)?;
    books.emit(ctx.validator_event("refresh_validator", &validator));
    follow_chain(&mut books, &validator, &terms)?;
    books.close()
}
