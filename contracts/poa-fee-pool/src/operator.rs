//! The hot record of an operator: its power and what it has earned.

use accounting::store::CompactMap;
use accounting::{Amounts, DenomId, PerDenom};
use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::{StdResult, Storage};
use distribution_math::{MathError, Points, compact};
use interfaces::address::AddressBytes;

use crate::pool::Pool;

const OPERATORS: CompactMap<&[u8], Operator> = CompactMap::new("operators");

/// An account that is or was an operator. The record stays for as long as the pool: what was
/// earned stays withdrawable, and so does the fraction below a whole coin.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Operator {
    /// Whether it is one now; false when another account took over.
    pub in_office: bool,
    /// Its power, 0 for a candidate.
    #[borsh(serialize_with = "compact::write", deserialize_with = "compact::read")]
    pub power: u64,
    /// What it has earned, by denom.
    pub claims: PerDenom<Claim>,
}

/// What an operator has earned of one denom.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Claim {
    /// Points earned and not withdrawn until the pool's index was as below.
    pub owed: Points,
    /// The pool's index when `owed` was brought up to date.
    pub index: Points,
}

/// An operator with its account.
pub struct Entry {
    /// The account.
    pub account: AddressBytes,
    /// Its record.
    pub operator: Operator,
}

impl Operator {
    /// The record of an account, `None` when it never was an operator.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn may_load(storage: &dyn Storage, account: &AddressBytes) -> StdResult<Option<Self>> {
        OPERATORS.may_load(storage, account.as_slice())
    }

    /// Records in the order of the accounts' bytes, behind `start_after`.
    ///
    /// # Errors
    /// Unreadable records.
    pub fn page(
        storage: &dyn Storage,
        start_after: Option<&AddressBytes>,
        limit: usize,
    ) -> StdResult<Vec<Entry>> {
        OPERATORS
            .range(storage, &[], start_after.map(AddressBytes::as_slice))
            .take(limit)
            .map(|item| {
                let (account, operator) = item?;
                Ok(Entry {
                    account: AddressBytes::new(&account)?,
                    operator,
                })
            })
            .collect()
    }

    /// Writes the record.
    ///
    /// # Errors
    /// None in practice.
    pub fn save(&self, storage: &mut dyn Storage, account: &AddressBytes) -> StdResult<()> {
        OPERATORS.save(storage, account.as_slice(), self)
    }

    /// Brings every denom up to date: what the power earned since the last time is owed now. Exact,
    /// O(denoms).
    ///
    /// # Errors
    /// None within the bound on receipts.
    pub fn settle(&mut self, pool: &Pool) -> Result<(), MathError> {
        for (denom, record) in pool.denoms.iter() {
            let claim = self.claims.get(denom);
            let earned = record.index.owed(self.power.into(), claim.index)?;
            self.claims.set(
                denom,
                Claim {
                    owed: claim.owed.checked_add(earned)?,
                    index: record.index.index(),
                },
            );
        }
        Ok(())
    }

    /// What is owed, after [`Operator::settle`].
    pub fn owed(&self) -> Amounts {
        let mut owed = Amounts::default();
        for (denom, claim) in self.claims.iter() {
            owed.set(denom, claim.owed);
        }
        owed
    }

    /// Takes the whole coins of the wanted denoms out of what is owed; the fractions stay.
    pub fn take_whole_coins(&mut self, wanted: &[DenomId]) -> Amounts {
        let mut taken = Amounts::default();
        let claims: Vec<_> = self
            .claims
            .iter()
            .filter(|(denom, _)| wanted.contains(denom))
            .map(|(denom, claim)| (denom, claim.clone()))
            .collect();
        for (denom, claim) in claims {
            let fraction = claim.owed.fraction();
            taken.set(denom, claim.owed.saturating_sub(fraction));
            self.claims.set(
                denom,
                Claim {
                    owed: fraction,
                    ..claim
                },
            );
        }
        taken
    }
}
