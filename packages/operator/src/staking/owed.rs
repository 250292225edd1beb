//! What an earlier pool, or x/distribution, has not paid.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use distribution_math::DecCoins;
use fee_pool_core::answers::{CommunityPoolResponse, RewardDenomsResponse, RewardsResponse};
use fee_pool_core::msg::{ImportedCommission, ImportedRewards, QueryMsg};

use super::difference::{Difference, Line};
use crate::chain::View;
use crate::progress::Progress;

/// What x/distribution answers where another module has the community pool.
const KEPT_ELSEWHERE: &str = "external community pool";

/// What is owed.
#[derive(Default)]
pub struct Owed {
    /// To delegators, by validator and delegator.
    pub rewards: BTreeMap<(String, String), DecCoins>,
    /// To operators, by validator.
    pub commissions: BTreeMap<String, DecCoins>,
    /// To the community, where it is known.
    pub community_pool: Option<DecCoins>,
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
        for delegator in delegators {
            for (validator, rewards) in view.rewards(delegator).await? {
                owed.rewards.insert((validator, delegator.clone()), rewards);
            }
            progress.advance(1);
        }
        for validator in validators {
            let commission = view.commission(validator).await?;
            owed.commissions.insert(validator.clone(), commission);
        }
        match view.community_pool().await {
            Ok(pool) => owed.community_pool = Some(pool),
            Err(error) if format!("{error:#}").contains(KEPT_ELSEWHERE) => {
                eprintln!("the community pool is not imported: {error:#}");
            }
            Err(error) => return Err(error),
        }
        Ok(owed)
    }

    /// The same of a fee pool, for everybody who is in this.
    ///
    /// # Errors
    /// When the contract does not answer.
    async fn of_pool(&self, view: &View, address: &str) -> Result<Owed> {
        let mut owed = Owed::default();
        for (validator, delegator) in self.rewards.keys() {
            let query = QueryMsg::DelegationRewards {
                delegator: delegator.clone(),
                validator: validator.clone(),
            };
            let answer: RewardsResponse = view.smart(address, &query).await?;
            let key = (validator.clone(), delegator.clone());
            owed.rewards.insert(key, answer.rewards);
        }
        for validator in self.commissions.keys() {
            let query = QueryMsg::ValidatorCommission {
                validator: validator.clone(),
            };
            let answer: RewardsResponse = view.smart(address, &query).await?;
            owed.commissions.insert(validator.clone(), answer.rewards);
        }
        let answer: CommunityPoolResponse =
            view.smart(address, &QueryMsg::CommunityPool {}).await?;
        owed.community_pool = Some(answer.pool);
        Ok(owed)
    }

    /// What of this a fee pool does not have so. Denoms that it does not receive are left out.
    ///
    /// # Errors
    /// When the contract does not answer.
    pub async fn differences(&self, view: &View, address: &str) -> Result<Vec<Difference>> {
        let answer: RewardDenomsResponse = view.smart(address, &QueryMsg::RewardDenoms {}).await?;
        let active = answer
            .reward_denoms
            .into_iter()
            .filter(|denom| denom.active);
        let denoms: BTreeSet<String> = active.map(|denom| denom.denom).collect();
        let pool = self.of_pool(view, address).await?;
        self.compare(&pool, &denoms)
    }

    fn compare(&self, pool: &Owed, denoms: &BTreeSet<String>) -> Result<Vec<Difference>> {
        let mut found = Vec::new();
        let mut differs = |whose: String,
                           here: Option<&DecCoins>,
                           chain: &DecCoins,
                           line: &dyn Fn(DecCoins) -> Line| {
            let chain = only(chain, denoms)?;
            let none = DecCoins::default();
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
        for (key, chain) in &self.rewards {
            let (validator, delegator) = key;
            let whose = format!("rewards of {delegator} at {validator}");
            differs(whose, pool.rewards.get(key), chain, &|rewards| {
                Line::Rewards(ImportedRewards {
                    delegator: delegator.clone(),
                    validator: validator.clone(),
                    rewards,
                })
            })?;
        }
        for (validator, chain) in &self.commissions {
            let whose = format!("commission of {validator}");
            differs(
                whose,
                pool.commissions.get(validator),
                chain,
                &|commission| {
                    Line::Commission(ImportedCommission {
                        validator: validator.clone(),
                        commission,
                    })
                },
            )?;
        }
        if let Some(chain) = &self.community_pool {
            let here = pool.community_pool.as_ref();
            differs(
                "community pool".to_string(),
                here,
                chain,
                &Line::CommunityPool,
            )?;
        }
        Ok(found)
    }
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
            rewards: [(key.clone(), rewards)].into(),
            commissions: [("v".to_string(), coins("[]"))].into(),
            community_pool: None,
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
            rewards: [(key, imported)].into(),
            ..Owed::default()
        };
        assert!(owed.compare(&pool, &denoms).unwrap().is_empty());
    }
}
