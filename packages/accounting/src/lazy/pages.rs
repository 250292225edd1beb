//! How the log is stored: what one message changed on one page.
//!
//! Changes of one message mostly share what the global pool had received, and each begins with the
//! totals that the one before it left; a page holds both once. A commission rate that is told later
//! than its change was entered is a record of its own, so that the page need not be written again.

use std::cell::OnceCell;
use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Storage;
use distribution_math::{Points, Rate, compact};

use super::log::{
    Change, LOG_LENGTH, LoggedChange, Moment, PowerChange, Received, Totals, ValidatorState,
};
use super::records::Validator;
use super::sums::{PoolSums, Sums};
use crate::books::Books;
use crate::denoms::PerDenom;
use crate::pool::{Pool, PoolDenom};
use crate::store::{CompactMap, short_bytes};
use crate::{AccountingError, AccountingFault, Amounts, DenomId};

/// By the sequence of their last entry.
const PAGES: CompactMap<u64, Page> = CompactMap::new("ll");
/// By the sequence of the entry, rates that were told later.
const TOLD: CompactMap<u64, Rate> = CompactMap::new("la");

/// Entries of a page at most: whoever appends to the log reads the newest one.
const PAGE_LENGTH: usize = 10;

/// What one message changed.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
struct Page {
    /// What all validators had before the first entry.
    totals: Totals,
    /// What the global pool had received, by denom.
    received: PerDenom<GlobalReceived>,
    entries: Vec<Line>,
}

/// What the global pool had received of a denom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct GlobalReceived {
    by_power: Points,
    equally: Points,
}

/// An entry, without what its page tells.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
struct Line {
    #[borsh(
        serialize_with = "short_bytes::write",
        deserialize_with = "short_bytes::read"
    )]
    validator: Vec<u8>,
    before: ValidatorState,
    changed: Changed,
    /// What its proposer pool had received.
    proposer: Amounts,
}

/// What an entry changed of a validator.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
enum Changed {
    Power(Short<u64>),
    Units(Short<u128>),
    Rate(Rate),
    /// The rate, to what stands in [`TOLD`] once it is told.
    Announced,
}

/// An integer without its leading zeros.
#[derive(Clone, Copy, Debug)]
struct Short<T>(T);

impl<T: Copy + Into<u128>> BorshSerialize for Short<T> {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        compact::write(&self.0, writer)
    }
}

impl<T: TryFrom<u128>> BorshDeserialize for Short<T> {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        compact::read(reader).map(Short)
    }
}

impl Changed {
    /// One thing changes at a time.
    fn of(change: &Change) -> Self {
        let (before, after) = (change.before.validator, change.after.validator);
        if before.power != after.power {
            Changed::Power(Short(after.power))
        } else if before.units != after.units {
            Changed::Units(Short(after.units))
        } else {
            Changed::Rate(after.rate)
        }
    }
}

impl Line {
    fn after(&self) -> ValidatorState {
        match self.changed {
            Changed::Power(Short(power)) => ValidatorState {
                power,
                ..self.before
            },
            Changed::Units(Short(units)) => ValidatorState {
                units,
                ..self.before
            },
            Changed::Rate(rate) => ValidatorState {
                rate,
                ..self.before
            },
            Changed::Announced => self.before,
        }
    }
}

impl GlobalReceived {
    fn of(record: &PoolDenom) -> Self {
        GlobalReceived {
            by_power: record.by_power,
            equally: record.equally,
        }
    }
}

impl Page {
    /// A page for changes from now on.
    fn new(totals: Totals, pool: &Pool) -> Self {
        Page {
            totals,
            received: pool.denoms.map(|(_, record)| GlobalReceived::of(record)),
            entries: Vec::with_capacity(PAGE_LENGTH),
        }
    }

    /// Whether the next change has its place here.
    fn takes_more(&self, pool: &Pool) -> bool {
        let now = pool.denoms.iter().map(|(_, it)| GlobalReceived::of(it));
        self.entries.len() < PAGE_LENGTH && self.received.iter().map(|(_, it)| *it).eq(now)
    }

    /// The sequence of its first entry.
    fn first(&self, last: u64) -> u64 {
        let count = self.entries.len() as u64;
        last.saturating_sub(count).saturating_add(1)
    }

