//! The admin changes powers in batches; a batch is applied as a whole or refused.

use serde_json::json;
use testkit::expect::{event, events, refused};

use crate::support::{pool, powers, withdrawable};

#[test]
fn a_batch_takes_one_checkpoint() {
    let mut suite = pool(&[("v1", 1), ("v2", 1), ("v3", 1)]);
    suite.fees(9).unwrap();
    let response = suite
        .set_powers(&[("v1", 5), ("v2", 6), ("v3", 7)])
        .unwrap();
    assert_eq!(events(&response, "checkpoint").len(), 1);
    assert_eq!(events(&response, "power_changed").len(), 3);
    assert_eq!(withdrawable(&suite, &["v1", "v2", "v3"]), ["3", "3", "3"]);
    suite.assert_sound("uatom");
}

#[test]
fn the_only_validator_is_swapped_in_either_order() {
    for batch in [[("v1", 0), ("v2", 10)], [("v2", 10), ("v1", 0)]] {
        let mut suite = pool(&[("v1", 10), ("v2", 0)]);
        suite.fees(10).unwrap();
        suite.set_powers(&batch).unwrap();
        suite.fees(10).unwrap();
        assert_eq!(
            withdrawable(&suite, &["v1", "v2"]),
            ["10", "10"],
            "{batch:?}"
        );
        suite.assert_sound("uatom");
    }
}

#[test]
fn a_final_total_of_zero_is_refused() {
    let mut suite = pool(&[("v1", 10), ("v2", 5)]);
    suite.fees(10).unwrap();
    let batch = powers(&[("v1", "0"), ("v2", "0")]);
    refused(&mut suite, "owner", batch, &["total power would be 0"]);
    let members = json!({"update_members": {"remove": ["@v1", "@v2"], "add": []}});
    refused(&mut suite, "owner", members, &["total power would be 0"]);
}

#[test]
fn without_power_nothing_is_earned_and_nothing_lost() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    suite.fees(10).unwrap();
    suite.set_powers(&[("v1", 0)]).unwrap();
    suite.fees(10).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["5", "15"]);
    suite.set_powers(&[("v1", 3)]).unwrap();
    suite.fees(8).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["11", "17"]);
    suite.withdraw("v1").unwrap();
    suite.set_powers(&[("v1", 0)]).unwrap();
    suite.fees(8).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["0", "25"]);
    suite.assert_sound("uatom");
}

#[test]
fn unknown_and_repeated_operators_and_empty_batches_are_refused() {
    let mut suite = pool(&[("v1", 10), ("v2", 10)]);
    suite.fees(10).unwrap();
    let stranger = suite.account("stranger").to_string();
    refused(
        &mut suite,
        "owner",
        powers(&[("v1", "5"), ("stranger", "5")]),
        &[&stranger, "no operator"],
    );
    let v1 = suite.account("v1").to_string();
    refused(
        &mut suite,
        "owner",
        powers(&[("v1", "5"), ("v2", "6"), ("v1", "5")]),
        &[&v1, "named twice"],
    );
    let twice =
        json!({"update_members": {"remove": ["@v1"], "add": [{"addr": "@v1", "weight": 3}]}});
    refused(&mut suite, "owner", twice, &[&v1, "named twice"]);
    let empty = json!({"update_members": {"remove": [], "add": []}});
    refused(&mut suite, "owner", empty, &["empty"]);
    refused(&mut suite, "owner", powers(&[]), &["empty"]);
    let unknown = json!({"update_members": {"remove": ["@stranger"], "add": []}});
    refused(&mut suite, "owner", unknown, &[&stranger, "no operator"]);
}

#[test]
fn only_the_admin_changes_powers() {
    let mut suite = pool(&[("v1", 10)]);
    for sender in ["v1", "stranger"] {
        refused(
            &mut suite,
            sender,
            powers(&[("v1", "11")]),
            &["Unauthorized"],
        );
        let members =
            json!({"update_members": {"remove": [], "add": [{"addr": "@v2", "weight": 3}]}});
        refused(&mut suite, sender, members, &["Unauthorized"]);
    }
}

#[test]
fn an_unchanged_power_is_no_change() {
    let mut suite = pool(&[("v1", 10), ("v2", 10)]);
    let response = suite.set_powers(&[("v1", 10), ("v2", 11)]).unwrap();
    assert_eq!(event(&response, "power_changed")["old_power"], "10");
    assert_eq!(event(&response, "power_changed")["power"], "11");
}

#[test]
fn metadata_comes_with_a_power_and_stays_without() {
    let mut suite = pool(&[("v1", 10)]);
    let metadata = json!({"moniker": "One", "description": "first"});
    let update = json!({"update_validators": {"validators": [
        {"operator": "@v1", "power": "10", "metadata": metadata}]}});
    let response = suite.execute("owner", update).unwrap();
    assert_eq!(
        event(&response, "edit_validator")["operator"],
        suite.account("v1").as_str()
    );
    suite.set_powers(&[("v1", 12)]).unwrap();
    let shown = suite
        .query(json!({"validator": {"operator": "@v1"}}))
        .unwrap();
    assert_eq!(
        shown,
        suite.resolve(&json!({
            "id": 1, "operator": "@v1", "pending_operator": null, "power": "12",
            "metadata": metadata, "pub_key": null
        }))
    );
    let too_long = json!({"update_validators": {"validators": [
        {"operator": "@v1", "power": "10", "metadata": {"moniker": ""}}]}});
    refused(&mut suite, "owner", too_long, &["moniker", "0 characters"]);
}
