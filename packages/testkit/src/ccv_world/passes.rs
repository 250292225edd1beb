//! What the two passes over a unit must pay, page by page.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use oracles::ccv_ledger::{Distribution, ProviderLedger, Weight};

use super::model::unit_id;
use super::suite::CONSUMER_ID;

/// The provider's validators.
#[derive(Clone, Debug, Default)]
pub(super) struct Validators {
    /// Those that exist.
    pub exist: BTreeSet<String>,
    /// Whom the entries of a validator mean, where that is another one.
    pub overrides: BTreeMap<String, String>,
}

impl Validators {
    /// Whom an entry means; none that does not exist.
    fn meant<'v>(&'v self, named: &'v String) -> Option<&'v String> {
        let meant = self.overrides.get(named).unwrap_or(named);
        Some(meant).filter(|it| self.exist.contains(*it))
    }
}

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
    /// Coins by the validator that is meant.
    pub paid: BTreeMap<String, u128>,
    /// The validators that the paid entries name.
    pub entries: Vec<String>,
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
        validators: &Validators,
        limit: u32,
    ) -> Result<Page> {
        if self.distribution.is_none() {
            ledger.begin(&unit_id(&self.voucher, self.epoch))?;
        }
        let mut page = Page::default();
        let entries = self.weights.len();
        for _ in 0..limit {
            if self.place < entries {
                let validator = &self.weights[self.place].validator;
                self.qualified.push(validators.meant(validator).is_some());
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
            if let Some((named, coins)) = self.share(self.place - entries) {
                if let Some(meant) = validators.meant(&named) {
                    ledger.redirect(&self.voucher, (&named, meant), coins)?;
                    *page.paid.entry(meant.clone()).or_default() += coins;
                    page.entries.push(named);
                } else {
                    let back = ledger.vanish(CONSUMER_ID, &self.voucher, &named)?;
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
        let unit = unit_id(&self.voucher, self.epoch);
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
