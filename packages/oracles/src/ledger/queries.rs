//! What everybody earned, was paid and is owed.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use super::{
    BoundTerms, ExactSum, FeeLedger, Fraction, PART_PLACES, Recipient,
    records::{Account, Accounts, Validator},
};
use crate::exact::{Owed, POINT_PLACES, pow10};

/// What those have earned who have no account.
static NOTHING: ExactSum = ExactSum::ZERO;

impl FeeLedger {
    /// All that a recipient ever earned of a denom, in base units, forfeited remainders included.
    ///
    /// Slow for a long history with many changes: it needs the common denominator of all of them.
    pub fn earned(&self, recipient: Recipient<'_>, denom: &str) -> BigRational {
        self.account(recipient, denom)
            .map_or_else(BigRational::zero, |it| it.ever_earned().value())
    }

    /// What a recipient is exactly owed of a denom, in base units: what it earned and neither was
    /// paid nor forfeited. As slow as [`Self::earned`].
    ///
    /// That of the community pool may be below zero by as much as others fall short of their
    /// exact shares, which it may have spent.
    pub fn unpaid(&self, recipient: Recipient<'_>, denom: &str) -> BigRational {
        self.unpaid_less(recipient, denom, &BigInt::zero())
    }

    /// [`Self::unpaid`] less a number of points (10^-36 base units): how far a system that holds
    /// so many points for the recipient is below the exact share, in base units.
    pub fn unpaid_less(
        &self,
        recipient: Recipient<'_>,
        denom: &str,
        points: &BigInt,
    ) -> BigRational {
        self.owed(&recipient, denom).less_points(points)
    }

    /// What a recipient is exactly owed of a denom, in whole base units, rounded down.
    pub fn floor_coins(&self, recipient: Recipient<'_>, denom: &str) -> u128 {
        self.owed(&recipient, denom).floor_coins()
    }

    /// What a recipient is exactly owed of a denom, in whole points (10^-36 base units), rounded
    /// down.
    pub fn floor_points(&self, recipient: Recipient<'_>, denom: &str) -> BigInt {
        self.owed(&recipient, denom).floor_points()
    }

    /// What a recipient is exactly owed of a denom, in whole parts of 10^-54 base units (see
    /// [`PART_PLACES`](super::PART_PLACES)), rounded down. Unlike [`Self::unpaid`] it is nearly
    /// always decided without a common denominator, however long the history.
    pub fn floor_parts(&self, recipient: Recipient<'_>, denom: &str) -> BigInt {
        self.account(recipient, denom)
            .map_or_else(BigInt::zero, |it| {
                it.earned.floor_parts() - it.paid * pow10(PART_PLACES)
            })
    }

    /// What a recipient was ever paid of a denom, in base units; for the community pool what was
    /// spent from it.
    pub fn paid(&self, recipient: Recipient<'_>, denom: &str) -> u128 {
        self.account(recipient, denom).map_or(0, Account::ever_paid)
    }

    /// All that was ever received of a denom, in base units.
    pub fn total_received(&self, denom: &str) -> u128 {
        self.received
            .known(denom)
            .map_or(0, |id| self.received.amount(id))
    }

    /// All that was ever paid of a denom, in base units, spending from the community pool
    /// included.
    pub fn total_paid(&self, denom: &str) -> u128 {
        self.recipients().map(|it| self.paid(it, denom)).sum()
    }

    /// By how much less than its exact share a system may hold for a recipient, in base units; for
    /// the community pool by how much more, which is the sum of all the others' bounds.
    ///
    /// What is counted stands at [`BoundTerms`], and it is the same for every denom.
    pub fn bound(&self, recipient: Recipient<'_>) -> BigRational {
        BigRational::new(self.bound_points(recipient), pow10(POINT_PLACES))
    }

