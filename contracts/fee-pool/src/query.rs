//! Queries. They run the same functions as the messages, on staged storage that is dropped.

use accounting::store::Staged;
use accounting::{Amounts, Books, DelegationKey, validator_set};
use cosmwasm_std::{Binary, Deps, Env, Uint64};
use interfaces::address::{AddressBytes, ValidatorName};
use interfaces::{json, ownership, paging, payout};

use crate::accounts;
use crate::adjustments;
use crate::audit;
use crate::context::Context;
use crate::msg::{
    ClaimerResponse, Commission, CommunityPoolResponse, ConfigResponse, DelegationResponse,
    DelegationReward, DelegationTotalRewardsResponse, DelegationsResponse,
    DelegatorValidatorsResponse, DelegatorWithdrawAddressResponse, LastBlockResponse, QueryMsg,
    ReportersResponse, RewardDenom, RewardDenomsResponse, RewardsResponse, UndeliveredResponse,
    ValidatorDistributionInfoResponse, ValidatorPower, ValidatorResponse, ValidatorSetResponse,
    ValidatorsResponse,
};
use crate::sampling;
use crate::state::{REPORTERS, TERMS};
use crate::{ContractError, Fault};

pub(crate) fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let mut staged = Staged::new(deps.storage);
    let ctx = Context::load(&staged, deps.querier, &env)?;
    let mut books = ctx.open(&mut staged)?;
    let answer = match msg {
        QueryMsg::Config {} => json::to_binary(&config(&ctx)),
        QueryMsg::Params {} => json::to_binary(&ctx.config.params),
        QueryMsg::Reporters {} => {
            let reporters = REPORTERS.load(deps.storage)?;
            json::to_binary(&ReportersResponse {
                block: reporters.block,
                staking: reporters.staking,
            })
        }
        QueryMsg::RewardDenoms {} => json::to_binary(&reward_denoms(&ctx)),
        QueryMsg::LastBlock {} => json::to_binary(&LastBlockResponse {
            height: books.pool.height,
            reported_height: books.pool.reported_height,
            total_power: Uint64::new(books.pool.total_power),
            active_validators: books.pool.active_validators,
        }),
        QueryMsg::CommunityPool {} => json::to_binary(&community_pool(&ctx, &books)?),
        QueryMsg::Validator { validator } => {
            let validator = ctx.validator(&validator)?;
            json::to_binary(&validator_answer(&ctx, &books, validator.bytes.as_slice())?)
        }
        QueryMsg::Validators { start_after, limit } => {
            json::to_binary(&validators(&ctx, &books, start_after, limit)?)
        }
        QueryMsg::ValidatorSet {} => json::to_binary(&validator_set_answer(&ctx, &books)?),
        QueryMsg::ValidatorOutstandingRewards { validator } => {
            let validator = known(&ctx, &books, &validator)?;
            let rewards = ctx
                .engine()
                .outstanding_rewards(&books, validator.bytes.as_slice())?;
            json::to_binary(&ctx.rewards(&rewards))
        }
        QueryMsg::ValidatorCommission { validator } => {
            let validator = known(&ctx, &books, &validator)?;
            let rewards = ctx
                .engine()
                .commission(&mut books, validator.bytes.as_slice())?;
            json::to_binary(&ctx.rewards(&rewards))
        }
        QueryMsg::ValidatorCurrentRewards { validator } => {
            let validator = known(&ctx, &books, &validator)?;
            let rewards = ctx
                .engine()
                .current_rewards(&books, validator.bytes.as_slice())?;
            json::to_binary(&ctx.rewards(&rewards))
        }
        QueryMsg::ValidatorDistributionInfo { validator } => {
            let operator = known(&ctx, &books, &validator)?.bytes;
            let commission = ctx.engine().commission(&mut books, operator.as_slice())?;
            let own = rewards_of(&ctx, &mut books, &operator, operator.as_slice())?;
            json::to_binary(&ValidatorDistributionInfoResponse {
                operator_address: ctx.addresses.show_account(&operator),
                self_bond_rewards: ctx.config.denoms.dec_coins(&own),
                commission: ctx.config.denoms.dec_coins(&commission),
            })
        }
        QueryMsg::Delegation {
            delegator,
            validator,
        } => {
            let delegator = ctx.addresses.account(&delegator)?;
            let validator = known(&ctx, &books, &validator)?;
            json::to_binary(&delegation(
                &ctx,
                &books,
                &delegator,
                validator.bytes.as_slice(),
            )?)
        }
        QueryMsg::DelegatorDelegations {
            delegator,
            start_after,
            limit,
        } => {
            let delegator = ctx.addresses.account(&delegator)?;
            let page = validators_of(&ctx, &books, &delegator, start_after, limit)?;
            let delegations = page
                .validators
                .iter()
                .map(|validator| delegation(&ctx, &books, &delegator, validator))
                .collect::<Result<_, _>>()?;
            json::to_binary(&DelegationsResponse { delegations })
        }
        QueryMsg::ValidatorDelegations {
            validator,
            start_after,
            limit,
        } => {
            let validator = known(&ctx, &books, &validator)?;
            json::to_binary(&validator_delegations(
                &ctx,
                &books,
                &validator.bytes,
                start_after,
                limit,
            )?)
        }
        QueryMsg::DelegationRewards {
            delegator,
            validator,
        } => {
            let delegator = ctx.addresses.account(&delegator)?;
            let validator = known(&ctx, &books, &validator)?;
            json::to_binary(&delegation_rewards(
                &ctx,
                &mut books,
                &delegator,
                validator.bytes.as_slice(),
            )?)
        }
        QueryMsg::DelegationTotalRewards {
            delegator,
            start_after,
            limit,
        } => {
            let delegator = ctx.addresses.account(&delegator)?;
            let page = validators_of(&ctx, &books, &delegator, start_after, limit)?;
            json::to_binary(&delegation_total_rewards(
                &ctx, &mut books, &delegator, page,
            )?)
        }
        QueryMsg::DelegatorValidators {
            delegator,
            start_after,
            limit,
        } => {
            let delegator = ctx.addresses.account(&delegator)?;
            let page = validators_of(&ctx, &books, &delegator, start_after, limit)?;
            json::to_binary(&DelegatorValidatorsResponse {
                validators: page
                    .validators
                    .iter()
                    .map(|validator| ctx.show_validator(validator))
                    .collect(),
            })
        }
        QueryMsg::DelegatorWithdrawAddress { delegator } => {
            let account = ctx.addresses.account(&delegator)?;
            let settings = accounts::settings(deps.storage, &account)?;
            json::to_binary(&DelegatorWithdrawAddressResponse {
                withdraw_address: settings
                    .withdraw_address
                    .unwrap_or_else(|| ctx.addresses.show_account(&account)),
            })
        }
        QueryMsg::Claimer { delegator } => {
            let account = ctx.addresses.account(&delegator)?;
            json::to_binary(&ClaimerResponse {
                claimer: accounts::settings(deps.storage, &account)?.claimer,
            })
        }
        QueryMsg::Undelivered { account } => {
            let account = ctx.addresses.account(&account)?;
            json::to_binary(&UndeliveredResponse {
                amount: payout::undelivered_coins(deps.storage, &account)?,
            })
        }
        QueryMsg::Ownership {} => json::to_binary(&ownership::query(deps.storage)?),
        QueryMsg::Invariants {} => json::to_binary(&audit::invariants(&ctx, &books)?),
        QueryMsg::DelegationAdjustment {
            delegator,
            validator,
        } => {
            let delegator = ctx.addresses.account(&delegator)?;
            let validator = known(&ctx, &books, &validator)?;
            let key = DelegationKey {
                delegator: delegator.as_slice(),
                validator: validator.bytes.as_slice(),
            };
            let found = ctx.engine().delegation_adjustments(&mut books, key)?;
            json::to_binary(&adjustments::answer(&ctx, &found))
        }
        QueryMsg::CommissionAdjustment { validator } => {
            let validator = known(&ctx, &books, &validator)?;
            let found = ctx
                .engine()
                .commission_adjustments(&mut books, validator.bytes.as_slice())?;
            json::to_binary(&adjustments::answer(&ctx, &found))
        }
        QueryMsg::PowerChanges { start_after, limit } => {
            let limit = paging::limit(limit)?;
            let changes = ctx.engine().power_changes(&books, start_after, limit)?;
            json::to_binary(&adjustments::power_changes(&ctx, changes))
        }
        QueryMsg::Audit { start_after, limit } => {
            json::to_binary(&audit::audit(&ctx, &books, start_after, limit)?)
        }
    };
    Ok(answer?)
}

