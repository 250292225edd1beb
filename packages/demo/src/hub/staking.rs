//! The staking of the chain in the story: tokens, shares, jails, and the powers that follow.
//!
//! It is what x/staking would do, in whole shares: delegating buys shares at a validator's rate of
//! tokens to shares, undelegating sells them, a slash takes tokens and no shares, and the validators
//! with the most tokens that are not jailed have power.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use cosmwasm_std::{Decimal256, Uint128};
use testkit::chain::AddressFormat;
use testkit::hub_state::HubState;

/// Base units of stake behind one power.
const POWER_REDUCTION: u128 = 1_000_000;
/// 100 % of rates in 10^-18.
const ONE: u64 = 1_000_000_000_000_000_000;

/// A validator. Rates are in 10^-18.
#[derive(Clone, Debug)]
pub struct Validator {
    /// The address of its operator's account.
    pub name: String,
    /// Its operator address.
    pub operator: String,
    /// Its name for people.
    pub moniker: String,
    /// Staked with it, in base units.
    pub tokens: u128,
    /// Whole shares of its delegations.
    pub shares: u128,
    /// Whether it is jailed.
    pub jailed: bool,
    /// Its commission.
    pub rate: u64,
    /// The limit of its commission.
    pub max_rate: u64,
    /// The most by which its commission rises in a day.
    pub max_change_rate: u64,
    /// The power that the pool knows.
    pub power: u64,
}

/// A delegation; it stays in the list when it is gone, without shares.
#[derive(Clone, Copy, Debug)]
pub struct Delegation {
    /// Place of the delegator.
    pub delegator: usize,
    /// Place of the validator.
    pub validator: usize,
    /// Whole shares.
    pub shares: u128,
}

/// A validator whose power is not what the pool knows any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerChange {
    /// Place of the validator.
    pub validator: usize,
    /// Its power now.
    pub power: u64,
}

/// All stake.
#[derive(Clone, Debug)]
pub struct Staking {
    /// Validators in the order of the state.
    pub validators: Vec<Validator>,
    /// Account addresses of delegators.
    pub delegators: Vec<String>,
    /// Delegations, those that are gone included.
    pub delegations: Vec<Delegation>,
    places: BTreeMap<(usize, usize), usize>,
    max_validators: usize,
}

impl Staking {
    /// The stake of a state.
    ///
    /// # Errors
    /// For addresses of another chain, which no state that was read has.
    pub fn new(state: &HubState, addresses: &AddressFormat) -> Result<Self> {
        let mut staking = Self {
            validators: Vec::new(),
            delegators: Vec::new(),
            delegations: Vec::new(),
            places: BTreeMap::new(),
            max_validators: usize::try_from(state.staking_params.max_validators)?,
        };
        let mut validators = BTreeMap::new();
        for it in &state.validators {
            validators.insert(it.validator.as_str(), staking.validators.len());
            let account = addresses.account_of(&it.validator);
            staking.validators.push(Validator {
                name: account.map_err(anyhow::Error::msg)?.into_string(),
                operator: it.validator.clone(),
                moniker: it.moniker.clone(),
                tokens: it.tokens.u128(),
                shares: 0,
                jailed: it.jailed,
                rate: atomics(it.commission.rate)?,
                max_rate: atomics(it.commission.max_rate)?,
                max_change_rate: atomics(it.commission.max_change_rate)?,
                power: u64::try_from(it.power.u128())?,
            });
        }
        let mut delegators = BTreeMap::new();
        for it in &state.delegations {
            let delegator = *delegators
                .entry(it.delegator.as_str())
                .or_insert_with(|| staking.newcomer(it.delegator.clone()));
            let validator = *validators
                .get(it.validator.as_str())
                .context("a delegation to nobody")?;
            let shares = Uint128::try_from(it.shares.to_uint_floor())?.u128();
            staking.set_shares(delegator, validator, shares);
        }
        Ok(staking)
    }

    /// Adds a delegator with nothing yet and returns its place.
    pub fn newcomer(&mut self, address: String) -> usize {
        self.delegators.push(address);
        self.delegators.len() - 1
    }

    /// Places of the delegations that have shares.
    pub fn live(&self) -> Vec<usize> {
        let live = |place: &usize| self.delegations[*place].shares > 0;
        (0..self.delegations.len()).filter(live).collect()
    }

    /// Places of the validators that take delegations: those that were not slashed to nothing.
    pub fn open(&self) -> Vec<usize> {
        let open = |place: &usize| {
            let validator = &self.validators[*place];
            !validator.jailed && (validator.tokens > 0 || validator.shares == 0)
        };
        (0..self.validators.len()).filter(open).collect()
    }

    /// What shares of a validator are worth now, in base units, rounded down.
    pub fn tokens_of(&self, validator: usize, shares: u128) -> u128 {
        let validator = &self.validators[validator];
        multiplied(shares, validator.tokens, validator.shares)
    }

    /// Stakes tokens and returns the shares that the delegation has now.
    pub fn delegate(&mut self, delegator: usize, validator: usize, tokens: u128) -> u128 {
        let record = &mut self.validators[validator];
        let bought = if record.shares == 0 {
            tokens
        } else {
            multiplied(tokens, record.shares, record.tokens)
        };
        record.tokens += tokens;
        let before = self.shares(delegator, validator);
        self.set_shares(delegator, validator, before + bought);
        before + bought
    }

