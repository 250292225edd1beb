//! The cw4 group: members are the operators with power, weights the powers; hooks are contracts
//! that are notified of the weight of every member that a message names.
//!
//! A hook gets a limited amount of gas and has no veto: one that fails is an event. Only a
//! transaction that brings less gas than the limits can fail as a whole.
//!
//! Not `cw_controllers::Hooks`: it has no limit on their number, its errors do not name the hook,
//! and removing one before any was added fails as a missing record.

use chain_types::address::AddressBytes;
use chain_types::cw4::{
    AdminResponse, HooksResponse, Member, MemberChangedHookMsg, MemberDiff, MemberListResponse,
    MemberResponse, TotalWeightResponse,
};
use chain_types::text::head;
use cosmwasm_std::{
    Addr, Deps, DepsMut, Env, MessageInfo, Order, Reply, Response, StdResult, Storage, SubMsg,
    WasmMsg,
};
use cw_storage_plus::Bound;
use pool_kit::events::action;
use pool_kit::{Chain, ownership, paging};

use crate::ContractError;
use crate::context::Context;
use crate::state::{HOOKS, MEMBERS, TOTAL};

/// Reply id of hooks that failed. Payouts have 1 and 2.
pub const FAILED_HOOK_REPLY: u64 = 3;

/// The most hooks: every message that names a member pays for them.
const MAX_HOOKS: usize = 10;

/// The most members in one notification: a fee pool takes no more in one message, since it settles
/// each of them.
const DIFFS_OF_A_HOOK: usize = 100;

/// Gas of a notification, in the chain's units, however many members are in it.
const HOOK_GAS: u64 = 500_000;

/// Gas of a notification for each member in it: a fee pool that settles a validator takes
/// about a fifth of it.
const HOOK_GAS_PER_DIFF: u64 = 250_000;

pub fn add_hook(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    addr: String,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let chain = Chain::new(deps.querier, &env)?;
    let hook = chain.show(&chain.account(&addr)?);
    let mut hooks = load_hooks(deps.storage)?;
    if hooks.contains(&hook) {
        return Err(ContractError::HookExists { addr });
    }
    hooks.push(hook);
    if hooks.len() > MAX_HOOKS {
        return Err(ContractError::TooManyHooks {
            count: hooks.len(),
            limit: MAX_HOOKS,
        });
    }
    HOOKS.save(deps.storage, &hooks)?;
    Ok(Response::new().add_event(action("add_hook").add_attribute("hook", addr)))
}

pub fn remove_hook(
    deps: DepsMut,
    info: MessageInfo,
    addr: String,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let mut hooks = load_hooks(deps.storage)?;
    let count = hooks.len();
    hooks.retain(|hook| hook.as_str() != addr);
    if hooks.len() == count {
        return Err(ContractError::UnknownHook {
            addr: head(&addr, 128).to_string(),
        });
    }
    HOOKS.save(deps.storage, &hooks)?;
    Ok(Response::new().add_event(action("remove_hook").add_attribute("hook", addr)))
}

fn load_hooks(storage: &dyn Storage) -> StdResult<Vec<Addr>> {
    Ok(HOOKS.may_load(storage)?.unwrap_or_default())
}

/// A weight to set.
#[derive(Clone, Copy, Debug)]
pub struct WeightChange {
    pub member: AddressBytes,
    /// Until now, 0 for an account that was no member.
    pub old: u64,
    /// From now on, 0 for an account that is no member any more.
    pub new: u64,
}

impl WeightChange {
    /// Writes the weight, unless it stays, and returns what the hooks are sent.
    pub fn write(&self, ctx: &Context, storage: &mut dyn Storage) -> StdResult<MemberDiff> {
        let member = ctx.chain.show(&self.member);
        let height = ctx.chain.env.block.height;
        let weight = |power: u64| (power > 0).then_some(power);
        let (old, new) = (weight(self.old), weight(self.new));
        if old != new {
            match new {
                Some(weight) => MEMBERS.save(storage, &member, &weight, height)?,
                None => MEMBERS.remove(storage, &member, height)?,
            }
        }
        let key = member.into_string();
        Ok(MemberDiff { key, old, new })
    }
}

