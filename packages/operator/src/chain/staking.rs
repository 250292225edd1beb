//! What x/staking has: validators, their powers, and delegations.

use anyhow::{Context as _, Result, anyhow};
use chain_types::staking_event::CommissionTerms;
use cosmos_sdk_proto::cosmos::base::query::v1beta1::PageRequest;
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::GetValidatorSetByHeightRequest;
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::service_client::ServiceClient;
use cosmos_sdk_proto::cosmos::staking::v1beta1 as staking;
use cosmos_sdk_proto::cosmos::staking::v1beta1::query_client::QueryClient;
use cosmwasm_std::{Decimal256, Uint256};
use tonic::transport::Channel;

use super::{ANSWER_BYTES, PAGE, View, pages, refusal};

/// Delegations of a page.
const DELEGATIONS: u64 = 1_000;

/// Decimal places of the chain's numbers.
const PLACES: usize = 18;

/// A validator as x/staking has it.
pub struct Validator {
    /// Its operator address.
    pub operator: String,
    /// Its consensus key, by which CometBFT knows it.
    pub key: Vec<u8>,
    /// Its commission.
    pub commission: CommissionTerms,
    /// The sum of the shares of its delegations.
    pub shares: String,
}

/// A member of the set that votes on a block.
pub struct Voter {
    /// Its consensus key.
    pub key: Vec<u8>,
    /// Its consensus address.
    pub address: String,
    /// Its voting power.
    pub power: u64,
}

/// A delegation as x/staking has it.
pub struct Delegation {
    /// Who delegates.
    pub delegator: String,
    /// Its shares, as a decimal.
    pub shares: String,
    /// What they are worth in whole tokens, rounded down.
    pub tokens: String,
}

/// The chain sends decimals as integers with 18 places.
fn decimal(digits: &str) -> String {
    let digits = format!("{digits:0>19}");
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(PLACES));
    format!("{whole}.{fraction}")
}

fn rate(digits: &str) -> Result<Decimal256> {
    let atomics: Uint256 = digits
        .parse()
        .map_err(|error| anyhow!("the rate `{digits}`: {error}"))?;
    Ok(Decimal256::new(atomics))
}

impl Validator {
    fn new(validator: staking::Validator) -> Result<Self> {
        let operator = validator.operator_address;
        let commission = validator.commission.unwrap_or_default();
        let rates = commission.commission_rates.unwrap_or_default();
        let terms = || -> Result<CommissionTerms> {
            Ok(CommissionTerms {
                rate: rate(&rates.rate)?,
                max_rate: rate(&rates.max_rate)?,
                max_change_rate: rate(&rates.max_change_rate)?,
            })
        };
        Ok(Validator {
            commission: terms().with_context(|| format!("the commission of {operator}"))?,
            key: validator.consensus_pubkey.unwrap_or_default().value,
            shares: validator.delegator_shares,
            operator,
        })
    }
}

impl Delegation {
    fn new(response: staking::DelegationResponse) -> Self {
        let delegation = response.delegation.unwrap_or_default();
        Delegation {
            delegator: delegation.delegator_address,
            shares: decimal(&delegation.shares),
            tokens: response.balance.unwrap_or_default().amount,
        }
    }
}

impl View {
    fn staking(&self) -> QueryClient<Channel> {
        QueryClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES)
    }

    /// All validators, whether they are bonded or not.
    ///
    /// # Errors
    /// When the node does not answer, or has forgotten the height.
    pub async fn validators(&self) -> Result<Vec<Validator>> {
        let validators = pages::all(PAGE, async |pagination| {
            let request = self.request(staking::QueryValidatorsRequest {
                status: String::new(),
                pagination,
            });
            let answer = self.staking().validators(request).await?.into_inner();
            Ok((answer.validators, answer.pagination))
        })
        .await?;
        validators.into_iter().map(Validator::new).collect()
    }

    /// All delegations of a validator.
    ///
    /// # Errors
    /// As [`View::validators`].
    pub async fn delegations(&self, validator: &str) -> Result<Vec<Delegation>> {
        let delegations = pages::all(DELEGATIONS, async |pagination| {
            let request = self.request(staking::QueryValidatorDelegationsRequest {
                validator_addr: validator.to_string(),
                pagination,
            });
            let answer = self.staking().validator_delegations(request).await?;
            let answer = answer.into_inner();
            Ok((answer.delegation_responses, answer.pagination))
        })
        .await?;
        Ok(delegations.into_iter().map(Delegation::new).collect())
    }

    /// Who votes on the block of a height, in the order of the signatures of its commit.
    ///
    /// # Errors
    /// When the node does not answer, or has forgotten the height.
    pub async fn voters(&self, height: u64) -> Result<Vec<Voter>> {
        let mut voters = Vec::new();
        let asked = i64::try_from(height).with_context(|| format!("height {height}"))?;
        loop {
            let offset = u64::try_from(voters.len())?;
            let request = GetValidatorSetByHeightRequest {
                height: asked,
                pagination: Some(PageRequest {
                    offset,
                    limit: PAGE,
                    ..PageRequest::default()
                }),
            };
            let mut client = ServiceClient::new(self.channel.clone());
            let answer = client
                .get_validator_set_by_height(request)
                .await
                .map_err(refusal);
            let answer = answer
                .with_context(|| format!("the validators of block {height}"))?
                .into_inner();
            let total = answer.pagination.unwrap_or_default().total;
            let is_last = answer.validators.is_empty();
            for validator in answer.validators {
                voters.push(Voter {
                    key: validator.pub_key.unwrap_or_default().value,
                    address: validator.address,
                    power: u64::try_from(validator.voting_power)?,
                });
            }
            // The node refuses a page after the last one.
            if is_last || u64::try_from(voters.len())? >= total {
                return Ok(voters);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chains_decimals_have_eighteen_places() {
        assert_eq!(decimal("1500000000000000000"), "1.500000000000000000");
        assert_eq!(decimal("1"), "0.000000000000000001");
        assert_eq!(rate("100000000000000000").unwrap(), Decimal256::percent(10));
        let error = rate("0.1").unwrap_err();
        assert!(error.to_string().starts_with("the rate `0.1`"), "{error}");
    }
}
