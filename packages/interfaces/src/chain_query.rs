//! Questions to the chain, as JSON. The types of cosmwasm-std would bring the writers and readers of
//! every other question along.

use cosmwasm_std::{ContractResult, QuerierWrapper, SystemResult};
use serde::Serialize;

use crate::json::{self, ReadJson};

/// Asks, and reads the answer.
///
/// # Errors
/// What came instead of such an answer.
pub(crate) fn ask<T: ReadJson>(
    querier: &QuerierWrapper<'_>,
    question: &impl Serialize,
) -> Result<T, String> {
    let question = json::to_binary(question).map_err(|error| error.to_string())?;
    let answer = answer(querier, &question)?;
    json::read(&answer).map_err(|error| error.to_string())
}

#[inline(never)]
fn answer(querier: &QuerierWrapper<'_>, question: &[u8]) -> Result<Vec<u8>, String> {
    match querier.raw_query(question) {
        SystemResult::Ok(ContractResult::Ok(answer)) => Ok(answer.into()),
        SystemResult::Ok(ContractResult::Err(error)) => Err(error),
        SystemResult::Err(error) => Err(error.to_string()),
    }
}
