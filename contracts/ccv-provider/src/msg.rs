//! Messages and queries.

use ccv::qualification::DisqualifiedPolicy;
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Coin, IbcOrder};
use pool_kit::ownership;

use crate::answers::{
    CarryResponse, ConfigResponse, ConsumerResponse, ConsumersResponse, OwedPaymentsResponse,
    PendingUnitsResponse, RewardsResponse, UnitResponse,
};

/// Sets up the contract.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who registers consumers; the sender by default.
    pub owner: Option<String>,
    /// Where validators live and are paid.
    pub target: Target,
    /// Who gets what no validator is qualified for; by default the target's: the community pool of
    /// x/distribution, that of the fee pool, the admin of the group.
    pub community_pool: Option<CommunityPool>,
}

/// Where validators live and are paid.
#[cw_serde]
#[derive(Eq)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum Target {
    /// x/staking knows them, x/distribution pays them and their delegators.
    Native,
    /// A fee pool knows them, and pays them and their delegators.
    FeePool {
        /// The fee pool.
        contract: String,
    },
    /// They are the members of a cw4 group; each is sent its coins.
    Group {
        /// The group.
        contract: String,
    },
}

/// Who gets what no validator is qualified for, in place of the target's community pool.
#[cw_serde]
#[derive(Eq)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum CommunityPool {
    /// The community pool of x/protocolpool.
    ProtocolPool,
    /// An account.
    Address(String),
}

/// The order of a CCV channel.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ChannelOrder {
    /// Packets come in the order in which they were sent; a timeout closes the channel.
    Ordered,
    /// Packets come in any order.
    Unordered,
}

impl ChannelOrder {
    /// Whether a channel has this order.
    pub fn is(self, order: &IbcOrder) -> bool {
        matches!(
            (self, order),
            (ChannelOrder::Ordered, IbcOrder::Ordered)
                | (ChannelOrder::Unordered, IbcOrder::Unordered)
        )
    }
}

/// A consumer as its registration describes it.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct RegisterConsumer {
    /// Names the consumer here: 1 to 64 letters, digits and `/:._-`.
    pub id: String,
    /// The connection to its chain, on this chain.
    pub connection_id: String,
    /// The port of its end of the CCV channel, such as `wasm.consumer1..`.
    pub port_id: String,
    /// Its contract, an address of its chain: the sender of its transfers.
    pub contract: String,
    /// This chain's end of the transfer channel that its coins come over.
    pub transfer_channel: String,
    /// The denoms it pays in, as the consumer names them: at most 4.
    pub denoms: Vec<String>,
    /// The order that its CCV channel must have; either by default.
    pub order: Option<ChannelOrder>,
    /// What becomes of the part of validators that do not exist; `redistribute` by default.
    pub disqualified: Option<DisqualifiedPolicy>,
    /// Who, beside the owner, lists its denoms: an account of this chain.
    pub admin: Option<String>,
    /// The connection of the transfer channel, where it is another than that of the CCV channel.
    pub transfer_connection_id: Option<String>,
}

/// Changes of a consumer; what is left out stays. With another connection, port or transfer channel
/// its carry goes to the community pool. Epochs go on, so it stays the same contract: another one,
/// which counts its epochs from 1, is another consumer.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct UpdateConsumer {
    /// The consumer.
    pub id: String,
    /// A new connection. The CCV channel so far is ignored from then on, and weights whose coins have
    /// not come are dropped.
    pub connection_id: Option<String>,
    /// A new port, with the same consequences.
    pub port_id: Option<String>,
    /// A new transfer channel.
    pub transfer_channel: Option<String>,
    /// Which order a channel must have from now on.
    pub order: Option<ChannelOrder>,
    /// What becomes of the disqualified part of units whose first pass has not begun.
    pub disqualified: Option<DisqualifiedPolicy>,
    /// A new admin. It can be replaced, not taken away: name the owner.
    pub admin: Option<String>,
    /// The connection of the transfer channel.
    pub transfer_connection_id: Option<String>,
}

