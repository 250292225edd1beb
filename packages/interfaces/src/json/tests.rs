use cosmwasm_schema::cw_serde;
use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{
    Addr, Binary, Coin, Decimal256, Empty, Order, Timestamp, Uint64, Uint128, Uint256, from_json,
    to_json_binary,
};
use cw_utils::Expiration;
use distribution_math::{DecCoins, Points};
use proptest::prelude::*;
use serde_json::Value;

use super::*;

#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
struct Inner {
    amount: Vec<Coin>,
    rate: Option<Decimal256>,
    #[serde(default)]
    limit: u32,
    data: Binary,
    at: Timestamp,
    flag: bool,
    nested: Option<Box<Inner>>,
}

#[cw_serde]
#[derive(ReadJson)]
struct Numbers {
    integer: Uint64,
    large: Uint256,
    maybe: Option<u64>,
    wrapped: Wrapped,
}

#[cw_serde]
#[derive(ReadJson)]
struct Wrapped(Vec<u32>);

#[cw_serde]
#[derive(ReadJson)]
#[serde(deny_unknown_fields)]
#[schemaifier(mute_warnings)]
enum Message {
    Struct { owner: Addr, inner: Inner },
    Newtype(Inner),
    Number(Uint128),
    Small(u8),
    Texts(Numbers),
    Coins(DecCoins),
    Until(Expiration),
    Nothing {},
    Unit,
    List(Vec<Empty>),
}

fn inner() -> impl Strategy<Value = Inner> {
    let coin = (any::<u128>(), "\\PC{0,8}").prop_map(|(amount, denom)| Coin::new(amount, denom));
    let leaf = (
        prop::collection::vec(coin, 0..3),
        prop::option::of(any::<u64>().prop_map(|atomics| Decimal256::new(atomics.into()))),
        any::<u32>(),
        any::<Vec<u8>>(),
        any::<u64>(),
        any::<bool>(),
    )
        .prop_map(|(amount, rate, limit, data, at, flag)| Inner {
            amount,
            rate,
            limit,
            data: data.into(),
            at: Timestamp::from_nanos(at),
            flag,
            nested: None,
        });
    (leaf.clone(), prop::option::of(leaf)).prop_map(|(outer, nested)| Inner {
        nested: nested.map(Box::new),
        ..outer
    })
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let wrapped = prop::collection::vec(any::<u32>(), 0..3).prop_map(Wrapped);
    (
        any::<u64>(),
        any::<[u128; 2]>(),
        any::<Option<u64>>(),
        wrapped,
    )
        .prop_map(|(integer, [low, high], maybe, wrapped)| Numbers {
            integer: integer.into(),
            large: Uint256::from(low)
                .full_mul(Uint256::from(high))
                .try_into()
                .unwrap_or(Uint256::MAX),
            maybe,
            wrapped,
        })
}

fn until() -> impl Strategy<Value = Expiration> {
    prop_oneof![
        any::<u64>().prop_map(Expiration::AtHeight),
        any::<u64>().prop_map(|at| Expiration::AtTime(Timestamp::from_nanos(at))),
        Just(Expiration::Never {}),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        (any::<String>(), inner()).prop_map(|(owner, inner)| Message::Struct {
            owner: Addr::unchecked(owner),
            inner,
        }),
        inner().prop_map(Message::Newtype),
        any::<u128>().prop_map(|number| Message::Number(number.into())),
        any::<u8>().prop_map(Message::Small),
        numbers().prop_map(Message::Texts),
        prop::collection::vec(("[a-z]{1,3}", 1..u128::MAX), 0..3).prop_map(|coins| {
            let points = coins
                .into_iter()
                .map(|(denom, coins)| (denom, Points::from_coins(coins)));
            Message::Coins(DecCoins::from_points(points))
        }),
        until().prop_map(Message::Until),
        Just(Message::Nothing {}),
        Just(Message::Unit),
        prop::collection::vec(Just(Empty {}), 0..3).prop_map(Message::List),
    ]
}

