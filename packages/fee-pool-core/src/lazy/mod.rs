//! Lazy: entitlement from a share of everything a pool ever received, corrected by an adjustment.
//!
//! The idea: had nobody's shares ever changed and had nobody ever withdrawn, a recipient with `r`
//! of a distributor's `S` shares would be entitled to `r * E / S` of everything `E` that it ever
//! received, its *simple pool*. Whatever changes is accounted for in one number per claim, its
//! *adjustment* `A`, when the recipient next acts:
//!
//! ```text
//! simple_pool      = r * E / S                                      0 when S = 0
//! projected_pool   = r' * (E - R) / S' + r * R / S                  shares of before, until a change
//! adjustment      += simple_pool - projected_pool = (r / S - r' / S') * (E - R)
//! entitlement      = simple_pool - adjustment
//! a withdrawal     : W = floor(entitlement), adjustment += W        the proposer pool's first
//! ```
//!
//! Primed shares are those right before a change, and `R` is what was received after it. There are
//! three distributors: the global pool by power, the global pool in equal parts, and the proposer
//! pool of each validator, which is what it receives alone. With `s` the units of a delegation, `D`
//! those of all delegations of its validator, `T` the validator's weight and `c` its commission:
//!
//! | scenario | S | r |
//! |---|---|---|
//! | [`DelegationFromGlobalPool`](scenario::DelegationFromGlobalPool) | weight of all validators | `s * (T / D) * (1 - c)` |
//! | [`CommissionFromGlobalPool`](scenario::CommissionFromGlobalPool) | the same | `T * c` |
//! | [`UnownedFromGlobalPool`](scenario::UnownedFromGlobalPool) | the same | `T * (1 - c)` while D = 0 |
//! | [`DelegationFromProposerPool`](scenario::DelegationFromProposerPool) | D | `s * (1 - c)` |
//! | [`CommissionFromProposerPool`](scenario::CommissionFromProposerPool) | D | `D * c` |
//!
//! A weight is the power in the pool by power, and 1 for an active validator in the pool in equal
//! parts. While D = 0 a proposer receipt is split at once: the operator gets `c` of it, the
//! community pool the rest, and the proposer pool did not receive it.
//!
//! # Corrections
//!
//! The scheme is that of the first specification of the Cosmos SDK's distribution module. As it
//! stands there it pays wrong amounts. What was corrected, each with a test in
//! `tests/lazy/corrections.rs` that shows both numbers:
//!
//! | specified | here | because |
//! |---|---|---|
//! | `A += change` only `if change > 0` | `A += change` | a recipient whose share falls would lose what it earned with the larger one |
//! | `projected_pool = r' / S' * E + r / S * R` | `r' / S' * (E - R) + r / S * R` | `E` includes `R`: the latest receipt counted twice |
//! | `r = s * exchange rate * T * (1 - c)` | `r = s * (T / D) * (1 - c)` | tokens of the delegation times tokens of the validator is not a number of tokens |
//! | `r' = tokens of the delegation before` | the same times `(1 - c')` | `r` is net of commission: without any change the two would differ |
//! | `r' = T' * c` of the commission | `T' * c'` | a new rate would apply to what was earned under the old one |
//! | commission is corrected by `validator.adjustment`, which its delegators' withdrawals raise | by a `commission_adjustment` of its own | each delegator's withdrawal would be charged to the operator |
//! | a change is found by its height, and holds the fees of its block, the totals and the delegation that caused it | by its sequence, with the validator's state, the totals and what was received, nothing of single delegations | several changes fall into a block, and a change of units or commission need not be one of power |
//! | what is pending is applied with the delegation that there is | with the units from before its change; then it changes, and its own entry is applied with the new ones | otherwise the new units earn from before they were there |
//! | `shares * height / (all shares * height)`, counted in `RecipientCount` and `GlobalCount` | heights and their counts are left out | they cancel, and at the first height they divide by 0 |
//! | a "provision pool" here and a proposer pool there | the proposer pool | it is one pool |
//! | the pool keeps what was paid | it is reduced by it | otherwise the same tokens are there twice |
//! | division by `S` | 0 when `S = 0`, and receipts to the community pool | a pool without validators, a validator without delegations |
//! | who has no shares is paid nothing, and a delegation that is gone is forgotten | `-A` is paid while `r = 0`, and a record stays until it is | what was earned before the last undelegation, or before a validator lost its power, would be lost |
//!
//! # Running sums instead of walks
//!
//! As specified, whoever acts walks the log of all changes since it last acted. Then many small
//! delegations of somebody make everybody's withdrawal dear. The walk has running sums, so a claim
//! costs the same whatever others did:
//!
//! * Of other validators only powers matter. The change of `A` is `r * (1 / S - 1 / S') * E`, and
//!   while `r` stays it is enough to know by how much the sum `Z` of `(1 / S - 1 / S') * E` over
//!   all changes grew. It is in the hot record ([`SharedRewards`]).
//! * Of the own validator its power matters to all its recipients alike: `V` is the adjustment of
//!   all of them together, whose share is `T`, and each has a part of it, `c` the operator and
//!   `s * (1 - c) / D` a delegation.
//! * Its units and its commission matter to each of its delegations by its units: `X` is the
//!   adjustment that a delegation of one unit would have. Since its own last change a delegation's
//!   adjustment grew by `s` times what `X` grew by.
//!
//! Each is written when the share changes that it stands for, and only then: `Z` and `V` with a
//! power, `X` with units or a rate, an adjustment with its own delegation. What happened above it
//! since is added when it is read (`view.rs`). A claim computes the rest in memory and writes only
//! what it takes out: were it to write what it brings up to date, each claim would round an
//! adjustment up once more. The [`log`] is what was specified, one entry for each change; a test
//! walks along it and compares.
//!
//! # Rounding
//!
//! Shares are never rounded by themselves: every term is one division of integers in 512 bits.
//! Adjustments are rounded up and simple pools down, so no entitlement is ever above the exact
//! share. `E`, `Z` and the adjustments of claims are whole points. `V` and `X` count 10^-36 points:
//! `X` is multiplied by the units of each delegation, so that a point of it would be up to 10^34
//! points of a claim at each change of units or commission, which `tests/lazy/precision.rs` shows.
//!
//! So an entitlement is below the exact share by less than, in points: its validator's power and 1
//! for each change of another validator's power, 2 for each change of its own (of its units; of
//! anything of its validator for commission), and 2 for the claim itself. What all roundings leave
//! belongs to nobody: it is the pool's rounding reserve, which the audit shows.

