//! What chains send a pool through `sudo`, and what else could come that way.

use proptest::prelude::*;
use testkit::chain::AddressFormat;

use crate::odd_json::{Json, Mutation, any_json, mutation};

/// Validators of every pool below; the last one is unknown at first.
pub const VALIDATORS: [&str; 4] = ["v0", "v1", "v2", "v3"];
/// Delegators of every pool below.
pub const DELEGATORS: [&str; 3] = ["d0", "d1", "d2"];

/// Names that hooks, events and their fields have.
const NAMES: [&str; 35] = [
    "begin_block",
    "staking_event",
    "clock_end_block",
    "after_validator_created",
    "before_validator_modified",
    "before_validator_slashed",
    "after_validator_removed",
    "after_delegation_modified",
    "before_delegation_removed",
    "after_unbonding_initiated",
    "after_consensus_pub_key_update",
    "proposer",
    "last_commit",
    "votes",
    "signed_power",
    "changed",
    "height",
    "validator",
    "power",
    "signed",
    "validator_address",
    "delegator_address",
    "slashed_amount",
    "shares",
    "commission",
    "val_addr",
    "del_addr",
    "fraction",
    "validator_created",
    "power_changed",
    "powers_changed",
    "changes",
    "delegation_changed",
    "validator_removed",
    "member_changed_hook",
];

fn addresses() -> AddressFormat {
    AddressFormat::new("cosmos").unwrap()
}

/// The operator address of a validator.
pub fn operator(name: &str) -> Json {
    Json::text(addresses().operator(name))
}

/// The address of an account.
pub fn account(name: &str) -> Json {
    Json::text(addresses().account(name))
}

/// One of the validators of the pools.
pub fn validator() -> impl Strategy<Value = Json> {
    prop::sample::select(&VALIDATORS[..]).prop_map(operator)
}

fn delegator() -> impl Strategy<Value = Json> {
    prop::sample::select([&DELEGATORS[..], &VALIDATORS[..2]].concat()).prop_map(account)
}

/// Addresses that are none here, or none of whom a hook speaks.
fn odd_address() -> impl Strategy<Value = Json> {
    let addresses = addresses();
    let elsewhere = AddressFormat::new("juno").unwrap();
    let long = addresses.account_from_bytes(&[7; 255]).unwrap();
    let short = addresses.account_from_bytes(&[7]).unwrap();
    prop::sample::select(vec![
        addresses.account("v0").into_string(),
        addresses.account("v0").into_string().to_uppercase(),
        addresses.operator("v0").to_uppercase(),
        addresses.operator("v0").replace("valoper", "valcons"),
        addresses.operator("d0"),
        elsewhere.operator("v0"),
        elsewhere.account("d0").into_string(),
        long.into_string(),
        short.into_string(),
        "cosmosvaloper1".to_string(),
        "x".repeat(10_000),
    ])
    .prop_map(Json::text)
}

fn select(texts: &'static [&'static str]) -> impl Strategy<Value = Json> {
    prop::sample::select(texts).prop_map(Json::text)
}

/// Shares or tokens as a chain writes them, up to beyond every bound.
fn shares() -> impl Strategy<Value = Json> {
    select(&[
        "0",
        "0.000000000000000001",
        "1",
        "1000000.0",
        "250.123456789012345678",
        "9999999999999999999999999999.999999999999999999",
        "10000000000000000000000000001",
        "100000000000000000000000000000000000000000",
    ])
}

fn fraction() -> impl Strategy<Value = Json> {
    select(&["0", "0.05", "0.5", "0.999999999999999999", "1"])
}

/// Powers up to beyond the bound of 2^63.
fn power() -> impl Strategy<Value = Json> {
    select(&[
        "0",
        "1",
        "100",
        "1000000",
        "4611686018427387904",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "340282366920938463463374607431768211455",
    ])
}

/// Values of all the fields of hooks: in another field they are odd.
fn values() -> impl Strategy<Value = Json> {
    prop_oneof![
        validator(),
        delegator(),
        odd_address(),
        shares(),
        fraction(),
        power(),
    ]
}

fn hook(
    names: &'static [&'static str],
    body: impl Strategy<Value = Json>,
) -> impl Strategy<Value = Json> {
    (prop::sample::select(names), body).prop_map(|(name, body)| Json::object([(name, body)]))
}

/// A hook as Juno's module sends it.
pub fn juno_hook() -> BoxedStrategy<Json> {
    let validator_body = (validator(), fraction()).prop_map(|(validator, commission)| {
        Json::object([
            ("moniker", Json::text("m")),
            ("validator_address", validator),
            ("commission", commission),
            ("validator_tokens", Json::text("1")),
            ("bonded_tokens", Json::text("1")),
            ("bond_status", Json::text("BOND_STATUS_BONDED")),
        ])
    });
    let slash = (validator(), fraction()).prop_map(|(validator, fraction)| {
        Json::object([
            ("moniker", Json::text("m")),
            ("validator_address", validator),
            ("slashed_amount", fraction),
        ])
    });
    let delegation =
        (validator(), delegator(), shares()).prop_map(|(validator, delegator, shares)| {
            Json::object([
                ("validator_address", validator),
                ("delegator_address", delegator),
                ("shares", shares),
            ])
        });
    prop_oneof![
        2 => hook(&VALIDATOR_HOOKS, validator_body),
        1 => hook(&["before_validator_slashed"], slash),
        3 => hook(&DELEGATION_HOOKS, delegation),
    ]
    .boxed()
}

