//! Weights in chunks.

use ccv::CcvError;
use ccv::packet::CcvPacket;
use ccv::weights::{Entry, MAX_CHUNK_ENTRIES, MAX_CHUNKS, UnitHeader, WeightsChunk, chunks};
use cosmwasm_std::Uint256;
use distribution_math::{MathError, Points};
use num_bigint::BigInt;
use proptest::prelude::*;

use crate::{big, coins, inputs, name};

/// The header of a unit of three coins.
fn header(validators: u32, chunks: u32) -> UnitHeader {
    UnitHeader {
        chunks,
        ..UnitHeader::closing(7, name("uatom"), Points::from_coins(3), validators).unwrap()
    }
}

fn many(count: usize) -> Vec<Entry> {
    (0..count)
        .map(|place| coins(&format!("v{place:06}"), 1))
        .collect()
}

/// A chunk `0` with these fields, as it stands on the wire.
fn data(amount: &str, total: &str, entries: &str) -> String {
    format!(
        r#"{{"weights":{{"epoch":7,"denom":"uatom","amount":{amount},"total":{total},"validators":3,"chunk":0,"chunks":1,"entries":[{entries}]}}}}"#
    )
}

proptest! {
    #[test]
    fn chunks_hold_each_validator_once_with_all_its_weight(
        entries in inputs::entries(300),
        zeros in prop::collection::vec("[a-z]{1,4}", 0..20),
        seed in any::<prop::sample::Index>(),
    ) {
        // In another order, with zero weights, and one validator twice.
        let mut given: Vec<Entry> = zeros.iter().map(|zero| coins(zero, 0)).collect();
        let doubled = entries[seed.index(entries.len())].clone();
        given.extend(entries.iter().rev().cloned());
        given.push(doubled.clone());
        let chunks = chunks(7, name("uatom"), given).unwrap();

        let sent: Vec<&Entry> = chunks.iter().flat_map(WeightsChunk::entries).collect();
        prop_assert_eq!(sent.len(), entries.len());
        for (sent, entry) in sent.iter().zip(&entries) {
            let times = if *entry == doubled { 2 } else { 1 };
            prop_assert_eq!(sent.validator(), entry.validator());
            prop_assert_eq!(sent.weight(), entry.weight().checked_mul(times).unwrap());
        }
        let total: BigInt = sent.iter().map(|entry| big(entry.weight())).sum();
        let header = chunks[0].header();
        prop_assert_eq!(big(header.total), total);
        prop_assert_eq!(Uint256::from(header.amount), header.total.whole_coins());
        prop_assert_eq!(header.validators as usize, entries.len());
        prop_assert_eq!(header.chunks as usize, chunks.len());
        for (place, chunk) in chunks.iter().enumerate() {
            prop_assert_eq!(chunk.header(), header.clone());
            prop_assert_eq!(chunk.chunk() as usize, place);
            let is_last = place + 1 == chunks.len();
            prop_assert!(is_last || chunk.entries().len() == MAX_CHUNK_ENTRIES as usize);
        }
    }
}

#[test]
fn the_bounds_are_those_of_a_unit() {
    assert_eq!(MAX_CHUNKS, 8);
    for (count, expected) in [(1, 1), (64, 1), (65, 2), (128, 2), (129, 3), (512, 8)] {
        let chunks = chunks(7, name("uatom"), many(count)).unwrap();
        assert_eq!(chunks.len(), expected, "{count}");
    }
    let error = chunks(7, name("uatom"), many(513)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "513 validators in 9 chunks: at most 512 in at most 8, from 1 to 64 in each"
    );
}

#[test]
fn a_unit_without_weights_has_no_chunks() {
    assert_eq!(chunks(7, name("uatom"), Vec::new()), Ok(Vec::new()));
    let zeros = vec![coins("a", 0), coins("b", 0)];
    assert_eq!(chunks(7, name("uatom"), zeros), Ok(Vec::new()));
}

#[test]
fn a_unit_of_less_than_a_coin_is_not_sent() {
    let almost = Points::from_coins(1).checked_sub(Points::ONE).unwrap();
    let entry = |weight| vec![Entry::new(name("a"), weight)];
    let error = chunks(7, name("uatom"), entry(almost)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("epoch 7 of uatom: amount 0 and total weight {almost} must be above 0")
    );
    let one = chunks(7, name("uatom"), entry(Points::from_coins(1))).unwrap();
    assert_eq!(one[0].header().amount, 1);
}

