//! Plays a random history on a pool and its brute-force ledger.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use cosmwasm_std::Uint128;
use serde_json::json;
use testing::fee_pool::{Commit, FeePoolSuite, Operation, Twin};
use testing::hub_state::HubState;
use testing::ledger::{FeeLedger, Recipient};

use crate::strategies::{Coins, Rates, Scale, Seat, Setup, Signed, Size, Step, Who, part_of};

/// What denoms there may be: a plain one, one from another chain, and one of a token factory, whose
/// payouts are in flight until the chain replies.
const DENOMS: [&str; 3] = [
    "uosmo",
    "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
    "factory/minter/gold",
];

/// What `fees` has of each denom; nothing below spends as much.
const TREASURY: u128 = 10u128.pow(37);

/// What a step comes to.
#[derive(Clone, Debug)]
pub enum Deed {
    Operation(Operation),
    UpdateParams(Rates),
}

/// What of a validator decides which operations make sense.
#[derive(Clone, Debug, Default)]
struct SeatState {
    name: String,
    /// The pool has a record of it.
    known: bool,
    /// It was created with terms, and not only voted.
    has_terms: bool,
    removed: bool,
    /// The last power that it had and was not 0.
    last_power: u64,
    /// The limit of its commission, when it came with terms of its own.
    most_commission: Option<u64>,
}

/// A pool in the middle of a history.
pub struct Play {
    pub twin: Twin,
    pub operations: usize,
    scale: Scale,
    seats: Vec<SeatState>,
    delegators: Vec<String>,
}

/// How a pool is made for a history.
pub struct Making<'a> {
    pub accounting: &'a str,
    /// The name of the scenario file to record.
    pub recording: Option<&'a str>,
}

impl Play {
    /// The pool and everything that is there before the first step.
    pub fn begin(setup: &Setup, making: &Making) -> Result<Self> {
        let denoms = &DENOMS[..setup.denoms];
        let mut builder = FeePoolSuite::builder()
            .with("accounting", json!(making.accounting))
            .with("reward_denoms", json!(denoms))
            .with("share_places", json!(setup.scale.share_places))
            .with("params", setup.rates.json());
        for denom in denoms {
            builder = builder.balance("fees", TREASURY, denom);
        }
        if let Some(name) = making.recording {
            builder = builder.recording(name);
        }
        let ledger = FeeLedger::new(setup.rates.of_ledger())?;
        let names = (0..setup.founders.len()).map(|number| format!("v{number}"));
        let seats: Vec<_> = names
            .chain(["stranger".to_string()])
            .map(|name| SeatState {
                name,
                ..SeatState::default()
            })
            .collect();
        let mut play = Play {
            twin: Twin::new(builder.build()?, ledger)?,
            operations: 0,
            scale: setup.scale,
            delegators: (0..setup.delegators)
                .map(|number| format!("d{number}"))
                .chain(seats.iter().map(|seat| seat.name.clone()))
                .collect(),
            seats,
        };
        for (seat, founder) in (0..).zip(&setup.founders) {
            play.apply(&play.create(seat, founder.commission))?;
            if let Some(power) = founder.power {
                play.apply(&play.set_power(seat, play.power(power)))?;
            }
            for (who, shares) in (0..).zip(&founder.shares) {
                play.apply(&play.delegate(who, seat, *shares))?;
            }
        }
        Ok(play)
    }

    /// A pool that began with the state of a chain, whose accounts are called by names. More
    /// delegators than steps can name are there, and claim in the end.
    pub fn with_state(twin: Twin, state: &HubState, scale: Scale) -> Result<Self> {
        let mut seats = Vec::new();
        for it in &state.validators {
            let power = u64::try_from(it.power.u128())?;
            let mut seat = SeatState {
                name: it.validator.clone(),
                known: true,
                has_terms: true,
                most_commission: Some(u64::try_from(
                    Uint128::try_from(it.commission.max_rate.atomics())?.u128(),
                )?),
                ..SeatState::default()
            };
            seat.have_power(power);
            seats.push(seat);
        }
        let mut delegators: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for it in &state.delegations {
            if seen.insert(&it.delegator) {
                delegators.push(it.delegator.clone());
            }
        }
        // Steps name the first ones only: some of those of every validator.
        shuffle(&mut delegators, 1);
        Ok(Play {
            twin,
            operations: 0,
            scale,
            seats,
            delegators,
        })
    }

