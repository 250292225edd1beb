//! A pool and the brute-force ledger in lockstep.

use std::collections::{BTreeMap, BTreeSet};

use accounting::books::Surroundings;
use accounting::store::Staged;
use accounting::{AccountingKind, Amounts, Books, DelegationKey, Denoms, NoStaking};
use anyhow::{Context as _, Result, anyhow, ensure};
use cosmwasm_std::{Coin, Decimal256, Event, Uint256};
use cw_multi_test::AppResponse;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use serde_json::{Value, json};

use super::{Commit, FeePoolSuite, Operation};
use crate::ledger::{BlockFees, DenomAmount, FeeLedger, Fraction, Recipient};

/// How far a pool's entitlements are from the exact shares.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Recipients compared.
    pub recipients: usize,
    /// The largest shortfall of any of them, in base units.
    pub largest_difference: BigRational,
    /// Whose it is.
    pub of: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct ValidatorState {
    power: u64,
}

/// A pool and the brute-force ledger, told the same. Every payout is recorded in the ledger, which
/// refuses one above the exact share.
pub struct Twin {
    /// The pool.
    pub suite: FeePoolSuite,
    /// The exact shares.
    pub ledger: FeeLedger,
    denoms: Vec<String>,
    accounting: AccountingKind,
    unit_scale: u128,
    validators: BTreeMap<String, ValidatorState>,
    shares: BTreeMap<(String, String), u128>,
    names: BTreeMap<String, String>,
}

impl Twin {
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
        Ok(Twin {
            accounting: serde_json::from_value(config["accounting"].clone())?,
            unit_scale: 10u128.pow(u32::try_from(places)?),
            suite,
            ledger,
            denoms,
            validators: BTreeMap::new(),
            shares: BTreeMap::new(),
            names: BTreeMap::new(),
        })
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

