//! The handshake, and the end of a channel.

use ccv::packet::VERSION;
use ccv_provider::ContractError;
use ccv_provider::contract;
use ccv_provider::msg::{ChannelOrder, ExecuteMsg, Target, UpdateConsumer};
use cosmwasm_std::{
    IbcChannel, IbcChannelCloseMsg, IbcChannelConnectMsg, IbcChannelOpenMsg, IbcOrder,
};
use serde_json::{from_value, json};

use crate::world::{ALPHA, BETA, Peer, World, coins};

fn registered() -> World {
    let mut world = World::of(Target::Native);
    world.register(&ALPHA);
    world
}

/// Both steps of this end refuse a channel.
fn refused(world: &mut World, channel: &IbcChannel) -> String {
    let at_try = world.open_try(channel, &channel.version).unwrap_err();
    let at_confirm = world.open_confirm(channel).unwrap_err();
    assert_eq!(at_try.to_string(), at_confirm.to_string());
    at_try.to_string()
}

#[test]
fn a_registered_consumer_opens_a_channel() {
    let mut world = registered();
    world.connect(&ALPHA);
    let consumer = world.ask(json!({"consumer": {"id": "alpha"}}));
    assert_eq!(consumer["channel_id"], ALPHA.channel);
}

#[test]
fn nothing_is_stored_before_the_last_step() {
    let mut world = registered();
    let before = world.snapshot();
    let channel = World::ccv_channel(&ALPHA);
    world.open_try(&channel, VERSION).unwrap();
    assert_eq!(world.snapshot(), before);
}

#[test]
fn another_connection_port_order_or_version_is_refused_at_both_steps() {
    let mut world = registered();
    let msg = json!({"update_consumer": {"id": "alpha", "order": "ordered"}});
    world.owner(from_value(msg).unwrap()).unwrap();
    let good = World::ccv_channel(&ALPHA);

    let mut channel = good.clone();
    channel.connection_id = "connection-9".to_string();
    assert!(refused(&mut world, &channel).contains("connection-9"));
    let mut channel = good.clone();
    channel.counterparty_endpoint.port_id = "wasm.mallory".to_string();
    assert!(refused(&mut world, &channel).contains("wasm.mallory"));
    let mut channel = good.clone();
    channel.order = IbcOrder::Unordered;
    assert!(refused(&mut world, &channel).contains("order"));
    for version in [
        "",
        "ics20-1",
        r#"{"version":"1","protocol":"ccv-distribution"}"#,
    ] {
        let mut channel = good.clone();
        channel.version = version.to_string();
        assert!(refused(&mut world, &channel).contains("version"));
    }
    world.connect(&ALPHA);
}

#[test]
fn without_an_order_either_is_taken() {
    for order in [IbcOrder::Ordered, IbcOrder::Unordered] {
        let mut world = registered();
        let mut channel = World::ccv_channel(&ALPHA);
        channel.order = order;
        world.open_try(&channel, VERSION).unwrap();
        world.open_confirm(&channel).unwrap();
    }
    assert!(ChannelOrder::Unordered.is(&IbcOrder::Unordered));
}

#[test]
fn this_end_opens_no_channel() {
    let mut world = registered();
    let channel = World::ccv_channel(&ALPHA);
    let (deps, env) = (world.deps.as_mut(), world.env.clone());
    let init = IbcChannelOpenMsg::new_init(channel.clone());
    let error = contract::ibc_channel_open(deps, env.clone(), init).unwrap_err();
    assert!(matches!(error, ContractError::OpensNoChannel));
    let ack = IbcChannelConnectMsg::new_ack(channel, VERSION);
    let error = contract::ibc_channel_connect(world.deps.as_mut(), env, ack).unwrap_err();
    assert!(matches!(error, ContractError::OpensNoChannel));
}

#[test]
fn of_two_half_open_channels_the_first_to_finish_wins() {
    let mut world = registered();
    let first = World::ccv_channel(&ALPHA);
    let mut second = first.clone();
    second.endpoint.channel_id = "channel-200".to_string();
    world.open_try(&first, VERSION).unwrap();
    world.open_try(&second, VERSION).unwrap();
    world.open_confirm(&second).unwrap();
    let error = world.open_confirm(&first).unwrap_err();
    assert!(matches!(error, ContractError::ChannelIsOpen { .. }));
    let consumer = world.ask(json!({"consumer": {"id": "alpha"}}));
    assert_eq!(consumer["channel_id"], "channel-200");
}

#[test]
fn a_second_channel_waits_for_the_end_of_the_first() {
    let mut world = registered();
    world.connect(&ALPHA);
    let mut second = World::ccv_channel(&ALPHA);
    second.endpoint.channel_id = "channel-200".to_string();
    assert!(refused(&mut world, &second).contains("channel-100"));
    // A timeout on an ordered channel closes it without a call.
    world.close("channel-100");
    world.open_try(&second, VERSION).unwrap();
    world.open_confirm(&second).unwrap();
    // What still says that it came over the first one is refused.
    let chunk = ccv::weights::chunks(1, crate::world::name("uatom"), coins(&[5])).unwrap();
    let error = world.weights(&ALPHA, &chunk[0]).err().unwrap();
    assert!(matches!(error, ContractError::UnknownChannel { .. }));
}

