//! What the two passes over a unit must pay, page by page.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use oracles::ccv_ledger::{Distribution, ProviderLedger, UnitId, Weight};

use super::suite::CONSUMER_ID;

/// A unit that is being processed.
#[derive(Clone, Debug)]
pub(super) struct Passes {
    /// The epoch.
    pub epoch: u32,
    /// The denom on the provider.
    pub voucher: String,
    weights: Vec<Weight>,
    /// Entries looked at, in both passes together.
    place: usize,
    /// Of each entry that the first pass has looked at, whether its validator existed then.
    qualified: Vec<bool>,
    distribution: Option<Distribution>,
}

/// What a page must have paid.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Coins by validator.
    pub paid: BTreeMap<String, u128>,
    /// Whether the unit is done.
    pub done: bool,
}

impl Passes {
    pub fn new(epoch: u32, voucher: &str, weights: Vec<Weight>) -> Self {
        Passes {
            epoch,
            voucher: voucher.to_string(),
            weights,
            place: 0,
            qualified: Vec::new(),
            distribution: None,
        }
    }

    /// Looks at so many entries, with the validators that exist now. Shares are owed when this
    /// returns; which of them were paid the caller sees.
    pub fn page(
        &mut self,
        ledger: &mut ProviderLedger,
        exists: &BTreeSet<String>,
        limit: u32,
    ) -> Result<Page> {
        let mut page = Page::default();
        let entries = self.weights.len();
        for _ in 0..limit {
            if self.place < entries {
                let validator = &self.weights[self.place].validator;
                self.qualified.push(exists.contains(validator));
                self.place += 1;
                if self.place < entries {
                    continue;
                }
                if self.share_out(ledger)? {
                    page.done = true;
                    return Ok(page);
                }
                continue;
            }
            if let Some((validator, coins)) = self.share(self.place - entries) {
                if exists.contains(&validator) {
                    page.paid.insert(validator, coins);
                } else {
                    let back = ledger.vanish(CONSUMER_ID, &self.voucher, &validator)?;
                    ensure!(back == coins, "{back} of {coins} go back to the carry");
                }
            }
            self.place += 1;
            if self.place == 2 * entries {
                page.done = true;
                return Ok(page);
            }
        }
        Ok(page)
    }

    /// Ends the first pass; true when nobody is qualified.
    fn share_out(&mut self, ledger: &mut ProviderLedger) -> Result<bool> {
        let unit = UnitId {
            consumer: CONSUMER_ID,
            denom: &self.voucher,
            epoch: u64::from(self.epoch),
        };
        let names = self.weights.iter().map(|it| it.validator.as_str());
        let qualified: BTreeSet<&str> = names
            .zip(&self.qualified)
            .filter_map(|(name, qualified)| qualified.then_some(name))
            .collect();
        let shared = ledger.process_among(&unit, &self.weights, |it| qualified.contains(it))?;
        let nobody = shared.shares.is_empty();
        self.distribution = Some(shared);
        Ok(nobody)
    }

    /// The share of an entry, if it has any.
    fn share(&self, entry: usize) -> Option<(String, u128)> {
        let validator = &self.weights[entry].validator;
        let mut shares = self.distribution.iter().flat_map(|it| &it.shares);
        let share = shares.find(|it| it.validator == *validator)?;
        (share.coins > 0).then(|| (share.validator.clone(), share.coins))
    }
}
