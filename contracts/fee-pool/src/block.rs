//! Begin block: what has come in, who voted, and the split.

use accounting::pool::Class;
use accounting::validator_set::{self, Member};
use accounting::{Amounts, Books, DenomId};
use cosmwasm_std::{Event, MessageInfo, Response, Storage, Uint128};
use distribution_math::{Points, SignedPower};

use crate::context::Context;
use crate::events::{self, action};
use crate::msg::{BeginBlock, LastCommit, Vote};
use crate::registry;
use crate::state::REPORTERS;
use crate::{ContractError, Fault};

/// Characters of a proposer's name that an event repeats.
const SHOWN: usize = 128;

pub(crate) fn report(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    if !REPORTERS.load(storage)?.block.contains(&info.sender) {
        return Err(Fault::Unauthorized {
            sender: info.sender.to_string(),
            role: "a block reporter",
        }
        .into());
    }
    begin_block(ctx, storage, block)
}

/// Splits what has come in since the last block: once per height, only when the pool is active.
///
/// # Errors
/// Before activation; for votes that break a rule. Nothing is split then, and the fees are part of
/// the next block's.
pub fn begin_block(
    ctx: &mut Context,
    storage: &mut dyn Storage,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    ctx.assert_active()?;
    if let LastCommit::Votes(votes) = &block.last_commit
        && let Some(first) = votes.first()
    {
        let form = ctx.validator(&first.validator)?.form;
        ctx.learn_form(storage, form)?;
    }
    let mut books = ctx.open(storage)?;
    if let Some(event) = refuse_repetition(&mut books, ctx, &block) {
        return Ok(events::response(event));
    }

    let (signed_power, mut response) = match &block.last_commit {
        LastCommit::Votes(votes) => {
            let synced = sync_powers(ctx, &mut books, votes)?;
            (
                synced.signed_power,
                Response::new().add_events(synced.events),
            )
        }
        LastCommit::SignedPower(signed) => {
            // More than the total counts as the total, so saturating loses nothing.
            let signed = u64::try_from(signed.u128()).unwrap_or(u64::MAX);
            (signed, Response::new())
        }
    };
    let power = SignedPower::new(books.pool.total_power, signed_power);
    response = response.add_events(split_fees(
        ctx,
        &mut books,
        block.proposer.as_deref(),
        power,
    )?);
    let entries = books.close()?;
    Ok(response.add_events(events::journal(ctx, entries)))
}

/// Notes the block's heights, or says why it is no new block.
fn refuse_repetition(books: &mut Books, ctx: &Context, block: &BeginBlock) -> Option<Event> {
    let height = ctx.env.block.height;
    if books.pool.height >= height {
        return Some(action("already_done").add_attribute("height", height.to_string()));
    }
    if let Some(reported) = block.height {
        if reported <= books.pool.reported_height {
            return Some(
                action("old_height")
                    .add_attribute("height", reported.to_string())
                    .add_attribute("last", books.pool.reported_height.to_string()),
            );
        }
        books.pool.reported_height = reported;
    }
    books.pool.height = height;
    None
}

struct SyncedPowers {
    signed_power: u64,
    events: Vec<Event>,
}

/// Makes the validator set that of the votes: the powers of a block's votes are those that earned
/// its fees.
fn sync_powers(
    ctx: &Context,
    books: &mut Books,
    votes: &[Vote],
) -> Result<SyncedPowers, ContractError> {
    let mut signed_power = 0u64;
    let mut members = Vec::with_capacity(votes.len().min(validator_set::MAX_VOTES));
    for vote in votes {
        let power = registry::checked_power(&vote.validator, vote.power)?;
        let validator = ctx.validator(&vote.validator)?;
        if vote.signed {
            // Each is below 2^63; a sum that saturates is above the total, which is checked.
            signed_power = signed_power.saturating_add(power);
        }
        members.push(Member {
            address: validator.bytes.as_slice().to_vec(),
            power,
        });
    }
    let changes = validator_set::replace(books.storage, members)?;
    let mut events = Vec::with_capacity(changes.len());
    for change in changes {
        events.extend(registry::take_power(
            ctx,
            books,
            &change.address,
            change.power,
        )?);
    }
    Ok(SyncedPowers {
        signed_power,
        events,
    })
}

