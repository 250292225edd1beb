//! Receivers and claimers, and who may act for an account.

use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};
use interfaces::address::AddressBytes;

use crate::context::Context;
use crate::events::action;
use crate::positions;
use crate::state::{CLAIMERS, LOCKS_OF_RECEIVER, Lock, id_key};
use crate::{ContractError, Fault};

impl Lock {
    /// Who gets its rewards.
    pub fn reward_account(&self) -> AddressBytes {
        self.receiver.unwrap_or(self.owner)
    }
}

/// Passes for the owner of a lock alone.
///
/// # Errors
/// [`Fault::Unauthorized`].
pub fn assert_lock_owner(
    ctx: &Context,
    lock: &Lock,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    if lock.owner == *sender {
        return Ok(());
    }
    Err(refused(ctx, sender, "the owner of the lock"))
}

/// Passes for the owner of a lock and for the owner's claimer.
///
/// # Errors
/// [`Fault::Unauthorized`].
pub fn assert_may_withdraw(
    ctx: &Context,
    storage: &dyn Storage,
    lock: &Lock,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    if acts_for(storage, &lock.owner, sender)? {
        return Ok(());
    }
    Err(refused(ctx, sender, "the owner of the lock or its claimer"))
}

/// Passes for the owner and the receiver of a lock, and for the claimers of both.
///
/// # Errors
/// [`Fault::Unauthorized`].
pub fn assert_may_claim(
    ctx: &Context,
    storage: &dyn Storage,
    lock: &Lock,
    sender: &AddressBytes,
) -> Result<(), ContractError> {
    if acts_for(storage, &lock.owner, sender)? || acts_for(storage, &lock.reward_account(), sender)?
    {
        return Ok(());
    }
    Err(refused(
        ctx,
        sender,
        "the owner or receiver of the lock or a claimer of one of them",
    ))
}

fn acts_for(
    storage: &dyn Storage,
    account: &AddressBytes,
    sender: &AddressBytes,
) -> Result<bool, ContractError> {
    Ok(account == sender || CLAIMERS.may_load(storage, account.as_slice())? == Some(*sender))
}

fn refused(ctx: &Context, sender: &AddressBytes, role: &'static str) -> ContractError {
    Fault::Unauthorized {
        sender: ctx.show(sender).into_string(),
        role,
    }
    .into()
}

pub(crate) fn set_receiver(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    id: u64,
    receiver: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let sender = ctx.sender(&info)?;
    let mut lock = positions::load(deps.storage, id)?;
    assert_lock_owner(&ctx, &lock, &sender)?;
    if let Some(before) = lock.receiver.take() {
        LOCKS_OF_RECEIVER.remove(deps.storage, (before.as_slice(), &id_key(id)));
    }
    lock.receiver = other_receiver(&ctx, receiver, &lock.owner)?;
    if let Some(receiver) = &lock.receiver {
        LOCKS_OF_RECEIVER.save(deps.storage, (receiver.as_slice(), &id_key(id)), &true)?;
    }
    positions::save(deps.storage, id, &lock)?;
    let event = action("set_receiver")
        .add_attribute("lock_id", id.to_string())
        .add_attribute("receiver", ctx.show(&lock.reward_account()));
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
    Ok(receiver
        .map(|receiver| ctx.recipient(&receiver))
        .transpose()?
        .filter(|receiver| receiver != owner))
}

pub(crate) fn set_claimer(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    claimer: Option<String>,
) -> Result<Response, ContractError> {
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let account = ctx.sender(&info)?;
    let claimer = claimer
        .map(|claimer| ctx.addresses.account(&claimer))
        .transpose()?;
    match &claimer {
        Some(claimer) => CLAIMERS.save(deps.storage, account.as_slice(), claimer)?,
        None => CLAIMERS.remove(deps.storage, account.as_slice()),
    }
    let event = action("set_claimer")
        .add_attribute("account", info.sender)
        .add_attribute(
            "claimer",
            claimer.map_or("none".to_string(), |claimer| {
                ctx.show(&claimer).into_string()
            }),
        );
    Ok(Response::new().add_event(event))
}
