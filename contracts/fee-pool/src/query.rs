//! Queries. They run the same functions as the messages, on staged storage that is dropped.
//!
//! An answer is written as JSON by the function that finds it out. Whom a query is about is read by
//! the few functions `of_…`, which hand it to the one that answers: the same code in every arm
//! would be a good part of the contract's file.

use accounting::lazy::RecipientAdjustments;
use accounting::store::Staged;
use accounting::{AccountingError, Amounts, Books, DelegationKey, PerDenom, validator_set};
use cosmwasm_std::{Addr, Binary, Deps, Env, StdResult, Uint64};
use interfaces::address::AddressBytes;
use interfaces::{json, ownership, paging, payout};

use crate::accounts;
use crate::adjustments;
use crate::audit;
use crate::context::Context;
use crate::msg::{
    ClaimerResponse, Commission, CommunityPoolResponse, ConfigResponse, DelegationResponse,
    DelegationReward, DelegationTotalRewardsResponse, DelegationsResponse,
    DelegatorValidatorsResponse, DelegatorWithdrawAddressResponse, LastBlockResponse, QueryMsg,
    ReportersResponse, RewardDenom, RewardDenomsResponse, UndeliveredResponse,
    ValidatorDistributionInfoResponse, ValidatorPower, ValidatorResponse, ValidatorSetResponse,
    ValidatorsResponse,
};
use crate::sampling;
use crate::state::{REPORTERS, TERMS};
use crate::{ContractError, Fault};

/// What is answered, as JSON.
type Answer = Result<Binary, ContractError>;

/// Where a page of a list starts, and how long it is.
struct Page {
    start_after: Option<String>,
    limit: Option<u32>,
}

pub(crate) fn answer(deps: Deps, env: Env, msg: QueryMsg) -> Answer {
    let mut staged = Staged::new(deps.storage);
    let ctx = &Context::load(&staged, deps.querier, &env)?;
    let books = &mut ctx.open(&mut staged)?;
    match msg {
        QueryMsg::Config {} => config(ctx),
        QueryMsg::Params {} => written(json::to_binary(&ctx.config.params)),
        QueryMsg::Reporters {} => reporters(books),
        QueryMsg::RewardDenoms {} => reward_denoms(ctx),
        QueryMsg::LastBlock {} => last_block(books),
        QueryMsg::CommunityPool {} => community_pool(ctx, books),
        QueryMsg::Validator { validator } => {
            let validator = ctx.validator(&validator)?.bytes;
            let view = validator_view(ctx, books, validator.as_slice())?;
            written(json::to_binary(&view))
        }
        QueryMsg::Validators { start_after, limit } => {
            validators(ctx, books, Page { start_after, limit })
        }
        QueryMsg::ValidatorSet {} => powers(ctx, books),
        QueryMsg::ValidatorOutstandingRewards { validator } => {
            of_validator(ctx, books, &validator, outstanding_rewards)
        }
        QueryMsg::ValidatorCommission { validator } => {
            of_validator(ctx, books, &validator, commission)
        }
        QueryMsg::ValidatorCurrentRewards { validator } => {
            of_validator(ctx, books, &validator, current_rewards)
        }
        QueryMsg::ValidatorDistributionInfo { validator } => {
            of_validator(ctx, books, &validator, distribution_info)
        }
        QueryMsg::Delegation {
            delegator,
            validator,
        } => of_delegation(ctx, books, &delegator, &validator, delegation),
        QueryMsg::DelegatorDelegations {
            delegator,
            start_after,
            limit,
        } => {
            let page = Page { start_after, limit };
            of_delegator(ctx, books, &delegator, page, delegator_delegations)
        }
        QueryMsg::ValidatorDelegations {
            validator,
            start_after,
            limit,
        } => {
            let validator = known(ctx, books, &validator)?;
            validator_delegations(ctx, books, &validator, Page { start_after, limit })
        }
        QueryMsg::DelegationRewards {
            delegator,
            validator,
        } => of_delegation(ctx, books, &delegator, &validator, delegation_rewards),
        QueryMsg::DelegationTotalRewards {
            delegator,
            start_after,
            limit,
        } => {
            let page = Page { start_after, limit };
            of_delegator(ctx, books, &delegator, page, delegation_total_rewards)
        }
        QueryMsg::DelegatorValidators {
            delegator,
            start_after,
            limit,
        } => {
            let page = Page { start_after, limit };
            of_delegator(ctx, books, &delegator, page, delegator_validators)
        }
        QueryMsg::DelegatorWithdrawAddress { delegator } => {
            of_account(ctx, books, &delegator, withdraw_address)
        }
        QueryMsg::Claimer { delegator } => of_account(ctx, books, &delegator, claimer),
        QueryMsg::Undelivered { account } => of_account(ctx, books, &account, undelivered),
        QueryMsg::Ownership {} => written(json::to_binary(&ownership::query(books.storage)?)),
        QueryMsg::Invariants {} => written(json::to_binary(&audit::invariants(ctx, books)?)),
        QueryMsg::DelegationAdjustment {
            delegator,
            validator,
        } => of_delegation(ctx, books, &delegator, &validator, delegation_adjustment),
        QueryMsg::CommissionAdjustment { validator } => {
            of_validator(ctx, books, &validator, commission_adjustment)
        }
        QueryMsg::PowerChanges { start_after, limit } => {
            let limit = paging::limit(limit)?;
            let changes = ctx.engine().power_changes(books, start_after, limit)?;
            written(json::to_binary(&adjustments::power_changes(ctx, changes)))
        }
        QueryMsg::Audit { start_after, limit } => written(json::to_binary(&audit::audit(
            ctx,
            books,
            start_after,
            limit,
        )?)),
    }
}

