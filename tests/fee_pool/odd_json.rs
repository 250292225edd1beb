//! Any JSON at all, as text: what a parser into values would refuse or smooth over is kept.

use std::fmt;

use proptest::prelude::*;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A number, word or text as it is written, valid JSON by itself.
    Written(String),
    /// A text.
    Text(String),
    List(Vec<Json>),
    /// Fields in their order. Names may come twice.
    Object(Vec<Field>),
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// A text; written, it may be one that no program can hold.
    pub name: Json,
    pub value: Json,
}

impl Json {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Json::Text(text.into())
    }

    /// A number or word as it is written.
    pub fn written(text: impl ToString) -> Self {
        Json::Written(text.to_string())
    }

    /// An object with these fields.
    pub fn object<const N: usize>(fields: [(&str, Json); N]) -> Self {
        let field = |(name, value)| Field {
            name: Json::text(name),
            value,
        };
        Json::Object(fields.into_iter().map(field).collect())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Json::Written(text) => f.write_str(text),
            Json::Text(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
            Json::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if place > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Json::Object(fields) => {
                f.write_str("{")?;
                for (place, Field { name, value }) in fields.iter().enumerate() {
                    write!(f, "{}{name}:{value}", if place > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// A change of something that was meant well.
#[derive(Clone, Debug)]
pub enum Mutation {
    /// It is not there.
    Drop,
    /// It is there twice.
    Duplicate,
    /// Something else is there.
    Replace(Json),
    /// It has another name, where it has one.
    Rename(Json),
    /// Something is there beside it.
    Join(Json),
}

impl Json {
    /// How many values are inside, itself not counted.
    fn inside(&self) -> usize {
        match self {
            Json::Written(_) | Json::Text(_) => 0,
            Json::List(items) => items.iter().map(|item| 1 + item.inside()).sum(),
            Json::Object(fields) => fields.iter().map(|field| 1 + field.value.inside()).sum(),
        }
    }

    /// Changes one of the values inside; which one, is a number that wraps around.
    pub fn mutate(&mut self, place: u16, mutation: &Mutation) {
        let inside = self.inside();
        if inside > 0 {
            self.mutate_inside(usize::from(place) % inside, mutation);
        }
    }

    fn mutate_inside(&mut self, mut place: usize, mutation: &Mutation) {
        match self {
            Json::Written(_) | Json::Text(_) => {}
            Json::List(items) => {
                for at in 0..items.len() {
                    if place == 0 {
                        match mutation {
                            Mutation::Drop => drop(items.remove(at)),
                            Mutation::Duplicate => items.insert(at, items[at].clone()),
                            Mutation::Replace(other) | Mutation::Rename(other) => {
                                items[at] = other.clone();
                            }
                            Mutation::Join(other) => items.insert(at, other.clone()),
                        }
                        return;
                    }
                    let inside = items[at].inside();
                    if place <= inside {
                        return items[at].mutate_inside(place - 1, mutation);
                    }
                    place -= 1 + inside;
                }
            }
            Json::Object(fields) => {
                for at in 0..fields.len() {
                    if place == 0 {
                        match mutation {
                            Mutation::Drop => drop(fields.remove(at)),
                            Mutation::Duplicate => fields.insert(at, fields[at].clone()),
                            Mutation::Replace(other) => fields[at].value = other.clone(),
                            Mutation::Rename(other) => fields[at].name = as_name(other),
                            Mutation::Join(other) => {
                                let name = Json::text("something_new");
                                let value = other.clone();
                                fields.insert(at, Field { name, value });
                            }
                        }
                        return;
                    }
                    let inside = fields[at].value.inside();
                    if place <= inside {
                        return fields[at].value.mutate_inside(place - 1, mutation);
                    }
                    place -= 1 + inside;
                }
            }
        }
    }
}

/// Only texts are names.
fn as_name(json: &Json) -> Json {
    match json {
        Json::Text(_) => json.clone(),
        Json::Written(text) if text.starts_with('"') => json.clone(),
        other => Json::text(other.to_string()),
    }
}

/// Words, numbers and texts as few programs write them.
const WRITTEN: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.0",
    "0.05",
    "1e5",
    "-1.5E-3",
    "1e999",
    "9007199254740993",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "0.1000000000000000055511151231257827",
    r#""""#,
    r#""\u0000""#,
    r#""\ud800""#,
    r#""\ud83d\ude00""#,
    r#""\/\b\f\n\r\t\"\\""#,
    r#""\u0062egin_block""#,
    "{}",
    "[]",
    "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
];

/// Texts that come close to what a field wants.
const TEXTS: [&str; 24] = [
    "",
    " ",
    "0",
    "00",
    "-0",
    "-1",
    "+1",
    "1",
    "1.5",
    "1.000000000000000001",
    "0.0000000000000000001",
    "0.05",
    ".5",
    "5.",
    "1e18",
    "0x10",
    "NaN",
    "１",
    "1000000000000000000000000",
    "1000000000000000000000001",
    "340282366920938463463374607431768211456",
    "115792089237316195423570985008687907853269984665640564039457584007913129639936",
    "BOND_STATUS_BONDED",
    "\u{202e}\u{0}\u{feff}",
];

/// Anything but a list or object.
fn leaf() -> impl Strategy<Value = Json> {
    prop_oneof![
        3 => prop::sample::select(&WRITTEN[..]).prop_map(Json::written),
        3 => prop::sample::select(&TEXTS[..]).prop_map(Json::text),
        1 => any::<i64>().prop_map(Json::written),
        1 => any::<String>().prop_map(Json::text),
        1 => "[-+.0-9e]{1,90}".prop_map(Json::text),
        1 => "[0-9]{1,300}".prop_map(|digits| Json::written(format!("1{digits}"))),
        1 => "[0-9]{70,300}".prop_map(Json::text),
    ]
}

/// Any JSON. Names of fields are now and then some of `names`.
pub fn any_json(names: &'static [&'static str]) -> BoxedStrategy<Json> {
    leaf()
        .prop_recursive(5, 40, 5, move |inner| {
            let name = prop_oneof![
                2 => prop::sample::select(names).prop_map(Json::text),
                1 => leaf().prop_map(|leaf| as_name(&leaf)),
            ];
            let field = (name, inner.clone()).prop_map(|(name, value)| Field { name, value });
            prop_oneof![
                1 => prop::collection::vec(inner, 0..5).prop_map(Json::List),
                2 => prop::collection::vec(field, 0..5).prop_map(Json::Object),
            ]
        })
        .boxed()
}

/// Any change; what is put somewhere is any JSON, or one of `values`.
pub fn mutation(
    names: &'static [&'static str],
    values: impl Strategy<Value = Json> + 'static,
) -> impl Strategy<Value = Mutation> {
    let other = prop_oneof![1 => any_json(names), 1 => values].boxed();
    let name = prop::sample::select(names).prop_map(Json::text);
    prop_oneof![
        1 => Just(Mutation::Drop),
        1 => Just(Mutation::Duplicate),
        4 => other.clone().prop_map(Mutation::Replace),
        1 => name.prop_map(Mutation::Rename),
        1 => other.prop_map(Mutation::Join),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_json(
            mut json in any_json(&["a", "b"]),
            changes in prop::collection::vec(
                (any::<u16>(), mutation(&["a", "b"], leaf())), 0..4),
        ) {
            for (place, change) in &changes {
                json.mutate(*place, change);
            }
            let text = json.to_string();
            prop_assert!(serde_json::from_str::<&RawValue>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn every_value_inside_can_be_changed() {
        let original = Json::object([
            ("a", Json::List(vec![Json::written(1), Json::written(2)])),
            ("b", Json::object([("c", Json::text("x"))])),
        ]);
        let changed: Vec<String> = (0..6)
            .map(|place| {
                let mut json = original.clone();
                json.mutate(place, &Mutation::Replace(Json::written("null")));
                json.to_string()
            })
            .collect();
        assert_eq!(
            changed,
            [
                r#"{"a":null, "b":{"c":"x"}}"#,
                r#"{"a":[null,2], "b":{"c":"x"}}"#,
                r#"{"a":[1,null], "b":{"c":"x"}}"#,
                r#"{"a":[1,2], "b":null}"#,
                r#"{"a":[1,2], "b":{"c":null}}"#,
                r#"{"a":null, "b":{"c":"x"}}"#,
            ]
        );
        let mut twice = original;
        twice.mutate(4, &Mutation::Duplicate);
        assert_eq!(twice.to_string(), r#"{"a":[1,2], "b":{"c":"x", "c":"x"}}"#);
    }
}
