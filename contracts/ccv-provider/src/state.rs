//! Configuration and consumers. They are JSON; the hot records are compact binary and stand with what
//! is done to them: `units.rs`, `payments.rs`, `ledger.rs`.

use ccv::qualification::DisqualifiedPolicy;
use chain_types::text::head;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Storage};
use cw_storage_plus::{Item, Map};

use crate::ContractError;
use crate::msg::{ChannelOrder, CommunityPool, Target};

/// Read by whatever pays.
#[cw_serde]
pub struct Config {
    /// Where validators live and are paid.
    pub target: Target,
    /// Who gets what no validator is qualified for; none for the target's community pool.
    pub community_pool: Option<CommunityPool>,
}

/// What a consumer may do.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Status {
    /// Everything.
    Active,
    /// Nothing: weights and coins are refused, its units wait.
    Paused,
    /// What it began is finished, nothing new is accepted.
    Removing,
}

/// A consumer.
#[cw_serde]
pub struct Consumer {
    /// The connection to its chain.
    pub connection_id: String,
    /// The port of its end of the CCV channel.
    pub port_id: String,
    /// Its contract, the sender of its transfers.
    pub contract: String,
    /// This chain's end of its transfer channel.
    pub transfer_channel: String,
    /// The connection of its transfer channel; none for that of the CCV channel.
    pub transfer_connection_id: Option<String>,
    /// What it may pay in, as it names it.
    pub denoms: Vec<String>,
    /// The order that its CCV channel must have; none for either.
    pub order: Option<ChannelOrder>,
    /// What becomes of the part of validators that do not exist.
    pub disqualified: DisqualifiedPolicy,
    /// Who, beside the owner, lists its denoms.
    pub admin: Option<Addr>,
    /// What it may do.
    pub status: Status,
    /// This chain's end of its CCV channel, unless it was abandoned. Whether it is open, the chain
    /// knows.
    pub channel_id: Option<String>,
}

impl Consumer {
    /// The connection that its transfer channel must have.
    pub fn transfer_connection(&self) -> &str {
        let other = self.transfer_connection_id.as_deref();
        other.unwrap_or(&self.connection_id)
    }
}

/// Configuration.
pub const CONFIG: Item<Config> = Item::new("config");
/// Consumers by id.
pub const CONSUMERS: Map<&str, Consumer> = Map::new("consumers");
/// Ids of consumers by this chain's end of their CCV channel.
pub const CHANNELS: Map<&str, String> = Map::new("channels");
/// Channels that may be closed from this end.
pub const CLOSABLE: Map<&str, Empty> = Map::new("closable");

/// A consumer by its id.
///
/// # Errors
/// [`ContractError::UnknownConsumer`].
pub fn consumer(storage: &dyn Storage, id: &str) -> Result<Consumer, ContractError> {
    let consumer = CONSUMERS.may_load(storage, id)?;
    consumer.ok_or_else(|| ContractError::UnknownConsumer {
        consumer: head(id, 64).to_string(),
    })
}
