//! Blocks: who proposed and signed them, and which names their transactions' events have.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1 as tendermint;
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::GetBlockByHeightRequest;
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::service_client::ServiceClient as BlockClient;
use cosmos_sdk_proto::cosmos::tx::v1beta1::GetTxsEventRequest;
use cosmos_sdk_proto::cosmos::tx::v1beta1::service_client::ServiceClient as TxClient;
use cosmos_sdk_proto::tendermint::abci;
use cosmos_sdk_proto::tendermint::types::BlockIdFlag;
use tokio::time::sleep;

use super::{ANSWER_BYTES, PAGE, View, refusal};

/// How often the index is looked at, which follows the blocks.
const TRIES: u32 = 50;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// A block.
#[derive(Debug, PartialEq)]
pub struct Block {
    /// The consensus address of its proposer.
    pub proposer: String,
    /// Whether each of those who could vote on the block before this one signed it.
    pub signed: Vec<bool>,
    /// How many transactions it has.
    pub transactions: u64,
}

impl Block {
    fn new(block: tendermint::Block) -> Result<Self> {
        let signatures = block.last_commit.unwrap_or_default().signatures.into_iter();
        Ok(Block {
            proposer: block.header.unwrap_or_default().proposer_address,
            signed: signatures
                .map(|signature| signature.block_id_flag() == BlockIdFlag::Commit)
                .collect(),
            transactions: u64::try_from(block.data.unwrap_or_default().txs.len())?,
        })
    }
}

/// Adds the values of all attributes.
fn add_values(values: &mut BTreeSet<String>, events: Vec<abci::Event>) {
    let attributes = events.into_iter().flat_map(|event| event.attributes);
    values.extend(attributes.map(|attribute| attribute.value));
}

impl View {
    /// A block.
    ///
    /// # Errors
    /// When the node does not answer, or does not have it.
    pub async fn block(&self, height: u64) -> Result<Block> {
        let request = GetBlockByHeightRequest {
            height: i64::try_from(height).with_context(|| format!("height {height}"))?,
        };
        let mut client =
            BlockClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES);
        let answer = client.get_block_by_height(request).await.map_err(refusal);
        let answer = answer.with_context(|| format!("block {height}"))?;
        let block = answer.into_inner().sdk_block;
        Block::new(block.with_context(|| format!("block {height} is empty"))?)
    }

    /// The values of all attributes of the events of a block's transactions. Waits until the node has
    /// indexed them.
    ///
    /// # Errors
    /// When the node does not answer, or does not index transactions.
    pub async fn event_values(&self, height: u64) -> Result<BTreeSet<String>> {
        let transactions = self.block(height).await?.transactions;
        for _ in 0..TRIES {
            if let Some(values) = self.indexed(height, transactions).await? {
                return Ok(values);
            }
            sleep(PAUSE).await;
        }
        bail!("the node has not indexed the {transactions} transactions of block {height}")
    }

    /// The values of so many transactions; none while the node has not indexed all of them.
    async fn indexed(&self, height: u64, transactions: u64) -> Result<Option<BTreeSet<String>>> {
        let mut values = BTreeSet::new();
        let mut found = 0u64;
        let mut page = 1u64;
        while found < transactions {
            let request = GetTxsEventRequest {
                query: format!("tx.height={height}"),
                page,
                limit: PAGE,
                ..GetTxsEventRequest::default()
            };
            let mut client =
                TxClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES);
            let answer = client.get_txs_event(request).await.map_err(refusal);
            let answer = answer.with_context(|| format!("transactions of block {height}"))?;
            let responses = answer.into_inner().tx_responses;
            if responses.is_empty() {
                return Ok(None);
            }
            found = found.saturating_add(u64::try_from(responses.len())?);
            page = page.saturating_add(1);
            for response in responses {
                add_values(&mut values, response.events);
            }
        }
        Ok(Some(values))
    }
}

#[cfg(test)]
mod tests {
    use cosmos_sdk_proto::tendermint::types::{Commit, CommitSig, Data};

    use super::*;

    #[test]
    fn only_who_signed_this_block_has_signed() {
        let flags = [
            BlockIdFlag::Commit,
            BlockIdFlag::Absent,
            BlockIdFlag::Nil,
            BlockIdFlag::Commit,
        ];
        let signature = |flag: BlockIdFlag| CommitSig {
            block_id_flag: flag.into(),
            ..CommitSig::default()
        };
        let block = tendermint::Block {
            header: Some(tendermint::Header {
                proposer_address: "valcons1p".to_string(),
                ..tendermint::Header::default()
            }),
            data: Some(Data {
                txs: vec![vec![1], vec![2]],
            }),
            evidence: None,
            last_commit: Some(Commit {
                signatures: flags.map(signature).to_vec(),
                ..Commit::default()
            }),
        };
        let read = Block {
            proposer: "valcons1p".to_string(),
            signed: vec![true, false, false, true],
            transactions: 2,
        };
        assert_eq!(Block::new(block).unwrap(), read);
    }

    #[test]
    fn the_values_of_all_events_are_kept() {
        let event = |kind: &str, key: &str, value: &str| abci::Event {
            r#type: kind.to_string(),
            attributes: vec![abci::EventAttribute {
                key: key.to_string(),
                value: value.to_string(),
                index: true,
            }],
        };
        let mut values = BTreeSet::new();
        let events = vec![
            event("redelegate", "source_validator", "valoper1a"),
            event("redelegate", "destination_validator", "valoper1b"),
        ];
        add_values(&mut values, events);
        add_values(
            &mut values,
            vec![event("delegate", "validator", "valoper1a")],
        );
        let expected = ["valoper1a", "valoper1b"].map(str::to_string);
        assert_eq!(values, expected.into());
    }
}