#[test]
fn the_fraction_of_a_coin_is_in_the_weights_and_not_in_the_amount() {
    let half = Points::try_from_decimal("1.5".parse().unwrap()).unwrap();
    let entries = vec![Entry::new(name("a"), half), Entry::new(name("b"), half)];
    let even = chunks(7, name("uatom"), entries).unwrap();
    assert_eq!(even[0].header().amount, 3);
    let entries = vec![Entry::new(name("a"), half), coins("b", 2)];
    let odd = chunks(7, name("uatom"), entries).unwrap();
    assert_eq!(odd[0].header().amount, 3);
    assert_eq!(odd[0].header().total.to_decimal().to_string(), "3.5");
}

#[test]
fn sums_that_do_not_fit_are_refused() {
    let entry = |validator, weight| Entry::new(name(validator), weight);
    let largest = Points::new(Uint256::MAX);
    let two = vec![entry("a", largest), entry("b", Points::ONE)];
    let overflow = |error: CcvError| matches!(error, CcvError::Math(MathError::Overflow { .. }));
    assert!(overflow(chunks(7, name("uatom"), two).unwrap_err()));
    let doubled = vec![entry("a", largest), entry("a", Points::ONE)];
    assert!(overflow(chunks(7, name("uatom"), doubled).unwrap_err()));
    // 2^128 coins are below 2^256 points.
    let coins = Points::from_coins(u128::MAX)
        .checked_add(Points::from_coins(1))
        .unwrap();
    let error = chunks(7, name("uatom"), vec![entry("a", coins)]).unwrap_err();
    assert_eq!(
        error,
        CcvError::Math(MathError::CoinsBound {
            amount: coins.whole_coins()
        })
    );
}

#[test]
fn a_chunk_lies_inside_its_unit() {
    let new = |validators, chunks, chunk, entries| {
        WeightsChunk::new(
            UnitHeader {
                total: Points::from_coins(1000),
                ..header(validators, chunks)
            },
            chunk,
            many(entries),
        )
    };
    let unit_size = |validators, chunks| Err(CcvError::UnitSize { validators, chunks });
    let chunk_size = |chunk, chunks, entries| {
        Err(CcvError::ChunkSize {
            chunk,
            chunks,
            entries,
        })
    };
    assert!(new(3, 1, 0, 3).is_ok());
    assert!(new(512, 8, 7, 64).is_ok());
    assert_eq!(new(0, 0, 0, 1), chunk_size(0, 0, 1));
    assert_eq!(new(0, 1, 0, 1), unit_size(0, 1));
    assert_eq!(new(3, 0, 0, 3), unit_size(3, 0));
    assert_eq!(new(3, 4, 0, 1), unit_size(3, 4));
    assert_eq!(new(65, 1, 0, 64), unit_size(65, 1));
    assert_eq!(new(513, 8, 0, 64), unit_size(513, 8));
    assert_eq!(new(512, 9, 0, 64), unit_size(512, 9));
    assert_eq!(new(u32::MAX, u32::MAX, 0, 1), unit_size(u32::MAX, u32::MAX));
    assert_eq!(new(3, 1, 1, 3), chunk_size(1, 1, 3));
    assert_eq!(new(128, 2, u32::MAX, 64), chunk_size(u32::MAX, 2, 64));
    assert_eq!(new(3, 1, 0, 0), chunk_size(0, 1, 0));
    assert_eq!(new(128, 2, 0, 65), chunk_size(0, 2, 65));
}

