//! `recipients.csv`: every recipient on both sides.

use std::io::Write;

use anyhow::Result;
use oracles::ledger::PART_PLACES;

use super::outcome::Outcome;
use super::recipients::{Kind, POINT_PLACES};
use crate::amounts::decimal;

/// The columns. Shares and amounts are in base units of the denom.
pub const HEADER: [&str; 9] = [
    "kind",
    "address",
    "validator",
    "moniker",
    "denom",
    "exact_share",
    "owed",
    "paid",
    "difference_points",
];

/// Writes a line for each recipient: its whole exact share (54 places, cut), what the pool owes it
/// (36 places, exact), what it was paid, and by how many points (18 places, cut) owed and paid
/// together are below the exact share.
///
/// # Errors
/// The writer's.
pub fn write(outcome: &Outcome, to: impl Write) -> Result<()> {
    let part_places = PART_PLACES as usize;
    let point_places = POINT_PLACES as usize;
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(HEADER)?;
    for row in &outcome.recipients {
        let kind = match row.kind {
            Kind::CommunityPool => "community_pool",
            Kind::Commission => "commission",
            Kind::Delegation => "delegation",
        };
        csv.write_record([
            kind,
            &row.address,
            row.validator.as_deref().unwrap_or_default(),
            &row.moniker,
            outcome.setting.unit.base(),
            &decimal(&row.exact, part_places),
            &decimal(&row.owed, point_places),
            &row.paid.to_string(),
            &decimal(&row.shortfall, part_places - point_places),
        ])?;
    }
    csv.flush()?;
    Ok(())
}
