//! Coins that arrive by ICS-20, as the callbacks middleware reports them.
//!
//! The call comes after the coins are credited and runs with a limit of gas, so the arrival is recorded
//! and nothing more. An error is a refusal: the chain takes the coins back and the sender is refunded.
//! Everything that is not exactly what a registered consumer sends is refused.

use ccv::ack::{self, Ack};
use ccv::denom::DenomTrace;
use ccv::memo::{Expect, Purpose, TransferMemo};
use ccv::transfer::{self, TransferData};
use chain_types::text::head;
use cosmwasm_std::{
    Coin, DepsMut, Env, Event, IbcBasicResponse, IbcDestinationCallbackMsg, IbcTransferCallback,
    QuerierWrapper, Storage, Uint128,
};
use distribution_math::{Coins, MathError};
use pool_kit::compact::CompactMap;
use pool_kit::events::action;
use pool_kit::ledger::Class;

use crate::ContractError;
use crate::channel::open_channel;
use crate::ledger::{self, coin};
use crate::packets::{assert_accepts, waiting};
use crate::peers::SENDERS;
use crate::state::{self, Consumer};
use crate::unit::{Tokens, Unit};
use crate::units::{self, MAX_WAITING, Stream, UnitKey};

/// The nonce of the last probe that arrived, by consumer.
pub const PROBES: CompactMap<&str, u32> = CompactMap::new("probes");

/// Coins that a consumer sent.
struct Arrival {
    consumer: String,
    /// The denom, as the consumer names it.
    denom: String,
    tokens: Tokens,
    memo: TransferMemo,
}

/// Records an arrival.
pub fn arrived(
    deps: DepsMut,
    env: Env,
    msg: IbcDestinationCallbackMsg,
) -> Result<IbcBasicResponse, ContractError> {
    let arrival = check(deps.storage, &deps.querier, &env, &msg)?;
    let held = deps
        .querier
        .query_balance(&env.contract.address, &arrival.tokens.denom)?;
    credit(deps.storage, &arrival.tokens, &held)?;
    let event = match &arrival.memo.purpose {
        Purpose::CcvDistribution {
            epoch,
            denom,
            attempt,
        } => {
            if denom.as_str() != arrival.denom {
                return Err(ContractError::OtherDenom {
                    memo: denom.to_string(),
                    packet: arrival.denom,
                });
            }
            let event = record_unit(deps.storage, &arrival, *epoch)?;
            event.add_attribute("attempt", attempt.to_string())
        }
        Purpose::CcvProbe { nonce, expect } => {
            record_probe(deps.storage, &arrival, *nonce, *expect)?
        }
    };
    let amount = coin(arrival.tokens.amount, &arrival.tokens.denom);
    let event = event.add_attribute("amount", amount.to_string());
    Ok(IbcBasicResponse::new().add_event(event))
}

/// Passes coins of a registered consumer, sent to this contract over its own channel.
fn check(
    storage: &dyn Storage,
    querier: &QuerierWrapper,
    env: &Env,
    msg: &IbcDestinationCallbackMsg,
) -> Result<Arrival, ContractError> {
    let packet = &msg.packet;
    if packet.src.port_id != transfer::PORT || packet.dest.port_id != transfer::PORT {
        return Err(ContractError::OtherPort {
            source_port: packet.src.port_id.clone(),
            destination_port: packet.dest.port_id.clone(),
        });
    }
    if !matches!(ack::read_transfer_ack(&msg.ack.data), Ack::Success(())) {
        return Err(ContractError::TransferFailed);
    }
    let data = TransferData::read(&packet.data)?;
    let channel_id = packet.dest.channel_id.as_str();
    let Some(id) = SENDERS.may_load(storage, (channel_id, &data.sender))? else {
        return Err(ContractError::UnknownSender {
            sender: head(&data.sender, 128).to_string(),
            channel_id: channel_id.to_string(),
        });
    };
    let consumer = state::consumer(storage, &id)?;
    check_connection(querier, channel_id, &consumer)?;
    let this = env.contract.address.as_str();
    if data.receiver != this {
        return Err(ContractError::OtherReceiver {
            receiver: head(&data.receiver, 128).to_string(),
        });
    }
    let trace = DenomTrace::read(&data.denom)?;
    let denom = trace.local_denom();
    assert_accepts(&consumer, &id, &denom)?;
    // A consumer that is registered anew may count weights as acknowledged that were deleted with its
    // former registration. It sends them again over its new channel, and its coins after them.
    if consumer.channel_id.is_none() {
        return Err(ContractError::NoChannel { consumer: id });
    }
    let memo = TransferMemo::read(&data.memo)?;
    let called = (
        memo.src_callback.address.as_str(),
        memo.dest_callback.address.as_str(),
    );
    if called != (data.sender.as_str(), this) {
        return Err(ContractError::OtherCallbacks);
    }
    let local_denom = trace.received(&packet.src, &packet.dest).local_denom();
    let amount = Uint128::try_from(data.amount).map_err(|_| MathError::CoinsBound {
        amount: data.amount,
    })?;
    let tokens = Tokens {
        denom: local_denom,
        amount: Coins::new(amount.u128()),
    };
    check_transfer(msg.transfer.as_ref(), &data, &tokens)?;
    Ok(Arrival {
        consumer: id,
        denom,
        tokens,
        memo,
    })
}