/// Takes in what is nobody's yet and gives all of it to somebody.
fn split_fees(
    ctx: &Context,
    books: &mut Books,
    proposer: Option<&str>,
    power: SignedPower,
) -> Result<Vec<Event>, ContractError> {
    let rates = ctx.config.params.split_rates()?;
    let mut events = Vec::new();
    let mut fees = Amounts::default();
    let mut votes = Amounts::default();
    let mut community = Amounts::default();
    let mut to_proposer = Amounts::default();
    for (denom, name) in ctx.config.denoms.active() {
        let received = receive(ctx, books, denom, name, &mut events)?;
        if received.is_zero() {
            continue;
        }
        let split = rates.split(received, power)?;
        let to_community = ctx.engine().distribute(books, denom, &split)?;
        fees.add(denom, received)?;
        to_proposer.add(denom, split.proposer)?;
        community.add(denom, to_community)?;
        votes.add(
            denom,
            received
                .checked_sub(split.proposer)?
                .checked_sub(to_community)?,
        )?;
    }
    if !fees.is_zero() {
        let event = action("begin_block")
            .add_attribute("height", ctx.env.block.height.to_string())
            .add_attribute("total_power", power.total().to_string())
            .add_attribute("signed_power", power.signed().to_string())
            .add_attribute(
                "fees",
                ctx.config
                    .denoms
                    .coins_text(&ctx.config.denoms.coins(&fees)),
            )
            .add_attribute("votes_points", ctx.config.denoms.points_text(&votes))
            .add_attribute(
                "community_pool_points",
                ctx.config.denoms.points_text(&community),
            );
        events.push(event);
    }
    if !to_proposer.is_zero() {
        events.push(reward_proposer(ctx, books, proposer, &to_proposer)?);
    }
    Ok(events)
}

/// Notes a denom's undistributed balance as received.
fn receive(
    ctx: &Context,
    books: &mut Books,
    denom: DenomId,
    name: &str,
    events: &mut Vec<Event>,
) -> Result<Points, ContractError> {
    let free = ctx.undistributed(books, denom, name)?;
    if !free.beyond_bound.is_zero() {
        events.push(
            action("receipt_bound")
                .add_attribute("denom", name)
                .add_attribute("uncollected", free.beyond_bound.to_string()),
        );
    }
    if free.receivable == 0 {
        return Ok(Points::ZERO);
    }
    Ok(books.pool.update(denom, |record| {
        Ok(record
            .ledger
            .receive(Uint128::new(free.receivable).into())?)
    })?)
}

/// Gives the proposer's part to the proposer, or to the community pool when nobody is there to
/// take it.
fn reward_proposer(
    ctx: &Context,
    books: &mut Books,
    proposer: Option<&str>,
    amounts: &Amounts,
) -> Result<Event, ContractError> {
    // No event may have a blank value, nor one of any length.
    let proposer = proposer.filter(|name| !name.trim().is_empty());
    let unknown = |name: &str| {
        let shown: String = name.trim().chars().take(SHOWN).collect();
        action("proposer_unknown").add_attribute("proposer", shown)
    };
    let event = match proposer {
        None => unknown("none"),
        Some(name) => match ctx.validator(name) {
            Err(_) => unknown(name),
            Ok(validator) => {
                let bytes = validator.bytes;
                if ctx
                    .engine()
                    .reward_validator(books, bytes.as_slice(), amounts)?
                {
                    let event = action("proposer_reward")
                        .add_attribute("validator", ctx.show_validator(bytes.as_slice()));
                    return Ok(ctx.config.denoms.tell(event, amounts));
                }
                unknown(name)
            }
        },
    };
    for (denom, amount) in amounts.iter() {
        books.pool.update(denom, |record| {
            Ok(record.ledger.allocate(Class::CommunityPool, *amount)?)
        })?;
    }
    Ok(ctx.config.denoms.tell(event, amounts))
}
