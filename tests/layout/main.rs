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

mod ccv_provider;
mod fee_pool;
mod fixture;
mod holding_pools;
mod loaded;
mod poa_fee_pool;
#[path = "../ccv/provider/world.rs"]
#[allow(dead_code, reason = "the tests of the provider use more of it")]
mod provider_world;
mod refusals;
mod reward_gauges;
mod under_way;

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;
use testkit::scenario::mismatch;

use crate::fixture::{Fixture, folder, is_writing};
use crate::loaded::Loaded;

/// What there is to hold of a contract. A contract joins with a module like [`fee_pool`], and a file
/// `instantiate.json` in its folder of fixtures.
struct Layout {
    /// The contract's crate.
    contract: &'static str,
    /// Every kind of record that it may have between two messages, in alphabetical order.
    kinds: &'static [&'static str],
    /// What today's code stores for every fixture.
    today: fn() -> Result<Vec<Fixture>>,
}

const LAYOUTS: [Layout; 6] = [
    fee_pool::F1,
    fee_pool::LAZY,
    poa_fee_pool::LAYOUT,
    reward_gauges::LAYOUT,
    holding_pools::LAYOUT,
    ccv_provider::LAYOUT,
];

impl Layout {
    fn today(&self) -> Vec<Fixture> {
        (self.today)().unwrap()
    }
}

#[test]
fn migration_over_every_fixture_keeps_the_answers() {
    for fixture in committed() {
        answers_as_before(&fixture, &fixture.load().unwrap());
    }
}

fn committed() -> Vec<Fixture> {
    let of = |layout: &Layout| {
        let fixtures = Fixture::committed(layout.contract).unwrap();
        assert!(!fixtures.is_empty() || is_writing(), "{}", layout.contract);
        fixtures
    };
    LAYOUTS.iter().flat_map(of).collect()
}

#[track_caller]
fn answers_as_before(fixture: &Fixture, contract: &Loaded) {
    for expected in &fixture.answers {
        let came = contract.query(&expected.query);
        let came = came.unwrap_or_else(|error| panic!("{fixture}: {error:#}"));
        if let Some(difference) = mismatch(&expected.answer, &came) {
            panic!("{fixture}: {}: {difference}", expected.query);
        }
    }
}

#[test]
fn the_newest_fixtures_are_the_layout_of_today() {
    for today in LAYOUTS.iter().flat_map(Layout::today) {
        if is_writing() {
            today.write().unwrap();
            continue;
        }
        let newest = Fixture::newest(&today.contract, &today.name).unwrap();
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
    for layout in LAYOUTS {
        let fixtures = layout.today();
        let kinds: BTreeSet<String> = fixtures.iter().flat_map(Fixture::kinds).collect();
        let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
        assert_eq!(kinds, layout.kinds, "{}", layout.contract);
    }
}

/// Queries that both fee pools have, and only the lazy one answers.
const LAZY_ONLY: [&str; 3] = [
    "commission_adjustment",
    "delegation_adjustment",
    "power_changes",
];

#[test]
fn the_fixtures_ask_every_query() {
    for layout in LAYOUTS {
        let schema = folder(&format!("../../schema/{0}/{0}.json", layout.contract));
        let schema: Value =
            serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
        let queries = schema["query"]["oneOf"].as_array().unwrap().iter();
        let all: BTreeSet<&String> = queries
            .flat_map(|query| query["properties"].as_object().unwrap().keys())
            .collect();
        let fixtures = layout.today();
        let asked: BTreeSet<&String> = fixtures
            .iter()
            .flat_map(|fixture| &fixture.answers)
            .flat_map(|it| it.query.as_object().unwrap().keys())
            .collect();
        let others: &[&str] = match layout.contract {
            "fee-pool" => &LAZY_ONLY,
            _ => &[],
        };
        let all: BTreeSet<&String> = all
            .into_iter()
            .filter(|query| !others.contains(&query.as_str()))
            .collect();
        assert_eq!(asked, all, "{}", layout.contract);
    }
}

#[test]
fn a_changed_record_is_noticed() {
    let mut fixture = fee_pool::F1.today().remove(0);
    let place = fixture.state.iter().position(|it| it.kind() == "config");
    let record = &mut fixture.state[place.unwrap()];
    let text = String::from_utf8(record.value.clone()).unwrap();
    let other = text.replace("\"share_places\":18", "\"share_places\":17");
    assert_ne!(text, other);
    record.value = other.into_bytes();
    let chain = fixture.load().unwrap();
    let differs = |it: &fixture::Answer| chain.query(&it.query).unwrap() != it.answer;
    assert!(fixture.answers.iter().any(differs));
    assert_ne!(fixture.layout(), fee_pool::F1.today().remove(0).layout());
}
