//! What the tests of this folder share: reading answers and events, and holding the books.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use cosmwasm_std::Uint256;
use cw_multi_test::AppResponse;
use serde_json::{Value, json};
pub use testkit::expect::{
    amount_of, coins, event, events, everything, has, refused, refused_with, undelivered,
};
use testkit::fee_pool::AccountingKind;
use testkit::fee_pool::{FeePoolBuilder, FeePoolSuite};
pub use testkit::scripted_contract;

use crate::ACCOUNTING;

/// A denom whose transfers may call a contract.
pub const GOLD: &str = "factory/maker/gold";

/// A pool with the accounting that is being tested.
pub fn pool() -> FeePoolBuilder {
    FeePoolSuite::builder().accounting(ACCOUNTING)
}

/// What the accounting that is being tested shows, of what each shows.
pub fn by_accounting<T>(f1: T, lazy: T) -> T {
    match ACCOUNTING {
        AccountingKind::F1 => f1,
        AccountingKind::Lazy => lazy,
    }
}

/// What a claim may pay of an exact share that is a whole number: F1 may divide it evenly; the lazy
/// accounting rounds its sums, which leaves it less than a point below and so the last coin for the
/// next claim.
pub fn share(share: u128) -> RangeInclusive<u128> {
    by_accounting(share, share.saturating_sub(1))..=share
}

/// The claim pays that [`share`].
#[track_caller]
pub fn is_share(claimed: u128, exact: u128) {
    assert!(share(exact).contains(&claimed), "{claimed} of {exact}");
}

/// A pool whose fees all go to the validators by power, in `uatom`, `ubtc` and [`GOLD`].
pub fn plain_split() -> FeePoolBuilder {
    pool()
        .with("reward_denoms", json!(["uatom", "ubtc", GOLD]))
        .with("params", only_votes())
        .balance("fees", 10u128.pow(30), "ubtc")
        .balance("fees", 10u128.pow(30), GOLD)
}

/// Params that give everything to the votes.
pub fn only_votes() -> Value {
    json!({"community_tax": "0", "base_proposer_reward": "0", "bonus_proposer_reward": "0"})
}

/// That much commission was split off. F1 writes an event when it settles; the lazy accounting
/// splits nothing, and a claim shows it.
#[track_caller]
pub fn is_commission_of(response: &AppResponse, amount: &str) {
    let found = events(response, "commission");
    let found: Vec<&str> = found.iter().map(|event| &*event["amount"]).collect();
    assert_eq!(found, by_accounting(vec![amount], vec![]));
}

/// Lets a block pass in which these fees came in, and reports that everybody signed.
#[track_caller]
pub fn block(suite: &mut FeePoolSuite, fees: &[(u128, &str)], proposer: Option<&str>) {
    suite.next_block();
    send_fees(suite, fees);
    let mut block = json!({"last_commit": {"signed_power": u64::MAX.to_string()}});
    if let Some(proposer) = proposer {
        block["proposer"] = json!(format!("@@{proposer}"));
    }
    suite
        .execute("reporter", json!({"begin_block": block}))
        .unwrap();
}

/// Sends fees by plain transfer.
#[track_caller]
pub fn send_fees(suite: &mut FeePoolSuite, fees: &[(u128, &str)]) {
    for (amount, denom) in fees {
        suite.send("fees", "pool", *amount, denom).unwrap();
    }
}

/// What a delegation may claim of a denom, in whole coins.
#[track_caller]
pub fn claimable(suite: &FeePoolSuite, delegator: &str, validator: &str, denom: &str) -> u128 {
    amount_of(
        &suite.rewards(delegator, validator).unwrap()["claimable"],
        denom,
    )
}

/// What of a denom can be spent from the community pool.
#[track_caller]
pub fn community_pool(suite: &FeePoolSuite, denom: &str) -> u128 {
    let pool = suite.query(json!({"community_pool": {}})).unwrap();
    amount_of(&pool["spendable"], denom)
}

/// Points of each class, by denom and class.
fn classes(answer: &Value) -> BTreeMap<(String, String), Uint256> {
    let mut points = BTreeMap::new();
    for denom in answer["denoms"].as_array().unwrap() {
        let name = denom["asset"]["native"].as_str().unwrap();
        for line in denom["liabilities"].as_array().unwrap() {
            let class = line["class"].as_str().unwrap();
            let amount: Uint256 = line["points"].as_str().unwrap().parse().unwrap();
            points.insert((name.to_string(), class.to_string()), amount);
        }
    }
    points
}

/// The running totals are those of the records. Returns them.
#[track_caller]
fn audit_holds(suite: &FeePoolSuite) -> Value {
    let invariants = suite.query(json!({"invariants": {}})).unwrap();
    let totals = classes(&invariants);
    for page in [2, 100] {
        let mut audited: BTreeMap<(String, String), Uint256> = BTreeMap::new();
        let mut start_after = Value::Null;
        loop {
            let answer = suite
                .query(json!({"audit": {"start_after": start_after, "limit": page}}))
                .unwrap();
            for ((denom, class), points) in classes(&answer) {
                // What roundings left is part of the outstanding rewards; only an audit sees it.
                let class = match class.as_str() {
                    "rounding_reserve" => "outstanding".to_string(),
                    _ => class,
                };
                *audited.entry((denom, class)).or_default() += points;
            }
            start_after = answer["next"].clone();
            if start_after.is_null() {
                break;
            }
        }
        assert_eq!(audited, totals, "audit in pages of {page}");
    }
    invariants
}

/// What must hold between any two messages of an active pool: the running totals are those of the
/// records, and the balance covers everything. Returns what of each denom is not split yet, in points.
#[track_caller]
pub fn records_hold(suite: &FeePoolSuite) -> BTreeMap<String, String> {
    undistributed(&audit_holds(suite))
}

#[track_caller]
fn undistributed(invariants: &Value) -> BTreeMap<String, String> {
    invariants["denoms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|denom| {
            let name = denom["asset"]["native"].as_str().unwrap().to_string();
            let difference = denom["difference"].as_str().unwrap().to_string();
            assert!(!difference.starts_with('-'), "insolvent: {denom}");
            (name, difference)
        })
        .collect()
}

/// The running totals are those of the records, the events add up to the same, and nothing is in
/// flight. So it is also before activation, when what is imported need not be covered yet.
#[track_caller]
pub fn totals_hold(suite: &FeePoolSuite) -> Value {
    let invariants = audit_holds(suite);
    for ((denom, class), points) in classes(&invariants) {
        let from_events = suite.events.classes(&denom);
        let from_events = match class.as_str() {
            "community_pool" => from_events.community_pool.to_string(),
            "outstanding" => from_events.outstanding.to_string(),
            "undelivered" => from_events.undelivered.to_string(),
            "in_flight" => "0".to_string(),
            other => panic!("class {other}"),
        };
        assert_eq!(
            from_events,
            points.to_string(),
            "events about {class} of {denom}"
        );
    }
    invariants
}

/// [`totals_hold`], and the balance covers everything. Returns what of each denom is not split yet, in
/// points.
#[track_caller]
pub fn books_hold(suite: &FeePoolSuite) -> BTreeMap<String, String> {
    undistributed(&totals_hold(suite))
}

/// [`books_hold`], and everything that came in is split.
#[track_caller]
pub fn books_hold_and_all_is_split(suite: &FeePoolSuite) {
    for (denom, difference) in books_hold(suite) {
        assert_eq!(difference, "0", "{denom}");
    }
}
