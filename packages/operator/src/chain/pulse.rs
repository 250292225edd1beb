//! Whether a chain still makes blocks.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// A chain that has made no block for so long has stopped.
pub const STOPPED: Duration = Duration::from_secs(120);

/// The newest block that was seen.
pub struct Pulse {
    height: u64,
    since: Instant,
}

impl Pulse {
    /// Nothing was seen yet.
    pub fn new(now: Instant) -> Self {
        Pulse {
            height: 0,
            since: now,
        }
    }

    /// The newest block has this height now.
    ///
    /// # Errors
    /// When it has had it for [`STOPPED`].
    pub fn beat(&mut self, height: u64, now: Instant) -> Result<()> {
        if height > self.height {
            self.height = height;
            self.since = now;
        }
        let age = now.saturating_duration_since(self.since);
        ensure!(
            age < STOPPED,
            "the chain has made no block after {} for {} seconds",
            self.height,
            age.as_secs()
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_stopped_when_no_block_comes_for_long() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start);
        let short = STOPPED - Duration::from_secs(1);
        pulse.beat(7, start).unwrap();
        pulse.beat(7, start + short).unwrap();
        pulse.beat(8, start + short).unwrap();
        pulse.beat(8, start + short + short).unwrap();
        // A node that is behind another one has no newer block.
        let error = pulse.beat(7, start + short + STOPPED).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the chain has made no block after 8 for 120 seconds"
        );
    }
}
