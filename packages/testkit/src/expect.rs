//! What tests say of answers, events and refusals.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use cosmwasm_std::{Coin, Order, Record, Storage as _};
use cw_multi_test::AppResponse;
use serde_json::{Value, json};

use crate::suite::Suite;

/// Attributes of an event.
pub type Attributes = BTreeMap<String, String>;

/// The pool's events of one name, without its address.
pub fn events(response: &AppResponse, name: &str) -> Vec<Attributes> {
    response
        .events
        .iter()
        .filter(|event| event.ty.strip_prefix("wasm-") == Some(name))
        .map(|event| {
            event
                .attributes
                .iter()
                .map(|attribute| (attribute.key.clone(), attribute.value.clone()))
                .collect()
        })
        .collect()
}

/// The only event of that name.
#[track_caller]
pub fn event(response: &AppResponse, name: &str) -> Attributes {
    let found = events(response, name);
    assert_eq!(found.len(), 1, "events {name} in {:?}", response.events);
    found.into_iter().next().unwrap()
}

/// The names of a contract's own events. Each must begin with its action, which is its type, and
/// have no blank key or value: some chains refuse the whole transaction for one.
#[track_caller]
pub fn assert_events_well_formed(response: &AppResponse, contract: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for event in &response.events {
        let [address, action, rest @ ..] = event.attributes.as_slice() else {
            continue;
        };
        if address.key != "_contract_address" || address.value != contract {
            continue;
        }
        let Some(name) = event.ty.strip_prefix("wasm-") else {
            continue;
        };
        assert_eq!((&*action.key, &*action.value), ("action", name));
        for attribute in rest {
            assert!(!attribute.value.trim().is_empty(), "{event:?}");
            assert!(!attribute.key.trim().is_empty(), "{event:?}");
        }
        names.insert(name.to_string());
    }
    names
}

/// Everything on the chain: the pool's records, balances, staking.
pub fn everything(suite: &Suite) -> Vec<Record> {
    suite
        .chain
        .app()
        .storage()
        .range(None, None, Order::Ascending)
        .collect()
}

/// How many of a contract's records are other than before, by the kind that the key begins with.
pub fn changed_records(before: &[Record], after: &[Record]) -> Vec<(String, usize)> {
    let records = |all: &[Record]| -> BTreeMap<Vec<u8>, Vec<u8>> { all.iter().cloned().collect() };
    let (before, after) = (records(before), records(after));
    let keys: BTreeSet<&Vec<u8>> = before.keys().chain(after.keys()).collect();
    let mut changed: BTreeMap<String, usize> = BTreeMap::new();
    for key in keys {
        if before.get(key) != after.get(key) {
            *changed.entry(kind_of(key)).or_default() += 1;
        }
    }
    changed.into_iter().collect()
}

/// Exactly these kinds of records, and so many of each, are other than before; `of` says of what.
#[track_caller]
pub fn assert_changed_records(
    before: &[Record],
    after: &[Record],
    expected: &[(&str, usize)],
    of: &dyn Debug,
) {
    let changed = changed_records(before, after);
    let changed: Vec<(&str, usize)> = changed
        .iter()
        .map(|(kind, count)| (kind.as_str(), *count))
        .collect();
    assert_eq!(changed, expected, "{of:?}");
}

/// The name of a single record, or of a map: the length of its name stands before it.
fn kind_of(key: &[u8]) -> String {
    let name = match key {
        [0, length, rest @ ..] => &rest[..usize::from(*length)],
        name => name,
    };
    String::from_utf8(name.to_vec()).unwrap()
}

/// The message is refused with an error that has all these parts, and nothing on the chain is
/// other than before.
#[track_caller]
pub fn refused_with(suite: &mut Suite, sender: &str, msg: Value, funds: Vec<Coin>, parts: &[&str]) {
    let before = everything(suite);
    let error = match suite.execute_with(sender, msg.clone(), funds) {
        Ok(_) => panic!("{sender} was not refused: {msg}"),
        Err(error) => error.to_string(),
    };
    for part in parts {
        assert!(
            error.contains(part),
            "{msg}: {error:?} does not say {part:?}"
        );
    }
    assert!(!error.contains("panicked"), "{msg}: {error}");
    assert!(before == everything(suite), "{msg} left something behind");
}

/// [`refused_with`] without funds.
#[track_caller]
pub fn refused(suite: &mut Suite, sender: &str, msg: Value, parts: &[&str]) {
    refused_with(suite, sender, msg, vec![], parts);
}

/// What the bank says that an account has.
pub fn has(suite: &Suite, account: &str, denom: &str) -> u128 {
    let balance = suite.balance(account, denom);
    cosmwasm_std::Uint128::try_from(balance).unwrap().u128()
}

/// Coins as answers show them.
pub fn coins(coins: &[(u128, &str)]) -> Value {
    coins
        .iter()
        .map(|(amount, denom)| json!({"denom": denom, "amount": amount.to_string()}))
        .collect()
}

/// What is undelivered to an account.
#[track_caller]
pub fn undelivered(suite: &Suite, account: &str) -> Value {
    suite
        .query(json!({"undelivered": {"account": format!("@{account}")}}))
        .unwrap()["amount"]
        .clone()
}

/// The amount of a denom in a list of coins.
#[track_caller]
pub fn amount_of(coins: &Value, denom: &str) -> u128 {
    coins
        .as_array()
        .unwrap()
        .iter()
        .find(|coin| coin["denom"] == denom)
        .map_or(0, |coin| coin["amount"].as_str().unwrap().parse().unwrap())
}
