//! The provider's side.

mod handshake;
mod pages;
mod strangers_chain;
mod world;
