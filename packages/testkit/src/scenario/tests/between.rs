//! Steps between chains.

use serde_json::{Value, json};

use super::{passes, played, wrong};

/// Two chains with a contract `pool` that echoes on each, and these steps.
fn two_chains(steps: &Value) -> Value {
    let make = |chain: &str| {
        json!({"chain": chain, "instantiate": {
            "name": "pool", "code": "echo", "sender": "alice", "msg": {}, "funds": ["100uatom"]}})
    };
    let mut all = vec![
        make("hub"),
        make("zone"),
        json!({"connect": {"a": "hub", "b": "zone"}, "expect": {"a": "connection-0", "b": "connection-0"}}),
    ];
    all.extend(steps.as_array().unwrap().iter().cloned());
    let alice = json!({"prefix": "cosmos", "balances": {"alice": ["1000uatom"]}});
    json!({"name": "two", "chains": {"hub": alice, "zone": alice}, "steps": all})
}

fn open(order: &str) -> Value {
    json!({"open_channel": {
        "a": {"chain": "hub", "contract": "pool"}, "b": {"chain": "zone", "contract": "pool"},
        "order": order, "version": "echo-1"}})
}

fn send(text: &str) -> Value {
    json!({"chain": "hub", "execute": {"contract": "pool", "sender": "alice", "msg": {"send": {
        "channel": "channel-0", "text": text, "timeout": {"timestamp": "1767226200000000000"}}}}})
}

fn refuse(chain: &str, call: &str) -> Value {
    json!({"chain": chain, "execute": {"contract": "pool", "sender": "alice", "msg": {"refuse": {"calls": [call]}}}})
}

fn transfer(body: Value) -> Value {
    let mut transfer = json!({"from": "alice", "to": "bob", "amount": "30uatom"});
    for (key, value) in body.as_object().unwrap() {
        transfer[key] = value.clone();
    }
    json!({"chain": "hub", "transfer": transfer})
}

fn with(mut step: Value, key: &str, value: Value) -> Value {
    step[key] = value;
    step
}

#[test]
fn a_packet_between_contracts_is_told_with_its_acknowledgement_and_events() {
    let opened = json!({"a": "channel-0", "b": "channel-0", "version": "echo-1", "events": [
        {"contract": "@hub/pool", "attributes": {"action": "open_ack"}},
        {"contract": "@zone/pool", "attributes": {"action": "open_confirm"}}]});
    let relayed = json!({"relayed": [
        {"message": "receive", "from": "hub", "channel": "channel-0", "sequence": 1, "ack": {"result": "AQ=="},
         "events": [{"type": "wasm", "contract": "@zone/pool", "attributes": {"action": "receive"}}]},
        {"message": "acknowledge", "sequence": 1, "ack": {"result": "AQ=="}, "events": []}]});
    passes(&two_chains(&json!([
        with(open("ordered"), "expect", opened),
        send("one"),
        {"relay": {}, "expect": relayed},
        {"relay": {}, "expect": {"relayed": []}},
        {"chain": "zone", "query": {"contract": "pool", "msg": {"log": {}}},
         "expect": ["open_try", "open_confirm channel-0 channel-0", "receive one"]},
    ])));
}

#[test]
fn the_refusals_of_a_handshake_can_be_expected() {
    passes(&two_chains(&json!([
        {"open_channel": {"a": {"chain": "hub", "contract": "pool"}, "b": {"chain": "zone", "contract": "pool"},
                          "order": "ordered"},
         "error": "ccv-distribution"},
        {"open_channel": {"a": {"chain": "hub", "contract": "pool"}, "b": {"chain": "zone", "port": "transfer"},
                          "order": "ordered", "version": "echo-1"},
         "error": "invalid channel ordering"},
        refuse("zone", "open_confirm"),
        with(open("unordered"), "error", json!("open_confirm is refused")),
        refuse("zone", "nothing"),
        with(open("unordered"), "expect", json!({"a": "channel-2", "b": "channel-1"})),
    ])));
}

