//! A system of whole points with an index and a carry stays within the bounds, and one that does
//! something wrong is found.

use num_integer::Integer;
use num_traits::Zero;
use proptest::prelude::*;

use super::*;
use crate::exact::pow10;

/// Validators. The last two are unknown until they get a power.
const VALIDATORS: usize = 5;

#[derive(Clone, Debug)]
enum Step {
    /// Fees, the proposer, and the power that signed.
    Block(u128, usize, u64),
    Power(usize, u64),
    /// What the unit does next, and in case there is a choice which.
    Unit(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let fees = prop_oneof![Just(0), 0..20_u128, 0..10_u128.pow(20)];
    let power = prop_oneof![Just(0), 1..6_u64, 1..10_u64.pow(15)];
    prop_oneof![
        4 => (fees, 0..VALIDATORS, 0..20_u64)
            .prop_map(|(fees, proposer, signed)| Step::Block(fees, proposer, signed)),
        2 => (0..VALIDATORS, power).prop_map(|(who, power)| Step::Power(who, power)),
        2 => any::<bool>().prop_map(Step::Unit),
    ]
}

/// What a system may do in one way or another, and what it must not do.
#[derive(Clone, Copy, Debug, Default)]
struct Habits {
    /// The votes' part is floored too, and what the two floors leave is pending; else the votes
    /// get all that the proposer does not.
    floors_both: bool,
    /// A closing leaves the carry in the index; else it becomes pending.
    keeps_carry: bool,
    /// The carry is dropped before powers change.
    loses_carry: bool,
    /// The index has only so many decimal places.
    index_places: Option<u32>,
}

fn habits() -> impl Strategy<Value = Habits> {
    (any::<bool>(), any::<bool>()).prop_map(|(floors_both, keeps_carry)| Habits {
        floors_both,
        keeps_carry,
        ..Habits::default()
    })
}

#[derive(Default)]
struct Indexed {
    habits: Habits,
    /// `None` before the first power.
    powers: [Option<u64>; VALIDATORS],
    index: BigInt,
    carry: BigInt,
    pending: BigInt,
    pools: [BigInt; VALIDATORS],
    since: [BigInt; VALIDATORS],
    frozen: [BigInt; VALIDATORS],
}

impl Indexed {
    fn block(&mut self, fees: u128, proposer: usize, signed: u64) {
        let part = std::mem::take(&mut self.pending) + BigInt::from(fees) * pow10(36);
        let total: u64 = self.powers.iter().flatten().sum();
        if total == 0 {
            self.pending = part;
            return;
        }
        // Hundredths of the total power: base 1, bonus 4.
        let rate = BigInt::from(total) + BigInt::from(signed.min(total)) * 4;
        let whole = BigInt::from(total) * 100;
        let for_proposer = &part * &rate / &whole;
        let votes = if self.habits.floors_both {
            &part * (&whole - rate) / whole
        } else {
            &part - &for_proposer
        };
        self.pending = part - &for_proposer - &votes;
        let unit = self
            .habits
            .index_places
            .map_or_else(|| 1.into(), |places| pow10(36 - places));
        let divided: BigInt = votes + &self.carry;
        let (step, carry) = divided.div_rem(&(total * &unit));
        self.index += step * unit;
        self.carry = carry;
        match self.powers[proposer] {
            Some(_) => self.pools[proposer] += for_proposer,
            None => self.pending += for_proposer,
        }
    }

    fn set_power(&mut self, who: usize, power: u64) {
        if self.powers[who] == Some(power) {
            return;
        }
        self.settle(who);
        let carry = std::mem::take(&mut self.carry);
        if !self.habits.loses_carry {
            self.pending += carry;
        }
        self.powers[who] = Some(power);
    }

    fn freeze(&mut self) {
        (0..VALIDATORS).for_each(|who| self.settle(who));
        self.frozen = std::mem::take(&mut self.pools);
        if !self.habits.keeps_carry {
            self.pending += std::mem::take(&mut self.carry);
        }
    }

    /// The tokens of the unit; the remainder becomes pending.
    fn close(&mut self) -> u128 {
        let total: BigInt = self.frozen.iter().sum();
        let (tokens, remainder) = total.div_rem(&pow10(36));
        self.pending += remainder;
        u128::try_from(tokens).unwrap()
    }

    fn pool(&self, who: usize) -> BigInt {
        (&self.index - &self.since[who]) * self.powers[who].unwrap_or(0) + &self.pools[who]
    }

    fn settle(&mut self, who: usize) {
        self.pools[who] = self.pool(who);
        self.since[who].clone_from(&self.index);
    }

