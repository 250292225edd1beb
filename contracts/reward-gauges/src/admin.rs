//! Set-up, settings, migration.

use accounting::Denoms;
use cosmwasm_std::{Addr, Coin, DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use distribution_math::Epochs;
use interfaces::address::AddressCodec;
use interfaces::asset::Asset;
use interfaces::{migration, ownership};

use crate::assets;
use crate::context::Context;
use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::events::action;
use crate::gauges::MAX_AHEAD;
use crate::locking::MAX_DURATION;
use crate::msg::{ConfigUpdate, InstantiateMsg};
use crate::state::{CONFIG, Config, FORCE_UNLOCKERS, LOCK_ASSETS};
use crate::{ContractError, Fault};

/// The longest epoch: a year.
pub const MAX_EPOCH_LENGTH: u64 = 365 * 24 * 60 * 60;
/// The most durations, a bound on the cost of every message about a lock.
pub const MAX_DURATIONS: usize = 8;
/// The most entries of the list of assets that can be locked, and of that of force unlockers.
pub const MAX_LISTED: usize = 32;
/// The most denoms in which creation fees were ever due.
pub const MAX_FEE_DENOMS: usize = 8;

pub(crate) fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let addresses = AddressCodec::of_contract(&env.contract.address)?;
    let now = env.block.time.seconds();
    let owner = match &msg.owner {
        Some(owner) => account(&addresses, owner)?,
        None => info.sender,
    };
    in_range("epoch_length", msg.epoch_length, 1, MAX_EPOCH_LENGTH)?;
    let genesis = msg.genesis.unwrap_or(now);
    in_range("genesis", genesis, 0, now.saturating_add(MAX_AHEAD))?;
    let config = Config {
        epochs: Epochs {
            genesis,
            length: msg.epoch_length,
        },
        durations: Vec::new(),
        rewards: Denoms::default(),
        treasury: owner.clone(),
        creation_fee: None,
        fee_denoms: Vec::new(),
        min_per_epoch: Uint128::zero(),
        min_lock: Uint128::one(),
    };
    CONFIG.save(deps.storage, &config)?;
    FORCE_UNLOCKERS.save(deps.storage, &Vec::new())?;
    LOCK_ASSETS.save(deps.storage, &None)?;
    ownership::initialize(deps.storage, owner.clone())?;

    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    if let Some(listed) = msg.lock_assets {
        LOCK_ASSETS.save(deps.storage, &Some(checked_list(&ctx, listed)?))?;
    }
    in_range(
        "number of durations",
        msg.durations.len() as u64,
        1,
        MAX_DURATIONS as u64,
    )?;
    for (position, duration) in msg.durations.iter().enumerate() {
        if msg
            .durations
            .iter()
            .take(position)
            .any(|other| other == duration)
        {
            return Err(Fault::Duplicate {
                name: "duration",
                value: duration.to_string(),
            }
            .into());
        }
    }
    let settings = ConfigUpdate {
        treasury: msg.treasury,
        durations: Some(msg.durations),
        reward_assets: Some(msg.reward_assets),
        creation_fee: msg.creation_fee,
        min_per_epoch: msg.min_per_epoch,
        min_lock: msg.min_lock,
        force_unlockers: msg.force_unlockers,
    };
    apply(&mut ctx, deps.storage, settings)?;
    let event = action("instantiate")
        .add_attribute("owner", owner)
        .add_attribute("treasury", ctx.config.treasury)
        .add_attribute("genesis", genesis.to_string())
        .add_attribute("epoch_length", msg.epoch_length.to_string());
    Ok(Response::new().add_event(event))
}

pub(crate) fn update_config(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: ConfigUpdate,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    apply(&mut ctx, deps.storage, update)?;
    let config = &ctx.config;
    let durations: Vec<String> = config.durations.iter().map(u64::to_string).collect();
    let rewards: Vec<&str> = config.rewards.active().map(|(_, name)| name).collect();
    let event = action("update_config")
        .add_attribute("treasury", config.treasury.as_str())
        .add_attribute("durations", durations.join(","))
        .add_attribute("reward_assets", or_none(rewards.join(",")))
        .add_attribute(
            "creation_fee",
            or_none(
                config
                    .creation_fee
                    .as_ref()
                    .map(Coin::to_string)
                    .unwrap_or_default(),
            ),
        )
        .add_attribute("min_per_epoch", config.min_per_epoch)
        .add_attribute("min_lock", config.min_lock);
    Ok(Response::new().add_event(event))
}

