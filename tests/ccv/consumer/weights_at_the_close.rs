//! Whatever happens between a close and the cursor, the provider gets the pools as they were at the
//! close.

use std::collections::BTreeMap;

use ccv::packet::CcvPacket;
use cosmwasm_std::Uint256;
use holding_pools::query_msg::HoldingPoolsResponse;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use testkit::ccv::{CONSUMER, CcvSuite};
use testkit::scenario::ChannelOrder;
use testkit::wire::PacketId;

use super::{active, advance_a_period, begin_block, pools, relay, unit};

const VALIDATORS: [&str; 6] = ["v1", "v2", "v3", "v4", "v5", "v6"];
const ORDERS: [ChannelOrder; 2] = [ChannelOrder::Ordered, ChannelOrder::Unordered];

#[derive(Clone, Debug)]
enum Action {
    Powers(Vec<(&'static str, u64)>),
    Block(u128, &'static str),
    Tick(u32),
}

fn power() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1u64..100, 1u64 << 40..1 << 45]
}

fn powers() -> impl Strategy<Value = Vec<(&'static str, u64)>> {
    prop::collection::btree_map(select(&VALIDATORS[..]), power(), 1..4)
        .prop_map(|changes| changes.into_iter().collect())
}

fn action() -> impl Strategy<Value = Action> {
    let fees = prop_oneof![0u128..100, 1u128 << 60..1 << 70];
    prop_oneof![
        2 => powers().prop_map(Action::Powers),
        2 => (fees, select(&VALIDATORS[..])).prop_map(|(fees, by)| Action::Block(fees, by)),
        1 => (1u32..3).prop_map(Action::Tick),
    ]
}

/// What happens before a close, and between it and the cursor's end.
#[derive(Clone, Debug)]
struct Epoch {
    before: Vec<Action>,
    after: Vec<Action>,
}

fn epoch() -> impl Strategy<Value = Epoch> {
    let actions = || prop::collection::vec(action(), 0..8);
    (actions(), actions()).prop_map(|(before, after)| Epoch { before, after })
}

fn apply(suite: &mut CcvSuite, action: &Action) {
    match action {
        Action::Powers(changes) => suite.powers(changes),
        Action::Block(fees, proposer) => suite.block(proposer, *fees),
        Action::Tick(limit) => suite.consumer("anyone", json!({"tick": {"limit": limit}})),
    }
    .unwrap();
}

/// Points by validator; both chains write its name alike.
type Points = BTreeMap<String, Uint256>;

/// The due block, and the holding pools as they are when it closes them.
fn close(suite: &mut CcvSuite) -> Points {
    advance_a_period(suite);
    let moment = suite.snapshot();
    // The same block, if it were not due.
    let later = json!({"update_params": {"blocks_per_distribution_transmission": u64::MAX}});
    suite.consumer("owner", later).unwrap();
    begin_block(suite, "v1");
    let shown = suite.ask(CONSUMER, json!({"holding_pools": {}})).unwrap();
    suite.restore(&moment);
    begin_block(suite, "v1");
    let shown: HoldingPoolsResponse = serde_json::from_value(shown).unwrap();
    let pools = shown.pools.into_iter();
    pools
        .filter_map(|pool| Some((pool.validator, pool.points.first()?.points)))
        .collect()
}

/// The weights in a packet that is under way.
fn weights(suite: &mut CcvSuite, sequence: u64) -> Points {
    let id = PacketId {
        chain: CONSUMER.to_string(),
        port: format!("wasm.{}", pools(suite)),
        channel: "channel-1".to_string(),
        sequence,
    };
    let packet = suite.stage().wire().sent(&id).unwrap().unwrap();
    let CcvPacket::Weights(chunk) = CcvPacket::read(&packet.data).unwrap() else {
        panic!("{packet:?}");
    };
    let entries = chunk.entries().iter();
    entries
        .map(|entry| (entry.validator().to_string(), entry.weight().value()))
        .collect()
}

/// Plays a history, and says how many epochs were closed.
fn play(order: ChannelOrder, epochs: &[Epoch]) -> u32 {
    let builder = CcvSuite::builder()
        .order(order)
        .pools("order", json!(order))
        .pools("base_proposer_reward", json!("0.013"))
        .members(&VALIDATORS);
    let mut suite = active(builder, &[("v1", 7), ("v2", 11), ("v3", 13)]);
    let mut closed = 0;
    for epoch in epochs {
        for action in &epoch.before {
            apply(&mut suite, action);
        }
        let shown = close(&mut suite);
        let unit_at_close = unit(&mut suite);
        if unit_at_close.is_null() {
            continue;
        }
        closed += 1;
        assert_eq!(unit_at_close["epoch"], closed);
        for action in &epoch.after {
            apply(&mut suite, action);
        }
        suite.tick().unwrap();
        // The first packet was the question of the probe.
        let sent = weights(&mut suite, u64::from(closed) + 1);
        assert_eq!(sent, shown);
        let total = sent.values().sum::<Uint256>().to_string();
        assert_eq!(unit_at_close["total"], total);
        relay(&mut suite);
        suite.tick().unwrap();
        relay(&mut suite);
        assert!(unit(&mut suite).is_null());
        suite.process(closed).unwrap();
    }
    closed
}

#[test]
fn who_leaves_joins_and_proposes_between_close_and_cursor_moves_no_weight() {
    let epoch = Epoch {
        before: vec![Action::Block(1_000, "v2")],
        after: vec![
            Action::Tick(1),
            Action::Powers(vec![("v1", 0), ("v4", 17)]),
            Action::Block(777, "v3"),
            Action::Powers(vec![("v1", 5), ("v2", 0)]),
            Action::Block(333, "v2"),
        ],
    };
    for order in ORDERS {
        assert_eq!(play(order, &[epoch.clone(), epoch.clone()]), 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn weights_are_what_the_holding_pools_showed_at_the_close(
        order in select(&ORDERS[..]),
        epochs in prop::collection::vec(epoch(), 1..5),
    ) {
        play(order, &epochs);
    }
}
