//! The pool's own records, read with the accounting that the pool uses.

use anyhow::Result;
use cosmwasm_std::testing::mock_env;
use fee_pool_core::accounting::Accounting;
use fee_pool_core::books::Books;
use fee_pool_core::context::Context;
use fee_pool_core::delegations::{DelegationKey, Page, delegators_of};
use fee_pool_core::{F1, Lazy};
use num_bigint::{BigInt, Sign};
use oracles::ledger::Recipient;
use pool_kit::Amounts;
use pool_kit::ledger::Class;
use pool_kit::staged::Staged;

use super::Harness;
use crate::fee_pool::{AccountingKind, FeePoolSuite};

/// All records in one page.
const ALL: Page = Page {
    start_after: None,
    limit: usize::MAX,
};

impl Harness {
    /// The points that the pool owes to a recipient, by denom: what a query or withdrawal would
    /// find, before it is floored for display. To those of the community pool is added what belongs
    /// to nobody yet, and what the others fall short: the rounding reserve of an accounting that
    /// keeps one, and the carries of the indexes that all validators share.
    ///
    /// # Errors
    /// When the pool's records cannot be read.
    pub fn points(&self, recipient: Recipient) -> Result<Vec<BigInt>> {
        match self.accounting() {
            AccountingKind::F1 => points::<F1>(&self.suite, recipient),
            AccountingKind::Lazy => points::<Lazy>(&self.suite, recipient),
        }
    }

    /// The points of outstanding rewards that no record has a claim to, by denom: none, unless the
    /// accounting keeps a reserve.
    ///
    /// # Errors
    /// When the pool's records cannot be read or claim more than is owed.
    pub fn rounding_reserve(&self) -> Result<Vec<BigInt>> {
        match self.accounting() {
            AccountingKind::F1 => {
                read::<F1, _>(&self.suite, |books| Ok(integers(books, &reserve(books)?)))
            }
            AccountingKind::Lazy => {
                read::<Lazy, _>(&self.suite, |books| Ok(integers(books, &reserve(books)?)))
            }
        }
    }

    /// Whether the pool has no record of a delegation any more.
    pub(super) fn is_closed(&self, delegator: &str, validator: &str) -> Result<bool> {
        match self.accounting() {
            AccountingKind::F1 => is_closed::<F1>(&self.suite, delegator, validator),
            AccountingKind::Lazy => is_closed::<Lazy>(&self.suite, delegator, validator),
        }
    }
}

fn points<A: Accounting>(suite: &FeePoolSuite, recipient: Recipient) -> Result<Vec<BigInt>> {
    read::<A, _>(suite, |books| {
        let amounts = match recipient {
            Recipient::CommunityPool => {
                // Its part of what validators have not settled yet is its own already.
                for validator in A::validators(books, ALL)? {
                    A::commission(books, &validator)?;
                }
                let mut amounts = reserve(books)?;
                amounts.add_all(&A::audit_pool(books)?)?;
                for denom in books.ctx.config.denoms.ids() {
                    let ledger = books.pool.ledger(denom);
                    amounts.add(denom, ledger.class(Class::CommunityPool))?;
                }
                amounts
            }
            Recipient::Commission { validator } => {
                let operator = books.ctx.validator(&suite.operator(validator))?;
                A::commission(books, &operator)?
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                let key = key(books, suite, delegator, validator)?;
                A::delegation_rewards(books, key)?
            }
        };
        Ok(integers(books, &amounts))
    })
}

fn is_closed<A: Accounting>(
    suite: &FeePoolSuite,
    delegator: &str,
    validator: &str,
) -> Result<bool> {
    read::<A, _>(suite, |books| {
        let DelegationKey {
            delegator,
            validator,
        } = key(books, suite, delegator, validator)?;
        let delegators = delegators_of(books.storage, &validator, ALL)?;
        Ok(!delegators.contains(&delegator))
    })
}

/// Opens the pool's books; what is written in them is dropped.
fn read<A: Accounting, T>(
    suite: &FeePoolSuite,
    read: impl FnOnce(&mut Books<A>) -> Result<T>,
) -> Result<T> {
    let app = suite.chain.app();
    let stored = app.contract_storage(&suite.pool);
    let mut storage = Staged::new(&*stored);
    let mut env = mock_env();
    env.block = app.block_info();
    env.contract.address = suite.pool.clone();
    let ctx = Context::load(&*stored, app.wrap(), &env)?;
    read(&mut Books::open(&ctx, &mut storage)?)
}

fn key<A: Accounting>(
    books: &Books<A>,
    suite: &FeePoolSuite,
    delegator: &str,
    validator: &str,
) -> Result<DelegationKey> {
    let account = suite.account(delegator);
    Ok(DelegationKey {
        delegator: books.ctx.chain.account(account.as_str())?,
        validator: books.ctx.validator(&suite.operator(validator))?,
    })
}

fn integers<A: Accounting>(books: &Books<A>, amounts: &Amounts) -> Vec<BigInt> {
    let denoms = books.ctx.config.denoms.ids();
    denoms
        .map(|denom| BigInt::from_bytes_be(Sign::Plus, &amounts.get(denom).value().to_be_bytes()))
        .collect()
}

/// What of the outstanding rewards is in no record.
fn reserve<A: Accounting>(books: &Books<A>) -> Result<Amounts> {
    let mut left = Amounts::default();
    if !A::HAS_ROUNDING_RESERVE {
        return Ok(left);
    }
    let denoms = &books.ctx.config.denoms;
    for denom in denoms.ids() {
        left.set(denom, books.pool.ledger(denom).class(Class::Outstanding));
    }
    let mut take = |found: Amounts| -> Result<()> {
        for denom in denoms.ids() {
            left.set(denom, left.get(denom).checked_sub(found.get(denom))?);
        }
        Ok(())
    };
    for validator in A::validators(books, ALL)? {
        take(A::audit_validator(books, &validator)?)?;
        for delegator in delegators_of(books.storage, &validator, ALL)? {
            let key = DelegationKey {
                delegator,
                validator,
            };
            take(A::audit_delegation(books, key)?)?;
        }
    }
    Ok(left)
}
