//! A chain of three validators: one that always signs, one that is away now and then, and one that
//! never signs. The first has more than two thirds of the power.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cosmrs::tendermint::Time;
use serde_json::{Value, json};
use tempfile::TempDir;
use toml::Table;

use super::number;
use crate::node::Node;
use crate::process::{Process, free_port};

/// How the second validator starts; it ends as by `kill -9`.
const START: &str = r#"
    wasmd start --rpc.laddr "tcp://127.0.0.1:$RPC_PORT" --p2p.laddr "tcp://127.0.0.1:$P2P_PORT" \
        --rpc.pprof_laddr "" --grpc.enable=false --minimum-gas-prices 0stake >>"$HOME/wasmd.log" 2>&1 &
    node=$!
    stop_node() { kill -9 "$node"; wait "$node" 2>/dev/null; }
"#;

/// Milliseconds between a block and the next one's proposal.
pub fn commit_ms() -> u64 {
    number("LIVE_COMMIT_MS").unwrap_or(250)
}

/// Home of the second validator.
pub struct Peer {
    home: TempDir,
}

impl Peer {
    /// Its node, which signs until it is dropped.
    pub fn start(&self) -> Process {
        let ports = [("RPC_PORT", free_port()), ("P2P_PORT", free_port())];
        Process::start(START, self.home.path(), &ports)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(".wasmd/config").join(name)
    }
}

fn change_toml(path: &Path, change: impl FnOnce(&mut Table)) {
    let mut settings: Table = fs::read_to_string(path).unwrap().parse().unwrap();
    change(&mut settings);
    fs::write(path, settings.to_string()).unwrap();
}

/// Blocks as fast as two cores make them, who is away holds nobody up, and few transactions fill the
/// mempool.
fn configure(config: &mut Table) {
    let commit = format!("{}ms", commit_ms());
    let consensus = &mut config["consensus"];
    for (name, value) in [
        ("timeout_commit", commit.as_str()),
        ("timeout_propose", "400ms"),
        ("timeout_prevote", "200ms"),
        ("timeout_precommit", "200ms"),
    ] {
        consensus[name] = value.into();
    }
    config["mempool"]["size"] = 12.into();
    config["p2p"]["allow_duplicate_ip"] = true.into();
    config["p2p"]["addr_book_strict"] = false.into();
}

/// These validators are there as well; who misses more than half of 20 blocks is slashed; what is unbonded
/// is free after 10 seconds. The chain is two days old, because a commission changes once in a day.
fn change_genesis(genesis: &mut Value, validators: [Value; 2]) {
    let transactions = &mut genesis["app_state"]["genutil"]["gen_txs"];
    transactions.as_array_mut().unwrap().extend(validators);
    let days = Duration::from_secs(2 * 24 * 60 * 60);
    let time = Time::now().checked_sub(days).unwrap();
    genesis["genesis_time"] = json!(time.to_rfc3339());
    let slashing = &mut genesis["app_state"]["slashing"]["params"];
    slashing["signed_blocks_window"] = json!("20");
    slashing["downtime_jail_duration"] = json!("5s");
    slashing["slash_fraction_downtime"] = json!("0.050000000000000000");
    genesis["app_state"]["staking"]["params"]["unbonding_time"] = json!("10s");
}

/// The transaction of the genesis by which `key` becomes a validator with this consensus key.
fn genesis_validator(node: &Node, key: &str, amount: &str, public_key: &str) -> Value {
    let path = node.path(&format!("{key}.json"));
    let file = path.to_str().unwrap();
    node.run(&[
        "genesis",
        "gentx",
        key,
        amount,
        "--pubkey",
        public_key,
        "--output-document",
        file,
    ]);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A chain with the validators of `owner`, of `reporter`, whose node is the peer's, and of `alice`, which
/// never signs.
pub fn start() -> (Node, Peer) {
    let mut node = Node::start();
    let peer = Peer {
        home: tempfile::tempdir().unwrap(),
    };
    let home = peer.home.path().join(".wasmd");
    let home = ["--home", home.to_str().unwrap()];
    node.run(&[&["init", "peer", "--chain-id", "local-1"], &home[..]].concat());
    let peer_key = node.run(&[&["comet", "show-validator"], &home[..]].concat());
    let idle_key =
        json!({"@type": "/cosmos.crypto.ed25519.PubKey", "key": "BwcH".repeat(10) + "Bwc="});
    node.stop();
    let path = node.path(".wasmd/config/genesis.json");
    let mut genesis = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let validators = [
        genesis_validator(&node, "reporter", "100000000000stake", peer_key.trim()),
        genesis_validator(&node, "alice", "40000000000stake", &idle_key.to_string()),
    ];
    change_genesis(&mut genesis, validators);
    fs::write(&path, genesis.to_string()).unwrap();
    fs::copy(&path, peer.path("genesis.json")).unwrap();
    change_toml(&node.path(".wasmd/config/config.toml"), configure);
    node.run(&["comet", "unsafe-reset-all"]);
    node.restart();
    change_toml(&peer.path("config.toml"), |config| {
        configure(config);
        config["p2p"]["persistent_peers"] = node.peer_address().into();
    });
    (node, peer)
}
