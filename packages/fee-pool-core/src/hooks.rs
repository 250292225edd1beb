//! What the chain sends through `sudo`: blocks, staking events, staking hooks, the clock.
//!
//! An error here would fail somebody's staking transaction or halt the chain. So everything runs on
//! staged storage: either all of a payload's changes are applied, or none and an event says why.

use chain_types::address::AddressBytes;
use chain_types::hooks::{self, HookEvent, IgnoredHook, RawSudo, SudoPayload, clock};
use chain_types::staking_event::StakingEvent;
use cosmwasm_std::{Decimal256, DepsMut, Env, Event, Response, from_json};
use distribution_math::{MathError, Rate, ScaledUnits};
use pool_kit::events::action;
use pool_kit::staged::Staged;
use validator_rewards::last_commit::{SudoBeginBlock, SudoPowersChanged};

use crate::accounting::Accounting;
use crate::aspect::Aspect;
use crate::books::Books;
use crate::context::Context;
use crate::delegations::DelegationKey;
use crate::msg::Source;
use crate::rates::rate;
use crate::state::LIMITS;
use crate::{ContractError, block, commission, staking, tokens};

/// Does what a payload says, or nothing; never fails.
pub(crate) fn sudo<A: Accounting>(deps: DepsMut, env: Env, msg: &RawSudo) -> Response {
    let payload = match hooks::read(msg) {
        Ok(payload) => payload,
        Err(ignored) => return Response::new().add_event(ignored.event()),
    };
    let mut staged = Staged::new(deps.storage);
    let applied = apply::<A>(
        DepsMut {
            storage: &mut staged,
            api: deps.api,
            querier: deps.querier,
        },
        env,
        &payload,
    );
    let changes = staged.into_changes();
    match applied {
        Ok(response) => {
            changes.apply(deps.storage);
            response
        }
        Err(error) => Response::new().add_event(refusal(&payload, &error)),
    }
}

fn refusal(payload: &SudoPayload, error: &ContractError) -> Event {
    let ignored = IgnoredHook::new(&payload.name, &error.to_string());
    match error {
        ContractError::Math(MathError::UnitsBound { units }) => action("units_bound")
            .add_attribute("hook", ignored.hook)
            .add_attribute("units", units.to_string()),
        _ => ignored.event(),
    }
}

fn apply<A: Accounting>(
    deps: DepsMut,
    env: Env,
    payload: &SudoPayload,
) -> Result<Response, ContractError> {
    if clock::is_end_block(payload) {
        // The clock has nothing to do here: a block begins with begin_block.
        return Ok(Response::new());
    }
    let body = payload.body.get();
    match payload.name.as_str() {
        "begin_block" => {
            let block: SudoBeginBlock = from_json(body)?;
            return block::begin_block::<A>(deps, env, block.into());
        }
        "powers_changed" => {
            let SudoPowersChanged { changes } = from_json(body)?;
            return staking::apply::<A>(deps, env, StakingEvent::PowersChanged { changes });
        }
        "staking_event" => return staking::apply::<A>(deps, env, from_json(body)?),
        _ => {}
    }
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    let Source::Hooks { dialect } = ctx.config.source else {
        let source = ctx.config.source.name();
        let reason = format!("a pool with source `{source}` takes no such hook");
        let ignored = IgnoredHook::new(&payload.name, &reason);
        return Ok(Response::new().add_event(ignored.event()));
    };
    let event = match hooks::normalise(dialect, &payload.name, &payload.body) {
        Ok(HookEvent::Nothing) => return Ok(Response::new()),
        Ok(event) => event,
        Err(ignored) => return Ok(Response::new().add_event(ignored.event())),
    };
    if let Some(validator) = event.validator() {
        ctx.learn_form(deps.storage, validator)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    apply_hook(&mut books, event)?;
    books.close()
}

fn apply_hook<A: Accounting>(books: &mut Books<A>, event: HookEvent) -> Result<(), ContractError> {
    let ctx = books.ctx;
    match event {
        HookEvent::Nothing => Ok(()),
        HookEvent::ValidatorCreated {
            validator,
            commission,
        } => {
            let validator = ctx.validator(&validator)?;
            create_validator(books, &validator, commission)
        }
        HookEvent::ValidatorModified { validator } => {
            let validator = ctx.validator(&validator)?;
            record_before_import(books, &validator)?;
            commission::announce(books, &validator)
        }
        HookEvent::ValidatorSlashed {
            validator,
            fraction,
        } => {
            let validator = ctx.validator(&validator)?;
            tokens::slash(books, &validator, rate("fraction", fraction)?)
        }
        HookEvent::ValidatorRemoved { validator } => {
            let validator = ctx.validator(&validator)?;
            record_before_import(books, &validator)?;
            staking::remove_validator(books, &validator)
        }
        HookEvent::DelegationChanged {
            delegator,
            validator,
            shares,
        } => {
            let key = DelegationKey {
                validator: ctx.validator(&validator)?,
                delegator: ctx.chain.account(&delegator)?,
            };
            record_if_unknown(books, &key.validator)?;
            let units = match shares {
                Some(shares) => tokens::units_of_text(books, &key.validator, &shares)?,
                None => tokens::units_of_staking(books, key)?,
            };
            staking::take_units(books, key, units)
        }
        HookEvent::DelegationRemoved {
            delegator,
            validator,
        } => {
            let key = DelegationKey {
                validator: ctx.validator(&validator)?,
                delegator: ctx.chain.account(&delegator)?,
            };
            record_before_import(books, &key.validator)?;
            staking::change_units(books, key, ScaledUnits::default())
        }
    }
}

/// Creates a validator, or brings a removed one back. Without an answer of the chain it has no limits
/// yet, and the rate that the hook has, if it has one: the next hook that names it asks again.
fn create_validator<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    hook_rate: Option<Decimal256>,
) -> Result<(), ContractError> {
    if take_chain_terms(books, validator)? {
        return Ok(());
    }
    let known = A::validator(books, validator)?;
    let new_rate = match hook_rate {
        Some(hook_rate) => {
            Aspect::CommissionRate(validator).mark_newer(books.ctx, books.storage)?;
            rate("commission", hook_rate)?
        }
        None => known.map(|known| known.commission_rate).unwrap_or_default(),
    };
    commission::record(books, validator, new_rate)
}

/// Takes the chain's terms of a validator that has none here: no hook has named it yet, or only a
/// vote did, or it was removed and the hook of its new creation was lost. Without an answer an unknown
/// one gets a record without terms, and a removed one stays removed.
fn record_if_unknown<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    if LIMITS.has(books.storage, validator.as_slice()) || take_chain_terms(books, validator)? {
        return Ok(());
    }
    match A::validator(books, validator)? {
        Some(_) => Ok(()),
        None => commission::record(books, validator, Rate::ZERO),
    }
}

/// Takes the chain's terms of a validator, which are newer than any line of the import, and says whether
/// the chain gave an answer.
fn take_chain_terms<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<bool, ContractError> {
    let Ok(terms) = commission::chain_terms(books.ctx, validator) else {
        return Ok(false);
    };
    commission::mark_newer_than_import(books, validator)?;
    commission::set_terms(books, validator, &terms)?;
    Ok(true)
}

/// Before activation makes the record of an unknown validator, so that what a hook takes away is
/// not brought back by an older line of the import.
fn record_before_import<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
) -> Result<(), ContractError> {
    if books.ctx.config.active {
        return Ok(());
    }
    record_if_unknown(books, validator)
}
