//! The provider's ledger: tokens in, shares of validators.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{CcvLedgerError, Distribution, Policy, ReceivedBound, Weight};

/// What is distributed at once on the provider. The denom is the one that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitId<'a> {
    /// The consumer.
    pub consumer: &'a str,
    /// The denom on the provider.
    pub denom: &'a str,
    /// The consumer's epoch.
    pub epoch: u64,
}

impl fmt::Display for UnitId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            consumer,
            denom,
            epoch,
        } = self;
        write!(f, "epoch {epoch} of {denom} from {consumer}")
    }
}

/// What the provider's validators are owed and were paid of what consumers sent.
///
/// Validators are named as they are in the weights. Where the owner overrides whom an entry means, the
/// harness says so by [`ProviderLedger::redirect`].
#[derive(Clone, Debug, Default)]
pub struct ProviderLedger {
    /// The validators that exist.
    validators: BTreeSet<String>,
    /// The policies of the consumers that have another than the default.
    policies: BTreeMap<String, Policy>,
    /// By consumer and denom.
    pub(super) books: BTreeMap<(String, String), Book>,
    /// By validator and denom, over all consumers.
    pub(super) rewards: BTreeMap<(String, String), Reward>,
}

/// What came from one consumer in one denom, in whole base units.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    /// All that arrived, probes included.
    pub arrived: u128,
    /// The part of it that probes brought.
    pub probes: u128,
    /// Tokens that wait to be processed, by epoch.
    pub waiting: BTreeMap<u64, u128>,
    /// The last epoch whose tokens arrived.
    pub last_epoch: Option<u64>,
    /// Shares of validators, whether they were paid or not.
    pub distributed: u128,
    /// What joins the next unit.
    pub carry: u128,
    /// The community pool's, whether it was paid or not.
    pub community: u128,
    /// Given away by the owner because weights never came.
    pub resolved: u128,
    /// The epoch of the last unit whose first pass has begun.
    pub begun: Option<u64>,
    /// The shares of that unit, by validator.
    pub last_unit: BTreeMap<String, u128>,
    /// The last epoch that had arrived when the carry ended last: units up to it have no part in what
    /// is carried since.
    pub ended: Option<u64>,
}

/// What one validator is owed and was paid of one denom, in whole base units.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reward {
    pub owed: u128,
    pub paid: u128,
}

impl ProviderLedger {
    /// Whether a validator exists from now on. At first none does.
    pub fn set_exists(&mut self, validator: &str, exists: bool) {
        if exists {
            self.validators.insert(validator.to_owned());
        } else {
            self.validators.remove(validator);
        }
    }

    /// What becomes of the part of a consumer's validators that do not exist, from the next unit
    /// that is processed on.
    pub fn set_policy(&mut self, consumer: &str, policy: Policy) {
        self.policies.insert(consumer.to_owned(), policy);
    }

    /// The tokens of a unit arrived.
    ///
    /// # Errors
    /// [`CcvLedgerError::EpochNotNew`], [`CcvLedgerError::ReceivedBound`]. Nothing changes then.
    pub fn arrive(&mut self, unit: &UnitId<'_>, tokens: u128) -> Result<(), CcvLedgerError> {
        let book = self.book_mut(unit.consumer, unit.denom);
        if let Some(last) = book.last_epoch.filter(|last| unit.epoch <= *last) {
            return Err(CcvLedgerError::EpochNotNew {
                unit: unit.to_string(),
                last,
            });
        }
        book.receive(unit.denom, tokens)?;
        book.last_epoch = Some(unit.epoch);
        book.waiting.insert(unit.epoch, tokens);
        Ok(())
    }

    /// The coins of a probe arrived: they belong to no unit and join the next one.
    ///
    /// # Errors
    /// [`CcvLedgerError::ReceivedBound`]. Nothing changes then.
    pub fn arrive_probe(
        &mut self,
        consumer: &str,
        denom: &str,
        coins: u128,
    ) -> Result<(), CcvLedgerError> {
        let book = self.book_mut(consumer, denom);
        book.receive(denom, coins)?;
        book.probes += coins;
        book.carry += coins;
        Ok(())
    }

    /// The first pass over a unit begins: the carry joins its tokens, unless it has ended since they
    /// arrived. What is carried later is the next unit's.
    ///
    /// # Errors
    /// [`CcvLedgerError::NotWaiting`], [`CcvLedgerError::OutOfOrder`].
    pub fn begin(&mut self, unit: &UnitId<'_>) -> Result<(), CcvLedgerError> {
        let tokens = self.next_tokens(unit)?;
        let book = self.book_mut(unit.consumer, unit.denom);
        book.carry -= book.joining(unit.epoch);
        book.waiting.insert(unit.epoch, tokens);
        book.begun = Some(unit.epoch);
        Ok(())
    }

