//! A plain cw20 token for tests and scenario files, where it is called `cw20`.
//!
//! Its JSON is that of cw20-base, as far as contracts and their users need it: instantiation with
//! balances and a minter, `transfer`, `burn`, `send` and `mint`, `balance`, `token_info` and `minter`.
//! There are no allowances, no lists and no marketing. Amounts are base units.

mod contract;
mod msg;

pub use contract::{execute, instantiate, query};
pub use msg::{
    BalanceResponse, ExecuteMsg, InitialBalance, InstantiateMsg, Minter, QueryMsg,
    TokenInfoResponse,
};
