//! What a step comes to, as things are when it is played.

use std::collections::BTreeMap;

use testkit::fee_pool::{Commit, Line, Operation, Terms};

use super::{Action, Play, SeatState};
use crate::strategies::{
    self, Amount, Change, Coins, Moment, Owed, Seat, Signed, Size, Step, Who, part_of,
};

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
        self.harness.ledger.power(&self.seat(seat).name)
    }

    fn is_known(&self, seat: Seat) -> bool {
        self.harness.knows(&self.seat(seat).name)
    }

    pub(super) fn amounts(&self, coins: &Coins) -> Vec<u128> {
        let amount = |size: &Option<Size>| size.map_or(0, |size| size.up_to(self.scale.fees));
        let amounts = coins.iter().map(amount);
        amounts.take(self.harness.denoms().len()).collect()
    }

    pub(super) fn create(&self, seat: Seat, commission_atomics: u64) -> Action {
        Action::Operation(Operation::CreateValidator {
            validator: self.validator(seat),
            commission_atomics,
        })
    }

    pub(super) fn set_power(&self, seat: Seat, power: u64) -> Action {
        Action::Operation(Operation::SetPower {
            validator: self.validator(seat),
            power,
        })
    }

    fn set_shares(&self, who: Who, to: Seat, shares: u128) -> Action {
        Action::Operation(Operation::SetShares {
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

    pub(super) fn delegate(&self, who: Who, to: Seat, size: Size) -> Action {
        let here = self.harness.shares(&self.who(who), &self.validator(to));
        self.set_shares(who, to, here + size.up_to(self.room(who, to)))
    }

    /// What a step comes to now.
    pub fn actions(&self, step: &Step) -> Vec<Action> {
        let mut needed = self.needed(step);
        // Numbers wrap around: two of them may be the same validator.
        needed.dedup_by_key(|seat| self.validator(*seat));
        needed
            .into_iter()
            .filter(|seat| !self.is_known(*seat))
            .map(|seat| self.create(seat, 0))
            .chain(self.meant(step))
            .collect()
    }

    /// The validators without which a step is an error.
    fn needed(&self, step: &Step) -> Vec<Seat> {
        match step {
            Step::Block { .. }
            | Step::SetPowers { .. }
            | Step::LateVotes
            | Step::SetWithdrawAddress { .. }
            | Step::Send { .. }
            | Step::LoseHooks { .. }
            | Step::Correct
            | Step::Refresh { .. }
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

    fn meant(&self, step: &Step) -> Vec<Action> {
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
            Step::LateVotes => {
                let removed = self
                    .seats
                    .iter()
                    .filter(|state| self.harness.ledger.is_removed(&state.name));
                Operation::Block {
                    fees: vec![self.scale.fees],
                    proposer: None,
                    commit: Commit::ChangedVotes {
                        powers: removed
                            .map(|state| (state.name.clone(), state.last_power))
                            .collect(),
                        absent: vec![],
                    },
                }
            }
            Step::RemoveOrCreate { seat, commission } => {
                if !self.harness.exists(&self.validator(*seat)) {
                    return vec![self.create(*seat, *commission)];
                }
                Operation::RemoveValidator {
                    validator: self.validator(*seat),
                }
            }
            Step::SetCommission { seat, commission } => Operation::SetCommission {
                validator: self.validator(*seat),
                commission_atomics: self
                    .seat(*seat)
                    .most_commission
                    .map_or(*commission, |most| most.min(*commission)),
            },
            Step::Slash { seat, fraction } => {
                let power = u128::from(self.power_of(*seat));
                let left = power - part_of(power, *fraction);
                let slash = Operation::Slash {
                    validator: self.validator(*seat),
                    fraction_atomics: *fraction,
                };
                let set_power = self.set_power(*seat, u64::try_from(left).unwrap());
                return vec![Action::Operation(slash), set_power];
            }
            Step::Reward { seat, coins } => Operation::RewardValidator {
                validator: self.validator(*seat),
                rewards: self.amounts(coins),
            },
            Step::FundCommunityPool { coins } => Operation::FundCommunityPool {
                amounts: self.amounts(coins),
            },
            Step::SpendCommunityPool { amount } => Operation::SpendCommunityPool {
                amount: amount.up_to(self.scale.fees),
            },
            Step::UpdateParams { rates } => return vec![Action::UpdateParams(*rates)],
            Step::SetWithdrawAddress { who, to } => Operation::SetWithdrawAddress {
                delegator: self.who(*who),
                to: self.who(*to),
            },
            Step::Send { fees } => Operation::Send {
                fees: self.amounts(fees),
            },
            Step::LoseHooks { count } => Operation::LoseHooks {
                count: (*count).into(),
            },
            Step::Correct => Operation::Correct,
            Step::Refresh { seat } => Operation::Refresh {
                validator: self.validator(*seat),
            },
        };
        vec![Action::Operation(operation)]
    }

    /// What happens before activation. Nothing is made to make sense: what does not is refused.
    pub(super) fn before_activation(&mut self, moment: &Moment) -> Vec<Action> {
        let page = match moment {
            Moment::Step(step) => return self.meant(step),
            Moment::Again { .. } if self.pages.is_empty() => return vec![],
            Moment::Again { page } => self.pages[usize::from(*page) % self.pages.len()].clone(),
            Moment::Page { lines, funds } => {
                let lines: Vec<Line> = lines.iter().map(|line| self.line(line)).collect();
                self.pages.push(lines.clone());
                return vec![Action::Operation(Operation::Import {
                    lines,
                    funds: self.amounts(funds),
                })];
            }
        };
        vec![Action::Operation(Operation::Import {
            lines: page,
            funds: vec![],
        })]
    }

    fn line(&self, line: &strategies::Line) -> Line {
        use strategies::Line as Meant;
        match line {
            Meant::Validator {
                seat,
                power,
                commission,
            } => Line::Validator {
                validator: self.validator(*seat),
                power: power.map_or(0, |power| self.power(power)),
                terms: Terms::unlimited(*commission),
            },
            Meant::Delegation { who, to, shares } => Line::Delegation {
                delegator: self.who(*who),
                validator: self.validator(*to),
                shares: amount(shares, self.room(*who, *to)),
            },
            Meant::WithdrawAddress { who, to } => Line::WithdrawAddress {
                delegator: self.who(*who),
                to: self.who(*to),
            },
            Meant::Rewards { who, from, owed } => Line::Rewards {
                delegator: self.who(*who),
                validator: self.validator(*from),
                amounts: self.owed(owed),
            },
            Meant::Commission { seat, owed } => Line::Commission {
                validator: self.validator(*seat),
                amounts: self.owed(owed),
            },
            Meant::CommunityPool { owed } => Line::CommunityPool {
                amounts: self.owed(owed),
            },
        }
    }

    fn owed(&self, owed: &Owed) -> Vec<String> {
        owed.iter()
            .take(self.harness.denoms().len())
            .map(|owed| amount(owed, self.scale.fees))
            .collect()
    }

    fn abandon(&self, seat: Seat) -> Vec<Action> {
        let validator = self.validator(seat);
        self.delegators
            .iter()
            .filter(|name| self.harness.shares(name, &validator) > 0)
            .map(|name| {
                Action::Operation(Operation::SetShares {
                    delegator: name.clone(),
                    validator: validator.clone(),
                    shares: 0,
                })
            })
            .collect()
    }

    fn all_powers(&self, power: impl Fn(&SeatState) -> u64) -> Vec<Action> {
        (0..)
            .zip(&self.seats)
            .filter(|(_, state)| self.harness.knows(&state.name))
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
            .filter(|(seat, size)| self.is_known(*seat) || size.is_some())
            .map(|(seat, size)| {
                let power = size.map_or(0, |size| self.power(size));
                (self.validator(*seat), power)
            })
            .collect()
    }
}

/// As a decimal, at most a limit and a fraction.
fn amount(amount: &Option<Amount>, limit: u128) -> String {
    let (whole, atomics) = amount.map_or((0, 0), |(size, atomics)| (size.up_to(limit), atomics));
    format!("{whole}.{atomics:018}")
}