#[test]
fn the_options_of_a_relay_are_read() {
    let messages = |kinds: &[(&str, u64)]| {
        let all = kinds
            .iter()
            .map(|(kind, sequence)| json!({"message": kind, "sequence": sequence}));
        json!({"relayed": all.collect::<Vec<_>>()})
    };
    passes(&two_chains(&json!([
        open("unordered"), send("one"), send("two"), send("three"),
        {"relay": {"limit": 1, "reverse": true}, "expect": messages(&[("receive", 3)])},
        {"relay": {"only": {"message": "receive", "sequence": 2}, "duplicate": true}, "expect": messages(&[("receive", 2)])},
        {"relay": {"only": {"sequence": 1}, "drop": true}, "expect": {"relayed": [{"sequence": 1, "dropped": true}]}},
        {"relay": {"only": {"from": "zone"}}, "expect": messages(&[])},
        {"relay": {"only": {"channel": "channel-1"}}, "expect": messages(&[])},
        {"relay": {}, "expect": messages(&[("acknowledge", 2), ("acknowledge", 3)])},
        {"chain": "zone", "advance": {"seconds": 600}},
        {"relay": {}, "expect": messages(&[])},
        {"relay": {"timeouts": true}, "expect": messages(&[("timeout", 1)])},
    ])));
}

#[test]
fn a_message_that_is_refused_fails_the_step_and_waits() {
    let report = passes(&two_chains(&json!([
        open("ordered"), send("one"), refuse("hub", "ack"),
        {"relay": {}, "error": "ack is refused"},
        refuse("hub", "nothing"),
        {"relay": {}, "expect": {"relayed": [{"message": "acknowledge"}]}},
    ])));
    assert_eq!(report.outcomes[6].chain, "");
}

#[test]
fn channels_are_closed_end_by_end() {
    let close = |chain: &str| json!({"close_channel": {"chain": chain, "contract": "pool", "channel": "channel-0"}});
    passes(&two_chains(&json!([
        open("ordered"), send("late"),
        {"chain": "zone", "advance": {"seconds": 600}},
        {"relay": {"timeouts": true}, "expect": {"relayed": [{"message": "timeout"}]}},
        with(close("hub"), "error", json!("invalid channel state")),
        refuse("zone", "close_init"),
        close("zone"),
        with(close("zone"), "error", json!("invalid channel state")),
        {"transfer_channel": {"a": "hub", "b": "zone"}, "expect": {"a": "channel-1", "b": "channel-1", "version": "ics20-1"}},
        {"close_channel": {"chain": "hub", "port": "transfer", "channel": "channel-1"}, "error": "user cannot close channel"},
    ])));
}

#[test]
fn transfers_go_over_the_newest_channel_or_the_named_one() {
    let voucher = |channel: &str| format!("ibc:transfer/{channel}/uatom");
    passes(&two_chains(&json!([
        with(transfer(json!({})), "error", json!("no transfer channel")),
        {"transfer_channel": {"a": "hub", "b": "zone"}},
        {"transfer_channel": {"a": "hub", "b": "zone"}, "expect": {"a": "channel-1"}},
        with(transfer(json!({})), "expect", json!({"sequence": 1, "channel": "channel-1", "data": null, "events": []})),
        with(transfer(json!({"channel": "channel-0", "to": "zone/bob"})), "expect", json!({"channel": "channel-0"})),
        {"relay": {}},
        {"chain": "zone", "balance": {"of": "bob", "denom": voucher("channel-0")}, "expect": "30"},
        {"chain": "zone", "balance": {"of": "bob", "denom": voucher("channel-1")}, "expect": "30"},
        {"chain": "zone", "transfer": {"from": "bob", "to": "alice", "amount": format!("10{}", voucher("channel-0")),
                                       "channel": "channel-0"}},
        {"relay": {}},
        {"chain": "hub", "balance": {"of": "alice", "denom": "uatom"}, "expect": "850"},
        with(transfer(json!({"timeout_seconds": 60})), "expect", json!({"sequence": 2})),
        {"chain": "zone", "advance": {"seconds": 60}},
        {"relay": {"timeouts": true}},
        {"chain": "hub", "balance": {"of": "alice", "denom": "uatom"}, "expect": "850"},
        with(transfer(json!({"channel": "channel-7"})), "error", json!("counterparty not found")),
    ])));
}

