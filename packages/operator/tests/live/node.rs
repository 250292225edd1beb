//! A chain of one validator on loopback, which is gone when the test is over, however it ends.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Process, free_port};
use crate::rpc::Rpc;

/// The top of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A node, with the accounts `owner`, `reporter` and `alice`.
pub struct Node {
    home: TempDir,
    process: Option<Process>,
    rpc: u16,
    p2p: u16,
    grpc: u16,
}

/// A `deploy.toml` of a fee pool, to which the key of `operator.toml` and these accounts report.
pub fn pool(name: &str, kind: &str, reporters: &[&str]) -> String {
    let reporters = [&["@sender"], reporters].concat();
    format!(
        r#"
        [[contracts]]
        name = "{name}"
        kind = "{kind}"
        msg = {{ reward_denoms = ["stake"], reporters = {{ block = {reporters:?}, staking = {reporters:?} }} }}
        "#
    )
}

impl Node {
    /// Starts a chain, and writes an `operator.toml` whose key is that of `owner`.
    pub fn start() -> Self {
        let script = repository().join("tests/chain/deploy/node.sh");
        let mut node = Node {
            home: tempfile::tempdir().unwrap(),
            process: None,
            rpc: free_port(),
            p2p: free_port(),
            grpc: free_port(),
        };
        node.process = Some(node.process(&format!("source {}", script.display())));
        node.write("owner.key", &node.key("owner"));
        node.write("operator.toml", &node.config());
        node
    }

    fn process(&self, script: &str) -> Process {
        let ports = [
            ("RPC_PORT", self.rpc),
            ("P2P_PORT", self.p2p),
            ("GRPC_PORT", self.grpc),
        ];
        Process::start(script, self.home.path(), &ports)
    }

    /// Stops it; the chain's files stay.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it again on the chain that it had.
    pub fn restart(&mut self) {
        self.stop();
        let script = r#"
            wasmd start --rpc.laddr "tcp://127.0.0.1:$RPC_PORT" --p2p.laddr "tcp://127.0.0.1:$P2P_PORT" \
                --rpc.pprof_laddr "" --grpc.address "127.0.0.1:$GRPC_PORT" --minimum-gas-prices 0stake >>"$HOME/wasmd.log" 2>&1 &
            node=$!
            stop_node() { kill "$node"; wait "$node"; }
            for _ in $(seq 300); do
                if wasmd query block >/dev/null 2>&1; then break; fi
                sleep 0.2
            done
        "#;
        self.process = Some(self.process(script));
        // Until then it answers no queries.
        self.next_block();
    }

