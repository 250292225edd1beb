//! One message's view of a pool: opened at its start, closed at its end.

use cosmwasm_std::Storage;
use distribution_math::{Points, Rate, TokenScale};

use crate::lazy::OpenLog;
use crate::pool::{Class, Pool};
use crate::{AccountingError, AccountingFault, Amounts, DenomId};

/// What an accounting may ask the chain's own staking module.
pub trait ChainStaking {
    /// The commission rate of a validator now, `None` when the chain does not say.
    fn commission_rate(&self, storage: &dyn Storage, validator: &[u8]) -> Option<ChainRate>;
}

/// A commission rate that the chain told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainRate {
    /// The rate to use.
    pub rate: Rate,
    /// Whether the chain told a higher one than the validator's limit.
    pub clamped: bool,
}

/// A chain that says nothing: what was recorded stands.
pub struct NoStaking;

impl ChainStaking for NoStaking {
    fn commission_rate(&self, _storage: &dyn Storage, _validator: &[u8]) -> Option<ChainRate> {
        None
    }
}

/// How the units behind a validator's power are known where delegations are only sampled.
#[derive(Clone, Copy, Debug)]
pub struct PowerUnits {
    /// How tokens become units.
    pub scale: TokenScale,
    /// Base units of stake behind one power.
    pub power_reduction: u64,
}

/// What surrounds the pool for the time of a message.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The chain's staking module.
    pub staking: &'a dyn ChainStaking,
    /// Set where delegations are sampled: rewards are then divided by the units behind a
    /// validator's power, not by those recorded.
    pub power_units: Option<PowerUnits>,
}

/// Why points of outstanding rewards became the community pool's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// At most one point, between the floors of commission and delegators' part.
    Remainder,
    /// What the delegators' index could not divide when their units changed.
    Carry,
    /// The delegators' part of a validator that has none.
    NoDelegators,
    /// What units earned that the chain knows and nobody recorded here.
    UnrecordedUnits,
    /// Less than one base unit of a delegation that is gone.
    ClosedDelegation,
}

impl Destination {
    /// The name in events.
    pub fn name(self) -> &'static str {
        match self {
            Destination::Remainder => "remainder",
            Destination::Carry => "carry",
            Destination::NoDelegators => "no_delegators",
            Destination::UnrecordedUnits => "unrecorded_units",
            Destination::ClosedDelegation => "closed_delegation",
        }
    }
}

/// A movement that an indexer needs to rebuild the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A validator's reward was split. Both parts stay outstanding rewards.
    Settled {
        /// The validator.
        validator: Vec<u8>,
        /// The delegators' part, given to their index. What it gave to units that nobody recorded
        /// leaves again with an entry of its own.
        delegators: Amounts,
        /// The operator's part.
        commission: Amounts,
    },
    /// Outstanding rewards of a validator became the community pool's.
    ToCommunityPool {
        /// The validator.
        validator: Vec<u8>,
        /// Why.
        destination: Destination,
        /// How much.
        amounts: Amounts,
    },
    /// A commission rate was read from the chain.
    CommissionRead {
        /// The validator.
        validator: Vec<u8>,
        /// What the chain told.
        rate: ChainRate,
    },
    /// A slash would have brought an exchange rate below its minimum and left it there.
    ExchangeRateBound {
        /// The validator.
        validator: Vec<u8>,
    },
}

/// The open books of a pool: its hot record in memory, the storage of all other records, and a
/// journal of what moved.
///
/// Load, change, [`Books::close`]: the hot record is written once, if anything in it changed, and a
/// stale copy of it cannot outlive the message.
pub struct Books<'a> {
    /// Where the other records are.
    pub storage: &'a mut dyn Storage,
    /// The hot record.
    pub pool: Pool,
    /// What surrounds the pool.
    pub surroundings: Surroundings<'a>,
    /// Of the lazy accounting: what is written once, however much of it changes.
    pub(crate) log: OpenLog,
    /// The hot record as it is stored.
    stored: Pool,
    journal: Vec<Entry>,
}

impl<'a> Books<'a> {
    /// Reads the hot record.
    ///
    /// # Errors
    /// When the stored bytes are not such a record.
    pub fn open(
        storage: &'a mut dyn Storage,
        surroundings: Surroundings<'a>,
    ) -> Result<Box<Self>, AccountingError> {
        let pool = Pool::load(storage)?;
        Ok(Box::new(Books {
            storage,
            stored: pool.clone(),
            pool,
            surroundings,
            log: OpenLog::default(),
            journal: Vec::new(),
        }))
    }

    /// Writes the hot record, if it changed, and hands out the journal.
    ///
    /// # Errors
    /// [`AccountingFault::PowerBound`] when the total power is not below 2^63 now.
    pub fn close(self: Box<Self>) -> Result<Vec<Entry>, AccountingError> {
        if self.pool.total_power >= 1 << 63 {
            return Err(AccountingFault::PowerBound {
                total: self.pool.total_power.into(),
            }
            .into());
        }
        if self.pool != self.stored {
            self.pool.save(self.storage)?;
        }
        self.log.close(self.storage)?;
        Ok(self.journal)
    }

    /// Notes a movement that is no change of class.
    pub(crate) fn note(&mut self, entry: Entry) {
        self.journal.push(entry);
    }

    /// Adds received points to the outstanding rewards.
    pub(crate) fn allocate_outstanding(
        &mut self,
        denom: DenomId,
        amount: Points,
    ) -> Result<(), AccountingError> {
        self.pool.update(denom, |record| {
            Ok(record.ledger.allocate(Class::Outstanding, amount)?)
        })
    }

    /// Moves outstanding rewards of a validator to the community pool.
    pub(crate) fn outstanding_to_community(
        &mut self,
        validator: &[u8],
        destination: Destination,
        amounts: Amounts,
    ) -> Result<(), AccountingError> {
        if amounts.is_zero() {
            return Ok(());
        }
        for (denom, amount) in amounts.iter() {
            self.pool.update(denom, |record| {
                Ok(record
                    .ledger
                    .transfer(Class::Outstanding, Class::CommunityPool, *amount)?)
            })?;
        }
        self.note(Entry::ToCommunityPool {
            validator: validator.to_vec(),
            destination,
            amounts,
        });
        Ok(())
    }
}
