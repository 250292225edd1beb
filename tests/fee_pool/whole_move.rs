//! A whole move: the real set of cosmoshub-2 works on one pool, which is then read by queries alone
//! and imported into another one, as an operator does with a chain's x/distribution.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use cosmwasm_std::{Decimal256, Uint128};
use num_bigint::BigInt;
use oracles::ledger::Recipient;
use serde_json::{Value, json};
use testkit::fee_pool::{AccountingKind, Commit, Harness, Line, Operation, Terms};
use testkit::hub_state::HubState;

use crate::play::shuffle;

const POINTS_PER_COIN: u128 = 10u128.pow(36);
/// Points below the last place that a query shows, which the new pool never hears of.
const POINTS_NOT_SHOWN: u128 = 10u128.pow(18);
/// Records of a page, of queries and of imports.
const PAGE: usize = 100;

/// What queries show of a pool.
struct Snapshot {
    /// Validators first, then everything else in an order of its own.
    lines: Vec<Line>,
    /// Validators that were removed, by the accounts of their operators.
    removed: Vec<String>,
    /// Whole coins of what is shown, by whose claim it is.
    coins: BTreeMap<Claimant, u128>,
    community_pool: u128,
    withdraw_addresses: BTreeMap<String, String>,
}

/// Whose claims are paid together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claimant {
    /// All delegations of a delegator.
    Delegator(String),
    /// The commission of an operator.
    Operator(String),
}

impl Claimant {
    fn account(&self) -> &str {
        match self {
            Claimant::Delegator(account) | Claimant::Operator(account) => account,
        }
    }

    fn claim(&self) -> Operation {
        match self {
            Claimant::Delegator(delegator) => Operation::WithdrawAll {
                delegator: delegator.clone(),
                page: 100,
            },
            Claimant::Operator(validator) => Operation::WithdrawCommission {
                validator: validator.clone(),
            },
        }
    }
}

