//! The voting powers of the active validators, kept so that a list of votes costs what changed.
//!
//! Addresses fall into 128 pages by their last byte, pages into 16 groups. Each page has a hash,
//! each group one over its pages' hashes, and one root record holds the groups'. A list of votes
//! is sorted into pages whatever its order and hashed in memory. When the root is equal nothing
//! else is read; otherwise only groups and pages that differ are. Which page a validator is in
//! depends on its address alone, so it stays in place whoever else comes and goes.
//!
//! Hashes are SHA-256 cut to 128 bits: a party that chooses both the powers before and after has
//! to find a collision (2^64 trials of real stake) to keep a power that it no longer has.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use cosmwasm_std::Storage;
use distribution_math::compact;
use sha2::{Digest, Sha256};

use crate::store::{CompactItem, CompactMap, short_bytes, with_encoded};
use crate::{AccountingError, AccountingFault};

/// The most validators that a list of votes may name.
pub const MAX_VOTES: usize = 1_000;

const PAGES_PER_GROUP: u8 = 8;
const PAGES: u8 = 128;
const HASH_BYTES: usize = 16;

type Hash = [u8; HASH_BYTES];
/// Hash of a page or group without members.
const EMPTY: Hash = [0; HASH_BYTES];

const PAGE: CompactMap<u8, Page> = CompactMap::new("vsp");
const GROUP: CompactMap<u8, Hashes> = CompactMap::new("vsg");
const ROOT: CompactItem<Hashes> = CompactItem::new("vsr");

/// An active validator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// Raw bytes of its address.
    pub address: Vec<u8>,
    /// Voting power.
    pub power: u64,
}

impl Member {
    fn page(&self) -> u8 {
        self.address.last().copied().unwrap_or_default() % PAGES
    }
}

impl BorshSerialize for Member {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        short_bytes::write(&self.address, writer)?;
        compact::write(&self.power, writer)
    }
}

impl BorshDeserialize for Member {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        Ok(Member {
            address: short_bytes::read(reader)?,
            power: compact::read(reader)?,
        })
    }
}

/// Members by address, ascending; none with power 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Page(Vec<Member>);

impl Page {
    fn hash(&self) -> Result<Hash, AccountingError> {
        if self.0.is_empty() {
            return Ok(EMPTY);
        }
        Ok(with_encoded(self, short_hash)?)
    }

    fn set(&mut self, member: &Member) {
        let place = self
            .0
            .binary_search_by(|stored| stored.address.cmp(&member.address));
        match (place, member.power) {
            (Ok(place), 0) => {
                self.0.remove(place);
            }
            (Ok(place), power) => {
                if let Some(stored) = self.0.get_mut(place) {
                    stored.power = power;
                }
            }
            (Err(_), 0) => {}
            (Err(place), _) => self.0.insert(place, member.clone()),
        }
    }
}

/// Hashes by place; places behind the last are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Hashes(Vec<Hash>);

impl Hashes {
    fn get(&self, place: u8) -> Hash {
        self.0.get(usize::from(place)).copied().unwrap_or(EMPTY)
    }

    fn set(&mut self, place: u8, hash: Hash) {
        let place = usize::from(place);
        if self.0.len() <= place {
            self.0.resize(place.saturating_add(1), EMPTY);
        }
        if let Some(stored) = self.0.get_mut(place) {
            *stored = hash;
        }
        while self.0.last() == Some(&EMPTY) {
            self.0.pop();
        }
    }

    fn hash(&self) -> Hash {
        if self.0.is_empty() {
            return EMPTY;
        }
        short_hash(self.0.as_flattened())
    }
}

fn short_hash(bytes: &[u8]) -> Hash {
    let mut hash = EMPTY;
    for (place, byte) in hash.iter_mut().zip(Sha256::digest(bytes)) {
        *place = byte;
    }
    hash
}

fn group_of(page: u8) -> u8 {
    page / PAGES_PER_GROUP
}

fn page_in_group(group: u8, place: u8) -> u8 {
    // Below 16 * 8.
    group.saturating_mul(PAGES_PER_GROUP).saturating_add(place)
}

