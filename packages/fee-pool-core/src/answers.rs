//! Answers to queries, and the data of messages. Numbers that can pass 2^53 are strings.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Coin, Decimal256, Int512, Timestamp, Uint64, Uint128, Uint256};
use distribution_math::DecCoins;

use crate::msg::Source;

/// Answer to `config`.
#[cw_serde]
pub struct ConfigResponse {
    /// Who is believed for delegations.
    pub source: Source,
    /// The cw4 group whose weights are powers.
    pub group: Option<Addr>,
    /// Whether fees are split and claims are paid.
    pub active: bool,
    /// Decimal places of shares that are kept.
    pub share_places: u8,
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
    /// The whole coins in it. Of one claim that is what a withdrawal would pay now; of what several share
    /// it is the most that they could be paid, since each keeps its own fraction.
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
    /// When the rate was last changed, by whomever.
    pub last_edit: Option<Timestamp>,
    /// Whether the chain announced a change: the terms are read from it by the next `begin_block`.
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
    /// Tokens per share, for sources that give tokens; 36 decimals.
    pub exchange_rate: String,
    /// What it has received and not split yet.
    pub current_rewards: DecCoins,
    /// Whether it was removed.
    pub removed: bool,
}

/// Answer to `validators_known`.
#[cw_serde]
pub struct ValidatorsKnownResponse {
    /// For each validator asked for, in that order, whether it can be rewarded.
    pub known: Vec<bool>,
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

/// Answer to `delegation_total_rewards`. Totals are of this page; `next` says whether there is
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
