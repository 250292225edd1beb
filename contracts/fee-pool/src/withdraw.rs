//! Money out: delegators, operators, the community pool, and what comes back.

use accounting::payments::{self, Replied};
use accounting::pool::Class;
use accounting::{AccountingError, AccountingFault, Amounts, Books, DelegationKey, DenomId};
use cosmwasm_std::{Coin, Event, MessageInfo, Reply, Response, Storage, SubMsg};
use distribution_math::Points;
use interfaces::address::AddressBytes;
use interfaces::asset::Asset;
use interfaces::payout::{self, Payout};
use interfaces::{json, paging};

use crate::accounts::{self, Payee};
use crate::context::{Context, assert_owner};
use crate::events::{self, action};
use crate::msg::PageData;
use crate::registry;
use crate::sampling;
use crate::{ContractError, Fault};

/// Which of a delegator's delegations a message withdraws.
pub struct DelegationsPage {
    /// The validator that the last page ended with.
    pub start_after: Option<String>,
    /// Delegations in this page.
    pub limit: Option<u32>,
}

/// What a withdrawal takes out, and the events that tell of it.
struct Claim {
    coins: Amounts,
    events: Vec<Event>,
}

pub(crate) fn delegator_reward(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    validator: String,
    denoms: Option<Vec<String>>,
    delegator: Option<String>,
) -> Result<Response, ContractError> {
    ctx.assert_active()?;
    let account = ctx
        .addresses
        .account(delegator.as_deref().unwrap_or(info.sender.as_str()))?;
    let validator = ctx.validator(&validator)?.bytes;
    let denoms = ctx.config.denoms.selected(denoms.as_deref())?;
    let payee = accounts::authorise(ctx, storage, account, &info.sender, None)?;
    let mut books = ctx.open(storage)?;
    let claim = claim_delegation(ctx, &mut books, &payee.account, &validator, &denoms)?;
    pay(ctx, books, payee, claim, &denoms)
}

pub(crate) fn delegations(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    page: DelegationsPage,
    delegator: Option<String>,
    withdraw_address: Option<String>,
) -> Result<Response, ContractError> {
    let limit = paging::limit(page.limit)?;
    ctx.assert_active()?;
    let account = ctx
        .addresses
        .account(delegator.as_deref().unwrap_or(info.sender.as_str()))?;
    let start_after = page
        .start_after
        .map(|validator| ctx.validator(&validator))
        .transpose()?;
    let payee = accounts::authorise(ctx, storage, account, &info.sender, withdraw_address)?;
    let denoms = ctx.config.denoms.selected(None)?;
    let mut books = ctx.open(storage)?;
    // One more than asked for tells whether there is another page.
    let mut validators = ctx.engine().validators_of_delegator(
        &books,
        payee.account.as_slice(),
        start_after.as_ref().map(|name| name.bytes.as_slice()),
        limit.saturating_add(1),
    );
    let has_more = validators.len() > limit;
    validators.truncate(limit);
    let next = validators
        .last()
        .filter(|_| has_more)
        .map(|validator| ctx.show_validator(validator));

    let mut all = Claim {
        coins: Amounts::default(),
        events: Vec::new(),
    };
    for validator in validators {
        let validator = AddressBytes::new(&validator)?;
        let claim = claim_delegation(ctx, &mut books, &payee.account, &validator, &denoms)?;
        all.coins.add_all(&claim.coins)?;
        all.events.extend(claim.events);
    }
    if let Some(next) = &next {
        all.events
            .push(action("next_page").add_attribute("next", next));
    }
    let response = pay(ctx, books, payee, all, &denoms)?;
    Ok(response.set_data(json::to_binary(&PageData { next })?))
}

pub(crate) fn validator_commission(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    validator: String,
) -> Result<Response, ContractError> {
    ctx.assert_active()?;
    let validator = ctx.validator(&validator)?.bytes;
    let payee = accounts::authorise(ctx, storage, validator, &info.sender, None)?;
    let denoms = ctx.config.denoms.selected(None)?;
    let mut books = ctx.open(storage)?;
    let claim = claim_commission(ctx, &mut books, &validator, &denoms)?;
    pay(ctx, books, payee, claim, &denoms)
}

pub(crate) fn validator(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    validator: String,
    withdraw_address: Option<String>,
) -> Result<Response, ContractError> {
    ctx.assert_active()?;
    let validator = ctx.validator(&validator)?.bytes;
    let payee = accounts::authorise(ctx, storage, validator, &info.sender, withdraw_address)?;
    let denoms = ctx.config.denoms.selected(None)?;
    let mut books = ctx.open(storage)?;
    let mut claim = claim_commission(ctx, &mut books, &validator, &denoms)?;
    let own = claim_delegation(ctx, &mut books, &validator, &validator, &denoms)?;
    claim.coins.add_all(&own.coins)?;
    claim.events.extend(own.events);
    pay(ctx, books, payee, claim, &denoms)
}

