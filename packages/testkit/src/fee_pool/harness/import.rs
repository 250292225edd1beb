//! A pool that begins with the state of an earlier one: pages, and activation.

use anyhow::{Context as _, Result, ensure};
use oracles::ledger::{
    DenomAmount, FeeLedger, ImportedAmount, ImportedValidator, LedgerError, Recipient,
};
use serde_json::{Value, json};

use super::{Harness, decimal, fraction};
use crate::fee_pool::{Line, Terms};

/// Decimal places of shares in a line.
const SHARE_PLACES: usize = 18;

impl Line {
    /// The field of a page in which a line of its kind stands, and the order in which a page is read.
    fn field(&self) -> &'static str {
        match self {
            Line::Validator { .. } => "validators",
            Line::Delegation { .. } => "delegations",
            Line::WithdrawAddress { .. } => "withdraw_addresses",
            Line::Rewards { .. } => "delegator_rewards",
            Line::Commission { .. } => "commissions",
            Line::CommunityPool { .. } => "community_pool",
        }
    }

    fn place(&self) -> usize {
        match self {
            Line::Validator { .. } => 0,
            Line::Delegation { .. } => 1,
            Line::WithdrawAddress { .. } => 2,
            Line::Rewards { .. } => 3,
            Line::Commission { .. } => 4,
            Line::CommunityPool { .. } => 5,
        }
    }
}

fn commission(terms: &Terms) -> Value {
    json!({
        "rate": decimal(terms.rate),
        "max_rate": decimal(terms.max_rate),
        "max_change_rate": decimal(terms.max_change_rate),
    })
}

/// `floor(text * 10^places)`.
fn scaled(text: &str, places: usize) -> Result<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<SHARE_PLACES$}");
    Ok(format!("{whole}{}", &fraction[..places]).parse()?)
}

impl Harness {
    /// The page as a message has it. Of the community pool it has the last line.
    fn page(&self, lines: &[Line]) -> Value {
        let mut page = json!({});
        for line in lines {
            let field = line.field();
            let line = match line {
                Line::Validator {
                    validator,
                    power,
                    terms,
                } => json!({
                    "validator": format!("@@{validator}"),
                    "power": power.to_string(),
                    "commission": commission(terms),
                }),
                Line::Delegation {
                    delegator,
                    validator,
                    shares,
                } => json!({
                    "delegator": format!("@{delegator}"),
                    "validator": format!("@@{validator}"),
                    "shares": shares,
                }),
                Line::WithdrawAddress { delegator, to } => json!({
                    "delegator": format!("@{delegator}"),
                    "withdraw_address": format!("@{to}"),
                }),
                Line::Rewards {
                    delegator,
                    validator,
                    amounts,
                } => json!({
                    "delegator": format!("@{delegator}"),
                    "validator": format!("@@{validator}"),
                    "rewards": self.dec_coins(amounts),
                }),
                Line::Commission { validator, amounts } => json!({
                    "validator": format!("@@{validator}"),
                    "commission": self.dec_coins(amounts),
                }),
                Line::CommunityPool { amounts } => {
                    page[field] = self.dec_coins(amounts);
                    continue;
                }
            };
            match page[field].as_array_mut() {
                Some(lines) => lines.push(line),
                None => page[field] = json!([line]),
            }
        }
        page
    }

    /// Amounts as DecCoins: by denom, those of 0 left out.
    fn dec_coins(&self, amounts: &[String]) -> Value {
        let mut coins: Vec<(&String, &String)> = self
            .denoms
            .iter()
            .zip(amounts)
            .filter(|(_, amount)| amount.bytes().any(|it| (b'1'..=b'9').contains(&it)))
            .collect();
        coins.sort();
        coins
            .into_iter()
            .map(|(denom, amount)| json!({"denom": denom, "amount": amount}))
            .collect()
    }

    fn imported<'a>(&'a self, amounts: &'a [String]) -> Vec<ImportedAmount<'a>> {
        self.denoms
            .iter()
            .zip(amounts)
            .map(|(denom, amount)| ImportedAmount { denom, amount })
            .collect()
    }

    pub(super) fn import(&mut self, lines: &[Line], funds: &[u128]) -> Result<()> {
        let mut lines = lines.to_vec();
        lines.sort_by_key(Line::place);
        let msg = json!({"import": self.page(&lines)});
        let coins = self.coins(funds);
        // A page counts as a whole or not at all.
        let mut ledger = self.ledger.clone();
        if self.import_into(&mut ledger, &lines, funds).is_err() {
            return self.refused("owner", msg, coins).map(|_| ());
        }
        self.give_to_owner(funds)?;
        self.suite.execute_with("owner", msg, coins)?;
        self.ledger = ledger;
        for line in lines {
            self.follow_line(line)?;
        }
        Ok(())
    }

