//! A pool with one denom, driven through its accounting; keeps a full copy of the log.

use std::cell::RefCell;
use std::collections::BTreeMap;

use accounting::books::Surroundings;
use accounting::lazy::log::{LoggedChange, PowerChange};
use accounting::pool::Class;
use accounting::store::Staged;
use accounting::{
    Accounting, AccountingError, AccountingFault, AccountingKind, Amounts, Books, ChainRate,
    ChainStaking, DelegationKey, Entry,
};
use cosmwasm_std::Storage;
use cosmwasm_std::testing::MockStorage;
use distribution_math::{FeeSplit, Points, Rate};

use crate::numbers::denom;

/// A chain that tells the rates that it was given, and nothing of other validators.
#[derive(Default)]
pub struct Chain {
    rates: RefCell<BTreeMap<Vec<u8>, Rate>>,
}

impl ChainStaking for Chain {
    fn commission_rate(&self, _storage: &dyn Storage, validator: &[u8]) -> Option<ChainRate> {
        let rate = self.rates.borrow().get(validator).copied()?;
        Some(ChainRate {
            rate,
            clamped: false,
        })
    }
}

pub struct TestPool {
    pub storage: MockStorage,
    engine: &'static dyn Accounting,
    chain: Chain,
    /// Every entry that ever was in the log.
    pub log: BTreeMap<u64, PowerChange>,
    pub journal: Vec<Entry>,
}

pub fn key<'a>(delegator: &'a str, validator: &'a str) -> DelegationKey<'a> {
    DelegationKey {
        delegator: delegator.as_bytes(),
        validator: validator.as_bytes(),
    }
}

impl TestPool {
    pub fn lazy() -> Self {
        Self::of(AccountingKind::Lazy)
    }

    pub fn of(accounting: AccountingKind) -> Self {
        TestPool {
            storage: MockStorage::new(),
            engine: accounting.engine(),
            chain: Chain::default(),
            log: BTreeMap::new(),
            journal: Vec::new(),
        }
    }

    /// Does something with open books and closes them.
    pub fn act<T>(
        &mut self,
        act: impl FnOnce(&dyn Accounting, &mut Books) -> Result<T, AccountingError>,
    ) -> T {
        let surroundings = Surroundings {
            staking: &self.chain,
            power_units: None,
        };
        let mut books = Books::open(&mut self.storage, surroundings).unwrap();
        let done = act(self.engine, &mut books).unwrap();
        self.journal.extend(books.close().unwrap());
        self.copy_log();
        done
    }

    /// Looks at something that is dropped afterwards.
    pub fn look<T>(
        &self,
        look: impl FnOnce(&dyn Accounting, &mut Books) -> Result<T, AccountingError>,
    ) -> T {
        let mut staged = Staged::new(&self.storage);
        let surroundings = Surroundings {
            staking: &self.chain,
            power_units: None,
        };
        let mut books = Books::open(&mut staged, surroundings).unwrap();
        look(self.engine, &mut books).unwrap()
    }

    /// All entries that the pool still has: an announced one may have been completed.
    fn copy_log(&mut self) {
        let entries =
            self.look(
                |engine, books| match engine.power_changes(books, None, usize::MAX) {
                    Err(error) if matches!(error.fault(), AccountingFault::LazyOnly { .. }) => {
                        Ok(Vec::new())
                    }
                    entries => entries,
                },
            );
        for LoggedChange { sequence, change } in entries {
            self.log.insert(sequence, change);
        }
    }

    pub fn create(&mut self, validator: &str, rate: Rate) {
        self.act(|engine, books| engine.create_validator(books, validator.as_bytes(), rate));
    }

    pub fn remove(&mut self, validator: &str) {
        self.act(|engine, books| engine.remove_validator(books, validator.as_bytes()));
    }

    pub fn power(&mut self, validator: &str, power: u64) {
        self.act(|engine, books| engine.set_power(books, validator.as_bytes(), power));
    }

    pub fn rate(&mut self, validator: &str, rate: Rate) {
        self.act(|engine, books| engine.set_commission_rate(books, validator.as_bytes(), rate));
    }

