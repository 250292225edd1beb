use ccv::CcvError;
use chain_types::address::AddressError;
use cosmwasm_std::{Coin, Decimal256, StdError, Timestamp};
use cw_utils::PaymentError;
use distribution_math::MathError;
use pool_kit::KitError;
use thiserror::Error;
use validator_rewards::RewardsError;

use crate::msg::Order;
use crate::unit::WrongStage;

/// Why the contract refuses a message. Every refusal leaves state and balances as they were.
#[derive(Error, Debug)]
pub enum ContractError {
    /// Host or storage.
    #[error("{0}")]
    Std(#[from] StdError),
    /// A rule that all contracts of the suite have.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// A bound of the arithmetic.
    #[error(transparent)]
    Math(#[from] MathError),
    /// A rule of blocks and powers.
    #[error(transparent)]
    Rewards(#[from] RewardsError),
    /// A rule of packets and units on the wire.
    #[error(transparent)]
    Ccv(#[from] CcvError),
    /// Funds where none belong, or none where some do.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// A unit that is in another stage.
    #[error(transparent)]
    WrongStage(#[from] WrongStage),

    /// A fraction for stakers that nobody collects for.
    #[error("consumer_redistribution_fraction {fraction} needs a fee_pool")]
    NoFeePool {
        /// The fraction.
        fraction: Decimal256,
    },
    /// Distributions need blocks between them.
    #[error("blocks_per_distribution_transmission must be at least 1")]
    ZeroBlocks,
    /// A timeout that no relayer keeps, or that nobody waits for.
    #[error("a timeout of {seconds} seconds must be from {least} to {most}")]
    Timeout {
        /// The refused timeout.
        seconds: u64,
        /// The shortest.
        least: u64,
        /// The longest.
        most: u64,
    },
    /// The prefix is not that of the receiver.
    #[error("provider: prefix {prefix} is not that of the receiver {receiver}")]
    ProviderPrefix {
        /// The prefix.
        prefix: String,
        /// The receiver.
        receiver: String,
    },

    /// A step of a handshake that the provider began, or a packet of the provider.
    #[error("the channel is opened by the consumer, this contract")]
    HandshakeFromProvider,
    /// A handshake with somebody else than the provider.
    #[error("{what} {found} of the channel must be {expected}")]
    Handshake {
        /// What differs.
        what: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: String,
    },
    /// A handshake with another order.
    #[error("the channel must be {expected}")]
    ChannelOrder {
        /// The order it must have.
        expected: Order,
    },
    /// A second channel.
    #[error("{channel} is open: close or abandon it before another one is opened")]
    ChannelIsOpen {
        /// The open one.
        channel: String,
    },
    /// Only the owner lets a channel be closed.
    #[error("{channel} may not be closed: the owner has not allowed it")]
    CloseNotAllowed {
        /// The channel.
        channel: String,
    },
    /// A channel that is not the one of now.
    #[error("{channel} is not the CCV channel of this contract")]
    UnknownChannel {
        /// The channel.
        channel: String,
    },
    /// What needs the CCV channel.
    #[error("there is no open CCV channel")]
    NoOpenChannel,
    /// What needs the transfer channel.
    #[error("transfer channel {channel} is not open")]
    TransferChannelNotOpen {
        /// The channel.
        channel: String,
    },
    /// This contract sends packets and receives none.
    #[error("this contract receives no packets")]
    NoPackets,

    /// A probe has passed already.
    #[error("a probe has passed already: the contract is active")]
    AlreadyActive,
    /// One probe at a time.
    #[error("probe {nonce} is under way until {until}")]
    ProbeUnderWay {
        /// Its number.
        nonce: u32,
        /// When the next one may begin at the latest.
        until: Timestamp,
    },
    /// A probe takes two units of one denom.
    #[error("a probe takes 2 units of a reward denom, the funds sent are {sent}")]
    ProbeFunds {
        /// What came along.
        sent: Coin,
    },
    /// The chain does not take a coin of a probe.
    #[error("a coin of the probe cannot be sent: {reason}")]
    ProbeNotSent {
        /// The chain's reason.
        reason: String,
    },
    /// An answer for a probe that is over.
    #[error("probe {nonce} is not under way")]
    NoSuchProbe {
        /// Its number.
        nonce: u32,
    },

    /// A denom without a unit under way.
    #[error("no unit of {denom} is under way")]
    NoUnit {
        /// The denom.
        denom: String,
    },
    /// An answer for a unit that is over.
    #[error("epoch {epoch} of {denom} is not under way")]
    NoSuchUnit {
        /// The denom.
        denom: String,
        /// The epoch.
        epoch: u32,
    },
    /// An answer for another attempt than the one that is under way.
    #[error("epoch {epoch} of {denom}: this is not the attempt that is under way")]
    OtherAttempt {
        /// The denom.
        denom: String,
        /// The epoch.
        epoch: u32,
    },
    /// A transfer of somebody else.
    #[error("a transfer by {sender} on port {port} is none of this contract")]
    ForeignTransfer {
        /// Who sent it.
        sender: String,
        /// Through which module.
        port: String,
    },
    /// An acknowledgement of a transfer that says neither.
    #[error("the outcome of the transfer is unknown: {reason}")]
    UnknownOutcome {
        /// What is wrong with it.
        reason: String,
    },
    /// The callback of a transfer is waited for.
    #[error("the callback of the transfer is waited for until {from}, in seconds; now is {now}")]
    TooEarly {
        /// The block's time.
        now: u64,
        /// When the waiting ends.
        from: u64,
    },
    /// A question that nobody can answer any more.
    #[error("{receiver} got the transfer and is not the provider of now: it can be released")]
    FormerProvider {
        /// Where the transfer went.
        receiver: String,
    },
    /// Weights name validators as the chain of the provider does.
    #[error(
        "epoch {epoch} of {denom} names validators of {prefix}: release it before that changes"
    )]
    NamesOfOtherPrefix {
        /// The unit's epoch.
        epoch: u32,
        /// Its denom.
        denom: String,
        /// The prefix of now.
        prefix: String,
    },
    /// Coins that are the next block's fees.
    #[error("{denom} is received: what has come in is split in the next block")]
    ReceivedDenom {
        /// The denom.
        denom: String,
    },
    /// A sudo that is not known.
    #[error("no such sudo is known: {name}")]
    UnknownSudo {
        /// Its name.
        name: String,
    },
    /// A reply that belongs to no message of this contract.
    #[error("reply id {id} belongs to no message of this contract")]
    UnknownReply {
        /// The id.
        id: u64,
    },
}

impl From<AddressError> for ContractError {
    fn from(error: AddressError) -> Self {
        ContractError::Kit(error.into())
    }
}
