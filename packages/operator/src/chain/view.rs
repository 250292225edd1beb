//! Reading a chain, at its newest height or at one that is named.

use anyhow::{Context as _, Result, bail};
use cosmos_sdk_proto::cosmos::auth::v1beta1::query_client::QueryClient as AuthClient;
use cosmos_sdk_proto::cosmos::auth::v1beta1::{
    BaseAccount, ModuleAccount, QueryAccountInfoRequest, QueryModuleAccountByNameRequest,
    QueryParamsRequest,
};
use cosmos_sdk_proto::cosmos::base::query::v1beta1::PageRequest;
use cosmos_sdk_proto::cosmwasm::wasm::v1::query_client::QueryClient as WasmClient;
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    AccessType, CodeInfoResponse, QueryCodesRequest, QueryContractInfoRequest,
    QueryPinnedCodesRequest, QuerySmartContractStateRequest,
};
use cosmwasm_std::Checksum;
use prost::Message as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::{ANSWER_BYTES, PAGE, pages, refusal};

/// Entries of a page of a contract's list: the most that contracts give.
const ENTRIES: u32 = 100;

/// The header by which a query names a height, and an answer the height it is of.
const HEIGHT: &str = "x-cosmos-block-height";

/// The chain's state at its newest height, or at one height.
#[derive(Clone)]
pub struct View {
    pub(super) channel: Channel,
    height: Option<u64>,
}

/// The checksum of a code.
fn checksum(code: &CodeInfoResponse) -> Result<Checksum> {
    Checksum::try_from(code.data_hash.as_slice())
        .with_context(|| format!("the checksum of code {}", code.code_id))
}

/// Whether an account may instantiate a code.
fn is_open_to(code: &CodeInfoResponse, account: &str) -> bool {
    code.instantiate_permission
        .as_ref()
        .is_some_and(|permission| {
            permission.permission() == AccessType::Everybody
                || permission
                    .addresses
                    .iter()
                    .any(|allowed| allowed == account)
        })
}

/// wasmd says it in words, and by the code of unknown errors.
fn says_no_contract(status: &Status) -> bool {
    status.code() == Code::NotFound || status.message().contains("no such contract")
}

impl View {
    pub(super) fn new(channel: Channel, height: Option<u64>) -> Self {
        View { channel, height }
    }

    /// The state at one height. A node keeps as many as it was told to.
    pub fn at(&self, height: u64) -> Self {
        View::new(self.channel.clone(), Some(height))
    }