    fn import_into(
        &self,
        ledger: &mut FeeLedger,
        lines: &[Line],
        funds: &[u128],
    ) -> Result<(), LedgerError> {
        ledger.cover(&self.amounts(funds))?;
        for line in lines {
            match line {
                Line::Validator {
                    validator,
                    power,
                    terms,
                } => {
                    let bad = |text: String| LedgerError::BadFraction { text };
                    ledger.import_validator(&ImportedValidator {
                        validator,
                        power: *power,
                        commission: fraction(terms.rate).map_err(|it| bad(it.to_string()))?,
                    })?;
                }
                Line::Delegation {
                    delegator,
                    validator,
                    shares,
                } => {
                    let units = self.units_of_text(validator, shares).map_err(|_| {
                        let text = shares.clone();
                        LedgerError::BadAmount { text }
                    })?;
                    ledger.import_units(delegator, validator, units)?;
                }
                Line::WithdrawAddress { .. } => {}
                Line::Rewards {
                    delegator,
                    validator,
                    amounts,
                } => {
                    let recipient = Recipient::Delegation {
                        delegator,
                        validator,
                    };
                    ledger.import_owed(recipient, &self.imported(amounts))?;
                }
                Line::Commission { validator, amounts } => {
                    let recipient = Recipient::Commission { validator };
                    ledger.import_owed(recipient, &self.imported(amounts))?;
                }
                Line::CommunityPool { amounts } => {
                    ledger.import_owed(Recipient::CommunityPool, &self.imported(amounts))?;
                }
            }
        }
        Ok(())
    }

    fn units_of_text(&self, validator: &str, shares: &str) -> Result<u128> {
        let places = usize::try_from(self.unit_scale.ilog10())?;
        self.units_of(validator, scaled(shares, places)?)
    }

    /// The pool has taken a line.
    fn follow_line(&mut self, line: Line) -> Result<()> {
        match line {
            Line::Validator { validator, .. } => {
                self.learn(&validator);
                let is_removed = self.ledger.is_removed(&validator);
                let known = self.known.entry(validator).or_default();
                // Its removal is newer than its line.
                known.has_terms |= !is_removed;
            }
            Line::Delegation {
                delegator,
                validator,
                shares,
            } => {
                self.learn(&delegator);
                // With hooks the chain has what it has, whatever the owner says of it.
                let units = self.units_of_text(&validator, &shares)?;
                if self.staking.is_reported() && self.ledger.units(&delegator, &validator) == units
                {
                    let shares = scaled(&shares, 0)?;
                    self.staking.set_amount(&delegator, &validator, shares);
                }
            }
            Line::WithdrawAddress { delegator, to } => {
                self.learn(&delegator);
                if !self.decided_addresses.contains(&delegator) {
                    self.withdraw_addresses.insert(delegator, to);
                }
            }
            Line::Rewards { delegator, .. } => self.learn(&delegator),
            Line::Commission { .. } | Line::CommunityPool { .. } => {}
        }
        Ok(())
    }

    /// The account that pays for an import: `fees` has plenty.
    fn give_to_owner(&mut self, funds: &[u128]) -> Result<()> {
        for coin in self.coins(funds) {
            let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
            self.suite.send("fees", "owner", amount, &coin.denom)?;
        }
        Ok(())
    }

    pub(super) fn activate(&mut self, surplus: &[u128]) -> Result<()> {
        let msg = json!({"activate": {}});
        if self.ledger.is_active() {
            return self.refused("owner", msg, vec![]).map(|_| ());
        }
        let missing: Vec<u128> = self
            .denoms
            .iter()
            .map(|denom| self.ledger.missing(denom))
            .collect();
        if let Some(first) = missing.iter().find(|missing| **missing > 0) {
            let error = self.refused("owner", msg.clone(), vec![])?;
            ensure!(error.contains(&first.to_string()), "{first}: {error}");
        }
        let funds: Vec<u128> = missing
            .iter()
            .zip(surplus)
            .map(|(missing, more)| missing + more)
            .collect();
        self.give_to_owner(&funds)?;
        let coins = self.coins(&funds);
        let cover: Vec<DenomAmount> = self.amounts(&funds);
        let mut ledger = self.ledger.clone();
        ledger.cover(&cover)?;
        ledger.activate().context("the ledger")?;
        self.ledger = ledger;
        self.suite.execute_with("owner", msg, coins)?;
        Ok(())
    }

    pub(super) fn set_withdraw_address(&mut self, delegator: &str, to: &str) -> Result<()> {
        self.learn(delegator);
        self.suite.execute(
            delegator,
            json!({"set_withdraw_address": {"withdraw_address": format!("@{to}")}}),
        )?;
        self.withdraw_addresses
            .insert(delegator.to_string(), to.to_string());
        if !self.ledger.is_active() {
            self.decided_addresses.insert(delegator.to_string());
        }
        Ok(())
    }

    /// Where an account's rewards go.
    pub fn withdraw_address(&self, account: &str) -> String {
        let to = self.withdraw_addresses.get(account);
        to.cloned().unwrap_or_else(|| account.to_string())
    }
}
