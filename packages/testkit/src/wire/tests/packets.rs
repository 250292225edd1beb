//! Packets between contracts.

use cosmwasm_std::{
    Binary, IbcOrder, IbcOrder::Ordered, IbcOrder::Unordered, IbcTimeout, IbcTimeoutBlock,
};

use super::echo::Execute;
use super::{ALL, End, Two};
use crate::wire::{MessageKind, PacketId, Relay};

const BOTH: [IbcOrder; 2] = [Ordered, Unordered];

fn packet(end: &End, sequence: u64) -> PacketId {
    PacketId {
        chain: end.chain.clone(),
        port: end.endpoint.port_id.clone(),
        channel: end.endpoint.channel_id.clone(),
        sequence,
    }
}

#[test]
fn a_packet_goes_there_and_its_acknowledgement_back() {
    for order in BOTH {
        let mut two = Two::new();
        let opened = two.open(order);
        two.send("channel-0", "one");
        let relayed = two.relay();
        let kinds: Vec<_> = relayed.iter().map(|it| it.message.kind).collect();
        assert_eq!(kinds, [MessageKind::Receive, MessageKind::Acknowledge]);
        let ack = Binary::from(br#"{"result":"AQ=="}"#);
        assert!(relayed.iter().all(|it| it.ack.as_ref() == Some(&ack)));
        assert!(relayed[0].events.iter().any(|event| event.ty == "wasm"));
        assert_eq!(two.last("zone"), "receive one");
        assert_eq!(two.last("hub"), r#"ack 1 {"result":"AQ=="}"#);
        assert_eq!(two.wire.sent(&packet(&opened.a, 1)).unwrap(), None);
        assert_eq!(two.wire.waiting().unwrap(), []);
    }
}

#[test]
fn a_refusal_is_an_error_acknowledgement_with_its_text() {
    let mut two = Two::new();
    two.open(Ordered);
    two.refuse("zone", "receive");
    two.send("channel-0", "a < b");
    two.relay();
    let text = "kind: Other, error: receive is refused";
    assert_eq!(two.last("hub"), format!("ack 1 {{\"error\":\"{text}\"}}"));
    assert!(
        !two.log("zone").contains(&"receive a < b".to_string()),
        "taken back"
    );
}

#[test]
fn a_failing_sub_message_is_an_error_acknowledgement_without_its_text() {
    let mut two = Two::new();
    two.open(Ordered);
    two.send("channel-0", "pays");
    two.relay();
    let ack =
        r#"ack 1 {"error":"ABCI error: wasm/5: error handling packet: see events for details"}"#;
    assert_eq!(two.last("hub"), ack);
    assert_eq!(
        two.last("zone"),
        "open_confirm channel-0 channel-0",
        "taken back"
    );
}

#[test]
fn a_panic_in_receive_aborts_the_relay_and_the_packet_waits() {
    for order in BOTH {
        let mut two = Two::new();
        two.open(order);
        two.send("channel-0", "panic");
        let before = two.wire.snapshot();
        let error = two.wire.relay(&ALL()).unwrap_err();
        assert!(error.to_string().contains("panicked"), "{error}");
        assert_eq!(two.wire.waiting().unwrap().len(), 1);
        assert_eq!(two.wire.snapshot(), before);
    }
}

#[test]
fn an_acknowledgement_that_ibc_go_would_write_otherwise_is_never_relayed() {
    let mut two = Two::new();
    two.open(Ordered);
    two.send("channel-0", "odd ack");
    for _ in 0..2 {
        let error = two.wire.relay(&ALL()).unwrap_err().to_string();
        assert!(
            error.contains("acknowledgement marshalling error"),
            "{error}"
        );
    }
}

#[test]
fn without_an_acknowledgement_nothing_waits() {
    let mut two = Two::new();
    two.open(Unordered);
    two.send("channel-0", "no ack");
    let relayed = two.relay();
    assert_eq!(relayed.len(), 1);
    assert_eq!(relayed[0].ack, None);
    two.pass("zone", 3600);
    assert_eq!(two.relay_timeouts(), []);
}

#[test]
fn an_error_of_ack_or_timeout_fails_the_relay_and_changes_nothing() {
    let mut two = Two::new();
    let opened = two.open(Ordered);
    two.refuse("hub", "ack");
    two.send("channel-0", "one");
    let error = two.wire.relay(&ALL()).unwrap_err().to_string();
    assert!(error.contains("ack is refused"), "{error}");
    assert_eq!(
        two.wire.waiting().unwrap()[0].kind,
        MessageKind::Acknowledge
    );

    two.refuse("hub", "timeout");
    two.relay();
    two.send("channel-0", "two");
    two.pass("zone", 600);
    let how = Relay {
        timeouts: true,
        ..ALL()
    };
    let error = two.wire.relay(&how).unwrap_err().to_string();
    assert!(error.contains("timeout is refused"), "{error}");
    assert_eq!(two.state(&opened.a), "STATE_OPEN");
    assert!(two.wire.sent(&packet(&opened.a, 2)).unwrap().is_some());
}

#[test]
fn an_ordered_channel_takes_packets_and_acknowledgements_in_order() {
    let mut two = Two::new();
    let opened = two.open(Ordered);
    two.send("channel-0", "one");
    two.send("channel-0", "two");
    let [first, second] = [1, 2].map(|it| two.wire.sent(&packet(&opened.a, it)).unwrap().unwrap());
    let disorder = "packet sequence is out of order";
    let error = two.wire.receive("hub", &second).unwrap_err().to_string();
    assert!(error.contains(disorder), "{error}");
    two.wire.receive("hub", &first).unwrap();
    let ack = two.wire.receive("hub", &second).unwrap().ack.unwrap();
    let error = two
        .wire
        .acknowledge("hub", &second, &ack)
        .unwrap_err()
        .to_string();
    assert!(error.contains(disorder), "{error}");
    two.wire.acknowledge("hub", &first, &ack).unwrap();
    two.wire.acknowledge("hub", &second, &ack).unwrap();
}

#[test]
fn an_unordered_channel_takes_them_as_they_come_and_once() {
    let mut two = Two::new();
    let opened = two.open(Unordered);
    two.send("channel-0", "one");
    two.send("channel-0", "two");
    let [first, second] = [1, 2].map(|it| two.wire.sent(&packet(&opened.a, it)).unwrap().unwrap());
    for packet in [&second, &first] {
        let ack = two.wire.receive("hub", packet).unwrap().ack.unwrap();
        assert!(two.wire.receive("hub", packet).unwrap().no_op);
        assert!(!two.wire.acknowledge("hub", packet, &ack).unwrap().no_op);
        assert!(two.wire.acknowledge("hub", packet, &ack).unwrap().no_op);
        assert!(
            two.wire.receive("hub", packet).is_err(),
            "its commitment is gone"
        );
    }
    assert_eq!(two.log("zone")[2..], ["receive two", "receive one"]);
}

#[test]
fn nobody_forges_packets_or_acknowledgements() {
    let mut two = Two::new();
    let opened = two.open(Unordered);
    two.send("channel-0", "one");
    let mut forged = two.wire.sent(&packet(&opened.a, 1)).unwrap().unwrap();
    forged.data = b"two".into();
    let error = two.wire.receive("hub", &forged).unwrap_err().to_string();
    assert!(
        error.contains("packet commitment verification failed"),
        "{error}"
    );
    let sent = two.wire.sent(&packet(&opened.a, 1)).unwrap().unwrap();
    for received in [false, true] {
        if received {
            two.wire.receive("hub", &sent).unwrap();
        }
        let ack = Binary::from(br#"{"error":"no"}"#);
        let error = two
            .wire
            .acknowledge("hub", &sent, &ack)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("acknowledgement verification failed"),
            "{error}"
        );
    }
}

#[test]
fn a_timeout_on_an_ordered_channel_closes_the_senders_end_only() {
    let mut two = Two::new();
    let opened = two.open(Ordered);
    two.send_until("channel-0", "late", two.in_seconds(30));
    two.send("channel-0", "later");
    let sent = two.wire.sent(&packet(&opened.a, 1)).unwrap().unwrap();
    let error = two.wire.time_out("hub", &sent).unwrap_err().to_string();
    assert!(error.contains("timeout not reached"), "{error}");

    two.pass("zone", 30);
    let error = two.wire.receive("hub", &sent).unwrap_err().to_string();
    assert!(error.contains("timeout elapsed"), "{error}");
    let relayed = two.relay_timeouts();
    assert_eq!(relayed.len(), 1);
    assert_eq!(two.last("hub"), "timeout 1 not open");
    assert!(!two.log("hub").iter().any(|line| line.starts_with("close")));
    assert_eq!(two.state(&opened.a), "STATE_CLOSED");
    assert_eq!(two.state(&opened.b), "STATE_OPEN");
    assert!(two.wire.time_out("hub", &sent).unwrap().no_op);

    // The second packet can neither be received in its turn nor, yet, time out.
    let error = two.try_tell(
        "hub",
        &Execute::Send {
            channel: "channel-0".to_string(),
            text: "closed".to_string(),
            timeout: two.in_seconds(30),
        },
    );
    assert!(error.unwrap_err().contains("invalid channel state"));
    two.wire.close(&opened.b).unwrap();
    assert_eq!(two.last("zone"), "close_confirm");
    // Now that the other end is closed, it will never be received.
    assert_eq!(two.relay_timeouts().len(), 1);
    assert_eq!(two.last("hub"), "timeout 2 not open");
}

#[test]
fn a_timeout_on_an_unordered_channel_leaves_it_open() {
    let mut two = Two::new();
    let opened = two.open(Unordered);
    two.send_until("channel-0", "late", two.in_seconds(30));
    two.send("channel-0", "in time");
    two.pass("zone", 30);
    assert_eq!(two.wire.waiting().unwrap().len(), 2);
    assert_eq!(two.relay_timeouts().len(), 3);
    assert_eq!(two.state(&opened.a), "STATE_OPEN");
    assert!(two.log("hub").contains(&"timeout 1 open".to_string()));
    assert_eq!(two.last("zone"), "receive in time");
}

#[test]
fn a_timeout_may_be_a_height_of_the_other_chain() {
    let mut two = Two::new();
    two.open(Unordered);
    let height = two.wire.chain("zone").unwrap().block().height + 3;
    let timeout = IbcTimeout::with_block(IbcTimeoutBlock {
        revision: 1,
        height,
    });
    two.send_until("channel-0", "late", timeout);
    two.pass("zone", 5);
    assert_eq!(two.wire.waiting().unwrap()[0].kind, MessageKind::Receive);
    two.wire.chain_mut("zone").unwrap().advance(2, 5).unwrap();
    assert_eq!(two.wire.waiting().unwrap()[0].kind, MessageKind::Timeout);
    two.relay_timeouts();
    assert_eq!(two.last("hub"), "timeout 1 open");
}

#[test]
fn what_a_client_knows_decides_whether_a_timeout_has_passed_at_sending() {
    let mut two = Two::new();
    two.open(Unordered);
    let soon = two.in_seconds(30);
    let message = Execute::Send {
        channel: "channel-0".to_string(),
        text: "late".to_string(),
        timeout: soon,
    };
    two.pass("zone", 60);
    // The hub has not heard of that block yet.
    two.tell("hub", &message);
    assert_eq!(two.relay_timeouts().len(), 1);
    let error = two.try_tell("hub", &message).unwrap_err();
    assert!(error.contains("invalid packet timeout"), "{error}");
}

#[test]
fn what_a_reverted_call_sent_was_never_sent() {
    let mut two = Two::new();
    two.open(Ordered);
    let (channel, timeout) = ("channel-0".to_string(), two.in_seconds(600));
    let fails = Execute::SendAndFail {
        channel: channel.clone(),
        timeout: timeout.clone(),
    };
    assert!(two.try_tell("hub", &fails).is_err());
    two.tell("hub", &Execute::SendInVain { channel, timeout });
    assert_eq!(two.last("hub"), "not sent");
    assert_eq!(two.wire.waiting().unwrap(), []);
    two.send("channel-0", "one");
    assert_eq!(two.wire.waiting().unwrap()[0].packet.sequence, 1);
}

#[test]
fn only_the_channels_own_port_sends_over_it() {
    let mut two = Two::new();
    two.wire.open_transfer("hub", "zone").unwrap();
    let message = Execute::Send {
        channel: "channel-0".to_string(),
        text: "mine?".to_string(),
        timeout: two.in_seconds(600),
    };
    let error = two.try_tell("hub", &message).unwrap_err();
    assert!(error.contains("channel not found"), "{error}");
}

#[test]
fn an_expired_client_stops_what_its_chain_would_get() {
    let mut two = Two::new();
    two.open(Unordered);
    two.send("channel-0", "one");
    two.send_until("channel-0", "two", two.in_seconds(30));
    two.wire.expire("hub").unwrap();
    // The zone's client lives: it still receives.
    assert_eq!(two.relay().len(), 2);
    assert_eq!(
        two.wire.waiting().unwrap(),
        [],
        "no acknowledgement reaches the hub"
    );

    let mut two = Two::new();
    let opened = two.open(Unordered);
    two.send_until("channel-0", "one", two.in_seconds(30));
    two.wire.expire("zone").unwrap();
    assert_eq!(two.wire.waiting().unwrap(), []);
    let sent = two.wire.sent(&packet(&opened.a, 1)).unwrap().unwrap();
    let error = two.wire.receive("hub", &sent).unwrap_err().to_string();
    assert!(error.contains("client state is not active"), "{error}");
    two.pass("zone", 30);
    assert_eq!(two.relay_timeouts().len(), 1, "the hub's client lives");
}
