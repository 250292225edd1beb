//! Who claims when.

use crate::rng::Rng;

/// When a delegator claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// From time to time.
    NowAndThen,
    /// Only after the last block.
    AtTheEnd,
    /// Not in this story.
    Never,
}

/// A delegator's part in the story.
#[derive(Clone, Debug)]
struct Person {
    habit: Habit,
    claims: u32,
    left: Option<u32>,
}

/// All delegators, by their places in the staking.
#[derive(Clone, Debug)]
pub struct People(Vec<Person>);

impl People {
    /// So many delegators with their habits: one in eight claims at the end, one in eight never.
    pub fn new(count: usize, rng: &mut Rng) -> Self {
        let person = |_| {
            let habit = match rng.below(8) {
                0 => Habit::AtTheEnd,
                1 => Habit::Never,
                _ => Habit::NowAndThen,
            };
            Person {
                habit,
                claims: 0,
                left: None,
            }
        };
        Self((0..count).map(person).collect())
    }

    /// One more delegator, who claims now and then.
    pub fn newcomer(&mut self) {
        self.0.push(Person {
            habit: Habit::NowAndThen,
            claims: 0,
            left: None,
        });
    }

    /// The habit of a delegator.
    pub fn habit(&self, delegator: usize) -> Habit {
        self.0[delegator].habit
    }

    /// Delegators with a habit.
    pub fn all(&self, habit: Habit) -> Vec<usize> {
        (0..self.0.len())
            .filter(|place| self.0[*place].habit == habit)
            .collect()
    }

    /// Counts a claim.
    pub fn claimed(&mut self, delegator: usize) {
        self.0[delegator].claims += 1;
    }

    /// How often a delegator claimed.
    pub fn claims(&self, delegator: usize) -> u32 {
        self.0[delegator].claims
    }

    /// A delegator left a validator in a block.
    pub fn left(&mut self, delegator: usize, block: u32) {
        self.0[delegator].left = Some(block);
    }

    /// The last block in which a delegator left a validator.
    pub fn last_left(&self, delegator: usize) -> Option<u32> {
        self.0[delegator].left
    }
}
