//! What a chain sends to a contract through `sudo`.
//!
//! Two kinds of chain modules pass on the hooks of x/staking, each with JSON of its own: Juno's
//! x/cw-hooks ([`Dialect::Juno`]) and Neutron's x/harpoon ([`Dialect::Neutron`]). Both are read
//! into one [`HookEvent`].
//!
//! On these chains an error in `sudo` fails the user's staking transaction or halts the chain.
//! Nothing here is therefore an error: what cannot be read or is not known is an [`IgnoredHook`],
//! for an event, and the contract answers Ok. [`RawSudo`] takes whatever JSON comes, so that not
//! even the entry point fails.
//!
//! ```
//! use cosmwasm_std::from_json;
//! use chain_types::hooks::{self, Dialect, HookEvent, RawSudo};
//!
//! let sudo: RawSudo = from_json(r#"{"after_validator_created":{"val_addr":"neutronvaloper1.."}}"#).unwrap();
//! let payload = hooks::read(&sudo).unwrap();
//! let event = hooks::normalise(Dialect::Neutron, &payload.name, &payload.body).unwrap();
//! assert_eq!(event, HookEvent::ValidatorCreated { validator: "neutronvaloper1..".to_string(), commission: None });
//! ```

mod body;
pub mod clock;
mod ignored;
mod juno;
mod neutron;
mod payload;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal256;
use serde_json::value::RawValue;

pub use ignored::{HOOK_BYTES, IgnoredHook, REASON_BYTES};
pub use payload::{RawSudo, SudoPayload, read};

/// Whose JSON the hooks have.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Dialect {
    /// Juno's x/cw-hooks, which carries the shares of a delegation.
    Juno,
    /// Neutron's x/harpoon, which carries addresses only.
    Neutron,
}

impl Dialect {
    fn fields(self) -> &'static Fields {
        match self {
            Dialect::Juno => &juno::FIELDS,
            Dialect::Neutron => &neutron::FIELDS,
        }
    }
}

/// How a dialect names what a hook carries.
struct Fields {
    validator: &'static str,
    delegator: &'static str,
    fraction: &'static str,
    shares: Option<&'static str>,
    commission: Option<&'static str>,
}

/// What a hook means. Addresses are as the chain wrote them, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookEvent {
    /// A validator exists, for the first time or again. Its commission terms are to be asked of
    /// staking.
    ValidatorCreated {
        /// Its operator address.
        validator: String,
        /// Its commission rate, in case staking does not answer; none when the hook has none or it
        /// is not a fraction.
        commission: Option<Decimal256>,
    },
    /// A validator is about to be changed, perhaps its commission. Staking still knows the old one.
    ValidatorModified {
        /// Its operator address.
        validator: String,
    },
    /// A validator is about to lose a part of its tokens.
    ValidatorSlashed {
        /// Its operator address.
        validator: String,
        /// The part, in [0, 1].
        fraction: Decimal256,
    },
    /// A validator is no more.
    ValidatorRemoved {
        /// Its operator address.
        validator: String,
    },
    /// A delegation was made or changed.
    DelegationChanged {
        /// The account that delegates.
        delegator: String,
        /// The validator's operator address.
        validator: String,
        /// The shares that the delegation has now, as the chain wrote them; none when the dialect
        /// has none and staking is to be asked.
        shares: Option<String>,
    },
    /// A delegation is about to be removed: it has no shares from now on, whatever the hook
    /// carries.
    DelegationRemoved {
        /// The account that delegated.
        delegator: String,
        /// The validator's operator address.
        validator: String,
    },
    /// A known hook that changes nothing. Powers come with votes or events, not with bonding.
    Nothing,
}

impl HookEvent {
    /// The validator that the hook is about, as the chain wrote it.
    pub fn validator(&self) -> Option<&str> {
        match self {
            HookEvent::ValidatorCreated { validator, .. }
            | HookEvent::ValidatorModified { validator }
            | HookEvent::ValidatorSlashed { validator, .. }
            | HookEvent::ValidatorRemoved { validator }
            | HookEvent::DelegationChanged { validator, .. }
            | HookEvent::DelegationRemoved { validator, .. } => Some(validator),
            HookEvent::Nothing => None,
        }
    }
}

/// Reads one hook: its name, and its body in the JSON of `dialect`.
///
/// Fields that are not needed are not looked at, whatever they are.
///
/// # Errors
/// [`IgnoredHook`] for a name that is not known, and for a body in which a needed field is
/// missing or is not what it should be; the reason names the field.
pub fn normalise(dialect: Dialect, name: &str, body: &RawValue) -> Result<HookEvent, IgnoredHook> {
    event(dialect.fields(), name, body).map_err(|reason| IgnoredHook::new(name, &reason))
}

fn event(fields: &Fields, name: &str, body: &RawValue) -> Result<HookEvent, String> {
    let validator = || body::text(body, fields.validator);
    let delegator = || body::text(body, fields.delegator);
    Ok(match name {
        "after_validator_created" => HookEvent::ValidatorCreated {
            validator: validator()?,
            commission: fields
                .commission
                .and_then(|commission| body::fraction(body, commission).ok()),
        },
        "before_validator_modified" => HookEvent::ValidatorModified {
            validator: validator()?,
        },
        "before_validator_slashed" => HookEvent::ValidatorSlashed {
            validator: validator()?,
            fraction: body::fraction(body, fields.fraction)?,
        },
        "after_validator_removed" => HookEvent::ValidatorRemoved {
            validator: validator()?,
        },
        "after_delegation_modified" => HookEvent::DelegationChanged {
            delegator: delegator()?,
            validator: validator()?,
            shares: fields
                .shares
                .map(|shares| body::text(body, shares))
                .transpose()?,
        },
        "before_delegation_removed" => HookEvent::DelegationRemoved {
            delegator: delegator()?,
            validator: validator()?,
        },
        "after_validator_bonded"
        | "after_validator_begin_unbonding"
        | "after_validator_modified"
        | "before_delegation_created"
        | "before_delegation_shares_modified"
        | "after_unbonding_initiated" => HookEvent::Nothing,
        _ => return Err("no such hook is known".to_string()),
    })
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn dialects_are_named_in_lower_case() {
        for (dialect, json) in [
            (Dialect::Juno, r#""juno""#),
            (Dialect::Neutron, r#""neutron""#),
        ] {
            assert_eq!(to_json_string(&dialect).unwrap(), json);
            assert_eq!(from_json::<Dialect>(json).unwrap(), dialect);
        }
    }

    #[test]
    fn a_hook_that_is_not_known_is_ignored_by_name() {
        for dialect in [Dialect::Juno, Dialect::Neutron] {
            let ignored = testing::ignored(dialect, r#"{"after_consensus_pub_key_update":{}}"#);
            assert_eq!(ignored.hook, "after_consensus_pub_key_update");
            assert_eq!(ignored.reason, "no such hook is known");
        }
    }

    #[test]
    fn the_other_dialect_is_ignored_by_its_missing_field() {
        let juno = r#"{"after_validator_created":{"validator_address":"v"}}"#;
        let neutron = r#"{"after_validator_created":{"val_addr":"v"}}"#;
        assert_eq!(
            testing::ignored(Dialect::Neutron, juno).reason,
            "field val_addr is missing"
        );
        assert_eq!(
            testing::ignored(Dialect::Juno, neutron).reason,
            "field validator_address is missing"
        );
    }
}
