//! What the contract stores. Configuration is JSON; what blocks and ticks write is in a compact
//! codec.

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage};
use cw_storage_plus::{Item, Map};
use pool_kit::compact::{CompactItem, CompactMap};
use pool_kit::{DenomId, Denoms, PerDenom};
use validator_rewards::heights::BlockHeights;
use validator_rewards::shared::SharedRewards;
use validator_rewards::validator_set::PowerTotals;

use crate::ledger::HoldingLedger;
use crate::msg::{Order, Params, Provider};
use crate::unit::Unit;
use crate::walk::Walk;

/// Settings that every message reads.
#[cw_serde]
pub struct Config {
    /// Denoms that are or were received.
    pub denoms: Denoms,
    /// Params in force.
    pub params: Params,
    /// Who gets the consumer's own part.
    pub fee_pool: Option<Addr>,
    /// The provider.
    pub provider: Provider,
    /// The order of the CCV channel.
    pub order: Order,
}

/// The hot record: what every block reads and writes, in one record, because its bytes are most of
/// what a block costs.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Pool {
    /// The last block.
    pub heights: BlockHeights,
    /// Power of all validators, and how many have any.
    pub totals: PowerTotals,
    /// The height of the last due block.
    pub last_transmission: u64,
    /// By denom.
    pub denoms: PerDenom<PoolDenom>,
}

/// One denom of the hot record.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct PoolDenom {
    /// Whose the tokens are.
    pub ledger: HoldingLedger,
    /// What all validators share by power.
    pub shared: SharedRewards,
    /// The last epoch that was closed, 0 before the first.
    pub epoch: u32,
}

impl Pool {
    const ITEM: CompactItem<Self> = CompactItem::new("pool");

    /// The stored record, or an empty one.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(Self::ITEM.may_load(storage)?.unwrap_or_default())
    }

    /// Writes the record.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        Self::ITEM.save(storage, self)
    }
}

/// The way to the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Link {
    /// The CCV channel of the last handshake, until it is abandoned or the provider is replaced.
    /// Whether it is open, the chain is asked.
    pub channel: Option<String>,
    /// A channel that may be closed, once.
    pub closable: Option<String>,
    /// Whether a probe of this provider has passed: before, no pools close, and neither weights nor
    /// a unit's coins are sent.
    pub is_active: bool,
    /// Probes so far.
    pub probes: u32,
    /// The probe that is under way.
    pub probe: Option<Probe>,
}

impl Link {
    const ITEM: CompactItem<Self> = CompactItem::new("link");

    /// The stored record, or an empty one.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(Self::ITEM.may_load(storage)?.unwrap_or_default())
    }

    /// Writes the record.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        Self::ITEM.save(storage, self)
    }

    /// The channel over which weights go now: none before a probe has passed.
    pub fn active_channel(&self) -> Option<&str> {
        self.channel.as_deref().filter(|_| self.is_active)
    }
}

/// Two transfers that test whether both chains call contracts and give back what is refused. A leg
/// that turns out otherwise than it must ends the probe.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Probe {
    /// Its number, in the memo of both transfers.
    pub nonce: u32,
    /// Timeout of both transfers on the provider's clock, in nanoseconds. From then on the next
    /// probe may begin.
    pub timeout: u64,
    /// The transfer that must arrive.
    pub arrival: ArrivalLeg,
    /// Whether the transfer that the provider must refuse has come back.
    pub came_back: bool,
}

/// The leg of a probe that must arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum ArrivalLeg {
    /// On its way.
    UnderWay,
    /// The transfer was acknowledged: the provider is to be asked.
    Acked,
    /// The provider is asked.
    Asked,
    /// The provider has the coins.
    Confirmed,
}

/// A transfer that was given up: what comes back of it is still ours.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct WrittenOff {
    /// The last attempt.
    pub attempt: u32,
    /// The transfer channel that it went over.
    pub channel: String,
}

/// Configuration.
pub const CONFIG: Item<Config> = Item::new("config");
/// Who may report blocks.
pub const BLOCK_REPORTERS: Item<Vec<Addr>> = Item::new("block_reporters");
/// The names on the provider that operators have set, by consumer validator.
pub const PROVIDER_NAMES: Map<&[u8], String> = Map::new("provider_names");
/// What the provider or the chain last refused, by denom: only to be shown.
pub const LAST_REFUSAL: Map<&[u8], String> = Map::new("last_refusal");
/// Transfers that were given up, by unit.
pub const WRITTEN_OFF: CompactMap<&[u8], WrittenOff> = CompactMap::new("written_off");
/// Behind whom the walk of the next unit starts, by denom: where the last unit was full.
const WALK_STARTS: CompactMap<&[u8], Option<AddressBytes>> = CompactMap::new("walk_start");
/// Units under way, by denom.
const UNITS: CompactMap<&[u8], Unit> = CompactMap::new("unit");

/// A denom as a part of a storage key.
pub fn denom_key(denom: DenomId) -> Vec<u8> {
    // Two bytes. Encoding into memory does not fail.
    borsh::to_vec(&denom).unwrap_or_default()
}

/// An epoch of a denom as a part of a storage key.
pub fn unit_key(denom: DenomId, epoch: u32) -> Vec<u8> {
    [denom_key(denom).as_slice(), &epoch.to_be_bytes()].concat()
}

/// The unit of a denom that is under way.
///
/// # Errors
/// Unreadable records.
pub fn load_unit(storage: &dyn Storage, denom: DenomId) -> StdResult<Option<Unit>> {
    UNITS.may_load(storage, &denom_key(denom))
}

/// Writes the unit of a denom.
///
/// # Errors
/// When it cannot be encoded.
pub fn save_unit(storage: &mut dyn Storage, denom: DenomId, unit: &Unit) -> StdResult<()> {
    UNITS.save(storage, &denom_key(denom), unit)
}

/// Deletes the unit of a denom: the next one may close.
pub fn remove_unit(storage: &mut dyn Storage, denom: DenomId) {
    UNITS.remove(storage, &denom_key(denom));
}

/// Whether validators of any unit are being settled. Units that cannot be read are passed over.
pub fn is_settling(storage: &dyn Storage) -> bool {
    let mut units = UNITS.range(storage, &[], None);
    units.any(|unit| unit.is_ok_and(|(_, unit)| unit.frozen().is_some()))
}

/// The walk in which a unit that closes now settles validators. It starts where the last unit of the
/// denom became full, so that whoever was left out comes early.
///
/// # Errors
/// Unreadable records.
pub fn next_walk(storage: &dyn Storage, denom: DenomId) -> StdResult<Walk> {
    let start = WALK_STARTS.may_load(storage, &denom_key(denom))?;
    Ok(Walk::behind(start.flatten()))
}

/// Lets the walk of the next unit start where this one has come to.
///
/// # Errors
/// When it cannot be encoded.
pub fn save_next_walk(storage: &mut dyn Storage, denom: DenomId, walk: Walk) -> StdResult<()> {
    WALK_STARTS.save(storage, &denom_key(denom), &walk.last())
}