#[inline(never)]
fn written(answer: StdResult<Binary>) -> Answer {
    Ok(answer?)
}

/// Answers for an account.
fn of_account(
    ctx: &Context,
    books: &mut Books,
    account: &str,
    answer: fn(&Context, &mut Books, &AddressBytes) -> Answer,
) -> Answer {
    answer(ctx, books, &ctx.addresses.account(account)?)
}

/// Answers for a validator that the pool knows.
fn of_validator(
    ctx: &Context,
    books: &mut Books,
    validator: &str,
    answer: fn(&Context, &mut Books, &AddressBytes) -> Answer,
) -> Answer {
    let validator = known(ctx, books, validator)?;
    answer(ctx, books, &validator)
}

/// Answers for a delegation to a validator that the pool knows.
fn of_delegation(
    ctx: &Context,
    books: &mut Books,
    delegator: &str,
    validator: &str,
    answer: fn(&Context, &mut Books, DelegationKey) -> Answer,
) -> Answer {
    let delegator = ctx.addresses.account(delegator)?;
    let validator = known(ctx, books, validator)?;
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator: validator.as_slice(),
    };
    answer(ctx, books, key)
}

/// One page of the validators that a delegator has a record with.
struct DelegatorPage {
    delegator: AddressBytes,
    validators: Vec<Vec<u8>>,
    has_more: bool,
}

impl DelegatorPage {
    /// The delegator's delegations to the validators of the page.
    fn keys(&self) -> Vec<DelegationKey<'_>> {
        let key = |validator| DelegationKey {
            delegator: self.delegator.as_slice(),
            validator,
        };
        self.validators.iter().map(|bytes| key(bytes)).collect()
    }
}

/// Answers for a page of a delegator's validators.
fn of_delegator(
    ctx: &Context,
    books: &mut Books,
    delegator: &str,
    page: Page,
    answer: fn(&Context, &mut Books, DelegatorPage) -> Answer,
) -> Answer {
    let delegator = ctx.addresses.account(delegator)?;
    let start = behind_validator(ctx, page.start_after)?;
    let limit = paging::limit(page.limit)?;
    let mut validators = ctx.engine().validators_of_delegator(
        books,
        delegator.as_slice(),
        start.as_ref().map(AddressBytes::as_slice),
        limit.saturating_add(1),
    );
    let has_more = validators.len() > limit;
    validators.truncate(limit);
    let page = DelegatorPage {
        delegator,
        validators,
        has_more,
    };
    answer(ctx, books, page)
}

/// The validator that a page starts behind.
fn behind_validator(
    ctx: &Context,
    start_after: Option<String>,
) -> Result<Option<AddressBytes>, ContractError> {
    Ok(match start_after {
        Some(validator) => Some(ctx.validator(&validator)?.bytes),
        None => None,
    })
}

fn known(ctx: &Context, books: &Books, validator: &str) -> Result<AddressBytes, ContractError> {
    let validator = ctx.validator(validator)?.bytes;
    crate::registry::assert_known(ctx, books, &validator)?;
    Ok(validator)
}

fn config(ctx: &Context) -> Answer {
    let config = &ctx.config;
    written(json::to_binary(&ConfigResponse {
        accounting: config.accounting,
        source: config.source,
        group: config.group.clone(),
        active: config.active,
        share_places: config.share_places,
        power_reduction: config.power_reduction,
    }))
}

