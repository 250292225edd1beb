//! Channels between two chains.

use cosmwasm_std::{Event, IbcEndpoint, Order, StdResult};

use super::connections::number;
use super::{End, NewChannel, Opened, Wire};
use crate::chain::{ChainError, ChainResult, EmbeddedChain};
use crate::ibc::handshake::{self, Done, NewEnd};
use crate::ibc::state::{self, CHANNELS, ChannelEnd, ChannelState};
use crate::ibc::transfer;

impl Wire {
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
        let there = self.channel(began)?;
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
        let there = self.channel(answered)?;
        if there.state != ChannelState::TryOpen || there.counterparty != began.endpoint {
            return Err(not_proved(answered, &there));
        }
        let connection = self.channel(began)?.connection;
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
        let here = self.channel(answered)?;
        let began = self.counterparty(answered, &here)?;
        let there = self.channel(&began)?;
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
        let here = self.channel(end)?;
        let there = self.counterparty(end, &here)?;
        let confirms = self
            .channel(&there)
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
    pub fn channel(&self, end: &End) -> ChainResult<ChannelEnd> {
        let storage = self.chain(&end.chain)?.storage();
        Ok(state::channel(storage, &end.endpoint)?)
    }

    /// The newest transfer channel of a chain to another, open or not.
    ///
    /// # Errors
    /// When there is none.
    pub fn newest_transfer(&self, a: &str, b: &str) -> ChainResult<End> {
        let storage = self.chain(a)?.storage();
        let ends: Vec<_> = CHANNELS
            .prefix(transfer::PORT)
            .range(storage, None, None, Order::Ascending)
            .collect::<Result<_, _>>()?;
        let goes_to_b = |end: &ChannelEnd| {
            self.connection(a, &end.connection)
                .is_ok_and(|it| it.chain == b)
        };
        let to_b = ends.into_iter().filter(|(_, end)| goes_to_b(end));
        to_b.map(|(id, _)| id)
            .max_by_key(|id| number(id))
            .map(|id| End::transfer(a).channel(id))
            .ok_or_else(|| ChainError::new(format!("{a} has no transfer channel to {b}")))
    }

    fn handshake(
        &mut self,
        chain: &str,
        what: &str,
        step: impl FnOnce(&mut EmbeddedChain) -> StdResult<Done>,
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

    fn counterparty(&self, end: &End, here: &ChannelEnd) -> ChainResult<End> {
        Ok(End {
            chain: self.connection(&end.chain, &here.connection)?.chain,
            endpoint: here.counterparty.clone(),
        })
    }
}

fn not_proved(end: &End, there: &ChannelEnd) -> ChainError {
    ChainError::new(format!(
        "{} of {} is {}: channel state verification failed",
        end.endpoint.channel_id, end.chain, there.state
    ))
}
