//! Withdraw addresses and claimers, and who may act for an account.

use cosmwasm_std::{Addr, MessageInfo, Response, Storage};
use interfaces::address::AddressBytes;

use crate::context::Context;
use crate::events::{self, action};
use crate::state::{ACCOUNTS, AccountSettings};
use crate::{ContractError, Fault};

/// The settings of an account.
///
/// # Errors
/// When the record cannot be read.
pub fn settings(
    storage: &dyn Storage,
    account: &AddressBytes,
) -> Result<AccountSettings, ContractError> {
    Ok(ACCOUNTS
        .may_load(storage, account.as_slice())?
        .unwrap_or_default())
}

fn save(
    storage: &mut dyn Storage,
    account: &AddressBytes,
    settings: &AccountSettings,
) -> Result<(), ContractError> {
    if settings.withdraw_address.is_none() && settings.claimer.is_none() {
        ACCOUNTS.remove(storage, account.as_slice());
        return Ok(());
    }
    Ok(ACCOUNTS.save(storage, account.as_slice(), settings)?)
}

/// Whose claim is withdrawn, and where it goes.
pub struct Payee {
    /// Whose claim.
    pub account: AddressBytes,
    /// Where to.
    pub to: Addr,
}

/// Settles who may withdraw an account's claim and where it goes: the account itself, or its
/// claimer, who cannot redirect it.
///
/// # Errors
/// For anybody else; for a withdraw address that breaks the rules of setting one.
pub fn authorise(
    ctx: &Context,
    storage: &dyn Storage,
    account: AddressBytes,
    sender: &Addr,
    withdraw_address: Option<String>,
) -> Result<Payee, ContractError> {
    let own_address = ctx.addresses.show_account(&account);
    let settings = settings(storage, &account)?;
    let is_owner = own_address == *sender;
    if !is_owner && settings.claimer.as_ref() != Some(sender) {
        return Err(Fault::Unauthorized {
            sender: sender.to_string(),
            role: "the owner of the claim or its claimer",
        }
        .into());
    }
    let to = match withdraw_address {
        None => settings.withdraw_address.unwrap_or(own_address),
        Some(_) if !is_owner => {
            return Err(Fault::ClaimerRedirects {
                owner: own_address.into_string(),
                claimer: sender.to_string(),
            }
            .into());
        }
        Some(address) => checked_withdraw_address(ctx, &address)?,
    };
    Ok(Payee { account, to })
}

fn checked_withdraw_address(ctx: &Context, address: &str) -> Result<Addr, ContractError> {
    if !ctx.config.params.withdraw_addr_enabled {
        return Err(Fault::WithdrawAddressDisabled.into());
    }
    checked_recipient(ctx, address)
}

/// An account that money can go to: any but this contract.
///
/// # Errors
/// For this contract, and for what is no account of this chain.
pub fn checked_recipient(ctx: &Context, address: &str) -> Result<Addr, ContractError> {
    let account = ctx.addresses.account(address)?;
    let address = ctx.addresses.show_account(&account);
    if address == ctx.env.contract.address {
        return Err(Fault::WithdrawAddressIsContract {
            address: address.into_string(),
        }
        .into());
    }
    Ok(address)
}

pub(crate) fn set_withdraw_address(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    withdraw_address: String,
) -> Result<Response, ContractError> {
    let to = checked_withdraw_address(ctx, &withdraw_address)?;
    let account = ctx.addresses.account(info.sender.as_str())?;
    let mut settings = settings(storage, &account)?;
    settings.withdraw_address = (to != info.sender).then_some(to.clone());
    save(storage, &account, &settings)?;
    let event = action("set_withdraw_address")
        .add_attribute("delegator", info.sender.as_str())
        .add_attribute("withdraw_address", to);
    Ok(events::response(event))
}

pub(crate) fn set_claimer(
    ctx: &Context,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    claimer: Option<String>,
) -> Result<Response, ContractError> {
    let account = ctx.addresses.account(info.sender.as_str())?;
    let claimer = claimer
        .map(|claimer| ctx.addresses.account(&claimer))
        .transpose()?
        .map(|claimer| ctx.addresses.show_account(&claimer));
    let mut settings = settings(storage, &account)?;
    settings.claimer = claimer.clone();
    save(storage, &account, &settings)?;
    let event = action("set_claimer")
        .add_attribute("delegator", info.sender.as_str())
        .add_attribute(
            "claimer",
            claimer.map_or("none".to_string(), Addr::into_string),
        );
    Ok(events::response(event))
}
