//! Reading and writing JSON with little code.
//!
//! A reader that serde derives is compiled anew with a whole parser inside for every type, which
//! makes most of a contract's file. Here a text is parsed once into a [tree](Tree) of plain values,
//! and types are read from it by the few calls that [`ReadJson`](derive@ReadJson) derives; they are
//! written by code that only appends to a buffer. The JSON is the same: types keep their derived
//! `Serialize` and `Deserialize`, and everybody else reads and writes them as ever.
//!
//! A contract takes its messages as [`Lean`], writes its answers with [`to_binary`] and stores what
//! is JSON in a [`LeanItem`] or [`LeanMap`]:
//!
//! ```
//! use cosmwasm_schema::cw_serde;
//! use cosmwasm_std::{Binary, DepsMut, Empty, Env, MessageInfo, Response, StdResult, from_json};
//! use interfaces::json::{self, Lean, ReadJson};
//!
//! #[cw_serde]
//! #[derive(ReadJson)]
//! #[serde(deny_unknown_fields)]
//! #[schemaifier(mute_warnings)]
//! enum ExecuteMsg {
//!     Claim { denom: String },
//! }
//!
//! // With `#[entry_point]`.
//! fn execute(_: DepsMut, _: Env, _: MessageInfo, Lean(msg): Lean<ExecuteMsg>) -> StdResult<Response> {
//!     let ExecuteMsg::Claim { denom } = msg;
//!     Ok(Response::new().set_data(json::to_binary(&denom)?))
//! }
//!
//! let Lean(msg) = from_json::<Lean<ExecuteMsg>>(r#"{"claim":{"denom":"ujuno"}}"#).unwrap();
//! assert_eq!(msg, ExecuteMsg::Claim { denom: "ujuno".to_string() });
//! let refused = from_json::<Lean<ExecuteMsg>>(r#"{"claim":{"denom":"ujuno","to":"me"}}"#);
//! assert!(refused.unwrap_err().to_string().contains("unknown field `to`, expected `denom`"));
//! ```
//!
//! One thing is stricter than in serde_json: an object cannot be written as the list of its values.

mod error;
mod read;
mod store;
mod tree;
mod types;
mod write;

use cosmwasm_std::{Binary, StdError, StdResult};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use error::Error;
pub use json_derive::ReadJson;
pub use read::{Fields, ReadJson, Refusal, Variants};
pub use store::{LeanItem, LeanMap};
pub use tree::{Field, Tree};
use write::Writer;

/// A value that is read through a tree, as the argument of an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lean<T>(
    /// The value.
    pub T,
);

impl<'de, T: ReadJson> Deserialize<'de> for Lean<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tree::deserialize(deserializer)?
            .value()
            .map(Lean)
            .map_err(|error| D::Error::custom(&*error))
    }
}

/// Reads a value from JSON.
///
/// # Errors
/// For what is no JSON, is nested deeper than 127 values, or is not such a value; the text names
/// the field or variant.
pub fn read<T: ReadJson>(json: &[u8]) -> StdResult<T> {
    parse(json)?.value()
}

/// Writes a value as JSON, compact, in the order of its fields.
///
/// # Errors
/// For maps whose keys are no texts, and bytes that are no text.
pub fn to_binary<T: Serialize>(value: &T) -> StdResult<Binary> {
    let mut writer = Writer::default();
    value
        .serialize(&mut writer)
        .and_then(|()| writer.json())
        .map(Binary::new)
        .map_err(Error::into_std)
}

#[inline(never)]
fn parse(json: &[u8]) -> StdResult<Tree> {
    serde_json::from_slice(json).map_err(StdError::from)
}
#[cfg(test)]
mod tests;
