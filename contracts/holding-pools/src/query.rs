//! Queries. They compute with the functions of the messages.

use chain_types::address::AddressBytes;
use cosmwasm_std::{Binary, Deps, Env, StdResult, Storage, Timestamp, Uint128, to_json_binary};
use distribution_math::Points;
use pool_kit::{Amounts, DenomId, PerDenom, ownership, paging};
use validator_rewards::validator_set;

use crate::context::Context;
use crate::holdings::{self, Holdings};
use crate::query_msg::{
    ChannelResponse, ConfigResponse, DenomPoints, DenomResponse, FeeCollectorResponse,
    HoldingPoolResponse, HoldingPoolsResponse, LastDistributionTransmissionResponse,
    NextDistributionResponse, ProbeInfo, ProviderPoolResponse, ProviderPoolWeights,
    ProviderValidatorResponse, QueryMsg, TransferInfo, UnitInfo, UnitResponse, UnitsResponse,
};
use crate::state::{self, ArrivalLeg, BLOCK_REPORTERS, LAST_REFUSAL, Link, Pool, denom_key};
use crate::unit::Unit;
use crate::{ContractError, audit, channel, closing};

/// Answers a query.
///
/// # Errors
/// For names that are none of this contract, and unreadable records.
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let storage = deps.storage;
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(&ctx, storage)?),
        QueryMsg::Params {} => to_json_binary(&ctx.config.params),
        QueryMsg::LastDistributionTransmission {} => {
            let height = Pool::load(storage)?.last_transmission;
            to_json_binary(&LastDistributionTransmissionResponse { height })
        }
        QueryMsg::NextDistribution {} => to_json_binary(&next_distribution(&ctx, storage)?),
        QueryMsg::FeeCollector {} => to_json_binary(&FeeCollectorResponse {
            address: env.contract.address.clone(),
        }),
        QueryMsg::HoldingPool { validator } => {
            to_json_binary(&View::load(&ctx, storage)?.holding_pool(&validator)?)
        }
        QueryMsg::HoldingPools { start_after, limit } => {
            to_json_binary(&View::load(&ctx, storage)?.holding_pools(start_after, limit)?)
        }
        QueryMsg::ProviderPool { start_after, limit } => {
            to_json_binary(&View::load(&ctx, storage)?.provider_pool(start_after, limit)?)
        }
        QueryMsg::Unit { denom } => to_json_binary(&unit(&ctx, storage, &denom)?),
        QueryMsg::Units {} => to_json_binary(&units(&ctx, storage)?),
        QueryMsg::Channel {} => to_json_binary(&channel(&ctx, storage)?),
        QueryMsg::ProviderValidator { validator } => {
            to_json_binary(&provider_validator(&ctx, storage, &validator)?)
        }
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(storage)?),
        QueryMsg::Invariants {} => to_json_binary(&audit::invariants(&ctx, storage)?),
        QueryMsg::Audit { start_after, limit } => {
            to_json_binary(&audit::audit(&ctx, storage, start_after, limit)?)
        }
    };
    Ok(answer?)
}

fn config(ctx: &Context, storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let denoms = ctx.config.denoms.iter();
    Ok(ConfigResponse {
        reward_denoms: denoms
            .map(|(_, denom)| DenomResponse {
                denom: denom.name.clone(),
                active: denom.active,
            })
            .collect(),
        fee_pool: ctx.config.fee_pool.clone(),
        block_reporters: BLOCK_REPORTERS.load(storage)?,
    })
}

fn next_distribution(
    ctx: &Context,
    storage: &dyn Storage,
) -> Result<NextDistributionResponse, ContractError> {
    let height = closing::next_distribution(ctx, &Pool::load(storage)?);
    let now = ctx.chain.env.block.height;
    Ok(NextDistributionResponse {
        height,
        blocks_left: height.saturating_sub(now),
    })
}

/// What queries of pools read: the hot record and the units.
struct View<'a> {
    ctx: &'a Context<'a>,
    storage: &'a dyn Storage,
    pool: Pool,
    units: PerDenom<Option<Unit>>,
}

impl<'a> View<'a> {
    fn load(ctx: &'a Context<'a>, storage: &'a dyn Storage) -> StdResult<Self> {
        let mut units = PerDenom::default();
        for denom in ctx.config.denoms.ids() {
            units.set(denom, state::load_unit(storage, denom)?);
        }
        Ok(View {
            ctx,
            storage,
            pool: Pool::load(storage)?,
            units,
        })
    }

    /// The open pools of a validator.
    fn amounts(
        &self,
        validator: &AddressBytes,
        holdings: &Holdings,
    ) -> Result<Amounts, ContractError> {
        let power = validator_set::power(self.storage, validator)?;
        let mut amounts = Amounts::default();
        for denom in self.ctx.config.denoms.ids() {
            let unit = self.units.get(denom);
            let pool = holdings.pool(&self.pool, denom, unit.as_ref(), power)?;
            amounts.add(denom, pool.open)?;
        }
        Ok(amounts)
    }

    fn points(&self, amounts: &Amounts) -> Vec<DenomPoints> {
        let named = self.ctx.config.denoms.named(amounts);
        named
            .filter(|(_, points)| !points.is_zero())
            .map(|(denom, points)| DenomPoints {
                denom: denom.to_string(),
                points: points.value(),
            })
            .collect()
    }

