//! Proposals of x/gov.

use cosmos_sdk_proto::cosmos::gov::v1::MsgSubmitProposal;
use cosmrs::Any;
use cosmwasm_std::Coin;
use serde_json::{Value, json};

use super::{Message, coins, proto_coins};

/// What governance is asked to do.
pub struct Proposal {
    /// In a few words.
    pub title: String,
    /// Why, and what to look at.
    pub summary: String,
    /// What is done when it passes: all of it, or nothing.
    pub messages: Vec<Message>,
}

impl Proposal {
    /// Its messages as a transaction holds them.
    pub fn anys(&self) -> Vec<Any> {
        self.messages.iter().map(Message::any).collect()
    }

    /// The file that `tx gov submit-proposal` of a chain's program reads.
    pub fn file(&self, deposit: &[Coin]) -> Value {
        let deposit: Vec<String> = deposit.iter().map(Coin::to_string).collect();
        json!({
            "messages": self.messages.iter().map(Message::json).collect::<Vec<_>>(),
            "metadata": "",
            "deposit": deposit.join(","),
            "title": self.title,
            "summary": self.summary,
            "expedited": false,
        })
    }
}

/// Submits a proposal.
pub fn submit(proposer: &str, proposal: &Proposal, deposit: &[Coin]) -> Message {
    let message = MsgSubmitProposal {
        messages: proposal.anys(),
        initial_deposit: proto_coins(deposit),
        proposer: proposer.to_string(),
        metadata: String::new(),
        title: proposal.title.clone(),
        summary: proposal.summary.clone(),
        expedited: false,
    };
    let json = json!({
        "messages": proposal.messages.iter().map(Message::json).collect::<Vec<_>>(),
        "initial_deposit": coins(deposit),
        "proposer": proposer,
        "metadata": "",
        "title": proposal.title,
        "summary": proposal.summary,
        "expedited": false,
    });
    Message::new(&message, json)
}
