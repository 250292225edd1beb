//! Coins that come with a message.

use chain_types::asset::Asset;
use cosmwasm_std::{Coin, MessageInfo, Storage, Uint256};
use cw_utils::PaymentError;

use crate::ContractError;
use crate::assets;
use crate::context::Context;
use distribution_math::Coins;

/// Coins of an asset that were received.
pub struct Received {
    /// The asset.
    pub asset: Asset,
    /// How much of it.
    pub coins: Coins,
}

impl Received {
    /// An amount of an asset.
    ///
    /// # Errors
    /// [`ContractError::ReceiptBound`] from 2^128 base units on.
    pub fn new(asset: Asset, amount: Uint256) -> Result<Self, ContractError> {
        match Coins::of_amount(amount) {
            Ok(coins) => Ok(Received { asset, coins }),
            Err(reason) => Err(ContractError::ReceiptBound {
                asset: asset.to_string(),
                amount,
                reason: reason.to_string(),
            }),
        }
    }

    /// An amount of an asset that can be locked.
    ///
    /// # Errors
    /// [`ContractError::NotLockable`], and for an amount of 0 or from 2^128 on.
    pub fn lockable(
        ctx: &Context,
        storage: &dyn Storage,
        asset: Asset,
        amount: Uint256,
    ) -> Result<Self, ContractError> {
        assets::check_lockable(ctx, storage, &asset)?;
        if amount.is_zero() {
            return Err(ContractError::ZeroAmount);
        }
        Received::new(asset, amount)
    }
}

/// The one coin of a message, of an asset that can be locked.
///
/// # Errors
/// For none, for several, and for another asset.
pub fn lockable_coin(
    ctx: &Context,
    storage: &dyn Storage,
    info: &MessageInfo,
) -> Result<Received, ContractError> {
    let coin = cw_utils::one_coin(info)?;
    Received::lockable(ctx, storage, Asset::Native(coin.denom), coin.amount)
}

/// The coins of a message. Reward assets are distinguished by their names, so a coin of the bank with
/// the name of a cw20 would be counted as the token, and paid out of it.
///
/// # Errors
/// [`ContractError::AmbiguousDenom`].
pub fn coins(ctx: &Context, info: MessageInfo) -> Result<Vec<Coin>, ContractError> {
    for coin in &info.funds {
        assets::check(ctx, &Asset::Native(coin.denom.clone()))?;
    }
    Ok(info.funds)
}

/// Refuses a message that needs coins and came with none.
pub fn assert_some(coins: &[Coin]) -> Result<(), ContractError> {
    if coins.is_empty() {
        return Err(PaymentError::NoFunds {}.into());
    }
    Ok(())
}
