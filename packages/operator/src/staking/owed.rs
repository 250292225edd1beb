//! What an earlier pool, or x/distribution, has not paid.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use distribution_math::{DecCoins, MathError, Points};
use fee_pool_core::answers::{CommunityPoolResponse, RewardDenomsResponse, RewardsResponse};
use fee_pool_core::msg::{ImportedCommission, ImportedRewards, QueryMsg};

use super::Pool;
use super::difference::{Difference, Line};
use super::totals::Totals;
use crate::chain::View;
use crate::progress::Progress;

/// What x/distribution answers where another module has the community pool.
const KEPT_ELSEWHERE: &str = "external community pool";

/// What is owed.
#[derive(Default)]
pub struct Owed {
    /// To delegators, by validator and delegator; none where they are not known.
    pub rewards: Option<BTreeMap<(String, String), DecCoins>>,
    /// To operators, by validator.
    pub commissions: BTreeMap<String, DecCoins>,
    /// To the community.
    pub community_pool: DecCoins,
}

impl Owed {
    /// Reads x/distribution: all delegators, validators, and the community pool unless another module
    /// has it.
    ///
    /// # Errors
    /// When the node does not answer, or the chain has no x/distribution.
    pub async fn read<'a>(
        view: &View,
        delegators: BTreeSet<&'a String>,
        validators: impl Iterator<Item = &'a String>,
    ) -> Result<Self> {
        let mut owed = Owed::default();
        let progress = Progress::of(delegators.len(), "delegators' rewards read");
        let rewards = owed.rewards.get_or_insert_default();
        for delegator in delegators {
            for (validator, coins) in view.rewards(delegator).await? {
                rewards.insert((validator, delegator.clone()), coins);
            }
            progress.advance(1);
        }
        for validator in validators {
            let commission = view.commission(validator).await?;
            owed.commissions.insert(validator.clone(), commission);
        }
        match view.community_pool().await {
            Ok(pool) => owed.community_pool = pool,
            Err(error) if format!("{error:#}").contains(KEPT_ELSEWHERE) => {
                eprintln!("the community pool is not imported: {error:#}");
            }
            Err(error) => return Err(error),
        }
        Ok(owed)
    }

    /// All that a fee pool owes, of which all records were read; to delegators only where it is asked for.
    ///
    /// # Errors
    /// When the contract does not answer.
    async fn of_pool(view: &View, address: &str, pool: &Pool, has_rewards: bool) -> Result<Owed> {
        let mut owed = Owed::default();
        if has_rewards {
            let progress = Progress::of(pool.delegations.len(), "rewards compared");
            let rewards = owed.rewards.get_or_insert_default();
            for (validator, delegator) in pool.delegations.keys() {
                let query = QueryMsg::DelegationRewards {
                    delegator: delegator.clone(),
                    validator: validator.clone(),
                };
                let answer: RewardsResponse = view.smart(address, &query).await?;
                rewards.insert((validator.clone(), delegator.clone()), answer.rewards);
                progress.advance(1);
            }
        }
        for validator in pool.validators.keys() {
            let query = QueryMsg::ValidatorCommission {
                validator: validator.clone(),
            };
            let answer: RewardsResponse = view.smart(address, &query).await?;
            owed.commissions.insert(validator.clone(), answer.rewards);
        }
        let answer: CommunityPoolResponse =
            view.smart(address, &QueryMsg::CommunityPool {}).await?;
        owed.community_pool = answer.pool;
        Ok(owed)
    }

    /// All of a denom, in points.
    ///
    /// # Errors
    /// Beyond 2^128 base units.
    pub fn sum(&self, denom: &str) -> Result<Points, MathError> {
        let rewards = self.rewards.iter().flat_map(BTreeMap::values);
        let all = rewards.chain(self.commissions.values());
        let mut sum = Points::ZERO;
        for coins in all.chain([&self.community_pool]) {
            sum = sum.checked_add(Points::try_from_decimal(coins.amount_of(denom))?)?;
        }
        Ok(sum)
    }

    fn compare(&self, pool: &Owed, denoms: &BTreeSet<String>) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        let none = DecCoins::default();
        let mut differs = |whose: String,
                           here: Option<&DecCoins>,
                           chain: Option<&DecCoins>,
                           line: &dyn Fn(DecCoins) -> Line| {
            let chain = only(chain.unwrap_or(&none), denoms)?;
            let here = here.unwrap_or(&none);
            if *here != chain {
                found.push(Difference {
                    text: format!("{whose}: `{here}` here, `{chain}` on the chain"),
                    line: Some(line(chain)),
                    events: Vec::new(),
                });
            }
            anyhow::Ok(())
        };
        if let Some(chain) = &self.rewards {
            let nobody = BTreeMap::new();
            let here = pool.rewards.as_ref().unwrap_or(&nobody);
            for key in chain.keys().chain(here.keys()).collect::<BTreeSet<_>>() {
                let (validator, delegator) = key;
                let whose = format!("rewards of {delegator} at {validator}");
                differs(whose, here.get(key), chain.get(key), &|rewards| {
                    Line::Rewards(ImportedRewards {
                        delegator: delegator.clone(),
                        validator: validator.clone(),
                        rewards,
                    })
                })?;
            }
        }
        let (here, chain) = (&pool.commissions, &self.commissions);
        for validator in here.keys().chain(chain.keys()).collect::<BTreeSet<_>>() {
            let whose = format!("commission of {validator}");
            let line = |commission| {
                Line::Commission(ImportedCommission {
                    validator: validator.clone(),
                    commission,
                })
            };
            differs(whose, here.get(validator), chain.get(validator), &line)?;
        }
        differs(
            "community pool".to_string(),
            Some(&pool.community_pool),
            Some(&self.community_pool),
            &Line::CommunityPool,
        )?;
        Ok(found)
    }
}