    /// Whole shares of a delegation.
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
                self.ledger.note_settlement(validator);
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
        let (Commit::Votes { absent } | Commit::SignedPower { absent }) = commit;
        let absent: BTreeSet<&String> = absent.iter().collect();
        let signed: u64 = self
            .validators
            .iter()
            .filter(|(name, _)| !absent.contains(name))
            .map(|(_, state)| state.power)
            .sum();
        let last_commit = match commit {
            Commit::SignedPower { .. } => json!({"signed_power": signed.to_string()}),
            Commit::Votes { .. } => {
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

    /// Runs a withdrawal of an account; what its events say was paid must be what the bank moved.
    fn paid_to(
        &mut self,
        account: &str,
        withdraw: impl FnOnce(&mut FeePoolSuite) -> Result<AppResponse>,
    ) -> Result<()> {
        let before: Vec<Uint256> = self.balances(account);
        let response = withdraw(&mut self.suite)?;
        let mut told = vec![Uint256::zero(); self.denoms.len()];
        for event in &response.events {
            for coin in self.record_payment(event)? {
                let place = self.denoms.iter().position(|denom| *denom == coin.denom);
                let place = place.with_context(|| format!("unlisted {coin}"))?;
                told[place] += coin.amount;
            }
        }
        let after = self.balances(account);
        for (place, denom) in self.denoms.iter().enumerate() {
            let moved = after[place] - before[place];
            ensure!(
                moved == told[place],
                "the bank moved {moved}{denom}, the events tell of {}",
                told[place]
            );
        }
        Ok(())
    }

    fn balances(&self, account: &str) -> Vec<Uint256> {
        self.denoms
            .iter()
            .map(|denom| self.suite.balance(account, denom))
            .collect()
    }

    /// Takes a payment or a closed delegation into the ledger and returns what was paid.
    fn record_payment(&mut self, event: &Event) -> Result<Vec<Coin>> {
        let attribute = |key: &str| {
            event
                .attributes
                .iter()
                .find(|attribute| attribute.key == key)
                .map(|attribute| attribute.value.clone())
                .ok_or_else(|| anyhow!("{} has no {key}", event.ty))
        };
        let name = |address: String| {
            self.names
                .get(&address)
                .cloned()
                .ok_or_else(|| anyhow!("nobody is called {address}"))
        };
        match event.ty.as_str() {
            "wasm-withdraw_rewards" => {
                let validator = name(attribute("validator")?)?;
                // Who never delegated is paid nothing and needs no name.
                let Ok(delegator) = name(attribute("delegator")?) else {
                    return Ok(Vec::new());
                };
                let coins = read_coins(&attribute("amount")?)?;
                for coin in &coins {
                    let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
                    if amount > 0 {
                        self.ledger
                            .pay_delegation(&delegator, &validator, &coin.denom, amount)?;
                    }
                }
                self.ledger.note_settlement(&validator);
                if self.is_closed(&delegator, &validator)? {
                    self.ledger.forfeit(&delegator, &validator)?;
                }
                Ok(coins)
            }
            "wasm-withdraw_commission" => {
                let validator = name(attribute("validator")?)?;
                let coins = read_coins(&attribute("amount")?)?;
                for coin in &coins {
                    let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
                    self.ledger
                        .pay_commission(&validator, &coin.denom, amount)?;
                }
                Ok(coins)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Whether the pool has no record of a delegation any more.
    fn is_closed(&self, delegator: &str, validator: &str) -> Result<bool> {
        let answer = self.suite.query(json!({"delegator_delegations": {
            "delegator": format!("@{delegator}"), "limit": 100,
        }}))?;
        let operator = self.suite.operator(validator);
        let delegations = answer["delegations"].as_array().context("delegations")?;
        Ok(!delegations
            .iter()
            .any(|delegation| delegation["validator"] == operator.as_str()))
    }

    fn withdraw_all(&mut self, delegator: &str, page: u32) -> Result<()> {
        let mut start_after = Value::Null;
        loop {
            let mut next = Value::Null;
            self.paid_to(delegator, |suite| {
                let response = suite.execute(
                    delegator,
                    json!({"withdraw_delegation": {"start_after": start_after, "limit": page}}),
                )?;
                let data = response.data.clone().context("no data")?;
                next = serde_json::from_slice::<Value>(&data)?["next"].clone();
                Ok(response)
            })?;
            if next.is_null() {
                return Ok(());
            }
            start_after = next;
        }
    }

    fn spend_community_pool(&mut self, amount: u128) -> Result<()> {
        let pool = self.suite.query(json!({"community_pool": {}}))?;
        let spendable: Vec<Coin> = serde_json::from_value(pool["spendable"].clone())?;
        let Some(first) = spendable.first() else {
            return Ok(());
        };
        let coin = Coin::new(first.amount.min(Uint256::from(amount)), &first.denom);
        if coin.amount.is_zero() {
            return Ok(());
        }
        self.suite.execute(
            "owner",
            json!({"community_pool_spend": {"recipient": "@grantee", "amount": [coin]}}),
        )?;
        let amount = cosmwasm_std::Uint128::try_from(coin.amount)?.u128();
        self.ledger.spend_community_pool(&coin.denom, amount)?;
        Ok(())
    }

    /// The points that the pool owes to a recipient, by denom: what a query or withdrawal would
    /// find, before it is floored for display.
    ///
    /// # Errors
    /// When the pool's records cannot be read.
    pub fn points(&self, recipient: Recipient) -> Result<Vec<BigInt>> {
        let storage = self.suite.chain.app().contract_storage(&self.suite.pool);
        let mut staged = Staged::new(&*storage);
        let surroundings = Surroundings {
            staking: &NoStaking,
            power_units: None,
        };
        let mut books = Books::open(&mut staged, surroundings)?;
        let engine = self.accounting.engine();
        let codec = interfaces::address::AddressCodec::of_contract(&self.suite.pool)?;
        let denoms = Denoms::new(self.denoms.iter().cloned())?;
        let amounts = match recipient {
            Recipient::CommunityPool => {
                let mut amounts = Amounts::default();
                for denom in denoms.ids() {
                    let ledger = books.pool.ledger(denom);
                    amounts.add(denom, ledger.class(accounting::pool::Class::CommunityPool))?;
                }
                amounts
            }
            Recipient::Commission { validator } => {
                let operator = codec.validator(&self.suite.operator(validator))?;
                engine.commission(&mut books, operator.bytes.as_slice())?
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                let operator = codec.validator(&self.suite.operator(validator))?;
                let account = codec.account(self.suite.account(delegator).as_str())?;
                let key = DelegationKey {
                    delegator: account.as_slice(),
                    validator: operator.bytes.as_slice(),
                };
                engine.delegation_rewards(&mut books, key)?
            }
        };
        Ok(denoms
            .ids()
            .map(|denom| {
                BigInt::from_bytes_be(
                    num_bigint::Sign::Plus,
                    &amounts.get(denom).value().to_be_bytes(),
                )
            })
            .collect())
    }

    /// Holds every recipient's entitlement against its exact share: never above it, and below it
    /// by less than the bound of the arithmetic.
    ///
    /// # Errors
    /// Names the first recipient for which that does not hold.
    pub fn compare(&self) -> Result<Comparison> {
        let mut comparison = Comparison {
            recipients: 0,
            largest_difference: BigRational::zero(),
            of: "nobody".to_string(),
        };
        for recipient in self.ledger.recipients() {
            let points = self.points(recipient)?;
            for (denom, points) in self.denoms.iter().zip(&points) {
                self.ledger.check_points(recipient, denom, points)?;
                let difference = self.ledger.unpaid_less(recipient, denom, points).abs();
                if recipient != Recipient::CommunityPool
                    && difference > comparison.largest_difference
                {
                    comparison.largest_difference = difference;
                    comparison.of = format!("{recipient}, {denom}");
                }
            }
            comparison.recipients += 1;
        }
        Ok(comparison)
    }

    /// Holds the conservation equation, the audit and the events' ledger against each other, as
    /// integers.
    ///
    /// # Errors
    /// Names what does not hold.
    pub fn check_conservation(&self) -> Result<()> {
        let invariants = self.suite.query(json!({"invariants": {}}))?;
        for (place, denom) in self.denoms.iter().enumerate() {
            let ledger = &invariants["denoms"][place];
            ensure!(ledger["difference"] == "0", "{denom}: {ledger}");
            let received = BigInt::from(self.ledger.total_received(denom));
            let paid = BigInt::from(self.ledger.total_paid(denom));
            let owed: BigInt = ledger["liabilities"]
                .as_array()
                .context("liabilities")?
                .iter()
                .map(|class| -> Result<BigInt> {
                    Ok(class["points"].as_str().context("points")?.parse()?)
                })
                .sum::<Result<BigInt>>()?;
            let points = BigInt::from(10u8).pow(36);
            ensure!(
                &received * &points == &paid * &points + &owed,
                "{denom}: received {received}, paid {paid}, owed {owed} points"
            );
        }
        Ok(())
    }

    /// Holds the totals recomputed from the records, page by page, against the running totals and
    /// against the ledger rebuilt from the events.
    ///
    /// # Errors
    /// Names what does not hold.
    pub fn check_audit(&self, page: u32) -> Result<()> {
        let invariants = self.suite.query(json!({"invariants": {}}))?;
        let mut sums: BTreeMap<(String, String), BigInt> = BTreeMap::new();
        let mut start_after = Value::Null;
        loop {
            let answer = self
                .suite
                .query(json!({"audit": {"start_after": start_after, "limit": page}}))?;
            for (denom, class, points) in classes(&answer)? {
                *sums.entry((denom, class)).or_default() += points;
            }
            start_after = answer["next"].clone();
            if start_after.is_null() {
                break;
            }
        }
        for (denom, class, points) in classes(&invariants)? {
            let events = self.suite.events.classes(&denom);
            let from_events = match class.as_str() {
                "community_pool" => events.community_pool,
                "outstanding" => events.outstanding,
                "undelivered" => events.undelivered,
                _ => BigInt::zero(),
            };
            let audited = sums
                .get(&(denom.clone(), class.clone()))
                .cloned()
                .unwrap_or_default();
            ensure!(
                audited == points,
                "{denom} {class}: audit {audited}, invariants {points}"
            );
            ensure!(
                from_events == points,
                "{denom} {class}: events {from_events}, invariants {points}"
            );
        }
        Ok(())
    }
}

/// Denom, class and points of every line of an answer to `invariants` or `audit`.
fn classes(answer: &Value) -> Result<Vec<(String, String, BigInt)>> {
    let mut lines = Vec::new();
    for denom in answer["denoms"].as_array().context("denoms")? {
        let name = denom["asset"]["native"].as_str().context("asset")?;
        for line in denom["liabilities"].as_array().context("liabilities")? {
            lines.push((
                name.to_string(),
                line["class"].as_str().context("class")?.to_string(),
                line["points"].as_str().context("points")?.parse()?,
            ));
        }
    }
    Ok(lines)
}

fn decimal(atomics: u64) -> String {
    Decimal256::new(Uint256::from(atomics)).to_string()
}

fn fraction(atomics: u64) -> Result<Fraction> {
    Fraction::from_atomics(atomics).with_context(|| format!("rate of {atomics} atomics"))
}

/// Coins such as `3uatom,4uosmo`, those of 0 left out.
fn read_coins(text: &str) -> Result<Vec<Coin>> {
    text.split(',')
        .map(|part| Ok(part.parse::<Coin>()?))
        .filter(|coin| !matches!(coin, Ok(coin) if coin.amount.is_zero()))
        .collect()
}
