//! Plays a story on two chains and their ledgers, and keeps what is seen on the way.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use testkit::ccv_world::{BlockOf, CcvAction, CcvHarness, Side, World};

use super::exact::Exact;
use super::history::History;
use super::options::Args;
use super::relayer::{Relayer, Work};
use super::story::{Loss, Story};
use super::timeline::{Lane, Timeline, Tone};
use super::units::Units;
use crate::progress::Progress;

/// What the provider calls the consumer.
pub const CONSUMER: &str = "zone";
/// Seconds of an epoch.
const EPOCH_SECONDS: u64 = 600;
/// Seconds of a block of the test kit.
const BLOCK_SECONDS: u64 = 5;
/// Units of work that are asked for in each block.
const TICK: u32 = 100;
/// Validators that each call of `process` looks at.
const PAGE: u32 = 40;
/// Epochs without fees at the end, at most: everything is delivered in them.
const LAST_EPOCHS: u32 = 16;
/// How long one waits for a lost answer before the provider may be asked.
const EIGHT_DAYS: u64 = 8 * 24 * 60 * 60;

/// A run, as far as it has come.
pub struct Play {
    /// The chains and their ledgers.
    pub harness: CcvHarness,
    /// What happens.
    pub story: Story,
    /// What happened.
    pub timeline: Timeline,
    /// What is under way, and what validators exactly earned.
    pub units: Units,
    /// Pools against exact ones.
    pub exact: Exact,
    /// For the plots.
    pub history: History,
    /// Who brings packets.
    pub relayer: Relayer,
    /// The block of the consumer, counted from 1.
    pub block: u32,
    blocks: u32,
    /// The denoms of the units whose answers were lost, by their numbers.
    unanswered: Vec<usize>,
    /// How often the channel was opened again.
    pub openings: u64,
}

impl Play {
    /// Two chains whose contracts have passed their probe. The provider does not list the second
    /// denom yet.
    ///
    /// # Errors
    /// When the set-up fails.
    pub fn new(args: &Args) -> Result<Self> {
        let story = Story::new(args.epochs, args.blocks, args.seed)?;
        let world = World {
            order: args.order.of_channel(),
            validators: story.validators.len(),
            denoms: 2,
            // Time passes in a block of its own before each block with fees.
            period: 2 * u64::from(args.blocks),
            carries: false,
        };
        let mut play = Play {
            harness: CcvHarness::new(world, None)?,
            story,
            timeline: Timeline::default(),
            units: Units::default(),
            exact: Exact::default(),
            history: History::default(),
            relayer: Relayer::default(),
            block: 0,
            blocks: args.blocks,
            unanswered: Vec::new(),
            openings: 0,
        };
        play.list(false)?;
        for powers in play.story.beginning() {
            play.harness.apply(&powers)?;
        }
        Ok(play)
    }

    /// Plays all epochs, and then epochs without fees until everything has been delivered.
    ///
    /// # Errors
    /// When something fails that must not, or is not what the ledgers say.
    pub fn run(&mut self, epochs: u32, progress: &Progress) -> Result<()> {
        for epoch in 1..=epochs {
            self.turn(epoch)?;
            for _ in 0..self.blocks {
                let block = self.story.block();
                self.block(&block)?;
                progress.block();
            }
        }
        self.relayer.is_at_its_best = true;
        for _ in 0..LAST_EPOCHS {
            for _ in 0..self.blocks {
                self.block(&CcvAction::Block(BlockOf {
                    signed_percent: 100,
                    ..BlockOf::default()
                }))?;
            }
            if self.units.is_empty() && self.harness.waiting()?.is_empty() {
                break;
            }
        }
        ensure!(self.units.is_empty(), "units are still under way");
        self.exact.compare(&self.harness, &self.story.validators)?;
        self.harness.settle()
    }

    /// One block of both chains, and everything that people do in it.
    fn block(&mut self, action: &CcvAction) -> Result<()> {
        let done = |block| move || format!("block {block}");
        self.block += 1;
        let block = self.block;
        if block.is_multiple_of(self.blocks) {
            self.exact
                .compare(&self.harness, &self.story.validators)
                .with_context(done(block))?;
        }
        let every = (EPOCH_SECONDS / u64::from(self.blocks)).saturating_sub(BLOCK_SECONDS);
        self.wait(Side::Consumer, every.max(1))?;
        self.wait(Side::Provider, every.max(1) + BLOCK_SECONDS)?;
        self.harness.apply(action).with_context(done(block))?;
        self.look()?;
        self.harness
            .apply(&CcvAction::Tick(TICK))
            .with_context(done(block))?;
        self.look()?;
        self.relay().with_context(done(block))?;
        self.look()?;
        self.open_again().with_context(done(block))?;
        self.process().with_context(done(block))?;
        self.ask_for_answers().with_context(done(block))?;
        self.harness.check().with_context(done(block))?;
        self.history.look(block, &self.harness);
        Ok(())
    }

