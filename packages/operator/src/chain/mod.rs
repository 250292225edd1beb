//! A chain as a node shows it over gRPC.
//!
//! [`Node`] is the connection, [`View`] reads (the newest state or that of one height), and
//! [`Sender`] signs and sends.

mod block;
mod distribution;
mod event;
mod governance;
mod pages;
mod pulse;
mod sender;
mod staking;
mod view;

use std::time::Duration;

use anyhow::{Context as _, Error, Result, anyhow, bail};
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::GetNodeInfoRequest;
use cosmos_sdk_proto::cosmos::base::tendermint::v1beta1::service_client::ServiceClient;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Status};

pub use block::Block;
pub use event::Event;
pub use governance::OpenProposal;
pub use pulse::STOPPED;
pub use sender::{Outcome, Sender};
pub use staking::{Validator, Voter};
pub use view::View;

use crate::config::ChainConfig;

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// After so long without a word from the node it is asked whether it is there: a connection that died in
/// silence is replaced then. Nodes take a client that asks more often than every five minutes for an attacker.
const KEEP_ALIVE: Duration = Duration::from_secs(330);

/// Entries of a page of most lists: some nodes give no more.
const PAGE: u64 = 100;

/// The most that one answer may have: pages of delegations are large.
const ANSWER_BYTES: usize = 64 << 20;

/// A node of the configured chain.
pub struct Node {
    channel: Channel,
}

impl Node {
    /// Connects, and makes sure that the node is on the configured chain.
    ///
    /// # Errors
    /// When nobody answers there, or a node of another chain does.
    pub async fn connect(config: &ChainConfig) -> Result<Self> {
        let grpc = &config.grpc;
        let mut endpoint = Endpoint::from_shared(grpc.clone())
            .with_context(|| format!("grpc = \"{grpc}\" in operator.toml"))?
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .http2_keep_alive_interval(KEEP_ALIVE);
        if grpc.starts_with("https") {
            endpoint = endpoint.tls_config(ClientTlsConfig::new().with_native_roots())?;
        }
        let channel = endpoint
            .connect()
            .await
            .with_context(|| format!("no node answers at {grpc}"))?;
        let answer = ServiceClient::new(channel.clone())
            .get_node_info(GetNodeInfoRequest {})
            .await
            .map_err(refusal)
            .with_context(|| format!("{grpc} does not answer as a node"))?;
        let id = answer
            .into_inner()
            .default_node_info
            .unwrap_or_default()
            .network;
        if id != config.id {
            bail!(
                "operator.toml says chain {}, the node at {grpc} is on {id}",
                config.id
            );
        }
        Ok(Node { channel })
    }

    /// The newest state.
    pub fn view(&self) -> View {
        View::new(self.channel.clone(), None)
    }
}

/// What a node said, without the place in its source, `[..keeper.go:469]`, and what the SDK writes behind it.
fn reason(text: &str) -> &str {
    let is_place = |rest: &str| {
        rest.split(']')
            .next()
            .is_some_and(|place| place.contains(".go:"))
    };
    let place = text
        .match_indices(" [")
        .find(|(at, _)| text.get(*at..).is_some_and(is_place));
    place.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// The error of an answer.
fn refusal(status: Status) -> Error {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded => {
            anyhow!("the node does not answer: {}", status.message())
        }
        _ => anyhow!("{}", reason(status.message())),
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A view through a node that does not answer.
    pub fn nobody() -> View {
        let channel = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
        Node { channel }.view()
    }

    #[test]
    fn a_refusal_is_told_without_the_nodes_source() {
        let text = "Unauthorized: execute wasm contract failed \
                    [CosmWasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:469] with gas used: '101342'";
        assert_eq!(reason(text), "Unauthorized: execute wasm contract failed");
        assert_eq!(reason("denoms [a b]: plain"), "denoms [a b]: plain");
    }
}