fn known(ctx: &Context, books: &Books, validator: &str) -> Result<ValidatorName, ContractError> {
    let name = ctx.validator(validator)?;
    crate::registry::assert_known(ctx, books, &name.bytes)?;
    Ok(name)
}

fn config(ctx: &Context) -> ConfigResponse {
    let config = &ctx.config;
    ConfigResponse {
        accounting: config.accounting,
        source: config.source,
        group: config.group.clone(),
        active: config.active,
        share_places: config.share_places,
        power_reduction: config.power_reduction,
    }
}

fn reward_denoms(ctx: &Context) -> RewardDenomsResponse {
    RewardDenomsResponse {
        reward_denoms: ctx
            .config
            .denoms
            .iter()
            .map(|(_, denom)| RewardDenom {
                denom: denom.name.clone(),
                active: denom.active,
            })
            .collect(),
    }
}

fn community_pool(ctx: &Context, books: &Books) -> Result<CommunityPoolResponse, ContractError> {
    let mut amounts = Amounts::default();
    for denom in ctx.config.denoms.ids() {
        let ledger = books.pool.ledger(denom);
        amounts.add(denom, ledger.class(accounting::pool::Class::CommunityPool))?;
    }
    Ok(CommunityPoolResponse {
        pool: ctx.config.denoms.dec_coins(&amounts),
        spendable: ctx.config.denoms.coins(&amounts),
    })
}

