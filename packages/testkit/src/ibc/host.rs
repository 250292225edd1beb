//! What the IBC modules need of the chain around them.

use cosmwasm_std::{
    Addr, Api, BankMsg, BlockInfo, Coin, CosmosMsg, CustomMsg, CustomQuery, Event, StdResult,
    Storage, to_json_vec,
};
use cw_multi_test::{AppResponse, BankSudo, CosmosRouter, SudoMsg, WasmSudo};

use super::contract::{ENVELOPE, IbcCall};

/// The bank, the contracts, the block and the addresses of a chain.
///
/// (A router has the chain's custom message as a parameter, which nothing here needs to know.)
pub trait Host {
    /// Its addresses.
    fn api(&self) -> &dyn Api;
    /// The block in which this happens.
    fn block(&self) -> &BlockInfo;
    /// Whether transfers call contracts.
    fn has_callbacks(&self) -> bool;
    /// Moves a coin; a blocked receiver and hooks of denoms count.
    fn pay(
        &self,
        storage: &mut dyn Storage,
        from: &Addr,
        to: &Addr,
        coin: Coin,
    ) -> StdResult<Vec<Event>>;
    /// Makes a coin.
    fn mint(&self, storage: &mut dyn Storage, to: &Addr, coin: Coin) -> StdResult<()>;
    /// Destroys a coin.
    fn burn(&self, storage: &mut dyn Storage, from: &Addr, coin: Coin) -> StdResult<()>;
    /// Calls an IBC entry point of a contract.
    fn call(
        &self,
        storage: &mut dyn Storage,
        contract: Addr,
        call: &IbcCall,
    ) -> StdResult<AppResponse>;
}

/// The chain as a module of it sees it.
pub struct Module<'a, ExecC, QueryC> {
    /// Its addresses.
    pub api: &'a dyn Api,
    /// Its other modules.
    pub router: &'a dyn CosmosRouter<ExecC = ExecC, QueryC = QueryC>,
    /// Its block.
    pub block: &'a BlockInfo,
    /// Whether transfers call contracts.
    pub callbacks: bool,
}

impl<ExecC: CustomMsg, QueryC> Module<'_, ExecC, QueryC> {
    fn bank(
        &self,
        storage: &mut dyn Storage,
        sender: &Addr,
        message: BankMsg,
    ) -> StdResult<Vec<Event>>
    where
        QueryC: CustomQuery,
    {
        let message = CosmosMsg::<ExecC>::Bank(message);
        let done = self
            .router
            .execute(self.api, storage, self.block, sender.clone(), message)?;
        Ok(done.events)
    }
}

impl<ExecC: CustomMsg, QueryC: CustomQuery> Host for Module<'_, ExecC, QueryC> {
    fn api(&self) -> &dyn Api {
        self.api
    }

    fn block(&self) -> &BlockInfo {
        self.block
    }

    fn has_callbacks(&self) -> bool {
        self.callbacks
    }

    fn pay(
        &self,
        storage: &mut dyn Storage,
        from: &Addr,
        to: &Addr,
        coin: Coin,
    ) -> StdResult<Vec<Event>> {
        let message = BankMsg::Send {
            to_address: to.to_string(),
            amount: vec![coin],
        };
        self.bank(storage, from, message)
    }

    fn mint(&self, storage: &mut dyn Storage, to: &Addr, coin: Coin) -> StdResult<()> {
        let message = SudoMsg::Bank(BankSudo::Mint {
            to_address: to.to_string(),
            amount: vec![coin],
        });
        self.router
            .sudo(self.api, storage, self.block, message)
            .map(drop)
    }

    fn burn(&self, storage: &mut dyn Storage, from: &Addr, coin: Coin) -> StdResult<()> {
        let message = BankMsg::Burn { amount: vec![coin] };
        self.bank(storage, from, message).map(drop)
    }

    fn call(
        &self,
        storage: &mut dyn Storage,
        contract: Addr,
        call: &IbcCall,
    ) -> StdResult<AppResponse> {
        let mut message = ENVELOPE.to_vec();
        message.extend(to_json_vec(call)?);
        let message = SudoMsg::Wasm(WasmSudo {
            contract_addr: contract,
            message: message.into(),
        });
        self.router.sudo(self.api, storage, self.block, message)
    }
}
