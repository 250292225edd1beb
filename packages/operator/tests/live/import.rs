//! `operator import`: what is owed, and a large chain from its genesis file.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use cosmrs::AccountId;
use serde_json::{Value, json};

use crate::node::{Node, pool};

/// Delegators of the large chain.
const DELEGATORS: u64 = 10_000;

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
    let query = json!({"delegation_rewards": {"delegator": alice, "validator": validator}});
    let rewards = node.ask("pool", &query)["rewards"].clone();
    assert_eq!(rewards[0]["denom"], "stake", "{rewards}");
    let query = json!({"validator_commission": {"validator": validator}});
    let commission = node.ask("pool", &query)["rewards"].clone();
    assert_eq!(commission[0]["denom"], "stake", "{commission}");

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
    let command = [
        "import",
        "large",
        "--genesis",
        "genesis.json",
        "--lines",
        "400",
    ];
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
