//! Whatever happens to a pool, in whatever order: claims are the exact shares within the bound,
//! totals are exact to the last point after every step, and everybody can withdraw.
//!
//! A failing history is shrunk, printed, and its seed kept in
//! `tests/poa_fee_pool/proptest-regressions/histories.txt`; every later run begins with the seeds in
//! that file. `PROPTEST_CASES` makes a run longer.

use anyhow::{Context as _, Result, ensure};
use cosmwasm_std::coin;
use proptest::prelude::*;
use serde_json::json;
use testing::poa_ledger::{DenomAmount, Import, ImportedFees, ImportedValidator, PoaLedger};
use testing::poa_pool::{Income, NamedPower, PoaDeed, PoaSuite, PoaTwin, PoaWithdrawal};

use crate::property::{Trial, regressions};
use crate::support::{GOLD, three_denoms};

const DENOMS: [&str; 3] = ["uatom", "ubtc", GOLD];

/// Accounts that may become operators.
const ACCOUNTS: usize = 9;

/// After so many deeds every claim is held against the exact one.
const COMPARE_EVERY: usize = 12;

/// How large the numbers of a history are.
#[derive(Clone, Copy, Debug)]
enum Size {
    /// Powers and amounts that divide badly.
    Small,
    /// Powers whose sum is near 2^63, amounts whose sum is near 2^128.
    Large,
}

impl Size {
    fn power(self, raw: u64) -> u64 {
        match self {
            Size::Small => raw % 20,
            // Nine of them stay below 2^63.
            Size::Large => raw >> 5,
        }
    }

    fn amount(self, raw: u64) -> u128 {
        match self {
            Size::Small => u128::from(raw % 1000) + 1,
            // A thousand of them stay below 2^128.
            Size::Large => u128::from(raw) << 53 | 1,
        }
    }
}

/// One step; which accounts it is about depends on who is an operator by then.
#[derive(Clone, Debug)]
enum Step {
    Income {
        denom: usize,
        amount: u64,
        deposited: bool,
    },
    Checkpoint,
    Powers {
        first: usize,
        powers: Vec<u64>,
    },
    Members {
        remove: Option<usize>,
        add: Vec<(usize, u64)>,
    },
    Candidate(usize),
    HandOver {
        operator: usize,
        to: usize,
        by_admin: bool,
    },
    Withdraw {
        account: usize,
        to_another: bool,
        refused: bool,
    },
    NextBlock,
}

fn step() -> impl Strategy<Value = Step> {
    let number = 0..1000usize;
    prop_oneof![
        8 => (0..3usize, any::<u64>(), any::<bool>())
            .prop_map(|(denom, amount, deposited)| Step::Income { denom, amount, deposited }),
        2 => Just(Step::Checkpoint),
        4 => (number.clone(), prop::collection::vec(power(), 1..5))
            .prop_map(|(first, powers)| Step::Powers { first, powers }),
        2 => (prop::option::of(number.clone()), prop::collection::vec((number.clone(), power()), 0..3))
            .prop_map(|(remove, add)| Step::Members { remove, add }),
        1 => number.clone().prop_map(Step::Candidate),
        1 => (number.clone(), number.clone(), any::<bool>())
            .prop_map(|(operator, to, by_admin)| Step::HandOver { operator, to, by_admin }),
        5 => (number, any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(account, to_another, refused)| Step::Withdraw { account, to_another, refused }),
        1 => Just(Step::NextBlock),
    ]
}

fn power() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0u64), 4 => any::<u64>()]
}

#[derive(Clone, Debug)]
struct Genesis {
    power: u64,
    fees: [u32; 3],
}

#[derive(Clone, Debug)]
struct History {
    size: Size,
    genesis: Vec<Genesis>,
    surplus: u8,
    steps: Vec<Step>,
}

fn histories(size: Size) -> impl Strategy<Value = History> {
    let genesis = (power(), any::<[u32; 3]>()).prop_map(|(power, fees)| Genesis { power, fees });
    (
        prop::collection::vec(genesis, 0..5),
        any::<u8>(),
        prop::collection::vec(step(), 120..140),
    )
        .prop_map(move |(genesis, surplus, steps)| History {
            size,
            genesis,
            surplus,
            steps,
        })
}

fn account(number: usize) -> String {
    format!("v{}", number % ACCOUNTS)
}

struct Play {
    twin: PoaTwin,
    size: Size,
}

impl Play {
    /// A pool that begins with what another one had.
    fn begin(history: &History) -> Result<Self> {
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
        let mut suite = builder.build()?;
        let fees_account = suite.account("fees");
        for denom in DENOMS {
            suite
                .chain
                .mint(&fees_account, &[coin(u128::MAX >> 1, denom)])?;
        }
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
    fn deed(&self, step: &Step) -> Option<PoaDeed> {
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
                deposited: *deposited,
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
                })
            }
            Step::NextBlock => PoaDeed::NextBlock,
        })
    }
}

fn play(history: &History) -> Result<()> {
    let mut play = Play::begin(history)?;
    let mut deeds = 0;
    for (number, step) in history.steps.iter().enumerate() {
        let Some(deed) = play.deed(step) else {
            continue;
        };
        let done = || format!("step {number}, {deed:?}");
        play.twin.apply(&deed).with_context(done)?;
        play.twin.check_equations().with_context(done)?;
        deeds += 1;
        if deeds % COMPARE_EVERY == 0 {
            play.twin.check_claims().with_context(done)?;
        }
    }
    play.twin.check_claims().context("in the end")?;
    let accounts: Vec<String> = play.twin.ledger.accounts().map(str::to_string).collect();
    for account in &accounts {
        let last = PoaDeed::Withdraw(PoaWithdrawal {
            account: account.clone(),
            to: None,
            refused: false,
        });
        play.twin.apply(&last).context("last withdrawals")?;
        play.twin.check_equations().context("last withdrawals")?;
    }
    play.twin.check_claims().context("after all withdrawals")?;
    play.twin.ledger.check_conservation()?;
    only_fractions_are_left(&play.twin.suite, accounts.len())
}

/// Once everybody has withdrawn, less than one base unit of each denom is left for each account,
/// and the carry, unless nobody was there to earn it.
fn only_fractions_are_left(suite: &PoaSuite, accounts: usize) -> Result<()> {
    let has_power = suite.query(json!({"total_power": {}}))?["total_power"] != "0";
    for denom in DENOMS {
        let found = suite.invariants(denom)?;
        ensure!(
            !has_power || found.balance <= accounts.into(),
            "{} {denom} are left for {accounts} accounts",
            found.balance
        );
    }
    Ok(())
}

fn every_history_holds(size: Size) {
    Trial {
        cases: 40,
        regressions: regressions!("poa_fee_pool", "histories"),
    }
    .holds(&histories(size), play);
}

#[test]
fn small_numbers_are_shared_exactly_and_paid_in_any_order() {
    every_history_holds(Size::Small);
}

#[test]
fn large_numbers_are_shared_exactly_and_paid_in_any_order() {
    every_history_holds(Size::Large);
}
