//! What x/distribution has.

use anyhow::{Context as _, Result, anyhow};
use cosmos_sdk_proto::cosmos::base::v1beta1::DecCoin as ProtoDecCoin;
use cosmos_sdk_proto::cosmos::distribution::v1beta1::query_client::QueryClient;
use cosmos_sdk_proto::cosmos::distribution::v1beta1::{
    QueryCommunityPoolRequest, QueryDelegationTotalRewardsRequest,
    QueryDelegatorWithdrawAddressRequest, QueryValidatorCommissionRequest,
};
use cosmwasm_std::{Decimal256, Uint256};
use distribution_math::{DecCoin, DecCoins};
use tonic::transport::Channel;

use super::{View, refusal};

/// The chain sends decimals as integers with 18 places.
fn dec_coins(coins: Vec<ProtoDecCoin>) -> Result<DecCoins> {
    let mut read = Vec::new();
    for coin in coins {
        let atomics: Uint256 = coin
            .amount
            .parse()
            .map_err(|error| anyhow!("the amount `{}` of {}: {error}", coin.amount, coin.denom))?;
        if !atomics.is_zero() {
            read.push(DecCoin {
                denom: coin.denom,
                amount: Decimal256::new(atomics),
            });
        }
    }
    read.sort_by(|a, b| a.denom.cmp(&b.denom));
    Ok(DecCoins::try_from(read)?)
}

impl View {
    fn distribution(&self) -> QueryClient<Channel> {
        QueryClient::new(self.channel.clone())
    }

    /// Where a delegator's rewards are sent.
    ///
    /// # Errors
    /// When the node does not answer, or the chain has no x/distribution.
    pub async fn withdraw_address(&self, delegator: &str) -> Result<String> {
        let request = self.request(QueryDelegatorWithdrawAddressRequest {
            delegator_address: delegator.to_string(),
        });
        let answer = self
            .distribution()
            .delegator_withdraw_address(request)
            .await;
        Ok(answer.map_err(refusal)?.into_inner().withdraw_address)
    }

    /// What a delegator has not withdrawn, by validator.
    ///
    /// # Errors
    /// As [`View::withdraw_address`].
    pub async fn rewards(&self, delegator: &str) -> Result<Vec<(String, DecCoins)>> {
        let request = self.request(QueryDelegationTotalRewardsRequest {
            delegator_address: delegator.to_string(),
        });
        let answer = self.distribution().delegation_total_rewards(request).await;
        let answer = answer
            .map_err(refusal)
            .with_context(|| format!("the rewards of {delegator}"))?;
        let rewards = answer.into_inner().rewards.into_iter();
        rewards
            .map(|it| Ok((it.validator_address, dec_coins(it.reward)?)))
            .collect()
    }

    /// What an operator has not withdrawn.
    ///
    /// # Errors
    /// As [`View::withdraw_address`].
    pub async fn commission(&self, validator: &str) -> Result<DecCoins> {
        let request = self.request(QueryValidatorCommissionRequest {
            validator_address: validator.to_string(),
        });
        let answer = self.distribution().validator_commission(request).await;
        let answer = answer
            .map_err(refusal)
            .with_context(|| format!("the commission of {validator}"))?;
        dec_coins(
            answer
                .into_inner()
                .commission
                .unwrap_or_default()
                .commission,
        )
    }

    /// The community pool.
    ///
    /// # Errors
    /// As [`View::withdraw_address`]; and when another module of the chain has it.
    pub async fn community_pool(&self) -> Result<DecCoins> {
        let request = self.request(QueryCommunityPoolRequest {});
        let answer = self.distribution().community_pool(request).await;
        let answer = answer.map_err(refusal).context("the community pool")?;
        dec_coins(answer.into_inner().pool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_coins_are_sorted_and_none_is_zero() {
        let coin = |denom: &str, amount: &str| ProtoDecCoin {
            denom: denom.to_string(),
            amount: amount.to_string(),
        };
        let coins = vec![
            coin("b", "1500000000000000000"),
            coin("c", "0"),
            coin("a", "1"),
        ];
        assert_eq!(
            dec_coins(coins).unwrap().to_string(),
            "0.000000000000000001a,1.5b"
        );
        let error = dec_coins(vec![coin("a", "1.5")]).unwrap_err().to_string();
        assert!(error.starts_with("the amount `1.5` of a"), "{error}");
    }
}
