//! `operator report`.

use std::fs::{self, OpenOptions};
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::node::{Node, pool};
use crate::process::{free_port, terminate};
use crate::rpc::get;

/// A reporter. Dropped, it is killed as by `kill -9`.
pub struct Reporter(Child);

impl Reporter {
    /// Starts it; what it says is in `reporter.log`.
    pub fn start(node: &Node, options: &[&str]) -> Self {
        let mut log = OpenOptions::new();
        let log = log.create(true).append(true);
        let log = log.open(node.path("reporter.log")).unwrap();
        let arguments = [&["report", "pool"], options].concat();
        let mut reporter = node.operator(&arguments);
        reporter.stdout(log.try_clone().unwrap()).stderr(log);
        Reporter(reporter.spawn().unwrap())
    }
}

impl Reporter {
    /// Ends it as supervisors do, and returns its exit code.
    fn terminate(mut self) -> Option<i32> {
        terminate(&mut self.0)
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn last_block(node: &Node) -> Value {
    node.ask("pool", &json!({"last_block": {}}))
}

pub fn reported(node: &Node) -> u64 {
    last_block(node)["reported_height"].as_u64().unwrap()
}

/// Waits until the pool was told of this height.
#[track_caller]
pub fn wait_for(node: &Node, height: u64) {
    let start = Instant::now();
    while reported(node) < height {
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "height {height} is not reported: {}",
            last_block(node)
        );
        sleep(Duration::from_millis(300));
    }
}

/// The pool knows what the chain has now, and what it owes.
#[track_caller]
fn agrees(node: &Node) {
    wait_for(node, node.height());
    let output = node.operator(&["check"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
}

#[test]
#[ignore = "needs wasmd"]
fn a_pool_knows_what_its_chain_has_while_reporters_are_killed() {
    let mut node = Node::start();
    let validator = &node.validator();
    node.deploy(&pool("pool", "fee-pool", &[]));
    let error = node.fails(&["report", "nobody"]);
    assert!(error.contains("there is no contract nobody in"), "{error}");

    // It waits for the activation, and then tells what the import did not bring.
    let port = free_port();
    let first = Reporter::start(&node, &["--listen", &format!("127.0.0.1:{port}")]);
    node.succeeds(&["import", "pool", "--activate"]);
    node.send("alice", &["staking", "delegate", validator, "5000000stake"]);
    node.send(
        "alice",
        &[
            "wasm",
            "execute",
            &node.contract("pool"),
            r#"{"deposit": {}}"#,
            "--amount",
            "1000000stake",
        ],
    );
    agrees(&node);
    let metrics = get(port, "/metrics").unwrap();
    assert!(
        metrics.contains("cwdistribution_reporter_reports_total "),
        "{metrics}"
    );
    let health = get(port, "/healthz").unwrap();
    assert!(health.contains(" 200 OK"), "{health}");

    // What happens while nobody reports is told afterwards.
    drop(first);
    node.send("alice", &["staking", "unbond", validator, "1000001stake"]);
    node.send("reporter", &["staking", "delegate", validator, "7stake"]);
    node.send("reporter", &["staking", "unbond", validator, "7stake"]);
    let before = reported(&node);
    let second = Reporter::start(&node, &[]);
    wait_for(&node, before + 1);
    agrees(&node);

    // Who stands by is there when the other is not, and the node may be away for a while.
    let _third = Reporter::start(&node, &["--behind", "8"]);
    node.send("alice", &["staking", "delegate", validator, "3000000stake"]);
    agrees(&node);
    node.restart();
    node.send("alice", &["staking", "delegate", validator, "1stake"]);
    agrees(&node);
    drop(second);
    let before = reported(&node);
    node.send("alice", &["staking", "unbond", validator, "2stake"]);
    wait_for(&node, before + 8);

    // A dry run shows the next report.
    let shown = node.succeeds(&["report", "pool", "--dry-run"]);
    assert!(shown.contains("begin_block"), "{shown}");
}

/// A validator that nobody runs, with more than a third of the power.
fn halt(node: &Node) {
    let key = json!({"@type": "/cosmos.crypto.ed25519.PubKey", "key": "BwcH".repeat(10) + "Bwc="});
    let validator = json!({
        "pubkey": key,
        "amount": "900000000000stake",
        "moniker": "nobody",
        "commission-rate": "0.1",
        "commission-max-rate": "0.2",
        "commission-max-change-rate": "0.01",
        "min-self-delegation": "1",
    });
    node.write("validator.json", &validator.to_string());
    let file = node.path("validator.json");
    let file = file.to_str().unwrap();
    node.send("alice", &["staking", "create-validator", file]);
}

#[test]
#[ignore = "needs wasmd"]
fn a_lazy_pool_is_reported_to_and_a_chain_that_stops_is_noticed() {
    let node = Node::start();
    let validator = &node.validator();
    node.deploy(&pool("pool", "lazy-fee-pool", &[]));
    let pools = node.contract("pool");
    let book = fs::read_to_string(node.path("contracts.toml")).unwrap();
    let other =
        format!("{book}\n[contracts.pools]\nkind = \"holding-pools\"\naddress = \"{pools}\"\n");
    node.write("contracts.toml", &other);
    let error = node.fails(&["report", "pools"]);
    assert!(
        error.contains("pools is a holding-pools: only fee pools take reports"),
        "{error}"
    );
    node.write("contracts.toml", &book);
    node.succeeds(&["import", "pool", "--activate"]);

    // Several transactions for one report.
    for (from, amount) in [("alice", "5000000stake"), ("reporter", "3000001stake")] {
        node.send(from, &["staking", "delegate", validator, amount]);
    }
    let reporter = Reporter::start(&node, &["--messages", "1"]);
    agrees(&node);
    node.send("alice", &["staking", "unbond", validator, "1000001stake"]);
    agrees(&node);
    assert_eq!(reporter.terminate(), Some(0));
    let said = fs::read_to_string(node.path("reporter.log")).unwrap();
    assert!(said.contains(", 2 changes\n"), "{said}");

    let port = free_port();
    let _reporter = Reporter::start(&node, &["--listen", &format!("127.0.0.1:{port}")]);
    wait_for(&node, node.height());
    halt(&node);
    let health = get(port, "/healthz").unwrap();
    assert!(health.contains(" 200 OK"), "{health}");
    let mut height = 0;
    while node.height() > height {
        height = node.height();
        sleep(Duration::from_secs(5));
    }
    node.write("reporter.key", &node.key("reporter"));
    let config = node.config().replace("owner.key", "reporter.key");
    node.write("other.toml", &config);
    let plan = fs::read_to_string(node.path("deploy.toml")).unwrap();
    node.write("deploy.toml", &plan.replace("\"pool\"", "\"second\""));
    let error = node.fails(&["deploy", "--config", "other.toml"]);
    for part in [
        "was sent; whether it is in a block, or comes into one, is not known",
        ": the chain has made no block after",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let health = get(port, "/healthz").unwrap();
    assert!(
        health.contains(" 503 ") && health.contains("the node had no new block for 120 seconds"),
        "{health}"
    );
}
