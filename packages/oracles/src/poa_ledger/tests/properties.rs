//! Random histories, compared with plain rationals, with a system of whole points, and with
//! themselves in another order.

use std::collections::BTreeMap;

use num_integer::Integer;
use num_traits::Zero;
use proptest::prelude::*;

use super::*;

/// Accounts that may operate a validator.
const NAMES: [&str; 6] = ["v1", "v2", "v3", "v4", "later", "last"];

/// Number of validators. At first the first of [`NAMES`] operate them.
const VALIDATORS: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    Fees(u128),
    Checkpoint,
    Powers(Vec<u128>),
    Withdraw(usize, bool),
    /// A validator, and its new operator.
    HandOver(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let power = prop_oneof![Just(0), 1..6_u128, 1..10_u128.pow(15)];
    prop_oneof![
        prop_oneof![0..20_u128, 0..10_u128.pow(20)].prop_map(Step::Fees),
        Just(Step::Checkpoint),
        prop::collection::vec(power, VALIDATORS).prop_map(Step::Powers),
        (0..NAMES.len(), any::<bool>()).prop_map(|(who, fails)| Step::Withdraw(who, fails)),
        (0..VALIDATORS, 0..NAMES.len()).prop_map(|(validator, who)| Step::HandOver(validator, who)),
    ]
}

/// A ledger, the operator of each of its validators, and the validator that each account names.
#[derive(Clone)]
struct Player {
    ledger: PoaLedger,
    operators: Vec<usize>,
    named: [Option<usize>; NAMES.len()],
}

impl Player {
    fn new(powers: [u128; VALIDATORS]) -> Self {
        Self {
            ledger: with_powers(&powers),
            operators: (0..VALIDATORS).collect(),
            named: [Some(0), Some(1), Some(2), Some(3), None, None],
        }
    }

    fn batch(&self, powers: &[u128]) -> Vec<PowerChange<'static>> {
        let operators = self.operators.iter().map(|&it| NAMES[it]);
        operators
            .zip(powers)
            .map(|(operator, &power)| PowerChange { operator, power })
            .collect()
    }

    /// Plays a step. Returns whether the ledger accepted it and changed anything: an account operates
    /// one validator, for good.
    fn play(&mut self, step: &Step) -> bool {
        match step {
            Step::Fees(amount) => self.ledger.fees(*amount),
            Step::Checkpoint => self.ledger.checkpoint_now(),
            Step::Powers(powers) => {
                let changes = self.batch(powers);
                let operation = PoaOperation::SetPowers(&changes);
                self.ledger.apply(&operation).unwrap();
            }
            Step::Withdraw(who, true) => self.ledger.fails_to_withdraw(NAMES[*who]),
            Step::Withdraw(who, false) => {
                self.ledger.withdraws(NAMES[*who]);
            }
            Step::HandOver(validator, who) => {
                let change = OperatorChange {
                    operator: NAMES[self.operators[*validator]],
                    new_operator: NAMES[*who],
                };
                let done = self.ledger.apply(&PoaOperation::ChangeOperator(change));
                let is_taken = self.named[*who].is_some_and(|it| it != *validator);
                assert_eq!(done.is_err(), is_taken);
                if is_taken || self.operators[*validator] == *who {
                    return false;
                }
                self.named[*who] = Some(*validator);
                self.operators[*validator] = *who;
            }
        }
        true
    }
}

/// The formulas of the scheme in plain rationals.
#[derive(Default)]
struct Plain {
    powers: Vec<u128>,
    operators: Vec<usize>,
    balance: BigRational,
    fees: BTreeMap<usize, BigRational>,
    undelivered: BTreeMap<usize, BigRational>,
    paid: BTreeMap<usize, BigRational>,
}

