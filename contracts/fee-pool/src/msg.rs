//! Messages, queries and answers. Numbers that can pass 2^53 are strings.

use accounting::AccountingKind;
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Coin, Decimal256, Int512, Timestamp, Uint64, Uint128, Uint256};
use distribution_math::DecCoins;
use interfaces::cw4::MemberChangedHookMsg;
use interfaces::hooks::Dialect;
use interfaces::json::ReadJson;
use interfaces::ownership::Action;
use interfaces::staking_event::{CommissionTerms, StakingEvent};

/// Sets up a pool.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers the pool. Default: the sender.
    pub owner: Option<String>,
    /// How entitlements are kept; fixed. Default: `f1`. `lazy` is not for the source `sync`.
    pub accounting: Option<AccountingKind>,
    /// Who is believed for delegations; fixed. Default: `reporter`.
    pub source: Option<Source>,
    /// Denoms that are taken for fees, at most 8 ever.
    pub reward_denoms: Vec<String>,
    /// Rates of the split. Default: each param its own.
    pub params: Option<ParamsUpdate>,
    /// Who may report blocks and staking events. Default: nobody.
    pub reporters: Option<ReportersUpdate>,
    /// A cw4 group whose weights are powers; fixed. Default: none.
    pub group: Option<String>,
    /// Whether the pool starts at once, without an import. Default: false.
    pub active: Option<bool>,
    /// Decimal places of shares that are kept, 0 to 18; fixed. Default: 6, for tokens with 6
    /// decimals; 0 suits tokens with 18.
    pub share_places: Option<u8>,
    /// Base units of stake behind one power; fixed, only for the source `sync`. Default: 1000000.
    pub power_reduction: Option<Uint64>,
}

/// Whom a pool believes for delegations.
#[cw_serde]
#[derive(Copy, Eq, ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum Source {
    /// Staking events of the staking reporters, or of the chain through `sudo`.
    Reporter,
    /// The chain's staking module, read at every sync and withdrawal.
    Sync,
    /// The chain's staking hooks through `sudo`.
    Hooks {
        /// Whose JSON the hooks have.
        dialect: Dialect,
    },
}

/// Params, each in [0, 1]; tax, base and bonus together at most 1.
#[cw_serde]
#[derive(ReadJson)]
pub struct Params {
    /// Of all fees, for the community pool. Default: 0.02.
    pub community_tax: Decimal256,
    /// Of all fees, for the proposer. Default: 0.01.
    pub base_proposer_reward: Decimal256,
    /// Of all fees, for the proposer, in proportion to the power that signed. Default: 0.04.
    pub bonus_proposer_reward: Decimal256,
    /// Of the votes' share, divided equally among the active validators. Default: 0.
    pub equal_share: Decimal256,
    /// Whether delegators and operators may name a withdraw address. Default: true.
    pub withdraw_addr_enabled: bool,
}

/// Params to change; those left out stay.
#[cw_serde]
#[derive(Default, ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ParamsUpdate {
    /// See [`Params::community_tax`].
    pub community_tax: Option<Decimal256>,
    /// See [`Params::base_proposer_reward`].
    pub base_proposer_reward: Option<Decimal256>,
    /// See [`Params::bonus_proposer_reward`].
    pub bonus_proposer_reward: Option<Decimal256>,
    /// See [`Params::equal_share`].
    pub equal_share: Option<Decimal256>,
    /// See [`Params::withdraw_addr_enabled`].
    pub withdraw_addr_enabled: Option<bool>,
}

/// Lists of reporters to replace; those left out stay.
#[cw_serde]
#[derive(Default, ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ReportersUpdate {
    /// Who may send `begin_block`. A new list counts its blocks anew: the last reported height is
    /// forgotten.
    pub block: Option<Vec<String>>,
    /// Who may send `staking_event`.
    pub staking: Option<Vec<String>>,
}

/// A validator at the start.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportedValidator {
    /// Operator address.
    pub validator: String,
    /// Voting power, 0 when not active.
    pub power: Uint128,
    /// Commission terms.
    pub commission: CommissionTerms,
}

/// A delegation at the start.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportedDelegation {
    /// Who delegates.
    pub delegator: String,
    /// Operator address.
    pub validator: String,
    /// A decimal with at most 18 places: shares, or tokens where the source tells tokens.
    pub shares: String,
}

