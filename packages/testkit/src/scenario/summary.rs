//! A step in a few words, for tables.

use cosmwasm_std::Coin;
use serde_json::Value;

use super::{Action, ChannelPort};

impl Action {
    /// What the step does in a few words, without its kind: `pool withdraw by alice`.
    #[must_use]
    pub fn summary(&self) -> String {
        match self {
            Self::Instantiate(it) => format!("{} of {} by {}", it.name, it.code, it.sender),
            Self::Execute(it) => {
                let funds = if it.funds.is_empty() {
                    String::new()
                } else {
                    format!(" with {}", listed(&it.funds))
                };
                format!(
                    "{} {} by {}{funds}",
                    it.contract,
                    message_name(&it.msg),
                    it.sender
                )
            }
            Self::Sudo(it) => format!("{} {}", it.contract, message_name(&it.msg)),
            Self::Query(it) => format!("{} {}", it.contract, message_name(&it.msg)),
            Self::Migrate(it) => format!("{} to {} by {}", it.contract, it.code, it.sender),
            Self::Send(it) => format!("{} from {} to {}", listed(&it.amount), it.from, it.to),
            Self::Balance(it) => format!("{} of {}", it.denom, it.of),
            Self::Advance(it) if it.blocks == 1 => format!("1 block, {} s", it.seconds),
            Self::Advance(it) => format!("{} blocks, {} s", it.blocks, it.seconds),
            Self::Validator(it) if it.exists => format!("{} exists", it.name),
            Self::Validator(it) => format!("{} does not exist", it.name),
            Self::Delegation(it) => {
                format!("{} from {} to {}", it.amount, it.delegator, it.validator)
            }
            Self::BlockAccount(it) if it.blocked => format!("{} receives nothing", it.name),
            Self::BlockAccount(it) => format!("{} receives again", it.name),
            Self::HookDenom(it) => {
                format!(
                    "{} calls {} {}",
                    it.denom,
                    it.contract,
                    message_name(&it.msg)
                )
            }
            Self::Connect(it) => format!("{} with {}", it.a, it.b),
            Self::TransferChannel(it) => format!("from {} to {}", it.a, it.b),
            Self::OpenChannel(it) => format!("from {} to {}", at(&it.a), at(&it.b)),
            Self::Transfer(it) => format!("{} from {} to {}", it.amount, it.from, it.to),
            Self::Relay(it) => {
                let how = serde_json::to_string(it).unwrap_or_default();
                if how == "{}" {
                    "what waits".to_owned()
                } else {
                    how
                }
            }
            Self::ExpireClient(it) => format!("those of {}", it.chain),
            Self::CloseChannel(it) => format!("{} of {}", it.channel, at(&it.end())),
        }
    }
}

/// `hub/pool`, or `hub/transfer`.
fn at(end: &ChannelPort) -> String {
    let name = end.contract.as_ref().or(end.port.as_ref());
    format!("{}/{}", end.chain, name.map_or("", String::as_str))
}

fn listed(coins: &[Coin]) -> String {
    coins
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

/// The key of a message of the usual shape `{"withdraw": {..}}`, else the message.
fn message_name(msg: &Value) -> String {
    let only_key = msg
        .as_object()
        .filter(|it| it.len() == 1)
        .and_then(|it| it.keys().next());
    only_key.cloned().unwrap_or_else(|| msg.to_string())
}
