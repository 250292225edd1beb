//! What is wrong with a scenario file.

use std::fmt;

use super::{Place, Position};

/// Something wrong with a scenario file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    place: Place,
    position: Option<Position>,
    message: String,
}

impl ScenarioError {
    /// Something wrong at a place.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            position: None,
            message: message.into(),
        }
    }

    /// The same error at this line and column.
    #[must_use]
    pub fn at(self, position: Position) -> Self {
        Self {
            position: Some(position),
            ..self
        }
    }

    /// The same error with the line and column that its place has in the file's text.
    #[must_use]
    pub fn located_in(self, text: &str) -> Self {
        let position = self.position.or_else(|| self.place.locate(text));
        Self { position, ..self }
    }

    /// The same error, whose place was seen from `outer`.
    #[must_use]
    pub(super) fn below(self, outer: &Place) -> Self {
        Self {
            place: outer.join(&self.place),
            ..self
        }
    }

    /// Where in the file.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Where in the file's text, if that is known.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} ({position}): {}", self.place, self.message),
            None => write!(f, "{}: {}", self.place, self.message),
        }
    }
}

impl std::error::Error for ScenarioError {}
