//! Linking a contract, after its whole code was optimised once more.
//!
//! The compiler optimises across crates once, and then there is more to find: functions with one
//! caller left, arguments that are always the same, functions that have become equal. A second time
//! takes a twenty-fifth off the file. Before it, what prints values that no contract has is taken
//! out ([`silence`](super::silence)); after it, moves of values become calls
//! ([`moves`](super::moves)), and loops stay as they are written: LLVM would rewrite their addresses
//! for machines where that is cheaper, with more code. The compiler has no option for any of that, but it lets others link:
//! `cargo wasm` gives it itself as the linker.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use super::moves::share_moves;
use super::silence::silence;
use super::tools::{INSTALL_LLVM, program};
use crate::process::run;

/// Set to the folder of LLVM's programs where this program is the compiler's linker.
pub const AS_LINKER: &str = "CARGO_WASM_LINKS_WITH";

/// What is done to the code: again what the compiler did, and functions of the same code made one.
const PASSES: &str = "-passes=lto<Oz>,default<Oz>,mergefunc,default<Oz>,mergefunc";

/// The part of an object that lists what it needs beyond the first version of WebAssembly.
const FEATURES: &[u8] = b"target_features";

/// Links as the compiler asks, if it was the compiler who started this program.
pub fn as_linker() -> Option<Result<ExitCode>> {
    let llvm = PathBuf::from(std::env::var_os(AS_LINKER)?);
    let arguments = std::env::args_os().skip(1).collect();
    Some(link(&llvm, arguments).map(|()| ExitCode::SUCCESS))
}

fn link(llvm: &Path, mut arguments: Vec<OsString>) -> Result<()> {
    let output = following(&arguments, "-o")
        .with_context(|| format!("no output is named; {AS_LINKER} is for the compiler alone"))?;
    let bitcode = Path::new(output).with_extension("bc");
    let code = bitcode.with_extension("ll");
    run(
        Command::new(program(llvm, "llvm-dis"))
            .arg("-o")
            .args([&code, &bitcode]),
        INSTALL_LLVM,
    )?;
    rewrite(&code, silence)?;
    let optimised = bitcode.with_extension("again.ll");
    run(
        Command::new(program(llvm, "opt"))
            .args(["-S", PASSES, "-o"])
            .args([&optimised, &code]),
        INSTALL_LLVM,
    )?;
    rewrite(&optimised, |code| Ok(share_moves(code)))?;
    let mut objects = arguments
        .iter_mut()
        .filter(|argument| Path::new(argument).extension() == Some(OsStr::new("o")));
    let (Some(object), None) = (objects.next(), objects.next()) else {
        bail!("the compiler has to make one object: it must optimise across all crates");
    };
    let compiled = bitcode.with_extension("again.o");
    run(
        Command::new(program(llvm, "llc"))
            .args(["-O2", "-disable-lsr", "-filetype=obj", "-o"])
            .args([&compiled, &optimised]),
        INSTALL_LLVM,
    )?;
    let features = fs::read(&compiled).with_context(|| compiled.display().to_string())?;
    if features
        .windows(FEATURES.len())
        .any(|name| name == FEATURES)
    {
        bail!(
            "{} needs more than the first version of WebAssembly",
            compiled.display()
        );
    }
    *object = compiled.into();
    run(
        Command::new(program(llvm, "rust-lld")).args(arguments),
        INSTALL_LLVM,
    )
}

/// Changes code in LLVM's language.
fn rewrite(path: &Path, change: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    let code = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    fs::write(path, change(&code)?).with_context(|| path.display().to_string())
}

fn following<'a>(arguments: &'a [OsString], option: &str) -> Option<&'a OsString> {
    let place = arguments.iter().position(|argument| argument == option)?;
    arguments.get(place + 1)
}
