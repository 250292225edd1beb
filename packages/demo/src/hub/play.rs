//! Plays a story on a pool and on the brute-force ledger.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use testkit::fee_pool::AccountingKind;
use testkit::fee_pool::Harness;
use testkit::hub_state::HubState;

use super::history::History;
use super::story::{Action, Story};
use crate::progress::Progress;

/// Lines in one `import` message.
const IMPORT_PAGE: usize = 100;

/// What to play.
pub struct Plan {
    /// The state at the start.
    pub state: HubState,
    /// How the pool keeps entitlements.
    pub accounting: AccountingKind,
    /// What the story follows from.
    pub seed: u64,
    /// How many blocks.
    pub blocks: u32,
    /// How often on the way, at most, every recipient is compared.
    pub comparisons: u32,
}

/// A story that was played to its end.
pub struct Played {
    /// The pool and the ledger.
    pub harness: Harness,
    /// The story.
    pub story: Story,
    /// What was seen on the way.
    pub history: History,
    /// How often every recipient was compared on the way.
    pub comparisons: u32,
    /// How long the blocks took, with the ledger, the comparisons and all checks in between.
    pub elapsed: Duration,
}

/// Plays a plan: every payment is held against the exact share as it is made, the conservation
/// equation after every block, and every recipient's entitlement as often as the plan says.
///
/// # Errors
/// When anything does not hold, with the block; or when the pool refuses what happens.
pub fn play(plan: &Plan, progress: &Progress) -> Result<Played> {
    progress.says("importing the state");
    let mut harness =
        Harness::with_state(&plan.state, plan.accounting, IMPORT_PAGE).context("the import")?;
    let mut story = Story::new(&plan.state, plan.seed)?;
    let mut history = History::new(&story.staking, plan.blocks);
    let mut comparisons = 0;
    let step = plan.blocks.div_ceil(plan.comparisons.max(1));

    progress.says("playing blocks");
    let begin = Instant::now();
    for block in 1..=plan.blocks {
        for action in story.block() {
            apply(&mut harness, &action).with_context(|| format!("block {block}"))?;
        }
        harness
            .check_conservation()
            .with_context(|| format!("after block {block}"))?;
        if block.is_multiple_of(step) {
            harness
                .compare()
                .with_context(|| format!("after block {block}"))?;
            comparisons += 1;
        }
        history.look(block, &harness)?;
        progress.block();
    }
    progress.says("claiming at the end");
    for action in story.finale() {
        apply(&mut harness, &action).context("after the last block")?;
    }
    history.look_now(plan.blocks, &harness)?;
    Ok(Played {
        harness,
        story,
        history,
        comparisons,
        elapsed: begin.elapsed(),
    })
}

fn apply(harness: &mut Harness, action: &Action) -> Result<()> {
    match action {
        Action::Operation(operation) => harness.apply(operation),
        Action::EditCommission {
            validator,
            commission_atomics,
        } => harness
            .edit_commission(validator, *commission_atomics)
            .with_context(|| format!("{action:?}")),
    }
}
