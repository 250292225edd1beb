//! Begin block: what has come in, who signed, and the split.

use chain_types::staking_event::ChangedPower;
use chain_types::text::head;
use cosmwasm_std::{DepsMut, Env, Event, MessageInfo, Response};
use distribution_math::{Points, SignedPower};
use pool_kit::events::action;
use pool_kit::ledger::Class;
use pool_kit::{Amounts, DenomId};

use crate::accounting::Accounting;
use crate::books::Books;
use crate::context::Context;
use crate::msg::{BeginBlock, LastCommit, Vote};
use crate::state::REPORTERS;
use crate::{ContractError, commission, powers};

/// Bytes of a proposer's name that an event repeats.
const SHOWN: usize = 128;

/// The message `begin_block` of a block reporter.
pub(crate) fn report<A: Accounting>(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    let reporters = REPORTERS.load(deps.storage)?;
    if !reporters.block.contains(&info.sender) {
        return Err(ContractError::Unauthorized {
            sender: info.sender.into_string(),
            role: "a block reporter",
        });
    }
    begin_block::<A>(deps, env, block)
}

/// Splits what has come in since the last block: once per height, only when the pool is active.
/// Announced commissions and powers change first: the powers sent with a block are those that earned
/// its fees.
///
/// # Errors
/// Before activation; for powers that break a rule; for changes of powers that come with a block that
/// is not a new one. Nothing is split then, and the fees are part of
/// the next block's.
pub fn begin_block<A: Accounting>(
    deps: DepsMut,
    env: Env,
    block: BeginBlock,
) -> Result<Response, ContractError> {
    let mut ctx = Context::load(deps.storage, deps.querier, &env)?;
    ctx.assert_active()?;
    let signatures = Signatures::read(&block.last_commit)?;
    if let Some(name) = signatures.first_validator() {
        ctx.learn_form(deps.storage, name)?;
    }
    let mut books = Books::<A>::open(&ctx, deps.storage)?;
    if let Some(repetition) = repetition(&mut books, &block) {
        // A change of a power is told once: to drop it in silence would leave the power wrong.
        if !block.last_commit.changed.is_empty() {
            return Err(ContractError::ChangesOfAnOldBlock {
                reason: repetition.ty,
            });
        }
        return Ok(Response::new().add_event(repetition));
    }
    commission::resolve_announced(&mut books)?;
    let signed_power = match signatures {
        Signatures::Changes { signed, changed } => {
            powers::apply_changes(&mut books, changed)?;
            signed
        }
        Signatures::Votes(votes) => powers::apply_votes(&mut books, votes)?,
    };
    let power = SignedPower::new(books.pool.total_power, signed_power);
    split_fees(&mut books, block.proposer.as_deref(), power)?;
    books.close()
}

/// The two forms of a last commit.
enum Signatures<'m> {
    Changes {
        signed: u64,
        changed: &'m [ChangedPower],
    },
    Votes(&'m [Vote]),
}

impl<'m> Signatures<'m> {
    fn read(last_commit: &'m LastCommit) -> Result<Self, ContractError> {
        match (&last_commit.signed_power, &last_commit.votes) {
            (Some(signed), None) => Ok(Signatures::Changes {
                // More than the total counts as the total, so saturating loses nothing.
                signed: u64::try_from(signed.u128()).unwrap_or(u64::MAX),
                changed: &last_commit.changed,
            }),
            (None, Some(votes)) if last_commit.changed.is_empty() => Ok(Signatures::Votes(votes)),
            _ => Err(ContractError::LastCommitForm),
        }
    }

    fn first_validator(&self) -> Option<&str> {
        match self {
            Signatures::Changes { changed, .. } => Some(&changed.first()?.validator),
            Signatures::Votes(votes) => Some(&votes.first()?.validator),
        }
    }
}

/// Keeps the block's heights; for a block that is not a new one returns the event that says so.
fn repetition<A: Accounting>(books: &mut Books<A>, block: &BeginBlock) -> Option<Event> {
    let height = books.ctx.chain.env.block.height;
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

/// Receives what belongs to nobody yet and gives all of it to proposer, votes and community pool.
fn split_fees<A: Accounting>(
    books: &mut Books<A>,
    proposer: Option<&str>,
    power: SignedPower,
) -> Result<(), ContractError> {
    let ctx = books.ctx;
    let denoms = &ctx.config.denoms;
    let rates = ctx.config.params.split_rates()?;
    let mut fees = Amounts::default();
    let mut votes = Amounts::default();
    let mut community = Amounts::default();
    let mut to_proposer = Amounts::default();
    for (denom, name) in denoms.active() {
        let received = receive(books, denom, name)?;
        if received.is_zero() {
            continue;
        }
        let split = rates.split(received, power)?;
        A::distribute(books, denom, &split)?;
        books.allocate(denom, Class::CommunityPool, split.community)?;
        fees.add(denom, received)?;
        votes.add(denom, split.by_power)?;
        votes.add(denom, split.equally)?;
        community.add(denom, split.community)?;
        to_proposer.add(denom, split.proposer)?;
    }
    if fees.is_zero() {
        return Ok(());
    }
    let event = action("begin_block")
        .add_attribute("height", ctx.chain.env.block.height.to_string())
        .add_attribute("total_power", power.total().to_string())
        .add_attribute("signed_power", power.signed().to_string())
        .add_attribute("fees", denoms.coins_text(&denoms.coins(&fees)))
        .add_attribute("votes_points", denoms.points_text(&votes))
        .add_attribute("community_pool_points", denoms.points_text(&community));
    books.emit(event);
    reward_proposer(books, proposer, &to_proposer)
}

/// Counts a denom's undistributed balance as received.
fn receive<A: Accounting>(
    books: &mut Books<A>,
    denom: DenomId,
    name: &str,
) -> Result<Points, ContractError> {
    let undistributed = books.undistributed(denom, name)?;
    if !undistributed.beyond_bound.is_zero() {
        books.emit(
            action("receipt_bound")
                .add_attribute("denom", name)
                .add_attribute("uncollected", undistributed.beyond_bound.to_string()),
        );
    }
    if undistributed.receivable == 0 {
        return Ok(Points::ZERO);
    }
    books.update_ledger(denom, |ledger| {
        ledger.receive(undistributed.receivable.into())
    })
}

/// Gives the proposer's part to the proposer, or to the community pool when it is unknown or removed.
fn reward_proposer<A: Accounting>(
    books: &mut Books<A>,
    proposer: Option<&str>,
    amounts: &Amounts,
) -> Result<(), ContractError> {
    if amounts.is_zero() {
        return Ok(());
    }
    let proposer = proposer.map(str::trim).unwrap_or_default();
    if let Ok(validator) = books.ctx.validator(proposer) {
        let event = books.ctx.validator_event("proposer_reward", &validator);
        let receipt = books.ctx.config.denoms.add_amounts(event, amounts);
        if A::reward_validator(books, &validator, amounts, receipt)? {
            return Ok(());
        }
    }
    for (denom, amount) in amounts.iter() {
        books.allocate(denom, Class::CommunityPool, *amount)?;
    }
    // Some chains refuse events with blank values.
    let shown = match head(proposer, SHOWN) {
        "" => "none",
        shown => shown,
    };
    let event = action("proposer_unknown").add_attribute("proposer", shown);
    books.emit(books.ctx.config.denoms.add_amounts(event, amounts));
    Ok(())
}
