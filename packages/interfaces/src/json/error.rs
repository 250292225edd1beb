//! Why a tree is not the value that was looked for, or a value is no JSON.

use std::fmt;

use cosmwasm_std::{StdError, StdErrorKind};

/// The reason, as serde makes it. One pointer, so that results stay small.
#[derive(Debug)]
pub(super) struct Error(StdError);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&*self.0, f)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// The reason, for callers.
    pub fn into_std(self) -> StdError {
        self.0
    }

    /// A reason in other words than serde's.
    #[cold]
    #[inline(never)]
    pub fn message(reason: fmt::Arguments<'_>) -> StdError {
        StdError::msg(reason).with_kind(StdErrorKind::Serialization)
    }
}

impl serde::de::Error for Error {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Error(Error::message(format_args!("{reason}")))
    }
}

impl serde::ser::Error for Error {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Error(Error::message(format_args!("{reason}")))
    }
}
