//! Plays the steps between chains.

use cosmwasm_std::{IbcMsg, Timestamp};
use cw_multi_test::AppResponse;

use super::outcome::contract_events;
use super::resolve_between::{Between, NewTransfer};
use super::{RelayedMessage, StepResult};
use crate::chain::{ChainError, ChainResult};
use crate::wire::{Connected, End, Opened, Wire};

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// Does what a step between chains says.
pub(super) fn perform_between(wire: &mut Wire, step: Between) -> ChainResult<StepResult> {
    match step {
        Between::Connect { a, b } => {
            let Connected { a, b } = wire.connect(&a, &b)?;
            Ok(StepResult::Connected { a, b })
        }
        Between::Open(new) => {
            let Opened {
                a,
                b,
                version,
                events,
            } = wire.open(&new)?;
            Ok(StepResult::Opened {
                a: a.endpoint.channel_id,
                b: b.endpoint.channel_id,
                version,
                events: contract_events(events),
            })
        }
        Between::Transfer(transfer) => send(wire, transfer),
        Between::Relay(how) => {
            let relayed = wire.relay(&how)?;
            let relayed = relayed.into_iter().map(RelayedMessage::from).collect();
            Ok(StepResult::Relayed { relayed })
        }
        Between::Expire { chain } => {
            wire.expire(&chain)?;
            Ok(StepResult::Done {})
        }
        Between::Close(end) => {
            let events = wire.close(&end)?;
            let data = None;
            Ok(StepResult::Transaction(AppResponse { events, data }.into()))
        }
    }
}

fn send(wire: &mut Wire, transfer: NewTransfer) -> ChainResult<StepResult> {
    let end = match transfer.channel {
        Some(channel) => End::transfer(&transfer.from_chain).channel(channel),
        None => wire.newest_transfer(&transfer.from_chain, &transfer.to_chain)?,
    };
    let channel = end.endpoint.channel_id.clone();
    let chain = wire.chain_mut(&transfer.from_chain)?;
    let too_long = || ChainError::new("the timeout would pass 64 bits");
    let now = chain.block().time.nanos();
    let timeout = transfer
        .timeout_seconds
        .checked_mul(NANOS_PER_SECOND)
        .and_then(|nanos| now.checked_add(nanos))
        .ok_or_else(too_long)?;
    let message = IbcMsg::Transfer {
        channel_id: channel.clone(),
        to_address: transfer.to.into_string(),
        amount: transfer.coin,
        timeout: Timestamp::from_nanos(timeout).into(),
        memo: Some(transfer.memo),
    };
    let sent = chain.transact(&transfer.from, message)?;
    Ok(StepResult::Sent {
        sequence: wire.last_sequence(&end)?,
        channel,
        transaction: AppResponse { data: None, ..sent }.into(),
    })
}
