//! Connections and channels between two chains.

use cosmwasm_std::{Addr, Event, IbcEndpoint, IbcOrder, Order};

use super::Wire;
use crate::chain::{ChainError, ChainResult, EmbeddedChain};
use crate::ibc::handshake::{self, Done, NewEnd};
use crate::ibc::state::{
    self, CHANNELS, CONNECTION_COUNT, CONNECTIONS, ChannelEnd, ChannelState, Client, Connection,
};
use crate::ibc::{port_of, transfer};

/// The ids of a connection on its two chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// On the first.
    pub a: String,
    /// On the second.
    pub b: String,
}

/// A port of a chain, or the end of a channel there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The chain.
    pub chain: String,
    /// The port, and the channel when it is known.
    pub endpoint: IbcEndpoint,
}

impl End {
    /// The port of a contract.
    pub fn contract(chain: impl Into<String>, contract: &Addr) -> Self {
        Self::port(chain, port_of(contract))
    }

    /// The port of the transfer module.
    pub fn transfer(chain: impl Into<String>) -> Self {
        Self::port(chain, transfer::PORT)
    }

    /// A port.
    pub fn port(chain: impl Into<String>, port_id: impl Into<String>) -> Self {
        Self {
            chain: chain.into(),
            endpoint: IbcEndpoint {
                port_id: port_id.into(),
                channel_id: String::new(),
            },
        }
    }

    /// A channel at this port.
    #[must_use]
    pub fn channel(mut self, channel_id: impl Into<String>) -> Self {
        self.endpoint.channel_id = channel_id.into();
        self
    }
}

/// A channel that is to be.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// Who begins.
    pub a: End,
    /// Who answers.
    pub b: End,
    /// Whether packets keep their order.
    pub order: IbcOrder,
    /// What the first wants to speak.
    pub version: String,
    /// The connection's id on the first chain; the newest between the two when it is not named.
    pub connection: Option<String>,
}

impl NewChannel {
    /// A channel between the transfer modules of two chains.
    pub fn transfer(a: impl Into<String>, b: impl Into<String>) -> Self {
        Self {
            a: End::transfer(a),
            b: End::transfer(b),
            order: IbcOrder::Unordered,
            version: transfer::VERSION.to_owned(),
            connection: None,
        }
    }
}

/// A channel that has come to be.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The end of who began.
    pub a: End,
    /// The end of who answered.
    pub b: End,
    /// What both speak.
    pub version: String,
    /// The events of the handshake.
    pub events: Vec<Event>,
}

