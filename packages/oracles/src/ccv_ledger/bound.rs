//! How far a system's holding pools may be from the exact ones.

use num_bigint::BigInt;

use super::consumer::{ConsumerLedger, Denom};

/// The parts of the bound of one validator's pool, in points (10^-36 base units).
///
/// A system that keeps an index of whole points for each unit of power floors the proposer's part
/// and the votes' part of a block and has a carry `c` of less than a point for each unit of power.
/// What it does not divide stays with the denom and joins a later block. So there are two ways
/// to be off the exact pool:
///
/// * **Held back from the pool.** While powers stay, its validator lacks its part of the carry, which
///   is less than a point for each unit of its power, and what its parts were floored by. This is
///   less than `2 * power + 3` for each block and each change of powers, with the validator's power
///   at that time (the larger of the two for its own change). A new epoch begins with none of it.
/// * **Passed on.** What was held back from some is divided among others when it joins a later block:
///   the carry before powers change, and at a closing, where the exact ledger has it in the
///   remainder and the system may keep it in its index; each less than the largest total power so
///   far. And less than 2 points that a block's floors leave. It puts a pool above the exact one,
///   or below, where the exact ledger already passed on what the system still keeps. What waits
///   at a closing is passed on in the next epoch, so this part is never reset.
///
/// The first power of a validator is a change, even when it is 0; a power that stays the same is none.
///
/// The carry of an index is not divided while there is no power, and it may be older than the last
/// change of powers: therefore the largest total power of all times stands for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PoolBound {
    /// The sum of `2 * power + 3` over the blocks and changes of powers of the epoch.
    pub held_back: BigInt,
    /// The sum over the denom's whole history of the largest total power for each change of powers
    /// and each closing, and 2 for each block.
    pub passed_on: BigInt,
}

impl PoolBound {
    /// A system's pool is below the exact one by less than so many points.
    pub fn points_below(&self) -> BigInt {
        &self.held_back + &self.passed_on
    }

    /// A system's pool is above the exact one by less than so many points.
    pub fn points_above(&self) -> BigInt {
        self.passed_on.clone()
    }
}

/// `2 * power + 3`, and nothing for a validator without power.
pub(super) fn held_back(power: u64) -> BigInt {
    if power == 0 {
        return BigInt::ZERO;
    }
    BigInt::from(2 * u128::from(power) + 3)
}

impl Denom {
    /// Counts what `validator` may lack of one block or one change of powers.
    pub(super) fn count_held_back(&mut self, validator: &str, power: u64) {
        self.pool_mut(validator).held_back += held_back(power);
    }
}

impl ConsumerLedger {
    /// The bound of a validator's open pool.
    pub fn bound(&self, denom: &str, validator: &str) -> PoolBound {
        let Some(denom) = self.denoms.get(denom) else {
            return PoolBound::default();
        };
        let pool = denom.pools.get(validator);
        PoolBound {
            held_back: pool.map(|it| it.held_back.clone()).unwrap_or_default(),
            passed_on: denom.passed_on.clone(),
        }
    }
}