mod delegation;
pub mod log;
mod queries;
mod records;
pub mod scenario;
mod validator;
mod view;

use borsh::{BorshDeserialize, BorshSerialize};
use chain_types::address::AddressBytes;
use cosmwasm_std::{Binary, Event, Uint256};
use distribution_math::{ExchangeRate, FeeSplit, FinePoints, Points, Rate, Ratio, SignedPoints};
use pool_kit::ledger::Class;
use pool_kit::{Amounts, DenomId, PerDenom};

use crate::ContractError;
use crate::accounting::{Accounting, ImportedAmounts, LazyQuery, ValidatorInfo};
use crate::books;
use crate::delegations::{DelegationKey, Page};
use log::{Change, Received};
use records::{ProposerPool, Sharing, Validator};
use validator_rewards::validator_set::PowerChange;
use view::View;

/// The lazy accounting.
#[derive(Clone, Copy, Debug)]
pub struct Lazy;

type Books<'a> = books::Books<'a, Lazy>;

/// The two parts of the global pool, in one denom.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct SharedRewards {
    /// The part that is shared by power.
    by_power: SharedPool,
    /// The part that active validators share equally.
    equally: SharedPool,
}

/// A part of the global pool.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
struct SharedPool {
    /// `E`: points ever received.
    received: Points,
    /// `Z`: the sum of `(1 / S - 1 / S') * E` over all changes of `S`, in points per unit of weight.
    sum: SignedPoints,
}

impl SharedPool {
    /// Adds a change of the weight of all to the running sum, rounded up.
    fn add(&mut self, before: u128, after: u128) -> Result<(), ContractError> {
        if before == after || self.received.is_zero() {
            return Ok(());
        }
        let per_weight = |total: u128| Ratio::new(Uint256::one(), Uint256::from(total));
        let now: FinePoints = per_weight(after).ceil_of(self.received)?;
        let growth = now.minus(per_weight(before).floor_of(self.received)?)?;
        self.sum = self.sum.plus(growth.ceil())?;
        Ok(())
    }
}

