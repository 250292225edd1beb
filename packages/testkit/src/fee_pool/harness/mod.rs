//! A pool and the brute-force ledger in lockstep.

mod compare;
mod corrections;
mod import;
mod payments;
mod records;
mod staking;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use cosmwasm_std::{Coin, Decimal256, Uint256};
use oracles::ledger::{BlockFees, DenomAmount, FeeLedger, Fraction};
use serde_json::{Value, json};

pub use self::compare::{Claim, Comparison, Equation, Liability};
use self::staking::{Known, Staking};
use super::{AccountingKind, Commit, FeePoolSuite, Operation};

/// A pool and the brute-force ledger, which is told what the pool is told. Every payout is recorded in
/// the ledger, which refuses one above the exact share. What the ledger refuses the pool must refuse,
/// and then nothing of it changes.
pub struct Harness {
    /// The pool.
    pub suite: FeePoolSuite,
    /// The exact shares.
    pub ledger: FeeLedger,
    denoms: Vec<String>,
    unit_scale: u128,
    /// The validators of which the pool has a record.
    known: BTreeMap<String, Known>,
    staking: Staking,
    /// Where rewards of these accounts go.
    withdraw_addresses: BTreeMap<String, String>,
    /// Who decided that before activation.
    decided_addresses: BTreeSet<String>,
    /// Fees that came in and wait for the next block, by the place of their denom.
    waiting: Vec<u128>,
    names: BTreeMap<String, String>,
}

impl Harness {
    /// Around a pool without validators, whose account `fees` can pay and whose account `reporter` is
    /// believed for blocks. The ledger is active or not as the pool is.
    ///
    /// # Errors
    /// When the pool does not answer.
    pub fn new(suite: FeePoolSuite, ledger: FeeLedger) -> Result<Self> {
        let config = suite.query(json!({"config": {}}))?;
        let denoms = suite.query(json!({"reward_denoms": {}}))?;
        let denoms: Vec<String> = denoms["reward_denoms"]
            .as_array()
            .context("reward_denoms")?
            .iter()
            .filter_map(|denom| Some(denom["denom"].as_str()?.to_string()))
            .collect();
        let places = config["share_places"].as_u64().context("share_places")?;
        let is_active = config["active"].as_bool().context("active")?;
        Ok(Harness {
            unit_scale: 10u128.pow(u32::try_from(places)?),
            suite,
            ledger: if is_active { ledger } else { ledger.inactive() },
            waiting: vec![0; denoms.len()],
            denoms,
            known: BTreeMap::new(),
            staking: Staking::new(&config["source"])?,
            withdraw_addresses: BTreeMap::new(),
            decided_addresses: BTreeSet::new(),
            names: BTreeMap::new(),
        })
    }

    /// The pool's accounting.
    pub fn accounting(&self) -> AccountingKind {
        self.suite.accounting
    }

    /// Names of the denoms, in the pool's order.
    pub fn denoms(&self) -> &[String] {
        &self.denoms
    }

    /// Power of all validators.
    pub fn total_power(&self) -> u64 {
        self.powers().map(|(_, power)| power).sum()
    }

    /// The validators of which the pool has a record, with their powers.
    pub fn powers(&self) -> impl Iterator<Item = (&str, u64)> {
        self.known
            .keys()
            .map(|name| (name.as_str(), self.ledger.power(name)))
    }

    /// Whether the pool has a record of a validator.
    pub fn knows(&self, validator: &str) -> bool {
        self.known.contains_key(validator)
    }

    /// Does one operation on both sides.
    ///
    /// # Errors
    /// When the pool refuses what the ledger takes, or takes what the ledger refuses; when a payout is
    /// above the exact share; and when the bank did not move what the events say.
    pub fn apply(&mut self, operation: &Operation) -> Result<()> {
        self.apply_both(operation)
            .with_context(|| format!("{operation:?}"))
    }

