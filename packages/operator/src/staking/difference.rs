//! What differs between a chain's staking and what a pool knows of it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chain_types::staking_event::{CommissionTerms, StakingEvent};
use cosmwasm_std::Uint128;
use distribution_math::{DecCoins, TokenScale};
use fee_pool_core::answers::Commission;
use fee_pool_core::msg::{
    ImportedCommission, ImportedDelegation, ImportedRewards, ImportedValidator,
    ImportedWithdrawAddress,
};

use super::snapshot::Validator;
use super::{Pool, Snapshot};

/// Something that differs.
#[derive(Debug)]
pub struct Difference {
    /// In words.
    pub text: String,
    /// The line of an import that mends it, none where an import cannot.
    pub line: Option<Line>,
    /// The events that mend it in an active pool: of the owner, as corrections, or of the reporter.
    pub events: Vec<StakingEvent>,
}

/// A line of an import.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Of a validator.
    Validator(ImportedValidator),
    /// Of a delegation.
    Delegation(ImportedDelegation),
    /// Of where rewards are sent.
    WithdrawAddress(ImportedWithdrawAddress),
    /// Of what a delegator is owed.
    Rewards(ImportedRewards),
    /// Of what an operator is owed.
    Commission(ImportedCommission),
    /// Of all that the community has.
    CommunityPool(DecCoins),
}

