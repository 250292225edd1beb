//! A validator has an id, and every account that ever operated it names it: no hand-over evades the
//! admin.

use serde_json::{Value, json};
use testkit::expect::{events, refused};
use testkit::poa_pool::PoaSuite;

use crate::support::{hand_over, pool, withdrawable};

fn power(suite: &PoaSuite, operator: &str) -> Value {
    let weight = json!({"member": {"addr": format!("@{operator}")}});
    suite.query(weight).unwrap()["weight"].clone()
}

/// What an operator may do with its validator before the admin's message arrives.
const GAMES: [&[(&str, &str)]; 5] = [
    &[("v1", "b")],
    &[("v1", "b"), ("b", "c")],
    &[("v1", "b"), ("b", "v1")],
    &[("v1", "b"), ("b", "v1"), ("v1", "b")],
    &[("v1", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("b", "e")],
];

/// The admin's message removes `v1`, written before the games.
fn removals() -> Vec<Value> {
    vec![
        json!({"update_validators": {"validators": [
            {"operator": "@v1", "power": "0"}, {"operator": "@v3", "power": "50"}]}}),
        json!({"update_validators": {"validators": [
            {"id": 1, "power": "0"}, {"id": 3, "power": "50"}]}}),
        json!({"update_members": {"remove": ["@v1"], "add": [{"addr": "@v3", "weight": 50}]}}),
        json!({"update_members": {"remove": ["@v1"], "add": [{"addr": "@new", "weight": 50}]}}),
    ]
}

#[test]
fn no_hand_over_before_a_removal_evades_it() {
    for game in GAMES {
        for removal in removals() {
            let mut suite = pool(&[("v1", 50), ("v2", 50), ("v3", 0)]);
            for (from, to) in game {
                suite.hand_over(from, to).unwrap();
            }
            suite.execute("owner", removal.clone()).unwrap();
            suite.fees(100).unwrap();
            for name in ["v1", "b", "c", "d", "e"] {
                assert_eq!(power(&suite, name), Value::Null, "{game:?} {removal}");
            }
            assert_eq!(withdrawable(&suite, &["v2"]), ["50"]);
            suite.assert_sound("uatom");
        }
    }
}

#[test]
fn an_offer_before_a_removal_evades_it_neither() {
    for removal in removals() {
        let mut suite = pool(&[("v1", 50), ("v2", 50), ("v3", 0)]);
        suite.offer("v1", "v1", "b").unwrap();
        suite.execute("owner", removal).unwrap();
        suite.accept("v1", "b").unwrap();
        assert_eq!(power(&suite, "b"), Value::Null);
    }
}

#[test]
fn the_admins_hand_over_reaches_the_validator_after_any_other() {
    for game in GAMES {
        for name in [json!({"operator": "@v1"}), json!({"id": 1})] {
            let mut suite = pool(&[("v1", 50), ("v2", 50)]);
            for (from, to) in game {
                suite.hand_over(from, to).unwrap();
            }
            let mut update = json!({"update_operator": name});
            update["update_operator"]["new_operator"] = json!("@safe");
            suite.execute("owner", update).unwrap();
            assert_eq!(power(&suite, "safe"), 50, "{game:?}");
            assert_eq!(
                suite.query(json!({"total_power": {}})).unwrap(),
                json!({"total_power": "100"})
            );
        }
    }
}

/// A batch removes an operator and adds the account that the operator hands over to before it: the
/// account has the power that the batch gives it, and the batch does not fail.
#[test]
fn a_successor_that_the_same_batch_adds_makes_it_fail_neither() {
    let replace = json!({"update_members": {"remove": ["@v1"], "add": [
        {"addr": "@b", "weight": 7}, {"addr": "@v3", "weight": 3}]}});
    for is_handed_over in [false, true] {
        let mut suite = pool(&[("v1", 50), ("v2", 50), ("v3", 0)]);
        if is_handed_over {
            suite.hand_over("v1", "b").unwrap();
        }
        suite.execute("owner", replace.clone()).unwrap();
        let weights = ["v1", "b", "v2", "v3"].map(|name| power(&suite, name));
        assert_eq!(weights, [Value::Null, json!(7), json!(50), json!(3)]);
        suite.fees(60).unwrap();
        assert_eq!(
            withdrawable(&suite, &["v1", "b", "v2", "v3"]),
            ["0", "7", "50", "3"]
        );
        suite.assert_sound("uatom");
    }
}

#[test]
fn of_two_names_of_a_validator_the_last_counts() {
    let mut suite = pool(&[("v1", 10), ("v2", 10)]);
    suite.hand_over("v1", "b").unwrap();
    let batch = |names: [Value; 2]| {
        let [first, second] = names;
        let mut validators = json!([first, second]);
        validators[0]["power"] = json!("3");
        validators[1]["power"] = json!("5");
        json!({"update_validators": {"validators": validators}})
    };
    let (v1, b, id) = (
        json!({"operator": "@v1"}),
        json!({"operator": "@b"}),
        json!({"id": 1}),
    );
    for names in [
        [v1.clone(), b.clone()],
        [b.clone(), id.clone()],
        [id, v1.clone()],
    ] {
        suite.set_powers(&[("b", 10)]).unwrap();
        let response = suite.execute("owner", batch(names)).unwrap();
        assert_eq!(power(&suite, "b"), 5);
        assert_eq!(events(&response, "power_changed").len(), 1);
    }
    let text = suite.account("v1").to_string();
    let twice = batch([v1.clone(), v1]);
    refused(&mut suite, "owner", twice, &[&text, "named twice"]);
    let twice = batch([json!({"id": 1}), json!({"id": 1})]);
    refused(&mut suite, "owner", twice, &["validator 1 is named twice"]);
}

#[test]
fn a_former_operator_is_no_candidate_and_no_other_validators_operator() {
    let mut suite = pool(&[("v1", 10), ("v2", 10)]);
    suite.hand_over("v1", "b").unwrap();
    let v1 = suite.account("v1").to_string();
    let create = json!({"create_validator": {"metadata": {"moniker": "again"}}});
    let taken = [&v1, "is or was the operator of validator 1"];
    refused(&mut suite, "v1", create, &taken);
    refused(&mut suite, "v2", hand_over("v2", "v1"), &taken);
    refused(&mut suite, "owner", hand_over("v2", "v1"), &taken);
    // In cw4's form too, the address means its successor.
    suite.add_members(&[("v1", 4)]).unwrap();
    assert_eq!(
        [power(&suite, "v1"), power(&suite, "b")],
        [Value::Null, json!(4)]
    );
}

#[test]
fn ids_are_given_in_the_order_of_creation_and_never_again() {
    let mut suite = pool(&[("v1", 1), ("v2", 0)]);
    let response = suite.create_validator("v3").unwrap();
    assert_eq!(events(&response, "create_validator")[0]["id"], "3");
    suite.add_members(&[("v4", 5), ("v5", 0)]).unwrap();
    suite.set_powers(&[("v1", 0)]).unwrap();
    suite.hand_over("v4", "w4").unwrap();
    suite.create_validator("v6").unwrap();
    let names = ["v1", "v2", "v3", "v4", "v5", "v6", "w4"];
    let ids = names.map(|name| suite.validator(name).unwrap()["id"].as_u64().unwrap());
    assert_eq!(ids, [1, 2, 3, 4, 5, 6, 4]);
}

#[test]
fn a_validator_is_named_by_exactly_one_of_operator_and_id() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    let v1 = suite.account("v1").to_string();
    let both = json!({"operator": "@v1", "id": 1});
    let of = |name: &Value, message: &str| {
        let mut name = name.clone();
        if message == "update_operator" {
            name["new_operator"] = json!("@heir");
            return json!({ message: name });
        }
        name["power"] = json!("2");
        json!({ message: {"validators": [name]} })
    };
    for message in ["update_operator", "update_validators"] {
        let both = of(&both, message);
        refused(&mut suite, "owner", both, &[&v1, "id 1", "both given"]);
        let neither = of(&json!({}), message);
        refused(&mut suite, "owner", neither, &["neither operator nor id"]);
        for id in [0, 3, u64::MAX] {
            let unknown = of(&json!({"id": id}), message);
            let text = format!("no validator of this pool has the id {id}");
            refused(&mut suite, "owner", unknown, &[&text]);
        }
    }
    for (name, part) in [
        (both, "both given"),
        (json!({}), "neither"),
        (json!({"id": 9}), "id 9"),
    ] {
        let error = suite.query(json!({"validator": name})).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn an_operator_offers_by_any_name_of_its_validator() {
    for name in [
        json!({"operator": "@v1"}),
        json!({"operator": "@b"}),
        json!({"id": 1}),
    ] {
        let mut suite = pool(&[("v1", 10)]);
        suite.hand_over("v1", "b").unwrap();
        let mut update = json!({"update_operator": name});
        update["update_operator"]["new_operator"] = json!("@c");
        refused(&mut suite, "v1", update.clone(), &["Unauthorized"]);
        suite.execute("b", update).unwrap();
        suite.accept("v1", "c").unwrap();
        assert_eq!(power(&suite, "c"), 10);
    }
}
