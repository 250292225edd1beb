//! A pool and the brute-force ledger in lockstep.

mod compare;
mod import;
mod payments;
mod records;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use cosmwasm_std::{Coin, Decimal256, Uint256};
use oracles::ledger::{BlockFees, DenomAmount, FeeLedger, Fraction};
use serde_json::{Value, json};

pub use self::compare::{Claim, Comparison, Equation, Liability};
use super::{AccountingKind, Commit, FeePoolSuite, Operation};

#[derive(Clone, Copy, Debug, Default)]
struct ValidatorState {
    power: u64,
}

/// A pool and the brute-force ledger, which get the same operations. Every payout is recorded in the ledger, which
/// refuses one above the exact share.
pub struct Harness {
    /// The pool.
    pub suite: FeePoolSuite,
    /// The exact shares.
    pub ledger: FeeLedger,
    denoms: Vec<String>,
    unit_scale: u128,
    validators: BTreeMap<String, ValidatorState>,
    shares: BTreeMap<(String, String), u128>,
    names: BTreeMap<String, String>,
}

impl Harness {
    /// Around a pool without validators, that believes the account `reporter` and whose account
    /// `fees` can pay.
    ///
    /// # Errors
    /// When the pool does not answer.
    pub fn new(suite: FeePoolSuite, ledger: FeeLedger) -> Result<Self> {
        let config = suite.query(json!({"config": {}}))?;
        let denoms = suite.query(json!({"reward_denoms": {}}))?;
        let denoms = denoms["reward_denoms"]
            .as_array()
            .context("reward_denoms")?
            .iter()
            .filter_map(|denom| Some(denom["denom"].as_str()?.to_string()))
            .collect();
        let places = config["share_places"].as_u64().context("share_places")?;
        Ok(Harness {
            unit_scale: 10u128.pow(u32::try_from(places)?),
            suite,
            ledger,
            denoms,
            validators: BTreeMap::new(),
            shares: BTreeMap::new(),
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
        self.validators.values().map(|state| state.power).sum()
    }

    /// The validators that were created, with their powers.
    pub fn powers(&self) -> impl Iterator<Item = (&str, u64)> {
        self.validators
            .iter()
            .map(|(name, state)| (name.as_str(), state.power))
    }

    /// Whole shares of a delegation, without a fraction that came with a state. A change of shares
    /// drops that fraction.
    pub fn shares(&self, delegator: &str, validator: &str) -> u128 {
        self.shares
            .get(&(delegator.to_string(), validator.to_string()))
            .copied()
            .unwrap_or_default()
    }

    /// Does one operation on both sides.
    ///
    /// # Errors
    /// When the pool refuses it, when a payout is above the exact share, and when the bank did not
    /// move what the events say.
    pub fn apply(&mut self, operation: &Operation) -> Result<()> {
        self.apply_both(operation)
            .with_context(|| format!("{operation:?}"))
    }

    fn apply_both(&mut self, operation: &Operation) -> Result<()> {
        match operation {
            Operation::Block {
                fees,
                proposer,
                commit,
            } => self.block(fees, proposer.as_deref(), commit),
            Operation::CreateValidator {
                validator,
                commission_atomics,
            } => {
                self.learn(validator);
                self.suite
                    .create_validator(validator, &decimal(*commission_atomics))?;
                self.ledger
                    .create_validator(validator, fraction(*commission_atomics)?);
                self.validators.entry(validator.clone()).or_default();
                Ok(())
            }
            Operation::RemoveValidator { validator } => {
                self.suite.staking_event(
                    json!({"validator_removed": {"validator": format!("@@{validator}")}}),
                )?;
                self.ledger.remove_validator(validator)?;
                self.validators
                    .insert(validator.clone(), ValidatorState::default());
                Ok(())
            }
            Operation::SetPower { validator, power } => {
                self.suite.set_power(validator, *power)?;
                self.ledger.set_power(validator, *power);
                self.validators
                    .insert(validator.clone(), ValidatorState { power: *power });
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
            } => {
                self.suite.staking_event(json!({"commission_changed": {
                    "validator": format!("@@{validator}"), "rate": decimal(*commission_atomics),
                }}))?;
                self.ledger
                    .set_commission(validator, fraction(*commission_atomics)?);
                Ok(())
            }
            Operation::Slash {
                validator,
                fraction_atomics,
            } => {
                self.suite.staking_event(json!({"validator_slashed": {
                    "validator": format!("@@{validator}"), "fraction": decimal(*fraction_atomics),
                }}))?;
                self.ledger.count_settlement_of(validator);
                Ok(())
            }
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
                let there = self.shares(delegator, from);
                let moved = there.min(*shares);
                self.set_shares(delegator, from, there - moved)?;
                let here = self.shares(delegator, to);
                self.set_shares(delegator, to, here + moved)
            }
            Operation::Withdraw {
                delegator,
                validator,
            } => self.paid_to(delegator, |suite| suite.withdraw(delegator, validator)),
            Operation::WithdrawAll { delegator, page } => self.withdraw_all(delegator, *page),
            Operation::WithdrawCommission { validator } => {
                self.paid_to(validator, |suite| suite.withdraw_commission(validator))
            }
            Operation::WithdrawValidator { validator } => self.paid_to(validator, |suite| {
                suite.execute(
                    validator,
                    json!({"withdraw_validator": {"validator": format!("@@{validator}")}}),
                )
            }),
            Operation::RewardValidator { validator, rewards } => {
                let coins = self.coins(rewards);
                if coins.is_empty() {
                    return Ok(());
                }
                let amount: Vec<Value> = coins.iter().map(|coin| json!(coin)).collect();
                self.suite.execute_with(
                    "fees",
                    json!({"deposit_validator_rewards": {"allocations": [
                        {"validator": format!("@@{validator}"), "amount": amount},
                    ]}}),
                    coins,
                )?;
                for (denom, amount) in self.denoms.iter().zip(rewards) {
                    self.ledger.reward_validator(validator, denom, *amount)?;
                }
                Ok(())
            }
            Operation::FundCommunityPool { amounts } => {
                let coins = self.coins(amounts);
                if coins.is_empty() {
                    return Ok(());
                }
                self.suite
                    .execute_with("fees", json!({"fund_community_pool": {}}), coins)?;
                for (denom, amount) in self.denoms.iter().zip(amounts) {
                    self.ledger.fund_community_pool(denom, *amount)?;
                }
                Ok(())
            }
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

    fn coins(&self, amounts: &[u128]) -> Vec<Coin> {
        self.denoms
            .iter()
            .zip(amounts)
            .filter(|(_, amount)| **amount > 0)
            .map(|(denom, amount)| Coin::new(*amount, denom))
            .collect()
    }

    fn block(&mut self, fees: &[u128], proposer: Option<&str>, commit: &Commit) -> Result<()> {
        self.suite.next_block();
        for coin in self.coins(fees) {
            let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
            self.suite.send("fees", "pool", amount, &coin.denom)?;
        }
        if let Commit::ChangedVotes { powers, .. } | Commit::ChangedPowers { powers, .. } = commit {
            self.follow_powers(powers);
        }
        let (Commit::Votes { absent }
        | Commit::ChangedVotes { absent, .. }
        | Commit::ChangedPowers { absent, .. }
        | Commit::SignedPower { absent }) = commit;
        let absent: BTreeSet<&String> = absent.iter().collect();
        let signed: u64 = self
            .validators
            .iter()
            .filter(|(name, _)| !absent.contains(name))
            .map(|(_, state)| state.power)
            .sum();
        let last_commit = match commit {
            Commit::SignedPower { .. } => json!({"signed_power": signed.to_string()}),
            Commit::ChangedPowers { powers, .. } => {
                json!({"signed_power": signed.to_string(), "changed": changes(powers)})
            }
            Commit::Votes { .. } | Commit::ChangedVotes { .. } => {
                let votes: Vec<Value> = self
                    .validators
                    .iter()
                    .filter(|(_, state)| state.power > 0)
                    .map(|(name, state)| {
                        json!({
                            "validator": format!("@@{name}"),
                            "power": state.power.to_string(),
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
        self.suite
            .execute("reporter", json!({"begin_block": block}))?;
        let fees: Vec<DenomAmount> = self
            .denoms
            .iter()
            .zip(fees)
            .filter(|(_, amount)| **amount > 0)
            .map(|(denom, amount)| DenomAmount {
                denom,
                amount: *amount,
            })
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
            self.learn(validator);
            self.ledger.set_power(validator, *power);
            self.validators
                .insert(validator.clone(), ValidatorState { power: *power });
        }
    }

    fn set_shares(&mut self, delegator: &str, validator: &str, shares: u128) -> Result<()> {
        self.learn(delegator);
        self.suite
            .set_shares(delegator, validator, &shares.to_string())?;
        self.ledger
            .set_units(delegator, validator, shares * self.unit_scale)?;
        self.shares
            .insert((delegator.to_string(), validator.to_string()), shares);
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
