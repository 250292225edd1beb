//! The codes that scenario files may name.

use crate::scenario::CodeRegistry;

/// Every contract of the suite, by the name of its crate.
///
/// A contract joins with one line: `.with("name", || Box::new(ContractWrapper::new(..)))`, wrapped
/// with all of its entry points.
#[must_use]
pub fn codes() -> CodeRegistry {
    CodeRegistry::new()
}
