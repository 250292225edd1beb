//! Running other programs, with errors that say what to install.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The top of the repository.
pub fn repository() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    // It is packages/xtask.
    package.ancestors().nth(2).unwrap_or(package)
}

/// Runs a command with its output on the terminal.
///
/// # Errors
/// When it cannot be started or fails; `install` says what to do when the program is missing.
pub fn run(command: &mut Command, install: &str) -> Result<()> {
    let status = command
        .status()
        .map_err(|error| not_started(command, &error, install))?;
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command and returns what it prints, without the spaces around it.
///
/// # Errors
/// As [`run`]; and when the output is no text.
pub fn output(command: &mut Command, install: &str) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error, install))?;
    if !output.status.success() {
        bail!("`{}` failed: {}", shown(command), output.status);
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("the output of `{}`", shown(command)))?;
    Ok(text.trim().to_owned())
}

/// Why a command did not even start.
fn not_started(command: &Command, error: &io::Error, install: &str) -> anyhow::Error {
    let program = command.get_program().display();
    if error.kind() == io::ErrorKind::NotFound {
        anyhow::anyhow!("{program} is not installed: {install}")
    } else {
        anyhow::anyhow!("cannot run {program}: {error}")
    }
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_says_what_to_install() {
        let mut command = Command::new("no-such-program-anywhere");
        let error = run(&mut command, "take it from example.org").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no-such-program-anywhere is not installed: take it from example.org"
        );
    }

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let mut command = Command::new(env!("CARGO"));
        command.arg("no-such-command").stderr(Stdio::null());
        let error = run(&mut command, "").unwrap_err().to_string();
        assert!(error.contains("no-such-command` failed"), "{error}");
    }
}
