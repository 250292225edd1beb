//! What a step comes to, as things are when it is played.

use std::collections::BTreeMap;

use testkit::fee_pool::{Commit, Operation};

use super::{Deed, Play, SeatState};
use crate::strategies::{Change, Coins, Seat, Signed, Size, Step, Who, part_of};

impl Play {
    fn seat(&self, seat: Seat) -> &SeatState {
        &self.seats[usize::from(seat) % self.seats.len()]
    }

    fn validator(&self, seat: Seat) -> String {
        self.seat(seat).name.clone()
    }

    fn who(&self, who: Who) -> String {
        self.delegators[usize::from(who) % self.delegators.len()].clone()
    }

    pub(super) fn power(&self, size: Size) -> u64 {
        u64::try_from(size.up_to(self.scale.power.into())).unwrap()
    }

    fn power_of(&self, seat: Seat) -> u64 {
        let name = &self.seat(seat).name;
        let power = self.harness.powers().find(|(other, _)| other == name);
        power.map_or(0, |(_, power)| power)
    }

    fn amounts(&self, coins: &Coins) -> Vec<u128> {
        let amount = |size: &Option<Size>| size.map_or(0, |size| size.up_to(self.scale.fees));
        let amounts = coins.iter().map(amount);
        amounts.take(self.harness.denoms().len()).collect()
    }

    pub(super) fn create(&self, seat: Seat, commission_atomics: u64) -> Deed {
        Deed::Operation(Operation::CreateValidator {
            validator: self.validator(seat),
            commission_atomics,
        })
    }

    pub(super) fn set_power(&self, seat: Seat, power: u64) -> Deed {
        Deed::Operation(Operation::SetPower {
            validator: self.validator(seat),
            power,
        })
    }

    fn set_shares(&self, who: Who, to: Seat, shares: u128) -> Deed {
        Deed::Operation(Operation::SetShares {
            delegator: self.who(who),
            validator: self.validator(to),
            shares,
        })
    }

    /// How many shares a delegator may have with a validator more than it has.
    fn room(&self, who: Who, to: Seat) -> u128 {
        let validator = self.validator(to);
        let here = self.harness.shares(&self.who(who), &validator);
        let all: u128 = self
            .delegators
            .iter()
            .map(|delegator| self.harness.shares(delegator, &validator))
            .sum();
        let own = self.scale.shares.saturating_sub(here);
        own.min(self.scale.most_shares() - all)
    }

    pub(super) fn delegate(&self, who: Who, to: Seat, size: Size) -> Deed {
        let here = self.harness.shares(&self.who(who), &self.validator(to));
        self.set_shares(who, to, here + size.up_to(self.room(who, to)))
    }

    /// What a step comes to now: at least one deed, and none that the pool may refuse.
    pub fn deeds(&self, step: &Step) -> Vec<Deed> {
        let mut needed = self.needed(step);
        // Numbers wrap around: two of them may be the same validator.
        needed.dedup_by_key(|seat| self.validator(*seat));
        needed
            .into_iter()
            .filter(|seat| !self.seat(*seat).known)
            .map(|seat| self.create(seat, 0))
            .chain(self.meant(step))
            .collect()
    }

    /// The validators without which a step is an error.
    fn needed(&self, step: &Step) -> Vec<Seat> {
        match step {
            Step::Block { .. }
            | Step::SetPowers { .. }
            | Step::WithdrawAll { .. }
            | Step::JailAll
            | Step::UnjailAll
            | Step::RemoveOrCreate { .. }
            | Step::FundCommunityPool { .. }
            | Step::SpendCommunityPool { .. }
            | Step::UpdateParams { .. } => vec![],
            Step::Withdraw { from: seat, .. }
            | Step::WithdrawCommission { seat }
            | Step::WithdrawValidator { seat }
            | Step::Delegate { to: seat, .. }
            | Step::Undelegate { from: seat, .. }
            | Step::Abandon { seat }
            | Step::SetPower { seat, .. }
            | Step::Jail { seat }
            | Step::Unjail { seat }
            | Step::SetCommission { seat, .. }
            | Step::Slash { seat, .. }
            | Step::Reward { seat, .. } => vec![*seat],
            Step::Redelegate { from, to, .. } => vec![*from, *to],
        }
    }

