//! Commission terms of validators: set at creation, edited by operators, announced and decided by the
//! chain.
//!
//! With source `hooks` the chain's terms are taken as they are. It announces a change before it makes
//! it and sends nothing afterwards, so the validator is put on a list, and the next block asks the
//! chain before it splits any fees: nothing was earned in between, so nothing has to be remembered.

use std::collections::BTreeSet;

use chain_types::address::AddressBytes;
use chain_types::staking_event::CommissionTerms;
use chain_types::staking_query::{self, NoAnswer};
use cosmwasm_std::{
    Decimal256, DepsMut, Empty, Env, Event, MessageInfo, Order, Response, StdResult, Storage,
};
use cw_storage_plus::PrefixBound;
use distribution_math::Rate;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::aspect::Aspect;
use crate::books::Books;
use crate::context::{Context, assert_owner};
use crate::msg::{CommissionTermsUpdate, Source};
use crate::rates::{at_most, rate};
use crate::state::{ANNOUNCED, CommissionLimits, LIMITS};

/// Seconds between two edits of a commission.
const EDIT_INTERVAL: u64 = 24 * 60 * 60;

/// The most announcements that one block reads; the rest waits for the next block.
const MAX_READ_PER_BLOCK: usize = 20;

/// Refuses terms that break the rules `rate <= max_rate <= 1` and `max_change_rate <= max_rate`.
///
/// # Errors
/// [`ContractError::AboveLimit`].
pub fn assert_sound(terms: &CommissionTerms) -> Result<(), ContractError> {
    rate("max_rate", terms.max_rate)?;
    at_most("rate", terms.rate, "max_rate", terms.max_rate)?;
    let max_change_rate = terms.max_change_rate;
    at_most(
        "max_change_rate",
        max_change_rate,
        "max_rate",
        terms.max_rate,
    )
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
    if LIMITS.has(books.storage, validator.as_slice()) {
        return Err(ContractError::ValidatorExists {
            validator: books.ctx.show_validator(validator),
        });
    }
    assert_sound(terms)?;
    mark_newer_than_import(books, validator)?;
    set_terms(books, validator, terms)
}

/// Makes the record of a validator of which no terms are known, or brings a removed one back without any.
///
/// # Errors
/// Unreadable records.
pub fn record<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    known_rate: Rate,
) -> Result<(), ContractError> {
    A::create_validator(books, validator, known_rate)?;
    let event = books.ctx.validator_event("validator_recorded", validator);
    books.emit(event.add_attribute("commission", known_rate.to_string()));
    Ok(())
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
    A::create_validator(books, validator, rate("rate", terms.rate)?)?;
    set_limits(books, validator, terms)?;
    let event = books.ctx.validator_event("create_validator", validator);
    books.emit(add_terms(event, terms));
    Ok(())
}

/// Sets the limits of a validator's commission. The day of its last change stays.
///
/// # Errors
/// Unreadable records.
pub fn set_limits<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    terms: &CommissionTerms,
) -> Result<(), ContractError> {
    let known = LIMITS.may_load(books.storage, validator.as_slice())?;
    let limits = CommissionLimits {
        max_rate: terms.max_rate,
        max_change_rate: terms.max_change_rate,
        last_edit: known.and_then(|known| known.last_edit),
    };
    Ok(LIMITS.save(books.storage, validator.as_slice(), &limits)?)
}

fn add_terms(event: Event, terms: &CommissionTerms) -> Event {
    event
        .add_attribute("rate", terms.rate.to_string())
        .add_attribute("max_rate", terms.max_rate.to_string())
        .add_attribute("max_change_rate", terms.max_change_rate.to_string())
}

/// Forgets the terms of a validator that is removed: new ones come when it is created again.
pub fn forget_terms<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    mark_newer_than_import(books, validator)?;
    LIMITS.remove(books.storage, validator.as_slice());
    Ok(())
}

/// Before activation: the terms of this validator are newer than any import.
///
/// # Errors
/// When the marks cannot be written.
pub fn mark_newer_than_import<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    Aspect::CommissionRate(validator).mark_newer(books.ctx, books.storage)?;
    Aspect::CommissionLimits(validator).mark_newer(books.ctx, books.storage)?;
    Ok(())
}

/// Changes a rate as a reporter sends it: the chain's staking module decided on it, within the
/// validator's limit. It counts as the day's change. The owner's correction of what hooks lost has no
/// limit, because the known one may be out of date as well.
///
/// # Errors
/// For an unknown or removed validator, and above its limit.
pub fn change_rate<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    new_rate: Decimal256,
) -> Result<(), ContractError> {
    Aspect::CommissionRate(validator).mark_newer(books.ctx, books.storage)?;
    let info = books.present_validator(validator)?;
    if let Some(mut limits) = LIMITS.may_load(books.storage, validator.as_slice())? {
        if let Source::Reporter = books.ctx.config.source {
            at_most("rate", new_rate, "max_rate", limits.max_rate)?;
        }
        if new_rate != info.commission_rate.to_decimal() {
            limits.last_edit = Some(books.ctx.chain.env.block.time);
            LIMITS.save(books.storage, validator.as_slice(), &limits)?;
        }
    }
    set_rate(books, validator, new_rate)
}

fn set_rate<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    new_rate: Decimal256,
) -> Result<(), ContractError> {
    A::set_commission_rate(books, validator, rate("rate", new_rate)?)?;
    let event = books.ctx.validator_event("commission_changed", validator);
    books.emit(event.add_attribute("rate", new_rate.to_string()));
    Ok(())
}

