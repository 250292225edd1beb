//! Comparisons of the pool with the brute-force ledger and with its own events.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use num_traits::Zero;
use oracles::poa_ledger::{Holding, PoaTotals};
use serde_json::{Value, json};

use super::suite::amount_of;
use super::{PoaClasses, PoaHarness, PoaInvariants};
use crate::events::points_per_coin;

/// Decimal places of the amounts that a query shows.
const PLACES_SHOWN: u32 = 18;

impl PoaHarness {
    /// What always holds, as equations of integers: the pool's records, its running totals and its
    /// events have the same sums, its balance covers them, and the totals are those of the ledger.
    ///
    /// # Errors
    /// For the first equation that does not hold.
    pub fn check_equations(&self) -> Result<()> {
        for denom in self.denoms() {
            let found = self.check_totals(denom)?;
            let audited = self.suite.audit(denom, 5)?;
            ensure!(audited == found.classes, "audit: {audited:?}, {found:?}");
            let from_events = self.suite.events.classes(denom);
            ensure!(
                from_events == found.classes,
                "events: {from_events:?}, {found:?}"
            );
        }
        Ok(())
    }

    /// The pool's totals of a denom are those of the ledger to the last point, and the balance
    /// covers what is owed.
    fn check_totals(&self, denom: &str) -> Result<PoaInvariants> {
        let found = self.suite.invariants(denom)?;
        let coin = points_per_coin();
        ensure!(found.classes.in_flight.is_zero(), "something is in flight");
        let undelivered = &found.classes.undelivered / &coin;
        let totals = PoaTotals {
            balance: u128::try_from(&found.balance - &undelivered)?,
            allocated: &found.classes.operators + &found.classes.carry,
            unallocated: found.difference.clone(),
            undelivered: u128::try_from(undelivered)?,
        };
        self.ledger.check_totals(denom, &totals)?;
        Ok(found)
    }

    /// Every account's claim is the exact one within the bound, every power is the exact one, and every
    /// account names the validator that it operates or has operated.
    ///
    /// # Errors
    /// For the first that is not.
    pub fn check_claims(&self) -> Result<()> {
        for denom in self.denoms() {
            let claims = self.claims(denom)?;
            for account in self.ledger.accounts() {
                let address = self.suite.account(account).into_string();
                let points = claims.get(&address).cloned().unwrap_or_default();
                let from_events = self.suite.events.owed(&address, denom);
                ensure!(
                    points == from_events,
                    "{account} has {points} points of {denom}, {from_events} by the events"
                );
                self.ledger.check_allocated(&Holding {
                    account,
                    denom,
                    points: &points,
                })?;
                self.check_shown(account, denom)?;
            }
        }
        self.check_names()?;
        self.check_powers()
    }

    /// What a query shows of a claim is the exact one with the share of the next checkpoint, within
    /// the bound and rounded down to 18 decimals.
    fn check_shown(&self, account: &str, denom: &str) -> Result<()> {
        let answer = self
            .suite
            .query(json!({"withdrawable_fees": {"operator": format!("@{account}")}}))?;
        let shown = shown_atomics(&answer["rewards"], denom)?;
        let exact = self.ledger.withdrawable_points(account, denom);
        let exact = exact.rounded(PLACES_SHOWN);
        ensure!(
            exact.least <= shown && shown <= exact.most,
            "{account} is shown {shown} atomics of {denom}, {} to {} are right",
            exact.least,
            exact.most
        );
        Ok(())
    }

    /// Every account, former operators included, and every id means the validator of the ledger.
    fn check_names(&self) -> Result<()> {
        let address = |name: &str| self.suite.account(name).into_string();
        for account in self.ledger.accounts() {
            let id = self.ledger.id(account);
            let by_name = json!({"validator": {"operator": format!("@{account}")}});
            let shown = self.suite.query(by_name)?;
            let by_id = self.suite.query(json!({"validator": {"id": id}}))?;
            ensure!(shown == by_id, "{account} means {shown}, not {by_id}");
            let operator = self.ledger.operator(account);
            let power = operator.and_then(|operator| self.ledger.power(operator));
            let expected = json!({
                "id": id,
                "operator": operator.map(address),
                "pending_operator": self.ledger.offered_to(account).map(address),
                "power": power.map(|power| power.to_string()),
            });
            for field in ["id", "operator", "pending_operator", "power"] {
                ensure!(
                    shown[field] == expected[field],
                    "{account} means {shown}, not {expected}"
                );
            }
        }
        Ok(())
    }

    fn check_powers(&self) -> Result<()> {
        for account in self.ledger.accounts() {
            let member = json!({"member": {"addr": format!("@{account}")}});
            let weight = self.suite.query(member)?["weight"].as_u64();
            let exact = self.ledger.power(account).filter(|power| *power > 0);
            ensure!(
                weight.map(u128::from) == exact,
                "{account} has {weight:?}, not {exact:?}"
            );
        }
        let total = self.suite.query(json!({"total_weight": {}}))?["weight"].as_u64();
        ensure!(
            total.map(u128::from) == Some(self.ledger.total_power()),
            "total power"
        );
        Ok(())
    }

    /// Every account's claim in points, by address.
    ///
    /// # Errors
    /// When the pool does not answer.
    pub fn claims(&self, denom: &str) -> Result<BTreeMap<String, BigInt>> {
        let mut claims = BTreeMap::new();
        let mut cursor = Value::Null;
        loop {
            // A page of one record: its sums are that record's, and its cursor names the account.
            let page = self
                .suite
                .query(json!({"audit": {"start_after": cursor, "limit": 1}}))?;
            let Some(account) = page["next"].as_str() else {
                return Ok(claims);
            };
            cursor = json!(account);
            // The cursor of an undelivered payout is `undelivered/` and the account.
            if account.contains('/') {
                continue;
            }
            let entries = page["denoms"].as_array().context("no denoms")?;
            for entry in entries.iter().filter(|it| it["asset"]["native"] == denom) {
                let classes = PoaClasses::read(&entry["liabilities"])?;
                claims.insert(account.to_string(), classes.operators);
            }
        }
    }
}

/// An amount with 18 decimals, in units of the last one.
fn shown_atomics(coins: &Value, denom: &str) -> Result<BigInt> {
    let text = amount_of(coins, denom);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    Ok(format!("{whole}{fraction:0<18}").parse()?)
}
