//! Whether a result is what a file expects.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// Where a result differs from what was expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mismatch {
    /// JSON pointer to the first difference in the result; empty for the result as a whole.
    pub pointer: String,
    /// What should be there, or nothing.
    pub expected: Option<Value>,
    /// What is there, or nothing.
    pub came: Option<Value>,
}

/// The first place where `came` does not contain `expected`.
///
/// Listed keys must match, arrays have as many elements and match one by one, anything else must be
/// equal: the string `"1"` is not the number `1`. Keys are compared in alphabetical order.
///
/// ```
/// use serde_json::json;
/// use testkit::scenario::mismatch;
///
/// let came = json!({"claimable": [{"denom": "uatom", "amount": "44"}], "rewards": []});
/// assert_eq!(mismatch(&json!({"claimable": [{"amount": "44"}]}), &came), None);
///
/// let difference = mismatch(&json!({"claimable": [{"amount": "45"}]}), &came).unwrap();
/// assert_eq!(difference.pointer, "/claimable/0/amount");
/// assert_eq!(difference.to_string(), r#"at /claimable/0/amount expected "45", came "44""#);
/// ```
#[must_use]
pub fn mismatch(expected: &Value, came: &Value) -> Option<Mismatch> {
    below(&mut String::new(), Some(expected), Some(came))
}

fn below(pointer: &mut String, expected: Option<&Value>, came: Option<&Value>) -> Option<Mismatch> {
    match (expected, came) {
        (Some(Value::Object(expected)), Some(Value::Object(came))) => expected
            .iter()
            .find_map(|(key, field)| inside(pointer, key, Some(field), came.get(key))),
        (Some(Value::Array(expected)), Some(Value::Array(came))) => {
            (0..expected.len().max(came.len())).find_map(|index| {
                inside(
                    pointer,
                    &index.to_string(),
                    expected.get(index),
                    came.get(index),
                )
            })
        }
        (expected, came) if expected == came => None,
        (expected, came) => Some(Mismatch {
            pointer: pointer.clone(),
            expected: expected.cloned(),
            came: came.cloned(),
        }),
    }
}

fn inside(
    pointer: &mut String,
    key: &str,
    expected: Option<&Value>,
    came: Option<&Value>,
) -> Option<Mismatch> {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    let found = below(pointer, expected, came);
    pointer.truncate(length);
    found
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| {
            value
                .as_ref()
                .map_or("nothing".to_owned(), Value::to_string)
        };
        if !self.pointer.is_empty() {
            write!(f, "at {} ", self.pointer)?;
        }
        write!(
            f,
            "expected {}, came {}",
            shown(&self.expected),
            shown(&self.came)
        )
    }
}
