//! What a step can do.

use cosmwasm_std::{Coin, Decimal, Uint256};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::between::{CloseChannel, Connect, ExpireClient, OpenChannel, Transfer, TransferChannel};
use super::coins;
use crate::wire::Relay;

/// What a step does. The [module](super) describes each body and result.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes a contract.
    Instantiate(Instantiate),
    /// Sends a message to a contract.
    Execute(Execute),
    /// Calls a contract as the chain itself.
    Sudo(Sudo),
    /// Asks a contract.
    Query(Query),
    /// Replaces a contract's code.
    Migrate(Migrate),
    /// Moves coins.
    Send(Send),
    /// Asks what somebody has.
    Balance(Balance),
    /// Lets blocks and time pass.
    Advance(Advance),
    /// Sets what staking says about a validator.
    Validator(Validator),
    /// Sets what staking says about a delegation.
    Delegation(Delegation),
    /// Makes the bank refuse what is sent to somebody, or take it again.
    BlockAccount(BlockAccount),
    /// Makes the bank call a contract before it sends a denom.
    HookDenom(HookDenom),
    /// Makes light clients and a connection.
    Connect(Connect),
    /// Opens a channel between transfer modules.
    TransferChannel(TransferChannel),
    /// Opens a channel between contracts.
    OpenChannel(OpenChannel),
    /// Sends coins to another chain.
    Transfer(Transfer),
    /// Takes packets and what follows from chain to chain.
    Relay(Relay),
    /// Lets the light clients of a chain expire.
    ExpireClient(ExpireClient),
    /// Closes an end of a channel.
    CloseChannel(CloseChannel),
}

/// Makes a contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instantiate {
    /// What later steps call it; also its label.
    pub name: String,
    /// The name of the code.
    pub code: String,
    /// Who does it.
    pub sender: String,
    /// The message.
    pub msg: Value,
    /// What the sender pays along.
    #[serde(with = "coins::list", default, skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<Coin>,
    /// Who may migrate it.
    #[serde(
        default,
        deserialize_with = "admin",
        skip_serializing_if = "Option::is_none"
    )]
    pub admin: Option<String>,
}

/// Sends a message to a contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Execute {
    /// The contract.
    pub contract: String,
    /// Who does it.
    pub sender: String,
    /// The message.
    pub msg: Value,
    /// What the sender pays along.
    #[serde(with = "coins::list", default, skip_serializing_if = "Vec::is_empty")]
    pub funds: Vec<Coin>,
}

/// Calls a contract as the chain itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sudo {
    /// The contract.
    pub contract: String,
    /// The message, any JSON.
    pub msg: Value,
}

/// Asks a contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The contract.
    pub contract: String,
    /// The message.
    pub msg: Value,
}

/// Replaces a contract's code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migrate {
    /// The contract.
    pub contract: String,
    /// The name of the new code.
    pub code: String,
    /// Who does it: the contract's admin.
    pub sender: String,
    /// The message.
    pub msg: Value,
}

/// Moves coins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Who pays.
    pub from: String,
    /// Who receives, an account or a contract.
    pub to: String,
    /// How much.
    #[serde(with = "coins::list")]
    pub amount: Vec<Coin>,
}

/// Asks what somebody has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balance {
    /// An account or a contract.
    pub of: String,
    /// Of which denom.
    pub denom: String,
}

/// Lets blocks and time pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "AdvanceText")]
pub struct Advance {
    /// How many blocks, at least 1.
    pub blocks: u64,
    /// How many seconds in all.
    pub seconds: u64,
}

/// Seconds of a block when a step does not say how long it takes.
const SECONDS_PER_BLOCK: u64 = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceText {
    #[serde(default = "one")]
    blocks: u64,
    seconds: Option<u64>,
}

fn one() -> u64 {
    1
}

impl From<AdvanceText> for Advance {
    fn from(AdvanceText { blocks, seconds }: AdvanceText) -> Self {
        let seconds = seconds.unwrap_or_else(|| blocks.saturating_mul(SECONDS_PER_BLOCK));
        Self { blocks, seconds }
    }
}

/// Sets what staking says about a validator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// The account name of the operator.
    pub name: String,
    /// Whether staking knows it.
    pub exists: bool,
    /// The commission rate in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commission: Option<Decimal>,
    /// What the rate may never pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_commission: Option<Decimal>,
    /// How much the rate may rise in a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_change_rate: Option<Decimal>,
}

/// Sets what staking says about a delegation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    /// The account that delegates.
    pub delegator: String,
    /// The account name of the operator.
    pub validator: String,
    /// How many tokens, 0 for no delegation.
    pub amount: Uint256,
}

/// Makes the bank refuse what is sent to somebody, or take it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockAccount {
    /// An account or a contract.
    pub name: String,
    /// Whether it is refused from now on.
    pub blocked: bool,
}

/// Makes the bank call a contract before it sends a denom; replaces the denom's hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookDenom {
    /// The denom, one that begins with `factory/`.
    pub denom: String,
    /// The contract.
    pub contract: String,
    /// The `execute` message.
    pub msg: Value,
}

impl Action {
    /// The key of the step that says what it does.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Instantiate(_) => "instantiate",
            Self::Execute(_) => "execute",
            Self::Sudo(_) => "sudo",
            Self::Query(_) => "query",
            Self::Migrate(_) => "migrate",
            Self::Send(_) => "send",
            Self::Balance(_) => "balance",
            Self::Advance(_) => "advance",
            Self::Validator(_) => "validator",
            Self::Delegation(_) => "delegation",
            Self::BlockAccount(_) => "block_account",
            Self::HookDenom(_) => "hook_denom",
            Self::Connect(_) => "connect",
            Self::TransferChannel(_) => "transfer_channel",
            Self::OpenChannel(_) => "open_channel",
            Self::Transfer(_) => "transfer",
            Self::Relay(_) => "relay",
            Self::ExpireClient(_) => "expire_client",
            Self::CloseChannel(_) => "close_channel",
        }
    }

    /// The chain under which a step between chains is reported, empty for all of them; `None` for a
    /// step of one chain, which the step names.
    #[must_use]
    pub fn chain_between(&self) -> Option<&str> {
        match self {
            Self::Connect(it) => Some(&it.a),
            Self::TransferChannel(it) => Some(&it.a),
            Self::OpenChannel(it) => Some(&it.a.chain),
            Self::Relay(_) => Some(""),
            Self::ExpireClient(it) => Some(&it.chain),
            Self::CloseChannel(it) => Some(&it.chain),
            _ => None,
        }
    }
}

/// An admin is written as a name or, since it looks like a part of a message, as `@name`.
fn admin<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| text.strip_prefix('@').map(str::to_owned).unwrap_or(text)))
}
