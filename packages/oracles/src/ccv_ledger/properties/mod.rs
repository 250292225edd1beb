//! What must hold after every action on two chains, as checks of plain snapshots.
//!
//! A harness fills the snapshots from balances, queries, events, and packets on the wire. Each check
//! returns a text that says what is broken, with the values. Coins are whole base units.
//!
//! | check | what it says |
//! |---|---|
//! | [`CoinSnapshot::check`] | everything collected is somewhere once, and the provider has what it owes |
//! | [`CoinSnapshot::check_delivered`] | nothing waits when everything was delivered |
//! | [`check_units`] | one unit of a denom is under way, and its weights go before its tokens |
//! | [`check_once`] | no unit arrives, is shared out or is paid twice |
//! | [`check_calls`] | ack, timeout and source callback never fail |
//! | [`check_pot`], [`check_reward`] | the provider's amounts equal those of the ledger |

mod amounts;
mod calls;
mod coins;
mod events;
mod units;

pub use amounts::{PotSnapshot, RewardSnapshot, check_pot, check_reward};
pub use calls::{ChainCall, INFALLIBLE, check_calls};
pub use coins::CoinSnapshot;
pub use events::{EventKind, UnitEvent, check_once};
pub use units::{UnitSnapshot, check_units};
