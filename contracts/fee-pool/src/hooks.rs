//! What the chain tells through `sudo`: blocks, staking events, staking hooks, the clock.
//!
//! An error here would fail a stranger's staking transaction or halt the chain. So everything runs
//! on staged storage: either all of a payload's changes are kept, or none and an event says why.

use accounting::store::{Changes, Staged};
use accounting::{Books, DelegationKey};
use cosmwasm_std::{Decimal256, DepsMut, Env, Event, QuerierWrapper, Response, Storage};
use distribution_math::{MathFault, Rate};
use interfaces::address::{AddressBytes, ValidatorForm};
use interfaces::hooks::{self, HookEvent, IgnoredHook, RawSudo, SudoPayload, clock};
use interfaces::staking_event::CommissionTerms;
use interfaces::{json, staking_query};

use crate::block;
use crate::context::Context;
use crate::events::{self, action};
use crate::msg::Source;
use crate::sampling;
use crate::staking;
use crate::state::TERMS;
use crate::{ContractError, Fault, registry};

/// Does what a payload says, or nothing; never fails.
pub(crate) fn sudo(deps: DepsMut, env: Env, msg: &RawSudo) -> Response {
    let payload = match hooks::read(msg) {
        Ok(payload) => payload,
        Err(ignored) => return events::response(ignored.event()),
    };
    match staged(deps.storage, deps.querier, &env, &payload) {
        Ok(done) => {
            done.changes.apply(deps.storage);
            done.response
        }
        Err(error) => events::response(refusal(&payload, &error)),
    }
}

struct Done {
    response: Response,
    changes: Changes,
}

fn staged(
    storage: &dyn Storage,
    querier: QuerierWrapper,
    env: &Env,
    payload: &SudoPayload,
) -> Result<Done, ContractError> {
    let mut staged = Staged::new(storage);
    let mut ctx = Context::load(&staged, querier, env)?;
    let response = apply(&mut ctx, &mut staged, payload)?;
    Ok(Done {
        response,
        changes: staged.into_changes(),
    })
}

fn refusal(payload: &SudoPayload, error: &ContractError) -> Event {
    let ignored = IgnoredHook::new(&payload.name, &error.to_string());
    match bound(error) {
        Some(MathFault::UnitsBound { units }) => action("units_bound")
            .add_attribute("hook", ignored.hook)
            .add_attribute("units", units.to_string()),
        _ => ignored.event(),
    }
}

fn bound(error: &ContractError) -> Option<&MathFault> {
    match error.fault() {
        Fault::Math(error) => Some(error.fault()),
        Fault::Accounting(error) => error.math(),
        _ => None,
    }
}

fn apply(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    payload: &SudoPayload,
) -> Result<Response, ContractError> {
    if clock::is_end_block(payload) {
        // The clock has nothing to do here: a block begins with begin_block.
        return Ok(Response::new());
    }
    match (payload.name.as_str(), ctx.config.source) {
        ("begin_block", _) => {
            block::begin_block(ctx, storage, json::read(payload.body.get().as_bytes())?)
        }
        ("staking_event", _) => {
            staking::apply(ctx, storage, json::read(payload.body.get().as_bytes())?)
        }
        (_, Source::Hooks { dialect }) => {
            match hooks::normalise(dialect, &payload.name, &payload.body) {
                Ok(event) => apply_hook(ctx, storage, event),
                Err(ignored) => Ok(events::response(ignored.event())),
            }
        }
        (name, source) => {
            let reason = format!("a pool with source `{}` takes no such hook", source.name());
            Ok(events::response(IgnoredHook::new(name, &reason).event()))
        }
    }
}

