//! Readers of the types that messages are made of.

use std::fmt::Display;
use std::mem::take;
use std::str::FromStr;

use cosmwasm_std::{Addr, Binary, Coin, Decimal256, Empty, Timestamp, Uint64, Uint128, Uint256};
use cw_utils::Expiration;
use distribution_math::{DecCoin, DecCoins, Epochs};
use serde::de::{Error as _, Expected, Unexpected};

use super::error::Error;
use super::read::{ReadJson, Refusal, Variants};
use super::tree::Tree;

impl ReadJson for bool {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        match json {
            Tree::Bool(value) => *value,
            other => refusal.instead(other, &"a boolean"),
        }
    }
}

impl ReadJson for String {
    #[inline(never)]
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        match json {
            Tree::Text(text) => take(text),
            other => refusal.instead(other, &"a string"),
        }
    }
}

/// A whole number up to `max`.
#[inline(never)]
fn unsigned(json: &Tree, max: u64, expected: &dyn Expected, refusal: &mut Refusal) -> u64 {
    match json {
        Tree::Unsigned(value) if *value <= max => *value,
        Tree::Unsigned(value) => {
            let value = Unexpected::Unsigned(*value);
            refusal.note(Error::invalid_value(value, expected).into_std());
            0
        }
        other => refusal.instead(other, expected),
    }
}

/// Whole numbers that are JSON numbers.
macro_rules! numbers {
    ($($number:ident)*) => {$(
        impl ReadJson for $number {
            fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
                let value = unsigned(json, $number::MAX.into(), &stringify!($number), refusal);
                // Not above what was passed as the maximum.
                $number::try_from(value).unwrap_or_default()
            }
        }
    )*};
}

numbers!(u8 u32 u64);

/// Reads what is written as a text.
fn parsed<T: FromStr<Err: Display> + Default>(
    json: &Tree,
    expected: &'static str,
    refusal: &mut Refusal,
) -> T {
    let Tree::Text(text) = json else {
        return refusal.instead(json, &expected);
    };
    text.parse().unwrap_or_else(|error: T::Err| {
        no_such(text, expected, &error, refusal);
        T::default()
    })
}

#[cold]
#[inline(never)]
fn no_such(text: &str, expected: &str, reason: &dyn Display, refusal: &mut Refusal) {
    refusal.note(Error::message(format_args!(
        "`{text}` is not {expected}: {reason}"
    )));
}

/// Numbers that are texts in JSON.
macro_rules! texts {
    ($($number:ident: $expected:literal,)*) => {$(
        impl ReadJson for $number {
            #[inline(never)]
            fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
                parsed(json, $expected, refusal)
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
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        Uint64::new(parsed(json, "a string-encoded integer below 2^64", refusal))
    }
}

impl ReadJson for Binary {
    #[inline(never)]
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        match json {
            Tree::Text(text) => Binary::from_base64(text).unwrap_or_else(|reason| {
                refusal.note(reason);
                Binary::default()
            }),
            other => refusal.instead(other, &"a base64-encoded string"),
        }
    }
}

impl ReadJson for Addr {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        Addr::unchecked(String::read_json(json, refusal))
    }
}

impl ReadJson for Timestamp {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        Timestamp::from_nanos(Uint64::read_json(json, refusal).u64())
    }
}

impl ReadJson for Empty {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        json.known_fields(&[], refusal);
        Empty {}
    }
}

impl<T: ReadJson> ReadJson for Option<T> {
    const OPTIONAL: bool = true;

    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        match json {
            Tree::Null => None,
            some => Some(T::read_json(some, refusal)),
        }
    }
}

impl<T: ReadJson> ReadJson for Box<T> {
    const OPTIONAL: bool = T::OPTIONAL;

    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        Box::new(T::read_json(json, refusal))
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        match json {
            Tree::List(values) => {
                let mut read = Vec::with_capacity(values.len());
                for value in values {
                    read.push(T::read_json(value, refusal));
                    // A long list of nothing must not become a long list of reasons.
                    if refusal.is_noted() {
                        break;
                    }
                }
                read
            }
            other => refusal.instead(other, &"a sequence"),
        }
    }
}

impl ReadJson for Coin {
    #[inline(never)]
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        let mut fields = json.known_fields(&["denom", "amount"], refusal);
        Coin {
            denom: fields.next(),
            amount: fields.next(),
        }
    }
}

impl ReadJson for DecCoin {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        let mut fields = json.known_fields(&["denom", "amount"], refusal);
        DecCoin {
            denom: fields.next(),
            amount: fields.next(),
        }
    }
}

impl ReadJson for DecCoins {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        let coins = Vec::<DecCoin>::read_json(json, refusal);
        coins.try_into().unwrap_or_else(|error| {
            refusal.note(Error::message(format_args!("{error}")));
            DecCoins::default()
        })
    }
}

impl ReadJson for Epochs {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        let mut fields = json.known_fields(&["genesis", "length"], refusal);
        Epochs {
            genesis: fields.next(),
            length: fields.next(),
        }
    }
}

impl ReadJson for Expiration {
    fn read_json(json: &mut Tree, refusal: &mut Refusal) -> Self {
        const VARIANTS: Variants = Variants {
            names: &["at_height", "at_time", "never"],
            fields: &[None, None, Some(&[])],
            no_others: false,
        };
        let mut variant = json.variant(&VARIANTS, refusal);
        match variant.index() {
            0 => Expiration::AtHeight(variant.content()),
            1 => Expiration::AtTime(variant.content()),
            _ => Expiration::Never {},
        }
    }
}
