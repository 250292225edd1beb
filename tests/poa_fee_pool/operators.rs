//! A validator is handed over: the old operator keeps what it earned, and the new one has agreed.

use serde_json::{Value, json};
use testkit::expect::{coins, event, events, has, refused};
use testkit::poa_pool::PoaSuite;

use crate::support::{hand_over, pool, withdrawable};

fn accept(id: u64) -> Value {
    json!({"accept_operator": {"id": id}})
}

/// To whom the validator of `v1` is offered.
fn offered_to(suite: &PoaSuite) -> Value {
    suite.validator("v1").unwrap()["pending_operator"].clone()
}

#[test]
fn the_old_operator_keeps_what_was_earned() {
    let mut suite = pool(&[("v1", 1), ("v2", 3)]);
    suite.fees(10).unwrap();
    let response = suite.hand_over("v1", "heir").unwrap();
    assert_eq!(event(&response, "checkpoint")["amount"], "10uatom");
    let update = event(&response, "update_operator");
    assert_eq!(
        (update["id"].as_str(), update["power"].as_str()),
        ("1", "1")
    );
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
fn fees_are_the_old_operators_until_the_new_one_accepts() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    let response = suite.offer("v1", "v1", "heir").unwrap();
    let offer = event(&response, "offer_validator");
    assert_eq!(offer["id"], "1");
    assert_eq!(offer["operator"], suite.account("v1").as_str());
    assert_eq!(offer["new_operator"], suite.account("heir").as_str());
    assert!(events(&response, "update_operator").is_empty());
    assert_eq!(offered_to(&suite), suite.account("heir").as_str());
    suite.fees(10).unwrap();
    suite.withdraw("v1").unwrap();
    assert_eq!(has(&suite, "v1", "uatom"), 5);
    suite.execute("heir", accept(1)).unwrap();
    assert_eq!(offered_to(&suite), Value::Null);
    suite.fees(10).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "heir", "v2"]),
        ["0", "5", "10"]
    );
    suite.assert_sound("uatom");
}

#[test]
fn the_last_offer_counts_and_an_operator_takes_its_own_back() {
    let mut suite = pool(&[("v1", 1)]);
    suite.offer("v1", "v1", "heir").unwrap();
    suite.offer("v1", "v1", "other").unwrap();
    let heir = suite.account("heir").to_string();
    refused(&mut suite, "heir", accept(1), &[&heir, "not offered"]);
    for sender in ["v1", "owner"] {
        suite.offer("v1", "v1", "other").unwrap();
        let response = suite.offer(sender, "v1", "v1").unwrap();
        assert!(events(&response, "update_operator").is_empty(), "{sender}");
        assert_eq!(offered_to(&suite), Value::Null, "{sender}");
        refused(&mut suite, "other", accept(1), &["not offered"]);
    }
    suite.offer("v1", "v1", "heir").unwrap();
    suite.execute("heir", accept(1)).unwrap();
    refused(&mut suite, "heir", accept(1), &["not offered"]);
    refused(&mut suite, "heir", accept(2), &["no validator", "id 2"]);
    refused(&mut suite, "heir", accept(0), &["no validator", "id 0"]);
}

#[test]
fn the_admins_hand_over_is_at_once_and_ends_an_offer() {
    let mut suite = pool(&[("v1", 1)]);
    suite.offer("v1", "v1", "heir").unwrap();
    suite.execute("owner", hand_over("v1", "other")).unwrap();
    assert_eq!(
        suite.validator("v1").unwrap()["operator"],
        suite.account("other").as_str()
    );
    refused(&mut suite, "heir", accept(1), &["not offered"]);
    refused(&mut suite, "v1", hand_over("v1", "heir"), &["Unauthorized"]);
}

#[test]
fn an_offer_stays_while_powers_change() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    suite.offer("v1", "v1", "heir").unwrap();
    suite.set_powers(&[("v1", 0)]).unwrap();
    suite.execute("heir", accept(1)).unwrap();
    let heir = suite.validator("heir").unwrap();
    assert_eq!((&heir["id"], &heir["power"]), (&json!(1), &json!("0")));
    suite.set_powers(&[("v1", 3)]).unwrap();
    suite.fees(8).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "heir", "v2"]), ["0", "6", "2"]);
}

