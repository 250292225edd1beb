use ccv::CcvError;
use chain_types::staking_query::NoAnswer;
use cosmwasm_std::{Coin, StdError, Uint256};
use cw_utils::PaymentError;
use distribution_math::MathError;
use pool_kit::KitError;
use thiserror::Error;

/// Why the contract refuses a message, a packet or coins. Every refusal leaves state and balances as
/// they were.
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
    /// A rule of packets, memos and weights.
    #[error(transparent)]
    Ccv(#[from] CcvError),
    /// Funds where none belong.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The chain does not say whether a validator exists.
    #[error(transparent)]
    NoAnswer(#[from] NoAnswer),

    /// An id that no consumer has.
    #[error("no consumer is registered as {consumer}")]
    UnknownConsumer {
        /// The id.
        consumer: String,
    },
    /// An id that a consumer has already.
    #[error("a consumer is registered as {consumer} already")]
    ConsumerExists {
        /// The id.
        consumer: String,
    },
    /// An id that is too long.
    #[error("an id has {length} characters, the limit is {limit}")]
    IdLength {
        /// Its length.
        length: usize,
        /// The limit.
        limit: usize,
    },
    /// Two consumers cannot be told apart.
    #[error(
        "consumer {consumer} has this connection and port, or this transfer channel and contract, already"
    )]
    PeerTaken {
        /// The other consumer.
        consumer: String,
    },
    /// A consumer that is paused or being removed.
    #[error("consumer {consumer} is paused or being removed")]
    NotActive {
        /// The consumer.
        consumer: String,
    },
    /// A denom that a consumer may not pay in.
    #[error("`{denom}` is not among the denoms of consumer {consumer}")]
    UnlistedDenom {
        /// The consumer.
        consumer: String,
        /// The denom, as the consumer names it.
        denom: String,
    },
    /// More denoms than a consumer may pay in.
    #[error("{denoms} denoms are above the limit of {limit} for a consumer")]
    TooManyDenoms {
        /// Denoms there would be.
        denoms: usize,
        /// The limit.
        limit: usize,
    },
    /// More denoms than are kept of a consumer, those that are not listed any more counted too.
    #[error(
        "{denoms} denoms would be kept of consumer {consumer}, with those of which something arrived \
         earlier: the limit is {limit}"
    )]
    TooManyKeptDenoms {
        /// The consumer.
        consumer: String,
        /// Denoms there would be.
        denoms: usize,
        /// The limit.
        limit: usize,
    },
    /// More overrides than a consumer may have.
    #[error("consumer {consumer} has {limit} overridden validators, which is the limit")]
    TooManyOverrides {
        /// The consumer.
        consumer: String,
        /// The limit.
        limit: usize,
    },

    /// The consumer opens the channel.
    #[error("a CCV channel is opened by the consumer, not from this end")]
    OpensNoChannel,
    /// A handshake of somebody who is not registered.
    #[error("no consumer is registered for port {port_id} on {connection_id}")]
    UnknownPeer {
        /// The connection.
        connection_id: String,
        /// The port of the other end.
        port_id: String,
    },
    /// A channel of another version.
    #[error("version `{version}` must be {}", ccv::packet::VERSION)]
    ChannelVersion {
        /// The version.
        version: String,
    },
    /// A channel of another order.
    #[error("the channel has not the order that consumer {consumer} is registered with")]
    ChannelOrder {
        /// The consumer.
        consumer: String,
    },
    /// A second channel of a consumer.
    #[error("{channel_id} of consumer {consumer} is open")]
    ChannelIsOpen {
        /// The consumer.
        consumer: String,
        /// Its channel.
        channel_id: String,
    },
    /// A channel that is no consumer's, or was abandoned.
    #[error("{channel_id} is not the CCV channel of a consumer")]
    UnknownChannel {
        /// The channel.
        channel_id: String,
    },
    /// A channel is closed from this end with the owner's leave only.
    #[error("{channel_id} may not be closed from this end: the owner has not allowed it")]
    CloseNotAllowed {
        /// The channel.
        channel_id: String,
    },
    /// An epoch or nonce that is not above the last one whose coins arrived.
    #[error("{number} is not above {last}, the last one whose coins arrived")]
    OutOfDate {
        /// The epoch or nonce.
        number: u32,
        /// The last one.
        last: u32,
    },
    /// Coins whose weights are not kept any more.
    #[error("weights of epoch {later} have taken the place of those of epoch {epoch}")]
    WeightsReplaced {
        /// The epoch of the coins.
        epoch: u32,
        /// The epoch of the weights that have come.
        later: u32,
    },

    /// A packet of another application.
    #[error("the coins came from port {source_port} to {destination_port}, both must be transfer")]
    OtherPort {
        /// Where it was sent from.
        source_port: String,
        /// Where it arrived.
        destination_port: String,
    },
    /// A transfer that did not credit anything.
    #[error("the transfer was not a success")]
    TransferFailed,
    /// Coins of somebody who is not registered.
    #[error("no consumer is registered to send as {sender} over {channel_id}")]
    UnknownSender {
        /// Who sent them.
        sender: String,
        /// The channel on this chain.
        channel_id: String,
    },
    /// A transfer channel to another chain.
    #[error("{channel_id} is on {connection_id}, the consumer's connection is {expected}")]
    OtherConnection {
        /// The channel on this chain.
        channel_id: String,
        /// Its connection; `none` when it is not open.
        connection_id: String,
        /// The connection it must have.
        expected: String,
    },
    /// Coins for somebody else.
    #[error("the coins are for {receiver}, not for this contract")]
    OtherReceiver {
        /// Who gets them.
        receiver: String,
    },
    /// A memo that names other contracts than sender and receiver.
    #[error("the memo's callbacks must be the sender and the receiver of the coins")]
    OtherCallbacks,
    /// The chain says something else than the packet.
    #[error("the chain describes the transfer otherwise than its packet")]
    OtherTransfer,
    /// Coins of a consumer whose weights have no way to come.
    #[error("consumer {consumer} has no CCV channel: its coins are taken after a handshake")]
    NoChannel {
        /// The consumer.
        consumer: String,
    },
    /// A denom of a consumer that arrives under another name here than before.
    #[error("the coins arrive as {arrived}, the same denom of this consumer arrived as {known}")]
    OtherVoucher {
        /// The name now.
        arrived: String,
        /// The name before.
        known: String,
    },
    /// The memo names another denom than the packet.
    #[error("the memo names the denom {memo}, the packet carries {packet}")]
    OtherDenom {
        /// The memo's, as the consumer names it.
        memo: String,
        /// The packet's, as the consumer names it.
        packet: String,
    },
    /// Coins that are not in the balance.
    #[error("{amount} is more than the balance of {balance} has beyond what is owed")]
    NotCredited {
        /// What should have come.
        amount: Coin,
        /// What is there.
        balance: Uint256,
    },
    /// A probe that tests refusals.
    #[error("probe {nonce} is refused, as it asks for")]
    ProbeRefused {
        /// Its nonce.
        nonce: u32,
    },
    /// More units than may wait.
    #[error("{limit} units of consumer {consumer} in {denom} wait already: process them first")]
    TooManyWaiting {
        /// The consumer.
        consumer: String,
        /// The denom, as the consumer names it.
        denom: String,
        /// The limit.
        limit: u32,
    },

    /// A unit of which nothing has arrived, or that is done.
    #[error("nothing is kept of epoch {epoch} of {denom} of consumer {consumer}")]
    UnknownUnit {
        /// The consumer.
        consumer: String,
        /// The epoch.
        epoch: u32,
        /// The denom, as the consumer names it.
        denom: String,
    },
    /// Units are processed in the order of their epochs.
    #[error("epoch {epoch} comes after epoch {earlier}, which is not done")]
    EarlierUnit {
        /// The epoch.
        epoch: u32,
        /// The one that comes first.
        earlier: u32,
    },
    /// A unit that cannot be divided yet.
    #[error("the {missing} of epoch {epoch} of {denom} have not all arrived")]
    UnitIncomplete {
        /// The epoch.
        epoch: u32,
        /// The denom, as the consumer names it.
        denom: String,
        /// What is missing.
        missing: &'static str,
    },
    /// A unit whose coins are not waiting for weights.
    #[error(
        "epoch {epoch} of {denom} of consumer {consumer} has no coins that wait for their weights"
    )]
    NoOrphan {
        /// The consumer.
        consumer: String,
        /// The epoch.
        epoch: u32,
        /// The denom, as the consumer names it.
        denom: String,
    },
    /// The fee pool answers about fewer or more validators than it was asked for.
    #[error("asked for {asked} validators, the fee pool answered for {answered}")]
    WrongAnswer {
        /// How many it was asked for.
        asked: usize,
        /// How many it answered for.
        answered: usize,
    },
    /// A group without an admin has no community pool.
    #[error("the group {group} has no admin to pay: it stays owed")]
    NoAdmin {
        /// The group.
        group: String,
    },
    /// A payment that has not failed.
    #[error("nothing of {denom} is owed to {payee}")]
    NothingOwed {
        /// Whom it would be owed to.
        payee: String,
        /// The denom, as this chain names it.
        denom: String,
    },
}
