//! Hooks are notified of every validator that a message names, and cannot prevent a change.

use serde_json::{Value, json};
use testkit::expect::{event, events, refused};
use testkit::poa_pool::PoaSuite;

use crate::listener::{add_hook, failing_hook, listener, received};
use crate::support::{pool, withdrawable};

#[test]
fn a_batch_is_one_notification_with_every_change() {
    let mut suite = pool(&[("v1", 10), ("v2", 5), ("v3", 0)]);
    let hook = listener(&mut suite);
    add_hook(&mut suite, &hook);
    suite
        .set_powers(&[("v1", 0), ("v2", 6), ("v3", 4)])
        .unwrap();
    suite.create_validator("v4").unwrap();
    assert_eq!(
        received(&suite, &hook),
        [suite.resolve(&json!({"member_changed_hook": {"diffs": [
            {"key": "@v1", "old": 10, "new": null},
            {"key": "@v2", "old": 5, "new": 6},
            {"key": "@v3", "old": null, "new": 4},
        ]}}))]
    );
    suite.offer("v2", "v2", "v5").unwrap();
    assert_eq!(
        received(&suite, &hook).len(),
        1,
        "an offer changes no power"
    );
    suite.accept("v2", "v5").unwrap();
    assert_eq!(
        received(&suite, &hook)[1],
        suite.resolve(&json!({"member_changed_hook": {"diffs": [
            {"key": "@v2", "old": 6, "new": null},
            {"key": "@v5", "old": null, "new": 6},
        ]}}))
    );
}

/// How a new hook, or one that failed, hears of what it does not know.
#[test]
fn every_validator_that_a_message_names_is_told_also_when_its_power_stays() {
    let mut suite = pool(&[("v1", 10), ("v2", 5), ("v3", 0)]);
    let hook = listener(&mut suite);
    add_hook(&mut suite, &hook);
    let v = |name: &str, power: Value| json!({"key": name, "old": power, "new": power});
    let told = |suite: &PoaSuite, diffs: Value| {
        let last = received(suite, &hook).pop().unwrap();
        let expected = json!({"member_changed_hook": {"diffs": diffs}});
        assert_eq!(last, suite.resolve(&expected));
    };
    suite
        .set_powers(&[("v1", 10), ("v2", 5), ("v3", 0)])
        .unwrap();
    let null = Value::Null;
    told(
        &suite,
        json!([
            v("@v3", null.clone()),
            v("@v1", json!(10)),
            v("@v2", json!(5))
        ]),
    );
    suite.add_members(&[("v1", 10)]).unwrap();
    told(&suite, json!([v("@v1", json!(10))]));
    suite
        .execute(
            "owner",
            json!({"update_validators": {"validators": [{"id": 2, "power": "5"}]}}),
        )
        .unwrap();
    told(&suite, json!([v("@v2", json!(5))]));
    let remove = json!({"update_members": {"remove": ["@v3"], "add": []}});
    suite.execute("owner", remove).unwrap();
    told(&suite, json!([v("@v3", null.clone())]));
    // Of a hand-over that a hook missed, it hears of both accounts by the former one's name.
    suite.hand_over("v1", "heir").unwrap();
    suite.set_powers(&[("v1", 10)]).unwrap();
    told(&suite, json!([v("@v1", null), v("@heir", json!(10))]));
    assert_eq!(received(&suite, &hook).len(), 6);
}

