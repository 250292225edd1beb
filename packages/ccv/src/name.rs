//! Denoms and addresses, bounded.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::text::head;
use serde::{Deserialize, Serialize};

use crate::CcvError;

/// The most characters of a name: the most of a denom, and more than an address has.
pub const MAX_NAME: usize = 128;

/// A denom or an address: 1 to 128 characters, of ASCII letters, digits and `/:._-`.
///
/// These are the characters of a denom in the SDK, and an address has no others. So a name needs no
/// escape in JSON, and is short enough for a storage key. Nothing more is checked: neither that a
/// denom exists nor that an address is one.
///
/// Names are ordered by their bytes.
///
/// ```
/// use ccv::name::Name;
///
/// assert_eq!(Name::new("factory/juno1../gold").unwrap().as_str(), "factory/juno1../gold");
/// assert!(Name::new("").is_err());
/// assert!(Name::new("\"").is_err());
/// ```
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    BorshSerialize,
    BorshDeserialize,
)]
#[serde(try_from = "String")]
pub struct Name(String);

impl Name {
    /// Checks a text.
    ///
    /// # Errors
    /// [`CcvError::InvalidName`].
    pub fn new(text: &str) -> Result<Self, CcvError> {
        Name::try_from(text.to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = CcvError;

    fn try_from(text: String) -> Result<Self, CcvError> {
        let is_name = !text.is_empty() && text.len() <= MAX_NAME && text.bytes().all(is_allowed);
        if !is_name {
            return Err(CcvError::InvalidName {
                text: head(&text, MAX_NAME).to_string(),
            });
        }
        Ok(Name(text))
    }
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/:._-".contains(&byte)
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
