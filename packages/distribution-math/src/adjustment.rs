//! The arithmetic of adjustments: signed amounts, and ratios that are never rounded by themselves.
//!
//! | type | unit | holds |
//! |---|---|---|
//! | [`SignedPoints`] | points | what an entitlement is corrected by, where it is stored once per claim |
//! | [`FinePoints`] | 10^-36 points | the same per delegated unit, and every term before it is stored |
//! | [`Ratio`] | none | shares, and shares of shares |
//!
//! A correction per unit is multiplied by up to 10^30 units, so a point of it would be 10^30 points
//! of a claim; 10^-36 of a point are less than a millionth of one.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{Int512, Uint256, Uint512};

use crate::{MathError, MathFault, Points, wide::Wide};

/// Parts of a point that [`FinePoints`] count: 10^36.
const PARTS_PER_POINT: u128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

fn overflow(operation: &'static str, left: Int512) -> MathError {
    MathFault::SignedOverflow { operation, left }.into()
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
    Wide::from(left.unsigned_abs())
        .times(&Wide::from(right))
        .and_then(|magnitude| with_sign(magnitude, left.is_negative()))
        .ok_or_else(|| overflow("multiplication", left))
}

/// The integer with this magnitude and sign, `None` beyond 512 bits.
fn with_sign(magnitude: Wide, is_negative: bool) -> Option<Int512> {
    let magnitude = magnitude.to_512()?;
    if !is_negative || magnitude.is_zero() {
        return Int512::try_from(magnitude).ok();
    }
    // The smallest integer has a magnitude that no positive one has.
    let less_one = magnitude.checked_sub(Uint512::one()).ok()?;
    Int512::from(-1i64)
        .checked_sub(Int512::try_from(less_one).ok()?)
        .ok()
}

/// A signed number of points: what an entitlement is corrected by.
///
/// ```
/// use distribution_math::{Points, SignedPoints};
///
/// let adjustment = SignedPoints::ZERO.plus(Points::from_coins(2)).unwrap();
/// let entitlement = SignedPoints::from(Points::from_coins(1)).minus(adjustment).unwrap();
/// assert_eq!(entitlement.or_zero(), Points::ZERO); // below zero, and nobody owes the pool
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignedPoints(Int512);

impl SignedPoints {
    /// No correction.
    pub const ZERO: SignedPoints = SignedPoints(Int512::zero());

    /// From a number of points.
    pub const fn new(points: Int512) -> Self {
        SignedPoints(points)
    }

    /// The number of points.
    pub const fn value(self) -> Int512 {
        self.0
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] beyond 512 bits.
    pub fn plus(self, other: impl Into<SignedPoints>) -> Result<Self, MathError> {
        sum(self.0, other.into().0).map(SignedPoints)
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] beyond 512 bits.
    pub fn minus(self, other: impl Into<SignedPoints>) -> Result<Self, MathError> {
        difference(self.0, other.into().0).map(SignedPoints)
    }

