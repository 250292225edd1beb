//! `cargo demo ccv`: the fees of a consumer chain reach the validators of its provider. A random
//! story of blocks, powers, validators that vanish, and a relayer that delays, doubles and loses
//! follows from a seed. It is played on both contracts with a wire between them, and on the ledgers
//! of exact fractions, which are compared in every block.
//!
//! | module | job |
//! |---|---|
//! | `options` | the arguments |
//! | `story` | what happens when |
//! | `play`, `turns` | plays it, block by block, and what happens between epochs |
//! | `cargo`, `relayer` | what a relayer has in hand, and what it does with it |
//! | `units`, `exact`, `history` | what is seen on the way |
//! | `timeline` | what happened, in order, for people |
//! | `outcome` | where everything is at the end |
//! | `tables`, `chart`, `page` | the terminal, the picture of the timeline, the report |

mod cargo;
mod chart;
mod exact;
mod history;
mod options;
mod outcome;
mod page;
mod play;
mod relayer;
mod story;
mod tables;
mod timeline;
mod turns;
mod units;

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::progress::Progress;
use crate::terminal::{exit_code, print};

pub use self::options::Args;
use self::outcome::Outcome;
use self::play::Play;

/// Plays the story and prints the outcome.
///
/// # Errors
/// When the contracts and the ledgers differ on the way, or a file cannot be written.
pub fn run(args: &Args) -> Result<ExitCode> {
    let outcome = play(args, &Progress::new(args.epochs * args.blocks))?;
    print(&mut io::stdout().lock(), &tables::text(&outcome))?;
    if let Some(folder) = &args.out {
        page::write(&outcome, folder)?;
        println!("written to {}", folder.display());
    }
    Ok(exit_code(outcome.holds()))
}

fn play(args: &Args, progress: &Progress) -> Result<Outcome> {
    progress.says("both chains begin");
    let mut play = Play::new(args)?;
    progress.says("blocks");
    let begun = Instant::now();
    play.run(args.epochs, progress)?;
    Outcome::gather(args, play, begun.elapsed())
}

#[cfg(test)]
mod tests;
