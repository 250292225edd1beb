//! Handshakes and closing.

use cosmwasm_std::IbcOrder::{self, Ordered, Unordered};

use super::echo::{Execute, Query};
use super::{End, NewChannel, Two};
use crate::ibc::ChannelState;

#[test]
fn a_handshake_calls_both_contracts_in_order() {
    let mut two = Two::new();
    let opened = two.open(Ordered);
    assert_eq!(
        opened.a,
        End::contract("hub", &two.hub).channel("channel-0")
    );
    assert_eq!(
        opened.b,
        End::contract("zone", &two.zone).channel("channel-0")
    );
    assert_eq!(
        two.log("hub"),
        ["open_init", "open_ack channel-0 channel-0"]
    );
    assert_eq!(
        two.log("zone"),
        ["open_try", "open_confirm channel-0 channel-0"]
    );
    for (end, other) in [(&opened.a, &opened.b), (&opened.b, &opened.a)] {
        let channel = two.wire.channel(end).unwrap();
        assert_eq!(channel.state, ChannelState::Open);
        assert_eq!(channel.counterparty, other.endpoint);
        assert_eq!(channel.order, Ordered);
    }
    let actions = opened.events.iter().filter(|event| event.ty == "wasm");
    assert_eq!(actions.count(), 2);
}

#[test]
fn a_contract_may_answer_another_version() {
    let mut two = Two::new();
    let new = NewChannel {
        version: "echo".to_string(),
        ..two.new_channel(Unordered)
    };
    assert_eq!(two.wire.open(&new).unwrap().version, "echo-1");
}

#[test]
fn each_refusal_of_a_handshake_leaves_what_was_done_before() {
    let init = End::port("hub", "").channel("channel-0");
    for (chain, call, hub_state, zone_has) in [
        ("hub", "open_init", None, false),
        ("zone", "open_try", Some("STATE_INIT"), false),
        ("hub", "open_ack", Some("STATE_INIT"), true),
        ("zone", "open_confirm", Some("STATE_OPEN"), true),
    ] {
        let mut two = Two::new();
        two.refuse(chain, call);
        let new = two.new_channel(Unordered);
        let error = two.wire.open(&new).unwrap_err().to_string();
        assert!(error.contains(&format!("{call} is refused")), "{error}");
        let port = new.a.clone().channel(init.endpoint.channel_id.clone());
        let state = two.wire.channel(&port).ok().map(|it| it.state.to_string());
        assert_eq!(state.as_deref(), hub_state, "{call}");
        let zone = new.b.clone().channel("channel-0");
        assert_eq!(two.wire.channel(&zone).is_ok(), zone_has, "{call}");
    }
}

#[test]
fn a_failing_init_gives_its_channel_back_and_a_failing_try_uses_one_up() {
    let mut two = Two::new();
    let wrong = NewChannel {
        version: "other".to_string(),
        ..two.new_channel(Unordered)
    };
    let error = two.wire.open(&wrong).unwrap_err().to_string();
    assert!(error.contains("version other is not echo-1"), "{error}");
    two.refuse("zone", "open_try");
    let new = two.new_channel(Unordered);
    assert!(two.wire.open(&new).is_err());
    two.refuse("zone", "");
    let opened = two.wire.open(&new).unwrap();
    assert_eq!(opened.a.endpoint.channel_id, "channel-1");
    assert_eq!(opened.b.endpoint.channel_id, "channel-0");
}

#[test]
fn two_handshakes_may_be_half_open_at_once() {
    let mut two = Two::new();
    let new = two.new_channel(Ordered);
    let (first, _) = two.wire.open_init(&new).unwrap();
    let (second, _) = two.wire.open_init(&new).unwrap();
    let (answer_to_second, _) = two.wire.open_try(&second).unwrap();
    let (answer_to_first, _) = two.wire.open_try(&first).unwrap();
    assert!(two.wire.open_ack(&first, &answer_to_second).is_err());
    two.wire.open_ack(&first, &answer_to_first).unwrap();
    assert!(two.wire.open_ack(&first, &answer_to_first).is_err());
    assert!(two.wire.open_confirm(&answer_to_second).is_err());
    two.wire.open_confirm(&answer_to_first).unwrap();
    assert_eq!(two.state(&first), "STATE_OPEN");
    assert_eq!(two.state(&second), "STATE_INIT");
}

#[test]
fn contracts_see_open_channels_only_and_know_their_port() {
    let mut two = Two::new();
    let new = two.new_channel(Ordered);
    let asked = |two: &Two| -> String {
        let channel = "channel-0".to_string();
        let hub = two.wire.chain("hub").unwrap();
        hub.query(&two.hub, &Query::Channel { channel }).unwrap()
    };
    let (a, _) = two.wire.open_init(&new).unwrap();
    assert_eq!(asked(&two), "not open");
    let (b, _) = two.wire.open_try(&a).unwrap();
    two.wire.open_ack(&a, &b).unwrap();
    assert_eq!(asked(&two), "open");
    two.wire.close(&a).unwrap();
    assert_eq!(asked(&two), "not open");
    let port: String = two
        .wire
        .chain("hub")
        .unwrap()
        .query(&two.hub, &Query::Port {})
        .unwrap();
    assert_eq!(port, format!("wasm.{}", two.hub));
}

