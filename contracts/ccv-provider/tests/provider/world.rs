//! The contract, the chain under it, and the consumers that send to it.

use std::collections::{BTreeMap, BTreeSet};

use ccv::denom::DenomTrace;
use ccv::memo::{Callback, Expect, Purpose, TransferMemo};
use ccv::name::Name;
use ccv::packet::{CcvPacket, VERSION};
use ccv::transfer::TransferData;
use ccv::weights::{Entry, WeightsChunk, chunks};
use ccv_provider::ContractError;
use ccv_provider::contract;
use ccv_provider::msg::{ExecuteMsg, InstantiateMsg, QueryMsg, RegisterConsumer, Target};
use chain_types::address::{AddressBytes, AddressCodec, ValidatorForm};
use cosmwasm_std::testing::{MockApi, message_info, mock_env};
use cosmwasm_std::{
    Addr, BankMsg, Binary, Coin, CosmosMsg, Empty, Env, Event, IbcAcknowledgement,
    IbcBasicResponse, IbcChannel, IbcChannelConnectMsg, IbcChannelOpenMsg,
    IbcDestinationCallbackMsg, IbcEndpoint, IbcOrder, IbcPacket, IbcPacketReceiveMsg,
    IbcReceiveResponse, IbcTransferCallback, OwnedDeps, Reply, ReplyOn, Response, StdAck, SubMsg,
    SubMsgResponse, SubMsgResult, Timestamp, Uint256, WasmMsg, from_json,
};
use distribution_math::Points;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::chain::Chain;
use crate::event_ledger::{EventLedger, Sums};
use crate::metered::Metered;

pub const DENOM: &str = "uatom";
/// What `uatom` is called here when it came over `channel-0`.
pub const LOCAL: &str = "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";

pub type Deps = OwnedDeps<Metered, MockApi, Chain>;

/// A consumer that is registered or pretends to be.
#[derive(Clone)]
pub struct Peer {
    pub id: &'static str,
    pub connection: &'static str,
    pub port: &'static str,
    pub contract: &'static str,
    /// This chain's end of its transfer channel, and its own end.
    pub transfer_channel: &'static str,
    pub far_channel: &'static str,
    /// This chain's end of its CCV channel.
    pub channel: &'static str,
}

pub const ALPHA: Peer = Peer {
    id: "alpha",
    connection: "connection-0",
    port: "wasm.alpha1pools",
    contract: "alpha1pools",
    transfer_channel: "channel-0",
    far_channel: "channel-70",
    channel: "channel-100",
};

pub const BETA: Peer = Peer {
    id: "beta",
    connection: "connection-1",
    port: "wasm.beta1pools",
    contract: "beta1pools",
    transfer_channel: "channel-1",
    far_channel: "channel-71",
    channel: "channel-101",
};

pub struct World {
    pub deps: Deps,
    pub env: Env,
    pub owner: Addr,
    pub target: Target,
    /// Whom payments do not reach.
    pub refusing: BTreeSet<String>,
    /// What was paid, by payee and denom.
    pub paid: BTreeMap<(String, String), u128>,
    /// Messages that were sent, as their kinds.
    pub sent: Vec<String>,
    /// What the events of everything so far add up to.
    events: EventLedger,
    /// Whether the ledger is audited after every step.
    pub is_checked: bool,
}

/// The account with these bytes.
pub fn account(number: u8) -> String {
    codec()
        .show_account(&AddressBytes::new(&[number; 20]).unwrap())
        .into_string()
}

/// The validator with these bytes, as operator address.
pub fn validator(number: u8) -> String {
    let bytes = AddressBytes::new(&[number; 20]).unwrap();
    codec().show_validator(&bytes, ValidatorForm::Operator)
}

