//! Lost callbacks, released units, another provider.

use ccv::packet::CcvPacket;
use chain_types::address::{AddressBytes, AddressCodec, ValidatorForm};
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Addr, Uint256};
use holding_pools::unit::UnitState;
use serde_json::json;

use crate::closing::{funded, set_name};
use crate::harness::{ATOM, CCV, Consumer, coins};
use crate::transfers::{ready, sent};

const WEEK: u64 = 7 * 24 * 60 * 60;

fn reconcile() -> serde_json::Value {
    json!({"reconcile": {"denom": ATOM}})
}

/// A unit whose refund or success nobody tells, seven days after its timeout.
fn lost() -> Consumer {
    let mut consumer = sent();
    let time = &mut consumer.env.block.time;
    *time = time.plus_seconds(3600 + WEEK);
    consumer
}

fn release(consumer: &mut Consumer) {
    consumer.execute("owner", json!({"release": {"denom": ATOM}}));
    consumer.check();
}

#[test]
fn the_provider_is_asked_after_seven_days_and_names_the_attempt() {
    let mut consumer = sent();
    assert!(
        consumer
            .refused("anyone", reconcile())
            .contains("is waited for until")
    );
    let time = &mut consumer.env.block.time;
    *time = time.plus_seconds(3600 + WEEK - 10);
    assert!(
        consumer
            .refused("anyone", reconcile())
            .contains("is waited for until")
    );
    let time = &mut consumer.env.block.time;
    *time = time.plus_seconds(10);
    consumer.execute("anyone", reconcile());
    let CcvPacket::Status(request) = consumer.packets[1].read() else {
        panic!("no question");
    };
    assert_eq!((request.epoch, request.denom.as_str()), (1, ATOM));
    assert_eq!(
        Some(request.timeout),
        consumer.transfers[0].timeout.timestamp()
    );
    assert!(
        consumer
            .refused("anyone", reconcile())
            .contains("is waited for until")
    );
}

#[test]
fn a_transfer_that_arrived_is_delivered() {
    let mut consumer = lost();
    consumer.execute("anyone", reconcile());
    consumer.status(1, "arrived");
    assert!(consumer.has_event("tokens_delivered"));
    assert_eq!(consumer.state(ATOM), "none");
    assert_eq!(consumer.class(ATOM, "provider_pending"), Uint256::zero());
}

#[test]
fn a_transfer_that_may_still_arrive_stays_sent() {
    let mut consumer = lost();
    consumer.execute("anyone", reconcile());
    consumer.status(1, "pending");
    assert_eq!(consumer.state(ATOM), "sent");
    let time = &mut consumer.env.block.time;
    *time = time.plus_days(1);
    consumer.execute("anyone", reconcile());
    consumer.time_out(2);
    assert_eq!(consumer.state(ATOM), "sent");
    consumer.refuse(2);
    assert_eq!(consumer.state(ATOM), "sent");
}

#[test]
fn a_refund_whose_callback_was_lost_was_split_as_fees_and_is_written_off() {
    let mut consumer = lost();
    consumer.refund_without_callback(0);
    consumer.block();
    assert_eq!(consumer.pool(1, ATOM), coins(25));
    consumer.execute("anyone", reconcile());
    consumer.status(1, "expired");
    assert!(consumer.has_event("tokens_written_off"));
    assert_eq!(consumer.state(ATOM), "none");
    consumer.due_block();
    assert_eq!(consumer.unit(ATOM).unwrap().epoch, 2);
}

#[test]
fn a_refund_that_comes_after_the_write_off_joins_the_providers_part_once() {
    let mut consumer = lost();
    consumer.execute("anyone", reconcile());
    consumer.status(1, "expired");
    consumer.transfer_times_out(0);
    assert!(consumer.has_event("written_off_returned"));
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
    let packet = consumer.transfer_packet(0);
    consumer.call_back(packet, None);
    assert!(consumer.has_event("ibc_ignored"));
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
    consumer.block();
    assert_eq!(consumer.pool(2, ATOM), coins(75));
}

#[test]
fn a_status_of_an_earlier_attempt_moves_nothing() {
    let mut consumer = lost();
    consumer.execute("anyone", reconcile());
    // The callback comes after all, and the coins go again.
    consumer.transfer_times_out(0);
    consumer.due_block();
    consumer.tick_all();
    assert_eq!(consumer.unit(ATOM).unwrap().attempts, 2);
    for status in ["expired", "arrived"] {
        consumer.status(1, status);
        assert!(consumer.has_event("ibc_ignored"));
        assert_eq!(consumer.state(ATOM), "sent");
    }
}

