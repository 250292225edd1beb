//! What differs between a chain's staking and what a pool knows of it.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chain_types::staking_event::StakingEvent;
use distribution_math::{DecCoins, TokenScale};
use fee_pool_core::msg::{
    ImportedCommission, ImportedDelegation, ImportedRewards, ImportedValidator,
    ImportedWithdrawAddress,
};

use super::{Pool, Snapshot, validators, withdraw_addresses};

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
/// Withdraw addresses are compared where the pool was asked for them.
///
/// The units of a pool whose chain gives tokens are compared until its first slash of their validator: what a
/// token is worth then, only the pool knows. That a delegation is there is compared always.
///
/// # Errors
/// When the chain's shares cannot be understood.
pub fn differences(chain: &Snapshot, pool: &Pool) -> Result<Vec<Difference>> {
    let mut found = validators::differences(chain, pool);
    let keys: BTreeSet<_> = chain
        .delegations
        .keys()
        .chain(pool.delegations.keys())
        .collect();
    for key in keys {
        found.extend(delegation_differs(chain, pool, key)?);
    }
    found.extend(withdraw_addresses::differences(chain, pool));
    Ok(found)
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
pub mod tests {
    use chain_types::staking_event::CommissionTerms;
    use cosmwasm_std::{Addr, Decimal256, Uint64, Uint128};
    use fee_pool_core::answers::{
        Commission, ConfigResponse, LastBlockResponse, ValidatorResponse,
    };
    use fee_pool_core::msg::Source;

    use super::super::snapshot::Validator;
    use super::*;

    pub fn chain() -> Snapshot {
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
    pub fn pool() -> Pool {
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

    pub fn texts(chain: &Snapshot, pool: &Pool) -> Vec<String> {
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
    fn units_that_differ_are_named_on_both_sides() {
        let mut pool = pool();
        pool.delegations
            .insert(("v".to_string(), "b".to_string()), 1);
        pool.delegations
            .insert(("v".to_string(), "a".to_string()), 14);
        assert_eq!(
            texts(&chain(), &pool),
            [
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
}
