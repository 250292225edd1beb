//! What arrives over the CCV channel.

use ccv::packet::{CcvPacket, MAX_PACKET_BYTES, ProbeStatusRequest, StatusRequest};
use ccv::weights::{Entry, UnitHeader, WeightsChunk, chunks};
use ccv_provider::ContractError;
use ccv_provider::contract;
use ccv_provider::msg::ExecuteMsg;
use cosmwasm_std::{
    Binary, IbcAcknowledgement, IbcPacket, IbcPacketAckMsg, IbcPacketTimeoutMsg, Timestamp,
};
use distribution_math::Points;
use proptest::prelude::*;
use serde_json::{Value, from_value, json};

use crate::world::{ALPHA, BETA, DENOM, Delivery, World, coins, endpoint, later, name, validator};

const DONE: &str = r#"{"result":"AQ=="}"#;

fn unit(world: &World, epoch: u32) -> Value {
    world.ask(json!({"unit": {"consumer": "alpha", "epoch": epoch, "denom": DENOM}}))
}

fn pending(world: &World) -> Vec<u64> {
    let units = world.ask(json!({"pending_units": {"consumer": "alpha"}}));
    let units = units["units"].as_array().unwrap().clone();
    units
        .iter()
        .map(|unit| unit["epoch"].as_u64().unwrap())
        .collect()
}

/// `count` validators with names of their own, one coin each.
fn many(count: u32) -> Vec<Entry> {
    (0..count)
        .map(|number| Entry::new(name(&format!("valoper{number:05}")), Points::from_coins(1)))
        .collect()
}

/// The chunks of a unit cut into pieces of `size`.
fn cut(epoch: u32, entries: &[Entry], size: usize) -> Vec<WeightsChunk> {
    let total = Points::sum(entries.iter().map(Entry::weight)).unwrap();
    let header = UnitHeader {
        chunks: entries.len().div_ceil(size) as u32,
        ..UnitHeader::closing(epoch, name(DENOM), total, entries.len() as u32).unwrap()
    };
    (0..)
        .zip(entries.chunks(size))
        .map(|(place, part)| WeightsChunk::new(header.clone(), place, part.to_vec()).unwrap())
        .collect()
}

#[test]
fn a_unit_waits_for_its_missing_chunks_and_coins() {
    let mut world = World::new();
    let chunks = cut(1, &many(5), 2);
    world.weights(&ALPHA, &chunks[2]).unwrap();
    assert_eq!(
        unit(&world, 1)["waiting_for"],
        json!([{"weights": {"missing_chunks": [0, 1]}}, {"tokens": {}}])
    );
    world.weights(&ALPHA, &chunks[0]).unwrap();
    world.weights(&ALPHA, &chunks[1]).unwrap();
    assert_eq!(unit(&world, 1)["waiting_for"], json!([{"tokens": {}}]));
    world.tokens(&ALPHA, 1, 5).unwrap();
    assert_eq!(unit(&world, 1)["waiting_for"], json!([{"process": {}}]));
    assert_eq!(
        unit(&world, 1)["total_weight"],
        Points::from_coins(5).to_string()
    );
}

#[test]
fn coins_may_come_before_the_weights_and_between_chunks() {
    for before in 0..=3 {
        let mut world = World::new();
        let chunks = cut(1, &many(5), 2);
        for (place, chunk) in chunks.iter().enumerate() {
            if place == before {
                world.tokens(&ALPHA, 1, 5).unwrap();
            }
            assert_eq!(world.weights(&ALPHA, chunk).unwrap().text(), DONE);
        }
        if before == 3 {
            world.tokens(&ALPHA, 1, 5).unwrap();
        }
        assert_eq!(unit(&world, 1)["waiting_for"], json!([{"process": {}}]));
    }
}

#[test]
fn the_same_chunk_twice_changes_nothing() {
    let mut world = World::new();
    for chunk in cut(1, &many(5), 2) {
        world.weights(&ALPHA, &chunk).unwrap();
        let before = world.snapshot();
        assert_eq!(world.weights(&ALPHA, &chunk).unwrap().text(), DONE);
        assert_eq!(world.snapshot(), before);
    }
}

