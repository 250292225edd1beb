//! A provider on the chain `hub` and a peer on the chain `zone` that sends what it is told to.

use cosmwasm_std::{Addr, Coin, IbcOrder, Uint128, Uint256, coin};
use serde_json::{Value, json};
use testkit::chain::{EmbeddedChain, NewContract};
use testkit::codes::codes;
use testkit::ibc::port_of;
use testkit::wire::{End, NewChannel, Relay, Wire};

/// Where validators are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Group,
    FeePool,
}

/// What the peer sends, as the hub names it.
pub const VOUCHER: &str = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";

/// What a peer begins with.
pub const COINS: u128 = u128::MAX / 2;

/// Two connected chains with their contracts; the consumer is registered. On a third, `rogue`, which is
/// not connected, a peer has the same address.
pub struct World {
    pub wire: Wire,
    pub provider: Addr,
    pub peer: Addr,
    /// The group or fee pool.
    pub target: Addr,
    kind: Target,
}

/// A validator's weight, by name.
pub type Weights<'a> = &'a [(String, u128)];

impl World {
    /// With validators of these names on the hub.
    pub fn new(kind: Target, validators: &[String]) -> Self {
        let mut hub = EmbeddedChain::builder("cosmos").build().unwrap();
        let target = match kind {
            Target::Group => {
                let members = validators
                    .iter()
                    .map(|name| json!({"operator": hub.account(name), "power": "1"}));
                let members: Vec<Value> = members.collect();
                let msg = json!({"admin": hub.account("council"), "denoms": ["uatom"], "validators": members});
                instantiate(&mut hub, "poa-fee-pool", &msg)
            }
            Target::FeePool => {
                let reporter = [hub.account("reporter")];
                let reporters = json!({"block": reporter, "staking": reporter});
                let msg =
                    json!({"active": true, "reporters": reporters, "reward_denoms": [VOUCHER]});
                instantiate(&mut hub, "fee-pool", &msg)
            }
        };
        let contract = json!({"contract": target});
        let msg = match kind {
            Target::Group => json!({"target": {"group": contract}}),
            Target::FeePool => json!({"target": {"fee_pool": contract}}),
        };
        let provider = instantiate(&mut hub, "ccv-provider", &msg);
        let (zone, peer) = with_peer();
        let (rogue, double) = with_peer();
        assert_eq!(double, peer);
        let mut wire = Wire::new([("hub", hub), ("rogue", rogue), ("zone", zone)]);
        wire.connect("zone", "hub").unwrap();
        wire.open_transfer("zone", "hub").unwrap();
        let mut world = World {
            wire,
            provider,
            peer,
            target,
            kind,
        };
        if kind == Target::FeePool {
            for name in validators {
                world.create_validator(name);
            }
        }
        world
            .as_owner(&json!({"register_consumer": {
                "id": "zone", "connection_id": "connection-0", "port_id": port_of(&world.peer),
                "contract": world.peer, "transfer_channel": "channel-0", "denoms": ["uatom"],
            }}))
            .unwrap();
        world
    }

    fn create_validator(&mut self, name: &str) {
        let reporter = self.hub().account("reporter");
        let terms = json!({"rate": "1", "max_rate": "1", "max_change_rate": "1"});
        let event = json!({"validator_created": {"validator": self.hub().operator(name), "commission": terms}});
        let msg = json!({"staking_event": event});
        let pool = self.target.clone();
        self.hub().execute(&reporter, &pool, &msg, &[]).unwrap();
    }

    pub fn hub(&mut self) -> &mut EmbeddedChain {
        self.wire.chain_mut("hub").unwrap()
    }

    /// Sends a message of the owner to the provider.
    pub fn as_owner(&mut self, msg: &Value) -> Result<(), String> {
        self.execute("owner", msg)
    }

    fn execute(&mut self, sender: &str, msg: &Value) -> Result<(), String> {
        let provider = self.provider.clone();
        let hub = self.hub();
        let sender = hub.account(sender);
        let done = hub.execute(&sender, &provider, msg, &[]);
        done.map(drop).map_err(|error| error.to_string())
    }

    pub fn query(&mut self, msg: &Value) -> Value {
        let provider = self.provider.clone();
        self.hub().query(&provider, msg).unwrap()
    }

    /// The CCV channel, as it would be.
    pub fn new_channel(&self) -> NewChannel {
        NewChannel {
            a: End::contract("zone", &self.peer),
            b: End::contract("hub", &self.provider),
            order: IbcOrder::Ordered,
            version: ccv::packet::VERSION.to_string(),
            connection: Some("connection-0".to_string()),
        }
    }

