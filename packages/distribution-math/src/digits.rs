//! Points written in decimal, without memory beside the text.

use cosmwasm_std::Uint256;

use crate::Points;

/// Digits that one step of a division yields.
const STEP: usize = 9;
const TEN_TO_STEP: u64 = 1_000_000_000;
/// A multiple of a step that holds the 78 digits of 256 bits.
const LENGTH: usize = 81;
/// Digits before the base unit's decimal point, and before what is shown of the rest ends.
const WHOLE: usize = LENGTH - 36;
const SHOWN: usize = WHOLE + 18;

/// The decimal digits of a number of points, of which one division by ten after the other is made
/// only once for both ways to show it.
///
/// ```
/// use cosmwasm_std::Uint256;
/// use distribution_math::Points;
///
/// let amount = Points::new(Uint256::from(1_500_000_000_000_000_000_000_000_000_000_000_007u128));
/// let digits = amount.digits();
/// assert_eq!(digits.points(), amount.to_string());
/// assert_eq!((digits.whole(), digits.decimals()), ("1", "5"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Digits([u8; LENGTH]);

impl Digits {
    /// Those of no points.
    pub const ZERO: Digits = Digits([b'0'; LENGTH]);

    fn of(number: Uint256) -> Self {
        let mut limbs = [0u32; 8];
        for (limb, bytes) in limbs.iter_mut().zip(number.to_be_bytes().chunks_exact(4)) {
            *limb = bytes
                .iter()
                .fold(0, |limb, byte| (limb << 8) | u32::from(*byte));
        }
        let mut digits = Digits::ZERO;
        for step in digits.0.rchunks_exact_mut(STEP) {
            if limbs.iter().all(|limb| *limb == 0) {
                break;
            }
            let mut rest = 0u64;
            for limb in &mut limbs {
                // The rest is below the divisor, so the quotient fits into the limb.
                let dividend = (rest << 32) | u64::from(*limb);
                *limb = (dividend / TEN_TO_STEP) as u32;
                rest = dividend % TEN_TO_STEP;
            }
            let mut rest = rest as u32;
            for digit in step.iter_mut().rev() {
                // The code of 0 has none of the bits of a digit.
                *digit = b'0' | (rest % 10) as u8;
                rest /= 10;
            }
        }
        digits
    }

    fn part(&self, from: usize, to: usize) -> &str {
        let digits = self.0.get(from..to).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }

    /// A number of points: as [`Points`] are displayed.
    pub fn points(&self) -> &str {
        number(self.part(0, LENGTH))
    }

    /// The whole base units.
    pub fn whole(&self) -> &str {
        number(self.part(0, WHOLE))
    }

    /// What follows the decimal point of base units, floored to 18 decimals, without zeros at its
    /// end: with [`Digits::whole`] it is as [`Points::to_decimal`] is displayed.
    pub fn decimals(&self) -> &str {
        self.part(WHOLE, SHOWN).trim_end_matches('0')
    }
}

fn number(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        number => number,
    }
}

impl Points {
    /// Its decimal digits.
    pub fn digits(self) -> Digits {
        Digits::of(self.value())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_shown(points: Points) {
        let digits = points.digits();
        assert_eq!(digits.points(), points.to_string());
        let point = if digits.decimals().is_empty() {
            ""
        } else {
            "."
        };
        assert_eq!(
            [digits.whole(), point, digits.decimals()].concat(),
            points.to_decimal().to_string()
        );
    }

    #[test]
    fn bounds_are_shown_like_everything_else() {
        assert_eq!(Digits::ZERO.points(), "0");
        for points in [
            Points::ZERO,
            Points::ONE,
            Points::from_coins(1),
            Points::from_coins(u128::MAX),
            Points::new(Uint256::MAX),
        ] {
            assert_shown(points);
        }
        for place in 0..256 {
            let power = Uint256::one() << place;
            assert_shown(Points::new(power));
            assert_shown(Points::new(power - Uint256::one()));
        }
        let mut power = Uint256::one();
        for _ in 0..77 {
            assert_shown(Points::new(power));
            assert_shown(Points::new(power - Uint256::one()));
            power *= Uint256::from(10u128);
        }
    }

    proptest! {
        #[test]
        fn digits_are_those_of_both_displays(bytes: [u8; 32], zeros in 0usize..32) {
            let mut bytes = bytes;
            bytes[..zeros].fill(0);
            assert_shown(Points::new(Uint256::from_be_bytes(bytes)));
        }
    }
}
