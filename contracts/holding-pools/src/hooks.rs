//! What the chain sends through `sudo`: blocks, powers, the clock.

use chain_types::hooks::{self, IgnoredHook, RawSudo, SudoPayload, clock};
use cosmwasm_std::{DepsMut, Env, Response, from_json};
use validator_rewards::last_commit::{SudoBeginBlock, SudoPowersChanged};

use crate::books::Books;
use crate::{ContractError, fees, guarded, powers, tick};

/// Does what a payload says, or nothing with the event `hook_ignored`; never fails.
pub(crate) fn sudo(deps: DepsMut, env: &Env, msg: &RawSudo) -> Response {
    let payload = match hooks::read(msg) {
        Ok(payload) => payload,
        Err(ignored) => return Response::new().add_event(ignored.event()),
    };
    if clock::is_end_block(&payload) {
        return tick::clock(deps.storage, env);
    }
    match guarded::run(deps, env, &mut |books| apply(books, &payload)) {
        Ok(response) => response,
        Err(error) => {
            let ignored = IgnoredHook::new(&payload.name, &error.to_string());
            Response::new().add_event(ignored.event())
        }
    }
}

/// The step that the clock asked for has failed, and the chain has rolled it back.
pub(crate) fn clock_failed(reason: &str) -> Response {
    let ignored = IgnoredHook::new("clock_end_block", reason);
    Response::new().add_event(ignored.event())
}

fn apply(books: &mut Books, payload: &SudoPayload) -> Result<(), ContractError> {
    let body = payload.body.get();
    match payload.name.as_str() {
        "begin_block" => {
            let block: SudoBeginBlock = from_json(body)?;
            fees::begin_block(books, &block.into())
        }
        "powers_changed" => {
            let told: SudoPowersChanged = from_json(body)?;
            powers::tell(books, &told.changes)
        }
        _ => Err(ContractError::UnknownSudo {
            name: chain_types::text::head(&payload.name, 64).to_string(),
        }),
    }
}
