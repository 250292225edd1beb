//! What the accountings cost in storage, by the formula of the chain that meters it: most of what a
//! message costs that changes or claims something.

use std::cell::Cell;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Event, Order, Record, Storage, Uint256};
use distribution_math::{FeeSplit, Points};
use fee_pool_core::books::Books;
use fee_pool_core::{Accounting, ContractError, F1, Lazy, powers};
use pool_kit::staged::Staged;
use pool_kit::{Amounts, DenomId, Denoms};

use crate::numbers::percent;
use crate::pool::{Surroundings, address, key};

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

/// A pool of 100 validators with a delegation of their operator's each, and of one delegator to the
/// first. It has split three blocks.
struct Pool<A: Accounting> {
    storage: Metered,
    surroundings: Surroundings,
    denoms: Vec<DenomId>,
    accounting: std::marker::PhantomData<A>,
}

const DELEGATOR: &str = "delegator";

fn name(number: u8) -> String {
    format!("v{number}")
}

impl<A: Accounting> Pool<A> {
    fn new(denoms: usize) -> Self {
        let names = (0..denoms).map(|number| format!("denom{number}"));
        let denoms = Denoms::new(names.collect()).unwrap();
        let mut pool = Pool {
            storage: Metered::default(),
            surroundings: Surroundings::new(),
            denoms: denoms.ids().collect(),
            accounting: std::marker::PhantomData,
        };
        Surroundings::configure(&mut pool.storage, denoms);
        for number in 0..100 {
            let operator = address(&name(number));
            pool.act(|books| {
                A::create_validator(books, &operator, percent(10))?;
                powers::set(books, &operator, 10 + u64::from(number))
            });
            pool.delegate(&name(number), number, 1_000_000_000_000);
        }
        pool.delegate(DELEGATOR, 0, 1_000_000_000_000);
        for block in 0..3 {
            pool.block(block % 2);
        }
        pool
    }

    /// Does something as a hook does it, and returns what that cost.
    fn act<T>(&mut self, act: impl FnOnce(&mut Books<A>) -> Result<T, ContractError>) -> usize {
        self.storage.gas.set(0);
        let mut staged = Staged::new(&self.storage);
        self.surroundings.act(&mut staged, act);
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
        self.act(|books| {
            let mut reward = Amounts::default();
            for denom in denoms {
                let votes = FeeSplit {
                    by_power: part(8_000_000),
                    ..FeeSplit::default()
                };
                A::distribute(books, denom, &votes)?;
                reward.set(denom, part(400_000));
            }
            A::reward_validator(
                books,
                &address(&name(proposer)),
                &reward,
                Event::new("reward"),
            )
        });
    }

    fn delegate(&mut self, delegator: &str, validator: u8, units: u128) -> usize {
        self.act(|books| A::set_delegation(books, key(delegator, &name(validator)), units))
    }

    /// The powers of so many validators change at once.
    fn powers(&mut self, changed: u8) -> usize {
        self.act(|books| {
            (0..changed).try_for_each(|number| {
                powers::set(books, &address(&name(number)), 11 + u64::from(number))
            })
        })
    }

    fn withdraw(&mut self) -> usize {
        let denoms = self.denoms.clone();
        self.act(|books| A::withdraw_delegation(books, key(DELEGATOR, &name(0)), &denoms))
    }
}

#[test]
fn a_change_of_a_delegation_costs_what_indexes_do() {
    for denoms in [1, 8] {
        let lazy = Pool::<Lazy>::new(denoms).delegate(DELEGATOR, 0, 2);
        let f1 = Pool::<F1>::new(denoms).delegate(DELEGATOR, 0, 2);
        assert!(lazy * 4 < f1 * 5, "{denoms} denoms: {lazy}, {f1}");
    }
}

#[test]
fn each_further_power_of_a_block_costs_little() {
    // What all of them share is written once; each has its power, its adjustment and its entry in
    // the log.
    for (denoms, most) in [(1, 22_000), (8, 34_000)] {
        let [one, ten] = [1, 10].map(|changed| Pool::<Lazy>::new(denoms).powers(changed));
        assert!(ten - one < 9 * most, "{denoms} denoms: {one}, {ten}");
    }
}

#[test]
fn a_claim_costs_less_than_with_indexes() {
    for denoms in [1, 8] {
        let lazy = Pool::<Lazy>::new(denoms).withdraw();
        let f1 = Pool::<F1>::new(denoms).withdraw();
        assert!(lazy < f1 + 2_500, "{denoms} denoms: {lazy}, {f1}");
    }
}
