//! Where rewards and commissions are sent: whom to ask about, and what differs.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use cosmrs::AccountId;
use fee_pool_core::msg::ImportedWithdrawAddress;

use super::difference::{Difference, Line};
use super::{Pool, Snapshot};

/// The accounts that may have something to withdraw: delegators, operators, who need not be delegators,
/// and whoever is known to have named another account. Of both sides: the pool keeps an address that its
/// chain has set back until it is told.
///
/// # Errors
/// For an operator address that is none.
pub fn payees(chain: &Snapshot, pool: &Pool, prefix: &str) -> Result<BTreeSet<String>> {
    let delegations = chain.delegations.keys().chain(pool.delegations.keys());
    let delegators = delegations.map(|(_, delegator)| delegator);
    let named = chain.withdraw_addresses.keys();
    let mut payees: BTreeSet<String> = delegators.chain(named).cloned().collect();
    for operator in chain.validators.keys().chain(pool.validators.keys()) {
        payees
            .insert(account_of(operator, prefix).map_err(|error| anyhow!("{operator}: {error}"))?);
    }
    Ok(payees)
}

/// The account of the same bytes as an operator address.
fn account_of(operator: &str, prefix: &str) -> cosmrs::Result<String> {
    let bytes = operator.parse::<AccountId>()?.to_bytes();
    Ok(AccountId::new(prefix, &bytes)?.to_string())
}

/// What differs of the accounts about whom the pool was asked. Who has named no other account on the
/// chain is paid itself.
pub fn differences(chain: &Snapshot, pool: &Pool) -> Vec<Difference> {
    let mut found = Vec::new();
    for (account, here) in &pool.withdraw_addresses {
        let to = chain.withdraw_addresses.get(account).unwrap_or(account);
        if here != to {
            found.push(Difference {
                text: format!("rewards of {account} are sent to {here} here, to {to} on the chain"),
                line: Some(Line::WithdrawAddress(ImportedWithdrawAddress {
                    delegator: account.clone(),
                    withdraw_address: to.clone(),
                })),
                events: Vec::new(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::difference::tests::{chain, pool, texts};
    use super::super::snapshot::Validator;
    use super::*;

    #[test]
    fn an_address_is_a_line_where_it_differs() {
        let mut chain = chain();
        let mut pool = pool();
        let addresses = [("a", "c"), ("b", "b"), ("d", "e")];
        for (account, to) in addresses {
            pool.withdraw_addresses
                .insert(account.to_string(), to.to_string());
        }
        chain
            .withdraw_addresses
            .insert("d".to_string(), "f".to_string());
        assert_eq!(
            texts(&chain, &pool),
            [
                "rewards of a are sent to c here, to a on the chain",
                "rewards of d are sent to e here, to f on the chain",
            ]
        );
        pool.withdraw_addresses.clear();
        assert!(texts(&chain, &pool).is_empty(), "nobody was asked about");
    }

    #[test]
    fn delegators_of_both_sides_and_operators_are_asked_about() {
        let bytes = [7; 20];
        let operator = AccountId::new("wasmvaloper", &bytes).unwrap().to_string();
        let account = AccountId::new("wasm", &bytes).unwrap().to_string();
        let mut chain = chain();
        let Validator { power, commission } = chain.validators.remove("v").unwrap();
        let validator = Validator { power, commission };
        chain.validators.insert(operator, validator);
        chain
            .withdraw_addresses
            .insert("named".to_string(), "other".to_string());
        let mut pool = pool();
        pool.validators.clear();
        pool.delegations
            .insert(("v".to_string(), "gone".to_string()), 0);
        let asked = payees(&chain, &pool, "wasm").unwrap();
        let expected = ["a", "gone", "named", &account].map(str::to_string);
        assert_eq!(asked, expected.into());

        chain.validators.clear();
        pool.validators = super::super::difference::tests::pool().validators;
        let error = payees(&chain, &pool, "wasm").unwrap_err().to_string();
        assert!(error.starts_with("v: "), "{error}");
    }
}