impl Plain {
    fn checkpoint(&mut self) {
        let total: u128 = self.powers.iter().sum();
        if total == 0 {
            return;
        }
        let unallocated = &self.balance - self.fees.values().sum::<BigRational>();
        for (&who, &power) in self.operators.iter().zip(&self.powers) {
            let share = BigRational::new(power.into(), total.into());
            *self.fees.entry(who).or_default() += &unallocated * share;
        }
    }

    fn play(&mut self, step: &Step) {
        match step {
            Step::Fees(amount) => self.balance += BigRational::from(BigInt::from(*amount)),
            Step::Checkpoint => self.checkpoint(),
            Step::Powers(powers) => {
                self.checkpoint();
                self.powers.clone_from(powers);
            }
            Step::HandOver(validator, who) => {
                self.checkpoint();
                self.operators[*validator] = *who;
            }
            Step::Withdraw(who, fails) => {
                self.checkpoint();
                let fees = self.fees.entry(*who).or_default();
                let whole = fees.floor();
                *fees -= &whole;
                self.balance -= &whole;
                let owed = whole + self.undelivered.remove(who).unwrap_or_default();
                if *fails {
                    self.undelivered.insert(*who, owed);
                } else {
                    *self.paid.entry(*who).or_default() += owed;
                }
            }
        }
    }
}

/// A system of whole points: an index for each unit of power, and a carry.
#[derive(Default)]
struct Indexed {
    powers: Vec<u128>,
    operators: Vec<usize>,
    balance: u128,
    allocated: BigInt,
    index: BigInt,
    carry: BigInt,
    fees: Vec<BigInt>,
    since: Vec<BigInt>,
    undelivered: Vec<u128>,
}

impl Indexed {
    fn new() -> Self {
        Self {
            powers: vec![0; VALIDATORS],
            operators: (0..VALIDATORS).collect(),
            fees: vec![BigInt::zero(); NAMES.len()],
            since: vec![BigInt::zero(); VALIDATORS],
            undelivered: vec![0; NAMES.len()],
            ..Self::default()
        }
    }

    fn checkpoint(&mut self) {
        let total: u128 = self.powers.iter().sum();
        if total == 0 {
            return;
        }
        let unallocated = self.balance * BigInt::from(10).pow(36) - &self.allocated;
        let (step, carry) = (&unallocated + &self.carry).div_rem(&total.into());
        self.index += step;
        self.carry = carry;
        self.allocated += unallocated;
    }

    fn settle(&mut self, validator: usize) {
        let pending = self.pending(validator);
        self.fees[self.operators[validator]] += pending;
        self.since[validator].clone_from(&self.index);
    }

    fn pending(&self, validator: usize) -> BigInt {
        (&self.index - &self.since[validator]) * self.powers[validator]
    }

    fn points(&self, who: usize) -> BigInt {
        let validator = self.operators.iter().position(|it| *it == who);
        let pending = validator.map_or_else(BigInt::zero, |it| self.pending(it));
        pending + &self.fees[who]
    }

    /// Plays a step. Returns what a withdrawal paid, 0 for other steps.
    fn play(&mut self, step: &Step) -> u128 {
        match step {
            Step::Fees(amount) => self.balance += amount,
            Step::Checkpoint => self.checkpoint(),
            Step::Powers(powers) => {
                self.checkpoint();
                (0..VALIDATORS).for_each(|validator| self.settle(validator));
                self.powers.clone_from(powers);
            }
            Step::HandOver(validator, who) => {
                self.checkpoint();
                self.settle(*validator);
                self.operators[*validator] = *who;
            }
            Step::Withdraw(who, fails) => {
                self.checkpoint();
                if let Some(validator) = self.operators.iter().position(|it| it == who) {
                    self.settle(validator);
                }
                let one = BigInt::from(10).pow(36);
                let whole = self.fees[*who].div_floor(&one);
                self.fees[*who] -= &whole * &one;
                self.allocated -= &whole * one;
                let whole = u128::try_from(whole).unwrap();
                self.balance -= whole;
                let owed = whole + std::mem::take(&mut self.undelivered[*who]);
                if *fails {
                    self.undelivered[*who] = owed;
                }
                return owed;
            }
        }
        0
    }
}

