//! What gauges distribute, and when.

use super::*;

fn one_pool() -> GaugeLedger {
    GaugeLedger::new(SCHEDULE, &[DAY]).unwrap()
}

/// What the gauges of the pool gave, by epoch, in `1 / parts` of a base unit.
fn given_in(parts: i64, ledger: &GaugeLedger) -> Vec<(u64, BigRational)> {
    ledger.check_conservation().unwrap();
    let paid = ledger.paid_epochs(&pool(1)).iter();
    paid.map(|it| (it.epoch, coins_of(&it.given[0].points) * ratio(parts, 1)))
        .collect()
}

/// Whole base units that the gauges of the pool gave, by epoch.
fn given(ledger: &GaugeLedger) -> Vec<(u64, BigRational)> {
    given_in(1, ledger)
}

fn whole<const N: usize>(epochs: [(u64, i64); N]) -> Vec<(u64, BigRational)> {
    epochs
        .map(|(epoch, coins)| (epoch, ratio(coins, 1)))
        .to_vec()
}

#[test]
fn coins_are_spread_evenly_over_the_remaining_epochs() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, Some(4), 10);
    ledger.wait(end_of(9));
    assert_eq!(
        given_in(2, &ledger),
        whole([(1, 5), (2, 5), (3, 5), (4, 5)])
    );
    assert_eq!(ledger.gauge(GaugeId(1)).unwrap().remaining, Some(0));
}

#[test]
fn points_that_do_not_divide_go_to_the_last_epochs() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, Some(3), 1);
    ledger.wait(end_of(9));
    let paid = ledger.paid_epochs(&pool(1)).iter();
    let points: Vec<BigInt> = paid.map(|it| it.given[0].points.clone()).collect();
    let third = BigInt::from(10).pow(36) / 3_u8;
    assert_eq!(points, [third.clone(), third.clone(), third + 1_u8]);
}

#[test]
fn an_empty_gauge_pauses_until_somebody_adds_to_it() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, Some(2), 0);
    ledger.wait(end_of(5));
    assert!(ledger.gauge(GaugeId(1)).unwrap().dormant);
    assert_eq!(ledger.gauge(GaugeId(1)).unwrap().remaining, Some(2));
    ledger.top_up(end_of(5), 1, 4);
    assert!(!ledger.gauge(GaugeId(1)).unwrap().dormant);
    ledger.wait(end_of(9));
    assert_eq!(given(&ledger), whole([(6, 2), (7, 2)]));
}

#[test]
fn only_its_creator_adds_to_a_closable_gauge() {
    let mut ledger = one_pool();
    ledger.gauge_of(within(1), 1, 1, Some(2), 4);
    let more = TopUp {
        gauge: GaugeId(1),
        sender: "mallory",
        coins: &[],
    };
    assert_eq!(
        ledger.at(within(1), GaugeOperation::AddToGauge(more)),
        Err(GaugeLedgerError::NotTheCreator(GaugeId(1)))
    );
}

#[test]
fn a_perpetual_gauge_gives_all_it_has() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, None, 10);
    ledger.top_up(within(3), 1, 7);
    ledger.top_up(within(3), 1, 1);
    ledger.wait(end_of(9));
    assert_eq!(given(&ledger), whole([(1, 10), (3, 8)]));
    assert_eq!(ledger.gauge(GaugeId(1)).unwrap().remaining, None);
}

#[test]
fn without_stake_the_schedule_pauses() {
    let mut ledger = one_pool();
    ledger.gauge_of(within(1), 1, 1, Some(2), 10);
    ledger.locks_for(within(4), 1, 3, 1);
    ledger.forced(within(5), 1);
    ledger.locks_for(within(1000), 2, 3, 1);
    ledger.wait(end_of(2000));
    assert_eq!(given(&ledger), whole([(4, 5), (1000, 5)]));
}

#[test]
fn a_gauge_begins_with_the_epoch_that_does_not_end_before_its_start() {
    let first = |start| {
        let mut ledger = one_pool();
        ledger.locks_for(within(1), 1, 3, 1);
        let gauge = NewGauge {
            gauge: GaugeId(1),
            creator: "bob",
            denom: LP,
            duration: DAY,
            start,
            epochs: Some(1),
            closable: true,
            coins: &[DenomAmount {
                denom: DENOM,
                amount: 1,
            }],
        };
        ledger
            .at(within(3), GaugeOperation::CreateGauge(gauge))
            .unwrap();
        ledger.wait(end_of(20));
        let first = ledger.gauge(GaugeId(1)).unwrap().first_epoch;
        assert_eq!(given(&ledger), whole([(first, 1)]));
        first
    };
    assert_eq!(first(None), 3);
    assert_eq!(first(Some(0)), 3, "never for epochs that are over");
    assert_eq!(first(Some(end_of(3))), 3);
    assert_eq!(first(Some(end_of(3) + 1)), 4);
    assert_eq!(first(Some(within(10))), 10);
    assert_eq!(first(Some(end_of(10))), 10);
}

