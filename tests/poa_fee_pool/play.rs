//! Plays a random history on a pool and its brute-force ledger.

use anyhow::{Context as _, Result};
use serde_json::json;
use testing::poa_ledger::{DenomAmount, Import, ImportedFees, ImportedValidator, PoaLedger};
use testing::poa_pool::{Income, NamedPower, PoaDeed, PoaTwin, PoaWithdrawal};

use crate::strategies::{Genesis, History, Size, Step};
use crate::support::{GOLD, three_denoms};

pub const DENOMS: [&str; 3] = ["uatom", "ubtc", GOLD];

/// Accounts that may become operators.
const ACCOUNTS: usize = 9;

fn account(number: usize) -> String {
    format!("v{}", number % ACCOUNTS)
}

/// A pool in the middle of a history, and its brute-force ledger.
pub struct Play {
    pub twin: PoaTwin,
    size: Size,
}

impl Play {
    /// A pool that begins with what another one had; `recording` names the scenario file to record.
    pub fn begin(history: &History, recording: Option<&str>) -> Result<Self> {
        // Fractions of three decimals.
        let fees = |validator: &Genesis, denom: usize| {
            format!(
                "{}.{:03}",
                validator.fees[denom] / 1000,
                validator.fees[denom] % 1000
            )
        };
        let shown: Vec<[String; 3]> = history
            .genesis
            .iter()
            .map(|validator| [0, 1, 2].map(|denom| fees(validator, denom)))
            .collect();
        let balance = [0, 1, 2].map(|denom| {
            let thousandths: u128 = history
                .genesis
                .iter()
                .map(|it| u128::from(it.fees[denom]))
                .sum();
            thousandths.div_ceil(1000) + u128::from(history.surplus)
        });
        let mut builder = three_denoms();
        for denom in DENOMS {
            builder = builder.balance("fees", u128::MAX >> 1, denom);
        }
        if let Some(name) = recording {
            builder = builder.recording(name);
        }
        let validators: Vec<_> = history
            .genesis
            .iter()
            .zip(&shown)
            .enumerate()
            .map(|(number, (validator, fees))| {
                let mut coins: Vec<_> = DENOMS
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
            .collect();
        builder = builder.with("validators", json!(validators));
        for (denom, amount) in DENOMS.iter().zip(balance) {
            if amount > 0 {
                builder = builder.funds(amount, denom);
            }
        }
        let suite = builder.build()?;
        let ledger = Self::ledger(history, &shown, balance)?;
        let play = Play {
            twin: PoaTwin::with_ledger(suite, ledger, &DENOMS),
            size: history.size,
        };
        play.twin.check_equations().context("the beginning")?;
        play.twin.check_claims().context("the beginning")?;
        Ok(play)
    }

    fn ledger(history: &History, shown: &[[String; 3]], balance: [u128; 3]) -> Result<PoaLedger> {
        let names: Vec<String> = (0..history.genesis.len()).map(account).collect();
        let fees: Vec<Vec<ImportedFees>> = shown
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
            .filter(|name| self.twin.ledger.power(name).is_some())
            .collect()
    }

    /// The total power after these changes.
    fn total_after(&self, powers: &[NamedPower]) -> u128 {
        let is_changed = |name: &str| powers.iter().any(|it| it.operator == name);
        let kept: u128 = self
            .operators()
            .iter()
            .filter(|name| !is_changed(name))
            .filter_map(|name| self.twin.ledger.power(name))
            .sum();
        kept + powers.iter().map(|it| u128::from(it.power)).sum::<u128>()
    }

    /// What a step is by now; none when it would be refused.
    pub fn deed(&self, step: &Step) -> Option<PoaDeed> {
        let operators = self.operators();
        let one_of = |number: usize| {
            (!operators.is_empty()).then(|| operators[number % operators.len()].clone())
        };
        Some(match step {
            Step::Income {
                denom,
                amount,
                deposited,
            } => PoaDeed::Income(Income {
                denom: DENOMS[*denom].to_string(),
                amount: self.size.amount(*amount),
                // What is not taken cannot be deposited.
                deposited: *deposited && self.twin.ledger.collects(DENOMS[*denom]),
            }),
            Step::Checkpoint => PoaDeed::Checkpoint,
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
                (self.total_after(&changes) > 0).then_some(PoaDeed::Powers(changes))?
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
                (self.total_after(&all) > 0).then_some(PoaDeed::Members { remove, add: added })?
            }
            Step::Candidate(number) => {
                let name = account(*number);
                (!operators.contains(&name)).then_some(PoaDeed::Candidate(name))?
            }
            Step::HandOver {
                operator,
                to,
                by_admin,
            } => {
                let new_operator = account(*to);
                let operator = one_of(*operator)?;
                let is_candidate = self.twin.ledger.power(&operator) == Some(0);
                (!operators.contains(&new_operator)).then_some(PoaDeed::HandOver {
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
                let known: Vec<String> = self.twin.ledger.accounts().map(str::to_string).collect();
                let account = known.get(number % known.len().max(1))?.clone();
                PoaDeed::Withdraw(PoaWithdrawal {
                    account,
                    to: to_another.then(|| "cold".to_string()),
                    refused: *refused,
                    // Some name a denom.
                    only: (number % 4 == 0).then(|| DENOMS[number / 4 % 3].to_string()),
                })
            }
            Step::Denom(denom) => PoaDeed::CollectDenom {
                denom: DENOMS[*denom].to_string(),
                collected: !self.twin.ledger.collects(DENOMS[*denom]),
            },
            Step::NextBlock => PoaDeed::NextBlock,
        })
    }
}
