//! Whether the parts of a state fit together.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Decimal256, Uint128};

use super::{HubCommission, HubParams, HubState, StateError};
use crate::chain::AddressFormat;
use crate::scenario::Place;

/// Powers, also all together, are below this.
const POWER_LIMIT: u128 = 1 << 63;
/// Shares of one validator, at most: what a pool that keeps all 18 decimal places of them takes.
const MAX_SHARES: u128 = 10_u128.pow(16);
/// Tokens of all validators, at most, in base units: far from where sums could overflow.
const MAX_TOKENS: u128 = 10_u128.pow(24);

/// How the chain writes addresses, by the first of its validators.
pub(super) fn address_format(state: &HubState) -> Result<AddressFormat, StateError> {
    let list = Place::root().key("validators");
    let Some(first) = state.validators.first() else {
        return Err(wrong(&list, "there is no validator"));
    };
    let operator = list.index(0).key("validator");
    AddressFormat::of_operator(&first.validator)
        .map_err(|error| wrong(&operator, error.to_string()))
}

pub(super) fn check(state: &HubState, addresses: &AddressFormat) -> Result<(), StateError> {
    check_params(&state.params)?;
    if state.staking_params.bond_denom.is_empty() {
        let place = Place::root().key("staking_params").key("bond_denom");
        return Err(wrong(&place, "empty"));
    }
    check_validators(state, addresses)?;
    check_delegations(state, addresses)?;
    check_shares(state)
}

fn wrong(place: &Place, message: impl Into<String>) -> StateError {
    StateError::new(place.clone(), message)
}

/// Refuses a rate above its limit.
fn at_most(place: &Place, rate: Decimal256, limit: Decimal256, of: &str) -> Result<(), StateError> {
    if rate > limit {
        return Err(wrong(place, format!("{rate} is above {of}")));
    }
    Ok(())
}

fn check_params(params: &HubParams) -> Result<(), StateError> {
    let place = Place::root().key("params");
    let mut sum = Decimal256::zero();
    for (name, rate) in [
        ("community_tax", params.community_tax),
        ("base_proposer_reward", params.base_proposer_reward),
        ("bonus_proposer_reward", params.bonus_proposer_reward),
    ] {
        at_most(&place.key(name), rate, Decimal256::one(), "1")?;
        sum = sum.saturating_add(rate);
    }
    at_most(
        &place,
        sum,
        Decimal256::one(),
        "1, which is all that tax, base and bonus may take together",
    )
}

fn check_commission(place: &Place, terms: &HubCommission) -> Result<(), StateError> {
    let limit = format!("max_rate, which is {}", terms.max_rate);
    at_most(
        &place.key("max_rate"),
        terms.max_rate,
        Decimal256::one(),
        "1",
    )?;
    at_most(&place.key("rate"), terms.rate, terms.max_rate, &limit)?;
    at_most(
        &place.key("max_change_rate"),
        terms.max_change_rate,
        terms.max_rate,
        &limit,
    )
}

fn check_validators(state: &HubState, addresses: &AddressFormat) -> Result<(), StateError> {
    let list = Place::root().key("validators");
    let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
    let mut total_power = Uint128::zero();
    let mut total_tokens = Uint128::zero();
    for (index, validator) in state.validators.iter().enumerate() {
        let place = list.index(index);
        let operator = place.key("validator");
        addresses
            .check_operator(&validator.validator)
            .map_err(|error| wrong(&operator, error.to_string()))?;
        if let Some(first) = seen.insert(&validator.validator, place.clone()) {
            let message = format!("{} is at {first} already", validator.validator);
            return Err(wrong(&operator, message));
        }
        check_commission(&place.key("commission"), &validator.commission)?;
        if validator.shares > Decimal256::from_ratio(MAX_SHARES, 1u8) {
            return Err(wrong(&place.key("shares"), "above 10^16"));
        }
        total_tokens = total_tokens.saturating_add(validator.tokens);
        if total_tokens.u128() > MAX_TOKENS {
            let message = format!("all tokens up to here are {total_tokens}, above 10^24");
            return Err(wrong(&place.key("tokens"), message));
        }
        let power = place.key("power");
        if validator.power.u128() >= POWER_LIMIT {
            return Err(wrong(
                &power,
                format!("{} is not below 2^63", validator.power),
            ));
        }
        if validator.jailed && !validator.power.is_zero() {
            return Err(wrong(&power, "a jailed validator has no power"));
        }
        total_power = total_power.saturating_add(validator.power);
        if total_power.u128() >= POWER_LIMIT {
            let message = format!("all powers up to here are {total_power}, not below 2^63");
            return Err(wrong(&power, message));
        }
    }
    if total_power.is_zero() {
        return Err(wrong(&list, "no validator has power"));
    }
    Ok(())
}

fn check_delegations(state: &HubState, addresses: &AddressFormat) -> Result<(), StateError> {
    let list = Place::root().key("delegations");
    let validators: BTreeSet<&str> = state
        .validators
        .iter()
        .map(|validator| validator.validator.as_str())
        .collect();
    let mut seen: BTreeMap<(&str, &str), Place> = BTreeMap::new();
    for (index, delegation) in state.delegations.iter().enumerate() {
        let place = list.index(index);
        let delegator = place.key("delegator");
        addresses
            .account_bytes(&delegation.delegator)
            .map_err(|error| wrong(&delegator, error.to_string()))?;
        if !validators.contains(delegation.validator.as_str()) {
            let message = format!("{:?} is none of the validators", delegation.validator);
            return Err(wrong(&place.key("validator"), message));
        }
        let key = (delegation.delegator.as_str(), delegation.validator.as_str());
        if let Some(first) = seen.insert(key, place.clone()) {
            let message = format!("{} has this delegation at {first} already", key.0);
            return Err(wrong(&delegator, message));
        }
        if delegation.shares.is_zero() {
            return Err(wrong(&place.key("shares"), "0 is no delegation"));
        }
    }
    Ok(())
}

/// A validator's shares are those of its delegations.
fn check_shares(state: &HubState) -> Result<(), StateError> {
    let mut sums: BTreeMap<&str, Decimal256> = BTreeMap::new();
    for (index, delegation) in state.delegations.iter().enumerate() {
        let sum = sums.entry(&delegation.validator).or_default();
        *sum = sum.checked_add(delegation.shares).map_err(|_| {
            let place = Place::root().key("delegations").index(index).key("shares");
            wrong(&place, "too many shares")
        })?;
    }
    for (index, validator) in state.validators.iter().enumerate() {
        let sum = sums
            .get(validator.validator.as_str())
            .copied()
            .unwrap_or_default();
        if sum != validator.shares {
            let place = Place::root().key("validators").index(index).key("shares");
            let message = format!("{}, but its delegations have {sum}", validator.shares);
            return Err(wrong(&place, message));
        }
    }
    Ok(())
}
