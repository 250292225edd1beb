//! Connections between two chains, and the light clients below them.

use cosmwasm_std::Order;

use super::Wire;
use crate::chain::{ChainError, ChainResult, EmbeddedChain};
use crate::ibc::state::{self, CONNECTION_COUNT, CONNECTIONS, Client, Connection};

/// The ids of a connection on its two chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// On the first.
    pub a: String,
    /// On the second.
    pub b: String,
}

impl Wire {
    /// Makes light clients and a connection between two chains.
    ///
    /// # Errors
    /// When there is no such chain.
    pub fn connect(&mut self, a: &str, b: &str) -> ChainResult<Connected> {
        let next = |chain: &EmbeddedChain| CONNECTION_COUNT.may_load(chain.storage());
        let ids = Connected {
            a: format!("connection-{}", next(self.chain(a)?)?.unwrap_or_default()),
            b: format!("connection-{}", next(self.chain(b)?)?.unwrap_or_default()),
        };
        for (here, there, id, counterparty) in [(a, b, &ids.a, &ids.b), (b, a, &ids.b, &ids.a)] {
            let block = self.chain(there)?.block();
            self.chain_mut(here)?.ibc(|_, storage| {
                let number = state::count(storage, &CONNECTION_COUNT)?;
                let client = Client {
                    id: format!("07-tendermint-{number}"),
                    height: block.height,
                    time: block.time,
                    expired: false,
                };
                let connection = Connection {
                    client,
                    chain: there.to_owned(),
                    counterparty: counterparty.clone(),
                };
                CONNECTIONS.save(storage, id, &connection)
            })?;
        }
        Ok(ids)
    }

    /// Lets every light client on a chain expire, for ever: it receives nothing over their
    /// connections any more, and sends nothing.
    ///
    /// # Errors
    /// When there is no such chain.
    pub fn expire(&mut self, chain: &str) -> ChainResult<()> {
        Ok(self.chain_mut(chain)?.ibc(|_, storage| {
            let connections: Vec<_> = CONNECTIONS
                .range(storage, None, None, Order::Ascending)
                .collect::<Result<_, _>>()?;
            for (id, mut connection) in connections {
                connection.client.expired = true;
                CONNECTIONS.save(storage, &id, &connection)?;
            }
            Ok(())
        })?)
    }

    /// Lets the client below a connection know the newest block of the other chain, if it can.
    pub(super) fn update_client(&mut self, chain: &str, connection_id: &str) -> ChainResult<()> {
        let mut connection = self.connection(chain, connection_id)?;
        if connection.client.expired {
            return Ok(());
        }
        let block = self.chain(&connection.chain)?.block();
        connection.client.height = block.height;
        connection.client.time = block.time;
        let chain = self.chain_mut(chain)?;
        Ok(chain.ibc(|_, storage| CONNECTIONS.save(storage, connection_id, &connection))?)
    }

    pub(super) fn connection(&self, chain: &str, id: &str) -> ChainResult<Connection> {
        Ok(state::connection(self.chain(chain)?.storage(), id)?)
    }

    /// The newest connection of a chain with another.
    pub(super) fn newest_connection(&self, a: &str, b: &str) -> ChainResult<String> {
        let storage = self.chain(a)?.storage();
        let connections: Vec<_> = CONNECTIONS
            .range(storage, None, None, Order::Ascending)
            .collect::<Result<_, _>>()?;
        let to_b = connections.into_iter().filter(|(_, it)| it.chain == b);
        to_b.map(|(id, _)| id)
            .max_by_key(|id| number(id))
            .ok_or_else(|| ChainError::new(format!("{a} and {b} are not connected")))
    }
}

/// The number in `connection-3` or `channel-3`.
pub(super) fn number(id: &str) -> Option<u64> {
    id.rsplit_once('-')?.1.parse().ok()
}
