//! Numbers of the lazy accounting: signed amounts, and fractions that are rounded only when they
//! are multiplied with an amount.
//!
//! | type | unit | holds |
//! |---|---|---|
//! | [`SignedPoints`] | points | an adjustment of a claim, as it is stored |
//! | [`FinePoints`] | 10^-36 points | an adjustment per delegated unit, and terms of a sum before it is rounded |
//! | [`Ratio`] | none | a share, or a share of a share |
//!
//! An adjustment per unit is multiplied by up to 10^34 units. One point of rounding per unit would
//! become 10^34 points of a claim; 10^-36 points per unit become a hundredth of a point.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Int512, Uint256, Uint512};

use crate::{MathError, Points};

/// The [`FinePoints`] in one point: 10^36, below 2^120.
const PARTS_PER_POINT: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

fn overflow(operation: &'static str, left: Int512) -> MathError {
    MathError::SignedOverflow { operation, left }
}

fn sum(left: Int512, right: Int512) -> Result<Int512, MathError> {
    left.checked_add(right)
        .map_err(|_| overflow("addition", left))
}

fn difference(left: Int512, right: Int512) -> Result<Int512, MathError> {
    left.checked_sub(right)
        .map_err(|_| overflow("subtraction", left))
}

fn product(left: Int512, right: u128) -> Result<Int512, MathError> {
    left.checked_mul(Int512::from(right))
        .map_err(|_| overflow("multiplication", left))
}

/// Quotient and remainder; `None` if the divisor is 0.
fn divide(dividend: Uint512, divisor: Uint256) -> Option<(Uint512, Uint256)> {
    let divisor = Uint512::from(divisor);
    let quotient = dividend.checked_div(divisor).ok()?;
    // A product costs less gas than a second division. It is at most `dividend`, and what it leaves
    // is below the divisor, so it fits into 256 bits.
    let remainder = dividend
        .checked_sub(quotient.checked_mul(divisor).ok()?)
        .ok()?;
    Some((quotient, Uint256::try_from(remainder).ok()?))
}

/// 1 if a division that left `remainder` is to be rounded up, otherwise 0.
fn increment(round_up: bool, remainder: Uint256) -> Uint512 {
    Uint512::from(u8::from(round_up && !remainder.is_zero()))
}

/// The integer with this magnitude and sign; `None` if it does not fit into 512 bits.
fn with_sign(magnitude: Uint512, is_negative: bool) -> Option<Int512> {
    // The same bits as a signed integer, and their negation, have the wrong sign exactly if the
    // magnitude is too large. The smallest integer, -2^511, is its own negation.
    let bits = Int512::from_be_bytes(magnitude.to_be_bytes());
    let value = if is_negative {
        Int512::zero().wrapping_sub(bits)
    } else {
        bits
    };
    (value.is_zero() || value.is_negative() == is_negative).then_some(value)
}

/// A signed number of points: what a claim is adjusted by.
///
/// ```
/// use distribution_math::{Points, SignedPoints};
///
/// let adjustment = SignedPoints::ZERO.plus(Points::from_coins(2)).unwrap();
/// let entitlement = SignedPoints::from(Points::from_coins(1)).minus(adjustment).unwrap();
/// assert_eq!(entitlement.or_zero(), Points::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignedPoints(Int512);

impl SignedPoints {
    /// 0.
    pub const ZERO: SignedPoints = SignedPoints(Int512::zero());

    /// Wraps a number of points.
    pub const fn new(points: Int512) -> Self {
        SignedPoints(points)
    }

