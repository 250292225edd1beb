//! Weights and coins on their way, and the answers to both.

use ccv::memo::Purpose;
use cosmwasm_std::{Coin, StdAck, Uint256};
use serde_json::json;

use crate::closing::funded;
use crate::harness::{ATOM, CCV, Consumer, FACTORY, OSMO, TRANSFER, coins};
use crate::recovery::to_another_chain;

/// A unit of 100 whose weights are sent.
fn weighing() -> Consumer {
    let mut consumer = funded(100);
    consumer.due_block();
    consumer.tick_all();
    consumer
}

/// A unit of 100 whose weights the provider has.
pub fn ready() -> Consumer {
    let mut consumer = weighing();
    consumer.acknowledge(0);
    assert_eq!(consumer.state(ATOM), "ready");
    consumer
}

/// A unit of 100 whose coins are on their way.
pub fn sent() -> Consumer {
    let mut consumer = ready();
    consumer.tick_all();
    assert_eq!(consumer.state(ATOM), "sent");
    consumer
}

fn attempt(consumer: &Consumer, place: usize) -> u32 {
    match consumer.transfers[place].read().purpose {
        Purpose::CcvDistribution { epoch, attempt, .. } => {
            assert_eq!(epoch, 1);
            attempt
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_coin_leaves_before_all_weights_are_acknowledged() {
    let mut consumer = Consumer::active(json!({}));
    let powers: Vec<_> = (1..=65).map(|number| (number, 1)).collect();
    consumer.powers(&powers);
    consumer.fund(ATOM, 6500);
    consumer.block();
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.packets.len(), 2);
    consumer.acknowledge(1);
    consumer.tick_all();
    assert!(consumer.transfers.is_empty());
    assert_eq!(consumer.unit(ATOM).unwrap().chunks_acked, 1);
    consumer.acknowledge(0);
    consumer.tick_all();
    assert_eq!(consumer.transfers.len(), 1);
}

#[test]
fn coins_go_with_a_memo_that_names_the_unit_and_are_gone_when_they_arrive() {
    let mut consumer = sent();
    let transfer = consumer.transfers[0].clone();
    assert_eq!(transfer.amount, Coin::new(100u128, ATOM));
    assert_eq!(transfer.channel, TRANSFER);
    assert_eq!(transfer.to, crate::harness::receiver().as_str());
    let memo = transfer.read();
    assert_eq!(
        memo.src_callback.address.as_str(),
        consumer.env.contract.address.as_str()
    );
    assert_eq!(memo.dest_callback.address.as_str(), transfer.to);
    assert_eq!(attempt(&consumer, 0), 1);
    assert_eq!(consumer.class(ATOM, "in_flight"), Uint256::zero());
    assert_eq!(consumer.class(ATOM, "unit"), Uint256::zero());
    assert_eq!(consumer.balance(ATOM), 0);
    consumer.transfer_succeeds(0);
    assert!(consumer.has_event("tokens_delivered"));
    assert_eq!(consumer.state(ATOM), "none");
}

#[test]
fn refused_and_timed_out_weights_are_sent_again_a_period_later() {
    for timed_out in [false, true] {
        let mut consumer = weighing();
        match timed_out {
            true => consumer.time_out(0),
            false => consumer.refuse(0),
        }
        assert!(consumer.has_event("weights_refused"));
        let refusal = consumer.unit(ATOM).unwrap().last_refusal.unwrap();
        let expected = if timed_out {
            "it timed out"
        } else {
            "provider: not now"
        };
        assert_eq!(refusal, expected);
        consumer.tick_all();
        assert_eq!(consumer.packets.len(), 1);
        consumer.due_block();
        consumer.tick_all();
        assert_eq!(consumer.packets[1].data, consumer.packets[0].data);
        consumer.acknowledge(1);
        assert_eq!(consumer.state(ATOM), "ready");
    }
}

#[test]
fn a_refund_is_not_split_as_fees_and_is_sent_again_under_the_same_epoch() {
    for timed_out in [false, true] {
        let mut consumer = sent();
        match timed_out {
            true => consumer.transfer_times_out(0),
            false => consumer.transfer_comes_back(0),
        }
        assert_eq!(consumer.state(ATOM), "ready");
        assert_eq!(consumer.class(ATOM, "unit"), coins(100));
        consumer.block();
        assert_eq!(consumer.pool(1, ATOM), Uint256::zero());
        consumer.tick_all();
        assert_eq!(consumer.transfers.len(), 1, "not before the next due block");
        consumer.due_block();
        consumer.tick_all();
        assert_eq!(attempt(&consumer, 1), 2);
        assert_eq!(consumer.packets.len(), 1, "the provider has the weights");
        consumer.transfer_succeeds(1);
        assert_eq!(consumer.state(ATOM), "none");
    }
}

#[test]
fn a_callback_that_comes_twice_counts_once() {
    let mut consumer = sent();
    consumer.transfer_comes_back(0);
    let packet = consumer.transfer_packet(0);
    consumer.call_back(packet, None);
    assert!(consumer.has_event("ibc_ignored"));
    assert_eq!(consumer.class(ATOM, "unit"), coins(100));
    consumer.due_block();
    consumer.tick_all();
    // The first attempt's answer does not count for the second.
    consumer.transfer_succeeds(0);
    assert!(consumer.has_event("ibc_ignored"));
    assert_eq!(consumer.state(ATOM), "sent");
    consumer.transfer_succeeds(1);
    assert_eq!(consumer.state(ATOM), "none");
    consumer.transfer_succeeds(1);
    assert!(consumer.has_event("ibc_ignored"));
}

#[test]
fn a_callback_of_another_sender_port_channel_or_memo_moves_nothing() {
    let consumer = sent();
    let good = consumer.transfer_packet(0);
    let altered = |from: &str, to: &str| {
        let text = String::from_utf8(good.data.to_vec()).unwrap();
        assert!(text.contains(from));
        let mut packet = good.clone();
        packet.data = text.replace(from, to).into_bytes().into();
        packet
    };
    let own_address = consumer.env.contract.address.to_string();
    let stranger = consumer.deps.api.addr_make("stranger").to_string();
    let sender = format!("\"sender\":\"{own_address}\"");
    let mut other_port = good.clone();
    other_port.src.port_id = "wasm.x".to_string();
    let mut other_channel = good.clone();
    other_channel.src.channel_id = "channel-2".to_string();
    let forged = [
        altered(&sender, &format!("\"sender\":\"{stranger}\"")),
        altered("\\\"attempt\\\":1", "\\\"attempt\\\":2"),
        altered("\\\"epoch\\\":1", "\\\"epoch\\\":2"),
        altered("\"amount\":\"100\"", "\"amount\":\"100\",\"Amount\":\"1\""),
        altered("\"amount\":\"100\"", "\"amount\":\"99\""),
        altered("\\\"ccv_distribution\\\"", "\\\"x\\\""),
        other_port,
        other_channel,
    ];
    let mut consumer = consumer;
    for packet in forged {
        for ack in [None, Some(StdAck::success(b"\x01").to_binary())] {
            consumer.call_back(packet.clone(), ack);
            assert!(consumer.has_event("ibc_ignored"));
            assert_eq!(consumer.state(ATOM), "sent");
            assert_eq!(consumer.class(ATOM, "unit"), Uint256::zero());
        }
    }
    consumer.call_back(good, Some(b"{}".into()));
    assert!(consumer.has_event("ibc_ignored"));
    assert_eq!(consumer.state(ATOM), "sent");
}

#[test]
fn an_answer_on_another_channel_or_without_sense_moves_nothing() {
    let mut consumer = weighing();
    consumer.packets[0].channel = "channel-8".to_string();
    consumer.acknowledge(0);
    assert!(consumer.has_event("ibc_ignored"));
    consumer.packets[0].channel = CCV.to_string();
    let good = consumer.packets[0].data.clone();
    consumer.packets[0].data = b"nonsense".into();
    consumer.acknowledge(0);
    assert!(consumer.has_event("ibc_ignored"));
    consumer.time_out(0);
    assert!(consumer.has_event("ibc_ignored"));
    consumer.packets[0].data = good;
    assert_eq!(consumer.state(ATOM), "weighing");
    // What is no acknowledgement is taken for a refusal.
    consumer.answer(0, b"{}".into());
    assert!(consumer.has_event("weights_refused"));
    consumer.acknowledge(0);
    assert!(
        consumer.has_event("ibc_ignored"),
        "one answer for one packet"
    );
}

#[test]
fn with_an_expired_client_ticks_succeed_and_pools_grow() {
    let mut consumer = funded(100);
    consumer.is_client_alive = false;
    consumer.due_block();
    consumer.tick_all();
    assert!(consumer.has_event("send_failed"));
    assert_eq!(consumer.state(ATOM), "weighing");
    consumer.fund(ATOM, 40);
    consumer.due_block();
    assert_eq!(consumer.pool(1, ATOM), coins(10));
    consumer.is_client_alive = true;
    consumer.tick_all();
    consumer.acknowledge(0);
    consumer.is_client_alive = false;
    consumer.tick_all();
    assert_eq!(consumer.state(ATOM), "ready");
    assert_eq!(consumer.class(ATOM, "unit"), coins(100));
    assert_eq!(consumer.class(ATOM, "in_flight"), Uint256::zero());
    consumer.is_client_alive = true;
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(attempt(&consumer, 0), 2);
}

#[test]
fn without_the_transfer_channel_coins_stay_and_ticks_succeed() {
    let mut consumer = ready();
    consumer.close(TRANSFER);
    consumer.tick_all();
    assert!(consumer.transfers.is_empty());
    assert_eq!(consumer.state(ATOM), "ready");
    let refusal = consumer.unit(ATOM).unwrap().last_refusal.unwrap();
    assert!(refusal.contains("channel-1 is not open"), "{refusal}");
}

#[test]
fn one_denom_is_stuck_and_the_other_goes_on() {
    let mut consumer = funded(100);
    consumer.fund(OSMO, 100);
    consumer.due_block();
    consumer.tick_all();
    consumer.refuse(0);
    consumer.acknowledge(1);
    consumer.tick_all();
    assert_eq!(consumer.state(ATOM), "weighing");
    consumer.transfer_succeeds(0);
    assert_eq!(consumer.state(OSMO), "none");
    consumer.fund(OSMO, 10);
    consumer.fund(ATOM, 10);
    consumer.due_block();
    assert_eq!(consumer.unit(OSMO).unwrap().epoch, 2);
    assert_eq!(consumer.unit(ATOM).unwrap().epoch, 1);
}

/// A unit of 100 of a token that may call a contract, whose weights are acknowledged.
fn ready_hookable() -> Consumer {
    let mut consumer = Consumer::active(json!({}));
    consumer.powers(&[(1, 1)]);
    consumer.fund(FACTORY, 100);
    consumer.due_block();
    consumer.tick_all();
    consumer.acknowledge(0);
    consumer
}

#[test]
fn a_token_that_calls_back_while_it_is_sent_finds_nothing_to_split() {
    let mut consumer = ready_hookable();
    consumer.reenters = true;
    consumer.tick_all();
    assert_eq!(consumer.transfers.len(), 1);
    assert_eq!(consumer.gas_limits.last().unwrap(), &Some(1_000_000));
    assert_eq!(consumer.pool(1, FACTORY), Uint256::zero());
    assert_eq!(consumer.class(FACTORY, "in_flight"), Uint256::zero());
    consumer.reenters = false;
    consumer.transfer_comes_back(0);
    assert_eq!(consumer.class(FACTORY, "unit"), coins(100));
}

#[test]
fn a_unit_that_is_written_off_while_its_coins_are_sent_leaves_nothing_in_flight() {
    let mut consumer = ready_hookable();
    consumer.while_sent = Some(to_another_chain());
    consumer.tick_all();
    assert!(consumer.has_event("tokens_written_off"));
    assert_eq!(consumer.class(FACTORY, "in_flight"), Uint256::zero());
    consumer.transfer_succeeds(0);
    assert!(consumer.has_event("written_off_delivered"));
    consumer.check();
}

/// A token that is sent first calls the owner, who writes off a unit whose coins the same tick sends.
#[test]
fn a_unit_that_is_written_off_before_its_coins_fail_to_leave_is_the_providers_part() {
    let mut consumer = Consumer::active(json!({"reward_denoms": [FACTORY, ATOM]}));
    consumer.powers(&[(1, 1)]);
    for denom in [FACTORY, ATOM] {
        consumer.fund(denom, 100);
    }
    consumer.due_block();
    consumer.tick_all();
    consumer.acknowledge(0);
    consumer.acknowledge(1);
    consumer.while_sent = Some(to_another_chain());
    consumer.refused_denom = Some(ATOM);
    consumer.tick_all();
    assert!(consumer.has_event("written_off_returned"));
    assert_eq!(consumer.class(ATOM, "in_flight"), Uint256::zero());
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
    consumer.transfer_succeeds(0);
    // Nothing is on its way any more, so no answer is waited for.
    let keys = consumer.snapshot().into_iter();
    let mut keys = keys.map(|(key, _)| String::from_utf8_lossy(&key).into_owned());
    assert_eq!(keys.find(|key| key.contains("written_off")), None);
    consumer.check();
}

#[test]
fn after_a_new_handshake_all_weights_go_again() {
    let mut consumer = Consumer::active(json!({}));
    let powers: Vec<_> = (1..=65).map(|number| (number, 1)).collect();
    consumer.powers(&powers);
    consumer.fund(ATOM, 6500);
    consumer.block();
    consumer.due_block();
    consumer.tick_all();
    consumer.acknowledge(0);
    // A timeout closes the ordered channel.
    consumer.close(CCV);
    consumer.due_block();
    consumer.open("channel-8").unwrap();
    // The old channel is over.
    consumer.acknowledge(1);
    assert!(consumer.has_event("ibc_ignored"));
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.packets.len(), 4);
    for place in [0, 1] {
        assert_eq!(consumer.packets[place + 2].channel, "channel-8");
        assert_eq!(
            consumer.packets[place + 2].data,
            consumer.packets[place].data
        );
    }
    consumer.acknowledge(2);
    assert_eq!(consumer.state(ATOM), "weighing");
    consumer.acknowledge(3);
    assert_eq!(consumer.state(ATOM), "ready");
}
