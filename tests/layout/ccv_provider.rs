//! Providers that hold every kind of record, with a peer that sends what a consumer might.

use std::ops::RangeInclusive;

use anyhow::{Result, anyhow, ensure};
use cosmwasm_std::coin;
use serde_json::{Value, json};
use testkit::wire::{End, Relay};

use crate::Layout;
use crate::fixture::Fixture;
use crate::provider_world::{Target, VOUCHER, World};

pub const LAYOUT: Layout = Layout {
    contract: "ccv-provider",
    kinds: &[
        "assemblies",
        "carry",
        "channels",
        "closable",
        "config",
        "consumers",
        "contract_info",
        "entries",
        "ledgers",
        "overrides",
        "owed",
        "ownership",
        "peers",
        "probes",
        "senders",
        "streams",
        "units",
    ],
    today: || {
        Ok(vec![
            fixture("active", Target::FeePool, 2..=5)?,
            fixture("removing", Target::Group, 2..=3)?,
        ])
    },
};

/// Names of validators on both chains. The last one is unknown to the provider.
const VALIDATORS: [&str; 4] = ["v1", "v2", "v3", "v4"];

fn fixture(name: &str, target: Target, epochs: RangeInclusive<u32>) -> Result<Fixture> {
    let mut world = match target {
        Target::FeePool => active()?,
        Target::Group => removing()?,
    };
    let provider = world.provider.clone();
    let hub = world.hub();
    let validators = VALIDATORS.map(|name| match target {
        Target::FeePool => hub.operator(name),
        Target::Group => hub.account(name).into_string(),
    });
    let questions = questions(&validators, epochs);
    Fixture::of_contract((hub, &provider), name, &[VOUCHER], questions)
}

/// A provider with a fee pool. The consumer's first unit is done, and its payment failed. Of the next
/// units one is in its first pass, one waits for its turn, one for its weights, one for weights and
/// coins. The coin of a probe is carried. Another consumer is paused.
fn active() -> Result<World> {
    let known = VALIDATORS[..3].iter().map(ToString::to_string);
    let mut world = World::new(Target::FeePool, &known.collect::<Vec<_>>());
    let end = world.wire.open(&world.new_channel())?.a;
    as_owner(
        &mut world,
        json!({"update_consumer": {"id": "zone", "disqualified": "carry"}}),
    )?;
    let [third, fourth] = [2, 3].map(|number| world.hub().operator(VALIDATORS[number]));
    refuse_payments(&mut world)?;
    world.send_unit(&end, 1, 1_000_003, &weights(&[60, 30, 0, 10]), 2);
    world.process(1, 30);
    as_owner(
        &mut world,
        json!({"override_validator": {"consumer": "zone", "validator": fourth, "pay_to": third}}),
    )?;

    world.send_unit(&end, 2, 777, &weights(&[1, 2, 3, 4]), 3);
    world.send_unit(&end, 3, 1_001, &weights(&[5, 6, 7, 8]), 64);
    world.send_tokens("zone", 4, 50);
    world.wire.relay(&Relay::default())?;
    send_first_chunk(&mut world, &end, 5)?;
    process_once(&mut world, 2, 2)?;
    probe(&mut world)?;

    let (peer, admin) = (world.peer.clone(), world.hub().account("admin"));
    as_owner(
        &mut world,
        json!({"register_consumer": {
            "id": "asleep", "connection_id": "connection-7", "port_id": "wasm.asleep",
            "contract": peer, "transfer_channel": "channel-9", "denoms": ["uatom", "ibc/ABC"],
            "transfer_connection_id": "connection-8", "order": "ordered", "admin": admin,
        }}),
    )?;
    as_owner(
        &mut world,
        json!({"pause_consumer": {"id": "asleep", "paused": true}}),
    )?;
    let channel = json!({"channel_id": "channel-1"});
    as_owner(&mut world, json!({"allow_channel_close": channel}))?;
    hand_over(&mut world)?;
    expect_states(&mut world, &["qualifying", "waiting", "waiting", "waiting"])?;
    Ok(world)
}

/// A provider with a group. The consumer is being removed: a unit is in the second pass, and another one
/// waits behind it. A member that takes no coins is owed its part, and the community pool, which takes
/// none either, a unit of which nobody was qualified.
fn removing() -> Result<World> {
    let known = VALIDATORS[..3].iter().map(ToString::to_string);
    let mut world = World::new(Target::Group, &known.collect::<Vec<_>>());
    let end = world.wire.open(&world.new_channel())?.a;
    for name in ["council", VALIDATORS[0], VALIDATORS[1], VALIDATORS[2]] {
        let account = world.hub().account(name);
        world.hub().block_transfers_to(&account)?;
    }
    world.send_unit(&end, 1, 10, &weights(&[0, 0, 0, 1]), 1);
    world.process(1, 30);
    world.send_unit(&end, 2, 1_000, &weights(&[60, 30, 5, 5]), 2);
    world.send_unit(&end, 3, 99, &weights(&[1, 1, 1, 1]), 2);
    process_once(&mut world, 2, 6)?;
    as_owner(&mut world, json!({"remove_consumer": {"id": "zone"}}))?;
    expect_states(&mut world, &["paying", "waiting"])?;
    Ok(world)
}

