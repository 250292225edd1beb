//! Hermes between the two chains.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use ccv::packet::VERSION;
use tokio::process::Command;

use super::chain::Chain;
use super::programs::Programs;
use super::services::{Services, command, output};

/// The connection and the transfer channel, on both chains: the first of new chains.
pub const CONNECTION: &str = "connection-0";
/// See [`CONNECTION`].
pub const TRANSFER_CHANNEL: &str = "channel-0";

/// A relayer.
pub struct Relayer {
    program: PathBuf,
    folder: PathBuf,
    /// The chain ids of consumer and provider.
    chains: [String; 2],
}

impl Relayer {
    /// Writes the configuration for a consumer and its provider, and gives it the key `relayer`.
    ///
    /// # Errors
    /// When hermes refuses it.
    pub async fn new(programs: &Programs, folder: &Path, chains: [&Chain; 2]) -> Result<Self> {
        let relayer = Relayer {
            program: programs.hermes.clone(),
            folder: folder.join("hermes"),
            chains: chains.map(|chain| chain.id.clone()),
        };
        fs::create_dir_all(&relayer.folder)?;
        let mut config = GLOBAL.to_string();
        for chain in chains {
            config += &section(&chain.id, chain.denom, chain.ports()?);
        }
        fs::write(relayer.config(), config)?;
        for chain in chains {
            let mut add = relayer.hermes();
            add.args(["keys", "add", "--chain", &chain.id, "--key-file"])
                .arg(chain.keys.file("relayer"));
            output(&mut add).await?;
        }
        Ok(relayer)
    }

    /// Makes clients, connection and transfer channel.
    ///
    /// # Errors
    /// When a chain refuses.
    pub async fn connect(&self) -> Result<()> {
        let mut create = self.channel("transfer", "transfer");
        create.args(["--b-chain", &self.chains[1]]);
        create.args(["--new-client-connection", "--yes"]);
        output(&mut create).await?;
        Ok(())
    }

    /// Makes the CCV channel between two contracts.
    ///
    /// # Errors
    /// When a chain refuses.
    pub async fn open(&self, consumer: &str, provider: &str) -> Result<()> {
        let ports = [consumer, provider].map(|contract| format!("wasm.{contract}"));
        let mut create = self.channel(&ports[0], &ports[1]);
        create.args(["--a-connection", CONNECTION]);
        create.args(["--order", "ordered", "--channel-version", VERSION]);
        output(&mut create).await?;
        Ok(())
    }

    /// Starts relaying.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self, services: &Services) -> Result<()> {
        let mut hermes = self.hermes();
        hermes.arg("start");
        services.start(hermes, &self.folder.with_extension("log"))
    }

    fn channel(&self, consumer_port: &str, provider_port: &str) -> Command {
        let mut create = self.hermes();
        create
            .args(["create", "channel", "--a-chain", &self.chains[0]])
            .args(["--a-port", consumer_port, "--b-port", provider_port]);
        create
    }

    fn config(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    fn hermes(&self) -> Command {
        let mut hermes = command(&self.program);
        hermes
            .arg("--config")
            .arg(self.config())
            // Where it keeps its keys.
            .env("HOME", &self.folder);
        hermes
    }
}

/// What is not about a chain.
const GLOBAL: &str = r#"[global]
log_level = "info"
[mode.clients]
enabled = true
refresh = true
misbehaviour = false
[mode.connections]
enabled = true
[mode.channels]
enabled = true
[mode.packets]
enabled = true
clear_interval = 20
clear_on_start = true
tx_confirmation = false
[rest]
enabled = false
host = "127.0.0.1"
port = 3000
[telemetry]
enabled = false
host = "127.0.0.1"
port = 3001
"#;

/// What is about a chain. Hermes asks for the events of each block: a subscription would not bring packets that a
/// contract has sent, which it finds by an event that wasmd leaves out of what contracts do.
fn section(id: &str, denom: &str, [rpc, grpc]: [u16; 2]) -> String {
    format!(
        r#"
[[chains]]
id = "{id}"
type = "CosmosSdk"
rpc_addr = "http://127.0.0.1:{rpc}"
grpc_addr = "http://127.0.0.1:{grpc}"
event_source = {{ mode = "pull", interval = "500ms" }}
rpc_timeout = "10s"
trusted_node = true
account_prefix = "wasm"
key_name = "relayer"
store_prefix = "ibc"
default_gas = 300000
max_gas = 10000000
gas_price = {{ price = 0.001, denom = "{denom}" }}
gas_multiplier = 1.3
max_msg_num = 30
max_tx_size = 2097152
clock_drift = "10s"
max_block_time = "10s"
trusting_period = "14days"
trust_threshold = {{ numerator = "1", denominator = "3" }}
compat_mode = "0.38"
"#
    )
}
