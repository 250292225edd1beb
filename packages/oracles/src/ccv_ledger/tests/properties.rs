//! Each property finds what breaks it.

use super::{super::properties::*, *};

/// Something in every place.
fn coins() -> CoinSnapshot {
    CoinSnapshot {
        denom: DENOM.to_owned(),
        collected: 255,
        consumer_balance: 1,
        in_flight: 2,
        provider_balance: 60,
        waiting: 4,
        owed: 8,
        carry: 16,
        community: 32,
        paid: 192,
    }
}

#[test]
fn coins_that_are_all_somewhere_pass() {
    coins().check().unwrap();
    // Donations are not a liability.
    let donated = CoinSnapshot {
        provider_balance: 61,
        ..coins()
    };
    donated.check().unwrap();
}

#[test]
fn a_coin_too_many_or_too_few_is_found_in_every_place() {
    let places: [fn(&mut CoinSnapshot) -> &mut u128; 8] = [
        |it| &mut it.collected,
        |it| &mut it.consumer_balance,
        |it| &mut it.in_flight,
        |it| &mut it.waiting,
        |it| &mut it.owed,
        |it| &mut it.carry,
        |it| &mut it.community,
        |it| &mut it.paid,
    ];
    for place in places {
        let mut more = coins();
        *place(&mut more) += 1;
        assert!(more.check().is_err(), "{more:?}");
        let mut less = coins();
        *place(&mut less) -= 1;
        assert!(less.check().is_err(), "{less:?}");
    }
    let lost = CoinSnapshot { paid: 0, ..coins() };
    assert_eq!(
        lost.check().unwrap_err(),
        "stake: collected 255, but consumer balance 1 + in flight 2 + waiting 4 + owed 8 + carry 16 \
         + community 32 + paid 0 = 63"
    );
}

#[test]
fn a_provider_that_owes_more_than_it_has_is_found() {
    let short = CoinSnapshot {
        provider_balance: 59,
        ..coins()
    };
    assert_eq!(
        short.check().unwrap_err(),
        "stake: the provider has 59 and owes 60 (waiting 4, owed 8, carry 16, community 32)"
    );
}

#[test]
fn delivered_means_that_nothing_is_under_way() {
    let mut coins = coins();
    assert_eq!(
        coins.check_delivered().unwrap_err(),
        "stake: 2 in flight and 4 waiting, though everything was delivered"
    );
    coins.in_flight = 0;
    assert!(coins.check_delivered().is_err());
    coins.waiting = 0;
    coins.check_delivered().unwrap();
}

fn under_way(denom: &str) -> UnitSnapshot {
    UnitSnapshot {
        denom: denom.to_owned(),
        epoch: 3,
        chunks: 2,
        acknowledged: 2,
        transfers: 1,
    }
}

#[test]
fn one_unit_of_each_denom_may_be_under_way() {
    check_units(&[under_way("a"), under_way("b")]).unwrap();
    let next = UnitSnapshot {
        epoch: 4,
        ..under_way("a")
    };
    assert_eq!(
        check_units(&[under_way("a"), under_way("b"), next]).unwrap_err(),
        "a: epochs 3 and 4 are under way at once"
    );
}

#[test]
fn tokens_leave_after_their_weights_and_once() {
    let mut unit = under_way("a");
    unit.acknowledged = 1;
    assert_eq!(
        check_units(std::slice::from_ref(&unit)).unwrap_err(),
        "a: the tokens of epoch 3 are sent with 1 of 2 chunks of weights acknowledged"
    );
    unit.transfers = 0;
    check_units(std::slice::from_ref(&unit)).unwrap();
    unit.transfers = 2;
    unit.acknowledged = 2;
    assert_eq!(
        check_units(&[unit]).unwrap_err(),
        "a: 2 transfers of epoch 3 are on the wire at once"
    );
}