    /// Takes shares away from a delegation, at most what it has, and returns the tokens for them.
    pub fn undelegate(&mut self, delegator: usize, validator: usize, shares: u128) -> u128 {
        let before = self.shares(delegator, validator);
        let sold = before.min(shares);
        let tokens = self.tokens_of(validator, sold);
        self.validators[validator].tokens -= tokens;
        self.set_shares(delegator, validator, before - sold);
        tokens
    }

    /// Burns a part, in 10^-18, of a validator's tokens.
    pub fn slash(&mut self, validator: usize, fraction: u64) {
        let record = &mut self.validators[validator];
        record.tokens -= multiplied(record.tokens, fraction.into(), ONE.into());
    }

    /// Computes the powers anew and returns what changed since the last time.
    pub fn power_changes(&mut self) -> Vec<PowerChange> {
        let mut ranked: Vec<usize> = (0..self.validators.len()).collect();
        ranked.sort_by_key(|place| std::cmp::Reverse(self.validators[*place].tokens));
        let mut powers = vec![0; self.validators.len()];
        ranked
            .into_iter()
            .filter(|place| !self.validators[*place].jailed)
            .take(self.max_validators)
            .for_each(|place| {
                let power = self.validators[place].tokens / POWER_REDUCTION;
                powers[place] = u64::try_from(power).unwrap_or(u64::MAX);
            });
        let mut changes = Vec::new();
        for (validator, power) in powers.into_iter().enumerate() {
            let record = &mut self.validators[validator];
            if record.power != power {
                record.power = power;
                changes.push(PowerChange { validator, power });
            }
        }
        changes
    }

    fn shares(&self, delegator: usize, validator: usize) -> u128 {
        self.places
            .get(&(delegator, validator))
            .map_or(0, |place| self.delegations[*place].shares)
    }

    fn set_shares(&mut self, delegator: usize, validator: usize, shares: u128) {
        let place = *self
            .places
            .entry((delegator, validator))
            .or_insert_with(|| {
                self.delegations.push(Delegation {
                    delegator,
                    validator,
                    shares: 0,
                });
                self.delegations.len() - 1
            });
        let record = &mut self.validators[validator];
        record.shares = record.shares - self.delegations[place].shares + shares;
        self.delegations[place].shares = shares;
    }
}

/// `a * b / c`, rounded down; 0 when `c` is 0.
fn multiplied(a: u128, b: u128, c: u128) -> u128 {
    if c == 0 {
        return 0;
    }
    Uint128::new(a).multiply_ratio(b, c).u128()
}

fn atomics(rate: Decimal256) -> Result<u64> {
    Ok(u64::try_from(Uint128::try_from(rate.atomics())?.u128())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staking() -> Staking {
        let addresses = AddressFormat::new("cosmos").unwrap();
        Staking::new(&HubState::built_in().unwrap(), &addresses).unwrap()
    }

    fn place(staking: &Staking, moniker: &str) -> usize {
        let found = staking
            .validators
            .iter()
            .position(|it| it.moniker == moniker);
        found.unwrap()
    }

    #[test]
    fn the_powers_of_the_hub_are_those_of_its_tokens() {
        assert_eq!(staking().power_changes(), vec![]);
    }

    #[test]
    fn a_slash_lowers_power_and_makes_shares_cheaper() {
        let mut staking = staking();
        let validator = place(&staking, "Certus One");
        let power = staking.validators[validator].power;
        staking.slash(validator, ONE / 4);
        let changes = staking.power_changes();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].power, power - power / 4 - 1);
        let newcomer = staking.newcomer("x".to_string());
        let bought = staking.delegate(newcomer, validator, 3_000_000);
        assert!((3_999_999..=4_000_001).contains(&bought), "{bought}");
        let back = staking.undelegate(newcomer, validator, u128::MAX);
        assert!((2_999_998..=3_000_000).contains(&back), "{back}");
    }

    #[test]
    fn only_so_many_have_power_and_a_jailed_one_makes_room() {
        let mut staking = staking();
        let mut places: Vec<usize> = (0..staking.validators.len()).collect();
        places.retain(|place| staking.validators[*place].power > 0);
        places.sort_by_key(|place| staking.validators[*place].tokens);
        let smallest = places[0];
        let power = staking.validators[smallest].power;
        let newcomer = staking.newcomer("x".to_string());
        for moniker in ["cobo", "mrinal"] {
            let validator = place(&staking, moniker);
            staking.delegate(newcomer, validator, 500_000_000_000);
        }
        let active =
            |staking: &Staking| staking.validators.iter().filter(|it| it.power > 0).count();
        staking.power_changes();
        assert_eq!(active(&staking), 100);
        assert_eq!(staking.validators[smallest].power, 0);
        let certus = place(&staking, "Certus One");
        staking.validators[certus].jailed = true;
        staking.power_changes();
        assert_eq!(active(&staking), 100);
        assert_eq!(staking.validators[certus].power, 0);
        assert_eq!(staking.validators[smallest].power, power);
    }
}
