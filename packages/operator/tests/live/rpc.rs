//! CometBFT's RPC on loopback: blocks, transactions, and the chain's state at any height.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

use cosmwasm_std::{Binary, HexBinary};
use prost::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a server answers to a request for a path.
///
/// # Errors
/// When it is not there.
pub fn get(port: u16, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: x\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A node's RPC.
#[derive(Clone, Copy)]
pub struct Rpc {
    port: u16,
}

impl Rpc {
    /// At this port.
    pub fn new(port: u16) -> Self {
        Rpc { port }
    }

    /// The result of a request.
    ///
    /// # Errors
    /// What the node says against it, or that it is away.
    pub fn result(self, request: &str) -> Result<Value, String> {
        let answer = get(self.port, request).map_err(|error| error.to_string())?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        let mut body: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        match body.get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(body["result"].take()),
        }
    }

    /// The height of the newest block; none while the node is away.
    pub fn height(self) -> Option<u64> {
        let status = self.result("/status").ok()?;
        let height = &status["sync_info"]["latest_block_height"];
        height.as_str()?.parse().ok()
    }

    /// Whether a transaction may be in a block.
    ///
    /// # Errors
    /// Why the node does not take it.
    pub fn broadcast(self, tx: &[u8]) -> Result<(), String> {
        let tx = HexBinary::from(tx);
        let checked = self.result(&format!("/broadcast_tx_sync?tx=0x{tx}"))?;
        match checked["code"].as_u64() {
            Some(0) => Ok(()),
            _ => Err(checked["log"].to_string()),
        }
    }

    /// Asks the chain's state, after the block of a height; 0 is the newest.
    ///
    /// # Errors
    /// What the node says against it, or that it is away.
    pub fn query<A: Message + Default>(
        self,
        method: &str,
        request: &impl Message,
        height: u64,
    ) -> Result<A, String> {
        let data = HexBinary::from(request.encode_to_vec());
        let query = format!("/abci_query?path=%22/{method}%22&data=0x{data}&height={height}");
        let answer = self.result(&query)?;
        let response = &answer["response"];
        if response["code"] != 0 {
            return Err(response["log"].to_string());
        }
        let value = response["value"].as_str().unwrap_or_default();
        let value = Binary::from_base64(value).map_err(|error| error.to_string())?;
        A::decode(value.as_slice()).map_err(|error| error.to_string())
    }

    /// Asks a contract, after the block of a height.
    #[track_caller]
    pub fn smart<T: DeserializeOwned>(self, contract: &str, query: &Value, height: u64) -> T {
        use cosmos_sdk_proto::cosmwasm::wasm::v1 as wasm;
        let request = wasm::QuerySmartContractStateRequest {
            address: contract.to_string(),
            query_data: query.to_string().into_bytes(),
        };
        let method = "cosmwasm.wasm.v1.Query/SmartContractState";
        let answer = self.query(method, &request, height);
        let answer: wasm::QuerySmartContractStateResponse = answer.unwrap();
        serde_json::from_slice(&answer.data).unwrap()
    }
}