fn validator_answer(
    ctx: &Context,
    books: &Books,
    validator: &[u8],
) -> Result<ValidatorResponse, ContractError> {
    let view =
        ctx.engine()
            .validator(books, validator)?
            .ok_or_else(|| Fault::UnknownValidator {
                validator: ctx.show_validator(validator),
            })?;
    let terms = TERMS.may_load(books.storage, validator)?;
    let current = ctx.engine().current_rewards(books, validator)?;
    Ok(ValidatorResponse {
        validator: ctx.show_validator(validator),
        power: Uint64::new(view.power),
        commission: Commission {
            rate: view.commission_rate.to_decimal(),
            max_rate: terms.as_ref().map(|terms| terms.max_rate),
            max_change_rate: terms.as_ref().map(|terms| terms.max_change_rate),
            last_edit: terms.and_then(|terms| terms.last_edit),
            stale: view.commission_stale,
        },
        units: view.units.into(),
        exchange_rate: view.exchange_rate.to_string(),
        current_rewards: ctx.config.denoms.dec_coins(&current),
        removed: view.removed,
    })
}

fn validators(
    ctx: &Context,
    books: &Books,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<ValidatorsResponse, ContractError> {
    let start = start_after
        .map(|validator| ctx.validator(&validator))
        .transpose()?;
    let validators = ctx
        .engine()
        .validators(
            books,
            start.as_ref().map(|name| name.bytes.as_slice()),
            paging::limit(limit)?,
        )?
        .iter()
        .map(|validator| validator_answer(ctx, books, validator))
        .collect::<Result<_, _>>()?;
    Ok(ValidatorsResponse { validators })
}

fn validator_set_answer(
    ctx: &Context,
    books: &Books,
) -> Result<ValidatorSetResponse, ContractError> {
    Ok(ValidatorSetResponse {
        validators: validator_set::members(books.storage)?
            .into_iter()
            .map(|member| ValidatorPower {
                validator: ctx.show_validator(&member.address),
                power: Uint64::new(member.power),
            })
            .collect(),
        total_power: Uint64::new(books.pool.total_power),
    })
}

fn delegation(
    ctx: &Context,
    books: &Books,
    delegator: &AddressBytes,
    validator: &[u8],
) -> Result<DelegationResponse, ContractError> {
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator,
    };
    Ok(DelegationResponse {
        delegator: ctx.addresses.show_account(delegator),
        validator: ctx.show_validator(validator),
        units: ctx
            .engine()
            .delegation_units(books, key)?
            .unwrap_or_default()
            .into(),
    })
}

