//! `operator import`: what is owed, and a large chain from its genesis file.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use cosmrs::AccountId;
use serde_json::{Value, json};

use crate::node::{Node, pool};

/// Delegators of the large chain.
const DELEGATORS: u64 = 10_000;

/// What the operator prints when it ends with differences.
#[track_caller]
fn differs(node: &Node, arguments: &[&str]) -> String {
    let output = node.operator(arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

#[test]
#[ignore = "needs wasmd"]
fn what_is_owed_is_imported_and_covered() {
    let node = Node::start();
    let validator = node.validator();
    node.send(
        "alice",
        &["staking", "delegate", &validator, "5000000stake"],
    );
    node.deploy(&pool("pool", "lazy-fee-pool", &[]));
    let said = node.succeeds(&["import", "pool", "--halted", "--lines", "2"]);
    assert!(said.contains("pool: 0 differences\n"), "{said}");
    let alice = node.address("alice");
    let rewards_of_alice =
        json!({"delegation_rewards": {"delegator": alice, "validator": validator}});
    let rewards = node.ask("pool", &rewards_of_alice)["rewards"].clone();
    assert_eq!(rewards[0]["denom"], "stake", "{rewards}");
    let query = json!({"validator_commission": {"validator": validator}});
    let commission = node.ask("pool", &query)["rewards"].clone();
    assert_eq!(commission[0]["denom"], "stake", "{commission}");

    // What an earlier import brought in is not forgotten by a later one without `--halted`.
    let said = differs(&node, &["import", "pool"]);
    assert!(said.contains("pool: owes "), "{said}");
    assert!(said.contains("of which 0stake is compared"), "{said}");

    // What the chain has paid since is not owed here any more.
    node.send("alice", &["staking", "unbond", &validator, "5000000stake"]);
    let said = node.succeeds(&["import", "pool", "--halted"]);
    assert!(said.contains("pool: 0 differences\n"), "{said}");
    let rewards = node.ask("pool", &rewards_of_alice)["rewards"].clone();
    assert_eq!(rewards, json!([]));

    // The contract has nothing yet, and says what is missing.
    let error = node.fails(&["import", "pool", "--halted", "--activate"]);
    assert!(
        error.contains("missing") && error.contains("stake"),
        "{error}"
    );
    let paid = [
        "import",
        "pool",
        "--halted",
        "--activate",
        "--funds",
        "900000000stake",
    ];
    let said = node.succeeds(&paid);
    assert!(said.contains("pool: is active"), "{said}");
    // A run that was killed behind the activation is finished by running it again.
    assert_eq!(node.succeeds(&paid), said.split_once('\n').unwrap().1);
}

#[test]
#[ignore = "needs wasmd"]
fn an_operator_without_a_delegation_keeps_its_withdraw_address() {
    let node = Node::start();
    let validator = json!({
        "pubkey": {"@type": "/cosmos.crypto.ed25519.PubKey", "key": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="},
        "amount": "2000000stake",
        "moniker": "second",
        "commission-rate": "0.1",
        "commission-max-rate": "0.2",
        "commission-max-change-rate": "0.01",
        "min-self-delegation": "1",
    });
    node.write("validator.json", &validator.to_string());
    let file = node.path("validator.json").display().to_string();
    node.send("alice", &["staking", "create-validator", &file]);
    let keys = ["keys", "show", "alice", "--bech", "val", "--address"];
    let validator = node.run(&keys).trim().to_string();
    let delegate = ["staking", "delegate", &validator, "1000000stake"];
    node.send("reporter", &delegate);
    let to = node.address("owner");
    node.send("alice", &["distribution", "set-withdraw-addr", &to]);
    // This jails it.
    node.send("alice", &["staking", "unbond", &validator, "2000000stake"]);
    node.deploy(&pool("pool", "fee-pool", &[]));
    let said = node.succeeds(&["import", "pool"]);
    assert!(said.contains("pool: 0 differences\n"), "{said}");
    let alice = node.address("alice");
    let query = json!({"delegator_withdraw_address": {"delegator": alice}});
    assert_eq!(node.ask("pool", &query)["withdraw_address"], to.as_str());
    let query = json!({"validator": {"validator": validator}});
    let answer = node.ask("pool", &query);
    assert_eq!(answer["power"], "0");
    assert_eq!(answer["units"], format!("1000000{}", "0".repeat(18)));

    // A validator that the chain has no more is for an event to remove, which `check` writes.
    let keys = ["keys", "show", "reporter", "--bech", "val", "--address"];
    let gone = node.run(&keys).trim().to_string();
    let commission = json!({"rate": "0.1", "max_rate": "0.2", "max_change_rate": "0.01"});
    let created = json!({"validator_created": {"validator": gone, "commission": commission}});
    let contract = node.contract("pool");
    let execute = |msg: &Value| {
        let msg = msg.to_string();
        node.send("owner", &["wasm", "execute", &contract, &msg]);
    };
    execute(&json!({"staking_event": created}));
    let said = differs(&node, &["import", "pool"]);
    assert!(
        said.contains(&format!("{gone} is not a validator of the chain")),
        "{said}"
    );
    differs(&node, &["check", "--corrections", "corrections.json"]);
    let corrections = fs::read_to_string(node.path("corrections.json")).unwrap();
    let corrections: Value = serde_json::from_str(&corrections).unwrap();
    execute(&corrections["pool"][0]);
    let said = node.succeeds(&["import", "pool"]);
    assert!(said.contains("pool: 0 differences\n"), "{said}");
}

#[test]
#[ignore = "needs wasmd"]
fn a_large_chain_is_imported_from_its_genesis_file_across_interruptions() {
    let mut node = Node::start();
    let validator = node.validator();
    node.send(
        "alice",
        &["staking", "delegate", &validator, "5000000stake"],
    );
    let to = node.address("owner");
    node.send("alice", &["distribution", "set-withdraw-addr", &to]);
    let pools = ["pool", "large"].map(|name| pool(name, "fee-pool", &[]));
    node.deploy(&pools.concat());
    node.stop();
    let file = node.path("genesis.json");
    let exported = node.run(&["export"]);
    fs::write(&file, &exported).unwrap();
    node.restart();

    // From the file and from the node comes the same.
    let said = node.succeeds(&["import", "pool", "--genesis", "genesis.json"]);
    assert!(said.contains("pool: 0 differences\n"), "{said}");
    // The chain goes on paying what it owes.
    let query = json!({"validator_commission": {"validator": validator}});
    assert_eq!(node.ask("pool", &query)["rewards"], json!([]));
    let shown: Value =
        serde_json::from_str(&node.succeeds(&["import", "pool", "--dry-run"])).unwrap();
    assert_eq!(shown, json!([]), "the node has more");

    let mut genesis: Value = serde_json::from_str(&exported).unwrap();
    let delegations = genesis["app_state"]["staking"]["delegations"]
        .as_array_mut()
        .unwrap();
    let prefix = node.prefix();
    for number in 0..DELEGATORS {
        let mut bytes = [0; 20];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let delegator = AccountId::new(&prefix, &bytes).unwrap();
        delegations.push(json!({
            "delegator_address": delegator.to_string(),
            "validator_address": validator,
            "shares": format!("{}.000000000000000000", 1_000 + number),
        }));
    }
    fs::write(&file, genesis.to_string()).unwrap();
    // Delegations are what is large.
    let command = [
        "import",
        "large",
        "--no-withdraw-addresses",
        "--genesis",
        "genesis.json",
        "--lines",
        "400",
    ];
    let mut whole = command;
    whole[6] = "20000";
    let error = node.fails(&whole);
    assert!(
        error.contains("a page of 20000 lines (--lines): "),
        "{error}"
    );

    let mut kills = 0;
    loop {
        let mut child = node.operator(&command).spawn().unwrap();
        sleep(Duration::from_secs(4 + kills));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    println!("killed {kills} times");
    assert!(kills > 1, "killed {kills} times only");
    let said = node.succeeds(&command);
    assert!(said.contains("large: 0 differences\n"), "{said}");
    let query = json!({"validator": {"validator": validator}});
    // 505 000 million tokens of the chain, and 1000, 1001 and so on.
    let sum: u64 = (0..DELEGATORS).map(|number| 1_000 + number).sum();
    let units = (500_000_000_000 + 5_000_000 + sum).to_string() + &"0".repeat(18);
    assert_eq!(node.ask("large", &query)["units"], units.as_str());
}
