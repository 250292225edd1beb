//! The JSON of the published cw4 specification: what a group answers and what it sends to its hooks.
//!
//! Types of our own, because the crate `cw4` has no release for cosmwasm-std 3.
//!
//! `{"member_changed_hook":{"diffs":[{"key":"juno1..","old":null,"new":10}]}}` is how a hook hears
//! of changes; `member`, `list_members`, `total_weight`, `admin` and `hooks` are how anybody asks.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, StdResult, to_json_binary};

/// A member of a group with its weight.
#[cw_serde]
#[derive(Eq)]
pub struct Member {
    /// The member's address.
    pub addr: String,
    /// Its weight.
    pub weight: u64,
}

/// Answer to `member`.
#[cw_serde]
#[derive(Eq)]
pub struct MemberResponse {
    /// The weight, none when it is no member.
    pub weight: Option<u64>,
}

/// Answer to `list_members`.
#[cw_serde]
#[derive(Eq)]
pub struct MemberListResponse {
    /// One page, in the order of the addresses.
    pub members: Vec<Member>,
}

/// Answer to `total_weight`.
#[cw_serde]
#[derive(Eq)]
pub struct TotalWeightResponse {
    /// Sum of all weights.
    pub weight: u64,
}

/// Answer to `admin`.
#[cw_serde]
#[derive(Eq)]
pub struct AdminResponse {
    /// Who administers the group, none when nobody does.
    pub admin: Option<String>,
}

/// Answer to `hooks`.
#[cw_serde]
#[derive(Eq)]
pub struct HooksResponse {
    /// Contracts that are called with every change.
    pub hooks: Vec<String>,
}

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

impl MemberChangedHookMsg {
    /// The message as a hook takes it: `{"member_changed_hook":{"diffs":[..]}}`.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_message(&self) -> StdResult<Binary> {
        to_json_binary(&HookMessage {
            member_changed_hook: self,
        })
    }
}

#[derive(serde::Serialize)]
struct HookMessage<'a> {
    member_changed_hook: &'a MemberChangedHookMsg,
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
        assert_eq!(
            message.to_message().unwrap().as_slice(),
            format!(r#"{{"member_changed_hook":{json}}}"#).as_bytes()
        );
    }

    #[test]
    fn absent_weights_are_none() {
        let diff: MemberDiff = from_json(r#"{"key":"nobody"}"#).unwrap();
        assert_eq!((diff.old, diff.new), (None, None));
    }
}
