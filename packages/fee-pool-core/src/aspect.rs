//! Before activation: what events have written, aspect by aspect.
//!
//! An import is a snapshot, and staking goes on while it is carried over. What an event has written
//! meanwhile is newer than any line of the import, which leaves it as it is.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Empty, StdResult, Storage};
use cw_storage_plus::Map;

use crate::context::Context;
use crate::delegations::DelegationKey;

/// By aspect, validator and delegator: the aspects that an event has written.
const NEWER: Map<(&str, &[u8], &[u8]), Empty> = Map::new("newer_than_import");

/// One thing that both events and the import write.
#[derive(Clone, Copy, Debug)]
pub enum Aspect<'a> {
    /// The power of a validator.
    Power(&'a AddressBytes),
    /// The commission rate of a validator.
    CommissionRate(&'a AddressBytes),
    /// The limits of a validator's commission.
    CommissionLimits(&'a AddressBytes),
    /// The units of a delegation.
    Units(&'a DelegationKey),
    /// The withdraw address of a delegator.
    WithdrawAddress(&'a AddressBytes),
}

impl Aspect<'_> {
    /// The aspect's name in events.
    pub fn name(&self) -> &'static str {
        match self {
            Aspect::Power(_) => "power",
            Aspect::CommissionRate(_) => "commission_rate",
            Aspect::CommissionLimits(_) => "commission_limits",
            Aspect::Units(_) => "units",
            Aspect::WithdrawAddress(_) => "withdraw_address",
        }
    }

    fn key(&self) -> (&str, &[u8], &[u8]) {
        match self {
            Aspect::Power(validator)
            | Aspect::CommissionRate(validator)
            | Aspect::CommissionLimits(validator) => (self.name(), validator.as_slice(), &[]),
            Aspect::Units(key) => (
                self.name(),
                key.validator.as_slice(),
                key.delegator.as_slice(),
            ),
            Aspect::WithdrawAddress(delegator) => (self.name(), &[], delegator.as_slice()),
        }
    }

    /// Keeps in mind that an event has written this. After activation there is nothing to keep.
    ///
    /// # Errors
    /// When the mark cannot be written.
    pub fn mark_newer(&self, ctx: &Context, storage: &mut dyn Storage) -> StdResult<()> {
        if ctx.config.active {
            return Ok(());
        }
        NEWER.save(storage, self.key(), &Empty {})
    }

    /// Whether an event has written this before activation.
    pub fn is_newer(&self, storage: &dyn Storage) -> bool {
        NEWER.has(storage, self.key())
    }
}
