//! Plays a scenario on embedded chains.

use super::{
    CodeRegistry, Failure, Place, Played, Report, ScenarioError, ScenarioFile, Stage, StepOutcome,
    StepResult, check,
};
use crate::chain::EmbeddedChain;

/// Checks and plays a scenario until its end or the step that stops it.
///
/// # Errors
/// When the file is wrong; that an expectation is not met is in the report.
pub fn run(file: &ScenarioFile, codes: &CodeRegistry) -> Result<Report, ScenarioError> {
    let mut executor = Executor::new(file, codes)?;
    let mut outcomes = Vec::new();
    while let Some(outcome) = executor.next_step()? {
        outcomes.push(outcome);
    }
    let not_run = file.steps.len().saturating_sub(outcomes.len());
    Ok(Report {
        name: file.name.clone(),
        outcomes,
        not_run,
    })
}

/// A scenario being played, step by step.
pub struct Executor<'a> {
    file: &'a ScenarioFile,
    stage: Stage,
    next: usize,
    stopped: bool,
}

impl<'a> Executor<'a> {
    /// Checks a file and begins its chains.
    ///
    /// # Errors
    /// When the file is wrong.
    pub fn new(file: &'a ScenarioFile, codes: &CodeRegistry) -> Result<Self, ScenarioError> {
        check(file, codes)?;
        Ok(Self {
            file,
            stage: Stage::new(&file.chains, codes)?,
            next: 0,
            stopped: false,
        })
    }

    /// One of the chains, as it is now.
    #[must_use]
    pub fn chain(&self, name: &str) -> Option<&EmbeddedChain> {
        self.stage.wire().chain(name).ok()
    }

    /// Plays the next step; `None` at the end and after a step that stopped the run.
    ///
    /// # Errors
    /// When a name stands for nothing, which the check at the beginning excludes.
    pub fn next_step(&mut self) -> Result<Option<StepOutcome>, ScenarioError> {
        let index = self.next;
        let Some(step) = self.file.steps.get(index).filter(|_| !self.stopped) else {
            return Ok(None);
        };
        self.next = index.saturating_add(1);
        let place = Place::step(index);
        let chain = self
            .file
            .chain_of(step)
            .map_err(|error| error.below(&place))?;
        let played = self.stage.play(chain, step);
        let Played { result, failure } = played.map_err(|message| place.error(message))?;
        let ok = !matches!(result, StepResult::Error { .. });
        self.stopped = failure.as_ref().is_some_and(Failure::stops);
        Ok(Some(StepOutcome {
            step: index,
            chain: step.action.chain_between().unwrap_or(chain).to_owned(),
            kind: step.action.kind(),
            ok,
            result,
            failure,
        }))
    }
}
