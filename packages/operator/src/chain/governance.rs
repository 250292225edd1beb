//! What governance has on its table.

use anyhow::Result;
use cosmos_sdk_proto::cosmos::gov::v1::query_client::QueryClient;
use cosmos_sdk_proto::cosmos::gov::v1::{ProposalStatus, QueryProposalsRequest};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgPinCodes;
use cosmos_sdk_proto::traits::Name as _;
use cosmrs::Any;
use prost::Message as _;
use tonic::Code;

use super::{ANSWER_BYTES, PAGE, View, pages};

/// A proposal that is not decided yet.
pub struct OpenProposal {
    /// Its number.
    pub id: u64,
    /// What it would do.
    pub messages: Vec<Any>,
}

impl OpenProposal {
    /// Whether it would pin a code.
    pub fn pins(&self, code: u64) -> bool {
        self.messages.iter().any(|message| {
            message.type_url == MsgPinCodes::type_url()
                && MsgPinCodes::decode(message.value.as_slice())
                    .is_ok_and(|pin| pin.code_ids.contains(&code))
        })
    }
}

impl View {
    /// The proposals that are not decided yet; none on a chain without x/gov.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn open_proposals(&self) -> Result<Vec<OpenProposal>> {
        let mut open = Vec::new();
        for status in [ProposalStatus::VotingPeriod, ProposalStatus::DepositPeriod] {
            let proposals = pages::all(PAGE, async |pagination| {
                let request = self.request(QueryProposalsRequest {
                    proposal_status: status.into(),
                    pagination,
                    ..QueryProposalsRequest::default()
                });
                let mut client =
                    QueryClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES);
                match client.proposals(request).await {
                    Ok(answer) => {
                        let answer = answer.into_inner();
                        Ok((answer.proposals, answer.pagination))
                    }
                    Err(status) if status.code() == Code::Unimplemented => Ok((Vec::new(), None)),
                    Err(status) => Err(status),
                }
            })
            .await?;
            open.extend(proposals.into_iter().map(|it| OpenProposal {
                id: it.id,
                messages: it.messages,
            }));
        }
        Ok(open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message;

    #[test]
    fn a_proposal_pins_the_codes_that_it_names() {
        let open = OpenProposal {
            id: 1,
            messages: vec![
                message::execute("gov", "c", &serde_json::json!({}), &[]).any(),
                message::pin("gov", &[Some(3), Some(5)]).any(),
            ],
        };
        assert_eq!([3, 4, 5].map(|code| open.pins(code)), [true, false, true]);
    }
}
