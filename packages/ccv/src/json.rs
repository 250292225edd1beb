//! Reading and writing JSON of which each value has one spelling.

use chain_types::text::head;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::CcvError;

/// Bytes of a reason or spelling that an error repeats.
const SHOWN: usize = 256;

/// Reads a value.
///
/// # Errors
/// [`CcvError::Unreadable`].
pub(crate) fn read<T: DeserializeOwned>(what: &'static str, data: &[u8]) -> Result<T, CcvError> {
    serde_json::from_slice(data).map_err(|error| unreadable(what, &error.to_string()))
}

/// Reads a value and refuses every spelling but the one of [`write()`].
///
/// # Errors
/// [`CcvError::Unreadable`], [`CcvError::OtherSpelling`].
pub(crate) fn read_exact<T: DeserializeOwned + Serialize>(
    what: &'static str,
    data: &[u8],
) -> Result<T, CcvError> {
    let value = read(what, data)?;
    let expected = write(what, &value)?;
    if expected != data {
        return Err(other_spelling(what, &expected));
    }
    Ok(value)
}

/// Writes a value as compact JSON.
///
/// # Errors
/// [`CcvError::Unwritable`].
pub(crate) fn write<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, CcvError> {
    serde_json::to_vec(value).map_err(|error| CcvError::Unwritable {
        what,
        reason: shown(&error.to_string()),
    })
}

/// The error of a text that cannot be read.
pub(crate) fn unreadable(what: &'static str, reason: &str) -> CcvError {
    CcvError::Unreadable {
        what,
        reason: shown(reason),
    }
}

fn other_spelling(what: &'static str, expected: &[u8]) -> CcvError {
    CcvError::OtherSpelling {
        what,
        expected: shown(&String::from_utf8_lossy(expected)),
    }
}

pub(crate) fn shown(text: &str) -> String {
    head(text, SHOWN).to_string()
}
