//! The records of units, their entries, streams and the carry.
//!
//! A stream is what a consumer sends of one denom, as the consumer names it; its units come one after
//! the other. A carry belongs to a consumer and a denom as this chain names it. Every key here begins
//! with the consumer's id, so a consumer reaches no units and no carry of another one.

use borsh::{BorshDeserialize, BorshSerialize};
use ccv::assembly::Assembly;
use ccv::name::Name;
use ccv::weights::{Entry, MAX_CHUNKS};
use chain_types::address::AddressCodec;
use cosmwasm_std::{StdResult, Storage};
use distribution_math::Coins;
use pool_kit::compact::CompactMap;

use crate::ContractError;
use crate::unit::{StoredEntry, Tokens, Unit};

/// The most units with coins that wait, of a consumer and denom.
pub const MAX_WAITING: u32 = 64;

/// Units that are not done, by consumer, denom and epoch.
pub const UNITS: CompactMap<(&str, &str, u32), Unit> = CompactMap::new("units");
/// What has arrived of their weights, as long as the units.
const ASSEMBLIES: CompactMap<(&str, &str, u32), Assembly> = CompactMap::new("assemblies");
/// Their entries, one record for each chunk: by consumer, denom, and epoch with chunk.
const ENTRIES: CompactMap<(&str, &str, u64), Vec<StoredEntry>> = CompactMap::new("entries");
/// By consumer and denom.
const STREAMS: CompactMap<(&str, &str), Stream> = CompactMap::new("streams");
/// What units left, by consumer and denom as this chain names it.
pub const CARRY: CompactMap<(&str, &str), Coins> = CompactMap::new("carry");

/// Names a unit.
#[derive(Clone, Copy, Debug)]
pub struct UnitKey<'a> {
    /// The consumer.
    pub consumer: &'a str,
    /// The denom, as the consumer names it.
    pub denom: &'a str,
    /// The epoch.
    pub epoch: u32,
}

impl<'a> UnitKey<'a> {
    /// The unit that a message names.
    ///
    /// # Errors
    /// For names that are too long for a key.
    pub fn new(consumer: &'a str, denom: &'a str, epoch: u32) -> Result<Self, ContractError> {
        Name::new(consumer)?;
        Name::new(denom)?;
        Ok(UnitKey {
            consumer,
            denom,
            epoch,
        })
    }

    fn parts(self) -> (&'a str, &'a str, u32) {
        (self.consumer, self.denom, self.epoch)
    }

    fn entries(self, chunk: u32) -> (&'a str, &'a str, u64) {
        let place = (u64::from(self.epoch) << 32) | u64::from(chunk);
        (self.consumer, self.denom, place)
    }

    /// The unit; none before anything of it arrived, and when it is done.
    pub fn load(self, storage: &dyn Storage) -> StdResult<Option<Unit>> {
        UNITS.may_load(storage, self.parts())
    }

    /// Writes the unit.
    pub fn save(self, storage: &mut dyn Storage, unit: &Unit) -> StdResult<()> {
        UNITS.save(storage, self.parts(), unit)
    }

    /// Deletes the unit with everything that is kept of its weights.
    pub fn remove(self, storage: &mut dyn Storage) {
        UNITS.remove(storage, self.parts());
        ASSEMBLIES.remove(storage, self.parts());
        for chunk in 0..MAX_CHUNKS {
            ENTRIES.remove(storage, self.entries(chunk));
        }
    }

    /// Deletes a unit with coins, which is over. Its stream has one less that waits.
    pub fn end(self, storage: &mut dyn Storage) -> StdResult<()> {
        self.remove(storage);
        let mut stream = Stream::load(storage, self.consumer, self.denom)?;
        stream.waiting = stream.waiting.saturating_sub(1);
        stream.save(storage, self.consumer, self.denom)
    }

    /// What has arrived of the weights.
    pub fn assembly(self, storage: &dyn Storage) -> StdResult<Option<Assembly>> {
        ASSEMBLIES.may_load(storage, self.parts())
    }

    /// Writes what has arrived of the weights.
    pub fn save_assembly(self, storage: &mut dyn Storage, weights: &Assembly) -> StdResult<()> {
        ASSEMBLIES.save(storage, self.parts(), weights)
    }

    /// The entries of a chunk.
    pub fn chunk(self, storage: &dyn Storage, chunk: u32) -> StdResult<Vec<StoredEntry>> {
        let entries = ENTRIES.may_load(storage, self.entries(chunk))?;
        Ok(entries.unwrap_or_default())
    }

    /// Writes the entries of a chunk. Addresses are kept as their bytes: the names are most of what a
    /// chunk is.
    pub fn save_chunk(
        self,
        storage: &mut dyn Storage,
        addresses: &AddressCodec,
        chunk: u32,
        entries: &[Entry],
    ) -> StdResult<()> {
        let stored: Vec<StoredEntry> = entries
            .iter()
            .map(|entry| StoredEntry {
                validator: addresses
                    .validator(entry.validator().as_str())
                    .map(|name| name.bytes)
                    .ok(),
                weight: entry.weight(),
            })
            .collect();
        ENTRIES.save(storage, self.entries(chunk), &stored)
    }
}

