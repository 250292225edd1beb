use cosmwasm_std::{BlockInfo, Timestamp};
use serde_json::json;

use super::Suite;
use crate::chain::{EmbeddedChain, GENESIS_HEIGHT, GENESIS_TIME};

#[test]
fn a_chain_begins_where_its_builder_says() {
    let chain = EmbeddedChain::builder("cosmos")
        .chain_id("hub-1")
        .height(77)
        .time(Timestamp::from_nanos(1_234_567_890_000_000_001))
        .build()
        .unwrap();
    let BlockInfo {
        height,
        time,
        chain_id,
    } = chain.block();
    assert_eq!(
        (height, time.nanos(), chain_id.as_str()),
        (77, 1_234_567_890_000_000_001, "hub-1")
    );

    let plain = EmbeddedChain::builder("cosmos").build().unwrap().block();
    assert_eq!((plain.height, plain.time), (GENESIS_HEIGHT, GENESIS_TIME));
}

#[test]
fn height_and_time_move_by_advance_only_and_contracts_see_them() {
    let mut suite = Suite::new();
    let (alice, counter) = (suite.alice.clone(), suite.counter.clone());
    suite
        .chain
        .execute(&alice, &counter, &json!({"increment": {}}), &[])
        .unwrap();
    assert_eq!(suite.chain.block().height, GENESIS_HEIGHT);

    let moved = suite.chain.advance(3, 86_400).unwrap();

    assert_eq!(moved.height, GENESIS_HEIGHT + 3);
    assert_eq!(moved.time, GENESIS_TIME.plus_seconds(86_400));
    let seen: BlockInfo = suite.chain.query(&counter, &json!({"block": {}})).unwrap();
    assert_eq!(seen, moved);
}

#[test]
fn a_chain_does_not_advance_past_64_bits() {
    let mut suite = Suite::new();
    let before = suite.chain.block();

    suite.chain.advance(u64::MAX, 0).unwrap_err();
    suite.chain.advance(1, u64::MAX).unwrap_err();
    suite
        .chain
        .advance(1, u64::MAX / 1_000_000_000)
        .unwrap_err();

    assert_eq!(suite.chain.block(), before);
}
