//! Readers of the types that messages are made of.

use std::fmt::Display;
use std::mem::take;
use std::str::FromStr;

use cosmwasm_std::{
    Addr, Binary, Coin, Decimal256, Empty, StdError, StdResult, Timestamp, Uint64, Uint128, Uint256,
};
use cw_utils::Expiration;
use distribution_math::{DecCoin, DecCoins, Epochs};
use serde::de::{Error as _, Expected, Unexpected};

use super::error::Error;
use super::read::ReadJson;
use super::tree::Tree;

impl ReadJson for bool {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        match json {
            Tree::Bool(value) => Ok(*value),
            other => Err(other.is_not(&"a boolean")),
        }
    }
}

impl ReadJson for String {
    #[inline(never)]
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        match json {
            Tree::Text(text) => Ok(take(text)),
            other => Err(other.is_not(&"a string")),
        }
    }
}

/// A whole number up to `max`.
#[inline(never)]
fn unsigned(json: &Tree, max: u64, expected: &dyn Expected) -> StdResult<u64> {
    match json {
        Tree::Unsigned(value) if *value <= max => Ok(*value),
        Tree::Unsigned(value) => {
            Err(Error::invalid_value(Unexpected::Unsigned(*value), expected).into_std())
        }
        other => Err(other.is_not(expected)),
    }
}

/// Whole numbers that are JSON numbers.
macro_rules! numbers {
    ($($number:ident)*) => {$(
        impl ReadJson for $number {
            fn read_json(json: &mut Tree) -> StdResult<Self> {
                let value = unsigned(json, $number::MAX.into(), &stringify!($number))?;
                $number::try_from(value).map_err(StdError::from)
            }
        }
    )*};
}

numbers!(u8 u32 u64);

/// Reads what is written as a text.
fn parsed<T: FromStr<Err: Display>>(json: &mut Tree, expected: &'static str) -> StdResult<T> {
    let text = match json {
        Tree::Text(text) => text,
        other => return Err(other.is_not(&expected)),
    };
    text.parse()
        .map_err(|error: T::Err| no_such(text, expected, &error))
}

#[cold]
#[inline(never)]
fn no_such(text: &str, expected: &str, reason: &dyn Display) -> StdError {
    Error::message(format_args!("`{text}` is not {expected}: {reason}"))
}

/// Numbers that are texts in JSON.
macro_rules! texts {
    ($($number:ident: $expected:literal,)*) => {$(
        impl ReadJson for $number {
            #[inline(never)]
            fn read_json(json: &mut Tree) -> StdResult<Self> {
                parsed(json, $expected)
            }
        }
    )*};
}

texts! {
    Uint128: "a string-encoded integer below 2^128",
    Uint256: "a string-encoded integer below 2^256",
    Decimal256: "a string-encoded decimal",
}

impl ReadJson for Uint64 {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        parsed(json, "a string-encoded integer below 2^64").map(Uint64::new)
    }
}

impl ReadJson for Binary {
    #[inline(never)]
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        match json {
            Tree::Text(text) => Binary::from_base64(text),
            other => Err(other.is_not(&"a base64-encoded string")),
        }
    }
}

impl ReadJson for Addr {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        String::read_json(json).map(Addr::unchecked)
    }
}

impl ReadJson for Timestamp {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        let nanoseconds = Uint64::read_json(json)?;
        Ok(Timestamp::from_nanos(nanoseconds.u64()))
    }
}

impl ReadJson for Empty {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        json.known_fields(&[]).map(|_| Empty {})
    }
}

impl<T: ReadJson> ReadJson for Option<T> {
    const OPTIONAL: bool = true;

    fn read_json(json: &mut Tree) -> StdResult<Self> {
        match json {
            Tree::Null => Ok(None),
            some => T::read_json(some).map(Some),
        }
    }
}

impl<T: ReadJson> ReadJson for Box<T> {
    const OPTIONAL: bool = T::OPTIONAL;

    fn read_json(json: &mut Tree) -> StdResult<Self> {
        T::read_json(json).map(Box::new)
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        match json {
            Tree::List(values) => values.iter_mut().map(T::read_json).collect(),
            other => Err(other.is_not(&"a sequence")),
        }
    }
}

impl ReadJson for Coin {
    #[inline(never)]
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        let mut fields = json.known_fields(&["denom", "amount"])?;
        Ok(Coin {
            denom: fields.next()?,
            amount: fields.next()?,
        })
    }
}

impl ReadJson for DecCoin {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        let mut fields = json.known_fields(&["denom", "amount"])?;
        Ok(DecCoin {
            denom: fields.next()?,
            amount: fields.next()?,
        })
    }
}

impl ReadJson for DecCoins {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        Vec::<DecCoin>::read_json(json)?
            .try_into()
            .map_err(|error| Error::message(format_args!("{error}")))
    }
}

impl ReadJson for Epochs {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        let mut fields = json.known_fields(&["genesis", "length"])?;
        Ok(Epochs {
            genesis: fields.next()?,
            length: fields.next()?,
        })
    }
}

impl ReadJson for Expiration {
    fn read_json(json: &mut Tree) -> StdResult<Self> {
        let variant = json.variant(&["at_height", "at_time", "never"])?;
        match variant.index() {
            0 => variant.content().map(Expiration::AtHeight),
            1 => variant.content().map(Expiration::AtTime),
            _ => variant.known_fields(&[]).map(|_| Expiration::Never {}),
        }
    }
}
