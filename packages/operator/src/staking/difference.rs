//! What differs between a chain's staking and what a pool knows of it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chain_types::staking_event::CommissionTerms;
use cosmwasm_std::Uint128;
use distribution_math::TokenScale;
use fee_pool_core::answers::Commission;
use fee_pool_core::msg::{ImportedDelegation, ImportedValidator};

use super::snapshot::Validator;
use super::{Pool, Snapshot};

/// Something that differs.
#[derive(Debug)]
pub struct Difference {
    /// In words.
    pub text: String,
    /// The line of an import that mends it, none where an import cannot.
    pub line: Option<Line>,
}

/// A line of an import.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Of a validator.
    Validator(ImportedValidator),
    /// Of a delegation.
    Delegation(ImportedDelegation),
}

/// Everything that differs, validators first.
///
/// The units of a pool whose chain gives tokens are not compared, for what a token is worth there depends
/// on all slashes since the start; delegations that it does not know at all are found.
///
/// # Errors
/// When the chain's shares cannot be understood.
pub fn differences(chain: &Snapshot, pool: &Pool) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    for (name, validator) in &chain.validators {
        if let Some(text) = validator_differs(name, validator, pool) {
            found.push(Difference {
                text,
                line: Some(Line::Validator(ImportedValidator {
                    validator: name.clone(),
                    power: Uint128::from(validator.power),
                    commission: validator.commission,
                })),
            });
        }
    }
    for (name, validator) in &pool.validators {
        if !chain.validators.contains_key(name) && !validator.removed {
            found.push(Difference {
                text: format!("{name} is not a validator of the chain, here it is not removed"),
                line: None,
            });
        }
    }
    let keys: BTreeSet<_> = chain
        .delegations
        .keys()
        .chain(pool.delegations.keys())
        .collect();
    for key in keys {
        found.extend(delegation_differs(chain, pool, key)?);
    }
    Ok(found)
}

fn validator_differs(name: &str, validator: &Validator, pool: &Pool) -> Option<String> {
    let Some(known) = pool.validators.get(name) else {
        return Some(format!("{name} is not known"));
    };
    let mut texts = Vec::new();
    if known.removed {
        texts.push("is removed, the chain has it".to_string());
    }
    if known.power.u64() != validator.power {
        texts.push(format!(
            "has power {} here, {} on the chain",
            known.power, validator.power
        ));
    }
    // An announced change is read from the chain before the next block is split.
    if !known.commission.stale && !same_terms(&known.commission, &validator.commission) {
        texts.push(format!(
            "takes {} here, {} on the chain",
            terms(
                known.commission.rate,
                known.commission.max_rate,
                known.commission.max_change_rate
            ),
            terms(
                validator.commission.rate,
                Some(validator.commission.max_rate),
                Some(validator.commission.max_change_rate)
            ),
        ));
    }
    (!texts.is_empty()).then(|| format!("{name} {}", texts.join("; ")))
}

/// Limits that a pool was never told are no difference.
fn same_terms(here: &Commission, chain: &CommissionTerms) -> bool {
    here.rate == chain.rate
        && here
            .max_rate
            .is_none_or(|max_rate| max_rate == chain.max_rate)
        && here
            .max_change_rate
            .is_none_or(|most| most == chain.max_change_rate)
}

fn terms(
    rate: cosmwasm_std::Decimal256,
    max_rate: Option<cosmwasm_std::Decimal256>,
    max_change_rate: Option<cosmwasm_std::Decimal256>,
) -> String {
    let limit = |limit: Option<cosmwasm_std::Decimal256>| {
        limit.map_or_else(|| "unknown".to_string(), |limit| limit.to_string())
    };
    format!(
        "a commission of {rate} (at most {}, by {} a day)",
        limit(max_rate),
        limit(max_change_rate)
    )
}

fn delegation_differs(
    chain: &Snapshot,
    pool: &Pool,
    key: &(String, String),
) -> Result<Option<Difference>> {
    let (validator, delegator) = key;
    let shares = chain.delegations.get(key).map_or("0", String::as_str);
    let scale = TokenScale::new(pool.config.share_places);
    let expected = scale.units_of_shares(shares);
    let expected = expected
        .with_context(|| format!("{delegator} at {validator}"))?
        .units;
    let here = pool.delegations.get(key).copied().unwrap_or_default();
    let same = if pool.config.source.gives_tokens() {
        (here == 0) == (expected == 0)
    } else {
        here == expected
    };
    Ok((!same).then(|| Difference {
        text: format!("{delegator} has {here} units at {validator} here, {expected} on the chain"),
        line: Some(Line::Delegation(ImportedDelegation {
            delegator: delegator.clone(),
            validator: validator.clone(),
            shares: shares.to_string(),
        })),
    }))
}
