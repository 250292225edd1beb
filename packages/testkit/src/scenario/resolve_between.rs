//! From the names of a step between chains to addresses and ends of channels.

use cosmwasm_std::{Addr, Coin};
use serde_json::Value;

use super::known::receiver;
use super::resolve::{Lookup, Names, coin};
use super::{Action, ChannelPort, Transfer};
use crate::wire::{End, NewChannel, Relay};

/// What happens between chains.
#[derive(Clone, Debug)]
pub(super) enum Between {
    Connect { a: String, b: String },
    Open(NewChannel),
    Transfer(NewTransfer),
    Relay(Relay),
    Expire { chain: String },
    Close(End),
}

#[derive(Clone, Debug)]
pub(super) struct NewTransfer {
    pub from: Addr,
    pub from_chain: String,
    pub to: Addr,
    pub to_chain: String,
    pub coin: Coin,
    pub memo: String,
    pub timeout_seconds: u64,
    pub channel: Option<String>,
}

impl Names {
    /// Replaces every name of a step between chains.
    pub(super) fn between(&self, chain: &str, action: &Action) -> Lookup<Between> {
        Ok(match action {
            Action::Connect(it) => Between::Connect {
                a: it.a.clone(),
                b: it.b.clone(),
            },
            Action::TransferChannel(it) => Between::Open(NewChannel {
                connection: it.connection.clone(),
                ..NewChannel::transfer(&it.a, &it.b)
            }),
            Action::OpenChannel(it) => Between::Open(NewChannel {
                a: self.end(&it.a)?,
                b: self.end(&it.b)?,
                order: it.order.into(),
                version: it.version.clone(),
                connection: it.connection.clone(),
            }),
            Action::Transfer(it) => Between::Transfer(self.transfer(chain, it)?),
            Action::Relay(it) => Between::Relay(it.clone()),
            Action::ExpireClient(it) => Between::Expire {
                chain: it.chain.clone(),
            },
            Action::CloseChannel(it) => {
                Between::Close(self.end(&it.end())?.channel(it.channel.clone()))
            }
            other => return Err(format!("`{}` happens on one chain", other.kind())),
        })
    }

    fn transfer(&self, chain: &str, it: &Transfer) -> Lookup<NewTransfer> {
        let (to_chain, to) = receiver(self.chains(), chain, &it.to)?;
        let memo = match &it.memo {
            None => String::new(),
            Some(memo) => match self.field(chain, "memo", memo)? {
                Value::String(memo) => memo,
                other => return Err(format!("{other} is no memo")),
            },
        };
        Ok(NewTransfer {
            from: self.address(chain, &it.from)?,
            from_chain: chain.to_owned(),
            to: self.address(to_chain, to)?,
            to_chain: to_chain.to_owned(),
            coin: coin(&it.amount)?,
            memo,
            timeout_seconds: it.timeout_seconds,
            channel: it.channel.clone(),
        })
    }

    fn end(&self, end: &ChannelPort) -> Lookup<End> {
        match (&end.contract, &end.port) {
            (Some(name), _) => Ok(End::contract(&end.chain, &self.contract(&end.chain, name)?)),
            (None, Some(port)) => Ok(End::port(&end.chain, port)),
            (None, None) => Err("an end has either `contract` or `port`".to_owned()),
        }
    }
}
