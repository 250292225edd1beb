//! The pool's own records, read with the accounting that the pool uses.

use accounting::books::Surroundings;
use accounting::pool::Class;
use accounting::store::Staged;
use accounting::{Accounting, Amounts, Books, DelegationKey, Denoms, NoStaking};
use anyhow::Result;
use interfaces::address::AddressCodec;
use num_bigint::{BigInt, Sign};

use super::Twin;
use crate::ledger::Recipient;

impl Twin {
    /// The points that the pool owes to a recipient, by denom: what a query or withdrawal would
    /// find, before it is floored for display. To those of the community pool the rounding reserve
    /// is added, if the accounting keeps one: it is nobody's, and what the others fall short.
    ///
    /// # Errors
    /// When the pool's records cannot be read.
    pub fn points(&self, recipient: Recipient) -> Result<Vec<BigInt>> {
        let denoms = Denoms::new(self.denoms.iter().cloned())?;
        let amounts = self.read(|engine, books, codec| {
            Ok(match recipient {
                Recipient::CommunityPool => {
                    // Its part of what validators have not settled yet is its own already.
                    for validator in engine.validators(books, None, usize::MAX) {
                        engine.settle_validator(books, &validator)?;
                    }
                    let mut amounts = reserve(engine, books, &denoms)?;
                    for denom in denoms.ids() {
                        let ledger = books.pool.ledger(denom);
                        amounts.add(denom, ledger.class(Class::CommunityPool))?;
                    }
                    amounts
                }
                Recipient::Commission { validator } => {
                    let operator = codec.validator(&self.suite.operator(validator))?;
                    engine.commission(books, operator.bytes.as_slice())?
                }
                Recipient::Delegation {
                    delegator,
                    validator,
                } => {
                    let operator = codec.validator(&self.suite.operator(validator))?;
                    let account = codec.account(self.suite.account(delegator).as_str())?;
                    let key = DelegationKey {
                        delegator: account.as_slice(),
                        validator: operator.bytes.as_slice(),
                    };
                    engine.delegation_rewards(books, key)?
                }
            })
        })?;
        Ok(integers(&denoms, &amounts))
    }

    /// The points of outstanding rewards that no record has a claim to, by denom: none, unless the
    /// accounting keeps a reserve.
    ///
    /// # Errors
    /// When the pool's records cannot be read or claim more than is owed.
    pub fn rounding_reserve(&self) -> Result<Vec<BigInt>> {
        let denoms = Denoms::new(self.denoms.iter().cloned())?;
        let amounts = self.read(|engine, books, _| reserve(engine, books, &denoms))?;
        Ok(integers(&denoms, &amounts))
    }

    /// Whether the pool has no record of a delegation any more.
    pub(super) fn is_closed(&self, delegator: &str, validator: &str) -> Result<bool> {
        self.read(|engine, books, codec| {
            let operator = codec.validator(&self.suite.operator(validator))?;
            let account = codec.account(self.suite.account(delegator).as_str())?;
            let key = DelegationKey {
                delegator: account.as_slice(),
                validator: operator.bytes.as_slice(),
            };
            Ok(engine.delegation_units(books, key)?.is_none())
        })
    }

    /// Opens the pool's books; what is written in them is dropped.
    fn read<T>(
        &self,
        read: impl FnOnce(&dyn Accounting, &mut Books, &AddressCodec) -> Result<T>,
    ) -> Result<T> {
        let storage = self.suite.chain.app().contract_storage(&self.suite.pool);
        let mut staged = Staged::new(&*storage);
        let surroundings = Surroundings {
            staking: &NoStaking,
            power_units: None,
        };
        let mut books = Books::open(&mut staged, surroundings)?;
        let codec = AddressCodec::of_contract(&self.suite.pool)?;
        read(self.accounting.engine(), &mut books, &codec)
    }
}

fn integers(denoms: &Denoms, amounts: &Amounts) -> Vec<BigInt> {
    denoms
        .ids()
        .map(|denom| BigInt::from_bytes_be(Sign::Plus, &amounts.get(denom).value().to_be_bytes()))
        .collect()
}

/// What of the outstanding rewards is in no record.
fn reserve(engine: &dyn Accounting, books: &Books, denoms: &Denoms) -> Result<Amounts> {
    let mut left = Amounts::default();
    if !engine.keeps_a_reserve() {
        return Ok(left);
    }
    for denom in denoms.ids() {
        left.set(denom, books.pool.ledger(denom).class(Class::Outstanding));
    }
    let mut take = |found: Amounts| -> Result<()> {
        for denom in denoms.ids() {
            left.set(denom, left.get(denom).checked_sub(found.get(denom))?);
        }
        Ok(())
    };
    for validator in engine.validators(books, None, usize::MAX) {
        take(engine.audit_validator(books, &validator)?)?;
        for delegator in engine.delegators_of_validator(books, &validator, None, usize::MAX) {
            let key = DelegationKey {
                delegator: &delegator,
                validator: &validator,
            };
            take(engine.audit_delegation(books, key)?)?;
        }
    }
    Ok(left)
}