fn reporters(books: &Books) -> Answer {
    let reporters = REPORTERS.load(books.storage)?;
    written(json::to_binary(&ReportersResponse {
        block: reporters.block,
        staking: reporters.staking,
    }))
}

fn reward_denoms(ctx: &Context) -> Answer {
    let mut reward_denoms = Vec::new();
    for (_, denom) in ctx.config.denoms.iter() {
        reward_denoms.push(RewardDenom {
            denom: denom.name.clone(),
            active: denom.active,
        });
    }
    written(json::to_binary(&RewardDenomsResponse { reward_denoms }))
}

fn last_block(books: &Books) -> Answer {
    written(json::to_binary(&LastBlockResponse {
        height: books.pool.height,
        reported_height: books.pool.reported_height,
        total_power: Uint64::new(books.pool.total_power),
        active_validators: books.pool.active_validators,
    }))
}

fn community_pool(ctx: &Context, books: &Books) -> Answer {
    let mut amounts = Amounts::default();
    for denom in ctx.config.denoms.ids() {
        let ledger = books.pool.ledger(denom);
        amounts.add(denom, ledger.class(accounting::pool::Class::CommunityPool))?;
    }
    written(json::to_binary(&CommunityPoolResponse {
        pool: ctx.config.denoms.dec_coins(&amounts),
        spendable: ctx.config.denoms.coins(&amounts),
    }))
}

