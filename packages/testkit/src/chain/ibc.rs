//! What a relayer does on a chain.

use cosmwasm_std::{Addr, Coin, IbcMsg, StdResult, Storage, Timestamp};
use cw_multi_test::AppResponse;

use super::{ChainResult, EmbeddedChain};
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

    /// Sends coins of an account or contract over a channel, by ICS-20.
    ///
    /// # Errors
    /// When the coins are not there, the channel is not open, its client has expired, the timeout
    /// has passed, or the memo asks for a callback to somebody else.
    pub fn transfer(&mut self, from: &Addr, transfer: IbcTransfer) -> ChainResult<AppResponse> {
        let IbcTransfer {
            channel_id,
            to,
            coin,
            timeout,
            memo,
        } = transfer;
        self.transact(
            from,
            IbcMsg::Transfer {
                channel_id,
                to_address: to,
                amount: coin,
                timeout: timeout.into(),
                memo: Some(memo),
            },
        )
    }
}

/// An ICS-20 transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IbcTransfer {
    /// The channel on the sender's chain.
    pub channel_id: String,
    /// The receiver, an address of the other chain.
    pub to: String,
    /// What is sent.
    pub coin: Coin,
    /// When it is too late to be received, by the clock of the other chain.
    pub timeout: Timestamp,
    /// Text for the other chain; may name contracts to call.
    pub memo: String,
}
