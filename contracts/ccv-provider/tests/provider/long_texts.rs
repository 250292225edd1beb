//! Texts that are longer than a part of a storage key can be.

use ccv_provider::ContractError;
use serde_json::{Value, from_value, json};

use crate::consumers::owners_messages;
use crate::world::{DENOM, LOCAL, World, validator};

/// Every message and query with texts that are longer than a storage key can be.
#[test]
fn no_text_is_too_long_to_be_refused() {
    let long = "x".repeat(65_536);
    let mut world = World::new();
    let before = world.snapshot();
    for message in owners_messages().into_iter().chain([
        json!({"process": {"consumer": "alpha", "epoch": 1, "denom": DENOM}}),
        json!({"retry_payment": {"validator": validator(1), "denom": LOCAL}}),
        json!({"update_consumer_denoms": {"id": "alpha", "remove": [DENOM]}}),
        json!({"update_consumer_denoms": {"id": "alpha", "add": [DENOM]}}),
        json!({"update_consumer": {"id": "alpha", "connection_id": "c", "port_id": "p",
            "transfer_channel": "t", "transfer_connection_id": "u"}}),
    ]) {
        for bent in with_each_text(&message, &long) {
            let Ok(message) = from_value(bent) else {
                continue;
            };
            let _ = world.owner(message);
            world.restore(before.clone());
        }
    }
    for query in [
        json!({"consumer": {"id": "alpha"}}),
        json!({"consumers": {"start_after": "a"}}),
        json!({"unit": {"consumer": "alpha", "epoch": 1, "denom": DENOM}}),
        json!({"pending_units": {"consumer": "alpha", "start_after": {"denom": DENOM, "epoch": 1}}}),
        json!({"rewards": {"validator": validator(1), "start_after": LOCAL}}),
        json!({"owed_payments": {"start_after": {"validator": validator(1), "denom": LOCAL}}}),
        json!({"carry": {"consumer": "alpha", "start_after": LOCAL}}),
        json!({"invariants": {"start_after": LOCAL}}),
        json!({"audit": {"start_after": "units/00"}}),
    ] {
        for bent in with_each_text(&query, &long) {
            let _ = world.try_query(&from_value(bent).unwrap());
        }
    }
    let query =
        json!({"pending_units": {"consumer": "alpha", "start_after": {"denom": long, "epoch": 1}}});
    assert!(matches!(
        world.try_query(&from_value(query).unwrap()).unwrap_err(),
        ContractError::Ccv(_)
    ));
}

/// A value with another text in place of each of its texts, one at a time.
fn with_each_text(value: &Value, text: &str) -> Vec<Value> {
    match value {
        Value::String(_) => vec![json!(text)],
        Value::Array(items) => (0..items.len())
            .flat_map(|place| {
                with_each_text(&items[place], text)
                    .into_iter()
                    .map(move |bent| {
                        let mut whole = value.clone();
                        whole[place] = bent;
                        whole
                    })
            })
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, field)| {
                with_each_text(field, text).into_iter().map(move |bent| {
                    let mut whole = value.clone();
                    whole[key] = bent;
                    whole
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}
