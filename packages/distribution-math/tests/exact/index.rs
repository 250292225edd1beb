//! The reward index: exact over any history.

use cosmwasm_std::Uint256;
use distribution_math::{MAX_UNITS, MathError, Points, RewardIndex};
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;

use crate::inputs;
use crate::{exact, points, ratio, whole};

/// A participant's record, as an accounting keeps it.
#[derive(Clone, Default)]
struct Participant {
    units: u128,
    start: Points,
    pending: Points,
    /// Its exact share, in points.
    exact: BigRational,
    /// How often anybody's units changed.
    changes: u32,
}

/// Participants that share an index, and the party that gets what cannot be divided.
struct SharedReward {
    index: RewardIndex,
    participants: Vec<Participant>,
    undivided: Points,
    added: BigRational,
}

impl SharedReward {
    fn new(participants: usize) -> Self {
        SharedReward {
            index: RewardIndex::default(),
            participants: vec![Participant::default(); participants],
            undivided: Points::ZERO,
            added: BigRational::zero(),
        }
    }

    fn units(&self) -> u128 {
        self.participants.iter().map(|it| it.units).sum()
    }

    fn add(&mut self, amount: Points) {
        self.added += exact(amount);
        let units = self.units();
        if units == 0 {
            let refused = self.index.add(amount, units).unwrap_err();
            assert!(matches!(refused, MathError::DivisionByZero { .. }));
            self.undivided = self.undivided.checked_add(amount).unwrap();
            return;
        }
        self.index.add(amount, units).unwrap();
        assert!(self.index.carry().value() < Uint256::from(units));
        for participant in &mut self.participants {
            participant.exact += exact(amount) * ratio(participant.units, units);
        }
    }

    /// Settles the participant and gives the carry away, then changes the units.
    fn change_units(&mut self, place: usize, units: u128) {
        let owed = self.owed(place);
        let others = self.units() - self.participants[place].units;
        let participant = &mut self.participants[place];
        participant.pending = owed;
        participant.start = self.index.index();
        participant.units = units.min(MAX_UNITS - others);
        self.undivided = self.undivided.checked_add(self.index.take_carry()).unwrap();
        for participant in &mut self.participants {
            participant.changes += 1;
        }
    }

    fn owed(&self, place: usize) -> Points {
        let participant = &self.participants[place];
        let since = self
            .index
            .owed(participant.units, participant.start)
            .unwrap();
        participant.pending.checked_add(since).unwrap()
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Add(Points),
    ChangeUnits(usize, u128),
}

const PARTICIPANTS: usize = 4;

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    // 100 additions of at most (2^128 - 1) / 100 base units stay within the bound.
    let amount = inputs::points()
        .prop_map(|amount| Points::new(amount.value().checked_div(100u128.into()).unwrap()));
    let units = prop_oneof![4 => inputs::units(), 1 => Just(0)];
    let operation = prop_oneof![
        2 => amount.prop_map(Operation::Add),
        1 => (0..PARTICIPANTS, units).prop_map(|(who, units)| Operation::ChangeUnits(who, units)),
    ];
    prop::collection::vec(operation, 1..100)
}

proptest! {
    #[test]
    fn what_is_earned_and_what_is_undivided_add_up_to_what_was_added(operations in operations()) {
        let mut shared = SharedReward::new(PARTICIPANTS);
        for operation in operations {
            match operation {
                Operation::Add(amount) => shared.add(amount),
                Operation::ChangeUnits(who, units) => shared.change_units(who, units),
            }
            let earned: BigRational = (0..PARTICIPANTS).map(|who| exact(shared.owed(who))).sum();
            let undivided = exact(shared.undivided) + exact(shared.index.carry());
            prop_assert_eq!(earned + undivided, shared.added.clone());
        }
    }

    #[test]
    fn nobody_earns_more_than_its_share_nor_a_point_per_unit_and_change_less(
        operations in operations(),
    ) {
        let mut shared = SharedReward::new(PARTICIPANTS);
        let mut most_units = [0u128; PARTICIPANTS];
        for operation in operations {
            match operation {
                Operation::Add(amount) => shared.add(amount),
                Operation::ChangeUnits(who, units) => shared.change_units(who, units),
            }
            for (who, most) in most_units.iter_mut().enumerate() {
                let participant = &shared.participants[who];
                *most = (*most).max(participant.units);
                let missing = &participant.exact - exact(shared.owed(who));
                prop_assert!(missing >= BigRational::zero());
                let periods = participant.changes + 1;
                prop_assert!(missing <= whole(*most) * whole(periods));
            }
        }
    }

    #[test]
    fn one_addition_is_worth_what_its_parts_are(
        amounts in prop::collection::vec(inputs::points(), 1..10),
        units in inputs::units(),
    ) {
        let part = |amount: &Points| {
            Points::new(amount.value().checked_div(Uint256::from(10u128)).unwrap())
        };
        let mut together = RewardIndex::default();
        let mut one_by_one = RewardIndex::default();
        together.add(Points::sum(amounts.iter().map(part)).unwrap(), units).unwrap();
        for amount in &amounts {
            one_by_one.add(part(amount), units).unwrap();
        }
        prop_assert_eq!(together, one_by_one);
    }

    #[test]
    fn settling_often_earns_what_settling_once_earns(
        amounts in prop::collection::vec(inputs::points(), 1..10),
        units in inputs::units(),
        mine in inputs::units(),
    ) {
        let mine = mine.min(units);
        let mut index = RewardIndex::default();
        let mut settled = Points::ZERO;
        for amount in amounts {
            let start = index.index();
            let part = Points::new(amount.value().checked_div(Uint256::from(10u128)).unwrap());
            index.add(part, units).unwrap();
            settled = settled.checked_add(index.owed(mine, start).unwrap()).unwrap();
        }
        prop_assert_eq!(index.owed(mine, Points::ZERO).unwrap(), settled);
    }

    #[test]
    fn an_addition_divides_exactly(amount in inputs::any_points(), units in inputs::units()) {
        let mut index = RewardIndex::default();
        index.add(amount, units).unwrap();
        prop_assert_eq!(
            exact(index.index()) * whole(units) + exact(index.carry()),
            exact(amount)
        );
        prop_assert!(index.carry().value() < Uint256::from(units));
    }
}

