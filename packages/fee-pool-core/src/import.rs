//! The state at the start, in pages, and activation.
//!
//! An import is a snapshot, and staking goes on while it is carried over: what an event has written
//! meanwhile is newer and is never overwritten.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};
use pool_kit::events::action;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::{Context, assert_owner};
use crate::delegations::DelegationKey;
use crate::msg::{ImportedDelegation, ImportedValidator};
use crate::state::{CONFIG, EVENT_DELEGATIONS, EVENT_POWERS, EVENT_TERMS};
use crate::{commission, powers, staking, tokens};

/// The message `import` of the owner: one page.
pub(crate) fn import<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validators: Vec<ImportedValidator>,
    delegations: Vec<ImportedDelegation>,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_not_active()?;
    if let Some(first) = validators.first() {
        ctx.learn_form(deps.storage, &first.validator)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    books.emit(
        action("import")
            .add_attribute("validators", validators.len().to_string())
            .add_attribute("delegations", delegations.len().to_string()),
    );
    for line in &validators {
        import_validator(&mut books, line)?;
    }
    for line in &delegations {
        import_delegation(&mut books, line)?;
    }
    books.close()
}

fn skipped(what: &str) -> Event {
    action("import_skipped").add_attribute("what", what)
}

fn import_validator<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedValidator,
) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let validator = ctx.validator(&line.validator)?;
    let power = powers::checked_power(&line.validator, line.power)?;
    commission::checked_terms(&line.commission)?;
    let skipped = |what| skipped(what).add_attribute("validator", ctx.show_validator(&validator));
    if EVENT_TERMS.has(books.storage, validator.as_slice()) {
        books.emit(skipped("commission"));
    } else {
        commission::set_terms(books, &validator, &line.commission)?;
    }
    if EVENT_POWERS.has(books.storage, validator.as_slice()) {
        books.emit(skipped("power"));
        return Ok(());
    }
    powers::set(books, &validator, power)
}

fn import_delegation<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedDelegation,
) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let key = DelegationKey {
        validator: ctx.validator(&line.validator)?,
        delegator: ctx.chain.account(&line.delegator)?,
    };
    let Some(validator) = A::validator(books, &key.validator)? else {
        return Err(ctx.unknown_validator(&key.validator));
    };
    let units = if ctx.config.source.gives_tokens() {
        tokens::units_of_text(ctx, &line.shares, validator.exchange_rate)?
    } else {
        ctx.scale().units_of_shares(&line.shares)?
    };
    let place = (key.delegator.as_slice(), key.validator.as_slice());
    if EVENT_DELEGATIONS.has(books.storage, place) {
        let event = skipped("delegation")
            .add_attribute("delegator", ctx.chain.show(&key.delegator))
            .add_attribute("validator", ctx.show_validator(&key.validator));
        books.emit(event);
        return Ok(());
    }
    staking::set_units(books, key, units)
}

/// The message `activate` of the owner: fees are split from the next block on.
pub(crate) fn activate<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_not_active()?;
    ctx.config.active = true;
    CONFIG.save(deps.storage, &ctx.config)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let event = action("activate")
        .add_attribute("total_power", books.pool.total_power.to_string())
        .add_attribute(
            "active_validators",
            books.pool.active_validators.to_string(),
        );
    books.emit(event);
    books.close()
}
