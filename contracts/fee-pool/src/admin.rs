//! Set-up, params, reporters, denoms, migration.

use accounting::{AccountingKind, Denoms};
use cosmwasm_std::{Addr, Api, Decimal256, DepsMut, MessageInfo, Response, Storage, Uint64};
use distribution_math::{Rate, SplitRates};
use interfaces::{migration, ownership};

use crate::context::{Context, assert_owner};
use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::events::{self, action};
use crate::msg::{InstantiateMsg, Params, ParamsUpdate, ReportersUpdate, Source};
use crate::state::{CONFIG, Config, REPORTERS, Reporters};
use crate::{ContractError, Fault};

const DEFAULT_SHARE_PLACES: u8 = 6;
const MAX_SHARE_PLACES: u8 = 18;
const DEFAULT_POWER_REDUCTION: Uint64 = Uint64::new(1_000_000);

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
        Ok(SplitRates::tax_only(Rate::new(self.community_tax)?)
            .with_proposer_reward(
                Rate::new(self.base_proposer_reward)?,
                Rate::new(self.bonus_proposer_reward)?,
            )?
            .with_equal_share(Rate::new(self.equal_share)?))
    }
}

pub(crate) fn instantiate(
    deps: DepsMut,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let account = |address: Option<String>| -> Result<Option<Addr>, ContractError> {
        Ok(address
            .map(|address| deps.api.addr_validate(&address))
            .transpose()?)
    };
    let owner = account(msg.owner)?.unwrap_or(info.sender);
    let group = account(msg.group)?;
    let share_places = msg.share_places.unwrap_or(DEFAULT_SHARE_PLACES);
    if share_places > MAX_SHARE_PLACES {
        return Err(Fault::SharePlaces { share_places }.into());
    }
    let power_reduction = msg.power_reduction.unwrap_or(DEFAULT_POWER_REDUCTION);
    if power_reduction.is_zero() {
        return Err(Fault::NoPowerReduction.into());
    }
    let accounting = msg.accounting.unwrap_or(AccountingKind::F1);
    let source = msg.source.unwrap_or(Source::Reporter);
    if accounting == AccountingKind::Lazy && source == Source::Sync {
        return Err(Fault::SyncIsForF1.into());
    }
    let config = Config {
        accounting,
        source,
        group,
        active: msg.active.unwrap_or(false),
        share_places,
        power_reduction,
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
    Ok(events::response(event))
}

pub(crate) fn update_params(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    update: ParamsUpdate,
) -> Result<Response, ContractError> {
    assert_owner(storage, &info.sender)?;
    ctx.config.params = ctx.config.params.updated(update)?;
    CONFIG.save(storage, &ctx.config)?;
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
    Ok(events::response(event))
}

impl Reporters {
    fn updated(self, api: &dyn Api, update: ReportersUpdate) -> Result<Self, ContractError> {
        let list = |addresses: Option<Vec<String>>, now: Vec<Addr>| match addresses {
            None => Ok(now),
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

pub(crate) fn update_reporters(
    ctx: &Context,
    storage: &mut dyn Storage,
    api: &dyn Api,
    info: &MessageInfo,
    update: ReportersUpdate,
) -> Result<Response, ContractError> {
    assert_owner(storage, &info.sender)?;
    if update.block.is_some() {
        // New reporters count their blocks anew, whatever number the old ones ended with.
        let mut books = ctx.open(storage)?;
        books.pool.reported_height = 0;
        books.close()?;
    }
    let reporters = REPORTERS.load(storage)?.updated(api, update)?;
    REPORTERS.save(storage, &reporters)?;
    let list = |reporters: Vec<Addr>| {
        let names: Vec<&str> = reporters.iter().map(Addr::as_str).collect();
        if names.is_empty() {
            "none".to_string()
        } else {
            names.join(",")
        }
    };
    let event = action("update_reporters")
        .add_attribute("block", list(reporters.block))
        .add_attribute("staking", list(reporters.staking));
    Ok(events::response(event))
}

pub(crate) fn update_reward_denoms(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<Response, ContractError> {
    assert_owner(storage, &info.sender)?;
    let changes = ctx.config.denoms.update(add, remove)?;
    CONFIG.save(storage, &ctx.config)?;
    let event = action("update_reward_denoms").add_attributes(changes);
    Ok(events::response(event))
}

pub(crate) fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    let event = migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(events::response(event))
}