#[test]
fn an_end_is_closed_by_its_contract_and_confirmed_by_the_other() {
    for by_contract in [true, false] {
        let mut two = Two::new();
        let opened = two.open(Unordered);
        if by_contract {
            let channel = "channel-0".to_string();
            two.tell("hub", &Execute::Close { channel });
        } else {
            two.wire.close(&opened.a).unwrap();
        }
        assert_eq!(two.last("hub"), "close_init");
        assert_eq!(two.state(&opened.b), "STATE_OPEN");
        two.wire.close(&opened.b).unwrap();
        assert_eq!(two.last("zone"), "close_confirm");
        assert_eq!(two.state(&opened.b), "STATE_CLOSED");
        let error = two.wire.close(&opened.b).unwrap_err().to_string();
        assert!(error.contains("invalid channel state"), "{error}");
    }
}

#[test]
fn a_contract_may_refuse_to_close() {
    let mut two = Two::new();
    let opened = two.open(Unordered);
    two.refuse("hub", "close_init");
    let error = two.wire.close(&opened.a).unwrap_err().to_string();
    assert!(error.contains("close_init is refused"), "{error}");
    assert_eq!(two.state(&opened.a), "STATE_OPEN");
}

#[test]
fn a_closed_channel_is_replaced_by_a_new_one() {
    let mut two = Two::new();
    let first = two.open(Ordered);
    two.wire.close(&first.a).unwrap();
    two.wire.close(&first.b).unwrap();
    let second = two.open(Unordered);
    assert_eq!(second.a.endpoint.channel_id, "channel-1");
    two.send("channel-1", "hello");
    assert_eq!(two.relay().len(), 2);
    assert_eq!(two.last("zone"), "receive hello");
}

#[test]
fn nothing_opens_closes_or_is_sent_with_an_expired_client() {
    let mut two = Two::new();
    let opened = two.open(Ordered);
    two.wire.expire("hub").unwrap();
    let timeout = two.in_seconds(600);
    let channel = "channel-0".to_string();
    two.tell(
        "hub",
        &Execute::TrySend {
            channel: channel.clone(),
            timeout: timeout.clone(),
        },
    );
    assert_eq!(two.last("hub"), "not sent");
    let sending = Execute::Send {
        channel,
        text: "late".to_string(),
        timeout,
    };
    let inactive = "client state is not active";
    assert!(
        two.try_tell("hub", &sending)
            .unwrap_err()
            .contains(inactive)
    );
    assert!(
        two.wire
            .close(&opened.a)
            .unwrap_err()
            .to_string()
            .contains(inactive)
    );
    let new = two.new_channel(Ordered);
    assert!(
        two.wire
            .open(&new)
            .unwrap_err()
            .to_string()
            .contains(inactive)
    );

    let connected = two.wire.connect("hub", "zone").unwrap();
    assert_eq!(connected.a, "connection-1");
    let again = two.wire.open(&new).unwrap();
    assert_eq!(two.state(&again.a), "STATE_OPEN");
}

#[test]
fn the_transfer_module_wants_its_own_version_and_no_order() {
    let mut two = Two::new();
    let transfer = |order: IbcOrder, version: &str| NewChannel {
        a: End::transfer("hub"),
        b: End::transfer("zone"),
        order,
        version: version.to_string(),
        connection: None,
    };
    let ordered = two.wire.open(&transfer(Ordered, "ics20-1")).unwrap_err();
    assert!(
        ordered.to_string().contains("invalid channel ordering"),
        "{ordered}"
    );
    let other = two.wire.open(&transfer(Unordered, "ics20-2")).unwrap_err();
    assert!(
        other.to_string().contains("invalid ICS20 version"),
        "{other}"
    );
    let opened = two.wire.open(&transfer(Unordered, "")).unwrap();
    assert_eq!(opened.version, "ics20-1");
    let closed = two.wire.close(&opened.a).unwrap_err();
    assert!(
        closed.to_string().contains("user cannot close channel"),
        "{closed}"
    );
}

#[test]
fn a_named_connection_must_go_to_the_other_chain() {
    let mut two = Two::new();
    two.wire.connect("hub", "zone").unwrap();
    let over = |two: &Two, connection: &str| NewChannel {
        connection: Some(connection.to_string()),
        ..two.new_channel(Unordered)
    };
    let new = over(&two, "connection-0");
    two.wire.open(&new).unwrap();
    let new = over(&two, "connection-7");
    let error = two.wire.open(&new).unwrap_err().to_string();
    assert!(error.contains("connection not found"), "{error}");
}