#[test]
fn a_chunk_with_another_header_or_other_entries_is_refused() {
    let mut world = World::new();
    let chunks = cut(1, &many(4), 2);
    world.weights(&ALPHA, &chunks[0]).unwrap();
    let other = cut(1, &many(5), 2);
    let error = world.weights(&ALPHA, &other[1]).err().unwrap();
    assert!(
        error.to_string().contains("describes its unit otherwise"),
        "{error}"
    );
    let other = WeightsChunk::new(chunks[0].header(), 0, many(1)).unwrap();
    let error = world.weights(&ALPHA, &other).err().unwrap();
    assert!(error.to_string().contains("other entries"), "{error}");
    // The unit goes on.
    world.weights(&ALPHA, &chunks[1]).unwrap();
}

/// 65 entries in one chunk of two.
fn more_than_a_chunk_holds() -> Value {
    let one = Points::from_coins(1).to_string();
    let entries: Vec<Value> = (0..65)
        .map(|number| json!([format!("v{number:02}"), one]))
        .collect();
    json!({
        "epoch": 1, "denom": DENOM, "amount": "66", "total": Points::from_coins(66).to_string(),
        "validators": 66, "chunk": 0, "chunks": 2, "entries": entries,
    })
}

#[test]
fn weights_that_break_a_rule_are_refused_and_change_nothing() {
    let mut world = World::new();
    let one = Points::from_coins(1).to_string();
    let two = Points::from_coins(2).to_string();
    let good = json!({
        "epoch": 1, "denom": DENOM, "amount": "2", "total": two, "validators": 2,
        "chunk": 0, "chunks": 1, "entries": [["a", one], ["b", one]],
    });
    let with = |key: &str, value: Value| {
        let mut weights = good.clone();
        weights[key] = value;
        weights
    };
    let bad = [
        with("entries", json!([["b", one], ["a", one]])),
        with("entries", json!([["a", one], ["a", one]])),
        with("entries", json!([["a", two], ["b", "0"]])),
        with("entries", json!([])),
        with("entries", json!([["a", two], ["b", two]])),
        with("total", json!(one)),
        with("total", json!("0")),
        with("amount", json!("0")),
        with("validators", json!(513)),
        with("validators", json!(3)),
        with("chunks", json!(9)),
        with("chunks", json!(0)),
        with("chunk", json!(1)),
        with("epoch", json!(-1)),
        with("denom", json!("")),
        more_than_a_chunk_holds(),
    ];
    let before = world.snapshot();
    for weights in bad {
        let order = [
            "epoch",
            "denom",
            "amount",
            "total",
            "validators",
            "chunk",
            "chunks",
            "entries",
        ];
        let fields: Vec<String> = order
            .iter()
            .map(|key| format!("\"{key}\":{}", weights[key]))
            .collect();
        let data = format!("{{\"weights\":{{{}}}}}", fields.join(","));
        assert!(
            world.raw_packet(&ALPHA, data.as_bytes().into()).is_err(),
            "{data}"
        );
        assert_eq!(world.snapshot(), before);
    }
    assert!(world.weights(&ALPHA, &cut(1, &many(2), 2)[0]).is_ok());
}

#[test]
fn bytes_of_any_kind_are_refused() {
    let mut world = World::new();
    let long = "x".repeat(MAX_PACKET_BYTES + 1);
    for data in [
        "",
        "{}",
        "null",
        "\u{0}",
        r#"{"weights":{}}"#,
        r#"{"other":{}}"#,
        &long,
    ] {
        assert!(world.raw_packet(&ALPHA, data.as_bytes().into()).is_err());
    }
    assert!(
        world
            .raw_packet(&ALPHA, Binary::from(vec![0xff; 40]))
            .is_err()
    );
}

#[test]
fn the_greatest_unit_fits() {
    let mut world = World::new();
    for chunk in chunks(1, name(DENOM), many(512)).unwrap() {
        world.weights(&ALPHA, &chunk).unwrap();
    }
    assert_eq!(unit(&world, 1)["waiting_for"], json!([{"tokens": {}}]));
}