pub fn codec() -> AddressCodec {
    AddressCodec::of_contract(&mock_env().contract.address).unwrap()
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Entries of the validators 1, 2, .. with weights of as many coins.
pub fn coins(weights: &[u128]) -> Vec<Entry> {
    (1..)
        .zip(weights)
        .map(|(number, coins)| Entry::new(name(&validator(number)), Points::from_coins(*coins)))
        .collect()
}

impl World {
    /// Native, with `alpha` registered and connected, and the validators 1 to 9.
    pub fn new() -> Self {
        let mut world = World::of(Target::Native);
        world.register(&ALPHA);
        world.connect(&ALPHA);
        world
    }

    pub fn of(target: Target) -> Self {
        let deps = OwnedDeps {
            storage: Metered::default(),
            api: MockApi::default(),
            querier: Chain::default(),
            custom_query_type: std::marker::PhantomData,
        };
        let mut world = World {
            deps,
            env: mock_env(),
            owner: Addr::unchecked(account(200)),
            target: target.clone(),
            refusing: BTreeSet::new(),
            paid: BTreeMap::new(),
            sent: Vec::new(),
            events: EventLedger::default(),
            is_checked: true,
        };
        let msg = InstantiateMsg {
            owner: None,
            target,
            community_pool: None,
        };
        let info = message_info(&world.owner, &[]);
        contract::instantiate(world.deps.as_mut(), world.env.clone(), info, msg).unwrap();
        for number in 1..=9 {
            world.add_validator(number);
        }
        world
    }

    /// How the target writes a validator.
    pub fn show(&self, number: u8) -> String {
        match self.target {
            Target::Group { .. } => account(number),
            _ => validator(number),
        }
    }

    pub fn add_validator(&mut self, number: u8) {
        let name = self.show(number);
        self.deps.querier.validators.insert(name);
    }

    pub fn remove_validator(&mut self, number: u8) {
        let name = self.show(number);
        self.deps.querier.validators.remove(&name);
    }

    pub fn registration(peer: &Peer) -> RegisterConsumer {
        RegisterConsumer {
            id: peer.id.to_string(),
            connection_id: peer.connection.to_string(),
            port_id: peer.port.to_string(),
            contract: peer.contract.to_string(),
            transfer_channel: peer.transfer_channel.to_string(),
            denoms: vec![DENOM.to_string()],
            order: None,
            disqualified: None,
            admin: Some(account(201)),
            transfer_connection_id: None,
        }
    }

    /// Registers a consumer whose transfer channel is open.
    pub fn register(&mut self, peer: &Peer) {
        let msg = ExecuteMsg::RegisterConsumer(World::registration(peer));
        self.owner(msg).unwrap();
        self.open_transfer(peer);
    }

    pub fn open_transfer(&mut self, peer: &Peer) {
        let channel = channel(
            endpoint("transfer", peer.transfer_channel),
            endpoint("transfer", peer.far_channel),
            peer.connection,
        );
        self.deps.querier.channels.push(channel);
    }

    pub fn ccv_channel(peer: &Peer) -> IbcChannel {
        channel(
            endpoint("wasm.provider", peer.channel),
            endpoint(peer.port, "channel-5"),
            peer.connection,
        )
    }

    pub fn open_try(&mut self, channel: &IbcChannel, version: &str) -> Result<(), ContractError> {
        let msg = IbcChannelOpenMsg::new_try(channel.clone(), version);
        contract::ibc_channel_open(self.deps.as_mut(), self.env.clone(), msg).map(|answer| {
            assert_eq!(answer.unwrap().version, VERSION);
        })
    }

    pub fn open_confirm(&mut self, channel: &IbcChannel) -> Result<(), ContractError> {
        let msg = IbcChannelConnectMsg::new_confirm(channel.clone());
        contract::ibc_channel_connect(self.deps.as_mut(), self.env.clone(), msg)?;
        self.deps.querier.channels.push(channel.clone());
        Ok(())
    }

    pub fn connect(&mut self, peer: &Peer) {
        let channel = World::ccv_channel(peer);
        self.open_try(&channel, VERSION).unwrap();
        self.open_confirm(&channel).unwrap();
    }

    /// The chain closes a channel, without a call.
    pub fn close(&mut self, channel_id: &str) {
        let channels = &mut self.deps.querier.channels;
        channels.retain(|channel| channel.endpoint.channel_id != channel_id);
    }

    /// A message of the owner.
    pub fn owner(&mut self, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let owner = self.owner.clone();
        self.execute(&owner, msg)
    }

    /// A message of somebody who has no role.
    pub fn anyone(&mut self, msg: ExecuteMsg) -> Result<Response, ContractError> {
        self.execute(&Addr::unchecked(account(202)), msg)
    }

    /// A message, with everything that it sends; what fails changes nothing.
    pub fn execute(&mut self, sender: &Addr, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let before = self.snapshot();
        self.deps.storage.take_gas();
        let info = message_info(sender, &[]);
        let result = contract::execute(self.deps.as_mut(), self.env.clone(), info, msg);
        match &result {
            Ok(response) => {
                let messages = response.messages.clone();
                self.record(&response.events);
                self.deliver(&messages);
                self.check();
            }
            Err(_) => self.restore(before),
        }
        result
    }

    /// Takes events into the ledger that is built from them.
    pub fn record(&mut self, events: &[Event]) {
        for event in events {
            self.events.add(event);
        }
    }

    pub fn snapshot(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        use cosmwasm_std::Storage;
        let range = self
            .deps
            .storage
            .range(None, None, cosmwasm_std::Order::Ascending);
        range.collect()
    }

    pub fn restore(&mut self, records: Vec<(Vec<u8>, Vec<u8>)>) {
        use cosmwasm_std::Storage;
        self.deps.storage = Metered::default();
        for (key, value) in records {
            self.deps.storage.set(&key, &value);
        }
    }

    /// Delivers messages, or does not, and calls `reply` as the chain does.
    pub fn deliver(&mut self, messages: &[SubMsg]) {
        for message in messages {
            let payments = payments(&message.msg);
            self.sent.push(kind(&message.msg));
            let is_refused = payments.iter().any(|(to, _)| self.refusing.contains(to));
            if !is_refused {
                for (to, coin) in payments {
                    let amount: u128 = coin.amount.to_string().parse().unwrap();
                    let balance = self.deps.querier.balances.entry(coin.denom.clone());
                    let balance = balance.or_default();
                    *balance = balance.checked_sub(amount).expect("the balance covers it");
                    *self.paid.entry((to, coin.denom)).or_default() += amount;
                }
            }
            self.reply(message, is_refused);
        }
    }

    fn reply(&mut self, message: &SubMsg, is_refused: bool) {
        let wants = match message.reply_on {
            ReplyOn::Always => true,
            ReplyOn::Error => is_refused,
            ReplyOn::Success => !is_refused,
            ReplyOn::Never => false,
        };
        if !wants {
            assert!(!is_refused, "an error without reply reverts the message");
            return;
        }
        #[allow(deprecated)]
        let done = SubMsgResponse {
            events: vec![],
            data: None,
            msg_responses: vec![],
        };
        let reply = Reply {
            id: message.id,
            payload: message.payload.clone(),
            gas_used: 0,
            result: match is_refused {
                true => SubMsgResult::Err("codespace: sdk, code: 4".to_string()),
                false => SubMsgResult::Ok(done),
            },
        };
        let response = contract::reply(self.deps.as_mut(), self.env.clone(), reply).unwrap();
        assert!(response.messages.is_empty());
        self.record(&response.events);
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        from_json(self.try_query(msg).unwrap()).unwrap()
    }

    pub fn try_query(&self, msg: &QueryMsg) -> Result<Binary, ContractError> {
        contract::query(self.deps.as_ref(), self.env.clone(), msg.clone())
    }

    /// A query whose answer is compared as JSON.
    pub fn ask(&self, msg: Value) -> Value {
        let msg: QueryMsg = serde_json::from_value(msg).unwrap();
        self.query(&msg)
    }

    /// A packet on a consumer's CCV channel; what is refused changes nothing.
    pub fn packet(&mut self, peer: &Peer, packet: &CcvPacket) -> Result<Ack, ContractError> {
        self.raw_packet(peer, packet.write().unwrap())
    }

    pub fn raw_packet(&mut self, peer: &Peer, data: Binary) -> Result<Ack, ContractError> {
        let before = self.snapshot();
        self.deps.storage.take_gas();
        let timeout = self.env.block.time.plus_seconds(60);
        let packet = IbcPacket::new(
            data,
            endpoint(peer.port, "channel-5"),
            endpoint("wasm.provider", peer.channel),
            1,
            timeout.into(),
        );
        let msg = IbcPacketReceiveMsg::new(packet, Addr::unchecked("relayer"));
        match contract::ibc_packet_receive(self.deps.as_mut(), self.env.clone(), msg) {
            Ok(response) => {
                self.check();
                Ok(Ack::new(response))
            }
            Err(error) => {
                self.restore(before);
                Err(error)
            }
        }
    }

    pub fn weights(&mut self, peer: &Peer, chunk: &WeightsChunk) -> Result<Ack, ContractError> {
        self.packet(peer, &CcvPacket::Weights(chunk.clone()))
    }

    /// All chunks of a unit of `uatom`.
    pub fn all_weights(&mut self, peer: &Peer, epoch: u32, entries: Vec<Entry>) {
        for chunk in chunks(epoch, name(DENOM), entries).unwrap() {
            self.weights(peer, &chunk).unwrap();
        }
    }

    /// Coins of a unit of `uatom` arrive.
    pub fn tokens(&mut self, peer: &Peer, epoch: u32, amount: u128) -> Result<(), ContractError> {
        self.arrive(Delivery::new(peer, epoch, amount))
    }

    /// Coins are credited and the contract is called; what it refuses is taken back.
    pub fn arrive(&mut self, delivery: Delivery) -> Result<(), ContractError> {
        let before = self.snapshot();
        self.deps.storage.take_gas();
        let denom = delivery.credited.denom.clone();
        let amount: u128 = delivery.credited.amount.to_string().parse().unwrap();
        *self.deps.querier.balances.entry(denom.clone()).or_default() += amount;
        let msg = delivery.message(&self.env);
        let called = contract::ibc_destination_callback(self.deps.as_mut(), self.env.clone(), msg);
        match called {
            Ok(IbcBasicResponse {
                messages, events, ..
            }) => {
                self.record(&events);
                assert!(
                    messages.is_empty(),
                    "an arrival is recorded and nothing more"
                );
                self.check();
                Ok(())
            }
            Err(error) => {
                *self.deps.querier.balances.get_mut(&denom).unwrap() -= amount;
                self.restore(before);
                Err(error)
            }
        }
    }

    pub fn process(&mut self, peer: &Peer, epoch: u32, limit: u32) -> Result<Value, ContractError> {
        let msg = ExecuteMsg::Process {
            consumer: peer.id.to_string(),
            epoch,
            denom: DENOM.to_string(),
            limit: Some(limit),
        };
        let response = self.anyone(msg)?;
        Ok(from_json(response.data.unwrap()).unwrap())
    }

    /// Processes a unit to its end; returns how many messages that took.
    pub fn process_all(&mut self, peer: &Peer, epoch: u32, limit: u32) -> u32 {
        for message in 1.. {
            if self.process(peer, epoch, limit).unwrap()["next"].is_null() {
                return message;
            }
        }
        0
    }

    /// What a validator was paid of the coins over `channel-0`.
    pub fn paid_to(&self, number: u8) -> u128 {
        self.paid_in(&self.show(number), LOCAL)
    }

    pub fn paid_in(&self, to: &str, denom: &str) -> u128 {
        let key = (to.to_string(), denom.to_string());
        self.paid.get(&key).copied().unwrap_or_default()
    }

    pub fn carry(&self, peer: &Peer) -> Value {
        self.ask(json!({"carry": {"consumer": peer.id}}))["carry"].clone()
    }

    /// The balance covers what is owed, and the audit in pages of every size gives the same sums.
    #[track_caller]
    pub fn check(&self) {
        if !self.is_checked {
            return;
        }
        let ledger = self.ask(json!({"invariants": {"limit": 100}}));
        let totals = |denoms: &Value| {
            let mut totals: BTreeMap<(String, String), Uint256> = BTreeMap::new();
            for denom in denoms.as_array().unwrap() {
                for liability in denom["liabilities"].as_array().unwrap() {
                    let points: Uint256 = liability["points"].as_str().unwrap().parse().unwrap();
                    let asset = denom["asset"].to_string();
                    let key = (asset, liability["class"].to_string());
                    *totals.entry(key).or_default() += points;
                }
            }
            totals.retain(|_, points| !points.is_zero());
            totals
        };
        for denom in ledger["denoms"].as_array().unwrap() {
            let difference = denom["difference"].as_str().unwrap();
            assert!(!difference.starts_with('-'), "{denom}");
            let in_flight = &denom["liabilities"][2];
            assert_eq!(in_flight["class"], "in_flight");
            assert_eq!(in_flight["points"], "0", "{denom}");
        }
        self.check_events(&ledger["denoms"]);
        for limit in [1, 2, 100] {
            let mut pages = Vec::new();
            let mut start_after = Value::Null;
            loop {
                let page = self.ask(json!({"audit": {"start_after": start_after, "limit": limit}}));
                pages.extend(page["denoms"].as_array().unwrap().clone());
                start_after = page["next"].clone();
                if start_after.is_null() {
                    break;
                }
            }
            assert_eq!(
                totals(&json!(pages)),
                totals(&ledger["denoms"]),
                "limit {limit}"
            );
        }
    }
}

impl World {
    /// The events add up to the ledger and to the carries.
    #[track_caller]
    fn check_events(&self, denoms: &Value) {
        let one_coin = Points::from_coins(1).value();
        let mut classes = Sums::new();
        for denom in denoms.as_array().unwrap() {
            let name = denom["asset"]["native"].as_str().unwrap();
            for liability in denom["liabilities"].as_array().unwrap() {
                let points: Uint256 = liability["points"].as_str().unwrap().parse().unwrap();
                let class = liability["class"].as_str().unwrap();
                classes.insert((class.to_string(), name.to_string()), points / one_coin);
            }
        }
        classes.retain(|_, amount| !amount.is_zero());
        assert_eq!(self.events.classes, classes);
        let mut carries = Sums::new();
        for consumer in self.ask(json!({"consumers": {}}))["consumers"]
            .as_array()
            .unwrap()
        {
            let id = consumer["id"].as_str().unwrap();
            let carry = self.ask(json!({"carry": {"consumer": id}}));
            for coin in carry["carry"].as_array().unwrap() {
                let coin: Coin = serde_json::from_value(coin.clone()).unwrap();
                carries.insert((id.to_string(), coin.denom), coin.amount);
            }
        }
        assert_eq!(self.events.carries, carries);
    }
}

/// An acknowledgement that was written.
pub struct Ack(String);

impl Ack {
    fn new(response: IbcReceiveResponse) -> Self {
        Ack(String::from_utf8(response.acknowledgement.unwrap().to_vec()).unwrap())
    }

    /// The bytes on the wire.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What a status says.
    pub fn status(&self) -> String {
        let ack: Value = serde_json::from_str(&self.0).unwrap();
        let payload = Binary::from_base64(ack["result"].as_str().unwrap()).unwrap();
        String::from_utf8(payload.to_vec()).unwrap()
    }
}

/// A transfer that arrives, as a test may bend it.
#[derive(Clone)]
pub struct Delivery {
    pub src: IbcEndpoint,
    pub dest: IbcEndpoint,
    pub data: TransferData,
    pub purpose: Purpose,
    /// Bytes in place of the packet's data.
    pub raw: Option<Vec<u8>>,
    /// A text in place of the memo.
    pub memo: Option<String>,
    pub src_callback: String,
    pub dest_callback: String,
    pub has_transfer: bool,
    pub ack: StdAck,
    /// What the bank credits.
    pub credited: Coin,
}

impl Delivery {
    /// As a consumer sends it.
    pub fn new(peer: &Peer, epoch: u32, amount: u128) -> Self {
        let provider = mock_env().contract.address.into_string();
        let src = endpoint("transfer", peer.far_channel);
        let dest = endpoint("transfer", peer.transfer_channel);
        let trace = DenomTrace::read(DENOM).unwrap().received(&src, &dest);
        Delivery {
            src,
            dest,
            data: TransferData {
                denom: DENOM.to_string(),
                amount: amount.into(),
                sender: peer.contract.to_string(),
                receiver: provider.clone(),
                memo: String::new(),
            },
            purpose: Purpose::CcvDistribution {
                epoch,
                denom: name(DENOM),
                attempt: 1,
            },
            raw: None,
            memo: None,
            src_callback: peer.contract.to_string(),
            dest_callback: provider,
            has_transfer: true,
            ack: StdAck::success(b"\x01"),
            credited: Coin::new(amount, trace.local_denom()),
        }
    }

    /// As a consumer sends a coin of its own.
    pub fn of(peer: &Peer, denom: &str, epoch: u32, amount: u128) -> Self {
        let mut delivery = Delivery::new(peer, epoch, amount);
        let trace = DenomTrace::read(denom).unwrap();
        let trace = trace.received(&delivery.src, &delivery.dest);
        delivery.data.denom = denom.to_string();
        delivery.purpose = Purpose::CcvDistribution {
            epoch,
            denom: name(denom),
            attempt: 1,
        };
        delivery.credited.denom = trace.local_denom();
        delivery
    }

    pub fn probe(peer: &Peer, nonce: u32, expect: Expect) -> Self {
        Delivery {
            purpose: Purpose::CcvProbe { nonce, expect },
            ..Delivery::new(peer, 0, 1)
        }
    }

    /// The data that is sent, unless a test writes its own.
    pub fn packet_data(&self) -> Vec<u8> {
        let memo = TransferMemo {
            src_callback: Callback {
                address: name(&self.src_callback),
            },
            dest_callback: Callback {
                address: name(&self.dest_callback),
            },
            purpose: self.purpose.clone(),
        };
        let memo = self.memo.clone().unwrap_or_else(|| memo.write().unwrap());
        let data = TransferData {
            memo,
            ..self.data.clone()
        };
        to_bytes(&data)
    }

    fn message(&self, env: &Env) -> IbcDestinationCallbackMsg {
        let data = self.raw.clone().unwrap_or_else(|| self.packet_data());
        let packet = IbcPacket::new(
            data,
            self.src.clone(),
            self.dest.clone(),
            7,
            env.block.time.plus_seconds(60).into(),
        );
        let transfer = IbcTransferCallback {
            sender: self.data.sender.clone(),
            receiver: Addr::unchecked(&self.data.receiver),
            funds: vec![self.credited.clone()],
        };
        IbcDestinationCallbackMsg {
            packet,
            ack: IbcAcknowledgement::new(self.ack.to_binary()),
            transfer: self.has_transfer.then_some(transfer),
        }
    }
}

pub fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

pub fn endpoint(port_id: &str, channel_id: &str) -> IbcEndpoint {
    IbcEndpoint {
        port_id: port_id.to_string(),
        channel_id: channel_id.to_string(),
    }
}

pub fn channel(end: IbcEndpoint, counterparty: IbcEndpoint, connection: &str) -> IbcChannel {
    IbcChannel::new(end, counterparty, IbcOrder::Ordered, VERSION, connection)
}

pub fn later(env: &Env, seconds: u64) -> Timestamp {
    env.block.time.plus_seconds(seconds)
}

/// Whom a message pays.
fn payments(message: &CosmosMsg<Empty>) -> Vec<(String, Coin)> {
    match message {
        CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
            vec![(to_address.clone(), amount[0].clone())]
        }
        CosmosMsg::Wasm(WasmMsg::Execute { msg, funds, .. }) => {
            let message: fee_pool_core::msg::ExecuteMsg = from_json(msg).unwrap();
            fee_pool_payments(message, funds)
        }
        CosmosMsg::Any(message) => any_payments(&message.type_url, &message.value),
        other => panic!("{other:?}"),
    }
}