    fn shown(&self, validator: &AddressBytes, amounts: &Amounts) -> HoldingPoolResponse {
        let denoms = &self.ctx.config.denoms;
        HoldingPoolResponse {
            validator: self.ctx.show_validator(validator),
            rewards: denoms.dec_coins(amounts),
            claimable: denoms.coins(amounts),
            points: self.points(amounts),
        }
    }

    fn holding_pool(&self, validator: &str) -> Result<HoldingPoolResponse, ContractError> {
        let validator = self.ctx.validator(validator)?;
        let holdings = Holdings::load(self.storage, &self.pool, &validator)?;
        let amounts = self.amounts(&validator, &holdings)?;
        Ok(self.shown(&validator, &amounts))
    }

    /// A page of validators with their pools.
    fn page(
        &self,
        start_after: Option<String>,
        limit: Option<u32>,
    ) -> Result<Vec<(AddressBytes, Amounts)>, ContractError> {
        let limit = paging::limit(limit)?;
        let mut cursor = match start_after {
            Some(name) => Some(self.ctx.validator(&name)?),
            None => None,
        };
        let mut page = Vec::new();
        while page.len() < limit {
            let Some((validator, holdings)) = holdings::next(self.storage, cursor.as_ref())? else {
                break;
            };
            page.push((validator, self.amounts(&validator, &holdings)?));
            cursor = Some(validator);
        }
        Ok(page)
    }

    fn holding_pools(
        &self,
        start_after: Option<String>,
        limit: Option<u32>,
    ) -> Result<HoldingPoolsResponse, ContractError> {
        let page = self.page(start_after, limit)?;
        let pools = page.iter();
        Ok(HoldingPoolsResponse {
            pools: pools
                .map(|(validator, amounts)| self.shown(validator, amounts))
                .collect(),
        })
    }

    fn provider_pool(
        &self,
        start_after: Option<String>,
        limit: Option<u32>,
    ) -> Result<ProviderPoolResponse, ContractError> {
        let mut totals = Amounts::default();
        for (denom, record) in self.pool.denoms.iter() {
            totals.add(denom, closing::closable(record)?)?;
        }
        let page = self.page(start_after, limit)?;
        let weights = page.iter().map(|(validator, amounts)| {
            Ok(ProviderPoolWeights {
                validator: self.ctx.show_validator(validator),
                provider_validator: self.ctx.provider_name(self.storage, validator)?.to_string(),
                weights: self.points(amounts),
            })
        });
        let denoms = &self.ctx.config.denoms;
        Ok(ProviderPoolResponse {
            rewards: denoms.dec_coins(&totals),
            tokens: denoms.coins(&totals),
            weights: weights.collect::<Result<_, ContractError>>()?,
        })
    }
}

fn unit(ctx: &Context, storage: &dyn Storage, denom: &str) -> Result<UnitResponse, ContractError> {
    let id = ctx.config.denoms.claimable(denom)?;
    Ok(UnitResponse {
        unit: unit_info(ctx, storage, id)?,
    })
}

fn units(ctx: &Context, storage: &dyn Storage) -> Result<UnitsResponse, ContractError> {
    let mut units = Vec::new();
    for denom in ctx.config.denoms.ids() {
        units.extend(unit_info(ctx, storage, denom)?);
    }
    Ok(UnitsResponse { units })
}

fn unit_info(
    ctx: &Context,
    storage: &dyn Storage,
    denom: DenomId,
) -> Result<Option<UnitInfo>, ContractError> {
    let Some(unit) = state::load_unit(storage, denom)? else {
        return Ok(None);
    };
    let transfer = unit.transfer().map(|transfer| TransferInfo {
        channel_id: transfer.channel().to_string(),
        timeout: transfer.timeout(),
        reconcile_from: transfer.ask_from(),
    });
    Ok(Some(UnitInfo {
        denom: ctx.denom_name(denom).to_string(),
        epoch: unit.epoch(),
        state: unit.state(),
        settling: unit.frozen().is_some(),
        amount: coins(unit.total()),
        total: unit.total().value(),
        validators: unit.validators(),
        chunks: unit.chunks(),
        chunks_acked: unit.acked_chunks(),
        attempts: unit.attempts(),
        transfer,
        last_refusal: LAST_REFUSAL.may_load(storage, &denom_key(denom))?,
    }))
}

fn coins(points: Points) -> Uint128 {
    // All that is ever received is below 2^128.
    Uint128::try_from(points.whole_coins()).unwrap_or(Uint128::MAX)
}

fn channel(ctx: &Context, storage: &dyn Storage) -> Result<ChannelResponse, ContractError> {
    let link = Link::load(storage)?;
    let name = link.channel.as_deref();
    Ok(ChannelResponse {
        open: name.is_some_and(|name| channel::is_open(&ctx.chain, name, None)),
        channel_id: link.channel,
        order: ctx.config.order,
        provider: ctx.config.provider.clone(),
        active: link.is_active,
        probe: link.probe.map(|probe| ProbeInfo {
            nonce: probe.nonce,
            timeout: Timestamp::from_nanos(probe.timeout),
            arrived: probe.arrival == ArrivalLeg::Confirmed,
            came_back: probe.came_back,
        }),
        closable: link.closable,
    })
}

fn provider_validator(
    ctx: &Context,
    storage: &dyn Storage,
    validator: &str,
) -> Result<ProviderValidatorResponse, ContractError> {
    let validator = ctx.validator(validator)?;
    Ok(ProviderValidatorResponse {
        provider_validator: ctx.provider_name(storage, &validator)?.to_string(),
    })
}
