//! The programs that run.

use std::path::PathBuf;

use anyhow::Result;

use crate::chain;
use crate::process::{repository, run};
use crate::toolchain::TOOLS;

/// Where they are.
pub struct Programs {
    /// The chain's program, of the version in `tests/chain/go.mod`.
    pub wasmd: PathBuf,
    /// The relayer.
    pub hermes: PathBuf,
    /// The suite's own.
    pub operator: PathBuf,
}

impl Programs {
    /// Builds those that are not there.
    ///
    /// # Errors
    /// When Go or Rust is missing, or something does not build.
    pub fn build() -> Result<Self> {
        let (mut build, wasmd) = chain::wasmd()?;
        run(&mut build, chain::INSTALL_GO)?;
        let target = repository().join("target");
        let mut cargo = TOOLS.cargo();
        // With `--package` its dependencies would have fewer features than those of this program, and either
        // build would undo the other.
        cargo
            .args(["build", "--bin", "operator", "--target-dir"])
            .arg(&target);
        run(&mut cargo, "")?;
        Ok(Programs {
            wasmd,
            hermes: TOOLS.program("hermes", "ibc-relayer-cli", "1.10.5")?,
            operator: target.join("debug/operator"),
        })
    }
}
