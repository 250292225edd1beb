//! What governance has on its table.

use anyhow::Result;
use cosmos_sdk_proto::cosmos::gov::v1::query_client::QueryClient;
use cosmos_sdk_proto::cosmos::gov::v1::{ProposalStatus, QueryProposalsRequest};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgPinCodes;
use cosmos_sdk_proto::traits::Name as _;
use prost::Message as _;

use super::{ANSWER_BYTES, PAGE, View, pages};

impl View {
    /// The proposal to pin all these codes that is not decided yet.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn open_pin_proposal(&self, codes: &[u64]) -> Result<Option<u64>> {
        for status in [ProposalStatus::VotingPeriod, ProposalStatus::DepositPeriod] {
            let proposals = pages::all(PAGE, async |pagination| {
                let request = self.request(QueryProposalsRequest {
                    proposal_status: status.into(),
                    pagination,
                    ..QueryProposalsRequest::default()
                });
                let mut client =
                    QueryClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES);
                let answer = client.proposals(request).await?.into_inner();
                Ok((answer.proposals, answer.pagination))
            })
            .await?;
            let pins = |message: &cosmrs::Any| pins(message, codes);
            if let Some(found) = proposals.iter().find(|it| it.messages.iter().any(pins)) {
                return Ok(Some(found.id));
            }
        }
        Ok(None)
    }
}

fn pins(message: &cosmrs::Any, codes: &[u64]) -> bool {
    message.type_url == MsgPinCodes::type_url()
        && MsgPinCodes::decode(message.value.as_slice())
            .is_ok_and(|pin| codes.iter().all(|code| pin.code_ids.contains(code)))
}