/// A fee pool below the group takes at most 100 changes in one message.
#[test]
fn a_hundred_changes_are_one_notification_and_the_rest_another() {
    let names: Vec<String> = (0..101).map(|i| format!("v{i}")).collect();
    let all = |power| -> Vec<(&str, u64)> { names.iter().map(|v| (v.as_str(), power)).collect() };
    let mut suite = pool(&all(10));
    let hook = listener(&mut suite);
    add_hook(&mut suite, &hook);
    let sizes = |suite: &PoaSuite| -> Vec<usize> {
        received(suite, &hook)
            .iter()
            .map(|notification| {
                let diffs = &notification["member_changed_hook"]["diffs"];
                diffs.as_array().unwrap().len()
            })
            .collect()
    };
    suite.set_powers(&all(20)[..100]).unwrap();
    assert_eq!(sizes(&suite), [100]);
    suite.set_powers(&all(30)).unwrap();
    assert_eq!(sizes(&suite), [100, 100, 1]);
    // Powers that fall come first, so that no listener has more members in between than at the end.
    let mut swapped = all(40);
    swapped[100].1 = 0;
    suite.set_powers(&swapped).unwrap();
    let notifications = received(&suite, &hook);
    let first = &notifications[3]["member_changed_hook"]["diffs"][0];
    assert_eq!(
        *first,
        suite.resolve(&json!({"key": "@v100", "old": 30, "new": null}))
    );
    assert_eq!(sizes(&suite)[3..], [100, 1]);
}

#[test]
fn a_failing_hook_is_an_event_and_the_change_stands() {
    let mut suite = pool(&[("v1", 10), ("v2", 5)]);
    let broken = failing_hook(&mut suite);
    let no_contract = suite.account("no-contract");
    let listener = listener(&mut suite);
    for hook in [&broken, &no_contract, &listener] {
        add_hook(&mut suite, hook);
    }
    suite.fees(15).unwrap();
    let response = suite.set_powers(&[("v1", 20)]).unwrap();
    let failed = events(&response, "hook_failed");
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0]["hook"], broken.as_str());
    assert!(
        failed[0]["reason"].contains("this hook fails"),
        "{failed:?}"
    );
    assert_eq!(failed[1]["hook"], no_contract.as_str());
    assert_eq!(received(&suite, &listener).len(), 1);
    assert!(received(&suite, &broken).is_empty());
    suite.fees(25).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", "v2"]), ["30", "10"]);
    suite.assert_sound("uatom");
}

#[test]
fn a_removed_hook_is_not_notified() {
    let mut suite = pool(&[("v1", 10)]);
    let hook = listener(&mut suite);
    add_hook(&mut suite, &hook);
    assert_eq!(
        suite.query(json!({"hooks": {}})).unwrap(),
        json!({"hooks": [hook]})
    );
    let remove = json!({"remove_hook": {"addr": hook}});
    let response = suite.execute("owner", remove.clone()).unwrap();
    assert_eq!(event(&response, "remove_hook")["hook"], hook.as_str());
    suite.set_powers(&[("v1", 11)]).unwrap();
    assert!(received(&suite, &hook).is_empty());
    assert_eq!(
        suite.query(json!({"hooks": {}})).unwrap(),
        json!({"hooks": []})
    );
    refused(&mut suite, "owner", remove, &[hook.as_str(), "no hook"]);
}

#[test]
fn there_are_at_most_ten_hooks_and_none_twice() {
    let mut suite = pool(&[("v1", 10)]);
    for number in 0..10 {
        let hook = suite.account(&format!("hook{number}"));
        add_hook(&mut suite, &hook);
    }
    let again = json!({"add_hook": {"addr": "@hook3"}});
    refused(&mut suite, "owner", again, &["a hook already"]);
    let another = json!({"add_hook": {"addr": "@hook10"}});
    refused(
        &mut suite,
        "owner",
        another.clone(),
        &["11 hooks", "limit of 10"],
    );
    suite
        .execute("owner", json!({"remove_hook": {"addr": "@hook0"}}))
        .unwrap();
    suite.execute("owner", another).unwrap();
    let response = suite.set_powers(&[("v1", 11)]).unwrap();
    assert_eq!(events(&response, "hook_failed").len(), 10);
}

#[test]
fn only_the_admin_adds_and_removes_hooks() {
    let mut suite = pool(&[("v1", 10)]);
    for sender in ["v1", "stranger"] {
        for msg in [
            json!({"add_hook": {"addr": "@hook"}}),
            json!({"remove_hook": {"addr": "@hook"}}),
        ] {
            refused(&mut suite, sender, msg, &["Unauthorized"]);
        }
    }
    refused(
        &mut suite,
        "owner",
        json!({"add_hook": {"addr": "nobody"}}),
        &["bech32"],
    );
}
