//! The state at the start, in pages, and activation: a whole move from the chain's x/distribution.
//!
//! An import is a snapshot, and staking goes on while it is carried over: what an event has written
//! meanwhile is newer and is never overwritten ([`Aspect`]). Nothing is earned or paid before
//! activation, so each line says what is true at the start and replaces what it said before: a page
//! that is sent twice counts once.
//!
//! What the earlier pool owes is covered by coins that come with `import` and `activate`, and by
//! nothing else: fees that wait in the balance are split by the first block.

use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};
use distribution_math::{DecCoins, Points};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::{Amounts, accounts};
use validator_rewards::changes::checked_power;

use crate::ContractError;
use crate::accounting::{Accounting, ImportedAmounts};
use crate::aspect::Aspect;
use crate::books::Books;
use crate::context::{Context, assert_owner};
use crate::msg::{
    ImportPage, ImportedCommission, ImportedDelegation, ImportedRewards, ImportedValidator,
    ImportedWithdrawAddress,
};
use crate::state::CONFIG;
use crate::{commission, deposits, powers, staking, tokens};

/// The message `import` of the owner: one page, with or without funds.
pub(crate) fn import<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    page: ImportPage,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_not_active()?;
    if let Some(first) = page.validators.first() {
        ctx.learn_form(deps.storage, &first.validator)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    books.emit(
        action("import")
            .add_attribute("validators", page.validators.len().to_string())
            .add_attribute("delegations", page.delegations.len().to_string())
            .add_attribute(
                "withdraw_addresses",
                page.withdraw_addresses.len().to_string(),
            )
            .add_attribute(
                "delegator_rewards",
                page.delegator_rewards.len().to_string(),
            )
            .add_attribute("commissions", page.commissions.len().to_string()),
    );
    take_funds(&mut books, &info)?;
    for line in &page.validators {
        import_validator(&mut books, line)?;
    }
    for line in &page.delegations {
        import_delegation(&mut books, line)?;
    }
    for line in &page.withdraw_addresses {
        import_withdraw_address(&mut books, line)?;
    }
    for line in &page.delegator_rewards {
        import_rewards(&mut books, line)?;
    }
    for line in &page.commissions {
        import_commission(&mut books, line)?;
    }
    if let Some(community_pool) = &page.community_pool {
        import_community_pool(&mut books, community_pool)?;
    }
    books.close()
}

/// Counts funds as received. What they cover is settled by `activate`: until then no fees are split and
/// nothing else is received, so all that is received is there to cover what is imported.
fn take_funds<A: Accounting>(
    books: &mut Books<A>,
    info: &MessageInfo,
) -> Result<(), ContractError> {
    if info.funds.is_empty() {
        return Ok(());
    }
    let denoms = &books.ctx.config.denoms;
    let funds = denoms.receivable_coins(&info.funds)?;
    deposits::count_as_received(books, &funds)?;
    let event = action("import_funds")
        .add_attribute("sender", &info.sender)
        .add_attribute("amount", denoms.coins_text(&info.funds));
    books.emit(event);
    Ok(())
}

fn skipped(ctx: &Context, aspect: Aspect) -> Event {
    let event = action("import_skipped").add_attribute("what", aspect.name());
    let validator = |validator| ("validator", ctx.show_validator(validator));
    let delegator = |delegator| ("delegator", ctx.chain.show(delegator).into_string());
    match aspect {
        Aspect::Power(it) | Aspect::CommissionRate(it) | Aspect::CommissionLimits(it) => {
            event.add_attributes([validator(it)])
        }
        Aspect::Units(it) => {
            event.add_attributes([validator(&it.validator), delegator(&it.delegator)])
        }
        Aspect::WithdrawAddress(it) => event.add_attributes([delegator(it)]),
    }
}

/// Whether an event has written this, with an event that says that the line's value is skipped.
fn skips<A: Accounting>(books: &mut Books<A>, aspect: Aspect) -> bool {
    let is_newer = aspect.is_newer(books.storage);
    if is_newer {
        books.emit(skipped(books.ctx, aspect));
    }
    is_newer
}

fn import_validator<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedValidator,
) -> Result<(), ContractError> {
    let validator = books.ctx.validator(&line.validator)?;
    let power = checked_power(&line.validator, line.power)?;
    commission::assert_sound(&line.commission)?;
    // Whatever writes the limits writes the rate too.
    if !skips(books, Aspect::CommissionRate(&validator)) {
        commission::set_terms(books, &validator, &line.commission)?;
    } else if !skips(books, Aspect::CommissionLimits(&validator)) {
        commission::set_limits(books, &validator, &line.commission)?;
        let event = books
            .ctx
            .validator_event("import_commission_limits", &validator)
            .add_attribute("max_rate", line.commission.max_rate.to_string())
            .add_attribute(
                "max_change_rate",
                line.commission.max_change_rate.to_string(),
            );
        books.emit(event);
    }
    if !skips(books, Aspect::Power(&validator)) {
        powers::set(books, &validator, power)?;
    }
    Ok(())
}

