//! Questions to the chain's bank module.

use cosmwasm_std::{Coin, QuerierWrapper, StdError, StdResult, Uint256};
use serde::Serialize;

use crate::chain_query::ask;
use crate::json::ReadJson;

/// What an account has of a denom.
///
/// # Errors
/// When the bank does not answer.
///
/// ```
/// use cosmwasm_std::testing::MockQuerier;
/// use cosmwasm_std::{QuerierWrapper, Uint256, coins};
/// use interfaces::bank_query::balance;
///
/// let querier: MockQuerier = MockQuerier::new(&[("alice", &coins(5, "ujuno"))]);
/// let querier = QuerierWrapper::new(&querier);
/// assert_eq!(balance(&querier, "alice", "ujuno").unwrap(), Uint256::new(5));
/// assert_eq!(balance(&querier, "bob", "ujuno").unwrap(), Uint256::zero());
/// ```
pub fn balance(querier: &QuerierWrapper<'_>, address: &str, denom: &str) -> StdResult<Uint256> {
    let question = ChainQuery::Bank(BankQuery::Balance { address, denom });
    let answer: Answer = ask(querier, &question)
        .map_err(|reason| StdError::msg(format_args!("the bank gave no balance: {reason}")))?;
    Ok(answer.amount.amount)
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ChainQuery<'a> {
    Bank(BankQuery<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum BankQuery<'a> {
    Balance { address: &'a str, denom: &'a str },
}

#[derive(ReadJson)]
struct Answer {
    amount: Coin,
}
