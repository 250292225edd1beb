//! Set-up, params, reporters, denoms.

use cosmwasm_std::{Addr, Api, Decimal256, DepsMut, Env, MessageInfo, Response};
use distribution_math::SplitRates;
use pool_kit::events::action;
use pool_kit::{Denoms, KitError, ownership};

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::{Context, assert_owner};
use crate::msg::{InstantiateMsg, Params, ParamsUpdate, ReportersUpdate, Source};
use crate::rates::rate;
use crate::state::{CONFIG, Config, REPORTERS, Reporters};

const DEFAULT_SHARE_PLACES: u8 = 18;
const MAX_SHARE_PLACES: u8 = 18;

impl Default for Params {
    fn default() -> Self {
        Params {
            community_tax: Decimal256::percent(2),
            base_proposer_reward: Decimal256::percent(1),
            bonus_proposer_reward: Decimal256::percent(4),
            equal_share: Decimal256::zero(),
            withdraw_addr_enabled: true,
        }
    }
}

impl Params {
    /// The params with some of them changed, if they still keep the rules.
    ///
    /// # Errors
    /// For a rate above 1, and for tax, base and bonus above 1 together.
    pub fn updated(&self, update: ParamsUpdate) -> Result<Self, ContractError> {
        let params = Params {
            community_tax: update.community_tax.unwrap_or(self.community_tax),
            base_proposer_reward: update
                .base_proposer_reward
                .unwrap_or(self.base_proposer_reward),
            bonus_proposer_reward: update
                .bonus_proposer_reward
                .unwrap_or(self.bonus_proposer_reward),
            equal_share: update.equal_share.unwrap_or(self.equal_share),
            withdraw_addr_enabled: update
                .withdraw_addr_enabled
                .unwrap_or(self.withdraw_addr_enabled),
        };
        params.split_rates()?;
        Ok(params)
    }

    /// The rates that split a block's fees.
    ///
    /// # Errors
    /// For a rate above 1, and for tax, base and bonus above 1 together.
    pub fn split_rates(&self) -> Result<SplitRates, ContractError> {
        Ok(
            SplitRates::tax_only(rate("community_tax", self.community_tax)?)
                .with_proposer_reward(
                    rate("base_proposer_reward", self.base_proposer_reward)?,
                    rate("bonus_proposer_reward", self.bonus_proposer_reward)?,
                )?
                .with_equal_share(rate("equal_share", self.equal_share)?),
        )
    }
}

pub(crate) fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let account = |address: Option<String>| -> Result<Option<Addr>, ContractError> {
        Ok(address
            .map(|address| deps.api.addr_validate(&address))
            .transpose()?)
    };
    let owner = account(msg.owner)?.unwrap_or(info.sender);
    let share_places = msg.share_places.unwrap_or(DEFAULT_SHARE_PLACES);
    if share_places > MAX_SHARE_PLACES {
        return Err(ContractError::SharePlaces { share_places });
    }
    let config = Config {
        source: msg.source.unwrap_or(Source::Reporter),
        group: account(msg.group)?,
        active: msg.active.unwrap_or(false),
        share_places,
        denoms: Denoms::new(msg.reward_denoms)?,
        params: Params::default().updated(msg.params.unwrap_or_default())?,
        validator_form: None,
    };
    CONFIG.save(deps.storage, &config)?;
    let reporters = Reporters::default().updated(deps.api, msg.reporters.unwrap_or_default())?;
    REPORTERS.save(deps.storage, &reporters)?;
    ownership::initialize(deps.storage, owner.clone())?;
    let event = action("instantiate")
        .add_attribute("owner", owner)
        .add_attribute("active", config.active.to_string());
    Ok(Response::new().add_event(event))
}

pub(crate) fn update_params(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: ParamsUpdate,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.config.params = ctx.config.params.updated(update)?;
    CONFIG.save(deps.storage, &ctx.config)?;
    let params = &ctx.config.params;
    let event = action("update_params")
        .add_attribute("community_tax", params.community_tax.to_string())
        .add_attribute(
            "base_proposer_reward",
            params.base_proposer_reward.to_string(),
        )
        .add_attribute(
            "bonus_proposer_reward",
            params.bonus_proposer_reward.to_string(),
        )
        .add_attribute("equal_share", params.equal_share.to_string())
        .add_attribute(
            "withdraw_addr_enabled",
            params.withdraw_addr_enabled.to_string(),
        );
    Ok(Response::new().add_event(event))
}

impl Reporters {
    fn updated(self, api: &dyn Api, update: ReportersUpdate) -> Result<Self, ContractError> {
        let list = |addresses: Option<Vec<String>>, so_far: Vec<Addr>| match addresses {
            None => Ok(so_far),
            Some(addresses) => addresses
                .iter()
                .map(|address| api.addr_validate(address))
                .collect(),
        };
        Ok(Reporters {
            block: list(update.block, self.block)?,
            staking: list(update.staking, self.staking)?,
        })
    }
}

pub(crate) fn update_reporters<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    update: ReportersUpdate,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let replaces_block_reporters = update.block.is_some();
    let reporters = REPORTERS.load(deps.storage)?.updated(deps.api, update)?;
    REPORTERS.save(deps.storage, &reporters)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    if replaces_block_reporters {
        // New reporters count their blocks anew, whatever number the old ones ended with.
        books.pool.heights.reported_height = 0;
    }
    let list = |reporters: Vec<Addr>| {
        let names: Vec<&str> = reporters.iter().map(Addr::as_str).collect();
        if names.is_empty() {
            "none".to_string()
        } else {
            names.join(",")
        }
    };
    books.emit(
        action("update_reporters")
            .add_attribute("block", list(reporters.block))
            .add_attribute("staking", list(reporters.staking)),
    );
    books.close()
}

pub(crate) fn update_reward_denoms(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    if add.is_empty() && remove.is_empty() {
        return Err(KitError::NothingUpdated.into());
    }
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    let changes = ctx.config.denoms.update(add, remove)?;
    CONFIG.save(deps.storage, &ctx.config)?;
    let event = action("update_reward_denoms").add_attributes(changes);
    Ok(Response::new().add_event(event))
}
