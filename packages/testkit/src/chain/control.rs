//! What only a test can do: let time pass, make coins, switch faults, say what staking says.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, BlockInfo, Coin, Timestamp, Uint256};
use cw_multi_test::{BankSudo, SudoMsg};

use super::{ChainError, ChainResult, EmbeddedChain, TransferHook, ValidatorTerms};

const NANOS_PER_SECOND: u64 = 1_000_000_000;

impl EmbeddedChain {
    /// Lets `blocks` blocks and `seconds` seconds pass, and returns the new block. All the time
    /// passes before the last block; nothing happens in the blocks between.
    ///
    /// # Errors
    /// When height or time would pass 64 bits.
    pub fn advance(&mut self, blocks: u64, seconds: u64) -> ChainResult<BlockInfo> {
        let BlockInfo {
            height,
            time,
            chain_id,
        } = self.block();
        let moved = |from: u64, by: Option<u64>| by.and_then(|by| from.checked_add(by));
        let too_far = || ChainError::new("the chain's height or time would pass 64 bits");
        let height = moved(height, Some(blocks)).ok_or_else(too_far)?;
        let nanos =
            moved(time.nanos(), seconds.checked_mul(NANOS_PER_SECOND)).ok_or_else(too_far)?;
        let time = Timestamp::from_nanos(nanos);
        self.app.set_block(BlockInfo {
            height,
            time,
            chain_id,
        });
        Ok(self.block())
    }

    /// Makes coins out of nothing, without any hook.
    ///
    /// # Errors
    /// When there would be 2^256 or more of a denom.
    pub fn mint(&mut self, to: &Addr, coins: &[Coin]) -> ChainResult<()> {
        let mut supply: BTreeMap<&str, Uint256> = BTreeMap::new();
        for coin in coins {
            let sum = match supply.get(coin.denom.as_str()) {
                Some(sum) => *sum,
                None => self.supply(&coin.denom)?,
            };
            let sum = sum.checked_add(coin.amount).map_err(|_| {
                ChainError::new(format!("there would be 2^256 {} or more", coin.denom))
            })?;
            supply.insert(&coin.denom, sum);
        }
        let message = BankSudo::Mint {
            to_address: to.to_string(),
            amount: coins.to_vec(),
        };
        self.app.sudo(SudoMsg::Bank(message))?;
        Ok(())
    }

    pub(super) fn set_balance(&mut self, account: &Addr, coins: Vec<Coin>) -> ChainResult<()> {
        Ok(self
            .app
            .init_modules(|router, _, storage| router.bank.init_balance(storage, account, coins))?)
    }

    /// Makes every transfer to `account` fail from now on; see [`TestBank`](super::TestBank).
    ///
    /// # Errors
    /// When storage fails.
    pub fn block_transfers_to(&mut self, account: &Addr) -> ChainResult<()> {
        self.app
            .init_modules(|router, _, storage| router.bank.block(storage, account))
    }

    /// Lets transfers to `account` succeed again.
    pub fn allow_transfers_to(&mut self, account: &Addr) {
        self.app
            .init_modules(|router, _, storage| router.bank.unblock(storage, account));
    }

    /// Makes transfers of `denom` call a contract from now on; see [`TransferHook`].
    ///
    /// # Errors
    /// When the denom does not begin with `factory/`.
    pub fn set_transfer_hook(&mut self, denom: &str, hook: &TransferHook) -> ChainResult<()> {
        self.app
            .init_modules(|router, _, storage| router.bank.set_hook(storage, denom, hook))
    }

    /// Removes the hook of `denom`.
    pub fn remove_transfer_hook(&mut self, denom: &str) {
        self.app
            .init_modules(|router, _, storage| router.bank.remove_hook(storage, denom));
    }

    /// Makes staking know a validator, or changes its terms; see
    /// [`TestStaking`](super::TestStaking).
    ///
    /// # Errors
    /// When `operator` is no operator address of this chain.
    pub fn set_validator(&mut self, operator: &str, terms: &ValidatorTerms) -> ChainResult<()> {
        self.app.init_modules(|router, _, storage| {
            router.staking.set_validator(storage, operator, terms)
        })
    }

    /// The terms of a validator in staking, if it exists there.
    ///
    /// # Errors
    /// When storage fails.
    pub fn validator(&self, operator: &str) -> ChainResult<Option<ValidatorTerms>> {
        self.app
            .read_module(|router, _, storage| router.staking.validator(storage, operator))
    }

    /// Makes staking forget a validator and what is delegated to it.
    ///
    /// # Errors
    /// When storage fails.
    pub fn remove_validator(&mut self, operator: &str) -> ChainResult<()> {
        self.app
            .init_modules(|router, _, storage| router.staking.remove_validator(storage, operator))
    }

    /// Sets how many tokens staking says `delegator` has with a validator; 0 removes the
    /// delegation.
    ///
    /// # Errors
    /// When staking does not know the validator.
    pub fn set_delegation(
        &mut self,
        delegator: &Addr,
        operator: &str,
        tokens: Uint256,
    ) -> ChainResult<()> {
        self.app.init_modules(|router, _, storage| {
            router
                .staking
                .set_delegation(storage, delegator, operator, tokens)
        })
    }
}
