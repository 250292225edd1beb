//! What is seen in each block, for the plots.

use testkit::ccv_world::CcvHarness;

use super::play::CONSUMER;

/// How far the coins of a denom have come, in base units since the start.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// After which block.
    pub block: u32,
    /// Collected for the validators of the provider.
    pub collected: f64,
    /// Arrived on the provider.
    pub arrived: f64,
    /// Shared out there.
    pub shared: f64,
}

/// Samples of all denoms.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// By the denom's number, then by block.
    pub denoms: Vec<Vec<Sample>>,
}

impl History {
    /// Looks at both chains after a block.
    pub fn look(&mut self, block: u32, harness: &CcvHarness) {
        let denoms: Vec<&str> = harness.suite.denoms().collect();
        self.denoms.resize(denoms.len(), Vec::new());
        for (samples, denom) in self.denoms.iter_mut().zip(denoms) {
            let here = harness.model.consumer.totals(denom);
            let voucher = harness.suite.voucher(denom);
            let there = harness.model.provider.totals(CONSUMER, voucher);
            samples.push(Sample {
                block,
                collected: (here.collected - here.consumer) as f64,
                arrived: here.arrived as f64,
                shared: (there.distributed + there.community) as f64,
            });
        }
    }
}
