//! Seven blocks with a late delegation, changes of commission, a slash, an undelegation, payouts
//! and a jailing, with totals known from the formulas by hand.

use super::*;

/// Who proposes in blocks of [`play`].
#[derive(Clone, Copy, PartialEq)]
enum Proposers {
    Named,
    Absent,
}

/// Whether [`play`] records the payouts.
#[derive(Clone, Copy, PartialEq)]
enum Payouts {
    Recorded,
    Left,
}

fn play(proposers: Proposers, payouts: Payouts) -> FeeLedger {
    let named = |name| (proposers == Proposers::Named).then_some(name);
    let pays = payouts == Payouts::Recorded;
    let mut ledger = FeeLedger::new(FeeParams::default()).unwrap();

    ledger.create_validator("V1", rate("0.1"));
    ledger.create_validator("V2", Fraction::ZERO);
    ledger.set_units("A", "V1", 100).unwrap();
    ledger.set_units("B", "V2", 100).unwrap();
    ledger.set_power("V1", 100);
    ledger.set_power("V2", 100);
    block(&mut ledger, 1000, named("V1"), 200);

    ledger.set_units("C", "V1", 200).unwrap();
    ledger.set_power("V1", 300);
    block(&mut ledger, 1000, named("V2"), 400);

    if pays {
        ledger.pay_delegation("A", "V1", DENOM, 672).unwrap();
    }
    ledger.set_commission("V1", rate("0.2"));
    block(&mut ledger, 1000, named("V1"), 300);

    // A slash: half the power, the same shares.
    ledger.set_power("V1", 150);
    block(&mut ledger, 500, named("V1"), 250);

    ledger.set_units("B", "V2", 50).unwrap();
    ledger.set_power("V2", 50);
    if pays {
        ledger.pay_delegation("C", "V1", DENOM, 977).unwrap();
    }
    block(&mut ledger, 1000, named("V2"), 200);

    ledger.set_power("V1", 0);
    block(&mut ledger, 100, named("V2"), 50);

    ledger.set_power("V1", 150);
    ledger
}

#[test]
fn votes_give_the_known_totals() {
    let ledger = play(Proposers::Absent, Payouts::Left);

    assert_eq!(earned(&ledger, "A", "V1"), ratio(107_615, 100));
    assert_eq!(earned(&ledger, "B", "V2"), coins(1444));
    assert_eq!(earned(&ledger, "C", "V1"), ratio(13_153, 10));
    assert_eq!(earned_commission(&ledger, "V1"), ratio(45_255, 100));
    assert_eq!(earned_commission(&ledger, "V2"), coins(0));
    // 92 of tax and the 220 of all proposers.
    assert_eq!(community(&ledger), coins(92 + 220));
    ledger.check_conservation().unwrap();
}

#[test]
fn proposals_give_the_known_totals() {
    let both = play(Proposers::Named, Payouts::Left);
    let votes = play(Proposers::Absent, Payouts::Left);
    let from_proposals = |recipient| both.earned(recipient, DENOM) - votes.earned(recipient, DENOM);

    assert_eq!(from_proposals(delegation("A", "V1")), ratio(187, 3));
    assert_eq!(from_proposals(delegation("B", "V2")), coins(105));
    assert_eq!(from_proposals(delegation("C", "V1")), ratio(104, 3));
    assert_eq!(from_proposals(commission("V1")), coins(18));
    assert_eq!(community(&both), coins(92));
    both.check_conservation().unwrap();
}

#[test]
fn payouts_in_whole_coins_leave_two_in_remainders() {
    let mut ledger = play(Proposers::Named, Payouts::Recorded);
    assert_eq!(ledger.floor_coins(delegation("A", "V1"), DENOM), 466);
    assert_eq!(ledger.floor_coins(delegation("B", "V2"), DENOM), 1549);
    assert_eq!(ledger.floor_coins(delegation("C", "V1"), DENOM), 372);
    assert_eq!(ledger.floor_coins(commission("V1"), DENOM), 470);

    ledger.pay_delegation("A", "V1", DENOM, 466).unwrap();
    ledger.pay_delegation("B", "V2", DENOM, 1549).unwrap();
    ledger.pay_delegation("C", "V1", DENOM, 372).unwrap();
    ledger.pay_commission("V1", DENOM, 470).unwrap();

    assert_eq!(ledger.total_received(DENOM), 4600);
    assert_eq!(ledger.total_paid(DENOM), 4506);
    let left: BigRational = ledger
        .recipients()
        .filter(|it| *it != Recipient::CommunityPool)
        .map(|it| ledger.unpaid(it, DENOM))
        .sum();
    assert_eq!(left, coins(2));
    ledger.check_conservation().unwrap();
}

#[test]
fn payouts_on_the_way_are_the_floors_of_that_moment() {
    // Up to the end of block 2: A 418.5 + 45 from the first block, 697.5 * 0.9 / 3 from the second.
    let mut ledger = with_powers(FeeParams::default(), &[100, 100]);
    ledger.set_commission("v1", rate("0.1"));
    block(&mut ledger, 1000, Some("v1"), 200);
    ledger.set_units("c", "v1", 200).unwrap();
    ledger.set_power("v1", 300);
    block(&mut ledger, 1000, Some("v2"), 400);

    assert_eq!(ledger.floor_coins(delegation("d1", "v1"), DENOM), 672);
    assert!(ledger.pay_delegation("d1", "v1", DENOM, 673).is_err());
}
