//! What messages cost in storage, by the chain's formula: most of what they cost beside the 60 000 of
//! set-up for each call (2 000 when pinned) and what other modules take for payments.

use ccv::weights::{Entry, chunks};
use ccv_provider::msg::Target;
use chain_types::address::{AddressBytes, ValidatorForm};
use distribution_math::Points;

use crate::world::{ALPHA, DENOM, World, account, codec, name};

/// Validators with weights of the size of 10^12 base units.
pub fn many(count: u32) -> Vec<Entry> {
    (0..count)
        .map(|number| {
            let mut bytes = [7; 20];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            let bytes = AddressBytes::new(&bytes).unwrap();
            let validator = codec().show_validator(&bytes, ValidatorForm::Operator);
            let coins = Points::from_coins(1_000_000_000_000 + u128::from(number));
            // As divisions leave it.
            let weight = coins.checked_sub(Points::ONE).unwrap();
            Entry::new(name(&validator), weight)
        })
        .collect()
}

pub fn world(validators: u32) -> World {
    let mut world = World::of(Target::FeePool {
        contract: account(150),
    });
    world.register(&ALPHA);
    world.connect(&ALPHA);
    for entry in many(validators) {
        let name = entry.validator().to_string();
        world.deps.querier.validators.insert(name);
    }
    world
}

/// The gas of a unit, step by step.
#[derive(Debug, PartialEq)]
struct Costs {
    /// Of each chunk of weights.
    chunks: Vec<usize>,
    arrival: usize,
    /// Of each `process`.
    pages: Vec<usize>,
}

impl Costs {
    fn total(&self) -> usize {
        let pages: usize = self.pages.iter().sum();
        self.chunks.iter().sum::<usize>() + self.arrival + pages
    }
}

fn costs(validators: u32, limit: u32) -> Costs {
    let mut world = world(validators);
    world.is_checked = false;
    // Records of earlier units are there.
    world.tokens(&ALPHA, 1, 1_000_000).unwrap();
    world.all_weights(&ALPHA, 1, many(3));
    world.process_all(&ALPHA, 1, 100);

    let mut weights = Vec::new();
    for chunk in chunks(2, name(DENOM), many(validators)).unwrap() {
        world.deps.storage.take_gas();
        world.weights(&ALPHA, &chunk).unwrap();
        weights.push(world.deps.storage.take_gas());
    }
    world.tokens(&ALPHA, 2, 10u128.pow(15)).unwrap();
    let arrival = world.deps.storage.take_gas();
    let mut pages = Vec::new();
    loop {
        let answer = world.process(&ALPHA, 2, limit).unwrap();
        pages.push(world.deps.storage.take_gas());
        if answer["next"].is_null() {
            break;
        }
    }
    Costs {
        chunks: weights,
        arrival,
        pages,
    }
}

#[test]
fn an_arrival_costs_the_same_for_any_number_of_validators() {
    let (few, many) = (costs(3, 30).arrival, costs(512, 30).arrival);
    // The callback's bar is 300 000, of which 60 000 are set-up.
    assert!(few.abs_diff(many) < 100, "{few} {many}");
    assert!(many < 35_000, "{many}");
}

#[test]
fn a_unit_of_180_validators_leaves_the_fee_pool_most_of_its_bar() {
    let costs = costs(180, 100);
    assert!(costs.total() < 650_000, "{costs:?}");
}

#[test]
fn a_page_at_the_caps_costs_little() {
    let costs = costs(512, 30);
    let dearest = costs.pages.iter().max().unwrap();
    assert!(*dearest < 55_000, "{dearest}");
}
