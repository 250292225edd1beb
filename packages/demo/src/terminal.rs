//! What a run ends with in a terminal.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;

/// Whether everything held, for the shell.
pub fn exit_code(holds: bool) -> ExitCode {
    if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Prints a text.
///
/// # Errors
/// When it cannot be written, unless because the reader has left.
pub fn print(out: &mut dyn Write, text: &str) -> Result<()> {
    match out.write_all(text.as_bytes()) {
        // A reader like `head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
