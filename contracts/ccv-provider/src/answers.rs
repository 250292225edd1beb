//! Answers to queries.

use ccv::qualification::DisqualifiedPolicy;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Coin, Uint128, Uint256};
use distribution_math::DecCoins;

use crate::msg::{ChannelOrder, CommunityPool, Target};
use crate::state::Status;

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// Where validators live and are paid.
    pub target: Target,
    /// Who gets what no validator is qualified for; none for the target's community pool.
    pub community_pool: Option<CommunityPool>,
}

/// Answer to `consumer`.
#[cw_serde]
pub struct ConsumerResponse {
    /// Names the consumer here.
    pub id: String,
    /// The connection to its chain.
    pub connection_id: String,
    /// The port of its end of the CCV channel.
    pub port_id: String,
    /// Its contract, the sender of its transfers.
    pub contract: String,
    /// This chain's end of its transfer channel.
    pub transfer_channel: String,
    /// The connection of its transfer channel.
    pub transfer_connection_id: String,
    /// The order that its CCV channel must have; none for either.
    pub order: Option<ChannelOrder>,
    /// What becomes of the part of validators that do not exist.
    pub disqualified: DisqualifiedPolicy,
    /// Who, beside the owner, lists its denoms.
    pub admin: Option<String>,
    /// Whether it is active.
    pub status: Status,
    /// This chain's end of its CCV channel: the last that was opened and not abandoned, whether or
    /// not it is open now.
    pub channel_id: Option<String>,
    /// The nonce of the last probe that arrived.
    pub last_probe: Option<u32>,
    /// What it may pay in.
    pub denoms: Vec<ConsumerDenom>,
}

/// A denom that a consumer may pay in.
#[cw_serde]
pub struct ConsumerDenom {
    /// As the consumer names it.
    pub denom: String,
    /// As this chain names it; none before anything came since it was listed and the consumer had its
    /// peer.
    pub local_denom: Option<String>,
    /// The epoch of the last unit whose coins arrived.
    pub last_arrived: Option<u32>,
    /// Units with coins that are not done; at most 64.
    pub waiting: u32,
}

/// Answer to `consumers`.
#[cw_serde]
pub struct ConsumersResponse {
    /// One page.
    pub consumers: Vec<ConsumerResponse>,
}

/// Where a unit is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum UnitState {
    /// It waits for weights or coins, or for its turn.
    Waiting,
    /// The first pass: which validators exist.
    Qualifying,
    /// The second pass: payment.
    Paying,
}

/// What a unit waits for.
#[cw_serde]
#[derive(Eq)]
pub enum WaitingFor {
    /// Chunks of weights.
    Weights {
        /// The places of those that are missing; empty before any came.
        missing_chunks: Vec<u32>,
    },
    /// Coins.
    Tokens {},
    /// The unit of an earlier epoch, which is processed first.
    EarlierUnit {
        /// Its epoch.
        epoch: u32,
    },
    /// Anybody's `process`.
    Process {},
}

/// A place among the entries of a unit.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct EntryPlace {
    /// The chunk, from 0 on.
    pub chunk: u32,
    /// The entry in it, from 0 on.
    pub entry: u32,
}

/// Answer to `unit`, of units that have begun to arrive and are not done.
#[cw_serde]
pub struct UnitResponse {
    /// The consumer.
    pub consumer: String,
    /// The epoch.
    pub epoch: u32,
    /// The denom, as the consumer names it.
    pub denom: String,
    /// Where it is.
    pub state: UnitState,
    /// What has to come or happen next; all of it.
    pub waiting_for: Vec<WaitingFor>,
    /// The coins, as this chain names them; from the first pass on with the carry.
    pub tokens: Option<Coin>,
    /// The sum of the weights, in points; none before any came.
    pub total_weight: Option<Uint256>,
    /// What of it is qualified, as far as it has been counted; none before the first pass.
    pub qualified_total_weight: Option<Uint256>,
    /// The part of the tokens that belongs to validators that do not exist, as far as they have been
    /// counted; none before the first pass.
    pub disqualified_pool: Option<Uint128>,
    /// The next entry of the pass.
    pub cursor: Option<EntryPlace>,
    /// What has been paid.
    pub paid: Uint128,
}

/// Answer to `pending_units`.
#[cw_serde]
pub struct PendingUnitsResponse {
    /// One page.
    pub units: Vec<UnitResponse>,
}

/// Answer to `rewards`.
#[cw_serde]
pub struct RewardsResponse {
    /// What is owed. It is whole coins.
    pub rewards: DecCoins,
    /// The same, as coins.
    pub claimable: Vec<Coin>,
}

/// A payment that failed.
#[cw_serde]
pub struct OwedPayment {
    /// Whom it is owed to.
    pub validator: String,
    /// What is owed.
    pub amount: Coin,
}

/// Answer to `owed_payments`.
#[cw_serde]
pub struct OwedPaymentsResponse {
    /// One page.
    pub payments: Vec<OwedPayment>,
}

/// Answer to `carry`.
#[cw_serde]
pub struct CarryResponse {
    /// One page, by denom as this chain names it.
    pub carry: Vec<Coin>,
}

/// Data of `process`.
#[cw_serde]
pub struct PageData {
    /// Where the next page starts; none when the unit is done.
    pub next: Option<String>,
}