#[test]
fn weights_of_a_higher_epoch_take_the_place_of_those_without_coins() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 3, coins(&[1]));
    world.all_weights(&ALPHA, 5, coins(&[1, 2]));
    assert_eq!(pending(&world), [5]);
    // The older ones again are acknowledged and ignored.
    let before = world.snapshot();
    world.all_weights(&ALPHA, 4, coins(&[1]));
    world.all_weights(&ALPHA, 3, coins(&[1]));
    assert_eq!(world.snapshot(), before);
    // A unit that has its coins stays.
    world.tokens(&ALPHA, 5, 3).unwrap();
    world.all_weights(&ALPHA, 6, coins(&[4]));
    world.all_weights(&ALPHA, 7, coins(&[5]));
    assert_eq!(pending(&world), [5, 7]);
}

#[test]
fn coins_of_a_higher_epoch_end_weights_that_wait_for_theirs() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 3, coins(&[1]));
    world.tokens(&ALPHA, 4, 10).unwrap();
    assert_eq!(pending(&world), [4]);
    assert!(world.tokens(&ALPHA, 3, 10).is_err());
    world.all_weights(&ALPHA, 4, coins(&[1]));
    assert_eq!(world.process_all(&ALPHA, 4, 30), 1);
    assert_eq!(world.paid_to(1), 10);
}

#[test]
fn weights_of_a_unit_that_is_done_are_acknowledged_and_ignored() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.tokens(&ALPHA, 1, 10).unwrap();
    world.process_all(&ALPHA, 1, 30);
    let before = world.snapshot();
    world.all_weights(&ALPHA, 1, coins(&[1]));
    world.all_weights(&ALPHA, 1, coins(&[7, 7, 7]));
    assert_eq!(world.snapshot(), before);
    assert!(pending(&world).is_empty());
}

