//! Two accountings that played the same story: by how much they differ.

use anyhow::{Result, ensure};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

use super::outcome::Outcome;
use super::recipients::{Kind, POINT_PLACES, RecipientRow};
use crate::amounts::{grouped, scientific};
use crate::grid::shown;
use crate::largest::Largest;

/// How the outcomes of two accountings compare.
pub struct SideBySide {
    /// Names of the two.
    names: [String; 2],
    /// Recipients compared, without the community pool.
    recipients: usize,
    /// Who differs most.
    largest: Option<Apart>,
    /// Recipients that were paid other whole coins.
    paid_apart: usize,
    /// The community pool's difference: it has what roundings take from the others.
    community_pool: BigInt,
    /// Who differs by more than roundings take.
    beyond: Vec<Apart>,
    /// The denom.
    denom: String,
}

/// A recipient that is treated differently.
struct Apart {
    /// Who.
    of: String,
    /// What the second gives above the first, paid and owed together, in points.
    difference: BigInt,
    /// What it stays below, in base units: each accounting is below the exact share by less.
    bound: BigRational,
}

impl Apart {
    fn in_base_units(&self) -> BigRational {
        BigRational::new(self.difference.abs(), BigInt::from(10).pow(POINT_PLACES))
    }
}

/// Paid and owed together, in points.
fn earned(row: &RecipientRow) -> BigInt {
    &row.owed + BigInt::from(row.paid) * BigInt::from(10).pow(POINT_PLACES)
}

impl SideBySide {
    /// Holds the outcomes of the same story under two accountings against each other.
    ///
    /// # Errors
    /// When they are not of the same story: other recipients, or other exact shares.
    pub fn new(one: &Outcome, other: &Outcome) -> Result<Self> {
        ensure!(
            one.recipients.len() == other.recipients.len(),
            "{} recipients under {} and {} under {}",
            one.recipients.len(),
            one.setting.accounting,
            other.recipients.len(),
            other.setting.accounting
        );
        let mut found = Self {
            names: [one, other].map(|it| it.setting.accounting.clone()),
            recipients: 0,
            largest: None,
            paid_apart: 0,
            community_pool: BigInt::zero(),
            beyond: Vec::new(),
            denom: one.setting.unit.base().to_string(),
        };
        for (one, other) in one.recipients.iter().zip(&other.recipients) {
            found.add(one, other)?;
        }
        Ok(found)
    }

    fn add(&mut self, one: &RecipientRow, other: &RecipientRow) -> Result<()> {
        let of = one.to_string();
        ensure!(
            one.is_same(other) && one.exact == other.exact,
            "{of} and {other} are not of the same story"
        );
        let difference = earned(other) - earned(one);
        if one.kind == Kind::CommunityPool {
            self.community_pool += difference;
            return Ok(());
        }
        self.recipients += 1;
        self.paid_apart += usize::from(one.paid != other.paid);
        let apart = |difference| Apart {
            of: of.clone(),
            difference,
            bound: one.bound.clone().max(other.bound.clone()),
        };
        let this = apart(difference.clone());
        if this.in_base_units() >= this.bound && !difference.is_zero() {
            self.beyond.push(apart(difference.clone()));
        }
        let most = self.largest.as_ref().map(|it| it.difference.abs());
        if most.is_none_or(|most| difference.abs() > most) {
            self.largest = Some(this);
        }
        Ok(())
    }

    /// Whether nobody differs by more than roundings take.
    pub fn holds(&self) -> bool {
        self.beyond.is_empty()
    }

    /// What is printed.
    pub fn text(&self) -> String {
        let [one, other] = &self.names;
        let denom = &self.denom;
        let mut lines = vec![format!(
            "{one} and {other} side by side, after the same blocks\n{} recipients compared, paid and owed together",
            grouped(self.recipients)
        )];
        if let Some(it) = &self.largest {
            let largest = Largest {
                of: it.of.clone(),
                difference: it.in_base_units(),
                bound: it.bound.clone(),
            };
            lines.extend(largest.lines(denom));
        }
        lines.push(format!(
            "paid other whole coins: {} recipients",
            grouped(self.paid_apart)
        ));
        let word = if self.community_pool.is_negative() {
            "less"
        } else {
            "more"
        };
        lines.push(format!(
            "the community pool, which has what roundings leave: {} points {word} under {other}",
            grouped(self.community_pool.abs())
        ));
        lines.push(String::new());
        if self.holds() {
            lines.push("holds: nobody's difference is more than roundings take".to_string());
        }
        for it in &self.beyond {
            lines.push(format!(
                "DOES NOT HOLD: {} differs by {} {denom}, its bound is {}",
                shown(&it.of),
                scientific(&it.in_base_units()),
                scientific(&it.bound)
            ));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}
