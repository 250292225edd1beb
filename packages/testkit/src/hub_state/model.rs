//! What a state file holds.

use cosmwasm_std::{Decimal256, Uint128};
use serde::Deserialize;

/// A state file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubState {
    /// Where the state is from.
    pub source: String,
    /// The chain.
    pub chain_id: String,
    /// The bech32 prefix of its account addresses, taken from the first validator's.
    #[serde(skip)]
    pub prefix: String,
    /// When the chain had this state, in RFC 3339.
    pub genesis_time: String,
    /// Params of x/distribution.
    pub params: HubParams,
    /// Params of x/staking.
    pub staking_params: HubStakingParams,
    /// All validators, active or not.
    pub validators: Vec<HubValidator>,
    /// All delegations.
    pub delegations: Vec<HubDelegation>,
}

/// Params of x/distribution; rates in \[0, 1\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubParams {
    /// Of all fees, for the proposer.
    pub base_proposer_reward: Decimal256,
    /// Of all fees, for the proposer, in proportion to the power that signed.
    pub bonus_proposer_reward: Decimal256,
    /// Of all fees, for the community pool.
    pub community_tax: Decimal256,
    /// Whether withdraw addresses may be set.
    pub withdraw_addr_enabled: bool,
}

/// Params of x/staking.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubStakingParams {
    /// The denom that is staked, and in which fees are paid.
    pub bond_denom: String,
    /// How many validators may be active.
    pub max_validators: u32,
}

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubValidator {
    /// Operator address.
    pub validator: String,
    /// Its name for people.
    pub moniker: String,
    /// Whether its stake is bonded.
    pub status: Status,
    /// Whether it is jailed.
    pub jailed: bool,
    /// Staked with it, in base units.
    pub tokens: Uint128,
    /// Shares of its delegations together.
    pub shares: Decimal256,
    /// Commission terms.
    pub commission: HubCommission,
    /// Voting power, 0 when it is not active.
    pub power: Uint128,
}

/// Whether a validator's stake is bonded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is not.
    Unbonded,
    /// It was, and can still be slashed.
    Unbonding,
    /// It is.
    Bonded,
}

/// Commission terms, with `rate <= max_rate <= 1` and `max_change_rate <= max_rate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubCommission {
    /// The rate in force.
    pub rate: Decimal256,
    /// Its limit.
    pub max_rate: Decimal256,
    /// The most by which it rises in a day.
    pub max_change_rate: Decimal256,
}

/// A delegation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HubDelegation {
    /// Account address of who delegates.
    pub delegator: String,
    /// Operator address of the validator.
    pub validator: String,
    /// Its shares, above 0.
    pub shares: Decimal256,
}