fn validator_view(
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

fn validators(ctx: &Context, books: &Books, page: Page) -> Answer {
    let start = behind_validator(ctx, page.start_after)?;
    let start = start.as_ref().map(AddressBytes::as_slice);
    let limit = paging::limit(page.limit)?;
    let found = ctx.engine().validators(books, start, limit);
    let mut validators = Vec::with_capacity(found.len());
    for validator in found {
        validators.push(validator_view(ctx, books, &validator)?);
    }
    written(json::to_binary(&ValidatorsResponse { validators }))
}

fn powers(ctx: &Context, books: &Books) -> Answer {
    let members = validator_set::members(books.storage)?;
    let mut validators = Vec::with_capacity(members.len());
    for member in members {
        validators.push(ValidatorPower {
            validator: ctx.show_validator(&member.address),
            power: Uint64::new(member.power),
        });
    }
    written(json::to_binary(&ValidatorSetResponse {
        validators,
        total_power: Uint64::new(books.pool.total_power),
    }))
}

/// What somebody could claim.
fn rewards(ctx: &Context, amounts: Result<Amounts, AccountingError>) -> Answer {
    written(json::to_binary(&ctx.rewards(&amounts?)))
}

fn outstanding_rewards(ctx: &Context, books: &mut Books, validator: &AddressBytes) -> Answer {
    let amounts = ctx
        .engine()
        .outstanding_rewards(books, validator.as_slice());
    rewards(ctx, amounts)
}

fn commission(ctx: &Context, books: &mut Books, validator: &AddressBytes) -> Answer {
    rewards(ctx, ctx.engine().commission(books, validator.as_slice()))
}

fn current_rewards(ctx: &Context, books: &mut Books, validator: &AddressBytes) -> Answer {
    let amounts = ctx.engine().current_rewards(books, validator.as_slice());
    rewards(ctx, amounts)
}

fn distribution_info(ctx: &Context, books: &mut Books, operator: &AddressBytes) -> Answer {
    let commission = ctx.engine().commission(books, operator.as_slice())?;
    let key = DelegationKey {
        delegator: operator.as_slice(),
        validator: operator.as_slice(),
    };
    let own = rewards_of(ctx, books, key)?;
    written(json::to_binary(&ValidatorDistributionInfoResponse {
        operator_address: ctx.addresses.show_account(operator),
        self_bond_rewards: ctx.config.denoms.dec_coins(&own),
        commission: ctx.config.denoms.dec_coins(&commission),
    }))
}

fn delegation_view(
    ctx: &Context,
    books: &Books,
    key: DelegationKey,
) -> Result<DelegationResponse, ContractError> {
    Ok(DelegationResponse {
        delegator: Addr::unchecked(ctx.show_account(key.delegator)),
        validator: ctx.show_validator(key.validator),
        units: ctx
            .engine()
            .delegation_units(books, key)?
            .unwrap_or_default()
            .into(),
    })
}

fn delegation(ctx: &Context, books: &mut Books, key: DelegationKey) -> Answer {
    written(json::to_binary(&delegation_view(ctx, books, key)?))
}

fn delegations(ctx: &Context, books: &Books, keys: &[DelegationKey]) -> Answer {
    let mut delegations = Vec::with_capacity(keys.len());
    for key in keys {
        delegations.push(delegation_view(ctx, books, *key)?);
    }
    written(json::to_binary(&DelegationsResponse { delegations }))
}

fn validator_delegations(
    ctx: &Context,
    books: &Books,
    validator: &AddressBytes,
    page: Page,
) -> Answer {
    let start = match page.start_after {
        Some(delegator) => Some(ctx.addresses.account(&delegator)?),
        None => None,
    };
    let delegators = ctx.engine().delegators_of_validator(
        books,
        validator.as_slice(),
        start.as_ref().map(AddressBytes::as_slice),
        paging::limit(page.limit)?,
    );
    let mut keys = Vec::with_capacity(delegators.len());
    for delegator in &delegators {
        keys.push(DelegationKey {
            delegator,
            validator: validator.as_slice(),
        });
    }
    delegations(ctx, books, &keys)
}

fn delegator_delegations(ctx: &Context, books: &mut Books, page: DelegatorPage) -> Answer {
    delegations(ctx, books, &page.keys())
}

fn delegator_validators(ctx: &Context, _: &mut Books, page: DelegatorPage) -> Answer {
    let mut validators = Vec::with_capacity(page.validators.len());
    for validator in &page.validators {
        validators.push(ctx.show_validator(validator));
    }
    written(json::to_binary(&DelegatorValidatorsResponse { validators }))
}

/// What a withdrawal would take out now: where delegations are sampled, after a sample.
fn rewards_of(
    ctx: &Context,
    books: &mut Books,
    key: DelegationKey,
) -> Result<Amounts, ContractError> {
    sampling::sample(ctx, books, key)?;
    Ok(ctx.engine().delegation_rewards(books, key)?)
}

fn delegation_rewards(ctx: &Context, books: &mut Books, key: DelegationKey) -> Answer {
    let amounts = rewards_of(ctx, books, key)?;
    rewards(ctx, Ok(amounts))
}

fn delegation_total_rewards(ctx: &Context, books: &mut Books, page: DelegatorPage) -> Answer {
    let denoms = &ctx.config.denoms;
    let mut rewards = Vec::with_capacity(page.validators.len());
    let mut total = Amounts::default();
    let mut whole = Amounts::default();
    for key in page.keys() {
        let owed = rewards_of(ctx, books, key)?;
        total.add_all(&owed)?;
        for (denom, amount) in owed.iter() {
            whole.add(denom, amount.checked_sub(amount.fraction())?)?;
        }
        rewards.push(DelegationReward {
            validator: ctx.show_validator(key.validator),
            rewards: denoms.dec_coins(&owed),
            claimable: denoms.coins(&owed),
        });
    }
    let next = match rewards.last() {
        Some(last) if page.has_more => Some(last.validator.clone()),
        _ => None,
    };
    written(json::to_binary(&DelegationTotalRewardsResponse {
        rewards,
        total: denoms.dec_coins(&total),
        claimable: denoms.coins(&whole),
        next,
    }))
}

fn withdraw_address(ctx: &Context, books: &mut Books, account: &AddressBytes) -> Answer {
    let settings = accounts::settings(books.storage, account)?;
    written(json::to_binary(&DelegatorWithdrawAddressResponse {
        withdraw_address: settings
            .withdraw_address
            .unwrap_or_else(|| ctx.addresses.show_account(account)),
    }))
}

fn claimer(_: &Context, books: &mut Books, account: &AddressBytes) -> Answer {
    written(json::to_binary(&ClaimerResponse {
        claimer: accounts::settings(books.storage, account)?.claimer,
    }))
}

fn undelivered(_: &Context, books: &mut Books, account: &AddressBytes) -> Answer {
    written(json::to_binary(&UndeliveredResponse {
        amount: payout::undelivered_coins(books.storage, account)?,
    }))
}

/// What entitlements of a recipient are made of.
fn adjustment(
    ctx: &Context,
    found: Result<PerDenom<RecipientAdjustments>, AccountingError>,
) -> Answer {
    written(json::to_binary(&adjustments::answer(ctx, &found?)))
}

fn delegation_adjustment(ctx: &Context, books: &mut Books, key: DelegationKey) -> Answer {
    adjustment(ctx, ctx.engine().delegation_adjustments(books, key))
}

fn commission_adjustment(ctx: &Context, books: &mut Books, validator: &AddressBytes) -> Answer {
    let found = ctx
        .engine()
        .commission_adjustments(books, validator.as_slice());
    adjustment(ctx, found)
}
