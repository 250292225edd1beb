//! The brute-force ledger, fed with what the chain's blocks have for the pool, in their order.

use std::collections::BTreeMap;

use chain_types::staking_event::{ChangedPower, StakingEvent};
use cosmos_sdk_proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmos_sdk_proto::cosmwasm::wasm::v1::MsgExecuteContract;
use cosmrs::Any;
use cosmwasm_std::Binary;
use fee_pool_core::msg::{ExecuteMsg, ImportPage};
use oracles::ledger::{BlockFees, DenomAmount, FeeLedger, FeeParams, ImportedValidator};
use prost::{Message as _, Name as _};
use serde::Deserialize;
use serde_json::Value;
use validator_rewards::last_commit::BeginBlock;

use super::stakes::fraction;
use crate::rpc::Rpc;

/// The one denom.
pub const DENOM: &str = "stake";

#[derive(Deserialize)]
struct Attribute {
    key: String,
    value: String,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    name: String,
    attributes: Vec<Attribute>,
}

impl Event {
    fn text(&self, key: &str) -> &str {
        let mut found = self.attributes.iter().filter(|it| it.key == key);
        found.next().map_or("", |it| &it.value)
    }

    fn amount(&self) -> u128 {
        let amount = self.text("amount").strip_suffix(DENOM);
        amount.map_or(0, |digits| digits.parse().unwrap())
    }
}

fn events(events: &Value) -> Vec<Event> {
    // A block without any has none instead of an empty list.
    serde_json::from_value::<Option<_>>(events.clone())
        .unwrap()
        .unwrap_or_default()
}

/// What the blocks said, and the ledger that it makes.
pub struct Replay {
    /// What everybody has earned and was paid.
    pub ledger: FeeLedger,
    /// What the pool received, by the height of the block.
    pub income: BTreeMap<u64, u128>,
    /// What it received and has not split yet.
    pub waiting: u128,
    /// The heights that were reported and split.
    pub reports: Vec<u64>,
    /// How often everything happened: messages and slashes of the chain, and what the pool was told.
    pub happened: BTreeMap<String, u32>,
    /// Why reports failed.
    pub failures: Vec<String>,
    pool: String,
    /// The height at which a report was split last.
    split_at: u64,
}

impl Replay {
    /// Reads all blocks until a height.
    pub fn read(rpc: Rpc, pool: &str, last: u64) -> Self {
        let ledger = FeeLedger::new(FeeParams::default()).unwrap();
        let mut replay = Replay {
            ledger: ledger.inactive(),
            income: BTreeMap::new(),
            waiting: 0,
            reports: Vec::new(),
            happened: BTreeMap::new(),
            failures: Vec::new(),
            pool: pool.to_string(),
            split_at: 0,
        };
        for height in 1..=last {
            let block = rpc.result(&format!("/block?height={height}")).unwrap();
            let results = rpc.result(&format!("/block_results?height={height}"));
            let results = results.unwrap();
            let transactions = block["block"]["data"]["txs"].as_array().unwrap();
            for (place, transaction) in transactions.iter().enumerate() {
                let result = &results["txs_results"][place];
                replay.transaction(height, transaction.as_str().unwrap(), result);
            }
            for event in events(&results["finalize_block_events"]) {
                if event.name == "slash" && !event.text("address").is_empty() {
                    replay.count("slash");
                }
            }
        }
        replay
    }

    fn transaction(&mut self, height: u64, transaction: &str, result: &Value) {
        let transaction = Binary::from_base64(transaction).unwrap();
        let transaction = TxRaw::decode(transaction.as_slice()).unwrap();
        let body = TxBody::decode(transaction.body_bytes.as_slice()).unwrap();
        if result["code"] != 0 {
            let is_report = |message: &Any| {
                let message = self.of_pool(message);
                matches!(
                    message,
                    Some(ExecuteMsg::StakingEvent(_) | ExecuteMsg::BeginBlock(_))
                )
            };
            if body.messages.iter().any(is_report) {
                self.failures.push(result["log"].to_string());
            }
            return;
        }
        let events = events(&result["events"]);
        for (place, message) in body.messages.iter().enumerate() {
            self.count(message.type_url.rsplit('.').next().unwrap());
            let place = place.to_string();
            let events = events.iter().filter(|it| it.text("msg_index") == place);
            self.message(height, self.of_pool(message), &events.collect::<Vec<_>>());
        }
    }

    fn count(&mut self, what: &str) {
        *self.happened.entry(what.to_string()).or_default() += 1;
    }

    /// The message, if it is one to the pool.
    fn of_pool(&self, message: &Any) -> Option<ExecuteMsg> {
        if message.type_url != MsgExecuteContract::type_url() {
            return None;
        }
        let execute = MsgExecuteContract::decode(message.value.as_slice()).unwrap();
        let to_pool = execute.contract == self.pool;
        to_pool.then(|| serde_json::from_slice(&execute.msg).unwrap())
    }

