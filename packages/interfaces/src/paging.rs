//! Page sizes of lists.

use thiserror::Error;

/// Entries of a page when the caller names no limit.
pub const DEFAULT_LIMIT: u32 = 30;

/// The most entries of a page; a greater limit counts as this one.
pub const MAX_LIMIT: u32 = 100;

/// Why a page cannot be given.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PagingError {
    /// A page of no entries would never come to an end.
    #[error("limit 0: a page has at least one entry")]
    ZeroLimit,
}

/// How many entries a page has.
///
/// ```
/// use interfaces::paging::{limit, PagingError};
///
/// assert_eq!(limit(None), Ok(30));
/// assert_eq!(limit(Some(50)), Ok(50));
/// assert_eq!(limit(Some(1_000_000)), Ok(100));
/// assert_eq!(limit(Some(0)), Err(PagingError::ZeroLimit));
/// ```
///
/// # Errors
/// [`PagingError::ZeroLimit`].
pub fn limit(requested: Option<u32>) -> Result<usize, PagingError> {
    match requested {
        Some(0) => Err(PagingError::ZeroLimit),
        Some(entries) => Ok(entries.min(MAX_LIMIT) as usize),
        None => Ok(DEFAULT_LIMIT as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_above_the_maximum_is_clamped_and_none_below_it_is_changed() {
        for entries in 1..=MAX_LIMIT {
            assert_eq!(limit(Some(entries)), Ok(entries as usize));
        }
        assert_eq!(limit(Some(MAX_LIMIT + 1)), Ok(MAX_LIMIT as usize));
        assert_eq!(limit(Some(u32::MAX)), Ok(MAX_LIMIT as usize));
    }

    #[test]
    fn a_limit_of_zero_names_the_rule() {
        assert_eq!(
            limit(Some(0)).unwrap_err().to_string(),
            "limit 0: a page has at least one entry"
        );
    }
}
