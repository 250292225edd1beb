//! What a pool should answer, worked out from the brute-force ledger alone.
//!
//! The ledger has no rounding, a pool has a little. An answer whose shown digits that could change
//! is not among them: for small numbers that is a claim that is a whole number on paper, for large
//! ones the last decimal places.

use std::str::FromStr as _;

use cosmwasm_std::{Coin, Decimal256, Uint256};
use num_bigint::BigInt;
use serde_json::{Map, Value, json};
use testing::poa_ledger::{PoaLedger, PoaTotals, PointsRange};
use testing::poa_pool::PoaWithdrawal;

/// Decimal places that amounts are shown with.
const PLACES: u32 = 18;

/// A question and what must be in the answer.
pub struct Answer {
    pub question: Value,
    pub answer: Value,
}

/// The pool of a ledger.
pub struct Expected<'a> {
    pub ledger: &'a PoaLedger,
    /// Those that it takes, sorted.
    pub denoms: &'a [String],
}

impl Expected<'_> {
    /// Everything that can be known of the pool and its operators.
    pub fn answers(&self) -> Vec<Answer> {
        let total = self.ledger.total_power();
        let mut answers = vec![
            Answer {
                question: json!({"checkpoint": {}}),
                answer: self.standing(),
            },
            Answer {
                question: json!({"invariants": {}}),
                answer: self.invariants(),
            },
            Answer {
                question: json!({"total_power": {}}),
                answer: json!({"total_power": total.to_string()}),
            },
            Answer {
                question: json!({"total_weight": {}}),
                answer: json!({"weight": u64::try_from(total).unwrap()}),
            },
        ];
        for account in self.ledger.accounts() {
            answers.extend(self.of_account(account));
        }
        answers
    }

    fn standing(&self) -> Value {
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
            question: json!({"member": {"addr": name}}),
            answer: json!({"weight": weight.map(|it| u64::try_from(it).unwrap())}),
        }];
        let claim = self.claim(account);
        if claim != json!({}) {
            // A former operator earns nothing more: its claim is all there is.
            let mut questions = vec![json!({"withdrawable_fees": {"operator": name}})];
            if power.is_none() {
                questions.push(json!({"pending_operator_claim": {"address": name}}));
            }
            answers.extend(questions.into_iter().map(|question| Answer {
                question,
                answer: claim.clone(),
            }));
        }
        answers
    }

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

    /// What a withdrawal pays in every denom, when roundings cannot change it.
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

/// The only number of a range, when it is one.
fn only(range: &PointsRange) -> Option<BigInt> {
    (range.least == range.most).then(|| range.least.clone())
}

/// Coins with 18 decimals, of amounts in units of the last one.
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
