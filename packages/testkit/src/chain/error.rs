//! What went wrong on the chain, in the contract's own words.

use cosmwasm_std::StdError;

use super::ABORTED;

/// Result of anything done on an [`EmbeddedChain`](super::EmbeddedChain).
pub type ChainResult<T> = Result<T, ChainError>;

/// Why a call failed.
///
/// The text is the innermost error: what the contract or module said, without the wrappers that
/// `cw-multi-test` adds for every call on the way. (They print messages and senders, so a search
/// for a word in an error could hit the message that caused it.) [`trail`](Self::trail) has them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct ChainError {
    text: String,
    trail: String,
}

impl ChainError {
    /// An error with this text.
    pub fn new(text: impl Into<String>) -> Self {
        let trail = text.into();
        Self {
            text: innermost(&trail).to_owned(),
            trail,
        }
    }

    /// The whole text, with every call on the way to the error.
    #[must_use]
    pub fn trail(&self) -> &str {
        &self.trail
    }

    /// Whether the contract panicked instead of returning an error.
    #[must_use]
    pub fn is_abort(&self) -> bool {
        self.text.starts_with(ABORTED)
    }
}

impl From<StdError> for ChainError {
    fn from(error: StdError) -> Self {
        Self::new(error.to_string())
    }
}

/// Strips the wrappers around an error, outermost first.
fn innermost(mut text: &str) -> &str {
    loop {
        text = strip_kind(text);
        match text.strip_prefix("Error executing WasmMsg:\n") {
            // The sender and the message stand between; the message may have line breaks.
            Some(rest) => match rest.split_once("\nkind: ") {
                Some((_, inner)) => {
                    text = inner.split_once(", error: ").map_or(inner, |(_, it)| it)
                }
                None => return text,
            },
            None => return text,
        }
    }
}

/// Removes `kind: Other, error: `, which every `StdError` prints before its text.
fn strip_kind(mut text: &str) -> &str {
    while let Some((kind, rest)) = text
        .strip_prefix("kind: ")
        .and_then(|rest| rest.split_once(", error: "))
    {
        if !kind.chars().all(char::is_alphanumeric) {
            return text;
        }
        text = rest;
    }
    text
}
