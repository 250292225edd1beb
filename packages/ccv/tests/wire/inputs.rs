//! Random inputs.

use ccv::name::Name;
use ccv::weights::{Entry, UnitHeader, WeightsChunk};
use cosmwasm_std::Uint256;
use distribution_math::Points;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::name;

pub fn names() -> impl Strategy<Value = Name> {
    "[a-zA-Z0-9/:._-]{1,128}".prop_map(|text| name(&text))
}

/// Weights above 0 of all magnitudes, of which 512 are together below 2^128 coins.
pub fn weight() -> impl Strategy<Value = Points> {
    (any::<[u8; 32]>(), 18u32..256).prop_map(|(bytes, shift)| {
        let weight = Uint256::from_be_bytes(bytes) >> shift;
        Points::new(weight.max(Uint256::one()))
    })
}

/// Validators, each once, with weights that are together at least one coin.
pub fn entries(most: usize) -> impl Strategy<Value = Vec<Entry>> {
    let validators = btree_map("[a-z]{1,4}", weight(), 1..=most);
    (validators, any::<prop::sample::Index>()).prop_map(|(validators, index)| {
        let rich = index.index(validators.len());
        let entry = |(place, (validator, weight)): (usize, (String, Points))| {
            let coin = Points::from_coins(u128::from(place == rich));
            Entry::new(name(&validator), weight.checked_add(coin).unwrap())
        };
        validators.into_iter().enumerate().map(entry).collect()
    })
}

/// Base units of a transfer.
pub fn tokens() -> impl Strategy<Value = u128> {
    prop_oneof![
        8 => (any::<u128>(), 0u32..128).prop_map(|(number, shift)| number >> shift),
        1 => Just(1),
        1 => Just(u128::MAX),
    ]
}

/// Entries in chunks of the given sizes, under one header that may or may not be true of them.
pub fn in_chunks(header: &UnitHeader, groups: Vec<Vec<Entry>>) -> Vec<WeightsChunk> {
    (0..)
        .zip(groups)
        .map(|(place, group)| WeightsChunk::new(header.clone(), place, group).unwrap())
        .collect()
}

/// Entries cut at random places into 1 to 8 groups, none empty and none above 64.
pub fn groups() -> impl Strategy<Value = Vec<Vec<Entry>>> {
    (entries(100), vec(1usize..=64, 8)).prop_map(|(entries, sizes)| {
        let mut rest = entries.as_slice();
        let mut groups: Vec<Vec<Entry>> = Vec::new();
        for size in sizes {
            let (group, others) = rest.split_at(size.min(rest.len()));
            groups.extend((!group.is_empty()).then(|| group.to_vec()));
            rest = others;
        }
        groups
    })
}

/// A header that is true of the groups.
pub fn header_of(groups: &[Vec<Entry>]) -> UnitHeader {
    let entries = groups.iter().flatten();
    let total = Points::sum(entries.clone().map(Entry::weight)).unwrap();
    let count = entries.count() as u32;
    UnitHeader {
        chunks: groups.len() as u32,
        // A group may have less than a coin.
        amount: 1,
        ..UnitHeader::closing(7, name("uatom"), total, count).unwrap()
    }
}