fn import_delegation<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedDelegation,
) -> Result<(), ContractError> {
    let key = books.delegation_key(&line.delegator, &line.validator)?;
    let units = tokens::units_of_text(books, &key.validator, &line.shares)?;
    let aspect = Aspect::Units(&key);
    if skips(books, aspect) {
        return Ok(());
    }
    if !staking::takes_units(books, key, units)? {
        // Its removal is newer too.
        books.emit(skipped(books.ctx, aspect));
        return Ok(());
    }
    staking::set_units(books, key, units)
}

fn import_withdraw_address<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedWithdrawAddress,
) -> Result<(), ContractError> {
    let chain = &books.ctx.chain;
    let delegator = chain.account(&line.delegator)?;
    if skips(books, Aspect::WithdrawAddress(&delegator)) {
        return Ok(());
    }
    let to = &line.withdraw_address;
    let event = accounts::set_withdraw_address_of(chain, books.storage, &delegator, to)?;
    books.emit(event);
    Ok(())
}

fn import_rewards<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedRewards,
) -> Result<(), ContractError> {
    let key = books.delegation_key(&line.delegator, &line.validator)?;
    let change = ImportedAmounts {
        before: A::delegation_rewards(books, key)?,
        now: amounts(books.ctx, &line.rewards)?,
    };
    replace(books, Class::Outstanding, &change)?;
    A::import_rewards(books, key, &change)?;
    let ctx = books.ctx;
    let event = action("import_rewards")
        .add_attribute("delegator", ctx.chain.show(&key.delegator))
        .add_attribute("validator", ctx.show_validator(&key.validator));
    books.emit(ctx.config.denoms.add_amounts(event, &change.now));
    Ok(())
}

fn import_commission<A: Accounting>(
    books: &mut Books<A>,
    line: &ImportedCommission,
) -> Result<(), ContractError> {
    let validator = books.known_validator(&line.validator)?;
    let change = ImportedAmounts {
        before: A::commission(books, &validator)?,
        now: amounts(books.ctx, &line.commission)?,
    };
    replace(books, Class::Outstanding, &change)?;
    A::import_commission(books, &validator, &change)?;
    let ctx = books.ctx;
    let event = ctx.validator_event("import_commission", &validator);
    books.emit(ctx.config.denoms.add_amounts(event, &change.now));
    Ok(())
}

fn import_community_pool<A: Accounting>(
    books: &mut Books<A>,
    community_pool: &DecCoins,
) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let mut before = Amounts::default();
    for denom in ctx.config.denoms.ids() {
        before.add(denom, books.pool.ledger(denom).class(Class::CommunityPool))?;
    }
    let change = ImportedAmounts {
        before,
        now: amounts(ctx, community_pool)?,
    };
    replace(books, Class::CommunityPool, &change)?;
    let event = action("import_community_pool");
    books.emit(ctx.config.denoms.add_amounts(event, &change.now));
    Ok(())
}

/// Amounts of an earlier pool, exactly: it knows 18 decimals.
fn amounts(ctx: &Context, coins: &DecCoins) -> Result<Amounts, ContractError> {
    let mut amounts = Amounts::default();
    for coin in coins.as_slice() {
        let denom = ctx.config.denoms.receivable(&coin.denom)?;
        amounts.add(denom, Points::try_from_decimal(coin.amount)?)?;
    }
    Ok(amounts)
}

/// Replaces a part of a class of the ledger. It comes before the records: an accounting goes through
/// the denoms that the ledger knows, and nothing of an imported one may have been received yet.
fn replace<A: Accounting>(
    books: &mut Books<A>,
    class: Class,
    change: &ImportedAmounts,
) -> Result<(), ContractError> {
    for (denom, amount) in change.before.iter() {
        books.update_ledger(denom, |ledger| ledger.release(class, *amount))?;
    }
    for (denom, amount) in change.now.iter() {
        books.allocate(denom, class, *amount)?;
    }
    Ok(())
}

/// The message `activate` of the owner, with or without funds: fees are split from the next block on.
pub(crate) fn activate<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_not_active()?;
    ctx.config.active = true;
    CONFIG.save(deps.storage, &ctx.config)?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let event = action("activate")
        .add_attribute("total_power", books.pool.totals.power.to_string())
        .add_attribute(
            "active_validators",
            books.pool.totals.active_validators.to_string(),
        );
    books.emit(event);
    take_funds(&mut books, &info)?;
    cover_imported_state(&mut books)?;
    books.close()
}

/// Holds what was imported against the coins that came to cover it. What they are more goes to the
/// community pool, so that everything received has an owner.
fn cover_imported_state<A: Accounting>(books: &mut Books<A>) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let mut surplus = Amounts::default();
    for (denom, listed) in ctx.config.denoms.iter() {
        let ledger = books.pool.ledger(denom);
        let sent = Points::from_coins(ledger.received());
        let owed = ledger.liabilities()?;
        let Ok(left) = sent.checked_sub(owed) else {
            return Err(ContractError::ImportNotCovered {
                denom: listed.name.clone(),
                owed: owed.to_decimal(),
                missing: owed.saturating_sub(sent).ceil_coins(),
            });
        };
        if !left.is_zero() {
            surplus.add(denom, left)?;
            books.allocate(denom, Class::CommunityPool, left)?;
        }
    }
    if !surplus.is_zero() {
        let event = action("import_surplus");
        books.emit(ctx.config.denoms.add_amounts(event, &surplus));
    }
    Ok(())
}
