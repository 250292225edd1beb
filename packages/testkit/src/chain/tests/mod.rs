//! The embedded chain, held to what its documentation says.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod accounts;
mod calls;
pub(crate) mod counter;
mod faults;
mod hooks;
mod staking;
mod time;

use cosmwasm_std::{Addr, Coin, Uint128};

use super::{EmbeddedChain, NewContract};
use counter::{Counter, State};

/// A chain with a counter on it, and with `alice`, who owns a thousand of everything.
pub(super) struct Suite {
    pub chain: EmbeddedChain,
    pub counter: Addr,
    pub alice: Addr,
    pub bob: Addr,
}

pub(super) const TOKEN: &str = "factory/cosmos1creator/token";

impl Suite {
    pub fn new() -> Self {
        let coins = ["uatom", "ubtc", TOKEN].map(|denom| cosmwasm_std::coin(1000, denom));
        let mut chain = EmbeddedChain::builder("cosmos")
            .balance("alice", coins)
            .build()
            .unwrap();
        let code_id = chain.store_code(Box::new(Counter));
        let alice = chain.account("alice");
        let new = NewContract {
            code_id,
            sender: &alice,
            label: "counter",
            admin: Some(&alice),
            funds: &[],
        };
        let counter = chain
            .instantiate(new, &serde_json::json!({}))
            .unwrap()
            .address;
        let bob = chain.account("bob");
        Self {
            chain,
            counter,
            alice,
            bob,
        }
    }

    #[track_caller]
    pub fn state(&self) -> State {
        self.chain
            .query(&self.counter, &serde_json::json!({"state": {}}))
            .unwrap()
    }

    #[track_caller]
    pub fn balance(&self, of: &Addr, denom: &str) -> u128 {
        Uint128::try_from(self.chain.balance(of, denom).unwrap())
            .unwrap()
            .u128()
    }

    /// Gives the counter something to pay with.
    #[track_caller]
    pub fn fund(&mut self, coins: &[Coin]) {
        self.chain.send(&self.alice, &self.counter, coins).unwrap();
    }
}
