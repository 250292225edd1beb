//! Contracts that are told of every change of a power, as cw4 has it.
//!
//! A hook is told, not asked: it gets a limited amount of gas, and one that fails is an event. Only
//! a transaction that brings less gas than the limits fails as a whole.

use cosmwasm_std::{
    Addr, DepsMut, MessageInfo, Reply, Response, StdResult, Storage, SubMsg, WasmMsg,
};
use interfaces::cw4::{MemberChangedHookMsg, MemberDiff};
use interfaces::events::action;
use interfaces::ownership;

use crate::state::HOOKS;
use crate::{ContractError, Fault};

/// Reply id of hooks that failed. Payouts have 1 and 2.
pub const FAILED_HOOK_REPLY: u64 = 3;

/// The most hooks: every change of a power pays for them.
const MAX_HOOKS: usize = 10;

/// Gas of a hook, in the chain's units, whatever it is told.
const HOOK_GAS: u64 = 500_000;

/// Gas of a hook for each member that changed: a fee pool that settles a validator takes about a
/// fifth of it.
const HOOK_GAS_PER_DIFF: u64 = 250_000;

pub(crate) fn add_hook(
    deps: DepsMut,
    info: MessageInfo,
    addr: String,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let hook = deps.api.addr_validate(&addr)?;
    let mut hooks = load(deps.storage)?;
    if hooks.contains(&hook) {
        return Err(Fault::HookExists { addr }.into());
    }
    hooks.push(hook);
    if hooks.len() > MAX_HOOKS {
        return Err(Fault::TooManyHooks {
            count: hooks.len(),
            limit: MAX_HOOKS,
        }
        .into());
    }
    HOOKS.save(deps.storage, &hooks)?;
    Ok(Response::new().add_event(action("add_hook").add_attribute("hook", addr)))
}

pub(crate) fn remove_hook(
    deps: DepsMut,
    info: MessageInfo,
    addr: String,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut hooks = load(deps.storage)?;
    let count = hooks.len();
    hooks.retain(|hook| hook.as_str() != addr);
    if hooks.len() == count {
        return Err(Fault::UnknownHook {
            addr: addr.chars().take(128).collect(),
        }
        .into());
    }
    HOOKS.save(deps.storage, &hooks)?;
    Ok(Response::new().add_event(action("remove_hook").add_attribute("hook", addr)))
}

fn load(storage: &dyn Storage) -> StdResult<Vec<Addr>> {
    Ok(HOOKS.may_load(storage)?.unwrap_or_default())
}

/// What tells every hook of changes; nothing without changes.
///
/// # Errors
/// Unreadable records.
pub fn messages(storage: &dyn Storage, diffs: Vec<MemberDiff>) -> StdResult<Vec<SubMsg>> {
    if diffs.is_empty() {
        return Ok(Vec::new());
    }
    let gas = HOOK_GAS_PER_DIFF
        .saturating_mul(u64::try_from(diffs.len()).unwrap_or(u64::MAX))
        .saturating_add(HOOK_GAS);
    let msg = MemberChangedHookMsg { diffs }.to_message()?;
    let tell = |hook: Addr| {
        let payload = hook.as_bytes().to_vec();
        let message = WasmMsg::Execute {
            contract_addr: hook.into_string(),
            msg: msg.clone(),
            funds: Vec::new(),
        };
        SubMsg::reply_on_error(message, FAILED_HOOK_REPLY)
            .with_gas_limit(gas)
            .with_payload(payload)
    };
    Ok(load(storage)?.into_iter().map(tell).collect())
}

/// Tells of a hook that failed; the change stands.
pub fn failed(reply: Reply) -> Response {
    let hook = String::from_utf8_lossy(&reply.payload).into_owned();
    let reason = reply.result.into_result().err().unwrap_or_default();
    let event = action("hook_failed")
        .add_attribute("hook", hook)
        .add_attribute("reason", format!("chain: {reason}"));
    Response::new().add_event(event)
}
