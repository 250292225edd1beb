//! `operator crank`.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::node::Node;
use crate::process::terminate;

#[test]
#[ignore = "needs wasmd"]
fn a_crank_settles_what_is_due_and_pays_for_nothing_else() {
    let node = Node::start();
    node.deploy(
        r#"
        [[contracts]]
        name = "gauges"
        kind = "reward-gauges"
        [contracts.msg]
        epoch_length = 5
        durations = [5]
        reward_assets = [{ native = "stake" }]
        gauge_creators = ["@sender"]
        [[contracts.execute]]
        msg = { lock = { duration = 3600 } }
        funds = ["100stake"]
        [[contracts.execute]]
        msg = { create_gauge = { lock_asset = { native = "stake" }, duration = 5, epochs = 1 } }
        funds = ["1000stake"]
        "#,
    );

    // A contract that is not there holds up no other one.
    let book = fs::read_to_string(node.path("contracts.toml")).unwrap();
    let alice = node.address("alice");
    let broken = format!("[contracts.broken]\nkind = \"ccv-provider\"\naddress = \"{alice}\"");
    node.write("contracts.toml", &format!("{book}\n{broken}\n"));
    sleep(Duration::from_secs(6));
    let output = node.operator(&["crank", "--dry-run"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        shown[0]["messages"][0]["msg"]["settle"].is_object(),
        "{shown}"
    );
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("operator: broken: "), "{error}");

    // The daemon settles what comes due, and stops when it is told to.
    let mut daemon = node.operator(&["crank", "--every", "1"]).spawn().unwrap();
    sleep(Duration::from_secs(16));
    assert!(daemon.try_wait().unwrap().is_none(), "the daemon has ended");
    assert_eq!(terminate(&mut daemon), Some(0));

    node.write("contracts.toml", &book);
    let answer = node.ask("gauges", &json!({"finished_gauges": {}}));
    assert_eq!(answer["gauges"][0]["id"], 1, "{answer}");

    // Nothing is due any more, so nothing is sent.
    let account = || node.query(&["auth", "account-info", &node.address("owner")]);
    let before = account();
    assert_eq!(node.succeeds(&["crank", "--dry-run"]), "[]\n");
    node.succeeds(&["crank"]);
    assert_eq!(account(), before);
    assert_eq!(
        node.query(&["wasm", "list-code"])["code_infos"][0]["code_id"],
        "1"
    );
    node.succeeds(&["check"]);
}

/// How the two contracts that speak IBC go on with a channel and a relayer, `cargo localnet` shows.
#[test]
#[ignore = "needs wasmd"]
fn the_contracts_of_two_chains_wait_for_their_channel() {
    let node = Node::start();
    let (alice, prefix) = (node.address("alice"), node.prefix());
    node.deploy(&format!(
        r#"
        [[contracts]]
        name = "ccv"
        kind = "ccv-provider"
        msg = {{ target = "native" }}
        [[contracts.execute]]
        msg = {{ register_consumer = {{ id = "consumer", connection_id = "connection-0", port_id = "wasm.{alice}", contract = "{alice}", transfer_channel = "channel-0", denoms = ["stake"] }} }}
        [[contracts]]
        name = "pools"
        kind = "holding-pools"
        [contracts.msg]
        reward_denoms = ["stake"]
        provider = {{ connection_id = "connection-0", port_id = "wasm.{alice}", transfer_channel = "channel-0", receiver = "{alice}", prefix = "{prefix}" }}
        "#
    ));
    assert_eq!(node.succeeds(&["crank", "--dry-run"]), "[]\n");
    node.succeeds(&["crank"]);
    node.succeeds(&["check"]);
}