    fn wait(&mut self, side: Side, seconds: u64) -> Result<()> {
        self.harness.apply(&CcvAction::Wait { side, seconds })
    }

    fn look(&mut self) -> Result<()> {
        self.units
            .look(self.block, &self.harness, &mut self.timeline)
    }

    fn relay(&mut self) -> Result<()> {
        let lost = self.relayer.relay(&mut Work {
            block: self.block,
            harness: &mut self.harness,
            story: &mut self.story,
            timeline: &mut self.timeline,
        })?;
        for cargo in lost {
            if cargo.is(Loss::Answer) {
                let mut denoms = self.harness.suite.denoms();
                let place = denoms.position(|it| cargo.unit.split(' ').next() == Some(it));
                self.unanswered.extend(place);
            }
        }
        Ok(())
    }

    /// Closes the other end of a channel that a timeout has closed, and opens another one.
    fn open_again(&mut self) -> Result<()> {
        if self.harness.is_open()? {
            return Ok(());
        }
        self.harness.apply(&CcvAction::Close(Side::Provider))?;
        self.harness.apply(&CcvAction::Open { abandon: false })?;
        ensure!(self.harness.is_open()?, "the channel did not open again");
        self.openings += 1;
        let text = "the timeout closed the channel: anybody opens another one";
        self.timeline
            .add(self.block, Lane::Consumer, Tone::Mended, text);
        Ok(())
    }

    /// Calls `process` once for every denom of which a unit can go on.
    fn process(&mut self) -> Result<()> {
        let msg = json!({"pending_units": {"consumer": CONSUMER}});
        let answer = self.harness.suite.ask(Side::Provider, &msg)?;
        let units = answer["units"].as_array().context("units")?;
        let can_go_on = |unit: &&Value| unit["waiting_for"] == json!([{"process": {}}]);
        for unit in units.iter().filter(can_go_on) {
            let denom = unit["denom"].as_str().context("denom")?;
            let epoch = unit["epoch"].as_u64().context("epoch")?;
            self.units.begin(&self.harness, denom);
            let number = self.harness.suite.denoms().position(|it| it == denom);
            self.harness.apply(&CcvAction::Process {
                denom: number.context("an unknown denom")?,
                limit: PAGE,
            })?;
            let epoch = u32::try_from(epoch)?;
            let is_done = is_over(&self.harness, denom, epoch);
            if is_done {
                self.units.share_out(
                    self.block,
                    &self.harness,
                    (denom, epoch),
                    &mut self.timeline,
                )?;
            }
        }
        Ok(())
    }

    /// Waits until the provider may be asked about coins whose answer was lost, and asks. All else is
    /// brought before.
    fn ask_for_answers(&mut self) -> Result<()> {
        if self.unanswered.is_empty() || !self.block.is_multiple_of(self.blocks) {
            return Ok(());
        }
        self.harness
            .apply(&CcvAction::RelayAll { reverse: false })?;
        self.look()?;
        self.wait(Side::Consumer, EIGHT_DAYS)?;
        self.wait(Side::Provider, EIGHT_DAYS)?;
        for denom in std::mem::take(&mut self.unanswered) {
            let text = format!(
                "eight days later anybody asks about the {} without answer",
                self.harness.suite.denom(denom)
            );
            self.timeline
                .add(self.block, Lane::Consumer, Tone::Plain, text);
            self.harness.apply(&CcvAction::Reconcile(denom))?;
        }
        let before = std::mem::replace(&mut self.relayer.is_at_its_best, true);
        self.relay()?;
        self.relayer.is_at_its_best = before;
        self.look()
    }
}

/// Whether the provider has done with a unit.
fn is_over(harness: &CcvHarness, denom: &str, epoch: u32) -> bool {
    let msg = json!({"unit": {"consumer": CONSUMER, "denom": denom, "epoch": epoch}});
    harness.suite.ask(Side::Provider, &msg).is_err()
}

/// Numbers of the validators, by operator address.
pub fn numbers(harness: &CcvHarness) -> BTreeMap<String, usize> {
    let numbers = 0..harness.suite.world.validators;
    numbers
        .map(|number| (harness.suite.operator(number), number))
        .collect()
}
