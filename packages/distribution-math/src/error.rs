use cosmwasm_std::{Decimal256, Int512, Uint256};
use thiserror::Error;

/// Why a calculation was refused. Every variant carries the values that broke the rule.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum MathError {
    /// The result does not fit into 256 bits.
    #[error("{operation} of {left} and {right} passes 256 bits")]
    Overflow {
        /// The operation that failed.
        operation: &'static str,
        /// Its first operand.
        left: Uint256,
        /// Its second operand.
        right: Uint256,
    },
    /// The signed result does not fit into 512 bits.
    #[error("{operation} with {left} passes 512 bits")]
    SignedOverflow {
        /// The operation that failed.
        operation: &'static str,
        /// Its first operand.
        left: Int512,
    },
    /// A subtraction would go below zero.
    #[error("cannot take {right} from {left}")]
    Underflow {
        /// The number to subtract from.
        left: Uint256,
        /// The greater number to subtract.
        right: Uint256,
    },
    /// An amount was to be divided by 0: among no units, or by a ratio with the denominator 0.
    #[error("cannot divide {amount} points among 0 units")]
    DivisionByZero {
        /// The amount.
        amount: Uint256,
    },
    /// A rate lies outside [0, 1].
    #[error("rate {rate} is above 1")]
    RateAboveOne {
        /// The refused rate.
        rate: Decimal256,
    },
    /// The community tax and the base and bonus proposer reward add up to more than 1.
    #[error("community_tax + base_proposer_reward + bonus_proposer_reward is {sum}, above 1")]
    RatesAboveOne {
        /// The sum of the three.
        sum: Decimal256,
    },
    /// A text is not a decimal number with at most 18 places.
    #[error("`{shares}` is not a decimal number with at most 18 places")]
    InvalidShares {
        /// The first 64 characters of the refused text.
        shares: String,
    },
    /// More units than [`MAX_UNITS`](crate::MAX_UNITS).
    #[error("{units} units are above the bound of 10^34")]
    UnitsBound {
        /// The refused number of units, or the largest number of the type that it was computed in
        /// (128 or 256 bits) if it exceeds that.
        units: Uint256,
    },
    /// A list of amounts by denom is not sorted, names a denom twice or has an amount of 0.
    #[error("at denom `{denom}`: amounts must be sorted by denom, each denom once and none 0")]
    InvalidDecCoins {
        /// The first 128 characters of the first denom that breaks a rule.
        denom: String,
    },
    /// More base units than a contract may ever receive of one denom.
    #[error("{amount} base units are above the bound of 2^128 - 1")]
    CoinsBound {
        /// The refused amount.
        amount: Uint256,
    },
}