#[test]
fn a_status_answer_for_a_unit_that_came_back_moves_nothing() {
    let mut consumer = lost();
    consumer.execute("anyone", reconcile());
    consumer.transfer_times_out(0);
    consumer.status(1, "expired");
    assert!(consumer.has_event("ibc_ignored"));
    assert_eq!(consumer.state(ATOM), "ready");
    assert_eq!(consumer.class(ATOM, "unit"), coins(100));
}

#[test]
fn only_a_transfer_is_reconciled() {
    let mut consumer = ready();
    let refused = consumer.refused("anyone", reconcile());
    assert!(
        refused.contains("ready and cannot be reconciled"),
        "{refused}"
    );
    let refused = consumer.refused("anyone", json!({"reconcile": {"denom": "uosmo"}}));
    assert!(refused.contains("no unit of uosmo"), "{refused}");
}

#[test]
fn a_unit_is_released_while_its_coins_are_here_and_joins_the_providers_part() {
    let mut weighing = funded(100);
    weighing.due_block();
    weighing.tick_all();
    for mut consumer in [weighing, ready()] {
        let refused = consumer.refused("anyone", json!({"release": {"denom": ATOM}}));
        assert!(refused.contains("not the owner"), "{refused}");
        release(&mut consumer);
        assert_eq!(consumer.state(ATOM), "none");
        assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
        // The answer of the provider comes too late.
        consumer.acknowledge(0);
        assert!(consumer.has_event("ibc_ignored"));
        consumer.block();
        assert_eq!(consumer.pool(1, ATOM), coins(25));
        consumer.due_block();
        consumer.tick_all();
        assert_eq!(consumer.unit(ATOM).unwrap().epoch, 2);
        consumer.acknowledge(0);
        assert!(consumer.has_event("ibc_ignored"));
        assert_eq!(consumer.state(ATOM), "weighing");
    }
}

#[test]
fn a_unit_is_not_released_while_it_is_settled_or_under_way() {
    let mut settling = funded(100);
    settling.due_block();
    for (mut consumer, stage) in [(settling, "settling"), (sent(), "sent")] {
        let refused = consumer.refused("owner", json!({"release": {"denom": ATOM}}));
        assert!(
            refused.contains(&format!("{stage} and cannot be released")),
            "{refused}"
        );
    }
    let mut consumer = sent();
    consumer.transfer_comes_back(0);
    release(&mut consumer);
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
}

#[test]
fn another_provider_needs_a_probe_and_all_weights_again() {
    for mut consumer in [ready(), {
        let mut consumer = funded(100);
        consumer.due_block();
        consumer.tick_all();
        consumer
    }] {
        let update = json!({"update_provider": {"connection_id": "connection-3"}});
        assert!(
            consumer
                .refused("anyone", update.clone())
                .contains("not the owner")
        );
        consumer.execute("owner", update);
        assert_eq!(consumer.state(ATOM), "weighing");
        consumer.close(CCV);
        consumer.open("channel-8").unwrap();
        consumer.due_block();
        consumer.tick_all();
        assert_eq!(consumer.packets.len(), 1, "nothing goes before a probe");
        consumer.fund(ATOM, 1);
        consumer.pass_probe();
        consumer.due_block();
        consumer.tick_all();
        let last = consumer.packets.last().unwrap();
        assert_eq!(last.data, consumer.packets[0].data);
        assert_eq!(last.channel, "channel-8");
    }
}

#[test]
fn coins_on_their_way_to_the_provider_before_come_back_to_their_unit() {
    let mut consumer = sent();
    consumer.execute(
        "owner",
        json!({"update_provider": {"transfer_channel": "channel-5"}}),
    );
    assert_eq!(consumer.state(ATOM), "sent");
    consumer.transfer_times_out(0);
    // The new provider has no weights yet, and no coins go before them.
    let unit = consumer.unit(ATOM).unwrap();
    assert_eq!((unit.state, unit.chunks_acked), (UnitState::Weighing, 0));
    assert_eq!(consumer.class(ATOM, "unit"), coins(100));
}

/// The address of another provider contract.
fn receiver(prefix: &'static str) -> String {
    let api = MockApi::default().with_prefix(prefix);
    api.addr_make("other provider").into_string()
}

