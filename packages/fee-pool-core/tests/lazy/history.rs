//! Random histories, on a pool and in exact rationals.

use cosmwasm_std::Uint256;
use distribution_math::{Points, Rate};
use fee_pool_core::{Accounting, Lazy};
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use crate::numbers::{Exact, coins, points, whole};
use crate::oracle::{Account, Oracle};
use crate::pool::TestPool;

pub const VALIDATORS: [&str; 3] = ["v0", "v1", "v2"];
pub const DELEGATORS: [&str; 3] = ["d0", "d1", "d2"];

/// What may happen. Validators and delegators by their places.
#[derive(Clone, Debug)]
pub enum Op {
    Block {
        by_power: Points,
        equally: Points,
    },
    Reward {
        validator: usize,
        amount: Points,
    },
    Power {
        validator: usize,
        power: u64,
    },
    Units {
        delegator: usize,
        validator: usize,
        units: u128,
    },
    Rate {
        validator: usize,
        rate: Rate,
    },
    Remove {
        validator: usize,
    },
    Create {
        validator: usize,
        rate: Rate,
    },
    Withdraw {
        delegator: usize,
        validator: usize,
    },
    WithdrawCommission {
        validator: usize,
    },
}

/// How large the numbers of a history are.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Points received at once, at most.
    pub received: Uint256,
    pub power: u64,
    pub units: u128,
}

pub const SMALL: Scale = Scale {
    received: Uint256::new(1_000),
    power: 7,
    units: 5,
};

/// A thousand coins at once; stakes of a chain whose tokens have 6 decimals.
pub fn usual() -> Scale {
    Scale {
        received: Points::from_coins(1_000).value(),
        power: 100_000_000,
        units: 10u128.pow(20),
    }
}

/// Tokens with 18 decimals: 10^27 received and delegated at once.
pub fn eighteen_decimals() -> Scale {
    Scale {
        received: Points::from_coins(10u128.pow(27)).value(),
        power: 1 << 60,
        units: 10u128.pow(27),
    }
}

fn amount(scale: Scale) -> impl Strategy<Value = Points> {
    let any = (any::<[u8; 32]>(), 0u32..256).prop_map(move |(bytes, shift)| {
        let number = Uint256::from_be_bytes(bytes) >> shift;
        Points::new(number.checked_rem(scale.received).unwrap())
    });
    prop_oneof![
        8 => any,
        1 => Just(Points::ZERO),
        1 => Just(Points::new(scale.received)),
    ]
}

fn rate() -> impl Strategy<Value = Rate> {
    let atomics = prop_oneof![
        2 => Just(0),
        4 => (0..=10u64).prop_map(|tenths| tenths * (Rate::ATOMICS_PER_ONE / 10)),
        4 => 0..=Rate::ATOMICS_PER_ONE,
        1 => Just(Rate::ATOMICS_PER_ONE),
    ];
    atomics.prop_map(|atomics| Rate::from_atomics(atomics).unwrap())
}

fn units(scale: Scale) -> impl Strategy<Value = u128> {
    prop_oneof![
        2 => Just(0),
        4 => 0..=scale.units,
        2 => (0..=scale.units, 0u32..90).prop_map(|(units, shift)| units >> shift),
        1 => Just(1),
    ]
}

fn power(scale: Scale) -> impl Strategy<Value = u64> {
    prop_oneof![
        2 => Just(0),
        4 => 0..=scale.power,
        2 => (0..=scale.power, 0u32..60).prop_map(|(power, shift)| power >> shift),
        1 => Just(1),
    ]
}

pub fn op(scale: Scale) -> impl Strategy<Value = Op> {
    let validator = || 0..VALIDATORS.len();
    let delegator = || 0..DELEGATORS.len();
    prop_oneof![
        8 => (amount(scale), amount(scale))
            .prop_map(|(by_power, equally)| Op::Block { by_power, equally }),
        3 => (validator(), amount(scale))
            .prop_map(|(validator, amount)| Op::Reward { validator, amount }),
        6 => (validator(), power(scale))
            .prop_map(|(validator, power)| Op::Power { validator, power }),
        6 => (delegator(), validator(), units(scale))
            .prop_map(|(delegator, validator, units)| Op::Units { delegator, validator, units }),
        3 => (validator(), rate()).prop_map(|(validator, rate)| Op::Rate { validator, rate }),
        1 => validator().prop_map(|validator| Op::Remove { validator }),
        1 => (validator(), rate()).prop_map(|(validator, rate)| Op::Create { validator, rate }),
        3 => (delegator(), validator())
            .prop_map(|(delegator, validator)| Op::Withdraw { delegator, validator }),
        2 => validator().prop_map(|validator| Op::WithdrawCommission { validator }),
    ]
}

pub fn ops(scale: Scale, count: usize) -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(scale), 1..count)
}

/// Votes of all blocks.
#[derive(Default)]
pub struct Votes {
    pub by_power: Points,
    pub equally: Points,
}

/// A pool and the exact shares.
pub struct Run<A: Accounting> {
    pub pool: TestPool<A>,
    pub oracle: Oracle,
    /// Everything that came in, in points.
    pub received: Exact,
    /// The part of it for all validators.
    pub votes: Votes,
    pub paid: Exact,
}

impl<A: Accounting> Run<A> {
    pub fn new() -> Self {
        let mut run = Run {
            pool: TestPool::new(),
            oracle: Oracle::default(),
            received: Exact::zero(),
            votes: Votes::default(),
            paid: Exact::zero(),
        };
        for name in VALIDATORS {
            run.pool.create(name, Rate::ZERO);
            run.oracle.create(name, Rate::ZERO);
        }
        run
    }

