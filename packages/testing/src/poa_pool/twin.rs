//! A pool and the brute-force ledger in lockstep.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use num_bigint::BigInt;
use num_traits::Zero;
use serde_json::{Value, json};

use super::suite::powers_json;
use super::{PoaClasses, PoaInvariants, PoaSuite};
use crate::events::points_per_coin;
use crate::poa_ledger::{
    DenomAmount, DenomChange, Holding, NewValidator, OperatorChange, Payment, PoaLedger,
    PoaOperation, PoaTotals, PowerChange,
};

/// The pool as an account.
const POOL: &str = "pool";
/// Who administers the pool.
const ADMIN: &str = "owner";
/// Decimal places of the amounts that a query shows.
const PLACES_SHOWN: u32 = 18;

/// A power that an operator gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPower {
    /// The operator's name.
    pub operator: String,
    /// Its power from now on.
    pub power: u64,
}

/// Fees that come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Income {
    /// The denom.
    pub denom: String,
    /// Base units.
    pub amount: u128,
    /// By message, not by plain transfer.
    pub deposited: bool,
}

/// A withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoaWithdrawal {
    /// An operator, or who was one.
    pub account: String,
    /// Where it goes, if not to the account.
    pub to: Option<String>,
    /// Whether the receiver refuses it.
    pub refused: bool,
    /// The only denom that is paid, if not all are.
    pub only: Option<String>,
}

impl PoaWithdrawal {
    /// Everything, to the account itself.
    pub fn of(account: &str) -> Self {
        PoaWithdrawal {
            account: account.to_string(),
            to: None,
            refused: false,
            only: None,
        }
    }

    /// Whether it pays a denom.
    pub fn pays(&self, denom: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == denom)
    }
}

/// What may happen to a pool in a random history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoaDeed {
    /// Fees come in.
    Income(Income),
    /// Anybody takes a checkpoint.
    Checkpoint,
    /// The admin sets powers of operators.
    Powers(Vec<NamedPower>),
    /// The admin adds members and removes operators.
    Members {
        /// Operators that lose their power.
        remove: Vec<String>,
        /// Operators and accounts that become some.
        add: Vec<NamedPower>,
    },
    /// An account becomes a candidate.
    Candidate(String),
    /// A validator changes hands.
    HandOver {
        /// Who had it.
        operator: String,
        /// Who has it from now on.
        new_operator: String,
        /// By the admin, not by the operator.
        by_admin: bool,
    },
    /// An operator is paid.
    Withdraw(PoaWithdrawal),
    /// The admin removes a denom, or adds it again.
    CollectDenom {
        /// The denom.
        denom: String,
        /// Whether it is taken for fees from now on.
        collected: bool,
    },
    /// A block passes.
    NextBlock,
}

/// A pool and the ledger that visits every validator at every checkpoint. Every deed happens to
/// both, and they are compared.
pub struct PoaTwin {
    /// The pool on its chain.
    pub suite: PoaSuite,
    /// The exact ledger.
    pub ledger: PoaLedger,
    denoms: Vec<String>,
}

impl PoaTwin {
    /// A pool that nothing has happened to yet, with the denoms it takes.
    pub fn new(suite: PoaSuite, denoms: &[&str]) -> Self {
        PoaTwin::with_ledger(suite, PoaLedger::default(), denoms)
    }

    /// A pool and the ledger of what it began with.
    pub fn with_ledger(suite: PoaSuite, ledger: PoaLedger, denoms: &[&str]) -> Self {
        PoaTwin {
            suite,
            ledger,
            denoms: denoms.iter().map(ToString::to_string).collect(),
        }
    }

    /// The denoms that the pool takes.
    pub fn denoms(&self) -> &[String] {
        &self.denoms
    }

