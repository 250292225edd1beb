//! The answers that a pool must give, computed from the brute-force ledger alone.
//!
//! The ledger is exact, a pool rounds down. Answers in which that rounding could change a shown digit
//! are left out: with small numbers, claims whose exact amount is a whole number; with large ones,
//! claims whose last decimal places are within the rounding.

use std::str::FromStr as _;

use cosmwasm_std::{Coin, Decimal256, Uint256};
use num_bigint::BigInt;
use oracles::poa_ledger::{PoaLedger, PoaTotals, PointsRange};
use serde_json::{Map, Value, json};
use testkit::poa_pool::PoaWithdrawal;

/// Decimal places that amounts are shown with.
const PLACES: u32 = 18;

/// A query and the fields that its answer must have.
pub struct Answer {
    pub query: Value,
    pub answer: Value,
}

/// Computes the answers of a pool from its ledger.
pub struct Expected<'a> {
    pub ledger: &'a PoaLedger,
    /// The denoms of the pool, sorted.
    pub denoms: &'a [String],
}

impl Expected<'_> {
    /// The answers to every query of totals, claims and weights that rounding cannot change.
    pub fn answers(&self) -> Vec<Answer> {
        let total = self.ledger.total_power();
        let mut answers = vec![
            Answer {
                query: json!({"checkpoint": {}}),
                answer: self.checkpoint(),
            },
            Answer {
                query: json!({"invariants": {}}),
                answer: self.invariants(),
            },
            Answer {
                query: json!({"total_power": {}}),
                answer: json!({"total_power": total.to_string()}),
            },
            Answer {
                query: json!({"total_weight": {}}),
                answer: json!({"weight": u64::try_from(total).unwrap()}),
            },
        ];
        for account in self.ledger.accounts() {
            answers.extend(self.of_account(account));
        }
        answers
    }

    fn checkpoint(&self) -> Value {
        let totals = |shown: &dyn Fn(&PoaTotals) -> PointsRange| {
            let amounts = self.denoms.iter().map(|denom| {
                let found = shown(&self.ledger.totals(denom)).rounded(PLACES);
                (denom.as_str(), found.least)
            });
            dec_coins(amounts)
        };
        let balance = self.denoms.iter().map(|denom| {
            let balance = self.ledger.totals(denom).balance;
            (denom.as_str(), balance)
        });
        json!({
            "balance": coins(balance),
            "total_allocated": totals(&|totals| exactly(&totals.allocated)),
            "unallocated": totals(&|totals| exactly(&totals.unallocated)),
        })
    }

    fn invariants(&self) -> Value {
        let denoms = self.denoms.iter().map(|denom| {
            let totals = self.ledger.totals(denom);
            json!({
                "asset": {"native": denom},
                "balance": (totals.balance + totals.undelivered).to_string(),
                "difference": totals.unallocated.to_string(),
            })
        });
        json!({"denoms": denoms.collect::<Vec<_>>()})
    }

    fn of_account(&self, account: &str) -> Vec<Answer> {
        let name = format!("@{account}");
        let power = self.ledger.power(account);
        let weight = power.filter(|power| *power > 0);
        let mut answers = vec![Answer {
            query: json!({"member": {"addr": name}}),
            answer: json!({"weight": weight.map(|it| u64::try_from(it).unwrap())}),
        }];
        // A former operator's name means the validator that it operated.
        let operator = self.ledger.operator(account).unwrap();
        let validator_power = self.ledger.power(operator).unwrap();
        let offered_to = self.ledger.offered_to(account).map(|to| format!("@{to}"));
        answers.push(Answer {
            query: json!({"validator": {"operator": name}}),
            answer: json!({
                "id": self.ledger.id(account),
                "operator": format!("@{operator}"),
                "pending_operator": offered_to,
                "power": validator_power.to_string(),
            }),
        });
        let claim = self.claim(account);
        if claim != json!({}) {
            // A former operator has no share of the next checkpoint, so both queries show the same.
            let mut queries = vec![json!({"withdrawable_fees": {"operator": name}})];
            if power.is_none() {
                queries.push(json!({"pending_operator_claim": {"address": name}}));
            }
            answers.extend(queries.into_iter().map(|query| Answer {
                query,
                answer: claim.clone(),
            }));
        }
        answers
    }

    /// The answer to a query of a claim, without the fields that rounding could change.
    fn claim(&self, account: &str) -> Value {
        let known = |places| -> Option<Vec<(&str, BigInt)>> {
            let amounts = self.denoms.iter().map(|denom| {
                let points = self.ledger.withdrawable_points(account, denom);
                only(&points.rounded(places)).map(|amount| (denom.as_str(), amount))
            });
            amounts.collect()
        };
        let mut claim = Map::new();
        if let Some(amounts) = known(PLACES) {
            claim.insert("rewards".into(), dec_coins(amounts));
        }
        if let Some(amounts) = known(0) {
            let whole = amounts.into_iter();
            let whole = whole.map(|(denom, it)| (denom, u128::try_from(it).unwrap()));
            claim.insert("claimable".into(), coins(whole));
        }
        Value::Object(claim)
    }

    /// What a withdrawal pays in every denom; `None` when rounding could change a payout.
    pub fn payout(&self, withdrawal: &PoaWithdrawal) -> Option<Vec<u128>> {
        let payouts = self.denoms.iter().map(|denom| {
            if !withdrawal.pays(denom) {
                return Some(0);
            }
            let range = self.ledger.payout(&withdrawal.account, denom);
            (range.least == range.most).then_some(range.least)
        });
        payouts.collect()
    }
}

fn exactly(points: &BigInt) -> PointsRange {
    PointsRange {
        least: points.clone(),
        most: points.clone(),
    }
}

/// The number of a range that has only one.
fn only(range: &PointsRange) -> Option<BigInt> {
    (range.least == range.most).then(|| range.least.clone())
}

/// Coins with 18 decimals from amounts in units of the last decimal; zeros are left out.
fn dec_coins<'a>(amounts: impl IntoIterator<Item = (&'a str, BigInt)>) -> Value {
    let shown = |(denom, amount): (&str, BigInt)| {
        let atomics = Uint256::from_str(&amount.to_string()).unwrap();
        let amount = Decimal256::from_atomics(atomics, PLACES).unwrap();
        (!amount.is_zero()).then(|| json!({"denom": denom, "amount": amount}))
    };
    amounts.into_iter().filter_map(shown).collect()
}

fn coins<'a>(amounts: impl IntoIterator<Item = (&'a str, u128)>) -> Value {
    let shown = |(denom, amount): (&str, u128)| {
        let coin = Coin::new(amount, denom);
        (amount > 0).then(|| json!(coin))
    };
    amounts.into_iter().filter_map(shown).collect()
}
