//! The memo of a transfer, which names the unit that the coins belong to.
//!
//! The callbacks middleware (ADR-8) finds in it which contracts to call on both chains.

use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::{CcvError, json};

const WHAT: &str = "the memo";

/// The memo of a transfer from a consumer to a provider.
///
/// ```
/// use ccv::memo::{Callback, Purpose, TransferMemo};
/// use ccv::name::Name;
///
/// let name = |text: &str| Name::new(text).unwrap();
/// let memo = TransferMemo {
///     src_callback: Callback { address: name("consumer1pools") },
///     dest_callback: Callback { address: name("provider1pool") },
///     purpose: Purpose::CcvDistribution { epoch: 7, denom: name("uatom"), attempt: 1 },
/// };
/// let text = concat!(
///     r#"{"src_callback":{"address":"consumer1pools"},"dest_callback":{"address":"provider1pool"},"#,
///     r#""ccv_distribution":{"epoch":7,"denom":"uatom","attempt":1}}"#,
/// );
/// assert_eq!(memo.write().unwrap(), text);
/// assert_eq!(TransferMemo::read(text).unwrap(), memo);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferMemo {
    /// Called on the consumer with the acknowledgement or timeout: the sender of the coins.
    pub src_callback: Callback,
    /// Called on the provider with the coins: their receiver.
    pub dest_callback: Callback,
    /// What the coins are for.
    #[serde(flatten)]
    pub purpose: Purpose,
}

/// A contract that the callbacks middleware calls, with the chain's own limit of gas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Callback {
    /// Its address.
    pub address: Name,
}

/// What the coins of a transfer are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Purpose {
    /// They are a unit's rewards.
    CcvDistribution {
        /// The unit's epoch.
        epoch: u32,
        /// The unit's denom, as the consumer names it: the
        /// [`local_denom`](crate::denom::DenomTrace::local_denom) of the denom in the same packet.
        /// Reading the memo does not compare the two.
        denom: Name,
        /// How often the unit has been sent, this time included.
        attempt: u32,
    },
    /// They test whether both chains call contracts and give back what is refused.
    CcvProbe {
        /// Names the probe.
        nonce: u32,
        /// What the provider must do.
        expect: Expect,
    },
}

/// What the provider must do with the coins of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Keep them.
    Arrival,
    /// Refuse them: they must come back.
    Refusal,
}

impl TransferMemo {
    /// Reads a memo, which must be spelled exactly as [`TransferMemo::write`] does.
    ///
    /// # Errors
    /// [`CcvError::Unreadable`], [`CcvError::OtherSpelling`].
    pub fn read(memo: &str) -> Result<Self, CcvError> {
        json::read_exact(WHAT, memo.as_bytes())
    }

    /// The text of the memo.
    ///
    /// # Errors
    /// [`CcvError::Unwritable`].
    pub fn write(&self) -> Result<String, CcvError> {
        let text = json::write(WHAT, self)?;
        String::from_utf8(text).map_err(|error| json::unreadable(WHAT, &error.to_string()))
    }
}
