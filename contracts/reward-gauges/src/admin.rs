//! Set-up and settings.

use chain_types::asset::Asset;
use cosmwasm_std::{Addr, Coin, DepsMut, Env, MessageInfo, Response, Storage, Uint128};
use distribution_math::Epochs;
use pool_kit::events::action;
use pool_kit::ownership::{self, Action};
use pool_kit::{Chain, Denoms};

use crate::ContractError;
use crate::assets;
use crate::bounds::{
    MAX_AHEAD, MAX_DURATION, MAX_DURATIONS, MAX_EPOCH_LENGTH, MAX_FEE_DENOMS, MAX_LISTED, at_most,
    each_once, in_range,
};
use crate::context::Context;
use crate::msg::{ConfigUpdate, InstantiateMsg};
use crate::state::{CONFIG, Config, FORCE_UNLOCKERS, GAUGE_CREATORS, LOCK_ASSETS};

pub(crate) fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let chain = Chain::new(deps.querier, &env)?;
    let now = env.block.time.seconds();
    let owner = match &msg.owner {
        Some(owner) => account(&chain, owner)?,
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
    let mut ctx = Context::new(config, chain);
    ownership::initialize(deps.storage, owner.clone())?;
    let lock_assets = msg.lock_assets.map(|listed| checked_list(&ctx, listed));
    let lock_assets = lock_assets.transpose()?;
    if lock_assets.as_ref().is_some_and(Vec::is_empty) {
        return Err(ContractError::NoLockAssets);
    }
    LOCK_ASSETS.save(deps.storage, &lock_assets)?;
    let durations = msg.durations.len() as u64;
    in_range("number of durations", durations, 1, MAX_DURATIONS as u64)?;
    each_once("duration", &msg.durations)?;
    let settings = ConfigUpdate {
        treasury: msg.treasury,
        durations: Some(msg.durations),
        reward_assets: Some(msg.reward_assets),
        creation_fee: msg.creation_fee,
        gauge_creators: Some(msg.gauge_creators.unwrap_or_default()),
        min_per_epoch: msg.min_per_epoch,
        min_lock: msg.min_lock,
        force_unlockers: Some(msg.force_unlockers.unwrap_or_default()),
    };
    apply(&mut ctx, deps.storage, settings)?;
    if ctx.config.creation_fee.is_none() && GAUGE_CREATORS.load(deps.storage)?.is_empty() {
        return Err(ContractError::FreeSlots);
    }
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
    let config = ctx.config;
    let durations: Vec<String> = config.durations.iter().map(u64::to_string).collect();
    let rewards: Vec<&str> = config.rewards.active().map(|(_, name)| name).collect();
    let fee = config.creation_fee.as_ref().map(Coin::to_string);
    let event = action("update_config")
        .add_attribute("treasury", config.treasury)
        .add_attribute("durations", durations.join(","))
        .add_attribute("reward_assets", or_none(rewards.join(",")))
        .add_attribute("creation_fee", or_none(fee.unwrap_or_default()))
        .add_attribute("min_per_epoch", config.min_per_epoch)
        .add_attribute("min_lock", config.min_lock);
    Ok(Response::new().add_event(event))
}

/// Some chains refuse events with blank values.
fn or_none(text: String) -> String {
    if text.is_empty() {
        return "none".to_string();
    }
    text
}

pub(crate) fn update_ownership(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: Action,
) -> Result<Response, ContractError> {
    let ownership = ownership::update(deps, &env.block, &info.sender, update)?;
    let event = action("update_ownership").add_attributes(ownership.attributes());
    Ok(Response::new().add_event(event))
}

/// Changes settings, of a new contract as of one that exists.
fn apply(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    update: ConfigUpdate,
) -> Result<(), ContractError> {
    if let Some(treasury) = update.treasury {
        let treasury = ctx.recipient(&treasury)?;
        ctx.config.treasury = ctx.chain.show(&treasury);
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
    for (list, name, addresses) in [
        (GAUGE_CREATORS, "gauge creators", update.gauge_creators),
        (FORCE_UNLOCKERS, "force unlockers", update.force_unlockers),
    ] {
        if let Some(addresses) = addresses {
            at_most(name, addresses.len(), MAX_LISTED)?;
            let accounts = addresses.iter().map(|address| account(&ctx.chain, address));
            let accounts: Vec<Addr> = accounts.collect::<Result<_, _>>()?;
            each_once("account", &accounts)?;
            list.save(storage, &accounts)?;
        }
    }
    Ok(CONFIG.save(storage, &ctx.config)?)
}

/// An account of this chain.
fn account(chain: &Chain, address: &str) -> Result<Addr, ContractError> {
    Ok(chain.show(&chain.account(address)?))
}

/// A list of assets, each once.
fn checked_list(ctx: &Context, assets: Vec<Asset>) -> Result<Vec<Asset>, ContractError> {
    at_most("assets", assets.len(), MAX_LISTED)?;
    assets
        .iter()
        .try_for_each(|asset| assets::check(ctx, asset))?;
    each_once("asset", &assets)?;
    Ok(assets)
}

fn add_duration(config: &mut Config, duration: u64) -> Result<(), ContractError> {
    in_range("duration", duration, config.epochs.length, MAX_DURATION)?;
    if config.durations.contains(&duration) {
        return Ok(());
    }
    config.durations.push(duration);
    at_most("durations", config.durations.len(), MAX_DURATIONS)
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
    // `invariants` lists assets by number: reward assets come first when they are there from the
    // beginning.
    for asset in &assets {
        assets::number(storage, asset)?;
    }
    Ok(())
}

fn set_fee(ctx: &mut Context, storage: &mut dyn Storage, fee: Coin) -> Result<(), ContractError> {
    if fee.amount.is_zero() {
        ctx.config.creation_fee = None;
        return Ok(());
    }
    let asset = Asset::Native(fee.denom.clone());
    assets::check(ctx, &asset)?;
    assets::number(storage, &asset)?;
    if !ctx.config.fee_denoms.contains(&fee.denom) {
        ctx.config.fee_denoms.push(fee.denom.clone());
        at_most("fee denoms", ctx.config.fee_denoms.len(), MAX_FEE_DENOMS)?;
    }
    ctx.config.creation_fee = Some(fee);
    Ok(())
}