    /// The amount, or zero when it is below.
    pub fn or_zero(self) -> Points {
        if self.0.is_negative() {
            return Points::ZERO;
        }
        // An entitlement is at most what was received, so it fits; a larger number is cut to the
        // largest, which no ledger can pay.
        Wide::from(self.0.unsigned_abs())
            .to_256()
            .map_or(Points::new(Uint256::MAX), Points::new)
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

/// A signed number of 10^-36 points: terms of a correction before it is rounded to points, and
/// corrections per delegated unit.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::{Points, Ratio, SignedPoints};
///
/// let third = Ratio::new(Uint256::from(1u128), Uint256::from(3u128));
/// let part = third.floor_of(Points::ONE).unwrap();
/// // Three of them are all but a whole point, which is what rounding up makes of it.
/// assert_eq!(part.times(3).unwrap().floor(), SignedPoints::ZERO);
/// assert_eq!(part.times(3).unwrap().ceil(), Points::ONE.into());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FinePoints(Int512);

impl FinePoints {
    /// No correction.
    pub const ZERO: FinePoints = FinePoints(Int512::zero());

    /// From a number of 10^-36 points.
    pub const fn new(parts: Int512) -> Self {
        FinePoints(parts)
    }

    /// The number of 10^-36 points.
    pub const fn value(self) -> Int512 {
        self.0
    }

    /// Points, exact.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] beyond 512 bits; what a pool can ever receive is below 2^368
    /// parts.
    pub fn of(points: impl Into<SignedPoints>) -> Result<Self, MathError> {
        product(points.into().0, PARTS_PER_POINT).map(FinePoints)
    }

    /// Sum.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] beyond 512 bits.
    pub fn plus(self, other: FinePoints) -> Result<Self, MathError> {
        sum(self.0, other.0).map(FinePoints)
    }

    /// Difference.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] beyond 512 bits.
    pub fn minus(self, other: FinePoints) -> Result<Self, MathError> {
        difference(self.0, other.0).map(FinePoints)
    }

    /// `units` times the amount, exact.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] beyond 512 bits.
    pub fn times(self, units: u128) -> Result<Self, MathError> {
        product(self.0, units).map(FinePoints)
    }

    /// The greatest number of points that is not above it.
    pub fn floor(self) -> SignedPoints {
        self.rounded(self.0.is_negative())
    }

    /// The smallest number of points that is not below it.
    pub fn ceil(self) -> SignedPoints {
        self.rounded(!self.0.is_negative())
    }

    /// Points, the magnitude rounded up or down.
    fn rounded(self, magnitude_up: bool) -> SignedPoints {
        // The divisor is not 0, and a quotient is far below 2^511, so it stays in range with its
        // sign.
        Wide::from(self.0.unsigned_abs())
            .divided(&Wide::from(PARTS_PER_POINT))
            .and_then(|divided| {
                divided
                    .quotient
                    .plus(&one_if(magnitude_up && !divided.remainder.is_zero()))
            })
            .and_then(|magnitude| with_sign(magnitude, self.0.is_negative()))
            .map(SignedPoints)
            .unwrap_or_default()
    }
}

fn one_if(is_one: bool) -> Wide {
    Wide::from(u128::from(is_one))
}

/// One byte: the number of bytes that follow, 100 more for a negative number. Then the magnitude.
const NEGATIVE: u8 = 100;
const WIDTH: usize = 64;

fn write(value: Int512, writer: &mut impl io::Write) -> io::Result<()> {
    let bytes = value.unsigned_abs().to_be_bytes();
    let leading_zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let significant = bytes.get(leading_zeros..).unwrap_or_default();
    // At most 64, so the sum fits into a byte.
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
    with_sign(Uint512::from_be_bytes(bytes).into(), is_negative).ok_or_else(invalid)
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

/// A non-negative fraction of two integers, never rounded by itself: shares, and shares of shares.
/// Two are equal when they are the same number.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::{Points, Ratio};
///
/// let number = |number: u128| Uint256::from(number);
/// let third = Ratio::new(number(1), number(3));
/// assert_eq!(third, Ratio::new(number(2), number(6)));
/// assert_eq!(third.floor_of(Points::from_coins(6)).unwrap().floor(), Points::from_coins(2).into());
/// // Nothing shares nothing: a denominator of 0 is the ratio 0.
/// assert_eq!(Ratio::new(number(1), number(0)), Ratio::ZERO);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    numerator: Wide,
    denominator: Wide,
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        // Most are the same number for number. Products of two fit by the bounds of both.
        (self.numerator, self.denominator) == (other.numerator, other.denominator)
            || self.numerator.times(&other.denominator) == other.numerator.times(&self.denominator)
    }
}

impl Eq for Ratio {}

impl Ratio {
    /// 0.
    pub const ZERO: Ratio = Ratio {
        numerator: Wide::ZERO,
        denominator: Wide::ONE,
    };

    /// `numerator / denominator`, and 0 when the denominator is.
    pub fn new(numerator: Uint256, denominator: Uint256) -> Self {
        if denominator.is_zero() {
            return Ratio::ZERO;
        }
        Ratio {
            numerator: numerator.into(),
            denominator: denominator.into(),
        }
    }

