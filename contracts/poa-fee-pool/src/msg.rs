//! Messages, queries and answers. Numbers that can pass 2^53 are strings, but for weights: cw4 has
//! them as numbers.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, Coin, Uint64, Uint128};
use distribution_math::DecCoins;
use interfaces::cw4::Member;
use interfaces::json::ReadJson;
use interfaces::ownership::Action;

/// Sets up a pool.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers the validator set. Default: the sender.
    pub admin: Option<String>,
    /// Denoms that are taken for fees, at most 8 ever.
    pub denoms: Vec<String>,
    /// Validators at the start, with what they have earned elsewhere. Default: none.
    #[serde(default)]
    pub validators: Vec<GenesisValidator>,
    /// What `create_validator` costs, a coin of one of the denoms; it joins the fees. Default:
    /// nothing.
    pub creation_fee: Option<Coin>,
}

/// A validator at the start.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct GenesisValidator {
    /// Account that operates it.
    pub operator: String,
    /// Its power, 0 for a candidate.
    pub power: Uint128,
    /// Its name and description. Default: none.
    pub metadata: Option<Metadata>,
    /// Its consensus key. Default: unknown.
    pub pub_key: Option<Binary>,
    /// What it has earned and not withdrawn. Covered by the balance, funds sent along included.
    pub fees: Option<DecCoins>,
}

/// What a validator tells of itself.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct Metadata {
    /// Name: 1 to 256 characters.
    pub moniker: String,
    /// At most 256 characters. Default: empty.
    #[serde(default)]
    pub description: String,
}

/// A validator to change.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ValidatorUpdate {
    /// Account that operates it.
    pub operator: String,
    /// Its power from now on; at 0 it earns nothing more and keeps what it earned.
    pub power: Uint128,
    /// Its name and description from now on. Default: as they are.
    pub metadata: Option<Metadata>,
}

/// All messages.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Admin: changes powers and metadata of operators, all or none of them. The total power
    /// afterwards counts, not the order.
    UpdateValidators {
        /// Each operator once.
        validators: Vec<ValidatorUpdate>,
    },
    /// Anyone, for itself: becomes a candidate, with power 0 until the admin sets it. The funds are
    /// the creation fee, if there is one.
    CreateValidator {
        /// Name and description.
        metadata: Metadata,
        /// Consensus key, of at most 128 bytes; no two operators have the same.
        pub_key: Option<Binary>,
    },
    /// Admin, or an operator with power: another account takes over, with power and metadata. What was earned so
    /// far stays the old operator's claim.
    UpdateOperator {
        /// Who hands over.
        operator: String,
        /// Who takes over; no operator yet.
        new_operator: String,
    },
    /// Operator, or who was one: pays the whole coins of what it has earned; the fraction stays.
    WithdrawFees {
        /// Where to, for this once. Default: the sender.
        withdraw_address: Option<String>,
        /// Which of what it has earned. Default: every denom.
        denoms: Option<Vec<String>>,
    },
    /// Anyone: gives what came in to the validators by the powers now.
    Checkpoint {},
    /// Anyone: the funds are fees.
    Deposit {},
    /// Admin, as in cw4: sets the powers of operators and creates those that are none yet.
    UpdateMembers {
        /// Operators whose power becomes 0.
        remove: Vec<String>,
        /// Operators with their power.
        add: Vec<Member>,
    },
    /// Admin, as in cw4: a contract that is told of every change of a power; at most 10.
    AddHook {
        /// The contract.
        addr: String,
    },
    /// Admin, as in cw4: a contract that is no longer told.
    RemoveHook {
        /// The contract.
        addr: String,
    },
    /// Admin: adds and removes denoms.
    UpdateDenoms {
        /// To be received from now on.
        #[serde(default)]
        add: Vec<String>,
        /// No longer to be received. Claims go on.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// Admin, or the pending one: the two-step ownership.
    UpdateOwnership(Action),
}

/// Migration keeps the state.
#[cw_serde]
#[derive(ReadJson)]
pub struct MigrateMsg {}

