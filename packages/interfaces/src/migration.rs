//! Migration by the rules that every contract of the suite has: its own state, and never back to
//! an older version.
//!
//! What is stored is what cw2 stores.

use cosmwasm_std::{Event, StdError, StdResult, Storage};
use serde::Serialize;
use thiserror::Error;

use crate::events::action;
use crate::json::{LeanItem, ReadJson};

const RECORD: LeanItem<Record> = LeanItem::new("contract_info");

/// Whose state it is.
#[derive(Serialize, ReadJson)]
#[serde(deny_unknown_fields)]
struct Record {
    contract: String,
    version: String,
}

small_error::small_error! {
    /// Why a contract does not take over the state that is there: the pointer to a
    /// [`MigrationFault`].
    MigrationError(MigrationFault)
}

/// Why a contract does not take over the state that is there.
#[derive(Debug, Error)]
pub enum MigrationFault {
    /// Storage failed, or no contract is recorded in it.
    #[error("{0}")]
    Std(#[from] StdError),
    /// Stored state of another contract.
    #[error("cannot migrate from `{stored}`: this is `{this}`")]
    WrongContract {
        /// Name in storage.
        stored: String,
        /// This contract's name.
        this: &'static str,
    },
    /// Stored state of the future.
    #[error("cannot migrate from version {stored} down to {this}")]
    NewerVersion {
        /// Version in storage.
        stored: String,
        /// This version.
        this: &'static str,
    },
    /// A version that is none.
    #[error(
        "version `{version}` cannot be read: it must be three numbers as in 1.2.3, maybe with a \
         pre-release as in 1.2.3-rc.1"
    )]
    InvalidVersion {
        /// The text.
        version: String,
    },
}

/// Notes whose state this is from now on.
///
/// # Errors
/// None in practice.
pub fn record(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<()> {
    let record = Record {
        contract: name.to_string(),
        version: version.to_string(),
    };
    RECORD.save(storage, &record)
}

/// Takes over the state of the same contract in this or an older version, and returns the event
/// that tells of it.
///
/// # Errors
/// Any [`MigrationError`]; nothing is changed then.
pub fn migrate(
    storage: &mut dyn Storage,
    name: &'static str,
    version: &'static str,
) -> Result<Event, MigrationError> {
    let stored = RECORD.load(storage)?;
    if stored.contract != name {
        let stored = stored.contract;
        return Err(MigrationFault::WrongContract { stored, this: name }.into());
    }
    if read_version(&stored.version)? > read_version(version)? {
        return Err(MigrationFault::NewerVersion {
            stored: stored.version,
            this: version,
        }
        .into());
    }
    record(storage, name, version)?;
    Ok(action("migrate")
        .add_attribute("from", stored.version)
        .add_attribute("to", version))
}

fn read_version(version: &str) -> Result<Version<'_>, MigrationError> {
    Version::read(version).ok_or_else(|| {
        let version = version.to_string();
        MigrationFault::InvalidVersion { version }.into()
    })
}

/// A version in the order of [semver.org](https://semver.org/#spec-item-11), without what it says
/// of its build.
///
/// The crate semver would make a contract 8 kB larger, a fiftieth; the tests hold the order against
/// its.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Version<'a> {
    numbers: Vec<Part<'a>>,
    /// A pre-release comes before its release.
    is_release: bool,
    pre_release: Vec<Part<'a>>,
}

/// What stands between the dots of a version. Numbers come before words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// Of two numbers without leading zeros the one with more digits is the greater one.
    Number { digits: usize, number: &'a str },
    /// A word.
    Word(&'a str),
}

impl<'a> Version<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (text, build) = text.split_once('+').unwrap_or((text, "0"));
        if !build.split('.').all(is_identifier) {
            return None;
        }
        let (numbers, pre_release) = match text.split_once('-') {
            Some((numbers, pre_release)) => (numbers, Some(pre_release)),
            None => (text, None),
        };
        let numbers = parts(numbers)?;
        let is_number = |part: &Part<'_>| matches!(part, Part::Number { .. });
        if numbers.len() != 3 || !numbers.iter().all(is_number) {
            return None;
        }
        Some(Version {
            numbers,
            is_release: pre_release.is_none(),
            pre_release: pre_release.map_or(Some(Vec::new()), parts)?,
        })
    }
}

fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    text.split('.').map(part).collect()
}

fn is_identifier(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_allowed)
}

fn part(text: &str) -> Option<Part<'_>> {
    if !is_identifier(text) {
        return None;
    }
    let bytes = text.as_bytes();
    if !bytes.iter().all(u8::is_ascii_digit) {
        return Some(Part::Word(text));
    }
    let has_leading_zero = bytes.len() > 1 && bytes.first() == Some(&b'0');
    (!has_leading_zero).then_some(Part::Number {
        digits: bytes.len(),
        number: text,
    })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn stored(name: &str, version: &str) -> MockStorage {
        let mut storage = MockStorage::new();
        cw2::set_contract_version(&mut storage, name, version).unwrap();
        storage
    }

    #[test]
    fn an_older_version_of_the_same_contract_is_taken_over() {
        for version in ["0.9.0", "1.2.3-rc.1", "1.2.3"] {
            let mut storage = stored("suite:pool", version);
            migrate(&mut storage, "suite:pool", "1.2.3").unwrap();
            let now = cw2::get_contract_version(&storage).unwrap();
            assert_eq!(now.version, "1.2.3");
        }
    }

    #[test]
    fn another_contract_a_newer_version_and_no_version_are_refused() {
        for (name, version, expected) in [
            ("suite:other", "1.0.0", "cannot migrate from `suite:other`"),
            ("suite:pool", "1.2.4", "down to 1.2.3"),
            ("suite:pool", "new", "version `new` cannot be read"),
        ] {
            let mut storage = stored(name, version);
            let error = migrate(&mut storage, "suite:pool", "1.2.3").unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            let kept = cw2::get_contract_version(&storage).unwrap();
            assert_eq!(
                (kept.contract.as_str(), kept.version.as_str()),
                (name, version)
            );
        }
        assert!(migrate(&mut MockStorage::new(), "suite:pool", "1.2.3").is_err());
    }

    #[test]
    fn the_record_is_that_of_cw2() {
        let mut ours = MockStorage::new();
        record(&mut ours, "suite:pool", "1.2.3").unwrap();
        let theirs = stored("suite:pool", "1.2.3");
        let key = b"contract_info";
        assert!(ours.get(key).is_some());
        assert_eq!(ours.get(key), theirs.get(key));
    }

    /// Ascending.
    const VERSIONS: [&str; 18] = [
        "0.0.0",
        "0.9.10-0",
        "0.9.10",
        "0.10.0",
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0-10.a",
        "1.0.0--",
        "1.0.0-A",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta-2",
        "1.0.0-rc.0a",
        "1.0.0",
        "1.0.1",
        "10.0.0",
    ];

    #[test]
    fn versions_have_the_order_of_semver() {
        for (place, left) in VERSIONS.iter().enumerate() {
            for (other, right) in VERSIONS.iter().enumerate() {
                let order = place.cmp(&other);
                let ours = Version::read(left).unwrap();
                assert!(ours.cmp(&Version::read(right).unwrap()) == order);
                let semver = semver::Version::parse(left).unwrap();
                assert_eq!(semver.cmp(&right.parse().unwrap()), order);
            }
        }
    }

    #[test]
    fn the_build_is_no_part_of_the_order() {
        for (left, right) in [("1.2.3", "1.2.3+4"), ("1.2.3-rc+5.6", "1.2.3-rc+07")] {
            assert!(Version::read(left).is_some());
            assert!(Version::read(left) == Version::read(right));
        }
    }

    #[test]
    fn what_is_no_version_for_semver_is_none() {
        for text in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "1.2.x",
            "1..3",
            "01.2.3",
            "1.2.03",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3-ä",
            " 1.2.3",
            "1.2.3 ",
            "-1.2.3",
            "1.-2.3",
            "1.2.3+",
            "1.2.3+ä",
            "1.2.3+a..b",
        ] {
            assert!(Version::read(text).is_none(), "{text}");
            assert!(semver::Version::parse(text).is_err(), "{text}");
        }
    }
}