    /// Does something on both sides.
    pub fn apply(&mut self, op: &Op) {
        match *op {
            Op::Block { by_power, equally } => {
                if self.oracle.total_power() == 0 {
                    return;
                }
                self.pool.distribute(by_power, equally);
                self.oracle.distribute(&points(by_power), &points(equally));
                self.received += points(by_power) + points(equally);
                let Votes {
                    by_power: so_far,
                    equally: so_far_equally,
                } = &mut self.votes;
                *so_far = so_far.checked_add(by_power).unwrap();
                *so_far_equally = so_far_equally.checked_add(equally).unwrap();
            }
            Op::Reward { validator, amount } => {
                let name = VALIDATORS[validator];
                let is_taken = self.pool.reward(name, amount);
                assert_eq!(is_taken, !self.oracle.validators[name].removed);
                if is_taken {
                    self.oracle.reward(name, &points(amount));
                    self.received += points(amount);
                }
            }
            Op::Power { validator, power } => {
                let name = VALIDATORS[validator];
                self.pool.power(name, power);
                self.oracle.set_power(name, power);
            }
            Op::Units {
                delegator,
                validator,
                units,
            } => {
                let (who, name) = (DELEGATORS[delegator], VALIDATORS[validator]);
                let is_known = self.oracle.validators[name].delegations.contains_key(who);
                self.pool.units(who, name, units);
                if is_known || units > 0 {
                    self.oracle.set_units(who, name, units);
                }
            }
            Op::Rate { validator, rate } => {
                let name = VALIDATORS[validator];
                self.pool.rate(name, rate);
                self.oracle.set_rate(name, rate);
            }
            Op::Remove { validator } => {
                let name = VALIDATORS[validator];
                self.pool.remove(name);
                self.oracle.set_power(name, 0);
                self.oracle.validators.get_mut(name).unwrap().removed = true;
            }
            Op::Create { validator, rate } => {
                let name = VALIDATORS[validator];
                self.pool.create(name, rate);
                self.oracle.create(name, rate);
                self.oracle.set_rate(name, rate);
            }
            Op::Withdraw {
                delegator,
                validator,
            } => self.withdraw(DELEGATORS[delegator], VALIDATORS[validator]),
            Op::WithdrawCommission { validator } => {
                self.withdraw_commission(VALIDATORS[validator]);
            }
        }
    }

    pub fn withdraw(&mut self, delegator: &str, validator: &str) {
        let paid = points(self.pool.withdraw(delegator, validator));
        self.paid += &paid;
        let delegations = &mut self
            .oracle
            .validators
            .get_mut(validator)
            .unwrap()
            .delegations;
        let Some(delegation) = delegations.get_mut(delegator) else {
            assert!(paid.is_zero());
            return;
        };
        delegation.account.owed -= paid;
        if self.pool.is_closed(delegator, validator) {
            self.oracle.close(delegator, validator);
        }
    }

    pub fn withdraw_commission(&mut self, validator: &str) {
        let paid = points(self.pool.withdraw_commission(validator));
        self.paid += &paid;
        let record = self.oracle.validators.get_mut(validator).unwrap();
        record.commission.owed -= paid;
    }

    /// Nobody is owed more than the exact share, nobody less than it by what roundings may take,
    /// and every point is somebody's, paid, or in the reserve.
    pub fn check(&self) {
        let hold = |who: &str, found: Points, account: &Account| {
            let short = &account.owed - points(found);
            // The two floors of a claim, beside what the adjustments lost.
            let slack = &account.slack + whole(2);
            assert!(!short.is_negative(), "{who} has {short} too much");
            assert!(short < slack, "{who} is {short} short, may be {slack}");
        };
        let mut claims = Exact::zero();
        for (validator, record) in &self.oracle.validators {
            let commission = self.pool.commission(validator);
            hold(validator, commission, &record.commission);
            claims += points(commission);
            for (delegator, delegation) in &record.delegations {
                let rewards = self.pool.rewards(delegator, validator);
                hold(
                    &format!("{delegator} of {validator}"),
                    rewards,
                    &delegation.account,
                );
                claims += points(rewards);
            }
        }
        let outstanding = points(self.pool.outstanding());
        assert!(claims <= outstanding, "{claims} of {outstanding}");
        assert_eq!(
            &self.received - &self.paid,
            outstanding + points(self.pool.community())
        );
    }

    /// Everybody withdraws. What is left of everybody is below a coin.
    pub fn pay_everybody(&mut self) {
        let recipients: Vec<(String, Vec<String>)> = self
            .oracle
            .validators
            .iter()
            .map(|(name, record)| (name.clone(), record.delegations.keys().cloned().collect()))
            .collect();
        for (validator, delegators) in recipients {
            self.withdraw_commission(&validator);
            assert!(points(self.pool.commission(&validator)) < coins(1));
            for delegator in delegators {
                self.withdraw(&delegator, &validator);
                assert!(points(self.pool.rewards(&delegator, &validator)) < coins(1));
            }
        }
    }
}

fn holds(ops: &[Op]) {
    let mut run = Run::<Lazy>::new();
    for op in ops {
        run.apply(op);
        run.check();
    }
    run.pay_everybody();
    run.check();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn single_points_are_shared_within_the_bound(ops in ops(SMALL, 60)) {
        holds(&ops);
    }

    #[test]
    fn usual_stakes_are_shared_within_the_bound(ops in ops(usual(), 60)) {
        holds(&ops);
    }

    #[test]
    fn tokens_with_eighteen_decimals_are_shared_within_the_bound(
        ops in ops(eighteen_decimals(), 60),
    ) {
        holds(&ops);
    }
}
