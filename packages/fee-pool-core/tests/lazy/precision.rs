//! How far below the exact share an entitlement may fall where numbers are largest and smallest.

use cosmwasm_std::Uint256;
use distribution_math::{Points, Rate, Ratio, SignedPoints};
use fee_pool_core::Lazy;
use num_traits::Signed;

use crate::history::{Op, Run};
use crate::numbers::{Exact, percent, points, signed, whole};

/// Units and receipts of a token with 18 decimals.
const TOKENS: u128 = 10u128.pow(27);

/// By how much each recipient is below its exact share, in points. None is above.
fn shortfalls(run: &Run<Lazy>) -> Vec<Exact> {
    let mut all = Vec::new();
    for (name, record) in &run.oracle.validators {
        all.push(&record.commission.owed - points(run.pool.commission(name)));
        for (delegator, delegation) in &record.delegations {
            all.push(&delegation.account.owed - points(run.pool.rewards(delegator, name)));
        }
    }
    assert!(all.iter().all(|short| !short.is_negative()));
    all
}

/// Everything changes in every round: powers near `power`, units near `units`, rates; `receipt`
/// points come in by power and to a proposer.
fn rounds(power: u64, units: u128, receipt: Points, rounds: u64) -> Run<Lazy> {
    let mut run = Run::<Lazy>::new();
    for round in 0..rounds {
        for validator in 0..3 {
            let place = validator as u64;
            run.apply(&Op::Power {
                validator,
                power: power + (round * 7 + place * 3) % 11,
            });
            run.apply(&Op::Units {
                delegator: (round as usize + validator) % 3,
                validator,
                units: units - u128::from(round * 13 + place),
            });
        }
        run.apply(&Op::Rate {
            validator: round as usize % 3,
            rate: Rate::from_atomics(
                (round + 1) * 33_333_333_333_333_333 % 1_000_000_000_000_000_000,
            )
            .unwrap(),
        });
        run.apply(&Op::Block {
            by_power: receipt,
            equally: Points::ZERO,
        });
        run.apply(&Op::Reward {
            validator: round as usize % 3,
            amount: receipt,
        });
    }
    run
}

/// No shortfall is above so many points. That is what the other validators' changes may take: a
/// point for each unit of power. What the own validator does takes nearly nothing.
fn at_most(run: &Run<Lazy>, most: u128) {
    run.check();
    for short in shortfalls(run) {
        assert!(short < whole(most), "{short}");
    }
}

#[test]
fn tokens_with_eighteen_decimals_lose_a_point_for_each_power_and_change() {
    // 2 changes by others in each of 20 rounds, at a power of 10^9.
    let run = rounds(1_000_000_000, TOKENS, Points::from_coins(TOKENS), 20);
    at_most(&run, 40 * 1_000_000_100);
}

#[test]
fn a_tiny_total_power_loses_as_little() {
    let run = rounds(333, 1_000_000, Points::from_coins(1_000), 20);
    at_most(&run, 40 * 400);
}

#[test]
fn the_largest_receipts_and_units_at_a_tiny_total_power_lose_as_little() {
    let run = rounds(333, TOKENS, Points::from_coins(TOKENS), 20);
    at_most(&run, 40 * 400);
}

#[test]
fn a_base_unit_over_the_most_units_reaches_all_of_them() {
    let run = rounds(333, 10u128.pow(34) / 3, Points::from_coins(1), 20);
    at_most(&run, 40 * 400);
}

/// `X` in whole points, as the literal formula has it: each change of the commission rounds the
/// adjustment of one unit up to a point, and that of a delegation by its units as many.
#[test]
fn an_adjustment_per_unit_in_whole_points_would_lose_points_per_unit() {
    let changes = 10;
    let (received, units, all_units) = (Points::from_coins(TOKENS), TOKENS, 3 * TOKENS);
    let per_unit = |rate: Rate| {
        // The validator is alone: `(1 - c) / D`.
        Ratio::new(
            Uint256::from(rate.complement().atomics()),
            Uint256::from(all_units)
                .checked_mul(Uint256::from(Rate::ATOMICS_PER_ONE))
                .unwrap(),
        )
    };
    let mut in_whole_points = SignedPoints::ZERO;
    let mut run = Run::<Lazy>::new();
    run.apply(&Op::Power {
        validator: 0,
        power: 1_000,
    });
    run.apply(&Op::Units {
        delegator: 0,
        validator: 0,
        units,
    });
    run.apply(&Op::Units {
        delegator: 1,
        validator: 0,
        units: all_units - units,
    });
    run.apply(&Op::Block {
        by_power: received,
        equally: Points::ZERO,
    });
    let mut rate = Rate::ZERO;
    for change in 0..changes {
        let next = percent(10 + 7 * (change % 2));
        run.apply(&Op::Rate {
            validator: 0,
            rate: next,
        });
        let now = per_unit(next).ceil_of(received).unwrap().ceil();
        let before = per_unit(rate).floor_of(received).unwrap().floor();
        in_whole_points = in_whole_points.plus(now).unwrap().minus(before).unwrap();
        rate = next;
    }
    // All of it was received at a commission of nothing: a third is the delegation's.
    let exact = points(received) / whole(3);
    let simple = points(received) * crate::numbers::rate(rate.complement()) / whole(3);
    let literal = &exact - (simple - signed(in_whole_points) * whole(units));
    let ours = &exact - points(run.pool.rewards("d0", "v0"));
    // 4.67 points for each unit: 4.67 * 10^27.
    assert!(literal > whole(4 * units), "{literal}");
    assert!(ours < whole(2), "{ours}");
    run.check();
}

/// Everything that may ever be received, at the least and the largest power and units.
#[test]
fn the_largest_receipts_at_the_extremes_of_stake_pass_no_bound() {
    let half = Points::from_coins(u128::MAX / 4);
    let most_units = 10u128.pow(34);
    let block = Op::Block {
        by_power: half,
        equally: half,
    };
    let power = |validator, power| Op::Power { validator, power };
    let units = |delegator, units| Op::Units {
        delegator,
        validator: 0,
        units,
    };
    let history = [
        power(0, 1),
        units(0, 1),
        block.clone(),
        // All others join at the top.
        units(1, most_units - 1),
        power(1, (1 << 62) - 1),
        power(0, 1 << 62),
        Op::Rate {
            validator: 0,
            rate: Rate::from_atomics(1).unwrap(),
        },
        block,
        // And back to the bottom.
        power(1, 0),
        power(0, 1),
        units(1, 1),
        units(0, 0),
        units(0, most_units - 1),
        Op::Rate {
            validator: 0,
            rate: Rate::ONE,
        },
        power(0, 0),
        units(0, 0),
        units(1, 0),
    ];
    let mut run = Run::<Lazy>::new();
    for op in &history {
        run.apply(op);
        run.check();
    }
    run.pay_everybody();
    run.check();
}
