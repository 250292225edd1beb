//! Commission: what an operator may change, when, and from when on it counts.

use serde_json::{Value, json};
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    block, books_hold_and_all_is_split, claimable, event, has, is_commission_of, plain_split,
    refused,
};

const DAY: u64 = 24 * 60 * 60;

/// `v1` takes 0.1, at most 0.5, and rises by at most 0.2 a day; Alice has all of it.
fn pool() -> FeePoolSuite {
    let mut suite = plain_split().build().unwrap();
    create(&mut suite, "0.1", "0.5", "0.2");
    suite.set_power("v1", 1).unwrap();
    suite.set_shares("alice", "v1", "1").unwrap();
    suite
}

fn create(suite: &mut FeePoolSuite, rate: &str, max_rate: &str, max_change_rate: &str) {
    suite
        .staking_event(
            json!({"validator_created": {"validator": "@@v1", "commission": {
                "rate": rate, "max_rate": max_rate, "max_change_rate": max_change_rate,
            }}}),
        )
        .unwrap();
}

fn edit(rate: &str) -> Value {
    json!({"edit_commission": {"rate": rate}})
}

fn commission(suite: &FeePoolSuite) -> Value {
    suite
        .query(json!({"validator": {"validator": "@@v1"}}))
        .unwrap()["commission"]
        .clone()
}

#[test]
fn an_edit_counts_for_what_comes_and_not_for_what_was_earned() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom")], None);
    let response = suite.execute("v1", edit("0.3")).unwrap();
    is_commission_of(&response, "100uatom");
    assert_eq!(event(&response, "commission_changed")["rate"], "0.3");
    block(&mut suite, &[(1000, "uatom")], None);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 300);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 700);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn one_edit_a_day() {
    let mut suite = pool();
    assert_eq!(commission(&suite)["last_edit"], Value::Null);
    suite.execute("v1", edit("0.2")).unwrap();
    let edited = suite.chain.block().time;
    assert_eq!(
        commission(&suite)["last_edit"],
        edited.nanos().to_string().as_str()
    );
    let next = edited.plus_seconds(DAY).to_string();
    // Not even downwards.
    for rate in ["0.1", "0.2", "0.3"] {
        refused(
            &mut suite,
            "v1",
            edit(rate),
            &[&edited.to_string(), "next edit", &next],
        );
    }
    suite.advance(1, DAY - 1);
    refused(&mut suite, "v1", edit("0.3"), &["next edit"]);
    suite.advance(1, 1);
    suite.execute("v1", edit("0.3")).unwrap();
    refused(&mut suite, "v1", edit("0.3"), &["next edit"]);
}

#[test]
fn a_refused_edit_is_no_edit() {
    let mut suite = pool();
    refused(&mut suite, "v1", edit("0.4"), &["max_change_rate"]);
    suite.execute("v1", edit("0.3")).unwrap();
}

#[test]
fn a_rate_rises_by_its_step_and_falls_freely() {
    let mut suite = pool();
    refused(
        &mut suite,
        "v1",
        edit("0.300000000000000001"),
        &["0.200000000000000001", "max_change_rate 0.2"],
    );
    for rate in ["0.3", "0.5"] {
        suite.execute("v1", edit(rate)).unwrap();
        suite.advance(1, DAY);
    }
    refused(&mut suite, "v1", edit("0.6"), &["max_rate 0.5"]);
    suite.execute("v1", edit("0")).unwrap();
    assert_eq!(commission(&suite)["rate"], "0");
    suite.advance(1, DAY);
    // What counts is the rate of now, not the highest there was.
    refused(&mut suite, "v1", edit("0.3"), &["rise of the rate 0.3"]);
    // The same again is no change, but an edit.
    suite.execute("v1", edit("0")).unwrap();
    refused(&mut suite, "v1", edit("0"), &["next edit"]);
}

