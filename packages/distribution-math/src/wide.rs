//! Products in 512 bits, divided once.

use cosmwasm_std::{Uint128, Uint256, Uint512};

use crate::MathError;

/// `floor(a * b / divisor)` with the product in 512 bits.
pub(crate) fn mul_div_floor(
    a: Uint256,
    b: Uint256,
    divisor: Uint256,
) -> Result<Uint256, MathError> {
    let divided = divide(a.full_mul(b), divisor).ok_or(MathError::DivisionByZero { amount: a })?;
    Uint256::try_from(divided.quotient).map_err(|_| MathError::Overflow {
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

/// `dividend = quotient * divisor + remainder`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Divided {
    pub quotient: Uint512,
    /// Below the divisor.
    pub remainder: Uint256,
}

/// Divides, `None` by 0.
///
/// The divisions of the library of wide integers are most of what a contract computes: it divides
/// by digits of 64 bits, for which the VM has no instruction. This is the same long division
/// (Knuth's algorithm D) by digits of 32 bits, for which it has one, and gives the remainder along
/// with the quotient.
pub(crate) fn divide(dividend: Uint512, divisor: Uint256) -> Option<Divided> {
    let mut divisor_digits = digits::<8>(&divisor.to_le_bytes());
    let length = significant(&divisor_digits);
    let mut rest = digits::<17>(&dividend.to_le_bytes());
    let rest_length = significant(&rest);

    // With its highest bit set, a divisor's first digits tell nearly what it goes into.
    let divisor_digits = divisor_digits.get_mut(..length)?;
    let shift = divisor_digits.last()?.leading_zeros();
    shift_left(divisor_digits, shift);
    shift_left(&mut rest, shift);

    let mut quotient = [0u32; 16];
    let places = (rest_length.saturating_add(1)).saturating_sub(length);
    for (place, digit) in quotient.iter_mut().enumerate().take(places).rev() {
        let window = rest.get_mut(place..)?.get_mut(..=length)?;
        *digit = divide_window(window, divisor_digits);
    }
    shift_right(&mut rest, shift);
    let remainder = bytes::<32>(rest.get(..8)?);
    Some(Divided {
        quotient: Uint512::from_le_bytes(bytes::<64>(&quotient)),
        remainder: Uint256::from_le_bytes(remainder),
    })
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
        let mut carry = 0u64;
        let (head, last) = window.split_at_mut(divisor.len());
        for (place, by) in head.iter_mut().zip(divisor) {
            let sum = u64::from(*place)
                .wrapping_add(u64::from(*by))
                .wrapping_add(carry);
            *place = sum as u32;
            carry = sum >> 32;
        }
        for place in last {
            *place = place.wrapping_add(carry as u32);
        }
    }
    digit as u32
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

    fn same_as_the_library(dividend: Uint512, divisor: Uint256) {
        let divided = divide(dividend, divisor).unwrap();
        let wide = Uint512::from(divisor);
        assert_eq!(divided.quotient, dividend / wide);
        assert_eq!(Uint512::from(divided.remainder), dividend % wide);
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
        #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

        #[test]
        fn quotient_and_remainder_are_those_of_the_library(
            dividend in bytes_of::<64>(),
            divisor in bytes_of::<32>(),
        ) {
            let divisor = Uint256::from_le_bytes(divisor).max(Uint256::one());
            same_as_the_library(Uint512::from_le_bytes(dividend), divisor);
        }

        #[test]
        fn products_come_apart_again(a in bytes_of::<32>(), b in bytes_of::<32>(), c in bytes_of::<32>()) {
            let [a, b, c] = [a, b, c].map(Uint256::from_le_bytes);
            let b = b.max(Uint256::one());
            let remainder = c % b;
            let dividend = a.full_mul(b) + Uint512::from(remainder);
            let divided = divide(dividend, b).unwrap();
            prop_assert_eq!(divided.quotient, Uint512::from(a));
            prop_assert_eq!(divided.remainder, remainder);
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
                same_as_the_library(Uint512::from(dividend), divisor);
                same_as_the_library(dividend.full_mul(Uint256::MAX), divisor);
            }
            same_as_the_library(Uint512::zero(), divisor);
            same_as_the_library(Uint512::MAX, divisor);
        }
        assert_eq!(divide(Uint512::MAX, Uint256::zero()), None);
    }
}
