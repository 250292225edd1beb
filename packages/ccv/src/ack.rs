//! Acknowledgements of packets and transfers, written and read.
//!
//! A refusal is not written here: it is an `Err` from `ibc_packet_receive`, whose text the chain
//! puts into an error acknowledgement. ibc-go encodes again what parses as a standard
//! acknowledgement and rejects a difference (an escape, a space), and such a one could never be
//! relayed. Those written here are `{"result":".."}` with base64 in it, which has one encoding.
//!
//! Reading never fails, because an error from `ibc_packet_ack` would make the packet unrelayable
//! for ever.

use cosmwasm_std::{StdAck, Timestamp};

use crate::json;

/// The payload of a success that says nothing more, the same as that of ICS-20.
const DONE: &[u8] = b"\x01";

const WHAT: &str = "the acknowledgement";

/// What an acknowledgement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ack<T> {
    /// It was done, and this is the answer.
    Success(T),
    /// It was refused, and nothing was changed at the other end.
    Refused {
        /// The first 256 bytes of the text that the other end gives.
        reason: String,
    },
    /// It says neither.
    Unreadable {
        /// The first 256 bytes of what is wrong with it.
        reason: String,
    },
}

/// What became of a transfer, as the provider sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferStatus {
    /// The coins arrived.
    Arrived,
    /// They did not and cannot any more: the provider's clock has reached the transfer's timeout,
    /// and ibc-go refuses to receive a packet from then on.
    Expired,
    /// They did not and still can.
    Pending,
}

const STATUSES: [TransferStatus; 3] = [
    TransferStatus::Arrived,
    TransferStatus::Expired,
    TransferStatus::Pending,
];

impl TransferStatus {
    /// The status at the time `now` of a transfer with this timeout.
    ///
    /// ```
    /// use ccv::ack::TransferStatus;
    /// use cosmwasm_std::Timestamp;
    ///
    /// let (before, at) = (Timestamp::from_nanos(9), Timestamp::from_nanos(10));
    /// assert_eq!(TransferStatus::at(before, at, false), TransferStatus::Pending);
    /// assert_eq!(TransferStatus::at(at, at, false), TransferStatus::Expired);
    /// assert_eq!(TransferStatus::at(at, at, true), TransferStatus::Arrived);
    /// ```
    pub fn at(now: Timestamp, timeout: Timestamp, has_arrived: bool) -> Self {
        // ibc-go's `Timeout.Elapsed`: the time of the timeout itself is past it.
        match (has_arrived, now >= timeout) {
            (true, _) => TransferStatus::Arrived,
            (false, true) => TransferStatus::Expired,
            (false, false) => TransferStatus::Pending,
        }
    }

    /// `arrived`, `expired` or `pending`: the payload of the acknowledgement.
    pub fn as_str(self) -> &'static str {
        match self {
            TransferStatus::Arrived => "arrived",
            TransferStatus::Expired => "expired",
            TransferStatus::Pending => "pending",
        }
    }
}

/// The acknowledgement of weights, whether they are new, known already or out of date.
///
/// ```
/// assert_eq!(ccv::ack::weights_ack().to_binary(), br#"{"result":"AQ=="}"#);
/// ```
pub fn weights_ack() -> StdAck {
    StdAck::success(DONE)
}

/// The acknowledgement of a question for a transfer's status.
///
/// ```
/// use ccv::ack::{TransferStatus, status_ack};
///
/// assert_eq!(status_ack(TransferStatus::Arrived).to_binary(), br#"{"result":"YXJyaXZlZA=="}"#);
/// ```
pub fn status_ack(status: TransferStatus) -> StdAck {
    StdAck::success(status.as_str().as_bytes())
}

/// Reads what [`weights_ack`] wrote. Another payload is unreadable.
pub fn read_weights_ack(ack: &[u8]) -> Ack<()> {
    read(ack, |payload| (payload == DONE).then_some(()))
}

/// Reads what [`status_ack`] wrote. Another payload is unreadable.
pub fn read_status_ack(ack: &[u8]) -> Ack<TransferStatus> {
    read(ack, |payload| {
        STATUSES
            .into_iter()
            .find(|status| status.as_str().as_bytes() == payload)
    })
}

/// Reads the acknowledgement of an ICS-20 transfer. Every result is a success, as it is for
/// ibc-go, which gives the coins back for an error only.
pub fn read_transfer_ack(ack: &[u8]) -> Ack<()> {
    read(ack, |_| Some(()))
}

fn read<T>(ack: &[u8], answer: impl Fn(&[u8]) -> Option<T>) -> Ack<T> {
    match json::read(WHAT, ack) {
        Ok(StdAck::Success(payload)) => match answer(&payload) {
            Some(answer) => Ack::Success(answer),
            None => Ack::Unreadable {
                reason: json::shown(&format!("unknown result {payload}")),
            },
        },
        Ok(StdAck::Error(reason)) => Ack::Refused {
            reason: json::shown(&reason),
        },
        Err(error) => Ack::Unreadable {
            reason: json::shown(&error.to_string()),
        },
    }
}
