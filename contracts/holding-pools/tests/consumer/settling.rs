//! The cursor: whom it visits, what it deletes, the clock that moves it, and denoms apart.

use cosmwasm_std::storage_keys::namespace_with_key;
use cosmwasm_std::{Storage, Uint256, from_json};
use holding_pools::contract;
use serde_json::{Value, json};

use crate::closing::{funded, weights};
use crate::harness::{ATOM, Consumer, OSMO, coins};

#[test]
fn the_clock_settles_one_validator_and_sends_nothing() {
    let mut consumer = funded(100);
    consumer.due_block();
    for _ in 0..3 {
        assert!(consumer.unit(ATOM).unwrap().settling);
        consumer.sudo(json!({"clock_end_block": {}}));
        consumer.check();
    }
    assert!(!consumer.unit(ATOM).unwrap().settling);
    consumer.sudo(json!({"clock_end_block": {}}));
    assert!(consumer.packets.is_empty());
    consumer.tick_all();
    assert_eq!(consumer.packets.len(), 1);
}

#[test]
fn the_clock_writes_nothing_itself_and_half_a_step_is_rolled_back() {
    let mut consumer = funded(100);
    consumer.due_block();
    let before = consumer.snapshot();
    let env = consumer.env.clone();
    let clock = from_json(br#"{"clock_end_block":{}}"#).unwrap();
    let response = contract::sudo(consumer.deps.as_mut(), env, clock).unwrap();
    assert_eq!(response.messages.len(), 1);
    assert_eq!(consumer.snapshot(), before);

    consumer.runs_out_of_gas = true;
    consumer.sudo(json!({"clock_end_block": {}}));
    assert!(consumer.has_event("hook_ignored"));
    let reason = consumer.attribute("hook_ignored", "reason");
    assert!(reason.contains("code: 11"), "{reason}");
    assert_eq!(consumer.snapshot(), before);

    consumer.runs_out_of_gas = false;
    consumer.sudo(json!({"clock_end_block": {}}));
    assert!(!consumer.has_event("hook_ignored"));
    consumer.check();
    consumer.tick_all();
    assert_eq!(consumer.packets[0].weights().header().amount, 100);
}

#[test]
fn anyone_settles_a_single_validator() {
    let mut consumer = funded(100);
    let before = consumer.snapshot();
    consumer.execute("anyone", json!({"settle": {}}));
    assert_eq!(consumer.snapshot(), before);
    consumer.due_block();
    for _ in 0..3 {
        assert!(consumer.unit(ATOM).unwrap().settling);
        consumer.execute("anyone", json!({"settle": {}}));
        consumer.check();
    }
    assert!(!consumer.unit(ATOM).unwrap().settling);
    assert!(consumer.packets.is_empty());
}

/// Makes the unit of the first denom, whatever it is, unreadable.
fn break_unit(consumer: &mut Consumer) {
    let key = namespace_with_key(&[b"unit"], &[0, 0]);
    assert!(consumer.deps.storage.get(&key).is_some());
    consumer.deps.storage.set(&key, b"?");
}

#[test]
fn a_denom_that_cannot_be_worked_on_holds_up_no_other() {
    let mut consumer = funded(100);
    consumer.fund(OSMO, 40);
    consumer.due_block();
    break_unit(&mut consumer);
    consumer.execute("anyone", json!({"settle": {}}));
    assert_eq!(consumer.attribute("denom_failed", "denom"), ATOM);
    consumer.execute("anyone", json!({"tick": {}}));
    assert_eq!(consumer.attribute("denom_failed", "denom"), ATOM);
    assert!(!consumer.attribute("denom_failed", "reason").is_empty());
    // Of two validators one was settled by the message before.
    assert_eq!(consumer.attribute("tick", "work"), "4");
    assert_eq!(consumer.packets[0].weights().header().denom.as_str(), OSMO);
    consumer.execute(
        "owner",
        json!({"update_params": {"blocks_per_distribution_transmission": 1}}),
    );
    consumer.next_block();
    consumer.sudo(json!({"begin_block": {"last_commit": {"signed_power": "4"}}}));
    assert!(consumer.has_event("distribution_transmission"));
    assert_eq!(consumer.attribute("denom_failed", "denom"), ATOM);
}

#[test]
fn who_does_not_fit_into_a_unit_keeps_its_pool_for_the_next_one() {
    let mut consumer = Consumer::active(json!({}));
    let numbers: Vec<u32> = (1..=512).collect();
    for page in numbers.chunks(100) {
        consumer.many_powers(page, 1);
    }
    consumer.fund(ATOM, 5120);
    consumer.block();
    // The first one leaves and another one joins, whose bytes come last: 513 have something.
    consumer.many_powers(&[1], 0);
    consumer.many_powers(&[513], 1);
    consumer.fund(ATOM, 5120);
    consumer.due_block();
    consumer.tick_all();
    let unit = consumer.unit(ATOM).unwrap();
    assert_eq!((unit.validators, unit.chunks), (512, 8));
    assert_eq!(unit.amount.u128(), 10_230);
    let sent: Uint256 = consumer
        .packets
        .iter()
        .flat_map(|packet| weights(&packet.weights()))
        .map(|(_, weight)| weight)
        .sum();
    assert_eq!(sent, coins(10_230));
    assert_eq!(consumer.class(ATOM, "holding_pools"), coins(10));
    consumer.execute("owner", json!({"release": {"denom": ATOM}}));
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.unit(ATOM).unwrap().amount.u128(), 10_240);
}