/// All pages of a list that goes on behind the last entry's key.
fn all(pool: &Harness, query: &str, mut args: Value, list: &str, key: &str) -> Result<Vec<Value>> {
    let mut found: Vec<Value> = Vec::new();
    args["limit"] = json!(PAGE);
    loop {
        let answer = pool.suite.query(json!({ query: args }))?;
        let page = answer[list].as_array().context("a page")?;
        found.extend(page.iter().cloned());
        let Some(last) = page.last().filter(|_| page.len() == PAGE) else {
            return Ok(found);
        };
        args["start_after"] = last[key].clone();
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a text")?.to_string())
}

/// The only amount of DecCoins, as it is shown, and its whole coins.
fn shown(coins: &Value) -> Result<(String, u128)> {
    let amount = match coins[0]["amount"].as_str() {
        Some(amount) => amount.to_string(),
        None => "0".to_string(),
    };
    let whole = amount.split('.').next().context("digits")?.parse()?;
    Ok((amount, whole))
}

fn atomics(rate: &Value) -> Result<u64> {
    let rate: Decimal256 = text(rate)?.parse().map_err(anyhow::Error::msg)?;
    Ok(u64::try_from(Uint128::try_from(rate.atomics())?.u128())?)
}

/// Commission as a query shows it: a removed validator has no limits.
fn terms(commission: &Value) -> Result<Terms> {
    let rate = atomics(&commission["rate"])?;
    if commission["max_rate"].is_null() {
        return Ok(Terms::unlimited(rate));
    }
    Ok(Terms {
        rate,
        max_rate: atomics(&commission["max_rate"])?,
        max_change_rate: atomics(&commission["max_change_rate"])?,
    })
}

impl Snapshot {
    /// Everything that a pool owes and knows, from its queries.
    fn take(pool: &Harness) -> Result<Self> {
        let mut snapshot = Snapshot {
            lines: vec![],
            removed: vec![],
            coins: BTreeMap::new(),
            community_pool: 0,
            withdraw_addresses: BTreeMap::new(),
        };
        let mut others = Vec::new();
        for it in all(pool, "validators", json!({}), "validators", "validator")? {
            let operator = text(&it["validator"])?;
            let validator = pool.operator_account(&operator)?;
            if it["removed"] == true {
                snapshot.removed.push(validator.clone());
            }
            snapshot.lines.push(Line::Validator {
                validator: validator.clone(),
                power: text(&it["power"])?.parse()?,
                terms: terms(&it["commission"])?,
            });
            others.extend(snapshot.validator(pool, &operator, &validator)?);
        }
        let delegators: Vec<String> = snapshot.accounts().map(str::to_string).collect();
        for delegator in delegators {
            let query = json!({"delegator_withdraw_address": {"delegator": delegator}});
            let to = text(&pool.suite.query(query)?["withdraw_address"])?;
            if to != delegator {
                others.push(Line::WithdrawAddress {
                    delegator: delegator.clone(),
                    to: to.clone(),
                });
            }
            snapshot.withdraw_addresses.insert(delegator, to);
        }
        let answer = pool.suite.query(json!({"community_pool": {}}))?;
        let (amount, coins) = shown(&answer["pool"])?;
        others.push(Line::CommunityPool {
            amounts: vec![amount],
        });
        snapshot.community_pool = coins;
        shuffle(&mut others, 7);
        snapshot.lines.extend(others);
        Ok(snapshot)
    }

    /// The delegations of a validator, and what it and they are owed.
    fn validator(&mut self, pool: &Harness, operator: &str, validator: &str) -> Result<Vec<Line>> {
        let mut lines = Vec::new();
        let query = json!({"validator_commission": {"validator": operator}});
        let (amount, coins) = shown(&pool.suite.query(query)?["rewards"])?;
        self.coins
            .insert(Claimant::Operator(validator.into()), coins);
        lines.push(Line::Commission {
            validator: validator.into(),
            amounts: vec![amount],
        });
        let of_validator = json!({"validator": operator});
        let list = "validator_delegations";
        for it in all(pool, list, of_validator, "delegations", "delegator")? {
            let delegator = text(&it["delegator"])?;
            let units: u128 = text(&it["units"])?.parse()?;
            lines.push(Line::Delegation {
                delegator: delegator.clone(),
                validator: validator.into(),
                shares: Decimal256::new(units.into()).to_string(),
            });
            let query = json!({"delegation_rewards": {
                "delegator": delegator, "validator": operator,
            }});
            let (amount, coins) = shown(&pool.suite.query(query)?["rewards"])?;
            lines.push(Line::Rewards {
                delegator: delegator.clone(),
                validator: validator.into(),
                amounts: vec![amount],
            });
            *self
                .coins
                .entry(Claimant::Delegator(delegator))
                .or_default() += coins;
        }
        Ok(lines)
    }

    fn accounts(&self) -> impl Iterator<Item = &str> {
        self.coins.keys().map(Claimant::account)
    }

    /// A new pool into which everything is imported: in pages of which some come twice and one in the
    /// wrong order, with staking events in between and the coins in three parts.
    fn import(
        &self,
        state: &HubState,
        accounting: AccountingKind,
        events: &[Operation],
    ) -> Result<Harness> {
        let mut pool = Harness::waiting_for(state, accounting)?;
        let pages: Vec<&[Line]> = self.lines.chunks(PAGE).collect();
        let page = |number: usize, funds: u128| Operation::Import {
            lines: pages[number].to_vec(),
            funds: vec![funds],
        };
        let last = pages.len() - 1;
        // Its validators are not there yet: it is refused, and comes again.
        pool.apply(&page(last, 5))?;
        for number in 0..pages.len() {
            // Nothing covers the first lines of what is owed.
            let funds = if number % 5 == 4 { 1_000_000 } else { 0 };
            pool.apply(&page(number, funds))?;
            if number % 3 == 0 {
                pool.apply(&page(number / 2, 0))?;
            }
            if let Some(event) = events.get(number) {
                pool.apply(event)?;
            }
            pool.check_conservation()?;
        }
        // Lines from before the events change nothing of what those wrote.
        pool.apply(&page(0, 0))?;
        pool.apply(&page(last, 0))?;
        for validator in &self.removed {
            let validator = validator.clone();
            pool.apply(&Operation::RemoveValidator { validator })?;
        }
        pool.apply(&Operation::Activate { surplus: vec![3] })?;
        pool.check_conservation()?;
        pool.check_audit(100)?;
        pool.compare()?;
        Ok(pool)
    }
}

/// Some days of the chain: blocks with other proposers, powers, rates and delegations, and claims.
fn work(
    pool: &mut Harness,
    operators: &[String],
    delegators: &[String],
    rounds: usize,
) -> Result<()> {
    for round in 0..rounds {
        let changed = operators[round * 13 + 1].clone();
        let delegator = delegators[round * 31].clone();
        let operations = [
            Operation::Block {
                fees: vec![3_000_000_000_017 + round as u128],
                proposer: Some(operators[round * 17].clone()),
                commit: Commit::SignedPower {
                    absent: vec![operators[round * 7].clone()],
                },
            },
            Operation::SetPower {
                validator: changed.clone(),
                power: pool.ledger.power(&changed) / 2 + 7,
            },
            Operation::SetCommission {
                validator: operators[round * 11 + 2].clone(),
                commission_atomics: 10_000_000_000_000_007,
            },
            Operation::SetShares {
                delegator: delegator.clone(),
                validator: changed.clone(),
                shares: 7_000_003,
            },
            Operation::SetShares {
                delegator: delegators[round * 31 + 1].clone(),
                validator: changed,
                shares: 0,
            },
            Operation::SetWithdrawAddress {
                delegator: delegator.clone(),
                to: delegators[round * 29 + 2].clone(),
            },
            Operation::WithdrawAll {
                delegator: delegators[round * 23 + 3].clone(),
                page: 2,
            },
            Operation::WithdrawValidator {
                validator: operators[round * 5].clone(),
            },
        ];
        for operation in &operations {
            pool.apply(operation)?;
        }
    }
    Ok(())
}

/// All points that a recipient was paid and is owed.
fn total(pool: &Harness, recipient: Recipient) -> Result<BigInt> {
    let paid = BigInt::from(pool.ledger.paid(recipient, &pool.denoms()[0]));
    Ok(paid * POINTS_PER_COIN + &pool.points(recipient)?[0])
}

/// What an account has of the pool's denom.
fn has(pool: &Harness, account: &str) -> Result<u128> {
    let balance = pool.suite.balance(account, &pool.denoms()[0]);
    Ok(Uint128::try_from(balance)?.u128())
}

/// Lets a claimant claim, and returns by how much its withdraw address is better off.
fn claim(pool: &mut Harness, claimant: &Claimant, to: &str) -> Result<u128> {
    let before = has(pool, to)?;
    pool.apply(&claimant.claim())?;
    Ok(has(pool, to)? - before)
}

/// The old pool works, is moved into new ones, and all of them go on.
fn moves(from: AccountingKind, into: &[AccountingKind]) -> Result<()> {
    let state = HubState::built_in()?;
    let mut old = Harness::with_state(&state, from, 200)?;
    let operators = state
        .validators
        .iter()
        .map(|it| old.operator_account(&it.validator))
        .collect::<Result<Vec<String>>>()?;
    let mut delegators: Vec<String> = state
        .delegations
        .iter()
        .map(|it| it.delegator.clone())
        .collect();
    delegators.sort();
    delegators.dedup();
    shuffle(&mut delegators, 3);
    work(&mut old, &operators, &delegators, 6)?;
    old.apply(&Operation::RemoveValidator {
        validator: operators[40].clone(),
    })?;
    old.apply(&Operation::SpendCommunityPool { amount: 1_000 })?;

    // Nothing is split any more; staking goes on while its state is carried over.
    let snapshot = Snapshot::take(&old)?;
    let mut delegations = snapshot.lines.iter().rev().filter_map(|line| match line {
        Line::Delegation {
            delegator,
            validator,
            ..
        } => Some((delegator.clone(), validator.clone())),
        _ => None,
    });
    // Its line comes with the last page, long after the event.
    let (delegator, validator) = delegations.next().context("no delegation")?;
    let events = [
        Operation::SetPower {
            validator: operators[3].clone(),
            power: 5_000_011,
        },
        Operation::SetCommission {
            validator: operators[4].clone(),
            commission_atomics: 20_000_000_000_000_000,
        },
        Operation::SetShares {
            delegator,
            validator,
            shares: 90_000_001,
        },
        Operation::SetPower {
            validator: operators[40].clone(),
            power: 0,
        },
    ];
    for event in &events {
        old.apply(event)?;
    }
    let mut new = into
        .iter()
        .map(|accounting| snapshot.import(&state, *accounting, &events))
        .collect::<Result<Vec<Harness>>>()?;

    let before: BTreeMap<String, BigInt> = old
        .ledger
        .recipients()
        .map(|recipient| {
            let paid = BigInt::from(old.ledger.paid(recipient, &old.denoms()[0]));
            Ok((recipient.to_string(), paid * POINTS_PER_COIN))
        })
        .collect::<Result<_>>()?;
    for pool in &new {
        knows_all(pool, &snapshot)?;
    }
    let with_coins = snapshot.coins.values().filter(|coins| **coins > 0).count();
    ensure!(
        with_coins > 450,
        "only {with_coins} claims of {} are of a coin",
        snapshot.coins.len()
    );
    for (claimant, coins) in &snapshot.coins {
        let to = &snapshot.withdraw_addresses[claimant.account()];
        for pool in new.iter_mut().chain([&mut old]) {
            let paid = claim(pool, claimant, to)?;
            ensure!(paid == *coins, "{claimant:?}: paid {paid}, owed {coins}");
        }
    }

    work(&mut old, &operators, &delegators, 4)?;
    for pool in &mut new {
        work(pool, &operators, &delegators, 4)?;
        pool.check_conservation()?;
        pool.compare()?;
        agree(&old, pool, &before)?;
    }
    Ok(())
}

/// A new pool says of owed coins, of withdraw addresses and of the community pool what the old one said.
fn knows_all(pool: &Harness, snapshot: &Snapshot) -> Result<()> {
    for (delegator, to) in &snapshot.withdraw_addresses {
        let query = json!({"delegator_withdraw_address": {"delegator": delegator}});
        let answer = pool.suite.query(query)?;
        ensure!(answer["withdraw_address"] == *to, "{delegator}: {answer}");
    }
    let answer = pool.suite.query(json!({"community_pool": {}}))?;
    let (_, coins) = shown(&answer["pool"])?;
    // The surplus is 3, and of the last coin that covers what is owed only a part was needed.
    let more = coins - snapshot.community_pool;
    ensure!((3..=5).contains(&more), "{more} more than before");
    Ok(())
}

/// Since the move everybody has got the same of both pools, but for roundings and for what is below the
/// last place that a query shows.
fn agree(old: &Harness, new: &Harness, paid_before: &BTreeMap<String, BigInt>) -> Result<()> {
    let mut compared = 0;
    for recipient in new.ledger.recipients() {
        let terms = (
            old.ledger.bound_terms(recipient),
            new.ledger.bound_terms(recipient),
        );
        let (Some(old_terms), Some(new_terms)) = terms else {
            continue;
        };
        let bound = old_terms.own_points() + new_terms.own_points() + POINTS_NOT_SHOWN;
        let paid_before = paid_before.get(&recipient.to_string());
        let since = total(old, recipient)? - paid_before.cloned().unwrap_or_default();
        let less = since - total(new, recipient)?;
        ensure!(
            -&bound < less && less < bound,
            "{recipient}: {less} points less"
        );
        compared += 1;
    }
    ensure!(compared > 1_200, "only {compared} recipients");
    Ok(())
}

#[test]
fn a_moved_pool_pays_what_the_old_one_owed_and_goes_on_alike() {
    moves(
        AccountingKind::F1,
        &[AccountingKind::F1, AccountingKind::Lazy],
    )
    .unwrap();
}

#[test]
fn a_moved_pool_pays_what_the_old_one_owed_by_adjustments_and_goes_on_alike() {
    moves(AccountingKind::Lazy, &[AccountingKind::Lazy]).unwrap();
}