    /// Everybody who may have been paid.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.delegators
            .iter()
            .map(String::as_str)
            .chain(["grantee"])
    }

    fn seat(&self, seat: Seat) -> &SeatState {
        &self.seats[usize::from(seat) % self.seats.len()]
    }

    fn validator(&self, seat: Seat) -> String {
        self.seat(seat).name.clone()
    }

    fn who(&self, who: Who) -> String {
        self.delegators[usize::from(who) % self.delegators.len()].clone()
    }

    fn power(&self, size: Size) -> u64 {
        u64::try_from(size.up_to(self.scale.power.into())).unwrap()
    }

    fn power_of(&self, seat: Seat) -> u64 {
        let name = &self.seat(seat).name;
        let power = self.twin.powers().find(|(other, _)| other == name);
        power.map_or(0, |(_, power)| power)
    }

    fn amounts(&self, coins: &Coins) -> Vec<u128> {
        let amount = |size: &Option<Size>| size.map_or(0, |size| size.up_to(self.scale.fees));
        let amounts = coins.iter().map(amount);
        amounts.take(self.twin.denoms().len()).collect()
    }

    fn create(&self, seat: Seat, commission_atomics: u64) -> Deed {
        Deed::Operation(Operation::CreateValidator {
            validator: self.validator(seat),
            commission_atomics,
        })
    }

    fn set_power(&self, seat: Seat, power: u64) -> Deed {
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
        let here = self.twin.shares(&self.who(who), &validator);
        let all: u128 = self
            .delegators
            .iter()
            .map(|delegator| self.twin.shares(delegator, &validator))
            .sum();
        let own = self.scale.shares.saturating_sub(here);
        own.min(self.scale.most_shares() - all)
    }

    fn delegate(&self, who: Who, to: Seat, size: Size) -> Deed {
        let here = self.twin.shares(&self.who(who), &self.validator(to));
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
                let here = self.twin.shares(&self.who(*who), &self.validator(*from));
                return vec![self.set_shares(*who, *from, here - part_of(here, *part))];
            }
            Step::Redelegate {
                who,
                from,
                to,
                part,
            } => {
                let there = self.twin.shares(&self.who(*who), &self.validator(*from));
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
                    // Only voted until now: staking tells of it.
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
            .filter(|name| self.twin.shares(name, &validator) > 0)
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
            Signed::ChangedVotes(changes) => {
                let powers: BTreeMap<String, u64> = changes
                    .iter()
                    // Who is unknown and has no power is not among the votes.
                    .filter(|(seat, size)| self.seat(*seat).known || size.is_some())
                    .map(|(seat, size)| {
                        let power = size.map_or(0, |size| self.power(size));
                        (self.validator(*seat), power)
                    })
                    .collect();
                Commit::ChangedVotes { powers, absent }
            }
        }
    }

    /// Does something on both sides.
    pub fn apply(&mut self, deed: &Deed) -> Result<()> {
        self.operations += 1;
        match deed {
            Deed::Operation(operation) => {
                self.twin.apply(operation)?;
                self.note(operation);
            }
            Deed::UpdateParams(rates) => {
                let msg = json!({"update_params": rates.json()});
                self.twin.suite.execute("owner", msg)?;
                self.twin.ledger.set_params(rates.of_ledger())?;
            }
        }
        Ok(())
    }

    fn note(&mut self, operation: &Operation) {
        let mut state = |name: &str, change: &dyn Fn(&mut SeatState)| {
            self.seats
                .iter_mut()
                .filter(|seat| seat.name == name)
                .for_each(change);
        };
        match operation {
            Operation::CreateValidator { validator, .. } => state(validator, &|seat| {
                seat.known = true;
                seat.has_terms = true;
                seat.removed = false;
                seat.most_commission = None;
            }),
            Operation::RemoveValidator { validator } => {
                state(validator, &|seat| seat.removed = true);
            }
            Operation::SetPower { validator, power } => {
                state(validator, &|seat| seat.have_power(*power));
            }
            Operation::Block {
                commit: Commit::ChangedVotes { powers, .. },
                ..
            } => {
                for (validator, power) in powers {
                    state(validator, &|seat| seat.have_power(*power));
                }
            }
            _ => {}
        }
    }

    /// The operations by which everybody withdraws everything, in an order that `order` decides.
    pub fn last_claims(&self, order: u64) -> Vec<Operation> {
        let mut claims: Vec<Operation> = self
            .twin
            .ledger
            .recipients()
            .filter_map(|recipient| match recipient {
                Recipient::CommunityPool => None,
                Recipient::Commission { validator } => Some(Operation::WithdrawCommission {
                    validator: validator.to_string(),
                }),
                Recipient::Delegation {
                    delegator,
                    validator,
                } => Some(Operation::Withdraw {
                    delegator: delegator.to_string(),
                    validator: validator.to_string(),
                }),
            })
            .collect();
        shuffle(&mut claims, order);
        claims
    }

    /// Checks that nobody has a whole coin to claim, and that what the pool still holds is the
    /// fractions: less than one coin for each who has any.
    pub fn only_fractions_are_left(&self) -> Result<()> {
        let pool = self.twin.suite.query(json!({"community_pool": {}}))?;
        ensure!(pool["spendable"] == json!([]), "{pool}");
        let mut claimants = 1u128;
        for recipient in self.twin.ledger.recipients() {
            let query = match recipient {
                Recipient::CommunityPool => continue,
                Recipient::Commission { validator } => {
                    json!({"validator_commission": {"validator": format!("@@{validator}")}})
                }
                Recipient::Delegation {
                    delegator,
                    validator,
                } => json!({"delegation_rewards": {
                    "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
                }}),
            };
            let answer = self.twin.suite.query(query)?;
            ensure!(answer["claimable"] == json!([]), "{recipient}: {answer}");
            claimants += 1;
        }
        for denom in self.twin.denoms() {
            let left = self.twin.suite.balance("pool", denom);
            // Every fraction is below one coin, so together they are below so many.
            ensure!(left < claimants.into(), "{left}{denom} for {claimants}");
        }
        Ok(())
    }

    /// Spends all whole coins of the community pool.
    pub fn spend_community_pool(&mut self) -> Result<()> {
        let pool = self.twin.suite.query(json!({"community_pool": {}}))?;
        let amount = pool["spendable"].as_array().context("spendable")?.clone();
        if amount.is_empty() {
            return Ok(());
        }
        self.twin.suite.execute(
            "owner",
            json!({"community_pool_spend": {"recipient": "@grantee", "amount": amount}}),
        )?;
        for coin in &amount {
            let text = |field: &str| coin[field].as_str().context(field.to_string());
            let (denom, amount) = (text("denom")?, text("amount")?.parse()?);
            self.twin.ledger.spend_community_pool(denom, amount)?;
        }
        Ok(())
    }
}

impl SeatState {
    fn have_power(&mut self, power: u64) {
        self.known = true;
        if power > 0 {
            self.removed = false;
            self.last_power = power;
        }
    }
}

/// Orders items at random, the same way for the same seed.
pub fn shuffle<T>(items: &mut [T], seed: u64) {
    // xorshift64*; the state must not be 0.
    let mut state = seed | 1;
    for place in (1..items.len()).rev() {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let random = state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        items.swap(place, usize::try_from(random).unwrap() % (place + 1));
    }
}
