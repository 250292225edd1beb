//! Plays a random history on a pool and its brute-force ledger.

use anyhow::{Context as _, Result};
use oracles::poa_ledger::{DenomAmount, Import, ImportedFees, ImportedValidator, PoaLedger};
use serde_json::{Value, json};
use testkit::poa_pool::{Income, NamedPower, PoaAction, PoaHarness, PoaWithdrawal};

use crate::strategies::{Genesis, History, Size, Step};
use crate::support::{GOLD, three_denoms};

pub const DENOMS: [&str; 3] = ["uatom", "ubtc", GOLD];

/// Accounts that may become operators.
const ACCOUNTS: usize = 9;

fn account(number: usize) -> String {
    format!("v{}", number % ACCOUNTS)
}

/// Fees of an imported validator as decimals.
fn decimals(validator: &Genesis) -> [String; 3] {
    validator
        .fees
        .map(|thousandths| format!("{}.{:03}", thousandths / 1000, thousandths % 1000))
}

/// What is sent along with the instantiation: it covers the imported fees, and the surplus.
fn balance(history: &History) -> [u128; 3] {
    [0, 1, 2].map(|denom| {
        let fees = history.genesis.iter().map(|it| u128::from(it.fees[denom]));
        fees.sum::<u128>().div_ceil(1000) + u128::from(history.surplus)
    })
}

/// The imported validators with their fees, as in the instantiate message.
fn validators(history: &History, fees: &[[String; 3]]) -> Value {
    let validators = history.genesis.iter().zip(fees).enumerate();
    validators
        .map(|(number, (validator, fees))| {
            let mut coins: Vec<Value> = DENOMS
                .iter()
                .zip(fees)
                .filter(|(_, amount)| amount.as_str() != "0.000")
                .map(|(denom, amount)| json!({"denom": denom, "amount": amount}))
                .collect();
            coins.sort_by_key(|coin| coin["denom"].as_str().unwrap().to_string());
            json!({
                "operator": format!("@{}", account(number)),
                "power": history.size.power(validator.power).to_string(),
                "fees": coins,
            })
        })
        .collect()
}

/// A pool in the middle of a history, and its brute-force ledger.
pub struct Play {
    pub harness: PoaHarness,
    size: Size,
}

impl Play {
    /// A pool with the imported validators and fees of the history; `recording` names the scenario
    /// file to record.
    pub fn begin(history: &History, recording: Option<&str>) -> Result<Self> {
        let fees: Vec<[String; 3]> = history.genesis.iter().map(decimals).collect();
        let balance = balance(history);
        let mut builder = three_denoms().with("validators", validators(history, &fees));
        for denom in DENOMS {
            builder = builder.balance("fees", u128::MAX >> 1, denom);
        }
        for (denom, amount) in DENOMS.iter().zip(balance) {
            if amount > 0 {
                builder = builder.funds(amount, denom);
            }
        }
        if let Some(name) = recording {
            builder = builder.recording(name);
        }
        let suite = builder.build()?;
        let ledger = Self::ledger(history, &fees, balance)?;
        let play = Play {
            harness: PoaHarness::with_ledger(suite, ledger, &DENOMS),
            size: history.size,
        };
        play.harness.check_equations().context("the beginning")?;
        play.harness.check_claims().context("the beginning")?;
        Ok(play)
    }

    fn ledger(history: &History, fees: &[[String; 3]], balance: [u128; 3]) -> Result<PoaLedger> {
        let names: Vec<String> = (0..history.genesis.len()).map(account).collect();
        let fees: Vec<Vec<ImportedFees>> = fees
            .iter()
            .map(|amounts| {
                DENOMS
                    .iter()
                    .zip(amounts)
                    .map(|(denom, amount)| ImportedFees { denom, amount })
                    .collect()
            })
            .collect();
        let validators: Vec<ImportedValidator> = history
            .genesis
            .iter()
            .zip(&names)
            .zip(&fees)
            .map(|((validator, operator), fees)| ImportedValidator {
                operator,
                power: history.size.power(validator.power).into(),
                fees,
            })
            .collect();
        let balance: Vec<DenomAmount> = DENOMS
            .iter()
            .zip(balance)
            .map(|(denom, amount)| DenomAmount { denom, amount })
            .collect();
        Ok(PoaLedger::import(&Import {
            balance: &balance,
            validators: &validators,
        })?)
    }

