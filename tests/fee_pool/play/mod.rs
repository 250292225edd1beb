//! Plays a random history on a pool and its brute-force ledger.

mod actions;
mod last_claims;

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use cosmwasm_std::Uint128;
use oracles::ledger::FeeLedger;
use serde_json::{Value, json};
use testkit::fee_pool::{AccountingKind, Commit, FeePoolSuite, Harness, Line, Operation};
use testkit::hub_state::HubState;

use crate::strategies::{self, Founder, Import, Moment, Rates, Scale, Setup, Source};

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
pub enum Action {
    Operation(Operation),
    UpdateParams(Rates),
}

/// What of a validator decides which operations make sense.
#[derive(Clone, Debug, Default)]
struct SeatState {
    name: String,
    /// The last power that it had and was not 0.
    last_power: u64,
    /// The limit of its commission, when it came with terms of its own.
    most_commission: Option<u64>,
}

/// A pool in the middle of a history.
pub struct Play {
    pub harness: Harness,
    pub operations: usize,
    scale: Scale,
    seats: Vec<SeatState>,
    delegators: Vec<String>,
    /// Pages of the import so far.
    pages: Vec<Vec<Line>>,
}

/// How a pool is made for a history.
pub struct Making<'a> {
    pub accounting: AccountingKind,
    /// The name of the scenario file to record.
    pub recording: Option<&'a str>,
}

