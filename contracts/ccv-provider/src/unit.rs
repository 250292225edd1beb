//! A unit and its transitions.
//!
//! ```text
//! Waiting ──start──▶ Qualifying ──count──▶ Paying ──pay──▶ done
//!  weights, coins     which exist             their parts
//! ```
//!
//! Each stage is a type with private fields: what is not a method of a stage cannot happen to it. A
//! unit that is done has no record.

use borsh::{BorshDeserialize, BorshSerialize};
use ccv::qualification::{DisqualifiedPolicy, Qualification, Shares};
use chain_types::address::AddressBytes;
use distribution_math::{Coins, MathError, Points};

/// A unit that is not done.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Unit {
    /// It waits for weights or coins, or for its turn.
    Waiting(Waiting),
    /// The first pass.
    Qualifying(Qualifying),
    /// The second pass.
    Paying(Paying),
}

impl Unit {
    /// The coins that it has and has not paid; none before they arrived.
    pub fn coins(&self) -> Result<Option<Tokens>, MathError> {
        Ok(match self {
            Unit::Waiting(unit) => unit.tokens.clone(),
            Unit::Qualifying(Qualifying(division)) => Some(division.tokens.clone()),
            Unit::Paying(Paying { division, paid }) => Some(Tokens {
                denom: division.tokens.denom.clone(),
                amount: division.tokens.amount.checked_sub(*paid)?,
            }),
        })
    }
}

/// Coins as they arrived. Their denom is fixed then: after a change of transfer channel the same denom
/// of the consumer arrives under another name.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tokens {
    /// The denom, as this chain names it.
    pub denom: String,
    /// How many.
    pub amount: Coins,
}

/// Weights of which every chunk has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Weights {
    /// Their sum.
    pub total: Points,
    /// The number of chunks.
    pub chunks: u32,
}

/// What is kept of a validator's weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct StoredEntry {
    /// The validator, whichever form its name had; none for what is no address of this chain.
    pub validator: Option<AddressBytes>,
    /// Its weight.
    pub weight: Points,
}

/// A place among the entries of a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Place {
    /// The chunk, from 0 on.
    pub chunk: u32,
    /// The entry in it, from 0 on.
    pub entry: u32,
}

/// Consecutive entries of one chunk, from a unit's place on.
pub struct Page<'a> {
    /// The entries.
    pub entries: &'a [StoredEntry],
    /// Whether each one's validator exists now.
    pub exist: &'a [bool],
    /// Whether the chunk ends with them.
    pub ends_chunk: bool,
}

/// The first stage: weights and coins come in either order.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Waiting {
    weights: Option<Weights>,
    tokens: Option<Tokens>,
}

impl Waiting {
    /// Takes weights of which every chunk has arrived.
    pub fn add_weights(&mut self, weights: Weights) {
        self.weights = Some(weights);
    }

    /// Takes coins.
    pub fn add_tokens(&mut self, tokens: Tokens) {
        self.tokens = Some(tokens);
    }

    /// The weights, when every chunk has arrived.
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// The coins, when they have arrived.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }

    /// Starts the first pass, with the carry of earlier units. None unless weights and coins are there.
    /// The policy counts for the whole unit from then on.
    pub fn start(
        &self,
        carry: Coins,
        policy: DisqualifiedPolicy,
    ) -> Result<Option<Qualifying>, MathError> {
        let Some((weights, tokens)) = self.weights.zip(self.tokens.as_ref()) else {
            return Ok(None);
        };
        Ok(Some(Qualifying(Division {
            tokens: Tokens {
                denom: tokens.denom.clone(),
                amount: tokens.amount.checked_add(carry)?,
            },
            carries_disqualified: policy == DisqualifiedPolicy::Carry,
            qualification: Qualification::new(weights.total),
            qualified: (0..weights.chunks).map(|_| 0).collect(),
            place: Place::default(),
        })))
    }
}

/// What is divided, and how far that is.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Division {
    tokens: Tokens,
    carries_disqualified: bool,
    qualification: Qualification,
    /// For each chunk a bit for each entry, which is set when its validator is qualified. A chunk has
    /// at most 64.
    qualified: Vec<u64>,
    place: Place,
}

impl Division {
    /// The coins with the carry.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Which weights count, as far as that is known.
    pub fn qualification(&self) -> &Qualification {
        &self.qualification
    }

    /// The next entry.
    pub fn place(&self) -> Place {
        self.place
    }

