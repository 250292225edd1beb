//! Units of delegations where the chain gives tokens and not shares.
//!
//! A slash changes the tokens of a delegation and not its share of the validator. So a validator has
//! an exchange rate, 1 at first and lowered by every slash, and units are tokens divided by it.

use chain_types::address::AddressBytes;
use chain_types::hooks::Dialect;
use chain_types::staking_query;
use distribution_math::{Rate, ScaledUnits, TokenScale};

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::delegations::DelegationKey;
use crate::msg::Source;

impl Source {
    /// Whether the source gives the tokens of a delegation, and not its shares.
    pub fn gives_tokens(self) -> bool {
        matches!(
            self,
            Source::Hooks {
                dialect: Dialect::Neutron
            }
        )
    }
}

/// The units of a delegation that is written as a decimal: its shares, or its tokens where the source
/// gives tokens.
///
/// # Errors
/// For a text that is no such decimal, and beyond the bound on units; where the source gives tokens,
/// for an unknown validator.
pub fn units_of_text<A: Accounting>(
    books: &Books<A>,
    validator: &AddressBytes,
    text: &str,
) -> Result<ScaledUnits, ContractError> {
    let ctx = books.ctx;
    let scaled = ctx.scale().units_of_shares(text)?;
    if !ctx.config.source.gives_tokens() {
        return Ok(scaled);
    }
    let Some(info) = A::validator(books, validator)? else {
        return Err(ctx.unknown_validator(validator));
    };
    // The text was scaled when it was read, so only the rate is left to apply.
    let tokens = scaled.units.into();
    let units = TokenScale::new(0).units_of_tokens(tokens, info.exchange_rate)?;
    Ok(ScaledUnits {
        truncated: scaled.truncated || units.truncated,
        ..units
    })
}

/// The units of a delegation, by the tokens that the chain's staking module says it has now.
///
/// # Errors
/// For an unknown validator, when the chain gives no answer, and beyond the bound on units.
pub fn units_of_staking<A: Accounting>(
    books: &Books<A>,
    key: DelegationKey,
) -> Result<ScaledUnits, ContractError> {
    let ctx = books.ctx;
    let Some(validator) = A::validator(books, &key.validator)? else {
        return Err(ctx.unknown_validator(&key.validator));
    };
    let tokens = staking_query::delegation_tokens(
        &ctx.chain.querier,
        ctx.chain.show(&key.delegator).as_str(),
        &ctx.operator_address(&key.validator),
    )?;
    let rate = validator.exchange_rate;
    Ok(ctx.scale().units_of_tokens(tokens, rate)?)
}

/// Lowers a validator's exchange rate by a slash. A slash that would bring it below its minimum
/// leaves it there, with an event. A removed validator has no tokens to lose: created again, it starts
/// at a rate of 1.
///
/// # Errors
/// For an unknown or removed validator.
pub fn slash<A: Accounting>(
    books: &mut Books<A>,
    key: &AddressBytes,
    fraction: Rate,
) -> Result<(), ContractError> {
    let validator = books.present_validator(key)?;
    match validator.exchange_rate.slashed(fraction) {
        Some(rate) => A::set_exchange_rate(books, key, rate)?,
        None => books.emit(books.ctx.validator_event("exchange_rate_bound", key)),
    }
    let event = books.ctx.validator_event("validator_slashed", key);
    books.emit(event.add_attribute("fraction", fraction.to_string()));
    Ok(())
}
