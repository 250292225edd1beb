//! Acknowledgements as ibc-go writes and checks them.

use cosmwasm_std::{Binary, StdError, StdResult};
use serde::{Deserialize, Serialize};

/// The standard acknowledgement of IBC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum StandardAck {
    /// It was received.
    Result(Binary),
    /// It was refused.
    Error(String),
}

impl StandardAck {
    /// What a transfer that arrived is acknowledged with.
    pub fn transferred() -> Self {
        Self::Result(Binary::from([1]))
    }

    /// What a module's error is acknowledged with: its number alone, so that no node can differ.
    pub fn redacted(kind: &str) -> Self {
        Self::Error(format!(
            "ABCI {kind}: error handling packet: see events for details"
        ))
    }

    /// Reads an acknowledgement; `None` for one that is none of the standard's.
    pub fn read(ack: &[u8]) -> Option<Self> {
        serde_json::from_slice(ack).ok()
    }

    /// Writes it as ibc-go does.
    ///
    /// # Errors
    /// When it has no JSON, which it always has.
    pub fn write(&self) -> StdResult<Binary> {
        Ok(Binary::from(go_json(self)?.as_bytes()))
    }
}

/// Refuses an acknowledgement that ibc-go would refuse: it writes a standard one anew and wants the
/// same bytes.
///
/// # Errors
/// When the bytes differ.
pub fn must_be_canonical(ack: &[u8]) -> StdResult<()> {
    match StandardAck::read(ack) {
        Some(standard) if standard.write()?.as_slice() != ack => Err(StdError::msg(
            "acknowledgement marshalling error: invalid acknowledgement",
        )),
        _ => Ok(()),
    }
}

/// JSON as Go writes it: what could be taken for HTML, and two line breaks of Unicode, are escaped.
/// They stand in strings only, where an escape means the same.
///
/// # Errors
/// When the value has no JSON.
pub fn go_json(value: &impl Serialize) -> StdResult<String> {
    let text = serde_json::to_string(value)?;
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            other => escaped.push(other),
        }
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn errors_are_written_as_go_writes_them() {
        let ack = StandardAck::Error("1 < 2 & \"3\"\n".to_string());
        let written = r#"{"error":"1 \u003c 2 \u0026 \"3\"\n"}"#;
        assert_eq!(ack.write().unwrap().as_slice(), written.as_bytes());
        assert_eq!(StandardAck::read(written.as_bytes()), Some(ack));
    }

    #[test]
    fn a_second_spelling_of_a_standard_acknowledgement_is_refused() {
        for canonical in [
            r#"{"result":"AQ=="}"#,
            r#"{"error":"no"}"#,
            "anything",
            "{}",
        ] {
            must_be_canonical(canonical.as_bytes()).unwrap();
        }
        for other in [
            r#"{"result": "AQ=="}"#,
            r#"{"error":"n\u006f"}"#,
            r#"{"error":"1 < 2"}"#,
        ] {
            assert!(must_be_canonical(other.as_bytes()).is_err(), "{other}");
        }
    }
}
