//! Random histories, compared with the brute-force ledger, which visits every lock in every epoch.
//! They have settlements at any time, operations exactly at the end of epochs, splits, cancels,
//! forced exits, epochs without stake, closable and dormant gauges, top-ups by their makers and by
//! strangers, refunds, durations between those of pools, principal and rewards of the same denom, and
//! payouts that fail or have to wait.
//!
//! A failing history is shrunk, printed, and its seed kept in
//! `tests/reward_gauges/proptest-regressions/histories.txt`; every later run begins with the seeds
//! in that file. With `EXPORT_HISTORY_DIR` set, the failing history is also written there as a
//! scenario file, see [`crate::export`].
//! `PROPTEST_CASES` makes a run longer.

use anyhow::{Context as _, Result};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use testkit::reward_gauges::{HOOKABLE, Harness, Operation, REWARDS};

use crate::export;
use crate::property::{Trial, regressions};
use crate::support::{check_ledger, check_totals};

pub const LENGTH: u64 = 100;
pub const DURATIONS: [u64; 3] = [100, 300, 700];

fn duration() -> impl Strategy<Value = u64> {
    prop_oneof![
        prop::sample::select(vec![100u64, 300, 500, 700, 99, 701, 1_000]),
        1u64..1_500,
    ]
}

/// Base units of a lock.
pub fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![1u128..10, 1u128..1_000_000, 1u128..10u128.pow(24)]
}

/// Amounts of so many reward assets, many of them 0.
fn coins(assets: usize) -> impl Strategy<Value = Vec<u128>> {
    let one = prop_oneof![Just(0u128), 1u128..50, 1u128..10u128.pow(20)];
    prop::collection::vec(one, assets)
}

/// Any operation, with reward assets that nobody can hook; accounts refuse nothing.
pub fn operation() -> impl Strategy<Value = Operation> {
    operation_of(REWARDS.len())
}

/// Any operation, with assets whose transfers may call a contract, and accounts that refuse
/// transfers for a while.
fn operation_in_trouble() -> impl Strategy<Value = Operation> {
    prop_oneof![
        24 => operation_of(REWARDS.len() + HOOKABLE.len()),
        1 => (0usize..6, any::<bool>())
            .prop_map(|(account, refused)| Operation::Block { account, refused }),
        2 => (0usize..4).prop_map(Operation::ClaimAll),
    ]
}

fn operation_of(assets: usize) -> impl Strategy<Value = Operation> {
    let coins = move || coins(assets);
    let n = 0usize..40;
    prop_oneof![
        3 => (1u64..250).prop_map(Operation::Wait),
        1 => (100u64..4_000).prop_map(Operation::Wait),
        3 => prop::sample::select(vec![0i64, 0, 0, -1, 1]).prop_map(Operation::WaitForEnd),
        4 => (n.clone(), 0usize..3, amount(), duration()).prop_map(
            |(owner, asset, amount, duration)| Operation::Lock {
                owner, asset: asset / 2, amount, duration,
            }),
        2 => (n.clone(), amount())
            .prop_map(|(lock, amount)| Operation::AddToLock { lock, amount }),
        4 => (n.clone(), prop::option::of(any::<u128>()))
            .prop_map(|(lock, part)| Operation::BeginUnlock { lock, part }),
        2 => n.clone().prop_map(Operation::CancelUnlock),
        1 => (n.clone(), duration())
            .prop_map(|(lock, duration)| Operation::Extend { lock, duration }),
        2 => (n.clone(), prop::option::of(any::<u128>()))
            .prop_map(|(lock, part)| Operation::Force { lock, part }),
        1 => n.clone().prop_map(Operation::Refresh),
        1 => (n.clone(), prop::option::of(0usize..4))
            .prop_map(|(lock, receiver)| Operation::SetReceiver { lock, receiver }),
        2 => n.clone().prop_map(Operation::Withdraw),
        3 => n.clone().prop_map(Operation::Claim),
        1 => prop::sample::select(vec![200u64, 500]).prop_map(Operation::AddDuration),
        3 => (0usize..3, 0usize..5, prop_oneof![Just(0u64), 0u64..600],
              prop::option::of(1u32..12), any::<bool>(), coins())
            .prop_map(|(asset, duration, start, epochs, closable, coins)| Operation::CreateGauge {
                asset: asset / 2, duration, start, epochs, closable, coins,
            }),
        2 => (n.clone(), any::<bool>(), coins())
            .prop_map(|(gauge, stranger, coins)| Operation::AddToGauge { gauge, stranger, coins }),
        1 => (n, any::<bool>()).prop_map(|(gauge, evict)| Operation::EndGauge { gauge, evict }),
        2 => (1u32..8).prop_map(Operation::Settle),
        2 => Just(Operation::Tick),
        1 => Just(Operation::PayTreasury),
    ]
}

