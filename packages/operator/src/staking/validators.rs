//! What differs between a chain's validators and those that a pool knows: powers and commission terms.

use chain_types::staking_event::{CommissionTerms, StakingEvent};
use cosmwasm_std::{Decimal256, Uint128};
use fee_pool_core::answers::Commission;
use fee_pool_core::msg::ImportedValidator;

use super::difference::{Difference, Line};
use super::snapshot::Validator;
use super::{Pool, Snapshot};

/// The chain's validators that the pool does not have as they are, and then its own that the chain does
/// not have.
pub fn differences(chain: &Snapshot, pool: &Pool) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, validator) in &chain.validators {
        if let Some(text) = differs(name, validator, pool) {
            found.push(Difference {
                text,
                line: Some(Line::Validator(ImportedValidator {
                    validator: name.clone(),
                    power: Uint128::from(wanted_power(name, validator, pool)),
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
    found
}

/// The power that the pool should have: that of the chain. Where the weights of a cw4 group are powers, the group
/// tells them, and whatever the pool has is right.
fn wanted_power(name: &str, validator: &Validator, pool: &Pool) -> u64 {
    match &pool.config.group {
        None => validator.power,
        Some(_) => {
            let known = pool.validators.get(name);
            known.map_or(0, |known| known.power.u64())
        }
    }
}

fn differs(name: &str, validator: &Validator, pool: &Pool) -> Option<String> {
    let Some(known) = pool.validators.get(name) else {
        return Some(format!("{name} is not known"));
    };
    let mut texts = Vec::new();
    if known.removed {
        texts.push("is removed, the chain has it".to_string());
    }
    let power = wanted_power(name, validator, pool);
    if known.power.u64() != power {
        texts.push(format!(
            "has power {} here, {power} on the chain",
            known.power
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
    let power = wanted_power(name, validator, pool);
    if known.map_or(0, |known| known.power.u64()) != power {
        events.push(StakingEvent::PowerChanged {
            validator: name.to_string(),
            power: Uint128::from(power),
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
    rate: Decimal256,
    max_rate: Option<Decimal256>,
    max_change_rate: Option<Decimal256>,
) -> String {
    let limit = |limit: Option<Decimal256>| {
        limit.map_or_else(|| "unknown".to_string(), |limit| limit.to_string())
    };
    format!(
        "a commission of {rate} (at most {}, by {} a day)",
        limit(max_rate),
        limit(max_change_rate)
    )
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint64;

    use super::super::difference::tests::{chain, pool, texts};
    use super::*;

    #[test]
    fn what_differs_is_named_with_both_values() {
        let mut pool = pool();
        let known = pool.validators.get_mut("v").unwrap();
        known.power = Uint64::new(8);
        known.commission.rate = Decimal256::percent(5);
        known.commission.max_rate = Some(Decimal256::percent(20));
        assert_eq!(
            texts(&chain(), &pool),
            [
                "v has power 8 here, 7 on the chain; takes a commission of 0.05 (at most 0.2, by unknown a \
                 day) here, a commission of 0.1 (at most 0.2, by 0.01 a day) on the chain",
            ]
        );
    }

    #[test]
    fn the_powers_of_a_group_are_left_to_it() {
        let mut pool = pool();
        pool.config.group = Some(cosmwasm_std::Addr::unchecked("group"));
        pool.validators.get_mut("v").unwrap().power = Uint64::new(8);
        assert!(texts(&chain(), &pool).is_empty());
        pool.validators.get_mut("v").unwrap().commission.rate = Decimal256::percent(5);
        let found = differences(&chain(), &pool);
        assert_eq!(found.len(), 1);
        assert!(matches!(
            &found[0].line,
            Some(Line::Validator(it)) if it.power.u128() == 8
        ));
        assert!(matches!(
            found[0].events[..],
            [StakingEvent::CommissionChanged { .. }]
        ));
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
    fn corrections_say_no_more_than_what_differs() {
        let mut pool = pool();
        let events = |pool: &Pool| -> Vec<String> {
            let found = differences(&chain(), pool);
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
}
