//! An account that sends transactions without waiting for them.

use std::thread::sleep;
use std::time::{Duration, Instant};

use cosmos_sdk_proto::cosmos::auth::v1beta1::{QueryAccountInfoRequest, QueryAccountInfoResponse};
use cosmos_sdk_proto::cosmos::bank::v1beta1::MsgSend;
use cosmos_sdk_proto::cosmos::base::v1beta1 as base;
use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::tx::{Body, Fee, SignDoc, SignerInfo};
use cosmrs::{Any, Coin};
use cosmwasm_std::HexBinary;
use prost::Name;

use crate::rpc::Rpc;

/// Gas of every transaction.
const GAS: u64 = 800_000;

/// Fee of every transaction.
const FEE: u128 = 8_000;

/// An account with its key.
pub struct Wallet {
    key: SigningKey,
    /// The account.
    pub address: String,
    number: u64,
    sequence: u64,
}

/// A message as a transaction holds it.
pub fn any<T: Name>(message: &T) -> Any {
    Any {
        type_url: T::type_url(),
        value: message.encode_to_vec(),
    }
}

/// An amount as messages have it.
pub fn stake(amount: u64) -> base::Coin {
    base::Coin {
        denom: "stake".to_string(),
        amount: amount.to_string(),
    }
}

impl Wallet {
    /// The wallet of a key in hex.
    pub fn new(key: &str, prefix: &str) -> Self {
        let key = HexBinary::from_hex(key).unwrap();
        let key = SigningKey::from_slice(&key).unwrap();
        Wallet {
            address: key.public_key().account_id(prefix).unwrap().to_string(),
            key,
            number: 0,
            sequence: 0,
        }
    }

    /// Reads its number and sequence.
    #[track_caller]
    pub fn open(&mut self, rpc: Rpc) {
        let request = QueryAccountInfoRequest {
            address: self.address.clone(),
        };
        let method = "cosmos.auth.v1beta1.Query/AccountInfo";
        let answer: QueryAccountInfoResponse = rpc.query(method, &request, 0).unwrap();
        let account = answer.info.unwrap();
        self.number = account.account_number;
        self.sequence = account.sequence;
    }

    fn sign(&self, messages: Vec<Any>) -> Vec<u8> {
        let fee = Fee {
            amount: vec![Coin::new(FEE, "stake").unwrap()],
            gas_limit: GAS,
            payer: None,
            granter: None,
        };
        let body = Body::new(messages, "", 0u8);
        let signer = SignerInfo::single_direct(Some(self.key.public_key()), self.sequence);
        let chain = "local-1".parse().unwrap();
        let document = SignDoc::new(&body, &signer.auth_info(fee), &chain, self.number).unwrap();
        let signed = document.sign(&self.key).unwrap();
        signed.to_bytes().unwrap()
    }

    /// Sends a transaction.
    ///
    /// # Errors
    /// Why the node does not take it.
    pub fn send(&mut self, rpc: Rpc, messages: Vec<Any>) -> Result<(), String> {
        let sent = rpc.broadcast(&self.sign(messages));
        match &sent {
            Ok(()) => self.sequence += 1,
            // Somebody else has used the key, or a transaction was dropped.
            Err(reason) => {
                if let Some((_, rest)) = reason.split_once("sequence mismatch, expected ") {
                    let digits = rest.split(',').next().unwrap();
                    self.sequence = digits.parse().unwrap();
                }
            }
        }
        sent
    }

    /// Keeps the mempool full for so long. Returns how many transactions it refused because it was.
    pub fn flood(&mut self, rpc: Rpc, time: Duration) -> u32 {
        let message = any(&MsgSend {
            from_address: self.address.clone(),
            to_address: self.address.clone(),
            amount: vec![stake(1)],
        });
        let start = Instant::now();
        let mut refused = 0;
        while start.elapsed() < time {
            let sent = self.send(rpc, vec![message.clone()]);
            if sent.is_err_and(|reason| reason.contains("mempool is full")) {
                refused += 1;
                sleep(Duration::from_millis(2));
            }
        }
        refused
    }
}