fn claim_delegation(
    ctx: &Context,
    books: &mut Books,
    delegator: &AddressBytes,
    validator: &AddressBytes,
    denoms: &[DenomId],
) -> Result<Claim, ContractError> {
    let key = DelegationKey {
        delegator: delegator.as_slice(),
        validator: validator.as_slice(),
    };
    sampling::sample(ctx, books, key)?;
    let coins = ctx
        .engine()
        .withdraw_delegation(books, key, denoms)
        .map_err(|error| registry::naming(ctx, key.validator, error))?;
    let event = action("withdraw_rewards")
        .add_attribute(
            "amount",
            ctx.config
                .denoms
                .coins_text(&ctx.config.denoms.coins(&coins)),
        )
        .add_attribute("validator", ctx.show_validator(key.validator))
        .add_attribute("delegator", ctx.show_account(key.delegator));
    Ok(Claim {
        coins,
        events: vec![event],
    })
}

fn claim_commission(
    ctx: &Context,
    books: &mut Books,
    validator: &AddressBytes,
    denoms: &[DenomId],
) -> Result<Claim, ContractError> {
    let bytes = validator.as_slice();
    let coins = ctx
        .engine()
        .withdraw_commission(books, bytes, denoms)
        .map_err(|error| registry::naming(ctx, bytes, error))?;
    let event = action("withdraw_commission")
        .add_attribute(
            "amount",
            ctx.config
                .denoms
                .coins_text(&ctx.config.denoms.coins(&coins)),
        )
        .add_attribute("validator", ctx.show_validator(bytes));
    Ok(Claim {
        coins,
        events: vec![event],
    })
}

/// Sends what was claimed, together with what is undelivered to the account, one message per
/// denom, and closes the books.
fn pay(
    ctx: &Context,
    mut books: Box<Books>,
    payee: Payee,
    claim: Claim,
    denoms: &[DenomId],
) -> Result<Response, ContractError> {
    let account = payee.account;
    let payments = payments::collect(
        books.storage,
        &ctx.config.denoms,
        denoms,
        account,
        &claim.coins,
    )?;
    for payment in &payments {
        books.pool.update(payment.denom, |record| {
            Ok(record.ledger.pay(Class::Outstanding, payment)?)
        })?;
    }
    let paid = payments::undelivered_paid(&ctx.config.denoms, &ctx.addresses, &payments);
    let payouts = payments.into_iter().map(|payment| payment.payout).collect();
    let messages = payout::messages(payouts, &payee.to)?;
    let entries = books.close()?;
    Ok(Response::new()
        .add_submessages(messages)
        .add_events(events::journal(ctx, entries))
        .add_events(claim.events)
        .add_events(paid))
}

pub(crate) fn payout_replied(
    ctx: &Context,
    storage: &mut dyn Storage,
    reply: Reply,
) -> Result<Response, ContractError> {
    let replied = Replied::read(&ctx.config.denoms, reply)?;
    let mut books = ctx.open(storage)?;
    books.pool.update(replied.denom, |record| {
        Ok(record.ledger.settle(&replied.outcome)?)
    })?;
    let failed = replied.keep_failed(books.storage, &ctx.addresses)?;
    books.close()?;
    Ok(Response::new().add_events(failed))
}

pub(crate) fn community_pool_spend(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    recipient: String,
    amount: Vec<Coin>,
) -> Result<Response, ContractError> {
    assert_owner(storage, &info.sender)?;
    ctx.assert_active()?;
    let to = accounts::checked_recipient(ctx, &recipient)?;
    let account = ctx.addresses.account(to.as_str())?;
    let mut books = ctx.open(storage)?;
    let mut messages: Vec<SubMsg> = Vec::with_capacity(amount.len());
    let mut spent: Vec<Payout> = Vec::with_capacity(amount.len());
    for coin in &amount {
        let denom = ctx.config.denoms.claimable(&coin.denom)?;
        if coin.amount.is_zero() {
            let denom = coin.denom.clone();
            return Err(AccountingError::from(AccountingFault::ZeroAmount { denom }).into());
        }
        let available = books
            .pool
            .ledger(denom)
            .class(Class::CommunityPool)
            .whole_coins();
        if coin.amount > available {
            return Err(Fault::CommunityPoolTooSmall {
                denom: coin.denom.clone(),
                available,
                requested: coin.amount,
            }
            .into());
        }
        let payout = Payout {
            account,
            asset: Asset::Native(coin.denom.clone()),
            amount: coin.amount,
        };
        let points = Points::try_from_coins(coin.amount)?;
        books.pool.update(denom, |record| {
            Ok(record.ledger.leave(Class::CommunityPool, &payout, points)?)
        })?;
        spent.push(payout);
    }
    // As for withdrawals: no foreign code before everything that nobody can hook is sent.
    for in_flight in [false, true] {
        for payout in &spent {
            if payout.is_in_flight() == in_flight {
                messages.push(payout::message_or_revert(payout, &to)?);
            }
        }
    }
    books.close()?;
    let event = action("community_pool_spend")
        .add_attribute("recipient", to)
        .add_attribute("amount", ctx.config.denoms.coins_text(&amount));
    Ok(Response::new().add_submessages(messages).add_event(event))
}
