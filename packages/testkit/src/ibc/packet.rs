//! Packets of one chain: sent, received, acknowledged, timed out.
//!
//! What ibc-go proves of the other chain is here the caller's word: see [`crate::wire`].

use cosmwasm_std::{
    Binary, BlockInfo, IbcEndpoint, IbcPacket, IbcTimeout, StdError, StdResult, Storage, Timestamp,
};

use super::state::{
    ACKS, ChannelState, RECEIPTS, SENT, SENT_COUNT, SentPacket, channel, connection, count,
    received_key, save_channel, sent_key,
};

/// Sends a packet, and returns its sequence.
///
/// # Errors
/// When the channel is not open, its client has expired, or the packet's timeout has passed on the
/// other chain as far as the client knows.
pub fn send(
    storage: &mut dyn Storage,
    from: IbcEndpoint,
    timeout: IbcTimeout,
    data: Binary,
) -> StdResult<u64> {
    let mut end = channel(storage, &from)?;
    end.must_be_open()?;
    if data.is_empty() {
        return Err(StdError::msg(
            "packet data bytes cannot be empty: invalid packet",
        ));
    }
    let client = connection(storage, &end.connection)?.client;
    if client.expired {
        return Err(StdError::msg(format!(
            "cannot send packet using client ({}) with status {}: client state is not active",
            client.id,
            client.status()
        )));
    }
    if let Some(passed) = elapsed(&timeout, client.height, client.time) {
        return Err(StdError::msg(format!("invalid packet timeout: {passed}")));
    }
    let sequence = end.next_send;
    end.next_send = sequence.saturating_add(1);
    save_channel(storage, &from, &end)?;
    let packet = IbcPacket::new(data, from, end.counterparty, sequence, timeout);
    let number = count(storage, &SENT_COUNT)?;
    SENT.save(
        storage,
        sent_key(&packet),
        &SentPacket {
            number,
            packet: packet.clone(),
        },
    )?;
    Ok(sequence)
}

/// Whether a chain takes a packet.
pub enum Reception {
    /// It is new.
    New,
    /// It was received before: nothing happens.
    NoOp,
}

/// Marks a packet as received, before its application gets it.
///
/// # Errors
/// When the channel is not open, the packet's timeout has passed here, or it is not the next one of
/// an ordered channel.
pub fn receive(
    storage: &mut dyn Storage,
    block: &BlockInfo,
    packet: &IbcPacket,
) -> StdResult<Reception> {
    let mut end = channel(storage, &packet.dest)?;
    end.must_be_open()?;
    active(storage, &end.connection)?;
    if let Some(passed) = elapsed(&packet.timeout, block.height, block.time) {
        return Err(StdError::msg(format!("packet timeout elapsed: {passed}")));
    }
    if is_received(storage, packet)? {
        return Ok(Reception::NoOp);
    }
    if end.is_ordered() {
        if packet.sequence != end.next_receive {
            return Err(StdError::msg(format!(
                "packet sequence ≠ next receive sequence ({} ≠ {}): packet sequence is out of order",
                packet.sequence, end.next_receive
            )));
        }
        end.next_receive = end.next_receive.saturating_add(1);
        save_channel(storage, &packet.dest, &end)?;
    } else {
        RECEIPTS.save(storage, received_key(packet), &true)?;
    }
    Ok(Reception::New)
}

/// Whether a chain has received a packet.
///
/// # Errors
/// When it has no such channel.
pub fn is_received(storage: &dyn Storage, packet: &IbcPacket) -> StdResult<bool> {
    let end = channel(storage, &packet.dest)?;
    Ok(if end.is_ordered() {
        packet.sequence < end.next_receive
    } else {
        RECEIPTS.has(storage, received_key(packet))
    })
}

/// Writes the acknowledgement of a packet.
///
/// # Errors
/// When it is empty.
pub fn write_ack(storage: &mut dyn Storage, packet: &IbcPacket, ack: &Binary) -> StdResult<()> {
    if ack.is_empty() {
        return Err(StdError::msg(
            "acknowledgement cannot be empty: invalid acknowledgement",
        ));
    }
    ACKS.save(storage, received_key(packet), ack)
}

/// Takes a packet as acknowledged, before its application gets to know.
///
/// # Errors
/// When the channel is not open, or it is not the next one of an ordered channel.
pub fn acknowledge(storage: &mut dyn Storage, packet: &IbcPacket, ack: &Binary) -> StdResult<()> {
    let mut end = channel(storage, &packet.src)?;
    end.must_be_open()?;
    active(storage, &end.connection)?;
    super::ack::must_be_canonical(ack)?;
    if end.is_ordered() {
        if packet.sequence != end.next_ack {
            return Err(StdError::msg(format!(
                "packet sequence ≠ next ack sequence ({} ≠ {}): packet sequence is out of order",
                packet.sequence, end.next_ack
            )));
        }
        end.next_ack = end.next_ack.saturating_add(1);
        save_channel(storage, &packet.src, &end)?;
    }
    SENT.remove(storage, sent_key(packet));
    Ok(())
}

/// Takes a packet as timed out, before its application gets to know. An ordered channel is closed.
///
/// # Errors
/// When the client has expired.
pub fn time_out(storage: &mut dyn Storage, packet: &IbcPacket) -> StdResult<()> {
    let mut end = channel(storage, &packet.src)?;
    active(storage, &end.connection)?;
    SENT.remove(storage, sent_key(packet));
    if end.is_ordered() {
        end.state = ChannelState::Closed;
        save_channel(storage, &packet.src, &end)?;
    }
    Ok(())
}

/// Refuses a connection whose client can prove nothing any more.
///
/// # Errors
/// When it has expired.
pub fn active(storage: &dyn Storage, connection_id: &str) -> StdResult<()> {
    let client = connection(storage, connection_id)?.client;
    if client.expired {
        return Err(StdError::msg(format!(
            "client ({}) status is {}: client state is not active",
            client.id,
            client.status()
        )));
    }
    Ok(())
}

/// What says that a timeout has passed at this height and time, if it has.
pub fn elapsed(timeout: &IbcTimeout, height: u64, time: Timestamp) -> Option<String> {
    // Every chain here is in its first revision.
    let block = timeout.block().filter(|block| !block.is_zero());
    if let Some(block) = block
        && (block.revision, block.height) <= (1, height)
    {
        return Some(format!(
            "current height: 1-{height}, timeout height {}-{}: timeout elapsed",
            block.revision, block.height
        ));
    }
    let timestamp = timeout.timestamp().filter(|it| it.nanos() != 0)?;
    (time >= timestamp).then(|| {
        format!(
            "current timestamp: {}, timeout timestamp {}: timeout elapsed",
            time.nanos(),
            timestamp.nanos()
        )
    })
}
