//! A consumer chain around the contract: a bank, an IBC stack whose packets the test answers, and
//! the chain's own rules of replies and reverts.

mod answers;
mod seen;

use std::collections::BTreeMap;

use ccv::memo::TransferMemo;
use ccv::packet::{CcvPacket, VERSION};
use ccv::weights::WeightsChunk;
use chain_types::address::{AddressBytes, AddressCodec, ValidatorForm};
use chain_types::hooks::RawSudo;
use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, mock_env};
use cosmwasm_std::{
    Addr, BankMsg, Binary, Coin, CosmosMsg, Env, Event, IbcChannel, IbcChannelConnectMsg,
    IbcChannelOpenMsg, IbcEndpoint, IbcMsg, IbcOrder, IbcTimeout, MessageInfo, Order as Sorting,
    OwnedDeps, Reply, ReplyOn, Response, Storage, SubMsg, SubMsgResponse, SubMsgResult, Uint256,
    WasmMsg, from_json, to_json_vec,
};
use holding_pools::ContractError;
use holding_pools::contract;
use holding_pools::msg::{ExecuteMsg, InstantiateMsg};
use serde_json::{Value, json};

pub const ATOM: &str = "uatom";
pub const OSMO: &str = "uosmo";
/// A denom that may call a contract.
pub const FACTORY: &str = "factory/maker/gold";
pub const CCV: &str = "channel-7";
pub const TRANSFER: &str = "channel-1";
pub const PERIOD: u64 = 10;
const CONNECTION: &str = "connection-3";
pub const PORT: &str = "wasm.theirs";

/// A packet that the contract has sent.
#[derive(Clone, Debug)]
pub struct SentPacket {
    pub channel: String,
    pub data: Binary,
}

impl SentPacket {
    pub fn read(&self) -> CcvPacket {
        CcvPacket::read(&self.data).unwrap()
    }

    #[track_caller]
    pub fn weights(&self) -> WeightsChunk {
        match self.read() {
            CcvPacket::Weights(chunk) => chunk,
            other => panic!("no weights: {other:?}"),
        }
    }
}

/// A transfer that the contract has sent.
#[derive(Clone, Debug)]
pub struct SentTransfer {
    pub channel: String,
    pub to: String,
    pub amount: Coin,
    pub timeout: IbcTimeout,
    pub memo: String,
}

impl SentTransfer {
    pub fn read(&self) -> TransferMemo {
        TransferMemo::read(&self.memo).unwrap()
    }
}

pub struct Consumer {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub env: Env,
    balance: BTreeMap<String, u128>,
    /// What the consumer's fee pool, or whoever the bank pays, has got.
    pub fee_pool: BTreeMap<String, u128>,
    pub packets: Vec<SentPacket>,
    pub transfers: Vec<SentTransfer>,
    channels: Vec<IbcChannel>,
    /// Whether the client of the provider works: sends fail otherwise.
    pub is_client_alive: bool,
    /// Whether the bank refuses payments to the fee pool.
    pub refuses_payments: bool,
    /// A denom whose transfers the chain refuses.
    pub refused_denom: Option<&'static str>,
    /// Whether every transfer calls a contract that reports a block before it returns.
    pub reenters: bool,
    /// A message of the owner that a token's call brings while it is sent, once.
    pub while_sent: Option<Value>,
    /// Whether messages of the contract to itself run out of gas when they have done their work.
    pub runs_out_of_gas: bool,
    /// Gas limits of the transfers.
    pub gas_limits: Vec<Option<u64>>,
    /// Events of the last call.
    pub events: Vec<Event>,
}

pub fn channel(name: &str, port: &str, counterparty: &str, order: IbcOrder) -> IbcChannel {
    let end = |port: &str, channel: &str| IbcEndpoint {
        port_id: port.to_string(),
        channel_id: channel.to_string(),
    };
    IbcChannel::new(
        end(port, name),
        end(counterparty, "channel-90"),
        order,
        VERSION,
        CONNECTION,
    )
}

pub fn init(channel: &IbcChannel) -> IbcChannelOpenMsg {
    IbcChannelOpenMsg::new_init(channel.clone())
}

pub fn ack(channel: &IbcChannel) -> IbcChannelConnectMsg {
    IbcChannelConnectMsg::new_ack(channel.clone(), VERSION)
}

fn provider_codec() -> AddressCodec {
    AddressCodec::of_contract(&receiver()).unwrap()
}

pub fn receiver() -> Addr {
    MockApi::default().with_prefix("hub").addr_make("provider")
}

