//! Settling a validator, and what changes how it earns.

use distribution_math::{ExchangeRate, Points, Rate, RewardIndex, RewardSplit};

use super::records::{Earnings, Shared, Sharing};
use crate::books::{Books, Destination, Entry};
use crate::{AccountingError, AccountingFault, Amounts};

/// A validator whose earnings are split up to now, not written yet.
pub(super) struct Settled {
    pub earnings: Earnings,
    pub sharing: Sharing,
}

impl Settled {
    /// What the delegators' part is divided by. Where delegations are sampled it is what the
    /// chain must know of, and the difference to what is recorded is the community pool's: who
    /// is recorded first then wins nothing from those who are not.
    fn divisor(&self, books: &Books) -> u128 {
        let behind_power = books.surroundings.power_units.map_or(0, |power_units| {
            power_units.scale.units_of_power(
                self.earnings.power,
                power_units.power_reduction,
                self.sharing.exchange_rate.unwrap_or(ExchangeRate::ONE),
            )
        });
        behind_power.max(self.sharing.units)
    }
}

/// What a division among delegators gave to the community pool.
pub(super) struct Undivided {
    pub no_delegators: Amounts,
    pub unrecorded_units: Amounts,
}

impl Undivided {
    pub fn new() -> Self {
        Undivided {
            no_delegators: Amounts::default(),
            unrecorded_units: Amounts::default(),
        }
    }

    /// Moves both to the community pool.
    pub fn release(self, books: &mut Books, validator: &[u8]) -> Result<(), AccountingError> {
        books.outstanding_to_community(validator, Destination::NoDelegators, self.no_delegators)?;
        books.outstanding_to_community(
            validator,
            Destination::UnrecordedUnits,
            self.unrecorded_units,
        )
    }
}

/// What became of points given to the delegators of a validator.
enum GivenToDelegators {
    /// In the index, but for the part of units that nobody recorded.
    Indexed { unrecorded: Points },
    /// Nobody is there to get them.
    Nobody,
}

fn give_to_delegators(
    index: &mut RewardIndex,
    amount: Points,
    units: u128,
    divisor: u128,
) -> Result<GivenToDelegators, AccountingError> {
    if units == 0 {
        return Ok(GivenToDelegators::Nobody);
    }
    let before = index.index();
    index.add(amount, divisor)?;
    let unrecorded = index.owed(divisor.saturating_sub(units), before)?;
    Ok(GivenToDelegators::Indexed { unrecorded })
}

/// Splits what a validator earned since its last settlement, at the rate in force since then.
pub(super) fn settle(books: &mut Books, validator: &[u8]) -> Result<Settled, AccountingError> {
    let earnings = Earnings::load(books.storage, validator)?;
    let mut sharing = Sharing::load(books.storage, validator)?;
    if sharing.rate_stale {
        // The chain told of the change before it made it, and the validator was settled then:
        // what the chain says now is the rate since that settlement.
        if let Some(rate) = books
            .surroundings
            .staking
            .commission_rate(books.storage, validator)
        {
            sharing.rate = rate.rate;
            sharing.rate_stale = false;
            books.note(Entry::CommissionRead {
                validator: validator.to_vec(),
                rate,
            });
        }
    }
    let mut settled = Settled { earnings, sharing };
    let divisor = settled.divisor(books);
    let units = settled.sharing.units;

    let mut delegators = Amounts::default();
    let mut commission = Amounts::default();
    let mut remainder = Amounts::default();
    let mut undivided = Undivided::new();
    let totals: Vec<_> = books
        .pool
        .denoms
        .iter()
        .map(|(denom, record)| Ok((denom, settled.earnings.total(record, denom)?)))
        .collect::<Result<_, AccountingError>>()?;
    for (denom, total) in totals {
        let shared = settled.sharing.denoms.get(denom);
        let reward = total.checked_sub(shared.settled)?;
        if reward.is_zero() {
            continue;
        }
        let split = RewardSplit::new(reward, settled.sharing.rate)?;
        let mut index = shared.delegators;
        let unowned = match give_to_delegators(&mut index, split.delegators, units, divisor)? {
            GivenToDelegators::Indexed { unrecorded } => {
                delegators.add(denom, split.delegators)?;
                undivided.unrecorded_units.add(denom, unrecorded)?;
                unrecorded
            }
            GivenToDelegators::Nobody => {
                undivided.no_delegators.add(denom, split.delegators)?;
                split.delegators
            }
        };
        remainder.add(denom, split.remainder)?;
        commission.add(denom, split.commission)?;
        settled.sharing.denoms.set(
            denom,
            Shared {
                settled: total,
                delegators: index,
                commission: shared.commission.checked_add(split.commission)?,
                outstanding: shared
                    .outstanding
                    .checked_add(reward)?
                    .checked_sub(split.remainder)?
                    .checked_sub(unowned)?,
            },
        );
    }
    if !(delegators.is_zero() && commission.is_zero()) {
        books.note(Entry::Settled {
            validator: validator.to_vec(),
            delegators,
            commission,
        });
    }
    books.outstanding_to_community(validator, Destination::Remainder, remainder)?;
    undivided.release(books, validator)?;
    Ok(settled)
}

