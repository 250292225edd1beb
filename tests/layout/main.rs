//! State that an earlier version of a contract has written is read by the current one: fixtures hold
//! a contract's raw records with the answers to its queries, `migrate` runs over the records, and
//! the answers must be the same. `tests/chain` does it again on a real chain with the same files.
//!
//! Fixtures are `tests/fixtures/<contract>/<version>-<name>.json`. None of them is ever edited: when
//! a layout changes, the contract's version is raised and new files are written beside the old ones.
//!
//! `WRITE_FIXTURES=1 cargo test -p integration-tests --test layout` writes those of the current
//! version.

// Helpers outside of test functions are tests as well.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod fee_pool;
mod fixture;

use std::collections::BTreeSet;

use serde_json::Value;
use testing::scenario::mismatch;

use crate::fixture::{Fixture, folder, is_writing};

const FEE_POOL: &str = "fee-pool";

/// What today's code stores for every fixture of a contract.
fn today() -> Vec<Fixture> {
    fee_pool::fixtures().unwrap()
}

#[test]
fn migration_over_every_fixture_keeps_the_answers() {
    let mut found = 0;
    for fixture in Fixture::committed(FEE_POOL).unwrap() {
        found += 1;
        let chain = fixture.load().unwrap();
        for (number, expected) in fixture.answers.iter().enumerate() {
            let came = chain.query(&expected.query);
            let came = came.unwrap_or_else(|error| panic!("{fixture}: {error:#}"));
            if let Some(difference) = mismatch(&expected.answer, &came) {
                panic!(
                    "{fixture}: answer {number}, {}: {difference}",
                    expected.query
                );
            }
        }
    }
    assert!(found >= 3 || is_writing(), "{found} fixtures");
}

#[test]
fn the_newest_fixtures_are_the_layout_of_today() {
    for today in today() {
        if is_writing() {
            today.write().unwrap();
            continue;
        }
        let newest = Fixture::newest(FEE_POOL, &today.name).unwrap();
        let newest = newest.unwrap_or_else(|| panic!("there is no fixture like {today}"));
        assert!(
            newest.layout() == today.layout() && newest.answers == today.answers,
            "{today} differs from {newest}: what is stored or answered has changed.\n\
             If {} was released, state of it is on chains: raise the contract's version, make \
             `migrate` read the old state, and write fixtures beside the old ones. \
             Write with: WRITE_FIXTURES=1 cargo test -p integration-tests --test layout\n{}",
            newest.version,
            newest.difference(&today),
        );
    }
}

#[test]
fn the_fixtures_hold_every_kind_of_record() {
    let mut kinds = BTreeSet::new();
    for fixture in today() {
        kinds.extend(fixture.kinds());
    }
    let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
    assert_eq!(kinds, fee_pool::KINDS);
}

#[test]
fn the_fixtures_ask_every_query() {
    let schema = std::fs::read_to_string(folder("../../schema/fee-pool.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let queries = schema["query"]["oneOf"].as_array().unwrap().iter();
    let all: BTreeSet<&String> = queries
        .flat_map(|query| query["properties"].as_object().unwrap().keys())
        .collect();
    let fixtures = today();
    let asked: BTreeSet<&String> = fixtures
        .iter()
        .flat_map(|fixture| &fixture.answers)
        .flat_map(|it| it.query.as_object().unwrap().keys())
        .collect();
    assert_eq!(asked, all);
}

#[test]
fn a_changed_record_is_noticed() {
    let mut fixture = today().remove(0);
    let place = fixture.state.iter().position(|it| it.kind() == "config");
    let record = &mut fixture.state[place.unwrap()];
    let text = String::from_utf8(record.value.clone()).unwrap();
    let other = text.replace("\"share_places\":6", "\"share_places\":5");
    assert_ne!(text, other);
    record.value = other.into_bytes();
    let chain = fixture.load().unwrap();
    let differs = |it: &fixture::Answer| chain.query(&it.query).unwrap() != it.answer;
    assert!(fixture.answers.iter().any(differs));
    assert_ne!(fixture.layout(), today()[0].layout());
}
