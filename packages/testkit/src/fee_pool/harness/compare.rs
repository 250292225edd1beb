//! What the pool owes, held against the exact shares, and its books against themselves.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde_json::{Value, json};

use super::Harness;
use oracles::ledger::{PART_PLACES, Recipient};

/// Decimal places of a point.
const POINT_PLACES: u32 = 36;

fn pow10(places: u32) -> BigInt {
    BigInt::from(10u8).pow(places)
}

/// How far a pool's entitlements are from the exact shares.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Recipients compared.
    pub recipients: usize,
    /// The largest shortfall of any of them but the community pool, in base units. Another may be
    /// larger by less than 10^-54.
    pub largest_difference: BigRational,
    /// Whose it is.
    pub of: String,
}

/// One recipient's claim in one denom on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Who.
    pub recipient: Recipient<'a>,
    /// In which denom.
    pub denom: &'a str,
    /// What the pool owes it, in points (10^-36 base units).
    pub owed: BigInt,
    /// What the ledger owes it, in parts of 10^-54 base units, rounded down.
    pub exact: BigInt,
    /// What it was ever paid, in base units.
    pub paid: u128,
}

impl Claim<'_> {
    /// By how much the pool owes less than the exact share, in parts of 10^-54 base units, rounded
    /// down. Negative for a community pool, which has what the others fall short.
    pub fn shortfall(&self) -> BigInt {
        &self.exact - &self.owed * pow10(PART_PLACES - POINT_PLACES)
    }
}

/// Points of one class of a pool's liabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liability {
    /// The class, as the pool names it.
    pub class: String,
    /// How much.
    pub points: BigInt,
}

/// The conservation equation of one denom: `received * 10^36 = paid * 10^36 + liabilities`; before
/// activation `received * 10^36 + uncovered = liabilities`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The denom.
    pub denom: String,
    /// All that was ever received, in base units, as the ledger knows it.
    pub received: BigInt,
    /// All that was ever paid, in base units, as the bank moved it.
    pub paid: BigInt,
    /// What the pool says it owes, by class.
    pub liabilities: Vec<Liability>,
    /// What an import says is owed less the coins that came for it, in points; 0 after activation.
    pub uncovered: BigInt,
}

impl Equation {
    /// The left side, in points.
    pub fn received_points(&self) -> BigInt {
        &self.received * pow10(POINT_PLACES)
    }

    /// What was paid, in points.
    pub fn paid_points(&self) -> BigInt {
        &self.paid * pow10(POINT_PLACES)
    }

    /// What is owed, in points.
    pub fn owed_points(&self) -> BigInt {
        self.liabilities.iter().map(|it| &it.points).sum()
    }

    /// Whether both sides are the same integer.
    pub fn holds(&self) -> bool {
        self.received_points() + &self.uncovered == self.paid_points() + self.owed_points()
    }
}

