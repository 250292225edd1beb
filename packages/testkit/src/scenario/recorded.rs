//! Steps that a harness makes up as it goes: played, and kept as a scenario file.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail};

use super::{ChainSpec, CodeRegistry, ScenarioFile, Stage, Step, StepResult};
use crate::wire::Wire;

/// A [`Stage`] that can keep what was played on it.
pub struct RecordedStage {
    stage: Stage,
    recording: Option<ScenarioFile>,
}

impl RecordedStage {
    /// Begins chains. With a name every step is kept for a file of that name.
    ///
    /// # Errors
    /// As [`Stage::new`].
    pub fn new(
        chains: BTreeMap<String, ChainSpec>,
        codes: &CodeRegistry,
        name: Option<&str>,
    ) -> Result<Self> {
        Ok(Self {
            stage: Stage::new(&chains, codes)?,
            recording: name.map(|name| ScenarioFile {
                name: name.to_owned(),
                accounts: None,
                chains,
                steps: Vec::new(),
            }),
        })
    }

    /// Plays a step and keeps it; one that is refused is kept as one that must be.
    ///
    /// # Errors
    /// The chain's or contract's, as text.
    pub fn play(&mut self, step: Step) -> Result<StepResult> {
        let chain = step.chain.clone().unwrap_or_default();
        let played = self.stage.play(&chain, &step);
        match played.map_err(|error| anyhow!("{error}"))?.result {
            StepResult::Error { error } => {
                self.record(step.failing(""));
                bail!("{error}")
            }
            result => {
                self.record(step);
                Ok(result)
            }
        }
    }

    /// Keeps a step that was played on the chains themselves.
    pub fn record(&mut self, step: Step) {
        if let Some(file) = &mut self.recording {
            file.steps.push(step);
        }
    }

    /// The steps so far, when they are kept.
    #[must_use]
    pub fn scenario(&self) -> Option<&ScenarioFile> {
        self.recording.as_ref()
    }

    /// The chains, as they are now.
    #[must_use]
    pub fn wire(&self) -> &Wire {
        self.stage.wire()
    }

    /// The chains, to act on beside the steps.
    pub fn wire_mut(&mut self) -> &mut Wire {
        self.stage.wire_mut()
    }
}