    /// The ratio times `factor`. The numerator stays below 2^640, which no product of a rate, units
    /// and a power comes near.
    #[must_use]
    pub fn times(self, factor: u128) -> Self {
        Ratio {
            numerator: self
                .numerator
                .times(&Wide::from(factor))
                .unwrap_or(Wide::MAX),
            ..self
        }
    }

    /// The ratio divided by `divisor`, 0 when that is.
    ///
    /// # Errors
    /// [`MathFault::Overflow`] when the denominator passes 256 bits.
    pub fn over(self, divisor: u128) -> Result<Self, MathError> {
        if divisor == 0 {
            return Ok(Ratio::ZERO);
        }
        let overflow = || MathFault::Overflow {
            operation: "multiplication",
            left: self.denominator.to_256().unwrap_or(Uint256::MAX),
            right: Uint256::from(divisor),
        };
        Ok(Ratio {
            denominator: self
                .denominator
                .times(&Wide::from(divisor))
                .filter(|product| product.to_256().is_some())
                .ok_or_else(overflow)?,
            ..self
        })
    }

    /// `ratio * amount`, rounded down to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] when the amount passes 256 bits or the result 512.
    pub fn floor_of(self, amount: impl Into<SignedPoints>) -> Result<FinePoints, MathError> {
        let amount = amount.into().0;
        self.of(amount, amount.is_negative())
    }

    /// `ratio * amount`, rounded up to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] when the amount passes 256 bits or the result 512.
    pub fn ceil_of(self, amount: impl Into<SignedPoints>) -> Result<FinePoints, MathError> {
        let amount = amount.into().0;
        self.of(amount, !amount.is_negative())
    }

    /// `ratio * amount`, rounded down to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] when the amount times the numerator passes 512 bits.
    pub fn floor_of_parts(self, amount: FinePoints) -> Result<FinePoints, MathError> {
        self.of_parts(amount.0, amount.0.is_negative())
    }

    /// `ratio * amount`, rounded up to a whole number of 10^-36 points.
    ///
    /// # Errors
    /// [`MathFault::SignedOverflow`] when the amount times the numerator passes 512 bits.
    pub fn ceil_of_parts(self, amount: FinePoints) -> Result<FinePoints, MathError> {
        self.of_parts(amount.0, !amount.0.is_negative())
    }

    /// The product of an amount in parts, its magnitude rounded up or down.
    fn of_parts(self, amount: Int512, magnitude_up: bool) -> Result<FinePoints, MathError> {
        Wide::from(amount.unsigned_abs())
            .times(&self.numerator)
            // Never by 0, see `new`.
            .and_then(|product| product.divided(&self.denominator))
            .and_then(|parts| {
                let up = one_if(magnitude_up && !parts.remainder.is_zero());
                with_sign(parts.quotient.plus(&up)?, amount.is_negative())
            })
            .map(FinePoints)
            .ok_or_else(|| overflow("multiplication", amount))
    }

    /// The product, its magnitude rounded up or down.
    fn of(self, amount: Int512, magnitude_up: bool) -> Result<FinePoints, MathError> {
        if amount.is_zero() || self.numerator.is_zero() {
            return Ok(FinePoints::ZERO);
        }
        let per_point = Wide::from(PARTS_PER_POINT);
        // Beyond 256 bits a product with the numerator may not fit.
        Wide::from(amount.unsigned_abs())
            .to_256()
            .and_then(|amount| Wide::from(amount).times(&self.numerator))
            .and_then(|product| {
                // The whole points, then the parts of what they leave: the product in parts alone
                // can pass 640 bits.
                let points = product.divided(&self.denominator)?;
                let parts = points
                    .remainder
                    .times(&per_point)?
                    .divided(&self.denominator)?;
                let up = one_if(magnitude_up && !parts.remainder.is_zero());
                let magnitude = points
                    .quotient
                    .times(&per_point)?
                    .plus(&parts.quotient)?
                    .plus(&up)?;
                with_sign(magnitude, amount.is_negative())
            })
            .map(FinePoints)
            .ok_or_else(|| overflow("multiplication", amount))
    }
}
