//! What the wire itself says, whatever the contracts say: packets, and coins between the chains.

use anyhow::{Result, anyhow};
use ccv::memo::{Purpose, TransferMemo};
use ccv::packet::CcvPacket;
use cosmwasm_std::{IbcPacket, Order, StdError, Uint128};

use super::CcvSuite;
use super::action::Side;
use super::suite::POOLS;
use crate::chain::ChainError;
use crate::ibc::packet::is_received;
use crate::ibc::state::{SENT, SentPacket};
use crate::ibc::transfer::{PORT, TransferData};
use crate::ibc::{ChannelState, port_of};

/// A transfer of holding-pools that the sender has not heard of yet.
pub(super) struct UnheardTransfer {
    /// The denom, as the consumer names it.
    pub denom: String,
    /// Base units.
    pub amount: u128,
    /// The epoch, unless it is a probe's.
    pub epoch: Option<u32>,
    /// Whether the provider has the coins.
    pub arrived: bool,
}

impl CcvSuite {
    /// Packets that the consumer's chain has sent and not heard of, in the order of their sequences.
    pub(super) fn sent_packets(&self) -> Result<Vec<IbcPacket>> {
        let storage = self.chain(Side::Consumer).storage();
        let sent = SENT.range(storage, None, None, Order::Ascending);
        sent.map(|record| {
            let (_, sent): (_, SentPacket) = record.map_err(ChainError::from)?;
            Ok(sent.packet)
        })
        .collect()
    }

    /// A packet of holding-pools on a CCV channel; none for any other packet.
    pub(super) fn read_ccv(&self, packet: &IbcPacket) -> Result<Option<CcvPacket>> {
        if packet.src.port_id != port_of(self.contract(POOLS)) {
            return Ok(None);
        }
        let read = CcvPacket::read(&packet.data);
        Ok(Some(read.map_err(|error| anyhow!("{error}"))?))
    }

    /// Whether a packet is a transfer of holding-pools.
    pub(super) fn is_own_transfer(&self, packet: &IbcPacket) -> bool {
        packet.src.port_id == PORT
            && TransferData::read(&packet.data)
                .is_ok_and(|data| data.sender == self.contract(POOLS).as_str())
    }

    /// The transfers of holding-pools that it has not heard of.
    pub(super) fn unheard_transfers(&self) -> Result<Vec<UnheardTransfer>> {
        let mut unheard = Vec::new();
        for packet in self.sent_packets()? {
            unheard.extend(self.own_transfer(&packet)?);
        }
        Ok(unheard)
    }

    /// A packet as a transfer of holding-pools; none for any other packet.
    pub(super) fn own_transfer(&self, packet: &IbcPacket) -> Result<Option<UnheardTransfer>> {
        if !self.is_own_transfer(packet) {
            return Ok(None);
        }
        let provider = self.chain(Side::Provider).storage();
        let data = TransferData::read(&packet.data).map_err(ChainError::from)?;
        let memo = TransferMemo::read(&data.memo).map_err(|error| anyhow!("{error}"))?;
        let ack = self.wire().written_ack(Side::Consumer.chain(), packet)?;
        let taken = ack.is_some_and(|ack| {
            matches!(
                ccv::ack::read_transfer_ack(&ack),
                ccv::ack::Ack::Success(())
            )
        });
        Ok(Some(UnheardTransfer {
            denom: data.denom,
            amount: Uint128::try_from(data.amount)
                .map_err(|error| ChainError::from(StdError::from(error)))?
                .u128(),
            epoch: match memo.purpose {
                Purpose::CcvDistribution { epoch, .. } => Some(epoch),
                Purpose::CcvProbe { .. } => None,
            },
            arrived: taken && is_received(provider, packet).map_err(ChainError::from)?,
        }))
    }

    /// Whether both ends of the CCV channel that the contracts know of are open.
    pub(super) fn is_ccv_open(&self) -> Result<bool> {
        for side in [Side::Consumer, Side::Provider] {
            let Some(end) = self.ccv_end(side)? else {
                return Ok(false);
            };
            if self.wire().channel(&end)?.state != ChannelState::Open {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
