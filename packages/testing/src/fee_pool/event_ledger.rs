//! The pool's ledger, rebuilt as an indexer would: from events alone.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;
use num_traits::Zero;

/// Points by class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassPoints {
    /// The community's.
    pub community_pool: BigInt,
    /// Validators' and delegators'.
    pub outstanding: BigInt,
    /// Payouts that came back.
    pub undelivered: BigInt,
}

/// What the events of a pool add up to, by denom.
#[derive(Clone, Debug, Default)]
pub struct EventLedger {
    denoms: BTreeMap<String, ClassPoints>,
    commission: BTreeMap<(String, String), BigInt>,
}

#[derive(Clone, Copy)]
enum Class {
    CommunityPool,
    Outstanding,
    Undelivered,
}

/// Points of one base unit.
fn points_per_coin() -> BigInt {
    BigInt::from(10u8).pow(36)
}

/// Amounts such as `12uatom,3uosmo`; the number is the longest run of digits.
fn amounts(text: &str) -> Result<Vec<(String, BigInt)>> {
    text.split(',')
        .map(|part| {
            let digits = part
                .find(|c: char| !c.is_ascii_digit())
                .context("no denom")?;
            let (number, denom) = part.split_at(digits);
            Ok((denom.to_string(), number.parse().context("no number")?))
        })
        .collect()
}

impl EventLedger {
    /// The points of a denom.
    pub fn classes(&self, denom: &str) -> ClassPoints {
        self.denoms.get(denom).cloned().unwrap_or_default()
    }

    /// The commission that a validator was ever given by settlements less what it withdrew.
    pub fn commission(&self, validator: &str, denom: &str) -> BigInt {
        self.commission
            .get(&(validator.to_string(), denom.to_string()))
            .cloned()
            .unwrap_or_default()
    }

    /// Takes over the pool's events of one transaction.
    ///
    /// # Errors
    /// For an event that lacks what it should have.
    pub fn take(&mut self, pool: &Addr, events: &[Event]) -> Result<()> {
        for event in events {
            let attribute = |key: &str| {
                event
                    .attributes
                    .iter()
                    .find(|attribute| attribute.key == key)
                    .map(|attribute| attribute.value.as_str())
            };
            if attribute("_contract_address") != Some(pool.as_str()) {
                continue;
            }
            let Some(name) = event.ty.strip_prefix("wasm-") else {
                // The chain's own, about the call itself.
                continue;
            };
            if attribute("action") != Some(name) {
                bail!("event {name} has action {:?}", attribute("action"));
            }
            self.apply(name, attribute)
                .with_context(|| format!("event {event:?}"))?;
        }
        Ok(())
    }

    fn apply<'a>(&mut self, name: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> Result<()> {
        let read = |key: &str| amounts(attribute(key).with_context(|| format!("no {key}"))?);
        let coins = |key: &str| -> Result<Vec<(String, BigInt)>> {
            Ok(read(key)?
                .into_iter()
                .map(|(denom, amount)| (denom, amount * points_per_coin()))
                .collect())
        };
        match name {
            "begin_block" => {
                let votes = read("votes_points")?;
                let community = read("community_pool_points")?;
                self.add(Class::Outstanding, votes)?;
                self.add(Class::CommunityPool, community)
            }
            "proposer_reward" | "deposit_validator_rewards" => {
                self.add(Class::Outstanding, read("points")?)
            }
            "proposer_unknown" => self.add(Class::CommunityPool, read("points")?),
            "fund_community_pool" => self.add(Class::CommunityPool, coins("amount")?),
            "community_pool_spend" => self.take_out(Class::CommunityPool, coins("amount")?),
            "to_community_pool" => {
                let points = read("points")?;
                self.take_out(Class::Outstanding, points.clone())?;
                self.add(Class::CommunityPool, points)
            }
            "commission" => {
                let validator = attribute("validator").context("no validator")?.to_string();
                for (denom, points) in read("points")? {
                    *self
                        .commission
                        .entry((validator.clone(), denom))
                        .or_default() += points;
                }
                Ok(())
            }
            "withdraw_commission" => {
                let validator = attribute("validator").context("no validator")?.to_string();
                for (denom, points) in coins("amount")? {
                    *self
                        .commission
                        .entry((validator.clone(), denom))
                        .or_default() -= points;
                }
                self.take_out(Class::Outstanding, coins("amount")?)
            }
            "withdraw_rewards" => self.take_out(Class::Outstanding, coins("amount")?),
            "payout_failed" => self.add(Class::Undelivered, coins("amount")?),
            "undelivered_paid" => self.take_out(Class::Undelivered, coins("amount")?),
            _ => Ok(()),
        }
    }

    fn class(&mut self, class: Class, denom: String) -> &mut BigInt {
        let points = self.denoms.entry(denom).or_default();
        match class {
            Class::CommunityPool => &mut points.community_pool,
            Class::Outstanding => &mut points.outstanding,
            Class::Undelivered => &mut points.undelivered,
        }
    }

    fn add(&mut self, class: Class, amounts: Vec<(String, BigInt)>) -> Result<()> {
        for (denom, points) in amounts {
            *self.class(class, denom) += points;
        }
        Ok(())
    }

    fn take_out(&mut self, class: Class, amounts: Vec<(String, BigInt)>) -> Result<()> {
        for (denom, points) in amounts {
            let place = self.class(class, denom.clone());
            *place -= points;
            if *place < BigInt::zero() {
                bail!("events take more {denom} out of a class than they put into it");
            }
        }
        Ok(())
    }
}