#[test]
fn an_abandoned_channel_is_ignored_and_another_one_may_open() {
    let mut world = registered();
    world.connect(&ALPHA);
    let abandon = ExecuteMsg::AbandonChannel {
        channel_id: ALPHA.channel.to_string(),
    };
    assert!(world.anyone(abandon.clone()).is_err());
    world.owner(abandon.clone()).unwrap();
    let chunk = ccv::weights::chunks(1, crate::world::name("uatom"), coins(&[5])).unwrap();
    assert!(world.weights(&ALPHA, &chunk[0]).is_err());
    let mut second = World::ccv_channel(&ALPHA);
    second.endpoint.channel_id = "channel-200".to_string();
    world.open_try(&second, VERSION).unwrap();
    world.open_confirm(&second).unwrap();
    let error = world.owner(abandon).unwrap_err();
    assert!(matches!(error, ContractError::UnknownChannel { .. }));
}

#[test]
fn a_new_connection_ends_the_channel_of_the_old_one() {
    let mut world = registered();
    world.connect(&ALPHA);
    let update = UpdateConsumer {
        id: "alpha".to_string(),
        connection_id: Some("connection-8".to_string()),
        port_id: None,
        transfer_channel: None,
        order: None,
        disqualified: None,
        admin: None,
        transfer_connection_id: None,
    };
    world.owner(ExecuteMsg::UpdateConsumer(update)).unwrap();
    let mut channel = World::ccv_channel(&ALPHA);
    channel.endpoint.channel_id = "channel-200".to_string();
    assert!(refused(&mut world, &channel).contains("connection-0"));
    channel.connection_id = "connection-8".to_string();
    world.open_try(&channel, VERSION).unwrap();
    world.open_confirm(&channel).unwrap();
}

#[test]
fn a_stranger_closes_no_channel_and_the_owner_allows_it_once() {
    let mut world = registered();
    world.connect(&ALPHA);
    let channel = World::ccv_channel(&ALPHA);
    let close = |world: &mut World| {
        let msg = IbcChannelCloseMsg::new_init(channel.clone());
        contract::ibc_channel_close(world.deps.as_mut(), world.env.clone(), msg)
    };
    assert!(matches!(
        close(&mut world).unwrap_err(),
        ContractError::CloseNotAllowed { .. }
    ));
    let allow = |channel_id: &str| ExecuteMsg::AllowChannelClose {
        channel_id: channel_id.to_string(),
    };
    assert!(world.anyone(allow(ALPHA.channel)).is_err());
    world.owner(allow(ALPHA.channel)).unwrap();
    close(&mut world).unwrap();
    assert!(close(&mut world).is_err());
    // One that was abandoned is still open, and can be closed all the same.
    let abandon = ExecuteMsg::AbandonChannel {
        channel_id: ALPHA.channel.to_string(),
    };
    world.owner(abandon).unwrap();
    world.owner(allow(ALPHA.channel)).unwrap();
    close(&mut world).unwrap();
    // The other end's decision is a fact.
    let confirm = IbcChannelCloseMsg::new_confirm(channel.clone());
    contract::ibc_channel_close(world.deps.as_mut(), world.env.clone(), confirm).unwrap();
}

#[test]
fn an_allowance_to_close_a_channel_ends_when_it_opens() {
    let mut world = registered();
    let channel_id = ALPHA.channel.to_string();
    world
        .owner(ExecuteMsg::AllowChannelClose { channel_id })
        .unwrap();
    world.connect(&ALPHA);
    let close = IbcChannelCloseMsg::new_init(World::ccv_channel(&ALPHA));
    let refused = contract::ibc_channel_close(world.deps.as_mut(), world.env.clone(), close);
    assert!(matches!(
        refused.unwrap_err(),
        ContractError::CloseNotAllowed { .. }
    ));
}

#[test]
fn a_paused_consumer_opens_no_channel() {
    let mut world = registered();
    let pause = json!({"pause_consumer": {"id": "alpha", "paused": true}});
    world.owner(from_value(pause).unwrap()).unwrap();
    assert!(refused(&mut world, &World::ccv_channel(&ALPHA)).contains("paused"));
}

/// A timeout closed the ordered channel between two chunks of a unit whose coins are here.
#[test]
fn a_consumer_that_is_being_removed_finishes_over_a_new_channel() {
    let mut world = registered();
    world.connect(&ALPHA);
    let names: Vec<u128> = (1..=65).collect();
    let chunks = ccv::weights::chunks(1, crate::world::name("uatom"), coins(&names)).unwrap();
    world.weights(&ALPHA, &chunks[0]).unwrap();
    world.tokens(&ALPHA, 1, 100_000).unwrap();
    let remove = || from_value(json!({"remove_consumer": {"id": "alpha"}})).unwrap();
    world.owner(remove()).unwrap();
    world.close(ALPHA.channel);
    let second = Peer {
        channel: "channel-200",
        ..ALPHA
    };
    world.connect(&second);
    world.weights(&second, &chunks[1]).unwrap();
    let ahead = ccv::weights::chunks(2, crate::world::name("uatom"), coins(&[5])).unwrap();
    assert!(matches!(
        world.weights(&second, &ahead[0]).err().unwrap(),
        ContractError::NotActive { .. }
    ));
    world.process_all(&second, 1, 100);
    world.owner(remove()).unwrap();
    assert_eq!(world.ask(json!({"consumers": {}}))["consumers"], json!([]));
}

#[test]
fn two_consumers_have_channels_of_their_own() {
    let mut world = registered();
    world.register(&BETA);
    world.connect(&ALPHA);
    world.connect(&BETA);
    world.all_weights(&ALPHA, 1, coins(&[5]));
    world.all_weights(&BETA, 1, coins(&[7]));
}
