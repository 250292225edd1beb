//! Limits of rates, with errors that say which rate it was.

use cosmwasm_std::Decimal256;
use distribution_math::Rate;

use crate::ContractError;

/// A rate of a message.
///
/// # Errors
/// [`ContractError::AboveLimit`] above 1.
pub fn rate(name: &'static str, value: Decimal256) -> Result<Rate, ContractError> {
    Rate::new(value).map_err(|_| ContractError::AboveLimit {
        name,
        value,
        limit: "1".to_string(),
    })
}

/// Refuses a rate above another one.
///
/// # Errors
/// [`ContractError::AboveLimit`].
pub fn at_most(
    name: &'static str,
    value: Decimal256,
    limit_name: &'static str,
    limit: Decimal256,
) -> Result<(), ContractError> {
    if value > limit {
        return Err(ContractError::AboveLimit {
            name,
            value,
            limit: format!("{limit_name} {limit}"),
        });
    }
    Ok(())
}