    /// The first pass over a unit: its tokens and the carry are shared out by the weights, among the
    /// validators that exist now. Each share is owed from here on.
    ///
    /// # Errors
    /// [`CcvLedgerError::NotWaiting`], [`CcvLedgerError::OutOfOrder`], [`CcvLedgerError::NoWeights`].
    /// Nothing changes then.
    pub fn process(
        &mut self,
        unit: &UnitId<'_>,
        weights: &[Weight],
    ) -> Result<Distribution, CcvLedgerError> {
        let validators = self.validators.clone();
        self.process_among(unit, weights, |it| validators.contains(it))
    }

    /// As [`Self::process`], for a first pass of several pages: who is qualified was decided page by
    /// page, each at its own time.
    ///
    /// # Errors
    /// As [`Self::process`].
    pub fn process_among(
        &mut self,
        unit: &UnitId<'_>,
        weights: &[Weight],
        qualified: impl Fn(&str) -> bool,
    ) -> Result<Distribution, CcvLedgerError> {
        let tokens = self.next_tokens(unit)?;
        let policy = self.policies.get(unit.consumer).copied();
        let distribution =
            Distribution::new(tokens, weights, policy.unwrap_or_default(), qualified).ok_or_else(
                || CcvLedgerError::NoWeights {
                    unit: unit.to_string(),
                },
            )?;

        self.begin(unit)?;
        let book = self.book_mut(unit.consumer, unit.denom);
        book.waiting.remove(&unit.epoch);
        book.leave(unit.epoch, distribution.carry);
        book.community += distribution.community;
        book.last_unit.clear();
        for share in &distribution.shares {
            book.distributed += share.coins;
            *book.last_unit.entry(share.validator.clone()).or_default() += share.coins;
        }
        for share in &distribution.shares {
            self.reward_mut(&share.validator, unit.denom).owed += share.coins;
        }
        Ok(distribution)
    }

    /// The tokens of a unit that is the next one, with the carry that joins or has joined them.
    fn next_tokens(&self, unit: &UnitId<'_>) -> Result<u128, CcvLedgerError> {
        let not_waiting = || CcvLedgerError::NotWaiting {
            unit: unit.to_string(),
        };
        let book = self.book(unit.consumer, unit.denom);
        let book = book.ok_or_else(not_waiting)?;
        let tokens = book.waiting.get(&unit.epoch).ok_or_else(not_waiting)?;
        match book.waiting.range(..unit.epoch).next() {
            Some((&earlier, _)) => Err(CcvLedgerError::OutOfOrder {
                unit: unit.to_string(),
                earlier,
            }),
            None => Ok(tokens + book.joining(unit.epoch)),
        }
    }

    pub(super) fn book(&self, consumer: &str, denom: &str) -> Option<&Book> {
        self.books.get(&(consumer.to_owned(), denom.to_owned()))
    }

    pub(super) fn book_mut(&mut self, consumer: &str, denom: &str) -> &mut Book {
        let key = (consumer.to_owned(), denom.to_owned());
        self.books.entry(key).or_default()
    }

    pub(super) fn reward_mut(&mut self, validator: &str, denom: &str) -> &mut Reward {
        let key = (validator.to_owned(), denom.to_owned());
        self.rewards.entry(key).or_default()
    }
}

impl Book {
    /// Whether a unit takes the carry in and leaves its remainder to it.
    fn has_carry(&self, epoch: u64) -> bool {
        Some(epoch) > self.ended
    }

    /// The carry that joins a unit when its first pass begins.
    fn joining(&self, epoch: u64) -> u128 {
        match self.has_carry(epoch) && self.begun != Some(epoch) {
            true => self.carry,
            false => 0,
        }
    }

    /// What a unit leaves joins the carry, or is the community pool's when its carry has ended.
    pub fn leave(&mut self, epoch: u64, coins: u128) {
        match self.has_carry(epoch) {
            true => self.carry += coins,
            false => self.community += coins,
        }
    }

    fn receive(&mut self, denom: &str, coins: u128) -> Result<(), ReceivedBound> {
        self.arrived = self
            .arrived
            .checked_add(coins)
            .ok_or_else(|| ReceivedBound {
                denom: denom.to_owned(),
            })?;
        Ok(())
    }
}
