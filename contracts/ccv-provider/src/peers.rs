//! By what packets and coins find their consumer.

use ccv::name::Name;
use cosmwasm_std::Storage;
use cw_storage_plus::Map;

use crate::ContractError;
use crate::state::Consumer;

/// Ids of consumers by connection and port of their end of the CCV channel.
pub const PEERS: Map<(&str, &str), String> = Map::new("peers");
/// Ids of consumers by transfer channel and sender.
pub const SENDERS: Map<(&str, &str), String> = Map::new("senders");

/// Lets packets and coins find the consumer. Two consumers cannot have the same peer or sender.
///
/// # Errors
/// For names that are no parts of a key, and [`ContractError::PeerTaken`].
pub fn index(
    storage: &mut dyn Storage,
    id: &str,
    consumer: &Consumer,
) -> Result<(), ContractError> {
    let peer = (consumer.connection_id.as_str(), consumer.port_id.as_str());
    let sender = (
        consumer.transfer_channel.as_str(),
        consumer.contract.as_str(),
    );
    for name in [
        peer.0,
        peer.1,
        sender.0,
        sender.1,
        consumer.transfer_connection(),
    ] {
        Name::new(name)?;
    }
    let taken = PEERS
        .may_load(storage, peer)?
        .or(SENDERS.may_load(storage, sender)?);
    if let Some(other) = taken {
        return Err(ContractError::PeerTaken { consumer: other });
    }
    PEERS.save(storage, peer, &id.to_string())?;
    Ok(SENDERS.save(storage, sender, &id.to_string())?)
}

/// Lets nothing find the consumer any more under its peer and sender.
pub fn unindex(storage: &mut dyn Storage, consumer: &Consumer) {
    PEERS.remove(storage, (&consumer.connection_id, &consumer.port_id));
    SENDERS.remove(storage, (&consumer.transfer_channel, &consumer.contract));
}
