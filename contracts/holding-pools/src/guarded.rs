//! Handlers that must not fail.
//!
//! An error of `ibc_packet_ack` or `ibc_packet_timeout` would make the packet unrelayable for ever,
//! one of `sudo` may halt the chain, and one of `ibc_source_callback` is swallowed. So these run on
//! staged storage: either all changes of a handler are applied, or none and an event says why.

use cosmwasm_std::{DepsMut, Env, IbcBasicResponse, Response};
use pool_kit::events::action;
use pool_kit::staged::Staged;

use crate::ContractError;
use crate::books::Books;
use crate::context::Context;

/// A handler that changes the books.
pub type Handler<'h> = &'h mut dyn FnMut(&mut Books) -> Result<(), ContractError>;

/// Runs a handler, and applies what it changed if it succeeds.
///
/// # Errors
/// Those of the handler; nothing is changed then.
pub fn run(deps: DepsMut, env: &Env, handler: Handler) -> Result<Response, ContractError> {
    let mut staged = Staged::new(deps.storage);
    let ctx = Context::load(&staged, deps.querier, env)?;
    let mut books = Books::open(&ctx, &mut staged)?;
    handler(&mut books)?;
    let response = books.close()?;
    let changes = staged.into_changes();
    changes.apply(deps.storage);
    Ok(response)
}

/// Runs a handler of IBC; one that fails is the event `ibc_ignored`.
pub fn run_ibc(deps: DepsMut, env: &Env, what: &str, handler: Handler) -> IbcBasicResponse {
    match run(deps, env, handler) {
        Ok(response) => IbcBasicResponse::new()
            .add_events(response.events)
            .add_submessages(response.messages),
        Err(error) => {
            let reason = error.to_string();
            let event = action("ibc_ignored")
                .add_attribute("what", what)
                .add_attribute("reason", chain_types::text::head(&reason, 256));
            IbcBasicResponse::new().add_event(event)
        }
    }
}
