//! The two passes over a unit: which validators exist, and the payment of those that do.
//!
//! Each part is computed from the unit's totals alone, which the first pass fixes, so the result is the
//! same for every page size.

mod finish;

use std::collections::BTreeMap;

use ccv::qualification::DisqualifiedPolicy;
use chain_types::address::AddressBytes;
use cosmwasm_std::{DepsMut, Env, Event, Response, Storage};
use distribution_math::Coins;
use pool_kit::events::action;
use pool_kit::paging;

use crate::ContractError;
use crate::context::Context;
use crate::ledger::coin;
use crate::overrides::Overrides;
use crate::state::{self, Status};
use crate::unit::{Counted, Page, Paid, Place, Qualifying, StoredEntry, Tokens, Unit, Waiting};
use crate::units::{self, Stream, UnitKey};

use finish::End;

/// The message `process`.
pub fn process(
    deps: DepsMut,
    env: Env,
    key: UnitKey,
    limit: Option<u32>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let consumer = state::consumer(deps.storage, key.consumer)?;
    if consumer.status == Status::Paused {
        return Err(ContractError::NotActive {
            consumer: key.consumer.to_string(),
        });
    }
    let unit = first_unit(deps.storage, key)?;
    let Some(Tokens { denom, .. }) = unit.coins()? else {
        return Err(incomplete(key, "coins"));
    };
    let run = Run {
        overrides: Overrides::load(deps.storage, key.consumer)?,
        ctx,
        storage: deps.storage,
        key,
        denom,
        policy: consumer.disqualified,
        budget: paging::limit(limit)?,
        shares: BTreeMap::new(),
        events: Vec::new(),
    };
    run.work(unit)
}

/// The unit, if it is the next one of its consumer and denom.
fn first_unit(storage: &dyn Storage, key: UnitKey) -> Result<Unit, ContractError> {
    let Some(unit) = key.load(storage)? else {
        return Err(ContractError::UnknownUnit {
            consumer: key.consumer.to_string(),
            epoch: key.epoch,
            denom: key.denom.to_string(),
        });
    };
    let first = units::first_epoch(storage, key.consumer, key.denom)?;
    if let Some(epoch) = first.filter(|first| *first < key.epoch) {
        return Err(ContractError::EarlierUnit {
            epoch: key.epoch,
            earlier: epoch,
        });
    }
    Ok(unit)
}

fn incomplete(key: UnitKey, missing: &'static str) -> ContractError {
    ContractError::UnitIncomplete {
        epoch: key.epoch,
        denom: key.denom.to_string(),
        missing,
    }
}

/// One message's work on a unit.
struct Run<'a> {
    ctx: Context<'a>,
    storage: &'a mut dyn Storage,
    key: UnitKey<'a>,
    /// Of the unit's coins, as this chain names it.
    denom: String,
    /// What becomes of the disqualified part, if the first pass begins now.
    policy: DisqualifiedPolicy,
    overrides: Overrides,
    /// Entries that may still be looked at.
    budget: usize,
    /// What validators are paid. Two entries can mean the same one.
    shares: BTreeMap<AddressBytes, Coins>,
    events: Vec<Event>,
}

/// Entries of one chunk, from a unit's place on.
struct Entries {
    stored: Vec<StoredEntry>,
    validators: Vec<Option<AddressBytes>>,
    exist: Vec<bool>,
    ends_chunk: bool,
}

impl Entries {
    fn page(&self) -> Page<'_> {
        Page {
            entries: &self.stored,
            exist: &self.exist,
            ends_chunk: self.ends_chunk,
        }
    }
}

impl Run<'_> {
    fn work(mut self, mut unit: Unit) -> Result<Response, ContractError> {
        let end = loop {
            if self.budget == 0 {
                break End::At(unit);
            }
            unit = match unit {
                Unit::Waiting(waiting) => Unit::Qualifying(self.start(waiting)?),
                Unit::Qualifying(pass) => {
                    let entries = self.entries(pass.division().place())?;
                    match pass.count(&entries.page())? {
                        Counted::More(pass) => Unit::Qualifying(pass),
                        Counted::All(pass) => Unit::Paying(pass),
                        Counted::Nobody(tokens) => break End::Nobody(tokens),
                    }
                }
                Unit::Paying(pass) => {
                    let entries = self.entries(pass.division().place())?;
                    let parts = pass.parts(&entries.page())?;
                    self.add_shares(&entries, &parts)?;
                    match pass.pay(&entries.page(), &parts)? {
                        Paid::More(pass) => Unit::Paying(pass),
                        Paid::All(left) => break End::Carry(left),
                    }
                }
            };
        };
        self.finish(end)
    }

    /// Takes the carry in and starts the first pass.
    fn start(&mut self, waiting: Waiting) -> Result<Qualifying, ContractError> {
        let UnitKey {
            consumer,
            denom,
            epoch,
        } = self.key;
        let carry = match Stream::load(self.storage, consumer, denom)?.has_carry(epoch) {
            true => units::take_carry(self.storage, consumer, &self.denom)?,
            false => Coins::ZERO,
        };
        if !carry.is_zero() {
            self.events.push(
                action("join_carry")
                    .add_attribute("consumer", consumer)
                    .add_attribute("epoch", epoch.to_string())
                    .add_attribute("denom", denom)
                    .add_attribute("amount", coin(carry, &self.denom).to_string()),
            );
        }
        let pass = waiting.start(carry, self.policy)?;
        pass.ok_or_else(|| incomplete(self.key, "weights"))
    }

    /// The next entries, as many as the budget allows of one chunk, with what is known of their
    /// validators now.
    fn entries(&mut self, place: Place) -> Result<Entries, ContractError> {
        let chunk = self.key.chunk(self.storage, place.chunk)?;
        let skipped = place.entry as usize;
        let stored: Vec<StoredEntry> = chunk
            .iter()
            .skip(skipped)
            .take(self.budget)
            .copied()
            .collect();
        let ends_chunk = skipped.saturating_add(stored.len()) >= chunk.len();
        self.budget = self.budget.saturating_sub(stored.len());
        let validators: Vec<Option<AddressBytes>> = stored
            .iter()
            .map(|entry| self.overrides.validator(entry))
            .collect();
        let named: Vec<AddressBytes> = validators.iter().flatten().copied().collect();
        let mut found = self
            .ctx
            .config
            .target
            .exist(&self.ctx.chain, &named)?
            .into_iter();
        // What is no address of this chain is no validator either.
        let exist = validators
            .iter()
            .map(|validator| validator.is_some() && found.next().unwrap_or_default())
            .collect();
        Ok(Entries {
            stored,
            validators,
            exist,
            ends_chunk,
        })
    }

    fn add_shares(&mut self, entries: &Entries, parts: &[Coins]) -> Result<(), ContractError> {
        for (validator, part) in entries.validators.iter().zip(parts) {
            let Some(validator) = validator.filter(|_| !part.is_zero()) else {
                continue;
            };
            let share = self.shares.entry(validator).or_default();
            *share = share.checked_add(*part)?;
            self.events.push(
                action("reward_validator")
                    .add_attribute("consumer", self.key.consumer)
                    .add_attribute("epoch", self.key.epoch.to_string())
                    .add_attribute(
                        "validator",
                        self.ctx.config.target.show(&self.ctx.chain, &validator),
                    )
                    .add_attribute("amount", coin(*part, &self.denom).to_string()),
            );
        }
        Ok(())
    }
}