impl SharedRewards {
    /// Adds a change of the totals to the running sums.
    fn add(&mut self, change: &Change) -> Result<(), ContractError> {
        let (before, after) = (change.before.totals, change.after.totals);
        self.by_power.add(before.power.into(), after.power.into())?;
        self.equally.add(before.active.into(), after.active.into())
    }

    /// `Z` of the two parts, in points per unit of weight.
    fn sums(&self) -> [SignedPoints; 2] {
        [self.by_power.sum, self.equally.sum]
    }
}

/// What a validator's pools have received.
fn received(books: &Books, validator: &Validator) -> PerDenom<Received> {
    let mut received = PerDenom::default();
    for (denom, pool) in books.pool.denoms.iter() {
        received.set(denom, validator.received(&pool.shared, denom));
    }
    received
}

/// Commission that an operator may claim, by denom.
fn commission(
    books: &Books,
    validator: &AddressBytes,
    record: &Validator,
) -> Result<Amounts, ContractError> {
    let operator = records::load_operator(books.storage, validator)?;
    let mut owed = Amounts::default();
    for denom in books.pool.denoms.ids() {
        let view = View::now(books, record, denom)?;
        let entitlement = view.commission_entitlement(&operator.get(denom))?;
        owed.add(denom, entitlement.total()?)?;
    }
    Ok(owed)
}

impl Accounting for Lazy {
    const CONTRACT_NAME: &'static str = "cw-distribution:lazy-fee-pool";
    const HAS_ROUNDING_RESERVE: bool = true;
    type SharedRewards = SharedRewards;
    type Claim = records::DelegationAdjustments;

    fn distribute(
        books: &mut Books,
        denom: DenomId,
        split: &FeeSplit,
    ) -> Result<(), ContractError> {
        books.pool.denoms.update(denom, |record| {
            for (pool, amount) in [
                (&mut record.shared.by_power, split.by_power),
                (&mut record.shared.equally, split.equally),
            ] {
                pool.received = pool.received.checked_add(amount)?;
                record.ledger.allocate(Class::Outstanding, amount)?;
            }
            Ok(())
        })
    }

    fn reward_validator(
        books: &mut Books,
        validator: &AddressBytes,
        rewards: &Amounts,
        receipt: Event,
    ) -> Result<bool, ContractError> {
        validator::reward(books, validator, rewards, receipt)
    }

