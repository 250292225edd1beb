//! The transitions, in pages and chunks of every size.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use cosmwasm_std::Uint256;
use proptest::prelude::*;

use super::*;

fn entry(weight: u128) -> StoredEntry {
    StoredEntry {
        validator: None,
        weight: Points::new(Uint256::from(weight)),
    }
}

fn waiting(chunks: &[Vec<StoredEntry>], tokens: u128) -> Waiting {
    let entries = chunks.iter().flatten();
    let total = Points::sum(entries.map(|entry| entry.weight)).unwrap();
    let mut unit = Waiting::default();
    unit.add_weights(Weights {
        total,
        chunks: chunks.len() as u32,
    });
    unit.add_tokens(Tokens {
        denom: "uatom".to_string(),
        amount: Coins::new(tokens),
    });
    unit
}

/// What every entry is paid, and what is left; none when nobody is qualified.
struct Outcome {
    parts: Vec<u128>,
    left: u128,
}

/// Runs both passes. `sizes` are the entries of each page, again and again.
fn run(chunks: &[Vec<StoredEntry>], exist: &[bool], unit: &Waiting, sizes: &[usize]) -> Outcome {
    let mut sizes = sizes.iter().cycle();
    let mut page_at = |place: Place| {
        let chunk = &chunks[place.chunk as usize];
        let before: usize = chunks[..place.chunk as usize].iter().map(Vec::len).sum();
        let from = place.entry as usize;
        let to = chunk.len().min(from + sizes.next().unwrap());
        let exist = exist[before + from..before + to].to_vec();
        (chunk[from..to].to_vec(), exist, to == chunk.len())
    };
    let policy = DisqualifiedPolicy::Redistribute;
    let mut unit = Unit::Qualifying(unit.start(Coins::ZERO, policy).unwrap().unwrap());
    let mut parts = Vec::new();
    loop {
        // A unit is as it was read from its record.
        let record = borsh::to_vec(&unit).unwrap();
        unit = borsh::from_slice(&record).unwrap();
        unit = match unit {
            Unit::Waiting(_) => panic!("a unit never waits again"),
            Unit::Qualifying(pass) => {
                let (entries, exist, ends_chunk) = page_at(pass.division().place());
                let page = Page {
                    entries: &entries,
                    exist: &exist,
                    ends_chunk,
                };
                match pass.count(&page).unwrap() {
                    Counted::More(pass) => Unit::Qualifying(pass),
                    Counted::All(pass) => Unit::Paying(pass),
                    Counted::Nobody(tokens) => {
                        let left = tokens.amount.amount();
                        return Outcome { parts, left };
                    }
                }
            }
            Unit::Paying(pass) => {
                let (entries, exist, ends_chunk) = page_at(pass.division().place());
                let page = Page {
                    entries: &entries,
                    exist: &exist,
                    ends_chunk,
                };
                let paid = pass.parts(&page).unwrap();
                parts.extend(paid.iter().map(|part| part.amount()));
                match pass.pay(&page, &paid).unwrap() {
                    Paid::More(pass) => Unit::Paying(pass),
                    Paid::All(left) => {
                        let left = left.amount.amount();
                        return Outcome { parts, left };
                    }
                }
            }
        };
    }
}

#[test]
fn a_unit_starts_with_weights_and_coins_only() {
    let full = waiting(&[vec![entry(1)]], 5);
    let start = |unit: &Waiting| {
        let started = unit
            .start(Coins::new(2), DisqualifiedPolicy::Carry)
            .unwrap();
        started.map(|pass| pass.division().tokens().amount.amount())
    };
    assert_eq!(start(&full), Some(7));
    for (weights, tokens) in [
        (None, full.tokens.clone()),
        (full.weights, None),
        (None, None),
    ] {
        assert_eq!(start(&Waiting { weights, tokens }), None);
    }
}

#[test]
fn what_a_unit_has_is_its_coins_less_what_it_paid() {
    let chunks = [vec![entry(1), entry(1)]];
    let unit = waiting(&chunks, 10);
    let has = |unit: &Unit| unit.coins().unwrap().map(|tokens| tokens.amount.amount());
    assert_eq!(has(&Unit::Waiting(Waiting::default())), None);
    assert_eq!(has(&Unit::Waiting(unit.clone())), Some(10));
    let pass = unit
        .start(Coins::ZERO, DisqualifiedPolicy::Carry)
        .unwrap()
        .unwrap();
    let whole = Page {
        entries: &chunks[0],
        exist: &[true, true],
        ends_chunk: true,
    };
    let Counted::All(pass) = pass.count(&whole).unwrap() else {
        panic!("all are counted");
    };
    let first = Page {
        entries: &chunks[0][..1],
        exist: &[true],
        ends_chunk: false,
    };
    let parts = pass.parts(&first).unwrap();
    let Paid::More(pass) = pass.pay(&first, &parts).unwrap() else {
        panic!("one is left");
    };
    assert_eq!(has(&Unit::Paying(pass)), Some(5));
}

proptest! {
    #[test]
    fn neither_the_cut_into_chunks_nor_that_into_pages_changes_a_part(
        weights in prop::collection::vec(1u128..u128::MAX, 1..200),
        exist in prop::collection::vec(any::<bool>(), 200),
        tokens in 0u128..u128::MAX,
        cut in 1usize..=64,
        sizes in prop::collection::vec(1usize..=100, 1..5),
    ) {
        let entries: Vec<StoredEntry> = weights.iter().map(|weight| entry(*weight)).collect();
        let plain: Vec<Vec<StoredEntry>> = entries.chunks(64).map(<[_]>::to_vec).collect();
        let chunks: Vec<Vec<StoredEntry>> = entries.chunks(cut).map(<[_]>::to_vec).collect();
        let expected = run(&plain, &exist, &waiting(&plain, tokens), &[64]);
        let found = run(&chunks, &exist, &waiting(&chunks, tokens), &sizes);
        prop_assert_eq!(&found.parts, &expected.parts);
        prop_assert_eq!(found.left, expected.left);
        let paid = found.parts.iter().sum::<u128>();
        prop_assert_eq!(paid + found.left, tokens);
        for (part, exists) in found.parts.iter().zip(&exist) {
            prop_assert!(*exists || *part == 0);
        }
    }
}
