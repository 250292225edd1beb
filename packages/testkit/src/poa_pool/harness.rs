//! A pool and its brute-force ledger, driven by the same actions.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use oracles::poa_ledger::{
    Acceptance, DenomAmount, DenomChange, NewValidator, OperatorChange, Payment, PoaLedger,
    PoaOperation, PowerChange,
};
use serde_json::{Value, json};

use super::suite::{ADMIN, POOL, amount_of, members_json, powers_json};
use super::{Income, NamedPower, PoaAction, PoaHandOver, PoaSuite, PoaWithdrawal};

/// A pool and the ledger that visits every validator at every checkpoint. Every action is applied to
/// both, and the `check_` functions compare them.
pub struct PoaHarness {
    /// The pool on its chain.
    pub suite: PoaSuite,
    /// The exact ledger.
    pub ledger: PoaLedger,
    denoms: Vec<String>,
    /// By account, where its fees are sent.
    withdraw_addresses: BTreeMap<String, String>,
    /// By account, who else may trigger its withdrawals.
    claimers: BTreeMap<String, String>,
}

impl PoaHarness {
    /// A pool without fees and validators yet, and the denoms that it receives.
    pub fn new(suite: PoaSuite, denoms: &[&str]) -> Self {
        PoaHarness::with_ledger(suite, PoaLedger::default(), denoms)
    }

    /// A pool with validators or fees from its instantiation, and the ledger of them.
    pub fn with_ledger(suite: PoaSuite, ledger: PoaLedger, denoms: &[&str]) -> Self {
        PoaHarness {
            suite,
            ledger,
            denoms: denoms.iter().map(ToString::to_string).collect(),
            withdraw_addresses: BTreeMap::new(),
            claimers: BTreeMap::new(),
        }
    }

    /// Where a withdrawal is paid to.
    pub fn receiver<'a>(&'a self, withdrawal: &'a PoaWithdrawal) -> &'a str {
        let account = &withdrawal.account;
        let set = || self.withdraw_addresses.get(account).unwrap_or(account);
        withdrawal.to.as_ref().unwrap_or_else(set)
    }

    /// Who else may trigger an account's withdrawals.
    pub fn claimer(&self, account: &str) -> Option<&str> {
        self.claimers.get(account).map(String::as_str)
    }

    /// The denoms that the pool receives.
    pub fn denoms(&self) -> &[String] {
        &self.denoms
    }

    /// Applies an action to the pool and to the ledger.
    ///
    /// # Errors
    /// When the pool refuses the action, or pays an amount that the ledger does not admit.
    pub fn apply(&mut self, action: &PoaAction) -> Result<()> {
        match action {
            PoaAction::Income(income) => self.income(income),
            PoaAction::Checkpoint => {
                self.suite.checkpoint()?;
                self.apply_to_ledger(&PoaOperation::Checkpoint)
            }
            PoaAction::Powers { powers, by_id } => {
                let validators = if *by_id {
                    self.powers_by_id(powers)?
                } else {
                    powers_json(named(powers))
                };
                let update = json!({"update_validators": {"validators": validators}});
                self.suite.execute(ADMIN, update)?;
                self.powers_changed(powers)
            }
            PoaAction::Members { remove, add } => self.members(remove, add),
            PoaAction::Candidate(name) => {
                // The ledger takes a checkpoint when a validator joins, the pool when its power changes.
                self.suite.checkpoint()?;
                self.suite.create_validator(name)?;
                self.join(name)
            }
            PoaAction::HandOver(hand_over) => {
                self.suite.execute(ADMIN, hand_over_json(hand_over))?;
                self.apply_to_ledger(&PoaOperation::ChangeOperator(change_of(hand_over)))
            }
            PoaAction::Offer(offer) => {
                let sender = self.ledger.operator(&offer.operator);
                let sender = sender.context("no operator")?.to_string();
                self.suite.execute(&sender, hand_over_json(offer))?;
                self.apply_to_ledger(&PoaOperation::OfferValidator(change_of(offer)))
            }
            PoaAction::Accept(new_operator) => self.accept(new_operator),
            PoaAction::WithdrawAddress { account, to } => {
                let set = json!({"set_withdraw_address": {"withdraw_address": format!("@{to}")}});
                self.suite.execute(account, set)?;
                self.withdraw_addresses.insert(account.clone(), to.clone());
                Ok(())
            }
            PoaAction::Claimer { account, claimer } => {
                let named = claimer.as_ref().map(|claimer| format!("@{claimer}"));
                self.suite
                    .execute(account, json!({"set_claimer": {"claimer": named}}))?;
                match claimer {
                    Some(claimer) => self.claimers.insert(account.clone(), claimer.clone()),
                    None => self.claimers.remove(account),
                };
                Ok(())
            }
            PoaAction::Withdraw(withdrawal) => self.withdraw(withdrawal),
            PoaAction::CollectDenom { denom, collected } => {
                let key = if *collected { "add" } else { "remove" };
                let update = json!({"update_denoms": {key: [denom]}});
                self.suite.execute(ADMIN, update)?;
                self.apply_to_ledger(&PoaOperation::CollectDenom(DenomChange {
                    denom,
                    collected: *collected,
                }))
            }
            PoaAction::NextBlock => {
                self.suite.next_block();
                Ok(())
            }
        }
    }

