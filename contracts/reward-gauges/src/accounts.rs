//! Receivers and claimers, and who may act for an account.

use chain_types::address::AddressBytes;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use pool_kit::events::action;
use pool_kit::{KitError, accounts};

use crate::ContractError;
use crate::context::Context;
use crate::locks;
use crate::state::Lock;

/// Passes for the owner of a lock alone.
pub fn assert_lock_owner(
    ctx: &Context,
    lock: &Lock,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    if lock.owner == *sender {
        return Ok(());
    }
    Err(unauthorized(ctx, sender, "the owner of the lock"))
}

/// Passes for the owner of a lock and for the owner's claimer.
pub fn assert_may_withdraw(
    ctx: &Context,
    storage: &dyn Storage,
    lock: &Lock,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    if acts_for(ctx, storage, &lock.owner, sender)? {
        return Ok(());
    }
    let role = "the owner of the lock or its claimer";
    Err(unauthorized(ctx, sender, role))
}

/// Passes for the owner and the receiver of a lock, and for the claimers of both.
pub fn assert_may_claim(
    ctx: &Context,
    storage: &dyn Storage,
    lock: &Lock,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    for account in [lock.owner, lock.reward_account()] {
        if acts_for(ctx, storage, &account, sender)? {
            return Ok(());
        }
    }
    let role = "the owner or receiver of the lock or a claimer of one of them";
    Err(unauthorized(ctx, sender, role))
}

/// Whether the sender is an account or its claimer.
fn acts_for(
    ctx: &Context,
    storage: &dyn Storage,
    account: &AddressBytes,
    sender: &AddressBytes,
) -> Result<bool, ContractError> {
    if account == sender {
        return Ok(true);
    }
    let claimer = accounts::settings(storage, account)?.claimer;
    Ok(claimer == Some(ctx.chain.show(sender)))
}

fn unauthorized(ctx: &Context, sender: &AddressBytes, role: &'static str) -> ContractError {
    let sender = ctx.chain.show(sender).into_string();
    KitError::Unauthorized { sender, role }.into()
}

pub(crate) fn set_receiver(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    receiver: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let sender = ctx.chain.sender(&info)?;
    let mut lock = locks::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    let receiver = other_receiver(&ctx, receiver, &lock.owner)?;
    locks::set_receiver(deps.storage, id, &mut lock, receiver)?;
    let event = action("set_receiver")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("receiver", ctx.chain.show(&lock.reward_account()));
    Ok(Response::new().add_event(event))
}

/// The receiver as a lock records it: none for its owner.
///
/// # Errors
/// For an address that cannot be paid.
pub fn other_receiver(
    ctx: &Context,
    receiver: Option<String>,
    owner: &AddressBytes,
) -> Result<Option<AddressBytes>, ContractError> {
    let receiver = receiver.map(|receiver| ctx.recipient(&receiver));
    Ok(receiver.transpose()?.filter(|receiver| receiver != owner))
}

pub(crate) fn set_claimer(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    claimer: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    // Its event is about a delegator; here the account has no such role.
    accounts::set_claimer(&ctx.chain, deps.storage, &info, claimer.as_deref())?;
    let event = action("set_claimer")
        .add_attribute("account", info.sender)
        .add_attribute("claimer", claimer.unwrap_or("none".to_string()));
    Ok(Response::new().add_event(event))
}
