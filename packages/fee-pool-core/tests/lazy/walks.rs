//! Walking a complete copy of the log comes to what the running sums come to.

use std::collections::BTreeMap;

use distribution_math::{Points, Rate, SignedPoints};
use fee_pool_core::Lazy;
use fee_pool_core::lazy::log::{PowerChange, Received, Totals, ValidatorState};
use num_traits::Signed;
use proptest::prelude::*;

use crate::history::{DELEGATORS, Op, Run, SMALL, VALIDATORS, eighteen_decimals, ops, usual};
use crate::numbers::{Exact, denom, fine, points, ratio, whole};
use crate::oracle::Account;
use crate::pool::address;
use crate::walker::{Present, WalkingCommission, WalkingDelegation};

/// What a walk may lose: 10^-36 points for each term of each entry.
fn of_a_walk() -> Exact {
    ratio(1, 1_000_000)
}

/// A recipient that walks when it acts, and where it is in the log.
struct Walker<T> {
    recipient: T,
    walked_to: u64,
}

impl<T> Walker<T> {
    /// Applies all entries up to one, as somebody would who reads them for the first time.
    fn walk(
        &mut self,
        log: &BTreeMap<u64, PowerChange>,
        to: u64,
        process: impl Fn(&mut T, &PowerChange),
    ) {
        for sequence in self.walked_to + 1..=to {
            process(&mut self.recipient, &log[&sequence]);
        }
        self.walked_to = to;
    }
}

fn process_delegation(recipient: &mut WalkingDelegation, change: &PowerChange) {
    recipient.process_power_change_delegation(change).unwrap();
}

fn process_commission(recipient: &mut WalkingCommission, change: &PowerChange) {
    recipient.process_power_change_commission(change).unwrap();
}

struct Walkers {
    run: Run<Lazy>,
    delegations: BTreeMap<(&'static str, &'static str), Walker<WalkingDelegation>>,
    commissions: BTreeMap<&'static str, Walker<WalkingCommission>>,
    proposer_pools: BTreeMap<&'static str, Points>,
}

impl Walkers {
    fn new() -> Self {
        let nothing = ValidatorState {
            power: 0,
            units: 0,
            rate: Rate::ZERO,
        };
        Walkers {
            run: Run::new(),
            delegations: BTreeMap::new(),
            commissions: VALIDATORS
                .map(|name| {
                    let recipient = WalkingCommission::new(address(name), nothing, denom());
                    let walker = Walker {
                        recipient,
                        walked_to: 0,
                    };
                    (name, walker)
                })
                .into(),
            proposer_pools: BTreeMap::new(),
        }
    }

    fn newest(&self) -> u64 {
        self.run.pool.log().keys().next_back().copied().unwrap_or(0)
    }

    fn apply(&mut self, op: &Op) {
        match *op {
            Op::Units {
                delegator,
                validator,
                units,
            } => self.set_units(op, DELEGATORS[delegator], VALIDATORS[validator], units),
            Op::Withdraw {
                delegator,
                validator,
            } => {
                let before = self.run.paid.clone();
                self.run.apply(op);
                let paid = &self.run.paid - before;
                self.withdrawn(DELEGATORS[delegator], VALIDATORS[validator], &paid);
            }
            Op::WithdrawCommission { validator } => {
                let before = self.run.paid.clone();
                self.run.apply(op);
                let paid = &self.run.paid - before;
                let newest = self.newest();
                let walker = self.commissions.get_mut(VALIDATORS[validator]).unwrap();
                walker.walk(&self.run.pool.log(), newest, process_commission);
                walker.recipient.correct(to_points(&paid).into()).unwrap();
            }
            Op::Reward { validator, amount } => {
                self.run.apply(op);
                self.rewarded(VALIDATORS[validator], amount);
            }
            _ => self.run.apply(op),
        }
    }

    fn set_units(&mut self, op: &Op, delegator: &'static str, name: &'static str, units: u128) {
        let before = self.newest();
        self.run.apply(op);
        let own = self.newest();
        if own == before {
            return;
        }
        let log = &self.run.pool.log();
        let change = &log[&own];
        let walker = self.delegations.entry((delegator, name)).or_insert(Walker {
            recipient: WalkingDelegation::new(
                address(name),
                change.change.before.validator,
                denom(),
            ),
            walked_to: own - 1,
        });
        walker.walk(log, own - 1, process_delegation);
        walker.recipient.process_own_change(change, units).unwrap();
        walker.walked_to = own;
    }

