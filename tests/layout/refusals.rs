//! State that is another contract's or of the future is not taken over, and nothing of it changes.

use crate::fixture::{Fixture, Loaded, SUITE};
use crate::{LAYOUTS, answers_as_before, committed};

/// The contract refuses to be migrated with an error that has all these parts, and then goes on as
/// if nobody had tried.
#[track_caller]
fn refused(fixture: &Fixture, contract: &mut Loaded, to: &str, parts: &[&str]) {
    let error = contract.migrate(to).unwrap_err().to_string();
    for part in parts {
        assert!(error.contains(part), "{fixture} to {to}: {error}");
    }
    assert!(contract.state() == fixture.state, "{fixture} to {to}");
    answers_as_before(fixture, contract);
}

#[test]
fn no_contract_takes_over_the_state_of_another() {
    let mut tried = 0;
    for fixture in committed() {
        let mut contract = fixture.place().unwrap();
        let mine = format!("`{SUITE}{}`", fixture.contract);
        for other in LAYOUTS.iter().map(|layout| layout.contract) {
            if other == fixture.contract {
                continue;
            }
            let others = format!("`{SUITE}{other}`");
            refused(&fixture, &mut contract, other, &[&mine, &others]);
            tried += 1;
        }
    }
    assert!(tried >= LAYOUTS.len() * (LAYOUTS.len() - 1));
}

#[test]
fn state_of_a_newer_version_is_refused() {
    for fixture in committed() {
        let this = fixture.contract.clone();
        for (version, part) in [
            ("99.0.0", "version 99.0.0 down to"),
            ("latest", "version `latest` cannot be read"),
        ] {
            let fixture = fixture.clone().of_version(version);
            let mut contract = fixture.place().unwrap();
            refused(&fixture, &mut contract, &this, &[part]);
        }
    }
}

#[test]
fn state_of_an_older_version_is_taken_over() {
    for fixture in committed() {
        let older = fixture.clone().of_version("0.0.1");
        let contract = older.load().unwrap();
        assert!(contract.state() != older.state, "the version is another");
        answers_as_before(&older, &contract);
    }
}