/// Makes the stored set equal to `votes` (a validator that is not among them has no power) and
/// returns the members whose power changed, with their new power, in the order of their pages.
///
/// Cost: one read when nothing changed; otherwise what the changed pages and groups hold.
///
/// # Errors
/// [`AccountingFault::TooManyVotes`], [`AccountingFault::DuplicateVote`]; nothing is written then.
pub fn replace(
    storage: &mut dyn Storage,
    votes: Vec<Member>,
) -> Result<Vec<Member>, AccountingError> {
    if votes.len() > MAX_VOTES {
        return Err(AccountingFault::TooManyVotes {
            votes: votes.len(),
            limit: MAX_VOTES,
        }
        .into());
    }
    let pages = into_pages(votes)?;
    let groups: Vec<Hashes> = pages
        .chunks(PAGES_PER_GROUP.into())
        .map(hashes_of)
        .collect::<Result<_, _>>()?;

    let mut root = ROOT.may_load(storage)?.unwrap_or_default();
    let mut changes = Vec::new();
    for (group, hashes) in (0..).zip(&groups) {
        if hashes.hash() == root.get(group) {
            continue;
        }
        let stored = GROUP.may_load(storage, group)?.unwrap_or_default();
        for place in 0..PAGES_PER_GROUP {
            if hashes.get(place) == stored.get(place) {
                continue;
            }
            let page = page_in_group(group, place);
            let before = PAGE.may_load(storage, page)?.unwrap_or_default();
            if let Some(after) = pages.get(usize::from(page)) {
                difference(&before, after, &mut changes);
                write_page(storage, page, after)?;
            }
        }
        root.set(group, hashes.hash());
        GROUP.save(storage, group, hashes)?;
    }
    if !changes.is_empty() {
        ROOT.save(storage, &root)?;
    }
    Ok(changes)
}

/// Sets the powers of some validators; 0 takes one out of the set. Of one that is named twice, the
/// last counts.
///
/// Cost: what their pages and groups hold, each once.
///
/// # Errors
/// Unreadable records.
pub fn set_powers(storage: &mut dyn Storage, members: &[Member]) -> Result<(), AccountingError> {
    if members.is_empty() {
        return Ok(());
    }
    let mut root = ROOT.may_load(storage)?.unwrap_or_default();
    for group in 0..group_of(PAGES) {
        if !members.iter().any(|it| group_of(it.page()) == group) {
            continue;
        }
        let mut hashes = GROUP.may_load(storage, group)?.unwrap_or_default();
        for place in 0..PAGES_PER_GROUP {
            let page = page_in_group(group, place);
            let mut changed = members.iter().filter(|it| it.page() == page).peekable();
            if changed.peek().is_none() {
                continue;
            }
            let mut stored = PAGE.may_load(storage, page)?.unwrap_or_default();
            changed.for_each(|member| stored.set(member));
            hashes.set(place, write_and_hash(storage, page, &stored)?);
        }
        root.set(group, hashes.hash());
        GROUP.save(storage, group, &hashes)?;
    }
    ROOT.save(storage, &root)?;
    Ok(())
}

/// All active validators, in the order of their addresses. Reads every page.
///
/// # Errors
/// Unreadable records.
pub fn members(storage: &dyn Storage) -> Result<Vec<Member>, AccountingError> {
    let mut members: Vec<Member> = Vec::new();
    for item in PAGE.range(storage, &[], None) {
        members.extend(item?.1.0);
    }
    members.sort_unstable();
    Ok(members)
}

/// All pages, the empty ones too, in their order.
fn into_pages(mut votes: Vec<Member>) -> Result<Vec<Page>, AccountingError> {
    votes.sort_unstable();
    for pair in votes.windows(2) {
        if let [one, other] = pair
            && one.address == other.address
        {
            return Err(AccountingFault::DuplicateVote {
                validator: cosmwasm_std::HexBinary::from(other.address.as_slice()).to_hex(),
            }
            .into());
        }
    }
    let mut pages = vec![Page::default(); usize::from(PAGES)];
    for member in votes.into_iter().filter(|member| member.power > 0) {
        if let Some(page) = pages.get_mut(usize::from(member.page())) {
            page.0.push(member);
        }
    }
    Ok(pages)
}

fn hashes_of(pages: &[Page]) -> Result<Hashes, AccountingError> {
    let mut hashes = Hashes::default();
    for (place, page) in (0..).zip(pages) {
        hashes.set(place, page.hash()?);
    }
    Ok(hashes)
}

fn write_page(storage: &mut dyn Storage, page: u8, members: &Page) -> Result<(), AccountingError> {
    if members.0.is_empty() {
        PAGE.remove(storage, page);
        Ok(())
    } else {
        Ok(PAGE.save(storage, page, members)?)
    }
}

/// Writes a page and returns its hash, which is one of the bytes written.
fn write_and_hash(
    storage: &mut dyn Storage,
    page: u8,
    members: &Page,
) -> Result<Hash, AccountingError> {
    if members.0.is_empty() {
        PAGE.remove(storage, page);
        return Ok(EMPTY);
    }
    Ok(with_encoded(members, |bytes| {
        PAGE.save_encoded(storage, page, bytes);
        short_hash(bytes)
    })?)
}

/// Adds the members whose power differs, with the power they have in `after`. Both pages are in
/// the order of addresses, so one walk along them finds all.
fn difference(before: &Page, after: &Page, changes: &mut Vec<Member>) {
    let mut left = before.0.as_slice();
    for member in &after.0 {
        while let [gone, rest @ ..] = left
            && gone.address < member.address
        {
            changes.push(without_power(gone));
            left = rest;
        }
        match left {
            [known, rest @ ..] if known.address == member.address => {
                if known.power != member.power {
                    changes.push(member.clone());
                }
                left = rest;
            }
            _ => changes.push(member.clone()),
        }
    }
    changes.extend(left.iter().map(without_power));
}