    /// CometBFT's RPC.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(self.rpc)
    }

    /// Where other nodes find it.
    pub fn peer_address(&self) -> String {
        let id = self.run(&["comet", "show-node-id"]);
        format!("{}@127.0.0.1:{}", id.trim(), self.p2p)
    }

    /// A private key in hex.
    pub fn key(&self, name: &str) -> String {
        let export = [
            "keys",
            "export",
            name,
            "--unarmored-hex",
            "--unsafe",
            "--yes",
        ];
        self.run(&export).trim().to_string()
    }

    /// What account addresses begin with: that of the wasmd in `PATH`.
    pub fn prefix(&self) -> String {
        let owner = self.address("owner");
        owner.rsplit_once('1').unwrap().0.to_string()
    }

    /// The chain's validator, which `owner` operates.
    pub fn validator(&self) -> String {
        let address = self.run(&["keys", "show", "owner", "--bech", "val", "--address"]);
        address.trim().to_string()
    }

    /// Writes a `deploy.toml` for the repository's artifacts, and deploys it.
    #[track_caller]
    pub fn deploy(&self, contracts: &str) {
        let artifacts = repository().join("artifacts").canonicalize().unwrap();
        let plan = format!("artifacts = \"{}\"\n{contracts}", artifacts.display());
        self.write("deploy.toml", &plan);
        self.succeeds(&["deploy"]);
    }

    /// Where it speaks gRPC.
    pub fn grpc(&self) -> String {
        format!("http://127.0.0.1:{}", self.grpc)
    }

    /// A working `operator.toml`.
    pub fn config(&self) -> String {
        format!(
            r#"
            [chain]
            id = "local-1"
            grpc = "{}"
            prefix = "{}"
            gas_price = "0.001stake"
            timeout_blocks = 10
            [key]
            key_file = "owner.key"
            "#,
            self.grpc(),
            self.prefix()
        )
    }

    /// A file of the operator.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Where the operator's files are.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The operator, to be run here.
    pub fn operator(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_operator"));
        command.args(arguments).current_dir(self.home.path());
        command
    }

    /// What the operator prints when it succeeds.
    #[track_caller]
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.operator(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The last line that the operator says when it cannot do what it should.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.operator(arguments).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            said(&output)
        );
        let notes = String::from_utf8(output.stderr).unwrap();
        let error = notes.lines().last().unwrap();
        assert!(error.starts_with("operator: "), "{notes}");
        error.to_string()
    }

    /// A program for which wasmd's keys and node are those of this chain.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command
            .env("HOME", self.home.path())
            .env("WASMD_NODE", format!("tcp://127.0.0.1:{}", self.rpc));
        command
    }

    fn wasmd(&self, arguments: &[&str]) -> Command {
        let mut command = self.program("wasmd");
        command.args(arguments);
        command
    }

    /// A shell that reads commands, with the operator in its `PATH`.
    pub fn shell(&self) -> Child {
        let operator = Path::new(env!("CARGO_BIN_EXE_operator")).parent().unwrap();
        let path = env::var("PATH").unwrap();
        self.program("bash")
            .current_dir(self.home.path())
            .env("PATH", format!("{}:{path}", operator.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// What a command of wasmd prints.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.wasmd(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        // Some commands print their result to standard error.
        let printed = if output.stdout.is_empty() {
            output.stderr
        } else {
            output.stdout
        };
        String::from_utf8(printed).unwrap()
    }

    /// The answer to a query of wasmd.
    #[track_caller]
    pub fn query(&self, arguments: &[&str]) -> Value {
        let arguments = [&["query"], arguments, &["--output", "json"]].concat();
        serde_json::from_str(&self.run(&arguments)).unwrap()
    }

    /// Sends a transaction of wasmd and waits until it is in a block.
    #[track_caller]
    pub fn send(&self, from: &str, arguments: &[&str]) {
        let common = [
            "--from",
            from,
            "--gas",
            "auto",
            "--gas-adjustment",
            "1.5",
            "--yes",
            "--output",
            "json",
        ];
        let sent = self.run(&[&["tx"], arguments, &common].concat());
        let sent: Value = serde_json::from_str(sent.trim()).unwrap();
        let hash = sent["txhash"].as_str().unwrap();
        for _ in 0..240 {
            let query = ["query", "tx", hash, "--output", "json"];
            let output = self.wasmd(&query).output().unwrap();
            if output.status.success() {
                let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!(answer["code"], 0, "{answer}");
                return;
            }
            sleep(Duration::from_millis(250));
        }
        panic!("transaction {hash} is in no block");
    }

    /// The height of the newest block.
    pub fn height(&self) -> u64 {
        self.rpc().height().unwrap()
    }

    /// Asks a contract of the address book.
    #[track_caller]
    pub fn ask(&self, name: &str, query: &Value) -> Value {
        self.rpc().smart(&self.contract(name), query, 0)
    }

    /// Waits for another block.
    pub fn next_block(&self) {
        let height = self.height();
        while self.height() == height {
            sleep(Duration::from_millis(100));
        }
    }

    /// The address of a contract in the address book.
    pub fn contract(&self, name: &str) -> String {
        let book = fs::read_to_string(self.path("contracts.toml")).unwrap();
        let book: toml::Table = book.parse().unwrap();
        book["contracts"][name]["address"]
            .as_str()
            .unwrap()
            .to_string()
    }

    /// The account of a key.
    pub fn address(&self, key: &str) -> String {
        self.run(&["keys", "show", key, "--address"])
            .trim()
            .to_string()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
