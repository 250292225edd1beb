//! Messages, queries and answers, as those of cw20-base read.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Binary, Uint128};

/// Makes the token.
#[cw_serde]
pub struct InstantiateMsg {
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Decimal places of a whole token.
    pub decimals: u8,
    /// Who has how much at the start, each account once.
    pub initial_balances: Vec<InitialBalance>,
    /// Who may make more. Default: nobody.
    pub mint: Option<Minter>,
}

/// What an account has at the start.
#[cw_serde]
pub struct InitialBalance {
    /// The account.
    pub address: String,
    /// How much.
    pub amount: Uint128,
}

/// Who may make more tokens.
#[cw_serde]
pub struct Minter {
    /// The account.
    pub minter: String,
    /// The most that there may ever be at once. Default: no limit.
    pub cap: Option<Uint128>,
}

/// Messages.
#[cw_serde]
pub enum ExecuteMsg {
    /// Moves tokens of the sender.
    Transfer {
        /// Who gets them.
        recipient: String,
        /// How much, not 0.
        amount: Uint128,
    },
    /// Destroys tokens of the sender.
    Burn {
        /// How much, not 0.
        amount: Uint128,
    },
    /// Moves tokens of the sender to a contract, and calls its `receive`.
    Send {
        /// The contract.
        contract: String,
        /// How much, not 0.
        amount: Uint128,
        /// What they are for.
        msg: Binary,
    },
    /// Minter: makes tokens.
    Mint {
        /// Who gets them.
        recipient: String,
        /// How much, not 0.
        amount: Uint128,
    },
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What an account has.
    #[returns(BalanceResponse)]
    Balance {
        /// The account.
        address: String,
    },
    /// What the token is called and how much there is.
    #[returns(TokenInfoResponse)]
    TokenInfo {},
    /// Who may make more, and how much; `null` when nobody may.
    #[returns(Option<Minter>)]
    Minter {},
}

/// What an account has.
#[cw_serde]
pub struct BalanceResponse {
    /// How much.
    pub balance: Uint128,
}

/// What the token is called and how much there is.
#[cw_serde]
pub struct TokenInfoResponse {
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Decimal places of a whole token.
    pub decimals: u8,
    /// What all accounts have together.
    pub total_supply: Uint128,
}

/// What the contract is told to which tokens were sent, in `receive`.
#[cw_serde]
pub(crate) enum ReceiverMsg {
    /// Tokens came.
    Receive {
        /// Whose they were.
        sender: String,
        /// How much.
        amount: Uint128,
        /// What they are for.
        msg: Binary,
    },
}