    fn apply_both(&mut self, operation: &Operation) -> Result<()> {
        match operation {
            Operation::Import { lines, funds } => self.import(lines, funds),
            Operation::Activate { surplus } => self.activate(surplus),
            Operation::Send { fees } => self.send(fees),
            Operation::LoseHooks { count } => {
                self.staking.lose(*count);
                Ok(())
            }
            Operation::Correct => self.correct(),
            Operation::Refresh { validator } => self.refresh(validator),
            Operation::SetWithdrawAddress { delegator, to } => {
                self.set_withdraw_address(delegator, to)
            }
            Operation::Block {
                fees,
                proposer,
                commit,
            } => self.block(fees, proposer.as_deref(), commit),
            Operation::CreateValidator {
                validator,
                commission_atomics,
            } => self.create_validator(validator, *commission_atomics),
            Operation::RemoveValidator { validator } => self.remove_validator(validator),
            Operation::SetPower { validator, power } => {
                self.suite.set_power(validator, *power)?;
                self.follow_powers(&[(validator.clone(), *power)].into());
                Ok(())
            }
            Operation::SetPowers { powers } => {
                self.suite
                    .staking_event(json!({"powers_changed": {"changes": changes(powers)}}))?;
                self.follow_powers(powers);
                Ok(())
            }
            Operation::SetCommission {
                validator,
                commission_atomics,
            } => self.set_commission(validator, *commission_atomics),
            Operation::Slash {
                validator,
                fraction_atomics,
            } => self.slash(validator, *fraction_atomics),
            Operation::SetShares {
                delegator,
                validator,
                shares,
            } => self.set_shares(delegator, validator, *shares),
            Operation::Redelegate {
                delegator,
                from,
                to,
                shares,
            } => {
                if !self.takes_shares(to) {
                    return Ok(());
                }
                let there = self.shares(delegator, from);
                let moved = there.min(*shares);
                self.set_shares(delegator, from, there - moved)?;
                let here = self.shares(delegator, to);
                self.set_shares(delegator, to, here + moved)
            }
            Operation::Withdraw {
                delegator,
                validator,
            } => self.withdraw(delegator, validator),
            Operation::WithdrawAll { delegator, page } => self.withdraw_all(delegator, *page),
            Operation::WithdrawCommission { validator } => self.withdraw_commission(validator),
            Operation::WithdrawValidator { validator } => self.withdraw_validator(validator),
            Operation::RewardValidator { validator, rewards } => {
                self.reward_validator(validator, rewards)
            }
            Operation::FundCommunityPool { amounts } => self.fund_community_pool(amounts),
            Operation::SpendCommunityPool { amount } => self.spend_community_pool(*amount),
        }
    }

    /// An operator sets its validator's commission, in 10^-18: once in a day and within the
    /// validator's terms.
    ///
    /// # Errors
    /// When the pool refuses it.
    pub fn edit_commission(&mut self, validator: &str, commission_atomics: u64) -> Result<()> {
        self.suite.execute(
            validator,
            json!({"edit_commission": {"rate": decimal(commission_atomics)}}),
        )?;
        self.ledger
            .set_commission(validator, fraction(commission_atomics)?);
        Ok(())
    }

    fn learn(&mut self, name: &str) {
        let account = self.suite.account(name).into_string();
        let operator = self.suite.operator(name);
        self.names.insert(account, name.to_string());
        self.names.insert(operator, name.to_string());
    }

    /// Sends a message that the pool must refuse, and that changes nothing.
    fn refused(&mut self, sender: &str, msg: Value, funds: Vec<Coin>) -> Result<String> {
        let before = self.suite.dump();
        let text = msg.to_string();
        let Err(error) = self.suite.execute_with(sender, msg, funds) else {
            anyhow::bail!("the pool takes {text}");
        };
        ensure!(self.suite.dump() == before, "refused and changed: {text}");
        Ok(format!("{error:#}"))
    }

    fn coins(&self, amounts: &[u128]) -> Vec<Coin> {
        self.denoms
            .iter()
            .zip(amounts)
            .filter(|(_, amount)| **amount > 0)
            .map(|(denom, amount)| Coin::new(*amount, denom))
            .collect()
    }

    fn amounts<'a>(&'a self, amounts: &'a [u128]) -> Vec<DenomAmount<'a>> {
        self.denoms
            .iter()
            .zip(amounts)
            .filter(|(_, amount)| **amount > 0)
            .map(|(denom, amount)| DenomAmount {
                denom,
                amount: *amount,
            })
            .collect()
    }

    fn send(&mut self, fees: &[u128]) -> Result<()> {
        for (place, amount) in fees.iter().enumerate() {
            if *amount > 0 {
                let denom = &self.denoms[place];
                self.suite.send("fees", "pool", *amount, denom)?;
                self.waiting[place] += amount;
            }
        }
        Ok(())
    }

