//! Sources that give tokens: delegations read from the chain's staking module.

use accounting::{Books, DelegationKey};
use cosmwasm_std::{Response, Storage};
use distribution_math::{ExchangeRate, MAX_UNITS, MathFault, TokenScale};
use interfaces::address::{AddressBytes, ValidatorForm};
use interfaces::hooks::Dialect;
use interfaces::staking_query;

use crate::context::Context;
use crate::events;
use crate::msg::Source;
use crate::registry;
use crate::staking::{self, delegation_changed};
use crate::{ContractError, Fault};

/// Whether a source tells the tokens of a delegation, which a slash changes, and not its shares.
pub fn tells_tokens(source: &Source) -> bool {
    matches!(
        source,
        Source::Sync
            | Source::Hooks {
                dialect: Dialect::Neutron
            }
    )
}

/// The units of an amount of tokens given as a decimal text.
///
/// # Errors
/// For what is no such text, and beyond the bound on units.
pub fn units_of_told_tokens(
    ctx: &Context,
    tokens: &str,
    rate: ExchangeRate,
) -> Result<u128, ContractError> {
    // The text is scaled when it is read, so only the rate is left to apply.
    let scaled = ctx.scale().units_of_shares(tokens)?;
    Ok(TokenScale::new(0).units_of_tokens(scaled.into(), rate)?)
}

/// The units of a delegation as the chain's staking module knows it now.
///
/// # Errors
/// For an unknown validator, when the chain gives no answer, and beyond the bound on units.
pub fn found_units(
    ctx: &Context,
    books: &Books,
    key: DelegationKey,
) -> Result<u128, ContractError> {
    let rate = ctx
        .engine()
        .validator(books, key.validator)?
        .ok_or_else(|| Fault::UnknownValidator {
            validator: ctx.show_validator(key.validator),
        })?
        .exchange_rate;
    let operator = AddressBytes::new(key.validator)?;
    let tokens = staking_query::delegation_tokens(
        &ctx.querier,
        &ctx.show_account(key.delegator),
        &ctx.addresses
            .show_validator(&operator, ValidatorForm::Operator),
    )?;
    Ok(ctx.scale().units_of_tokens(tokens, rate)?)
}

/// Where the source samples delegations, brings one up to date with the chain before it is claimed;
/// elsewhere does nothing.
///
/// No claim fails for what the chain says: without an answer, and when the answer is beyond the
/// bound on units, what was recorded stands. Whoever can lower an exchange rate could otherwise
/// freeze claims by making the units of tokens too many.
///
/// # Errors
/// For an unknown validator.
pub fn sample(ctx: &Context, books: &mut Books, key: DelegationKey) -> Result<(), ContractError> {
    if ctx.config.source != Source::Sync {
        return Ok(());
    }
    let recorded = ctx
        .engine()
        .delegation_units(books, key)?
        .unwrap_or_default();
    let found = match found_units(ctx, books, key) {
        Ok(found) if fits(ctx, books, key, recorded, found)? => found,
        Ok(_) => recorded,
        Err(error) => match error.fault() {
            Fault::NoAnswer(_) => recorded,
            Fault::Math(error) if matches!(error.fault(), MathFault::UnitsBound { .. }) => recorded,
            _ => return Err(error),
        },
    };
    Ok(ctx.engine().sync_delegation(books, key, found)?)
}

/// Whether a validator's units stay within their bound when one delegation has other units.
fn fits(
    ctx: &Context,
    books: &Books,
    key: DelegationKey,
    recorded: u128,
    found: u128,
) -> Result<bool, ContractError> {
    let all = ctx
        .engine()
        .validator(books, key.validator)?
        .map_or(0, |view| view.units);
    let others = all.saturating_sub(recorded);
    Ok(others.saturating_add(found) <= MAX_UNITS)
}

pub(crate) fn sync_delegation(
    ctx: &Context,
    storage: &mut dyn Storage,
    delegator: String,
    validator: String,
) -> Result<Response, ContractError> {
    if ctx.config.source != Source::Sync {
        return Err(Fault::WrongSource {
            pool_source: ctx.config.source.name(),
            what: "sync_delegation: it does not sample delegations",
        }
        .into());
    }
    let validator = ctx.validator(&validator)?.bytes;
    let delegator = ctx.addresses.account(&delegator)?;
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator: validator.as_slice(),
    };
    let mut books = ctx.open(storage)?;
    registry::assert_known(ctx, &books, &validator)?;
    let found = found_units(ctx, &books, key)?;
    staking::note_delegation(ctx, books.storage, key)?;
    ctx.engine().sync_delegation(&mut books, key, found)?;
    let units = ctx
        .engine()
        .delegation_units(&books, key)?
        .unwrap_or_default();
    events::close(ctx, books, vec![delegation_changed(ctx, key, units)])
}
