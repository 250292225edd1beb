//! What may happen to gauges and locks in a random history.

/// Base units of each of the harness's reward assets, in that order; none of those left out.
pub type RewardCoins = Vec<u128>;

/// An operation. Its numbers of accounts, assets, locks, gauges and durations are taken modulo how
/// many there are, and the amount of a part modulo the lock's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Lets so many seconds pass.
    Wait(u64),
    /// Lets time pass until so many seconds after the end of the running epoch, before it when
    /// negative.
    WaitForEnd(i64),
    /// Makes a lock.
    Lock {
        /// One of [`ACCOUNTS`](super::ACCOUNTS).
        owner: usize,
        /// One of [`LOCKED`](super::LOCKED).
        asset: usize,
        /// Base units.
        amount: u128,
        /// Seconds.
        duration: u64,
    },
    /// Adds to a lock.
    AddToLock {
        /// The lock.
        lock: usize,
        /// Base units.
        amount: u128,
    },
    /// Begins to unlock.
    BeginUnlock {
        /// The lock.
        lock: usize,
        /// Base units of the part that unlocks, none for all.
        part: Option<u128>,
    },
    /// Cancels the unlocking of a lock.
    CancelUnlock(usize),
    /// Gives a lock a longer duration.
    Extend {
        /// The lock.
        lock: usize,
        /// Seconds.
        duration: u64,
    },
    /// Forces a lock open.
    Force {
        /// The lock.
        lock: usize,
        /// Base units of the part that is forced, none for all.
        part: Option<u128>,
    },
    /// Lets a lock join durations that were added after it was made.
    Refresh(usize),
    /// Sets a lock's receiver.
    SetReceiver {
        /// The lock.
        lock: usize,
        /// One of [`ACCOUNTS`](super::ACCOUNTS), none for the owner.
        receiver: Option<usize>,
    },
    /// Withdraws a lock's principal.
    Withdraw(usize),
    /// Claims a lock's rewards twice: with one settlement step, then with everything settled.
    Claim(usize),
    /// Claims the rewards of all locks of an account, in pages, and what is undelivered to it.
    ClaimAll(usize),
    /// Adds a duration, in seconds, to the configuration.
    AddDuration(u64),
    /// Makes a gauge.
    CreateGauge {
        /// One of [`LOCKED`](super::LOCKED).
        asset: usize,
        /// One of the configured durations.
        duration: usize,
        /// Seconds from now.
        start: u64,
        /// How many epochs it pays, none for a perpetual gauge.
        epochs: Option<u32>,
        /// Whether its creator may close it.
        closable: bool,
        /// The coins that it begins with.
        coins: RewardCoins,
    },
    /// Adds to a gauge.
    AddToGauge {
        /// The gauge.
        gauge: usize,
        /// Whether somebody adds who did not make it.
        stranger: bool,
        /// The coins that are added.
        coins: RewardCoins,
    },
    /// Closes or evicts a gauge.
    EndGauge {
        /// The gauge.
        gauge: usize,
        /// Whether the owner evicts it, instead of its creator closing it.
        evict: bool,
    },
    /// Settles with this limit of steps.
    Settle(u32),
    /// Calls the contract by sudo as a chain's clock does.
    Tick,
    /// Pays the treasury.
    PayTreasury,
    /// Makes the bank refuse transfers to an account, or allow them again.
    Block {
        /// One of [`ACCOUNTS`](super::ACCOUNTS), the treasury or the maker of gauges.
        account: usize,
        /// Whether it refuses.
        refused: bool,
    },
}
