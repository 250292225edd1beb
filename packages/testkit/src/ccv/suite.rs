//! Two chains with the two contracts on them.

use anyhow::{Result, anyhow};
use cosmwasm_std::{Coin, Uint256};
use serde_json::{Map, Value, json};

use crate::codes::codes;
use crate::scenario::{
    Action, Advance, Balance, ChainSpec, ChannelOrder, ChannelPort, Execute, Instantiate, Query,
    RecordedStage, ScenarioFile, Send, Step,
};
use crate::wire::{Relay, WireSnapshot};

/// Name of the consumer chain, whose contract is `pools`.
pub const CONSUMER: &str = "consumer";
/// Name of the provider chain, whose contract is `provider`; its group is `group`.
pub const PROVIDER: &str = "provider";
/// What the consumer's `uatom` is on the provider.
pub const VOUCHER: &str = "ibc:transfer/channel-0/uatom";

/// What the account `fees` of the consumer has.
const FEES: u128 = 10u128.pow(30);
/// Seconds of a block.
const BLOCK_SECONDS: u64 = 5;

/// Collects how the two chains begin.
pub struct CcvBuilder {
    order: ChannelOrder,
    members: Vec<String>,
    pools: Map<String, Value>,
    consumer: ChainSpec,
    provider: ChainSpec,
}

impl CcvBuilder {
    /// Whether the CCV channel keeps the order; it does by default.
    #[must_use]
    pub fn order(mut self, order: ChannelOrder) -> Self {
        self.order = order;
        self
    }

    /// The validators that the provider knows: the members of its group.
    #[must_use]
    pub fn members(mut self, names: &[&str]) -> Self {
        self.members = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Sets a field of the instantiate message of `holding-pools`.
    #[must_use]
    pub fn pools(mut self, field: &str, value: Value) -> Self {
        self.pools.insert(field.to_owned(), value);
        self
    }

    /// The two chains, connected, with the contracts, both channels open, before the probe.
    ///
    /// # Errors
    /// When a step of it is refused.
    pub fn build(self) -> Result<CcvSuite> {
        let chains = [(CONSUMER, self.consumer), (PROVIDER, self.provider)];
        let chains = chains.map(|(name, spec)| (name.to_owned(), spec)).into();
        let stage = RecordedStage::new(chains, &codes(), Some("rewards across chains"))?;
        let mut suite = CcvSuite { stage };
        let validators = self.members.iter();
        let validators: Vec<_> = validators
            .map(|name| json!({"operator": format!("@{name}"), "power": "1"}))
            .collect();
        let group = json!({"denoms": ["uatom"], "validators": validators});
        suite.instantiate(PROVIDER, "group", "poa-fee-pool", group)?;
        let target = json!({"target": {"group": {"contract": "@group"}}});
        suite.instantiate(PROVIDER, "provider", "ccv-provider", target)?;
        suite.step(Step::connecting(CONSUMER, PROVIDER))?;
        suite.step(Step::opening_transfers(CONSUMER, PROVIDER))?;
        suite.instantiate(
            CONSUMER,
            "pools",
            "holding-pools",
            Value::Object(self.pools),
        )?;
        let consumer = json!({"register_consumer": {
            "id": "consumer", "connection_id": "connection-0", "port_id": "port:consumer/pools",
            "contract": "@consumer/pools", "transfer_channel": "channel-0", "denoms": ["uatom"]}});
        suite.provider("owner", consumer)?;
        suite.open(self.order)?;
        Ok(suite)
    }
}

/// Two chains with the two contracts on them. Every verb is a step of a scenario, which is kept.
pub struct CcvSuite {
    stage: RecordedStage,
}

impl CcvSuite {
    /// One denom, `uatom`, closed at every block; no proposer reward and no consumer part; the
    /// account `fees` has 10^30 of it and `owner` is who reports blocks.
    #[must_use]
    pub fn builder() -> CcvBuilder {
        let pools = json!({
            "reward_denoms": ["uatom"], "blocks_per_distribution_transmission": 1,
            "base_proposer_reward": "0", "bonus_proposer_reward": "0", "reporters": {"block": ["@owner"]},
            "provider": {"connection_id": "connection-0", "port_id": "port:provider/provider",
                         "transfer_channel": "channel-0", "receiver": "@provider/provider", "prefix": "cosmos"}});
        let mut consumer = ChainSpec::new("cosmos");
        let fees = vec![Coin::new(FEES, "uatom")];
        consumer.balances.insert("fees".to_owned(), fees);
        CcvBuilder {
            order: ChannelOrder::Ordered,
            members: Vec::new(),
            pools: pools.as_object().cloned().unwrap_or_default(),
            consumer,
            provider: ChainSpec::new("cosmos"),
        }
    }