#[test]
fn who_became_the_operator_of_another_validator_cannot_accept() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    let heir = suite.account("heir").to_string();
    suite.offer("v1", "v1", "heir").unwrap();
    suite.hand_over("v2", "heir").unwrap();
    refused(
        &mut suite,
        "heir",
        accept(1),
        &[&heir, "operator of validator 2", "no other"],
    );
    suite.hand_over("heir", "v2").unwrap();
    refused(&mut suite, "heir", accept(1), &["operator of validator 2"]);
}

#[test]
fn power_metadata_and_key_are_handed_over() {
    let mut suite = pool(&[("v2", 3)]);
    let create = json!({"create_validator": {
        "metadata": {"moniker": "One", "description": "first"}, "pub_key": "AQID"}});
    suite.execute("v1", create).unwrap();
    suite.set_powers(&[("v1", 7)]).unwrap();
    suite.execute("owner", hand_over("v1", "heir")).unwrap();
    let expected = suite.resolve(&json!({
        "id": 2, "operator": "@heir", "pending_operator": null, "power": "7",
        "metadata": {"moniker": "One", "description": "first"}, "pub_key": "AQID",
    }));
    for name in [
        json!({"operator": "@heir"}),
        json!({"operator": "@v1"}),
        json!({"id": 2}),
    ] {
        assert_eq!(suite.query(json!({"validator": name})).unwrap(), expected);
    }
    let same_key = json!({"create_validator": {"metadata": {"moniker": "x"}, "pub_key": "AQID"}});
    refused(&mut suite, "v3", same_key, &["pub_key AQID", "validator 2"]);
    assert_eq!(
        suite.query(json!({"total_power": {}})).unwrap(),
        json!({"total_power": "10"})
    );
}

#[test]
fn a_former_operator_that_returns_still_has_its_claim() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    suite.fees(3).unwrap();
    suite.hand_over("v1", "heir").unwrap();
    suite.fees(3).unwrap();
    suite.execute("owner", hand_over("heir", "v1")).unwrap();
    suite.fees(3).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "heir", "v2"]),
        ["3", "1.5", "4.5"]
    );
    suite.hand_over("v1", "heir").unwrap();
    suite.set_powers(&[("heir", 3)]).unwrap();
    suite.fees(8).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "heir", "v2"]),
        ["3", "7.5", "6.5"]
    );
    suite.assert_sound("uatom");
}

#[test]
fn an_operator_of_another_validator_is_refused_as_new_operator() {
    let mut suite = pool(&[("v1", 1), ("v2", 3), ("v3", 0)]);
    suite.hand_over("v2", "w2").unwrap();
    for (heir, id) in [("v2", 2), ("w2", 2), ("v3", 3)] {
        let text = suite.account(heir).to_string();
        let taken = format!("operator of validator {id}");
        for sender in ["v1", "owner"] {
            refused(&mut suite, sender, hand_over("v1", heir), &[&text, &taken]);
        }
    }
    for sender in ["v1", "owner"] {
        let itself = hand_over("v1", "pool");
        refused(&mut suite, sender, itself, &["this contract"]);
    }
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
    let v1 = suite.account("v1").to_string();
    for sender in ["v2", "stranger", "heir"] {
        let parts = ["Unauthorized", &v1, "validator 1"];
        refused(&mut suite, sender, hand_over("v1", "heir"), &parts);
    }
    suite.hand_over("v1", "heir").unwrap();
    refused(&mut suite, "v1", hand_over("heir", "v1"), &["Unauthorized"]);
    suite.execute("owner", hand_over("v2", "v5")).unwrap();
}

#[test]
fn a_candidate_is_handed_over_and_calls_no_hook() {
    let mut suite = pool(&[("v2", 3)]);
    suite
        .execute("owner", json!({"add_hook": {"addr": "@no-contract"}}))
        .unwrap();
    suite.create_validator("v1").unwrap();
    let response = suite.hand_over("v1", "heir").unwrap();
    assert!(events(&response, "hook_failed").is_empty());
    let candidates = suite.query(json!({"candidates": {}})).unwrap();
    assert_eq!(candidates["validators"].as_array().unwrap().len(), 1);
    assert_eq!(
        candidates["validators"][0]["operator"],
        suite.account("heir").as_str()
    );
}
