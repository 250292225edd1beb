//! What came of a run, gathered from the pool and from the ledger.

use std::time::Duration;

use anyhow::Result;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use testkit::events::points_per_coin;
use testkit::poa_pool::{PoaClasses, PoaHarness};

use super::options::Args;
use super::story::{Happened, SUPPLY, Story};
use crate::largest::Largest;

/// A story that was played.
pub struct Played {
    /// Both sides.
    pub harness: PoaHarness,
    /// What happened in the story.
    pub story: Story,
    /// How long the blocks took.
    pub elapsed: Duration,
}

/// What came of a run.
pub struct Outcome {
    /// Blocks.
    pub blocks: u32,
    /// Operators at the beginning.
    pub operators: u32,
    /// Seed.
    pub seed: u64,
    /// How often what happened.
    pub happened: Happened,
    /// All that are operators or were, those with the most power first.
    pub accounts: Vec<Account>,
    /// One for each denom.
    pub denoms: Vec<Denom>,
    /// The largest difference of a claim from the exact one.
    pub largest: Option<Largest>,
    /// How long the blocks took.
    pub elapsed: Duration,
}

/// An account at the end.
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its power, none for a former operator.
    pub power: Option<u128>,
    /// Its power as a part of all, 0 to 1.
    pub part: f64,
    /// By denom.
    pub amounts: Vec<Amounts>,
}

/// Amounts of one denom.
pub struct Amounts {
    /// Base units that reached the account.
    pub paid: u128,
    /// Base units that it could not be paid yet, whole coins of its claim and of its share in what
    /// waits.
    pub claimable: BigInt,
}

/// Where everything that was received of one denom is.
pub struct Denom {
    /// Its name.
    pub name: String,
    /// Points that came in.
    pub received: BigInt,
    /// Points that reached somebody.
    pub paid: BigInt,
    /// Points owed, by class.
    pub owed: PoaClasses,
    /// Points that the next checkpoint allocates.
    pub waiting: BigInt,
}

impl Denom {
    /// Everything that was not received only.
    pub fn together(&self) -> BigInt {
        &self.paid + self.owed.sum() + &self.waiting
    }

    /// Whether both sides are the same integer.
    pub fn holds(&self) -> bool {
        self.received == self.together()
    }
}

impl Outcome {
    /// Asks the pool, the bank and the ledger.
    ///
    /// # Errors
    /// When the pool does not answer.
    pub fn gather(args: &Args, played: Played) -> Result<Self> {
        let Played {
            harness,
            story,
            elapsed,
        } = played;
        let denoms = harness
            .denoms()
            .iter()
            .map(|denom| {
                let found = harness.suite.invariants(denom)?;
                let coin = points_per_coin();
                let has = |name: &str| -> BigInt {
                    let balance = harness.suite.balance(name, denom);
                    BigInt::from_bytes_be(num_bigint::Sign::Plus, &balance.to_be_bytes())
                };
                let paid: BigInt = harness.ledger.accounts().map(has).sum();
                Ok(Denom {
                    name: denom.clone(),
                    received: (BigInt::from(SUPPLY) - has("fees")) * &coin,
                    paid: paid * &coin,
                    owed: found.classes,
                    waiting: found.difference,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Outcome {
            blocks: args.blocks,
            operators: args.operators,
            seed: args.seed,
            happened: story.happened().clone(),
            accounts: accounts(&harness),
            denoms,
            largest: largest(&harness)?,
            elapsed,
        })
    }

    /// Whether everything holds. What was compared on the way ends a run by itself.
    pub fn holds(&self) -> bool {
        self.denoms.iter().all(Denom::holds)
            && self
                .largest
                .as_ref()
                .is_none_or(|it| it.difference < it.bound)
    }
}

fn accounts(harness: &PoaHarness) -> Vec<Account> {
    let total = harness.ledger.total_power();
    let mut accounts: Vec<Account> = harness
        .ledger
        .accounts()
        .map(|name| {
            let power = harness.ledger.power(name);
            Account {
                name: name.to_string(),
                power,
                part: power.unwrap_or(0) as f64 / total as f64,
                amounts: harness
                    .denoms()
                    .iter()
                    .map(|denom| Amounts {
                        paid: harness.ledger.paid(name, denom),
                        claimable: harness
                            .ledger
                            .withdrawable(name, denom)
                            .floor()
                            .to_integer()
                            + harness.ledger.undelivered(name, denom),
                    })
                    .collect(),
            }
        })
        .collect();
    accounts.sort_by(|a, b| b.power.cmp(&a.power).then(a.name.cmp(&b.name)));
    accounts
}

fn largest(harness: &PoaHarness) -> Result<Option<Largest>> {
    let mut largest: Option<Largest> = None;
    for denom in harness.denoms() {
        let claims = harness.claims(denom)?;
        for account in harness.ledger.accounts() {
            let address = harness.suite.account(account).into_string();
            let points = claims.get(&address).cloned().unwrap_or_default();
            let exact = harness.ledger.allocated(account, denom);
            let difference = exact - BigRational::new(points, points_per_coin());
            let terms = harness.ledger.bound_terms(account);
            let bound = if difference < BigRational::zero() {
                terms.points_above()
            } else {
                terms.points_below()
            };
            Largest {
                of: format!("{account}, {denom}"),
                difference: difference.abs(),
                bound: BigRational::new(bound, points_per_coin()),
            }
            .keep_in(&mut largest);
        }
    }
    Ok(largest)
}
