//! Sources that give tokens: delegations read from the chain's staking module.

use accounting::{Books, DelegationKey};
use cosmwasm_std::{DepsMut, Env, Response};
use distribution_math::{ExchangeRate, TokenScale};
use interfaces::address::{AddressBytes, ValidatorForm};
use interfaces::hooks::Dialect;
use interfaces::staking_query;

use crate::ContractError;
use crate::context::Context;
use crate::events;
use crate::msg::Source;
use crate::registry;
use crate::staking::delegation_changed;

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
        .ok_or_else(|| ContractError::UnknownValidator {
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

/// Where the source samples delegations, brings one up to date with the chain; elsewhere does
/// nothing. Every settlement of a sampled delegation goes through here first.
///
/// # Errors
/// As [`found_units`].
pub fn sample(ctx: &Context, books: &mut Books, key: DelegationKey) -> Result<(), ContractError> {
    if ctx.config.source == Source::Sync {
        let found = found_units(ctx, books, key)?;
        ctx.engine().sync_delegation(books, key, found)?;
    }
    Ok(())
}

pub(crate) fn sync_delegation(
    deps: DepsMut,
    env: Env,
    delegator: String,
    validator: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    if ctx.config.source != Source::Sync {
        return Err(ContractError::WrongSource {
            pool_source: ctx.config.source.name(),
            what: "sync_delegation: it does not sample delegations",
        });
    }
    let validator = ctx.validator(&validator)?.bytes;
    let delegator = ctx.addresses.account(&delegator)?;
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator: validator.as_slice(),
    };
    let mut books = ctx.open(deps.storage)?;
    registry::assert_known(&ctx, &books, &validator)?;
    sample(&ctx, &mut books, key)?;
    let units = ctx
        .engine()
        .delegation_units(&books, key)?
        .unwrap_or_default();
    let entries = books.close()?;
    Ok(Response::new()
        .add_events(events::journal(&ctx, entries))
        .add_event(delegation_changed(&ctx, key, units)))
}
