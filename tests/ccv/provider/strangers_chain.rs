//! A chain on which the consumer's address is a stranger's.

use serde_json::json;
use testkit::wire::{End, NewChannel, Relay};

use super::world::{COINS, Target, World};

/// The provider's world with a connection and a transfer channel to the chain of the stranger, whose
/// contract has the peer's address and port.
fn world() -> World {
    let mut world = World::new(Target::Group, &["v0".to_string()]);
    world.wire.connect("rogue", "hub").unwrap();
    world.wire.open_transfer("rogue", "hub").unwrap();
    world
}

#[test]
fn the_same_port_on_another_connection_opens_nothing() {
    let mut world = world();
    let new = NewChannel {
        a: End::contract("rogue", &world.peer),
        connection: None,
        ..world.new_channel()
    };
    let refusal = "no consumer is registered for port";
    let error = world.wire.open(&new).unwrap_err().to_string();
    assert!(error.contains(refusal), "{error}");

    // Nor does it end a handshake of the consumer, or stand in its way.
    world.wire.open(&world.new_channel()).unwrap();
    let error = world.wire.open(&new).unwrap_err().to_string();
    assert!(error.contains(refusal), "{error}");
}

#[test]
fn the_same_sender_over_another_channel_or_connection_is_not_the_consumer() {
    let mut world = world();
    world.wire.open(&world.new_channel()).unwrap();
    let sends = |world: &mut World| {
        world.send_tokens("rogue", 1, 100);
        world.wire.relay(&Relay::default()).unwrap();
        let pending = world.query(&json!({"pending_units": {"consumer": "zone"}}));
        assert_eq!(pending, json!({"units": []}));
        let rogue = world.wire.chain("rogue").unwrap();
        let balance = rogue.balance(&world.peer, "uatom").unwrap();
        assert_eq!(balance.to_string(), COINS.to_string(), "the coins are back");
    };
    sends(&mut world);
    // The owner takes the stranger's channel for the consumer's: it is still not its connection.
    let change = json!({"update_consumer": {"id": "zone", "transfer_channel": "channel-1"}});
    world.as_owner(&change).unwrap();
    sends(&mut world);
}