#[test]
fn a_reporter_sends_changes_in_staking_within_the_limit_and_any_time() {
    let mut suite = pool();
    let changed = |rate: &str| json!({"commission_changed": {"validator": "@@v1", "rate": rate}});
    block(&mut suite, &[(1000, "uatom")], None);
    for rate in ["0.5", "0", "0.4"] {
        suite.staking_event(changed(rate)).unwrap();
        block(&mut suite, &[(1000, "uatom")], None);
    }
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 500 + 400);
    refused(
        &mut suite,
        "reporter",
        json!({"staking_event": changed("0.500000000000000001")}),
        &["rate 0.500000000000000001 is above max_rate 0.5"],
    );
    books_hold_and_all_is_split(&suite);
}

/// The chain allows one rise a day, whoever tells the pool of it.
#[test]
fn a_told_change_of_the_rate_is_the_days_change() {
    let mut suite = pool();
    let told = |rate: &str| json!({"commission_changed": {"validator": "@@v1", "rate": rate}});
    suite.staking_event(told("0.2")).unwrap();
    let told_at = suite.chain.block().time;
    assert_eq!(
        commission(&suite)["last_edit"],
        told_at.nanos().to_string().as_str()
    );
    suite.advance(1, 60);
    let next = told_at.plus_seconds(DAY).to_string();
    refused(&mut suite, "v1", edit("0.3"), &["next edit", &next]);
    suite.advance(1, DAY - 60);
    suite.execute("v1", edit("0.3")).unwrap();
}

#[test]
fn a_rate_that_is_told_again_changes_nothing_and_leaves_the_day_free() {
    let mut suite = pool();
    let told = json!({"commission_changed": {"validator": "@@v1", "rate": "0.1"}});
    suite.staking_event(told.clone()).unwrap();
    assert_eq!(commission(&suite)["last_edit"], Value::Null);
    suite.execute("v1", edit("0.3")).unwrap();
    let edited = commission(&suite)["last_edit"].clone();
    suite.advance(1, 60);
    let again = json!({"commission_changed": {"validator": "@@v1", "rate": "0.3"}});
    suite.staking_event(again).unwrap();
    assert_eq!(commission(&suite)["last_edit"], edited);
}

