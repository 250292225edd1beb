//! The options of a relay, and moments to come back to.

use cosmwasm_std::IbcOrder::{Ordered, Unordered};

use super::{ALL, Two};
use crate::wire::{MessageKind, Only, Relay};

fn sequences(relayed: &[crate::wire::Relayed], kind: MessageKind) -> Vec<u64> {
    let of_kind = relayed.iter().filter(|it| it.message.kind == kind);
    of_kind.map(|it| it.message.packet.sequence).collect()
}

fn three(order: cosmwasm_std::IbcOrder) -> Two {
    let mut two = Two::new();
    two.open(order);
    for text in ["one", "two", "three"] {
        two.send("channel-0", text);
    }
    two
}

#[test]
fn rounds_take_what_waits_at_their_beginning() {
    let mut two = three(Ordered);
    let relayed = two.relay();
    let kinds: Vec<_> = relayed.iter().map(|it| it.message.kind).collect();
    let (receive, acknowledge) = (MessageKind::Receive, MessageKind::Acknowledge);
    assert_eq!(
        kinds,
        [
            receive,
            receive,
            receive,
            acknowledge,
            acknowledge,
            acknowledge
        ]
    );
    assert_eq!(sequences(&relayed, receive), [1, 2, 3]);
}

#[test]
fn a_limit_counts_messages() {
    let mut two = three(Ordered);
    let how = Relay {
        limit: Some(4),
        ..ALL()
    };
    let relayed = two.wire.relay(&how).unwrap();
    assert_eq!(sequences(&relayed, MessageKind::Receive), [1, 2, 3]);
    assert_eq!(sequences(&relayed, MessageKind::Acknowledge), [1]);
    let none = Relay {
        limit: Some(0),
        ..ALL()
    };
    assert_eq!(two.wire.relay(&none).unwrap(), []);
    assert_eq!(two.relay().len(), 2);
}

#[test]
fn reverse_takes_the_newest_first_and_fails_where_order_is_kept() {
    let mut two = three(Unordered);
    let how = Relay {
        reverse: true,
        ..ALL()
    };
    let relayed = two.wire.relay(&how).unwrap();
    assert_eq!(sequences(&relayed, MessageKind::Receive), [3, 2, 1]);
    let mut two = three(Ordered);
    let error = two.wire.relay(&how).unwrap_err().to_string();
    assert!(error.contains("out of order"), "{error}");
    assert_eq!(two.relay().len(), 6);
}

#[test]
fn only_what_is_selected_is_relayed() {
    let mut two = three(Unordered);
    let only = |only: Only| Relay { only, ..ALL() };
    let second = only(Only {
        sequence: Some(2),
        ..Only::default()
    });
    assert_eq!(two.wire.relay(&second).unwrap().len(), 2);
    let receive = only(Only {
        message: Some(MessageKind::Receive),
        ..Only::default()
    });
    let relayed = two.wire.relay(&receive).unwrap();
    assert_eq!(sequences(&relayed, MessageKind::Receive), [1, 3]);
    let elsewhere = [
        Only {
            from: Some("zone".to_string()),
            ..Only::default()
        },
        Only {
            channel: Some("channel-1".to_string()),
            ..Only::default()
        },
    ];
    for nothing in elsewhere {
        assert_eq!(two.wire.relay(&only(nothing)).unwrap(), []);
    }
    assert_eq!(two.relay().len(), 2);
}

#[test]
fn what_is_dropped_is_lost_but_times_out() {
    let mut two = three(Unordered);
    let drop = Relay {
        only: Only {
            sequence: Some(2),
            ..Only::default()
        },
        drop: true,
        ..ALL()
    };
    let dropped = two.wire.relay(&drop).unwrap();
    assert_eq!(dropped.len(), 1);
    assert!(dropped[0].dropped);
    let relayed = two.relay();
    assert_eq!(sequences(&relayed, MessageKind::Acknowledge), [1, 3]);
    two.pass("zone", 600);
    let relayed = two.relay_timeouts();
    assert_eq!(sequences(&relayed, MessageKind::Timeout), [2]);
}

#[test]
fn behind_a_lost_message_of_an_ordered_channel_nothing_waits() {
    for kind in [MessageKind::Receive, MessageKind::Acknowledge] {
        let mut two = three(Ordered);
        let only = |message| Only {
            message: Some(message),
            ..Only::default()
        };
        if kind == MessageKind::Acknowledge {
            let receive = Relay {
                only: only(MessageKind::Receive),
                ..ALL()
            };
            assert_eq!(two.wire.relay(&receive).unwrap().len(), 3);
        }
        let drop = Relay {
            only: only(kind),
            limit: Some(1),
            drop: true,
            ..ALL()
        };
        two.wire.relay(&drop).unwrap();
        assert_eq!(two.wire.waiting().unwrap(), []);
        assert_eq!(two.relay(), []);
    }
}

#[test]
fn what_comes_twice_counts_once() {
    for order in [Ordered, Unordered] {
        let mut two = three(order);
        let how = Relay {
            duplicate: true,
            timeouts: true,
            ..ALL()
        };
        two.send_until("channel-0", "late", two.in_seconds(30));
        assert_eq!(two.wire.relay(&how).unwrap().len(), 8);
        two.send_until("channel-0", "too late", two.in_seconds(30));
        two.pass("zone", 30);
        assert_eq!(two.wire.relay(&how).unwrap().len(), 1);
        let received = two.log("zone").len();
        assert_eq!(received, 2 + 4);
    }
}

#[test]
fn a_moment_can_be_come_back_to() {
    let mut two = three(Ordered);
    let before = two.wire.snapshot();
    let first = two.relay();
    let after = two.wire.snapshot();
    assert_ne!(before, after);
    two.pass("zone", 5000);
    two.wire.restore(&before);
    assert_eq!(two.wire.snapshot(), before);
    assert_eq!(two.relay(), first);
    assert_eq!(two.wire.snapshot(), after);
}
