//! Migration by the rules that every contract of the suite has: its own state, and never back to
//! an older version.

use cosmwasm_std::{Event, StdError, Storage};
use semver::Version;
use thiserror::Error;

use crate::events::action;

/// Why a contract does not take over the state that is there.
#[derive(Debug, Error)]
pub enum MigrationError {
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
    #[error("version `{version}` cannot be read: {reason}")]
    InvalidVersion {
        /// The text.
        version: String,
        /// Why.
        reason: String,
    },
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
    let stored = cw2::get_contract_version(storage)?;
    if stored.contract != name {
        return Err(MigrationError::WrongContract {
            stored: stored.contract,
            this: name,
        });
    }
    if read_version(&stored.version)? > read_version(version)? {
        return Err(MigrationError::NewerVersion {
            stored: stored.version,
            this: version,
        });
    }
    cw2::set_contract_version(storage, name, version)?;
    Ok(action("migrate")
        .add_attribute("from", stored.version)
        .add_attribute("to", version))
}

fn read_version(version: &str) -> Result<Version, MigrationError> {
    Version::parse(version).map_err(|reason| MigrationError::InvalidVersion {
        version: version.to_string(),
        reason: reason.to_string(),
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
}
