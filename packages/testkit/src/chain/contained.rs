//! A contract's panic is an error of that call.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cosmwasm_std::{
    Binary, Checksum, Deps, DepsMut, Empty, Env, MessageInfo, QuerierWrapper, Reply, Response,
    StdError, StdResult,
};
use cw_multi_test::Contract;

use crate::ibc::PortQuerier;

/// How the error of a panic begins. The VM's text for it contains the same words.
pub const ABORTED: &str = "Aborted: panicked";

/// A contract whose panics become errors, at the call where they happen: in the VM a panic aborts
/// the call, its writes are dropped, and a sub-message's reply gets the error. Its queries of IBC
/// may leave out its port.
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

/// Runs an entry point that may write.
fn contain_mut<T>(
    deps: DepsMut,
    env: Env,
    call: impl FnOnce(DepsMut, Env) -> StdResult<T>,
) -> StdResult<T> {
    contain(|| {
        let querier = PortQuerier::new(deps.querier, &env.contract.address);
        let deps = DepsMut {
            storage: deps.storage,
            api: deps.api,
            querier: QuerierWrapper::new(&querier),
        };
        call(deps, env)
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
        contain_mut(deps, env, |deps, env| {
            self.0.instantiate(deps, env, info, msg)
        })
    }

    fn execute(
        &self,
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: Vec<u8>,
    ) -> StdResult<Response> {
        contain_mut(deps, env, |deps, env| self.0.execute(deps, env, info, msg))
    }

    fn query(&self, deps: Deps, env: Env, msg: Vec<u8>) -> StdResult<Binary> {
        contain(|| {
            let querier = PortQuerier::new(deps.querier, &env.contract.address);
            let deps = Deps {
                storage: deps.storage,
                api: deps.api,
                querier: QuerierWrapper::new(&querier),
            };
            self.0.query(deps, env, msg)
        })
    }

    fn reply(&self, deps: DepsMut, env: Env, msg: Reply) -> StdResult<Response> {
        contain_mut(deps, env, |deps, env| self.0.reply(deps, env, msg))
    }

    fn sudo(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> StdResult<Response> {
        contain_mut(deps, env, |deps, env| self.0.sudo(deps, env, msg))
    }

    fn migrate(&self, deps: DepsMut, env: Env, msg: Vec<u8>) -> StdResult<Response> {
        contain_mut(deps, env, |deps, env| self.0.migrate(deps, env, msg))
    }

    fn checksum(&self) -> Option<Checksum> {
        self.0.checksum()
    }
}
