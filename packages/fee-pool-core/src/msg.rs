//! Messages and queries. Numbers that can pass 2^53 are strings.

use chain_types::cw4::MemberChangedHookMsg;
use chain_types::hooks::Dialect;
use chain_types::staking_event::{CommissionTerms, StakingEvent};
use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Coin, Decimal256, Uint128};
use distribution_math::DecCoins;
use pool_kit::ownership::Action;
use validator_rewards::last_commit::{BeginBlock, SudoBeginBlock, SudoPowersChanged};

use crate::answers::{
    AdjustmentResponse, ClaimerResponse, CommunityPoolResponse, ConfigResponse, DelegationResponse,
    DelegationTotalRewardsResponse, DelegationsResponse, DelegatorValidatorsResponse,
    DelegatorWithdrawAddressResponse, LastBlockResponse, PowerChangesResponse, ReportersResponse,
    RewardDenomsResponse, RewardsResponse, UndeliveredResponse, ValidatorDistributionInfoResponse,
    ValidatorResponse, ValidatorSetResponse, ValidatorsKnownResponse, ValidatorsResponse,
};

/// Sets up a pool.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct InstantiateMsg {
    /// Who administers the pool. Default: the sender.
    pub owner: Option<String>,
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
    /// Decimal places of shares that are kept, 0 to 18; fixed. Default: 18, which is all of them. A
    /// validator has at most 10^34 units: with 18 places these are 10^10 tokens with 6 decimals. Tokens
    /// with 18 decimals take 6 places: 10^10 of them again.
    pub share_places: Option<u8>,
}

/// Whom a pool believes for delegations.
#[cw_serde]
#[derive(Copy, Eq)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum Source {
    /// Staking events of the staking reporters, or of the chain through `sudo`.
    Reporter,
    /// The chain's staking hooks through `sudo`.
    Hooks {
        /// Whose JSON the hooks have.
        dialect: Dialect,
    },
}

/// Params, each in [0, 1]; tax, base and bonus together at most 1.
#[cw_serde]
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
#[derive(Default)]
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
#[derive(Default)]
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
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportedDelegation {
    /// Who delegates.
    pub delegator: String,
    /// Operator address.
    pub validator: String,
    /// A decimal with at most 18 places: shares, or tokens where the source gives tokens.
    pub shares: String,
}

/// Where a delegator's rewards were sent.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportedWithdrawAddress {
    /// Who delegates.
    pub delegator: String,
    /// An account.
    pub withdraw_address: String,
}

/// What an earlier pool owes a delegation.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportedRewards {
    /// Who delegates.
    pub delegator: String,
    /// Operator address.
    pub validator: String,
    /// All that it has not paid.
    pub rewards: DecCoins,
}

/// What an earlier pool owes an operator.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportedCommission {
    /// Operator address.
    pub validator: String,
    /// Commission that it has not paid.
    pub commission: DecCoins,
}

/// One page of the state at the start. A line replaces what an earlier one said of the same thing, so
/// a page that is sent twice counts once. Validators come before lines that name them.
#[cw_serde]
#[derive(Default)]
#[serde(default, deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct ImportPage {
    /// Validators.
    pub validators: Vec<ImportedValidator>,
    /// Delegations.
    pub delegations: Vec<ImportedDelegation>,
    /// Withdraw addresses; those that their owners have set here stay.
    pub withdraw_addresses: Vec<ImportedWithdrawAddress>,
    /// What is owed to delegations.
    pub delegator_rewards: Vec<ImportedRewards>,
    /// What is owed to operators.
    pub commissions: Vec<ImportedCommission>,
    /// All of the community pool.
    pub community_pool: Option<DecCoins>,
}

/// Limits of a validator's commission.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub struct CommissionTermsUpdate {
    /// Operator address.
    pub validator: String,
    /// The highest rate, in [0, 1], not below the rate in force.
    pub max_rate: Decimal256,
    /// The most by which the rate rises in a day, at most `max_rate`.
    pub max_change_rate: Decimal256,
}

/// Rewards for one validator.
#[cw_serde]
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
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Owner, before activation: one page of the state at the start. Funds cover what is owed.
    Import(ImportPage),
    /// Owner, once: fees are split from the next block on. Refused while the coins sent with `import`
    /// and this message do not cover what was imported; what they are more goes to the community pool.
    Activate {},
    /// Block reporter: splits what has come in since the last block. Once per height.
    BeginBlock(BeginBlock),
    /// Anyone: the funds are fees of the current block.
    Deposit {},
    /// Staking reporter: something changed in staking. With source `hooks` it may tell powers only, and
    /// the owner may send any event as a correction.
    StakingEvent(StakingEvent),
    /// The configured cw4 group: weights are powers.
    MemberChangedHook(MemberChangedHookMsg),
    /// Anyone, source `hooks`: reads a validator's commission from the chain.
    RefreshValidator {
        /// Operator address.
        validator: String,
    },
    /// Owner, source `reporter`: new limits of a validator's commission, after an upgrade of the chain.
    UpdateCommissionTerms(CommissionTermsUpdate),
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
    /// Operator: a new commission rate; not with source `hooks`.
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

/// What a chain sends through `sudo`: one key. Unknown fields are passed over; what cannot be read or done
/// is the event `hook_ignored`, never an error. The hooks of x/staking come under their own names beside
/// these, see the README.
#[cw_serde]
pub enum SudoMsg {
    /// A block, as the message of the same name.
    BeginBlock(SudoBeginBlock),
    /// Powers that changed, as the staking event of the same name.
    PowersChanged(SudoPowersChanged),
    /// A change in staking, as the message of the same name.
    StakingEvent(StakingEvent),
    /// Of a clock module: nothing to do here.
    ClockEndBlock {},
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
    /// Which of some validators can be rewarded: those that the pool knows and that were not removed.
    /// Fails before activation.
    #[returns(ValidatorsKnownResponse)]
    ValidatorsKnown {
        /// Operator addresses; only the first 100 are looked up.
        validators: Vec<String>,
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
    /// The validators with which a delegator has a delegation, or rewards that are not paid.
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
    #[returns(pool_kit::ownership::Ownership)]
    Ownership {},
    /// The ledger from running totals.
    #[returns(pool_kit::audit::InvariantsResponse)]
    Invariants {},
    /// What a delegation's rewards are made of. Only of lazy-fee-pool.
    #[returns(AdjustmentResponse)]
    DelegationAdjustment {
        /// Who delegates.
        delegator: String,
        /// Operator address.
        validator: String,
    },
    /// What an operator's commission is made of. Only of lazy-fee-pool.
    #[returns(AdjustmentResponse)]
    CommissionAdjustment {
        /// Operator address.
        validator: String,
    },
    /// Every change of how rewards are shared, the older first. Only of lazy-fee-pool.
    #[returns(PowerChangesResponse)]
    PowerChanges {
        /// The sequence that the last page ended with.
        start_after: Option<u64>,
        /// 30 by default, at most 100.
        limit: Option<u32>,
    },
    /// The ledger recomputed from the records, in pages: the sums of all pages are those of
    /// `invariants`. Of lazy-fee-pool the last page has the class `rounding_reserve`, what
    /// roundings left; with it the outstanding rewards are those of `invariants`.
    #[returns(pool_kit::audit::AuditResponse)]
    Audit {
        /// `next` of the last page.
        start_after: Option<String>,
        /// Records in this page: 30 by default, at most 100.
        limit: Option<u32>,
    },
}
