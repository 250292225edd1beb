//! Random histories of a pool.

use proptest::collection::SizeRange;
use proptest::prelude::*;

/// How large the numbers of a history are.
#[derive(Clone, Copy, Debug)]
pub enum Size {
    /// Powers and amounts that divide badly.
    Small,
    /// Powers whose sum is near 2^63, amounts whose sum is near 2^128.
    Large,
}

impl Size {
    pub fn power(self, raw: u64) -> u64 {
        match self {
            Size::Small => raw % 20,
            // Fourteen of them stay below 2^63.
            Size::Large => raw >> 5,
        }
    }

    pub fn amount(self, raw: u64) -> u128 {
        match self {
            Size::Small => u128::from(raw % 1000) + 1,
            // A thousand of them stay below 2^128.
            Size::Large => u128::from(raw) << 53 | 1,
        }
    }
}

/// One step. Its numbers choose among those who are operators when it is played.
#[derive(Clone, Debug)]
pub enum Step {
    Income {
        denom: usize,
        amount: u64,
        deposited: bool,
    },
    Checkpoint,
    Powers {
        first: usize,
        powers: Vec<u64>,
        by_id: bool,
    },
    Members {
        remove: Option<usize>,
        add: Vec<(usize, u64)>,
    },
    Candidate(usize),
    /// By the admin, of a validator that is named by any account that ever operated it.
    HandOver {
        operator: usize,
        to: usize,
    },
    Offer {
        operator: usize,
        to: usize,
    },
    Accept(usize),
    WithdrawAddress {
        account: usize,
        to: usize,
    },
    Claimer {
        account: usize,
        claimer: Option<usize>,
    },
    Withdraw {
        account: usize,
        by: Withdrawer,
        refused: bool,
    },
    /// A denom is removed, or added again.
    Denom(usize),
    NextBlock,
}

/// Who sends a withdrawal, and where it goes to.
#[derive(Clone, Copy, Debug)]
pub enum Withdrawer {
    Account,
    /// To another account for this once.
    AccountToAnother,
    /// If the account has one.
    Claimer,
}

fn step() -> impl Strategy<Value = Step> {
    let number = 0..1000usize;
    prop_oneof![
        8 => (0..3usize, any::<u64>(), any::<bool>())
            .prop_map(|(denom, amount, deposited)| Step::Income { denom, amount, deposited }),
        2 => Just(Step::Checkpoint),
        4 => (number.clone(), prop::collection::vec(power(), 1..5), any::<bool>())
            .prop_map(|(first, powers, by_id)| Step::Powers { first, powers, by_id }),
        2 => (prop::option::of(number.clone()), prop::collection::vec((number.clone(), power()), 0..3))
            .prop_map(|(remove, add)| Step::Members { remove, add }),
        1 => number.clone().prop_map(Step::Candidate),
        1 => (number.clone(), number.clone())
            .prop_map(|(operator, to)| Step::HandOver { operator, to }),
        2 => (number.clone(), number.clone())
            .prop_map(|(operator, to)| Step::Offer { operator, to }),
        2 => number.clone().prop_map(Step::Accept),
        1 => (number.clone(), number.clone())
            .prop_map(|(account, to)| Step::WithdrawAddress { account, to }),
        1 => (number.clone(), prop::option::weighted(0.8, number.clone()))
            .prop_map(|(account, claimer)| Step::Claimer { account, claimer }),
        5 => (number, withdrawer(), prop::bool::weighted(0.2))
            .prop_map(|(account, by, refused)| Step::Withdraw { account, by, refused }),
        1 => (0..3usize).prop_map(Step::Denom),
        1 => Just(Step::NextBlock),
    ]
}

fn withdrawer() -> impl Strategy<Value = Withdrawer> {
    prop_oneof![
        Just(Withdrawer::Account),
        Just(Withdrawer::AccountToAnother),
        Just(Withdrawer::Claimer),
    ]
}

fn power() -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0u64), 4 => any::<u64>()]
}

/// A validator at the start.
#[derive(Clone, Debug)]
pub struct Genesis {
    pub power: u64,
    /// Thousandths of a base unit that it has earned.
    pub fees: [u32; 3],
}

/// The validators and fees of a new pool, and the steps that follow.
#[derive(Clone, Debug)]
pub struct History {
    pub size: Size,
    pub genesis: Vec<Genesis>,
    /// Base units sent along beyond the imported fees.
    pub surplus: u8,
    pub steps: Vec<Step>,
}

/// Histories of numbers of this size, with so many steps.
pub fn histories(size: Size, steps: impl Into<SizeRange>) -> impl Strategy<Value = History> {
    let genesis = (power(), any::<[u32; 3]>()).prop_map(|(power, fees)| Genesis { power, fees });
    (
        prop::collection::vec(genesis, 0..5),
        any::<u8>(),
        prop::collection::vec(step(), steps),
    )
        .prop_map(move |(genesis, surplus, steps)| History {
            size,
            genesis,
            surplus,
            steps,
        })
}
