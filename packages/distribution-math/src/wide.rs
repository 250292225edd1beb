//! Integers of up to 640 bits: products of two wide integers, divided once.
//!
//! The library of wide integers multiplies and divides by digits of 64 bits, for whose products
//! and quotients the VM has no instructions: they would be most of what a contract computes. Digits
//! of 32 bits have them.

use cosmwasm_std::{Uint128, Uint256, Uint512};

use crate::{MathError, MathFault};

/// `floor(a * b / divisor)`.
pub(crate) fn mul_div_floor(
    a: Uint256,
    b: Uint256,
    divisor: Uint256,
) -> Result<Uint256, MathError> {
    let overflow = || MathFault::Overflow {
        operation: "multiplication",
        left: a,
        right: b,
    };
    let Some(product) = Wide::from(a).times(&Wide::from(b)) else {
        return Err(overflow().into());
    };
    let divided = product
        .divided(&Wide::from(divisor))
        .ok_or(MathFault::DivisionByZero { amount: a })?;
    Ok(divided.quotient.to_256().ok_or_else(overflow)?)
}

/// The value in 128 bits, `None` when it does not fit.
pub(crate) fn narrow(value: impl TryInto<Uint128>) -> Option<u128> {
    value.try_into().ok().map(|value| value.u128())
}

const DIGITS: usize = 20;
/// Digits of 128, 256 and 512 bits.
const DIGITS_128: usize = 4;
const DIGITS_256: usize = 8;
const DIGITS_512: usize = 16;

/// A whole number, the lowest digit first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wide([u32; DIGITS]);

/// `dividend = quotient * divisor + remainder`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Divided {
    pub quotient: Wide,
    /// Below the divisor.
    pub remainder: Wide,
}

impl From<u128> for Wide {
    fn from(value: u128) -> Self {
        Wide(digits(&value.to_le_bytes()))
    }
}

impl From<Uint256> for Wide {
    fn from(value: Uint256) -> Self {
        Wide(digits(&value.to_le_bytes()))
    }
}

impl From<Uint512> for Wide {
    fn from(value: Uint512) -> Self {
        Wide(digits(&value.to_le_bytes()))
    }
}

impl Wide {
    pub const MAX: Wide = Wide([u32::MAX; DIGITS]);
    pub const ZERO: Wide = Wide([0; DIGITS]);
    pub const ONE: Wide = {
        let mut digits = [0; DIGITS];
        digits[0] = 1;
        Wide(digits)
    };

    pub fn is_zero(&self) -> bool {
        *self == Wide::ZERO
    }

    /// The digits without leading zeros.
    fn significant(&self) -> &[u32] {
        self.0.get(..significant(&self.0)).unwrap_or_default()
    }

    /// `None` when it does not fit.
    pub fn to_128(self) -> Option<u128> {
        (self.significant().len() <= DIGITS_128).then(|| u128::from_le_bytes(bytes(&self.0)))
    }

    /// `None` when it does not fit.
    pub fn to_256(self) -> Option<Uint256> {
        (self.significant().len() <= DIGITS_256).then(|| Uint256::from_le_bytes(bytes(&self.0)))
    }

    /// `None` when it does not fit.
    pub fn to_512(self) -> Option<Uint512> {
        (self.significant().len() <= DIGITS_512).then(|| Uint512::from_le_bytes(bytes(&self.0)))
    }

    /// Sum, `None` when it does not fit.
    pub fn plus(&self, other: &Wide) -> Option<Wide> {
        let mut sum = *self;
        let carry = add(&mut sum.0, &other.0);
        (carry == 0).then_some(sum)
    }

    /// Product, `None` when it does not fit.
    pub fn times(&self, other: &Wide) -> Option<Wide> {
        let (left, right) = (self.significant(), other.significant());
        let mut product = Wide::ZERO;
        for (place, digit) in left.iter().enumerate() {
            let mut carry = 0u64;
            let mut places = product.0.iter_mut().skip(place);
            for by in right {
                // A product of two digits and two digits more are below 2^64.
                let sum = u64::from(*digit)
                    .wrapping_mul(u64::from(*by))
                    .wrapping_add(carry);
                let (low, high) = match places.next() {
                    Some(place) => {
                        let sum = sum.wrapping_add(u64::from(*place));
                        *place = sum as u32;
                        (0, sum >> 32)
                    }
                    None => (sum as u32, sum >> 32),
                };
                if low != 0 {
                    return None;
                }
                carry = high;
            }
            match places.next() {
                Some(place) => *place = carry as u32,
                None if carry > 0 => return None,
                None => {}
            }
        }
        Some(product)
    }

