//! What may happen to gauges and locks in a random history.

/// Coins of the reward assets, in the order in which the contract lists them.
pub type RewardCoins = Vec<u128>;

/// Everything that can happen. Locks and gauges are named by a number that is taken modulo how many
/// there are; amounts of a part are taken modulo the lock's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Time passes.
    Wait(u64),
    /// Time passes until so many seconds behind the next end of an epoch, or before it.
    WaitForEnd(i64),
    /// Locks.
    Lock {
        /// Whose.
        owner: usize,
        /// Which of the assets that are locked.
        asset: usize,
        /// Base units.
        amount: u128,
        /// Seconds.
        duration: u64,
    },
    /// Adds to a lock.
    AddToLock {
        /// Which.
        lock: usize,
        /// Base units.
        amount: u128,
    },
    /// Begins to unlock.
    BeginUnlock {
        /// Which.
        lock: usize,
        /// A part of it.
        part: Option<u128>,
    },
    /// Stops unlocking.
    CancelUnlock(usize),
    /// Gives a lock a longer duration.
    Extend {
        /// Which.
        lock: usize,
        /// The new one.
        duration: u64,
    },
    /// Forces a lock open.
    Force {
        /// Which.
        lock: usize,
        /// A part of it.
        part: Option<u128>,
    },
    /// Has a lock join later durations.
    Refresh(usize),
    /// Another receiver.
    SetReceiver {
        /// Of which lock.
        lock: usize,
        /// Whom; the owner when none.
        receiver: Option<usize>,
    },
    /// Takes a principal out.
    Withdraw(usize),
    /// Claims: with few steps of its own, then with everything settled.
    Claim(usize),
    /// One more duration.
    AddDuration(u64),
    /// Makes a gauge.
    CreateGauge {
        /// For which of the assets that are locked.
        asset: usize,
        /// Which of the durations.
        duration: usize,
        /// Seconds from now.
        start: u64,
        /// How many epochs.
        epochs: Option<u32>,
        /// Of each reward asset.
        coins: RewardCoins,
    },
    /// Adds to a gauge.
    AddToGauge {
        /// Which.
        gauge: usize,
        /// Of each reward asset.
        coins: RewardCoins,
    },
    /// Closes or evicts a gauge.
    EndGauge {
        /// Which.
        gauge: usize,
        /// By the owner instead of its creator.
        evict: bool,
    },
    /// Settles some steps.
    Settle(u32),
    /// The chain's clock ticks.
    Tick,
    /// The treasury is paid.
    PayTreasury,
}