    fn create_validator(
        books: &mut Books,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError> {
        validator::create(books, validator, rate)
    }

    fn remove_validator(books: &mut Books, validator: &AddressBytes) -> Result<(), ContractError> {
        validator::settle(books, validator)?;
        validator::set_removed(books, validator, true)
    }

    fn before_power_change(books: &mut Books, change: &PowerChange) -> Result<(), ContractError> {
        validator::before_power_change(books, change)
    }

    fn set_commission_rate(
        books: &mut Books,
        validator: &AddressBytes,
        rate: Rate,
    ) -> Result<(), ContractError> {
        validator::set_commission_rate(books, validator, rate)
    }

    fn set_exchange_rate(
        books: &mut Books,
        validator: &AddressBytes,
        rate: ExchangeRate,
    ) -> Result<(), ContractError> {
        let mut sharing = Sharing::load(books, validator)?;
        sharing.exchange_rate = Some(rate);
        sharing.save(books.storage, validator)
    }

    fn set_delegation(
        books: &mut Books,
        key: DelegationKey,
        units: u128,
    ) -> Result<(), ContractError> {
        delegation::set_units(books, key, units)
    }

    fn delegation_rewards(books: &mut Books, key: DelegationKey) -> Result<Amounts, ContractError> {
        let validator = validator::settle(books, &key.validator)?;
        delegation::rewards(books, key, &validator)
    }

    fn withdraw_delegation(
        books: &mut Books,
        key: DelegationKey,
        denoms: &[DenomId],
    ) -> Result<Amounts, ContractError> {
        delegation::withdraw(books, key, denoms)
    }

    fn import_rewards(
        books: &mut Books,
        key: DelegationKey,
        change: &ImportedAmounts,
    ) -> Result<(), ContractError> {
        delegation::import(books, key, change)
    }

    fn import_commission(
        books: &mut Books,
        validator: &AddressBytes,
        change: &ImportedAmounts,
    ) -> Result<(), ContractError> {
        let mut operator = records::load_operator(books.storage, validator)?;
        for denom in change.denoms() {
            let mut adjustments = operator.get(denom);
            let before = adjustments
                .commission_proposer
                .plus(change.before.get(denom))?;
            adjustments.commission_proposer = before.minus(change.now.get(denom))?;
            operator.set(denom, adjustments);
        }
        records::take_out(books.storage, validator, &change.before)?;
        records::put_in(books.storage, validator, &change.now)?;
        records::save_operator(books.storage, validator, &operator)
    }

    fn commission(books: &mut Books, validator: &AddressBytes) -> Result<Amounts, ContractError> {
        let record = validator::settle(books, validator)?;
        commission(books, validator, &record)
    }

    fn withdraw_commission(
        books: &mut Books,
        validator: &AddressBytes,
        denoms: &[DenomId],
    ) -> Result<Amounts, ContractError> {
        let record = validator::settle(books, validator)?;
        let mut operator = records::load_operator(books.storage, validator)?;
        let mut paid = Amounts::default();
        for denom in denoms {
            let view = View::now(books, &record, *denom)?;
            let mut adjustments = operator.get(*denom);
            let entitlement = view.commission_entitlement(&adjustments)?;
            let owed = entitlement.total()?;
            let coins = owed.checked_sub(owed.fraction())?;
            let taken = entitlement.taking(coins);
            adjustments.commission_proposer =
                adjustments.commission_proposer.plus(taken.proposer)?;
            adjustments.commission = adjustments.commission.plus(taken.global)?;
            operator.set(*denom, adjustments);
            paid.add(*denom, coins)?;
        }
        if !paid.is_zero() {
            records::save_operator(books.storage, validator, &operator)?;
            records::take_out(books.storage, validator, &paid)?;
        }
        Ok(paid)
    }

    /// Nothing waits to be split: whatever is received is an entitlement at once.
    fn current_rewards(books: &Books, validator: &AddressBytes) -> Result<Amounts, ContractError> {
        ProposerPool::load(books, validator)?;
        Ok(Amounts::default())
    }

    fn outstanding_rewards(
        books: &mut Books,
        validator: &AddressBytes,
    ) -> Result<Amounts, ContractError> {
        let record = validator::settle(books, validator)?;
        let taken = records::load_taken_out(books.storage, validator)?;
        let mut outstanding = Amounts::default();
        for denom in books.pool.denoms.ids() {
            let view = View::now(books, &record, denom)?;
            outstanding.add(denom, view.validator_entitlement(taken.get(denom))?)?;
        }
        Ok(outstanding)
    }

    fn validator(
        books: &Books,
        validator: &AddressBytes,
    ) -> Result<Option<ValidatorInfo>, ContractError> {
        let Some(pool) = ProposerPool::may_load(books.storage, validator)? else {
            return Ok(None);
        };
        let sharing = Sharing::load(books, validator)?;
        Ok(Some(ValidatorInfo {
            removed: pool.removed,
            units: sharing.units,
            commission_rate: sharing.rate,
            exchange_rate: sharing.exchange_rate.unwrap_or(ExchangeRate::ONE),
        }))
    }

    fn takes_rewards(books: &Books, validator: &AddressBytes) -> Result<bool, ContractError> {
        let pool = ProposerPool::may_load(books.storage, validator)?;
        Ok(pool.is_some_and(|pool| !pool.removed))
    }

    fn validators(books: &Books, page: Page) -> Result<Vec<AddressBytes>, ContractError> {
        records::validators(books.storage, page)
    }

    /// The running sums are no amounts of anybody.
    fn audit_pool(_: &Books) -> Result<Amounts, ContractError> {
        Ok(Amounts::default())
    }

    fn audit_validator(books: &Books, validator: &AddressBytes) -> Result<Amounts, ContractError> {
        let record = Validator::load(books, validator)?;
        let mut found = commission(books, validator, &record)?;
        let operator = records::load_operator(books.storage, validator)?;
        for denom in books.pool.denoms.ids() {
            let view = View::now(books, &record, denom)?;
            found.add(denom, view.unowned_entitlement(&operator.get(denom))?)?;
        }
        Ok(found)
    }

    fn audit_delegation(books: &Books, key: DelegationKey) -> Result<Amounts, ContractError> {
        let validator = Validator::load(books, &key.validator)?;
        delegation::rewards(books, key, &validator)
    }

    fn query_lazy(books: &mut Books, query: LazyQuery) -> Result<Binary, ContractError> {
        queries::answer(books, query)
    }
}
