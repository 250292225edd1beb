//! Set-up, params, reporters, the provider, and the names that validators have there.

use chain_types::address::ValidatorForm;
use cosmwasm_std::{Addr, Api, DepsMut, Env, MessageInfo, Response};
use pool_kit::events::action;
use pool_kit::{Chain, Denoms, KitError, ownership};

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;
use crate::msg::{InstantiateMsg, Order, Params, ParamsUpdate, Provider, ProviderUpdate};
use crate::recovery;
use crate::state::{self, BLOCK_REPORTERS, CONFIG, Config, Link, PROVIDER_NAMES, Pool};

pub(crate) fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let chain = Chain::new(deps.querier, &env)?;
    let owner = match &msg.owner {
        Some(owner) => deps.api.addr_validate(owner)?,
        None => info.sender,
    };
    let update = msg.params();
    let fee_pool = match &update.fee_pool {
        Some(address) => Some(chain.show(&chain.recipient(address)?)),
        None => None,
    };
    let params = Params::new(fee_pool.is_some()).updated(update);
    params.check(fee_pool.is_some())?;
    msg.provider.check()?;
    let config = Config {
        denoms: Denoms::new(msg.reward_denoms)?,
        params,
        fee_pool,
        provider: msg.provider,
        order: msg.order.unwrap_or(Order::Ordered),
    };
    CONFIG.save(deps.storage, &config)?;
    let block = msg.reporters.and_then(|reporters| reporters.block);
    let block = addresses(deps.api, block.unwrap_or_default())?;
    BLOCK_REPORTERS.save(deps.storage, &block)?;
    ownership::initialize(deps.storage, owner.clone())?;
    Pool {
        last_transmission: env.block.height,
        ..Pool::default()
    }
    .save(deps.storage)?;
    let event = config.provider.event("instantiate");
    Ok(Response::new().add_event(event.add_attribute("owner", owner)))
}

fn addresses(api: &dyn Api, names: Vec<String>) -> Result<Vec<Addr>, ContractError> {
    let addresses = names.iter().map(|name| api.addr_validate(name));
    Ok(addresses.collect::<Result<_, _>>()?)
}

/// The message `update_params`: from the next block on.
pub(crate) fn update_params(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: ParamsUpdate,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    if let Some(address) = &update.fee_pool {
        let fee_pool = ctx.chain.recipient(address)?;
        ctx.config.fee_pool = Some(ctx.chain.show(&fee_pool));
    }
    ctx.config.params = ctx.config.params.updated(update);
    let fee_pool = ctx.config.fee_pool.as_ref();
    ctx.config.params.check(fee_pool.is_some())?;
    let fee_pool = fee_pool.map_or("none", Addr::as_str);
    let event = ctx.config.params.event("update_params");
    let event = event.add_attribute("fee_pool", fee_pool);
    CONFIG.save(deps.storage, &ctx.config)?;
    Ok(Response::new().add_event(event))
}

/// The message `update_provider`: points to another provider, or another way to it. A new probe has
/// to pass, and weights that are under way or were taken are sent again. Coins on their way stay on
/// their way; if they come back, they wait until the new provider has their weights.
///
/// Another prefix is another chain, on which the names of weights mean nothing. So units whose coins are
/// here are released before, and those on their way are written off: if they come back they join the
/// provider's part.
pub(crate) fn update_provider(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: ProviderUpdate,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    if update == ProviderUpdate::default() {
        return Err(KitError::NothingUpdated.into());
    }
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let so_far = ctx.config.provider.clone();
    let provider = Provider {
        connection_id: update.connection_id.unwrap_or(so_far.connection_id),
        port_id: update.port_id.unwrap_or(so_far.port_id),
        transfer_channel: update.transfer_channel.unwrap_or(so_far.transfer_channel),
        receiver: update.receiver.unwrap_or(so_far.receiver),
        prefix: update.prefix.unwrap_or(so_far.prefix),
    };
    provider.check()?;
    for denom in ctx.config.denoms.ids() {
        let Some(mut unit) = state::load_unit(books.storage, denom)? else {
            continue;
        };
        if provider.prefix == ctx.config.provider.prefix {
            unit.peer_replaced();
            state::save_unit(books.storage, denom, &unit)?;
        } else if unit.transfer().is_some() {
            recovery::write_off(&mut books, denom, &unit)?;
        } else {
            return Err(ContractError::NamesOfOtherPrefix {
                epoch: unit.epoch(),
                denom: ctx.denom_name(denom).to_string(),
                prefix: ctx.config.provider.prefix.clone(),
            });
        }
    }
    books.emit(provider.event("update_provider"));
    let config = Config {
        provider,
        order: update.order.unwrap_or(ctx.config.order),
        ..ctx.config.clone()
    };
    CONFIG.save(books.storage, &config)?;
    let link = Link::load(books.storage)?;
    Link {
        // A channel of the provider before is abandoned.
        channel: None,
        probe: None,
        is_active: false,
        ..link
    }
    .save(books.storage)?;
    books.close()
}

/// The message `update_reporters`.
pub(crate) fn update_reporters(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    block: Option<Vec<String>>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut books = Books::open(&ctx, deps.storage)?;
    let mut event = action("update_reporters");
    if let Some(block) = block {
        let block = addresses(deps.api, block)?;
        BLOCK_REPORTERS.save(books.storage, &block)?;
        // New reporters count their blocks anew, whatever number the old ones ended with.
        books.pool.heights.reported_height = 0;
        for reporter in block {
            event = event.add_attribute("block", reporter);
        }
    }
    books.emit(event);
    books.close()
}

/// The message `set_provider_validator`, by the account with the operator's bytes: whom the
/// provider pays for this validator, from the next closing that has not settled it yet.
pub(crate) fn set_provider_validator(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validator: &str,
    provider_validator: &str,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let validator = ctx.validator(validator)?;
    let operator = ctx.chain.show(&validator);
    if operator != info.sender {
        return Err(KitError::Unauthorized {
            sender: info.sender.into_string(),
            role: "the operator of the validator",
        }
        .into());
    }
    let provider_chain = ctx.provider_addresses()?;
    let provider_validator = provider_chain
        .validator(provider_validator)
        .map_err(KitError::from)?;
    // In one form, so that the weights of all who name the same one are added.
    let name = provider_chain.show_validator(&provider_validator.bytes, ValidatorForm::Operator);
    PROVIDER_NAMES.save(deps.storage, validator.as_slice(), &name)?;
    let event = ctx.validator_event("set_provider_validator", &validator);
    Ok(Response::new().add_event(event.add_attribute("provider_validator", name)))
}