    /// The peer sends weights, in chunks of a size, over its end of a channel, and coins.
    pub fn send_unit(
        &mut self,
        end: &End,
        epoch: u32,
        tokens: u128,
        weights: Weights,
        size: usize,
    ) {
        let hub = self.wire.chain("hub").unwrap();
        let total: u128 = weights.iter().map(|(_, weight)| weight).sum();
        let mut entries: Vec<(String, String)> = weights
            .iter()
            .map(|(name, weight)| (hub.operator(name), weight.to_string()))
            .collect();
        entries.sort();
        let chunks: Vec<_> = entries.chunks(size).collect();
        for (place, entries) in chunks.iter().enumerate() {
            let packet = json!({"weights": {
                "epoch": epoch, "denom": "uatom", "amount": tokens.to_string(), "total": total.to_string(),
                "validators": weights.len(), "chunk": place, "chunks": chunks.len(), "entries": entries,
            }});
            let channel = &end.endpoint.channel_id;
            self.tell_peer(
                "zone",
                &json!({"send_packet": {"channel": channel, "packet": packet}}),
            );
        }
        self.send_tokens("zone", epoch, tokens);
        self.wire.relay(&Relay::default()).unwrap();
    }

    /// The peer of a chain sends coins of a unit.
    pub fn send_tokens(&mut self, chain: &str, epoch: u32, tokens: u128) {
        let unit = json!({
            "src_callback": {"address": self.peer},
            "dest_callback": {"address": self.provider},
            "ccv_distribution": {"epoch": epoch, "denom": "uatom", "attempt": 1},
        });
        self.tell_peer(chain, &json!({"transfer": {
            "channel": "channel-0", "to": self.provider, "amount": coin(tokens, "uatom"), "unit": unit,
        }}));
    }

    fn tell_peer(&mut self, chain: &str, msg: &Value) {
        let peer = self.peer.clone();
        let chain = self.wire.chain_mut(chain).unwrap();
        let anyone = chain.account("anyone");
        chain.execute(&anyone, &peer, msg, &[]).unwrap();
    }

    /// Processes a unit in pages to its end, and returns their number.
    pub fn process(&mut self, epoch: u32, limit: u32) -> u32 {
        let unit = json!({"consumer": "zone", "epoch": epoch, "denom": "uatom", "limit": limit});
        for page in 1.. {
            self.execute("anyone", &json!({"process": unit})).unwrap();
            let pending = self.query(&json!({"pending_units": {"consumer": "zone"}}));
            let epochs = pending["units"].as_array().unwrap().iter();
            if !epochs.into_iter().any(|unit| unit["epoch"] == epoch) {
                return page;
            }
        }
        unreachable!("pages have no end")
    }

    /// What a validator was paid so far.
    pub fn paid(&mut self, name: &str) -> u128 {
        let (target, kind) = (self.target.clone(), self.kind);
        let hub = self.hub();
        if kind == Target::Group {
            return whole(hub.balance(&hub.account(name), VOUCHER).unwrap());
        }
        let msg = json!({"validator_outstanding_rewards": {"validator": hub.operator(name)}});
        let answer: Result<Value, _> = hub.query(&target, &msg);
        let coins = answer.ok().map(|it| it["rewards"].clone());
        let amount = coins.and_then(|it| Some(it[0]["amount"].as_str()?.parse().unwrap()));
        amount.unwrap_or_default()
    }

    /// What the provider has in the end: the balance of the contract.
    pub fn held(&mut self) -> u128 {
        let provider = self.provider.clone();
        whole(self.hub().balance(&provider, VOUCHER).unwrap())
    }

    /// What the community pool of the target got.
    pub fn community(&mut self) -> u128 {
        let (target, kind) = (self.target.clone(), self.kind);
        let hub = self.hub();
        if kind == Target::Group {
            return whole(hub.balance(&hub.account("council"), VOUCHER).unwrap());
        }
        let answer: Value = hub.query(&target, &json!({"community_pool": {}})).unwrap();
        let amount = answer["pool"][0]["amount"].as_str();
        amount.map_or(0, |amount| amount.parse().unwrap())
    }

    /// Everything that is carried.
    pub fn carry(&mut self) -> u128 {
        let answer = self.query(&json!({"carry": {"consumer": "zone"}}));
        let carry: Vec<Coin> = serde_json::from_value(answer["carry"].clone()).unwrap();
        carry.iter().map(|coin| whole(coin.amount)).sum()
    }
}

fn whole(amount: Uint256) -> u128 {
    Uint128::try_from(amount).unwrap().u128()
}

/// A chain with a peer that has coins.
fn with_peer() -> (EmbeddedChain, Addr) {
    let coins = [coin(COINS, "uatom")];
    let builder = EmbeddedChain::builder("cosmos").balance("rich", coins.clone());
    let mut chain = builder.build().unwrap();
    let peer = instantiate(&mut chain, "ibc-peer", &json!({}));
    let rich = chain.account("rich");
    chain.send(&rich, &peer, &coins).unwrap();
    (chain, peer)
}

/// A new contract of the owner's.
pub fn instantiate(chain: &mut EmbeddedChain, code: &str, msg: &Value) -> Addr {
    let code_id = chain.store_code(codes().make(code).unwrap());
    let sender = &chain.account("owner");
    let new = NewContract {
        code_id,
        sender,
        label: code,
        admin: None,
        funds: &[],
    };
    chain.instantiate(new, msg).unwrap().address
}
