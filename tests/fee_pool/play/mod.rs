//! Plays a random history on a pool and its brute-force ledger.

mod deeds;
mod last_claims;

use std::collections::BTreeSet;

use anyhow::Result;
use cosmwasm_std::Uint128;
use oracles::ledger::FeeLedger;
use serde_json::json;
use testkit::fee_pool::{AccountingKind, Commit, FeePoolSuite, Harness, Operation};
use testkit::hub_state::HubState;

use crate::strategies::{Rates, Scale, Setup};

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
    pub harness: Harness,
    pub operations: usize,
    scale: Scale,
    seats: Vec<SeatState>,
    delegators: Vec<String>,
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
    pub fn with_state(harness: Harness, state: &HubState, scale: Scale) -> Result<Self> {
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
            harness,
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

    /// Does something on both sides.
    pub fn apply(&mut self, deed: &Deed) -> Result<()> {
        self.operations += 1;
        match deed {
            Deed::Operation(operation) => {
                self.harness.apply(operation)?;
                self.follow(operation);
            }
            Deed::UpdateParams(rates) => {
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
        self.known = true;
        if power > 0 {
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