#[test]
fn a_memo_may_name_contracts_of_both_chains() {
    let memo = json!({"dest_callback": {"address": "@zone/pool"}, "others": ["@hub/pool", "text"]});
    let arrived = json!({"relayed": [{"events": [{"contract": "@zone/pool", "attributes": {"action": "arrived"}}]}, {}]});
    let steps = json!([
        {"transfer_channel": {"a": "hub", "b": "zone"}},
        transfer(json!({"memo": memo})),
        {"relay": {}, "expect": arrived},
        transfer(json!({"memo": "text"})),
        {"relay": {}, "expect": {"relayed": [{"ack": {"result": "AQ=="}, "events": []}, {}]}},
    ]);
    passes(&two_chains(&steps));

    let mut without = two_chains(&steps);
    without["chains"]["zone"]["callbacks"] = json!(false);
    let failures: Vec<_> = played(&without).failures().collect();
    assert_eq!(failures.len(), 1, "{failures:?}");
}

#[test]
fn expired_clients_are_replaced_by_a_new_connection() {
    passes(&two_chains(&json!([
        {"transfer_channel": {"a": "hub", "b": "zone"}},
        {"expire_client": {"chain": "hub"}, "expect": {}},
        with(transfer(json!({})), "error", json!("client state is not active")),
        {"transfer_channel": {"a": "hub", "b": "zone"}, "error": "client state is not active"},
        {"connect": {"a": "hub", "b": "zone"}, "expect": {"a": "connection-1", "b": "connection-1"}},
        {"transfer_channel": {"a": "hub", "b": "zone", "connection": "connection-0"}, "error": "client state is not active"},
        {"transfer_channel": {"a": "hub", "b": "zone"}, "expect": {"a": "channel-1"}},
    ])));
}

#[test]
fn what_is_wrong_with_a_step_between_chains_has_its_place() {
    let cases = [
        (
            json!({"connect": {"a": "hub", "b": "moon"}}),
            "connect.b",
            "unknown chain \"moon\"",
        ),
        (
            json!({"connect": {"a": "hub", "b": "hub"}}),
            "connect.b",
            "to itself",
        ),
        (
            json!({"chain": "hub", "relay": {}}),
            "chain",
            "no chain of its own",
        ),
        (
            json!({"relay": {"only": {"from": "moon"}}}),
            "relay.only.from",
            "unknown chain",
        ),
        (
            json!({"relay": {"only": {"channel": "0"}}}),
            "relay.only.channel",
            "no id like",
        ),
        (
            json!({"transfer_channel": {"a": "hub", "b": "zone", "connection": "connection-01"}}),
            "transfer_channel.connection",
            "no id like",
        ),
        (
            json!({"open_channel": {"a": {"chain": "hub", "contract": "alice"}, "b": {"chain": "zone", "contract": "pool"},
                                 "order": "ordered"}}),
            "open_channel.a.contract",
            "no contract is called that",
        ),
        (
            json!({"open_channel": {"a": {"chain": "hub", "contract": "pool"}, "b": {"chain": "zone"}, "order": "ordered"}}),
            "open_channel.b",
            "either `contract` or `port`",
        ),
        (
            json!({"expire_client": {"chain": "moon"}}),
            "expire_client.chain",
            "unknown chain",
        ),
        (
            json!({"close_channel": {"chain": "hub", "contract": "pool", "channel": "x"}}),
            "close_channel.channel",
            "no id like",
        ),
        (
            transfer(json!({"to": "moon/bob"})),
            "transfer.to",
            "unknown chain",
        ),
        (
            transfer(json!({"to": "zone/b/c"})),
            "transfer.to",
            "is no name",
        ),
        (
            transfer(json!({"memo": 5})),
            "transfer.memo",
            "a string or an object",
        ),
        (
            transfer(json!({"amount": "5x"})),
            "transfer.amount",
            "is no denom",
        ),
        (
            with(json!({"relay": {}}), "expect", json!({"relayed": ["@bob"]})),
            "expect.relayed[0]",
            "write `chain/bob`",
        ),
    ];
    for (step, place, message) in cases {
        let error = wrong(&two_chains(&json!([step])));
        assert_eq!(
            error.place().to_string(),
            format!("steps[3].{place}"),
            "{error}"
        );
        assert!(error.message().contains(message), "{error}");
    }
    let mut three = two_chains(&json!([transfer(json!({}))]));
    three["chains"]["moon"] = json!({"prefix": "cosmos"});
    let error = wrong(&three);
    assert!(error.message().contains("on which chain"), "{error}");
}