    fn meant(&self, step: &Step) -> Vec<Deed> {
        let operation = match step {
            Step::Block {
                fees,
                proposer,
                absent,
                signed,
            } => Operation::Block {
                fees: self.amounts(fees),
                proposer: proposer.map(|seat| self.validator(seat)),
                commit: self.commit(*absent, signed),
            },
            Step::Withdraw { who, from } => Operation::Withdraw {
                delegator: self.who(*who),
                validator: self.validator(*from),
            },
            Step::WithdrawAll { who, page } => Operation::WithdrawAll {
                delegator: self.who(*who),
                page: *page,
            },
            Step::WithdrawCommission { seat } => Operation::WithdrawCommission {
                validator: self.validator(*seat),
            },
            Step::WithdrawValidator { seat } => Operation::WithdrawValidator {
                validator: self.validator(*seat),
            },
            Step::Delegate { who, to, shares } => return vec![self.delegate(*who, *to, *shares)],
            Step::Undelegate { who, from, part } => {
                let here = self.harness.shares(&self.who(*who), &self.validator(*from));
                return vec![self.set_shares(*who, *from, here - part_of(here, *part))];
            }
            Step::Redelegate {
                who,
                from,
                to,
                part,
            } => {
                let there = self.harness.shares(&self.who(*who), &self.validator(*from));
                Operation::Redelegate {
                    delegator: self.who(*who),
                    from: self.validator(*from),
                    to: self.validator(*to),
                    shares: part_of(there, *part).min(self.room(*who, *to)),
                }
            }
            Step::Abandon { seat } => return self.abandon(*seat),
            Step::SetPower { seat, power } => {
                return vec![self.set_power(*seat, self.power(*power))];
            }
            Step::SetPowers { powers } => Operation::SetPowers {
                powers: self.powers(powers),
            },
            Step::Jail { seat } => return vec![self.set_power(*seat, 0)],
            Step::Unjail { seat } => {
                return vec![self.set_power(*seat, self.seat(*seat).last_power)];
            }
            Step::JailAll => return self.all_powers(|_| 0),
            Step::UnjailAll => return self.all_powers(|seat| seat.last_power),
            Step::RemoveOrCreate { seat, commission } => {
                let state = self.seat(*seat);
                if state.known && !state.removed {
                    Operation::RemoveValidator {
                        validator: self.validator(*seat),
                    }
                } else {
                    return vec![self.create(*seat, *commission)];
                }
            }
            Step::SetCommission { seat, commission } => {
                let state = self.seat(*seat);
                if state.known && !state.has_terms {
                    // Only votes named it until now.
                    return vec![self.create(*seat, *commission)];
                }
                Operation::SetCommission {
                    validator: self.validator(*seat),
                    commission_atomics: state
                        .most_commission
                        .map_or(*commission, |most| most.min(*commission)),
                }
            }
            Step::Slash { seat, fraction } => {
                let power = u128::from(self.power_of(*seat));
                let left = power - part_of(power, *fraction);
                let slash = Operation::Slash {
                    validator: self.validator(*seat),
                    fraction_atomics: *fraction,
                };
                let set_power = self.set_power(*seat, u64::try_from(left).unwrap());
                return vec![Deed::Operation(slash), set_power];
            }
            Step::Reward { seat, coins } => {
                let reward = Deed::Operation(Operation::RewardValidator {
                    validator: self.validator(*seat),
                    rewards: self.amounts(coins),
                });
                let back = self.seat(*seat).removed.then(|| self.create(*seat, 0));
                return back.into_iter().chain([reward]).collect();
            }
            Step::FundCommunityPool { coins } => Operation::FundCommunityPool {
                amounts: self.amounts(coins),
            },
            Step::SpendCommunityPool { amount } => Operation::SpendCommunityPool {
                amount: amount.up_to(self.scale.fees),
            },
            Step::UpdateParams { rates } => return vec![Deed::UpdateParams(*rates)],
        };
        vec![Deed::Operation(operation)]
    }

    fn abandon(&self, seat: Seat) -> Vec<Deed> {
        let validator = self.validator(seat);
        self.delegators
            .iter()
            .filter(|name| self.harness.shares(name, &validator) > 0)
            .map(|name| {
                Deed::Operation(Operation::SetShares {
                    delegator: name.clone(),
                    validator: validator.clone(),
                    shares: 0,
                })
            })
            .collect()
    }

    fn all_powers(&self, power: impl Fn(&SeatState) -> u64) -> Vec<Deed> {
        (0..)
            .zip(&self.seats)
            .filter(|(_, state)| state.known)
            .map(|(seat, state)| self.set_power(seat, power(state)))
            .collect()
    }

    fn commit(&self, absent: u8, signed: &Signed) -> Commit {
        let absent = (0..)
            .zip(&self.seats)
            .filter(|(seat, _)| absent.checked_shr(*seat).unwrap_or_default() & 1 == 1)
            .map(|(_, state)| state.name.clone())
            .collect();
        match signed {
            Signed::Power => Commit::SignedPower { absent },
            Signed::Votes => Commit::Votes { absent },
            Signed::ChangedVotes(changes) => Commit::ChangedVotes {
                powers: self.powers(changes),
                absent,
            },
            Signed::ChangedPowers(changes) => Commit::ChangedPowers {
                powers: self.powers(changes),
                absent,
            },
        }
    }

    /// Changed powers by validator. Who is unknown and has no power is not among them.
    fn powers(&self, changes: &[Change]) -> BTreeMap<String, u64> {
        changes
            .iter()
            .filter(|(seat, size)| self.seat(*seat).known || size.is_some())
            .map(|(seat, size)| {
                let power = size.map_or(0, |size| self.power(size));
                (self.validator(*seat), power)
            })
            .collect()
    }
}
