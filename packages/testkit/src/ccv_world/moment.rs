//! Moments of a consumer and its provider, to come back to.

use sha2::{Digest as _, Sha256};

use super::action::Side;
use super::{CcvHarness, CcvModel};
use crate::wire::WireSnapshot;

/// What a search through states comes back to.
#[derive(Clone)]
pub struct CcvMoment {
    wire: WireSnapshot,
    model: CcvModel,
}

/// The namespace of connections and the light clients below them. What a client has seen last decides
/// nothing as long as the clocks of both chains move together.
const CLIENTS: &[u8] = b"\x00\x0fibc_connections";

impl CcvHarness {
    /// This moment.
    #[must_use]
    pub fn moment(&self) -> CcvMoment {
        CcvMoment {
            wire: self.suite.wire().snapshot(),
            model: self.model.clone(),
        }
    }

    /// Goes back to a moment of this harness.
    pub fn restore(&mut self, moment: &CcvMoment) {
        self.suite.wire_mut().restore(&moment.wire);
        self.model.clone_from(&moment.model);
    }
}

impl CcvMoment {
    /// Tells two moments apart: a hash of all that both chains store (the contracts, the bank, the
    /// packets between them), their clocks, and what was lost. Light clients are left out.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let mut bytes = Vec::new();
        let mut add = |part: &[u8]| {
            bytes.extend_from_slice(&part.len().to_le_bytes());
            bytes.extend_from_slice(part);
        };
        for side in [Side::Consumer, Side::Provider] {
            let Some(chain) = self.wire.chain(side.chain()) else {
                continue;
            };
            add(&chain.block().height.to_le_bytes());
            add(&chain.block().time.nanos().to_le_bytes());
            for (key, value) in chain.storage().records() {
                if !key.starts_with(CLIENTS) {
                    add(key);
                    add(value);
                }
            }
        }
        for message in self.wire.dropped() {
            add(format!("{message:?}").as_bytes());
        }
        Sha256::digest(bytes).into()
    }
}