impl Play {
    /// The pool and everything that is there before the first step.
    pub fn begin(setup: &Setup, making: &Making) -> Result<Self> {
        let denoms = &DENOMS[..setup.denoms];
        let mut builder = FeePoolSuite::builder()
            .accounting(making.accounting)
            .with("reward_denoms", json!(denoms))
            .with("share_places", json!(setup.scale.share_places))
            .with("source", source(setup.source))
            .with("active", json!(setup.import.is_none()))
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
            harness: Harness::new(builder.build()?, ledger)?,
            operations: 0,
            scale: setup.scale,
            delegators: (0..setup.delegators)
                .map(|number| format!("d{number}"))
                .chain(seats.iter().map(|seat| seat.name.clone()))
                .collect(),
            seats,
            pages: vec![],
        };
        match &setup.import {
            None => play.found(setup)?,
            Some(import) => play.import(setup, import)?,
        }
        Ok(play)
    }

    /// Validators, delegations and powers are there before the first block.
    fn found(&mut self, setup: &Setup) -> Result<()> {
        self.stake(setup)?;
        for (seat, founder) in (0..).zip(&setup.founders) {
            if let Some(power) = founder.power {
                self.apply(&self.set_power(seat, self.power(power)))?;
            }
        }
        Ok(())
    }

    /// Validators are created and delegated to.
    fn stake(&mut self, setup: &Setup) -> Result<()> {
        for (seat, founder) in (0..).zip(&setup.founders) {
            self.apply(&self.create(seat, founder.commission))?;
            for (who, shares) in (0..).zip(&founder.shares) {
                self.apply(&self.delegate(who, seat, *shares))?;
            }
        }
        Ok(())
    }

    /// All comes with an import. Where hooks tell the pool, the chain has it before the pool is.
    fn import(&mut self, setup: &Setup, import: &Import) -> Result<()> {
        if setup.source != Source::Reporter {
            let lose = |count| Action::Operation(Operation::LoseHooks { count });
            self.apply(&lose(u32::MAX))?;
            self.stake(setup)?;
            self.apply(&lose(0))?;
        }
        let mut moments = vec![Moment::Page {
            lines: founding_lines(setup),
            funds: [None; 3],
        }];
        moments.extend(import.moments.iter().cloned());
        for moment in &moments {
            for action in self.before_activation(moment) {
                let done = || format!("{moment:?}, {action:?}");
                self.apply(&action).with_context(done)?;
                self.harness.check_conservation().with_context(done)?;
            }
        }
        self.harness.check_audit(3)?;
        self.harness.compare().context("before activation")?;
        let surplus = self.amounts(&import.surplus);
        self.apply(&Action::Operation(Operation::Activate { surplus }))?;
        self.harness.check_audit(3)?;
        self.harness.compare().context("after activation")?;
        Ok(())
    }

    /// A pool that began with the state of a chain, whose accounts are called by names. More
    /// delegators than steps can name are there, and claim in the end.
    pub fn with_state(harness: Harness, state: &HubState, scale: Scale) -> Result<Self> {
        let mut seats = Vec::new();
        for it in &state.validators {
            let power = u64::try_from(it.power.u128())?;
            let mut seat = SeatState {
                name: it.validator.clone(),
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
            harness,
            operations: 0,
            scale,
            seats,
            delegators,
            pages: vec![],
        })
    }

    /// What a history ends with before everybody claims: with hooks the owner corrects what was
    /// lost, and the pool works on.
    pub fn correct_and_go_on(&mut self) -> Result<()> {
        let block = |seat: u8| strategies::Step::Block {
            fees: [Some(strategies::Size::Limit); 3],
            proposer: Some(seat),
            absent: 0,
            signed: strategies::Signed::Votes,
        };
        for step in [strategies::Step::Correct, block(0), block(1)] {
            for action in self.actions(&step) {
                self.apply(&action)?;
            }
        }
        Ok(())
    }

    /// Everybody who may have been paid.
    pub fn accounts(&self) -> impl Iterator<Item = &str> {
        self.delegators
            .iter()
            .map(String::as_str)
            .chain(["grantee"])
    }

    /// Does something on both sides.
    pub fn apply(&mut self, action: &Action) -> Result<()> {
        self.operations += 1;
        match action {
            Action::Operation(operation) => {
                self.harness.apply(operation)?;
                self.follow(operation);
            }
            Action::UpdateParams(rates) => {
                let msg = json!({"update_params": rates.json()});
                self.harness.suite.execute("owner", msg)?;
                self.harness.ledger.set_params(rates.of_ledger())?;
            }
        }
        Ok(())
    }

    fn follow(&mut self, operation: &Operation) {
        let mut state = |name: &str, change: &dyn Fn(&mut SeatState)| {
            self.seats
                .iter_mut()
                .filter(|seat| seat.name == name)
                .for_each(change);
        };
        match operation {
            Operation::CreateValidator { validator, .. } => {
                state(validator, &|seat| seat.most_commission = None);
            }
            Operation::SetPower { validator, power } => {
                state(validator, &|seat| seat.have_power(*power));
            }
            Operation::Import { lines, .. } => {
                for line in lines {
                    if let Line::Validator {
                        validator, power, ..
                    } = line
                    {
                        state(validator, &|seat| seat.have_power(*power));
                    }
                }
            }
            Operation::SetPowers { powers }
            | Operation::Block {
                commit: Commit::ChangedVotes { powers, .. } | Commit::ChangedPowers { powers, .. },
                ..
            } => {
                for (validator, power) in powers {
                    state(validator, &|seat| seat.have_power(*power));
                }
            }
            _ => {}
        }
    }
}

impl SeatState {
    fn have_power(&mut self, power: u64) {
        if power > 0 {
            self.last_power = power;
        }
    }
}

fn source(source: Source) -> Value {
    match source {
        Source::Reporter => json!("reporter"),
        Source::Juno => json!({"hooks": {"dialect": "juno"}}),
        Source::Neutron => json!({"hooks": {"dialect": "neutron"}}),
    }
}

/// The validators and delegations of a beginning as lines of an import.
fn founding_lines(setup: &Setup) -> Vec<strategies::Line> {
    let of = |(seat, founder): (u8, &Founder)| {
        let validator = strategies::Line::Validator {
            seat,
            power: founder.power,
            commission: founder.commission,
        };
        let delegations = (0..).zip(founder.shares.clone()).map(move |(who, shares)| {
            strategies::Line::Delegation {
                who,
                to: seat,
                shares: Some((shares, 0)),
            }
        });
        [validator]
            .into_iter()
            .chain(delegations)
            .collect::<Vec<_>>()
    };
    (0..).zip(&setup.founders).flat_map(of).collect()
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
