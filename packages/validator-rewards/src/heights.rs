//! Whether a block is a new one.

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Event;
use pool_kit::events::action;

use crate::RewardsError;
use crate::last_commit::BeginBlock;

/// The last block whose fees were split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BlockHeights {
    /// Its height.
    pub height: u64,
    /// Last height that a reporter named, 0 when none did.
    pub reported_height: u64,
}

impl BlockHeights {
    /// Keeps the heights of a block that is told at the height `now`. For a block that is not a new
    /// one returns the event that says so, and changes nothing: fees are split once per height.
    ///
    /// # Errors
    /// [`RewardsError::ChangesOfAnOldBlock`]: a change of a power is told once, and to drop it in
    /// silence would leave the power wrong.
    pub fn advance(&mut self, now: u64, block: &BeginBlock) -> Result<Option<Event>, RewardsError> {
        let Some(event) = self.repetition(now, block.height) else {
            self.height = now;
            self.reported_height = block.height.unwrap_or(self.reported_height);
            return Ok(None);
        };
        if !block.last_commit.changed.is_empty() {
            return Err(RewardsError::ChangesOfAnOldBlock { reason: event.ty });
        }
        Ok(Some(event))
    }

    fn repetition(&self, now: u64, reported: Option<u64>) -> Option<Event> {
        if self.height >= now {
            return Some(action("already_done").add_attribute("height", now.to_string()));
        }
        let reported = reported.filter(|reported| *reported <= self.reported_height)?;
        let event = action("old_height")
            .add_attribute("height", reported.to_string())
            .add_attribute("last", self.reported_height.to_string());
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::last_commit::LastCommit;
    use chain_types::staking_event::ChangedPower;
    use cosmwasm_std::Uint128;

    fn block(height: Option<u64>) -> BeginBlock {
        BeginBlock {
            proposer: None,
            last_commit: LastCommit::default(),
            height,
        }
    }

    #[test]
    fn a_height_is_taken_once() {
        let mut heights = BlockHeights::default();
        assert_eq!(heights.advance(7, &block(None)).unwrap(), None);
        let event = heights.advance(7, &block(None)).unwrap().unwrap();
        assert_eq!(event.ty, "already_done");
        assert_eq!(heights.advance(8, &block(None)).unwrap(), None);
    }

    #[test]
    fn a_reporters_number_grows() {
        let mut heights = BlockHeights::default();
        assert_eq!(heights.advance(7, &block(Some(3))).unwrap(), None);
        let before = heights;
        let event = heights.advance(8, &block(Some(3))).unwrap().unwrap();
        assert_eq!(event.ty, "old_height");
        assert_eq!(heights, before);
        assert_eq!(heights.advance(8, &block(Some(4))).unwrap(), None);
        assert_eq!(heights.reported_height, 4);
    }

    #[test]
    fn changes_of_an_old_block_are_refused_and_not_dropped() {
        let mut heights = BlockHeights::default();
        heights.advance(7, &block(None)).unwrap();
        let mut again = block(None);
        again.last_commit.changed = vec![ChangedPower {
            validator: "v".to_string(),
            power: Uint128::one(),
        }];
        let error = heights.advance(7, &again).unwrap_err().to_string();
        assert!(error.contains("already_done"), "{error}");
    }
}
