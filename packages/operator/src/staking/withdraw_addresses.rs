//! Where rewards and commissions are sent: whom to ask about, and what differs.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use cosmrs::AccountId;
use fee_pool_core::msg::ImportedWithdrawAddress;

use super::difference::{Difference, Line};
use super::{Pool, Snapshot};

impl Snapshot {
    /// Who has something to withdraw on the chain: delegators, and operators, who need not delegate.
    ///
    /// # Errors
    /// For an operator address that is none.
    pub fn payees(&self, prefix: &str) -> Result<BTreeSet<String>> {
        payees(self.delegations.keys(), self.validators.keys(), prefix)
    }
}

impl Pool {
    /// As [`Snapshot::payees`], in the pool. Until it is active it forgets no delegation, and an import
    /// brings delegations before withdraw addresses: these are all whose address it may have from one.
    ///
    /// # Errors
    /// As there.
    pub fn payees(&self, prefix: &str) -> Result<BTreeSet<String>> {
        payees(self.delegations.keys(), self.validators.keys(), prefix)
    }
}

fn payees<'a>(
    delegations: impl Iterator<Item = &'a (String, String)>,
    operators: impl Iterator<Item = &'a String>,
    prefix: &str,
) -> Result<BTreeSet<String>> {
    let mut payees: BTreeSet<String> = delegations
        .map(|(_, delegator)| delegator.clone())
        .collect();
    for operator in operators {
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
    fn payees_are_delegators_and_operators() {
        let bytes = [7; 20];
        let operator = AccountId::new("wasmvaloper", &bytes).unwrap().to_string();
        let account = AccountId::new("wasm", &bytes).unwrap().to_string();
        let mut chain = chain();
        let validator = chain.validators.remove("v").unwrap();
        chain.validators.insert(operator, validator);
        let expected = ["a", &account].map(str::to_string);
        assert_eq!(chain.payees("wasm").unwrap(), expected.into());
        let error = pool().payees("wasm").unwrap_err().to_string();
        assert!(error.starts_with("v: "), "{error}");
    }
}
