//! Linking a contract, after its whole code was optimised once more.
//!
//! The compiler optimises across crates once, and then there is more to find: functions with one
//! caller left, arguments that are always the same, functions that have become equal. A second time
//! takes a twenty-fifth off the file. The compiler has no option for that, but it lets others link:
//! `cargo wasm` gives it itself as the linker.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use super::silence::silence;
use super::tools::{INSTALL_RUST, llvm_tool};
use crate::process::run;

/// Set to the folder of the compiler where this program is its linker.
pub const AS_LINKER: &str = "CARGO_WASM_LINKS_WITH";

/// What is done to the code: again what the compiler did, and functions of the same code made one.
const PASSES: &str = "-passes=lto<Oz>,default<Oz>,mergefunc";

/// Links as the compiler asks, if it was the compiler who started this program.
pub fn as_linker() -> Option<Result<ExitCode>> {
    let sysroot = PathBuf::from(std::env::var_os(AS_LINKER)?);
    let arguments = std::env::args_os().skip(1).collect();
    Some(link(&sysroot, arguments).map(|()| ExitCode::SUCCESS))
}

fn link(sysroot: &Path, mut arguments: Vec<OsString>) -> Result<()> {
    let output = following(&arguments, "-o").context("the compiler names no output")?;
    let bitcode = Path::new(output).with_extension("bc");
    let code = bitcode.with_extension("ll");
    run(
        Command::new(llvm_tool(sysroot, "llvm-dis")?)
            .arg("-o")
            .args([&code, &bitcode]),
        INSTALL_RUST,
    )?;
    let text = fs::read_to_string(&code).with_context(|| code.display().to_string())?;
    fs::write(&code, silence(&text)?).with_context(|| code.display().to_string())?;
    let optimised = bitcode.with_extension("again.bc");
    run(
        Command::new(llvm_tool(sysroot, "opt")?)
            .args([PASSES, "-o"])
            .args([&optimised, &code]),
        INSTALL_RUST,
    )?;
    let mut objects = arguments
        .iter_mut()
        .filter(|argument| Path::new(argument).extension() == Some(OsStr::new("o")));
    let (Some(object), None) = (objects.next(), objects.next()) else {
        bail!("the compiler made several objects: it has to optimise across all crates");
    };
    let compiled = bitcode.with_extension("again.o");
    run(
        Command::new(llvm_tool(sysroot, "llc")?)
            .args(["-O2", "-filetype=obj", "-o"])
            .args([&compiled, &optimised]),
        INSTALL_RUST,
    )?;
    *object = compiled.into();
    run(
        Command::new(llvm_tool(sysroot, "rust-lld")?).args(arguments),
        INSTALL_RUST,
    )
}

fn following<'a>(arguments: &'a [OsString], option: &str) -> Option<&'a OsString> {
    let place = arguments.iter().position(|argument| argument == option)?;
    arguments.get(place + 1)
}
