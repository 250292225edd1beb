//! How many records a message writes does not depend on the number of validators and candidates.

use testkit::expect::assert_changed_records;
use testkit::poa_pool::PoaSuite;

use crate::support::pool;

/// A pool of so many validators and candidates, in its second block, with one checkpoint behind it
/// and fees for the next one.
fn crowd(validators: u32, candidates: u32) -> PoaSuite {
    let names: Vec<String> = (0..validators).map(|number| format!("v{number}")).collect();
    let powers: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 10)).collect();
    let mut suite = pool(&powers);
    for number in 0..candidates {
        suite.create_validator(&format!("c{number}")).unwrap();
    }
    suite.fees(1_000_003).unwrap();
    suite.withdraw("v0").unwrap();
    suite.next_block();
    suite.fees(1_000_003).unwrap();
    suite
}

const SIZES: [(u32, u32); 3] = [(40, 0), (40, 100), (300, 0)];

#[track_caller]
fn writes(act: impl Fn(&mut PoaSuite), expected: &[(&str, usize)]) {
    for (validators, candidates) in SIZES {
        let mut suite = crowd(validators, candidates);
        let before = suite.dump();
        act(&mut suite);
        let size = (validators, candidates);
        assert_changed_records(&before, &suite.dump(), expected, &size);
    }
}

#[test]
fn a_checkpoint_writes_one_record() {
    writes(|suite| drop(suite.checkpoint().unwrap()), &[("pool", 1)]);
}

#[test]
fn a_withdrawal_writes_the_pool_and_the_operator() {
    let withdraw = |suite: &mut PoaSuite| drop(suite.withdraw("v0").unwrap());
    writes(withdraw, &[("operators", 1), ("pool", 1)]);
}

#[test]
fn a_candidate_writes_its_own_records() {
    writes(
        |suite| drop(suite.create_validator("newcomer").unwrap()),
        &[
            ("last_validator", 1),
            ("operators", 1),
            ("profiles", 1),
            ("ranking", 1),
            ("validators", 1),
        ],
    );
}

#[test]
fn a_batch_writes_the_pool_once_and_the_same_for_every_change() {
    for changes in [1, 10, 40] {
        let batch = |suite: &mut PoaSuite| {
            let names: Vec<String> = (0..changes).map(|number| format!("v{number}")).collect();
            let powers: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 11)).collect();
            suite.set_powers(&powers).unwrap();
        };
        writes(
            batch,
            &[
                ("members", changes),
                ("members__changelog", changes),
                ("operators", changes),
                ("pool", 1),
                ("ranking", 2 * changes),
                ("total", 1),
                ("total__changelog", 1),
            ],
        );
    }
}

#[test]
fn a_hand_over_writes_both_operators() {
    writes(
        |suite| drop(suite.hand_over("v1", "heir").unwrap()),
        &[
            ("members", 2),
            ("members__changelog", 2),
            ("operators", 2),
            ("pool", 1),
            ("validators", 1),
        ],
    );
}

#[test]
fn an_offer_writes_one_record() {
    writes(
        |suite| drop(suite.offer("v1", "v1", "heir").unwrap()),
        &[("validators", 1)],
    );
}

#[test]
fn a_batch_of_powers_that_stay_writes_the_pool_alone() {
    writes(
        |suite| drop(suite.set_powers(&[("v1", 10), ("v2", 10)]).unwrap()),
        &[("pool", 1)],
    );
}