fn play(operations: &[Operation], compare_each: usize) -> Result<()> {
    play_on(Harness::new(LENGTH, &DURATIONS)?, operations, compare_each)
}

fn play_on(mut harness: Harness, operations: &[Operation], compare_each: usize) -> Result<()> {
    for (number, operation) in operations.iter().enumerate() {
        let done = || format!("operation {number}, {operation:?}");
        harness.apply(operation).with_context(done)?;
        if number % 7 == 0 {
            check_ledger(&harness.suite);
        }
        if number % compare_each == compare_each - 1 {
            harness.compare().with_context(done)?;
            check_ledger(&harness.suite);
        }
    }
    harness.compare().context("in the end")?;
    check_ledger(&harness.suite);
    Ok(())
}

fn every_history_holds(length: usize, compare_each: usize, name: &str) {
    Trial {
        cases: 48,
        regressions: regressions!("reward_gauges", "histories"),
    }
    .holds(&prop::collection::vec(operation(), 1..length), |history| {
        play(history, compare_each).inspect_err(|_| {
            // An export that fails must not hide the failure of the property.
            let _ = export::keep(history, name);
        })
    });
}

#[test]
fn histories_end_as_the_ledger_computes() {
    every_history_holds(120, 1_000, "reward-gauges-in-the-end");
}

#[test]
fn histories_are_as_the_ledger_computes_on_the_way() {
    every_history_holds(60, 10, "reward-gauges-in-between");
}

#[test]
fn histories_with_hookable_assets_and_refusing_accounts_are_as_the_ledger_computes() {
    Trial {
        cases: 32,
        regressions: regressions!("reward_gauges", "histories_in_trouble"),
    }
    .holds(
        &prop::collection::vec(operation_in_trouble(), 1..90),
        |history| {
            let harness = Harness::hookable(LENGTH, &DURATIONS)?;
            play_on(harness, history, 15)
        },
    );
}

#[test]
fn all_locks_can_be_withdrawn_and_claimed_after_any_history() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..6 {
        let operations = prop::collection::vec(operation(), 80)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let mut harness = Harness::new(LENGTH, &DURATIONS).unwrap();
        for operation in &operations {
            harness.apply(operation).unwrap();
        }
        for lock in (0..40).rev() {
            harness
                .apply(&Operation::BeginUnlock { lock, part: None })
                .unwrap();
        }
        harness.apply(&Operation::Wait(2_000)).unwrap();
        for lock in 0..40 {
            harness.apply(&Operation::Withdraw(lock)).unwrap();
            harness.apply(&Operation::Claim(lock)).unwrap();
        }
        harness.compare().unwrap();
        check_ledger(&harness.suite);
        check_totals(&harness.suite);
    }
}

#[test]
fn a_carry_counts_within_the_treasurys_bound() {
    play(
        &[
            Operation::CreateGauge {
                asset: 0,
                duration: 0,
                start: 0,
                epochs: None,
                closable: false,
                coins: vec![0, 1],
            },
            Operation::Wait(1),
            Operation::Lock {
                owner: 0,
                asset: 0,
                amount: 108_858_485_151_794_130,
                duration: 1_253,
            },
            Operation::WaitForEnd(1),
            Operation::Claim(0),
            Operation::Force {
                lock: 0,
                part: None,
            },
        ],
        1_000,
    )
    .unwrap();
}
