//! Migration by the rule that every contract of the suite has: its own state, of this or an older
//! version.

use cosmwasm_std::{Event, StdResult, Storage};
use cw2::ensure_from_older_version;

use crate::events::action;

/// Takes over the state of the same contract in this or an older version, and returns the event
/// `migrate`.
///
/// # Errors
/// For the state of another contract or of a newer version; nothing is changed then.
pub fn migrate(storage: &mut dyn Storage, name: &str, version: &str) -> StdResult<Event> {
    let from = ensure_from_older_version(storage, name, version)?;
    Ok(action("migrate")
        .add_attribute("from", from.to_string())
        .add_attribute("to", version))
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
            let event = migrate(&mut storage, "suite:pool", "1.2.3").unwrap();
            assert_eq!(event.attributes[1].value, version);
            let now = cw2::get_contract_version(&storage).unwrap();
            assert_eq!(now.version, "1.2.3");
        }
    }

    #[test]
    fn another_contract_a_newer_version_and_no_version_are_refused() {
        for (name, version, expected) in [
            (
                "suite:other",
                "1.0.0",
                "Cannot migrate from suite:other to suite:pool",
            ),
            (
                "suite:pool",
                "1.2.4",
                "newer version (1.2.4) to older (1.2.3)",
            ),
            ("suite:pool", "new", "Semver: "),
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
