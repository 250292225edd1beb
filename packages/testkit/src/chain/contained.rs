//! A contract's panic is an error of that call.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cosmwasm_std::{
    Binary, Checksum, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult,
};
use cw_multi_test::Contract;

/// How the error of a panic begins. The VM's text for it contains the same words.
pub const ABORTED: &str = "Aborted: panicked";

/// A contract whose panics become errors, at the call where they happen: in the VM a panic aborts
/// the call, its writes are dropped, and a sub-message's reply gets the error.
pub(super) struct Contained(pub(super) Box<dyn Contract<Empty>>);

/// Runs one entry point. `cw-multi-test` gives each call its own cache and drops it on an error, so
/// a half-done call leaves nothing.
fn contain<T>(call: impl FnOnce() -> StdResult<T>) -> StdResult<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        Err(StdError::msg(format!(
            "{ABORTED}: {}",
            text_of(panic.as_ref())
        )))
    })
}

fn text_of(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

impl Contract<Empty> for Contained {
    fn instantiate(
        &self,
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        contain(|| self.0.instantiate(deps, env, info, msg))
    }

    fn execute(
        &self,
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        contain(|| self.0.execute(deps, env, info, msg))
    }

    fn query(&self, deps: Deps, env: Env, msg: Vec<u8>) -> StdResult<Binary> {
        contain(|| self.0.query(deps, env, msg))
    }

    fn reply(&self, deps: DepsMut, env: Env, msg: Reply) -> StdResult<Response> {
        contain(|| self.0.reply(deps, env, msg))
    }

    fn sudo(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> StdResult<Response> {
        contain(|| self.0.sudo(deps, env, msg))
    }

    fn migrate(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> StdResult<Response> {
        contain(|| self.0.migrate(deps, env, msg))
    }

    fn checksum(&self) -> Option<Checksum> {
        self.0.checksum()
    }
}