    /// The number of points.
    pub const fn value(self) -> Int512 {
        self.0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if it exceeds 512 bits.
    pub fn plus(self, other: impl Into<SignedPoints>) -> Result<Self, MathError> {
        sum(self.0, other.into().0).map(SignedPoints)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if it exceeds 512 bits.
    pub fn minus(self, other: impl Into<SignedPoints>) -> Result<Self, MathError> {
        difference(self.0, other.into().0).map(SignedPoints)
    }

    /// The nearest amount that [`Points`] can hold: 0 for a negative one, and the largest number of
    /// points for one above it. The caller limits the result to what is there to be paid.
    pub fn or_zero(self) -> Points {
        if self.0.is_negative() {
            return Points::ZERO;
        }
        Points::new(Uint256::try_from(self.0).unwrap_or(Uint256::MAX))
    }
}

impl From<Points> for SignedPoints {
    fn from(points: Points) -> Self {
        SignedPoints(Int512::from(points.value()))
    }
}

impl std::fmt::Display for SignedPoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A signed number of 10^-36 points: an adjustment per delegated unit, or a term of an adjustment
/// before it is rounded to points.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::{Points, Ratio, SignedPoints};
///
/// let third = Ratio::new(Uint256::from(1u128), Uint256::from(3u128));
/// let part = third.floor_of(Points::ONE).unwrap();
/// // Three times a third that was rounded down is slightly less than one point.
/// assert_eq!(part.times(3).unwrap().floor(), SignedPoints::ZERO);
/// assert_eq!(part.times(3).unwrap().ceil(), Points::ONE.into());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FinePoints(Int512);

impl FinePoints {
    /// 0.
    pub const ZERO: FinePoints = FinePoints(Int512::zero());

    /// Wraps a number of 10^-36 points.
    pub const fn new(parts: Int512) -> Self {
        FinePoints(parts)
    }

    /// The number of 10^-36 points.
    pub const fn value(self) -> Int512 {
        self.0
    }

    /// Converts points, exactly. All that a contract can ever receive of a denom is below 2^368
    /// parts.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if the result exceeds 512 bits.
    pub fn of(points: impl Into<SignedPoints>) -> Result<Self, MathError> {
        product(points.into().0, PARTS_PER_POINT).map(FinePoints)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if it exceeds 512 bits.
    pub fn plus(self, other: FinePoints) -> Result<Self, MathError> {
        sum(self.0, other.0).map(FinePoints)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if it exceeds 512 bits.
    pub fn minus(self, other: FinePoints) -> Result<Self, MathError> {
        difference(self.0, other.0).map(FinePoints)
    }

    /// The amount times `units`, exactly.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if the product exceeds 512 bits.
    pub fn times(self, units: u128) -> Result<Self, MathError> {
        product(self.0, units).map(FinePoints)
    }

    /// The amount rounded down to whole points.
    pub fn floor(self) -> SignedPoints {
        self.rounded(self.0.is_negative())
    }

    /// The amount rounded up to whole points.
    pub fn ceil(self) -> SignedPoints {
        self.rounded(!self.0.is_negative())
    }

    fn rounded(self, magnitude_up: bool) -> SignedPoints {
        // The divisor is not 0. A magnitude is at most 2^511, so a quotient is far smaller, and
        // neither the increment nor the sign can make it too large.
        divide(self.0.unsigned_abs(), Uint256::new(PARTS_PER_POINT))
            .map(|(quotient, rest)| quotient.saturating_add(increment(magnitude_up, rest)))
            .and_then(|magnitude| with_sign(magnitude, self.0.is_negative()))
            .map(SignedPoints)
            .unwrap_or_default()
    }
}

/// Added to the length byte of a negative number.
const NEGATIVE: u8 = 100;
const WIDTH: usize = 64;

/// Writes one byte with the length of the magnitude, plus 100 if the number is negative, then the
/// magnitude in big-endian bytes without leading zeros.
fn write(value: Int512, writer: &mut impl io::Write) -> io::Result<()> {
    let bytes = value.unsigned_abs().to_be_bytes();
    let leading_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = bytes.get(leading_zeros..).unwrap_or_default();
    // The length is at most 64, so the sum fits into a byte.
    let sign = if value.is_negative() { NEGATIVE } else { 0 };
    writer.write_all(&[sign.saturating_add(significant.len() as u8)])?;
    writer.write_all(significant)
}

fn read(reader: &mut impl io::Read) -> io::Result<Int512> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidData, "integer of more than 512 bits");
    let head = u8::deserialize_reader(reader)?;
    let is_negative = head >= NEGATIVE;
    let length = usize::from(if is_negative {
        head.saturating_sub(NEGATIVE)
    } else {
        head
    });
    let start = WIDTH.checked_sub(length).ok_or_else(invalid)?;
    let mut bytes = [0u8; WIDTH];
    if let Some(significant) = bytes.get_mut(start..) {
        reader.read_exact(significant)?;
    }
    with_sign(Uint512::from_be_bytes(bytes), is_negative).ok_or_else(invalid)
}

impl BorshSerialize for SignedPoints {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        write(self.0, writer)
    }
}

impl BorshDeserialize for SignedPoints {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        read(reader).map(SignedPoints)
    }
}

impl BorshSerialize for FinePoints {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        write(self.0, writer)
    }
}

impl BorshDeserialize for FinePoints {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        read(reader).map(FinePoints)
    }
}

/// A non-negative fraction of two integers, kept exactly: a share, or a share of a share. Two
/// ratios are equal if they are the same number, like 1/3 and 2/6.
///
/// The ratio with the largest integers is a delegation's share of the fees that are divided by
/// power: `s * T * (1 - c) / (D * S)`, with the delegation's units `s`, the units `D` of all
/// delegations to its validator, the validator's power `T`, the total power `S` and the commission
/// rate `c`. Units are at most 10^34 (below 2^113), powers below 2^63, and a rate counts 10^-18
/// (below 2^60), so numerator and denominator are below 2^236.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::{Points, Ratio};
///
/// let number = |number: u128| Uint256::from(number);
/// let third = Ratio::new(number(1), number(3));
/// assert_eq!(third, Ratio::new(number(2), number(6)));
/// assert_eq!(third.floor_of(Points::from_coins(6)).unwrap().floor(), Points::from_coins(2).into());
/// // A denominator of 0 means that there is nothing to share, so the ratio is 0.
/// assert_eq!(Ratio::new(number(1), number(0)), Ratio::ZERO);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    numerator: Uint256,
    /// Not 0.
    denominator: Uint256,
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        // Comparing the numbers first saves two products in the most frequent case.
        (self.numerator, self.denominator) == (other.numerator, other.denominator)
            || self.numerator.full_mul(other.denominator)
                == other.numerator.full_mul(self.denominator)
    }
}