#[test]
fn everything_ever_received_fits_into_the_index_of_one_unit() {
    let everything = Points::from_coins(u128::MAX);
    let mut index = RewardIndex::default();
    index.add(everything, 1).unwrap();
    assert_eq!(index.index(), everything);
    assert_eq!(index.carry(), Points::ZERO);
    assert_eq!(index.owed(1, Points::ZERO).unwrap(), everything);
}

#[test]
fn all_units_earn_everything_ever_received_without_overflow() {
    let everything = Points::from_coins(u128::MAX);
    let mut index = RewardIndex::default();
    index.add(everything, MAX_UNITS).unwrap();
    let earned = index.owed(MAX_UNITS, Points::ZERO).unwrap();
    assert_eq!(earned.checked_add(index.carry()).unwrap(), everything);
    // As divisor and factor any number of units is taken, the largest included.
    let mut index = RewardIndex::default();
    index.add(everything, u128::MAX).unwrap();
    assert_eq!(index.index(), Points::from_coins(1));
    assert_eq!(index.owed(u128::MAX, Points::ZERO).unwrap(), everything);
}

#[test]
fn the_smallest_reward_over_the_most_units_still_reaches_every_unit() {
    let mut index = RewardIndex::default();
    index.add(Points::from_coins(1), MAX_UNITS).unwrap();
    assert_eq!(index.owed(1, Points::ZERO).unwrap(), points(100));
    assert_eq!(index.carry(), Points::ZERO);
}

#[test]
fn a_carry_waits_until_it_can_be_divided() {
    let mut index = RewardIndex::default();
    for _ in 0..2 {
        index.add(Points::ONE, 3).unwrap();
        assert_eq!(index.index(), Points::ZERO);
    }
    assert_eq!(index.carry(), points(2));
    index.add(Points::ONE, 3).unwrap();
    assert_eq!((index.index(), index.carry()), (Points::ONE, Points::ZERO));
}

#[test]
fn a_carry_is_taken_once() {
    let mut index = RewardIndex::default();
    index.add(points(5), 3).unwrap();
    assert_eq!(index.take_carry(), points(2));
    assert_eq!(index.take_carry(), Points::ZERO);
    assert_eq!(index.index(), points(1));
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut index = RewardIndex::default();
    index.add(points(5), 3).unwrap();
    let before = index;
    assert_eq!(
        index.add(points(7), 0),
        Err(MathError::DivisionByZero {
            amount: Uint256::from(9u128)
        })
    );
    assert_eq!(index, before);
    // The sum with the carry, then the index itself, pass 256 bits.
    let largest = Points::new(Uint256::MAX);
    assert!(matches!(
        index.add(largest, 1),
        Err(MathError::Overflow { .. })
    ));
    assert_eq!(index, before);
    index.take_carry();
    let before = index;
    assert!(matches!(
        index.add(largest, 1),
        Err(MathError::Overflow { .. })
    ));
    assert_eq!(index, before);
}

#[test]
fn more_units_than_ever_shared_are_refused_where_their_claim_would_wrap() {
    let mut index = RewardIndex::default();
    index.add(Points::from_coins(u128::MAX), 1).unwrap();
    assert!(matches!(
        index.owed(MAX_UNITS, Points::ZERO),
        Err(MathError::Overflow { .. })
    ));
}

#[test]
fn an_index_of_the_future_is_refused() {
    let index = RewardIndex::default();
    assert_eq!(
        index.owed(1, Points::ONE),
        Err(MathError::Underflow {
            left: Uint256::zero(),
            right: Uint256::one(),
        })
    );
}
