//! How a contract is compiled.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::link::AS_LINKER;
use super::tools::{INSTALL_RUST, Tools};
use crate::process::{cargo, output, run};

/// The profile in the workspace's `Cargo.toml`.
const PROFILE: &str = "contract";
const TARGET: &str = "wasm32-unknown-unknown";
/// Names the linker to cargo.
const LINKER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// Flags of the compiler.
///
/// The chain's VM takes only the first version of WebAssembly (`mvp`), which the standard library
/// has to be compiled for as well. A panic in a contract is an `unreachable` instruction: its text
/// and place would reach nobody, and cost a fifth of the file.
const FLAGS: [&str; 7] = [
    "-Ctarget-cpu=mvp",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=shallow",
    // Functions that are made one bear one of their names, and `silence` goes by names.
    "-Zmerge-functions=disabled",
    // SHA-256 in a loop: its rounds written out are 7 kB more.
    "--cfg=sha2_backend_soft=\"compact\"",
];

/// Features of the standard library: short sorts and searches, no backtraces.
const STD_FEATURES: &str = "build-std-features=optimize_for_size";

/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`, so that a path may have spaces.
const SEPARATOR: &str = "\u{1f}";

/// Compiles contracts the same way each time.
pub struct Recipe {
    flags: String,
    llvm: PathBuf,
    linker: PathBuf,
}

impl Recipe {
    /// The recipe for this repository.
    ///
    /// # Errors
    /// When cargo or the compiler cannot be asked for their folders.
    pub fn new(repository: &Path, tools: &Tools) -> Result<Self> {
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).to_vec();
        // A place on this machine is no part of the contract.
        let places = [
            (repository, "/source"),
            (&cargo_home()?, "/cargo"),
            (tools.sysroot(), "/rust"),
        ];
        for (from, to) in places {
            flags.push(format!("--remap-path-prefix={}={to}", from.display()));
        }
        Ok(Recipe {
            flags: flags.join(SEPARATOR),
            llvm: tools.llvm().to_path_buf(),
            linker: std::env::current_exe().context("where this program is")?,
        })
    }

    /// Compiles a package; returns the file.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn compile(&self, package: &str, target: &Path, file: &str) -> Result<PathBuf> {
        let built = target.join(TARGET).join(PROFILE);
        // Cargo does not know that the linker has changed.
        let linked = built.join("deps").join(file);
        if linked.exists() {
            fs::remove_file(&linked).with_context(|| linked.display().to_string())?;
        }
        let mut command = cargo();
        command
            // Not `build`: with the crate type `rlib` beside it cargo leaves out the optimisation
            // across crates, a tenth of the file.
            .args(["rustc", "--quiet", "--locked", "--lib"])
            .args(["--crate-type", "cdylib"])
            .args(["--package", package])
            .args(["--profile", PROFILE])
            .args(["--target", TARGET])
            .args(["-Z", "build-std=std,panic_abort", "-Z", STD_FEATURES])
            // Only a nightly compiler takes `-Z` without this, and builds its own standard library.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_ENCODED_RUSTFLAGS", &self.flags)
            // Not a flag: those become part of the names in the file.
            .env(LINKER, &self.linker)
            .env(AS_LINKER, &self.llvm)
            .args(["--", "--emit=link,llvm-bc"]);
        run(&mut command, INSTALL_RUST)?;
        let path = built.join(file);
        if !path.is_file() {
            bail!(
                "{package} has no {file}: its Cargo.toml needs crate-type = [\"cdylib\", \"rlib\"]"
            );
        }
        Ok(path)
    }
}

/// Where cargo keeps the sources of dependencies.
fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::home_dir();
    match home {
        Some(home) => Ok(home.join(".cargo")),
        None => bail!("neither CARGO_HOME nor a home directory is set"),
    }
}

/// The folder of the compiler in use.
///
/// # Errors
/// When there is no compiler.
pub fn sysroot() -> Result<PathBuf> {
    let mut rustc = std::process::Command::new("rustc");
    rustc
        .current_dir(crate::process::repository())
        .args(["--print", "sysroot"]);
    output(&mut rustc, INSTALL_RUST).map(PathBuf::from)
}
