//! What a cw4 group tells its hooks.
//!
//! The JSON is that of the published cw4 specification, so that any such group can be listened to:
//! `{"member_changed_hook":{"diffs":[{"key":"juno1..","old":null,"new":10}]}}`.

use cosmwasm_schema::cw_serde;

/// One member's change.
#[cw_serde]
#[derive(Eq)]
pub struct MemberDiff {
    /// The member's address.
    pub key: String,
    /// Its weight before, none when it was no member.
    pub old: Option<u64>,
    /// Its weight now, none when it is no member any more.
    pub new: Option<u64>,
}

/// The argument of `member_changed_hook`: every member that one message changed.
#[cw_serde]
#[derive(Eq)]
pub struct MemberChangedHookMsg {
    /// The changes, in the order in which they happened.
    pub diffs: Vec<MemberDiff>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn the_json_is_that_of_cw4() {
        let json = r#"{"diffs":[{"key":"joiner","old":null,"new":10},{"key":"stayer","old":10,"new":25},{"key":"leaver","old":5,"new":null}]}"#;
        let message: MemberChangedHookMsg = from_json(json).unwrap();
        let change = |key: &str, old, new| MemberDiff {
            key: key.to_string(),
            old,
            new,
        };
        assert_eq!(
            message.diffs,
            [
                change("joiner", None, Some(10)),
                change("stayer", Some(10), Some(25)),
                change("leaver", Some(5), None),
            ]
        );
        assert_eq!(to_json_string(&message).unwrap(), json);
    }

    #[test]
    fn absent_weights_are_none() {
        let diff: MemberDiff = from_json(r#"{"key":"nobody"}"#).unwrap();
        assert_eq!((diff.old, diff.new), (None, None));
    }
}
