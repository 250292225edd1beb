//! Handshakes of which only some steps are made, or that others take part in.

use serde_json::{Value, json};
use testkit::ibc::ChannelState;
use testkit::wire::{End, NewChannel};

use super::world::{Target, World};

fn world() -> World {
    World::new(Target::Group, &[])
}

impl World {
    /// The first three steps; the last is the provider's `OpenConfirm`. The peer's end and the
    /// provider's.
    fn half_open(&mut self) -> (End, End) {
        let (a, _) = self.wire.open_init(&self.new_channel()).unwrap();
        let (b, _) = self.wire.open_try(&a).unwrap();
        self.wire.open_ack(&a, &b).unwrap();
        (a, b)
    }

    fn confirm(&mut self, b: &End) -> Result<(), String> {
        let done = self.wire.open_confirm(b);
        done.map(drop).map_err(|error| error.to_string())
    }

    fn channel(&mut self) -> Value {
        self.query(&json!({"consumer": {"id": "zone"}}))["channel_id"].clone()
    }

    #[track_caller]
    fn state_is(&self, end: &End, state: ChannelState) {
        assert_eq!(self.wire.channel(end).unwrap().state, state);
    }
}

#[test]
fn of_two_half_open_channels_the_first_to_confirm_wins() {
    let mut world = world();
    let (_, first) = world.half_open();
    let (_, second) = world.half_open();
    assert_eq!(world.channel(), Value::Null);

    world.confirm(&second).unwrap();
    assert_eq!(world.channel(), json!("channel-2"));
    let error = world.confirm(&first).unwrap_err();
    assert!(
        error.contains("channel-2 of consumer zone is open"),
        "{error}"
    );
    world.state_is(&first, ChannelState::TryOpen);
    world.state_is(&second, ChannelState::Open);
    assert_eq!(world.channel(), json!("channel-2"));
}

#[test]
fn a_half_open_channel_may_be_confirmed_after_the_open_one_has_ended() {
    let mut world = world();
    let (_, first) = world.half_open();
    let (peers, second) = world.half_open();
    world.confirm(&second).unwrap();
    world.confirm(&first).unwrap_err();

    world.wire.close(&peers).unwrap();
    world.wire.close(&second).unwrap();
    world.confirm(&first).unwrap();
    assert_eq!(world.channel(), json!("channel-1"));
}

#[test]
fn nothing_begins_while_a_channel_is_open() {
    let mut world = world();
    world.wire.open(&world.new_channel()).unwrap();
    let (began, _) = world.wire.open_init(&world.new_channel()).unwrap();
    let error = world.wire.open_try(&began).unwrap_err().to_string();
    assert!(
        error.contains("channel-1 of consumer zone is open"),
        "{error}"
    );
}

/// What passed at `OpenTry` is checked once more at `OpenConfirm`.
#[test]
fn another_port_connection_order_or_status_is_refused_at_the_last_step() {
    let update = |changes: Value| {
        let mut changes = changes;
        changes["id"] = json!("zone");
        json!({"update_consumer": changes})
    };
    for (change, refusal) in [
        (
            update(json!({"port_id": "wasm.other"})),
            "no consumer is registered for port",
        ),
        (
            update(json!({"connection_id": "connection-1"})),
            "no consumer is registered for port",
        ),
        (
            update(json!({"order": "unordered"})),
            "has not the order that consumer zone",
        ),
        (
            json!({"pause_consumer": {"id": "zone", "paused": true}}),
            "is paused or being removed",
        ),
        (
            json!({"remove_consumer": {"id": "zone"}}),
            "no consumer is registered for port",
        ),
    ] {
        let mut world = world();
        let (_, end) = world.half_open();
        world.as_owner(&change).unwrap();
        let error = world.confirm(&end).unwrap_err();
        assert!(error.contains(refusal), "{change}: {error}");
        world.state_is(&end, ChannelState::TryOpen);
    }
}

/// A stranger can begin handshakes in the peer's name at the provider as often as it likes: each needs
/// the peer's own port, and none is in the way.
#[test]
fn handshakes_that_were_begun_and_left_are_not_in_the_way() {
    let mut world = world();
    for _ in 0..3 {
        let (began, _) = world.wire.open_init(&world.new_channel()).unwrap();
        world.wire.open_try(&began).unwrap();
    }
    let opened = world.wire.open(&world.new_channel()).unwrap();
    assert_eq!(world.channel(), json!(opened.b.endpoint.channel_id));
}

#[test]
fn a_stranger_with_the_peers_code_has_another_port() {
    let mut world = world();
    let zone = world.wire.chain_mut("zone").unwrap();
    let stranger = super::world::instantiate(zone, "ibc-peer", &json!({}));
    let new = NewChannel {
        a: End::contract("zone", &stranger),
        ..world.new_channel()
    };
    let error = world.wire.open(&new).unwrap_err().to_string();
    assert!(
        error.contains("no consumer is registered for port"),
        "{error}"
    );
    assert_eq!(world.channel(), Value::Null);
}

/// While the provider's end is open its channel cannot be replaced, even when the peer's is closed: the
/// owner abandons it, or somebody confirms the closing.
#[test]
fn an_abandoned_channel_makes_room_though_it_is_open() {
    let mut world = world();
    let opened = world.wire.open(&world.new_channel()).unwrap();
    world.wire.close(&opened.a).unwrap();
    world.wire.open(&world.new_channel()).unwrap_err();

    world
        .as_owner(&json!({"abandon_channel": {"channel_id": opened.b.endpoint.channel_id}}))
        .unwrap();
    world.state_is(&opened.b, ChannelState::Open);
    let next = world.wire.open(&world.new_channel()).unwrap();
    assert_eq!(world.channel(), json!(next.b.endpoint.channel_id));

    // The end of the old channel does not touch the new one.
    world.wire.close(&opened.b).unwrap();
    assert_eq!(world.channel(), json!(next.b.endpoint.channel_id));
}
