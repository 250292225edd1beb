//! The commands, each a module.

pub mod check;
pub mod crank;
pub mod deploy;
pub mod import;
pub mod report;