/// Gives the carries of all denoms to the community pool: the units they would have been divided
/// by are about to change.
pub(super) fn release_carries(
    books: &mut Books,
    validator: &[u8],
    sharing: &mut Sharing,
) -> Result<(), AccountingError> {
    let mut carries = Amounts::default();
    for (denom, _) in books.pool.denoms.iter() {
        let mut shared = sharing.denoms.get(denom);
        let carry = shared.delegators.take_carry();
        if !carry.is_zero() {
            shared.outstanding = shared.outstanding.checked_sub(carry)?;
            carries.add(denom, carry)?;
            sharing.denoms.set(denom, shared);
        }
    }
    books.outstanding_to_community(validator, Destination::Carry, carries)
}

/// Shares points among a validator's delegators that are part of its outstanding rewards already.
pub(super) fn share_among_delegators(
    books: &mut Books,
    validator: &[u8],
    settled: &mut Settled,
    amounts: &Amounts,
) -> Result<(), AccountingError> {
    let divisor = settled.divisor(books);
    let units = settled.sharing.units;
    let mut undivided = Undivided::new();
    for (denom, amount) in amounts.iter() {
        if amount.is_zero() {
            continue;
        }
        let mut shared = settled.sharing.denoms.get(denom);
        let unowned = match give_to_delegators(&mut shared.delegators, *amount, units, divisor)? {
            GivenToDelegators::Indexed { unrecorded } => {
                undivided.unrecorded_units.add(denom, unrecorded)?;
                unrecorded
            }
            GivenToDelegators::Nobody => {
                undivided.no_delegators.add(denom, *amount)?;
                *amount
            }
        };
        shared.outstanding = shared.outstanding.checked_sub(unowned)?;
        settled.sharing.denoms.set(denom, shared);
    }
    undivided.release(books, validator)
}

/// Settles with the power in force, then changes it.
pub(super) fn set_power(
    books: &mut Books,
    validator: &[u8],
    power: u64,
) -> Result<(), AccountingError> {
    if books.surroundings.power_units.is_some() {
        // The power decides what the delegators' part is divided by.
        settle_before_units_change(books, validator)?;
    }
    let mut earnings = Earnings::load(books.storage, validator)?;
    if earnings.power == power {
        return Ok(());
    }
    earnings.bring_up_to_date(&books.pool)?;

    // On the way from one set of powers to the next the total may pass its bound of 2^63, which is
    // checked when the books are closed; never 2^64, since both sets stay below it.
    let total = u128::from(books.pool.total_power)
        .saturating_sub(earnings.power.into())
        .saturating_add(power.into());
    books.pool.total_power =
        u64::try_from(total).map_err(|_| AccountingFault::PowerBound { total })?;
    let active = |power: u64| u32::from(power > 0);
    books.pool.active_validators = books
        .pool
        .active_validators
        .saturating_add(active(power))
        .saturating_sub(active(earnings.power));
    earnings.power = power;
    if power > 0 {
        // Who votes is there, whatever was said before.
        earnings.removed = false;
    }
    earnings.save(books.storage, validator)
}

/// Settles a validator and gives its carries away, and writes it.
pub(super) fn settle_before_units_change(
    books: &mut Books,
    validator: &[u8],
) -> Result<(), AccountingError> {
    let mut settled = settle(books, validator)?;
    release_carries(books, validator, &mut settled.sharing)?;
    settled.sharing.save(books.storage, validator)
}

pub(super) fn slash(
    books: &mut Books,
    validator: &[u8],
    fraction: Rate,
) -> Result<(), AccountingError> {
    let mut settled = settle(books, validator)?;
    if books.surroundings.power_units.is_some() {
        // The exchange rate decides what the delegators' part is divided by.
        release_carries(books, validator, &mut settled.sharing)?;
    }
    let rate = settled.sharing.exchange_rate.unwrap_or(ExchangeRate::ONE);
    match rate.slashed(fraction) {
        Some(rate) => settled.sharing.exchange_rate = Some(rate),
        None => books.note(Entry::ExchangeRateBound {
            validator: validator.to_vec(),
        }),
    }
    settled.sharing.save(books.storage, validator)
}