/// The limits of a validator that was created with terms.
///
/// # Errors
/// [`ContractError::NoCommissionTerms`] for one that only votes named: limits would make it look as
/// created, and its creation would be refused.
fn limits_of<A: Accounting>(
    books: &Books<A>,
    validator: &AddressBytes,
) -> Result<CommissionLimits, ContractError> {
    let limits = LIMITS.may_load(books.storage, validator.as_slice())?;
    limits.ok_or_else(|| ContractError::NoCommissionTerms {
        validator: books.ctx.show_validator(validator),
    })
}

/// The message `edit_commission` of an operator.
pub(crate) fn edit_commission<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    new_rate: Decimal256,
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
    if A::validator(&books, &operator)?.is_none() {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            role: "the operator of a validator",
        });
    }
    let validator = books.present_validator(&operator)?;
    Aspect::CommissionRate(&operator).mark_newer(&ctx, books.storage)?;
    let mut limits = limits_of(&books, &operator)?;
    if let Some(last_edit) = limits.last_edit {
        let next_edit = last_edit.plus_seconds(EDIT_INTERVAL);
        if env.block.time < next_edit {
            return Err(ContractError::CommissionEditTooSoon {
                last_edit,
                next_edit,
            });
        }
    }
    at_most("rate", new_rate, "max_rate", limits.max_rate)?;
    let rise = new_rate.saturating_sub(validator.commission_rate.to_decimal());
    at_most(
        "rise of the rate",
        rise,
        "max_change_rate",
        limits.max_change_rate,
    )?;
    limits.last_edit = Some(env.block.time);
    LIMITS.save(books.storage, operator.as_slice(), &limits)?;
    set_rate(&mut books, &operator, new_rate)?;
    books.close()
}

/// The message `update_commission_terms` of the owner: new limits, where nobody else can know that an
/// upgrade of the chain changed them.
pub(crate) fn update_terms<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: CommissionTermsUpdate,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    if let Source::Hooks { .. } = ctx.config.source {
        return Err(ContractError::WrongSource {
            pool_source: "hooks",
            what: "update_commission_terms: refresh_validator takes the chain's terms",
        });
    }
    let validator = ctx.validator(&update.validator)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let terms = CommissionTerms {
        rate: books
            .present_validator(&validator)?
            .commission_rate
            .to_decimal(),
        max_rate: update.max_rate,
        max_change_rate: update.max_change_rate,
    };
    assert_sound(&terms)?;
    limits_of(&books, &validator)?;
    set_limits(&mut books, &validator, &terms)?;
    let event = ctx.validator_event("update_commission_terms", &validator);
    books.emit(add_terms(event, &terms));
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
/// For an unknown or removed validator.
pub fn announce<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    books.present_validator(validator)?;
    let height = books.ctx.chain.env.block.height;
    ANNOUNCED.save(books.storage, (height, validator.as_slice()), &Empty {})?;
    books.emit(books.ctx.validator_event("commission_announced", validator));
    Ok(())
}

/// The validators with announcements that no block has read yet.
///
/// # Errors
/// Unreadable records.
pub fn announced(storage: &dyn Storage) -> Result<BTreeSet<AddressBytes>, ContractError> {
    let keys = ANNOUNCED.keys(storage, None, None, Order::Ascending);
    keys.map(|key| Ok(AddressBytes::new(&key?.1)?)).collect()
}

/// Reads the terms of validators that were announced in earlier blocks: the oldest
/// [`MAX_READ_PER_BLOCK`] announcements. Without an answer an announcement is dropped with an event,
/// and the known terms stay until somebody refreshes them.
///
/// # Errors
/// Unreadable records.
pub fn resolve_announced<A: Accounting>(books: &mut Books<A>) -> Result<(), ContractError> {
    let earlier = PrefixBound::exclusive(books.ctx.chain.env.block.height);
    let due: Vec<(u64, Vec<u8>)> = ANNOUNCED
        .prefix_range(books.storage, None, Some(earlier), Order::Ascending)
        .take(MAX_READ_PER_BLOCK)
        .map(|entry| entry.map(|(key, _)| key))
        .collect::<StdResult<_>>()?;
    for (height, validator) in due {
        ANNOUNCED.remove(books.storage, (height, &validator));
        let validator = AddressBytes::new(&validator)?;
        if A::validator(books, &validator)?.is_none_or(|info| info.removed) {
            // It was removed since.
            continue;
        }
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
    let known = books.present_validator(validator)?;
    let new_rate = rate("rate", terms.rate)?;
    if known.commission_rate != new_rate {
        A::set_commission_rate(books, validator, new_rate)?;
    }
    let limits = LIMITS.may_load(books.storage, validator.as_slice())?;
    let are_known = limits.is_some_and(|limits| {
        limits.max_rate == terms.max_rate && limits.max_change_rate == terms.max_change_rate
    });
    if !are_known {
        set_limits(books, validator, terms)?;
    }
    let event = books.ctx.validator_event("commission_read", validator);
    books.emit(add_terms(event, terms));
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
    books.present_validator(&validator)?;
    if ANNOUNCED.has(books.storage, (env.block.height, validator.as_slice())) {
        return Err(ContractError::AnnouncedInThisBlock {
            validator: ctx.show_validator(&validator),
        });
    }
    let terms = chain_terms(&ctx, &validator)?;
    books.emit(ctx.validator_event("refresh_validator", &validator));
    mark_newer_than_import(&mut books, &validator)?;
    follow_chain(&mut books, &validator, &terms)?;
    books.close()
}