/// Who voted for a block, and with how much power.
#[cw_serde]
#[derive(ReadJson)]
pub enum LastCommit {
    /// The whole set: it becomes the pool's. A validator that is not among them has no power.
    Votes(Vec<Vote>),
    /// The power that signed, of the set that the pool knows.
    SignedPower(Uint128),
}

/// One validator's part in a block.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct Vote {
    /// Operator address.
    pub validator: String,
    /// Its power, below 2^63.
    pub power: Uint128,
    /// Whether it signed.
    pub signed: bool,
}

/// What a block reporter or the chain tells of a block.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct BeginBlock {
    /// Operator address of who proposed the block, if anybody did.
    pub proposer: Option<String>,
    /// Who signed it.
    pub last_commit: LastCommit,
    /// The reporter's own number of the block; it must grow. The contract's height decides what
    /// a block is.
    pub height: Option<u64>,
}

/// Rewards for one validator.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ValidatorAllocation {
    /// Operator address.
    pub validator: String,
    /// What it gets of the funds sent along.
    pub amount: Vec<Coin>,
}

/// All messages.
#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Owner, before activation: one page of the state at the start.
    Import {
        /// Validators, before delegations that name them.
        #[serde(default)]
        validators: Vec<ImportedValidator>,
        /// Delegations.
        #[serde(default)]
        delegations: Vec<ImportedDelegation>,
    },
    /// Owner, once: fees are split from the next block on.
    Activate {},
    /// Block reporter: splits what has come in since the last block. Once per height.
    BeginBlock(BeginBlock),
    /// Anyone: the funds are fees of the current block.
    Deposit {},
    /// Staking reporter: something changed in staking.
    StakingEvent(StakingEvent),
    /// The configured cw4 group: weights are powers.
    MemberChangedHook(MemberChangedHookMsg),
    /// Anyone, source `sync`: reads a delegation from the chain.
    SyncDelegation {
        /// Who delegates.
        delegator: String,
        /// Operator address.
        validator: String,
    },
    /// Anyone, source `hooks`: reads a validator's commission from the chain.
    RefreshValidator {
        /// Operator address.
        validator: String,
    },
    /// Anyone: rewards for named validators and their delegators. The funds must equal the sum.
    DepositValidatorRewards {
        /// Who gets what.
        allocations: Vec<ValidatorAllocation>,
    },
    /// Anyone: the funds are the community pool's.
    FundCommunityPool {},
    /// Owner: pays from the community pool.
    CommunityPoolSpend {
        /// Who gets it.
        recipient: String,
        /// How much.
        amount: Vec<Coin>,
    },
    /// Anyone, for itself: where rewards and commission are sent.
    SetWithdrawAddress {
        /// An account; one's own switches the setting off.
        withdraw_address: String,
    },
    /// Anyone, for itself: who else may trigger one's withdrawals.
    SetClaimer {
        /// An account; none switches the setting off.
        claimer: Option<String>,
    },
    /// Delegator or its claimer: pays the rewards of one delegation.
    WithdrawDelegatorReward {
        /// Operator address.
        validator: String,
        /// Only these denoms. Default: all.
        denoms: Option<Vec<String>>,
        /// Whose delegation. Default: the sender's.
        delegator: Option<String>,
    },
    /// Delegator or its claimer: pays the rewards of all delegations, in pages.
    WithdrawDelegation {
        /// Where to, for this once; by the delegator only. Default: its withdraw address.
        withdraw_address: Option<String>,
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// Delegations in this page: 30 by default, at most 100.
        limit: Option<u32>,
        /// Whose delegations. Default: the sender's.
        delegator: Option<String>,
    },
    /// Operator or its claimer: pays commission.
    WithdrawValidatorCommission {
        /// Operator address.
        validator: String,
    },
    /// Operator or its claimer: pays commission and the rewards of the self-delegation.
    WithdrawValidator {
        /// Operator address.
        validator: String,
        /// Where to, for this once; by the operator only. Default: its withdraw address.
        withdraw_address: Option<String>,
    },
    /// Operator: a new commission rate, where no hooks tell of it.
    EditCommission {
        /// The rate from now on.
        rate: Decimal256,
    },
    /// Owner: changes params from the next block on.
    UpdateParams(ParamsUpdate),
    /// Owner: replaces lists of reporters.
    UpdateReporters(ReportersUpdate),
    /// Owner: adds and removes reward denoms.
    UpdateRewardDenoms {
        /// To be received from now on.
        #[serde(default)]
        add: Vec<String>,
        /// No longer to be received. Claims go on.
        #[serde(default)]
        remove: Vec<String>,
    },
    /// Owner, or the pending one: the two-step ownership.
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
    /// What was fixed when the pool was set up, and whether it is active.
    #[returns(ConfigResponse)]
    Config {},
    /// Params in force.
    #[returns(Params)]
    Params {},
    /// Who may report.
    #[returns(ReportersResponse)]
    Reporters {},
    /// Denoms that are or were received.
    #[returns(RewardDenomsResponse)]
    RewardDenoms {},
    /// The last block whose fees were split, and the powers now.
    #[returns(LastBlockResponse)]
    LastBlock {},
    /// The community pool.
    #[returns(CommunityPoolResponse)]
    CommunityPool {},
    /// A validator.
    #[returns(ValidatorResponse)]
    Validator {
        /// Operator address.
        validator: String,
    },
    /// Validators in the order of their bytes.
    #[returns(ValidatorsResponse)]
    Validators {
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// All active validators with their powers.
    #[returns(ValidatorSetResponse)]
    ValidatorSet {},
    /// All that is owed to a validator's operator and delegators.
    #[returns(RewardsResponse)]
    ValidatorOutstandingRewards {
        /// Operator address.
        validator: String,
    },
    /// An operator's commission.
    #[returns(RewardsResponse)]
    ValidatorCommission {
        /// Operator address.
        validator: String,
    },
    /// What a validator has received and not split into commission and delegators' part yet.
    #[returns(RewardsResponse)]
    ValidatorCurrentRewards {
        /// Operator address.
        validator: String,
    },
    /// An operator's commission and self-delegation.
    #[returns(ValidatorDistributionInfoResponse)]
    ValidatorDistributionInfo {
        /// Operator address.
        validator: String,
    },
    /// A delegation.
    #[returns(DelegationResponse)]
    Delegation {
        /// Who delegates.
        delegator: String,
        /// Operator address.
        validator: String,
    },
    /// A delegator's delegations.
    #[returns(DelegationsResponse)]
    DelegatorDelegations {
        /// Who delegates.
        delegator: String,
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// A validator's delegations.
    #[returns(DelegationsResponse)]
    ValidatorDelegations {
        /// Operator address.
        validator: String,
        /// The delegator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// What a delegation could claim now.
    #[returns(RewardsResponse)]
    DelegationRewards {
        /// Who delegates.
        delegator: String,
        /// Operator address.
        validator: String,
    },
    /// What a delegator could claim now, by validator and in total.
    #[returns(DelegationTotalRewardsResponse)]
    DelegationTotalRewards {
        /// Who delegates.
        delegator: String,
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// The validators that a delegator delegates to.
    #[returns(DelegatorValidatorsResponse)]
    DelegatorValidators {
        /// Who delegates.
        delegator: String,
        /// The validator that the last page ended with.
        start_after: Option<String>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// Where a delegator's rewards are sent.
    #[returns(DelegatorWithdrawAddressResponse)]
    DelegatorWithdrawAddress {
        /// Who delegates.
        delegator: String,
    },
    /// Who else may trigger a delegator's withdrawals.
    #[returns(ClaimerResponse)]
    Claimer {
        /// Who delegates.
        delegator: String,
    },
    /// Payouts that came back, to be paid by the account's next withdrawal.
    #[returns(UndeliveredResponse)]
    Undelivered {
        /// Whose they are.
        account: String,
    },
    /// Owner and pending owner.
    #[returns(interfaces::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals.
    #[returns(interfaces::audit::InvariantsResponse)]
    Invariants {},
    /// What a delegation's rewards are made of. Only with the accounting `lazy`.
    #[returns(AdjustmentResponse)]
    DelegationAdjustment {
        /// Who delegates.
        delegator: String,
        /// Operator address.
        validator: String,
    },
    /// What an operator's commission is made of. Only with the accounting `lazy`.
    #[returns(AdjustmentResponse)]
    CommissionAdjustment {
        /// Operator address.
        validator: String,
    },
    /// What changed how rewards are shared, the older first; the newest 1000. Only with the
    /// accounting `lazy`.
    #[returns(PowerChangesResponse)]
    PowerChanges {
        /// The sequence that the last page ended with.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// The ledger recomputed from the records, in pages: the sums of all pages are those of
    /// `invariants`. With the accounting `lazy` the last page has the class `rounding_reserve`, what
    /// roundings left; with it the outstanding rewards are those of `invariants`.
    #[returns(interfaces::audit::AuditResponse)]
    Audit {
        /// `next` of the last page.
        start_after: Option<String>,
        /// Records in this page: 30 by default, at most 100.
        limit: Option<u32>,
    },
}

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// How entitlements are kept.
    pub accounting: AccountingKind,
    /// Who is believed for delegations.
    pub source: Source,
    /// The cw4 group whose weights are powers.
    pub group: Option<Addr>,
    /// Whether money moves.
    pub active: bool,
    /// Decimal places of shares that are kept.
    pub share_places: u8,
    /// Base units of stake behind one power.
    pub power_reduction: Uint64,
}

/// Answer to `reporters`.
#[cw_serde]
pub struct ReportersResponse {
    /// Who may send `begin_block`.
    pub block: Vec<Addr>,
    /// Who may send `staking_event`.
    pub staking: Vec<Addr>,
}

/// A denom of the pool.
#[cw_serde]
pub struct RewardDenom {
    /// Its name.
    pub denom: String,
    /// Whether it is still received.
    pub active: bool,
}

/// Answer to `reward_denoms`.
#[cw_serde]
pub struct RewardDenomsResponse {
    /// In the order in which they were added.
    pub reward_denoms: Vec<RewardDenom>,
}

/// Answer to `last_block`.
#[cw_serde]
pub struct LastBlockResponse {
    /// The contract's height of the last split, 0 before the first.
    pub height: u64,
    /// The last height that a reporter named, 0 when none did.
    pub reported_height: u64,
    /// Power of all active validators.
    pub total_power: Uint64,
    /// Validators with power.
    pub active_validators: u32,
}

/// Answer to `community_pool`.
#[cw_serde]
pub struct CommunityPoolResponse {
    /// With fractions.
    pub pool: DecCoins,
    /// What can be spent.
    pub spendable: Vec<Coin>,
}

/// Answer to reward queries.
#[cw_serde]
pub struct RewardsResponse {
    /// What is owed, floored to 18 decimals.
    pub rewards: DecCoins,
    /// The whole coins in it that a withdrawal would pay now.
    pub claimable: Vec<Coin>,
}

/// Commission of a validator.
#[cw_serde]
pub struct Commission {
    /// The rate in force.
    pub rate: Decimal256,
    /// Its limit, when it is known.
    pub max_rate: Option<Decimal256>,
    /// The most by which it rises in a day, when it is known.
    pub max_change_rate: Option<Decimal256>,
    /// When the operator last edited it.
    pub last_edit: Option<Timestamp>,
    /// Whether the chain announced a change: the rate is read from it at the next settlement.
    pub stale: bool,
}

/// Answer to `validator`.
#[cw_serde]
pub struct ValidatorResponse {
    /// Operator address.
    pub validator: String,
    /// Voting power, 0 when not active.
    pub power: Uint64,
    /// Commission in force and its limits.
    pub commission: Commission,
    /// Units of its delegations.
    pub units: Uint128,
    /// Tokens per share, for sources that tell tokens; 36 decimals.
    pub exchange_rate: String,
    /// What it has received and not split yet.
    pub current_rewards: DecCoins,
    /// Whether it was removed.
    pub removed: bool,
}

/// Answer to `validators`.
#[cw_serde]
pub struct ValidatorsResponse {
    /// One page.
    pub validators: Vec<ValidatorResponse>,
}

/// An active validator.
#[cw_serde]
pub struct ValidatorPower {
    /// Operator address.
    pub validator: String,
    /// Its power.
    pub power: Uint64,
}

/// Answer to `validator_set`.
#[cw_serde]
pub struct ValidatorSetResponse {
    /// In the order of their bytes.
    pub validators: Vec<ValidatorPower>,
    /// Sum of the powers.
    pub total_power: Uint64,
}

/// Answer to `validator_distribution_info`.
#[cw_serde]
pub struct ValidatorDistributionInfoResponse {
    /// The operator's account.
    pub operator_address: Addr,
    /// Rewards of its delegation to itself.
    pub self_bond_rewards: DecCoins,
    /// Its commission.
    pub commission: DecCoins,
}

/// Answer to `delegation`.
#[cw_serde]
pub struct DelegationResponse {
    /// Who delegates.
    pub delegator: Addr,
    /// Operator address.
    pub validator: String,
    /// Its units, 0 without a record.
    pub units: Uint128,
}

/// Answer to lists of delegations.
#[cw_serde]
pub struct DelegationsResponse {
    /// One page.
    pub delegations: Vec<DelegationResponse>,
}

/// Rewards of one delegation.
#[cw_serde]
pub struct DelegationReward {
    /// Operator address.
    pub validator: String,
    /// What is owed.
    pub rewards: DecCoins,
    /// The whole coins in it.
    pub claimable: Vec<Coin>,
}

/// Answer to `delegation_total_rewards`. Totals are of this page; `next` tells whether there is
/// another.
#[cw_serde]
pub struct DelegationTotalRewardsResponse {
    /// By validator.
    pub rewards: Vec<DelegationReward>,
    /// Their sum.
    pub total: DecCoins,
    /// The sum of what each would pay: each pays its own floor.
    pub claimable: Vec<Coin>,
    /// Where the next page starts after.
    pub next: Option<String>,
}

/// Answer to `delegator_validators`.
#[cw_serde]
pub struct DelegatorValidatorsResponse {
    /// Operator addresses.
    pub validators: Vec<String>,
}

/// Answer to `delegator_withdraw_address`.
#[cw_serde]
pub struct DelegatorWithdrawAddressResponse {
    /// Where rewards are sent.
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
    /// What waits for the account's next withdrawal.
    pub amount: Vec<Coin>,
}

/// What an entitlement to one pool is made of, in points (10^-36 base units):
/// `entitlement = simple_pool - adjustment`.
#[cw_serde]
pub struct PoolAdjustment {
    /// What it would be had the shares of now been there from the beginning, without withdrawals.
    pub simple_pool: Uint256,
    /// The same with the validator's shares from before the newest power change until that change.
    pub projected_pool: Uint256,
    /// What corrects the simple pool, withdrawals included; of either sign.
    pub adjustment: Int512,
}

/// What the entitlements in one denom are made of.
#[cw_serde]
pub struct DenomAdjustment {
    /// The denom.
    pub denom: String,
    /// In what all validators share, by power and in equal parts.
    pub global: PoolAdjustment,
    /// In what the validator received alone.
    pub proposer: PoolAdjustment,
}

/// Answer to `delegation_adjustment` and `commission_adjustment`.
#[cw_serde]
pub struct AdjustmentResponse {
    /// In the order in which the denoms were added.
    pub denoms: Vec<DenomAdjustment>,
}

/// How a validator and its recipients share at one moment.
#[cw_serde]
pub struct PowerMoment {
    /// The validator's power.
    pub power: Uint64,
    /// Units of its delegations.
    pub units: Uint128,
    /// Its commission rate.
    pub commission_rate: Decimal256,
    /// Power of all active validators.
    pub total_power: Uint64,
    /// How many they are.
    pub active_validators: u32,
}

/// What had been received of one denom by some moment, in points (10^-36 base units).
#[cw_serde]
pub struct ReceivedPoints {
    /// The denom.
    pub denom: String,
    /// Shared by power.
    pub by_power: Uint256,
    /// Shared in equal parts.
    pub equally: Uint256,
    /// By the validator alone.
    pub proposer: Uint256,
}

/// A change of a validator's power, of the units of its delegations or of its commission.
#[cw_serde]
pub struct PowerChange {
    /// Its number, from 1 on.
    pub sequence: u64,
    /// Operator address.
    pub validator: String,
    /// Right before.
    pub before: PowerMoment,
    /// Right after.
    pub after: PowerMoment,
    /// What had been received by then.
    pub received: Vec<ReceivedPoints>,
    /// Whether the chain announced a commission rate that is not known yet; once it is, it stands
    /// here.
    pub commission_announced: bool,
}

/// Answer to `power_changes`.
#[cw_serde]
pub struct PowerChangesResponse {
    /// One page.
    pub power_changes: Vec<PowerChange>,
}

/// Data of messages that work in pages.
#[cw_serde]
pub struct PageData {
    /// Where the next page starts after; none behind the last.
    pub next: Option<String>,
}
