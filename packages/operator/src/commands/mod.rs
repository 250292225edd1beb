//! The commands, each a module.

pub mod check;
pub mod crank;
pub mod deploy;
pub mod import;
pub mod report;

use std::io;

use tokio::signal::unix::{SignalKind, signal};

/// Waits until somebody wants a command to end that goes on for ever: by Ctrl-C, or as supervisors do.
///
/// # Errors
/// When the signals cannot be received.
async fn stopped() -> io::Result<()> {
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    Ok(())
}
