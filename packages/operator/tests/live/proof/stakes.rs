//! Who has staked what, on the chain and in the pool.

use std::collections::BTreeMap;

use cosmos_sdk_proto::cosmos::crypto::ed25519::PubKey;
use cosmos_sdk_proto::cosmos::staking::v1beta1 as staking;
use cosmwasm_std::{Binary, Decimal256};
use fee_pool_core::answers::{DelegationsResponse, ValidatorsResponse};
use oracles::ledger::{FeeLedger, Fraction};
use prost::Message as _;
use serde_json::{Value, json};

use crate::rpc::Rpc;

/// A validator.
#[derive(Debug, PartialEq)]
pub struct Validator {
    /// Its commission.
    pub rate: Fraction,
    /// Its power.
    pub power: u64,
}

/// Validators and delegations.
#[derive(Debug, Default, PartialEq)]
pub struct Stakes {
    /// By operator.
    pub validators: BTreeMap<String, Validator>,
    /// Units by validator and delegator.
    pub units: BTreeMap<(String, String), u128>,
}

/// A member of the set that votes on a block.
pub struct Voter {
    /// Its consensus address.
    pub address: String,
    /// Its consensus key.
    key: Vec<u8>,
    /// Its power.
    pub power: u64,
}

/// Who votes on the block of a height, in the order of signatures.
pub fn voters(rpc: Rpc, height: u64) -> Vec<Voter> {
    let request = format!("/validators?height={height}&per_page=100");
    let answer = rpc.result(&request).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let voters = answer["validators"].as_array().unwrap().iter();
    voters
        .map(|it| Voter {
            address: text(&it["address"]),
            key: Binary::from_base64(&text(&it["pub_key"]["value"]))
                .unwrap()
                .into(),
            power: text(&it["voting_power"]).parse().unwrap(),
        })
        .collect()
}

fn validators(rpc: Rpc, height: u64) -> Vec<staking::Validator> {
    let method = "cosmos.staking.v1beta1.Query/Validators";
    let request = staking::QueryValidatorsRequest::default();
    let answer: staking::QueryValidatorsResponse = rpc.query(method, &request, height).unwrap();
    answer.validators
}

fn consensus_key(validator: &staking::Validator) -> Vec<u8> {
    let key = validator.consensus_pubkey.clone().unwrap();
    PubKey::decode(key.value.as_slice()).unwrap().key
}

/// The operator of a voter, if it is a validator after the block of a height.
pub fn operator(rpc: Rpc, voter: &Voter, height: u64) -> Option<String> {
    let validators = validators(rpc, height).into_iter();
    let mut same = validators.filter(|it| consensus_key(it) == voter.key);
    same.next().map(|it| it.operator_address)
}

impl Stakes {
    /// What x/staking has after the block of a height, with the powers that vote on that of another.
    pub fn of_chain(rpc: Rpc, height: u64, voted: u64) -> Self {
        let voters = voters(rpc, voted);
        let mut stakes = Stakes::default();
        for validator in validators(rpc, height) {
            let key = consensus_key(&validator);
            let voter = voters.iter().find(|voter| voter.key == key);
            let rates = validator.commission.unwrap().commission_rates.unwrap();
            let name = validator.operator_address;
            let here = Validator {
                rate: Fraction::from_atomics(rates.rate.parse().unwrap()).unwrap(),
                power: voter.map_or(0, |voter| voter.power),
            };
            let method = "cosmos.staking.v1beta1.Query/ValidatorDelegations";
            let request = staking::QueryValidatorDelegationsRequest {
                validator_addr: name.clone(),
                pagination: None,
            };
            let answer: staking::QueryValidatorDelegationsResponse =
                rpc.query(method, &request, height).unwrap();
            for response in answer.delegation_responses {
                let delegation = response.delegation.unwrap();
                let key = (name.clone(), delegation.delegator_address);
                // Shares come as integers with 18 places, which are the pool's units.
                stakes.units.insert(key, delegation.shares.parse().unwrap());
            }
            stakes.validators.insert(name, here);
        }
        stakes
    }

    /// What the pool knows after the block of a height.
    pub fn of_pool(rpc: Rpc, pool: &str, height: u64) -> Self {
        let mut stakes = Stakes::default();
        let query = json!({"validators": {"limit": 100}});
        let answer: ValidatorsResponse = rpc.smart(pool, &query, height);
        for validator in answer.validators.into_iter().filter(|it| !it.removed) {
            let name = validator.validator;
            let query = json!({"validator_delegations": {"validator": name, "limit": 100}});
            let answer: DelegationsResponse = rpc.smart(pool, &query, height);
            for delegation in answer.delegations {
                let units = delegation.units.u128();
                if units > 0 {
                    let key = (name.clone(), delegation.delegator.into_string());
                    stakes.units.insert(key, units);
                }
            }
            let here = Validator {
                rate: fraction(validator.commission.rate),
                power: validator.power.u64(),
            };
            stakes.validators.insert(name, here);
        }
        stakes
    }

    /// A ledger that knew `self` knows `now`.
    pub fn follow(&mut self, now: Stakes, ledger: &mut FeeLedger) {
        for delegation in self.units.keys() {
            if !now.units.contains_key(delegation) {
                let (validator, delegator) = delegation;
                ledger.set_units(delegator, validator, 0).unwrap();
            }
        }
        for (name, validator) in &now.validators {
            match self.validators.get(name) {
                Some(before) if before.rate == validator.rate => {}
                Some(_) => ledger.set_commission(name, validator.rate),
                None => ledger.create_validator(name, validator.rate),
            }
            ledger.set_power(name, validator.power);
        }
        for ((validator, delegator), units) in &now.units {
            ledger.set_units(delegator, validator, *units).unwrap();
        }
        for name in self.validators.keys() {
            if !now.validators.contains_key(name) {
                ledger.remove_validator(name).unwrap();
            }
        }
        *self = now;
    }
}

/// A rate as the ledger has it.
pub fn fraction(rate: Decimal256) -> Fraction {
    rate.to_string().parse().unwrap()
}