#[test]
fn who_was_left_out_of_a_full_unit_comes_first_in_the_next_one() {
    let mut consumer = Consumer::active(json!({}));
    // Two leavers whose bytes come last, and 512 validators that go on earning.
    consumer.many_powers(&[600, 601], 1);
    consumer.fund(ATOM, 20);
    consumer.block();
    consumer.many_powers(&[600, 601], 0);
    let numbers: Vec<u32> = (1..=512).collect();
    for page in numbers.chunks(100) {
        consumer.many_powers(page, 1);
    }
    let leaver =
        |consumer: &Consumer, number| consumer.pool_of(&consumer.one_of_many(number), ATOM);
    for epoch in 1..=2 {
        assert_eq!(leaver(&consumer, 600), coins(10), "{epoch}");
        assert_eq!(leaver(&consumer, 601), coins(10), "{epoch}");
        consumer.fund(ATOM, 512);
        consumer.due_block();
        consumer.tick_all();
        let unit = consumer.unit(ATOM).unwrap();
        assert_eq!((unit.epoch, unit.validators), (epoch, 512));
        consumer.execute("owner", json!({"release": {"denom": ATOM}}));
    }
    assert_eq!(leaver(&consumer, 600), Uint256::zero());
    assert_eq!(leaver(&consumer, 601), Uint256::zero());
}

#[test]
fn the_weights_of_an_epoch_are_cleared_before_the_next_one_is_counted() {
    let mut consumer = funded(100);
    consumer.due_block();
    consumer.tick_all();
    consumer.execute("owner", json!({"release": {"denom": ATOM}}));
    consumer.block();
    consumer.due_block();
    // Two weights, two validators, the end of the list, and a chunk of two.
    for work in 0..5 {
        assert_eq!(consumer.packets.len(), 1, "{work}");
        consumer.tick(1);
    }
    consumer.tick(1);
    let chunk = consumer.packets[1].weights();
    assert_eq!(chunk.header().epoch, 2);
    assert_eq!(chunk.header().amount, 100);
    assert_eq!(chunk.entries().len(), 2);
}

#[test]
fn the_record_of_a_leaver_that_has_nothing_is_deleted_when_the_cursor_comes() {
    let mut consumer = funded(100);
    consumer.fund(OSMO, 8);
    consumer.powers(&[(1, 0), (3, 5)]);
    consumer.powers(&[(3, 0)]);
    consumer.due_block();
    assert_eq!(consumer.recorded().len(), 3);
    // The first leaver has something of the first denom, and the second one nothing at all.
    consumer.tick_all();
    assert_eq!(consumer.recorded(), [consumer.validator(2)]);
    let chunk = consumer.packets[0].weights();
    assert!(weights(&chunk).contains(&(Consumer::provider_validator(1), coins(25))));
    let answer: Value =
        consumer.query(json!({"holding_pool": {"validator": consumer.validator(1)}}));
    assert_eq!(answer["points"], json!([]));
    // It joins again as a new one does.
    consumer.powers(&[(1, 3)]);
    consumer.fund(ATOM, 60);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(30));
}

#[test]
fn a_leaver_keeps_its_record_while_it_has_something_of_any_denom() {
    let mut consumer = funded(100);
    // Half of each split is pending, because nobody proposes: less than a coin does not close.
    consumer.execute(
        "owner",
        json!({"update_params": {"base_proposer_reward": "0.5"}}),
    );
    consumer.fund(OSMO, 1);
    consumer.block();
    consumer.powers(&[(1, 0)]);
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.state(OSMO), "none");
    assert!(!consumer.pool(1, OSMO).is_zero());
    assert!(consumer.recorded().contains(&consumer.validator(1)));
    consumer.fund(OSMO, 10);
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.recorded(), [consumer.validator(2)]);
}

#[test]
fn a_proposer_without_a_record_is_unknown() {
    let mut consumer = Consumer::active(json!({"base_proposer_reward": "0.5"}));
    consumer.powers(&[(1, 1), (2, 1)]);
    consumer.fund(ATOM, 100);
    consumer.block();
    consumer.powers(&[(1, 0)]);
    consumer.fund(ATOM, 100);
    consumer.block_by(Some(1));
    assert!(consumer.has_event("proposer_reward"));
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.recorded(), [consumer.validator(2)]);
    consumer.fund(ATOM, 100);
    consumer.block_by(Some(1));
    assert!(consumer.has_event("proposer_unknown"));
    assert_eq!(consumer.pool(1, ATOM), Uint256::zero());
}
