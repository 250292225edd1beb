//! A chain of wasmd: a process for each validator, all on loopback.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::sleep;

use super::keys::Keys;
use super::services::{Services, command, output};

/// What every account has at the start.
const BALANCE: &str = "1000000000000";

/// Between two looks at a chain.
const PAUSE: Duration = Duration::from_millis(500);

/// Looks for a transaction before it is given up.
const PATIENCE: u32 = 200;

/// How a chain begins.
pub struct Genesis {
    /// Its name; its id is the name and `-1`.
    pub name: &'static str,
    /// The only denom.
    pub denom: &'static str,
    /// Who makes its blocks. The name is also that of the key.
    pub validators: &'static [Validator],
}

/// A validator at the start.
pub struct Validator {
    /// Its name.
    pub name: &'static str,
    /// What it has delegated to itself.
    pub tokens: &'static str,
    /// Its commission.
    pub commission: &'static str,
}

/// A chain.
#[derive(Clone)]
pub struct Chain {
    /// Its chain id.
    pub id: String,
    /// The only denom that is its own.
    pub denom: &'static str,
    /// Where its files are.
    pub folder: PathBuf,
    /// The accounts.
    pub keys: Keys,
    wasmd: PathBuf,
    nodes: Vec<Node>,
}

/// A node, with its ports.
#[derive(Clone)]
struct Node {
    home: PathBuf,
    rpc: u16,
    p2p: u16,
    grpc: u16,
}

impl Node {
    /// A node with ports that nobody has; they are held by `listeners` until all nodes have theirs, so that
    /// they differ.
    fn new(home: PathBuf, listeners: &mut Vec<TcpListener>) -> Result<Self> {
        let mut ports = [0; 3];
        for port in &mut ports {
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            *port = listener.local_addr()?.port();
            listeners.push(listener);
        }
        let [rpc, p2p, grpc] = ports;
        Ok(Node {
            home,
            rpc,
            p2p,
            grpc,
        })
    }

    fn genesis(&self) -> PathBuf {
        self.home.join("config/genesis.json")
    }
}

impl Chain {
    /// Makes the files of a new chain.
    ///
    /// # Errors
    /// When wasmd refuses something.
    pub async fn make(genesis: &Genesis, folder: &Path, wasmd: &Path, keys: Keys) -> Result<Self> {
        let folder = folder.join(genesis.name);
        let mut listeners = Vec::new();
        let nodes = genesis.validators.iter();
        let nodes: Result<_> = nodes
            .map(|validator| Node::new(folder.join(validator.name), &mut listeners))
            .collect();
        drop(listeners);
        let chain = Chain {
            id: format!("{}-1", genesis.name),
            denom: genesis.denom,
            folder,
            keys,
            wasmd: wasmd.to_path_buf(),
            nodes: nodes?,
        };
        let first = chain.first()?;
        for (node, validator) in chain.nodes.iter().zip(genesis.validators) {
            let init = ["init", validator.name, "--default-denom", chain.denom];
            chain.at(node, &init).await?;
        }
        let coins = json!([{"denom": chain.denom, "amount": BALANCE}]);
        let account = |address: &String| json!({"address": address, "coins": coins});
        let accounts: Vec<_> = chain.keys.addresses().map(account).collect();
        let file = chain.folder.join("accounts.json");
        fs::write(&file, json!(accounts).to_string())?;
        let file = file.display().to_string();
        chain
            .at(first, &["genesis", "bulk-add-genesis-account", &file])
            .await?;

        let collected = first.home.join("config/gentx");
        fs::create_dir_all(&collected)?;
        for (node, validator) in chain.nodes.iter().zip(genesis.validators) {
            if node.home != first.home {
                fs::copy(first.genesis(), node.genesis())?;
            }
            let tokens = format!("{}{}", validator.tokens, chain.denom);
            let commission = ["--commission-rate", validator.commission];
            let file = collected.join(format!("{}.json", validator.name));
            let file = file.display().to_string();
            let gentx = ["genesis", "gentx", validator.name, &tokens];
            let arguments = [&gentx, &commission[..], &["--output-document", &file]];
            chain.at(node, &arguments.concat()).await?;
        }
        chain.at(first, &["genesis", "collect-gentxs"]).await?;
        for node in chain.nodes.iter().skip(1) {
            fs::copy(first.genesis(), node.genesis())?;
        }
        Ok(chain)
    }