fn apply_hook(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    event: HookEvent,
) -> Result<Response, ContractError> {
    if let HookEvent::Nothing = event {
        return Ok(Response::new());
    }
    ctx.learn_form(storage, ValidatorForm::Operator)?;
    let mut books = ctx.open(storage)?;
    let told = match event {
        HookEvent::Nothing => Vec::new(),
        HookEvent::ValidatorCreated {
            validator,
            commission,
        } => {
            let validator = ctx.validator(&validator)?.bytes;
            staking::note_terms(ctx, books.storage, validator.as_slice())?;
            let terms = chain_terms(ctx, &validator, commission);
            vec![registry::put_terms(ctx, &mut books, &validator, &terms)?]
        }
        HookEvent::ValidatorModified { validator } => {
            let validator = ctx.validator(&validator)?.bytes;
            let bytes = validator.as_slice();
            let mut told = record_before_import(ctx, &mut books, &validator)?;
            staking::note_terms(ctx, books.storage, bytes)?;
            ctx.engine()
                .mark_commission_stale(&mut books, bytes)
                .map_err(|error| registry::naming(ctx, bytes, error))?;
            told.push(
                action("commission_announced")
                    .add_attribute("validator", ctx.show_validator(bytes)),
            );
            told
        }
        HookEvent::ValidatorSlashed {
            validator,
            fraction,
        } => {
            let validator = ctx.validator(&validator)?.bytes;
            let fraction = Rate::new(fraction)?;
            vec![staking::slash(
                ctx,
                &mut books,
                validator.as_slice(),
                fraction,
            )?]
        }
        HookEvent::ValidatorRemoved { validator } => {
            let validator = ctx.validator(&validator)?.bytes;
            let mut told = record_before_import(ctx, &mut books, &validator)?;
            told.push(staking::remove(ctx, &mut books, &validator)?);
            told
        }
        HookEvent::DelegationChanged {
            delegator,
            validator,
            shares,
        } => {
            let validator = ctx.validator(&validator)?.bytes;
            let delegator = ctx.addresses.account(&delegator)?;
            let key = DelegationKey {
                delegator: delegator.as_slice(),
                validator: validator.as_slice(),
            };
            let mut told = record_if_unknown(ctx, &mut books, &validator)?;
            let units = match shares {
                Some(shares) => ctx.scale().units_of_shares(&shares)?,
                None => sampling::found_units(ctx, &books, key)?,
            };
            told.push(staking::change_units(ctx, &mut books, key, units)?);
            told
        }
        HookEvent::DelegationRemoved {
            delegator,
            validator,
        } => {
            let validator = ctx.validator(&validator)?.bytes;
            let delegator = ctx.addresses.account(&delegator)?;
            let key = DelegationKey {
                delegator: delegator.as_slice(),
                validator: validator.as_slice(),
            };
            let mut told = record_before_import(ctx, &mut books, &validator)?;
            told.push(staking::change_units(ctx, &mut books, key, 0)?);
            told
        }
    };
    events::close(ctx, books, told)
}

/// Fetches the chain's terms of a validator that has none here: nobody told of it yet, or only a
/// vote did. When it is one that the import has not come to, they are newer than its line there.
fn record_if_unknown(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Vec<Event>, ContractError> {
    if TERMS.has(books.storage, validator.as_slice()) {
        return Ok(Vec::new());
    }
    staking::note_terms(ctx, books.storage, validator.as_slice())?;
    let terms = chain_terms(ctx, validator, None);
    Ok(vec![registry::put_terms(ctx, books, validator, &terms)?])
}

/// Before activation makes the record of an unknown validator, so that what a hook takes away is
/// not brought back by an older line of the import.
fn record_before_import(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
) -> Result<Vec<Event>, ContractError> {
    if ctx.config.active {
        return Ok(Vec::new());
    }
    record_if_unknown(ctx, books, validator)
}

/// The chain's terms of a validator, held to the rules; without an answer the rate that the hook
/// told, without limits.
fn chain_terms(
    ctx: &Context,
    validator: &AddressBytes,
    told: Option<Decimal256>,
) -> CommissionTerms {
    let operator = ctx
        .addresses
        .show_validator(validator, ValidatorForm::Operator);
    let terms = staking_query::validator(&ctx.querier, &operator).unwrap_or(CommissionTerms {
        rate: told.unwrap_or_default(),
        max_rate: Decimal256::one(),
        max_change_rate: Decimal256::one(),
    });
    let max_rate = terms.max_rate.min(Decimal256::one());
    CommissionTerms {
        rate: terms.rate.min(max_rate),
        max_rate,
        max_change_rate: terms.max_change_rate.min(max_rate),
    }
}
