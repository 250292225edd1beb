//! Places in a scenario file.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::value::RawValue;

use super::ScenarioError;

/// One step down into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The value of a key of an object.
    Key(String),
    /// An element of an array, counted from 0.
    Index(usize),
}

/// Where something is in a file, printed like `steps[3].execute.sender`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(Vec<Segment>);

/// A line and a column of a text, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The file as a whole.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The step with this index.
    #[must_use]
    pub fn step(index: usize) -> Self {
        Self::root().key("steps").index(index)
    }

    /// The value of a key here.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.down(Segment::Key(key.into()))
    }

    /// An element of the array here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.down(Segment::Index(index))
    }

    /// Something that is wrong here.
    pub(super) fn error(&self, message: impl Into<String>) -> ScenarioError {
        ScenarioError::new(self.clone(), message)
    }

    /// The place that is `inner` when seen from here.
    pub(super) fn join(&self, inner: &Self) -> Self {
        inner
            .0
            .iter()
            .cloned()
            .fold(self.clone(), |place, segment| place.down(segment))
    }

    fn down(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    /// The way to the place, from the top.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Where in `text` this place begins; what surrounds it when the text does not have it; nothing
    /// when the text is no JSON.
    #[must_use]
    pub fn locate(&self, text: &str) -> Option<Position> {
        let mut here = serde_json::from_str::<&RawValue>(text).ok()?.get();
        for segment in &self.0 {
            match inside(here, segment) {
                Some(below) => here = below,
                None => break,
            }
        }
        // `here` is a slice of `text`: its distance from the beginning is the offset.
        let offset = here.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        Position::of(text, offset)
    }
}

/// The text of what is one segment below `text`.
fn inside<'a>(text: &'a str, segment: &Segment) -> Option<&'a str> {
    match segment {
        Segment::Key(key) => {
            let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
            object.get(key).map(|value| value.get())
        }
        Segment::Index(index) => {
            let array: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            array.get(*index).map(|value| value.get())
        }
    }
}

impl Position {
    fn of(text: &str, offset: usize) -> Option<Self> {
        let before = text.get(..offset)?;
        let line = before.matches('\n').count().checked_add(1)?;
        let column = before.rsplit('\n').next()?.chars().count().checked_add(1)?;
        Some(Self { line, column })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the file");
        }
        for (depth, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if !is_plain(key) => write!(f, "[{key:?}]")?,
                Segment::Key(key) if depth == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// Whether a key can be read without quotes.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}
