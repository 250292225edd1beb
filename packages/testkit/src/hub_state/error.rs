//! What is wrong with a state file.

use std::fmt;

use crate::scenario::{Place, Position};

/// Something wrong with a state file: which field, where it is in the text, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    place: Place,
    position: Option<Position>,
    message: String,
}

impl StateError {
    /// Something wrong with the field at a place.
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            position: None,
            message: message.into(),
        }
    }

    /// The same error at this line and column.
    #[must_use]
    pub(super) fn at(self, position: Position) -> Self {
        Self {
            position: Some(position),
            ..self
        }
    }

    /// The same error with the line and column that its place has in the file's text.
    #[must_use]
    pub(super) fn located_in(self, text: &str) -> Self {
        let position = self.position.or_else(|| self.place.locate(text));
        Self { position, ..self }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} ({position}): {}", self.place, self.message),
            None => write!(f, "{}: {}", self.place, self.message),
        }
    }
}

impl std::error::Error for StateError {}
