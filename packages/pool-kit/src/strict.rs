//! Messages that are read to the letter.
//!
//! What a chain sends may have more fields than a contract knows, and is read all the same. People
//! misspell fields, and an optional field that is passed over in silence does something else than
//! they meant. Types that both send pass over what they do not know; where people send them, the
//! entry point reads the whole message as [`Strict`].

use serde::de::{Deserialize, Deserializer, Error};

/// A message without unknown fields at any depth.
///
/// ```
/// use cosmwasm_std::from_json;
/// use pool_kit::Strict;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Block {
///     proposer: Option<String>,
/// }
///
/// let lenient: Block = from_json(r#"{"propser":"v1"}"#).unwrap();
/// assert_eq!(lenient.proposer, None);
/// let error = from_json::<Strict<Block>>(r#"{"propser":"v1"}"#).err().unwrap();
/// assert!(error.to_string().contains("unknown field `propser`"));
/// ```
#[derive(Clone, Debug)]
pub struct Strict<T>(
    /// The message.
    pub T,
);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Strict<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut unknown = None;
        let message = serde_ignored::deserialize(deserializer, |path| {
            // Options and the variants of enums are question marks in a path.
            unknown = Some(path.to_string().replace("?.", ""));
        })?;
        match unknown {
            Some(field) => Err(D::Error::custom(format!("unknown field `{field}`"))),
            None => Ok(Strict(message)),
        }
    }
}
