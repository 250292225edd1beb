//! What a step can do between chains.

use ccv::packet::VERSION;
use cosmwasm_std::{Coin, IbcOrder};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Action, Step, coins};

/// Makes light clients and a connection between two chains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// One chain.
    pub a: String,
    /// Another.
    pub b: String,
}

/// Opens a channel between the transfer modules of two chains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferChannel {
    /// The chain that begins.
    pub a: String,
    /// The chain that answers.
    pub b: String,
    /// The connection's id on the first; the newest between the two when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
}

/// Opens a channel between contracts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenChannel {
    /// Who begins.
    pub a: ChannelPort,
    /// Who answers.
    pub b: ChannelPort,
    /// Whether packets keep their order.
    pub order: ChannelOrder,
    /// What the first wants to speak.
    #[serde(default = "ccv_version", skip_serializing_if = "is_ccv_version")]
    pub version: String,
    /// The connection's id on the first; the newest between the two when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
}

fn ccv_version() -> String {
    VERSION.to_owned()
}

fn is_ccv_version(version: &str) -> bool {
    version == VERSION
}

impl Step {
    /// Makes a connection between two chains.
    #[must_use]
    pub fn connecting(a: &str, b: &str) -> Self {
        Self::new(Action::Connect(Connect {
            a: a.to_owned(),
            b: b.to_owned(),
        }))
    }

    /// Opens a channel between the transfer modules of two chains.
    #[must_use]
    pub fn opening_transfers(a: &str, b: &str) -> Self {
        Self::new(Action::TransferChannel(TransferChannel {
            a: a.to_owned(),
            b: b.to_owned(),
            connection: None,
        }))
    }

    /// Opens a CCV channel between two contracts, begun by the first.
    #[must_use]
    pub fn opening(a: ChannelPort, b: ChannelPort, order: ChannelOrder) -> Self {
        Self::new(Action::OpenChannel(OpenChannel {
            a,
            b,
            order,
            version: ccv_version(),
            connection: None,
        }))
    }
}

/// Who is at an end of a channel: a contract, or a port that is no contract's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelPort {
    /// The chain.
    pub chain: String,
    /// The contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The port, like `transfer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
}

impl ChannelPort {
    /// A contract of a chain.
    #[must_use]
    pub fn of_contract(chain: &str, contract: &str) -> Self {
        Self {
            chain: chain.to_owned(),
            contract: Some(contract.to_owned()),
            port: None,
        }
    }
}

/// Whether packets keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelOrder {
    /// They are received in the order in which they were sent; a timeout closes the channel.
    Ordered,
    /// They are received as they come.
    Unordered,
}

impl From<ChannelOrder> for IbcOrder {
    fn from(order: ChannelOrder) -> Self {
        match order {
            ChannelOrder::Ordered => Self::Ordered,
            ChannelOrder::Unordered => Self::Unordered,
        }
    }
}

/// Sends coins to another chain, by ICS-20.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Who pays, on the step's chain.
    pub from: String,
    /// Who receives on the other chain: `name`, or `chain/name`.
    pub to: String,
    /// How much.
    #[serde(with = "coins::one")]
    pub amount: Coin,
    /// Text, or an object that is written as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<Value>,
    /// How long after the block of the sending chain it may still be received.
    #[serde(default = "ten_minutes", skip_serializing_if = "is_ten_minutes")]
    pub timeout_seconds: u64,
    /// The channel on the step's chain; the newest to the receiver's chain when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

const TEN_MINUTES: u64 = 600;

fn ten_minutes() -> u64 {
    TEN_MINUTES
}

fn is_ten_minutes(seconds: &u64) -> bool {
    *seconds == TEN_MINUTES
}

/// Lets every light client on a chain expire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireClient {
    /// The chain.
    pub chain: String,
}

/// Closes an end of a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseChannel {
    /// The chain.
    pub chain: String,
    /// The contract at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// The port at the end, when it is no contract's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// The channel's id on the chain.
    pub channel: String,
}

impl CloseChannel {
    /// Who is at the end.
    #[must_use]
    pub fn end(&self) -> ChannelPort {
        ChannelPort {
            chain: self.chain.clone(),
            contract: self.contract.clone(),
            port: self.port.clone(),
        }
    }
}