/// The messages that notify every hook of weights, [`DIFFS_OF_A_HOOK`] in each; none without any.
///
/// Weights that fall come first, and accounts without: between two notifications a listener then
/// never has more members or more power than before or after all of them, and no bound of it is
/// passed in between.
pub fn notifications(storage: &dyn Storage, diffs: Vec<MemberDiff>) -> StdResult<Vec<SubMsg>> {
    let (mut diffs, others): (Vec<_>, Vec<_>) = diffs
        .into_iter()
        .partition(|diff| diff.new.is_none() || diff.new < diff.old);
    diffs.extend(others);
    let mut messages = Vec::new();
    for hook in load_hooks(storage)? {
        for diffs in diffs.chunks(DIFFS_OF_A_HOOK) {
            messages.push(notification(&hook, diffs.to_vec())?);
        }
    }
    Ok(messages)
}

fn notification(hook: &Addr, diffs: Vec<MemberDiff>) -> StdResult<SubMsg> {
    let gas = HOOK_GAS_PER_DIFF
        .saturating_mul(u64::try_from(diffs.len()).unwrap_or(u64::MAX))
        .saturating_add(HOOK_GAS);
    let message = WasmMsg::Execute {
        contract_addr: hook.to_string(),
        msg: MemberChangedHookMsg { diffs }.to_message()?,
        funds: Vec::new(),
    };
    Ok(SubMsg::reply_on_error(message, FAILED_HOOK_REPLY)
        .with_gas_limit(gas)
        .with_payload(hook.as_bytes().to_vec()))
}

/// Emits the event of a hook that failed. The change stands.
pub fn hook_failed(reply: Reply) -> Response {
    let hook = String::from_utf8_lossy(&reply.payload).into_owned();
    let reason = reply.result.into_result().err().unwrap_or_default();
    let event = action("hook_failed")
        .add_attribute("hook", hook)
        .add_attribute("reason", format!("chain: {reason}"));
    Response::new().add_event(event)
}

/// The weight of a member, now or at the beginning of a block.
pub fn member(
    ctx: &Context,
    deps: Deps,
    addr: &str,
    at_height: Option<u64>,
) -> Result<MemberResponse, ContractError> {
    let member = ctx.chain.show(&ctx.chain.account(addr)?);
    let weight = match at_height {
        Some(height) => MEMBERS.may_load_at_height(deps.storage, &member, height)?,
        None => MEMBERS.may_load(deps.storage, &member)?,
    };
    Ok(MemberResponse { weight })
}

/// Members in the order of their addresses.
pub fn list_members(
    ctx: &Context,
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<MemberListResponse, ContractError> {
    let start = match start_after {
        Some(addr) => Some(ctx.chain.show(&ctx.chain.account(&addr)?)),
        None => None,
    };
    let start = start.as_ref().map(Bound::exclusive);
    let members = MEMBERS
        .range(deps.storage, start, None, Order::Ascending)
        .take(paging::limit(limit)?)
        .map(|item| {
            let (addr, weight) = item?;
            let addr = addr.into_string();
            Ok(Member { addr, weight })
        })
        .collect::<StdResult<_>>()?;
    Ok(MemberListResponse { members })
}

/// The weight of all members, now or at the beginning of a block.
pub fn total_weight(
    storage: &dyn Storage,
    at_height: Option<u64>,
) -> StdResult<TotalWeightResponse> {
    let weight = match at_height {
        Some(height) => TOTAL.may_load_at_height(storage, height)?,
        None => TOTAL.may_load(storage)?,
    };
    Ok(TotalWeightResponse {
        weight: weight.unwrap_or_default(),
    })
}

pub fn hooks(storage: &dyn Storage) -> StdResult<HooksResponse> {
    let hooks = load_hooks(storage)?;
    Ok(HooksResponse {
        hooks: hooks.into_iter().map(Addr::into_string).collect(),
    })
}

/// Who administers the group: the owner of the contract.
pub fn admin(storage: &dyn Storage) -> StdResult<AdminResponse> {
    Ok(AdminResponse {
        admin: ownership::query(storage)?.owner.map(Addr::into_string),
    })
}
