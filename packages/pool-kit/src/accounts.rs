//! Withdraw addresses and claimers: where an account's claims are paid to, and who else may trigger
//! that.

use chain_types::address::AddressBytes;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Event, MessageInfo, StdResult, Storage};
use cw_storage_plus::Map;

use crate::events::action;
use crate::{Chain, KitError};

/// Settings by account; there is no record for an account that has set nothing.
const ACCOUNTS: Map<&[u8], AccountSettings> = Map::new("accounts");

/// Settings of an account.
#[cw_serde]
#[derive(Default)]
pub struct AccountSettings {
    /// Where the account's claims are paid to, none for the account itself.
    pub withdraw_address: Option<Addr>,
    /// Who else may trigger its withdrawals.
    pub claimer: Option<Addr>,
}

/// Whose claim is withdrawn, and where it is paid to.
#[derive(Clone, Debug)]
pub struct Payee {
    /// Whose claim.
    pub account: AddressBytes,
    /// Where to.
    pub to: Addr,
}

/// The settings of an account.
///
/// # Errors
/// When the record cannot be read.
pub fn settings(storage: &dyn Storage, account: &AddressBytes) -> StdResult<AccountSettings> {
    let stored = ACCOUNTS.may_load(storage, account.as_slice())?;
    Ok(stored.unwrap_or_default())
}

fn save(
    storage: &mut dyn Storage,
    account: &AddressBytes,
    settings: &AccountSettings,
) -> StdResult<()> {
    if *settings == AccountSettings::default() {
        ACCOUNTS.remove(storage, account.as_slice());
        return Ok(());
    }
    ACCOUNTS.save(storage, account.as_slice(), settings)
}

/// Whether `sender` may trigger withdrawals of an account: the account itself, or its claimer.
///
/// # Errors
/// When the record cannot be read.
pub fn may_claim(
    chain: &Chain,
    storage: &dyn Storage,
    account: &AddressBytes,
    sender: &Addr,
) -> StdResult<bool> {
    Ok(chain.show(account) == *sender
        || settings(storage, account)?.claimer.as_ref() == Some(sender))
}

/// Settles who may withdraw an account's claim, and where it is paid to: to `withdraw_address` if
/// one is named for this once, otherwise to the one that is set, otherwise to the account.
///
/// # Errors
/// [`KitError::Unauthorized`] for anybody but the account and its claimer;
/// [`KitError::ClaimerRedirects`] when the claimer names a withdraw address;
/// [`KitError::PaysItself`] for the contract's own.
pub fn authorise(
    chain: &Chain,
    storage: &dyn Storage,
    account: AddressBytes,
    sender: &Addr,
    withdraw_address: Option<&str>,
) -> Result<Payee, KitError> {
    let own_address = chain.show(&account);
    let settings = settings(storage, &account)?;
    let is_owner = own_address == *sender;
    if !is_owner && settings.claimer.as_ref() != Some(sender) {
        return Err(KitError::Unauthorized {
            sender: sender.to_string(),
            role: "the owner of the claim or its claimer",
        });
    }
    let to = match withdraw_address {
        None => settings.withdraw_address.unwrap_or(own_address),
        Some(_) if !is_owner => {
            return Err(KitError::ClaimerRedirects {
                owner: own_address.into_string(),
                claimer: sender.to_string(),
            });
        }
        Some(address) => chain.show(&chain.recipient(address)?),
    };
    Ok(Payee { account, to })
}

/// Sets where the sender's claims are paid to; its own address switches the setting off. Returns the
/// event `set_withdraw_address`.
///
/// # Errors
/// For the contract's own address, and for what is no account of this chain.
pub fn set_withdraw_address(
    chain: &Chain,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    withdraw_address: &str,
) -> Result<Event, KitError> {
    let account = chain.sender(info)?;
    set_withdraw_address_of(chain, storage, &account, withdraw_address)
}

/// Sets where an account's claims are paid to, as [`set_withdraw_address`] does for the sender.
///
/// # Errors
/// As there.
pub fn set_withdraw_address_of(
    chain: &Chain,
    storage: &mut dyn Storage,
    account: &AddressBytes,
    withdraw_address: &str,
) -> Result<Event, KitError> {
    let to = chain.show(&chain.recipient(withdraw_address)?);
    let own_address = chain.show(account);
    let mut settings = settings(storage, account)?;
    settings.withdraw_address = (to != own_address).then_some(to.clone());
    save(storage, account, &settings)?;
    Ok(action("set_withdraw_address")
        .add_attribute("delegator", own_address)
        .add_attribute("withdraw_address", to))
}

/// Sets who else may trigger the sender's withdrawals; none switches the setting off. Returns the
/// event `set_claimer`.
///
/// # Errors
/// For what is no account of this chain.
pub fn set_claimer(
    chain: &Chain,
    storage: &mut dyn Storage,
    info: &MessageInfo,
    claimer: Option<&str>,
) -> Result<Event, KitError> {
    let account = chain.sender(info)?;
    let claimer = match claimer {
        Some(claimer) => Some(chain.show(&chain.account(claimer)?)),
        None => None,
    };
    let mut settings = settings(storage, &account)?;
    settings.claimer = claimer.clone();
    save(storage, &account, &settings)?;
    Ok(action("set_claimer")
        .add_attribute("delegator", &info.sender)
        .add_attribute(
            "claimer",
            claimer.map_or("none".to_string(), Addr::into_string),
        ))
}