    fn apply_to_ledger(&mut self, operation: &PoaOperation) -> Result<()> {
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
        self.apply_to_ledger(&PoaOperation::Receive(DenomAmount {
            denom,
            amount: *amount,
        }))
    }

    fn join(&mut self, operator: &str) -> Result<()> {
        self.apply_to_ledger(&PoaOperation::AddValidator(NewValidator {
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
        self.apply_to_ledger(&PoaOperation::SetPowers(&changes))
    }

    /// Powers as in `update_validators`, by id.
    fn powers_by_id(&self, powers: &[NamedPower]) -> Result<Value> {
        let by_id = powers.iter().map(|change| {
            let id = self.ledger.id(&change.operator).context("no operator")?;
            Ok(json!({"id": id, "power": change.power.to_string()}))
        });
        by_id.collect()
    }

    fn accept(&mut self, new_operator: &str) -> Result<()> {
        let id = self.ledger.offered_id(new_operator).context("no offer")?;
        self.suite
            .execute(new_operator, json!({"accept_operator": {"id": id}}))?;
        self.apply_to_ledger(&PoaOperation::AcceptValidator(Acceptance {
            id,
            new_operator,
        }))
    }

    fn members(&mut self, remove: &[String], add: &[NamedPower]) -> Result<()> {
        let removed: Vec<String> = remove.iter().map(|name| format!("@{name}")).collect();
        let added = members_json(named(add));
        let update = json!({"update_members": {"remove": removed, "add": added}});
        self.suite.execute(ADMIN, update)?;
        for member in add {
            if self.ledger.id(&member.operator).is_none() {
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
        let account = &withdrawal.account;
        let receiver = self.receiver(withdrawal).to_string();
        let receiver = receiver.as_str();
        let shown = self.suite.query(json!({"withdrawable_fees": {
            "operator": format!("@{account}")}}))?;
        let waiting = self.undelivered(account)?;
        let before = self.balances(receiver);
        self.send_withdrawal(withdrawal, receiver)?;
        let after = self.balances(receiver);
        let kept = self.undelivered(account)?;
        for denom in self.denoms.clone() {
            if !withdrawal.pays(&denom) {
                let is_kept = after[&denom] == before[&denom] && kept[&denom] == waiting[&denom];
                ensure!(is_kept, "{denom} was not asked for");
                continue;
            }
            let amount = if withdrawal.refused {
                ensure!(after[&denom] == before[&denom], "a refused payout arrived");
                kept[&denom]
            } else {
                ensure!(kept[&denom] == 0, "an undelivered payout was not paid");
                after[&denom] - before[&denom]
            };
            let claimable = coins_of(&shown["claimable"], &denom)?;
            ensure!(
                claimable + waiting[&denom] == amount,
                "{claimable}{denom} were shown and {} undelivered, {amount} were paid",
                waiting[&denom]
            );
            self.apply_to_ledger(&PoaOperation::Paid(Payment {
                account,
                coin: DenomAmount {
                    denom: &denom,
                    amount,
                },
                failed: withdrawal.refused,
            }))?;
        }
        Ok(())
    }

    fn send_withdrawal(&mut self, withdrawal: &PoaWithdrawal, receiver: &str) -> Result<()> {
        let mut message = json!({"withdraw_fees": {}});
        if let Some(to) = &withdrawal.to {
            message["withdraw_fees"]["withdraw_address"] = json!(format!("@{to}"));
        }
        let mut sender = withdrawal.account.clone();
        if withdrawal.by_claimer {
            let claimer = self.claimer(&sender).context("no claimer")?;
            message["withdraw_fees"]["operator"] = json!(format!("@{sender}"));
            sender = claimer.to_string();
        }
        if let Some(only) = &withdrawal.only {
            message["withdraw_fees"]["denoms"] = json!([only]);
        }
        let receiver = self.suite.account(receiver);
        if withdrawal.refused {
            self.suite.chain.block_transfers_to(&receiver)?;
        }
        self.suite.execute(&sender, message)?;
        self.suite.chain.allow_transfers_to(&receiver);
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
            .map(|denom| Ok((denom.clone(), coins_of(&answer["amount"], denom)?)))
            .collect()
    }
}

fn hand_over_json(hand_over: &PoaHandOver) -> Value {
    json!({"update_operator": {
        "operator": format!("@{}", hand_over.operator),
        "new_operator": format!("@{}", hand_over.new_operator),
    }})
}

fn change_of(hand_over: &PoaHandOver) -> OperatorChange<'_> {
    OperatorChange {
        operator: &hand_over.operator,
        new_operator: &hand_over.new_operator,
    }
}

fn named(powers: &[NamedPower]) -> impl Iterator<Item = (&str, u64)> {
    powers.iter().map(|it| (it.operator.as_str(), it.power))
}

fn coins_of(coins: &Value, denom: &str) -> Result<u128> {
    let amount = amount_of(coins, denom);
    amount.parse().with_context(|| format!("{amount}{denom}"))
}
