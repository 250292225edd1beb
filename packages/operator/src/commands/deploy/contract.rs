//! The messages of one contract of the plan.

use anyhow::{Context as _, Result};

use super::plan::{Contract, Execute, Hooks};
use super::survey::Survey;
use crate::message::{self, Instantiate, Message};

/// Reads every message as its contract will.
///
/// # Errors
/// When a contract could not read one, or a name stands for no contract.
pub fn check(survey: &Survey) -> Result<()> {
    for contract in &survey.plan.contracts {
        let check = || -> Result<()> {
            contract
                .kind
                .check_instantiate(&survey.resolve(&contract.msg)?)?;
            for Execute { msg, .. } in &contract.execute {
                contract.kind.check_execute(&survey.resolve(msg)?)?;
            }
            Ok(())
        };
        check().with_context(|| contract.name.clone())?;
    }
    Ok(())
}

/// What makes a contract, gives it its first messages and registers it. In one transaction or proposal it
/// is all done or nothing, so that a contract that exists is set up.
///
/// # Errors
/// When a name stands for no contract.
pub fn messages(survey: &Survey, contract: &Contract) -> Result<Vec<Message>> {
    let sender = survey.creator;
    let address = survey.address(&contract.name)?;
    let mut messages = vec![message::instantiate(&Instantiate {
        sender,
        admin: &survey.resolve_text(contract.admin())?,
        code_id: survey.codes.get(&contract.kind).copied(),
        label: contract.label(),
        msg: &survey.resolve(&contract.msg)?,
        funds: &contract.funds,
        salt: contract.name.as_bytes(),
    })];
    for Execute { msg, funds } in &contract.execute {
        let msg = survey.resolve(msg)?;
        messages.push(message::execute(sender, address, &msg, funds));
    }
    match contract.hooks {
        Some(Hooks::Juno) => messages.push(message::juno_hooks(sender, address)),
        Some(Hooks::Neutron) => messages.push(message::neutron_hooks(sender, address)),
        None => {}
    }
    if contract.clock {
        messages.push(message::juno_clock(sender, address));
    }
    if let Some(cron) = &contract.cron {
        messages.push(message::cron(sender, address, &contract.name, cron));
    }
    Ok(messages)
}
