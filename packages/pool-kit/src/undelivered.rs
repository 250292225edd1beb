//! Payouts that failed, kept for the account whose claim they were: its next withdrawal pays them to
//! wherever that withdrawal goes.
//!
//! What is undelivered has turns: what begins to wait gets the next number, whomever it is for, and
//! keeps it until it is sent. Where a message cannot send all, it sends the lowest numbers. Whatever
//! waits is then sent after finitely many messages: a payout that fails again gets a new number,
//! behind all that waited meanwhile.

use chain_types::address::AddressBytes;
use chain_types::asset::Asset;
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Coin, Order, StdResult, Storage, Uint256};
use cw_storage_plus::{Bound, Item, Map};

use crate::payout::Payout;

/// An amount of one asset that waits to be paid to an account.
#[cw_serde]
pub struct Undelivered {
    /// The asset.
    pub asset: Asset,
    /// Base units.
    pub amount: Uint256,
    /// Its turn: lower ones have waited longer.
    pub turn: u64,
}

/// Amounts owed to accounts whose payouts failed, by account; in the order of their turns.
const UNDELIVERED: Map<&[u8], Vec<Undelivered>> = Map::new("undelivered");
/// The highest turn.
const LAST_TURN: Item<u64> = Item::new("undelivered_turn");

/// What is undelivered to an account, in the order of the turns.
///
/// # Errors
/// Unreadable records.
pub fn of_account(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Vec<Undelivered>> {
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

/// Keeps a failed payout for its account. It joins what waits of the same asset, at that turn.
///
/// # Errors
/// Unreadable records.
pub fn keep(storage: &mut dyn Storage, payout: &Payout) -> StdResult<()> {
    let mut owed = of_account(storage, &payout.account)?;
    match owed.iter_mut().find(|owed| owed.asset == payout.asset) {
        Some(owed) => owed.amount = owed.amount.checked_add(payout.amount)?,
        None => owed.push(Undelivered {
            asset: payout.asset.clone(),
            amount: payout.amount,
            turn: next_turn(storage)?,
        }),
    }
    UNDELIVERED.save(storage, payout.account.as_slice(), &owed)
}

fn next_turn(storage: &mut dyn Storage) -> StdResult<u64> {
    let last = LAST_TURN.may_load(storage)?.unwrap_or_default();
    let turn = last.saturating_add(1);
    LAST_TURN.save(storage, &turn)?;
    Ok(turn)
}

/// Takes out what is undelivered to an account, of the assets that `wanted` names.
///
/// # Errors
/// Unreadable records.
pub fn take(
    storage: &mut dyn Storage,
    account: &AddressBytes,
    wanted: impl Fn(&Asset) -> bool,
) -> StdResult<Vec<Undelivered>> {
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
    pub owed: Vec<Undelivered>,
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
            [Undelivered {
                asset: atom.asset.clone(),
                amount: 6u128.into(),
                turn: 1,
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

    #[test]
    fn what_fails_again_waits_behind_what_waited_meanwhile_whomever_it_is_for() {
        let mut storage = MockStorage::new();
        let (atom, osmo) = (payout("uatom", 3), payout("uosmo", 5));
        let other = Payout {
            account: AddressBytes::new(&[8; 20]).unwrap(),
            ..payout("uatom", 7)
        };
        for kept in [&atom, &osmo, &other, &atom] {
            keep(&mut storage, kept).unwrap();
        }
        let turns = |storage: &MockStorage, account| -> Vec<(String, u64)> {
            let owed = of_account(storage, account).unwrap();
            owed.iter()
                .map(|it| (it.asset.to_string(), it.turn))
                .collect()
        };
        let named = |denom: &str, turn| (denom.to_string(), turn);
        assert_eq!(
            turns(&storage, &atom.account),
            [named("uatom", 1), named("uosmo", 2)]
        );
        assert_eq!(turns(&storage, &other.account), [named("uatom", 3)]);
        take(&mut storage, &atom.account, |asset| *asset == atom.asset).unwrap();
        keep(&mut storage, &atom).unwrap();
        assert_eq!(
            turns(&storage, &atom.account),
            [named("uosmo", 2), named("uatom", 4)]
        );
    }
}
