//! The weights of a unit: a record for each provider validator, in the order of the wire, so that a
//! chunk is a range of them.

use ccv::name::Name;
use ccv::weights::{Entry, MAX_CHUNK_ENTRIES, WeightsChunk};
use chain_types::address::AddressBytes;
use cosmwasm_std::Storage;
use distribution_math::Points;
use pool_kit::DenomId;
use pool_kit::compact::CompactMap;

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::ledger::Class;
use crate::state::{self, unit_key};
use crate::unit::Unit;

/// By unit and the name of the provider validator.
const WEIGHTS: CompactMap<(&[u8], &[u8]), Points> = CompactMap::new("weights");

/// Adds a validator's pool to the weight of its provider validator, which is the one that it names
/// when it is settled: what it names later changes nothing in this unit. Two validators that name the same one are
/// added. Says whether there was room; without, the pool is the validator's again.
///
/// # Errors
/// Unreadable records.
pub fn add(
    books: &mut Books,
    denom: DenomId,
    unit: &mut Unit,
    validator: &AddressBytes,
    pool: Points,
) -> Result<bool, ContractError> {
    if pool.is_zero() {
        return Ok(true);
    }
    let name = books.ctx.provider_name(books.storage, validator)?;
    let unit_key = unit_key(denom, unit.epoch());
    let key = || (&unit_key[..], name.as_str().as_bytes());
    let weight = match WEIGHTS.may_load(books.storage, key())? {
        Some(weight) => weight.checked_add(pool)?,
        None if unit.has_room() => {
            unit.count_validator()?;
            if !unit.has_room() {
                // Whoever is left out from now on has not been visited yet.
                state::save_next_walk(books.storage, denom, unit.walk()?)?;
            }
            pool
        }
        None => {
            unit.leave_out(pool)?;
            books.transfer(denom, Class::Unit, Class::HoldingPools, pool)?;
            return Ok(false);
        }
    };
    WEIGHTS.save(books.storage, key(), &weight)?;
    Ok(true)
}

/// A chunk of a unit's weights. The weights before it are read over, about 400 gas for each: the eighth chunk
/// costs 180 000 more than the first.
///
/// # Errors
/// Unreadable records.
pub fn chunk(
    ctx: &Context,
    storage: &dyn Storage,
    denom: DenomId,
    unit: &Unit,
    chunk: u32,
) -> Result<WeightsChunk, ContractError> {
    let size = MAX_CHUNK_ENTRIES as usize;
    let before = size.saturating_mul(chunk as usize);
    let unit_key = unit_key(denom, unit.epoch());
    let entries = WEIGHTS
        .range(storage, &[&unit_key], None)
        .skip(before)
        .take(size)
        .map(|record| {
            let (name, weight) = record?;
            Ok(Entry::new(read_name(name)?, weight))
        })
        .collect::<Result<_, ContractError>>()?;
    let header = unit.header(ctx.wire_denom(denom)?)?;
    Ok(WeightsChunk::new(header, chunk, entries)?)
}

/// The weight behind a name in a unit's order.
///
/// # Errors
/// Unreadable records.
pub fn next(
    storage: &dyn Storage,
    denom: DenomId,
    epoch: u32,
    behind: Option<&str>,
) -> Result<Option<Entry>, ContractError> {
    let unit_key = unit_key(denom, epoch);
    let behind = behind.map(str::as_bytes);
    let mut weights = WEIGHTS.range(storage, &[&unit_key], behind);
    let Some((name, weight)) = weights.next().transpose()? else {
        return Ok(None);
    };
    Ok(Some(Entry::new(read_name(name)?, weight)))
}

/// Deletes weights of the epoch before, at most `limit`, and returns how many. Earlier ones were deleted
/// when that epoch was settled. The keys are read in one go: a search for each would pass all that are
/// deleted already.
pub fn clear(storage: &mut dyn Storage, denom: DenomId, epoch: u32, limit: usize) -> usize {
    let before = unit_key(denom, epoch.saturating_sub(1));
    let names: Vec<_> = WEIGHTS
        .keys(storage, &[&before], None)
        .take(limit)
        .collect();
    for name in &names {
        WEIGHTS.remove(storage, (&before, name));
    }
    names.len()
}

fn read_name(bytes: Vec<u8>) -> Result<Name, ContractError> {
    // Every key was a name when it was written.
    Ok(Name::new(&String::from_utf8(bytes).unwrap_or_default())?)
}
