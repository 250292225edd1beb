//! An embedded chain and what can be read from it.

use cosmwasm_std::{
    Addr, BalanceResponse, BankQuery, BlockInfo, ContractResult, Empty, Querier, QueryRequest,
    SupplyResponse, SystemResult, Uint256, WasmQuery, from_json, to_json_binary, to_json_vec,
};
use cw_multi_test::{App, FailingModule, GovFailingModule, WasmKeeper};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    AddressFormat, ChainApi, ChainBuilder, ChainError, ChainResult, ChainStorage, NoDistribution,
    Snapshot, TestBank, TestModules, TestStaking,
};
use crate::ibc::IbcModule;

/// The `cw-multi-test` application below an [`EmbeddedChain`].
pub type ChainApp = App<
    TestBank,
    ChainApi,
    ChainStorage,
    FailingModule<Empty, Empty, Empty>,
    WasmKeeper<Empty, Empty>,
    TestStaking,
    NoDistribution,
    IbcModule,
    GovFailingModule,
    TestModules,
>;

/// A chain in memory. See the [module](super) for what it does and does not do.
///
/// Each verb is one transaction: it happens as a whole or not at all. Messages are anything that
/// serialises to JSON, typed or `serde_json::Value`.
pub struct EmbeddedChain {
    pub(super) app: ChainApp,
}

impl EmbeddedChain {
    /// Begins to describe a chain whose account addresses have this bech32 prefix.
    #[must_use]
    pub fn builder(prefix: impl Into<String>) -> ChainBuilder {
        ChainBuilder::new(prefix)
    }

    pub(super) fn new(app: ChainApp) -> Self {
        Self { app }
    }

    /// The application below, for what the verbs do not cover.
    #[must_use]
    pub fn app(&self) -> &ChainApp {
        &self.app
    }

    /// The application below, for what the verbs do not cover.
    pub fn app_mut(&mut self) -> &mut ChainApp {
        &mut self.app
    }

    /// How this chain writes addresses.
    #[must_use]
    pub fn addresses(&self) -> &AddressFormat {
        self.app.api().addresses()
    }

    /// The address of the account called `name`.
    #[must_use]
    pub fn account(&self, name: &str) -> Addr {
        self.addresses().account(name)
    }

    /// The operator address with the bytes of the account called `name`.
    #[must_use]
    pub fn operator(&self, name: &str) -> String {
        self.addresses().operator(name)
    }

    /// The block in which the next call happens.
    #[must_use]
    pub fn block(&self) -> BlockInfo {
        self.app.block_info()
    }

    /// This moment, to come back to: everything but the stored codes. Cheap.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            storage: self.app.storage().clone(),
            block: self.block(),
        }
    }

    /// Goes back to a moment of this chain, or of one on which the same codes were stored.
    pub fn restore(&mut self, moment: &Snapshot) {
        *self.app.storage_mut() = moment.storage.clone();
        self.app.set_block(moment.block.clone());
    }

    /// What an account or contract has of one denom, in base units.
    ///
    /// # Errors
    /// When `account` is no address of this chain.
    pub fn balance(&self, account: &Addr, denom: &str) -> ChainResult<Uint256> {
        let answer: BalanceResponse =
            self.query_chain(&QueryRequest::<Empty>::Bank(BankQuery::Balance {
                address: account.to_string(),
                denom: denom.to_owned(),
            }))?;
        Ok(answer.amount.amount)
    }

    /// How much of a denom there is, in base units.
    ///
    /// # Errors
    /// When the query fails.
    pub fn supply(&self, denom: &str) -> ChainResult<Uint256> {
        let answer: SupplyResponse =
            self.query_chain(&QueryRequest::<Empty>::Bank(BankQuery::Supply {
                denom: denom.to_owned(),
            }))?;
        Ok(answer.amount.amount)
    }

    /// Asks a contract, and reads its answer as `T` (`serde_json::Value` for the raw JSON).
    ///
    /// # Errors
    /// The contract's error, or that its answer is no `T`.
    pub fn query<T: DeserializeOwned>(
        &self,
        contract: &Addr,
        msg: &impl Serialize,
    ) -> ChainResult<T> {
        self.known_contract(contract)?;
        self.query_chain(&QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
            contract_addr: contract.to_string(),
            msg: to_json_binary(msg)?,
        }))
    }

    /// Asks any module the way a contract does: `request` serialises to a `QueryRequest`, for
    /// example `{"staking":{"validator":{"address":".."}}}`.
    ///
    /// # Errors
    /// The module's error, or that its answer is no `T`.
    pub fn query_chain<T: DeserializeOwned>(&self, request: &impl Serialize) -> ChainResult<T> {
        match self.app.raw_query(&to_json_vec(request)?) {
            SystemResult::Ok(ContractResult::Ok(answer)) => Ok(from_json(answer)?),
            SystemResult::Ok(ContractResult::Err(error)) => Err(ChainError::new(error)),
            SystemResult::Err(error) => Err(ChainError::new(error.to_string())),
        }
    }

    /// Refuses an address where no contract is.
    pub(super) fn known_contract(&self, address: &Addr) -> ChainResult<()> {
        match self.app.contract_data(address) {
            Ok(_) => Ok(()),
            Err(_) => Err(ChainError::new(format!("{address}: no such contract"))),
        }
    }
}
