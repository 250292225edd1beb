//! The random story: blocks, and when what goes wrong.

use anyhow::Result;
use testkit::ccv_world::{BlockOf, CcvAction, NewPower};
use testkit::hub_state::HubState;

use super::cargo::Cargo;
use crate::rng::Rng;

/// The most that comes in of each denom in a block.
const FEES: [u64; 2] = [2_000_000, 90_000];
/// The most changes of powers that are told at once.
const CHANGES: usize = 100;
/// Validators that vanish from the provider, and how many of them come back.
const VANISHED: usize = 8;
const RETURNED: usize = 3;

/// A validator of the consumer.
#[derive(Clone, Debug)]
pub struct Validator {
    /// Its name for people.
    pub moniker: String,
    /// Its power now.
    pub power: u64,
}

/// Something that happens at the start of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// These validators vanish from the provider.
    Vanish(Vec<usize>),
    /// These are there again.
    Return(Vec<usize>),
    /// The provider lists the second denom.
    List,
    /// The relayer is about to lose something.
    Lose(Loss),
}

/// What the relayer loses: the next one that comes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A packet of weights.
    Weights,
    /// A transfer of coins.
    Coins,
    /// The answer to a transfer of coins, which has arrived.
    Answer,
}

/// What a relayer does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Brings it.
    Brought,
    /// Brings it twice.
    BroughtTwice,
    /// Keeps it for so many blocks.
    Delayed(u32),
    /// Loses it.
    Lost,
}

/// A story that follows from a seed.
pub struct Story {
    rng: Rng,
    epochs: u32,
    blocks: u32,
    /// The validators of the consumer, by their numbers.
    pub validators: Vec<Validator>,
    vanished: Vec<usize>,
    to_lose: Vec<Loss>,
}

impl Story {
    /// A story of a seed with the active validators of the Cosmos Hub.
    ///
    /// # Errors
    /// When the built-in state cannot be read.
    pub fn new(epochs: u32, blocks: u32, seed: u64) -> Result<Self> {
        let state = HubState::built_in()?;
        let mut validators = Vec::new();
        for it in state.validators.iter().filter(|it| !it.power.is_zero()) {
            validators.push(Validator {
                moniker: it.moniker.clone(),
                power: u64::try_from(it.power.u128())?,
            });
        }
        Ok(Self {
            rng: Rng::new(seed),
            epochs,
            blocks,
            validators,
            vanished: Vec::new(),
            to_lose: Vec::new(),
        })
    }

    /// The powers of the beginning.
    pub fn beginning(&self) -> Vec<CcvAction> {
        let powers: Vec<NewPower> = (0..).zip(&self.validators).map(named).collect();
        let pages = powers.chunks(CHANGES);
        pages.map(|page| CcvAction::Powers(page.to_vec())).collect()
    }

    /// A block with fees, absences, and now and then a power that changes.
    pub fn block(&mut self) -> CcvAction {
        let fees = FEES.map(|most| u128::from(self.rng.between(1, most)));
        let mut changes = Vec::new();
        if self.rng.per_mille(100) {
            let number = self.rng.below(self.validators.len() as u64) as usize;
            let validator = &mut self.validators[number];
            // Most move a little; now and then one leaves, or comes back with little.
            validator.power = match self.rng.below(8) {
                0 => 0,
                _ => (validator.power * self.rng.between(900, 1_120) / 1_000).max(1_000),
            };
            changes.push(named((number, &self.validators[number])));
        }
        let powers = self.validators.iter().map(|it| it.power);
        CcvAction::Block(BlockOf {
            fees: fees.to_vec(),
            proposer: self.rng.weighted(powers).unwrap_or_default(),
            signed_percent: self.rng.between(90, 100),
            changes,
        })
    }

    /// What happens at the start of an epoch, counted from 1. The story has its six turns between
    /// the second epoch and the last but one, at even distances.
    pub fn turn(&mut self, epoch: u32) -> Option<Happening> {
        const TURNS: u32 = 6;
        let turn = (1..=TURNS).find(|turn| 1 + turn * (self.epochs - 2) / TURNS == epoch)?;
        Some(match turn {
            1 => {
                for _ in 0..VANISHED {
                    let number = self.rng.below(self.validators.len() as u64) as usize;
                    if !self.vanished.contains(&number) {
                        self.vanished.push(number);
                    }
                }
                Happening::Vanish(self.vanished.clone())
            }
            2 => Happening::Lose(Loss::Coins),
            3 => Happening::List,
            4 => Happening::Lose(Loss::Weights),
            5 => {
                let returned = self.vanished.len().min(RETURNED);
                Happening::Return(self.vanished.drain(..returned).collect())
            }
            _ => Happening::Lose(Loss::Answer),
        })
    }

    /// Whether a validator is on the provider.
    pub fn exists(&self, number: usize) -> bool {
        !self.vanished.contains(&number)
    }

    /// The relayer loses this when it comes along.
    pub fn will_lose(&mut self, loss: Loss) {
        self.to_lose.push(loss);
    }

    /// What the relayer does with a message. One `at_its_best` loses what it was to lose and brings all
    /// else at once.
    pub fn fate(&mut self, cargo: &Cargo, at_its_best: bool) -> Fate {
        if let Some(place) = self.to_lose.iter().position(|it| cargo.is(*it)) {
            self.to_lose.remove(place);
            return Fate::Lost;
        }
        if at_its_best {
            return Fate::Brought;
        }
        match self.rng.below(100) {
            0..12 => Fate::Delayed(self.rng.between(1, u64::from(self.blocks / 4)) as u32),
            12..20 => Fate::BroughtTwice,
            _ => Fate::Brought,
        }
    }
}

fn named((number, validator): (usize, &Validator)) -> NewPower {
    NewPower {
        validator: number,
        power: validator.power,
    }
}