    pub(super) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(height) = self.height {
            request.metadata_mut().insert(HEIGHT, height.into());
        }
        request
    }

    fn auth(&self) -> AuthClient<Channel> {
        AuthClient::new(self.channel.clone())
    }

    fn wasm(&self) -> WasmClient<Channel> {
        WasmClient::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES)
    }

    /// The height of what is read.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn height(&self) -> Result<u64> {
        let request = self.request(QueryParamsRequest {});
        let answer = self.auth().params(request).await.map_err(refusal)?;
        let height = answer
            .metadata()
            .get(HEIGHT)
            .context("the node's answer names no height")?;
        let height = height.to_str().context("the height of the node's answer")?;
        height
            .parse()
            .with_context(|| format!("the height `{height}` of the node's answer"))
    }

    /// Number and sequence of an account, none where the chain has never seen it.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn account(&self, address: &str) -> Result<Option<BaseAccount>> {
        let request = self.request(QueryAccountInfoRequest {
            address: address.to_string(),
        });
        match self.auth().account_info(request).await {
            Ok(answer) => Ok(answer.into_inner().info),
            Err(status) if status.code() == Code::NotFound => Ok(None),
            Err(status) => Err(refusal(status)),
        }
    }

    /// The account of a module of the chain.
    ///
    /// # Errors
    /// When the chain has no such module.
    pub async fn module_account(&self, name: &str) -> Result<String> {
        let request = self.request(QueryModuleAccountByNameRequest {
            name: name.to_string(),
        });
        let answer = self
            .auth()
            .module_account_by_name(request)
            .await
            .map_err(refusal);
        let account = answer
            .with_context(|| format!("the account of the module {name}"))?
            .into_inner()
            .account
            .unwrap_or_default();
        let account = ModuleAccount::decode(account.value.as_slice())
            .with_context(|| format!("the account of the module {name}"))?;
        Ok(account.base_account.unwrap_or_default().address)
    }

    /// Asks a contract.
    ///
    /// # Errors
    /// When there is no contract, it refuses, or answers something else.
    pub async fn smart<T: DeserializeOwned>(
        &self,
        contract: &str,
        query: &impl Serialize,
    ) -> Result<T> {
        let query_data = serde_json::to_vec(query)?;
        let named = || format!("{contract}, asked {}", String::from_utf8_lossy(&query_data));
        let request = self.request(QuerySmartContractStateRequest {
            address: contract.to_string(),
            query_data: query_data.clone(),
        });
        let answer = self.wasm().smart_contract_state(request).await;
        let data = answer
            .map_err(refusal)
            .with_context(named)?
            .into_inner()
            .data;
        serde_json::from_slice(&data).with_context(named)
    }

    /// All entries of a contract's list. `query` asks for the page behind a cursor, of at most so many
    /// entries; `entries` takes them out of the answer; `cursor` names the last of them.
    ///
    /// # Errors
    /// As [`View::smart`].
    pub async fn list<Q: Serialize, A: DeserializeOwned, T, C>(
        &self,
        contract: &str,
        query: impl Fn(Option<C>, Option<u32>) -> Q,
        entries: impl Fn(A) -> Vec<T>,
        cursor: impl Fn(&T) -> C,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        let mut start_after = None;
        loop {
            let query = query(start_after, Some(ENTRIES));
            let page = entries(self.smart(contract, &query).await?);
            start_after = page.last().map(&cursor);
            all.extend(page);
            // Pages do not say that they are the last: the one behind that is empty.
            if start_after.is_none() {
                return Ok(all);
            }
        }
    }

    /// The code of a contract, none where there is no contract.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn code_of(&self, contract: &str) -> Result<Option<u64>> {
        let request = self.request(QueryContractInfoRequest {
            address: contract.to_string(),
        });
        match self.wasm().contract_info(request).await {
            Ok(answer) => Ok(answer.into_inner().contract_info.map(|info| info.code_id)),
            Err(status) if says_no_contract(&status) => Ok(None),
            Err(status) => Err(refusal(status)),
        }
    }

    /// The newest code with a checksum that an account may instantiate. Reads the whole list of the chain.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn find_code(&self, checksum: &Checksum, account: &str) -> Result<Option<u64>> {
        let codes = pages::all(PAGE, async |pagination| {
            let request = self.request(QueryCodesRequest { pagination });
            let answer = self.wasm().codes(request).await?.into_inner();
            Ok((answer.code_infos, answer.pagination))
        })
        .await?;
        let fits = |code: &&CodeInfoResponse| {
            code.data_hash == checksum.as_slice() && is_open_to(code, account)
        };
        Ok(codes.iter().rfind(fits).map(|code| code.code_id))
    }

    /// The checksum of a code.
    ///
    /// # Errors
    /// When there is none of this number.
    pub async fn checksum(&self, code_id: u64) -> Result<Checksum> {
        let request = self.request(QueryCodesRequest {
            pagination: Some(PageRequest {
                // Keys of the list are the numbers.
                key: code_id.to_be_bytes().to_vec(),
                limit: 1,
                ..PageRequest::default()
            }),
        });
        let answer = self
            .wasm()
            .codes(request)
            .await
            .map_err(refusal)?
            .into_inner();
        match answer.code_infos.into_iter().next() {
            Some(code) if code.code_id == code_id => checksum(&code),
            _ => bail!("there is no code {code_id}"),
        }
    }

    /// All pinned codes.
    ///
    /// # Errors
    /// When the node does not answer.
    pub async fn pinned(&self) -> Result<Vec<u64>> {
        pages::all(PAGE, async |pagination| {
            let request = self.request(QueryPinnedCodesRequest { pagination });
            let answer = self.wasm().pinned_codes(request).await?.into_inner();
            Ok((answer.code_ids, answer.pagination))
        })
        .await
    }
}
