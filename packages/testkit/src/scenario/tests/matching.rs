use serde_json::{Value, json};

use crate::scenario::{Mismatch, mismatch};

#[track_caller]
fn matches(expected: Value, came: Value) {
    assert_eq!(mismatch(&expected, &came), None);
}

#[track_caller]
fn differs(expected: Value, came: Value, pointer: &str) -> Mismatch {
    let found = mismatch(&expected, &came).expect("there should be a difference");
    assert_eq!(found.pointer, pointer, "{found}");
    found
}

#[test]
fn keys_that_are_not_listed_may_be_anything() {
    matches(json!({}), json!({"a": 1}));
    matches(json!({"a": 1}), json!({"a": 1, "b": 2}));
    matches(
        json!({"a": {"b": [{}]}}),
        json!({"a": {"b": [{"c": 1}], "d": 2}}),
    );
}

#[test]
fn a_listed_key_must_be_there() {
    let found = differs(json!({"a": null}), json!({"b": null}), "/a");
    assert_eq!((found.expected, found.came), (Some(json!(null)), None));
    differs(json!({"a": {"b": {}}}), json!({"a": {}}), "/a/b");
}

#[test]
fn arrays_have_as_many_elements_and_match_one_by_one() {
    matches(json!([]), json!([]));
    matches(json!([{}, 2]), json!([{"a": 1}, 2]));
    differs(json!([1, 2]), json!([2, 1]), "/0");
    let short = differs(json!([1, 2]), json!([1]), "/1");
    assert_eq!((short.expected, short.came), (Some(json!(2)), None));
    let long = differs(json!([1]), json!([1, 2]), "/1");
    assert_eq!((long.expected, long.came), (None, Some(json!(2))));
    differs(json!([]), json!([1]), "/0");
}

#[test]
fn scalars_match_exactly() {
    for value in [json!(1), json!("1"), json!(true), json!(null), json!(1.5)] {
        matches(value.clone(), value);
    }
    differs(json!("1"), json!(1), "");
    differs(json!("1"), json!("01"), "");
    differs(json!(null), json!(false), "");
    differs(json!("x"), json!("xy"), "");
}

#[test]
fn kinds_do_not_mix() {
    differs(json!({}), json!([]), "");
    differs(json!([]), json!({}), "");
    differs(json!({}), json!(null), "");
    differs(json!({"a": []}), json!({"a": {"0": 1}}), "/a");
}

#[test]
fn the_pointer_leads_to_the_first_difference() {
    let came = json!({"a/b": {"c~d": [10, {"e": 1}]}, "z": 0});
    let found = differs(
        json!({"z": 1, "a/b": {"c~d": [10, {"e": 2}]}}),
        came.clone(),
        "/a~1b/c~0d/1/e",
    );
    assert_eq!(came.pointer(&found.pointer), found.came.as_ref());
    assert_eq!(found.to_string(), "at /a~1b/c~0d/1/e expected 2, came 1");
    assert_eq!(
        differs(json!(1), json!(2), "").to_string(),
        "expected 1, came 2"
    );
}
