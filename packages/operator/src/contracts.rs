//! The contracts of the suite: their files and their messages.

use std::fmt;

use anyhow::{Context as _, Result};
use chain_types::asset::Asset;
use pool_kit::audit::AssetLedger;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which contract of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// fee-pool
    FeePool,
    /// lazy-fee-pool
    LazyFeePool,
    /// poa-fee-pool
    PoaFeePool,
    /// reward-gauges
    RewardGauges,
    /// holding-pools
    HoldingPools,
    /// ccv-provider
    CcvProvider,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::FeePool => "fee-pool",
            Kind::LazyFeePool => "lazy-fee-pool",
            Kind::PoaFeePool => "poa-fee-pool",
            Kind::RewardGauges => "reward-gauges",
            Kind::HoldingPools => "holding-pools",
            Kind::CcvProvider => "ccv-provider",
        }
    }

    /// Whether it is one of the two contracts that split a chain's fees among delegators.
    pub fn is_fee_pool(self) -> bool {
        matches!(self, Kind::FeePool | Kind::LazyFeePool)
    }

    /// Whether it has something to do that anybody may drive.
    pub fn has_jobs(self) -> bool {
        matches!(
            self,
            Kind::RewardGauges | Kind::HoldingPools | Kind::CcvProvider
        )
    }

    /// The name of its file in `artifacts/`.
    pub fn file(self) -> String {
        format!("{}.wasm", self.name().replace('-', "_"))
    }

    /// Reads a message as the contract will, so that a mistake is found before anything is sent.
    ///
    /// # Errors
    /// When the contract could not read it.
    pub fn check_instantiate(self, msg: &Value) -> Result<()> {
        match self {
            Kind::FeePool | Kind::LazyFeePool => reads::<fee_pool_core::msg::InstantiateMsg>(msg),
            Kind::PoaFeePool => reads::<poa_fee_pool::msg::InstantiateMsg>(msg),
            Kind::RewardGauges => reads::<reward_gauges::msg::InstantiateMsg>(msg),
            Kind::HoldingPools => reads::<holding_pools::msg::InstantiateMsg>(msg),
            Kind::CcvProvider => reads::<ccv_provider::msg::InstantiateMsg>(msg),
        }
        .with_context(|| format!("{self} cannot be instantiated with {msg}"))
    }

    /// The same for a message to the contract.
    ///
    /// # Errors
    /// When the contract could not read it.
    pub fn check_execute(self, msg: &Value) -> Result<()> {
        match self {
            Kind::FeePool | Kind::LazyFeePool => reads::<fee_pool_core::msg::ExecuteMsg>(msg),
            Kind::PoaFeePool => reads::<poa_fee_pool::msg::ExecuteMsg>(msg),
            Kind::RewardGauges => reads::<reward_gauges::msg::ExecuteMsg>(msg),
            Kind::HoldingPools => reads::<holding_pools::msg::ExecuteMsg>(msg),
            Kind::CcvProvider => reads::<ccv_provider::msg::ExecuteMsg>(msg),
        }
        .with_context(|| format!("{self} has no message {msg}"))
    }
}

/// Entries of a page: the most that contracts give.
const PAGE: u32 = 100;

/// What a contract is asked, in the types of its own crate.
impl Kind {
    /// The query for the ledger from running totals, or for its page behind an asset.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn invariants(self, start_after: Option<&Asset>) -> Result<Value> {
        let query = match self {
            Kind::FeePool | Kind::LazyFeePool => {
                serde_json::to_value(fee_pool_core::msg::QueryMsg::Invariants {})
            }
            Kind::PoaFeePool => serde_json::to_value(poa_fee_pool::msg::QueryMsg::Invariants {}),
            Kind::HoldingPools => {
                serde_json::to_value(holding_pools::query_msg::QueryMsg::Invariants {})
            }
            Kind::RewardGauges => {
                serde_json::to_value(reward_gauges::query_msg::QueryMsg::Invariants {
                    start_after: start_after.cloned(),
                    limit: None,
                })
            }
            Kind::CcvProvider => serde_json::to_value(ccv_provider::msg::QueryMsg::Invariants {
                start_after: start_after.map(Asset::to_string),
                limit: Some(PAGE),
            }),
        };
        Ok(query?)
    }

    /// Where the page behind an answer to [`Kind::invariants`] starts; none behind the last. `next` is
    /// what the answer says, `denoms` what it lists.
    pub fn next_invariants(self, next: Option<Asset>, denoms: &[AssetLedger]) -> Option<Asset> {
        match self {
            // Its pages do not say that they are the last: the page behind that is empty.
            Kind::CcvProvider => denoms.last().map(|last| last.asset.clone()),
            _ => next,
        }
    }

    /// The query for a page of the ledger from the records.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn audit(self, start_after: Option<String>) -> Result<Value> {
        let limit = Some(PAGE);
        let query = match self {
            Kind::FeePool | Kind::LazyFeePool => {
                serde_json::to_value(fee_pool_core::msg::QueryMsg::Audit { start_after, limit })
            }
            Kind::PoaFeePool => {
                serde_json::to_value(poa_fee_pool::msg::QueryMsg::Audit { start_after, limit })
            }
            Kind::HoldingPools => serde_json::to_value(holding_pools::query_msg::QueryMsg::Audit {
                start_after,
                limit,
            }),
            Kind::RewardGauges => serde_json::to_value(reward_gauges::query_msg::QueryMsg::Audit {
                start_after,
                limit,
            }),
            Kind::CcvProvider => {
                serde_json::to_value(ccv_provider::msg::QueryMsg::Audit { start_after, limit })
            }
        };
        Ok(query?)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn reads<T: DeserializeOwned>(msg: &Value) -> Result<()> {
    serde_json::from_value::<T>(msg.clone())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_misspelt_field_is_found_before_it_is_sent() {
        let good = json!({"reward_denoms": ["stake"]});
        Kind::FeePool.check_instantiate(&good).unwrap();
        let error = Kind::FeePool
            .check_instantiate(&json!({"reward_denom": ["stake"]}))
            .unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains("fee-pool cannot be instantiated"), "{error}");
        assert!(error.contains("unknown field `reward_denom`"), "{error}");
        let error = Kind::HoldingPools
            .check_execute(&json!({"tack": {}}))
            .unwrap_err();
        assert!(
            format!("{error:#}").contains("holding-pools has no message"),
            "{error:#}"
        );
    }

    #[test]
    fn names_are_those_of_the_folders() {
        assert_eq!(Kind::LazyFeePool.file(), "lazy_fee_pool.wasm");
        assert_eq!(
            serde_json::to_value(Kind::CcvProvider).unwrap(),
            json!("ccv-provider")
        );
        assert_eq!(Kind::CcvProvider.to_string(), "ccv-provider");
    }
}