    /// Plays a step and keeps it; one that is refused is kept as one that must be.
    ///
    /// # Errors
    /// The chain's, as text.
    pub fn step(&mut self, step: Step) -> Result<Value> {
        Ok(self.stage.play(step)?.value())
    }

    /// What was done so far.
    #[must_use]
    pub fn scenario(&self) -> Option<&ScenarioFile> {
        self.stage.scenario()
    }

    fn instantiate(&mut self, chain: &str, name: &str, code: &str, msg: Value) -> Result<Value> {
        let new = Instantiate {
            name: name.to_owned(),
            code: code.to_owned(),
            sender: "owner".to_owned(),
            msg,
            funds: Vec::new(),
            admin: Some("owner".to_owned()),
        };
        self.step(Step::new(Action::Instantiate(new)).on(chain))
    }

    /// Opens a CCV channel, begun by the consumer.
    ///
    /// # Errors
    /// When a contract refuses.
    pub fn open(&mut self, order: ChannelOrder) -> Result<Value> {
        let pools = ChannelPort::of_contract(CONSUMER, "pools");
        let provider = ChannelPort::of_contract(PROVIDER, "provider");
        self.step(Step::opening(pools, provider, order))
    }

    /// Sends a message to a contract of a chain, with `uatom`.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn execute(
        &mut self,
        (chain, contract): (&str, &str),
        sender: &str,
        msg: Value,
        uatom: u128,
    ) -> Result<Value> {
        let funds = Some(Coin::new(uatom, "uatom")).filter(|coin| !coin.amount.is_zero());
        let execute = Execute {
            contract: contract.to_owned(),
            sender: sender.to_owned(),
            msg,
            funds: funds.into_iter().collect(),
        };
        self.step(Step::new(Action::Execute(execute)).on(chain))
    }