/// The transfer channel must be one to the consumer's chain: a channel of another chain can have a
/// sender of the same name.
fn check_connection(
    querier: &QuerierWrapper,
    channel_id: &str,
    consumer: &Consumer,
) -> Result<(), ContractError> {
    let channel = open_channel(querier, channel_id, Some(transfer::PORT))?;
    let connection_id = channel.map(|channel| channel.connection_id);
    if connection_id.as_deref() != Some(consumer.transfer_connection()) {
        return Err(ContractError::OtherConnection {
            channel_id: channel_id.to_string(),
            connection_id: connection_id.unwrap_or_else(|| "none".to_string()),
            expected: consumer.transfer_connection().to_string(),
        });
    }
    Ok(())
}

/// What the chain itself says of the transfer, where it does, must agree with the packet.
fn check_transfer(
    transfer: Option<&IbcTransferCallback>,
    data: &TransferData,
    tokens: &Tokens,
) -> Result<(), ContractError> {
    let Some(transfer) = transfer else {
        return Ok(());
    };
    let funds = [coin(tokens.amount, &tokens.denom)];
    let agrees = transfer.sender == data.sender
        && transfer.receiver.as_str() == data.receiver
        && transfer.funds == funds;
    match agrees {
        true => Ok(()),
        false => Err(ContractError::OtherTransfer),
    }
}

/// Counts coins as received, if they are in the balance beside everything that is owed.
fn credit(storage: &mut dyn Storage, tokens: &Tokens, held: &Coin) -> Result<(), ContractError> {
    let mut ledger = ledger::load(storage, &tokens.denom)?;
    let amount = coin(tokens.amount, &tokens.denom).amount;
    if ledger.undistributed(held.amount)?.total() < amount {
        return Err(ContractError::NotCredited {
            amount: coin(tokens.amount, &tokens.denom),
            balance: held.amount,
        });
    }
    let points = ledger.receive(amount)?;
    ledger.allocate(Class::Outstanding, points)?;
    ledger::save(storage, &tokens.denom, &ledger)
}

fn record_unit(
    storage: &mut dyn Storage,
    arrival: &Arrival,
    epoch: u32,
) -> Result<Event, ContractError> {
    let id = arrival.consumer.as_str();
    let key = UnitKey {
        consumer: id,
        denom: &arrival.denom,
        epoch,
    };
    let mut stream = Stream::load(storage, id, key.denom)?;
    if let Some(last) = stream.last_arrived.filter(|last| epoch <= *last) {
        return Err(ContractError::OutOfDate {
            number: epoch,
            last,
        });
    }
    // Weights of this epoch were dropped, or would be: nobody could divide the coins.
    if let Some(later) = stream.weights_only.filter(|later| *later > epoch) {
        return Err(ContractError::WeightsReplaced { epoch, later });
    }
    if stream.waiting >= MAX_WAITING {
        return Err(ContractError::TooManyWaiting {
            consumer: id.to_string(),
            denom: arrival.denom.clone(),
            limit: MAX_WAITING,
        });
    }
    // Coins of an earlier epoch cannot come any more, so its weights are of no use.
    if stream.weights_only != Some(epoch) {
        stream.remove_weights_only(storage, id, key.denom);
    }
    stream.weights_only = None;
    stream.last_arrived = Some(epoch);
    stream.waiting = stream.waiting.saturating_add(1);
    stream.set_local_denom(&arrival.tokens.denom)?;
    stream.save(storage, id, key.denom)?;

    let mut unit = waiting(storage, key)?;
    unit.add_tokens(arrival.tokens.clone());
    key.save(storage, &Unit::Waiting(unit))?;
    Ok(action("arrival")
        .add_attribute("consumer", id)
        .add_attribute("epoch", epoch.to_string())
        .add_attribute("denom", key.denom))
}

/// A probe's coins join the carry of their denom; the other probe must be refused.
fn record_probe(
    storage: &mut dyn Storage,
    arrival: &Arrival,
    nonce: u32,
    expect: Expect,
) -> Result<Event, ContractError> {
    let id = arrival.consumer.as_str();
    if expect == Expect::Refusal {
        return Err(ContractError::ProbeRefused { nonce });
    }
    let last = PROBES.may_load(storage, id)?;
    if let Some(last) = last.filter(|last| nonce <= *last) {
        return Err(ContractError::OutOfDate {
            number: nonce,
            last,
        });
    }
    PROBES.save(storage, id, &nonce)?;
    let mut stream = Stream::load(storage, id, &arrival.denom)?;
    stream.set_local_denom(&arrival.tokens.denom)?;
    stream.save(storage, id, &arrival.denom)?;
    units::add_carry(storage, id, &arrival.tokens)?;
    Ok(action("probe")
        .add_attribute("consumer", id)
        .add_attribute("nonce", nonce.to_string()))
}
