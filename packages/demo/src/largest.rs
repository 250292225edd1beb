//! Who is furthest from its exact share.

use num_rational::BigRational;

use crate::amounts::scientific;
use crate::grid::shown;

/// The largest difference from an exact share, in base units.
pub struct Largest {
    /// Whose.
    pub of: String,
    /// By how much, without a sign.
    pub difference: BigRational,
    /// What it stays below.
    pub bound: BigRational,
}

impl Largest {
    /// Puts this in the place of one that is smaller; the first of equal ones stays.
    pub fn keep_in(self, kept: &mut Option<Largest>) {
        if kept
            .as_ref()
            .is_none_or(|it| it.difference < self.difference)
        {
            *kept = Some(self);
        }
    }

    /// What is printed of it, with the name of a base unit.
    pub fn lines(&self, unit: &str) -> [String; 2] {
        [
            format!(
                "largest difference {} {unit}: {}",
                scientific(&self.difference),
                shown(&self.of)
            ),
            format!("its bound          {} {unit}", scientific(&self.bound)),
        ]
    }
}
