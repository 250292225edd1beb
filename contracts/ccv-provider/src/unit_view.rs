//! A unit as queries show it: where it is and what it waits for.

use ccv::qualification::Qualification;
use cosmwasm_std::{Coin, Storage, Uint128};

use crate::ContractError;
use crate::answers::{EntryPlace, UnitResponse, UnitState, WaitingFor};
use crate::ledger;
use crate::unit::{Division, Place, Tokens, Unit, Waiting};
use crate::units::{self, UnitKey};

/// A unit as queries show it.
pub fn show(
    storage: &dyn Storage,
    key: UnitKey,
    unit: Unit,
) -> Result<UnitResponse, ContractError> {
    let answer = |state| UnitResponse {
        consumer: key.consumer.to_string(),
        epoch: key.epoch,
        denom: key.denom.to_string(),
        state,
        waiting_for: vec![WaitingFor::Process {}],
        tokens: None,
        total_weight: None,
        qualified_total_weight: None,
        disqualified_pool: None,
        cursor: None,
        paid: Uint128::zero(),
    };
    match unit {
        Unit::Waiting(unit) => show_waiting(storage, key, &unit, answer(UnitState::Waiting)),
        Unit::Qualifying(pass) => show_division(pass.division(), answer(UnitState::Qualifying)),
        Unit::Paying(pass) => show_division(
            pass.division(),
            UnitResponse {
                paid: Uint128::new(pass.paid().amount()),
                ..answer(UnitState::Paying)
            },
        ),
    }
}

fn show_waiting(
    storage: &dyn Storage,
    key: UnitKey,
    unit: &Waiting,
    answer: UnitResponse,
) -> Result<UnitResponse, ContractError> {
    let assembly = key.assembly(storage)?;
    let mut waiting_for = Vec::new();
    if unit.weights().is_none() {
        let missing = assembly.as_ref().map(|assembly| assembly.missing());
        waiting_for.push(WaitingFor::Weights {
            missing_chunks: missing.unwrap_or_default(),
        });
    }
    if unit.tokens().is_none() {
        waiting_for.push(WaitingFor::Tokens {});
    }
    let first = units::first_epoch(storage, key.consumer, key.denom)?;
    if let Some(epoch) = first.filter(|first| *first < key.epoch) {
        waiting_for.push(WaitingFor::EarlierUnit { epoch });
    }
    if waiting_for.is_empty() {
        waiting_for.push(WaitingFor::Process {});
    }
    Ok(UnitResponse {
        waiting_for,
        tokens: unit.tokens().map(coin),
        total_weight: assembly.map(|assembly| assembly.header().total.value()),
        ..answer
    })
}

fn show_division(division: &Division, answer: UnitResponse) -> Result<UnitResponse, ContractError> {
    let Place { chunk, entry } = division.place();
    let counted: &Qualification = division.qualification();
    let disqualified = counted.disqualified_pool(division.tokens().amount.amount())?;
    Ok(UnitResponse {
        tokens: Some(coin(division.tokens())),
        total_weight: Some(counted.total().value()),
        qualified_total_weight: Some(counted.qualified().value()),
        disqualified_pool: Some(Uint128::new(disqualified)),
        cursor: Some(EntryPlace { chunk, entry }),
        ..answer
    })
}

fn coin(tokens: &Tokens) -> Coin {
    ledger::coin(tokens.amount, &tokens.denom)
}
