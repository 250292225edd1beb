//! Queries about the pool as a whole.

use cosmwasm_std::{StdResult, Storage, Uint64};
use pool_kit::ledger::Class;
use pool_kit::{Amounts, undelivered};
use validator_rewards::validator_set as set;

use crate::ContractError;
use crate::accounting::Accounting;
use crate::answers::{
    CommunityPoolResponse, ConfigResponse, LastBlockResponse, ReportersResponse, RewardDenom,
    RewardDenomsResponse, UndeliveredResponse, ValidatorPower, ValidatorSetResponse,
};
use crate::books::Books;
use crate::context::Context;
use crate::state::REPORTERS;

pub(super) fn config(ctx: &Context) -> ConfigResponse {
    ConfigResponse {
        source: ctx.config.source,
        group: ctx.config.group.clone(),
        active: ctx.config.active,
        share_places: ctx.config.share_places,
    }
}

pub(super) fn reporters(storage: &dyn Storage) -> StdResult<ReportersResponse> {
    let reporters = REPORTERS.load(storage)?;
    Ok(ReportersResponse {
        block: reporters.block,
        staking: reporters.staking,
    })
}

pub(super) fn reward_denoms(ctx: &Context) -> RewardDenomsResponse {
    let listed = ctx.config.denoms.iter();
    RewardDenomsResponse {
        reward_denoms: listed
            .map(|(_, denom)| RewardDenom {
                denom: denom.name.clone(),
                active: denom.active,
            })
            .collect(),
    }
}

pub(super) fn last_block<A: Accounting>(books: &Books<A>) -> LastBlockResponse {
    LastBlockResponse {
        height: books.pool.heights.height,
        reported_height: books.pool.heights.reported_height,
        total_power: Uint64::new(books.pool.totals.power),
        active_validators: books.pool.totals.active_validators,
    }
}

pub(super) fn community_pool<A: Accounting>(
    books: &Books<A>,
) -> Result<CommunityPoolResponse, ContractError> {
    let denoms = &books.ctx.config.denoms;
    let mut amounts = Amounts::default();
    for denom in denoms.ids() {
        let ledger = books.pool.ledger(denom);
        amounts.add(denom, ledger.class(Class::CommunityPool))?;
    }
    Ok(CommunityPoolResponse {
        pool: denoms.dec_coins(&amounts),
        spendable: denoms.coins(&amounts),
    })
}

pub(super) fn validator_set<A: Accounting>(
    books: &Books<A>,
) -> Result<ValidatorSetResponse, ContractError> {
    let active = set::all(books.storage)?.into_iter();
    Ok(ValidatorSetResponse {
        validators: active
            .map(|active| ValidatorPower {
                validator: books.ctx.show_validator(&active.validator),
                power: Uint64::new(active.power),
            })
            .collect(),
        total_power: Uint64::new(books.pool.totals.power),
    })
}

pub(super) fn undelivered<A: Accounting>(
    books: &Books<A>,
    account: &str,
) -> Result<UndeliveredResponse, ContractError> {
    let account = books.ctx.chain.account(account)?;
    Ok(UndeliveredResponse {
        amount: undelivered::coins(books.storage, &account)?,
    })
}