impl Harness {
    /// Every recipient's claim in every denom on both sides, in the ledger's order.
    ///
    /// # Errors
    /// When the pool's records cannot be read.
    pub fn claims(&self) -> Result<Vec<Claim<'_>>> {
        let mut claims = Vec::new();
        for recipient in self.ledger.recipients() {
            let points = self.points(recipient)?;
            for (denom, owed) in self.denoms.iter().zip(points) {
                claims.push(Claim {
                    recipient,
                    denom,
                    owed,
                    exact: self.ledger.floor_parts(recipient, denom),
                    paid: self.ledger.paid(recipient, denom),
                });
            }
        }
        Ok(claims)
    }

    /// Holds every recipient's entitlement against its exact share: never above it, and below it
    /// by less than the bound of the arithmetic.
    ///
    /// # Errors
    /// Names the first recipient for which that does not hold.
    pub fn compare(&self) -> Result<Comparison> {
        let claims = self.claims()?;
        for claim in &claims {
            self.ledger
                .check_points(claim.recipient, claim.denom, &claim.owed)?;
        }
        // Only the largest is worth a common denominator of all that ever was.
        let largest = claims
            .iter()
            .filter(|claim| claim.recipient != Recipient::CommunityPool)
            .max_by_key(|claim| claim.shortfall())
            .map(|claim| {
                let exact = self
                    .ledger
                    .unpaid_less(claim.recipient, claim.denom, &claim.owed);
                (claim, exact.abs())
            })
            .filter(|(_, difference)| !difference.is_zero());
        let (of, largest_difference) = match largest {
            Some((claim, difference)) => {
                (format!("{}, {}", claim.recipient, claim.denom), difference)
            }
            None => ("nobody".to_string(), BigRational::zero()),
        };
        Ok(Comparison {
            recipients: self.ledger.recipients().count(),
            largest_difference,
            of,
        })
    }

    /// The conservation equation of every denom.
    ///
    /// # Errors
    /// When the pool does not answer, or its balance is not what is covered of what it owes and what
    /// waits for the next block.
    pub fn equations(&self) -> Result<Vec<Equation>> {
        let invariants = self.suite.query(json!({"invariants": {}}))?;
        let mut equations: Vec<Equation> = Vec::new();
        for (place, denom) in self.denoms.iter().enumerate() {
            let ledger = &invariants["denoms"][place];
            let uncovered = self.ledger.uncovered_points(denom);
            let waiting = self.waiting[place] * pow10(POINT_PLACES);
            let difference: BigInt = ledger["difference"]
                .as_str()
                .context("difference")?
                .parse()?;
            ensure!(difference == waiting - &uncovered, "{denom}: {ledger}");
            equations.push(Equation {
                denom: denom.clone(),
                received: self.ledger.total_received(denom).into(),
                paid: self.ledger.total_paid(denom).into(),
                liabilities: liabilities(ledger)?,
                uncovered,
            });
        }
        Ok(equations)
    }

    /// Holds the conservation equation as integers.
    ///
    /// # Errors
    /// Names what does not hold.
    pub fn check_conservation(&self) -> Result<()> {
        for equation in self.equations()? {
            ensure!(
                equation.holds(),
                "{}: received {}, paid {}, owed {} points",
                equation.denom,
                equation.received,
                equation.paid,
                equation.owed_points()
            );
        }
        Ok(())
    }

    /// Holds the totals recomputed from the records, page by page, against the running totals and
    /// against the ledger rebuilt from the events.
    ///
    /// # Errors
    /// Names what does not hold.
    pub fn check_audit(&self, page: u32) -> Result<()> {
        let invariants = self.suite.query(json!({"invariants": {}}))?;
        let mut sums: BTreeMap<(String, String), BigInt> = BTreeMap::new();
        let mut start_after = Value::Null;
        loop {
            let answer = self
                .suite
                .query(json!({"audit": {"start_after": start_after, "limit": page}}))?;
            for (denom, liability) in by_denom(&answer)? {
                *sums.entry((denom, liability.class)).or_default() += liability.points;
            }
            start_after = answer["next"].clone();
            if start_after.is_null() {
                break;
            }
        }
        for (denom, Liability { class, points }) in by_denom(&invariants)? {
            let events = self.suite.events.classes(&denom);
            let from_events = match class.as_str() {
                "community_pool" => events.community_pool,
                "outstanding" => events.outstanding,
                "undelivered" => events.undelivered,
                _ => BigInt::zero(),
            };
            let sum = |class: &str| {
                let key = (denom.clone(), class.to_string());
                sums.get(&key).cloned().unwrap_or_default()
            };
            // What roundings left is part of the outstanding rewards, and only an audit sees it.
            let audited = match class.as_str() {
                "outstanding" => sum(&class) + sum("rounding_reserve"),
                _ => sum(&class),
            };
            ensure!(
                audited == points,
                "{denom} {class}: audit {audited}, invariants {points}"
            );
            ensure!(
                from_events == points,
                "{denom} {class}: events {from_events}, invariants {points}"
            );
        }
        Ok(())
    }
}

/// The liabilities of one denom in an answer to `invariants` or `audit`.
fn liabilities(denom: &Value) -> Result<Vec<Liability>> {
    denom["liabilities"]
        .as_array()
        .context("liabilities")?
        .iter()
        .map(|line| {
            Ok(Liability {
                class: line["class"].as_str().context("class")?.to_string(),
                points: line["points"].as_str().context("points")?.parse()?,
            })
        })
        .collect()
}

/// Every liability in an answer to `invariants` or `audit`, with its denom.
fn by_denom(answer: &Value) -> Result<Vec<(String, Liability)>> {
    let mut lines = Vec::new();
    for denom in answer["denoms"].as_array().context("denoms")? {
        let name = denom["asset"]["native"].as_str().context("asset")?;
        for liability in liabilities(denom)? {
            lines.push((name.to_string(), liability));
        }
    }
    Ok(lines)
}
