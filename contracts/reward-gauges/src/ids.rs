//! Numbers of assets, durations, pools, locks and gauges, and their storage keys. Keys are
//! big-endian, so that records are in the order of the numbers.

use borsh::{BorshDeserialize, BorshSerialize};
use distribution_math::{EpochId, compact};

/// The number of an asset, from 1 on, in the order in which the contract first dealt in them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize,
)]
pub struct AssetId(
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")] pub u32,
);

impl AssetId {
    /// The storage key.
    pub fn key(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    /// The asset of a storage key.
    pub fn of_key(key: &[u8]) -> Option<Self> {
        Some(AssetId(u32::from_be_bytes(key.try_into().ok()?)))
    }

    /// The pool of locks of this asset for at least a duration.
    pub fn pool(self, duration: DurationId) -> PoolId {
        PoolId {
            asset: self,
            duration,
        }
    }
}

/// The place of a duration in the configured list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct DurationId(pub u8);

/// A pool: the locks of an asset for at least a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct PoolId {
    /// What is locked.
    pub asset: AssetId,
    /// For how long at least.
    pub duration: DurationId,
}

impl PoolId {
    /// The storage key.
    pub fn key(self) -> [u8; 5] {
        let [a, b, c, d] = self.asset.key();
        [a, b, c, d, self.duration.0]
    }

    /// The pool of a storage key.
    pub fn of_key(key: &[u8]) -> Option<Self> {
        let (asset, duration) = key.split_at_checked(4)?;
        let [duration] = duration else { return None };
        Some(AssetId::of_key(asset)?.pool(DurationId(*duration)))
    }
}

/// The storage key of a lock or gauge.
pub fn id_key(id: u64) -> [u8; 8] {
    id.to_be_bytes()
}

/// The lock or gauge of a storage key.
pub fn id_of_key(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}

/// A gauge's place in the order of first epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GaugePlace {
    /// The first epoch that it pays.
    pub first: EpochId,
    /// The gauge.
    pub id: u64,
}

impl GaugePlace {
    /// The storage key.
    pub fn key(self) -> Vec<u8> {
        [self.first.key(), id_key(self.id)].concat()
    }

    /// The place of a storage key.
    pub fn of_key(key: &[u8]) -> Option<Self> {
        let (first, id) = key.split_at_checked(8)?;
        Some(GaugePlace {
            first: EpochId::of_key(first)?,
            id: id_of_key(id)?,
        })
    }
}
