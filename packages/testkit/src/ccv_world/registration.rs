//! What the provider knows of a consumer since it was registered.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use ccv::ack::TransferStatus;
use ccv::packet::CcvPacket;
use cosmwasm_std::Timestamp;

use super::model::{Unit, attribute, unit_of};
use crate::scenario::ContractEvent;

/// A consumer as the provider knows it. One that is removed begins anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Registration {
    /// Whether it is paused.
    pub is_paused: bool,
    /// Whether it is being removed.
    pub is_removing: bool,
    /// Units with all of their weights.
    weighed: BTreeSet<Unit>,
    /// The last epoch that has arrived, by denom.
    arrived: BTreeMap<String, u32>,
    /// The last probe that has arrived.
    probe: Option<u32>,
}

impl Registration {
    pub fn observe(&mut self, name: &str, event: &ContractEvent) -> Result<()> {
        match name {
            "weights" if attribute(event, "result")? == "complete" => {
                self.weighed.insert(unit_of(event)?);
            }
            "arrival" => {
                let (denom, epoch) = unit_of(event)?;
                self.arrived.insert(denom, epoch);
            }
            "probe" => self.probe = Some(attribute(event, "nonce")?.parse()?),
            // Another peer: it sends weights of its own.
            "update_consumer" => {
                let arrived = &self.arrived;
                self.weighed
                    .retain(|(denom, epoch)| Some(epoch) <= arrived.get(denom));
            }
            "pause_consumer" => self.is_paused = attribute(event, "paused")? == "true",
            "remove_consumer" => {
                if attribute(event, "removed")? == "true" {
                    *self = Registration::default();
                } else {
                    self.is_removing = true;
                    self.is_paused = false;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether all weights of a unit have come.
    pub fn has_weights(&self, unit: &Unit) -> bool {
        self.weighed.contains(unit)
    }

    /// Whether the coins of a unit, or of a later one, have come.
    pub fn has_arrived(&self, (denom, epoch): &Unit) -> bool {
        Some(epoch) <= self.arrived.get(denom)
    }

    /// What is so at this time about the transfer that a packet asks for; none for one that asks
    /// nothing, or for an earlier transfer than the last one.
    pub fn status(&self, packet: &CcvPacket, now: Timestamp) -> Option<TransferStatus> {
        let (last, number, timeout) = match packet {
            CcvPacket::Weights(_) => return None,
            CcvPacket::Status(it) => {
                let last = self.arrived.get(it.denom.as_str()).copied();
                (last, it.epoch, it.timeout)
            }
            CcvPacket::ProbeStatus(it) => (self.probe, it.nonce, it.timeout),
        };
        match last {
            Some(last) if number < last => None,
            Some(last) if number == last => Some(TransferStatus::Arrived),
            _ if now < timeout => Some(TransferStatus::Pending),
            _ => Some(TransferStatus::Expired),
        }
    }
}
