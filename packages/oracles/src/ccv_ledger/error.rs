//! Errors of events that cannot be, and of claims about the system under test.

use num_bigint::BigInt;

use super::{ClaimError, NotConserved, ReceivedBound, UnitStage};

/// Why a ledger refuses an event, or what is wrong with the system under test. Amounts are in base
/// units where nothing else is said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CcvLedgerError {
    /// Base and bonus are above 1 in sum.
    #[error("base and bonus are above 1 in sum")]
    BadParams,
    /// A block was to be split over a total power of 2^63 or more.
    #[error("total power {total_power} is not below 2^63")]
    PowerBound {
        /// The total power.
        total_power: u128,
    },
    /// A validator with power was forgotten.
    #[error("{validator} has power and was forgotten")]
    HasPower {
        /// The validator.
        validator: String,
    },
    /// The total ever received of a denom would reach 2^128.
    #[error(transparent)]
    ReceivedBound(#[from] ReceivedBound),
    /// A denom has no unit under way.
    #[error("no unit of {denom} is under way")]
    NoUnit {
        /// The denom.
        denom: String,
    },
    /// A denom closes while its last unit is under way.
    #[error("{denom} closes while its last unit is {stage}")]
    UnderWay {
        /// The denom.
        denom: String,
        /// Where the last unit is.
        stage: UnitStage,
    },
    /// An event that cannot be at the stage of the unit.
    #[error("cannot {verb} a unit of {denom} that is {stage}: it must be {expected}")]
    WrongStage {
        /// The denom.
        denom: String,
        /// The event.
        verb: &'static str,
        /// Where the unit is.
        stage: UnitStage,
        /// Where it had to be.
        expected: UnitStage,
    },
    /// A unit has tokens that no rounding of its weights explains.
    #[error("{denom} closes with {tokens} tokens, which must be {least} to {most}")]
    Tokens {
        /// The denom.
        denom: String,
        /// The unit's tokens.
        tokens: u128,
        /// The least.
        least: u128,
        /// The most.
        most: u128,
    },
    /// More comes back than was written off.
    #[error("{tokens} {denom} come back, and {written_off} were written off")]
    NotWrittenOff {
        /// The denom.
        denom: String,
        /// What comes back.
        tokens: u128,
        /// What was written off and did not come back.
        written_off: u128,
    },
    /// Tokens arrive for an epoch that is not above the last one that arrived.
    #[error("tokens of {unit} arrive after those of epoch {last}")]
    EpochNotNew {
        /// The unit.
        unit: String,
        /// The last epoch that arrived.
        last: u64,
    },
    /// A unit has no tokens that wait.
    #[error("no tokens of {unit} wait")]
    NotWaiting {
        /// The unit.
        unit: String,
    },
    /// A unit is processed before one of an earlier epoch.
    #[error("{unit} is processed before epoch {earlier}")]
    OutOfOrder {
        /// The unit.
        unit: String,
        /// The earlier epoch whose tokens wait.
        earlier: u64,
    },
    /// The weights of a unit are 0 in sum.
    #[error("the weights of {unit} are 0 in sum")]
    NoWeights {
        /// The unit.
        unit: String,
    },
    /// A validator is paid more than it is owed.
    #[error("{validator} is paid {coins} {denom} and is owed {owed}")]
    NotOwed {
        /// The validator.
        validator: String,
        /// The denom.
        denom: String,
        /// The payment.
        coins: u128,
        /// What is owed.
        owed: u128,
    },
    /// A validator has no part of the last unit that could go to the carry.
    #[error("{validator} has no part of the last unit of {denom} from {consumer} any more")]
    NoPart {
        /// The consumer.
        consumer: String,
        /// The denom.
        denom: String,
        /// The validator.
        validator: String,
    },
    /// What the system holds for a validator is not its exact share.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The parts of a ledger do not add up to what it received.
    #[error(transparent)]
    NotConserved(#[from] NotConserved),
    /// A system's total differs from the exact one.
    #[error("the system holds {found} points of {denom}, and must hold {expected}")]
    Held {
        /// The denom.
        denom: String,
        /// The system's, in points (10^-36 base units).
        found: BigInt,
        /// The exact one, in points.
        expected: BigInt,
    },
    /// What arrived by one ledger is not what left by the other.
    #[error("{left} {denom} arrived by the consumer's ledger, {arrived} by the provider's")]
    NotTheSame {
        /// The consumer's denom.
        denom: String,
        /// By the consumer's ledger.
        left: u128,
        /// By the provider's.
        arrived: u128,
    },
}