    fn shares(&self) -> Option<Shares> {
        let policy = match self.carries_disqualified {
            true => DisqualifiedPolicy::Carry,
            false => DisqualifiedPolicy::Redistribute,
        };
        self.qualification
            .shares(self.tokens.amount.amount(), policy)
    }

    /// Passes over a page.
    fn advance(&mut self, page: &Page) {
        let Place { chunk, entry } = self.place;
        self.place = match page.ends_chunk {
            true => Place {
                chunk: chunk.saturating_add(1),
                entry: 0,
            },
            false => Place {
                chunk,
                entry: entry.saturating_add(page.entries.len() as u32),
            },
        };
    }

    fn is_at_the_end(&self) -> bool {
        self.place.chunk as usize >= self.qualified.len()
    }

    fn qualify(&mut self, entry: u32) {
        let bit = bit(entry);
        if let Some(chunk) = self.qualified.get_mut(self.place.chunk as usize) {
            *chunk |= bit;
        }
    }

    fn is_qualified(&self, entry: u32) -> bool {
        let chunk = self.qualified.get(self.place.chunk as usize);
        chunk.is_some_and(|chunk| chunk & bit(entry) != 0)
    }
}

/// The bit of an entry; a chunk has at most 64, so there is one.
fn bit(entry: u32) -> u64 {
    1u64.checked_shl(entry).unwrap_or_default()
}

/// The first pass: which validators exist. What it finds counts for the payment.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Qualifying(Division);

/// What a page of the first pass leads to.
#[derive(Debug)]
pub enum Counted {
    /// More entries are to be counted.
    More(Qualifying),
    /// All are counted, and are paid from the first on.
    All(Paying),
    /// No validator is qualified: the coins are the community pool's.
    Nobody(Tokens),
}

impl Qualifying {
    /// What is divided.
    pub fn division(&self) -> &Division {
        &self.0
    }

    /// Counts a page. Returns what comes next.
    pub fn count(self, page: &Page) -> Result<Counted, MathError> {
        let Qualifying(mut division) = self;
        for (entry, (stored, exists)) in
            (division.place.entry..).zip(page.entries.iter().zip(page.exist))
        {
            match exists {
                true => division.qualify(entry),
                false => division.qualification.disqualify(stored.weight)?,
            }
        }
        division.advance(page);
        if !division.is_at_the_end() {
            return Ok(Counted::More(Qualifying(division)));
        }
        if division.shares().is_none() {
            return Ok(Counted::Nobody(division.tokens));
        }
        division.place = Place::default();
        Ok(Counted::All(Paying {
            division,
            paid: Coins::ZERO,
        }))
    }
}

/// The second pass: qualified validators are paid.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Paying {
    division: Division,
    paid: Coins,
}

/// What a page of the second pass leads to.
#[derive(Debug)]
pub enum Paid {
    /// More entries are to be paid.
    More(Paying),
    /// All are paid. These coins are left: what rounding left, the disqualified part where it is
    /// carried, and the parts of validators that vanished between the passes.
    All(Tokens),
}

impl Paying {
    /// What is divided.
    pub fn division(&self) -> &Division {
        &self.division
    }

    /// What has been paid.
    pub fn paid(&self) -> Coins {
        self.paid
    }

    /// What each entry of a page is paid: nothing unless its validator was qualified and still exists.
    pub fn parts(&self, page: &Page) -> Result<Vec<Coins>, MathError> {
        let Some(shares) = self.division.shares() else {
            return Ok(page.entries.iter().map(|_| Coins::ZERO).collect());
        };
        (self.division.place.entry..)
            .zip(page.entries.iter().zip(page.exist))
            .map(
                |(entry, (stored, exists))| match *exists && self.division.is_qualified(entry) {
                    true => shares.of(stored.weight).map(Coins::new),
                    false => Ok(Coins::ZERO),
                },
            )
            .collect()
    }

    /// Passes over a page whose entries were paid these parts. Returns what comes next.
    pub fn pay(self, page: &Page, parts: &[Coins]) -> Result<Paid, MathError> {
        let Paying { mut division, paid } = self;
        let paid = parts
            .iter()
            .try_fold(paid, |sum, part| sum.checked_add(*part))?;
        division.advance(page);
        if !division.is_at_the_end() {
            return Ok(Paid::More(Paying { division, paid }));
        }
        let left = division.tokens.amount.checked_sub(paid)?;
        Ok(Paid::All(Tokens {
            amount: left,
            ..division.tokens
        }))
    }
}

#[cfg(test)]
mod tests;
