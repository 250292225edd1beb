//! The two chains, and each verb as a step of a scenario.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};
use cosmwasm_std::{Addr, Coin, Uint128};
use serde_json::{Value, json};

use super::action::Side;
use super::route::Route;
use super::setup::{self, World};
use crate::chain::EmbeddedChain;
use crate::codes::codes;
use crate::scenario::{
    Action, Advance, Balance, ChainSpec, Execute, Query, RecordedStage, ScenarioFile, Send, Step,
    StepResult, Sudo, Transaction, Transfer,
};
use crate::wire::{End, Relay, Relayed, Wire};

/// The names of the contracts: holding-pools on the consumer, the others on the provider.
pub(super) const POOLS: &str = "pools";
pub(super) const CCV: &str = "ccv";
pub(super) const FEE_POOL: &str = "rewards";
/// Who made the contracts, and reports the provider's staking.
pub(super) const OWNER: &str = "owner";
/// Who pays fees.
pub(super) const PAYER: &str = "payer";
/// Who gets the consumer's own part.
pub(super) const STAKERS: &str = "stakers";
/// Who gets the coins of orphans.
pub(super) const HEIR: &str = "heir";
/// Somebody else, with coins on the consumer.
pub(super) const STRANGER: &str = "stranger";
/// What the provider calls the consumer.
pub(super) const CONSUMER_ID: &str = "zone";
/// Reward denoms.
pub(super) const DENOMS: [&str; 2] = ["stake", "gold"];
/// Seconds of a block.
pub(super) const BLOCK_SECONDS: u64 = 5;

/// A consumer and a provider, connected and active.
pub struct CcvSuite {
    /// How it began.
    pub world: World,
    stage: RecordedStage,
    contracts: BTreeMap<&'static str, Addr>,
    pub(super) routes: Vec<Route>,
    operators: Vec<String>,
}

/// The contract of a side: holding-pools or ccv-provider.
fn contract_of(side: Side) -> &'static str {
    match side {
        Side::Consumer => POOLS,
        Side::Provider => CCV,
    }
}

/// The name of a validator's account.
pub(super) fn validator_name(number: usize) -> String {
    format!("v{number}")
}

impl CcvSuite {
    /// An active consumer. With a name every step is kept for a scenario file of that name.
    ///
    /// # Errors
    /// When a step of the set-up fails.
    pub fn new(world: World, recording: Option<&str>) -> Result<Self> {
        let balances: BTreeMap<String, Vec<Coin>> = [PAYER, STRANGER]
            .map(|name| {
                let coins = DENOMS.map(|denom| Coin::new(1_000_000_000_000_u128, denom));
                (name.to_string(), coins.to_vec())
            })
            .into();
        let spec = || ChainSpec::new("cosmos");
        let chains = BTreeMap::from([
            ("consumer".to_string(), ChainSpec { balances, ..spec() }),
            ("provider".to_string(), spec()),
        ]);
        let mut suite = CcvSuite {
            world,
            stage: RecordedStage::new(chains, &codes(), recording)?,
            contracts: BTreeMap::new(),
            routes: Vec::new(),
            operators: Vec::new(),
        };
        suite.operators = (0..world.validators)
            .map(|number| {
                suite
                    .chain(Side::Provider)
                    .operator(&validator_name(number))
            })
            .collect();
        setup::set_up(&mut suite)?;
        Ok(suite)
    }

