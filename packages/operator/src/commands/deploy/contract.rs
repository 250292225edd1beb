//! The messages of one contract of the plan.

use anyhow::{Context as _, Result};

use super::plan::{Contract, Execute, Hooks};
use super::survey::Survey;
use crate::message::{self, Cron, Instantiate, Message};

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
            if let Some(cron) = &contract.cron {
                contract.kind.check_execute(&survey.resolve(&cron.msg)?)?;
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
    if let Some(Cron { period, msg }) = &contract.cron {
        let cron = Cron {
            period: *period,
            msg: survey.resolve(msg)?,
        };
        messages.push(message::cron(sender, address, &contract.name, &cron));
    }
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::plan::Plan;
    use super::super::survey::tests::{plan, survey};
    use super::*;

    fn with_cron(msg: &str) -> Plan {
        plan(&format!(
            r#"
            [[contracts]]
            name = "pool"
            kind = "fee-pool"
            msg = {{ reward_denoms = ["stake"] }}
            cron = {{ period = 9, msg = {msg} }}
            "#
        ))
    }

    #[test]
    fn names_in_what_cron_sends_are_resolved() {
        let plan = with_cron(r#"{ set_withdraw_address = { withdraw_address = "@pool" } }"#);
        let survey = survey(&plan, &[], &[]);
        check(&survey).unwrap();
        let messages = messages(&survey, plan.contracts.first().unwrap()).unwrap();
        let schedule = messages.last().unwrap().json();
        let sent: Value =
            serde_json::from_str(schedule["msgs"][0]["msg"].as_str().unwrap()).unwrap();
        assert_eq!(
            sent,
            json!({"set_withdraw_address": {"withdraw_address": "wasm1pool"}})
        );
    }

    #[test]
    fn what_cron_sends_is_read_as_the_contract_will() {
        for (msg, wrong) in [
            (
                "{ withdraw_delegations = {} }",
                "pool: fee-pool has no message",
            ),
            (
                "{ set_withdraw_address = { withdraw_address = \"@second\" } }",
                "`@second` stands for no contract",
            ),
        ] {
            let plan = with_cron(msg);
            let error = check(&survey(&plan, &[], &[])).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(wrong), "{error}");
        }
    }
}