impl Consumer {
    /// The contract after set-up, without a channel.
    pub fn new(settings: Value) -> Self {
        let api = MockApi::default().with_prefix("con");
        let mut env = mock_env();
        env.contract.address = api.addr_make("pools");
        let deps = OwnedDeps {
            storage: MockStorage::new(),
            api,
            querier: MockQuerier::default(),
            custom_query_type: Default::default(),
        };
        let mut consumer = Consumer {
            deps,
            env,
            balance: BTreeMap::new(),
            fee_pool: BTreeMap::new(),
            packets: vec![],
            transfers: vec![],
            channels: vec![channel(
                TRANSFER,
                "transfer",
                "transfer",
                IbcOrder::Unordered,
            )],
            is_client_alive: true,
            refuses_payments: false,
            refused_denom: None,
            reenters: false,
            while_sent: None,
            runs_out_of_gas: false,
            gas_limits: vec![],
            events: vec![],
        };
        consumer.sync();
        let mut message = json!({
            "owner": api.addr_make("owner"),
            "reward_denoms": [ATOM, OSMO, FACTORY],
            "blocks_per_distribution_transmission": PERIOD,
            "base_proposer_reward": "0",
            "bonus_proposer_reward": "0",
            "reporters": {"block": [api.addr_make("reporter")]},
            "provider": {
                "connection_id": CONNECTION,
                "port_id": PORT,
                "transfer_channel": TRANSFER,
                "receiver": receiver(),
                "prefix": "hub",
            },
        });
        for (key, value) in settings.as_object().unwrap() {
            message[key] = value.clone();
        }
        let message: InstantiateMsg = from_json(to_json_vec(&message).unwrap()).unwrap();
        let info = consumer.info("owner", &[]);
        let env = consumer.env.clone();
        contract::instantiate(consumer.deps.as_mut(), env, info, message).unwrap();
        consumer
    }

    /// With an open channel and a probe that has passed.
    pub fn active(settings: Value) -> Self {
        let mut consumer = Consumer::new(settings);
        consumer.open(CCV).unwrap();
        consumer.pass_probe();
        consumer.packets.clear();
        consumer.transfers.clear();
        consumer
    }

    pub fn pass_probe(&mut self) {
        self.start_probe().unwrap();
        let transfers = self.transfers.len();
        self.transfer_succeeds(transfers - 2);
        self.transfer_comes_back(transfers - 1);
        self.tick(100);
        self.status(self.packets.len() - 1, "arrived");
        assert!(self.has_event("activated"), "{:?}", self.events);
        // The coin that came back.
        *self.balance.get_mut(ATOM).unwrap() -= 1;
        self.sync();
    }

    pub fn start_probe(&mut self) -> Result<(), ContractError> {
        self.try_execute("prober", json!({"probe": {}}), &[Coin::new(2u128, ATOM)])
    }

    fn sync(&mut self) {
        let coins = self.balance.iter();
        let coins = coins.map(|(denom, amount)| Coin::new(*amount, denom));
        let own_address = self.env.contract.address.to_string();
        let bank = &mut self.deps.querier.bank;
        bank.update_balance(own_address, coins.collect());
        self.deps.querier.ibc.update("wasm.ours", &self.channels);
    }

    pub fn fund(&mut self, denom: &str, amount: u128) {
        *self.balance.entry(denom.to_string()).or_default() += amount;
        self.sync();
    }

    pub fn balance(&self, denom: &str) -> u128 {
        self.balance.get(denom).copied().unwrap_or_default()
    }

    // ---- channels

    pub fn open(&mut self, name: &str) -> Result<(), ContractError> {
        self.open_as(channel(name, "wasm.ours", PORT, IbcOrder::Ordered))
    }

    pub fn open_as(&mut self, channel: IbcChannel) -> Result<(), ContractError> {
        let env = self.env.clone();
        contract::ibc_channel_open(self.deps.as_mut(), env.clone(), init(&channel))?;
        contract::ibc_channel_connect(self.deps.as_mut(), env, ack(&channel))?;
        self.channels.push(channel);
        self.sync();
        Ok(())
    }

    /// The chain closes a channel without a word.
    pub fn close(&mut self, name: &str) {
        self.channels
            .retain(|channel| channel.endpoint.channel_id != name);
        self.sync();
    }

    // ---- calls

    pub fn info(&self, sender: &str, funds: &[Coin]) -> MessageInfo {
        MessageInfo {
            sender: self.deps.api.addr_make(sender),
            funds: funds.to_vec(),
        }
    }

    pub fn snapshot(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.deps
            .storage
            .range(None, None, Sorting::Ascending)
            .collect()
    }

    fn restore(&mut self, records: Vec<(Vec<u8>, Vec<u8>)>) {
        self.deps.storage = MockStorage::new();
        for (key, value) in records {
            self.deps.storage.set(&key, &value);
        }
    }

    #[track_caller]
    pub fn execute(&mut self, sender: &str, message: Value) {
        self.try_execute(sender, message, &[]).unwrap();
    }

