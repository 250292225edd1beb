use cosmwasm_std::{Decimal256, Int512, Uint256};
use thiserror::Error;

small_error::small_error! {
    /// Why a calculation was refused: the pointer to a [`MathFault`].
    #[derive(Clone, PartialEq, Eq)]
    MathError(MathFault)
}

/// Why a calculation was refused. Every variant names the values and the rule.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum MathFault {
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
        /// What was there.
        left: Uint256,
        /// What was to be taken.
        right: Uint256,
    },
    /// An amount was to be shared by nobody, or a ratio has the denominator 0.
    #[error("cannot divide {amount} points among 0 units")]
    DivisionByZero {
        /// The amount that has no taker.
        amount: Uint256,
    },
    /// A rate lies outside [0, 1].
    #[error("rate {rate} is above 1")]
    RateAboveOne {
        /// The refused rate.
        rate: Decimal256,
    },
    /// Community tax, base and bonus proposer reward promise more than there is.
    #[error("community_tax + base_proposer_reward + bonus_proposer_reward is {sum}, above 1")]
    RatesAboveOne {
        /// Sum of the three.
        sum: Decimal256,
    },
    /// A text is not a decimal number.
    #[error("`{shares}` is not a decimal number with at most 18 places")]
    InvalidShares {
        /// The refused text, its first 64 characters.
        shares: String,
    },
    /// More units than the arithmetic is proven for.
    #[error("{units} units are above the bound of 10^30")]
    UnitsBound {
        /// The refused number of units; one that does not fit into 128 bits may be shown as
        /// 2^128 - 1.
        units: Uint256,
    },
    /// A list of amounts by denom that is not in its normal form.
    #[error("at denom `{denom}`: amounts must be sorted by denom, each denom once and none 0")]
    InvalidDecCoins {
        /// The first denom that breaks the order or has nothing, shortened.
        denom: String,
    },
    /// More base units than a pool may ever receive of one denom.
    #[error("{amount} base units are above the bound of 2^128 - 1")]
    CoinsBound {
        /// The refused amount.
        amount: Uint256,
    },
}
