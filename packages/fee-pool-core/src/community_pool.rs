//! Money out, from the community pool.

use chain_types::asset::Asset;
use cosmwasm_std::{Coin, DepsMut, Env, MessageInfo, Response};
use distribution_math::Points;
use pool_kit::KitError;
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::payout::{self, Payout};

use crate::ContractError;
use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::{Context, assert_owner};

/// The message `community_pool_spend` of the owner. A payout that fails reverts it as a whole.
pub(crate) fn spend<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    recipient: String,
    amount: Vec<Coin>,
) -> Result<Response, ContractError> {
    assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let account = ctx.chain.recipient(&recipient)?;
    if amount.is_empty() {
        return Err(ContractError::EmptyList { list: "amount" });
    }
    let names: Vec<String> = amount.iter().map(|coin| coin.denom.clone()).collect();
    ctx.config.denoms.selected(Some(&names))?;
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    let payouts = amount.iter().map(|coin| {
        let payout = Payout {
            account,
            asset: Asset::Native(coin.denom.clone()),
            amount: coin.amount,
        };
        take_out(&mut books, coin, &payout)?;
        Ok(payout)
    });
    let payouts: Vec<_> = payouts.collect::<Result<_, ContractError>>()?;
    let to = ctx.chain.show(&account);
    let messages = payout::messages_or_revert(&payouts, &to)?;
    books.emit(
        action("community_pool_spend")
            .add_attribute("recipient", to)
            .add_attribute("amount", ctx.config.denoms.coins_text(&amount)),
    );
    Ok(books.close()?.add_submessages(messages))
}

/// Takes a coin out of the community pool, for its payout.
fn take_out<A: Accounting>(
    books: &mut Books<A>,
    coin: &Coin,
    payout: &Payout,
) -> Result<(), ContractError> {
    let denom = books.ctx.config.denoms.claimable(&coin.denom)?;
    if coin.amount.is_zero() {
        let denom = coin.denom.clone();
        return Err(KitError::ZeroAmount { denom }.into());
    }
    let pool = books.pool.ledger(denom).class(Class::CommunityPool);
    let available = pool.whole_coins();
    if coin.amount > available {
        return Err(ContractError::CommunityPoolTooSmall {
            denom: coin.denom.clone(),
            available,
            requested: coin.amount,
        });
    }
    let points = Points::try_from_coins(coin.amount)?;
    books.update_ledger(denom, |ledger| {
        ledger.leave(Class::CommunityPool, payout, points)
    })
}
