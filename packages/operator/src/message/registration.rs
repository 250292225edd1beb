//! Messages by which chains are told of a contract: Juno's x/cw-hooks and x/clock, Neutron's x/harpoon
//! and x/cron. No crate has their types; these are the fields that the chains read.

use prost::Name;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Message;

/// Neutron's staking hooks in the order of their numbers, which begin with 1; the last, of unbondings,
/// is left out because no contract uses it.
const NEUTRON_HOOKS: [&str; 10] = [
    "HOOK_TYPE_AFTER_VALIDATOR_CREATED",
    "HOOK_TYPE_BEFORE_VALIDATOR_MODIFIED",
    "HOOK_TYPE_AFTER_VALIDATOR_REMOVED",
    "HOOK_TYPE_AFTER_VALIDATOR_BONDED",
    "HOOK_TYPE_AFTER_VALIDATOR_BEGIN_UNBONDING",
    "HOOK_TYPE_BEFORE_DELEGATION_CREATED",
    "HOOK_TYPE_BEFORE_DELEGATION_SHARES_MODIFIED",
    "HOOK_TYPE_BEFORE_DELEGATION_REMOVED",
    "HOOK_TYPE_AFTER_DELEGATION_MODIFIED",
    "HOOK_TYPE_BEFORE_VALIDATOR_SLASHED",
];

macro_rules! named {
    ($message:ident, $package:literal) => {
        impl Name for $message {
            const NAME: &'static str = stringify!($message);
            const PACKAGE: &'static str = $package;
        }
    };
}

#[derive(Clone, PartialEq, prost::Message)]
struct MsgRegisterStaking {
    #[prost(string, tag = "1")]
    contract_address: String,
    #[prost(string, tag = "2")]
    register_address: String,
}
named!(MsgRegisterStaking, "juno.cwhooks.v1");

#[derive(Clone, PartialEq, prost::Message)]
struct MsgRegisterClockContract {
    #[prost(string, tag = "1")]
    sender_address: String,
    #[prost(string, tag = "2")]
    contract_address: String,
}
named!(MsgRegisterClockContract, "juno.clock.v1");

#[derive(Clone, PartialEq, prost::Message)]
struct HookSubscription {
    #[prost(string, tag = "2")]
    contract_address: String,
    #[prost(int32, repeated, tag = "3")]
    hooks: Vec<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct MsgManageHookSubscription {
    #[prost(string, tag = "1")]
    authority: String,
    #[prost(message, optional, tag = "2")]
    hook_subscription: Option<HookSubscription>,
}
named!(MsgManageHookSubscription, "neutron.harpoon");

#[derive(Clone, PartialEq, prost::Message)]
struct ScheduledMessage {
    #[prost(string, tag = "1")]
    contract: String,
    #[prost(string, tag = "2")]
    msg: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct MsgAddSchedule {
    #[prost(string, tag = "1")]
    authority: String,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(uint64, tag = "3")]
    period: u64,
    #[prost(message, repeated, tag = "4")]
    msgs: Vec<ScheduledMessage>,
    /// 0 is the end of a block.
    #[prost(int32, tag = "5")]
    execution_stage: i32,
}
named!(MsgAddSchedule, "neutron.cron");

/// A message that Neutron's x/cron sends to a contract again and again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cron {
    /// Blocks from one to the next.
    pub period: u64,
    /// The message.
    pub msg: Value,
}

/// Juno sends its staking hooks to a contract. The sender is the contract's admin.
pub fn juno_hooks(sender: &str, contract: &str) -> Message {
    let message = MsgRegisterStaking {
        contract_address: contract.to_string(),
        register_address: sender.to_string(),
    };
    let json = json!({"contract_address": contract, "register_address": sender});
    Message::new(&message, json)
}

/// Juno calls a contract at the end of every block. The sender is the contract's admin.
pub fn juno_clock(sender: &str, contract: &str) -> Message {
    let message = MsgRegisterClockContract {
        sender_address: sender.to_string(),
        contract_address: contract.to_string(),
    };
    let json = json!({"sender_address": sender, "contract_address": contract});
    Message::new(&message, json)
}

/// Neutron sends its staking hooks to a contract. Governance only.
pub fn neutron_hooks(authority: &str, contract: &str) -> Message {
    let hooks = (1i32..)
        .zip(NEUTRON_HOOKS)
        .map(|(number, _)| number)
        .collect();
    let message = MsgManageHookSubscription {
        authority: authority.to_string(),
        hook_subscription: Some(HookSubscription {
            contract_address: contract.to_string(),
            hooks,
        }),
    };
    let json = json!({
        "authority": authority,
        "hook_subscription": {"contract_address": contract, "hooks": NEUTRON_HOOKS},
    });
    Message::new(&message, json)
}

/// Neutron's x/cron sends a message to a contract. Governance only.
pub fn cron(authority: &str, contract: &str, name: &str, cron: &Cron) -> Message {
    let msg = cron.msg.to_string();
    let json = json!({
        "authority": authority,
        "name": name,
        "period": cron.period.to_string(),
        "msgs": [{"contract": contract, "msg": msg}],
        "execution_stage": "EXECUTION_STAGE_END_BLOCKER",
    });
    let message = MsgAddSchedule {
        authority: authority.to_string(),
        name: name.to_string(),
        period: cron.period,
        msgs: vec![ScheduledMessage {
            contract: contract.to_string(),
            msg,
        }],
        execution_stage: 0,
    };
    Message::new(&message, json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrations_have_the_names_of_their_modules() {
        let schedule = Cron {
            period: 10,
            msg: json!({"tick": {}}),
        };
        let names = [
            juno_hooks("me", "c"),
            juno_clock("me", "c"),
            neutron_hooks("gov", "c"),
            cron("gov", "c", "pools", &schedule),
        ]
        .map(|message| message.any().type_url);
        assert_eq!(
            names,
            [
                "/juno.cwhooks.v1.MsgRegisterStaking",
                "/juno.clock.v1.MsgRegisterClockContract",
                "/neutron.harpoon.MsgManageHookSubscription",
                "/neutron.cron.MsgAddSchedule",
            ]
        );
    }

    #[test]
    fn a_registration_has_the_bytes_that_the_chain_reads() {
        // Field 1, two bytes; field 2, one byte.
        let sent = juno_clock("me", "c").any().value;
        assert_eq!(sent, [0x0a, 2, b'm', b'e', 0x12, 1, b'c']);
        let sent = juno_hooks("me", "c").any().value;
        assert_eq!(sent, [0x0a, 1, b'c', 0x12, 2, b'm', b'e']);
        let sent = neutron_hooks("g", "c").any().value;
        assert_eq!(
            sent,
            [
                0x0a, 1, b'g', 0x12, 15, 0x12, 1, b'c', 0x1a, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
            ]
        );
    }
}
