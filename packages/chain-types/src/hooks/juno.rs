//! The hooks of Juno's x/cw-hooks.
//!
//! All values are strings. `slashed_amount` is a fraction; `shares` is what the delegation has, a
//! decimal number with 18 places.

use super::Fields;

pub(super) const FIELDS: Fields = Fields {
    validator: "validator_address",
    delegator: "delegator_address",
    fraction: "slashed_amount",
    shares: Some("shares"),
    commission: Some("commission"),
};

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::super::{Dialect, HookEvent};
    use cosmwasm_std::Decimal256;

    const VALIDATOR: &str = r#"{"moniker":"m","validator_address":"junovaloper1v","commission":"0.1","validator_tokens":"1","bonded_tokens":"1","bond_status":"BOND_STATUS_BONDED"}"#;
    const SLASH: &str =
        r#"{"moniker":"m","validator_address":"junovaloper1v","slashed_amount":"0.05"}"#;
    const DELEGATION: &str = r#"{"validator_address":"junovaloper1v","delegator_address":"juno1d","shares":"1000000.0"}"#;

    #[track_caller]
    fn reads(hook: &str, body: &str, expected: HookEvent) {
        let json = format!(r#"{{"{hook}":{body}}}"#);
        assert_eq!(testing::event(Dialect::Juno, &json), expected);
    }

    /// The event is as expected, and is not read without any one of the fields.
    #[track_caller]
    fn needs(hook: &str, body: &str, fields: &[&str], expected: HookEvent) {
        reads(hook, body, expected);
        testing::each_field_is_needed(Dialect::Juno, hook, body, fields);
    }

    fn validator() -> String {
        "junovaloper1v".to_string()
    }

    fn delegator() -> String {
        "juno1d".to_string()
    }

    #[test]
    fn after_validator_created() {
        let expected = HookEvent::ValidatorCreated {
            validator: validator(),
            commission: Some(Decimal256::percent(10)),
        };
        reads("after_validator_created", VALIDATOR, expected);
    }

    #[test]
    fn a_validator_is_created_without_a_commission_that_can_be_read() {
        let body = VALIDATOR.replace(r#""commission":"0.1","#, "");
        let expected = HookEvent::ValidatorCreated {
            validator: validator(),
            commission: None,
        };
        needs(
            "after_validator_created",
            &body,
            &["validator_address"],
            expected.clone(),
        );
        let odd = VALIDATOR.replace(r#""0.1""#, r#""1.1""#);
        reads("after_validator_created", &odd, expected);
    }

    #[test]
    fn before_validator_modified() {
        let validator = validator();
        let expected = HookEvent::ValidatorModified { validator };
        needs(
            "before_validator_modified",
            VALIDATOR,
            &["validator_address"],
            expected,
        );
    }

    #[test]
    fn after_validator_modified() {
        reads("after_validator_modified", VALIDATOR, HookEvent::Nothing);
    }

    #[test]
    fn after_validator_removed() {
        let validator = validator();
        let expected = HookEvent::ValidatorRemoved { validator };
        needs(
            "after_validator_removed",
            VALIDATOR,
            &["validator_address"],
            expected,
        );
    }

    #[test]
    fn after_validator_bonded() {
        reads("after_validator_bonded", VALIDATOR, HookEvent::Nothing);
    }

    #[test]
    fn after_validator_begin_unbonding() {
        reads(
            "after_validator_begin_unbonding",
            VALIDATOR,
            HookEvent::Nothing,
        );
    }

    #[test]
    fn before_validator_slashed() {
        let expected = HookEvent::ValidatorSlashed {
            validator: validator(),
            fraction: Decimal256::percent(5),
        };
        needs(
            "before_validator_slashed",
            SLASH,
            &["validator_address", "slashed_amount"],
            expected,
        );
    }

    #[test]
    fn before_delegation_created() {
        reads("before_delegation_created", DELEGATION, HookEvent::Nothing);
    }

    #[test]
    fn before_delegation_shares_modified() {
        reads(
            "before_delegation_shares_modified",
            DELEGATION,
            HookEvent::Nothing,
        );
    }

    #[test]
    fn after_delegation_modified() {
        let expected = HookEvent::DelegationChanged {
            delegator: delegator(),
            validator: validator(),
            shares: Some("1000000.0".to_string()),
        };
        needs(
            "after_delegation_modified",
            DELEGATION,
            &["validator_address", "delegator_address", "shares"],
            expected,
        );
    }

    #[test]
    fn before_delegation_removed() {
        let expected = HookEvent::DelegationRemoved {
            delegator: delegator(),
            validator: validator(),
        };
        needs(
            "before_delegation_removed",
            DELEGATION,
            &["validator_address", "delegator_address"],
            expected,
        );
    }

    #[test]
    fn shares_beyond_128_bits_are_kept_digit_by_digit() {
        let shares = "500000000000000000000000000.123456789012345678";
        let body = DELEGATION.replace("1000000.0", shares);
        reads(
            "after_delegation_modified",
            &body,
            HookEvent::DelegationChanged {
                delegator: delegator(),
                validator: validator(),
                shares: Some(shares.to_string()),
            },
        );
    }
}
