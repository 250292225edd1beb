//! Random histories: whatever happens between a close and the cursor, the weights of the unit are
//! the pools as they were at the close.

use std::collections::BTreeMap;

use cosmwasm_std::Uint256;
use proptest::prelude::*;
use serde_json::json;

use crate::harness::{ATOM, CCV, Consumer, coins};

/// Validators of a history.
const VALIDATORS: u8 = 6;

#[derive(Clone, Debug)]
enum Action {
    Power(u8, u64),
    Fees(u128, u8),
    Tick(u32),
    Clock,
    Acknowledge,
    Refuse,
    Arrive,
    Return,
    Release,
    Reopen,
}

fn action() -> impl Strategy<Value = Action> {
    let validator = 1..=VALIDATORS;
    prop_oneof![
        3 => (validator.clone(), prop_oneof![Just(0), 1u64..1_000, Just(1 << 40)])
            .prop_map(|(number, power)| Action::Power(number, power)),
        3 => (prop_oneof![1u128..100, 1u128 << 60..1 << 70], validator)
            .prop_map(|(fees, proposer)| Action::Fees(fees, proposer)),
        3 => (1u32..5).prop_map(Action::Tick),
        1 => Just(Action::Clock),
        3 => Just(Action::Acknowledge),
        1 => Just(Action::Refuse),
        2 => Just(Action::Arrive),
        1 => Just(Action::Return),
        1 => Just(Action::Release),
        1 => Just(Action::Reopen),
    ]
}

/// A history, and what the test knows of it by itself.
struct History {
    consumer: Consumer,
    /// Packets that wait for an answer, and transfers.
    packets: Vec<usize>,
    transfers: Vec<usize>,
    seen_packets: usize,
    seen_transfers: usize,
    /// The pools at the close of the unit that is under way, by provider validator.
    closed: BTreeMap<String, Uint256>,
    /// The weights that were sent of it.
    sent: BTreeMap<String, Uint256>,
    received: u128,
    delivered: u128,
    channels: u32,
    /// How often the weights were held against the pools.
    compared: u32,
}

impl History {
    fn new() -> Self {
        let mut consumer = Consumer::active(json!({
            "base_proposer_reward": "0.013",
            "bonus_proposer_reward": "0.04",
        }));
        consumer.powers(&[(1, 7), (2, 11), (3, 13)]);
        History {
            consumer,
            packets: vec![],
            transfers: vec![],
            seen_packets: 0,
            seen_transfers: 0,
            closed: BTreeMap::new(),
            sent: BTreeMap::new(),
            received: 0,
            delivered: 0,
            channels: 8,
            compared: 0,
        }
    }

    fn pools(&self) -> BTreeMap<String, Uint256> {
        (1..=VALIDATORS)
            .map(|number| {
                let name = Consumer::provider_validator(number);
                (name, self.consumer.pool(number, ATOM))
            })
            .filter(|(_, pool)| !pool.is_zero())
            .collect()
    }

    /// A block; at a due one that closes, remembers the pools before.
    fn block(&mut self, proposer: u8) {
        let before = self.pools();
        self.consumer.block_by(Some(proposer));
        if self.consumer.has_event("epoch_closed") {
            // What the same block split is in the unit as well: then the pools before say nothing.
            let total: Uint256 = before.values().sum();
            let closed = self.consumer.unit(ATOM).unwrap().total;
            self.closed = if total == closed {
                before
            } else {
                BTreeMap::new()
            };
            self.sent.clear();
        }
    }

