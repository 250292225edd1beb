//! Why a tree is not the value that was looked for.

use std::fmt;

use cosmwasm_std::{StdError, StdErrorKind};

/// The reason. One pointer, so that results stay small.
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

    #[cold]
    #[inline(never)]
    fn new(reason: fmt::Arguments<'_>) -> Self {
        Error(StdError::msg(reason).with_kind(StdErrorKind::Serialization))
    }
}

impl serde::de::Error for Error {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Error::new(format_args!("{reason}"))
    }
}

impl serde::ser::Error for Error {
    #[cold]
    #[inline(never)]
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Error::new(format_args!("{reason}"))
    }
}
