//! What a relayer does on a chain.

use cosmwasm_std::{StdResult, Storage};

use super::EmbeddedChain;
use crate::ibc::host::{Host, Module};

impl EmbeddedChain {
    /// Runs something of the IBC modules as a transaction: what it changed is taken back when it
    /// fails.
    pub(crate) fn ibc<T>(
        &mut self,
        call: impl FnOnce(&dyn Host, &mut dyn Storage) -> StdResult<T>,
    ) -> StdResult<T> {
        let before = self.app.storage().clone();
        let block = self.block();
        let done = self.app.init_modules(|router, api, storage| {
            let host = Module {
                api,
                router,
                block: &block,
                callbacks: router.ibc.callbacks,
            };
            call(&host, storage)
        });
        if done.is_err() {
            *self.app.storage_mut() = before;
        }
        done
    }

    /// What the chain has stored, to be read.
    pub(crate) fn storage(&self) -> &dyn Storage {
        self.app.storage()
    }
}