    /// Its entries with their numbers, the last of which is `last`. Rates told later are not among
    /// them.
    fn into_entries(self, last: u64) -> Vec<LoggedChange> {
        let first = self.first(last);
        let mut totals = self.totals;
        let mut entries = Vec::with_capacity(self.entries.len());
        for (sequence, line) in (first..).zip(self.entries) {
            let after = line.after();
            let before = Moment {
                validator: line.before,
                totals,
            };
            totals = totals.with(line.before.power, after.power);
            let received = self.received.map(|(denom, global)| Received {
                by_power: global.by_power,
                equally: global.equally,
                proposer: line.proposer.get(denom),
            });
            let change = PowerChange {
                validator: line.validator,
                before,
                after: Moment {
                    validator: after,
                    totals,
                },
                received,
                announced: matches!(line.changed, Changed::Announced),
            };
            entries.push(LoggedChange { sequence, change });
        }
        entries
    }
}

/// An entry whose rate may have been told since.
fn completed(
    storage: &dyn Storage,
    mut entry: LoggedChange,
) -> Result<LoggedChange, AccountingError> {
    if entry.change.announced
        && let Some(rate) = TOLD.may_load(storage, entry.sequence)?
    {
        entry.change.tell(rate);
    }
    Ok(entry)
}

fn sequence(key: Vec<u8>) -> Result<u64, AccountingError> {
    let bytes = <[u8; 8]>::try_from(key).map_err(|_| AccountingFault::CorruptRecord {
        record: "power change",
        reason: "its key is no sequence".to_string(),
    })?;
    Ok(u64::from_be_bytes(bytes))
}

/// The newest page, with the sequence of its last entry.
fn newest_page(storage: &dyn Storage) -> Result<Option<(u64, Page)>, AccountingError> {
    let newest = PAGES.last(storage)?;
    newest
        .map(|(key, page)| Ok((sequence(key)?, page)))
        .transpose()
}

/// The newest stored entry.
fn newest_stored(storage: &dyn Storage) -> Result<Option<LoggedChange>, AccountingError> {
    newest_page(storage)?
        .and_then(|(last, page)| page.into_entries(last).pop())
        .map(|entry| completed(storage, entry))
        .transpose()
}

/// Entries behind a sequence, the older first.
pub(super) fn page(
    storage: &dyn Storage,
    start_after: Option<u64>,
    limit: usize,
) -> Result<Vec<LoggedChange>, AccountingError> {
    let newest = PAGES
        .last(storage)?
        .map_or(Ok(0), |(key, _)| sequence(key))?;
    // Of the oldest page some entries may be forgotten.
    let behind = start_after
        .unwrap_or(0)
        .max(newest.saturating_sub(LOG_LENGTH));
    let mut found = Vec::with_capacity(limit.min(LOG_LENGTH as usize));
    for item in PAGES.range(storage, &[], Some(&behind.to_be_bytes())) {
        let (key, page) = item?;
        for entry in page.into_entries(sequence(key)?) {
            if found.len() >= limit {
                return Ok(found);
            }
            if entry.sequence > behind {
                found.push(completed(storage, entry)?);
            }
        }
    }
    Ok(found)
}

/// The log and the running sums for the time of a message. Both are written at its end, once.
#[derive(Default)]
pub(crate) struct OpenLog {
    /// The running sums, once somebody asked for them.
    sums: OnceCell<Sums>,
    is_sum_changed: bool,
    /// The newest stored sequence, once somebody asked for it.
    stored: Option<u64>,
    /// Pages of what was appended, all but the last one full or closed by a receipt.
    pages: Vec<Page>,
    /// How many entries they have.
    appended: u64,
}

/// Appends an entry about a validator to the log.
pub(super) fn append(
    books: &mut Books,
    validator: &[u8],
    record: &Validator,
    change: &Change,
) -> Result<(), AccountingError> {
    let changed = Changed::of(change);
    append_line(books, validator, record, &change.before, changed).map(|_| ())
}

/// Appends an entry about a commission rate that is told later, and returns its sequence.
pub(super) fn append_announced(
    books: &mut Books,
    validator: &[u8],
    record: &Validator,
    now: &Moment,
) -> Result<u64, AccountingError> {
    append_line(books, validator, record, now, Changed::Announced)
}

