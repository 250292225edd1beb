//! Messages, queries and answers. Numbers that can pass 2^53 are strings, except weights: in cw4
//! they are numbers.

use chain_types::cw4::Member;
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, Coin, Uint64, Uint128};
use distribution_math::DecCoins;
use pool_kit::ownership::Action;

/// Sets up a pool.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers the validator set. Default: the sender.
    pub admin: Option<String>,
    /// Denoms that are received as fees, at most 8 ever.
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

/// How a validator describes itself.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct Metadata {
    /// Name: 1 to 256 characters.
    pub moniker: String,
    /// At most 256 characters. Default: empty.
    #[serde(default)]
    pub description: String,
}

/// A validator to change, named by exactly one of `operator` and `id`.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ValidatorUpdate {
    /// An account that operates it or has operated it.
    pub operator: Option<String>,
    /// Its number.
    pub id: Option<u64>,
    /// Its power from now on; at 0 it earns nothing more and keeps what it earned.
    pub power: Uint128,
    /// Its name and description from now on. Default: as they are.
    pub metadata: Option<Metadata>,
}

/// All messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Admin: changes powers and metadata of validators, all or none of them. The total power
    /// afterwards counts, not the order.
    UpdateValidators {
        /// Each name once; of two names of one validator the last counts.
        validators: Vec<ValidatorUpdate>,
    },
    /// Anyone, for itself: becomes a candidate, with power 0 until the admin sets it. The funds are
    /// the creation fee, if there is one.
    CreateValidator {
        /// Name and description.
        metadata: Metadata,
        /// Consensus key, of at most 128 bytes; no two validators have the same.
        pub_key: Option<Binary>,
    },
    /// Admin or operator: another account takes the validator over, with power, metadata and
    /// consensus key. At once when the admin says so; when the operator does, it is an offer that
    /// takes effect when the new operator accepts it. What was earned until then stays the old
    /// operator's claim. The validator is named by exactly one of `operator` and `id`.
    UpdateOperator {
        /// An account that operates it or has operated it.
        operator: Option<String>,
        /// Its number.
        id: Option<u64>,
        /// The account that takes over: one that operates and has operated no other validator. The
        /// operator of now takes an offer back.
        new_operator: String,
    },
    /// The account that a validator is offered to: takes it over.
    AcceptOperator {
        /// The validator's number.
        id: u64,
    },
    /// Anyone, for itself: where fees are sent.
    SetWithdrawAddress {
        /// An account; one's own switches the setting off.
        withdraw_address: String,
    },
    /// Anyone, for itself: who else may trigger one's withdrawals.
    SetClaimer {
        /// An account; none switches the setting off.
        claimer: Option<String>,
    },
    /// Operator or former operator, or its claimer: pays the whole coins of what it has earned; the
    /// fraction stays.
    WithdrawFees {
        /// Where to, for this once; by the operator only. Default: its withdraw address.
        withdraw_address: Option<String>,
        /// Whose fees. Default: the sender's.
        operator: Option<String>,
        /// Denoms to withdraw. Default: all.
        denoms: Option<Vec<String>>,
    },
    /// Anyone: allocates what came in to the validators by the powers now.
    Checkpoint {},
    /// Anyone: the funds are fees.
    Deposit {},
    /// Admin, as in cw4: sets the powers of operators and creates those that are none yet. A former
    /// operator's address means the validator that it operated.
    UpdateMembers {
        /// Operators whose power becomes 0.
        remove: Vec<String>,
        /// Operators with their power; applied after `remove`.
        add: Vec<Member>,
    },
    /// Admin, as in cw4: adds a contract that is notified of the power of every validator that
    /// a message names; at most 10.
    AddHook {
        /// The contract.
        addr: String,
    },
    /// Admin, as in cw4: removes such a contract.
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
    /// Admin or pending admin: the two-step ownership.
    UpdateOwnership(Action),
}

/// Migration keeps the state.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct MigrateMsg {}

/// All queries.
#[cw_serde]
#[derive(QueryResponses)]
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
    /// Validators without power, in the order of their ids.
    #[returns(ValidatorsResponse)]
    Candidates {
        /// The operator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// A validator or candidate, named by exactly one of `operator` and `id`.
    #[returns(ValidatorResponse)]
    Validator {
        /// An account that operates it or has operated it.
        operator: Option<String>,
        /// Its number.
        id: Option<u64>,
    },
    /// What an operator or former operator could withdraw now: what is allocated to it and its share
    /// of what the next checkpoint allocates.
    #[returns(RewardsResponse)]
    WithdrawableFees {
        /// The account.
        operator: String,
    },
    /// What a former operator has not withdrawn yet; nothing for every other account.
    #[returns(RewardsResponse)]
    PendingOperatorClaim {
        /// The account.
        address: String,
    },
    /// Where an operator's fees are sent.
    #[returns(WithdrawAddressResponse)]
    WithdrawAddress {
        /// The account.
        operator: String,
    },
    /// Who else may trigger an operator's withdrawals.
    #[returns(ClaimerResponse)]
    Claimer {
        /// The account.
        operator: String,
    },
    /// Payouts that failed. The account's next withdrawal pays them.
    #[returns(UndeliveredResponse)]
    Undelivered {
        /// Whose they are.
        account: String,
    },
    /// Power of all validators.
    #[returns(TotalPowerResponse)]
    TotalPower {},
    /// Balance, what is allocated, and what the next checkpoint allocates.
    #[returns(CheckpointResponse)]
    Checkpoint {},
    /// As in cw4: the weight of a member, which is its power.
    #[returns(chain_types::cw4::MemberResponse)]
    Member {
        /// The member.
        addr: String,
        /// At the beginning of that block. Default: now.
        at_height: Option<u64>,
    },
    /// As in cw4: members in the order of their addresses.
    #[returns(chain_types::cw4::MemberListResponse)]
    ListMembers {
        /// The member that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// As in cw4: the weight of all members.
    #[returns(chain_types::cw4::TotalWeightResponse)]
    TotalWeight {
        /// At the beginning of that block. Default: now.
        at_height: Option<u64>,
    },
    /// As in cw4: contracts that are notified of powers.
    #[returns(chain_types::cw4::HooksResponse)]
    Hooks {},
    /// As in cw4: who administers the group.
    #[returns(chain_types::cw4::AdminResponse)]
    Admin {},
    /// Admin and pending admin.
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
    /// Its number: 1 for the first that was created. It never changes.
    pub id: u64,
    /// Account that operates it.
    pub operator: Addr,
    /// Account that it is offered to, if there is one.
    pub pending_operator: Option<Addr>,
    /// Its power, 0 for a candidate.
    pub power: Uint64,
    /// Name and description, none for a member that was added without.
    pub metadata: Option<Metadata>,
    /// Consensus key, if one was given.
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

/// Answer to `withdraw_address`.
#[cw_serde]
pub struct WithdrawAddressResponse {
    /// Where fees are sent.
    pub withdraw_address: Addr,
}

/// Answer to `claimer`.
#[cw_serde]
pub struct ClaimerResponse {
    /// Who else may trigger withdrawals.
    pub claimer: Option<Addr>,
}

/// Answer to `undelivered`.
#[cw_serde]
pub struct UndeliveredResponse {
    /// Paid by the account's next withdrawal.
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
    /// The contract's balance less payouts in flight and undelivered ones.
    pub balance: Vec<Coin>,
    /// What is allocated and not withdrawn, floored to 18 decimals.
    pub total_allocated: DecCoins,
    /// What belongs to nobody yet, floored to 18 decimals: fees since the last checkpoint.
    pub unallocated: DecCoins,
}
