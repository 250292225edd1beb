//! Random histories: against plain rationals, against a system of whole points, and against
//! themselves in another order.

use std::collections::BTreeMap;

use num_integer::Integer;
use num_traits::Zero;
use proptest::prelude::*;

use super::*;

const NAMES: [&str; 4] = ["v1", "v2", "v3", "v4"];

#[derive(Clone, Debug)]
enum Step {
    Fees(u128),
    Checkpoint,
    Powers(Vec<u128>),
    Withdraw(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let power = prop_oneof![Just(0), 1..6_u128, 1..10_u128.pow(15)];
    prop_oneof![
        prop_oneof![0..20_u128, 0..10_u128.pow(20)].prop_map(Step::Fees),
        Just(Step::Checkpoint),
        prop::collection::vec(power, NAMES.len()).prop_map(Step::Powers),
        (0..NAMES.len(), any::<bool>()).prop_map(|(who, fails)| Step::Withdraw(who, fails)),
    ]
}

fn batch(powers: &[u128]) -> Vec<PowerChange<'static>> {
    NAMES
        .into_iter()
        .zip(powers)
        .map(|(operator, &power)| PowerChange { operator, power })
        .collect()
}

fn play(ledger: &mut PoaLedger, step: &Step) {
    match step {
        Step::Fees(amount) => ledger.fees(*amount),
        Step::Checkpoint => ledger.checkpoint_now(),
        Step::Powers(powers) => ledger
            .apply(&PoaOperation::SetPowers(&batch(powers)))
            .unwrap(),
        Step::Withdraw(who, true) => ledger.fails_to_withdraw(NAMES[*who]),
        Step::Withdraw(who, false) => {
            ledger.withdraws(NAMES[*who]);
        }
    }
}

/// The formulas in plain rationals.
#[derive(Default)]
struct Plain {
    powers: Vec<u128>,
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
        for (who, &power) in self.powers.iter().enumerate() {
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
            powers: vec![0; NAMES.len()],
            fees: vec![BigInt::zero(); NAMES.len()],
            since: vec![BigInt::zero(); NAMES.len()],
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

    fn settle(&mut self, who: usize) {
        self.fees[who] += (&self.index - &self.since[who]) * self.powers[who];
        self.since[who].clone_from(&self.index);
    }

    /// Plays a step, and gives what a withdrawal paid.
    fn play(&mut self, step: &Step) -> u128 {
        match step {
            Step::Fees(amount) => self.balance += amount,
            Step::Checkpoint => self.checkpoint(),
            Step::Powers(powers) => {
                self.checkpoint();
                (0..NAMES.len()).for_each(|who| self.settle(who));
                self.powers.clone_from(powers);
            }
            Step::Withdraw(who, fails) => {
                self.checkpoint();
                self.settle(*who);
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
        let mut ledger = with_powers(&[0; NAMES.len()]);
        let mut plain = Plain::default();
        for step in &steps {
            play(&mut ledger, step);
            plain.play(step);
            ledger.check_conservation().unwrap();
            for (who, name) in NAMES.into_iter().enumerate() {
                let of = |map: &BTreeMap<usize, BigRational>| map.get(&who).cloned().unwrap_or_default();
                let coins = |coins: u128| BigRational::from(BigInt::from(coins));
                prop_assert_eq!(ledger.allocated(name, DENOM), of(&plain.fees));
                prop_assert_eq!(coins(ledger.undelivered(name, DENOM)), of(&plain.undelivered));
                prop_assert_eq!(coins(ledger.paid(name, DENOM)), of(&plain.paid));
            }
        }
    }

    #[test]
    fn an_index_of_whole_points_stays_within_the_bounds(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut ledger = with_powers(&[0; NAMES.len()]);
        let mut indexed = Indexed::new();
        for step in &steps {
            let paid = indexed.play(step);
            if let Step::Withdraw(who, failed) = step {
                let range = ledger.payout(NAMES[*who], DENOM);
                prop_assert!(range.contains(paid), "{paid} not in {range:?}");
                ledger
                    .apply(&PoaOperation::Paid(Payment {
                        account: NAMES[*who],
                        coin: coin(paid),
                        failed: *failed,
                    }))
                    .unwrap();
            } else {
                play(&mut ledger, step);
            }
            ledger
                .check_totals(
                    DENOM,
                    &PoaTotals {
                        balance: indexed.balance,
                        allocated: indexed.allocated.clone(),
                        unallocated: indexed.balance * BigInt::from(10).pow(36) - &indexed.allocated,
                        undelivered: indexed.undelivered.iter().sum(),
                    },
                )
                .unwrap();
            for (who, account) in NAMES.into_iter().enumerate() {
                let points = &indexed.fees[who]
                    + (&indexed.index - &indexed.since[who]) * indexed.powers[who];
                let holding = Holding { account, denom: DENOM, points: &points };
                ledger.check_allocated(&holding).unwrap();
            }
        }
    }

    #[test]
    fn checkpoints_change_nobodys_entitlement(steps in prop::collection::vec(step(), 0..30)) {
        let mut rare = with_powers(&[0; NAMES.len()]);
        let mut eager = rare.clone();
        for step in &steps {
            play(&mut rare, step);
            play(&mut eager, step);
            eager.checkpoint_now();
            for name in NAMES {
                prop_assert_eq!(rare.withdrawable(name, DENOM), eager.allocated(name, DENOM));
            }
        }
    }

    #[test]
    fn the_order_within_a_batch_is_irrelevant(
        powers in prop::collection::vec(0..9_u128, NAMES.len()),
        fees in 0..1000_u128,
    ) {
        let mut forth = with_powers(&[1, 2, 3, 4]);
        forth.fees(fees);
        let mut back = forth.clone();
        let mut changes = batch(&powers);
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