#[test]
fn weights_that_change_nothing_any_more_do_not_touch_a_unit_under_way() {
    let mut world = World::new();
    world.all_weights(&ALPHA, 1, coins(&[1, 1, 1]));
    world.tokens(&ALPHA, 1, 10).unwrap();
    world.process(&ALPHA, 1, 1).unwrap();
    let before = world.snapshot();
    world.all_weights(&ALPHA, 1, coins(&[9]));
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_denom_that_is_listed_late_is_taken_from_then_on() {
    let mut world = World::new();
    let chunk = &chunks(1, name("uosmo"), coins(&[1])).unwrap()[0];
    let error = world.weights(&ALPHA, chunk).err().unwrap();
    assert!(matches!(error, ContractError::UnlistedDenom { .. }));
    let list = json!({"update_consumer_denoms": {"id": "alpha", "add": ["uosmo"]}});
    world.owner(from_value(list).unwrap()).unwrap();
    world.weights(&ALPHA, chunk).unwrap();
}

#[test]
fn one_consumer_does_not_touch_units_of_another() {
    let mut world = World::new();
    world.register(&BETA);
    world.connect(&BETA);
    world.all_weights(&ALPHA, 5, coins(&[1]));
    world.tokens(&ALPHA, 5, 10).unwrap();
    world.all_weights(&BETA, 5, coins(&[0, 1]));
    world.all_weights(&BETA, 9, coins(&[0, 1]));
    assert_eq!(pending(&world), [5]);
    world.process_all(&ALPHA, 5, 30);
    assert_eq!((world.paid_to(1), world.paid_to(2)), (10, 0));
}

fn status(epoch: u32, timeout: Timestamp) -> CcvPacket {
    CcvPacket::Status(StatusRequest {
        epoch,
        denom: name(DENOM),
        timeout,
    })
}

#[test]
fn a_status_is_arrived_expired_or_pending() {
    let mut world = World::new();
    let ask = |world: &mut World, epoch, seconds| {
        let timeout = later(&world.env, seconds);
        world
            .packet(&ALPHA, &status(epoch, timeout))
            .map(|ack| ack.status())
    };
    assert_eq!(ask(&mut world, 4, 1).unwrap(), "pending");
    assert_eq!(ask(&mut world, 4, 0).unwrap(), "expired");
    world.tokens(&ALPHA, 4, 10).unwrap();
    assert_eq!(ask(&mut world, 4, 0).unwrap(), "arrived");
    assert_eq!(ask(&mut world, 5, 1).unwrap(), "pending");
    // Whether an earlier one arrived is not kept.
    let error = ask(&mut world, 3, 1).unwrap_err();
    assert!(matches!(
        error,
        ContractError::OutOfDate { number: 3, last: 4 }
    ));
    world.all_weights(&ALPHA, 4, coins(&[1]));
    world.process_all(&ALPHA, 4, 30);
    assert_eq!(ask(&mut world, 4, 0).unwrap(), "arrived");
}

#[test]
fn a_probe_has_a_status_too() {
    let mut world = World::new();
    let ask = |world: &mut World, nonce, seconds| {
        let timeout = later(&world.env, seconds);
        let packet = CcvPacket::ProbeStatus(ProbeStatusRequest { nonce, timeout });
        world.packet(&ALPHA, &packet).map(|ack| ack.status())
    };
    assert_eq!(ask(&mut world, 1, 1).unwrap(), "pending");
    assert_eq!(ask(&mut world, 1, 0).unwrap(), "expired");
    let probe = Delivery::probe(&ALPHA, 1, ccv::memo::Expect::Arrival);
    world.arrive(probe).unwrap();
    assert_eq!(ask(&mut world, 1, 0).unwrap(), "arrived");
}

#[test]
fn a_status_changes_nothing() {
    let mut world = World::new();
    let before = world.snapshot();
    let timeout = later(&world.env, 9);
    world.packet(&ALPHA, &status(1, timeout)).unwrap();
    assert_eq!(world.snapshot(), before);
}

#[test]
fn a_paused_consumer_sends_no_weights_but_may_ask() {
    let mut world = World::new();
    let pause = |paused: bool| ExecuteMsg::PauseConsumer {
        id: "alpha".to_string(),
        paused,
    };
    world.owner(pause(true)).unwrap();
    let chunk = &cut(1, &many(1), 1)[0];
    assert!(matches!(
        world.weights(&ALPHA, chunk).err().unwrap(),
        ContractError::NotActive { .. }
    ));
    let timeout = later(&world.env, 9);
    world.packet(&ALPHA, &status(1, timeout)).unwrap();
    world.owner(pause(false)).unwrap();
    world.weights(&ALPHA, chunk).unwrap();
}

#[test]
fn what_cannot_come_does_not_fail() {
    let mut world = World::new();
    let end = || endpoint("wasm.provider", ALPHA.channel);
    let timeout = later(&world.env, 9);
    let packet = IbcPacket::new(b"x", end(), end(), 1, timeout.into());
    let relayer = cosmwasm_std::Addr::unchecked("relayer");
    let ack = IbcAcknowledgement::new(b"y");
    let ack = IbcPacketAckMsg::new(ack, packet.clone(), relayer.clone());
    contract::ibc_packet_ack(world.deps.as_mut(), world.env.clone(), ack).unwrap();
    let timeout = IbcPacketTimeoutMsg::new(packet, relayer);
    contract::ibc_packet_timeout(world.deps.as_mut(), world.env.clone(), timeout).unwrap();
}

#[test]
fn a_validator_may_be_named_by_its_account() {
    let mut world = World::new();
    let account = crate::world::account(1);
    let entries = vec![Entry::new(name(&account), Points::from_coins(4))];
    world.all_weights(&ALPHA, 1, entries);
    world.tokens(&ALPHA, 1, 10).unwrap();
    world.process_all(&ALPHA, 1, 30);
    assert_eq!(world.paid_in(&validator(1), crate::world::LOCAL), 10);
}

proptest! {
    #[test]
    fn a_bent_packet_is_refused_and_changes_nothing_or_is_a_packet_itself(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut world = World::new();
        let packet = CcvPacket::Weights(cut_one());
        let mut data = packet.write().unwrap().to_vec();
        let place = place.index(data.len());
        data[place] = byte;
        data.truncate(1 + cut.index(2 * data.len()));
        let before = world.snapshot();
        let reads = CcvPacket::read(&data);
        match world.raw_packet(&ALPHA, data.into()) {
            Ok(_) => prop_assert!(reads.is_ok()),
            Err(_) => prop_assert_eq!(world.snapshot(), before),
        }
    }
}

fn cut_one() -> WeightsChunk {
    cut(1, &many(3), 3).remove(0)
}
