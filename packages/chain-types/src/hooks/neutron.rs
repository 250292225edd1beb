//! The hooks of Neutron's x/harpoon.
//!
//! They carry addresses and no shares: what a delegation has is to be asked of staking.

use super::Fields;

pub(super) const FIELDS: Fields = Fields {
    validator: "val_addr",
    delegator: "del_addr",
    fraction: "fraction",
    shares: None,
    commission: None,
};

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::super::{Dialect, HookEvent};
    use cosmwasm_std::Decimal256;

    const WITH_CONSENSUS: &str =
        r#"{"cons_addr":"neutronvalcons1c","val_addr":"neutronvaloper1v"}"#;
    const VALIDATOR: &str = r#"{"val_addr":"neutronvaloper1v"}"#;
    const SLASH: &str =
        r#"{"val_addr":"neutronvaloper1v","fraction":"0.05","tokens_to_burn":"1000000"}"#;
    const DELEGATION: &str = r#"{"del_addr":"neutron1d","val_addr":"neutronvaloper1v"}"#;

    #[track_caller]
    fn reads(hook: &str, body: &str, expected: HookEvent) {
        let json = format!(r#"{{"{hook}":{body}}}"#);
        assert_eq!(testing::event(Dialect::Neutron, &json), expected);
    }

    /// The event is as expected, and is not read without any one of the fields.
    #[track_caller]
    fn needs(hook: &str, body: &str, fields: &[&str], expected: HookEvent) {
        reads(hook, body, expected);
        testing::each_field_is_needed(Dialect::Neutron, hook, body, fields);
    }

    fn validator() -> String {
        "neutronvaloper1v".to_string()
    }

    fn delegator() -> String {
        "neutron1d".to_string()
    }

    #[test]
    fn after_validator_bonded() {
        reads("after_validator_bonded", WITH_CONSENSUS, HookEvent::Nothing);
    }

    #[test]
    fn after_validator_removed() {
        let validator = validator();
        let expected = HookEvent::ValidatorRemoved { validator };
        needs(
            "after_validator_removed",
            WITH_CONSENSUS,
            &["val_addr"],
            expected,
        );
    }

    #[test]
    fn after_validator_begin_unbonding() {
        reads(
            "after_validator_begin_unbonding",
            WITH_CONSENSUS,
            HookEvent::Nothing,
        );
    }

    #[test]
    fn after_validator_created() {
        let validator = validator();
        let expected = HookEvent::ValidatorCreated {
            validator,
            commission: None,
        };
        needs(
            "after_validator_created",
            VALIDATOR,
            &["val_addr"],
            expected,
        );
    }

    #[test]
    fn before_validator_modified() {
        let validator = validator();
        let expected = HookEvent::ValidatorModified { validator };
        needs(
            "before_validator_modified",
            VALIDATOR,
            &["val_addr"],
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
            shares: None,
        };
        needs(
            "after_delegation_modified",
            DELEGATION,
            &["del_addr", "val_addr"],
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
            &["del_addr", "val_addr"],
            expected,
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
            &["val_addr", "fraction"],
            expected,
        );
    }

    #[test]
    fn after_unbonding_initiated() {
        reads(
            "after_unbonding_initiated",
            r#"{"id":12345}"#,
            HookEvent::Nothing,
        );
    }
}
