//! Signing and sending transactions.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result, anyhow, bail, ensure};
use cosmos_sdk_proto::cosmos::auth::v1beta1::BaseAccount;
use cosmos_sdk_proto::cosmos::base::abci::v1beta1::{TxMsgData, TxResponse};
use cosmos_sdk_proto::cosmos::tx::v1beta1::service_client::ServiceClient;
use cosmos_sdk_proto::cosmos::tx::v1beta1::{
    BroadcastMode, BroadcastTxRequest, GetTxRequest, SimulateRequest, SimulateResponse,
};
use cosmrs::tendermint::block::Height;
use cosmrs::tx::{Body, Fee, SignDoc, SignerInfo};
use cosmrs::{Any, Coin};
use cosmwasm_std::{HexBinary, Uint128, Uint256};
use prost::Message as _;
use tokio::time::sleep;
use tonic::Code;
use tonic::transport::Channel;

use super::pulse::Pulse;
use super::{Event, View, reason, refusal};
use crate::config::ChainConfig;
use crate::message::Message;
use crate::signer::Signer;

/// Between two looks at the chain.
const PAUSE: Duration = Duration::from_millis(500);

/// Blocks after a transaction's last one until the node's index surely has it.
const INDEX_LAG: u64 = 2;

/// Code numbers of the SDK's own errors, in CheckTx.
mod code {
    pub const INSUFFICIENT_FUNDS: u32 = 5;
    pub const TX_IN_MEMPOOL: u32 = 19;
    pub const MEMPOOL_IS_FULL: u32 = 20;
    pub const WRONG_SEQUENCE: u32 = 32;
}

/// An account that sends transactions to a chain.
pub struct Sender<'a> {
    view: View,
    config: &'a ChainConfig,
    signer: &'a Signer,
}

/// What became of an attempt.
enum Attempt {
    /// It is in a block, and did what it should.
    Done(Sent),
    /// It never can be in a block, for this reason. Another one may behind the next block: a transaction of
    /// the account that came first is in it then, and the mempool has room.
    Again(String),
}

/// What came of sending.
pub enum Outcome<T> {
    /// A transaction is in a block.
    Sent(Sent),
    /// There was nothing to send.
    There(T),
}

/// A transaction in a block, which did what it should.
pub struct Sent {
    /// The answer to each of its messages.
    answers: Vec<Any>,
    /// What happened.
    pub events: Vec<Event>,
}

impl Sent {
    fn new(response: TxResponse) -> Result<Self> {
        let data = HexBinary::from_hex(&response.data)
            .map_err(|error| anyhow!("the transaction's data: {error}"))?;
        let data = TxMsgData::decode(data.as_slice()).context("the transaction's data")?;
        Ok(Sent {
            answers: data.msg_responses,
            events: response.events.into_iter().map(Event::from).collect(),
        })
    }

    /// The first answer of a type.
    ///
    /// # Errors
    /// When the transaction gave none.
    pub fn answer<T: prost::Message + prost::Name + Default>(&self) -> Result<T> {
        let url = T::type_url();
        let answer = self.answers.iter().find(|answer| answer.type_url == url);
        let answer = answer.with_context(|| format!("the transaction has no answer {url}"))?;
        T::decode(answer.value.as_slice()).context(url)
    }
}

fn fee_of(amount: Vec<Coin>, gas_limit: u64) -> Fee {
    Fee {
        amount,
        gas_limit,
        payer: None,
        granter: None,
    }
}

impl<'a> Sender<'a> {
    /// Transactions of this key to the chain that is viewed.
    pub fn new(view: View, config: &'a ChainConfig, signer: &'a Signer) -> Self {
        Sender {
            view,
            config,
            signer,
        }
    }

