#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn settling() -> Unit {
    closed(10)
}

fn closed(coins: u128) -> Unit {
    let total = Points::from_coins(coins);
    Unit::close(7, total, SharedIndexes::default(), Walk::behind(None))
}

fn weighing(validators: u32) -> Unit {
    let mut unit = settling();
    for _ in 0..validators {
        unit.count_validator().unwrap();
    }
    unit.weights_counted().unwrap();
    unit
}

fn ready() -> Unit {
    let mut unit = weighing(1);
    unit.chunk_sent(0).unwrap();
    unit.chunk_acked(0).unwrap();
    unit
}

fn transfer() -> Transfer {
    let provider = Provider {
        connection_id: "connection-0".to_string(),
        port_id: "wasm.hub1provider".to_string(),
        transfer_channel: "channel-1".to_string(),
        receiver: "hub1provider".to_string(),
        prefix: "hub".to_string(),
    };
    Transfer::new(&provider, Timestamp::from_seconds(9), 10)
}

fn sent() -> Unit {
    let mut unit = ready();
    unit.send(transfer()).unwrap();
    unit
}

type Transition = fn(&mut Unit) -> Result<(), WrongStage>;

/// Every transition, with the stages in which it is possible.
const TRANSITIONS: [(&str, Transition, &[&str]); 13] = [
    (
        "count_validator",
        |unit| unit.count_validator(),
        &["settling"],
    ),
    (
        "leave_out",
        |unit| unit.leave_out(Points::ONE),
        &["settling"],
    ),
    (
        "go_on",
        |unit| unit.go_on(Walk::behind(None)),
        &["settling"],
    ),
    ("walk", |unit| unit.walk().map(|_| ()), &["settling"]),
    (
        "weights_counted",
        |unit| unit.weights_counted(),
        &["settling"],
    ),
    ("chunk_sent", |unit| unit.chunk_sent(0), &["weighing"]),
    ("send", |unit| unit.send(transfer()).map(|_| ()), &["ready"]),
    ("hold", |unit| unit.hold(), &["ready"]),
    ("came_back", |unit| unit.came_back(), &["sent"]),
    ("asked", |unit| unit.asked(11), &["sent"]),
    (
        "sent",
        |unit| unit.check_sent("delivered").map(|_| ()),
        &["sent"],
    ),
    (
        "check_releasable",
        |unit| unit.check_releasable(),
        &["weighing", "ready"],
    ),
    ("chunk_acked", |unit| unit.chunk_acked(0), &[]),
];

#[test]
fn every_transition_is_possible_in_its_stages_alone_and_changes_nothing_elsewhere() {
    let stages = [
        ("settling", settling()),
        ("weighing", weighing(1)),
        ("ready", ready()),
        ("sent", sent()),
    ];
    for (name, transition, possible) in TRANSITIONS {
        for (stage, unit) in &stages {
            let mut moved = unit.clone();
            let result = transition(&mut moved);
            assert_eq!(result.is_ok(), possible.contains(stage), "{name} {stage}");
            if let Err(error) = result {
                assert_eq!(error.stage, *stage);
                assert_eq!(moved, *unit, "{name} {stage}");
            }
        }
    }
}

#[test]
fn a_chunk_is_answered_once_and_only_after_it_was_sent() {
    let mut unit = weighing(65);
    assert_eq!(unit.next_job(), NextJob::SendChunk(0));
    assert!(unit.chunk_refused(0).is_err());
    unit.chunk_sent(0).unwrap();
    assert!(unit.chunk_sent(0).is_err());
    assert_eq!(unit.next_job(), NextJob::SendChunk(1));
    unit.chunk_sent(1).unwrap();
    assert!(unit.chunk_sent(2).is_err());
    assert_eq!(unit.next_job(), NextJob::Wait);
    unit.chunk_acked(1).unwrap();
    assert!(unit.chunk_acked(1).is_err());
    unit.chunk_refused(0).unwrap();
    assert!(unit.chunk_refused(0).is_err());
    assert_eq!(unit.next_job(), NextJob::Wait);
    unit.try_again();
    assert_eq!(unit.next_job(), NextJob::SendChunk(0));
    unit.chunk_sent(0).unwrap();
    unit.chunk_acked(0).unwrap();
    assert_eq!(unit.next_job(), NextJob::SendTokens);
}

#[test]
fn coins_that_came_back_wait_for_a_due_block() {
    let mut unit = sent();
    unit.came_back().unwrap();
    assert_eq!(unit.next_job(), NextJob::Wait);
    unit.try_again();
    assert_eq!(unit.next_job(), NextJob::SendTokens);
    assert_eq!(unit.send(transfer()).unwrap(), 2);
}

#[test]
fn whoever_is_at_the_other_end_of_a_new_channel_gets_all_weights_before_coins() {
    let mut unit = weighing(65);
    unit.chunk_sent(0).unwrap();
    unit.chunk_acked(0).unwrap();
    unit.chunk_sent(1).unwrap();
    unit.peer_replaced();
    assert_eq!(unit.acked_chunks(), 0);
    assert_eq!(unit.next_job(), NextJob::Wait);
    unit.try_again();
    assert_eq!(unit.next_job(), NextJob::SendChunk(0));

    let mut unit = ready();
    unit.peer_replaced();
    assert_eq!(unit.state(), UnitState::Weighing);

    let mut unit = sent();
    unit.peer_replaced();
    assert_eq!(unit.state(), UnitState::Sent);
    unit.came_back().unwrap();
    assert_eq!(
        (unit.state(), unit.acked_chunks()),
        (UnitState::Weighing, 0)
    );

    let mut unit = settling();
    unit.peer_replaced();
    assert_eq!(unit, settling());
}

#[test]
fn a_unit_without_a_whole_coin_has_nothing_to_send() {
    let mut unit = closed(1);
    unit.leave_out(Points::ONE).unwrap();
    unit.count_validator().unwrap();
    assert!(!unit.is_void());
    unit.weights_counted().unwrap();
    assert!(unit.is_void());
    assert_eq!(unit.next_job(), NextJob::Wait);
}

#[test]
fn what_is_left_out_is_not_in_the_total() {
    let mut unit = settling();
    unit.leave_out(Points::from_coins(3)).unwrap();
    assert_eq!(unit.coins().unwrap(), Points::from_coins(7));
}