#[test]
fn a_validator_that_is_created_again_keeps_its_claims_and_has_new_terms() {
    let mut suite = pool();
    block(&mut suite, &[(1000, "uatom")], None);
    suite.execute("v1", edit("0.3")).unwrap();
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    create(&mut suite, "0.6", "0.9", "0.1");
    assert_eq!(
        commission(&suite),
        json!({
            "rate": "0.6", "max_rate": "0.9", "max_change_rate": "0.1",
            "last_edit": null, "stale": false,
        })
    );
    suite.set_power("v1", 1).unwrap();
    block(&mut suite, &[(1000, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900 + 400);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100 + 600);
    refused(&mut suite, "v1", edit("0.75"), &["max_change_rate 0.1"]);
    suite.execute("v1", edit("0.7")).unwrap();
    books_hold_and_all_is_split(&suite);
}

#[test]
fn who_votes_before_it_is_created_gets_its_terms_with_the_creation() {
    let mut suite = plain_split().build().unwrap();
    let votes = json!({"votes": [{"validator": "@@v1", "power": "1", "signed": true}]});
    suite.block(1000, None, votes.clone()).unwrap();
    assert_eq!(
        commission(&suite),
        json!({
            "rate": "0", "max_rate": null, "max_change_rate": null,
            "last_edit": null, "stale": false,
        })
    );
    create(&mut suite, "0.1", "0.5", "0.2");
    suite.set_shares("alice", "v1", "1").unwrap();
    suite.block(1000, None, votes).unwrap();
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn rates_at_both_ends_leave_the_other_side_nothing() {
    for (rate, commission, delegators) in [("0", 0, 1000), ("1", 1000, 0)] {
        let mut suite = plain_split().build().unwrap();
        create(&mut suite, rate, "1", "1");
        suite.set_power("v1", 1).unwrap();
        suite.set_shares("alice", "v1", "1").unwrap();
        block(&mut suite, &[(1000, "uatom")], None);
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), delegators);
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", "uatom"), commission);
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn gifts_go_through_the_commission() {
    let mut suite = pool();
    let gift = json!({"deposit_validator_rewards": {"allocations": [
        {"validator": "@@v1", "amount": [{"denom": "uatom", "amount": "1000"}]},
    ]}});
    let funds = vec![cosmwasm_std::coin(1000, "uatom")];
    suite.execute_with("fees", gift, funds).unwrap();
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 900);
    suite.withdraw_commission("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 100);
    books_hold_and_all_is_split(&suite);
}

fn update_terms(validator: &str, max_rate: &str, max_change_rate: &str) -> Value {
    json!({"update_commission_terms": {
        "validator": format!("@@{validator}"), "max_rate": max_rate,
        "max_change_rate": max_change_rate,
    }})
}

/// An upgrade of the chain may change what was fixed; a reporter has no event for that.
#[test]
fn the_owner_sets_limits_anew_and_rate_and_day_stay() {
    let mut suite = pool();
    suite.execute("v1", edit("0.3")).unwrap();
    let edited = commission(&suite)["last_edit"].clone();
    block(&mut suite, &[(1000, "uatom")], None);
    let response = suite
        .execute("owner", update_terms("v1", "0.8", "0.4"))
        .unwrap();
    let found = event(&response, "update_commission_terms");
    assert_eq!(found["validator"], suite.operator("v1"));
    let terms = (
        &*found["rate"],
        &*found["max_rate"],
        &*found["max_change_rate"],
    );
    assert_eq!(terms, ("0.3", "0.8", "0.4"));
    assert_eq!(
        commission(&suite),
        json!({
            "rate": "0.3", "max_rate": "0.8", "max_change_rate": "0.4",
            "last_edit": edited, "stale": false,
        })
    );
    refused(&mut suite, "v1", edit("0.7"), &["next edit"]);
    suite.advance(1, DAY);
    refused(&mut suite, "v1", edit("0.75"), &["max_change_rate 0.4"]);
    suite.execute("v1", edit("0.7")).unwrap();
    // Lower than before as well, not below the rate.
    suite
        .execute("owner", update_terms("v1", "0.7", "0"))
        .unwrap();
    refused(
        &mut suite,
        "owner",
        update_terms("v1", "0.699999999999999999", "0"),
        &["rate 0.7 is above max_rate 0.699999999999999999"],
    );
    books_hold_and_all_is_split(&suite);
}

#[test]
fn limits_are_set_anew_by_the_owner_alone_and_by_the_rules() {
    let mut suite = pool();
    for sender in ["reporter", "v1", "stranger"] {
        refused(
            &mut suite,
            sender,
            update_terms("v1", "0.8", "0.4"),
            &["is not the owner"],
        );
    }
    let cases: [(Value, &[&str]); 4] = [
        (
            update_terms("v1", "1.1", "0.1"),
            &["max_rate 1.1 is above 1"],
        ),
        (
            update_terms("v1", "0.5", "0.6"),
            &["max_change_rate 0.6 is above max_rate 0.5"],
        ),
        (
            update_terms("v1", "0.05", "0"),
            &["rate 0.1 is above max_rate 0.05"],
        ),
        (update_terms("v2", "0.5", "0.1"), &["unknown"]),
    ];
    for (msg, parts) in cases {
        refused(&mut suite, "owner", msg, parts);
    }
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    refused(
        &mut suite,
        "owner",
        update_terms("v1", "0.8", "0.4"),
        &["was removed"],
    );

    // Who only voted so far would look as created, and its creation would be refused.
    suite.set_power("v3", 1).unwrap();
    refused(
        &mut suite,
        "owner",
        update_terms("v3", "0.8", "0.4"),
        &["no commission terms"],
    );

    // Before activation the import says it.
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    create(&mut suite, "0.1", "0.5", "0.2");
    refused(
        &mut suite,
        "owner",
        update_terms("v1", "0.8", "0.4"),
        &["not active"],
    );
    // Where the chain is asked, it says it.
    let mut suite = plain_split()
        .with("source", json!({"hooks": {"dialect": "juno"}}))
        .build()
        .unwrap();
    refused(
        &mut suite,
        "owner",
        update_terms("v1", "0.8", "0.4"),
        &["source `hooks`", "refresh_validator"],
    );
}