    /// Starts its nodes and waits for the first block.
    ///
    /// # Errors
    /// When they cannot be started.
    pub async fn start(&self, services: &Services) -> Result<()> {
        let mut peers = Vec::new();
        for node in &self.nodes {
            let id = self.at(node, &["comet", "show-node-id"]).await?;
            peers.push(format!("{id}@127.0.0.1:{}", node.p2p));
        }
        for node in &self.nodes {
            let mut start = self.wasmd_at(node);
            start
                .arg("start")
                .args(["--rpc.laddr", &format!("tcp://127.0.0.1:{}", node.rpc)])
                .args(["--p2p.laddr", &format!("tcp://127.0.0.1:{}", node.p2p)])
                .args(["--p2p.persistent_peers", &peers.join(",")])
                .args(["--grpc.address", &format!("127.0.0.1:{}", node.grpc)])
                .args(["--rpc.pprof_laddr", ""])
                .args(["--minimum-gas-prices", &format!("0{}", self.denom)])
                .args(["--log_no_color"])
                // What config.toml has and no argument.
                .env("WASMD_CONSENSUS_TIMEOUT_COMMIT", "1s")
                .env("WASMD_P2P_ADDR_BOOK_STRICT", "false")
                .env("WASMD_P2P_ALLOW_DUPLICATE_IP", "true");
            services.start(start, &node.home.with_extension("log"))?;
        }
        // Until then it answers no queries.
        while !self.height().await.is_ok_and(|height| height > 1) {
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// The height of the newest block.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn height(&self) -> Result<u64> {
        let status: Value = serde_json::from_str(&self.run(&["status"]).await?)?;
        let height = status["sync_info"]["latest_block_height"].as_str();
        Ok(height.context("a status without height")?.parse()?)
    }

    /// The ports of the node that is spoken to: RPC and gRPC.
    ///
    /// # Errors
    /// When there is no node.
    pub fn ports(&self) -> Result<[u16; 2]> {
        let first = self.first()?;
        Ok([first.rpc, first.grpc])
    }

    /// Sends a transaction and waits until it is in a block.
    ///
    /// # Errors
    /// When it is refused or fails.
    pub async fn send(&self, from: &str, arguments: &[&str]) -> Result<()> {
        let common = ["--from", from, "--gas", "10000000", "--yes"];
        let json = ["--output", "json"];
        let sent = [&["tx"], arguments, &common, &json].concat();
        let sent: Value = serde_json::from_str(&self.run(&sent).await?)?;
        let words = arguments.join(" ");
        ensure!(sent["code"] == 0, "{words}: {}", sent["raw_log"]);
        let hash = sent["txhash"].as_str().context("no hash")?;
        for _ in 0..PATIENCE {
            sleep(PAUSE).await;
            // It is an error as long as the transaction is not in a block and indexed.
            if let Ok(found) = self.query(&["tx", hash]).await {
                ensure!(found["code"] == 0, "{words}: {}", found["raw_log"]);
                return Ok(());
            }
        }
        bail!("{words}: is in no block")
    }

    /// The answer to a query.
    ///
    /// # Errors
    /// When there is none.
    pub async fn query(&self, arguments: &[&str]) -> Result<Value> {
        let arguments = [&["query"], arguments, &["--output", "json"]].concat();
        Ok(serde_json::from_str(&self.run(&arguments).await?)?)
    }

    /// What an account has of a denom.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn balance(&self, account: &str, denom: &str) -> Result<u128> {
        let answer = self.query(&["bank", "balance", account, denom]).await?;
        let amount = answer["balance"]["amount"].as_str();
        Ok(amount.context("no amount")?.parse()?)
    }

    /// How wasmd finds chain and keys.
    ///
    /// # Errors
    /// When there is no node.
    pub fn environment(&self) -> Result<Vec<(&'static str, String)>> {
        let [rpc, _] = self.ports()?;
        let mut environment = self.keys.environment().to_vec();
        environment.push(("WASMD_CHAIN_ID", self.id.clone()));
        environment.push(("WASMD_NODE", format!("tcp://127.0.0.1:{rpc}")));
        Ok(environment)
    }

    fn first(&self) -> Result<&Node> {
        self.nodes.first().context("a chain without validators")
    }

    fn wasmd_at(&self, node: &Node) -> Command {
        let mut wasmd = command(&self.wasmd);
        wasmd
            .arg("--home")
            .arg(&node.home)
            .env("WASMD_CHAIN_ID", &self.id)
            .envs(self.keys.environment());
        wasmd
    }

    /// What a command prints that works on the files of a node.
    async fn at(&self, node: &Node, arguments: &[&str]) -> Result<String> {
        output(self.wasmd_at(node).args(arguments)).await
    }

    /// What a command prints that speaks to the chain.
    async fn run(&self, arguments: &[&str]) -> Result<String> {
        let mut wasmd = self.wasmd_at(self.first()?);
        output(wasmd.args(arguments).envs(self.environment()?)).await
    }
}
