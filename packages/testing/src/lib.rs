//! .

pub mod chain;
pub mod codes;
pub mod ledger;
pub mod scenario;