    /// Open pools, carry and what is pending.
    fn held(&self) -> BigInt {
        let pools: BigInt = (0..VALIDATORS).map(|who| self.pool(who)).sum();
        pools + &self.carry + &self.pending
    }

    fn weights(&self) -> Vec<Weight> {
        let frozen = self.frozen.iter().enumerate();
        frozen
            .filter(|(_, points)| !points.is_zero())
            .map(|(who, points)| Weight {
                validator: name(who),
                points: points.clone(),
            })
            .collect()
    }
}

fn name(who: usize) -> String {
    format!("v{}", who + 1)
}

/// A system and the ledger that it is held against.
struct Pair {
    ledger: ConsumerLedger,
    system: Indexed,
}

impl Pair {
    fn new(habits: Habits) -> Self {
        let system = Indexed {
            habits,
            ..Indexed::default()
        };
        let ledger = ConsumerLedger::new(params("0.75")).unwrap();
        let mut pair = Self { ledger, system };
        for who in 0..VALIDATORS - 2 {
            pair.set_power(who, 7 + who as u64);
        }
        pair
    }

    fn set_power(&mut self, who: usize, power: u64) {
        self.system.set_power(who, power);
        self.ledger.set_power(&name(who), power);
    }

    fn play(&mut self, step: &Step) -> Result<(), CcvLedgerError> {
        match *step {
            Step::Block(fees, proposer, signed) => {
                let provider = self.ledger.split(fees).provider;
                self.system.block(provider, proposer, signed);
                self.ledger.signed_fees(fees, &name(proposer), signed);
            }
            Step::Power(who, power) => self.set_power(who, power),
            Step::Unit(choice) => self.move_unit(choice)?,
        }
        self.check()
    }

    fn move_unit(&mut self, choice: bool) -> Result<(), CcvLedgerError> {
        match (self.ledger.stage(DENOM), choice) {
            (None, _) => {
                self.system.freeze();
                self.ledger.freeze(DENOM)
            }
            (Some(UnitStage::Closing), _) => {
                let tokens = self.system.close();
                self.ledger.close(DENOM, tokens)
            }
            (Some(UnitStage::Home), true) => self.ledger.send(DENOM),
            (Some(UnitStage::Home), false) => {
                let tokens = self.ledger.totals(DENOM).home;
                self.system.pending += BigInt::from(tokens) * pow10(36);
                self.ledger.release(DENOM)
            }
            (Some(UnitStage::InFlight), true) => self.ledger.arrive(DENOM),
            (Some(UnitStage::InFlight), false) => self.ledger.refund(DENOM),
            (Some(UnitStage::Arrived), _) => self.ledger.deliver(DENOM),
        }
    }

    fn check(&self) -> Result<(), CcvLedgerError> {
        let mut held = self.system.held();
        for who in 0..VALIDATORS {
            let pool = self.system.pool(who);
            self.ledger.check_pool(DENOM, &name(who), &pool)?;
        }
        if self.ledger.stage(DENOM).is_some() {
            self.ledger.check_weights(DENOM, &self.system.weights())?;
        }
        if self.ledger.stage(DENOM) == Some(UnitStage::Closing) {
            held += self.system.frozen.iter().sum::<BigInt>();
        }
        self.ledger.check_held(DENOM, &held)
    }

    fn play_all(mut self, steps: &[Step]) -> Result<(), CcvLedgerError> {
        steps.iter().try_for_each(|step| self.play(step))
    }
}

proptest! {
    #[test]
    fn an_index_of_whole_points_stays_within_the_bounds(
        habits in habits(),
        steps in prop::collection::vec(step(), 0..80),
    ) {
        Pair::new(habits).play_all(&steps).unwrap();
    }
}

/// A block and a change of powers, then a block with another proposer.
const CHANGE: [Step; 3] = [
    Step::Block(1000, 0, 20),
    Step::Power(1, 1),
    Step::Block(1000, 2, 20),
];

#[test]
fn a_system_that_loses_its_carry_is_found() {
    Pair::new(Habits::default()).play_all(&CHANGE).unwrap();
    let loses = Habits {
        loses_carry: true,
        ..Habits::default()
    };
    let error = Pair::new(loses).play_all(&CHANGE).unwrap_err();
    assert!(matches!(error, CcvLedgerError::Held { .. }), "{error}");
}

#[test]
fn an_index_of_18_decimals_is_found() {
    let coarse = Habits {
        index_places: Some(18),
        ..Habits::default()
    };
    let error = Pair::new(coarse).play_all(&CHANGE).unwrap_err();
    assert!(
        matches!(error, CcvLedgerError::Claim(ClaimError::TooLittle { .. })),
        "{error}"
    );
}