/// What a consumer has sent of one denom.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Stream {
    /// The highest epoch whose coins arrived. Epochs only grow: no coins of this or a lower one are
    /// accepted any more.
    pub last_arrived: Option<u32>,
    /// The one unit of which weights have come and coins not; its epoch is above all with coins.
    pub weights_only: Option<u32>,
    /// Units with coins that are not done.
    pub waiting: u32,
    /// As this chain names what arrives. It changes in one way only: it is forgotten, and the carry
    /// under it ends, when the denom is not listed any more or the consumer has another peer.
    pub local_denom: Option<String>,
    /// The highest epoch whose coins had arrived when a name was last forgotten. The units up to it have
    /// no part in the carry, though later coins may arrive under the same name. None, which is below
    /// every epoch, if no name was.
    pub ended: Option<u32>,
}

impl Stream {
    /// The stream of a denom, as the consumer names it.
    pub fn load(storage: &dyn Storage, consumer: &str, denom: &str) -> StdResult<Self> {
        let stream = STREAMS.may_load(storage, (consumer, denom))?;
        Ok(stream.unwrap_or_default())
    }

    /// Writes it.
    pub fn save(&self, storage: &mut dyn Storage, consumer: &str, denom: &str) -> StdResult<()> {
        STREAMS.save(storage, (consumer, denom), self)
    }

    /// Takes the name that coins arrive under.
    ///
    /// # Errors
    /// Under another name than before: the carry of the old one would have no next unit.
    pub fn set_local_denom(&mut self, local_denom: &str) -> Result<(), ContractError> {
        match &self.local_denom {
            Some(known) if known != local_denom => Err(ContractError::OtherVoucher {
                arrived: local_denom.to_string(),
                known: known.clone(),
            }),
            Some(_) => Ok(()),
            None => {
                self.local_denom = Some(local_denom.to_string());
                Ok(())
            }
        }
    }

    /// Ends the name that coins arrived under, and returns it; none where none did since the last end.
    pub fn end_local_denom(&mut self) -> Option<String> {
        let local_denom = self.local_denom.take()?;
        self.ended = self.last_arrived;
        Some(local_denom)
    }

    /// Whether a unit with coins takes the carry in and leaves its rest to it: whether they arrived under
    /// the name that holds now.
    pub fn has_carry(&self, epoch: u32) -> bool {
        Some(epoch) > self.ended
    }

    /// Deletes the unit whose coins have not come. The caller saves the stream.
    pub fn remove_weights_only(&mut self, storage: &mut dyn Storage, consumer: &str, denom: &str) {
        if let Some(epoch) = self.weights_only.take() {
            let key = UnitKey {
                consumer,
                denom,
                epoch,
            };
            key.remove(storage);
        }
    }

    /// Deletes it.
    pub fn remove(storage: &mut dyn Storage, consumer: &str, denom: &str) {
        STREAMS.remove(storage, (consumer, denom));
    }

    /// The denoms of which anything arrived, as the consumer names them, whether or not they are
    /// listed. They are bounded where denoms are listed.
    pub fn denoms(storage: &dyn Storage, consumer: &str) -> Result<Vec<String>, ContractError> {
        let keys = STREAMS.keys(storage, &[consumer.as_bytes()], None);
        keys.map(text).collect()
    }
}

/// The epoch of the earliest unit of a consumer and denom. Those with coins come before the one
/// without.
pub fn first_epoch(
    storage: &dyn Storage,
    consumer: &str,
    denom: &str,
) -> Result<Option<u32>, ContractError> {
    let mut keys = UNITS.keys(storage, &[consumer.as_bytes(), denom.as_bytes()], None);
    keys.next().map(|key| epoch(&key)).transpose()
}

/// Adds coins to the carry of their denom.
pub fn add_carry(
    storage: &mut dyn Storage,
    consumer: &str,
    tokens: &Tokens,
) -> Result<(), ContractError> {
    if tokens.amount.is_zero() {
        return Ok(());
    }
    let key = (consumer, tokens.denom.as_str());
    let carry = CARRY.may_load(storage, key)?.unwrap_or_default();
    Ok(CARRY.save(storage, key, &carry.checked_add(tokens.amount)?)?)
}

/// Takes the carry of a denom out.
pub fn take_carry(
    storage: &mut dyn Storage,
    consumer: &str,
    denom: &str,
) -> Result<Coins, ContractError> {
    let Some(carry) = CARRY.may_load(storage, (consumer, denom))? else {
        return Ok(Coins::ZERO);
    };
    CARRY.remove(storage, (consumer, denom));
    Ok(carry)
}

/// A key's text.
pub fn text(key: Vec<u8>) -> Result<String, ContractError> {
    String::from_utf8(key).map_err(|error| cosmwasm_std::StdError::from(error).into())
}

/// A key's epoch.
pub fn epoch(key: &[u8]) -> Result<u32, ContractError> {
    let bytes = <[u8; 4]>::try_from(key).map_err(cosmwasm_std::StdError::msg)?;
    Ok(u32::from_be_bytes(bytes))
}
