//! The assets that the contract deals in, by number and name.

use cosmwasm_std::Storage;
use interfaces::asset::Asset;

use crate::context::Context;
use crate::ledger::AssetRecord;
use crate::state::{ASSET_NAMES, ASSETS, AssetId};
use crate::{ContractError, Fault};

/// An asset as it is named everywhere: a denom that the bank could have, or the address of a
/// contract of this chain.
///
/// # Errors
/// For what can be neither. A denom that begins like the name of a cw20 is refused: the two could
/// not be told apart.
pub fn checked(ctx: &Context, asset: Asset) -> Result<Asset, ContractError> {
    match &asset {
        Asset::Native(denom) => {
            if Asset::of_name(denom) != asset {
                return Err(Fault::AmbiguousDenom {
                    denom: denom.clone(),
                }
                .into());
            }
            accounting::denoms::check_denom(denom)?;
        }
        Asset::Cw20(contract) => {
            ctx.addresses.account(contract)?;
        }
    }
    Ok(asset)
}

/// The record of an asset, none when the contract never dealt in it.
///
/// # Errors
/// When the record cannot be read.
pub fn find(storage: &dyn Storage, asset: &Asset) -> Result<Option<AssetRecord>, ContractError> {
    Ok(ASSETS.may_load(storage, asset.to_string().as_bytes())?)
}

/// The record of an asset; a new one gets the next number. The caller saves it.
///
/// # Errors
/// When the record cannot be read.
pub fn open(storage: &mut dyn Storage, asset: &Asset) -> Result<AssetRecord, ContractError> {
    if let Some(record) = find(storage, asset)? {
        return Ok(record);
    }
    let last = ASSET_NAMES
        .last(storage)?
        .and_then(|(key, _)| AssetId::of_key(&key))
        .unwrap_or_default();
    let id = AssetId(last.0.saturating_add(1));
    ASSET_NAMES.save(storage, &id.key(), &asset.to_string())?;
    Ok(AssetRecord {
        id,
        ..AssetRecord::default()
    })
}

/// Writes the record of an asset.
///
/// # Errors
/// None in practice.
pub fn save(
    storage: &mut dyn Storage,
    asset: &Asset,
    record: &AssetRecord,
) -> Result<(), ContractError> {
    Ok(ASSETS.save(storage, asset.to_string().as_bytes(), record)?)
}

/// Changes the record of an asset.
///
/// # Errors
/// Those of `change`; nothing is written then.
pub fn update(
    storage: &mut dyn Storage,
    asset: &Asset,
    change: impl FnOnce(&mut AssetRecord) -> Result<(), ContractError>,
) -> Result<(), ContractError> {
    let mut record = open(storage, asset)?;
    change(&mut record)?;
    save(storage, asset, &record)
}

/// The asset with a number.
///
/// # Errors
/// For a number that was never given out.
pub fn named(storage: &dyn Storage, id: AssetId) -> Result<Asset, ContractError> {
    ASSET_NAMES
        .may_load(storage, &id.key())?
        .map(|name| Asset::of_name(&name))
        .ok_or(
            Fault::CorruptRecord {
                record: "asset name",
            }
            .into(),
        )
}