    /// Sends one transaction of these messages and waits until it is in a block: all of them are
    /// done, or none. Buys as much gas as a simulation takes, times the configured adjustment.
    ///
    /// `there` says whether it is done already, and is asked before every attempt: a transaction of a
    /// run that was interrupted may still be on its way. As the sequence is read before that, the
    /// chain takes one of the two only.
    ///
    /// # Errors
    /// When the chain refuses, naming why; when it was in no block after `timeout_blocks`; when the chain
    /// makes no blocks, or the node does not answer.
    pub async fn send_unless<T>(
        &self,
        messages: &[Message],
        there: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<Outcome<T>> {
        let blocks = self.config.timeout_blocks;
        let mut height = self.view.height().await?;
        let last_height = height.saturating_add(blocks);
        let mut why = String::new();
        loop {
            ensure!(
                height < last_height,
                "given up after {blocks} blocks: {why}"
            );
            let account = self.on_chain().await?;
            if let Some(there) = there().await? {
                return Ok(Outcome::There(there));
            }
            match self.attempt(messages, &account, last_height).await? {
                Attempt::Done(sent) => return Ok(Outcome::Sent(sent)),
                Attempt::Again(reason) => why = reason,
            }
            let next = self.block_after(height).await;
            height = next.with_context(|| why.clone())?;
        }
    }

    /// Waits for a block behind this height, and returns the height of the newest one.
    async fn block_after(&self, height: u64) -> Result<u64> {
        let mut pulse = Pulse::new(Instant::now());
        loop {
            let newest = self.view.height().await?;
            if newest > height {
                return Ok(newest);
            }
            pulse.beat(newest, Instant::now())?;
            sleep(PAUSE).await;
        }
    }

    /// Sends one transaction, as [`Sender::send_unless`], whatever else is on its way.
    ///
    /// # Errors
    /// As there.
    pub async fn send(&self, messages: &[Message]) -> Result<Sent> {
        let nothing = async || Ok(None::<Infallible>);
        match self.send_unless(messages, nothing).await? {
            Outcome::Sent(sent) => Ok(sent),
            Outcome::There(never) => match never {},
        }
    }

    /// The events that a transaction of these messages would have now. Nothing is sent.
    ///
    /// # Errors
    /// When the chain would refuse it, or the node does not answer.
    pub async fn rehearse(&self, messages: &[Message]) -> Result<Vec<Event>> {
        let account = self.on_chain().await?;
        let body = Body::new(messages.iter().map(Message::any), "", 0u8);
        let tx = self.sign(&body, fee_of(Vec::new(), 0), &account)?;
        let simulated = self.simulate(tx).await?.map_err(Error::msg)?;
        let events = simulated.result.unwrap_or_default().events;
        Ok(events.into_iter().map(Event::from).collect())
    }

    /// The account that signs.
    pub fn account(&self) -> &str {
        self.signer.address()
    }

    async fn on_chain(&self) -> Result<BaseAccount> {
        let address = self.account();
        self.view.account(address).await?.with_context(|| {
            format!(
                "the account {address} is not known on {}: send it some {} first",
                self.config.id,
                self.config.gas_price.denom()
            )
        })
    }

    async fn attempt(
        &self,
        messages: &[Message],
        account: &BaseAccount,
        last_height: u64,
    ) -> Result<Attempt> {
        let body: Vec<Any> = messages.iter().map(Message::any).collect();
        let height =
            Height::try_from(last_height).context("the height until which it may be in a block")?;
        let body = Body::new(body, "", height);
        let tx = self.sign(&body, fee_of(Vec::new(), 0), account)?;
        let gas = match self.simulate(tx).await? {
            Ok(simulated) => simulated.gas_info.unwrap_or_default().gas_used,
            Err(reason) => return Ok(Attempt::Again(reason)),
        };
        let gas = Uint256::from(gas).mul_ceil(self.config.gas_adjustment);
        let gas: u64 = gas
            .to_string()
            .parse()
            .context("the gas that was simulated")?;
        let tx = self.sign(&body, self.fee(gas)?, account)?;
        self.broadcast(tx, last_height).await
    }

    fn fee(&self, gas: u64) -> Result<Fee> {
        let price = &self.config.gas_price;
        let amount = price.fee(gas)?;
        let amount = Uint128::try_from(amount)
            .map_err(|_| anyhow!("a fee of {amount} {} is more than 2^128", price.denom()))?
            .u128();
        let denom = price.denom();
        let denom = denom
            .parse()
            .map_err(|error| anyhow!("the denom {denom}: {error}"))?;
        // The chain refuses coins of nothing.
        let coins = if amount == 0 {
            Vec::new()
        } else {
            vec![Coin { denom, amount }]
        };
        Ok(fee_of(coins, gas))
    }

    fn sign(&self, body: &Body, fee: Fee, account: &BaseAccount) -> Result<Vec<u8>> {
        let public_key = Some(self.signer.public_key());
        let auth_info = SignerInfo::single_direct(public_key, account.sequence).auth_info(fee);
        let chain = self.config.id.parse().context("the chain id")?;
        let sign = || {
            SignDoc::new(body, &auth_info, &chain, account.account_number)?
                .sign(self.signer.key())?
                .to_bytes()
        };
        sign().map_err(|error| anyhow!("signing: {error}"))
    }

    fn client(&self) -> ServiceClient<Channel> {
        ServiceClient::new(self.view.channel.clone())
    }

    /// What a transaction would do; or, why another one should be made.
    async fn simulate(&self, tx_bytes: Vec<u8>) -> Result<Result<SimulateResponse, String>> {
        #[expect(deprecated, reason = "the field `tx` of old nodes is left empty")]
        let request = SimulateRequest { tx: None, tx_bytes };
        match self.client().simulate(request).await {
            Ok(answer) => Ok(Ok(answer.into_inner())),
            Err(status) if status.message().contains("account sequence mismatch") => {
                Ok(Err(reason(status.message()).to_string()))
            }
            Err(status) => Err(refusal(status)),
        }
    }

    async fn broadcast(&self, tx_bytes: Vec<u8>, last_height: u64) -> Result<Attempt> {
        let request = BroadcastTxRequest {
            tx_bytes,
            mode: BroadcastMode::Sync.into(),
        };
        let answer = self.client().broadcast_tx(request).await.map_err(refusal);
        let answer = answer.context("whether the transaction was sent is not known")?;
        let response = answer.into_inner().tx_response.unwrap_or_default();
        let told = reason(&response.raw_log);
        match (response.codespace.as_str(), response.code) {
            (_, 0) | ("sdk", code::TX_IN_MEMPOOL) => {}
            ("sdk", code::WRONG_SEQUENCE) => return Ok(Attempt::Again(told.to_string())),
            // The node says it by the number alone.
            ("sdk", code::MEMPOOL_IS_FULL) => {
                return Ok(Attempt::Again("the node's mempool is full".to_string()));
            }
            ("sdk", code::INSUFFICIENT_FUNDS) => {
                bail!("{} cannot pay the fee: {told}", self.signer.address())
            }
            (codespace, number) => {
                bail!("the node refuses the transaction: {told} ({codespace} {number})")
            }
        }
        let hash = &response.txhash;
        let response = self.wait(hash, last_height).await.with_context(|| {
            format!("transaction {hash} was sent; whether it is in a block, or comes into one, is not known")
        })?;
        let Some(response) = response else {
            return Ok(Attempt::Again(format!(
                "transaction {hash} was in no block until {last_height}"
            )));
        };
        ensure!(
            response.code == 0,
            "transaction {hash} failed: {} ({} {})",
            reason(&response.raw_log),
            response.codespace,
            response.code
        );
        Ok(Attempt::Done(Sent::new(response)?))
    }

    /// Waits until a transaction is in a block; none when it is in none and cannot be any more.
    async fn wait(&self, hash: &str, last_height: u64) -> Result<Option<TxResponse>> {
        let mut pulse = Pulse::new(Instant::now());
        loop {
            let request = GetTxRequest {
                hash: hash.to_string(),
            };
            match self.client().get_tx(request).await {
                Ok(answer) => return Ok(Some(answer.into_inner().tx_response.unwrap_or_default())),
                // A node that starts again answers later.
                Err(status) if matches!(status.code(), Code::NotFound | Code::Unavailable) => {}
                Err(status) => return Err(refusal(status)),
            }
            let height = self.view.height().await.unwrap_or_default();
            if height > last_height.saturating_add(INDEX_LAG) {
                return Ok(None);
            }
            pulse.beat(height, Instant::now())?;
            sleep(PAUSE).await;
        }
    }
}
