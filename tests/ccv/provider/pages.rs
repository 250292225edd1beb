//! Whatever the size of its pages, a unit ends with the amounts of the brute-force ledger.

use num_bigint::BigInt;
use oracles::ccv_ledger::{Policy, ProviderLedger, UnitId, Weight};
use proptest::prelude::*;
use serde_json::json;
use testkit::wire::End;

use super::world::{Target, VOUCHER, World};

const CONSUMER: &str = "zone";

/// A unit: what arrives, and the weight of each validator by its number.
#[derive(Clone, Debug)]
struct Unit {
    tokens: u128,
    weights: Vec<u128>,
    chunk_size: usize,
}

fn name(number: usize) -> String {
    format!("v{number}")
}

impl Unit {
    fn weights(&self) -> Vec<(String, u128)> {
        let weights = self.weights.iter().enumerate();
        weights
            .filter(|(_, weight)| **weight > 0)
            .map(|(number, weight)| (name(number), *weight))
            .collect()
    }
}

/// What everybody has in the end.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    paid: Vec<u128>,
    community: u128,
    carry: u128,
    held: u128,
}

impl World {
    fn outcome(&mut self, validators: usize) -> Outcome {
        Outcome {
            paid: (0..validators)
                .map(|number| self.paid(&name(number)))
                .collect(),
            community: self.community(),
            carry: self.carry(),
            held: self.held(),
        }
    }
}

/// What the ledger says: the units one after the other, each with the carry of the one before.
fn expected(units: &[Unit], exist: &[bool], policy: Policy) -> Outcome {
    let mut ledger = ProviderLedger::default();
    ledger.set_policy(CONSUMER, policy);
    for (number, exists) in exist.iter().enumerate() {
        ledger.set_exists(&name(number), *exists);
    }
    let mut outcome = Outcome {
        paid: vec![0; exist.len()],
        community: 0,
        carry: 0,
        held: 0,
    };
    for (epoch, unit) in (1..).zip(units) {
        let id = UnitId {
            consumer: CONSUMER,
            denom: VOUCHER,
            epoch,
        };
        ledger.arrive(&id, unit.tokens).unwrap();
        let weights: Vec<Weight> = unit
            .weights()
            .into_iter()
            .map(|(validator, points)| Weight {
                validator,
                points: BigInt::from(points),
            })
            .collect();
        let distribution = ledger.process(&id, &weights).unwrap();
        outcome.community += distribution.community;
        outcome.carry = distribution.carry;
    }
    for (number, paid) in outcome.paid.iter_mut().enumerate() {
        *paid = ledger.owed(&name(number), VOUCHER);
    }
    outcome.held = outcome.carry;
    outcome
}

/// Plays the units with every page size up to one more than both passes of the longest need.
fn every_page_size_gives_the_ledgers_amounts(
    target: Target,
    units: &[Unit],
    exist: &[bool],
    policy: Policy,
) {
    let validators: Vec<String> = exist
        .iter()
        .enumerate()
        .filter(|(_, exists)| **exists)
        .map(|(number, _)| name(number))
        .collect();
    let mut world = World::new(target, &validators);
    if policy == Policy::Carry {
        let change = json!({"update_consumer": {"id": CONSUMER, "disqualified": "carry"}});
        world.as_owner(&change).unwrap();
    }
    let channel: End = world.wire.open(&world.new_channel()).unwrap().a;
    for (epoch, unit) in (1..).zip(units) {
        world.send_unit(
            &channel,
            epoch,
            unit.tokens,
            &unit.weights(),
            unit.chunk_size,
        );
    }
    let expected = expected(units, exist, policy);
    let arrived = world.wire.snapshot();
    for limit in 1..=exist.len() * 2 + 1 {
        world.wire.restore(&arrived);
        let limit = u32::try_from(limit).unwrap();
        for (epoch, unit) in (1..).zip(units) {
            let pages = world.process(epoch, limit);
            let entries = u32::try_from(unit.weights().len()).unwrap();
            assert!(
                pages <= (entries * 2).div_ceil(limit),
                "{pages} pages of {limit}"
            );
        }
        assert_eq!(world.outcome(exist.len()), expected, "pages of {limit}");
        let invariants = world.query(&json!({"invariants": {}}));
        assert_eq!(
            invariants["denoms"][0]["difference"], "0",
            "pages of {limit}"
        );
    }
}

const VALIDATORS: usize = 7;

fn unit() -> impl Strategy<Value = Unit> {
    let weight = prop_oneof![Just(0), 1..10u128, 1..10u128.pow(30)];
    let weights = prop::collection::vec(weight, VALIDATORS)
        .prop_filter("a unit has a weight", |weights| {
            weights.iter().any(|it| *it > 0)
        });
    let tokens = prop_oneof![1..100u128, 1..10u128.pow(24)];
    (tokens, weights, 1..VALIDATORS + 1).prop_map(|(tokens, weights, chunk_size)| Unit {
        tokens,
        weights,
        chunk_size,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn page_size_never_changes_the_result(
        units in prop::collection::vec(unit(), 1..4),
        exist in prop::collection::vec(prop::bool::weighted(0.7), VALIDATORS),
        policy in prop_oneof![Just(Policy::Redistribute), Just(Policy::Carry)],
        target in prop_oneof![Just(Target::Group), Just(Target::FeePool)],
    ) {
        every_page_size_gives_the_ledgers_amounts(target, &units, &exist, policy);
    }
}

#[test]
fn a_hundred_and_thirty_validators_in_three_chunks_in_pages_of_several_sizes() {
    let exist: Vec<bool> = (0..130).map(|number| number % 3 != 1).collect();
    let weights: Vec<u128> = (1..=130).map(|number| number * number).collect();
    let unit = Unit {
        tokens: 1_000_003,
        weights,
        chunk_size: 64,
    };
    let units = [unit.clone(), unit];
    for target in [Target::Group, Target::FeePool] {
        let validators: Vec<String> = (0..130).filter(|it| exist[*it]).map(name).collect();
        let mut world = World::new(target, &validators);
        let channel = world.wire.open(&world.new_channel()).unwrap().a;
        for (epoch, unit) in (1..).zip(&units) {
            world.send_unit(
                &channel,
                epoch,
                unit.tokens,
                &unit.weights(),
                unit.chunk_size,
            );
        }
        let expected = expected(&units, &exist, Policy::Redistribute);
        let arrived = world.wire.snapshot();
        for limit in [1, 7, 63, 64, 65, 100] {
            world.wire.restore(&arrived);
            world.process(1, limit);
            world.process(2, limit);
            assert_eq!(
                world.outcome(exist.len()),
                expected,
                "{target:?}, pages of {limit}"
            );
        }
    }
}
