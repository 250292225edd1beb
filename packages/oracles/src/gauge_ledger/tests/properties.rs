//! Random histories: compared with a system that has an index and scheduled exits, and with the
//! same history paid at other times or in another order.

use proptest::prelude::*;

use super::{
    indexed::Indexed,
    player::{DAYS, Player},
    step::{Pause, Step, apply, pause, step},
    *,
};

fn history(length: usize) -> impl Strategy<Value = Vec<(Pause, Step)>> {
    prop::collection::vec((pause(), step()), 0..length)
}

/// Compares everything that the system holds with the ledger.
fn compare(player: &Player, indexed: &mut Indexed) {
    for id in player.lock_ids() {
        let holding = LockHolding {
            lock: LockId(id),
            denom: DENOM,
            points: &indexed.points(id),
        };
        player.ledger.check_points(&holding).unwrap();
    }
    for gauge in player.ledger.gauges() {
        let expected = &player.ledger.gauge(gauge).unwrap().coins[0].distributed;
        assert_eq!(indexed.distributed(gauge.0), expected, "{gauge}");
    }
    let treasury = &indexed.treasury + indexed.carries();
    player.ledger.check_treasury(DENOM, &treasury).unwrap();
}

proptest! {
    #[test]
    fn a_system_with_an_index_stays_within_the_bounds(steps in history(80)) {
        let mut player = Player::new();
        let mut indexed = Indexed::new(&DAYS);
        for (place, (pause, step)) in steps.into_iter().enumerate() {
            let Some(step) = player.name(step) else { continue };
            let time = pause.after(player.now);
            if let Step::Claim { id } = step {
                player.now = time;
                let amount = indexed.play(time, step);
                let payment = RewardPayment {
                    lock: LockId(id),
                    coin: DenomAmount { denom: DENOM, amount },
                    failed: false,
                    complete: true,
                };
                player.ledger.at(time, GaugeOperation::Paid(payment)).unwrap();
                let finish = GaugeOperation::Finish(LockId(id));
                if player.ledger.at(time, finish).is_ok() {
                    indexed.finish(id);
                }
            } else if player.play(pause, step) {
                indexed.play(time, step);
            }
            player.ledger.check_conservation().unwrap();
            // Not after every step, so that the system settles late.
            if place % 16 == 15 {
                player.ledger.wait(player.now);
                indexed.play(player.now, Step::Settle);
                compare(&player, &mut indexed);
            }
        }
        let end = player.now + 40 * DAY;
        player.ledger.wait(end);
        indexed.play(end, Step::Settle);
        compare(&player, &mut indexed);
    }

    #[test]
    fn paying_epochs_one_by_one_changes_nothing(steps in history(40)) {
        let mut rare = Player::new();
        let mut eager = Player::new();
        for (pause, step) in steps {
            let Some(step) = rare.name(step) else { continue };
            let time = pause.after(rare.now);
            while eager.now < time {
                eager.now = time.min(eager.now + DAY / 3);
                eager.ledger.wait(eager.now);
            }
            prop_assert_eq!(rare.play(pause, step), eager.play(Pause::None, step));
        }
        for id in rare.lock_ids() {
            let lock = LockId(id);
            prop_assert_eq!(rare.ledger.owed(lock, DENOM), eager.ledger.owed(lock, DENOM));
            prop_assert_eq!(rare.ledger.terms(lock), eager.ledger.terms(lock));
        }
    }

    #[test]
    fn at_one_time_the_order_of_different_locks_and_gauges_does_not_matter(
        before in history(30),
        amounts in prop::collection::vec(1..10_u128.pow(20), 3),
        pause in pause(),
    ) {
        let mut forth = Player::new();
        for (pause, step) in before {
            let Some(step) = forth.name(step) else { continue };
            forth.play(pause, step);
        }
        let time = pause.after(forth.now);
        let (lock, gauge) = (forth.next_lock, forth.next_gauge);
        let mut together = vec![
            Step::Lock { id: lock, amount: amounts[0], days: 9 },
            Step::Lock { id: lock + 1, amount: amounts[1], days: 4 },
            Step::Gauge { id: gauge, days: 4, start: time, epochs: Some(3), amount: amounts[2] },
            Step::Gauge { id: gauge + 1, days: 4, start: 0, epochs: None, amount: amounts[2] },
        ];
        if lock > 1 {
            together.push(Step::Unlock { id: lock - 1, part: None });
        }
        let mut back = forth.ledger.clone();
        for &step in &together {
            let _ = apply(&mut forth.ledger, time, step);
        }
        for &step in together.iter().rev() {
            let _ = apply(&mut back, time, step);
        }
        for ledger in [&mut forth.ledger, &mut back] {
            ledger.wait(time + 20 * DAY);
            ledger.check_conservation().unwrap();
        }
        for id in forth.ledger.locks() {
            prop_assert_eq!(forth.ledger.owed(id, DENOM), back.owed(id, DENOM));
            prop_assert_eq!(forth.ledger.terms(id), back.terms(id));
        }
        for id in forth.ledger.gauges() {
            prop_assert_eq!(forth.ledger.gauge(id), back.gauge(id));
        }
    }

    #[test]
    fn stakes_of_past_epochs_stay_the_same(steps in history(40)) {
        let mut player = Player::new();
        for (pause, step) in steps {
            let Some(step) = player.name(step) else { continue };
            player.play(pause, step);
        }
        // Computed again from the versions of locks, the stakes are those of the time.
        for days in DAYS {
            for paid in player.ledger.paid_epochs(&pool(days)) {
                prop_assert_eq!(player.ledger.stake(&pool(days), paid.epoch), paid.stake);
            }
        }
    }
}
