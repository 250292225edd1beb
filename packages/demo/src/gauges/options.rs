//! Arguments of `cargo demo gauges`.

use std::path::PathBuf;

/// Number of locks by default.
const LOCKS: u32 = 10_000;
/// Number of epochs by default.
const EPOCHS: u32 = 60;
/// Seed by default.
const SEED: u64 = 1;

/// Arguments of `cargo demo gauges`.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Locks to make, without the parts that are split off later
    #[arg(long, default_value_t = LOCKS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub locks: u32,
    /// Epochs to play
    #[arg(long, default_value_t = EPOCHS, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub epochs: u32,
    /// Number that the story follows from: the same one gives the same history
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Folder for report.html with plots of stake and rewards
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
