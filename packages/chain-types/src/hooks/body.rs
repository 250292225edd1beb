//! Single fields of a hook's body. Everything else in it is passed over unread.

use std::fmt;
use std::str::FromStr;

use cosmwasm_std::Decimal256;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::text::head;

/// Decimal places of a fraction.
const PLACES: usize = 18;

/// Bytes of a value that a reason repeats.
const SHOWN: usize = 64;

/// The text in a field.
///
/// # Errors
/// The reason, which names the field, when it is missing, there twice or no string, or when the
/// body is no object.
pub(super) fn text(body: &RawValue, field: &'static str) -> Result<String, String> {
    let mut json = serde_json::Deserializer::from_slice(body.get().as_bytes());
    let value = Field(field)
        .deserialize(&mut json)
        .map_err(|error| format!("the body cannot be read for field {field}: {error}"))?
        .ok_or_else(|| format!("field {field} is missing"))?;
    serde_json::from_slice(value.get().as_bytes())
        .map_err(|error| format!("field {field} is not a text: {error}"))
}

/// The fraction in a field: a decimal text in [0, 1] with at most 18 places.
///
/// # Errors
/// The reason, which names the field and what is in it.
pub(super) fn fraction(body: &RawValue, field: &'static str) -> Result<Decimal256, String> {
    let text = text(body, field)?;
    let refused = |rule: &str| format!("field {field} is {}, {rule}", head(&text, SHOWN));
    // The number's own parser takes signs in odd places.
    let (whole, places) = text.split_once('.').unwrap_or((&text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(places) || places.len() > PLACES {
        return Err(refused(
            "it must be a number from 0 to 1 with at most 18 decimal places",
        ));
    }
    Decimal256::from_str(&text)
        .ok()
        .filter(|fraction| *fraction <= Decimal256::one())
        .ok_or_else(|| refused("it must be at most 1"))
}

/// Finds one field of an object.
struct Field(&'static str);

impl<'de> DeserializeSeed<'de> for Field {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Field {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != self.0 {
                map.next_value::<IgnoredAny>()?;
            } else if found.is_some() {
                return Err(A::Error::custom("it is there twice"));
            } else {
                found = Some(map.next_value::<&RawValue>()?);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_string()).unwrap()
    }

    fn read_fraction(value: &str) -> Result<Decimal256, String> {
        fraction(&raw(&serde_json::json!({ "f": value }).to_string()), "f")
    }

    #[test]
    fn other_fields_are_passed_over_whatever_they_are() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let body = format!(
            r#"{{"a":1e999,"b":"\ud800","b":{deep},"v":"junovaloper1v","c":null,"d":{{"v":1}}}}"#
        );
        assert_eq!(text(&raw(&body), "v").unwrap(), "junovaloper1v");
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(
            text(&raw(r#"{"\u0076":"a\u0062\n"}"#), "v").unwrap(),
            "ab\n"
        );
    }

    #[test]
    fn a_missing_field_is_named() {
        assert_eq!(
            text(&raw(r#"{"V":"x"}"#), "v").unwrap_err(),
            "field v is missing"
        );
        assert_eq!(text(&raw("{}"), "v").unwrap_err(), "field v is missing");
    }

    #[test]
    fn a_field_that_is_no_text_is_named() {
        for value in [
            "null",
            "5",
            "1.5",
            "[]",
            r#"{"v":"x"}"#,
            "true",
            r#""\udfff""#,
        ] {
            let reason = text(&raw(&format!(r#"{{"v":{value}}}"#)), "v").unwrap_err();
            assert!(reason.starts_with("field v is not a text: "), "{reason}");
        }
    }

    #[test]
    fn a_field_that_is_there_twice_is_named() {
        let reason = text(&raw(r#"{"v":"x","v":"y"}"#), "v").unwrap_err();
        assert!(
            reason.starts_with("the body cannot be read for field v: it is there twice"),
            "{reason}"
        );
    }

    #[test]
    fn a_body_that_is_no_object_names_the_field_that_it_lacks() {
        for body in ["null", "[]", r#"["v"]"#, r#""v""#, "7"] {
            let reason = text(&raw(body), "v").unwrap_err();
            assert!(
                reason.starts_with("the body cannot be read for field v: "),
                "{reason}"
            );
        }
    }

    #[test]
    fn fractions_from_0_to_1_are_read() {
        for (text, percent) in [
            ("0", 0),
            ("0.05", 5),
            ("0.050000000000000000", 5),
            ("1", 100),
            ("1.000000000000000000", 100),
            ("00.5", 50),
        ] {
            assert_eq!(read_fraction(text).unwrap(), Decimal256::percent(percent));
        }
        assert_eq!(
            read_fraction("0.000000000000000001").unwrap().to_string(),
            "0.000000000000000001"
        );
    }

    #[test]
    fn what_is_no_fraction_is_named_with_the_rule() {
        for text in [
            "",
            ".",
            "-0.1",
            "+0.1",
            "0.+1",
            "0.-1",
            "0,1",
            "1/2",
            "1e-2",
            ".5",
            "1.",
            "0.1.2",
            " 0.1",
            "0x1",
            "NaN",
            "０.１",
            "0.0000000000000000001",
        ] {
            assert_eq!(
                read_fraction(text).unwrap_err(),
                format!(
                    "field f is {text}, \
                     it must be a number from 0 to 1 with at most 18 decimal places"
                )
            );
        }
        for text in ["1.000000000000000001", "2", &"9".repeat(60)] {
            assert_eq!(
                read_fraction(text).unwrap_err(),
                format!("field f is {text}, it must be at most 1")
            );
        }
        assert!(read_fraction(&"9".repeat(1_000_000)).unwrap_err().len() < 200);
    }

    proptest! {
        #[test]
        fn every_atomic_fraction_is_read_exactly(atomics in 0u64..=1_000_000_000_000_000_000) {
            let fraction = Decimal256::new(atomics.into());
            prop_assert_eq!(read_fraction(&fraction.to_string()).unwrap(), fraction);
        }

        #[test]
        fn no_text_is_a_fraction_above_one(text in "\\PC{0,80}|[-+.0-9e]{0,80}") {
            if let Ok(fraction) = read_fraction(&text) {
                prop_assert!(fraction <= Decimal256::one());
            }
        }
    }
}