/// Any JSON, with names and values that messages have.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9.]{0,5}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::from("unit")),
    ];
    let name = prop::sample::select(vec![
        "struct",
        "newtype",
        "number",
        "small",
        "texts",
        "coins",
        "until",
        "nothing",
        "unit",
        "list",
        "owner",
        "inner",
        "amount",
        "denom",
        "rate",
        "limit",
        "data",
        "at",
        "flag",
        "nested",
        "integer",
        "large",
        "maybe",
        "wrapped",
        "at_height",
        "at_time",
        "never",
    ]);
    leaf.prop_recursive(4, 20, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((name.clone().prop_map(str::to_string), inner), 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn lean(json: &str) -> Result<Message, String> {
    let wrapped = from_json::<Lean<Message>>(json).map(|Lean(message)| message);
    let read = read::<Message>(json.as_bytes());
    assert_eq!(wrapped.is_ok(), read.is_ok());
    if let (Ok(wrapped), Ok(read)) = (&wrapped, &read) {
        assert_eq!(wrapped, read);
    }
    read.map_err(|error| error.to_string())
}

#[track_caller]
fn refused(json: &str, reason: &str) {
    let error = lean(json).unwrap_err();
    assert!(error.contains(reason), "{json}: {error}");
    let wrapped = from_json::<Lean<Message>>(json).unwrap_err().to_string();
    assert!(wrapped.contains(reason), "{json}: {wrapped}");
}

proptest! {
    #[test]
    fn what_is_written_is_what_cosmwasm_writes(message in message()) {
        prop_assert_eq!(to_binary(&message).unwrap(), to_json_binary(&message).unwrap());
    }

    #[test]
    fn what_is_written_is_read(message in message()) {
        let json = String::from_utf8(to_json_binary(&message).unwrap().to_vec()).unwrap();
        prop_assert_eq!(lean(&json).unwrap(), message);
    }

    #[test]
    fn nothing_is_taken_that_cosmwasm_refuses(json in json()) {
        let json = json.to_string();
        match (lean(&json), from_json::<Message>(&json)) {
            (Ok(lean), Ok(cosmwasm)) => prop_assert_eq!(lean, cosmwasm),
            (Ok(lean), Err(error)) => prop_assert!(false, "{:?} of {}: {}", lean, json, error),
            // An object as a list of values.
            (Err(error), Ok(_)) => prop_assert!(json.contains('['), "{}: {}", json, error),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn messages_with_one_value_changed_are_taken_alike(message in message(), other in json(), place: u8) {
        let mut json = serde_json::to_value(&message).unwrap();
        replace(&mut json, &mut (place % 16), &other);
        let json = json.to_string();
        let cosmwasm = from_json::<Message>(&json);
        match lean(&json) {
            Ok(lean) => prop_assert_eq!(Some(lean), cosmwasm.ok()),
            Err(error) => prop_assert!(cosmwasm.is_err() || json.contains('['), "{}: {}", json, error),
        }
    }

    #[test]
    fn no_text_makes_it_fail(json in "\\PC{0,100}|[\\[\\]{}\",:0-9a-z]{0,60}") {
        lean(&json).ok();
    }
}

/// Puts another value at one place.
fn replace(json: &mut Value, place: &mut u8, other: &Value) {
    if *place == 0 {
        *json = other.clone();
        *place = u8::MAX;
        return;
    }
    if *place < u8::MAX {
        *place = place.saturating_sub(1);
    }
    match json {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| replace(value, place, other)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|value| replace(value, place, other)),
        _ => {}
    }
}

#[test]
fn errors_name_fields_and_variants() {
    refused(
        r#"{"strukt":{}}"#,
        "unknown variant `strukt`, expected one of `struct`, `newtype`",
    );
    refused(r#"{"nothing":{"to":"me"}}"#, "unknown field `to`");
    refused(r#"{"struct":{"owner":"a"}}"#, "missing field `inner`");
    refused(
        r#"{"struct":{"owner":"a","owner":"b"}}"#,
        "duplicate field `owner`",
    );
    refused(r#"{"number":5}"#, "invalid type: integer `5`");
    refused(r#"{"number":"-5"}"#, "-5");
    refused(
        r#"{"number":"340282366920938463463374607431768211456"}"#,
        "340282366920938463463374607431768211456",
    );
    refused(r#"{"small":256}"#, "integer `256`, expected u8");
    refused(r#"{"small":-1}"#, "invalid type: integer `-1`, expected u8");
    refused(
        r#"{"small":1.5}"#,
        "invalid type: floating point number, expected u8",
    );
    refused(
        r#"{"coins":[{"denom":"b","amount":"1"},{"denom":"a","amount":"1"}]}"#,
        "a",
    );
    refused(
        r#"{"until":{"at":1}}"#,
        "unknown variant `at`, expected one of `at_height`, `at_time`, `never`",
    );
    refused(r#"{"unit":{}}"#, "invalid type: map, expected unit variant");
    refused(
        r#""nothing""#,
        "invalid type: unit variant, expected a variant with a value",
    );
    refused(
        r#"{"nothing":null}"#,
        "invalid type: null, expected an object",
    );
    refused(
        r#"{"nothing":[]}"#,
        "invalid type: sequence, expected an object",
    );
    refused(
        r#"{"nothing":{},"unit":null}"#,
        "an object with a single key",
    );
    refused("{}", "an object with a single key");
    refused("7", "invalid type: integer `7`, expected text or object");
}

#[test]
fn what_is_no_json_is_refused() {
    for json in [
        "",
        "{",
        "nul",
        r#"{"nothing":{}} x"#,
        r#"{"nothing":{},}"#,
        r#""\ud800""#,
        "1e999",
    ] {
        lean(json).unwrap_err();
    }
}

#[test]
fn depth_is_bounded() {
    let deep = format!(
        r#"{{"nothing":{}{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    refused(&deep, "recursion limit exceeded");
}

#[test]
fn names_and_texts_may_be_escaped() {
    assert_eq!(
        lean(r#"{"s\u0074ruct":{"owner":"\ud83d\ude00\n","inner":{"amount":[],"da\u0074a":"","at":"0","flag":true}}}"#)
            .unwrap(),
        Message::Struct {
            owner: Addr::unchecked("😀\n"),
            inner: Inner {
                amount: Vec::new(),
                rate: None,
                limit: 0,
                data: Binary::default(),
                at: Timestamp::default(),
                flag: true,
                nested: None,
            },
        }
    );
}

#[test]
fn unit_variants_have_two_forms() {
    assert_eq!(lean(r#""unit""#).unwrap(), Message::Unit);
    assert_eq!(lean(r#"{"unit":null}"#).unwrap(), Message::Unit);
}

#[test]
fn keys_must_be_texts() {
    let map: std::collections::BTreeMap<Vec<u8>, u8> = [(vec![1], 2)].into();
    assert!(
        to_binary(&map)
            .unwrap_err()
            .to_string()
            .contains("a key is no text")
    );
}

#[test]
fn stored_values_are_those_of_cw_storage_plus() {
    const ITEM: cw_storage_plus::Item<Message> = cw_storage_plus::Item::new("item");
    const MAP: cw_storage_plus::Map<&[u8], Message> = cw_storage_plus::Map::new("map");
    const LEAN_ITEM: LeanItem<Message> = LeanItem::new("item");
    const LEAN_MAP: LeanMap<Message> = LeanMap::new("map");

    let mut storage = MockStorage::new();
    let missing = LEAN_ITEM.load(&storage).unwrap_err().to_string();
    assert!(
        missing.contains("nothing is stored under `item`"),
        "{missing}"
    );
    assert_eq!(LEAN_ITEM.may_load(&storage).unwrap(), None);
    LEAN_ITEM.save(&mut storage, &Message::Small(1)).unwrap();
    assert_eq!(
        LEAN_ITEM.may_load(&storage).unwrap(),
        Some(Message::Small(1))
    );
    assert_eq!(ITEM.load(&storage).unwrap(), Message::Small(1));
    assert_eq!(LEAN_ITEM.load(&storage).unwrap(), Message::Small(1));

    for key in [b"a", b"b", b"c"] {
        assert!(!LEAN_MAP.has(&storage, key));
        let value = Message::Small(key[0]);
        LEAN_MAP.save(&mut storage, key, &value).unwrap();
        assert!(LEAN_MAP.has(&storage, key));
        assert_eq!(MAP.load(&storage, key).unwrap(), value);
        assert_eq!(LEAN_MAP.may_load(&storage, key).unwrap(), Some(value));
    }
    let all: Vec<_> = MAP
        .range(&storage, None, None, Order::Ascending)
        .collect::<StdResult<_>>()
        .unwrap();
    let lean = |start_after| -> Vec<_> {
        LEAN_MAP
            .range(&storage, start_after)
            .collect::<StdResult<_>>()
            .unwrap()
    };
    assert_eq!(lean(None), all);
    assert_eq!(lean(Some(b"a")), all[1..]);
    assert_eq!(lean(Some(b"aa")), all[1..]);
    LEAN_MAP.remove(&mut storage, b"b");
    assert_eq!(MAP.may_load(&storage, b"b").unwrap(), None);
}