    pub fn units(&mut self, delegator: &str, validator: &str, units: u128) {
        self.act(|engine, books| engine.set_delegation(books, key(delegator, validator), units));
    }

    /// The chain announces a rate, and tells it from then on.
    pub fn announce(&mut self, validator: &str, rate: Rate) {
        self.announce_without_telling(validator);
        self.tell(validator, Some(rate));
    }

    pub fn announce_without_telling(&mut self, validator: &str) {
        self.act(|engine, books| engine.mark_commission_stale(books, validator.as_bytes()));
    }

    /// What the chain answers from now on.
    pub fn tell(&mut self, validator: &str, rate: Option<Rate>) {
        let mut rates = self.chain.rates.borrow_mut();
        match rate {
            Some(rate) => rates.insert(validator.into(), rate),
            None => rates.remove(validator.as_bytes()),
        };
    }

    pub fn settle(&mut self, validator: &str) {
        self.act(|engine, books| engine.settle_validator(books, validator.as_bytes()));
    }

    /// Votes of a block, in points.
    pub fn distribute(&mut self, by_power: Points, equally: Points) {
        let split = FeeSplit {
            by_power,
            equally,
            ..FeeSplit::default()
        };
        self.act(|engine, books| engine.distribute(books, denom(), &split));
    }

    /// Votes of a block, all of them by power, in base units.
    pub fn receive(&mut self, coins: u128) {
        self.distribute(Points::from_coins(coins), Points::ZERO);
    }

    /// A reward for one validator. Returns whether it was there to take it.
    pub fn reward(&mut self, validator: &str, amount: Points) -> bool {
        let mut rewards = Amounts::default();
        rewards.set(denom(), amount);
        self.act(|engine, books| engine.reward_validator(books, validator.as_bytes(), &rewards))
    }

    /// Pays a delegation. Returns the points paid.
    pub fn withdraw(&mut self, delegator: &str, validator: &str) -> Points {
        self.act(|engine, books| {
            let paid = engine.withdraw_delegation(books, key(delegator, validator), &[denom()])?;
            pay(books, &paid)
        })
    }

    /// Pays an operator. Returns the points paid.
    pub fn withdraw_commission(&mut self, validator: &str) -> Points {
        self.act(|engine, books| {
            let paid = engine.withdraw_commission(books, validator.as_bytes(), &[denom()])?;
            pay(books, &paid)
        })
    }

    pub fn rewards(&self, delegator: &str, validator: &str) -> Points {
        let found =
            self.look(|engine, books| engine.delegation_rewards(books, key(delegator, validator)));
        found.get(denom())
    }

    pub fn commission(&self, validator: &str) -> Points {
        let found = self.look(|engine, books| engine.commission(books, validator.as_bytes()));
        found.get(denom())
    }

    /// What is owed to a validator's operator and delegators.
    pub fn outstanding_of(&self, validator: &str) -> Points {
        let found =
            self.look(|engine, books| engine.outstanding_rewards(books, validator.as_bytes()));
        found.get(denom())
    }

    /// What is owed to all operators and delegators, as the ledger has it.
    pub fn outstanding(&self) -> Points {
        self.look(|_, books| Ok(books.pool.ledger(denom()).class(Class::Outstanding)))
    }

    pub fn community(&self) -> Points {
        self.look(|_, books| Ok(books.pool.ledger(denom()).class(Class::CommunityPool)))
    }

    pub fn is_closed(&self, delegator: &str, validator: &str) -> bool {
        let units =
            self.look(|engine, books| engine.delegation_units(books, key(delegator, validator)));
        units.is_none()
    }

    /// The newest entry of the log.
    pub fn last_change(&self) -> &PowerChange {
        self.log.values().next_back().unwrap()
    }
}

/// Takes coins out of the ledger, as a contract does before it sends them.
fn pay(books: &mut Books, paid: &Amounts) -> Result<Points, AccountingError> {
    let coins = paid.get(denom());
    books.pool.update(denom(), |record| {
        Ok(record.ledger.release(Class::Outstanding, coins)?)
    })?;
    Ok(coins)
}