fn validator_delegations(
    ctx: &Context,
    books: &Books,
    validator: &AddressBytes,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<DelegationsResponse, ContractError> {
    let start = start_after
        .map(|delegator| ctx.addresses.account(&delegator))
        .transpose()?;
    let delegations = ctx
        .engine()
        .delegators_of_validator(
            books,
            validator.as_slice(),
            start.as_ref().map(AddressBytes::as_slice),
            paging::limit(limit)?,
        )?
        .iter()
        .map(|delegator| {
            delegation(
                ctx,
                books,
                &AddressBytes::new(delegator)?,
                validator.as_slice(),
            )
        })
        .collect::<Result<_, _>>()?;
    Ok(DelegationsResponse { delegations })
}

/// One page of the validators that a delegator has a record with.
struct DelegatorPage {
    validators: Vec<Vec<u8>>,
    has_more: bool,
}

fn validators_of(
    ctx: &Context,
    books: &Books,
    delegator: &AddressBytes,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<DelegatorPage, ContractError> {
    let start = start_after
        .map(|validator| ctx.validator(&validator))
        .transpose()?;
    let limit = paging::limit(limit)?;
    let mut validators = ctx.engine().validators_of_delegator(
        books,
        delegator.as_slice(),
        start.as_ref().map(|name| name.bytes.as_slice()),
        limit.saturating_add(1),
    )?;
    let has_more = validators.len() > limit;
    validators.truncate(limit);
    Ok(DelegatorPage {
        validators,
        has_more,
    })
}

/// What a withdrawal would take out now: where delegations are sampled, after a sample.
fn rewards_of(
    ctx: &Context,
    books: &mut Books,
    delegator: &AddressBytes,
    validator: &[u8],
) -> Result<Amounts, ContractError> {
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator,
    };
    sampling::sample(ctx, books, key)?;
    Ok(ctx.engine().delegation_rewards(books, key)?)
}

fn delegation_rewards(
    ctx: &Context,
    books: &mut Books,
    delegator: &AddressBytes,
    validator: &[u8],
) -> Result<RewardsResponse, ContractError> {
    let rewards = rewards_of(ctx, books, delegator, validator)?;
    Ok(ctx.rewards(&rewards))
}

fn delegation_total_rewards(
    ctx: &Context,
    books: &mut Books,
    delegator: &AddressBytes,
    page: DelegatorPage,
) -> Result<DelegationTotalRewardsResponse, ContractError> {
    let mut rewards = Vec::with_capacity(page.validators.len());
    let mut total = Amounts::default();
    let mut whole = Amounts::default();
    for validator in &page.validators {
        let owed = rewards_of(ctx, books, delegator, validator)?;
        total.add_all(&owed)?;
        for (denom, amount) in owed.iter() {
            whole.add(denom, amount.checked_sub(amount.fraction())?)?;
        }
        rewards.push(DelegationReward {
            validator: ctx.show_validator(validator),
            rewards: ctx.config.denoms.dec_coins(&owed),
            claimable: ctx.config.denoms.coins(&owed),
        });
    }
    Ok(DelegationTotalRewardsResponse {
        rewards,
        total: ctx.config.denoms.dec_coins(&total),
        claimable: ctx.config.denoms.coins(&whole),
        next: page
            .validators
            .last()
            .filter(|_| page.has_more)
            .map(|validator| ctx.show_validator(validator)),
    })
}