#[test]
fn a_gauge_made_at_a_boundary_has_no_part_in_the_finished_epoch() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(end_of(2), 1, 1, Some(1), 5);
    ledger.wait(end_of(2));
    assert_eq!(given(&ledger), []);
    ledger.wait(end_of(3));
    assert_eq!(given(&ledger), whole([(3, 5)]));
}

#[test]
fn what_is_added_is_spread_over_what_remains() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, Some(4), 8);
    // Epochs 1 and 2 are over by then, so they are paid before it.
    ledger.top_up(end_of(2), 1, 10);
    ledger.wait(end_of(9));
    assert_eq!(given(&ledger), whole([(1, 2), (2, 2), (3, 7), (4, 7)]));
}

#[test]
fn an_ended_gauge_pays_epochs_that_are_over_and_returns_what_is_left() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, Some(4), 8);
    ledger
        .at(end_of(3), GaugeOperation::EvictGauge(GaugeId(1)))
        .unwrap();
    ledger.wait(end_of(9));
    assert_eq!(given(&ledger), whole([(1, 2), (2, 2), (3, 2)]));
    let gauge = ledger.gauge(GaugeId(1)).unwrap();
    assert!(gauge.ended);
    assert_eq!(
        gauge.coins,
        [GaugeCoins {
            denom: DENOM.to_owned(),
            coins: 8,
            distributed: BigInt::from(10).pow(36) * 6,
            left: BigInt::ZERO,
            returned: 2,
        }]
    );
    assert_eq!(ledger.has(1), ratio(6, 1));
}

#[test]
fn the_fraction_of_an_ended_gauge_is_the_treasurys_and_what_returned_was_not_received() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 3, 1);
    ledger.gauge_of(within(1), 1, 1, Some(2), 3);
    ledger
        .at(end_of(1), GaugeOperation::CloseGauge(GaugeId(1)))
        .unwrap();
    ledger.check_conservation().unwrap();
    assert_eq!(ledger.gauge(GaugeId(1)).unwrap().coins[0].returned, 1);
    assert_eq!(ledger.treasury(DENOM), ratio(1, 2));
    for gauge in 2..5 {
        ledger.gauge_of(end_of(1), gauge, 1, Some(1), u128::MAX - 3);
        let close = GaugeOperation::CloseGauge(GaugeId(gauge));
        ledger.at(end_of(1), close).unwrap();
    }
}

#[test]
fn gauges_of_a_pool_share_its_stake() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 1, 1);
    ledger.locks_for(within(1), 2, 2, 1);
    ledger.gauge_of(within(1), 1, 1, Some(2), 20);
    ledger.gauge_of(within(1), 2, 1, None, 5);
    ledger.wait(end_of(2));
    assert_eq!(given(&ledger), whole([(1, 15), (2, 10)]));
    assert_eq!(ledger.has(1), ratio(25, 3));
    assert_eq!(ledger.has(2), ratio(50, 3));
}

#[test]
fn a_gauge_may_pay_several_denoms_and_another_pool_has_no_part_in_it() {
    let mut ledger = one_pool();
    ledger.locks_for(within(1), 1, 1, 1);
    let other = NewLock {
        lock: LockId(2),
        owner: "carol",
        receiver: None,
        denom: "uother",
        amount: 50,
        duration: DAY,
    };
    ledger.at(within(1), GaugeOperation::Lock(other)).unwrap();
    let coins = [(DENOM, 9), ("uosmo", 6)].map(|(denom, amount)| DenomAmount { denom, amount });
    let gauge = NewGauge {
        gauge: GaugeId(1),
        creator: "bob",
        denom: LP,
        duration: DAY,
        start: None,
        epochs: Some(3),
        closable: true,
        coins: &coins,
    };
    ledger
        .at(within(1), GaugeOperation::CreateGauge(gauge))
        .unwrap();
    ledger.wait(end_of(1));
    assert_eq!(ledger.has(1), ratio(3, 1));
    assert_eq!(ledger.owed(LockId(1), "uosmo"), ratio(2, 1));
    assert_eq!(ledger.has(2), ratio(0, 1));
    assert_eq!(ledger.principal("uother"), 50);
}

#[test]
fn principal_and_rewards_of_one_denom_are_separate() {
    let mut ledger = one_pool();
    let lock = NewLock {
        lock: LockId(1),
        owner: "alice",
        receiver: None,
        denom: DENOM,
        amount: 1000,
        duration: DAY,
    };
    ledger.at(within(1), GaugeOperation::Lock(lock)).unwrap();
    let gauge = NewGauge {
        gauge: GaugeId(1),
        creator: "bob",
        denom: DENOM,
        duration: DAY,
        start: None,
        epochs: None,
        closable: true,
        coins: &[DenomAmount {
            denom: DENOM,
            amount: 7,
        }],
    };
    ledger
        .at(within(1), GaugeOperation::CreateGauge(gauge))
        .unwrap();
    ledger.wait(end_of(1));
    assert_eq!(ledger.has(1), ratio(7, 1));
    assert_eq!(ledger.principal(DENOM), 1000);
}