/// A hook as Neutron's module sends it.
pub fn neutron_hook() -> BoxedStrategy<Json> {
    let validator_body = validator().prop_map(|validator| {
        Json::object([
            ("cons_addr", Json::text("neutronvalcons1c")),
            ("val_addr", validator),
        ])
    });
    let slash = (validator(), fraction()).prop_map(|(validator, fraction)| {
        Json::object([
            ("val_addr", validator),
            ("fraction", fraction),
            ("tokens_to_burn", Json::text("1000000")),
        ])
    });
    let delegation = (validator(), delegator()).prop_map(|(validator, delegator)| {
        Json::object([("del_addr", delegator), ("val_addr", validator)])
    });
    let unbonding = Just(Json::object([("id", Json::written(12345))]));
    prop_oneof![
        4 => hook(&VALIDATOR_HOOKS, validator_body),
        2 => hook(&["before_validator_slashed"], slash),
        6 => hook(&DELEGATION_HOOKS, delegation),
        1 => hook(&["after_unbonding_initiated"], unbonding),
    ]
    .boxed()
}

const VALIDATOR_HOOKS: [&str; 6] = [
    "after_validator_created",
    "before_validator_modified",
    "after_validator_modified",
    "after_validator_removed",
    "after_validator_bonded",
    "after_validator_begin_unbonding",
];

const DELEGATION_HOOKS: [&str; 4] = [
    "before_delegation_created",
    "before_delegation_shares_modified",
    "after_delegation_modified",
    "before_delegation_removed",
];

/// Changed powers, now and then of a validator twice.
fn changes() -> impl Strategy<Value = Json> {
    let change = (validator(), power())
        .prop_map(|(validator, power)| Json::object([("validator", validator), ("power", power)]));
    prop::collection::vec(change, 0..4).prop_map(Json::List)
}

/// A staking event, by itself.
pub fn staking_event() -> BoxedStrategy<Json> {
    let terms = (fraction(), fraction(), fraction()).prop_map(|(rate, max_rate, change)| {
        Json::object([
            ("rate", rate),
            ("max_rate", max_rate),
            ("max_change_rate", change),
        ])
    });
    let with_validator = |name: &'static str, field: &'static str, value: BoxedStrategy<Json>| {
        (validator(), value).prop_map(move |(validator, value)| {
            let body = Json::object([("validator", validator), (field, value)]);
            Json::object([(name, body)])
        })
    };
    let delegation =
        (validator(), delegator(), shares()).prop_map(|(validator, delegator, shares)| {
            let body = Json::object([
                ("delegator", delegator),
                ("validator", validator),
                ("shares", shares),
            ]);
            Json::object([("delegation_changed", body)])
        });
    let removed = validator().prop_map(|validator| {
        Json::object([(
            "validator_removed",
            Json::object([("validator", validator)]),
        )])
    });
    prop_oneof![
        2 => with_validator("validator_created", "commission", terms.boxed()),
        3 => with_validator("power_changed", "power", power().boxed()),
        2 => changes().prop_map(|changes| {
            Json::object([("powers_changed", Json::object([("changes", changes)]))])
        }),
        3 => delegation,
        1 => with_validator("validator_slashed", "fraction", fraction().boxed()),
        1 => removed,
        1 => with_validator("commission_changed", "rate", fraction().boxed()),
    ]
    .boxed()
}

/// A block to begin, by itself.
pub fn begin_block() -> BoxedStrategy<Json> {
    let vote = (validator(), power(), any::<bool>()).prop_map(|(validator, power, signed)| {
        Json::object([
            ("validator", validator),
            ("power", power),
            ("signed", Json::written(signed)),
        ])
    });
    let last_commit = prop_oneof![
        prop::collection::vec(vote, 0..5)
            .prop_map(|votes| Json::object([("votes", Json::List(votes))])),
        power().prop_map(|signed| Json::object([("signed_power", signed)])),
        (power(), changes()).prop_map(|(signed, changed)| {
            Json::object([("signed_power", signed), ("changed", changed)])
        }),
    ];
    let height = prop_oneof![
        4 => Just(Json::written("null")),
        1 => any::<u64>().prop_map(Json::written),
    ];
    let proposer = prop_oneof![3 => validator(), 1 => Just(Json::written("null"))];
    (proposer, last_commit, height)
        .prop_map(|(proposer, last_commit, height)| {
            Json::object([
                ("proposer", proposer),
                ("last_commit", last_commit),
                ("height", height),
            ])
        })
        .boxed()
}

/// What a module of the chain sends when all is well.
pub fn well_meant() -> BoxedStrategy<Json> {
    prop_oneof![
        3 => juno_hook(),
        3 => neutron_hook(),
        3 => staking_event().prop_map(|event| Json::object([("staking_event", event)])),
        3 => begin_block().prop_map(|block| Json::object([("begin_block", block)])),
        1 => Just(Json::object([("clock_end_block", Json::Object(vec![]))])),
    ]
    .boxed()
}

/// The same with some changes.
pub fn mutated(well_meant: BoxedStrategy<Json>) -> BoxedStrategy<Json> {
    let changes = prop::collection::vec((any::<u16>(), any_mutation()), 1..4);
    (well_meant, changes)
        .prop_map(|(mut json, changes)| {
            for (place, mutation) in &changes {
                json.mutate(*place, mutation);
            }
            json
        })
        .boxed()
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    mutation(&NAMES, values())
}

/// Any JSON, often with a name that the pool knows.
pub fn anything() -> BoxedStrategy<Json> {
    let named = (prop::sample::select(&NAMES[..]), any_json(&NAMES))
        .prop_map(|(name, body)| Json::object([(name, body)]));
    prop_oneof![2 => named, 1 => any_json(&NAMES)].boxed()
}
