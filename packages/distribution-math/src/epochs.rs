//! Epochs: equal intervals of time, and in which of them a lock counts.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_schema::cw_serde;

use crate::{Points, compact};

/// The number of an epoch. The first epoch is 1; 0 means that no epoch has begun.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct EpochId(
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")] u64,
);

impl EpochId {
    /// Before the first epoch.
    pub const ZERO: EpochId = EpochId(0);

    /// Wraps the number of an epoch.
    pub const fn new(number: u64) -> Self {
        EpochId(number)
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The next epoch.
    pub const fn next(self) -> Self {
        EpochId(self.0.saturating_add(1))
    }

    /// The previous epoch; [`EpochId::ZERO`] for [`EpochId::ZERO`].
    pub const fn previous(self) -> Self {
        EpochId(self.0.saturating_sub(1))
    }

    /// The epoch as a storage key in big-endian bytes, so that keys are in the order of the epochs.
    pub const fn key(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }

    /// Reads a storage key; `None` unless it has 8 bytes.
    pub fn of_key(key: &[u8]) -> Option<Self> {
        Some(EpochId(u64::from_be_bytes(key.try_into().ok()?)))
    }
}

impl std::fmt::Display for EpochId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// When epochs begin and end: epoch `e` is the interval `[B(e-1), B(e))` with
/// `B(e) = genesis + e * length`. All times are in seconds.
///
/// The epoch of a time follows from the time alone: no transaction is needed to end an epoch.
///
/// ```
/// use distribution_math::{EpochId, Epochs};
///
/// let epochs = Epochs { genesis: 1_000, length: 100 };
/// assert_eq!(epochs.current(1_099), EpochId::new(1));
/// assert_eq!(epochs.current(1_100), EpochId::new(2)); // one epoch ends where the next one begins
/// assert_eq!(epochs.end(EpochId::new(2)), 1_200);
/// ```
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Epochs {
    /// When the first epoch begins.
    pub genesis: u64,
    /// The length of each epoch, above 0.
    pub length: u64,
}

impl Epochs {
    /// The epoch of a time. A time before genesis counts as the first epoch.
    pub fn current(&self, now: u64) -> EpochId {
        EpochId(self.whole_epochs(now)).next()
    }

    /// Whether the first epoch has yet to begin.
    pub fn is_before_genesis(&self, now: u64) -> bool {
        now < self.genesis
    }

    /// `B(e-1)`, when an epoch begins, or the largest `u64` if that is too large.
    pub fn start(&self, epoch: EpochId) -> u64 {
        self.end(epoch.previous())
    }

    /// `B(e)`, when an epoch ends, or the largest `u64` if that is too large.
    pub fn end(&self, epoch: EpochId) -> u64 {
        self.genesis
            .saturating_add(self.length.saturating_mul(epoch.0))
    }

    /// The last epoch in which a lock that is unlocking counts for a minimum duration.
    ///
    /// A lock counts for a minimum duration `D` in epoch `e` if just before `B(e)` it exists, its
    /// own duration is at least `D`, and it is either not unlocking or has at least `D` left at
    /// `B(e)`: `B(e) + D <= end_time`. So a lock that ends at `end_time` counts up to and including
    ///
    /// ```text
    /// e_last(D) = floor((end_time - D - genesis) / length)
    /// ```
    ///
    /// A lock that begins to unlock in epoch `c` ends at least `D` later, so this is at least
    /// `c - 1`: beginning to unlock changes nothing in epochs that have ended.
    ///
    /// ```
    /// use distribution_math::{EpochId, Epochs};
    ///
    /// let epochs = Epochs { genesis: 0, length: 10 };
    /// // A lock that ends at 100 counts for 30 seconds until 70, where epoch 7 ends.
    /// assert_eq!(epochs.last_counted(100, 30), EpochId::new(7));
    /// assert_eq!(epochs.last_counted(99, 30), EpochId::new(6));
    /// ```
    pub fn last_counted(&self, end_time: u64, min_duration: u64) -> EpochId {
        EpochId(self.whole_epochs(end_time.saturating_sub(min_duration)))
    }

    /// The first epoch in which a gauge that starts at `start` pays: the first epoch that ends at
    /// `start` or later, but at least the current one.
    pub fn first_paid(&self, start: u64, now: u64) -> EpochId {
        let since_genesis = start.saturating_sub(self.genesis);
        let whole = self.whole_epochs(start);
        let ends_before = self.length.saturating_mul(whole) < since_genesis;
        EpochId(whole.saturating_add(u64::from(ends_before))).max(self.current(now))
    }

