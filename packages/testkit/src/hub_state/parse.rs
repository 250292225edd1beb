//! From text to a [`HubState`].

use serde_path_to_error::{Path, Segment};

use super::{HubState, StateError, check};
use crate::scenario::{Place, Position};

impl HubState {
    /// Reads a state file.
    ///
    /// # Errors
    /// When the text is no JSON, a key is unknown or missing, a value has another type or is no
    /// number; when a validator or delegation is there twice, an address has another
    /// prefix than the first validator's, a delegation is to a validator that is not there, rates, powers or tokens
    /// are above their limits, or the shares of a validator are not those of its delegations.
    pub fn parse(text: &str) -> Result<Self, StateError> {
        let mut json = serde_json::Deserializer::from_str(text);
        let mut state: Self = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| explained(place_of(error.path()), error.inner()))?;
        json.end()
            .map_err(|error| explained(Place::root(), &error))?;
        let located = |error: StateError| error.located_in(text);
        let addresses = check::address_format(&state).map_err(located)?;
        check::check(&state, &addresses).map_err(located)?;
        state.prefix = addresses.prefix().to_owned();
        Ok(state)
    }
}

fn place_of(path: &Path) -> Place {
    path.iter()
        .fold(Place::root(), |place, segment| match segment {
            Segment::Seq { index } => place.index(*index),
            Segment::Map { key } => place.key(key),
            Segment::Enum { variant } => place.key(variant),
            Segment::Unknown => place,
        })
}

/// What the parser says, with its position said once.
fn explained(place: Place, error: &serde_json::Error) -> StateError {
    let position = Position {
        line: error.line(),
        column: error.column(),
    };
    let message = error.to_string();
    let suffix = format!(" at {}", position.to_string().replace(',', ""));
    let message = message.strip_suffix(&suffix).unwrap_or(&message);
    StateError::new(place, message).at(position)
}
