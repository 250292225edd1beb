//! Messages and queries.

use ccv::memo::TransferMemo;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Coin;
use serde::{Deserialize, Serialize};

/// Messages. By anybody. (A memo has no JSON schema, which a contract for tests does not need.)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Sends a packet as a consumer would spell it, whether or not it keeps the rules.
    SendPacket {
        /// This chain's end of the channel.
        channel: String,
        /// The packet.
        packet: Packet,
        /// Seconds until it times out: 600 by default.
        timeout_seconds: Option<u64>,
    },
    /// Sends a packet of any text.
    SendText {
        /// This chain's end of the channel.
        channel: String,
        /// The data.
        text: String,
    },
    /// Sends coins by ICS-20. The memo is written as a consumer writes it.
    Transfer {
        /// This chain's end of the transfer channel.
        channel: String,
        /// The receiver on the other chain.
        to: String,
        /// The coins.
        amount: Coin,
        /// The memo.
        unit: TransferMemo,
        /// Seconds until it times out: 600 by default.
        timeout_seconds: Option<u64>,
    },
}

/// A packet of the CCV channel. Unlike [`ccv::packet::CcvPacket`] it can break every rule.
#[cw_serde]
#[allow(missing_docs)]
pub enum Packet {
    Weights(Weights),
    Status {
        epoch: u32,
        denom: String,
        timeout: String,
    },
    ProbeStatus {
        nonce: u32,
        timeout: String,
    },
}

/// Weights, in the order in which they stand on the wire.
#[cw_serde]
#[allow(missing_docs)]
pub struct Weights {
    pub epoch: u32,
    pub denom: String,
    pub amount: String,
    pub total: String,
    pub validators: u32,
    pub chunk: u32,
    pub chunks: u32,
    /// Validator and weight.
    pub entries: Vec<(String, String)>,
}

/// Queries.
#[cw_serde]
pub enum QueryMsg {
    /// This chain's end of a channel on the contract's port; none unless it is open.
    Channel {
        /// Its id.
        channel: String,
    },
}
