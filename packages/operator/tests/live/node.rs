//! A chain of one validator on loopback, which is gone when the test is over, however it ends.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// The top of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A node, with the accounts `owner`, `reporter` and `alice`.
pub struct Node {
    home: TempDir,
    shell: Child,
    /// The shell ends the node when this is closed.
    input: Option<ChildStdin>,
    rpc: u16,
    grpc: u16,
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Node {
    /// Starts a chain, and writes an `operator.toml` whose key is that of `owner`.
    pub fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let (rpc, grpc) = (free_port(), free_port());
        let mut shell = Command::new("bash")
            .args([
                "-c",
                r#"source "$0"; echo ready; read -r _ || true; stop_node"#,
            ])
            .arg(repository().join("tests/chain/deploy/node.sh"))
            .env("HOME", home.path())
            .env("RPC_PORT", rpc.to_string())
            .env("P2P_PORT", free_port().to_string())
            .env("GRPC_PORT", grpc.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(
            line, "ready\n",
            "the node does not start; is wasmd in PATH?"
        );
        let input = shell.stdin.take();
        let node = Node {
            home,
            shell,
            input,
            rpc,
            grpc,
        };
        let key = node.run(&[
            "keys",
            "export",
            "owner",
            "--unarmored-hex",
            "--unsafe",
            "--yes",
        ]);
        node.write("owner.key", key.trim());
        node.write("operator.toml", &node.config());
        node
    }

    /// Stops it; the chain's files stay.
    pub fn stop(&mut self) {
        drop(self.input.take());
        self.shell.wait().unwrap();
    }

    /// A working `operator.toml`.
    pub fn config(&self) -> String {
        format!(
            r#"
            [chain]
            id = "local-1"
            grpc = "http://127.0.0.1:{}"
            prefix = "wasm"
            gas_price = "0.001stake"
            timeout_blocks = 10
            [key]
            key_file = "owner.key"
            "#,
            self.grpc
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

    /// The one line that the operator says when it cannot do what it should.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.operator(arguments).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            said(&output)
        );
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(error.lines().count(), 1, "{error}");
        error
    }

    /// What a command of wasmd prints.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new("wasmd")
            .args(arguments)
            .env("HOME", self.home.path())
            .env("WASMD_NODE", format!("tcp://127.0.0.1:{}", self.rpc))
            .output()
            .unwrap();
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
        let answer = self.query(&["wait-tx", hash]);
        assert_eq!(answer["code"], 0, "{answer}");
    }

    /// The height of the newest block.
    pub fn height(&self) -> u64 {
        let status: Value = serde_json::from_str(&self.run(&["status"])).unwrap();
        let height = status["sync_info"]["latest_block_height"].as_str().unwrap();
        height.parse().unwrap()
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

impl Drop for Node {
    fn drop(&mut self) {
        self.stop();
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
