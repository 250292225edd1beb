//! Queries and answers. Numbers that can pass 2^53 are strings.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Coin, Uint128, Uint256};
use distribution_math::DecCoins;

use crate::msg::{Order, Provider};
use crate::unit::UnitState;

/// All queries.
#[cw_serde]
#[derive(QueryResponses)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum QueryMsg {
    /// Denoms, fee pool and reporters.
    #[returns(ConfigResponse)]
    Config {},
    /// Params in force.
    #[returns(crate::msg::Params)]
    Params {},
    /// The last due block.
    #[returns(LastDistributionTransmissionResponse)]
    LastDistributionTransmission {},
    /// The next due block.
    #[returns(NextDistributionResponse)]
    NextDistribution {},
    /// The account that fees are sent to: this contract.
    #[returns(FeeCollectorResponse)]
    FeeCollector {},
    /// What a validator has earned since its last closing, exactly.
    #[returns(HoldingPoolResponse)]
    HoldingPool {
        /// Operator address.
        validator: String,
    },
    /// The holding pools of all validators that have power or something in a pool, in the order of their
    /// bytes; of others until the cursor of a unit has passed them.
    #[returns(HoldingPoolsResponse)]
    HoldingPools {
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What would be sent if all denoms closed now: tokens, and the weights of one page of
    /// validators.
    #[returns(ProviderPoolResponse)]
    ProviderPool {
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// The unit of a denom that is under way.
    #[returns(UnitResponse)]
    Unit {
        /// Its denom.
        denom: String,
    },
    /// The units of all denoms that are under way: at most 8.
    #[returns(UnitsResponse)]
    Units {},
    /// The way to the provider.
    #[returns(ChannelResponse)]
    Channel {},
    /// Whom the provider pays for a validator.
    #[returns(ProviderValidatorResponse)]
    ProviderValidator {
        /// Operator address.
        validator: String,
    },
    /// Owner and pending owner.
    #[returns(pool_kit::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals.
    #[returns(pool_kit::audit::InvariantsResponse)]
    Invariants {},
    /// The ledger recomputed from the records, in pages: the sums of all pages are those of
    /// `invariants`.
    #[returns(pool_kit::audit::AuditResponse)]
    Audit {
        /// `next` of the last page.
        start_after: Option<String>,
        /// Records in this page: 30 by default, at most 100.
        limit: Option<u32>,
    },
}

/// A denom.
#[cw_serde]
pub struct DenomResponse {
    /// Its name.
    pub denom: String,
    /// Whether it is still received.
    pub active: bool,
}

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// In the order in which they were added.
    pub reward_denoms: Vec<DenomResponse>,
    /// Who gets the consumer's own part.
    pub fee_pool: Option<Addr>,
    /// Who may report blocks.
    pub block_reporters: Vec<Addr>,
}

/// Answer to `last_distribution_transmission`.
#[cw_serde]
pub struct LastDistributionTransmissionResponse {
    /// The height of the last due block; at first that of the set-up.
    pub height: u64,
}

/// Answer to `next_distribution`.
#[cw_serde]
pub struct NextDistributionResponse {
    /// The first height that is due.
    pub height: u64,
    /// Blocks until then, 0 when the next `begin_block` is due.
    pub blocks_left: u64,
}

/// Answer to `fee_collector`.
#[cw_serde]
pub struct FeeCollectorResponse {
    /// This contract.
    pub address: Addr,
}

/// Points of a denom.
#[cw_serde]
pub struct DenomPoints {
    /// The denom.
    pub denom: String,
    /// 10^-36 base units.
    pub points: Uint256,
}

/// Answer to `holding_pool`.
#[cw_serde]
pub struct HoldingPoolResponse {
    /// The validator.
    pub validator: String,
    /// What it has, floored to 18 decimals.
    pub rewards: DecCoins,
    /// The whole coins in it.
    pub claimable: Vec<Coin>,
    /// What it has, exactly; denoms of which it has nothing are left out.
    pub points: Vec<DenomPoints>,
}

/// Answer to `holding_pools`.
#[cw_serde]
pub struct HoldingPoolsResponse {
    /// One page.
    pub pools: Vec<HoldingPoolResponse>,
}

/// A validator's weights in the units that would close now.
#[cw_serde]
pub struct ProviderPoolWeights {
    /// The validator here.
    pub validator: String,
    /// Whom the provider pays for it; two entries that name the same one are added.
    pub provider_validator: String,
    /// Its weights.
    pub weights: Vec<DenomPoints>,
}

/// Answer to `provider_pool`.
#[cw_serde]
pub struct ProviderPoolResponse {
    /// All holding pools together, floored to 18 decimals.
    pub rewards: DecCoins,
    /// The whole coins in it: what would be sent.
    pub tokens: Vec<Coin>,
    /// One page.
    pub weights: Vec<ProviderPoolWeights>,
}

/// Answer to `unit`.
#[cw_serde]
pub struct UnitResponse {
    /// The unit; none when none of the denom is under way.
    pub unit: Option<UnitInfo>,
}

/// Answer to `units`.
#[cw_serde]
pub struct UnitsResponse {
    /// In the order of the denoms.
    pub units: Vec<UnitInfo>,
}

/// A unit.
#[cw_serde]
pub struct UnitInfo {
    /// Its denom.
    pub denom: String,
    /// Its epoch.
    pub epoch: u32,
    /// Where it is.
    pub state: UnitState,
    /// Whether validators are still being settled: `chunks` is not known yet, `validators` counts those that are.
    pub settling: bool,
    /// The coins that are sent, in base units.
    pub amount: Uint128,
    /// All weights together, in points.
    pub total: Uint256,
    /// Provider validators with a weight.
    pub validators: u32,
    /// Chunks of the weights.
    pub chunks: u32,
    /// Chunks that the provider has.
    pub chunks_acked: u32,
    /// Transfers made.
    pub attempts: u32,
    /// The transfer that is under way.
    pub transfer: Option<TransferInfo>,
    /// What the provider or the chain last refused of this denom, in this unit or one before.
    pub last_refusal: Option<String>,
}

/// A transfer that is under way.
#[cw_serde]
pub struct TransferInfo {
    /// The channel that it went over.
    pub channel_id: String,
    /// Its timeout on the provider's clock, in nanoseconds.
    pub timeout: cosmwasm_std::Timestamp,
    /// From when on `reconcile` may ask about it, in seconds.
    pub reconcile_from: u64,
}

/// Answer to `channel`.
#[cw_serde]
pub struct ChannelResponse {
    /// The CCV channel of the last handshake; none before the first and when it was abandoned.
    pub channel_id: Option<String>,
    /// Whether the chain says that it is open.
    pub open: bool,
    /// The order of the next handshake.
    pub order: Order,
    /// The provider.
    pub provider: Provider,
    /// Whether a probe has passed.
    pub active: bool,
    /// The probe that is under way.
    pub probe: Option<ProbeInfo>,
    /// The channel that may be closed, once.
    pub closable: Option<String>,
}

/// A probe.
#[cw_serde]
pub struct ProbeInfo {
    /// Its number.
    pub nonce: u32,
    /// From then on another one may begin, in nanoseconds.
    pub timeout: cosmwasm_std::Timestamp,
    /// Whether the provider has confirmed the coin that must arrive.
    pub arrived: bool,
    /// Whether the coin that must be refused has come back.
    pub came_back: bool,
}

/// Answer to `provider_validator`.
#[cw_serde]
pub struct ProviderValidatorResponse {
    /// The validator on the provider.
    pub provider_validator: String,
}