/// Everything that differs, validators first.
///
/// Withdraw addresses are compared where both sides were asked for them.
///
/// The units of a pool whose chain gives tokens are compared until its first slash of their validator: what a
/// token is worth then, only the pool knows. That a delegation is there is compared always.
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
                events: corrections(name, validator, pool),
            });
        }
    }
    for (name, validator) in &pool.validators {
        if !chain.validators.contains_key(name) && !validator.removed {
            found.push(Difference {
                text: format!("{name} is not a validator of the chain, here it is not removed"),
                line: None,
                events: vec![StakingEvent::ValidatorRemoved {
                    validator: name.clone(),
                }],
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
    for (delegator, to) in &chain.withdraw_addresses {
        if pool.withdraw_addresses.get(delegator) != Some(to) {
            found.push(Difference {
                text: format!("{delegator}'s rewards are sent to {to} on the chain, not here"),
                line: Some(Line::WithdrawAddress(ImportedWithdrawAddress {
                    delegator: delegator.clone(),
                    withdraw_address: to.clone(),
                })),
                events: Vec::new(),
            });
        }
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

/// The events that give a pool a validator as the chain has it. Limits of a commission that is known are
/// changed by `update_commission_terms` or `refresh_validator`, not by an event.
fn corrections(name: &str, validator: &Validator, pool: &Pool) -> Vec<StakingEvent> {
    let known = pool.validators.get(name).filter(|known| !known.removed);
    let mut events = Vec::new();
    match known {
        None => events.push(StakingEvent::ValidatorCreated {
            validator: name.to_string(),
            commission: validator.commission,
        }),
        Some(known) if known.commission.rate != validator.commission.rate => {
            events.push(StakingEvent::CommissionChanged {
                validator: name.to_string(),
                rate: validator.commission.rate,
            });
        }
        Some(_) => {}
    }
    if known.map_or(0, |known| known.power.u64()) != validator.power {
        events.push(StakingEvent::PowerChanged {
            validator: name.to_string(),
            power: Uint128::from(validator.power),
        });
    }
    events
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
    let slashed = pool
        .validators
        .get(validator)
        .is_some_and(|known| known.exchange_rate != "1");
    let same = if slashed {
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
        events: vec![StakingEvent::DelegationChanged {
            delegator: delegator.clone(),
            validator: validator.clone(),
            shares: shares.to_string(),
        }],
    }))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Addr, Decimal256, Uint64};
    use fee_pool_core::answers::{ConfigResponse, LastBlockResponse, ValidatorResponse};
    use fee_pool_core::msg::Source;

    use super::*;

    fn chain() -> Snapshot {
        let mut chain = Snapshot::default();
        let commission = CommissionTerms {
            rate: Decimal256::percent(10),
            max_rate: Decimal256::percent(20),
            max_change_rate: Decimal256::percent(1),
        };
        let validator = Validator {
            power: 7,
            commission,
        };
        chain.validators.insert("v".to_string(), validator);
        let key = ("v".to_string(), "a".to_string());
        chain
            .delegations
            .insert(key, "1.500000000000000000".to_string());
        chain
    }

    /// A pool that knows what [`chain`] has.
    fn pool() -> Pool {
        let known = ValidatorResponse {
            validator: "v".to_string(),
            power: Uint64::new(7),
            commission: Commission {
                rate: Decimal256::percent(10),
                max_rate: None,
                max_change_rate: None,
                last_edit: None,
                stale: false,
            },
            units: Uint128::new(15),
            exchange_rate: "1".to_string(),
            current_rewards: DecCoins::default(),
            removed: false,
        };
        Pool {
            config: ConfigResponse {
                source: Source::Reporter,
                group: None::<Addr>,
                active: true,
                share_places: 1,
            },
            last_block: LastBlockResponse {
                height: 9,
                reported_height: 0,
                total_power: Uint64::new(7),
                active_validators: 1,
            },
            validators: [("v".to_string(), known)].into(),
            delegations: [(("v".to_string(), "a".to_string()), 15)].into(),
            withdraw_addresses: [].into(),
        }
    }

    fn texts(chain: &Snapshot, pool: &Pool) -> Vec<String> {
        let found = differences(chain, pool).unwrap();
        found
            .into_iter()
            .map(|difference| difference.text)
            .collect()
    }

    #[test]
    fn what_is_the_same_is_no_difference() {
        assert!(texts(&chain(), &pool()).is_empty());
    }

    #[test]
    fn what_differs_is_named_with_both_values() {
        let mut pool = pool();
        let known = pool.validators.get_mut("v").unwrap();
        known.power = Uint64::new(8);
        known.commission.rate = Decimal256::percent(5);
        known.commission.max_rate = Some(Decimal256::percent(20));
        pool.delegations
            .insert(("v".to_string(), "b".to_string()), 1);
        pool.delegations
            .insert(("v".to_string(), "a".to_string()), 14);
        assert_eq!(
            texts(&chain(), &pool),
            [
                "v has power 8 here, 7 on the chain; takes a commission of 0.05 (at most 0.2, by unknown a \
                 day) here, a commission of 0.1 (at most 0.2, by 0.01 a day) on the chain",
                "a has 14 units at v here, 15 on the chain",
                "b has 1 units at v here, 0 on the chain",
            ]
        );
    }

    #[test]
    fn units_of_tokens_are_compared_until_a_slash() {
        let mut pool = pool();
        let key = ("v".to_string(), "a".to_string());
        pool.delegations.insert(key.clone(), 16);
        assert_eq!(texts(&chain(), &pool).len(), 1);
        pool.validators.get_mut("v").unwrap().exchange_rate = "0.95".to_string();
        assert!(texts(&chain(), &pool).is_empty());
        pool.delegations.remove(&key);
        assert_eq!(
            texts(&chain(), &pool),
            ["a has 0 units at v here, 15 on the chain"]
        );
    }

    #[test]
    fn an_announced_commission_is_no_difference_yet() {
        let mut pool = pool();
        let known = pool.validators.get_mut("v").unwrap();
        known.commission.rate = Decimal256::percent(5);
        known.commission.stale = true;
        assert!(texts(&chain(), &pool).is_empty());
    }

    #[test]
    fn a_line_says_what_the_chain_has() {
        let mut chain = chain();
        chain.delegations.clear();
        let found = differences(&chain, &pool()).unwrap();
        let line = found.first().unwrap().line.clone();
        let gone = ImportedDelegation {
            delegator: "a".to_string(),
            validator: "v".to_string(),
            shares: "0".to_string(),
        };
        assert_eq!(line, Some(Line::Delegation(gone)));
    }

    #[test]
    fn corrections_say_no_more_than_what_differs() {
        let mut pool = pool();
        let events = |pool: &Pool| -> Vec<String> {
            let found = differences(&chain(), pool).unwrap();
            let events = found.into_iter().flat_map(|difference| difference.events);
            events
                .map(|event| serde_json::to_string(&event).unwrap())
                .collect()
        };
        pool.validators.get_mut("v").unwrap().power = Uint64::new(8);
        assert_eq!(
            events(&pool),
            [r#"{"power_changed":{"validator":"v","power":"7"}}"#]
        );
        pool.validators.clear();
        let commission = r#"{"rate":"0.1","max_rate":"0.2","max_change_rate":"0.01"}"#;
        assert_eq!(
            events(&pool),
            [
                format!(r#"{{"validator_created":{{"validator":"v","commission":{commission}}}}}"#),
                r#"{"power_changed":{"validator":"v","power":"7"}}"#.to_string(),
            ]
        );
    }

    #[test]
    fn a_withdraw_address_that_the_pool_does_not_have_is_a_line() {
        let mut chain = chain();
        chain
            .withdraw_addresses
            .insert("a".to_string(), "c".to_string());
        let mut pool = pool();
        pool.withdraw_addresses
            .insert("a".to_string(), "a".to_string());
        assert_eq!(
            texts(&chain, &pool),
            ["a's rewards are sent to c on the chain, not here"]
        );
        pool.withdraw_addresses
            .insert("a".to_string(), "c".to_string());
        assert!(texts(&chain, &pool).is_empty());
    }
}
