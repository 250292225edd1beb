//! The pool's ledger, rebuilt as an indexer would: from events alone.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use cosmwasm_std::{Addr, Event};
use num_bigint::BigInt;
use num_traits::Zero;

use crate::events::{ContractEvent, of_contract};

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
    imported: BTreeMap<Imported, Vec<(String, BigInt)>>,
}

/// What a line of an import says is owed: a later line of the same replaces it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Imported {
    Rewards {
        delegator: String,
        validator: String,
    },
    Commission {
        validator: String,
    },
    CommunityPool,
}

#[derive(Clone, Copy)]
enum Class {
    CommunityPool,
    Outstanding,
    Undelivered,
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
        for event in of_contract(pool, events)? {
            self.apply(&event)?;
        }
        Ok(())
    }

    fn apply(&mut self, event: &ContractEvent) -> Result<()> {
        let read = |key| event.amounts(key);
        let coins = |key| event.coins(key);
        let name = event.name;
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
                let validator = event.text("validator")?.to_string();
                for (denom, points) in read("points")? {
                    *self
                        .commission
                        .entry((validator.clone(), denom))
                        .or_default() += points;
                }
                Ok(())
            }
            "withdraw_commission" => {
                let validator = event.text("validator")?.to_string();
                for (denom, points) in coins("amount")? {
                    *self
                        .commission
                        .entry((validator.clone(), denom))
                        .or_default() -= points;
                }
                self.take_out(Class::Outstanding, coins("amount")?)
            }
            "withdraw_rewards" => self.take_out(Class::Outstanding, coins("amount")?),
            "import_rewards" => {
                let line = Imported::Rewards {
                    delegator: event.text("delegator")?.to_string(),
                    validator: event.text("validator")?.to_string(),
                };
                self.import(line, Class::Outstanding, read("points")?)
            }
            "import_commission" => {
                let validator = event.text("validator")?.to_string();
                self.commission.retain(|(of, _), _| *of != validator);
                for (denom, points) in read("points")? {
                    self.commission.insert((validator.clone(), denom), points);
                }
                let line = Imported::Commission { validator };
                self.import(line, Class::Outstanding, read("points")?)
            }
            "import_community_pool" => self.import(
                Imported::CommunityPool,
                Class::CommunityPool,
                read("points")?,
            ),
            "import_surplus" => self.add(Class::CommunityPool, read("points")?),
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

    fn import(
        &mut self,
        line: Imported,
        class: Class,
        amounts: Vec<(String, BigInt)>,
    ) -> Result<()> {
        let before = self.imported.insert(line, amounts.clone());
        self.take_out(class, before.unwrap_or_default())?;
        self.add(class, amounts)
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
