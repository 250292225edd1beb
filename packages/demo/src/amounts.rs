//! How numbers are printed.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

/// Decimal places of a display denom such as ATOM.
const DISPLAY_PLACES: usize = 6;

/// A denom and the larger one that people count in, for denoms that begin with `u` (micro).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    base: String,
    display: Option<String>,
}

impl Unit {
    /// The unit of a denom: `uatom` is displayed as ATOM.
    pub fn new(denom: &str) -> Self {
        let display = denom
            .strip_prefix('u')
            .filter(|rest| rest.len() >= 3 && rest.bytes().all(|byte| byte.is_ascii_lowercase()))
            .map(str::to_uppercase);
        Self {
            base: denom.to_string(),
            display,
        }
    }

    /// The denom.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What amounts of [`Self::in_display`] are called.
    pub fn display(&self) -> &str {
        self.display.as_deref().unwrap_or(&self.base)
    }

    /// Base units that one of [`Self::display`] has.
    pub fn base_units(&self) -> f64 {
        self.display.as_ref().map_or(1.0, |_| 1e6)
    }

    /// An amount of base units in the larger unit, with all its places: `1,234.567890`.
    pub fn in_display(&self, amount: u128) -> String {
        match self.display {
            None => grouped(amount),
            Some(_) => with_point(amount, DISPLAY_PLACES),
        }
    }

    /// `1,234,567,890 uatom (1,234.567890 ATOM)`.
    pub fn both(&self, amount: u128) -> String {
        let base = format!("{} {}", grouped(amount), self.base);
        match &self.display {
            None => base,
            Some(display) => format!("{base} ({} {display})", self.in_display(amount)),
        }
    }
}

/// An integer with a comma between thousands.
pub fn grouped(number: impl ToString) -> String {
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// An integer of so many decimal places with commas and a point.
fn with_point(number: impl ToString, places: usize) -> String {
    let text = decimal(number, places);
    match text.split_once('.') {
        Some((whole, rest)) => format!("{}.{rest}", grouped(whole)),
        None => grouped(text),
    }
}

/// An integer of so many decimal places, written with a point and without commas.
pub fn decimal(number: impl ToString, places: usize) -> String {
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    if places == 0 {
        return text;
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, rest) = padded.split_at(padded.len() - places);
    format!("{sign}{whole}.{rest}")
}

/// A number with four digits, cut, and a power of ten: `3.141e-24`; `0` for none.
pub fn scientific(number: &BigRational) -> String {
    if number.is_zero() {
        return "0".to_string();
    }
    let sign = if number.is_negative() { "-" } else { "" };
    let number = number.abs();
    let ten = |exponent: i64| {
        let power = BigRational::from(BigInt::from(10).pow(exponent.unsigned_abs() as u32));
        if exponent < 0 { power.recip() } else { power }
    };
    // The lengths give the exponent up to one.
    let digits = |integer: &BigInt| integer.to_string().len() as i64;
    let mut exponent = digits(number.numer()) - digits(number.denom());
    if number < ten(exponent) {
        exponent -= 1;
    }
    let mantissa = (number * ten(3 - exponent)).to_integer();
    format!("{sign}{}e{exponent}", decimal(mantissa, 3))
}

/// A rate of 10^-18 as percent without trailing zeros: `12.5 %`.
pub fn percent(atomics: u64) -> String {
    let text = decimal(atomics, 16);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(-123_456), "-123,456");
        assert_eq!(grouped(-1_234_567), "-1,234,567");
    }

    #[test]
    fn micro_denoms_are_shown_in_both_units() {
        let atom = Unit::new("uatom");
        assert_eq!(
            atom.both(1_234_567_890),
            "1,234,567,890 uatom (1,234.567890 ATOM)"
        );
        assert_eq!(atom.in_display(7), "0.000007");
        for denom in ["stake", "umm", "uFoo1", "ibc/AB"] {
            assert_eq!(Unit::new(denom).both(1_000), format!("1,000 {denom}"));
        }
    }

    #[test]
    fn decimals_keep_every_place() {
        assert_eq!(decimal(5, 3), "0.005");
        assert_eq!(decimal(-1_234_567, 3), "-1234.567");
        assert_eq!(decimal(12, 0), "12");
    }

    #[test]
    fn scientific_numbers_have_four_digits_that_are_cut() {
        let ratio =
            |a: i64, b: i64| scientific(&BigRational::new(BigInt::from(a), BigInt::from(b)));
        assert_eq!(ratio(0, 1), "0");
        assert_eq!(ratio(1, 1), "1.000e0");
        assert_eq!(ratio(1, 3), "3.333e-1");
        assert_eq!(ratio(99_999, 1), "9.999e4");
        assert_eq!(ratio(1, 1_000), "1.000e-3");
        assert_eq!(ratio(-7, 8_000_000), "-8.750e-7");
        assert_eq!(ratio(9_999, 10_000), "9.999e-1");
    }

    #[test]
    fn rates_are_percent() {
        assert_eq!(percent(125_000_000_000_000_000), "12.5 %");
        assert_eq!(percent(0), "0 %");
        assert_eq!(percent(1_000_000_000_000_000_000), "100 %");
    }
}
