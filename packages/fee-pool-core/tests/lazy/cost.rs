//! A claim costs the same whatever others did.

use std::cell::Cell;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{Order, Record, Storage};
use distribution_math::{FeeSplit, Points};
use fee_pool_core::books::Books;
use fee_pool_core::{Accounting, ContractError, F1, Lazy, powers};

use crate::numbers::{denom, percent};
use crate::pool::{TestPool, address, key};

/// What an action did to the storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    reads: usize,
    writes: usize,
    read_bytes: usize,
    written_bytes: usize,
}

struct Counting<'a> {
    storage: &'a mut MockStorage,
    cost: Cell<Cost>,
}

impl Counting<'_> {
    fn count(&self, count: impl FnOnce(&mut Cost)) {
        let mut cost = self.cost.get();
        count(&mut cost);
        self.cost.set(cost);
    }
}

impl Storage for Counting<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.storage.get(key);
        self.count(|cost| {
            cost.reads += 1;
            cost.read_bytes += key.len() + value.as_ref().map_or(0, Vec::len);
        });
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.count(|cost| {
            cost.writes += 1;
            cost.written_bytes += key.len() + value.len();
        });
        self.storage.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.count(|cost| cost.writes += 1);
        self.storage.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        Box::new(self.storage.range(start, end, order).inspect(|record| {
            self.count(|cost| {
                cost.reads += 1;
                cost.read_bytes += record.0.len() + record.1.len();
            });
        }))
    }
}

/// What a withdrawal of alice costs, and a change of her delegation.
fn costs<A: Accounting>(pool: &mut TestPool<A>) -> [Cost; 2] {
    let mut storage = std::mem::take(&mut pool.storage);
    let mut cost_of = |act: &dyn Fn(&mut Books<A>) -> Result<(), ContractError>| {
        let mut counting = Counting {
            storage: &mut storage,
            cost: Cell::default(),
        };
        pool.act_on(&mut counting, act);
        counting.cost.get()
    };
    [
        cost_of(&|books| {
            let paid = A::withdraw_delegation(books, key("alice", "v1"), &[denom()])?;
            assert!(!paid.is_zero());
            Ok(())
        }),
        cost_of(&|books| A::set_delegation(books, key("alice", "v1"), 1_000_007)),
    ]
}

/// Alice has not acted while others made so many changes.
fn after<A: Accounting>(changes: u64) -> [Cost; 2] {
    let mut pool = TestPool::<A>::new();
    for validator in ["v1", "v2"] {
        pool.create(validator, percent(10));
        pool.power(validator, 1_000);
    }
    pool.units("alice", "v1", 1_000_000);
    for number in 0..changes {
        pool.act(|books| {
            let votes = FeeSplit {
                by_power: Points::from_coins(1_000),
                ..FeeSplit::default()
            };
            A::distribute(books, denom(), &votes)?;
            powers::set(books, &address("v2"), 1_001 + number % 7)?;
            let delegator = format!("d{}", number % 5);
            A::set_delegation(books, key(&delegator, "v1"), 1_000 + u128::from(number))
        });
    }
    costs(&mut pool)
}

#[test]
fn others_changes_make_no_claim_dearer() {
    let few = after::<Lazy>(20);
    let many = after::<Lazy>(1_500);
    for (few, many) in few.into_iter().zip(many) {
        assert_eq!((few.reads, few.writes), (many.reads, many.writes));
        // Amounts have grown by a few digits.
        assert!(many.read_bytes < few.read_bytes + 40, "{few:?} {many:?}");
        assert!(
            many.written_bytes < few.written_bytes + 40,
            "{few:?} {many:?}"
        );
    }
}

#[test]
fn a_claim_writes_the_delegation_and_what_was_taken_only() {
    // The ledger changes when the coins are paid, which is not the accounting's to do.
    let [withdrawal, _] = after::<Lazy>(20);
    assert_eq!(withdrawal.writes, 2);
}

#[test]
fn a_claim_writes_little_more_than_with_indexes() {
    let [f1, _] = after::<F1>(20);
    let [lazy, _] = after::<Lazy>(20);
    assert_eq!(lazy.writes, f1.writes);
    assert!(
        lazy.written_bytes < f1.written_bytes + 100,
        "{f1:?} {lazy:?}"
    );
}