fn fee_pool_payments(
    message: fee_pool_core::msg::ExecuteMsg,
    funds: &[Coin],
) -> Vec<(String, Coin)> {
    use fee_pool_core::msg::ExecuteMsg as Msg;
    match message {
        Msg::DepositValidatorRewards { allocations } => {
            let paid: Vec<(String, Coin)> = allocations
                .into_iter()
                .map(|part| (part.validator, part.amount[0].clone()))
                .collect();
            let names: BTreeSet<&String> = paid.iter().map(|(name, _)| name).collect();
            assert_eq!(
                names.len(),
                paid.len(),
                "a fee pool refuses repeated validators"
            );
            let sum = paid
                .iter()
                .fold(Uint256::zero(), |sum, (_, coin)| sum + coin.amount);
            assert_eq!(funds, [Coin::new(sum, &paid[0].1.denom)]);
            paid
        }
        Msg::FundCommunityPool {} => vec![("fee_pool".to_string(), funds[0].clone())],
        _ => panic!("not a message of a provider"),
    }
}

fn any_payments(type_url: &str, value: &[u8]) -> Vec<(String, Coin)> {
    let (to, coin) = match type_url {
        "/cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool" => {
            let fields = fields(value);
            (text(&fields[&2]), fields[&3].clone())
        }
        "/cosmos.distribution.v1beta1.MsgFundCommunityPool" => {
            ("community".to_string(), fields(value)[&1].clone())
        }
        "/cosmos.protocolpool.v1.MsgFundCommunityPool" => {
            ("protocol_pool".to_string(), fields(value)[&2].clone())
        }
        other => panic!("{other}"),
    };
    let coin = fields(&coin);
    let amount: Uint256 = text(&coin[&2]).parse().unwrap();
    vec![(to, Coin::new(amount, text(&coin[&1])))]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The fields of a protobuf message that has each once, all of them with a length below 2^14.
fn fields(mut bytes: &[u8]) -> BTreeMap<u8, Vec<u8>> {
    let mut fields = BTreeMap::new();
    while let [key, length, rest @ ..] = bytes {
        let (length, rest) = match length {
            short if *short < 128 => (usize::from(*short), rest),
            low => (
                usize::from(low & 127) + 128 * usize::from(rest[0]),
                &rest[1..],
            ),
        };
        let known = fields.insert(key >> 3, rest[..length].to_vec());
        assert!(known.is_none());
        bytes = &rest[length..];
    }
    fields
}

fn kind(message: &CosmosMsg<Empty>) -> String {
    match message {
        CosmosMsg::Bank(_) => "bank".to_string(),
        CosmosMsg::Wasm(_) => "wasm".to_string(),
        CosmosMsg::Any(any) => any.type_url.clone(),
        other => panic!("{other:?}"),
    }
}