    /// Quotient and remainder, `None` by 0: long division (Knuth's algorithm D).
    pub fn divided(&self, divisor: &Wide) -> Option<Divided> {
        let mut divisor = *divisor;
        let length = significant(&divisor.0);
        let mut rest = [0u32; DIGITS + 1];
        rest.get_mut(..DIGITS)?.copy_from_slice(&self.0);
        let rest_length = significant(&rest);

        // With its highest bit set, a divisor's first digits tell nearly what it goes into.
        let divisor = divisor.0.get_mut(..length)?;
        let shift = divisor.last()?.leading_zeros();
        shift_left(divisor, shift);
        shift_left(&mut rest, shift);

        let mut quotient = Wide::ZERO;
        let places = rest_length.saturating_add(1).saturating_sub(length);
        for (place, digit) in quotient.0.iter_mut().enumerate().take(places).rev() {
            let window = rest.get_mut(place..)?.get_mut(..=length)?;
            *digit = divide_window(window, divisor);
        }
        shift_right(&mut rest, shift);
        let mut remainder = Wide::ZERO;
        remainder.0.copy_from_slice(rest.get(..DIGITS)?);
        Some(Divided {
            quotient,
            remainder,
        })
    }
}

/// The next digit of a quotient. `window` is one digit longer than the divisor and less than 2^32
/// times it; the remainder is left in it.
fn divide_window(window: &mut [u32], divisor: &[u32]) -> u32 {
    let from_top = |digits: &[u32], place: usize| {
        let digit = digits
            .len()
            .checked_sub(place)
            .and_then(|at| digits.get(at));
        u64::from(digit.copied().unwrap_or_default())
    };
    let (first, second) = (from_top(divisor, 1), from_top(divisor, 2));
    let top = from_top(window, 1) << 32 | from_top(window, 2);
    // At most two too many, and by the second digits nearly always right. `first` is not 0.
    let mut digit = top.checked_div(first).unwrap_or_default();
    let mut left = top.checked_rem(first).unwrap_or_default();
    while left <= u32::MAX.into()
        && (digit > u32::MAX.into()
            || digit.saturating_mul(second) > (left << 32 | from_top(window, 3)))
    {
        digit = digit.wrapping_sub(1);
        left = left.wrapping_add(first);
    }

    // No sum below passes 64 bits: digit and divisor's digits are below 2^32.
    let mut carry = 0u64;
    let mut borrow = false;
    let (head, last) = window.split_at_mut(divisor.len());
    for (place, by) in head.iter_mut().zip(divisor) {
        let product = digit.wrapping_mul(u64::from(*by)).wrapping_add(carry);
        carry = product >> 32;
        borrow = subtract(place, product as u32, borrow);
    }
    for place in last {
        borrow = subtract(place, carry as u32, borrow);
        carry = 0;
    }
    if borrow {
        // One too many after all: the divisor is added back.
        digit = digit.wrapping_sub(1);
        let (head, last) = window.split_at_mut(divisor.len());
        let carry = add(head, divisor);
        for place in last {
            *place = place.wrapping_add(carry);
        }
    }
    digit as u32
}

/// Adds digit by digit; returns what is carried out of the last one.
fn add(places: &mut [u32], digits: &[u32]) -> u32 {
    let mut carry = 0u64;
    for (place, digit) in places.iter_mut().zip(digits) {
        let sum = u64::from(*place)
            .wrapping_add(u64::from(*digit))
            .wrapping_add(carry);
        *place = sum as u32;
        carry = sum >> 32;
    }
    carry as u32
}

/// Subtracts from a digit; returns whether it borrows from the next.
fn subtract(place: &mut u32, by: u32, borrow: bool) -> bool {
    let (difference, below) = place.overflowing_sub(by);
    let (difference, below_too) = difference.overflowing_sub(borrow.into());
    *place = difference;
    below || below_too
}

/// The digits of an integer, the lowest first; missing ones are 0.
fn digits<const N: usize>(bytes: &[u8]) -> [u32; N] {
    let mut digits = [0u32; N];
    for (digit, bytes) in digits.iter_mut().zip(bytes.chunks_exact(4)) {
        *digit = bytes
            .iter()
            .rev()
            .fold(0, |digit, byte| digit << 8 | u32::from(*byte));
    }
    digits
}

fn bytes<const N: usize>(digits: &[u32]) -> [u8; N] {
    let mut bytes = [0u8; N];
    for (bytes, digit) in bytes.chunks_exact_mut(4).zip(digits) {
        bytes.copy_from_slice(&digit.to_le_bytes());
    }
    bytes
}

/// How many digits there are without leading zeros.
fn significant(digits: &[u32]) -> usize {
    let zeros = digits.iter().rev().take_while(|digit| **digit == 0);
    digits.len().saturating_sub(zeros.count())
}

/// By less than 32 bits, none of which falls out at the top.
fn shift_left(digits: &mut [u32], shift: u32) {
    let mut carry = 0u64;
    for digit in digits {
        let wide = u64::from(*digit) << shift | carry;
        *digit = wide as u32;
        carry = wide >> 32;
    }
}