fn or_none(text: String) -> String {
    if text.is_empty() {
        return "none".to_string();
    }
    text
}

fn account(addresses: &AddressCodec, address: &str) -> Result<Addr, ContractError> {
    Ok(addresses.show_account(&addresses.account(address)?))
}

fn in_range(name: &'static str, value: u64, min: u64, max: u64) -> Result<(), ContractError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Fault::OutOfRange {
        name,
        value: value.into(),
        min: min.into(),
        max: max.into(),
    }
    .into())
}

fn too_many(name: &'static str, count: usize, limit: usize) -> Result<(), ContractError> {
    if count > limit {
        return Err(Fault::TooMany { name, count, limit }.into());
    }
    Ok(())
}

/// A list of assets, each once.
fn checked_list(ctx: &Context, listed: Vec<Asset>) -> Result<Vec<Asset>, ContractError> {
    too_many("assets", listed.len(), MAX_LISTED)?;
    let mut checked: Vec<Asset> = Vec::with_capacity(listed.len());
    for asset in listed {
        let asset = assets::checked(ctx, asset)?;
        if checked.contains(&asset) {
            return Err(Fault::Duplicate {
                name: "asset",
                value: asset.to_string(),
            }
            .into());
        }
        checked.push(asset);
    }
    Ok(checked)
}

/// Changes settings, of a new contract as of one that is there.
fn apply(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    update: ConfigUpdate,
) -> Result<(), ContractError> {
    if let Some(treasury) = update.treasury {
        let treasury = ctx.recipient(&treasury)?;
        ctx.config.treasury = ctx.show(&treasury);
    }
    for duration in update.durations.unwrap_or_default() {
        add_duration(&mut ctx.config, duration)?;
    }
    if let Some(assets) = update.reward_assets {
        replace_rewards(ctx, storage, assets)?;
    }
    if let Some(fee) = update.creation_fee {
        set_fee(ctx, storage, fee)?;
    }
    if let Some(min) = update.min_per_epoch {
        ctx.config.min_per_epoch = min;
    }
    if let Some(min) = update.min_lock {
        ctx.config.min_lock = min;
    }
    if let Some(accounts) = update.force_unlockers {
        too_many("force unlockers", accounts.len(), MAX_LISTED)?;
        let accounts: Vec<Addr> = accounts
            .iter()
            .map(|address| account(&ctx.addresses, address))
            .collect::<Result<_, _>>()?;
        FORCE_UNLOCKERS.save(storage, &accounts)?;
    }
    Ok(CONFIG.save(storage, &ctx.config)?)
}

fn add_duration(config: &mut Config, duration: u64) -> Result<(), ContractError> {
    in_range("duration", duration, config.epochs.length, MAX_DURATION)?;
    if config.durations.contains(&duration) {
        return Ok(());
    }
    config.durations.push(duration);
    too_many("durations", config.durations.len(), MAX_DURATIONS)
}

fn replace_rewards(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    assets: Vec<Asset>,
) -> Result<(), ContractError> {
    let assets = checked_list(ctx, assets)?;
    let names: Vec<String> = assets.iter().map(Asset::to_string).collect();
    let rewards = &mut ctx.config.rewards;
    let active: Vec<String> = rewards.active().map(|(_, name)| name.to_string()).collect();
    let removed = active.iter().filter(|name| !names.contains(name)).cloned();
    let added = names.iter().filter(|name| !active.contains(name)).cloned();
    rewards.update(added.collect(), removed.collect())?;
    // The ledger lists them by number, reward assets first when they are there from the beginning.
    for asset in &assets {
        assets::update(storage, asset, |_| Ok(()))?;
    }
    Ok(())
}

fn set_fee(ctx: &mut Context, storage: &mut dyn Storage, fee: Coin) -> Result<(), ContractError> {
    if fee.amount.is_zero() {
        ctx.config.creation_fee = None;
        return Ok(());
    }
    let asset = assets::checked(ctx, Asset::Native(fee.denom.clone()))?;
    assets::update(storage, &asset, |_| Ok(()))?;
    if !ctx.config.fee_denoms.contains(&fee.denom) {
        ctx.config.fee_denoms.push(fee.denom.clone());
        too_many("fee denoms", ctx.config.fee_denoms.len(), MAX_FEE_DENOMS)?;
    }
    ctx.config.creation_fee = Some(fee);
    Ok(())
}

pub(crate) fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    let event = migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(event))
}
