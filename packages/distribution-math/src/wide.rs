//! Products in 512 bits, divided once.

use cosmwasm_std::{Uint128, Uint256, Uint512};

use crate::MathError;

/// `floor(a * b / divisor)` with the product in 512 bits.
pub(crate) fn mul_div_floor(
    a: Uint256,
    b: Uint256,
    divisor: Uint256,
) -> Result<Uint256, MathError> {
    let quotient = a
        .full_mul(b)
        .checked_div(Uint512::from(divisor))
        .map_err(|_| MathError::DivisionByZero { amount: a })?;
    Uint256::try_from(quotient).map_err(|_| MathError::Overflow {
        operation: "multiplication",
        left: a,
        right: b,
    })
}

/// The value in 128 bits, `None` when it does not fit.
pub(crate) fn narrow(value: impl TryInto<Uint128>) -> Option<u128> {
    value.try_into().ok().map(|value| value.u128())
}

/// The value in 256 bits, `None` when it does not fit.
pub(crate) fn narrow_wide(value: Uint512) -> Option<Uint256> {
    Uint256::try_from(value).ok()
}