    fn message(&mut self, height: u64, message: Option<ExecuteMsg>, events: &[&Event]) {
        let moved = |name: &str, role: &str| {
            let events = events.iter().filter(|it| it.name == name);
            let of_pool = events.filter(|it| it.text(role) == self.pool);
            of_pool.map(|it| it.amount()).sum::<u128>()
        };
        let received = moved("coin_received", "receiver");
        let spent = moved("coin_spent", "spender");
        if received > 0 {
            *self.income.entry(height).or_default() += received;
            self.waiting += received;
        }
        let paid = events.iter().map(|event| self.payment(event)).sum();
        assert_eq!(
            spent, paid,
            "the bank moved another amount than the events say"
        );
        match message {
            None | Some(ExecuteMsg::Deposit {}) => {}
            Some(ExecuteMsg::WithdrawDelegation { .. }) => {}
            Some(ExecuteMsg::WithdrawValidatorCommission { .. }) => {}
            Some(ExecuteMsg::Import(page)) => self.import(&page),
            Some(ExecuteMsg::Activate {}) => self.ledger.activate().unwrap(),
            Some(ExecuteMsg::StakingEvent(event)) => self.staking_event(&event),
            Some(ExecuteMsg::BeginBlock(block)) => self.begin_block(height, &block, events),
            Some(_) => panic!("nobody sends this to the pool"),
        }
    }

    /// Records a payout of the pool, which the ledger refuses above the exact share.
    fn payment(&mut self, event: &Event) -> u128 {
        if event.text("_contract_address") != self.pool {
            return 0;
        }
        let validator = event.text("validator");
        match event.name.as_str() {
            "wasm-withdraw_rewards" => {
                let amount = event.amount();
                let delegator = event.text("delegator");
                let ledger = &mut self.ledger;
                ledger
                    .pay_delegation(delegator, validator, DENOM, amount)
                    .unwrap();
                if ledger.units(delegator, validator) == 0 {
                    ledger.forfeit(delegator, validator).unwrap();
                }
                amount
            }
            "wasm-withdraw_commission" => {
                let amount = event.amount();
                let paid = self.ledger.pay_commission(validator, DENOM, amount);
                paid.unwrap();
                amount
            }
            _ => 0,
        }
    }

    fn import(&mut self, page: &ImportPage) {
        let ledger = &mut self.ledger;
        for line in &page.validators {
            let line = ImportedValidator {
                validator: &line.validator,
                power: line.power.u128().try_into().unwrap(),
                commission: fraction(line.commission.rate),
            };
            ledger.import_validator(&line).unwrap();
        }
        for line in &page.delegations {
            let units = units(&line.shares);
            let imported = ledger.import_units(&line.delegator, &line.validator, units);
            imported.unwrap();
        }
    }

    fn staking_event(&mut self, event: &StakingEvent) {
        let told = serde_json::to_value(event).unwrap();
        self.count(told.as_object().unwrap().keys().next().unwrap());
        let ledger = &mut self.ledger;
        match event {
            StakingEvent::ValidatorCreated {
                validator,
                commission,
            } => ledger.create_validator(validator, fraction(commission.rate)),
            StakingEvent::PowerChanged { validator, power } => {
                ledger.set_power(validator, power.u128().try_into().unwrap());
            }
            StakingEvent::PowersChanged { changes } => self.powers(changes),
            StakingEvent::DelegationChanged {
                delegator,
                validator,
                shares,
            } => ledger
                .set_units(delegator, validator, units(shares))
                .unwrap(),
            StakingEvent::ValidatorSlashed { validator, .. } => {
                ledger.count_settlement_of(validator);
            }
            StakingEvent::ValidatorRemoved { validator } => {
                ledger.remove_validator(validator).unwrap();
            }
            StakingEvent::CommissionChanged { validator, rate } => {
                ledger.set_commission(validator, fraction(*rate));
            }
        }
    }

    fn powers(&mut self, changes: &[ChangedPower]) {
        for change in changes {
            let power = change.power.u128().try_into().unwrap();
            self.ledger.set_power(&change.validator, power);
        }
    }

    /// One split for each height of the reporter, and one for each height of the chain.
    fn begin_block(&mut self, height: u64, block: &BeginBlock, events: &[&Event]) {
        let reported = block.height.unwrap();
        assert!(reported < height, "{reported} is reported at {height}");
        let is_new = height > self.split_at && self.reports.last().is_none_or(|it| reported > *it);
        let split = events.iter().find(|it| it.name == "wasm-begin_block");
        if !is_new {
            assert!(split.is_none(), "{reported} is split again at {height}");
            self.count("report overtaken");
            return;
        }
        let amount = std::mem::take(&mut self.waiting);
        let fees = split.map_or("", |event| event.text("fees"));
        let expected = if amount > 0 {
            format!("{amount}{DENOM}")
        } else {
            String::new()
        };
        assert_eq!(fees, expected, "{reported} is split at {height}");
        self.powers(&block.last_commit.changed);
        let signed = block.last_commit.signed_power.unwrap();
        let fees = DenomAmount {
            denom: DENOM,
            amount,
        };
        let split = self.ledger.begin_block(&BlockFees {
            fees: &[fees],
            proposer: block.proposer.as_deref(),
            signed_power: signed.u128().try_into().unwrap(),
        });
        split.unwrap();
        self.reports.push(reported);
        self.split_at = height;
    }
}

/// The pool's units of these shares: 18 places of a decimal.
fn units(shares: &str) -> u128 {
    let (whole, places) = shares.split_once('.').unwrap_or((shares, ""));
    format!("{whole}{places:0<18}").parse().unwrap()
}
