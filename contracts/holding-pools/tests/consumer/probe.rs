//! The probe: whether the way to the provider and back works.

use ccv::memo::{Expect, Purpose};
use ccv::packet::CcvPacket;
use cosmwasm_std::{Coin, Uint256};
use serde_json::{Value, json};

use crate::harness::{ATOM, CCV, Consumer, FACTORY, TRANSFER};

fn probed() -> Consumer {
    let mut consumer = Consumer::new(json!({}));
    consumer.open(CCV).unwrap();
    consumer.start_probe().unwrap();
    consumer.check();
    consumer
}

fn is_active(consumer: &Consumer) -> bool {
    let answer: Value = consumer.query(json!({"channel": {}}));
    answer["active"].as_bool().unwrap()
}

#[test]
fn a_probe_sends_a_coin_that_must_arrive_and_one_that_must_come_back() {
    let consumer = probed();
    let purposes: Vec<_> = consumer
        .transfers
        .iter()
        .map(|transfer| {
            assert_eq!(transfer.amount, Coin::new(1u128, ATOM));
            transfer.read().purpose
        })
        .collect();
    let purpose = |expect| Purpose::CcvProbe { nonce: 1, expect };
    assert_eq!(
        purposes,
        [purpose(Expect::Arrival), purpose(Expect::Refusal)]
    );
    assert_eq!(consumer.class(ATOM, "in_flight"), Uint256::zero());
}

#[test]
fn both_legs_together_activate_in_any_order() {
    for refusal_first in [false, true] {
        let mut consumer = probed();
        if refusal_first {
            consumer.transfer_comes_back(1);
            assert!(!is_active(&consumer));
        }
        consumer.transfer_succeeds(0);
        consumer.tick_all();
        assert!(matches!(
            consumer.packets[0].read(),
            CcvPacket::ProbeStatus(_)
        ));
        consumer.status(0, "arrived");
        assert_eq!(is_active(&consumer), refusal_first);
        if !refusal_first {
            consumer.transfer_comes_back(1);
        }
        assert!(is_active(&consumer));
        let again = consumer.start_probe().unwrap_err().to_string();
        assert!(again.contains("active"), "{again}");
    }
}

#[test]
fn the_coin_that_comes_back_is_fees() {
    let mut consumer = probed();
    consumer.powers(&[(1, 1)]);
    consumer.transfer_comes_back(1);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), crate::harness::coins(1));
}

#[test]
fn any_other_outcome_fails_the_probe_and_another_one_may_begin() {
    let outcomes: [fn(&mut Consumer); 5] = [
        |consumer| consumer.transfer_comes_back(0),
        |consumer| consumer.transfer_times_out(0),
        // ibc-go 8 keeps the coins of a refusal.
        |consumer| consumer.transfer_succeeds(1),
        |consumer| consumer.transfer_times_out(1),
        |consumer| {
            consumer.transfer_succeeds(0);
            consumer.tick_all();
            consumer.status(0, "expired");
        },
    ];
    for outcome in outcomes {
        let mut consumer = probed();
        outcome(&mut consumer);
        assert!(consumer.has_event("probe_failed"), "{:?}", consumer.events);
        // What comes of the other coin says nothing any more.
        consumer.transfer_comes_back(1);
        assert!(!is_active(&consumer));
        consumer.start_probe().unwrap();
        let packets = consumer.packets.len();
        consumer.transfer_comes_back(3);
        consumer.transfer_succeeds(2);
        consumer.tick_all();
        consumer.status(packets, "arrived");
        assert!(is_active(&consumer));
    }
}

#[test]
fn one_probe_at_a_time_until_its_timeout() {
    let mut consumer = probed();
    let early = consumer.start_probe().unwrap_err().to_string();
    assert!(early.contains("probe 1 is under way"), "{early}");
    // No callback ever comes: a chain without the middleware.
    let time = &mut consumer.env.block.time;
    *time = time.plus_seconds(3600);
    consumer.start_probe().unwrap();
    consumer.transfer_succeeds(0);
    assert!(consumer.has_event("ibc_ignored"));
}

#[test]
fn an_unanswered_question_is_asked_again() {
    let mut consumer = probed();
    consumer.transfer_comes_back(1);
    consumer.transfer_succeeds(0);
    consumer.is_client_alive = false;
    consumer.tick_all();
    assert!(consumer.has_event("probe_asked"));
    assert!(consumer.has_event("send_failed"));
    consumer.is_client_alive = true;
    consumer.tick_all();
    consumer.tick_all();
    assert_eq!(consumer.packets.len(), 1, "asked once");
    consumer.status(0, "pending");
    consumer.tick_all();
    consumer.time_out(1);
    consumer.tick_all();
    consumer.close(CCV);
    consumer.open("channel-8").unwrap();
    consumer.tick_all();
    consumer.status(3, "arrived");
    assert!(is_active(&consumer));
}

#[test]
fn a_probe_needs_two_units_of_a_reward_denom_and_both_channels() {
    let mut consumer = Consumer::new(json!({}));
    let refused = |consumer: &mut Consumer, funds: &[Coin]| {
        consumer
            .try_execute("prober", json!({"probe": {}}), funds)
            .unwrap_err()
            .to_string()
    };
    let two = [Coin::new(2u128, ATOM)];
    assert!(refused(&mut consumer, &two).contains("no open CCV channel"));
    consumer.open(CCV).unwrap();
    assert!(refused(&mut consumer, &[Coin::new(3u128, ATOM)]).contains("takes 2 units"));
    assert!(refused(&mut consumer, &[Coin::new(2u128, "ujunk")]).contains("ujunk"));
    assert!(refused(&mut consumer, &[]).contains("No funds"));
    consumer.is_client_alive = false;
    assert!(refused(&mut consumer, &two).contains("cannot be sent"));
    consumer.is_client_alive = true;
    consumer.close(TRANSFER);
    assert!(refused(&mut consumer, &two).contains("channel-1 is not open"));
}

#[test]
fn a_token_that_calls_back_during_a_probe_finds_nothing_to_split() {
    let mut consumer = Consumer::new(json!({}));
    consumer.powers(&[(1, 1)]);
    consumer.open(CCV).unwrap();
    consumer.reenters = true;
    let funds = [Coin::new(2u128, FACTORY)];
    consumer
        .try_execute("prober", json!({"probe": {}}), &funds)
        .unwrap();
    consumer.check();
    assert_eq!(consumer.pool(1, FACTORY), Uint256::zero());
}

#[test]
fn the_owners_probe_takes_the_place_of_a_strangers() {
    let mut consumer = probed();
    let funds = [Coin::new(2u128, ATOM)];
    consumer
        .try_execute("owner", json!({"probe": {}}), &funds)
        .unwrap();
    let early = consumer.start_probe().unwrap_err().to_string();
    assert!(early.contains("probe 2 is under way"), "{early}");
    // Answers to the one before end nothing.
    consumer.transfer_succeeds(1);
    assert!(consumer.has_event("ibc_ignored"));
    consumer.transfer_succeeds(2);
    consumer.transfer_comes_back(3);
    consumer.tick_all();
    consumer.status(0, "arrived");
    assert_eq!(consumer.attribute("activated", "nonce"), "2");
}
