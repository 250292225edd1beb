//! A contract against itself: what it holds covers what it owes, and its records add up to its totals.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use chain_types::asset::Asset;
use cosmwasm_std::{Int512, Uint256};
use pool_kit::audit::{AssetLedger, AuditResponse, Liability};
use serde::Deserialize;

use super::Findings;
use crate::book::Contract;
use crate::chain::View;

/// The answers of all contracts to `invariants`; some give it in pages.
#[derive(Deserialize)]
struct Invariants {
    denoms: Vec<AssetLedger>,
    next: Option<Asset>,
}

/// Points by asset and class. What is 0 is not in it.
type Sums = BTreeMap<(String, String), Uint256>;

fn add(sums: &mut Sums, asset: &Asset, liabilities: &[Liability]) -> Result<()> {
    for liability in liabilities {
        if !liability.points.is_zero() {
            let key = (asset.to_string(), liability.class.clone());
            let sum = sums.entry(key).or_default();
            *sum = sum.checked_add(liability.points)?;
        }
    }
    Ok(())
}

/// Looks for what a contract owes and does not have, and for records that its totals do not know.
///
/// # Errors
/// When the contract does not answer.
pub async fn check(view: &View, contract: &Contract, findings: &mut Findings) -> Result<()> {
    let totals = totals(view, contract, findings).await?;
    let records = records(view, contract).await?;
    compare(&totals, &records, findings);
    Ok(())
}

async fn totals(view: &View, contract: &Contract, findings: &mut Findings) -> Result<Sums> {
    let mut totals = Sums::new();
    let mut start_after = None;
    loop {
        let query = contract.kind.invariants(start_after.as_ref())?;
        let answer: Invariants = view.smart(&contract.address, &query).await?;
        for ledger in &answer.denoms {
            if ledger.difference < Int512::zero() {
                findings.add(format!(
                    "owes more {} than it has, by {} points",
                    ledger.asset, ledger.difference
                ));
            }
            add(&mut totals, &ledger.asset, &ledger.liabilities)?;
        }
        start_after = contract.kind.next_invariants(answer.next, &answer.denoms);
        if start_after.is_none() {
            return Ok(totals);
        }
    }
}

async fn records(view: &View, contract: &Contract) -> Result<Sums> {
    let mut records = Sums::new();
    let mut start_after = None;
    loop {
        let query = contract.kind.audit(start_after)?;
        let page: AuditResponse = view.smart(&contract.address, &query).await?;
        for audit in &page.denoms {
            add(&mut records, &audit.asset, &audit.liabilities).context("the audit")?;
        }
        start_after = page.next;
        if start_after.is_none() {
            return Ok(records);
        }
    }
}

/// Every class by itself, but for `rounding_reserve`: lazy-fee-pool counts it among the outstanding
/// rewards in its totals.
fn compare(totals: &Sums, records: &Sums, findings: &mut Findings) {
    let mut records = records.clone();
    let reserves: Vec<_> = records
        .keys()
        .filter(|(_, class)| class == "rounding_reserve")
        .cloned()
        .collect();
    for key in reserves {
        if let Some(reserve) = records.remove(&key) {
            let sum = records
                .entry((key.0, "outstanding".to_string()))
                .or_default();
            *sum = sum.saturating_add(reserve);
        }
    }
    let keys: std::collections::BTreeSet<_> = totals.keys().chain(records.keys()).collect();
    for (asset, class) in keys {
        let key = (asset.clone(), class.clone());
        let total = totals.get(&key).copied().unwrap_or_default();
        let record = records.get(&key).copied().unwrap_or_default();
        if total != record {
            findings.add(format!(
                "{class} of {asset}: {total} points in all, its records have {record}"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(entries: &[(&str, u128)]) -> Sums {
        let entry = |(class, points): &(&str, u128)| {
            (
                ("stake".to_string(), class.to_string()),
                Uint256::from(*points),
            )
        };
        entries.iter().map(entry).collect()
    }

    fn compared(totals: &[(&str, u128)], records: &[(&str, u128)]) -> Vec<String> {
        let mut findings = Findings::default();
        compare(&sums(totals), &sums(records), &mut findings);
        findings.texts
    }

    #[test]
    fn records_add_up_to_totals_class_by_class() {
        assert!(
            compared(
                &[("outstanding", 5), ("undelivered", 1)],
                &[("outstanding", 5), ("undelivered", 1)]
            )
            .is_empty()
        );
        assert_eq!(
            compared(
                &[("outstanding", 5)],
                &[("outstanding", 4), ("undelivered", 1)]
            ),
            [
                "outstanding of stake: 5 points in all, its records have 4",
                "undelivered of stake: 0 points in all, its records have 1",
            ]
        );
    }

    #[test]
    fn the_rounding_reserve_is_among_the_outstanding_rewards() {
        assert!(
            compared(
                &[("outstanding", 5)],
                &[("outstanding", 3), ("rounding_reserve", 2)]
            )
            .is_empty()
        );
    }

    #[test]
    fn recorded_answers_are_understood() {
        let answer = r#"{"denoms":[{"asset":{"native":"stake"},"balance":"7","liabilities":[
            {"class":"community_pool","points":"0"},{"class":"outstanding","points":"5"}],"difference":"-3"}]}"#;
        let answer: Invariants = serde_json::from_str(answer).unwrap();
        assert!(answer.next.is_none());
        let mut totals = Sums::new();
        for ledger in &answer.denoms {
            add(&mut totals, &ledger.asset, &ledger.liabilities).unwrap();
        }
        assert_eq!(totals, sums(&[("outstanding", 5)]));
    }
}
