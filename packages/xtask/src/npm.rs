//! Programs from npm, each pinned by a lock file of its own and installed into `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{repository, run};

/// What to do when Node or npm is missing.
pub const INSTALL_NODE: &str = "install Node.js 18 or newer from https://nodejs.org, with npm";

/// What npm installs by: the package, and all that it needs with their checksums.
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// A program that is in an npm package.
pub struct Program {
    /// The folder beside `src` that has the lock file, and the one in `target/` for the program.
    pub folder: &'static str,
    /// What it is called.
    pub name: &'static str,
}

impl Program {
    /// Installs the program as the lock file says, unless that was done, and returns where it is. No
    /// script of any package is run.
    ///
    /// # Errors
    /// When that is not possible; the text says what to install by hand.
    pub fn install(&self) -> Result<PathBuf> {
        let folder = self.target();
        let program = self.programs().join(self.name);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let mut is_installed = program.is_file();
        for name in FILES {
            let (from, to) = (self.source().join(name), folder.join(name));
            let wanted = fs::read(&from).with_context(|| from.display().to_string())?;
            if fs::read(&to).is_ok_and(|there| there == wanted) {
                continue;
            }
            is_installed = false;
            fs::write(&to, wanted).with_context(|| to.display().to_string())?;
        }
        if is_installed {
            return Ok(program);
        }
        eprintln!("installing {} with npm", self.name);
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder);
        run(&mut npm, INSTALL_NODE)?;
        if !program.is_file() {
            bail!("npm has not installed {}", program.display());
        }
        Ok(program)
    }

    /// The folder with the program, once it is installed.
    pub fn programs(&self) -> PathBuf {
        self.target().join("node_modules").join(".bin")
    }

    fn target(&self) -> PathBuf {
        repository().join("target").join(self.folder)
    }

    fn source(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(self.folder)
    }

    /// The lock file, which must pin everything by checksum and name no registry.
    #[cfg(test)]
    pub fn lock(&self) -> serde_json::Value {
        let lock = fs::read_to_string(self.source().join("package-lock.json")).unwrap();
        let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();
        for (name, package) in lock["packages"].as_object().unwrap() {
            assert!(
                name.is_empty() || package["integrity"].is_string(),
                "{name}"
            );
            assert!(package["resolved"].is_null(), "{name}");
        }
        lock
    }
}