fn without_power(member: &Member) -> Member {
    Member {
        address: member.address.clone(),
        power: 0,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use std::collections::BTreeMap;

    use cosmwasm_std::testing::MockStorage;
    use cosmwasm_std::{Order, Record};
    use proptest::prelude::*;

    use super::*;

    fn address(number: u8) -> Vec<u8> {
        Sha256::digest([number]).get(..20).unwrap().to_vec()
    }

    fn votes(powers: &BTreeMap<u8, u64>) -> Vec<Member> {
        powers
            .iter()
            .map(|(number, power)| Member {
                address: address(*number),
                power: *power,
            })
            .collect()
    }

    fn active(powers: &BTreeMap<u8, u64>) -> Vec<Member> {
        let mut members: Vec<Member> = votes(powers)
            .into_iter()
            .filter(|member| member.power > 0)
            .collect();
        members.sort();
        members
    }

    fn dump(storage: &MockStorage) -> Vec<Record> {
        storage.range(None, None, Order::Ascending).collect()
    }

    fn powers() -> impl Strategy<Value = BTreeMap<u8, u64>> {
        prop::collection::btree_map(any::<u8>(), 0u64..4, 0..60)
    }

    proptest! {
        #[test]
        fn the_set_becomes_the_votes_and_the_changes_are_the_difference(
            first in powers(),
            second in powers(),
        ) {
            let mut storage = MockStorage::new();
            replace(&mut storage, votes(&first)).unwrap();
            prop_assert_eq!(members(&storage).unwrap(), active(&first));
            let mut changes = replace(&mut storage, votes(&second)).unwrap();
            prop_assert_eq!(members(&storage).unwrap(), active(&second));
            changes.sort();
            let mut expected: Vec<Member> = (0..=255u8)
                .filter_map(|number| {
                    let power = |powers: &BTreeMap<u8, u64>| powers.get(&number).copied().unwrap_or(0);
                    (power(&first) != power(&second)).then(|| Member {
                        address: address(number),
                        power: power(&second),
                    })
                })
                .collect();
            expected.sort();
            prop_assert_eq!(changes, expected);
        }

        #[test]
        fn the_order_of_the_votes_does_not_matter(powers in powers(), seed: u64) {
            let mut storage = MockStorage::new();
            replace(&mut storage, votes(&powers)).unwrap();
            let before = dump(&storage);
            let mut shuffled = votes(&powers);
            shuffled.sort_by_key(|member| {
                Sha256::digest([&seed.to_be_bytes()[..], &member.address].concat()).to_vec()
            });
            prop_assert_eq!(replace(&mut storage, shuffled).unwrap(), vec![]);
            prop_assert_eq!(dump(&storage), before);
        }

        #[test]
        fn changes_lead_to_the_same_records_as_a_list(
            first in powers(),
            second in powers(),
        ) {
            let mut one_by_one = MockStorage::new();
            for (number, power) in first.iter().chain(second.iter()) {
                let member = Member {
                    address: address(*number),
                    power: *power,
                };
                set_powers(&mut one_by_one, &[member]).unwrap();
            }
            let mut together = MockStorage::new();
            set_powers(&mut together, &[votes(&first), votes(&second)].concat()).unwrap();
            prop_assert_eq!(dump(&together), dump(&one_by_one));
            let mut merged = first;
            merged.extend(second);
            let mut at_once = MockStorage::new();
            replace(&mut at_once, votes(&merged)).unwrap();
            prop_assert_eq!(members(&one_by_one).unwrap(), members(&at_once).unwrap());
            // The next equal list finds nothing to do.
            prop_assert_eq!(replace(&mut one_by_one, votes(&merged)).unwrap(), vec![]);
        }
    }

    #[test]
    fn a_validator_named_twice_is_refused_even_without_power() {
        let mut storage = MockStorage::new();
        let twice = vec![
            Member {
                address: address(1),
                power: 1,
            },
            Member {
                address: address(1),
                power: 0,
            },
        ];
        assert!(matches!(
            replace(&mut storage, twice).unwrap_err().fault(),
            AccountingFault::DuplicateVote { .. }
        ));
        assert!(dump(&storage).is_empty());
    }

    #[test]
    fn more_votes_than_the_limit_are_refused() {
        let votes = (0..=MAX_VOTES as u32)
            .map(|number| Member {
                address: number.to_be_bytes().to_vec(),
                power: 1,
            })
            .collect();
        assert!(matches!(
            replace(&mut MockStorage::new(), votes).unwrap_err().fault(),
            AccountingFault::TooManyVotes {
                votes: 1_001,
                limit: 1_000
            }
        ));
    }
}
