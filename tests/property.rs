//! Properties of random values, with failures that are kept.

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestError, TestRunner};

/// The file in which failing seeds of a source file are kept, by folder and name.
macro_rules! regressions {
    ($folder:literal, $name:literal) => {
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/",
            $folder,
            "/proptest-regressions/",
            $name,
            ".txt"
        )
    };
}
pub(crate) use regressions;

/// How a property is tried.
pub struct Trial {
    /// How many values, unless the environment says otherwise by `PROPTEST_CASES`.
    pub cases: u32,
    /// Where seeds of failures are kept, see [`regressions`].
    pub regressions: &'static str,
}

impl Trial {
    /// Tries a property with the seeds of earlier failures and then with new values. Panics with
    /// the simplest value that was found for which it does not hold.
    pub fn holds<S: Strategy>(&self, values: &S, property: impl Fn(&S::Value) -> anyhow::Result<()>)
    where
        S::Value: Debug,
    {
        let from_environment = Config::default();
        let cases = match std::env::var_os("PROPTEST_CASES") {
            Some(_) => from_environment.cases,
            None => self.cases,
        };
        let mut runner = TestRunner::new(Config {
            cases,
            failure_persistence: Some(Box::new(FileFailurePersistence::Direct(self.regressions))),
            max_shrink_iters: 4_000,
            ..from_environment
        });
        let outcome = runner.run(values, |value| {
            property(&value).map_err(|error| TestCaseError::fail(format!("{error:#}")))
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(reason, value)) => {
                panic!(
                    "{reason}\nfor {value:#?}\nseed kept in {}",
                    self.regressions
                )
            }
            Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
        }
    }
}
