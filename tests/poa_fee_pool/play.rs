//! Plays a random history on a pool and its brute-force ledger.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use oracles::poa_ledger::{DenomAmount, Import, ImportedFees, ImportedValidator, PoaLedger};
use serde_json::{Value, json};
use testkit::poa_pool::{Income, NamedPower, PoaAction, PoaHandOver, PoaHarness, PoaWithdrawal};

use crate::strategies::{Genesis, History, Size, Step, Withdrawer};
use crate::support::{GOLD, three_denoms};

pub const DENOMS: [&str; 3] = ["uatom", "ubtc", GOLD];

/// Accounts that may become operators.
const ACCOUNTS: usize = 14;

fn account(number: usize) -> String {
    format!("v{}", number % ACCOUNTS)
}

fn one_of(names: &[String], number: usize) -> Option<String> {
    let place = number.checked_rem(names.len())?;
    Some(names[place].clone())
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

    /// Operators and former operators.
    fn names(&self) -> Vec<String> {
        let names = self.harness.ledger.accounts();
        names.map(str::to_string).collect()
    }

    /// The total power after these changes, of which the last of a validator counts.
    fn total_after(&self, powers: &[NamedPower]) -> u128 {
        let ledger = &self.harness.ledger;
        let operators = self.operators();
        let powers_now = operators.iter().map(|name| {
            let power = ledger.power(name).unwrap_or_default();
            (ledger.id(name), power)
        });
        let mut after: BTreeMap<Option<u64>, u128> = powers_now.collect();
        let mut newcomers = 0;
        for NamedPower { operator, power } in powers {
            match ledger.id(operator) {
                Some(id) => drop(after.insert(Some(id), (*power).into())),
                None => newcomers += u128::from(*power),
            }
        }
        after.values().sum::<u128>() + newcomers
    }

    /// A hand-over that the pool admits: of any validator, to an account that names no other one.
    fn hand_over(&self, operator: usize, to: usize) -> Option<PoaHandOver> {
        let ledger = &self.harness.ledger;
        let operator = one_of(&self.names(), operator)?;
        let id = ledger.id(&operator);
        let free: Vec<String> = (0..ACCOUNTS)
            .map(account)
            .filter(|name| ledger.id(name).is_none() || ledger.id(name) == id)
            .collect();
        Some(PoaHandOver {
            operator,
            new_operator: one_of(&free, to)?,
        })
    }

    /// The action of a step, given who is an operator now; `None` when the pool would refuse it.
    pub fn action(&self, step: &Step) -> Option<PoaAction> {
        let ledger = &self.harness.ledger;
        Some(match step {
            Step::Income {
                denom,
                amount,
                deposited,
            } => PoaAction::Income(Income {
                denom: DENOMS[*denom].to_string(),
                amount: self.size.amount(*amount),
                // The pool refuses deposits of a removed denom.
                deposited: *deposited && ledger.collects(DENOMS[*denom]),
            }),
            Step::Checkpoint => PoaAction::Checkpoint,
            Step::Powers {
                first,
                powers,
                by_id,
            } => {
                // Each id once; of the names of one validator any number.
                let names = if *by_id {
                    self.operators()
                } else {
                    self.names()
                };
                let changes: Vec<NamedPower> = powers
                    .iter()
                    .take(names.len())
                    .enumerate()
                    .map(|(at, power)| NamedPower {
                        operator: names[(first + at) % names.len()].clone(),
                        power: self.size.power(*power),
                    })
                    .collect();
                (self.total_after(&changes) > 0).then_some(PoaAction::Powers {
                    powers: changes,
                    by_id: *by_id,
                })?
            }
            Step::Members { remove, add } => {
                let one_name = |number| one_of(&self.names(), number);
                let remove: Vec<String> = remove.and_then(one_name).into_iter().collect();
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
                let without = remove.iter().map(|name| NamedPower {
                    operator: name.clone(),
                    power: 0,
                });
                let all: Vec<NamedPower> = without.chain(added.iter().cloned()).collect();
                // The pool refuses an empty batch.
                (!all.is_empty() && self.total_after(&all) > 0)
                    .then_some(PoaAction::Members { remove, add: added })?
            }
            Step::Candidate(number) => {
                let name = account(*number);
                ledger
                    .id(&name)
                    .is_none()
                    .then_some(PoaAction::Candidate(name))?
            }
            Step::HandOver { operator, to } => PoaAction::HandOver(self.hand_over(*operator, *to)?),
            Step::Offer { operator, to } => PoaAction::Offer(self.hand_over(*operator, *to)?),
            Step::Accept(number) => {
                let offered: Vec<String> = (0..ACCOUNTS)
                    .map(account)
                    .filter(|name| {
                        let offered = ledger.offered_id(name);
                        // It may have become another one's operator since.
                        offered.is_some()
                            && (ledger.id(name).is_none() || ledger.id(name) == offered)
                    })
                    .collect();
                PoaAction::Accept(one_of(&offered, *number)?)
            }
            Step::WithdrawAddress {
                account: number,
                to,
            } => {
                let account = account(*number);
                let receivers = [account.clone(), "cold".to_string(), "vault".to_string()];
                PoaAction::WithdrawAddress {
                    account,
                    to: one_of(&receivers, *to)?,
                }
            }
            Step::Claimer {
                account: number,
                claimer,
            } => PoaAction::Claimer {
                account: account(*number),
                claimer: claimer.map(account),
            },
            Step::Withdraw {
                account: number,
                by,
                refused,
            } => {
                let account = one_of(&self.names(), *number)?;
                let has_claimer = self.harness.claimer(&account).is_some();
                PoaAction::Withdraw(PoaWithdrawal {
                    to: matches!(by, Withdrawer::AccountToAnother).then(|| "cold".to_string()),
                    by_claimer: matches!(by, Withdrawer::Claimer) && has_claimer,
                    account,
                    refused: *refused,
                    // Every fourth withdrawal names a denom.
                    only: (number % 4 == 0).then(|| DENOMS[number / 4 % 3].to_string()),
                })
            }
            Step::Denom(denom) => PoaAction::CollectDenom {
                denom: DENOMS[*denom].to_string(),
                collected: !ledger.collects(DENOMS[*denom]),
            },
            Step::NextBlock => PoaAction::NextBlock,
        })
    }
}