fn weights(of: &[u128]) -> Vec<(String, u128)> {
    let weights = VALIDATORS
        .iter()
        .map(ToString::to_string)
        .zip(of.iter().copied());
    weights.filter(|(_, weight)| *weight > 0).collect()
}

fn as_owner(world: &mut World, msg: Value) -> Result<()> {
    let done = world.as_owner(&msg);
    done.map_err(|error| anyhow!("{msg}: {error}"))
}

/// The fee pool takes the coins no more.
fn refuse_payments(world: &mut World) -> Result<()> {
    let pool = world.target.clone();
    let owner = world.hub().account("owner");
    let msg = json!({"update_reward_denoms": {"remove": [VOUCHER]}});
    world.hub().execute(&owner, &pool, &msg, &[])?;
    Ok(())
}

fn process_once(world: &mut World, epoch: u32, limit: u32) -> Result<()> {
    let provider = world.provider.clone();
    let anyone = world.hub().account("anyone");
    let unit = json!({"consumer": "zone", "epoch": epoch, "denom": "uatom", "limit": limit});
    let msg = json!({"process": unit});
    world.hub().execute(&anyone, &provider, &msg, &[])?;
    Ok(())
}

fn tell_peer(world: &mut World, msg: &Value) -> Result<()> {
    let peer = world.peer.clone();
    let zone = world.wire.chain_mut("zone")?;
    let anyone = zone.account("anyone");
    zone.execute(&anyone, &peer, msg, &[])?;
    world.wire.relay(&Relay::default())?;
    Ok(())
}

/// The coin of a probe arrives.
fn probe(world: &mut World) -> Result<()> {
    let (peer, provider) = (world.peer.clone(), world.provider.clone());
    let one = coin(1, "uatom");
    let memo = json!({
        "src_callback": {"address": peer}, "dest_callback": {"address": provider},
        "ccv_probe": {"nonce": 7, "expect": "arrival"},
    });
    tell_peer(
        world,
        &json!({"transfer": {"channel": "channel-0", "to": provider, "amount": one, "unit": memo}}),
    )
}

/// The first of two chunks of a unit arrives.
fn send_first_chunk(world: &mut World, end: &End, epoch: u32) -> Result<()> {
    let entries = VALIDATORS.map(|name| (world.hub().operator(name), "25"));
    let mut entries: Vec<_> = entries.into();
    entries.sort();
    let packet = json!({"weights": {
        "epoch": epoch, "denom": "uatom", "amount": "300", "total": "300",
        "validators": 5, "chunk": 0, "chunks": 2, "entries": entries,
    }});
    let channel = &end.endpoint.channel_id;
    tell_peer(
        world,
        &json!({"send_packet": {"channel": channel, "packet": packet}}),
    )
}

fn hand_over(world: &mut World) -> Result<()> {
    let council = world.hub().account("council");
    as_owner(
        world,
        json!({"update_ownership": {"transfer_ownership": {
            "new_owner": council, "expiry": {"at_height": 99_999_999},
        }}}),
    )
}

fn expect_states(world: &mut World, expected: &[&str]) -> Result<()> {
    let answer = world.query(&json!({"pending_units": {"consumer": "zone"}}));
    let units = answer["units"].as_array().into_iter().flatten();
    let states: Vec<&Value> = units.map(|unit| &unit["state"]).collect();
    ensure!(json!(states) == json!(expected), "{answer}");
    let owed = world.query(&json!({"owed_payments": {}}));
    ensure!(owed["payments"] != json!([]), "{owed}");
    Ok(())
}

/// Every query but the audit.
fn questions(validators: &[String], epochs: RangeInclusive<u32>) -> Vec<Value> {
    let mut questions: Vec<Value> = [
        "config",
        "consumers",
        "owed_payments",
        "ownership",
        "invariants",
    ]
    .map(|name| json!({name: {}}))
    .into();
    questions.push(json!({"consumer": {"id": "zone"}}));
    questions.push(json!({"pending_units": {"consumer": "zone"}}));
    questions.push(json!({"pending_units": {
        "consumer": "zone", "start_after": {"denom": "uatom", "epoch": epochs.start()},
    }}));
    questions.push(json!({"carry": {"consumer": "zone"}}));
    for epoch in epochs {
        questions.push(json!({"unit": {"consumer": "zone", "epoch": epoch, "denom": "uatom"}}));
    }
    for validator in validators {
        questions.push(json!({"rewards": {"validator": validator}}));
    }
    questions
}
