//! The fee pool's behaviour through its JSON messages, one file per behaviour.

#![allow(clippy::arithmetic_side_effects)]

mod reference_case;
