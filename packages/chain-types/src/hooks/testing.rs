//! What the tests of the dialects share, and what holds for every payload.

use super::{Dialect, HOOK_BYTES, HookEvent, IgnoredHook, REASON_BYTES, RawSudo, normalise, read};
use cosmwasm_std::{Decimal256, from_json};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

/// A payload as the entry point gets it.
#[track_caller]
pub fn sudo(json: &str) -> RawSudo {
    from_json(json).unwrap()
}

fn outcome(dialect: Dialect, sudo: &RawSudo) -> Result<HookEvent, IgnoredHook> {
    let payload = read(sudo)?;
    normalise(dialect, &payload.name, &payload.body)
}

/// The event that a payload means.
#[track_caller]
pub fn event(dialect: Dialect, json: &str) -> HookEvent {
    outcome(dialect, &sudo(json)).unwrap()
}

/// Why a payload is ignored.
#[track_caller]
pub fn ignored(dialect: Dialect, json: &str) -> IgnoredHook {
    outcome(dialect, &sudo(json)).unwrap_err()
}

/// The hook is ignored, with a reason that names the field, when one of the fields is missing or
/// has another type; it is read as before when any other field is missing, odd or new.
#[track_caller]
pub fn each_field_is_needed(dialect: Dialect, hook: &str, body: &str, needed: &[&str]) {
    let original = event(dialect, &format!(r#"{{"{hook}":{body}}}"#));
    let body: Map<String, Value> = serde_json::from_str(body).unwrap();
    let call = |body: Map<String, Value>| json!({ hook: body }).to_string();

    for field in body.keys() {
        let mut without = body.clone();
        without.remove(field);
        let mut variants = vec![call(without)];
        for odd in [json!(null), json!(5), json!(0.5), json!(["x"]), json!({})] {
            let mut changed = body.clone();
            changed.insert(field.clone(), odd);
            variants.push(call(changed));
        }
        for variant in variants {
            if needed.contains(&field.as_str()) {
                let ignored = ignored(dialect, &variant);
                assert_eq!(ignored.hook, hook);
                assert!(
                    ignored.reason.starts_with(&format!("field {field} is ")),
                    "{variant}: {}",
                    ignored.reason
                );
            } else {
                assert_eq!(event(dialect, &variant), original, "{variant}");
            }
        }
    }

    let mut more = body.clone();
    more.insert("something_new".to_string(), json!({ "a": [1, 2.5] }));
    assert_eq!(event(dialect, &call(more)), original);
}

const HOOKS: [&str; 14] = [
    r#"{"after_validator_created":{"moniker":"m","validator_address":"junovaloper1v","commission":"0.1","validator_tokens":"1","bonded_tokens":"1","bond_status":"BOND_STATUS_BONDED"}}"#,
    r#"{"before_validator_modified":{"moniker":"m","validator_address":"junovaloper1v","commission":"0.1","validator_tokens":"1","bonded_tokens":"1","bond_status":"BOND_STATUS_BONDED"}}"#,
    r#"{"after_validator_removed":{"moniker":"m","validator_address":"junovaloper1v","commission":"0.1","validator_tokens":"1","bonded_tokens":"1","bond_status":"BOND_STATUS_BONDED"}}"#,
    r#"{"before_validator_slashed":{"moniker":"m","validator_address":"junovaloper1v","slashed_amount":"0.05"}}"#,
    r#"{"after_delegation_modified":{"validator_address":"junovaloper1v","delegator_address":"juno1d","shares":"1000000.0"}}"#,
    r#"{"before_delegation_removed":{"validator_address":"junovaloper1v","delegator_address":"juno1d","shares":"1000000.0"}}"#,
    r#"{"after_validator_removed":{"cons_addr":"neutronvalcons1c","val_addr":"neutronvaloper1v"}}"#,
    r#"{"after_validator_created":{"val_addr":"neutronvaloper1v"}}"#,
    r#"{"before_validator_modified":{"val_addr":"neutronvaloper1v"}}"#,
    r#"{"after_delegation_modified":{"del_addr":"neutron1d","val_addr":"neutronvaloper1v"}}"#,
    r#"{"before_delegation_removed":{"del_addr":"neutron1d","val_addr":"neutronvaloper1v"}}"#,
    r#"{"before_validator_slashed":{"val_addr":"neutronvaloper1v","fraction":"0.05","tokens_to_burn":"1000000"}}"#,
    r#"{"after_unbonding_initiated":{"id":12345}}"#,
    r#"{"clock_end_block":{}}"#,
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[-+.0-9]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let key = prop_oneof![
            any::<String>(),
            "(after|before)_(validator|delegation)_(created|removed|modified|slashed)",
            Just("val_addr".to_string()),
            Just("validator_address".to_string()),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A piece of text put in place of another.
fn any_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "", "{", "}", "[", "]", "\"", ",", ":", "\\", "\\ud800", "\\u0000", "-", "1e999",
            "null", "0.5", "{}", "\"\"", "\"x\":1,",
        ])
        .prop_map(str::to_string),
    ]
}

