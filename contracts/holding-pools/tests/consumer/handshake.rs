//! Handshakes and the end of channels.

use ccv::packet::VERSION;
use cosmwasm_std::{
    IbcChannel, IbcChannelCloseMsg, IbcChannelConnectMsg, IbcChannelOpenMsg, IbcOrder,
    IbcPacketReceiveMsg,
};
use holding_pools::contract;
use serde_json::{Value, json};

use crate::harness::{CCV, Consumer, PORT, ack, channel, init};

fn good() -> IbcChannel {
    channel(CCV, "wasm.ours", PORT, IbcOrder::Ordered)
}

fn open_init(consumer: &mut Consumer, channel: &IbcChannel) -> Result<(), String> {
    let env = consumer.env.clone();
    contract::ibc_channel_open(consumer.deps.as_mut(), env, init(channel))
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn open_ack(consumer: &mut Consumer, msg: IbcChannelConnectMsg) -> Result<(), String> {
    let env = consumer.env.clone();
    contract::ibc_channel_connect(consumer.deps.as_mut(), env, msg)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn known_channel(consumer: &Consumer) -> Value {
    let answer: Value = consumer.query(json!({"channel": {}}));
    answer["channel_id"].clone()
}

#[test]
fn init_and_ack_refuse_everybody_but_the_provider() {
    let mut connection = good();
    connection.connection_id = "connection-4".to_string();
    let mut version = good();
    version.version = "1".to_string();
    let wrong = [
        connection,
        version,
        channel(CCV, "wasm.ours", "wasm.stranger", IbcOrder::Ordered),
        channel(CCV, "wasm.ours", PORT, IbcOrder::Unordered),
    ];
    let mut consumer = Consumer::new(json!({}));
    for channel in wrong {
        let refused = open_init(&mut consumer, &channel).unwrap_err();
        assert!(refused.contains("must be"), "{refused}");
        let refused = open_ack(&mut consumer, ack(&channel)).unwrap_err();
        assert!(refused.contains("must be"), "{refused}");
    }
    let other_version = IbcChannelConnectMsg::new_ack(good(), "2");
    assert!(open_ack(&mut consumer, other_version).is_err());
    assert_eq!(known_channel(&consumer), Value::Null);
    open_init(&mut consumer, &good()).unwrap();
    assert_eq!(
        known_channel(&consumer),
        Value::Null,
        "nothing is stored before Ack"
    );
    open_ack(&mut consumer, ack(&good())).unwrap();
    assert_eq!(known_channel(&consumer), CCV);
}

#[test]
fn the_provider_opens_nothing() {
    let mut consumer = Consumer::new(json!({}));
    let env = consumer.env.clone();
    let msg = IbcChannelOpenMsg::new_try(good(), VERSION);
    assert!(contract::ibc_channel_open(consumer.deps.as_mut(), env, msg).is_err());
    let msg = IbcChannelConnectMsg::new_confirm(good());
    assert!(open_ack(&mut consumer, msg).is_err());
}

#[test]
fn the_order_is_as_configured() {
    let mut consumer = Consumer::new(json!({"order": "unordered"}));
    assert!(open_init(&mut consumer, &good()).is_err());
    let unordered = channel(CCV, "wasm.ours", PORT, IbcOrder::Unordered);
    consumer.open_as(unordered).unwrap();
}

#[test]
fn of_two_half_open_handshakes_one_ends() {
    let mut consumer = Consumer::new(json!({}));
    let second = channel("channel-8", "wasm.ours", PORT, IbcOrder::Ordered);
    open_init(&mut consumer, &good()).unwrap();
    open_init(&mut consumer, &second).unwrap();
    consumer.open(CCV).unwrap();
    let refused = open_ack(&mut consumer, ack(&second)).unwrap_err();
    assert!(refused.contains("channel-7 is open"), "{refused}");
    let refused = open_init(&mut consumer, &second).unwrap_err();
    assert!(refused.contains("channel-7 is open"), "{refused}");
    // A closed channel is no obstacle, and needs no word of anybody.
    consumer.close(CCV);
    open_ack(&mut consumer, ack(&second)).unwrap();
}

#[test]
fn a_channel_is_closed_only_when_the_owner_allows_it_and_once() {
    let mut consumer = Consumer::new(json!({}));
    consumer.open(CCV).unwrap();
    let close = |consumer: &mut Consumer, msg| {
        let env = consumer.env.clone();
        contract::ibc_channel_close(consumer.deps.as_mut(), env, msg).map(|_| ())
    };
    let close_init = || IbcChannelCloseMsg::new_init(good());
    assert!(close(&mut consumer, close_init()).is_err());
    let allow = json!({"allow_channel_close": {"channel_id": CCV}});
    assert!(
        consumer
            .refused("anyone", allow.clone())
            .contains("not the owner")
    );
    consumer.execute("owner", allow);
    close(&mut consumer, close_init()).unwrap();
    assert!(close(&mut consumer, close_init()).is_err());
    close(&mut consumer, IbcChannelCloseMsg::new_confirm(good())).unwrap();
}

#[test]
fn an_allowance_to_close_a_channel_ends_when_it_opens() {
    for (allowed, left) in [(CCV, Value::Null), ("channel-8", json!("channel-8"))] {
        let mut consumer = Consumer::new(json!({}));
        let allow = json!({"allow_channel_close": {"channel_id": allowed}});
        consumer.execute("owner", allow);
        consumer.open(CCV).unwrap();
        let answer: Value = consumer.query(json!({"channel": {}}));
        assert_eq!(answer["closable"], left);
        let env = consumer.env.clone();
        let close = IbcChannelCloseMsg::new_init(good());
        assert!(contract::ibc_channel_close(consumer.deps.as_mut(), env, close).is_err());
    }
}

#[test]
fn an_abandoned_channel_is_ignored_and_another_one_opens() {
    let mut consumer = Consumer::new(json!({}));
    consumer.open(CCV).unwrap();
    let abandon = json!({"abandon_channel": {"channel_id": CCV}});
    assert!(
        consumer
            .refused("anyone", abandon.clone())
            .contains("not the owner")
    );
    let other = json!({"abandon_channel": {"channel_id": "channel-9"}});
    assert!(
        consumer
            .refused("owner", other)
            .contains("channel-9 is not the CCV channel")
    );
    consumer.execute("owner", abandon);
    assert_eq!(known_channel(&consumer), Value::Null);
    consumer.open("channel-8").unwrap();
    assert_eq!(known_channel(&consumer), "channel-8");
}

#[test]
fn packets_are_refused() {
    let mut consumer = Consumer::new(json!({}));
    let packet = cosmwasm_std::testing::mock_ibc_packet_recv(CCV, &json!({})).unwrap();
    let msg = IbcPacketReceiveMsg::new(packet.packet, consumer.deps.api.addr_make("relayer"));
    let env = consumer.env.clone();
    assert!(contract::ibc_packet_receive(consumer.deps.as_mut(), env, msg).is_err());
}

#[test]
fn settings_that_break_a_rule_are_refused() {
    let mut consumer = Consumer::new(json!({}));
    for (update, expected) in [
        (
            json!({"blocks_per_distribution_transmission": 0}),
            "at least 1",
        ),
        (
            json!({"consumer_redistribution_fraction": "0.5"}),
            "needs a fee_pool",
        ),
        (
            json!({"consumer_redistribution_fraction": "1.1"}),
            "above 1",
        ),
        (
            json!({"base_proposer_reward": "0.6", "bonus_proposer_reward": "0.5"}),
            "above 1",
        ),
        (json!({"transfer_timeout_seconds": 59}), "from 60"),
        (json!({"weights_timeout_seconds": 31_536_001}), "from 60"),
        (
            json!({"fee_pool": consumer.env.contract.address}),
            "this contract",
        ),
    ] {
        let refused = consumer.refused("owner", json!({"update_params": update}));
        assert!(refused.contains(expected), "{refused}");
    }
    let update = json!({"update_params": {"transfer_timeout_seconds": 60}});
    assert!(
        consumer
            .refused("anyone", update.clone())
            .contains("not the owner")
    );
    consumer.execute("owner", update);
    for (update, expected) in [
        (json!({"prefix": "cosmos"}), "is not that of the receiver"),
        (json!({"receiver": "hub1nothing"}), "hub1nothing"),
        (json!({"port_id": "a b"}), "a b"),
    ] {
        let refused = consumer.refused("owner", json!({"update_provider": update}));
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn a_migration_keeps_the_state_of_this_contract_and_refuses_that_of_another() {
    let mut consumer = Consumer::active(json!({}));
    let migrate = |consumer: &mut Consumer| {
        let env = consumer.env.clone();
        let msg = cosmwasm_std::from_json(b"{}").unwrap();
        contract::migrate(consumer.deps.as_mut(), env, msg)
    };
    migrate(&mut consumer).unwrap();
    assert_eq!(known_channel(&consumer), CCV);
    let storage = &mut consumer.deps.storage;
    cw2::set_contract_version(storage, "cw-distribution:fee-pool", "0.1.0").unwrap();
    assert!(migrate(&mut consumer).is_err());
}
