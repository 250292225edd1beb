//! What may happen to a consumer and its provider.

/// One of the two chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Where fees come in.
    Consumer,
    /// Where validators are paid.
    Provider,
}

impl Side {
    /// The chain's name in scenarios.
    pub fn chain(self) -> &'static str {
        match self {
            Side::Consumer => "consumer",
            Side::Provider => "provider",
        }
    }
}

/// Who lists the denoms that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lister {
    /// holding-pools: what are fees.
    Consumer,
    /// ccv-provider: what the consumer may pay in.
    Provider,
    /// The provider's fee pool: what it is paid in.
    FeePool,
}

/// The power of a validator on the consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPower {
    /// Its number.
    pub validator: usize,
    /// From now on.
    pub power: u64,
}

/// A block of the consumer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockOf {
    /// What comes in of each denom before it.
    pub fees: Vec<u128>,
    /// The proposer's number.
    pub proposer: usize,
    /// How much of the power signed, in percent.
    pub signed_percent: u64,
    /// Powers that change with it. Of a validator that is named twice the first counts.
    pub changes: Vec<NewPower>,
}

/// One thing that happens. Validators, denoms and waiting messages are numbered, counted round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CcvAction {
    /// A block of the consumer, with fees.
    Block(BlockOf),
    /// Powers change on the consumer between two blocks.
    Powers(Vec<NewPower>),
    /// Somebody lets holding-pools do so much work.
    Tick(u32),
    /// The consumer's clock calls holding-pools.
    Clock,
    /// A waiting message is brought.
    Relay {
        /// Which.
        nth: usize,
        /// Whether it is brought twice.
        duplicate: bool,
    },
    /// All waiting packets and acknowledgements are brought.
    RelayAll {
        /// In each round the newest first.
        reverse: bool,
    },
    /// A waiting packet or acknowledgement is lost.
    Drop(usize),
    /// Time passes on a chain, in one block.
    Wait {
        /// The chain.
        side: Side,
        /// So long.
        seconds: u64,
    },
    /// The owners let the CCV channel be closed, and somebody closes it from this side, or confirms.
    Close(Side),
    /// Somebody opens a CCV channel.
    Open {
        /// Whether the owners have abandoned the one before.
        abandon: bool,
    },
    /// The light clients of a chain expire.
    Expire(Side),
    /// The owners connect the chains anew, and somebody probes.
    Reconnect,
    /// Somebody probes.
    Probe,
    /// A validator of the provider vanishes or comes back.
    SetExists {
        /// Its number.
        validator: usize,
        /// Whether it exists from now on.
        exists: bool,
    },
    /// The earliest unit of a denom is processed, so many validators of it.
    Process {
        /// The denom's number.
        denom: usize,
        /// Validators looked at.
        limit: u32,
    },
    /// Somebody asks the provider about a denom's transfer.
    Reconcile(usize),
    /// The owner gives a denom's unit up.
    Release(usize),
    /// A stranger's transfer to the provider.
    Forge {
        /// The denom's number.
        denom: usize,
        /// The epoch that it claims to be of; none for a transfer that claims nothing.
        epoch: Option<u32>,
    },
    /// An owner lists a denom or unlists it.
    List {
        /// Whose.
        by: Lister,
        /// The denom's number.
        denom: usize,
        /// Whether it takes it from now on.
        listed: bool,
    },
    /// Somebody lets the provider pay again what failed.
    Retry {
        /// The denom's number.
        denom: usize,
        /// To which validator, by its number; none for the community pool.
        validator: Option<usize>,
    },
    /// The operator of a validator names the one that the provider pays for it.
    Name {
        /// Its number.
        validator: usize,
        /// That of the one on the provider.
        meant: usize,
    },
    /// The provider's owner says which validator the entries of one mean.
    Override {
        /// Its number.
        validator: usize,
        /// That of the one that is meant; none ends it.
        meant: Option<usize>,
    },
    /// The provider's owner pauses the consumer, or ends that.
    Pause(bool),
    /// The provider's owner removes the consumer. Done again until it is gone; it is registered anew then.
    Remove,
    /// The provider's owner gives the coins of a denom's earliest unit away, whose weights never come.
    ResolveOrphan(usize),
}
