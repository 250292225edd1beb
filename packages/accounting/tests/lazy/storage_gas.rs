//! What the accountings cost in storage, by the formula of the chain that meters it: most of what a
//! message costs that changes or claims something.

use std::cell::Cell;

use accounting::books::Surroundings;
use accounting::store::Staged;
use accounting::{
    Accounting, AccountingError, AccountingKind, Amounts, Books, ChainRate, ChainStaking,
    DelegationKey, DenomId, Denoms,
};
use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage, Uint256};
use distribution_math::{FeeSplit, Points};

use crate::numbers::percent;

/// A storage that meters as the SDK does. The chain puts the contract's address before a key.
#[derive(Default)]
struct Metered {
    storage: MockStorage,
    gas: Cell<usize>,
}

const PREFIX: usize = 33;

impl Metered {
    fn meter(&self, gas: usize) {
        self.gas.set(self.gas.get() + gas);
    }
}

impl Storage for Metered {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.storage.get(key);
        let length = value.as_ref().map_or(0, Vec::len);
        self.meter(1_000 + 3 * (PREFIX + key.len() + length));
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.meter(2_000 + 30 * (PREFIX + key.len() + value.len()));
        self.storage.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.meter(1_000);
        self.storage.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        let records = self.storage.range(start, end, order);
        Box::new(records.inspect(|(key, value)| {
            self.meter(30 + 3 * (PREFIX + key.len() + value.len()));
        }))
    }
}

/// Tells a rate of a fifth of everybody.
struct Chain;

impl ChainStaking for Chain {
    fn commission_rate(&self, _storage: &dyn Storage, _validator: &[u8]) -> Option<ChainRate> {
        Some(ChainRate {
            rate: percent(20),
            clamped: false,
        })
    }
}

fn address(number: u8) -> [u8; 20] {
    [number; 20]
}

/// A pool of 100 validators with a delegation of their operator's each, and of one delegator to the
/// first. It has split three blocks.
struct Pool {
    storage: Metered,
    engine: &'static dyn Accounting,
    denoms: Vec<DenomId>,
}

const DELEGATOR: u8 = 200;

impl Pool {
    fn new(accounting: AccountingKind, denoms: usize) -> Self {
        let names = (0..denoms).map(|number| format!("denom{number}"));
        let mut pool = Pool {
            storage: Metered::default(),
            engine: accounting.engine(),
            denoms: Denoms::new(names).unwrap().ids().collect(),
        };
        for number in 0..100 {
            let operator = address(number);
            pool.act(|engine, books| {
                engine.create_validator(books, &operator, percent(10))?;
                engine.set_power(books, &operator, 10 + u64::from(number))
            });
            pool.delegate(number, number, 1_000_000_000_000);
        }
        pool.delegate(DELEGATOR, 0, 1_000_000_000_000);
        for block in 0..3 {
            pool.block(block % 2);
        }
        pool
    }

    /// Does something as a hook does it, and returns what that cost.
    fn act<T>(
        &mut self,
        act: impl FnOnce(&dyn Accounting, &mut Books) -> Result<T, AccountingError>,
    ) -> usize {
        self.storage.gas.set(0);
        let mut staged = Staged::new(&self.storage);
        let surroundings = Surroundings {
            staking: &Chain,
            power_units: None,
        };
        let mut books = Books::open(&mut staged, surroundings).unwrap();
        act(self.engine, &mut books).unwrap();
        books.close().unwrap();
        let changes = staged.into_changes();
        changes.apply(&mut self.storage);
        self.storage.gas.get()
    }

    fn block(&mut self, proposer: u8) {
        let denoms = self.denoms.clone();
        // Numbers as divisions leave them.
        let part = |coins: u128| {
            let parts = Points::from_coins(coins).value() / Uint256::from(7u128);
            Points::new(parts)
        };
        self.act(|engine, books| {
            let mut reward = Amounts::default();
            for denom in denoms {
                let votes = FeeSplit {
                    by_power: part(8_000_000),
                    ..FeeSplit::default()
                };
                engine.distribute(books, denom, &votes)?;
                reward.set(denom, part(400_000));
            }
            engine.reward_validator(books, &address(proposer), &reward)
        });
    }

    fn delegate(&mut self, delegator: u8, validator: u8, units: u128) -> usize {
        self.act(|engine, books| {
            let key = DelegationKey {
                delegator: &address(delegator),
                validator: &address(validator),
            };
            engine.set_delegation(books, key, units)
        })
    }

    /// The powers of so many validators change at once.
    fn powers(&mut self, changed: u8) -> usize {
        self.act(|engine, books| {
            (0..changed).try_for_each(|number| {
                engine.set_power(books, &address(number), 11 + u64::from(number))
            })
        })
    }

    fn announce(&mut self) -> usize {
        self.act(|engine, books| engine.mark_commission_stale(books, &address(0)))
    }

    fn withdraw(&mut self) -> usize {
        let denoms = self.denoms.clone();
        self.act(|engine, books| {
            let key = DelegationKey {
                delegator: &address(DELEGATOR),
                validator: &address(0),
            };
            engine.withdraw_delegation(books, key, &denoms)
        })
    }
}

#[test]
fn a_change_of_a_delegation_costs_what_indexes_do() {
    for denoms in [1, 8] {
        let mut lazy = Pool::new(AccountingKind::Lazy, denoms);
        let mut f1 = Pool::new(AccountingKind::F1, denoms);
        let [lazy, f1] = [&mut lazy, &mut f1].map(|pool| pool.delegate(DELEGATOR, 0, 2));
        assert!(lazy * 4 < f1 * 5, "{denoms} denoms: {lazy}, {f1}");
    }
}

#[test]
fn an_announced_commission_makes_the_next_change_dearer_by_half_at_most() {
    for denoms in [1, 8] {
        let mut pool = Pool::new(AccountingKind::Lazy, denoms);
        let plain = pool.delegate(DELEGATOR, 0, 2);
        pool.block(0);
        let announced = pool.announce();
        pool.block(0);
        let told = pool.delegate(DELEGATOR, 0, 3);
        assert!(announced * 4 < plain * 5, "{denoms}: {announced}, {plain}");
        assert!(told * 2 < plain * 3, "{denoms} denoms: {told}, {plain}");
    }
}

#[test]
fn each_further_power_of_a_block_costs_little() {
    // What all of them share is written once.
    for (denoms, most) in [(1, 10_000), (8, 21_000)] {
        let [one, ten] =
            [1, 10].map(|changed| Pool::new(AccountingKind::Lazy, denoms).powers(changed));
        assert!(ten - one < 9 * most, "{denoms} denoms: {one}, {ten}");
    }
}

#[test]
fn a_claim_costs_less_than_with_indexes() {
    for denoms in [1, 8] {
        let [lazy, f1] = [AccountingKind::Lazy, AccountingKind::F1]
            .map(|accounting| Pool::new(accounting, denoms).withdraw());
        assert!(lazy < f1 + 2_500, "{denoms} denoms: {lazy}, {f1}");
    }
}
