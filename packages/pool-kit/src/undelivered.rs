//! Payouts that failed, kept for the account whose claim they were: its next withdrawal pays them to
//! wherever that withdrawal goes.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_std::{Coin, Order, StdResult, Storage};
use cw_storage_plus::{Bound, Map};

use crate::payout::{AssetAmount, Payout};

/// Amounts owed to accounts whose payouts failed, by account.
const UNDELIVERED: Map<&[u8], Vec<AssetAmount>> = Map::new("undelivered");

/// What is undelivered to an account.
///
/// # Errors
/// Unreadable records.
pub fn of_account(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Vec<AssetAmount>> {
    let owed = UNDELIVERED.may_load(storage, account.as_slice())?;
    Ok(owed.unwrap_or_default())
}

/// What is undelivered to an account of the bank's denoms, sorted by denom.
///
/// # Errors
/// Unreadable records.
pub fn coins(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Vec<Coin>> {
    let mut coins = Vec::new();
    for owed in of_account(storage, account)? {
        if let Asset::Native(denom) = owed.asset {
            coins.push(Coin::new(owed.amount, denom));
        }
    }
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    Ok(coins)
}

/// Keeps a failed payout for its account.
///
/// # Errors
/// Unreadable records.
pub fn keep(storage: &mut dyn Storage, payout: &Payout) -> StdResult<()> {
    let mut owed = of_account(storage, &payout.account)?;
    match owed.iter_mut().find(|owed| owed.asset == payout.asset) {
        Some(owed) => owed.amount = owed.amount.checked_add(payout.amount)?,
        None => owed.push(AssetAmount {
            asset: payout.asset.clone(),
            amount: payout.amount,
        }),
    }
    UNDELIVERED.save(storage, payout.account.as_slice(), &owed)
}

/// Takes out what is undelivered to an account, of the assets that `wanted` names.
///
/// # Errors
/// Unreadable records.
pub fn take(
    storage: &mut dyn Storage,
    account: &AddressBytes,
    wanted: impl Fn(&Asset) -> bool,
) -> StdResult<Vec<AssetAmount>> {
    let (taken, left): (Vec<_>, Vec<_>) = of_account(storage, account)?
        .into_iter()
        .partition(|owed| wanted(&owed.asset));
    if taken.is_empty() {
        return Ok(taken);
    }
    if left.is_empty() {
        UNDELIVERED.remove(storage, account.as_slice());
    } else {
        UNDELIVERED.save(storage, account.as_slice(), &left)?;
    }
    Ok(taken)
}

/// An account with what is undelivered to it.
pub struct UndeliveredTo {
    /// The account.
    pub account: AddressBytes,
    /// What it is owed.
    pub owed: Vec<AssetAmount>,
}

/// The first account behind `start_after`, in the order of their bytes, to which something is
/// undelivered.
///
/// # Errors
/// Unreadable records.
pub fn next_account(
    storage: &dyn Storage,
    start_after: Option<&AddressBytes>,
) -> Result<Option<UndeliveredTo>, crate::KitError> {
    let start = start_after.map(|account| Bound::exclusive(account.as_slice()));
    let mut accounts = UNDELIVERED.range_raw(storage, start, None, Order::Ascending);
    let Some((account, owed)) = accounts.next().transpose()? else {
        return Ok(None);
    };
    Ok(Some(UndeliveredTo {
        account: AddressBytes::new(&account)?,
        owed,
    }))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn payout(denom: &str, amount: u128) -> Payout {
        Payout {
            account: AddressBytes::new(&[7; 20]).unwrap(),
            asset: Asset::Native(denom.to_string()),
            amount: amount.into(),
        }
    }

    #[test]
    fn undelivered_amounts_add_up_and_are_taken_once() {
        let mut storage = MockStorage::new();
        let atom = payout("uatom", 3);
        keep(&mut storage, &atom).unwrap();
        keep(&mut storage, &atom).unwrap();
        keep(&mut storage, &payout("uosmo", 5)).unwrap();
        let all = coins(&storage, &atom.account).unwrap();
        assert_eq!(all, [Coin::new(6u128, "uatom"), Coin::new(5u128, "uosmo")]);
        let taken = take(&mut storage, &atom.account, |asset| *asset == atom.asset).unwrap();
        assert_eq!(
            taken,
            [AssetAmount {
                asset: atom.asset.clone(),
                amount: 6u128.into()
            }]
        );
        let next = next_account(&storage, None).unwrap().unwrap();
        assert_eq!(next.account, atom.account);
        assert!(
            next_account(&storage, Some(&next.account))
                .unwrap()
                .is_none()
        );
        let rest = take(&mut storage, &atom.account, |_| true).unwrap();
        assert_eq!(rest.len(), 1);
        assert!(next_account(&storage, None).unwrap().is_none());
    }
}
