//! Assembling a unit whose chunks come in any order.

use ccv::CcvError;
use ccv::assembly::{Added, Assembly};
use ccv::weights::{Entry, UnitHeader, WeightsChunk};
use distribution_math::Points;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{big, coins, inputs, name};

/// The unit that the contract stored and loads again.
fn stored(unit: &Assembly) -> Assembly {
    borsh::from_slice(&borsh::to_vec(unit).unwrap()).unwrap()
}

/// Adds chunks in their order; the unit as it is at the end, and whether all were taken.
fn assemble(chunks: &[&WeightsChunk]) -> (Option<Assembly>, bool) {
    let mut unit: Option<Assembly> = None;
    let mut all_taken = true;
    for chunk in chunks {
        match &mut unit {
            None => match Assembly::new(chunk) {
                Ok(first) => unit = Some(first),
                Err(_) => all_taken = false,
            },
            Some(unit) => {
                let before = unit.clone();
                if unit.add(chunk).is_err() {
                    all_taken = false;
                    assert_eq!(*unit, before, "a refused chunk changes nothing");
                }
                *unit = stored(unit);
            }
        }
    }
    (unit, all_taken)
}

/// Whether chunks of one header make a unit, looking at all entries at once.
fn is_unit(header: &UnitHeader, groups: &[Vec<Entry>]) -> bool {
    let entries: Vec<&Entry> = groups.iter().flatten().collect();
    let ascend = entries
        .windows(2)
        .all(|pair| pair[0].validator() < pair[1].validator());
    let sum: num_bigint::BigInt = entries.iter().map(|entry| big(entry.weight())).sum();
    ascend && entries.len() == header.validators as usize && sum == big(header.total)
}

proptest! {
    #[test]
    fn any_order_with_repetitions_gives_the_same_unit(
        groups in inputs::groups(),
        order in vec(any::<prop::sample::Index>(), 0..20),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let header = inputs::header_of(&groups);
        let chunks = inputs::in_chunks(&header, groups);
        let in_order: Vec<&WeightsChunk> = chunks.iter().collect();
        let mut disorder: Vec<&WeightsChunk> = order.iter().map(|at| *at.get(&in_order)).collect();
        let turn = shuffle.index(chunks.len());
        disorder.extend(in_order[turn..].iter().rev());
        disorder.extend(in_order[..turn].iter().rev());

        let (expected, _) = assemble(&in_order);
        let (unit, all_taken) = assemble(&disorder);
        prop_assert!(all_taken);
        prop_assert!(unit.as_ref().unwrap().is_complete());
        prop_assert_eq!(unit, expected);
    }

    /// Small sets of names, weights, counts and totals, so that each rule is often broken.
    #[test]
    fn chunks_complete_a_unit_exactly_if_they_are_one(
        groups in vec(prop::collection::btree_map("[a-d]", 1u128..3, 1..3), 1..4),
        validators in 1u32..6,
        total in 1u128..8,
        is_true in any::<bool>(),
        turn in any::<prop::sample::Index>(),
    ) {
        let entries = |group: &std::collections::BTreeMap<String, u128>| -> Vec<Entry> {
            group.iter().map(|(validator, weight)| coins(validator, *weight)).collect()
        };
        let groups: Vec<Vec<Entry>> = groups.iter().map(entries).collect();
        let mut header = inputs::header_of(&groups);
        if !is_true {
            header.validators = validators.max(header.chunks);
            header.total = Points::from_coins(total);
        }
        let chunks: Result<Vec<WeightsChunk>, CcvError> = (0..)
            .zip(groups.clone())
            .map(|(place, group)| WeightsChunk::new(header.clone(), place, group))
            .collect();
        // A chunk whose weights are above the total is none.
        let Ok(chunks) = chunks else {
            prop_assert!(!is_unit(&header, &groups));
            return Ok(());
        };
        let turn = turn.index(chunks.len());
        let (before, after) = chunks.split_at(turn);
        let order: Vec<&WeightsChunk> = after.iter().rev().chain(before).collect();
        let (unit, all_taken) = assemble(&order);
        prop_assert_eq!(all_taken, is_unit(&header, &groups));
        prop_assert_eq!(unit.is_some_and(|unit| unit.is_complete()), all_taken);
    }
}

/// Three validators with a coin each, one in each chunk.
fn three() -> (UnitHeader, Vec<WeightsChunk>) {
    let groups = vec![
        vec![coins("b", 1)],
        vec![coins("d", 1)],
        vec![coins("f", 1)],
    ];
    let header = inputs::header_of(&groups);
    (header.clone(), inputs::in_chunks(&header, groups))
}

#[test]
fn what_is_missing_is_known() {
    let (header, chunks) = three();
    let mut unit = Assembly::new(&chunks[1]).unwrap();
    assert_eq!(unit.header(), &header);
    assert_eq!(unit.missing(), [0, 2]);
    assert_eq!(unit.add(&chunks[2]), Ok(Added::New));
    assert_eq!(unit.missing(), [0]);
    assert!(!unit.is_complete());
    assert_eq!(unit.add(&chunks[0]), Ok(Added::New));
    assert!(unit.is_complete());
}

