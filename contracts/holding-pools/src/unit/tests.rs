#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn settling() -> Unit {
    Unit::close(7, Points::from_coins(10), SharedIndexes::default())
}

fn weighing(validators: u32) -> Unit {
    let mut unit = settling();
    for _ in 0..validators {
        unit.count_validator().unwrap();
    }
    unit.settled().unwrap();
    unit
}

fn ready() -> Unit {
    let mut unit = weighing(1);
    unit.chunk_sent(0).unwrap();
    unit.chunk_acked(0).unwrap();
    unit
}

fn transfer() -> Transfer {
    Transfer::new("channel-1", Timestamp::from_seconds(9), 10)
}

fn sent() -> Unit {
    let mut unit = ready();
    unit.send(transfer()).unwrap();
    unit
}

type Transition = fn(&mut Unit) -> Result<(), WrongStage>;

/// Every transition, with the stages in which it is possible.
const TRANSITIONS: [(&str, Transition, &[&str]); 12] = [
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
        "pass",
        |unit| unit.pass(AddressBytes::new(&[1; 20]).unwrap()),
        &["settling"],
    ),
    ("settled", |unit| unit.settled(), &["settling"]),
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
fn a_new_channel_keeps_what_was_acknowledged_and_a_new_provider_does_not() {
    let mut unit = weighing(65);
    unit.chunk_sent(0).unwrap();
    unit.chunk_acked(0).unwrap();
    unit.chunk_sent(1).unwrap();
    unit.channel_replaced();
    unit.try_again();
    assert_eq!(unit.next_job(), NextJob::SendChunk(1));
    unit.provider_replaced();
    assert_eq!(unit.acked_chunks(), 0);
    assert_eq!(unit.next_job(), NextJob::Wait);
    unit.try_again();
    assert_eq!(unit.next_job(), NextJob::SendChunk(0));

    let mut unit = ready();
    unit.channel_replaced();
    assert_eq!(unit, ready());
    unit.provider_replaced();
    assert_eq!(unit.state(), UnitState::Weighing);

    let mut unit = sent();
    unit.provider_replaced();
    assert_eq!(unit.state(), UnitState::Sent);
    unit.came_back().unwrap();
    assert_eq!(
        (unit.state(), unit.acked_chunks()),
        (UnitState::Weighing, 0)
    );
}

#[test]
fn a_unit_without_a_whole_coin_has_nothing_to_send() {
    let mut unit = Unit::close(7, Points::from_coins(1), SharedIndexes::default());
    unit.leave_out(Points::ONE).unwrap();
    unit.count_validator().unwrap();
    assert!(!unit.is_void());
    unit.settled().unwrap();
    assert!(unit.is_void());
    assert_eq!(unit.next_job(), NextJob::Wait);
}

#[test]
fn what_is_left_out_is_not_in_the_total() {
    let mut unit = settling();
    unit.leave_out(Points::from_coins(3)).unwrap();
    assert_eq!(unit.coins().unwrap(), Points::from_coins(7));
}
