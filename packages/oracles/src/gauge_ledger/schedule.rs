//! When epochs begin and end.

use super::GaugeLedgerError;

/// The schedule of epochs. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// When epoch 1 begins.
    pub genesis: u64,
    /// Seconds of an epoch.
    pub length: u64,
}

impl Schedule {
    /// `B_e`: the end of epoch `e` and the begin of the next one; for 0 the genesis.
    pub fn boundary(self, epoch: u64) -> u128 {
        u128::from(self.genesis) + u128::from(epoch) * u128::from(self.length)
    }

    /// The epoch at a time; at a boundary the one that begins then. Before the genesis it is 1.
    pub fn epoch(self, time: u64) -> u64 {
        self.finished(time) + 1
    }

    /// How many epochs are over at a time.
    pub fn finished(self, time: u64) -> u64 {
        time.saturating_sub(self.genesis) / self.length
    }

    /// The first epoch that a gauge pays: the smallest one from the current one on whose end is not
    /// before the gauge's start.
    pub(super) fn first_paid(self, now: u64, start: u64) -> u64 {
        let at_start = start.saturating_sub(self.genesis).div_ceil(self.length);
        at_start.max(self.epoch(now))
    }

    pub(super) fn checked(self) -> Result<Self, GaugeLedgerError> {
        if self.length == 0 {
            return Err(GaugeLedgerError::NoLength);
        }
        Ok(self)
    }
}