    /// The reward denoms, as the consumer names them.
    pub fn denoms(&self) -> impl Iterator<Item = &'static str> + use<> {
        DENOMS.into_iter().take(self.world.denoms)
    }

    /// A denom, counted round.
    pub fn denom(&self, number: usize) -> &'static str {
        DENOMS[number % self.world.denoms]
    }

    /// What the provider calls a denom of the consumer that comes now.
    pub fn voucher(&self, denom: &str) -> &str {
        let number = self.denoms().position(|it| it == denom);
        number.map_or("", |number| &self.route().vouchers[number])
    }

    /// A validator's operator address, counted round. It is the same on both chains.
    pub fn operator(&self, number: usize) -> String {
        self.operators[number % self.operators.len()].clone()
    }

    /// What is between the chains.
    pub fn wire(&self) -> &Wire {
        self.stage.wire()
    }

    /// What is between the chains, to act on without a step.
    pub fn wire_mut(&mut self) -> &mut Wire {
        self.stage.wire_mut()
    }

    /// A chain.
    pub fn chain(&self, side: Side) -> &EmbeddedChain {
        match self.wire().chain(side.chain()) {
            Ok(chain) => chain,
            Err(error) => panic!("{error}"),
        }
    }

    /// The contract of a side: holding-pools or ccv-provider.
    pub fn contract_on(&self, side: Side) -> &Addr {
        self.contract(contract_of(side))
    }

    /// A contract of the suite.
    pub(super) fn contract(&self, name: &str) -> &Addr {
        &self.contracts[name]
    }

    /// An account of either chain, or a contract.
    fn account(&self, side: Side, name: &str) -> Addr {
        match self.contracts.get(name) {
            Some(contract) => contract.clone(),
            None => self.chain(side).account(name),
        }
    }

    /// What somebody has.
    pub fn balance(&self, side: Side, name: &str, denom: &str) -> u128 {
        let balance = self.chain(side).balance(&self.account(side, name), denom);
        match balance.map(Uint128::try_from) {
            Ok(Ok(balance)) => balance.u128(),
            other => panic!("balance of {name}: {other:?}"),
        }
    }

    /// The steps so far, when they are kept.
    pub fn scenario(&self) -> Option<&ScenarioFile> {
        self.stage.scenario()
    }

    /// Plays a step, and keeps it as one that succeeds or fails.
    ///
    /// # Errors
    /// The contract's or chain's, as text.
    pub(super) fn play(&mut self, step: Step) -> Result<StepResult> {
        let name = match &step.action {
            Action::Instantiate(new) => [POOLS, CCV, FEE_POOL]
                .into_iter()
                .find(|name| *name == new.name),
            _ => None,
        };
        let result = self.stage.play(step)?;
        if let (Some(name), StepResult::Transaction(made)) = (name, &result) {
            let address = made.address.clone().unwrap_or_default();
            self.contracts.insert(name, Addr::unchecked(address));
        }
        Ok(result)
    }

    /// Plays a step that must succeed.
    ///
    /// # Errors
    /// When it fails.
    pub(super) fn must(&mut self, step: Step) -> Result<StepResult> {
        let kind = step.action.kind();
        let played = self.play(step);
        played.map_err(|error| error.context(format!("{kind} must succeed")))
    }

    fn transaction(&mut self, step: Step) -> Result<Transaction> {
        match self.play(step)? {
            StepResult::Transaction(it) => Ok(it),
            other => bail!("no transaction: {other:?}"),
        }
    }

    /// Sends a message to the contract of a side: holding-pools or ccv-provider.
    ///
    /// # Errors
    /// The contract's.
    pub(super) fn execute(&mut self, side: Side, sender: &str, msg: Value) -> Result<Transaction> {
        self.execute_on(side, contract_of(side), sender, msg)
    }

    fn execute_on(
        &mut self,
        side: Side,
        contract: &str,
        sender: &str,
        msg: Value,
    ) -> Result<Transaction> {
        let action = Action::Execute(Execute {
            contract: contract.into(),
            sender: sender.into(),
            msg,
            funds: vec![],
        });
        self.transaction(Step::new(action).on(side.chain()))
    }

    /// As [`Self::execute`], of what cannot fail.
    ///
    /// # Errors
    /// When it fails all the same.
    pub(super) fn must_execute(
        &mut self,
        side: Side,
        sender: &str,
        msg: Value,
    ) -> Result<Transaction> {
        let text = format!("{msg} must succeed");
        let done = self.execute(side, sender, msg);
        done.map_err(|error| error.context(text))
    }

    /// Calls holding-pools as its chain does.
    ///
    /// # Errors
    /// The contract's.
    pub(super) fn sudo(&mut self, msg: Value) -> Result<Transaction> {
        let action = Action::Sudo(Sudo {
            contract: POOLS.into(),
            msg,
        });
        self.transaction(Step::new(action).on(Side::Consumer.chain()))
    }

    /// Lets holding-pools work.
    ///
    /// # Errors
    /// The contract's: never.
    pub(super) fn tick(&mut self, limit: u32) -> Result<Transaction> {
        let msg = json!({"tick": {"limit": limit}});
        self.must_execute(Side::Consumer, STRANGER, msg)
    }

    /// Pays fees.
    ///
    /// # Errors
    /// The bank's.
    pub(super) fn pay_fees(&mut self, denom: &str, amount: u128) -> Result<()> {
        let action = Action::Send(Send {
            from: PAYER.into(),
            to: POOLS.into(),
            amount: vec![Coin::new(amount, denom)],
        });
        self.must(Step::new(action).on(Side::Consumer.chain()))
            .map(drop)
    }

    /// Lets blocks and time pass on a chain.
    ///
    /// # Errors
    /// Past the end of time.
    pub(super) fn advance(&mut self, side: Side, blocks: u64, seconds: u64) -> Result<()> {
        let action = Action::Advance(Advance { blocks, seconds });
        self.must(Step::new(action).on(side.chain())).map(drop)
    }

    /// Opens a CCV channel.
    ///
    /// # Errors
    /// When an end refuses.
    pub(super) fn open_channel(&mut self) -> Result<()> {
        self.play(setup::open_channel(&self.world)).map(drop)
    }

    /// Makes a validator of the provider exist or vanish, as its fee pool hears of it.
    ///
    /// # Errors
    /// When it is so already.
    pub(super) fn set_exists(&mut self, validator: usize, exists: bool) -> Result<Transaction> {
        let validator = format!("@@{}", validator_name(validator % self.world.validators));
        let commission = json!({"rate": "0", "max_rate": "1", "max_change_rate": "1"});
        let event = match exists {
            true => {
                json!({"validator_created": {"validator": validator, "commission": commission}})
            }
            false => json!({"validator_removed": {"validator": validator}}),
        };
        let msg = json!({"staking_event": event});
        self.execute_on(Side::Provider, FEE_POOL, OWNER, msg)
    }

    /// Lets the provider's fee pool take a denom of the newest route, or take no more of it.
    ///
    /// # Errors
    /// When it is so already.
    pub(super) fn list(&mut self, denom: &str, listed: bool) -> Result<Transaction> {
        let voucher = self.route().voucher_text(denom);
        self.list_voucher(&voucher, listed)
    }

    /// As [`Self::list`], of any route.
    ///
    /// # Errors
    /// When it is so already.
    pub(super) fn list_voucher(&mut self, voucher: &str, listed: bool) -> Result<Transaction> {
        let key = if listed { "add" } else { "remove" };
        let msg = json!({"update_reward_denoms": {key: [voucher]}});
        self.execute_on(Side::Provider, FEE_POOL, OWNER, msg)
    }

    /// A stranger's transfer to the provider.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub(super) fn stranger_sends(&mut self, denom: &str, memo: Option<Value>) -> Result<()> {
        let action = Action::Transfer(Transfer {
            from: STRANGER.into(),
            to: CCV.into(),
            amount: Coin::new(3_u128, denom),
            memo,
            timeout_seconds: setup::TRANSFER_SECONDS,
            channel: Some(self.route().channel.clone()),
        });
        self.play(Step::new(action).on(Side::Consumer.chain()))
            .map(drop)
    }

    /// Closes an end of a CCV channel.
    ///
    /// # Errors
    /// When the contract or the chain refuses.
    pub(super) fn close(&mut self, side: Side, channel: &str) -> Result<()> {
        let action = Action::CloseChannel(crate::scenario::CloseChannel {
            chain: side.chain().into(),
            contract: Some(contract_of(side).into()),
            port: None,
            channel: channel.into(),
        });
        self.play(Step::new(action)).map(drop)
    }

    /// Relays.
    ///
    /// # Errors
    /// When a chain refuses a message.
    pub(super) fn relay(&mut self, how: Relay) -> Result<Vec<Relayed>> {
        let relayed = self.wire_mut().relay(&how);
        let step = Step::new(Action::Relay(how));
        match relayed {
            Ok(relayed) => {
                self.stage.record(step);
                Ok(relayed)
            }
            Err(error) => {
                self.stage.record(step.failing(""));
                bail!("{error}")
            }
        }
    }

    /// Asks the contract of a side.
    ///
    /// # Errors
    /// The contract's.
    pub fn ask(&self, side: Side, msg: &Value) -> Result<Value> {
        let answer = self.chain(side).query(self.contract_on(side), msg);
        answer.map_err(|error| anyhow!("{msg}: {error}"))
    }

    /// Keeps an answer of the contract of a side as an expectation.
    pub(super) fn expect(&mut self, side: Side, msg: Value, answer: Value) {
        let action = Action::Query(Query {
            contract: contract_of(side).into(),
            msg,
        });
        self.stage
            .record(Step::new(action).on(side.chain()).expecting(answer));
    }

    /// Keeps what somebody has now, as an expectation. The denom as a scenario writes it.
    pub(super) fn expect_balance(&mut self, side: Side, name: &str, (denom, text): (&str, &str)) {
        let amount = self.balance(side, name, denom).to_string();
        let action = Action::Balance(Balance {
            of: name.into(),
            denom: text.into(),
        });
        self.stage
            .record(Step::new(action).on(side.chain()).expecting(json!(amount)));
    }

    /// The end of the CCV channel that a side's contract knows of.
    pub(crate) fn ccv_end(&self, side: Side) -> Result<Option<End>> {
        let answer = match side {
            Side::Consumer => self.ask(side, &json!({"channel": {}}))?,
            Side::Provider => self.ask(side, &json!({"consumer": {"id": CONSUMER_ID}}))?,
        };
        let channel = answer["channel_id"].as_str();
        let end = End::contract(side.chain(), self.contract_on(side));
        Ok(channel.map(|channel| end.channel(channel)))
    }
}
