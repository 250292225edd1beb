//! Rewards across chains: what a consumer chain and a provider chain send each other, and how the
//! provider divides what arrived.
//!
//! A consumer chain collects fees for the validators of a provider chain. From time to time it
//! closes what it has of a denom: a *unit*, identified by the consumer, an epoch and the denom. The
//! weights of a unit (how much each validator has earned) go as packets over a CCV channel; when
//! all of them are acknowledged, the unit's coins go by an ICS-20 transfer. The provider waits for
//! both, leaves out validators that do not exist any more, and pays the others.
//!
//! The crate works on values alone and knows neither storage nor messages.
//!
//! | module | what it defines |
//! |---|---|
//! | [`packet`] | the CCV channel: its version and its packets |
//! | [`weights`] | a unit's weights, cut into chunks |
//! | [`assembly`] | the receiving side: a unit of which some chunks have arrived |
//! | [`ack`] | acknowledgements of packets and transfers, written and read |
//! | [`memo`] | the memo of a transfer, which names the unit that the coins belong to |
//! | [`transfer`] | the data of an ICS-20 packet, read as strictly as money asks for |
//! | [`denom`] | the name of a coin on the chain at which it arrives |
//! | [`split`] | the consumer's own part of its fees |
//! | [`qualification`] | which weights count, and what each qualified validator is paid |
//! | [`name`] | denoms and addresses, bounded |
//!
//! # Numbers on the wire
//!
//! Amounts, weights and times are decimal strings without sign and leading zeros. What stays far
//! below 2^53, which every JSON reader keeps exactly, is a JSON number: epochs, attempts, nonces
//! and counts, all `u32`. (A new epoch takes a round trip between two chains, so 2^32 of them are
//! not reached.)
//!
//! A weight is a validator's holding pool in points (10^-36 base units): nothing is scaled or
//! rounded on the wire.
//!
//! # One spelling
//!
//! Packets and memos are written by this crate on one chain and read by it on the other. So a
//! packet has exactly one spelling: [`packet::CcvPacket::read`] and [`memo::TransferMemo::read`]
//! write the value that they have read once more, and refuse it unless the bytes are the same. This
//! one rule excludes unknown and doubled keys, keys in another case or order, spaces, escapes, and
//! second spellings of numbers. An ICS-20 packet is written by the chain, whose versions differ in
//! the order of keys, and has rules of its own: see [`transfer`].
//!
//! # Rounding
//!
//! As in [`distribution_math`]: multiply first, divide once, round down, and name the owner of what
//! rounding down leaves.

pub mod ack;
pub mod assembly;
mod decimal;
pub mod denom;
mod error;
mod json;
pub mod memo;
pub mod name;
pub mod packet;
pub mod qualification;
mod sha256;
pub mod split;
pub mod transfer;
pub mod weights;

pub use error::CcvError;
