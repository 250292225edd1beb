//! The data of an ICS-20 packet, read as strictly as money asks for.
//!
//! The transfer module decodes it with Go's `encoding/json`, which takes keys in any case, unknown
//! keys and doubled keys (the last one counts), and the amount in several notations. So
//! `{"amount":"1000000","Amount":"1",..}` credits 1. What is read here must mean the same to
//! Go: everything on which the two could differ is refused.

use cosmwasm_std::Uint256;
use serde::{Deserialize, Serialize};

use crate::{CcvError, decimal, json};

/// The port of ICS-20, on every chain.
pub const PORT: &str = "transfer";

const WHAT: &str = "the data of the transfer";

/// `FungibleTokenPacketData` of ICS-20, version 1.
///
/// ```
/// use ccv::transfer::TransferData;
///
/// let data = br#"{"amount":"5","denom":"uatom","memo":"","receiver":"b","sender":"a"}"#;
/// assert_eq!(TransferData::read(data).unwrap().amount.to_string(), "5");
///
/// let doubled = br#"{"amount":"5","Amount":"1","denom":"uatom","memo":"","receiver":"b","sender":"a"}"#;
/// assert!(TransferData::read(doubled).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferData {
    /// The denom with its trace, as the sending chain knows it: see
    /// [`DenomTrace`](crate::denom::DenomTrace).
    pub denom: String,
    /// How much of it, in base units.
    #[serde(with = "decimal")]
    pub amount: Uint256,
    /// Who sent it, an address of the sending chain.
    pub sender: String,
    /// Who gets it, an address of the receiving chain.
    pub receiver: String,
    /// The memo: see [`TransferMemo`](crate::memo::TransferMemo). A packet without one calls no
    /// contract.
    pub memo: String,
}

impl TransferData {
    /// Reads the data of a packet.
    ///
    /// # Errors
    /// [`CcvError::Unreadable`] unless it is an object of exactly the five keys, each a string, the
    /// amount a number below 2^256 of digits without leading zeros; [`CcvError::NoAmount`] for 0.
    pub fn read(data: &[u8]) -> Result<Self, CcvError> {
        // serde would also take an array of the five values.
        if data.trim_ascii_start().first() != Some(&b'{') {
            return Err(json::unreadable(WHAT, "it must be an object"));
        }
        let data: TransferData = json::read(WHAT, data)?;
        if data.amount.is_zero() {
            return Err(CcvError::NoAmount);
        }
        Ok(data)
    }
}
