//! The staking of a chain, what a fee pool knows of it, and what differs.
//!
//! `check` prints the differences, `import` sends them: what a second import finds is what the first has
//! not brought, so an import that was interrupted goes on by being run again.

mod difference;
mod genesis;
mod owed;
mod pool;
mod snapshot;
mod totals;
mod validators;
mod withdraw_addresses;

pub use difference::{Difference, Line, differences};
pub use owed::owed_differences;
pub use pool::Pool;
pub use snapshot::Snapshot;
pub use totals::record_differences;
