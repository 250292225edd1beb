//! A change in staking, as a reporter sends it.
//!
//! A chain without staking hooks has a bot or another contract report what changed:
//!
//! ```json
//! {"validator_created": {"validator": "junovaloper1..", "commission": {"rate": "0.1", "max_rate": "0.2", "max_change_rate": "0.01"}}}
//! {"power_changed": {"validator": "junovaloper1..", "power": "1000"}}
//! {"powers_changed": {"changes": [{"validator": "junovaloper1..", "power": "1000"}]}}
//! {"delegation_changed": {"delegator": "juno1..", "validator": "junovaloper1..", "shares": "1000000.5"}}
//! {"validator_slashed": {"validator": "junovaloper1..", "fraction": "0.05"}}
//! {"validator_removed": {"validator": "junovaloper1.."}}
//! {"commission_changed": {"validator": "junovaloper1..", "rate": "0.15"}}
//! ```
//!
//! Unknown events are errors, unknown fields are passed over: a chain sends the same events and may have
//! more to say. A misspelt field is an error all the same, because none is optional. What a chain sends
//! through its hooks is read in [`crate::hooks`].

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal256, Uint128};

/// What a validator may take of its delegators' rewards.
///
/// Nothing is checked on reading; the terms are sound when `rate <= max_rate <= 1` and
/// `max_change_rate <= max_rate`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct CommissionTerms {
    /// The part of a reward that is commission, in [0, 1].
    pub rate: Decimal256,
    /// The highest rate that this validator may set, in [0, 1].
    pub max_rate: Decimal256,
    /// The most by which the rate can rise in a day, in [0, 1].
    pub max_change_rate: Decimal256,
}

/// The voting power that a validator has now.
#[cw_serde]
#[derive(Eq)]
pub struct ChangedPower {
    /// Its operator address.
    pub validator: String,
    /// Its power, 0 when it left the active set.
    pub power: Uint128,
}

/// A change in staking.
#[cw_serde]
#[derive(Eq)]
pub enum StakingEvent {
    /// A validator exists, for the first time or again.
    ValidatorCreated {
        /// Its operator address.
        validator: String,
        /// Its commission from now on.
        commission: CommissionTerms,
    },
    /// The voting power of a validator changed.
    PowerChanged {
        /// Its operator address.
        validator: String,
        /// The power it has now, 0 when it left the active set.
        power: Uint128,
    },
    /// The voting powers of some validators changed: at most 100.
    PowersChanged {
        /// Each validator once.
        changes: Vec<ChangedPower>,
    },
    /// A delegation was made, changed or removed.
    DelegationChanged {
        /// The account that delegates.
        delegator: String,
        /// The validator's operator address.
        validator: String,
        /// The shares that the delegation has now: a decimal number with at most 18 places, "0"
        /// when it is gone.
        shares: String,
    },
    /// A validator lost a part of its tokens.
    ValidatorSlashed {
        /// Its operator address.
        validator: String,
        /// The part that it lost, in [0, 1].
        fraction: Decimal256,
    },
    /// A validator is no more.
    ValidatorRemoved {
        /// Its operator address.
        validator: String,
    },
    /// A validator changed its commission.
    CommissionChanged {
        /// Its operator address.
        validator: String,
        /// The rate from now on, in [0, 1].
        rate: Decimal256,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    fn read(json: &str) -> StakingEvent {
        let event: StakingEvent = from_json(json).unwrap();
        assert_eq!(to_json_string(&event).unwrap(), json);
        event
    }

    #[test]
    fn every_event_has_its_published_json() {
        let validator = "v".to_string();
        assert_eq!(
            read(
                r#"{"validator_created":{"validator":"v","commission":{"rate":"0.1","max_rate":"0.2","max_change_rate":"0.01"}}}"#
            ),
            StakingEvent::ValidatorCreated {
                validator: validator.clone(),
                commission: CommissionTerms {
                    rate: Decimal256::percent(10),
                    max_rate: Decimal256::percent(20),
                    max_change_rate: Decimal256::percent(1),
                },
            }
        );
        assert_eq!(
            read(r#"{"power_changed":{"validator":"v","power":"9007199254740993"}}"#),
            StakingEvent::PowerChanged {
                validator: validator.clone(),
                power: Uint128::new(9_007_199_254_740_993),
            }
        );
        assert_eq!(
            read(r#"{"powers_changed":{"changes":[{"validator":"v","power":"7"}]}}"#),
            StakingEvent::PowersChanged {
                changes: vec![ChangedPower {
                    validator: validator.clone(),
                    power: Uint128::new(7),
                }],
            }
        );
        assert_eq!(
            read(
                r#"{"delegation_changed":{"delegator":"d","validator":"v","shares":"1000000.500000000000000000"}}"#
            ),
            StakingEvent::DelegationChanged {
                delegator: "d".to_string(),
                validator: validator.clone(),
                shares: "1000000.500000000000000000".to_string(),
            }
        );
        assert_eq!(
            read(r#"{"validator_slashed":{"validator":"v","fraction":"0.05"}}"#),
            StakingEvent::ValidatorSlashed {
                validator: validator.clone(),
                fraction: Decimal256::percent(5),
            }
        );
        assert_eq!(
            read(r#"{"validator_removed":{"validator":"v"}}"#),
            StakingEvent::ValidatorRemoved {
                validator: validator.clone(),
            }
        );
        assert_eq!(
            read(r#"{"commission_changed":{"validator":"v","rate":"0.15"}}"#),
            StakingEvent::CommissionChanged {
                validator,
                rate: Decimal256::percent(15),
            }
        );
    }

    #[test]
    fn a_mistake_of_a_reporter_is_an_error() {
        for (json, reason) in [
            (
                r#"{"validator_jailed":{"validator":"v"}}"#,
                "unknown variant `validator_jailed`",
            ),
            (
                r#"{"power_changed":{"validator":"v","power":5}}"#,
                "expected string-encoded integer",
            ),
            (
                r#"{"commission_changed":{"validator":"v"}}"#,
                "missing field `rate`",
            ),
            (
                r#"{"commission_changed":{"validator":"v","rate":"-0.1"}}"#,
                "invalid digit",
            ),
        ] {
            let error = from_json::<StakingEvent>(json).unwrap_err().to_string();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
