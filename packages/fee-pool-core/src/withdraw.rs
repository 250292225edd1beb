//! Money out, to delegators and operators, and what becomes of it.

use chain_types::address::AddressBytes;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Reply, Response, to_json_binary};
use pool_kit::accounts::{self, Payee};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::payments::{self, Replied};
use pool_kit::payout::{self, Payout};
use pool_kit::{Amounts, DenomId};

use crate::ContractError;
use crate::accounting::Accounting;
use crate::answers::PageData;
use crate::aspect::Aspect;
use crate::books::Books;
use crate::context::Context;
use crate::delegations::{DelegationKey, DelegatorPage, PageArgs};

/// The message `withdraw_delegator_reward`.
pub(crate) fn delegator_reward<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validator: String,
    denoms: Option<Vec<String>>,
    delegator: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let delegator = delegator.as_deref().unwrap_or(info.sender.as_str());
    let account = ctx.chain.account(delegator)?;
    let validator = ctx.validator(&validator)?;
    let denoms = ctx.config.denoms.selected(denoms.as_deref())?;
    let payee = accounts::authorise(&ctx.chain, deps.storage, account, &info.sender, None)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let key = DelegationKey {
        delegator: payee.account,
        validator,
    };
    let coins = claim_delegation(&mut books, key, &denoms)?;
    pay(books, &payee, &coins, &denoms)
}

/// The message `withdraw_delegation`: the rewards of all delegations, in pages.
pub(crate) fn delegations<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    delegator: Option<String>,
    page: PageArgs,
    withdraw_address: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let delegator = delegator.as_deref().unwrap_or(info.sender.as_str());
    let account = ctx.chain.account(delegator)?;
    let payee = authorise_redirected(&ctx, &deps, account, &info, withdraw_address)?;
    let page = DelegatorPage::read::<A::Claim>(&ctx, deps.storage, account, page)?;
    let denoms = ctx.config.denoms.selected(None)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let mut coins = Amounts::default();
    for key in page.keys() {
        coins.add_all(&claim_delegation(&mut books, key, &denoms)?)?;
    }
    let next = page.next(&ctx);
    if let Some(next) = &next {
        books.emit(action("next_page").add_attribute("next", next));
    }
    let response = pay(books, &payee, &coins, &denoms)?;
    Ok(response.set_data(to_json_binary(&PageData { next })?))
}

/// The message `withdraw_validator_commission`.
pub(crate) fn validator_commission<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validator: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let validator = ctx.validator(&validator)?;
    let payee = accounts::authorise(&ctx.chain, deps.storage, validator, &info.sender, None)?;
    let denoms = ctx.config.denoms.selected(None)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let coins = claim_commission(&mut books, &validator, &denoms)?;
    pay(books, &payee, &coins, &denoms)
}

/// The message `withdraw_validator`: commission, and the rewards of the self-delegation.
pub(crate) fn validator<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    validator: String,
    withdraw_address: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let validator = ctx.validator(&validator)?;
    let payee = authorise_redirected(&ctx, &deps, validator, &info, withdraw_address)?;
    let denoms = ctx.config.denoms.selected(None)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let mut coins = claim_commission(&mut books, &validator, &denoms)?;
    let self_delegation = DelegationKey {
        delegator: validator,
        validator,
    };
    coins.add_all(&claim_delegation(&mut books, self_delegation, &denoms)?)?;
    pay(books, &payee, &coins, &denoms)
}

/// Settles who may withdraw and where to, for a message that may name a withdraw address for this
/// once: under the same rules as setting one.
fn authorise_redirected(
    ctx: &Context,
    deps: &DepsMut,
    account: AddressBytes,
    info: &MessageInfo,
    withdraw_address: Option<String>,
) -> Result<Payee, ContractError> {
    let withdraw_address = withdraw_address.as_deref();
    let payee = accounts::authorise(
        &ctx.chain,
        deps.storage,
        account,
        &info.sender,
        withdraw_address,
    )?;
    if withdraw_address.is_some() {
        assert_withdraw_address_enabled(ctx)?;
    }
    Ok(payee)
}