#[test]
fn validators_ascend_and_have_weights_within_the_total() {
    let new = |entries| WeightsChunk::new(header(3, 1), 0, entries).map(|_| ());
    let not_ascending = |previous: &str, next: &str| {
        Err(CcvError::NotAscending {
            previous: previous.to_string(),
            next: next.to_string(),
        })
    };
    assert_eq!(
        new(vec![coins("a", 1), coins("b", 1), coins("c", 1)]),
        Ok(())
    );
    assert_eq!(
        new(vec![coins("b", 1), coins("a", 1)]),
        not_ascending("b", "a")
    );
    assert_eq!(
        new(vec![coins("a", 1), coins("a", 1)]),
        not_ascending("a", "a")
    );
    // By bytes: capitals come first, and a longer name after its start.
    assert_eq!(
        new(vec![coins("B", 1), coins("a", 1), coins("aa", 1)]),
        Ok(())
    );
    assert_eq!(
        new(vec![coins("a", 1), coins("b", 0)]),
        Err(CcvError::ZeroWeight {
            validator: "b".to_string()
        })
    );
    assert_eq!(new(vec![coins("a", 3)]), Ok(()));
    let above = Points::from_coins(3).checked_add(Points::ONE).unwrap();
    assert_eq!(
        new(vec![Entry::new(name("a"), above)]),
        Err(CcvError::WrongTotal {
            sum: above.to_string(),
            total: Points::from_coins(3).to_string(),
        })
    );
    let entries = vec![
        Entry::new(name("a"), Points::new(Uint256::MAX)),
        Entry::new(name("b"), Points::ONE),
    ];
    assert!(matches!(new(entries), Err(CcvError::Math(_))));
}

#[test]
fn the_same_rules_hold_for_what_is_read() {
    let read = |data: String| CcvPacket::read(data.as_bytes());
    assert!(read(data(r#""1""#, r#""3""#, r#"["a","1"],["b","2"]"#)).is_ok());
    for (data, rule) in [
        (
            data(r#""0""#, r#""3""#, r#"["a","1"]"#),
            "amount 0 and total weight 3 must be above 0",
        ),
        (
            data(r#""1""#, r#""0""#, r#"["a","1"]"#),
            "amount 1 and total weight 0 must be above 0",
        ),
        (data(r#""1""#, r#""3""#, ""), "chunk 0 of 1 with 0 entries"),
        (
            data(r#""1""#, r#""3""#, r#"["b","1"],["a","2"]"#),
            "a follows b",
        ),
        (
            data(r#""1""#, r#""3""#, r#"["a","1"],["a","2"]"#),
            "a follows a",
        ),
        (
            data(r#""1""#, r#""3""#, r#"["a","0"]"#),
            "validator a must have a weight above 0",
        ),
        (
            data(r#""1""#, r#""3""#, r#"["a","4"]"#),
            "the weights add up to 4, the total says 3",
        ),
        (data(r#""1""#, r#""3""#, r#"["a"]"#), "invalid length 1"),
        (
            data(r#""1""#, r#""3""#, r#"["a","1","2"]"#),
            "trailing characters",
        ),
        (data(r#""1""#, r#""3""#, r#"["a",1]"#), "expected a string"),
        (
            data(r#""1""#, r#""3""#, r#"["a","01"]"#),
            "`01` must be a number",
        ),
        (
            data(r#""1""#, r#""3""#, r#"["a","1.0"]"#),
            "`1.0` must be a number",
        ),
        (
            data(r#""1""#, r#""3""#, r#"["a",""]"#),
            "`` must be a number",
        ),
        (
            data(r#""1""#, r#""3""#, r#"["a b","1"]"#),
            "`a b` must be 1 to 128 characters",
        ),
        (data(r#""1""#, "3", r#"["a","1"]"#), "expected a string"),
        (
            data(&format!("\"{}0\"", u128::MAX), r#""3""#, r#"["a","1"]"#),
            "within its bound",
        ),
        (
            data(r#""1""#, &format!("\"{}0\"", Uint256::MAX), r#"["a","1"]"#),
            "within its bound",
        ),
    ] {
        let error = read(data.clone()).unwrap_err().to_string();
        assert!(error.contains(rule), "{data}: {error}");
    }
    // The largest numbers.
    let (amount, total) = (u128::MAX, Uint256::MAX);
    let largest = data(
        &format!("\"{amount}\""),
        &format!("\"{total}\""),
        &format!(r#"["a","{total}"]"#),
    );
    let Ok(CcvPacket::Weights(chunk)) = read(largest) else {
        panic!("the largest numbers must be read");
    };
    assert_eq!(chunk.header().amount, amount);
    assert_eq!(chunk.entries(), [Entry::new(name("a"), Points::new(total))]);
}
