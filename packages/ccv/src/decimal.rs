//! Whole numbers as decimal strings, by `#[serde(with = "decimal")]`.
//!
//! There is one spelling of a number: digits without a leading zero. Other readers of the same text
//! take more and do not agree on it: Go's `math.NewIntFromString`, which reads the amount of a
//! transfer, takes `010` for 8, `0x10` for 16 and `1_0` for 10.

use std::fmt::Display;
use std::str::FromStr;

use chain_types::text::head;
use cosmwasm_std::{Timestamp, Uint64, Uint128, Uint256};
use distribution_math::Points;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;

/// A type that stands on the wire as a whole number.
pub(crate) trait Decimal: Sized {
    /// The number.
    fn number(&self) -> impl Display;
    /// The value of a number, if it fits.
    fn from_number(number: Uint256) -> Option<Self>;
}

pub(crate) fn serialize<T: Decimal, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&value.number())
}

pub(crate) fn deserialize<'de, T: Decimal, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    read(&text)
        .and_then(T::from_number)
        .ok_or_else(|| D::Error::custom(refusal(&text)))
}

/// Reads digits without a leading zero; `None` for other texts and from 2^256 on.
fn read(text: &str) -> Option<Uint256> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_padded = text.len() > 1 && text.starts_with('0');
    Uint256::from_str(text)
        .ok()
        .filter(|_| is_number && !is_padded)
}

fn refusal(text: &str) -> String {
    let text = head(text, 80);
    format!("`{text}` must be a number of digits without leading zeros, within its bound")
}

impl Decimal for Points {
    fn number(&self) -> impl Display {
        self
    }

    fn from_number(number: Uint256) -> Option<Self> {
        Some(Points::new(number))
    }
}

impl Decimal for Uint256 {
    fn number(&self) -> impl Display {
        self
    }

    fn from_number(number: Uint256) -> Option<Self> {
        Some(number)
    }
}

impl Decimal for u128 {
    fn number(&self) -> impl Display {
        self
    }

    fn from_number(number: Uint256) -> Option<Self> {
        Uint128::try_from(number).ok().map(|number| number.u128())
    }
}

/// Nanoseconds since 1970.
impl Decimal for Timestamp {
    fn number(&self) -> impl Display {
        self.nanos()
    }

    fn from_number(number: Uint256) -> Option<Self> {
        let nanos = Uint64::try_from(number).ok()?;
        Some(Timestamp::from_nanos(nanos.u64()))
    }
}