/// Messages. None takes funds.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Registers a consumer. By the owner.
    RegisterConsumer(RegisterConsumer),
    /// Changes a consumer. By the owner.
    UpdateConsumer(UpdateConsumer),
    /// Changes what a consumer may pay in. By the owner or that consumer's admin. The carry of a
    /// removed denom goes to the community pool.
    UpdateConsumerDenoms {
        /// The consumer.
        id: String,
        /// Denoms to accept, as the consumer names them.
        add: Option<Vec<String>>,
        /// Denoms to refuse from now on.
        remove: Option<Vec<String>>,
    },
    /// Refuses weights and coins of a consumer and stops processing, or ends that. By the owner.
    PauseConsumer {
        /// The consumer.
        id: String,
        /// Whether it is paused.
        paused: bool,
    },
    /// Refuses new units of a consumer. When no unit with coins waits, deletes the consumer, and its
    /// carry goes to the community pool. Sent again until then; it cannot be taken back. By the owner.
    RemoveConsumer {
        /// The consumer.
        id: String,
    },
    /// Ignores a CCV channel from now on, whatever state it has. By the owner.
    AbandonChannel {
        /// This chain's end.
        channel_id: String,
    },
    /// Lets a CCV channel be closed from this end, once. By the owner.
    AllowChannelClose {
        /// This chain's end.
        channel_id: String,
    },
    /// Says that an entry of a consumer means another validator than it names, also of units under way.
    /// By the owner.
    OverrideValidator {
        /// The consumer.
        consumer: String,
        /// The validator that entries name.
        validator: String,
        /// The validator that is meant; none ends it.
        pay_to: Option<String>,
    },
    /// Works on the earliest unit of a consumer and denom: first which validators exist, then their
    /// payment. By anyone; the result is the same for every limit.
    Process {
        /// The consumer.
        consumer: String,
        /// The unit's epoch.
        epoch: u32,
        /// The unit's denom, as the consumer names it.
        denom: String,
        /// Validators looked at: 30 by default, at most 100. Each is looked at in both passes.
        limit: Option<u32>,
    },
    /// Pays again what failed. By anyone.
    RetryPayment {
        /// The validator; left out for the community pool.
        validator: Option<String>,
        /// The denom, as this chain names it.
        denom: String,
    },
    /// Sends the coins of a unit whose weights never come. By the owner.
    ResolveOrphan {
        /// The consumer.
        consumer: String,
        /// The unit's epoch.
        epoch: u32,
        /// The unit's denom, as the consumer names it.
        denom: String,
        /// Where to.
        to: String,
    },
    /// Sends undistributed coins: what the contract has beyond what it owes. By the owner.
    Sweep {
        /// The denom, as this chain names it.
        denom: String,
        /// Where to.
        recipient: String,
    },
    /// Hands the contract over in two steps, or renounces it.
    UpdateOwnership(ownership::Action),
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum QueryMsg {
    /// Target and community pool.
    #[returns(ConfigResponse)]
    Config {},
    /// A consumer.
    #[returns(ConsumerResponse)]
    Consumer {
        /// Its id.
        id: String,
    },
    /// All consumers, by their ids.
    #[returns(ConsumersResponse)]
    Consumers {
        /// The id that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// A unit, and what it waits for.
    #[returns(UnitResponse)]
    Unit {
        /// The consumer.
        consumer: String,
        /// The unit's epoch.
        epoch: u32,
        /// The unit's denom, as the consumer names it.
        denom: String,
    },
    /// The units of a consumer that are not done, by denom and epoch.
    #[returns(PendingUnitsResponse)]
    PendingUnits {
        /// The consumer.
        consumer: String,
        /// The unit that the last page ended with.
        start_after: Option<UnitCursor>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What is owed to a validator because its payment failed, by denom.
    #[returns(RewardsResponse)]
    Rewards {
        /// The validator.
        validator: String,
        /// The denom that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// Every payment that failed, by validator and denom. What is owed to the community pool is a
    /// class in `invariants`.
    #[returns(OwedPaymentsResponse)]
    OwedPayments {
        /// The payment that the last page ended with.
        start_after: Option<OwedCursor>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What a consumer's next units of each denom begin with.
    #[returns(CarryResponse)]
    Carry {
        /// The consumer.
        consumer: String,
        /// The denom that the last page ended with, as this chain names it.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// Owner and pending owner.
    #[returns(pool_kit::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals, by denom as this chain names it.
    #[returns(pool_kit::audit::InvariantsResponse)]
    Invariants {
        /// The denom that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
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

/// A place in the list of a consumer's units.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct UnitCursor {
    /// The denom, as the consumer names it.
    pub denom: String,
    /// The epoch.
    pub epoch: u32,
}

/// A place in the list of owed payments.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct OwedCursor {
    /// The validator.
    pub validator: String,
    /// The denom, as this chain names it.
    pub denom: String,
}

/// Moves to this version of the contract; there is nothing to say.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct MigrateMsg {}

/// What the contract sends to a fee pool.
#[cw_serde]
pub(crate) enum FeePoolMsg {
    DepositValidatorRewards { allocations: Vec<Allocation> },
    FundCommunityPool {},
}

/// A validator's part of the funds.
#[cw_serde]
pub(crate) struct Allocation {
    pub validator: String,
    pub amount: Vec<Coin>,
}
