//! The limits of the contract, and checks whose errors name what is out of bounds.

use pool_kit::paging::MAX_LIMIT;

use crate::ContractError;

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

/// The longest epoch: a year.
pub const MAX_EPOCH_LENGTH: u64 = 365 * DAY;
/// The longest duration of a lock or pool: 10 years.
pub const MAX_DURATION: u64 = 10 * 365 * DAY;
/// How far ahead genesis and the start of a gauge may be: 90 days.
pub const MAX_AHEAD: u64 = 90 * DAY;
/// The most configured durations. A message about a lock goes through the pools of all of them.
pub const MAX_DURATIONS: usize = 8;
/// The most entries of the list of assets that can be locked, and of the list of force unlockers.
pub const MAX_LISTED: usize = 32;
/// The most denoms in which creation fees were ever due. `withdraw_treasury` goes through them.
pub const MAX_FEE_DENOMS: usize = 8;
/// The most gauges of a pool that are upcoming or active.
pub const MAX_GAUGES: usize = 16;
/// The most epochs of a gauge.
pub const MAX_EPOCHS: u32 = 1_000;
/// The most base units that all locks of one asset hold together: 10^30. The arithmetic is exact up
/// to [`MAX_UNITS`](distribution_math::MAX_UNITS), which is more.
pub const MAX_LOCKED: u128 = 1_000_000_000_000_000_000_000_000_000_000;
/// Gauge steps of a query, and stake changes that it reads; beyond them it answers with what it has.
/// With a page of locks in all pools it stays within the 3 000 000 gas that wasmd gives a query, as
/// `tests/chain` measures.
pub const QUERY_STEPS: usize = 400;
/// The most assets of a page of `invariants`, which asks each token for its balance: within the same
/// gas.
pub const MAX_INVARIANTS: usize = 30;

/// Passes a number from `min` to `max`.
pub fn in_range(name: &'static str, value: u64, min: u64, max: u64) -> Result<(), ContractError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(ContractError::OutOfRange {
        name,
        value,
        min,
        max,
    })
}

/// Passes the duration of a lock.
pub fn lock_duration(seconds: u64) -> Result<(), ContractError> {
    in_range("duration", seconds, 1, MAX_DURATION)
}

/// Passes a list of at most `limit` entries.
pub fn at_most(name: &'static str, count: usize, limit: usize) -> Result<(), ContractError> {
    if count > limit {
        return Err(ContractError::TooMany { name, count, limit });
    }
    Ok(())
}

/// Passes the locks that a message or query names: at least one, at most 100, each once.
pub fn named_locks(ids: &[u64]) -> Result<(), ContractError> {
    if ids.is_empty() {
        return Err(ContractError::NoLocks);
    }
    at_most("locks", ids.len(), MAX_LIMIT as usize)?;
    each_once("lock", ids)
}

/// Passes a list that names nothing twice.
pub fn each_once<T: PartialEq + ToString>(
    name: &'static str,
    values: &[T],
) -> Result<(), ContractError> {
    for (position, value) in values.iter().enumerate() {
        if values.iter().take(position).any(|other| other == value) {
            return Err(ContractError::Duplicate {
                name,
                value: value.to_string(),
            });
        }
    }
    Ok(())
}