/// What a fee pool does not owe as the chain does; and what it owes and was not compared, which is all of
/// it where nothing is known of the chain. Denoms that it does not receive are left out.
///
/// All records of the pool must have been read.
///
/// # Errors
/// When the contract does not answer.
pub async fn owed_differences(
    chain: Option<&Owed>,
    view: &View,
    address: &str,
    pool: &Pool,
) -> Result<Vec<Difference>> {
    let totals = Totals::read(view, address).await?;
    let Some(chain) = chain else {
        return totals.differences(&Owed::default());
    };
    // A pool that owes nothing need not be asked about everybody.
    let here = if totals.are_zero() {
        Owed::default()
    } else {
        Owed::of_pool(view, address, pool, chain.rewards.is_some()).await?
    };
    let answer: RewardDenomsResponse = view.smart(address, &QueryMsg::RewardDenoms {}).await?;
    let active = answer
        .reward_denoms
        .into_iter()
        .filter(|denom| denom.active);
    let mut found = chain.compare(&here, &active.map(|denom| denom.denom).collect())?;
    found.extend(totals.differences(&here)?);
    Ok(found)
}

fn only(coins: &DecCoins, denoms: &BTreeSet<String>) -> Result<DecCoins> {
    let coins = coins
        .as_slice()
        .iter()
        .filter(|coin| denoms.contains(&coin.denom));
    Ok(DecCoins::try_from(coins.cloned().collect::<Vec<_>>())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coins(json: &str) -> DecCoins {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_a_pool_does_not_have_is_a_line_in_its_denoms() {
        let rewards = coins(r#"[{"denom":"other","amount":"3"},{"denom":"stake","amount":"1.5"}]"#);
        let key = ("v".to_string(), "a".to_string());
        let owed = Owed {
            rewards: Some([(key.clone(), rewards)].into()),
            commissions: [("v".to_string(), coins("[]"))].into(),
            ..Owed::default()
        };
        let denoms = BTreeSet::from(["stake".to_string()]);
        let found = owed.compare(&Owed::default(), &denoms).unwrap();
        let texts: Vec<_> = found.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(
            texts,
            ["rewards of a at v: `` here, `1.5stake` on the chain"]
        );
        let imported = coins(r#"[{"denom":"stake","amount":"1.5"}]"#);
        let pool = Owed {
            rewards: Some([(key, imported)].into()),
            ..Owed::default()
        };
        assert!(owed.compare(&pool, &denoms).unwrap().is_empty());
    }

    #[test]
    fn what_the_chain_owes_no_more_is_a_line_too() {
        let one = || coins(r#"[{"denom":"stake","amount":"1"}]"#);
        let key = ("v".to_string(), "a".to_string());
        let pool = Owed {
            rewards: Some([(key, one())].into()),
            commissions: [("v".to_string(), one())].into(),
            community_pool: one(),
        };
        let mut chain = Owed {
            rewards: Some(BTreeMap::new()),
            ..Owed::default()
        };
        let denoms = BTreeSet::from(["stake".to_string()]);
        let lines = |chain: &Owed| -> Vec<Line> {
            let found = chain.compare(&pool, &denoms).unwrap();
            found.into_iter().filter_map(|it| it.line).collect()
        };
        let none = DecCoins::default;
        let rewards = Line::Rewards(ImportedRewards {
            delegator: "a".to_string(),
            validator: "v".to_string(),
            rewards: none(),
        });
        let commission = Line::Commission(ImportedCommission {
            validator: "v".to_string(),
            commission: none(),
        });
        let community_pool = Line::CommunityPool(none());
        assert_eq!(
            lines(&chain),
            [rewards, commission.clone(), community_pool.clone()]
        );
        // Of rewards that are not known nothing is said.
        chain.rewards = None;
        assert_eq!(lines(&chain), [commission, community_pool]);
    }
}