    /// Does a deed to both.
    ///
    /// # Errors
    /// When the pool refuses it, or does anything that the ledger does not find right.
    pub fn apply(&mut self, deed: &PoaDeed) -> Result<()> {
        match deed {
            PoaDeed::Income(income) => self.income(income),
            PoaDeed::Checkpoint => {
                self.suite.checkpoint()?;
                self.tell(&PoaOperation::Checkpoint)
            }
            PoaDeed::Powers(powers) => {
                let update = json!({"update_validators": {"validators": powers_json(powers)}});
                self.suite.execute(ADMIN, update)?;
                self.powers_changed(powers)
            }
            PoaDeed::Members { remove, add } => self.members(remove, add),
            PoaDeed::Candidate(name) => {
                // The ledger takes a checkpoint when somebody joins; the pool does when it matters.
                self.suite.checkpoint()?;
                self.suite.create_validator(name)?;
                self.join(name)
            }
            PoaDeed::HandOver {
                operator,
                new_operator,
                by_admin,
            } => {
                let sender = if *by_admin { ADMIN } else { operator.as_str() };
                let update = json!({"update_operator": {
                    "operator": format!("@{operator}"), "new_operator": format!("@{new_operator}"),
                }});
                self.suite.execute(sender, update)?;
                self.tell(&PoaOperation::ChangeOperator(OperatorChange {
                    operator,
                    new_operator,
                }))
            }
            PoaDeed::Withdraw(withdrawal) => self.withdraw(withdrawal),
            PoaDeed::CollectDenom { denom, collected } => {
                let key = if *collected { "add" } else { "remove" };
                let update = json!({"update_denoms": {key: [denom]}});
                self.suite.execute(ADMIN, update)?;
                self.tell(&PoaOperation::CollectDenom(DenomChange {
                    denom,
                    collected: *collected,
                }))
            }
            PoaDeed::NextBlock => {
                self.suite.next_block();
                Ok(())
            }
        }
    }

    fn tell(&mut self, operation: &PoaOperation) -> Result<()> {
        self.ledger
            .apply(operation)
            .with_context(|| format!("the ledger, {operation:?}"))
    }

    fn income(&mut self, income: &Income) -> Result<()> {
        let Income {
            denom,
            amount,
            deposited,
        } = income;
        if *deposited {
            let funds = vec![cosmwasm_std::coin(*amount, denom)];
            self.suite
                .execute_with("fees", json!({"deposit": {}}), funds)?;
        } else {
            self.suite.send("fees", POOL, *amount, denom)?;
        }
        self.tell(&PoaOperation::Receive(DenomAmount {
            denom,
            amount: *amount,
        }))
    }

    fn join(&mut self, operator: &str) -> Result<()> {
        self.tell(&PoaOperation::AddValidator(NewValidator {
            operator,
            power: 0,
        }))
    }

    fn powers_changed(&mut self, powers: &[NamedPower]) -> Result<()> {
        let changes: Vec<PowerChange> = powers
            .iter()
            .map(|change| PowerChange {
                operator: &change.operator,
                power: change.power.into(),
            })
            .collect();
        self.tell(&PoaOperation::SetPowers(&changes))
    }

    fn members(&mut self, remove: &[String], add: &[NamedPower]) -> Result<()> {
        let removed: Vec<String> = remove.iter().map(|name| format!("@{name}")).collect();
        let added: Vec<Value> = add
            .iter()
            .map(|it| json!({"addr": format!("@{}", it.operator), "weight": it.power}))
            .collect();
        let update = json!({"update_members": {"remove": removed, "add": added}});
        self.suite.execute(ADMIN, update)?;
        for member in add {
            if self.ledger.power(&member.operator).is_none() {
                self.join(&member.operator)?;
            }
        }
        let without = remove.iter().map(|operator| NamedPower {
            operator: operator.clone(),
            power: 0,
        });
        let powers: Vec<NamedPower> = without.chain(add.iter().cloned()).collect();
        self.powers_changed(&powers)
    }

