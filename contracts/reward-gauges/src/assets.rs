//! The assets that the contract deals in: their numbers and names, which of them can be locked, and
//! what is held and owed of them.

use chain_types::asset::Asset;
use cosmwasm_std::{Storage, Uint256};
use distribution_math::MathError;
use pool_kit::audit::Liability;
use pool_kit::denoms::check_denom;

use crate::ContractError;
use crate::context::Context;
use crate::ids::AssetId;
use crate::ledger::{self, CoinLedger, RewardLedger};
use crate::state::{ASSET_NAMES, ASSETS, AssetRecord, LOCK_ASSETS, REWARDS};

/// Passes an asset that can exist on this chain: a denom that the bank could have, or the address of
/// a contract.
///
/// # Errors
/// For anything else, and [`ContractError::AmbiguousDenom`] for a denom that begins like the name of
/// a cw20: its coins would be taken for the token.
pub fn check(ctx: &Context, asset: &Asset) -> Result<(), ContractError> {
    match asset {
        Asset::Native(denom) => {
            if Asset::of_name(denom) != *asset {
                return Err(ContractError::AmbiguousDenom {
                    denom: denom.clone(),
                });
            }
            check_denom(denom)?;
        }
        Asset::Cw20(contract) => {
            ctx.chain.account(contract)?;
        }
    }
    Ok(())
}

/// Passes an asset that can be locked.
pub fn check_lockable(
    ctx: &Context,
    storage: &dyn Storage,
    asset: &Asset,
) -> Result<(), ContractError> {
    let is_lockable = match LOCK_ASSETS.load(storage)? {
        Some(listed) => listed.contains(asset),
        None => {
            check(ctx, asset)?;
            matches!(asset, Asset::Native(_))
        }
    };
    if is_lockable {
        return Ok(());
    }
    Err(ContractError::NotLockable {
        asset: asset.to_string(),
    })
}

/// The record of an asset, none when the contract never dealt in it.
pub fn find(storage: &dyn Storage, asset: &Asset) -> Result<Option<AssetRecord>, ContractError> {
    Ok(ASSETS.may_load(storage, asset.to_string().as_bytes())?)
}

/// The record of an asset. A new asset gets the next number; the caller saves its record.
fn find_or_number(storage: &mut dyn Storage, asset: &Asset) -> Result<AssetRecord, ContractError> {
    if let Some(record) = find(storage, asset)? {
        return Ok(record);
    }
    let last = ASSET_NAMES.last_key(storage);
    let last = last
        .and_then(|key| AssetId::of_key(&key))
        .unwrap_or_default();
    let id = AssetId(last.0.saturating_add(1));
    ASSET_NAMES.save(storage, &id.key(), &asset.to_string())?;
    Ok(AssetRecord {
        id,
        owed: CoinLedger::default(),
    })
}

/// Changes what is owed of an asset, and returns the asset's number.
pub fn update<E>(
    storage: &mut dyn Storage,
    asset: &Asset,
    change: impl FnOnce(&mut CoinLedger) -> Result<(), E>,
) -> Result<AssetId, ContractError>
where
    ContractError: From<E>,
{
    let mut record = find_or_number(storage, asset)?;
    change(&mut record.owed)?;
    ASSETS.save(storage, asset.to_string().as_bytes(), &record)?;
    Ok(record.id)
}

/// The number of an asset; a new one is recorded.
pub fn number(storage: &mut dyn Storage, asset: &Asset) -> Result<AssetId, ContractError> {
    match find(storage, asset)? {
        Some(record) => Ok(record.id),
        None => update(storage, asset, |_| Ok::<_, MathError>(())),
    }
}

/// The asset with a number.
pub fn named(storage: &dyn Storage, id: AssetId) -> Result<Asset, ContractError> {
    let name = ASSET_NAMES.may_load(storage, &id.key())?;
    let name = name.ok_or(ContractError::CorruptRecord {
        record: "asset name",
    })?;
    Ok(Asset::of_name(&name))
}

/// What is owed of an asset, by class.
pub fn liabilities(
    ctx: &Context,
    storage: &dyn Storage,
    asset: &Asset,
) -> Result<[Liability; 6], ContractError> {
    let record = find(storage, asset)?.unwrap_or_default();
    let rewards = match ctx.config.rewards.claimable(&asset.to_string()) {
        Ok(id) => REWARDS.may_load(storage)?.unwrap_or_default().get(id),
        Err(_) => RewardLedger::default(),
    };
    Ok(ledger::liabilities(&record.owed, &rewards)?)
}

/// What the contract has of an asset; 0 when the bank or the token does not answer.
pub fn balance(ctx: &Context, asset: &Asset) -> Uint256 {
    match asset {
        Asset::Native(denom) => ctx.chain.balance(denom).unwrap_or_default(),
        Asset::Cw20(token) => {
            let address = ctx.chain.env.contract.address.as_str();
            ctx.chain
                .querier
                .query_wasm_smart::<Cw20Balance>(token, &Cw20Query::Balance { address })
                .map(|answer| answer.balance)
                .unwrap_or_default()
        }
    }
}

/// The `balance` of a cw20 token; the crate `cw20` has no release for cosmwasm-std 3.
#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Cw20Query<'a> {
    Balance { address: &'a str },
}

#[derive(serde::Deserialize)]
struct Cw20Balance {
    balance: Uint256,
}
