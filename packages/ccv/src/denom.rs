//! The name of a coin on the chain at which it arrives.
//!
//! The rules are those of ibc-go 10 (`modules/apps/transfer`: `types/denom.go` and `OnRecvPacket`
//! in `keeper/relay.go`).

use std::fmt;

use chain_types::text::head;
use cosmwasm_std::{HexBinary, IbcEndpoint};

use crate::CcvError;
use crate::sha256::sha256;

/// Bytes of a path that an error repeats.
const SHOWN: usize = 128;

/// The client of a chain with itself, whose name has another form than those of other clients.
const LOCALHOST_CLIENT: &str = "09-localhost";

/// A denom with the channels over which it came, the last one first.
///
/// It is displayed as the path that stands in a packet.
///
/// ```
/// use ccv::denom::DenomTrace;
/// use cosmwasm_std::IbcEndpoint;
///
/// let end = |channel: &str| IbcEndpoint {
///     port_id: "transfer".to_string(),
///     channel_id: channel.to_string(),
/// };
/// // The consumer's own coin becomes a voucher of the provider.
/// let arrived = DenomTrace::read("uatom").unwrap().received(&end("channel-7"), &end("channel-0"));
/// assert_eq!(arrived.to_string(), "transfer/channel-0/uatom");
/// assert_eq!(
///     arrived.local_denom(),
///     "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2",
/// );
/// // The provider's own coin comes home.
/// let home = DenomTrace::read("transfer/channel-7/stake").unwrap();
/// assert_eq!(home.received(&end("channel-7"), &end("channel-0")).local_denom(), "stake");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenomTrace {
    hops: Vec<IbcEndpoint>,
    base: String,
}

impl DenomTrace {
    /// Reads the path of a packet's denom: `transfer/channel-0/uatom`, `gamm/pool/1`.
    ///
    /// Pairs at the start whose second part has the form of a channel or client (`channel-0`,
    /// `07-tendermint-5`) are hops; the rest is the base denom, whatever is in it.
    ///
    /// # Errors
    /// [`CcvError::NoBaseDenom`].
    pub fn read(path: &str) -> Result<Self, CcvError> {
        let parts: Vec<&str> = path.split('/').collect();
        // With two parts nothing is left for a base denom, so it is one itself.
        let hops: Vec<IbcEndpoint> = if parts.len() > 2 {
            parts.chunks_exact(2).map_while(hop).collect()
        } else {
            Vec::new()
        };
        let base = parts.iter().skip(hops.len().saturating_mul(2));
        let base = base.copied().collect::<Vec<&str>>().join("/");
        if base.trim().is_empty() {
            return Err(CcvError::NoBaseDenom {
                path: head(path, SHOWN).to_string(),
            });
        }
        Ok(DenomTrace { hops, base })
    }

    /// The denom as the chain names it to which the trace belongs: the base denom if it came over
    /// no channel, else `ibc/` and the SHA-256 of the path in capital hex digits.
    ///
    /// On the trace of a packet it is the name on the sending chain, on what
    /// [`DenomTrace::received`] gives the name on the receiving one.
    pub fn local_denom(&self) -> String {
        if self.hops.is_empty() {
            return self.base.clone();
        }
        let hash = HexBinary::from(sha256(self.to_string().as_bytes()));
        format!("ibc/{}", hash.to_hex().to_ascii_uppercase())
    }

    /// The trace on the receiving chain, when a packet with this trace went from `source` to
    /// `destination`.
    ///
    /// A coin whose last hop is the packet's source came from the receiving chain over the same
    /// channel: the hop is taken off. Otherwise the destination is put before the others.
    pub fn received(&self, source: &IbcEndpoint, destination: &IbcEndpoint) -> Self {
        let hops = match self.hops.split_first() {
            Some((last, earlier)) if last == source => earlier.to_vec(),
            _ => std::iter::once(destination)
                .chain(&self.hops)
                .cloned()
                .collect(),
        };
        DenomTrace {
            hops,
            base: self.base.clone(),
        }
    }
}

impl fmt::Display for DenomTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for hop in &self.hops {
            write!(f, "{}/{}/", hop.port_id, hop.channel_id)?;
        }
        f.write_str(&self.base)
    }
}

/// The hop that a pair of parts is, if it is one.
fn hop(pair: &[&str]) -> Option<IbcEndpoint> {
    match pair {
        [port, channel] if is_hop_identifier(channel) => Some(IbcEndpoint {
            port_id: (*port).to_string(),
            channel_id: (*channel).to_string(),
        }),
        _ => None,
    }
}

/// Whether ibc-go takes a text for the identifier of a channel or client: `\w+([\w-]+\w)?`, a
/// hyphen, and a number of 1 to 20 digits below 2^64. (The form of channels is a special case of
/// it.)
fn is_hop_identifier(text: &str) -> bool {
    let Some((kind, number)) = text.rsplit_once('-') else {
        return false;
    };
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let is_kind = kind.bytes().all(|byte| is_word(&byte) || byte == b'-')
        && kind.as_bytes().first().is_some_and(is_word)
        && kind.as_bytes().last().is_some_and(is_word);
    let is_number = (1..=20).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && number.parse::<u64>().is_ok();
    text == LOCALHOST_CLIENT || (is_kind && is_number)
}
