//! The wire, held to what ibc-go and wasmd do.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod channels;
pub(crate) mod echo;
mod history;
mod packets;
mod relaying;
mod transfers;

use cosmwasm_std::{Addr, IbcMsg, IbcOrder, IbcTimeout, Uint256, coin};
use serde_json::json;

use super::{End, NewChannel, Opened, Relay, Relayed, Wire};
use crate::chain::{EmbeddedChain, NewContract};
use echo::{Execute, Query};

/// Two connected chains, `hub` and `zone`, with a contract and a rich account on each.
pub(super) struct Two {
    pub wire: Wire,
    pub hub: Addr,
    pub zone: Addr,
}

/// What `wire` does when nothing else is said.
pub(super) const ALL: fn() -> Relay = Relay::default;

impl Two {
    pub fn new() -> Self {
        Self::of(
            chain("hub").build().unwrap(),
            chain("zone").build().unwrap(),
        )
    }

    pub fn of(mut hub: EmbeddedChain, mut zone: EmbeddedChain) -> Self {
        let contracts = [&mut hub, &mut zone].map(contract);
        let mut wire = Wire::new([("hub", hub), ("zone", zone)]);
        let connected = wire.connect("hub", "zone").unwrap();
        assert_eq!(
            (&*connected.a, &*connected.b),
            ("connection-0", "connection-0")
        );
        let [hub, zone] = contracts;
        Self { wire, hub, zone }
    }

    /// The contracts, as a channel to be.
    pub fn new_channel(&self, order: IbcOrder) -> NewChannel {
        NewChannel {
            a: End::contract("hub", &self.hub),
            b: End::contract("zone", &self.zone),
            order,
            version: "echo-1".to_string(),
            connection: None,
        }
    }

    #[track_caller]
    pub fn open(&mut self, order: IbcOrder) -> Opened {
        let new = self.new_channel(order);
        self.wire.open(&new).unwrap()
    }

    /// The time of the zone, and so many seconds.
    pub fn in_seconds(&self, seconds: u64) -> IbcTimeout {
        let now = self.wire.chain("zone").unwrap().block().time;
        now.plus_seconds(seconds).into()
    }

    #[track_caller]
    pub fn tell(&mut self, chain: &str, message: &Execute) {
        self.try_tell(chain, message).unwrap();
    }

    pub fn try_tell(&mut self, chain: &str, message: &Execute) -> Result<(), String> {
        let contract = self.contract(chain);
        let chain = self.wire.chain_mut(chain).unwrap();
        let alice = chain.account("alice");
        chain
            .execute(&alice, &contract, message, &[])
            .map(drop)
            .map_err(|error| error.to_string())
    }

    /// The hub's contract sends a text, to be received in ten minutes.
    #[track_caller]
    pub fn send(&mut self, channel: &str, text: &str) {
        let timeout = self.in_seconds(600);
        self.send_until(channel, text, timeout);
    }

    #[track_caller]
    pub fn send_until(&mut self, channel: &str, text: &str, timeout: IbcTimeout) {
        let (channel, text) = (channel.to_string(), text.to_string());
        self.tell(
            "hub",
            &Execute::Send {
                channel,
                text,
                timeout,
            },
        );
    }

    #[track_caller]
    pub fn refuse(&mut self, chain: &str, call: &str) {
        let calls = vec![call.to_string()];
        self.tell(chain, &Execute::Refuse { calls });
    }

    #[track_caller]
    pub fn relay(&mut self) -> Vec<Relayed> {
        self.wire.relay(&ALL()).unwrap()
    }

    #[track_caller]
    pub fn relay_timeouts(&mut self) -> Vec<Relayed> {
        let how = Relay {
            timeouts: true,
            ..ALL()
        };
        self.wire.relay(&how).unwrap()
    }

    #[track_caller]
    pub fn pass(&mut self, chain: &str, seconds: u64) {
        self.wire
            .chain_mut(chain)
            .unwrap()
            .advance(1, seconds)
            .unwrap();
    }

    /// What the contract of a chain remembers.
    #[track_caller]
    pub fn log(&self, chain: &str) -> Vec<String> {
        let contract = self.contract(chain);
        let chain = self.wire.chain(chain).unwrap();
        chain.query(&contract, &Query::Log {}).unwrap()
    }

    /// The last line of it.
    #[track_caller]
    pub fn last(&self, chain: &str) -> String {
        self.log(chain).pop().unwrap()
    }

    #[track_caller]
    pub fn state(&self, end: &End) -> String {
        self.wire.channel(end).unwrap().state.to_string()
    }

    #[track_caller]
    pub fn balance(&self, chain: &str, of: &Addr, denom: &str) -> Uint256 {
        self.wire.chain(chain).unwrap().balance(of, denom).unwrap()
    }

    /// Alice of the hub sends to an address of the zone.
    pub fn transfer(
        &mut self,
        channel: &str,
        amount: u128,
        to: &Addr,
        memo: &str,
    ) -> Result<(), String> {
        let timeout = self.in_seconds(600);
        let transfer = IbcMsg::Transfer {
            channel_id: channel.to_string(),
            to_address: to.to_string(),
            amount: coin(amount, "uatom"),
            timeout,
            memo: Some(memo.to_string()),
        };
        let hub = self.wire.chain_mut("hub").unwrap();
        let alice = hub.account("alice");
        hub.transact(&alice, transfer)
            .map(drop)
            .map_err(|error| error.to_string())
    }

    pub fn account(&self, name: &str) -> Addr {
        self.wire.chain("hub").unwrap().account(name)
    }

    pub fn contract(&self, chain: &str) -> Addr {
        match chain {
            "hub" => self.hub.clone(),
            _ => self.zone.clone(),
        }
    }
}

pub(super) fn chain(name: &str) -> crate::chain::ChainBuilder {
    EmbeddedChain::builder("cosmos")
        .chain_id(format!("{name}-1"))
        .first_instance(if name == "hub" { 0 } else { 1000 })
        .balance("alice", [coin(1000, "uatom"), coin(1000, "gamm/pool/1")])
}

fn contract(chain: &mut EmbeddedChain) -> Addr {
    let code_id = chain.store_code(echo::code());
    let alice = chain.account("alice");
    let new = NewContract {
        code_id,
        sender: &alice,
        label: "echo",
        admin: None,
        funds: &[coin(100, "uatom")],
    };
    chain.instantiate(new, &json!({})).unwrap().address
}