/// The end of a channel, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// How far it is: `STATE_OPEN` and so on.
    pub state: String,
    /// The other end.
    pub counterparty: End,
    /// Whether packets keep their order.
    pub order: IbcOrder,
    /// What both speak.
    pub version: String,
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

    /// Opens a transfer channel over the newest connection of two chains.
    ///
    /// # Errors
    /// When they are not connected or a client has expired.
    pub fn open_transfer(&mut self, a: &str, b: &str) -> ChainResult<Opened> {
        self.open(&NewChannel::transfer(a, b))
    }

    /// Opens a channel by all four steps of the handshake. The first that fails ends it; what was
    /// done before stays.
    ///
    /// # Errors
    /// When the chains are not connected, a client has expired, or an application refuses.
    pub fn open(&mut self, new: &NewChannel) -> ChainResult<Opened> {
        let mut events = Vec::new();
        let mut step = |(end, done): (End, Vec<Event>)| {
            events.extend(done);
            end
        };
        let a = step(self.open_init(new)?);
        let b = step(self.open_try(&a)?);
        step(self.open_ack(&a, &b)?);
        step(self.open_confirm(&b)?);
        let version = self.channel(&a)?.version;
        Ok(Opened {
            a,
            b,
            version,
            events,
        })
    }

    /// `OpenInit` at the first end, which gets its channel.
    ///
    /// # Errors
    /// When the chains are not connected, the client has expired, or the application refuses.
    pub fn open_init(&mut self, new: &NewChannel) -> ChainResult<(End, Vec<Event>)> {
        let NewChannel { a, b, .. } = new;
        let connection_id = match &new.connection {
            Some(id) => id.clone(),
            None => self.newest_connection(&a.chain, &b.chain)?,
        };
        if self.connection(&a.chain, &connection_id)?.chain != b.chain {
            let (a, b) = (&a.chain, &b.chain);
            return Err(ChainError::new(format!(
                "{connection_id} of {a} does not go to {b}"
            )));
        }
        self.update_client(&a.chain, &connection_id)?;
        let end = NewEnd {
            port_id: a.endpoint.port_id.clone(),
            counterparty: IbcEndpoint {
                port_id: b.endpoint.port_id.clone(),
                channel_id: String::new(),
            },
            connection_id,
            order: new.order.clone(),
            version: new.version.clone(),
        };
        self.handshake(&a.chain, "open init", |chain| {
            chain.ibc(|host, storage| handshake::open(host, storage, end))
        })
    }

    /// `OpenTry` at the other end of one that began, which gets its channel.
    ///
    /// # Errors
    /// When the client has expired or the application refuses.
    pub fn open_try(&mut self, began: &End) -> ChainResult<(End, Vec<Event>)> {
        let there = self.end(began)?;
        if there.state != ChannelState::Init {
            return Err(not_proved(began, &there));
        }
        let connection = self.connection(&began.chain, &there.connection)?;
        self.update_client(&connection.chain, &connection.counterparty)?;
        let end = NewEnd {
            port_id: there.counterparty.port_id,
            counterparty: began.endpoint.clone(),
            connection_id: connection.counterparty,
            order: there.order,
            version: there.version,
        };
        self.handshake(&connection.chain, "open try", |chain| {
            chain.ibc(|host, storage| handshake::open(host, storage, end))
        })
    }

    /// `OpenAck` at the end that began, of the answer of the other.
    ///
    /// # Errors
    /// When the client has expired or the application refuses.
    pub fn open_ack(&mut self, began: &End, answered: &End) -> ChainResult<(End, Vec<Event>)> {
        let there = self.end(answered)?;
        if there.state != ChannelState::TryOpen || there.counterparty != began.endpoint {
            return Err(not_proved(answered, &there));
        }
        let connection = self.end(began)?.connection;
        self.update_client(&began.chain, &connection)?;
        let answer = (answered.endpoint.channel_id.clone(), there.version);
        let endpoint = began.endpoint.clone();
        self.handshake(&began.chain, "open ack", |chain| {
            chain.ibc(|host, storage| handshake::open_ack(host, storage, endpoint, answer))
        })
    }

    /// `OpenConfirm` at the end that answered.
    ///
    /// # Errors
    /// When the client has expired or the application refuses.
    pub fn open_confirm(&mut self, answered: &End) -> ChainResult<(End, Vec<Event>)> {
        let here = self.end(answered)?;
        let began = self.counterparty(answered, &here)?;
        let there = self.end(&began)?;
        if there.state != ChannelState::Open || there.counterparty != answered.endpoint {
            return Err(not_proved(&began, &there));
        }
        self.update_client(&answered.chain, &here.connection)?;
        let endpoint = answered.endpoint.clone();
        self.handshake(&answered.chain, "open confirm", |chain| {
            chain.ibc(|host, storage| handshake::open_confirm(host, storage, endpoint))
        })
    }

    /// Closes an end of a channel: by `CloseConfirm` when the other end is closed, else by
    /// `CloseInit`, which the contract may refuse.
    ///
    /// # Errors
    /// When it is closed already, the client has expired, or the application refuses.
    pub fn close(&mut self, end: &End) -> ChainResult<Vec<Event>> {
        let here = self.end(end)?;
        let there = self.counterparty(end, &here)?;
        let confirms = self
            .end(&there)
            .is_ok_and(|it| it.state == ChannelState::Closed);
        self.update_client(&end.chain, &here.connection)?;
        let endpoint = end.endpoint.clone();
        let what = if confirms {
            "close confirm"
        } else {
            "close init"
        };
        let (_, events) = self.handshake(&end.chain, what, |chain| {
            chain.ibc(|host, storage| handshake::close(host, storage, endpoint, confirms))
        })?;
        Ok(events)
    }

    /// The end of a channel, as it is now.
    ///
    /// # Errors
    /// When there is none.
    pub fn channel(&self, end: &End) -> ChainResult<Channel> {
        let here = self.end(end)?;
        Ok(Channel {
            state: here.state.to_string(),
            counterparty: self.counterparty(end, &here)?,
            order: here.order,
            version: here.version,
        })
    }

    /// The newest transfer channel of a chain to another, open or not.
    ///
    /// # Errors
    /// When there is none.
    pub fn newest_transfer(&self, a: &str, b: &str) -> ChainResult<End> {
        let storage = self.chain(a)?.storage();
        let mut newest = None;
        for channel in CHANNELS
            .prefix(transfer::PORT)
            .range(storage, None, None, Order::Ascending)
        {
            let (id, end) = channel?;
            if self.connection(a, &end.connection)?.chain == b {
                newest = newest.max(number(&id).map(|number| (number, id)));
            }
        }
        let none = || ChainError::new(format!("{a} has no transfer channel to {b}"));
        let (_, id) = newest.ok_or_else(none)?;
        Ok(End::transfer(a).channel(id))
    }

    fn handshake(
        &mut self,
        chain: &str,
        what: &str,
        step: impl FnOnce(&mut EmbeddedChain) -> cosmwasm_std::StdResult<Done>,
    ) -> ChainResult<(End, Vec<Event>)> {
        let done = step(self.chain_mut(chain)?).map_err(|error| {
            let error = ChainError::from(error);
            ChainError::new(format!("channel {what} failed: {error}"))
        })?;
        let end = End {
            chain: chain.to_owned(),
            endpoint: done.endpoint,
        };
        Ok((end, done.response.events))
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

    fn newest_connection(&self, a: &str, b: &str) -> ChainResult<String> {
        let storage = self.chain(a)?.storage();
        let mut newest = None;
        for connection in CONNECTIONS.range(storage, None, None, Order::Ascending) {
            let (id, connection) = connection?;
            if connection.chain == b {
                newest = newest.max(number(&id).map(|number| (number, id)));
            }
        }
        let none = || ChainError::new(format!("{a} and {b} are not connected"));
        newest.map(|(_, id)| id).ok_or_else(none)
    }

    pub(super) fn end(&self, end: &End) -> ChainResult<ChannelEnd> {
        Ok(state::channel(
            self.chain(&end.chain)?.storage(),
            &end.endpoint,
        )?)
    }

    fn counterparty(&self, end: &End, here: &ChannelEnd) -> ChainResult<End> {
        Ok(End {
            chain: self.connection(&end.chain, &here.connection)?.chain,
            endpoint: here.counterparty.clone(),
        })
    }
}

/// The number in `connection-3` or `channel-3`.
fn number(id: &str) -> Option<u64> {
    id.rsplit_once('-')?.1.parse().ok()
}

fn not_proved(end: &End, there: &ChannelEnd) -> ChainError {
    ChainError::new(format!(
        "{} of {} is {}: channel state verification failed",
        end.endpoint.channel_id, end.chain, there.state
    ))
}
