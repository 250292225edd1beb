//! A validator is handed over: the old operator keeps what it earned.

use serde_json::json;
use testkit::expect::{coins, event, has, refused};

use crate::support::{pool, withdrawable};

fn hand_over(from: &str, to: &str) -> serde_json::Value {
    json!({"update_operator": {"operator": format!("@{from}"), "new_operator": format!("@{to}")}})
}

#[test]
fn the_old_operator_keeps_what_was_earned() {
    let mut suite = pool(&[("v1", 1), ("v2", 3)]);
    suite.fees(10).unwrap();
    let response = suite.execute("v1", hand_over("v1", "heir")).unwrap();
    assert_eq!(event(&response, "checkpoint")["amount"], "10uatom");
    assert_eq!(event(&response, "update_operator")["power"], "1");
    suite.fees(100).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "heir", "v2"]),
        ["2.5", "25", "82.5"]
    );
    let pending = |address: &str| {
        suite
            .query(json!({"pending_operator_claim": {"address": format!("@{address}")}}))
            .unwrap()
    };
    assert_eq!(
        pending("v1"),
        json!({"rewards": [{"denom": "uatom", "amount": "2.5"}], "claimable": coins(&[(2, "uatom")])})
    );
    for other in ["heir", "v2", "stranger"] {
        assert_eq!(pending(other), json!({"rewards": [], "claimable": []}));
    }
    suite.withdraw("v1").unwrap();
    suite.withdraw("heir").unwrap();
    assert_eq!(
        (has(&suite, "v1", "uatom"), has(&suite, "heir", "uatom")),
        (2, 25)
    );
    suite.assert_sound("uatom");
}

#[test]
fn power_metadata_and_key_are_handed_over() {
    let mut suite = pool(&[("v2", 3)]);
    let create = json!({"create_validator": {
        "metadata": {"moniker": "One", "description": "first"}, "pub_key": "AQID"}});
    suite.execute("v1", create).unwrap();
    suite.set_powers(&[("v1", 7)]).unwrap();
    suite.execute("owner", hand_over("v1", "heir")).unwrap();
    assert_eq!(
        suite
            .query(json!({"validator": {"operator": "@heir"}}))
            .unwrap(),
        suite.resolve(&json!({
            "operator": "@heir", "power": "7",
            "metadata": {"moniker": "One", "description": "first"}, "pub_key": "AQID",
        }))
    );
    let gone = suite
        .query(json!({"validator": {"operator": "@v1"}}))
        .unwrap_err();
    assert!(gone.to_string().contains("no operator"), "{gone}");
    let heir = suite.account("heir").to_string();
    let same_key = json!({"create_validator": {"metadata": {"moniker": "x"}, "pub_key": "AQID"}});
    refused(&mut suite, "v3", same_key, &["pub_key", &heir]);
    assert_eq!(
        suite.query(json!({"total_power": {}})).unwrap(),
        json!({"total_power": "10"})
    );
}

#[test]
fn a_former_operator_that_returns_still_has_its_claim() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    suite.fees(3).unwrap();
    suite.execute("v1", hand_over("v1", "heir")).unwrap();
    suite.fees(3).unwrap();
    suite.execute("owner", hand_over("heir", "v1")).unwrap();
    suite.fees(3).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "heir", "v2"]),
        ["3", "1.5", "4.5"]
    );
    suite.execute("v1", hand_over("v1", "heir")).unwrap();
    suite.create_validator("v1").unwrap();
    suite.set_powers(&[("v1", 2)]).unwrap();
    suite.fees(8).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "heir", "v2"]),
        ["7", "3.5", "6.5"]
    );
    suite.assert_sound("uatom");
}

#[test]
fn an_operator_is_refused_as_new_operator() {
    let mut suite = pool(&[("v1", 1), ("v2", 3), ("v3", 0)]);
    for heir in ["v2", "v3", "v1"] {
        let text = suite.account(heir).to_string();
        refused(
            &mut suite,
            "v1",
            hand_over("v1", heir),
            &[&text, "an operator already"],
        );
    }
    refused(
        &mut suite,
        "v1",
        hand_over("v1", "pool"),
        &["this contract"],
    );
    refused(
        &mut suite,
        "owner",
        hand_over("heir", "v4"),
        &["no operator"],
    );
}

#[test]
fn only_admin_and_operator_hand_over() {
    let mut suite = pool(&[("v1", 1), ("v2", 3)]);
    for sender in ["v2", "stranger", "heir"] {
        refused(
            &mut suite,
            sender,
            hand_over("v1", "heir"),
            &["Unauthorized"],
        );
    }
    suite.execute("v1", hand_over("v1", "heir")).unwrap();
    refused(&mut suite, "v1", hand_over("heir", "v1"), &["Unauthorized"]);
    suite.execute("owner", hand_over("v2", "v5")).unwrap();
}

#[test]
fn only_the_admin_hands_a_candidate_over() {
    let mut suite = pool(&[("v2", 3)]);
    suite.create_validator("v1").unwrap();
    // Otherwise any account could make the heir an operator, and v2 could not hand over to it.
    refused(
        &mut suite,
        "v1",
        hand_over("v1", "heir"),
        &["no power", "admin"],
    );
    suite.execute("owner", hand_over("v1", "heir")).unwrap();
    let candidates = suite.query(json!({"candidates": {}})).unwrap();
    assert_eq!(candidates["validators"].as_array().unwrap().len(), 1);
    assert_eq!(
        candidates["validators"][0]["operator"],
        suite.account("heir").as_str()
    );
}