    fn collect(&mut self) {
        for place in self.seen_packets..self.consumer.packets.len() {
            let chunk = self.consumer.packets[place].weights();
            for entry in chunk.entries() {
                let weight = entry.weight().value();
                self.sent.insert(entry.validator().to_string(), weight);
            }
            assert_eq!(
                chunk.header().total.value(),
                self.consumer.unit(ATOM).unwrap().total
            );
            self.packets.push(place);
        }
        self.seen_packets = self.consumer.packets.len();
        for place in self.seen_transfers..self.consumer.transfers.len() {
            let total: Uint256 = self.sent.values().sum();
            let unit = self.consumer.unit(ATOM).unwrap();
            assert_eq!(total, unit.total);
            assert_eq!(
                self.consumer.transfers[place].amount.amount,
                Uint256::from(unit.amount)
            );
            self.transfers.push(place);
        }
        self.seen_transfers = self.consumer.transfers.len();
        let is_complete = !self.consumer.unit(ATOM).is_none_or(|unit| unit.settling);
        if is_complete && !self.sent.is_empty() && !self.closed.is_empty() {
            assert_eq!(self.sent, self.closed);
            self.compared += 1;
        }
    }

    fn apply(&mut self, action: &Action) {
        match action {
            Action::Power(number, power) => self.consumer.powers(&[(*number, *power)]),
            Action::Fees(fees, proposer) => {
                self.received += fees;
                self.consumer.fund(ATOM, *fees);
                self.block(*proposer);
            }
            Action::Tick(limit) => self.consumer.tick(*limit),
            Action::Clock => self.consumer.sudo(json!({"clock_end_block": {}})),
            Action::Acknowledge => {
                if let Some(place) = self.packets.pop() {
                    self.consumer.acknowledge(place);
                }
            }
            Action::Refuse => {
                if let Some(place) = self.packets.pop() {
                    self.consumer.time_out(place);
                }
            }
            Action::Arrive => {
                if let Some(place) = self.transfers.pop() {
                    let amount = self.consumer.transfers[place].amount.amount;
                    self.delivered += cosmwasm_std::Uint128::try_from(amount).unwrap().u128();
                    self.consumer.transfer_succeeds(place);
                }
            }
            Action::Return => {
                if let Some(place) = self.transfers.pop() {
                    self.consumer.transfer_times_out(place);
                }
            }
            Action::Release => {
                let release = json!({"release": {"denom": ATOM}});
                let _ = self.consumer.try_execute("owner", release, &[]);
            }
            Action::Reopen => {
                let name = match self.channels {
                    8 => CCV.to_string(),
                    number => format!("channel-{}", number - 1),
                };
                self.consumer.close(&name);
                self.consumer
                    .open(&format!("channel-{}", self.channels))
                    .unwrap();
                self.channels += 1;
                self.packets.clear();
            }
        }
        self.consumer.check();
        self.collect();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn weights_are_the_pools_at_the_close_and_nothing_is_lost(
        rounds in prop::collection::vec(prop::collection::vec(action(), 1..12), 1..8)
    ) {
        let mut history = History::new();
        for actions in &rounds {
            for action in actions {
                history.apply(action);
            }
            for _ in 0..10 {
                history.block(1);
                history.collect();
            }
            // Whatever changes before the cursor comes is no matter.
            history.consumer.powers(&[(2, 5), (4, 0), (6, 9)]);
            history.consumer.tick_all();
            history.collect();
        }
        // All that came in is here, on its way, or delivered.
        let on_their_way: u128 = history
            .transfers
            .iter()
            .map(|place| history.consumer.transfers[*place].amount.amount)
            .map(|amount| cosmwasm_std::Uint128::try_from(amount).unwrap().u128())
            .sum();
        let here = history.consumer.balance(ATOM);
        prop_assert_eq!(history.received, here + on_their_way + history.delivered);
        let owed: Uint256 = ["holding_pools", "provider_pending", "consumer_pending", "unit", "in_flight"]
            .iter()
            .map(|class| history.consumer.class(ATOM, class))
            .sum();
        prop_assert_eq!(owed, coins(here));
    }
}

#[test]
fn a_history_holds_weights_against_pools() {
    let mut history = History::new();
    for action in [
        Action::Fees(1_000_003, 2),
        Action::Power(3, 0),
        Action::Fees(77, 1),
    ] {
        history.apply(&action);
    }
    for _ in 0..10 {
        history.block(1);
    }
    history.consumer.powers(&[(1, 0), (2, 500), (6, 1)]);
    history.consumer.tick_all();
    history.collect();
    assert_eq!(history.compared, 1);
    assert_eq!(history.sent.len(), 3);
}