impl Eq for Ratio {}

fn multiple(number: Uint256, factor: u128) -> Result<Uint256, MathError> {
    let factor = Uint256::from(factor);
    number.checked_mul(factor).map_err(|_| MathError::Overflow {
        operation: "multiplication",
        left: number,
        right: factor,
    })
}

impl Ratio {
    /// 0.
    pub const ZERO: Ratio = Ratio {
        numerator: Uint256::zero(),
        denominator: Uint256::one(),
    };

    /// `numerator / denominator`, or 0 if the denominator is 0.
    pub fn new(numerator: Uint256, denominator: Uint256) -> Self {
        if denominator.is_zero() {
            return Ratio::ZERO;
        }
        Ratio {
            numerator,
            denominator,
        }
    }

    /// The ratio times `factor`, exactly.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if the numerator exceeds 256 bits.
    pub fn times(self, factor: u128) -> Result<Self, MathError> {
        Ok(Ratio {
            numerator: multiple(self.numerator, factor)?,
            ..self
        })
    }

    /// The ratio divided by `divisor`, exactly, or 0 if the divisor is 0.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if the denominator exceeds 256 bits.
    pub fn over(self, divisor: u128) -> Result<Self, MathError> {
        if divisor == 0 {
            return Ok(Ratio::ZERO);
        }
        Ok(Ratio {
            denominator: multiple(self.denominator, divisor)?,
            ..self
        })
    }

    /// `ratio * amount`, rounded down to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if the amount in 10^-36 points, or the result, exceeds 512
    /// bits.
    pub fn floor_of(self, amount: impl Into<SignedPoints>) -> Result<FinePoints, MathError> {
        self.floor_of_parts(FinePoints::of(amount)?)
    }

    /// `ratio * amount`, rounded up to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if the amount in 10^-36 points, or the result, exceeds 512
    /// bits.
    pub fn ceil_of(self, amount: impl Into<SignedPoints>) -> Result<FinePoints, MathError> {
        self.ceil_of_parts(FinePoints::of(amount)?)
    }

    /// `ratio * amount`, rounded down to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if the result exceeds 512 bits.
    pub fn floor_of_parts(self, amount: FinePoints) -> Result<FinePoints, MathError> {
        self.multiply(amount, amount.0.is_negative())
    }

    /// `ratio * amount`, rounded up to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathError::SignedOverflow`] if the result exceeds 512 bits.
    pub fn ceil_of_parts(self, amount: FinePoints) -> Result<FinePoints, MathError> {
        self.multiply(amount, !amount.0.is_negative())
    }

    /// `numerator * amount / denominator`, its magnitude rounded up or down.
    ///
    /// The product of amount and numerator can exceed 512 bits: twice the most that can be received
    /// is 2^249 points or, times 10^36, 2^369 parts, and a numerator can have 236 bits. So the
    /// amount is divided first, then its remainder is multiplied and divided:
    ///
    /// ```text
    /// amount = quotient * denominator + remainder
    /// result = quotient * numerator + remainder * numerator / denominator
    /// ```
    ///
    /// `quotient * numerator` is a whole number and at most the result. The remainder is below the
    /// denominator, which is below 2^256, and so is the numerator: `remainder * numerator` is below
    /// 2^512 (below 2^472 with the largest ratio). Only its division by the denominator is rounded,
    /// and an intermediate number exceeds 512 bits only if the result does.
    fn multiply(self, amount: FinePoints, magnitude_up: bool) -> Result<FinePoints, MathError> {
        let amount = amount.0;
        if amount.is_zero() || self.numerator.is_zero() {
            return Ok(FinePoints::ZERO);
        }
        self.multiply_magnitude(amount.unsigned_abs(), magnitude_up)
            .and_then(|magnitude| with_sign(magnitude, amount.is_negative()))
            .map(FinePoints)
            .ok_or_else(|| overflow("multiplication", amount))
    }

    /// See [`Ratio::multiply`]; `None` if the result exceeds 512 bits.
    fn multiply_magnitude(self, amount: Uint512, round_up: bool) -> Option<Uint512> {
        let (quotient, remainder) = divide(amount, self.denominator)?;
        let whole = quotient.checked_mul(self.numerator.into()).ok()?;
        let (part, rest) = divide(remainder.full_mul(self.numerator), self.denominator)?;
        whole
            .checked_add(part)
            .and_then(|floor| floor.checked_add(increment(round_up, rest)))
            .ok()
    }
}