#[test]
fn the_same_chunk_again_changes_nothing() {
    let (_, chunks) = three();
    let mut unit = Assembly::new(&chunks[0]).unwrap();
    let before = unit.clone();
    assert_eq!(unit.add(&chunks[0]), Ok(Added::Known));
    assert_eq!(unit, before);
    for chunk in &chunks[1..] {
        unit.add(chunk).unwrap();
    }
    for chunk in &chunks {
        assert_eq!(unit.add(chunk), Ok(Added::Known));
    }
}

#[test]
fn the_same_chunk_with_other_entries_is_refused() {
    let (header, chunks) = three();
    let mut unit = Assembly::new(&chunks[0]).unwrap();
    for entries in [
        vec![coins("c", 1)],
        vec![coins("b", 2)],
        vec![coins("b", 1), coins("c", 1)],
    ] {
        let other = WeightsChunk::new(header.clone(), 0, entries).unwrap();
        let error = unit.add(&other).unwrap_err();
        assert_eq!(
            error.to_string(),
            "chunk 0 of epoch 7 of uatom has arrived before with other entries"
        );
    }
}

#[test]
fn another_header_is_refused_whatever_differs() {
    let (header, chunks) = three();
    let mut unit = Assembly::new(&chunks[0]).unwrap();
    let others = [
        UnitHeader {
            epoch: 8,
            ..header.clone()
        },
        UnitHeader {
            denom: name("uosmo"),
            ..header.clone()
        },
        UnitHeader {
            amount: 2,
            ..header.clone()
        },
        UnitHeader {
            total: Points::from_coins(4),
            ..header.clone()
        },
        UnitHeader {
            validators: 4,
            ..header.clone()
        },
        UnitHeader {
            chunks: 2,
            ..header.clone()
        },
    ];
    for other in others {
        for place in [0, 1] {
            let chunk = WeightsChunk::new(other.clone(), place, vec![coins("b", 1)]).unwrap();
            let error = unit.add(&chunk).unwrap_err();
            assert!(matches!(error, CcvError::OtherHeader { .. }), "{error}");
        }
    }
}

#[test]
fn a_validator_out_of_place_is_refused_when_it_arrives() {
    let (header, chunks) = three();
    let middle = |validator| {
        let mut unit = Assembly::new(&chunks[2]).unwrap();
        unit.add(&chunks[0]).unwrap();
        let chunk = WeightsChunk::new(header.clone(), 1, vec![coins(validator, 1)]).unwrap();
        unit.add(&chunk)
    };
    assert_eq!(middle("c"), Ok(Added::New));
    for (validator, previous, next) in [
        ("a", "b", "a"),
        ("b", "b", "b"),
        ("f", "f", "f"),
        ("g", "g", "f"),
    ] {
        let expected = CcvError::NotAscending {
            previous: previous.to_string(),
            next: next.to_string(),
        };
        assert_eq!(middle(validator), Err(expected));
    }
    // Also when the chunk between two has not arrived.
    let mut unit = Assembly::new(&chunks[0]).unwrap();
    let last = WeightsChunk::new(header, 2, vec![coins("a", 1)]).unwrap();
    assert!(matches!(
        unit.add(&last),
        Err(CcvError::NotAscending { .. })
    ));
}

#[test]
fn count_and_total_must_be_those_of_the_header() {
    let count = |entries, validators| {
        Err(CcvError::WrongCount {
            entries,
            validators,
        })
    };
    let total = |sum: u128, total: u128| {
        Err(CcvError::WrongTotal {
            sum: Points::from_coins(sum).to_string(),
            total: Points::from_coins(total).to_string(),
        })
    };
    let unit = |validators, total, second: Vec<Entry>| {
        let header = UnitHeader {
            validators,
            total: Points::from_coins(total),
            chunks: 2,
            ..three().0
        };
        let first = WeightsChunk::new(header.clone(), 0, vec![coins("a", 2)]).unwrap();
        let second = WeightsChunk::new(header, 1, second).unwrap();
        let forth = Assembly::new(&first).and_then(|mut unit| unit.add(&second));
        let back = Assembly::new(&second).and_then(|mut unit| unit.add(&first));
        assert_eq!(forth, back);
        forth
    };
    assert_eq!(unit(2, 5, vec![coins("b", 3)]), Ok(Added::New));
    assert_eq!(unit(3, 5, vec![coins("b", 3)]), count(2, 3));
    assert_eq!(unit(2, 5, vec![coins("b", 1), coins("c", 2)]), count(3, 2));
    assert_eq!(unit(2, 6, vec![coins("b", 3)]), total(5, 6));
    assert_eq!(unit(2, 4, vec![coins("b", 3)]), total(5, 4));
    // In a single chunk too.
    let header = UnitHeader {
        chunks: 1,
        ..three().0
    };
    let single = WeightsChunk::new(header, 0, vec![coins("a", 1), coins("b", 2)]).unwrap();
    assert_eq!(Assembly::new(&single).map(|_| Added::New), count(2, 3));
}

#[test]
fn the_stored_value_stays_small_at_the_bounds() {
    let entries: Vec<Entry> = (0..512)
        .map(|place| coins(&format!("cosmosvaloper1{place:038}"), 1))
        .collect();
    let chunks = ccv::weights::chunks(7, name("uatom"), entries).unwrap();
    let (unit, _) = assemble(&chunks.iter().collect::<Vec<_>>());
    let unit = unit.unwrap();
    assert!(unit.is_complete());
    let bytes = borsh::to_vec(&unit).unwrap().len();
    assert!(bytes < 1300, "{bytes}");
}