    /// The number of epochs that have ended at a time.
    fn whole_epochs(&self, time: u64) -> u64 {
        time.saturating_sub(self.genesis)
            .checked_div(self.length)
            .unwrap_or_default()
    }
}

/// What a gauge pays in one epoch: `floor(left / epochs)` in points, where `left` is what it has not
/// paid yet and `epochs` the number of epochs it still has to pay in. The last epoch pays everything
/// that rounding down left. Without a number of epochs it pays everything at once.
///
/// ```
/// use distribution_math::Points;
/// use distribution_math::epochs::share_of_epoch;
///
/// let half = share_of_epoch(Points::from_coins(3), Some(6));
/// assert_eq!(half.to_decimal().to_string(), "0.5");
/// assert_eq!(share_of_epoch(half, Some(1)), half);
/// assert_eq!(share_of_epoch(half, None), half);
/// assert_eq!(share_of_epoch(half, Some(0)), Points::ZERO); // all epochs are paid
/// ```
pub fn share_of_epoch(left: Points, epochs: Option<u32>) -> Points {
    match epochs {
        None | Some(1) => left,
        Some(epochs) => Points::new(left.value().checked_div(epochs.into()).unwrap_or_default()),
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: u64 = 86_400;
    const DAILY: Epochs = Epochs {
        genesis: 1_000,
        length: DAY,
    };

    fn last(begin: u64, lock: u64, minimum: u64) -> u64 {
        DAILY.last_counted(begin + lock, minimum).number()
    }

    #[test]
    fn unlocked_after_fifteen_days_it_counts_through_15_22_and_28() {
        // In the middle of epoch 16, when 15 have ended.
        let begin = DAILY.start(EpochId::new(16)) + DAY / 2;
        assert_eq!(last(begin, 14 * DAY, 14 * DAY), 15);
        assert_eq!(last(begin, 14 * DAY, 7 * DAY), 22);
        assert_eq!(last(begin, 14 * DAY, DAY), 28);
    }

    #[test]
    fn unlocked_after_ten_days_it_counts_through_10_17_and_23() {
        let begin = DAILY.start(EpochId::new(11)) + DAY / 2;
        assert_eq!(last(begin, 14 * DAY, 14 * DAY), 10);
        assert_eq!(last(begin, 14 * DAY, 7 * DAY), 17);
        assert_eq!(last(begin, 14 * DAY, DAY), 23);
    }

    #[test]
    fn at_an_exact_start_the_epoch_just_over_counts_and_the_next_does_not() {
        let begin = DAILY.start(EpochId::new(11));
        assert_eq!(last(begin, 14 * DAY, 14 * DAY), 10);
        assert_eq!(last(begin - 1, 14 * DAY, 14 * DAY), 9);
    }

    #[test]
    fn before_genesis_is_the_first_epoch() {
        assert_eq!(DAILY.current(0), EpochId::new(1));
        assert!(DAILY.is_before_genesis(999));
        assert_eq!(DAILY.current(1_000), EpochId::new(1));
        assert!(!DAILY.is_before_genesis(1_000));
    }

    #[test]
    fn a_start_at_an_end_pays_the_epoch_that_ends_there() {
        let epochs = Epochs {
            genesis: 0,
            length: 10,
        };
        assert_eq!(epochs.first_paid(20, 5), EpochId::new(2));
        assert_eq!(epochs.first_paid(21, 5), EpochId::new(3));
        assert_eq!(epochs.first_paid(0, 5), EpochId::new(1));
        assert_eq!(epochs.first_paid(20, 20), EpochId::new(3));
    }

    #[test]
    fn numbers_without_bounds_do_no_harm() {
        let epochs = Epochs {
            genesis: 7,
            length: u64::MAX,
        };
        assert_eq!(epochs.end(EpochId::new(u64::MAX)), u64::MAX);
        assert_eq!(epochs.current(u64::MAX), EpochId::new(1));
        let none = Epochs {
            genesis: 0,
            length: 0,
        };
        assert_eq!(none.current(u64::MAX), EpochId::new(1));
    }

    proptest! {
        #[test]
        fn the_rule_is_the_greatest_epoch_that_ends_in_time(
            genesis in 0u64..1_000,
            length in 1u64..50,
            begin in 0u64..2_000,
            duration in 1u64..500,
            minimum in 1u64..500,
        ) {
            let epochs = Epochs { genesis, length };
            let begin = genesis + begin;
            let minimum = minimum.min(duration);
            let end_time = begin + duration;
            let counts = |epoch: u64| epochs.end(EpochId::new(epoch)) + minimum <= end_time;
            let last = epochs.last_counted(end_time, minimum).number();
            prop_assert!(last == 0 || counts(last));
            prop_assert!(!counts(last + 1));
            prop_assert!(last >= epochs.current(begin).number() - 1);
        }

        #[test]
        fn epochs_follow_each_other(genesis in 0u64..1_000, length in 1u64..50, now in 0u64..5_000) {
            let epochs = Epochs { genesis, length };
            let now = genesis + now;
            let epoch = epochs.current(now);
            prop_assert!(epochs.start(epoch) <= now && now < epochs.end(epoch));
            prop_assert_eq!(epochs.end(epoch), epochs.start(epoch.next()));
        }

        #[test]
        fn the_first_paid_epoch_is_the_smallest_that_ends_late_enough(
            length in 1u64..50, start in 0u64..3_000, now in 0u64..3_000,
        ) {
            let epochs = Epochs { genesis: 500, length };
            let first = epochs.first_paid(start, now);
            let current = epochs.current(now);
            prop_assert!(first >= current && epochs.end(first) >= start);
            prop_assert!(first == current || epochs.end(first.previous()) < start);
        }

        #[test]
        fn over_its_epochs_a_gauge_gives_everything_in_parts_that_differ_by_one_point(
            coins: u128, epochs in 1u32..200,
        ) {
            let mut rest = Points::from_coins(coins);
            let first = share_of_epoch(rest, Some(epochs));
            for remaining in (1..=epochs).rev() {
                let share = share_of_epoch(rest, Some(remaining));
                prop_assert!(share == first || share == first.checked_add(Points::ONE).unwrap());
                rest = rest.checked_sub(share).unwrap();
            }
            prop_assert_eq!(rest, Points::ZERO);
        }

        #[test]
        fn keys_are_in_the_order_of_epochs(a: u64, b: u64) {
            let (a, b) = (EpochId::new(a), EpochId::new(b));
            prop_assert_eq!(a.cmp(&b), a.key().cmp(&b.key()));
            prop_assert_eq!(EpochId::of_key(&a.key()), Some(a));
        }
    }
}