/// All queries.
#[cw_serde]
#[derive(QueryResponses, ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum QueryMsg {
    /// Denoms and creation fee.
    #[returns(ConfigResponse)]
    Config {},
    /// Validators, those with power, the most powerful first.
    #[returns(ValidatorsResponse)]
    Validators {
        /// The operator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// Operators without power, in the order of their bytes.
    #[returns(ValidatorsResponse)]
    Candidates {
        /// The operator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// A validator or candidate.
    #[returns(ValidatorResponse)]
    Validator {
        /// Its operator.
        operator: String,
    },
    /// What an operator, or who was one, could withdraw now: what is allocated to it and its share
    /// of what the next checkpoint allocates.
    #[returns(RewardsResponse)]
    WithdrawableFees {
        /// The account.
        operator: String,
    },
    /// What an account that handed over its validator has not withdrawn yet; nothing for others.
    #[returns(RewardsResponse)]
    PendingOperatorClaim {
        /// The account.
        address: String,
    },
    /// Payouts that came back, to be paid by the account's next withdrawal.
    #[returns(UndeliveredResponse)]
    Undelivered {
        /// Whose they are.
        account: String,
    },
    /// Power of all validators.
    #[returns(TotalPowerResponse)]
    TotalPower {},
    /// What a checkpoint starts from.
    #[returns(CheckpointResponse)]
    Checkpoint {},
    /// As in cw4: the weight of a member, which is its power.
    #[returns(interfaces::cw4::MemberResponse)]
    Member {
        /// The member.
        addr: String,
        /// At the beginning of that block. Default: now.
        at_height: Option<u64>,
    },
    /// As in cw4: members in the order of their addresses.
    #[returns(interfaces::cw4::MemberListResponse)]
    ListMembers {
        /// The member that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// As in cw4: the weight of all members.
    #[returns(interfaces::cw4::TotalWeightResponse)]
    TotalWeight {
        /// At the beginning of that block. Default: now.
        at_height: Option<u64>,
    },
    /// As in cw4: contracts that are told of every change of a power.
    #[returns(interfaces::cw4::HooksResponse)]
    Hooks {},
    /// As in cw4: who administers the group.
    #[returns(interfaces::cw4::AdminResponse)]
    Admin {},
    /// Admin and pending admin.
    #[returns(interfaces::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals.
    #[returns(interfaces::audit::InvariantsResponse)]
    Invariants {},
    /// The ledger recomputed from the records, in pages: the sums of all pages are those of
    /// `invariants`.
    #[returns(interfaces::audit::AuditResponse)]
    Audit {
        /// `next` of the last page.
        start_after: Option<String>,
        /// Records in this page: 30 by default, at most 100.
        limit: Option<u32>,
    },
}

/// A denom of the pool.
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
    pub denoms: Vec<DenomResponse>,
    /// What `create_validator` costs.
    pub creation_fee: Option<Coin>,
}

/// Answer to `validator`.
#[cw_serde]
pub struct ValidatorResponse {
    /// Account that operates it.
    pub operator: Addr,
    /// Its power, 0 for a candidate.
    pub power: Uint64,
    /// Name and description, none for a member that was added without.
    pub metadata: Option<Metadata>,
    /// Consensus key, when it was told.
    pub pub_key: Option<Binary>,
}

/// Answer to `validators` and `candidates`.
#[cw_serde]
pub struct ValidatorsResponse {
    /// One page.
    pub validators: Vec<ValidatorResponse>,
}

/// Answer to queries of claims.
#[cw_serde]
pub struct RewardsResponse {
    /// What is owed, floored to 18 decimals.
    pub rewards: DecCoins,
    /// The whole coins in it that a withdrawal would pay now.
    pub claimable: Vec<Coin>,
}

/// Answer to `undelivered`.
#[cw_serde]
pub struct UndeliveredResponse {
    /// What waits for the account's next withdrawal.
    pub amount: Vec<Coin>,
}

/// Answer to `total_power`.
#[cw_serde]
pub struct TotalPowerResponse {
    /// Below 2^63.
    pub total_power: Uint64,
}

/// Answer to `checkpoint`: `unallocated = balance - total_allocated`.
#[cw_serde]
pub struct CheckpointResponse {
    /// The contract's balance less payouts on their way and payouts that came back.
    pub balance: Vec<Coin>,
    /// What was allocated and not withdrawn, floored to 18 decimals.
    pub total_allocated: DecCoins,
    /// What is nobody's yet, floored to 18 decimals: fees since the last checkpoint.
    pub unallocated: DecCoins,
}