fn event(epoch: u64, kind: EventKind) -> UnitEvent {
    UnitEvent {
        consumer: "c".to_owned(),
        denom: DENOM.to_owned(),
        epoch,
        kind,
    }
}

fn paid(validator: &str) -> EventKind {
    EventKind::Paid {
        validator: validator.to_owned(),
    }
}

#[test]
fn units_arrive_are_shared_out_and_paid_once() {
    let mut events = vec![
        event(1, EventKind::Arrived),
        event(2, EventKind::Arrived),
        event(1, EventKind::Processed),
        event(1, paid("v1")),
        event(1, paid("v2")),
        event(2, EventKind::Processed),
        event(2, paid("v1")),
    ];
    check_once(&events).unwrap();
    for (what, text) in [
        (EventKind::Arrived, "arrived"),
        (EventKind::Processed, "was shared out"),
        (paid("v1"), "was paid to v1"),
    ] {
        events.push(event(1, what));
        assert_eq!(
            check_once(&events).unwrap_err(),
            format!("epoch 1 of stake from c {text} twice")
        );
        events.pop();
    }
}

#[test]
fn nothing_is_shared_out_or_paid_before_its_time() {
    for (before, what, text) in [
        (None, EventKind::Processed, "was shared out"),
        (Some(EventKind::Arrived), paid("v1"), "was paid to v1"),
    ] {
        let mut events: Vec<UnitEvent> = before.map(|it| event(1, it)).into_iter().collect();
        events.push(event(1, what));
        assert_eq!(
            check_once(&events).unwrap_err(),
            format!("epoch 1 of stake from c {text} too early")
        );
    }
}

#[test]
fn only_calls_that_may_fail_fail() {
    let call = |entry: &str, error: Option<&str>| ChainCall {
        entry: entry.to_owned(),
        error: error.map(str::to_owned),
    };
    let mut calls = vec![
        call("ibc_packet_receive", Some("refused")),
        call("ibc_packet_ack", None),
    ];
    check_calls(&calls).unwrap();
    for entry in INFALLIBLE {
        calls.push(call(entry, Some("no unit")));
        assert_eq!(
            check_calls(&calls).unwrap_err(),
            format!("{entry} failed: no unit")
        );
        calls.pop();
    }
}

#[test]
fn the_provider_must_agree_with_the_ledger() {
    let mut ledger = ProviderLedger::default();
    ledger.set_exists("v1", true);
    ledger.set_exists("v2", true);
    ledger.arrive(&unit(1), 5).unwrap();
    ledger.arrive(&unit(2), 9).unwrap();
    ledger.process(&unit(1), &weights(&[1, 1])).unwrap();
    ledger.pay("v1", DENOM, 1).unwrap();

    let pot = PotSnapshot {
        consumer: "c".to_owned(),
        denom: DENOM.to_owned(),
        waiting: 9,
        carry: 1,
        community: 0,
    };
    check_pot(&ledger, &pot).unwrap();
    let off = PotSnapshot {
        carry: 2,
        ..pot.clone()
    };
    assert_eq!(
        check_pot(&ledger, &off).unwrap_err(),
        "stake from c: carry 2, must be 1"
    );
    for off in [
        PotSnapshot {
            waiting: 8,
            ..pot.clone()
        },
        PotSnapshot {
            community: 1,
            ..pot
        },
    ] {
        assert!(check_pot(&ledger, &off).is_err(), "{off:?}");
    }

    let reward = RewardSnapshot {
        validator: "v1".to_owned(),
        denom: DENOM.to_owned(),
        owed: 1,
        paid: 1,
    };
    check_reward(&ledger, &reward).unwrap();
    let off = RewardSnapshot {
        paid: 2,
        ..reward.clone()
    };
    assert_eq!(
        check_reward(&ledger, &off).unwrap_err(),
        "stake of v1: paid 2, must be 1"
    );
    assert!(check_reward(&ledger, &RewardSnapshot { owed: 0, ..reward }).is_err());
}