fn append_line(
    books: &mut Books,
    validator: &[u8],
    record: &Validator,
    before: &Moment,
    changed: Changed,
) -> Result<u64, AccountingError> {
    let Books {
        storage, pool, log, ..
    } = books;
    let proposer = &record.proposer_pool.received;
    let line = Line {
        validator: validator.to_vec(),
        before: before.validator,
        changed,
        proposer: pool.denoms.map(|(denom, _)| proposer.get(denom)),
    };
    let newest = log.newest_sequence(*storage)?;
    match log.pages.last_mut().filter(|page| page.takes_more(pool)) {
        Some(page) => page.entries.push(line),
        None => {
            let mut page = Page::new(before.totals, pool);
            page.entries.push(line);
            log.pages.push(page);
        }
    }
    log.appended = log.appended.saturating_add(1);
    Ok(newest.saturating_add(1))
}

impl OpenLog {
    /// The running sums.
    pub(super) fn sums(&self, storage: &dyn Storage) -> Result<&Sums, AccountingError> {
        if let Some(sums) = self.sums.get() {
            return Ok(sums);
        }
        let sums = Sums::load(storage)?;
        Ok(self.sums.get_or_init(|| sums))
    }

    /// Has the running sums written: with every change of a power, even before anything came in.
    pub(super) fn keep_sums(&mut self, storage: &dyn Storage) -> Result<(), AccountingError> {
        self.sums(storage)?;
        self.is_sum_changed = true;
        Ok(())
    }

    /// Adds a change of the totals to the running sums of a denom, and returns them.
    pub(super) fn add(
        &mut self,
        storage: &dyn Storage,
        change: &Change,
        denom: DenomId,
        received: &Received,
    ) -> Result<PoolSums, AccountingError> {
        let loaded = self.sums.take();
        let mut sums = loaded.map_or_else(|| Sums::load(storage), Ok)?;
        let added = sums.add(change, denom, received);
        self.sums = OnceCell::from(sums);
        self.is_sum_changed = true;
        added
    }

    fn newest_sequence(&mut self, storage: &dyn Storage) -> Result<u64, AccountingError> {
        let stored = match self.stored {
            Some(stored) => stored,
            None => newest_page(storage)?.map_or(0, |(last, _)| last),
        };
        self.stored = Some(stored);
        Ok(stored.saturating_add(self.appended))
    }

    /// Tells the commission rate of an announced entry, unless that is forgotten.
    pub(super) fn tell(
        &mut self,
        storage: &mut dyn Storage,
        sequence: u64,
        rate: Rate,
    ) -> Result<(), AccountingError> {
        let newest = self.newest_sequence(storage)?;
        let behind = newest.saturating_sub(sequence);
        let mut appended = self
            .pages
            .iter_mut()
            .flat_map(|page| &mut page.entries)
            .rev();
        let line = usize::try_from(behind)
            .ok()
            .and_then(|behind| appended.nth(behind));
        if let Some(line) = line {
            line.changed = Changed::Rate(rate);
        } else if behind < LOG_LENGTH {
            TOLD.save(storage, sequence, &rate)?;
        }
        Ok(())
    }

    /// The newest entry.
    pub(super) fn newest(
        &self,
        storage: &dyn Storage,
    ) -> Result<Option<LoggedChange>, AccountingError> {
        match (self.pages.last(), self.stored) {
            (Some(page), Some(stored)) => {
                let last = stored.saturating_add(self.appended);
                Ok(page.clone().into_entries(last).pop())
            }
            _ => newest_stored(storage),
        }
    }

    /// Writes what was appended and forgets what lies beyond the length of the log.
    pub(crate) fn close(self, storage: &mut dyn Storage) -> Result<(), AccountingError> {
        if self.is_sum_changed
            && let Some(sums) = self.sums.into_inner()
        {
            sums.save(storage)?;
        }
        if self.pages.is_empty() {
            return Ok(());
        }
        let mut newest = self.stored.unwrap_or(0);
        for page in self.pages {
            newest = newest.saturating_add(page.entries.len() as u64);
            PAGES.save(storage, newest, &page)?;
        }
        forget(storage, newest.saturating_sub(LOG_LENGTH))
    }
}

/// Deletes pages whose entries are all up to a sequence.
fn forget(storage: &mut dyn Storage, to: u64) -> Result<(), AccountingError> {
    if to == 0 {
        return Ok(());
    }
    let mut forgotten = Vec::new();
    for item in PAGES.up_to(storage, to) {
        let (key, page) = item?;
        forgotten.push((sequence(key)?, page));
    }
    for (last, page) in forgotten {
        PAGES.remove(storage, last);
        for (sequence, line) in (page.first(last)..).zip(page.entries) {
            if matches!(line.changed, Changed::Announced) {
                TOLD.remove(storage, sequence);
            }
        }
    }
    Ok(())
}
