//! The consumer's own part, paid to its fee pool.

use chain_types::asset::Asset;
use distribution_math::Points;
use pool_kit::events::action;
use pool_kit::payout::{self, Outcome, Payout};
use pool_kit::{Amounts, DenomId};

use crate::ContractError;
use crate::books::Books;
use crate::ledger::Class;

/// Sends what is pending for the consumer's fee pool: the part of this block, and what could not be
/// paid before.
///
/// # Errors
/// When a message cannot be encoded.
pub fn pay_consumer(books: &mut Books) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let Some(fee_pool) = &ctx.config.fee_pool else {
        return Ok(());
    };
    let mut payouts = Vec::new();
    let mut amounts = Amounts::default();
    for (denom, listed) in ctx.config.denoms.iter() {
        let pending = books.ledger(denom).class(Class::ConsumerPending);
        if pending.is_zero() {
            continue;
        }
        let payout = Payout {
            account: ctx.chain.account(fee_pool.as_str())?,
            asset: Asset::Native(listed.name.clone()),
            amount: pending.whole_coins(),
        };
        books.update_ledger(denom, |ledger| {
            ledger.take(Class::ConsumerPending, pending)?;
            // A token that may call a contract is owed until the reply: that contract could call
            // back, and take it for income.
            match payout.is_in_flight() {
                true => ledger.add(Class::InFlight, pending),
                false => Ok(()),
            }
        })?;
        amounts.add(denom, pending)?;
        payouts.push(payout);
    }
    books.emit_amounts("consumer_paid", &amounts);
    for message in payout::messages(&payouts, fee_pool)? {
        books.send(message);
    }
    Ok(())
}

/// What became of a payment to the fee pool: one that failed is pending again, and paid with the
/// next block.
///
/// # Errors
/// For a denom that is none of this contract.
pub fn replied(books: &mut Books, outcome: Outcome) -> Result<(), ContractError> {
    match outcome {
        Outcome::Delivered(payout) => {
            let (denom, points) = known(books, &payout)?;
            // Only a token that may call a contract replies when it arrives.
            books.update_ledger(denom, |ledger| ledger.take(Class::InFlight, points))
        }
        Outcome::Failed { payout, reason } => {
            let (denom, points) = known(books, &payout)?;
            books.update_ledger(denom, |ledger| {
                if payout.is_in_flight() {
                    ledger.take(Class::InFlight, points)?;
                }
                ledger.add(Class::ConsumerPending, points)
            })?;
            let event = action("payout_failed").add_attribute("reason", format!("chain: {reason}"));
            let mut amounts = Amounts::default();
            amounts.add(denom, points)?;
            books.emit(books.ctx.config.denoms.add_amounts(event, &amounts));
            Ok(())
        }
    }
}

fn known(books: &Books, payout: &Payout) -> Result<(DenomId, Points), ContractError> {
    let denom = books
        .ctx
        .config
        .denoms
        .claimable(&payout.asset.to_string())?;
    Ok((denom, Points::try_from_coins(payout.amount)?))
}