/// By less than 32 bits, which are 0.
fn shift_right(digits: &mut [u32], shift: u32) {
    let mut carry = 0u64;
    for digit in digits.iter_mut().rev() {
        let wide = carry << 32 | u64::from(*digit);
        carry = u64::from(*digit) & !(u64::MAX << shift);
        *digit = (wide >> shift) as u32;
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn divides_as_the_library(dividend: Uint512, divisor: Uint256) {
        let divided = Wide::from(dividend).divided(&Wide::from(divisor)).unwrap();
        let divisor = Uint512::from(divisor);
        assert_eq!(divided.quotient.to_512(), Some(dividend / divisor));
        assert_eq!(divided.remainder.to_512(), Some(dividend % divisor));
    }

    /// Digits that are often all ones or zeros: where a digit is estimated too high.
    fn bytes_of<const N: usize>() -> impl Strategy<Value = [u8; N]> {
        let byte = prop_oneof![Just(0u8), Just(0xff), Just(0x80), any::<u8>()];
        (prop::collection::vec((byte, 1usize..9), N), 0..=N).prop_map(|(runs, length)| {
            let mut bytes = [0; N];
            let repeated = runs
                .iter()
                .flat_map(|(byte, times)| std::iter::repeat_n(*byte, *times));
            for (place, byte) in bytes.iter_mut().take(length).zip(repeated) {
                *place = byte;
            }
            bytes
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

        #[test]
        fn quotients_and_remainders_are_those_of_the_library(
            dividend in bytes_of::<64>(),
            divisor in bytes_of::<32>(),
        ) {
            let divisor = Uint256::from_le_bytes(divisor).max(Uint256::one());
            divides_as_the_library(Uint512::from_le_bytes(dividend), divisor);
        }

        #[test]
        fn products_are_those_of_the_library(a in bytes_of::<32>(), b in bytes_of::<32>()) {
            let [a, b] = [a, b].map(Uint256::from_le_bytes);
            let product = Wide::from(a).times(&Wide::from(b)).unwrap();
            prop_assert_eq!(product.to_512(), Some(a.full_mul(b)));
        }

        #[test]
        fn products_and_remainders_come_apart_again(
            a in bytes_of::<64>(),
            b in bytes_of::<32>(),
            c in bytes_of::<32>(),
        ) {
            let b = Wide::from(Uint256::from_le_bytes(b).max(Uint256::one()));
            let a = Wide::from(Uint512::from_le_bytes(a));
            let remainder = Wide::from(Uint256::from_le_bytes(c)).divided(&b).unwrap().remainder;
            let sum = a.times(&b).and_then(|product| product.plus(&remainder));
            if let Some(dividend) = sum {
                let divided = dividend.divided(&b).unwrap();
                prop_assert_eq!(divided.quotient, a);
                prop_assert_eq!(divided.remainder, remainder);
            } else {
                prop_assert!(a.significant().len() + b.significant().len() > DIGITS);
            }
        }
    }

    #[test]
    fn the_largest_and_smallest_numbers_divide() {
        let numbers = [
            Uint256::one(),
            Uint256::from(u32::MAX),
            Uint256::from(1u64 << 32),
            Uint256::from(u64::MAX),
            Uint256::from(u128::MAX),
            Uint256::MAX - Uint256::one(),
            Uint256::MAX,
        ];
        for divisor in numbers {
            for dividend in numbers {
                divides_as_the_library(Uint512::from(dividend), divisor);
                divides_as_the_library(dividend.full_mul(Uint256::MAX), divisor);
            }
            divides_as_the_library(Uint512::zero(), divisor);
            divides_as_the_library(Uint512::MAX, divisor);
        }
        assert_eq!(Wide::from(Uint512::MAX).divided(&Wide::ZERO), None);
    }

    #[test]
    fn what_does_not_fit_is_noticed() {
        let largest = Wide::MAX;
        let one = Wide::from(1u128);
        assert_eq!(largest.plus(&one), None);
        assert_eq!(largest.times(&one), Some(largest));
        assert_eq!(largest.times(&Wide::from(2u128)), None);
        // 2^512 * 2^127 is the highest bit, twice that is one too many.
        let power = |bits: u32| Wide::from(1u128 << bits);
        let product = (0..4).fold(one, |product, _| product.times(&power(127)).unwrap());
        let below = product.times(&power(100)).unwrap();
        assert!(below.times(&power(31)).is_some());
        assert_eq!(below.times(&power(32)), None);
        assert_eq!(below.to_512(), None);
        assert_eq!(product.to_256(), None);
        assert_eq!(Wide::from(Uint512::MAX).to_512(), Some(Uint512::MAX));
        assert_eq!(Wide::from(Uint256::MAX).to_256(), Some(Uint256::MAX));
    }
}
