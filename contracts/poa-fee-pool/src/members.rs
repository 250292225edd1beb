//! The cw4 group: members are the operators with power, weights the powers.

use cosmwasm_std::{Addr, Deps, DepsMut, Env, MessageInfo, Order, Response, StdResult, Storage};
use cw_storage_plus::Bound;
use interfaces::cw4::{
    AdminResponse, HooksResponse, Member, MemberListResponse, MemberResponse, TotalWeightResponse,
};
use interfaces::{ownership, paging};

use crate::ContractError;
use crate::context::Context;
use crate::powers::{self, PowerChange};
use crate::state::{HOOKS, MEMBERS, TOTAL};

pub(crate) fn update_members(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    remove: Vec<String>,
    add: Vec<Member>,
) -> Result<Response, ContractError> {
    ownership::assert_owner(deps.storage, &info.sender)?;
    let ctx = Context::load(deps.storage, deps.querier, &env)?;
    let mut changes = Vec::with_capacity(remove.len().saturating_add(add.len()));
    for operator in remove {
        changes.push(PowerChange {
            operator: ctx.account(&operator)?,
            power: 0,
            creates: false,
        });
    }
    for member in add {
        changes.push(PowerChange {
            operator: ctx.account(&member.addr)?,
            power: powers::checked(&member.addr, member.weight.into())?,
            creates: true,
        });
    }
    powers::change(&ctx, deps, &changes)
}

/// The weight of a member, now or at the beginning of a block.
///
/// # Errors
/// For what is no address.
pub fn member(
    deps: Deps,
    addr: &str,
    at_height: Option<u64>,
) -> Result<MemberResponse, ContractError> {
    let member = deps.api.addr_validate(addr)?;
    let weight = match at_height {
        Some(height) => MEMBERS.may_load_at_height(deps.storage, &member, height)?,
        None => MEMBERS.may_load(deps.storage, &member)?,
    };
    Ok(MemberResponse { weight })
}

/// Members in the order of their addresses.
///
/// # Errors
/// For a limit of 0 and for what is no address.
pub fn list_members(
    deps: Deps,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<MemberListResponse, ContractError> {
    let start = start_after
        .map(|addr| deps.api.addr_validate(&addr))
        .transpose()?;
    let members = MEMBERS
        .range(
            deps.storage,
            start.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(paging::limit(limit)?)
        .map(|item| {
            let (addr, weight) = item?;
            Ok(Member {
                addr: addr.into_string(),
                weight,
            })
        })
        .collect::<StdResult<_>>()?;
    Ok(MemberListResponse { members })
}

/// The weight of all members, now or at the beginning of a block.
///
/// # Errors
/// Unreadable records.
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

/// Contracts that are told of every change of a power.
///
/// # Errors
/// Unreadable records.
pub fn hooks(storage: &dyn Storage) -> StdResult<HooksResponse> {
    let hooks = HOOKS.may_load(storage)?.unwrap_or_default();
    Ok(HooksResponse {
        hooks: hooks.into_iter().map(Addr::into_string).collect(),
    })
}

/// Who administers the group.
///
/// # Errors
/// Unreadable records.
pub fn admin(storage: &dyn Storage) -> StdResult<AdminResponse> {
    Ok(AdminResponse {
        admin: ownership::query(storage)?.owner.map(Addr::into_string),
    })
}
