//! The CCV channel: its version and its packets.

use cosmwasm_std::{Binary, Timestamp};
use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::weights::WeightsChunk;
use crate::{CcvError, decimal, json};

/// The version of the channel, which both ends agree on in the handshake, byte by byte.
pub const VERSION: &str = r#"{"protocol":"ccv-distribution","version":"1"}"#;

/// The most bytes of a packet. A chunk of 64 entries whose names and weights are as long as
/// possible is below it.
pub const MAX_PACKET_BYTES: usize = 16_384;

const WHAT: &str = "the CCV packet";

/// What a consumer sends over the channel. Every packet is self-describing and may come in any
/// order, and more than once.
///
/// ```
/// use ccv::name::Name;
/// use ccv::packet::{CcvPacket, StatusRequest};
/// use cosmwasm_std::Timestamp;
///
/// let packet = CcvPacket::Status(StatusRequest {
///     epoch: 7,
///     denom: Name::new("uatom").unwrap(),
///     timeout: Timestamp::from_nanos(1_700_000_000_000_000_000),
/// });
/// let data = br#"{"status":{"epoch":7,"denom":"uatom","timeout":"1700000000000000000"}}"#;
/// assert_eq!(packet.write().unwrap(), data);
/// assert_eq!(CcvPacket::read(data).unwrap(), packet);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CcvPacket {
    /// Some of a unit's weights.
    Weights(WeightsChunk),
    /// Asks whether the coins of a unit have arrived.
    Status(StatusRequest),
    /// Asks whether the coins of a probe have arrived.
    ProbeStatus(ProbeStatusRequest),
}

/// Asks what became of a unit's transfer. The answer is a
/// [`TransferStatus`](crate::ack::TransferStatus) in the acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRequest {
    /// The unit's epoch.
    pub epoch: u32,
    /// The unit's denom, as the consumer names it.
    pub denom: Name,
    /// The timeout of the transfer, on the provider's clock. It tells the attempts of a unit apart.
    #[serde(with = "decimal")]
    pub timeout: Timestamp,
}

/// Asks what became of a probe's transfer, which belongs to no epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeStatusRequest {
    /// The nonce in the transfer's memo.
    pub nonce: u32,
    /// The timeout of the transfer, on the provider's clock.
    #[serde(with = "decimal")]
    pub timeout: Timestamp,
}

impl CcvPacket {
    /// Reads the data of a packet, which must be spelled exactly as [`CcvPacket::write`] does.
    ///
    /// The cost is linear in the size of the data.
    ///
    /// # Errors
    /// [`CcvError::PacketSize`], [`CcvError::Unreadable`] for anything that is no packet or breaks
    /// a rule of [`WeightsChunk`], [`CcvError::OtherSpelling`].
    pub fn read(data: &[u8]) -> Result<Self, CcvError> {
        if data.len() > MAX_PACKET_BYTES {
            return Err(CcvError::PacketSize {
                bytes: data.len(),
                most: MAX_PACKET_BYTES,
            });
        }
        json::read_exact(WHAT, data)
    }

    /// The data of the packet.
    ///
    /// # Errors
    /// [`CcvError::Unwritable`].
    pub fn write(&self) -> Result<Binary, CcvError> {
        json::write(WHAT, self).map(Binary::new)
    }
}