    /// Sends a message to `holding-pools`.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn consumer(&mut self, sender: &str, msg: Value) -> Result<Value> {
        self.execute((CONSUMER, "pools"), sender, msg, 0)
    }

    /// Sends a message to `ccv-provider`.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn provider(&mut self, sender: &str, msg: Value) -> Result<Value> {
        self.execute((PROVIDER, "provider"), sender, msg, 0)
    }

    /// Asks the contract of a chain.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn ask(&mut self, chain: &str, msg: Value) -> Result<Value> {
        let contract = if chain == CONSUMER {
            "pools"
        } else {
            "provider"
        };
        let contract = contract.to_owned();
        self.step(Step::new(Action::Query(Query { contract, msg })).on(chain))
    }

    /// The probe, to its end: the contract is active then, on chains with callbacks.
    ///
    /// # Errors
    /// When a step of it is refused.
    pub fn activate(&mut self) -> Result<()> {
        self.execute((CONSUMER, "pools"), "fees", json!({"probe": {}}), 2)?;
        self.relay(&Relay::default())?;
        self.tick()?;
        self.relay(&Relay::default()).map(drop)
    }

    /// Tells `holding-pools` of powers.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn powers(&mut self, powers: &[(&str, u64)]) -> Result<Value> {
        let changes = powers.iter().map(
            |(name, power)| json!({"validator": format!("@@{name}"), "power": power.to_string()}),
        );
        let changes: Vec<_> = changes.collect();
        self.consumer("owner", json!({"powers_changed": {"changes": changes}}))
    }

    /// Fees come in, and the next block splits them.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn block(&mut self, proposer: &str, fees: u128) -> Result<Value> {
        if fees > 0 {
            let send = Send {
                from: "fees".to_owned(),
                to: "pools".to_owned(),
                amount: vec![Coin::new(fees, "uatom")],
            };
            self.step(Step::new(Action::Send(send)).on(CONSUMER))?;
        }
        self.advance(CONSUMER, BLOCK_SECONDS)?;
        let proposer = format!("@@{proposer}");
        let block = json!({"proposer": proposer, "last_commit": {"signed_power": "0"}});
        self.consumer("owner", json!({"begin_block": block}))
    }

    /// The consumer goes on with its jobs.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn tick(&mut self) -> Result<Value> {
        self.consumer("anyone", json!({"tick": {"limit": 100}}))
    }

    /// The provider works on a unit.
    ///
    /// # Errors
    /// The contract's, as text.
    pub fn process(&mut self, epoch: u32) -> Result<Value> {
        let unit = json!({"consumer": "consumer", "epoch": epoch, "denom": "uatom"});
        self.provider("anyone", json!({"process": unit}))
    }

    /// A relayer does something.
    ///
    /// # Errors
    /// When a chain refuses a message.
    pub fn relay(&mut self, how: &Relay) -> Result<Value> {
        self.step(Step::new(Action::Relay(how.clone())))
    }

    /// A block and time pass on a chain.
    ///
    /// # Errors
    /// Past the end of time.
    pub fn advance(&mut self, chain: &str, seconds: u64) -> Result<Value> {
        let blocks = 1;
        self.step(Step::new(Action::Advance(Advance { blocks, seconds })).on(chain))
    }

    /// What somebody has of a denom.
    ///
    /// # Errors
    /// When the denom is none.
    pub fn balance(&mut self, chain: &str, of: &str, denom: &str) -> Result<Uint256> {
        let (of, denom) = (of.to_owned(), denom.to_owned());
        let amount = self.step(Step::new(Action::Balance(Balance { of, denom })).on(chain))?;
        let amount = amount.as_str().unwrap_or_default();
        amount.parse().map_err(|error| anyhow!("{amount}: {error}"))
    }

    /// The chains.
    pub fn stage(&mut self) -> &mut RecordedStage {
        &mut self.stage
    }

    /// This moment, to come back to; the kept steps go on all the same.
    #[must_use]
    pub fn snapshot(&self) -> WireSnapshot {
        self.stage.wire().snapshot()
    }

    /// Goes back to a moment.
    pub fn restore(&mut self, moment: &WireSnapshot) {
        self.stage.wire_mut().restore(moment);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::scenario::run;

    #[test]
    fn rewards_of_the_consumer_reach_the_providers_validators_and_play_again_as_a_scenario() {
        for order in [ChannelOrder::Ordered, ChannelOrder::Unordered] {
            let order_of_pools = json!(order);
            let mut suite = CcvSuite::builder()
                .order(order)
                .pools("order", order_of_pools)
                .members(&["v1", "v2"])
                .build()
                .unwrap();
            suite.activate().unwrap();
            suite.powers(&[("v1", 60), ("v2", 30), ("v3", 10)]).unwrap();
            suite.block("v1", 1000).unwrap();
            for _ in 0..2 {
                suite.tick().unwrap();
                suite.relay(&Relay::default()).unwrap();
            }
            suite.process(1).unwrap();
            // 1000 and the two coins of the probe, in 60:30.
            let paid =
                |suite: &mut CcvSuite, name: &str| suite.balance(PROVIDER, name, VOUCHER).unwrap();
            assert_eq!(paid(&mut suite, "v1"), Uint256::from(668u128));
            assert_eq!(paid(&mut suite, "v2"), Uint256::from(334u128));
            let file = suite.scenario().unwrap();
            assert!(run(file, &codes()).unwrap().passed());
        }
    }
}
