//! Strings of a message that stand for something else.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// What a whole string value of a message stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference<'a> {
    /// `@name` or `@chain/name`: an account's or contract's address.
    Address(OnChain<'a>),
    /// `@@name` or `@@chain/name`: the operator address with the same bytes.
    Operator(OnChain<'a>),
    /// `port:name` or `port:chain/name`: a contract's IBC port.
    Port(OnChain<'a>),
    /// `ibc:transfer/channel-0/uatom`: a denom that came over IBC.
    Denom(Denom<'a>),
    /// `$x`: a saved value.
    Saved(&'a str),
    /// Itself.
    Literal(&'a str),
}

/// A name, and the chain it is meant on when that is not the step's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnChain<'a> {
    /// The chain, when it is named.
    pub chain: Option<&'a str>,
    /// The account or contract.
    pub name: &'a str,
}

/// A denom as a file writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denom<'a> {
    /// As it is on the chain.
    Native(&'a str),
    /// `ibc:` and a trace: port, channel, and so on down to the denom on its own chain.
    Trace(&'a str),
}

impl<'a> Reference<'a> {
    /// Reads a string value.
    ///
    /// # Errors
    /// When it begins like a reference and is none.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("@@") {
            on_chain(text, rest).map(Self::Operator)
        } else if let Some(rest) = text.strip_prefix('@') {
            on_chain(text, rest).map(Self::Address)
        } else if let Some(rest) = text.strip_prefix("port:") {
            on_chain(text, rest).map(Self::Port)
        } else if let Some(name) = text.strip_prefix('$') {
            check_name(name).map_err(|_| format!("{text:?} names no saved value"))?;
            Ok(Self::Saved(name))
        } else if let Some(trace) = text.strip_prefix("ibc:") {
            Denom::parse_trace(trace).map(Self::Denom)
        } else {
            Ok(Self::Literal(text))
        }
    }
}

fn on_chain<'a>(text: &str, rest: &'a str) -> Result<OnChain<'a>, String> {
    let (chain, name) = match rest.split_once('/') {
        Some((chain, name)) => (Some(chain), name),
        None => (None, rest),
    };
    for part in chain.into_iter().chain([name]) {
        check_name(part).map_err(|error| format!("{text:?}: {error}"))?;
    }
    Ok(OnChain { chain, name })
}

/// Refuses what is no name of a chain, account, contract or saved value.
///
/// # Errors
/// When it is empty or has other characters than letters, digits, `_`, `-` and `.`.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    if name.is_empty() || !name.chars().all(fits) {
        return Err(format!(
            "{name:?} is no name: names have letters, digits, `_`, `-` and `.`"
        ));
    }
    Ok(())
}

impl<'a> Denom<'a> {
    /// Reads a denom.
    ///
    /// # Errors
    /// When no chain could have it.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        if let Some(trace) = text.strip_prefix("ibc:") {
            return Self::parse_trace(trace);
        }
        let rest_fits = |letter: char| letter.is_ascii_alphanumeric() || "/:._-".contains(letter);
        let fits = text.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && text.chars().all(rest_fits)
            && (3..=128).contains(&text.len());
        if !fits {
            return Err(format!(
                "{text:?} is no denom: those have 3 to 128 letters, digits and `/:._-`, a letter first"
            ));
        }
        Ok(Self::Native(text))
    }

    fn parse_trace(trace: &'a str) -> Result<Self, String> {
        let parts = trace.split('/').count();
        if parts < 3 || trace.split('/').any(str::is_empty) {
            return Err(format!(
                "\"ibc:{trace}\" is no trace like \"ibc:transfer/channel-0/uatom\""
            ));
        }
        Ok(Self::Trace(trace))
    }

    /// The denom as it is on the chain: `ibc/` and SHA-256 of the trace in upper-case hex.
    #[must_use]
    pub fn resolved(&self) -> String {
        match self {
            Self::Native(denom) => (*denom).to_owned(),
            Self::Trace(trace) => {
                let mut denom = "ibc/".to_owned();
                for byte in Sha256::digest(trace.as_bytes()) {
                    // Writing to a string never fails.
                    let _ = write!(denom, "{byte:02X}");
                }
                denom
            }
        }
    }
}