#[test]
fn a_provider_is_not_asked_about_a_transfer_to_the_one_before() {
    let mut consumer = lost();
    let other = json!({"update_provider": {"receiver": receiver("hub")}});
    consumer.execute("owner", other);
    consumer.close(CCV);
    consumer.open("channel-8").unwrap();
    let refused = consumer.refused("anyone", reconcile());
    assert!(refused.contains("is not the provider of now"), "{refused}");
    assert_eq!(consumer.packets.len(), 1);
    // The coins may still come back to their unit.
    consumer.transfer_times_out(0);
    assert_eq!(consumer.state(ATOM), "weighing");
    assert_eq!(consumer.class(ATOM, "unit"), coins(100));
}

#[test]
fn a_transfer_to_the_provider_before_is_released_when_it_could_have_been_asked_about() {
    let mut consumer = sent();
    let release = json!({"release": {"denom": ATOM}});
    let other = json!({"update_provider": {"receiver": receiver("hub")}});
    consumer.execute("owner", other);
    let refused = consumer.refused("owner", release.clone());
    assert!(refused.contains("is waited for until"), "{refused}");
    let time = &mut consumer.env.block.time;
    *time = time.plus_seconds(3600 + WEEK);
    consumer.execute("owner", release);
    assert!(consumer.has_event("tokens_written_off"));
    assert_eq!(consumer.state(ATOM), "none");
    consumer.transfer_times_out(0);
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));
}

#[test]
fn another_way_to_the_same_provider_lets_it_be_asked() {
    let mut consumer = lost();
    let other = json!({"update_provider": {"transfer_channel": "channel-5"}});
    consumer.execute("owner", other);
    consumer.close(CCV);
    consumer.open("channel-8").unwrap();
    consumer.execute("anyone", reconcile());
    consumer.status(1, "arrived");
    assert_eq!(consumer.state(ATOM), "none");
}

pub fn to_another_chain() -> serde_json::Value {
    json!({"update_provider": {"receiver": receiver("star"), "prefix": "star"}})
}

#[test]
fn the_prefix_does_not_change_while_a_unit_names_validators_with_it() {
    let mut settling = funded(100);
    settling.due_block();
    let mut weighing = funded(100);
    weighing.due_block();
    weighing.tick_all();
    for mut consumer in [settling, weighing, ready()] {
        let before = consumer.snapshot();
        let refused = consumer.refused("owner", to_another_chain());
        assert!(
            refused.contains("epoch 1 of uatom names validators of hub"),
            "{refused}"
        );
        assert_eq!(consumer.snapshot(), before);
        if consumer.unit(ATOM).unwrap().settling {
            consumer.tick_all();
        }
        release(&mut consumer);
        consumer.execute("owner", to_another_chain());
    }
}

#[test]
fn coins_on_their_way_to_another_chain_join_the_providers_part_if_they_come_back() {
    let mut consumer = sent();
    consumer.execute("owner", to_another_chain());
    assert!(consumer.has_event("tokens_written_off"));
    assert_eq!(consumer.state(ATOM), "none");
    consumer.transfer_times_out(0);
    assert!(consumer.has_event("written_off_returned"));
    assert_eq!(consumer.class(ATOM, "provider_pending"), coins(100));

    let mut consumer = sent();
    consumer.execute("owner", to_another_chain());
    consumer.transfer_succeeds(0);
    assert!(!consumer.has_event("ibc_ignored"));
    assert_eq!(consumer.class(ATOM, "provider_pending"), Uint256::zero());
}

#[test]
fn a_name_of_another_chain_does_not_count() {
    let mut consumer = funded(100);
    set_name(&mut consumer, 1, &Consumer::provider_validator(9));
    let name = |consumer: &Consumer| -> String {
        let validator = consumer.validator(1);
        let answer: serde_json::Value =
            consumer.query(json!({"provider_validator": {"validator": validator}}));
        answer["provider_validator"].as_str().unwrap().to_string()
    };
    assert_eq!(name(&consumer), Consumer::provider_validator(9));
    consumer.execute("owner", to_another_chain());
    let codec = AddressCodec::of_contract(&Addr::unchecked(receiver("star"))).unwrap();
    let bytes = AddressBytes::new(&[1; 20]).unwrap();
    assert_eq!(
        name(&consumer),
        codec.show_validator(&bytes, ValidatorForm::Operator)
    );
    // Back on the chain it was set for.
    let back =
        json!({"update_provider": {"receiver": crate::harness::receiver(), "prefix": "hub"}});
    consumer.execute("owner", back);
    assert_eq!(name(&consumer), Consumer::provider_validator(9));
}