    #[track_caller]
    pub fn refused(&mut self, sender: &str, message: Value) -> String {
        self.try_execute(sender, message, &[])
            .unwrap_err()
            .to_string()
    }

    pub fn try_execute(
        &mut self,
        sender: &str,
        message: Value,
        funds: &[Coin],
    ) -> Result<(), ContractError> {
        let message: ExecuteMsg = from_json(to_json_vec(&message).unwrap()).unwrap();
        let before = (self.snapshot(), self.balance.clone());
        for coin in funds {
            self.fund(&coin.denom, base_units(coin.amount));
        }
        let info = self.info(sender, funds);
        let env = self.env.clone();
        self.events.clear();
        let done = contract::execute(self.deps.as_mut(), env, info, message)
            .and_then(|response| self.run(response));
        if done.is_err() {
            self.restore(before.0);
            self.balance = before.1;
            self.sync();
        }
        done
    }

    pub fn sudo(&mut self, message: Value) {
        let message: RawSudo = from_json(to_json_vec(&message).unwrap()).unwrap();
        let env = self.env.clone();
        self.events.clear();
        let response = contract::sudo(self.deps.as_mut(), env, message).unwrap();
        self.run(response).unwrap();
    }

    fn run(&mut self, response: Response) -> Result<(), ContractError> {
        self.events.extend(response.events);
        response
            .messages
            .into_iter()
            .try_for_each(|message| self.run_message(message))
    }

    fn run_message(&mut self, message: SubMsg) -> Result<(), ContractError> {
        if let CosmosMsg::Ibc(IbcMsg::Transfer { .. }) = &message.msg {
            self.gas_limits.push(message.gas_limit);
        }
        let outcome = self.apply(message.msg);
        self.sync();
        let wants_reply = match (&outcome, message.reply_on) {
            (_, ReplyOn::Always) => true,
            (Ok(()), on) => on == ReplyOn::Success,
            (Err(_), on) => on == ReplyOn::Error,
        };
        if !wants_reply {
            return outcome
                .map_err(|reason| ContractError::Std(cosmwasm_std::StdError::msg(reason)));
        }
        #[allow(deprecated)]
        let result = match outcome {
            Ok(()) => SubMsgResult::Ok(SubMsgResponse {
                events: vec![],
                data: None,
                msg_responses: vec![],
            }),
            Err(reason) => SubMsgResult::Err(reason),
        };
        let reply = Reply {
            id: message.id,
            payload: message.payload,
            gas_used: 0,
            result,
        };
        let env = self.env.clone();
        let response = contract::reply(self.deps.as_mut(), env, reply)?;
        self.run(response)
    }

    fn apply(&mut self, message: CosmosMsg) -> Result<(), String> {
        match message {
            CosmosMsg::Bank(BankMsg::Send { amount, .. }) => {
                if self.refuses_payments {
                    return Err("blocked".to_string());
                }
                for coin in amount {
                    self.debit(&coin)?;
                    let got = self.fee_pool.entry(coin.denom).or_default();
                    *got += base_units(coin.amount);
                }
                Ok(())
            }
            CosmosMsg::Ibc(IbcMsg::SendPacket {
                channel_id, data, ..
            }) => {
                let mut channels = self.channels.iter();
                let is_open = channels.any(|channel| channel.endpoint.channel_id == channel_id);
                if !self.is_client_alive || !is_open {
                    return Err("codespace: 02-client, code: 29".to_string());
                }
                self.packets.push(SentPacket {
                    channel: channel_id,
                    data,
                });
                Ok(())
            }
            CosmosMsg::Ibc(IbcMsg::Transfer {
                channel_id,
                to_address,
                amount,
                timeout,
                memo,
            }) => {
                if !self.is_client_alive {
                    return Err("codespace: 02-client, code: 29".to_string());
                }
                if self.refused_denom == Some(amount.denom.as_str()) {
                    return Err("codespace: sdk, code: 4".to_string());
                }
                self.debit(&amount)?;
                self.sync();
                if self.reenters {
                    self.env.block.height += 1;
                    let env = self.env.clone();
                    let block = json!({"begin_block": {"last_commit": {"signed_power": "0"}}});
                    let block = from_json(to_json_vec(&block).unwrap()).unwrap();
                    contract::sudo(self.deps.as_mut(), env, block).unwrap();
                }
                if let Some(message) = self.while_sent.take() {
                    let message = from_json(to_json_vec(&message).unwrap()).unwrap();
                    let (env, info) = (self.env.clone(), self.info("owner", &[]));
                    let done = contract::execute(self.deps.as_mut(), env, info, message);
                    self.events.extend(done.unwrap().events);
                }
                self.transfers.push(SentTransfer {
                    channel: channel_id,
                    to: to_address,
                    amount,
                    timeout,
                    memo: memo.unwrap(),
                });
                Ok(())
            }
            CosmosMsg::Wasm(WasmMsg::Execute {
                contract_addr, msg, ..
            }) => {
                assert_eq!(contract_addr, self.env.contract.address.as_str());
                self.call_itself(&msg)
            }
            other => panic!("unexpected message {other:?}"),
        }
    }