fn assert_withdraw_address_enabled(ctx: &Context) -> Result<(), ContractError> {
    if ctx.config.params.withdraw_addr_enabled {
        Ok(())
    } else {
        Err(ContractError::WithdrawAddressDisabled)
    }
}

/// Takes the whole coins out of a delegation's claim.
fn claim_delegation<A: Accounting>(
    books: &mut Books<A>,
    key: DelegationKey,
    denoms: &[DenomId],
) -> Result<Amounts, ContractError> {
    let coins = A::withdraw_delegation(books, key, denoms)?;
    let ctx = books.ctx;
    let listed = &ctx.config.denoms;
    books.emit(
        action("withdraw_rewards")
            .add_attribute("amount", listed.coins_text(&listed.coins(&coins)))
            .add_attribute("validator", ctx.show_validator(&key.validator))
            .add_attribute("delegator", ctx.chain.show(&key.delegator)),
    );
    Ok(coins)
}

/// Takes the whole coins out of an operator's commission.
fn claim_commission<A: Accounting>(
    books: &mut Books<A>,
    validator: &AddressBytes,
    denoms: &[DenomId],
) -> Result<Amounts, ContractError> {
    let coins = A::withdraw_commission(books, validator, denoms)?;
    let ctx = books.ctx;
    let listed = &ctx.config.denoms;
    books.emit(
        action("withdraw_commission")
            .add_attribute("amount", listed.coins_text(&listed.coins(&coins)))
            .add_attribute("validator", ctx.show_validator(validator)),
    );
    Ok(coins)
}

/// Sends what was claimed, together with what is undelivered to the account, one message per
/// denom, and closes the books.
fn pay<A: Accounting>(
    mut books: Books<A>,
    payee: &Payee,
    claimed: &Amounts,
    denoms: &[DenomId],
) -> Result<Response, ContractError> {
    let ctx = books.ctx;
    let listed = &ctx.config.denoms;
    let payments = payments::collect(books.storage, listed, denoms, payee.account, claimed)?;
    for payment in &payments {
        books.update_ledger(payment.denom, |ledger| {
            ledger.pay(Class::Outstanding, payment)
        })?;
    }
    if let Some(event) = payments::undelivered_paid(listed, &ctx.chain, &payments) {
        books.emit(event);
    }
    let payouts: Vec<Payout> = payments.into_iter().map(|it| it.payout).collect();
    let messages = payout::messages(&payouts, &payee.to)?;
    Ok(books.close()?.add_submessages(messages))
}

/// The reply to a payout.
pub(crate) fn payout_replied<A: Accounting>(
    deps: DepsMut,
    env: Env,
    reply: Reply,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let replied = Replied::read(&ctx.config.denoms, reply)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    books.update_ledger(replied.denom, |ledger| ledger.settle(&replied.outcome))?;
    if let Some(event) = replied.keep_failed(books.storage, &ctx.chain)? {
        books.emit(event);
    }
    books.close()
}

/// The message `set_withdraw_address`.
pub(crate) fn set_withdraw_address(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    withdraw_address: String,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    assert_withdraw_address_enabled(&ctx)?;
    let event = accounts::set_withdraw_address(&ctx.chain, deps.storage, &info, &withdraw_address)?;
    let delegator = ctx.chain.sender(&info)?;
    Aspect::WithdrawAddress(&delegator).mark_newer(&ctx, deps.storage)?;
    Ok(Response::new().add_event(event))
}

/// The message `set_claimer`.
pub(crate) fn set_claimer(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    claimer: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let event = accounts::set_claimer(&ctx.chain, deps.storage, &info, claimer.as_deref())?;
    Ok(Response::new().add_event(event))
}