    fn operators(&self) -> Vec<String> {
        (0..ACCOUNTS)
            .map(account)
            .filter(|name| self.harness.ledger.power(name).is_some())
            .collect()
    }

    /// The total power after these changes.
    fn total_after(&self, powers: &[NamedPower]) -> u128 {
        let is_changed = |name: &str| powers.iter().any(|it| it.operator == name);
        let kept: u128 = self
            .operators()
            .iter()
            .filter(|name| !is_changed(name))
            .filter_map(|name| self.harness.ledger.power(name))
            .sum();
        kept + powers.iter().map(|it| u128::from(it.power)).sum::<u128>()
    }

    /// The action of a step, given who is an operator now; `None` when the pool would refuse it.
    pub fn action(&self, step: &Step) -> Option<PoaAction> {
        let operators = self.operators();
        let one_of = |number: usize| {
            (!operators.is_empty()).then(|| operators[number % operators.len()].clone())
        };
        Some(match step {
            Step::Income {
                denom,
                amount,
                deposited,
            } => PoaAction::Income(Income {
                denom: DENOMS[*denom].to_string(),
                amount: self.size.amount(*amount),
                // The pool refuses deposits of a removed denom.
                deposited: *deposited && self.harness.ledger.collects(DENOMS[*denom]),
            }),
            Step::Checkpoint => PoaAction::Checkpoint,
            Step::Powers { first, powers } => {
                let changes: Vec<NamedPower> = powers
                    .iter()
                    .take(operators.len())
                    .enumerate()
                    .map(|(at, power)| NamedPower {
                        operator: operators[(first + at) % operators.len()].clone(),
                        power: self.size.power(*power),
                    })
                    .collect();
                (self.total_after(&changes) > 0).then_some(PoaAction::Powers(changes))?
            }
            Step::Members { remove, add } => {
                let remove: Vec<String> = remove.and_then(one_of).into_iter().collect();
                let mut added: Vec<NamedPower> = Vec::new();
                for (number, power) in add {
                    let operator = account(*number);
                    let is_named = remove.contains(&operator)
                        || added.iter().any(|it| it.operator == operator);
                    if !is_named {
                        added.push(NamedPower {
                            operator,
                            power: self.size.power(*power),
                        });
                    }
                }
                let mut all = added.clone();
                all.extend(remove.iter().map(|name| NamedPower {
                    operator: name.clone(),
                    power: 0,
                }));
                (self.total_after(&all) > 0).then_some(PoaAction::Members { remove, add: added })?
            }
            Step::Candidate(number) => {
                let name = account(*number);
                (!operators.contains(&name)).then_some(PoaAction::Candidate(name))?
            }
            Step::HandOver {
                operator,
                to,
                by_admin,
            } => {
                let new_operator = account(*to);
                let operator = one_of(*operator)?;
                let is_candidate = self.harness.ledger.power(&operator) == Some(0);
                (!operators.contains(&new_operator)).then_some(PoaAction::HandOver {
                    operator,
                    new_operator,
                    by_admin: *by_admin || is_candidate,
                })?
            }
            Step::Withdraw {
                account: number,
                to_another,
                refused,
            } => {
                let known: Vec<String> =
                    self.harness.ledger.accounts().map(str::to_string).collect();
                let account = known.get(number % known.len().max(1))?.clone();
                PoaAction::Withdraw(PoaWithdrawal {
                    account,
                    to: to_another.then(|| "cold".to_string()),
                    refused: *refused,
                    // Every fourth withdrawal names a denom.
                    only: (number % 4 == 0).then(|| DENOMS[number / 4 % 3].to_string()),
                })
            }
            Step::Denom(denom) => PoaAction::CollectDenom {
                denom: DENOMS[*denom].to_string(),
                collected: !self.harness.ledger.collects(DENOMS[*denom]),
            },
            Step::NextBlock => PoaAction::NextBlock,
        })
    }
}