    /// A message of the contract to itself, which the chain rolls back when it fails.
    fn call_itself(&mut self, msg: &Binary) -> Result<(), String> {
        let before = (self.snapshot(), self.balance.clone());
        let info = MessageInfo {
            sender: self.env.contract.address.clone(),
            funds: vec![],
        };
        let env = self.env.clone();
        let message: ExecuteMsg = from_json(msg).unwrap();
        let mut done = contract::execute(self.deps.as_mut(), env, info, message)
            .and_then(|response| self.run(response))
            .map_err(|error| error.to_string());
        if self.runs_out_of_gas {
            done = Err("codespace: sdk, code: 11".to_string());
        }
        if done.is_err() {
            self.restore(before.0);
            self.balance = before.1;
        }
        done
    }

    fn debit(&mut self, coin: &Coin) -> Result<(), String> {
        let amount = base_units(coin.amount);
        let has = self.balance.entry(coin.denom.clone()).or_default();
        *has = has
            .checked_sub(amount)
            .ok_or_else(|| format!("insufficient funds: {has} of {coin}"))?;
        Ok(())
    }

    // ---- blocks

    pub fn next_block(&mut self) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_seconds(6);
    }

    /// A new block, signed by everybody.
    pub fn block(&mut self) {
        self.block_by(None);
    }

    pub fn block_by(&mut self, proposer: Option<u8>) {
        self.next_block();
        let proposer = proposer.map(|number| self.validator(number));
        self.sudo(json!({"begin_block": {
            "proposer": proposer,
            "last_commit": {"signed_power": u64::MAX.to_string()},
        }}));
        assert!(!self.has_event("hook_ignored"), "{:?}", self.events);
        self.check();
    }

    /// Blocks without fees until a due one has been.
    pub fn due_block(&mut self) {
        loop {
            self.block();
            if self.has_event("distribution_transmission") {
                return;
            }
        }
    }

    pub fn powers(&mut self, powers: &[(u8, u64)]) {
        let changes: Vec<Value> = powers
            .iter()
            .map(|(number, power)| {
                json!({"validator": self.validator(*number), "power": power.to_string()})
            })
            .collect();
        self.sudo(json!({"powers_changed": {"changes": changes}}));
        assert!(!self.has_event("hook_ignored"), "{:?}", self.events);
        self.check();
    }

    /// The name of a validator of a larger set.
    pub fn one_of_many(&self, number: u32) -> String {
        let codec = AddressCodec::of_contract(&self.env.contract.address).unwrap();
        let mut bytes = [0; 20];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        let bytes = AddressBytes::new(&bytes).unwrap();
        codec.show_validator(&bytes, ValidatorForm::Operator)
    }

    /// Sets one power for validators of a larger set, in pages of at most 100.
    pub fn many_powers(&mut self, numbers: &[u32], power: u64) {
        let name = |number: &u32| self.one_of_many(*number);
        let changes: Vec<Value> = numbers
            .iter()
            .map(|number| json!({"validator": name(number), "power": power.to_string()}))
            .collect();
        self.sudo(json!({"powers_changed": {"changes": changes}}));
        assert!(!self.has_event("hook_ignored"), "{:?}", self.events);
    }

    fn bytes(number: u8) -> AddressBytes {
        AddressBytes::new(&[number; 20]).unwrap()
    }

    pub fn validator(&self, number: u8) -> String {
        let codec = AddressCodec::of_contract(&self.env.contract.address).unwrap();
        codec.show_validator(&Self::bytes(number), ValidatorForm::Operator)
    }

    pub fn provider_validator(number: u8) -> String {
        provider_codec().show_validator(&Self::bytes(number), ValidatorForm::Operator)
    }

    #[track_caller]
    pub fn tick(&mut self, limit: u32) {
        self.execute("anyone", json!({"tick": {"limit": limit}}));
        self.check();
    }

    /// Ticks until nothing is left to do.
    #[track_caller]
    pub fn tick_all(&mut self) {
        for _ in 0..1_000 {
            self.tick(100);
            if self.attribute("tick", "has_more") == "false" {
                return;
            }
        }
        panic!("ticks do not end");
    }
}

/// Points of whole coins.
pub fn coins(amount: u128) -> Uint256 {
    distribution_math::Points::from_coins(amount).value()
}

fn base_units(amount: Uint256) -> u128 {
    cosmwasm_std::Uint128::try_from(amount).unwrap().u128()
}
