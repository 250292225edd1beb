//! A hook is called when the change is complete, and may call the pool as any account may.

use cosmwasm_std::Addr;
use serde_json::{Value, json};
use testkit::expect::{events, has};
use testkit::poa_pool::PoaSuite;

use crate::listener::{DONE, add_hook, listener, outcomes, plan, received};
use crate::support::{hand_over, pool, withdrawable};

/// A pool of `v1` and a listener with a power of 1 each, and 100 base units of fees.
fn setting() -> (PoaSuite, Addr) {
    let mut suite = pool(&[("v1", 1)]);
    let member = listener(&mut suite);
    suite.add_members(&[(member.as_str(), 1)]).unwrap();
    add_hook(&mut suite, &member);
    suite.fees(100).unwrap();
    (suite, member)
}

/// The notification of these changes, written with names.
fn notification(suite: &PoaSuite, diffs: Value) -> Value {
    suite.resolve(&json!({"member_changed_hook": {"diffs": diffs}}))
}

/// Every account withdraws: what they have and less than a base unit for each of them are together
/// what was received.
#[track_caller]
fn everyone_is_paid_once(suite: &mut PoaSuite, accounts: &[&str], received: u128) {
    suite.assert_sound("uatom");
    let mut paid = 0;
    for account in accounts {
        suite.withdraw(account).unwrap();
        paid += has(suite, account, "uatom");
    }
    suite.assert_sound("uatom");
    let left = has(suite, "pool", "uatom");
    assert_eq!(paid + left, received);
    assert!(left < u128::try_from(accounts.len()).unwrap(), "{left}");
}

#[test]
fn a_member_is_paid_in_its_hook_what_it_earned_until_then() {
    let (mut suite, member) = setting();
    let calls = [json!({"checkpoint": {}}), json!({"withdraw_fees": {}})];
    plan(&mut suite, &member, &calls, false);
    let response = suite.set_powers(&[("v1", 3)]).unwrap();
    assert_eq!(outcomes(&suite, &member), [DONE, DONE]);
    assert!(events(&response, "hook_failed").is_empty());
    // The fees until the change were allocated before the notification.
    assert_eq!(events(&response, "checkpoint").len(), 1);
    assert_eq!(has(&suite, member.as_str(), "uatom"), 50);
    assert_eq!(withdrawable(&suite, &["v1", member.as_str()]), ["50", "0"]);
    suite.fees(40).unwrap();
    assert_eq!(withdrawable(&suite, &["v1", member.as_str()]), ["80", "10"]);
    everyone_is_paid_once(&mut suite, &["v1", member.as_str()], 140);
}

#[test]
fn a_member_changes_no_powers_and_hooks_in_its_hook() {
    let (mut suite, member) = setting();
    let calls = [
        json!({"update_members": {"remove": ["@v1"], "add": [{"addr": member, "weight": 100}]}}),
        json!({"update_validators": {"validators": [{"operator": member, "power": "100"}]}}),
        hand_over("v1", "cold"),
        json!({"accept_operator": {"id": 1}}),
        json!({"remove_hook": {"addr": member}}),
    ];
    plan(&mut suite, &member, &calls, false);
    let response = suite.set_powers(&[("v1", 3)]).unwrap();
    let outcomes = outcomes(&suite, &member);
    assert_eq!(outcomes.len(), calls.len());
    for outcome in outcomes {
        assert!(outcome.contains("Unauthorized"), "{outcome}");
    }
    assert!(events(&response, "hook_failed").is_empty());
    assert_eq!(received(&suite, &member).len(), 1);
    assert_eq!(
        suite.query(json!({"total_power": {}})).unwrap(),
        json!({"total_power": "4"})
    );
    everyone_is_paid_once(&mut suite, &["v1", member.as_str()], 100);
}

