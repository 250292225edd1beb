//! Arguments of `cargo demo ccv`.

use std::path::PathBuf;

use clap::ValueEnum;
use testkit::scenario::ChannelOrder;

/// Epochs by default.
const EPOCHS: u32 = 12;
/// Blocks of an epoch by default.
const BLOCKS: u32 = 20;
/// Seed by default.
const SEED: u64 = 1;

/// Arguments of `cargo demo ccv`.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Epochs to play: everything of the story needs eight
    #[arg(long, default_value_t = EPOCHS, value_parser = clap::value_parser!(u32).range(8..=1_000))]
    pub epochs: u32,
    /// Blocks from one transmission to the next; together they always take ten minutes
    #[arg(long, default_value_t = BLOCKS, value_parser = clap::value_parser!(u32).range(8..=100))]
    pub blocks: u32,
    /// Number that the story follows from: the same one gives the same history
    #[arg(long, default_value_t = SEED)]
    pub seed: u64,
    /// Whether the channel of the weights keeps their order: then a timeout closes it
    #[arg(long, value_enum, default_value_t = Order::Ordered)]
    pub order: Order,
    /// Folder for report.html with the timeline as a picture
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// The order of the channel of the weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// Packets arrive as they were sent.
    Ordered,
    /// Packets arrive in any order.
    Unordered,
}

impl Order {
    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Order::Ordered => "ordered",
            Order::Unordered => "unordered",
        }
    }

    /// As the chains of the test kit are told.
    pub fn of_channel(self) -> ChannelOrder {
        match self {
            Order::Ordered => ChannelOrder::Ordered,
            Order::Unordered => ChannelOrder::Unordered,
        }
    }
}
