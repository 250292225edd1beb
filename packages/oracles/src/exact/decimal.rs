//! Amounts as decimals.

use std::fmt;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::Signed;

use super::{POINT_PLACES, pow10};

/// Decimal places shown and read: those of a point.
const PLACES: usize = POINT_PLACES as usize;

/// Shows a rational cut to 36 decimal places, with `..` after it when that is not all.
pub(super) struct Decimal<'a>(pub &'a BigRational);

impl fmt::Display for Decimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = pow10(POINT_PLACES);
        let (digits, rest) = (self.0.numer().abs() * &one).div_rem(self.0.denom());
        let (whole, places) = digits.div_rem(&one);
        let sign = if self.0.is_negative() { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        let places = format!("{places:0>PLACES$}");
        let places = places.trim_end_matches('0');
        if !places.is_empty() {
            write!(f, ".{places}")?;
        }
        if rest != BigInt::ZERO {
            f.write_str("..")?;
        }
        Ok(())
    }
}

/// The points (10^-36 base units) of an amount such as `"100.7543"`; `None` for anything but
/// digits with at most one point between them, and for more than 36 places.
pub(crate) fn points_of_decimal(text: &str) -> Option<BigInt> {
    let (whole, places) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (text, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(places) || places.len() > PLACES {
        return None;
    }
    format!("{whole}{places:0<PLACES$}").parse().ok()
}