#[test]
fn a_failing_hook_is_reverted() {
    let (mut suite, member) = setting();
    let calls = [
        json!({"withdraw_fees": {}}),
        json!({"update_members": {"remove": ["@v1"], "add": []}}),
    ];
    plan(&mut suite, &member, &calls, true);
    let response = suite.set_powers(&[("v1", 3)]).unwrap();
    assert_eq!(events(&response, "hook_failed").len(), 1);
    assert!(events(&response, "withdraw_fees").is_empty());
    assert!(received(&suite, &member).is_empty());
    assert_eq!(has(&suite, member.as_str(), "uatom"), 0);
    assert_eq!(withdrawable(&suite, &["v1", member.as_str()]), ["50", "50"]);
    everyone_is_paid_once(&mut suite, &["v1", member.as_str()], 100);
}

#[test]
fn hooks_behind_one_that_takes_a_validator_over_get_the_later_change_first() {
    let mut suite = pool(&[("v1", 1), ("v2", 1)]);
    let heir = listener(&mut suite);
    let second = listener(&mut suite);
    add_hook(&mut suite, &heir);
    add_hook(&mut suite, &second);
    suite.fees(100).unwrap();
    let offer = json!({"update_operator": {"operator": "@v2", "new_operator": heir}});
    suite.execute("v2", offer).unwrap();
    let accept = json!({"accept_operator": {"id": 2}});
    plan(&mut suite, &heir, &[accept], true);
    suite.set_powers(&[("v1", 3)]).unwrap();

    let change = notification(&suite, json!([{"key": "@v1", "old": 1, "new": 3}]));
    let handed_over = notification(
        &suite,
        json!([
            {"key": "@v2", "old": 1, "new": null},
            {"key": heir, "old": null, "new": 1},
        ]),
    );
    assert_eq!(
        received(&suite, &heir),
        [change.clone(), handed_over.clone()]
    );
    assert_eq!(received(&suite, &second), [handed_over, change]);

    suite.fees(40).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "v2", heir.as_str()]),
        ["80", "50", "10"]
    );
    everyone_is_paid_once(&mut suite, &["v1", "v2", heir.as_str()], 140);
}

#[test]
fn the_last_of_nested_changes_holds() {
    let (mut suite, member) = setting();
    let offer = json!({"update_ownership": {"transfer_ownership": {"new_owner": member}}});
    suite.execute("owner", offer).unwrap();
    // As admin it changes the power that it is being notified of, between two payouts to itself.
    let calls = [
        json!({"update_ownership": "accept_ownership"}),
        json!({"withdraw_fees": {}}),
        json!({"update_members": {"remove": ["@v1"], "add": [
            {"addr": "@v2", "weight": 3}, {"addr": member, "weight": 2}]}}),
        json!({"withdraw_fees": {}}),
        json!({"checkpoint": {}}),
    ];
    plan(&mut suite, &member, &calls, true);
    let response = suite.set_powers(&[("v1", 3)]).unwrap();
    assert!(events(&response, "hook_failed").is_empty());

    let expected = [("v1", None), ("v2", Some(3)), (member.as_str(), Some(2))];
    for (name, weight) in expected {
        let member = json!({"member": {"addr": format!("@{name}")}});
        assert_eq!(suite.query(member).unwrap(), json!({"weight": weight}));
    }
    assert_eq!(
        suite.query(json!({"total_weight": {}})).unwrap(),
        json!({"weight": 5})
    );
    let received = received(&suite, &member);
    assert_eq!(
        received,
        [
            notification(&suite, json!([{"key": "@v1", "old": 1, "new": 3}])),
            notification(
                &suite,
                json!([
                    {"key": "@v1", "old": 3, "new": null},
                    {"key": member, "old": 1, "new": 2},
                    {"key": "@v2", "old": null, "new": 3},
                ])
            ),
        ]
    );
    suite.fees(50).unwrap();
    assert_eq!(
        withdrawable(&suite, &["v1", "v2", member.as_str()]),
        ["50", "30", "20"]
    );
    everyone_is_paid_once(&mut suite, &["v1", "v2", member.as_str()], 150);
}