    fn withdrawn(&mut self, delegator: &'static str, name: &'static str, paid: &Exact) {
        let newest = self.newest();
        let Some(walker) = self.delegations.get_mut(&(delegator, name)) else {
            return;
        };
        walker.walk(&self.run.pool.log(), newest, process_delegation);
        walker.recipient.correct(to_points(paid)).unwrap();
        if self.run.pool.is_closed(delegator, name) {
            self.delegations.remove(&(delegator, name));
        }
    }

    fn rewarded(&mut self, name: &'static str, amount: Points) {
        let record = &self.run.oracle.validators[name];
        if record.removed {
            return;
        }
        if record.delegations.values().any(|it| it.units > 0) {
            let received = self.proposer_pools.entry(name).or_default();
            *received = received.checked_add(amount).unwrap();
        } else {
            let commission = amount.mul_rate_floor(record.rate);
            let walker = self.commissions.get_mut(name).unwrap();
            let change = SignedPoints::ZERO.minus(commission).unwrap();
            walker.recipient.correct(change).unwrap();
        }
    }

    fn present(&self, name: &str) -> Present {
        self.run.pool.look(|books| {
            Ok(Present {
                totals: Totals {
                    power: books.pool.totals.power,
                    active: books.pool.totals.active_validators,
                },
                received: Received {
                    by_power: self.run.votes.by_power,
                    equally: self.run.votes.equally,
                    proposer: self.proposer_pools.get(name).copied().unwrap_or_default(),
                },
            })
        })
    }

    /// Everybody walks to the end of the log and compares.
    fn compare(&mut self) {
        for name in VALIDATORS {
            self.run.pool.settle(name);
        }
        let newest = self.newest();
        let log = &self.run.pool.log();
        for walker in self.delegations.values_mut() {
            walker.walk(log, newest, process_delegation);
        }
        for walker in self.commissions.values_mut() {
            walker.walk(log, newest, process_commission);
        }
        for ((delegator, name), walker) in &self.delegations {
            let walked = walker.recipient.entitlements(&self.present(name)).unwrap();
            let account = &self.run.oracle.validators[*name].delegations[*delegator].account;
            let summed = self.run.pool.rewards(delegator, name);
            let walked = fine(walked.total().unwrap());
            assert!(&account.owed - &walked < of_a_walk());
            same(&walked, summed, account);
        }
        for (name, walker) in &self.commissions {
            let walked = walker.recipient.entitlements(&self.present(name)).unwrap();
            let account = &self.run.oracle.validators[*name].commission;
            let summed = self.run.pool.commission(name);
            same(&fine(walked.total().unwrap()), summed, account);
        }
    }
}

fn to_points(exact: &Exact) -> Points {
    assert!(exact.is_integer());
    Points::new(exact.to_integer().to_string().parse().unwrap())
}

/// The walk is the exact share but for its last places (and what commission lost when a receipt was
/// split at once), and the sums are the walk but for what their roundings may take.
fn same(walked: &Exact, summed: Points, account: &Account) {
    let short = &account.owed - walked;
    assert!(
        !short.is_negative() && short < of_a_walk() + &account.slack,
        "{short}"
    );
    let behind = walked - points(summed);
    assert!(behind > -of_a_walk(), "sums are above the walk by {behind}");
    assert!(behind < &account.slack + whole(2), "{behind}");
}

fn walks(ops: &[Op]) {
    let mut walkers = Walkers::new();
    for op in ops {
        walkers.apply(op);
    }
    walkers.compare();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn single_points_walked_are_single_points_summed(ops in ops(SMALL, 120)) {
        walks(&ops);
    }

    #[test]
    fn usual_stakes_walked_are_usual_stakes_summed(ops in ops(usual(), 120)) {
        walks(&ops);
    }

    #[test]
    fn tokens_with_eighteen_decimals_walked_are_those_summed(ops in ops(eighteen_decimals(), 120)) {
        walks(&ops);
    }
}
