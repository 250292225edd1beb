//! `operator report`.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::node::Node;

/// A reporter, which is killed at the end.
struct Reporter(Child);

impl Reporter {
    fn start(node: &Node, options: &[&str]) -> Self {
        let arguments = [&["report", "pool"], options].concat();
        Reporter(node.operator(&arguments).spawn().unwrap())
    }

    /// As `kill -9`.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn last_block(node: &Node) -> Value {
    let pool = node.contract("pool");
    let query = r#"{"last_block": {}}"#;
    node.query(&["wasm", "contract-state", "smart", &pool, query])["data"].clone()
}

fn reported(node: &Node) -> u64 {
    last_block(node)["reported_height"].as_u64().unwrap()
}

/// Waits until the pool was told of this height.
#[track_caller]
fn wait_for(node: &Node, height: u64) {
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

/// Makes a validator of the account `reporter`, with a key that nobody signs with.
fn create_validator(node: &Node) -> String {
    let key = "BwcH".repeat(10) + "Bwc=";
    let file = format!(
        r#"{{
            "pubkey": {{"@type": "/cosmos.crypto.ed25519.PubKey", "key": "{key}"}},
            "amount": "10000000stake", "moniker": "idle", "min-self-delegation": "1",
            "commission-rate": "0.1", "commission-max-rate": "0.2", "commission-max-change-rate": "0.01"
        }}"#
    );
    node.write("validator.json", &file);
    let path = node.path("validator.json");
    let create = ["staking", "create-validator", path.to_str().unwrap()];
    node.send("reporter", &create);
    let address = node.run(&["keys", "show", "reporter", "--bech", "val", "--address"]);
    address.trim().to_string()
}

/// The answer of a server to a request for this path.
fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
#[ignore = "needs wasmd"]
fn a_pool_knows_what_its_chain_has_while_reporters_are_killed() {
    let mut node = Node::start();
    let validator = &node.validator();
    node.deploy(
        r#"
        [[contracts]]
        name = "pool"
        kind = "fee-pool"
        msg = { reward_denoms = ["stake"], reporters = { block = ["@sender"], staking = ["@sender"] } }
        "#,
    );
    let error = node.fails(&["report", "nobody"]);
    assert!(error.contains("there is no contract nobody in"), "{error}");

    // It waits for the activation, and then tells what the import did not bring.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut first = Reporter::start(&node, &["--listen", &format!("127.0.0.1:{port}")]);
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
    let metrics = get(port, "/metrics");
    assert!(
        metrics.contains("cwdistribution_reporter_reports_total "),
        "{metrics}"
    );
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 200 OK"));

    // A validator that never signs joins, and somebody moves to it.
    let idle = &create_validator(&node);
    agrees(&node);
    let moved = ["staking", "redelegate", validator, idle, "1000000stake"];
    node.send("alice", &moved);
    agrees(&node);

    // What happens while nobody reports is told afterwards.
    first.kill();
    node.send("alice", &["staking", "unbond", validator, "1000001stake"]);
    node.send("reporter", &["staking", "delegate", validator, "7stake"]);
    node.send("reporter", &["staking", "unbond", validator, "7stake"]);
    let before = reported(&node);
    let mut second = Reporter::start(&node, &[]);
    wait_for(&node, before + 1);
    agrees(&node);

    // Who stands by is there when the other is not, and the node may be away for a while.
    let _third = Reporter::start(&node, &["--behind", "8"]);
    node.send("alice", &["staking", "delegate", validator, "3000000stake"]);
    agrees(&node);
    node.restart();
    node.send("alice", &["staking", "delegate", validator, "1stake"]);
    agrees(&node);
    second.kill();
    let before = reported(&node);
    node.send("alice", &["staking", "unbond", validator, "2stake"]);
    wait_for(&node, before + 8);

    // The idle validator is slashed and jailed.
    let start = Instant::now();
    while node.query(&["staking", "validator", idle])["validator"]["jailed"] != true {
        assert!(start.elapsed() < Duration::from_secs(180), "is not jailed");
        sleep(Duration::from_secs(1));
    }
    let jailed = node.height();
    wait_for(&node, jailed + 3);

    // A dry run shows the next report.
    let shown = node.succeeds(&["report", "pool", "--dry-run"]);
    assert!(shown.contains("begin_block"), "{shown}");
    let output = node.operator(&["check"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
}
