//! Page sizes of lists.

use crate::KitError;

/// Entries of a page when the caller names no limit.
pub const DEFAULT_LIMIT: u32 = 30;

/// The most entries of a page; a greater limit counts as this one.
pub const MAX_LIMIT: u32 = 100;

/// How many entries a page has.
///
/// ```
/// use pool_kit::paging::limit;
///
/// assert_eq!(limit(None).unwrap(), 30);
/// assert_eq!(limit(Some(50)).unwrap(), 50);
/// assert_eq!(limit(Some(1_000_000)).unwrap(), 100);
/// assert_eq!(limit(Some(0)).unwrap_err().to_string(), "limit 0: a page has at least one entry");
/// ```
///
/// # Errors
/// [`KitError::ZeroLimit`].
pub fn limit(requested: Option<u32>) -> Result<usize, KitError> {
    match requested {
        Some(0) => Err(KitError::ZeroLimit),
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
            assert_eq!(limit(Some(entries)).unwrap(), entries as usize);
        }
        assert_eq!(limit(Some(MAX_LIMIT + 1)).unwrap(), MAX_LIMIT as usize);
        assert_eq!(limit(Some(u32::MAX)).unwrap(), MAX_LIMIT as usize);
    }
}