    /// The terms of a recipient's bound, `None` for the community pool and for strangers.
    pub fn bound_terms(&self, recipient: Recipient<'_>) -> Option<BoundTerms> {
        match recipient {
            Recipient::CommunityPool => None,
            Recipient::Commission { validator } => {
                let id = self.validator_names.get(validator)?;
                Some(self.validators[id].operator_terms)
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                let id = self.validator_names.get(validator)?;
                let delegator = self.delegators.get(delegator)?;
                Some(self.validators[id].delegation(delegator)?.terms)
            }
        }
    }

    /// [`Self::bound`] in points (10^-36 base units).
    pub(super) fn bound_points(&self, recipient: Recipient<'_>) -> BigInt {
        if recipient == Recipient::CommunityPool {
            self.validators
                .iter()
                .flat_map(|it| {
                    let delegations = it.delegations.iter().map(|each| &each.terms);
                    delegations.chain([&it.operator_terms])
                })
                .map(BoundTerms::points)
                .sum()
        } else {
            self.bound_terms(recipient)
                .map_or_else(BigInt::zero, |it| it.points())
        }
    }

    /// Everybody among whom the receipts are divided: the community pool, then validator by
    /// validator the commission and every delegation that ever had units or came with rewards.
    pub fn recipients(&self) -> impl Iterator<Item = Recipient<'_>> {
        let validators = self.validator_names.iter().zip(&self.validators);
        let others = validators.flat_map(move |(validator, record)| {
            let delegations = record.delegations.iter().map(move |it| {
                let delegator = self.delegators.name(it.delegator);
                Recipient::Delegation {
                    delegator,
                    validator,
                }
            });
            std::iter::once(Recipient::Commission { validator }).chain(delegations)
        });
        std::iter::once(Recipient::CommunityPool).chain(others)
    }

    /// The units of a delegation.
    pub fn units(&self, delegator: &str, validator: &str) -> u128 {
        let validator = self.validator_names.get(validator);
        validator
            .zip(self.delegators.get(delegator))
            .and_then(|(id, delegator)| self.validators[id].delegation(delegator))
            .map_or(0, |delegation| delegation.units)
    }

    /// The commission of a validator, if it has a record.
    pub fn commission(&self, validator: &str) -> Option<Fraction> {
        self.record(validator).map(|it| it.commission)
    }

    /// The power of a validator.
    pub fn power(&self, validator: &str) -> u64 {
        self.record(validator).map_or(0, |it| it.power)
    }

    /// Whether a validator was removed and not created again since.
    pub fn is_removed(&self, validator: &str) -> bool {
        self.record(validator).is_some_and(|it| it.removed)
    }

    fn record(&self, validator: &str) -> Option<&Validator> {
        let id = self.validator_names.get(validator)?;
        Some(&self.validators[id])
    }

    /// All denoms that came up.
    pub fn denoms(&self) -> impl Iterator<Item = &str> {
        self.received.denoms()
    }

    /// The account of a recipient, `None` when it never earned of the denom.
    pub(super) fn account(&self, recipient: Recipient<'_>, denom: &str) -> Option<&Account> {
        self.accounts(recipient)?.get(self.received.known(denom)?)
    }

    /// What a recipient earned of a denom and was paid of it.
    pub(super) fn owed<'a>(&'a self, recipient: &'a Recipient<'a>, denom: &'a str) -> Owed<'a> {
        let account = self.account(*recipient, denom);
        Owed {
            recipient,
            denom,
            earned: account.map_or(&NOTHING, |it| &it.earned),
            paid: account.map_or(0, |it| it.paid),
        }
    }

    fn accounts(&self, recipient: Recipient<'_>) -> Option<&Accounts> {
        match recipient {
            Recipient::CommunityPool => Some(&self.community),
            Recipient::Commission { validator } => {
                let id = self.validator_names.get(validator)?;
                Some(&self.validators[id].operator)
            }
            Recipient::Delegation {
                delegator,
                validator,
            } => {
                let id = self.validator_names.get(validator)?;
                let delegator = self.delegators.get(delegator)?;
                Some(&self.validators[id].delegation(delegator)?.accounts)
            }
        }
    }
}
