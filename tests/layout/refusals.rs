//! State of another contract or of a newer version is refused and not changed; state of an older
//! version is taken over.

use crate::fixture::{Fixture, SUITE};
use crate::loaded::Loaded;
use crate::{LAYOUTS, answers_as_before, committed};

/// The migration to the code `to` fails with this error; state and answers are as before.
#[track_caller]
fn refused(fixture: &Fixture, contract: &mut Loaded, to: &str, refusal: &str) {
    let error = contract.migrate(to).unwrap_err().to_string();
    assert!(error.contains(refusal), "{fixture} to {to}: {error}");
    assert!(contract.state() == fixture.state, "{fixture} to {to}");
    answers_as_before(fixture, contract);
}

#[test]
fn no_contract_takes_over_the_state_of_another() {
    let mut tried = 0;
    for fixture in committed() {
        let mut contract = fixture.place().unwrap();
        for other in LAYOUTS.iter().map(|layout| layout.contract) {
            if other == fixture.contract {
                continue;
            }
            let refusal = format!(
                "Cannot migrate from {SUITE}{} to {SUITE}{other}",
                fixture.contract
            );
            refused(&fixture, &mut contract, other, &refusal);
            tried += 1;
        }
    }
    assert!(tried >= LAYOUTS.len() * (LAYOUTS.len() - 1));
}

#[test]
fn state_of_a_newer_version_is_refused() {
    for fixture in committed() {
        let this = fixture.contract.clone();
        let newer = format!(
            "Cannot migrate from newer version (99.0.0) to older ({})",
            env!("CARGO_PKG_VERSION")
        );
        for (version, refusal) in [("99.0.0", newer.as_str()), ("latest", "Semver: ")] {
            let fixture = fixture.clone().of_version(version);
            let mut contract = fixture.place().unwrap();
            refused(&fixture, &mut contract, &this, refusal);
        }
    }
}

#[test]
fn state_of_an_older_version_is_taken_over() {
    for fixture in committed() {
        let older = fixture.clone().of_version("0.0.1");
        let contract = older.load().unwrap();
        assert!(contract.state() != older.state, "the version is unchanged");
        answers_as_before(&older, &contract);
    }
}
