//! A relayer that delays, doubles and loses.

use std::collections::BTreeMap;

use anyhow::Result;
use testkit::ccv_world::{CcvAction, CcvHarness};
use testkit::wire::{Message, MessageKind};

use super::cargo::{Answer, Cargo};
use super::story::{Fate, Story};
use super::timeline::{Lane, Timeline, Tone};

/// What the relayer keeps in mind.
#[derive(Default)]
pub struct Relayer {
    /// Whether it delays nothing and brings nothing twice.
    pub is_at_its_best: bool,
    /// The block in which it brings what it has delayed.
    delayed: BTreeMap<Message, u32>,
    /// Messages that were brought.
    pub brought: u64,
    /// Those of them that were brought twice.
    pub doubled: u64,
    /// Messages that were delayed.
    pub delays: u64,
    /// Messages that were lost.
    pub lost: u64,
    /// Packets that timed out.
    pub timed_out: u64,
    /// Packets that the provider refused.
    pub refused: u64,
}

/// Where a relayer finds what it brings, and where it says so.
pub struct Work<'a> {
    /// The block of the consumer.
    pub block: u32,
    /// The chains.
    pub harness: &'a mut CcvHarness,
    /// What happens to messages.
    pub story: &'a mut Story,
    /// Where it is told.
    pub timeline: &'a mut Timeline,
}

impl Relayer {
    /// Brings what waits, in rounds: answers to what it brings in one come in the next. What it has
    /// lost.
    ///
    /// # Errors
    /// When a chain refuses what it must take.
    pub fn relay(&mut self, work: &mut Work) -> Result<Vec<Cargo>> {
        let mut lost = Vec::new();
        loop {
            let round = self.round(work)?;
            if round.is_empty() {
                return Ok(lost);
            }
            for cargo in round {
                // What another one has closed or held up waits for the next round.
                if self.can_bring(work, &cargo)? {
                    lost.extend(self.decide(work, cargo)?);
                }
            }
        }
    }

    /// What it can bring in this block. On the channel of the weights nothing overtakes what is
    /// delayed.
    fn round(&self, work: &Work) -> Result<Vec<Cargo>> {
        let mut round = Vec::new();
        let mut is_held = false;
        for message in work.harness.waiting()? {
            let cargo = Cargo::of(work.harness.suite.wire(), &message)?;
            let until = self.delayed.get(&message);
            let is_late = until.is_some_and(|until| work.block < *until);
            let is_behind = is_held && cargo.is_of_weights_channel();
            if !self.is_at_its_best && (is_late || is_behind) {
                is_held |= cargo.is_of_weights_channel();
            } else {
                round.push(cargo);
            }
        }
        Ok(round)
    }

    fn can_bring(&self, work: &Work, cargo: &Cargo) -> Result<bool> {
        let round = self.round(work)?;
        Ok(round.iter().any(|it| it.message == cargo.message))
    }

    /// Does with a message what the story says. The message when it is lost.
    fn decide(&mut self, work: &mut Work, cargo: Cargo) -> Result<Option<Cargo>> {
        let fate = if self.delayed.contains_key(&cargo.message) {
            Fate::Brought
        } else {
            work.story.fate(&cargo, self.is_at_its_best)
        };
        match fate {
            Fate::Brought => self.bring(work, &cargo, false)?,
            Fate::BroughtTwice => self.bring(work, &cargo, true)?,
            Fate::Lost => {
                lose(work.harness, &cargo.message)?;
                self.lost += 1;
                let text = format!("{}: lost", cargo.name());
                let lane = lane(cargo.message.kind);
                work.timeline.add(work.block, lane, Tone::Bad, text);
                return Ok(Some(cargo));
            }
            Fate::Delayed(blocks) => {
                self.delays += 1;
                self.delayed.insert(cargo.message, work.block + blocks);
            }
        }
        Ok(None)
    }

    fn bring(&mut self, work: &mut Work, cargo: &Cargo, twice: bool) -> Result<()> {
        let kind = cargo.message.kind;
        work.harness.relay_message(&cargo.message, twice)?;
        self.brought += 1;
        self.doubled += u64::from(twice);
        let name = cargo.name();
        let answer = match kind {
            MessageKind::Receive => cargo.answer(work.harness.suite.wire())?,
            MessageKind::Acknowledge | MessageKind::Timeout => None,
        };
        let (tone, text) = match answer {
            Some(Answer::Refused(reason)) => {
                self.refused += 1;
                (Tone::Bad, format!("{name}: refused, {reason}"))
            }
            Some(Answer::Status(status)) => (Tone::Mended, format!("{name}: {status}")),
            None if kind == MessageKind::Timeout => {
                self.timed_out += 1;
                (Tone::Bad, name)
            }
            Some(Answer::Done) | None => (Tone::Routine, name),
        };
        work.timeline.add(work.block, lane(kind), tone, text);
        Ok(())
    }
}

/// Loses a message. The harness numbers those that can be lost.
fn lose(harness: &mut CcvHarness, message: &Message) -> Result<()> {
    let waiting = harness.waiting()?;
    let mut can_be_lost = waiting.iter().filter(|it| it.kind != MessageKind::Timeout);
    let place = can_be_lost.position(|it| it == message);
    harness.apply(&CcvAction::Drop(place.unwrap_or_default()))
}

fn lane(kind: MessageKind) -> Lane {
    match kind {
        MessageKind::Receive => Lane::There,
        MessageKind::Acknowledge | MessageKind::Timeout => Lane::Back,
    }
}
