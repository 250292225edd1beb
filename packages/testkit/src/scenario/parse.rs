//! From text to a [`ScenarioFile`]: the shape of every key, with the place of what is wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_path_to_error::Segment as PathSegment;

use super::{Action, Place, Position, ScenarioError, ScenarioFile, Step};

/// Reads a scenario file.
///
/// # Errors
/// When the text is no JSON, or has an unknown or missing key or a wrong type; names are not looked
/// up here but by [`check`](super::check).
pub fn parse(text: &str) -> Result<ScenarioFile, ScenarioError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let file = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = place_of(error.path());
        explained(place, error.inner())
    })?;
    json.end()
        .map_err(|error| explained(Place::root(), &error))?;
    Ok(file)
}

fn place_of(path: &serde_path_to_error::Path) -> Place {
    path.iter()
        .fold(Place::root(), |place, segment| match segment {
            PathSegment::Seq { index } => place.index(*index),
            PathSegment::Map { key } => place.key(key),
            PathSegment::Enum { variant } => place.key(variant),
            PathSegment::Unknown => place,
        })
}

fn explained(place: Place, error: &serde_json::Error) -> ScenarioError {
    let position = Position {
        line: error.line(),
        column: error.column(),
    };
    let message = error.to_string();
    let suffix = format!(" at line {} column {}", position.line, position.column);
    let message = message.strip_suffix(&suffix).unwrap_or(&message).to_owned();
    place.error(message).at(position)
}

/// Every key of a step.
#[derive(Clone, Copy, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum StepKey {
    Instantiate,
    Execute,
    Sudo,
    Query,
    Migrate,
    Send,
    Balance,
    Advance,
    Validator,
    Delegation,
    BlockAccount,
    HookDenom,
    Connect,
    TransferChannel,
    OpenChannel,
    Transfer,
    Relay,
    ExpireClient,
    CloseChannel,
    Chain,
    Expect,
    Error,
    Save,
}

/// A step is read by hand: its first kind of key says what it does, the others stand beside it.
impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StepVisitor)
    }
}

struct StepVisitor;

impl<'de> Visitor<'de> for StepVisitor {
    type Value = Step;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step, an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Step, A::Error> {
        let (mut chain, mut expect, mut error, mut save) = (None, None, None, None);
        let mut action: Option<Action> = None;
        while let Some(key) = map.next_key::<StepKey>()? {
            let next = match key {
                StepKey::Instantiate => Action::Instantiate(map.next_value()?),
                StepKey::Execute => Action::Execute(map.next_value()?),
                StepKey::Sudo => Action::Sudo(map.next_value()?),
                StepKey::Query => Action::Query(map.next_value()?),
                StepKey::Migrate => Action::Migrate(map.next_value()?),
                StepKey::Send => Action::Send(map.next_value()?),
                StepKey::Balance => Action::Balance(map.next_value()?),
                StepKey::Advance => Action::Advance(map.next_value()?),
                StepKey::Validator => Action::Validator(map.next_value()?),
                StepKey::Delegation => Action::Delegation(map.next_value()?),
                StepKey::BlockAccount => Action::BlockAccount(map.next_value()?),
                StepKey::HookDenom => Action::HookDenom(map.next_value()?),
                StepKey::Connect => Action::Connect(map.next_value()?),
                StepKey::TransferChannel => Action::TransferChannel(map.next_value()?),
                StepKey::OpenChannel => Action::OpenChannel(map.next_value()?),
                StepKey::Transfer => Action::Transfer(map.next_value()?),
                StepKey::Relay => Action::Relay(map.next_value()?),
                StepKey::ExpireClient => Action::ExpireClient(map.next_value()?),
                StepKey::CloseChannel => Action::CloseChannel(map.next_value()?),
                StepKey::Chain => {
                    once("chain", &mut chain, map.next_value()?)?;
                    continue;
                }
                StepKey::Expect => {
                    once("expect", &mut expect, map.next_value()?)?;
                    continue;
                }
                StepKey::Error => {
                    once("error", &mut error, map.next_value()?)?;
                    continue;
                }
                StepKey::Save => {
                    once("save", &mut save, map.next_value::<UniqueKeys<_>>()?.0)?;
                    continue;
                }
            };
            if let Some(first) = &action {
                let (first, second) = (first.kind(), next.kind());
                let message = format!("a step does one thing, not `{first}` and `{second}`");
                return Err(A::Error::custom(message));
            }
            action = Some(next);
        }
        let needed = || A::Error::custom("a step needs a key that says what it does");
        let action = action.ok_or_else(needed)?;
        Ok(Step {
            chain,
            action,
            expect,
            error,
            save: save.unwrap_or_default(),
        })
    }
}

/// Fills what stands beside the action, and refuses to fill it twice.
fn once<T, E: Error>(key: &str, slot: &mut Option<T>, value: T) -> Result<(), E> {
    if slot.is_some() {
        return Err(E::custom(format!("`{key}` is there twice")));
    }
    *slot = Some(value);
    Ok(())
}

/// Reads an object into a map and refuses a key that comes twice: of two balances with the same
/// name one would be lost.
pub(super) fn unique_keys<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    UniqueKeys::deserialize(deserializer).map(|map| map.0)
}

struct UniqueKeys<T>(BTreeMap<String, T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for UniqueKeys<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueKeysVisitor(PhantomData))
    }
}

struct UniqueKeysVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for UniqueKeysVisitor<T> {
    type Value = UniqueKeys<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value()?;
            if found.contains_key(&key) {
                return Err(A::Error::custom(format!("`{key}` is there twice")));
            }
            found.insert(key, value);
        }
        Ok(UniqueKeys(found))
    }
}
