//! `operator import` and `operator check`, on a pool with a reporter.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::node::{Node, pool};

/// What `check` prints, and whether it found something.
fn check(node: &Node) -> (String, bool) {
    let output = node.operator(&["check"]).output().unwrap();
    let code = output.status.code();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(code == Some(0) || code == Some(1), "{code:?} {said}");
    (said, code == Some(1))
}

/// Reports the newest block, as the owner.
fn report(node: &Node, validator: &str, power: &str) {
    let pool = node.contract("pool");
    let height = node.height();
    let msg = format!(
        r#"{{"begin_block": {{"proposer": "{validator}", "last_commit": {{"signed_power": "{power}"}}, "height": {height}}}}}"#
    );
    node.send("owner", &["wasm", "execute", &pool, &msg]);
}

#[test]
#[ignore = "needs wasmd"]
fn an_import_brings_what_the_chain_has_and_a_check_finds_what_it_lacks() {
    let node = Node::start();
    let validator = &node.validator();
    node.send("alice", &["staking", "delegate", validator, "5000000stake"]);
    node.send(
        "reporter",
        &["staking", "delegate", validator, "2000001stake"],
    );
    let to = node.address("owner");
    node.send("alice", &["distribution", "set-withdraw-addr", &to]);
    node.deploy(&pool("pool", "fee-pool", &[]));

    let (said, found) = check(&node);
    assert!(found, "{said}");
    assert!(said.contains("pool: is not active\n"), "{said}");
    assert!(
        said.contains(&format!("{validator} is not known")),
        "{said}"
    );

    // Killed and started again, one line at a time.
    let shown = node.succeeds(&["import", "pool", "--lines", "1", "--dry-run"]);
    assert_eq!(shown.matches("MsgExecuteContract").count(), 5, "{shown}");
    let mut kills = 0;
    for tenths in 1.. {
        let mut child = node
            .operator(&["import", "pool", "--lines", "1"])
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(200 * tenths));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    println!("killed {kills} times");
    assert!(kills > 2, "killed {kills} times only");

    let alice = node.address("alice");
    let paid_to = |account: &str| {
        let query = json!({"delegator_withdraw_address": {"delegator": account}});
        let answer = node.ask("pool", &query);
        answer["withdraw_address"].as_str().unwrap().to_string()
    };
    // Set back on the chain, and then to the pool, which pays nothing to itself.
    let pool = node.contract("pool");
    for named in [&alice, &pool] {
        node.send("alice", &["distribution", "set-withdraw-addr", named]);
        let said = node.succeeds(&["import", "pool"]);
        assert!(said.contains("pool: 0 differences\n"), "{said}");
        assert_eq!(paid_to(&alice), alice);
    }
    node.send("alice", &["distribution", "set-withdraw-addr", &to]);
    // What an account has set in the pool itself stays, and stops nothing.
    let reporter = node.address("reporter");
    let msg = json!({"set_withdraw_address": {"withdraw_address": alice}});
    node.send("reporter", &["wasm", "execute", &pool, &msg.to_string()]);
    let said = node.succeeds(&["import", "pool", "--activate"]);
    assert!(said.contains("pool: 0 differences\n"), "{said}");
    assert!(said.contains("pool: is active"), "{said}");
    let error = node.fails(&["import", "pool"]);
    assert!(error.contains("the pool is active"), "{error}");

    assert_eq!(paid_to(&alice), to);
    assert_eq!(paid_to(&reporter), alice);
    let query = json!({"delegation": {"delegator": alice, "validator": validator}});
    let answer = node.ask("pool", &query);
    assert_eq!(answer["units"], "5000000000000000000000000");

    report(&node, validator, "500007");
    let (said, found) = check(&node);
    assert!(
        !found && said.contains("pool: as it should be at height"),
        "{said}"
    );

    // A reporter that tells of blocks and not of what happened in them.
    node.send("alice", &["staking", "unbond", validator, "4000000stake"]);
    for _ in 0..3 {
        node.next_block();
    }
    report(&node, validator, "500007");
    let (said, found) = check(&node);
    assert!(found, "{said}");
    let units = format!(
        "{alice} has 5000000000000000000000000 units at {validator} here, 1000000000000000000000000 on the chain"
    );
    assert!(said.contains(&units), "{said}");
    assert!(
        said.contains("has power 500007 here, 500003 on the chain"),
        "{said}"
    );

    // What mends it.
    node.operator(&["check", "--corrections", "corrections.json"])
        .output()
        .unwrap();
    let corrections = std::fs::read_to_string(node.path("corrections.json")).unwrap();
    let corrections: Value = serde_json::from_str(&corrections).unwrap();
    let events = corrections["pool"].as_array().unwrap();
    assert_eq!(events.len(), 2, "{corrections}");
    for event in events {
        node.send("owner", &["wasm", "execute", &pool, &event.to_string()]);
    }
    let (said, found) = check(&node);
    assert!(!found, "{said}");
    let error = node.fails(&["check", "nobody"]);
    assert!(error.contains("there is no contract nobody in"), "{error}");
}