    fn block(&mut self, fees: &[u128], proposer: Option<&str>, commit: &Commit) -> Result<()> {
        self.suite.next_block();
        self.send(fees)?;
        let is_active = self.ledger.is_active();
        if is_active {
            self.read_announced()?;
            if let Commit::ChangedVotes { powers, .. } | Commit::ChangedPowers { powers, .. } =
                commit
            {
                self.follow_powers(powers);
            }
        }
        let (Commit::Votes { absent }
        | Commit::ChangedVotes { absent, .. }
        | Commit::ChangedPowers { absent, .. }
        | Commit::SignedPower { absent }) = commit;
        let absent: BTreeSet<&str> = absent.iter().map(String::as_str).collect();
        let signed: u64 = self
            .powers()
            .filter(|(name, _)| !absent.contains(name))
            .map(|(_, power)| power)
            .sum();
        let last_commit = match commit {
            Commit::SignedPower { .. } => json!({"signed_power": signed.to_string()}),
            Commit::ChangedPowers { powers, .. } => {
                json!({"signed_power": signed.to_string(), "changed": changes(powers)})
            }
            Commit::Votes { .. } | Commit::ChangedVotes { .. } => {
                let votes: Vec<Value> = self
                    .powers()
                    .filter(|(_, power)| *power > 0)
                    .map(|(name, power)| {
                        json!({
                            "validator": format!("@@{name}"),
                            "power": power.to_string(),
                            "signed": !absent.contains(name),
                        })
                    })
                    .collect();
                json!({"votes": votes})
            }
        };
        let mut block = json!({"last_commit": last_commit});
        if let (Some(proposer), Some(fields)) = (proposer, block.as_object_mut()) {
            fields.insert("proposer".into(), json!(format!("@@{proposer}")));
        }
        let msg = json!({"begin_block": block});
        if !is_active {
            return self.refused("reporter", msg, vec![]).map(|_| ());
        }
        self.suite.execute("reporter", msg)?;
        let fees = std::mem::replace(&mut self.waiting, vec![0; self.denoms.len()]);
        let fees: Vec<DenomAmount> = self
            .denoms
            .iter()
            .zip(fees)
            .filter(|(_, amount)| *amount > 0)
            .map(|(denom, amount)| DenomAmount { denom, amount })
            .collect();
        self.ledger.begin_block(&BlockFees {
            fees: &fees,
            proposer,
            signed_power: signed,
        })?;
        Ok(())
    }

    /// The pool knows these powers now.
    fn follow_powers(&mut self, powers: &BTreeMap<String, u64>) {
        for (validator, power) in powers {
            if *power > 0 || self.knows(validator) {
                self.learn(validator);
                self.known.entry(validator.clone()).or_default();
            }
            self.ledger.set_power(validator, *power);
        }
    }

    fn reward_validator(&mut self, validator: &str, rewards: &[u128]) -> Result<()> {
        let coins = self.coins(rewards);
        if coins.is_empty() {
            return Ok(());
        }
        let amount: Vec<Value> = coins.iter().map(|coin| json!(coin)).collect();
        let msg = json!({"deposit_validator_rewards": {"allocations": [
            {"validator": format!("@@{validator}"), "amount": amount},
        ]}});
        let takes = self.knows(validator) && !self.ledger.is_removed(validator);
        if !(takes && self.ledger.is_active()) {
            return self.refused("fees", msg, coins).map(|_| ());
        }
        self.suite.execute_with("fees", msg, coins)?;
        for (denom, amount) in self.denoms.iter().zip(rewards) {
            self.ledger.reward_validator(validator, denom, *amount)?;
        }
        Ok(())
    }

    fn fund_community_pool(&mut self, amounts: &[u128]) -> Result<()> {
        let coins = self.coins(amounts);
        if coins.is_empty() {
            return Ok(());
        }
        let msg = json!({"fund_community_pool": {}});
        if !self.ledger.is_active() {
            return self.refused("fees", msg, coins).map(|_| ());
        }
        self.suite.execute_with("fees", msg, coins)?;
        for (denom, amount) in self.denoms.iter().zip(amounts) {
            self.ledger.fund_community_pool(denom, *amount)?;
        }
        Ok(())
    }
}

/// Changed powers as messages have them.
fn changes(powers: &BTreeMap<String, u64>) -> Value {
    powers
        .iter()
        .map(|(validator, power)| {
            json!({"validator": format!("@@{validator}"), "power": power.to_string()})
        })
        .collect()
}

fn decimal(atomics: u64) -> String {
    Decimal256::new(Uint256::from(atomics)).to_string()
}

fn fraction(atomics: u64) -> Result<Fraction> {
    Fraction::from_atomics(atomics).with_context(|| format!("rate of {atomics} atomics"))
}