/// What holds for every payload, in both dialects: it is read or ignored, and what is said of it
/// stays short.
fn stays_calm(sudo: &RawSudo) -> Result<(), TestCaseError> {
    for dialect in [Dialect::Juno, Dialect::Neutron] {
        match outcome(dialect, sudo) {
            Ok(HookEvent::ValidatorSlashed { fraction, .. }) => {
                prop_assert!(fraction <= Decimal256::one());
            }
            Ok(_) => {}
            Err(ignored) => {
                prop_assert!(!ignored.hook.trim().is_empty());
                prop_assert!(ignored.hook.len() <= HOOK_BYTES);
                prop_assert!(!ignored.reason.is_empty());
                prop_assert!(ignored.reason.len() <= REASON_BYTES);
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_json_is_read_or_ignored(json in any_json()) {
        stays_calm(&sudo(&json.to_string()))?;
    }

    #[test]
    fn any_body_is_read_or_ignored(hook in prop::sample::select(&HOOKS[..]), body in any_json()) {
        let mut call: Map<String, Value> = serde_json::from_str(hook).unwrap();
        let [name] = [call.keys().next().unwrap().clone()];
        call.insert(name, body);
        stays_calm(&sudo(&Value::Object(call).to_string()))?;
    }

    #[test]
    fn any_field_is_read_or_ignored(
        hook in prop::sample::select(&HOOKS[..]),
        field in any::<prop::sample::Index>(),
        value in any_json(),
    ) {
        let mut call: Map<String, Value> = serde_json::from_str(hook).unwrap();
        let body = call.values_mut().next().unwrap().as_object_mut().unwrap();
        if !body.is_empty() {
            let name = body.keys().nth(field.index(body.len())).unwrap().clone();
            body.insert(name, value);
        }
        stays_calm(&sudo(&Value::Object(call).to_string()))?;
    }

    /// Whatever is JSON is taken by the entry point; only what is no JSON is not.
    #[test]
    fn damaged_hooks_are_read_or_ignored(
        hook in prop::sample::select(&HOOKS[..]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, any_piece()), 1..4),
    ) {
        let mut text: Vec<char> = hook.chars().collect();
        for (at, length, piece) in damage {
            let mut rest = text.split_off(at.index(text.len().saturating_add(1)));
            text.extend(piece.chars());
            text.extend(rest.drain(length.min(rest.len())..));
        }
        let text: String = text.into_iter().collect();
        let is_json = serde_json::from_str::<IgnoredAny>(&text).is_ok();
        let taken = from_json::<RawSudo>(&text);
        prop_assert_eq!(taken.is_ok(), is_json);
        if let Ok(sudo) = taken {
            stays_calm(&sudo)?;
        }
    }
}
