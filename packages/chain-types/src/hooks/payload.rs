//! The outer JSON of a `sudo` call: one name, and a body that is not looked into yet.

use std::fmt;

use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::IgnoredHook;

/// The argument of a `sudo` entry point: any JSON value at all.
///
/// Reading it never fails on JSON, however deep, long or odd, because the text is kept as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct RawSudo(Box<RawValue>);

/// A `sudo` call: `{"<name>": <body>}`.
#[derive(Clone, Debug)]
pub struct SudoPayload {
    /// The one key.
    pub name: String,
    /// Its value, not yet read.
    pub body: Box<RawValue>,
}

/// Reads the name of a call and keeps its body.
///
/// # Errors
/// [`IgnoredHook`] unless the payload is an object with exactly one key.
pub fn read(sudo: &RawSudo) -> Result<SudoPayload, IgnoredHook> {
    // From bytes, as cosmwasm-std reads: a second reader for texts would only add code.
    serde_json::from_slice::<OneKey>(sudo.0.get().as_bytes())
        .map(|payload| payload.0)
        .map_err(|error| IgnoredHook::unnamed(&error.to_string()))
}

struct OneKey(SudoPayload);

impl<'de> Deserialize<'de> for OneKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OneKeyVisitor)
    }
}

struct OneKeyVisitor;

impl<'de> Visitor<'de> for OneKeyVisitor {
    type Value = OneKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with one key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some(name) = map.next_key::<String>()? else {
            return Err(A::Error::custom("the object has no key, it must have one"));
        };
        let body = map.next_value::<Box<RawValue>>()?;
        if map.next_key::<IgnoredAny>()?.is_some() {
            return Err(A::Error::custom(
                "the object has several keys, it must have one",
            ));
        }
        Ok(OneKey(SudoPayload { name, body }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::sudo;
    use super::*;

    #[track_caller]
    fn ignored(json: &str) -> String {
        let ignored = read(&sudo(json)).unwrap_err();
        assert_eq!(ignored.hook, "unnamed");
        ignored.reason
    }

    #[test]
    fn the_body_is_kept_as_it_is() {
        let payload = read(&sudo(r#" { "begin_block" : {"a": [1, 2.50e3]} } "#)).unwrap();
        assert_eq!(payload.name, "begin_block");
        assert_eq!(payload.body.get(), r#"{"a": [1, 2.50e3]}"#);
    }

    #[test]
    fn the_name_is_unescaped() {
        let payload = read(&sudo(r#"{"begin\u005fblock":null}"#)).unwrap();
        assert_eq!(payload.name, "begin_block");
        assert_eq!(payload.body.get(), "null");
    }

    #[test]
    fn what_is_no_object_is_ignored() {
        for (json, kind) in [
            ("null", "null"),
            ("true", "boolean"),
            ("0", "integer"),
            ("-1.5e-3", "floating point"),
            (r#""begin_block""#, "string"),
            (r#"["begin_block",{}]"#, "sequence"),
        ] {
            let reason = ignored(json);
            assert!(reason.contains(kind), "{json}: {reason}");
            assert!(
                reason.contains("an object with one key"),
                "{json}: {reason}"
            );
        }
        // No number type holds it.
        assert!(ignored("1e999").contains("number out of range"));
    }

    #[test]
    fn no_key_and_several_keys_are_ignored() {
        assert!(ignored("{}").starts_with("the object has no key"));
        assert!(ignored(r#"{"a":{},"b":{}}"#).starts_with("the object has several keys"));
        assert!(ignored(r#"{"a":{},"a":{}}"#).starts_with("the object has several keys"));
    }

    #[test]
    fn a_name_that_is_no_text_is_ignored() {
        // Half of a surrogate pair: valid JSON, but no character.
        assert!(ignored(r#"{"\ud800":{}}"#).contains("escape"));
    }

    #[test]
    fn depth_and_length_do_no_harm() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        ignored(&deep);
        let body = read(&sudo(&format!(r#"{{"x":{deep}}}"#))).unwrap().body;
        assert_eq!(body.get(), deep);

        let long = "x".repeat(1_000_000);
        let payload = read(&sudo(&format!(r#"{{"{long}":"{long}"}}"#))).unwrap();
        assert_eq!(payload.name, long);
        assert!(ignored(&format!(r#""{long}""#)).len() <= 256);
    }
}
