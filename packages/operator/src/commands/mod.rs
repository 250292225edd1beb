//! The commands, each a module.

pub mod check;
pub mod deploy;
