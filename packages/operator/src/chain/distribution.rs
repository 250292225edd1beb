//! What x/distribution has.

use anyhow::Result;
use cosmos_sdk_proto::cosmos::distribution::v1beta1::QueryDelegatorWithdrawAddressRequest;
use cosmos_sdk_proto::cosmos::distribution::v1beta1::query_client::QueryClient;

use super::{View, refusal};

impl View {
    /// Where a delegator's rewards are sent.
    ///
    /// # Errors
    /// When the node does not answer, or the chain has no x/distribution.
    pub async fn withdraw_address(&self, delegator: &str) -> Result<String> {
        let request = self.request(QueryDelegatorWithdrawAddressRequest {
            delegator_address: delegator.to_string(),
        });
        let mut client = QueryClient::new(self.channel.clone());
        let answer = client
            .delegator_withdraw_address(request)
            .await
            .map_err(refusal)?;
        Ok(answer.into_inner().withdraw_address)
    }
}
