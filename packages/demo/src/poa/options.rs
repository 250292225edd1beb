//! Arguments of `cargo demo poa`.

/// Blocks by default.
const BLOCKS: u32 = 1_000;
/// Operators by default.
const OPERATORS: u32 = 25;
/// Seed by default.
const SEED: u64 = 1;

/// Arguments of `cargo demo poa`.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Blocks to play
    #[arg(long, default_value_t = BLOCKS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub blocks: u32,
    /// Operators in the consortium
    #[arg(long, default_value_t = OPERATORS, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub operators: u32,
    /// Number that the story follows from: the same one gives the same history
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
}