proptest! {
    #[test]
    fn histories_agree_with_plain_rationals(steps in prop::collection::vec(step(), 0..40)) {
        let mut player = Player::new([0; VALIDATORS]);
        let mut plain = Plain {
            operators: (0..VALIDATORS).collect(),
            ..Plain::default()
        };
        for step in &steps {
            if player.play(step) {
                plain.play(step);
            }
            player.ledger.check_conservation().unwrap();
            let coins = |coins: u128| BigRational::from(BigInt::from(coins));
            for (who, name) in NAMES.into_iter().enumerate() {
                let of = |map: &BTreeMap<usize, BigRational>| map.get(&who).cloned().unwrap_or_default();
                prop_assert_eq!(player.ledger.allocated(name, DENOM), of(&plain.fees));
                prop_assert_eq!(coins(player.ledger.undelivered(name, DENOM)), of(&plain.undelivered));
                prop_assert_eq!(coins(player.ledger.paid(name, DENOM)), of(&plain.paid));
            }
        }
    }

    #[test]
    fn an_index_of_whole_points_stays_within_the_bounds(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut player = Player::new([0; VALIDATORS]);
        let mut indexed = Indexed::new();
        for step in &steps {
            if let Step::Withdraw(who, failed) = step {
                let range = player.ledger.payout(NAMES[*who], DENOM);
                let paid = indexed.play(step);
                prop_assert!(range.contains(paid), "{paid} not in {range:?}");
                player
                    .ledger
                    .apply(&PoaOperation::Paid(Payment {
                        account: NAMES[*who],
                        coin: coin(paid),
                        failed: *failed,
                    }))
                    .unwrap();
            } else if player.play(step) {
                indexed.play(step);
            }
            let balance = indexed.balance * BigInt::from(10).pow(36);
            let totals = PoaTotals {
                balance: indexed.balance,
                allocated: indexed.allocated.clone(),
                unallocated: balance - &indexed.allocated,
                undelivered: indexed.undelivered.iter().sum(),
            };
            player.ledger.check_totals(DENOM, &totals).unwrap();
            for (who, account) in NAMES.into_iter().enumerate() {
                let points = &indexed.points(who);
                let holding = Holding { account, denom: DENOM, points };
                player.ledger.check_allocated(&holding).unwrap();
            }
        }
    }

    #[test]
    fn checkpoints_change_no_entitlement(steps in prop::collection::vec(step(), 0..30)) {
        let mut rare = Player::new([0; VALIDATORS]);
        let mut eager = rare.clone();
        for step in &steps {
            rare.play(step);
            eager.play(step);
            eager.ledger.checkpoint_now();
            for name in NAMES {
                let pending = rare.ledger.withdrawable(name, DENOM);
                prop_assert_eq!(pending, eager.ledger.allocated(name, DENOM));
            }
        }
    }

    #[test]
    fn the_order_within_a_batch_is_irrelevant(
        powers in prop::collection::vec(0..9_u128, VALIDATORS),
        fees in 0..1000_u128,
    ) {
        let mut forth = Player::new([1, 2, 3, 4]);
        forth.ledger.fees(fees);
        let mut changes = forth.batch(&powers);
        let mut forth = forth.ledger;
        let mut back = forth.clone();
        forth.apply(&PoaOperation::SetPowers(&changes)).unwrap();
        changes.reverse();
        back.apply(&PoaOperation::SetPowers(&changes)).unwrap();
        for ledger in [&mut forth, &mut back] {
            ledger.fees(fees);
            ledger.checkpoint_now();
        }
        for name in NAMES {
            prop_assert_eq!(forth.allocated(name, DENOM), back.allocated(name, DENOM));
            prop_assert_eq!(forth.bound_terms(name), back.bound_terms(name));
        }
    }
}