    fn withdraw(&mut self, withdrawal: &PoaWithdrawal) -> Result<()> {
        let PoaWithdrawal {
            account,
            to,
            refused,
            only,
        } = withdrawal;
        let receiver = to.as_ref().unwrap_or(account).clone();
        let shown = self.suite.query(json!({"withdrawable_fees": {
            "operator": format!("@{account}")}}))?;
        let waiting = self.undelivered(account)?;
        let before = self.balances(&receiver);
        let address = self.suite.account(&receiver);
        if *refused {
            self.suite.chain.block_transfers_to(&address)?;
        }
        let mut message = json!({"withdraw_fees": {}});
        if let Some(to) = to {
            message["withdraw_fees"]["withdraw_address"] = json!(format!("@{to}"));
        }
        if let Some(only) = only {
            message["withdraw_fees"]["denoms"] = json!([only]);
        }
        self.suite.execute(account, message)?;
        self.suite.chain.allow_transfers_to(&address);

        let after = self.balances(&receiver);
        let kept = self.undelivered(account)?;
        for denom in self.denoms.clone() {
            if !withdrawal.pays(&denom) {
                let is_kept = after[&denom] == before[&denom] && kept[&denom] == waiting[&denom];
                ensure!(is_kept, "{denom} was not asked for");
                continue;
            }
            let amount = if *refused {
                ensure!(after[&denom] == before[&denom], "a refused payout arrived");
                kept[&denom]
            } else {
                ensure!(kept[&denom] == 0, "an undelivered payout was not paid");
                after[&denom] - before[&denom]
            };
            let claimable = amount_of(&shown["claimable"], &denom)?;
            ensure!(
                claimable + waiting[&denom] == amount,
                "{claimable}{denom} were shown and {} undelivered, {amount} were paid",
                waiting[&denom]
            );
            self.tell(&PoaOperation::Paid(Payment {
                account,
                coin: DenomAmount {
                    denom: &denom,
                    amount,
                },
                failed: *refused,
            }))?;
        }
        Ok(())
    }

    fn balances(&self, account: &str) -> BTreeMap<String, u128> {
        self.denoms
            .iter()
            .map(|denom| {
                let balance = self.suite.balance(account, denom);
                let balance = cosmwasm_std::Uint128::try_from(balance).unwrap_or_default();
                (denom.clone(), balance.u128())
            })
            .collect()
    }

    fn undelivered(&self, account: &str) -> Result<BTreeMap<String, u128>> {
        let answer = self
            .suite
            .query(json!({"undelivered": {"account": format!("@{account}")}}))?;
        self.denoms
            .iter()
            .map(|denom| Ok((denom.clone(), amount_of(&answer["amount"], denom)?)))
            .collect()
    }

    /// What always holds, as equations of integers: the pool's records, running totals and events
    /// tell the same, its balance covers them, and the totals are those of the ledger.
    ///
    /// # Errors
    /// For the first equation that does not hold.
    pub fn check_equations(&self) -> Result<()> {
        for denom in &self.denoms {
            let found = self.check_totals(denom)?;
            let audited = self.suite.audit(denom, 5)?;
            ensure!(audited == found.classes, "audit: {audited:?}, {found:?}");
            let told = self.suite.events.classes(denom);
            ensure!(told == found.classes, "events: {told:?}, {found:?}");
        }
        Ok(())
    }

    /// The totals of a denom, when they are those of the ledger.
    ///
    /// # Errors
    /// When they differ by a single point, or more is owed than there is.
    pub fn check_totals(&self, denom: &str) -> Result<PoaInvariants> {
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

    /// Every account's claim within the bound of the exact one, and every power.
    ///
    /// # Errors
    /// For the first that is not.
    pub fn check_claims(&self) -> Result<()> {
        for denom in &self.denoms {
            let claims = self.claims(denom)?;
            for account in self.ledger.accounts() {
                let address = self.suite.account(account).into_string();
                let points = claims.get(&address).cloned().unwrap_or_default();
                ensure!(
                    points == self.suite.events.owed(&address, denom),
                    "the events tell another claim of {account}"
                );
                self.ledger.check_allocated(&Holding {
                    account,
                    denom,
                    points: &points,
                })?;
                self.check_shown(account, denom)?;
            }
        }
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

    /// What a query shows of a claim is the exact one, with the pending share, floored to 18
    /// decimals, within the bound.
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

    /// Every account's claim in points, by address, from pages of one record.
    ///
    /// # Errors
    /// The pool's.
    pub fn claims(&self, denom: &str) -> Result<BTreeMap<String, BigInt>> {
        let mut claims = BTreeMap::new();
        let mut cursor = Value::Null;
        loop {
            let page = self
                .suite
                .query(json!({"audit": {"start_after": cursor, "limit": 1}}))?;
            let Some(account) = page["next"].as_str() else {
                return Ok(claims);
            };
            cursor = json!(account);
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

fn amount_of(coins: &Value, denom: &str) -> Result<u128> {
    let amount = super::suite::amount_of(coins, denom);
    amount.parse().with_context(|| format!("{amount}{denom}"))
}

/// An amount with 18 decimals, in units of the last one.
fn shown_atomics(coins: &Value, denom: &str) -> Result<BigInt> {
    let text = super::suite::amount_of(coins, denom);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    Ok(format!("{whole}{fraction:0<18}").parse()?)
}
