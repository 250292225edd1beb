//! The state at the start: an import in pages, what happens meanwhile, and activation.

use cosmwasm_std::{Decimal, coin};
use serde_json::{Value, json};
use testkit::chain::ValidatorTerms;
use testkit::fee_pool::FeePoolSuite;

use crate::support::{
    block, books_hold, books_hold_and_all_is_split, by_accounting, claimable, event, events,
    everything, has, plain_split, refused, send_fees,
};

fn inactive(source: Value) -> FeePoolSuite {
    plain_split()
        .with("source", source)
        .with("active", json!(false))
        .with("group", json!("@group"))
        .build()
        .unwrap()
}

fn validator(name: &str, power: &str, rate: &str) -> Value {
    json!({"validator": format!("@@{name}"), "power": power, "commission": {
        "rate": rate, "max_rate": "0.9", "max_change_rate": "0.1",
    }})
}

fn delegation(delegator: &str, validator: &str, shares: &str) -> Value {
    json!({
        "delegator": format!("@{delegator}"),
        "validator": format!("@@{validator}"),
        "shares": shares,
    })
}

#[track_caller]
fn import(
    suite: &mut FeePoolSuite,
    validators: Vec<Value>,
    delegations: Vec<Value>,
) -> cw_multi_test::AppResponse {
    let msg = json!({"import": {"validators": validators, "delegations": delegations}});
    suite.execute("owner", msg).unwrap()
}

#[track_caller]
fn activate(suite: &mut FeePoolSuite) {
    suite.execute("owner", json!({"activate": {}})).unwrap();
}

/// What an import left alone, by kind.
fn skipped(response: &cw_multi_test::AppResponse) -> Vec<String> {
    events(response, "import_skipped")
        .iter()
        .map(|event| event["what"].clone())
        .collect()
}

fn asked(suite: &FeePoolSuite, name: &str) -> Value {
    suite
        .query(json!({"validator": {"validator": format!("@@{name}")}}))
        .unwrap()
}

fn units(suite: &FeePoolSuite, delegator: &str, validator: &str) -> String {
    let query = json!({"delegation": {
        "delegator": format!("@{delegator}"), "validator": format!("@@{validator}"),
    }});
    suite.query(query).unwrap()["units"]
        .as_str()
        .unwrap()
        .to_string()
}

#[test]
fn pages_of_an_import_add_up_to_the_whole() {
    let validators = || -> Vec<Value> {
        (1..=5)
            .map(|number| validator(&format!("v{number}"), &(number * 10).to_string(), "0.1"))
            .collect()
    };
    let delegations = || -> Vec<Value> {
        (1..=5)
            .flat_map(|number| {
                let name = format!("v{number}");
                [
                    delegation("alice", &name, "1.5"),
                    delegation("bob", &name, &number.to_string()),
                ]
            })
            .collect()
    };
    let mut at_once = inactive(json!("reporter"));
    let response = import(&mut at_once, validators(), delegations());
    let found = event(&response, "import");
    assert_eq!(found["validators"], "5");
    assert_eq!(found["delegations"], "10");
    let expected = everything(&at_once);
    for size in [1, 2, 3, 7] {
        let mut paged = inactive(json!("reporter"));
        for page in validators().chunks(size) {
            import(&mut paged, page.to_vec(), vec![]);
        }
        for page in delegations().chunks(size) {
            import(&mut paged, vec![], page.to_vec());
        }
        assert!(everything(&paged) == expected, "pages of {size}");
    }
    let response = at_once.execute("owner", json!({"activate": {}})).unwrap();
    let found = event(&response, "activate");
    assert_eq!(found["total_power"], "150");
    assert_eq!(found["active_validators"], "5");
    block(&mut at_once, &[(150, "uatom")], None);
    // 27 of 30 behind v3's commission, a third of them.
    assert_eq!(claimable(&at_once, "alice", "v3", "uatom"), 9);
    assert_eq!(claimable(&at_once, "bob", "v3", "uatom"), 18);
    books_hold_and_all_is_split(&at_once);
}

#[test]
fn fees_wait_until_activation() {
    let mut suite = inactive(json!("reporter"));
    suite.next_block();
    send_fees(&mut suite, &[(300, "uatom")]);
    suite
        .execute_with("fees", json!({"deposit": {}}), vec![coin(100, "uatom")])
        .unwrap();
    import(
        &mut suite,
        vec![validator("v1", "1", "0")],
        vec![delegation("alice", "v1", "1")],
    );
    let begin = json!({"begin_block": {"last_commit": {"signed_power": "1"}}});
    refused(&mut suite, "reporter", begin.clone(), &["not active"]);
    let response = suite.sudo(begin.clone()).unwrap();
    assert!(event(&response, "hook_ignored")["reason"].contains("not active"));
    suite.next_block();
    send_fees(&mut suite, &[(200, "uatom")]);
    activate(&mut suite);
    assert_eq!(
        books_hold(&suite)["uatom"],
        format!("600{}", "0".repeat(36))
    );
    // No refused report has used up the height.
    let response = suite.execute("reporter", begin).unwrap();
    assert_eq!(event(&response, "begin_block")["fees"], "600uatom");
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 600);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn what_an_event_wrote_is_newer_than_any_import() {
    let mut suite = inactive(json!("reporter"));
    let first = vec![
        validator("v1", "10", "0.1"),
        validator("v2", "10", "0.1"),
        validator("v3", "10", "0.1"),
    ];
    import(
        &mut suite,
        first.clone(),
        vec![delegation("alice", "v1", "5")],
    );

    suite.set_power("v1", 77).unwrap();
    suite
        .staking_event(json!({"commission_changed": {"validator": "@@v2", "rate": "0.2"}}))
        .unwrap();
    suite.create_validator("v4", "0.4").unwrap();
    suite.set_shares("alice", "v1", "7").unwrap();
    suite.set_shares("bob", "v1", "0").unwrap();

    // The same snapshot again, and the rest of it.
    let mut lines = first;
    lines.push(validator("v4", "10", "0.1"));
    let response = import(
        &mut suite,
        lines,
        vec![
            delegation("alice", "v1", "5"),
            delegation("bob", "v1", "5"),
            delegation("carol", "v1", "5"),
        ],
    );
    assert_eq!(
        skipped(&response),
        [
            "power",
            "commission_rate",
            "commission_rate",
            "commission_limits",
            "units",
            "units"
        ]
    );
    assert_eq!(asked(&suite, "v1")["power"], "77");
    assert_eq!(asked(&suite, "v1")["commission"]["rate"], "0.1");
    assert_eq!(asked(&suite, "v2")["power"], "10");
    assert_eq!(asked(&suite, "v2")["commission"]["rate"], "0.2");
    assert_eq!(asked(&suite, "v4")["commission"]["rate"], "0.4");
    assert_eq!(asked(&suite, "v4")["power"], "10");
    assert_eq!(units(&suite, "alice", "v1"), "7000000000000000000");
    assert_eq!(units(&suite, "bob", "v1"), "0");
    assert_eq!(units(&suite, "carol", "v1"), "5000000000000000000");
}

/// Of a validator that only the group and a told rate have named: its limits are no older than the
/// line, which is the first to say them.
#[test]
fn each_aspect_that_no_event_wrote_is_taken_from_the_line() {
    let mut suite = inactive(json!("reporter"));
    let hook = json!({"member_changed_hook": {"diffs": [{"key": "@v1", "old": null, "new": 33}]}});
    suite.execute("group", hook).unwrap();
    let told = json!({"commission_changed": {"validator": "@@v1", "rate": "0.3"}});
    suite.staking_event(told).unwrap();
    for max_rate in ["0.9", "0.5"] {
        let mut line = validator("v1", "10", "0.1");
        line["commission"]["max_rate"] = json!(max_rate);
        let response = import(&mut suite, vec![line], vec![]);
        assert_eq!(skipped(&response), ["commission_rate", "power"]);
        assert_eq!(
            event(&response, "import_commission_limits")["max_rate"],
            max_rate
        );
        let commission = asked(&suite, "v1")["commission"].clone();
        assert_eq!(commission["rate"], "0.3");
        assert_eq!(commission["max_rate"], max_rate);
        assert_eq!(commission["max_change_rate"], "0.1");
    }
    assert_eq!(asked(&suite, "v1")["power"], "33");
    activate(&mut suite);
    let above = json!({"staking_event": {"commission_changed": {
        "validator": "@@v1", "rate": "0.51",
    }}});
    refused(&mut suite, "reporter", above, &["max_rate 0.5"]);
    suite
        .execute("v1", json!({"edit_commission": {"rate": "0.4"}}))
        .unwrap();
}

#[test]
fn a_line_that_is_skipped_is_checked_like_any_other() {
    let mut suite = inactive(json!("reporter"));
    suite.create_validator("v1", "0.4").unwrap();
    suite.set_power("v1", 7).unwrap();
    suite.set_shares("alice", "v1", "7").unwrap();
    for (field, line) in [
        ("validators", validator("v1", "10", "0.95")),
        ("validators", validator("v1", "9223372036854775808", "0.1")),
        ("delegations", delegation("alice", "v1", "x")),
    ] {
        refused(&mut suite, "owner", json!({"import": {field: [line]}}), &[]);
    }
}

#[test]
fn a_removed_validator_is_not_brought_back_by_its_line() {
    let mut suite = inactive(json!("reporter"));
    let line = || vec![validator("v1", "10", "0.1")];
    import(&mut suite, line(), vec![]);
    suite
        .staking_event(json!({"validator_removed": {"validator": "@@v1"}}))
        .unwrap();
    let response = import(&mut suite, line(), vec![]);
    assert_eq!(
        skipped(&response),
        ["commission_rate", "commission_limits", "power"]
    );
    assert_eq!(asked(&suite, "v1")["removed"], true);
    assert_eq!(asked(&suite, "v1")["power"], "0");
}

#[test]
fn powers_of_the_group_are_newer_than_the_import() {
    let mut suite = inactive(json!("reporter"));
    let hook = json!({"member_changed_hook": {"diffs": [
        {"key": "@v1", "old": null, "new": 33}, {"key": "@v2", "old": 5, "new": null},
    ]}});
    suite.execute("group", hook).unwrap();
    let response = import(
        &mut suite,
        vec![validator("v1", "10", "0.1"), validator("v2", "10", "0.1")],
        vec![],
    );
    assert_eq!(skipped(&response), ["power", "power"]);
    assert_eq!(asked(&suite, "v1")["power"], "33");
    assert_eq!(asked(&suite, "v2")["power"], "0");
    assert_eq!(asked(&suite, "v1")["commission"]["rate"], "0.1");
}

#[test]
fn the_owner_corrects_a_line_by_importing_it_again() {
    let mut suite = inactive(json!("reporter"));
    import(
        &mut suite,
        vec![validator("v1", "10", "0.1")],
        vec![delegation("alice", "v1", "5"), delegation("bob", "v1", "5")],
    );
    let response = import(
        &mut suite,
        vec![validator("v1", "0", "0.3")],
        vec![delegation("alice", "v1", "2"), delegation("bob", "v1", "0")],
    );
    assert!(skipped(&response).is_empty());
    import(&mut suite, vec![validator("v1", "20", "0.2")], vec![]);
    assert_eq!(asked(&suite, "v1")["power"], "20");
    assert_eq!(asked(&suite, "v1")["commission"]["rate"], "0.2");
    assert_eq!(asked(&suite, "v1")["units"], "2000000000000000000");
    activate(&mut suite);
    block(&mut suite, &[(100, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 80);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 0);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_page_with_one_bad_line_is_refused_as_a_whole() {
    let mut suite = inactive(json!("reporter"));
    let msg = json!({"import": {
        "validators": [validator("v1", "10", "0.1")],
        "delegations": [delegation("alice", "v1", "5"), delegation("bob", "v1", "five")],
    }});
    refused(&mut suite, "owner", msg, &["`five`"]);
}

#[test]
fn validators_may_be_named_by_their_accounts_and_are_then_shown_so() {
    let mut suite = inactive(json!("reporter"));
    let terms = json!({"rate": "0", "max_rate": "1", "max_change_rate": "1"});
    suite
        .execute(
            "owner",
            json!({"import": {
                "validators": [{"validator": "@v1", "power": "1", "commission": terms}],
                "delegations": [{"delegator": "@alice", "validator": "@v1", "shares": "1"}],
            }}),
        )
        .unwrap();
    activate(&mut suite);
    // Both names are the same validator, whoever uses which.
    block(&mut suite, &[(10, "uatom")], Some("v1"));
    let account = suite.account("v1").into_string();
    assert_eq!(asked(&suite, "v1")["validator"], account);
    let response = suite.withdraw("alice", "v1").unwrap();
    assert_eq!(event(&response, "withdraw_rewards")["validator"], account);
    assert_eq!(has(&suite, "alice", "uatom"), 10);
    let set = suite.query(json!({"validator_set": {}})).unwrap();
    assert_eq!(set["validators"][0]["validator"], account);
}

#[test]
fn a_pool_may_start_at_once() {
    let mut suite = plain_split().build().unwrap();
    assert_eq!(suite.query(json!({"config": {}})).unwrap()["active"], true);
    block(&mut suite, &[(10, "uatom")], None);
    let mut suite = inactive(json!("reporter"));
    assert_eq!(suite.query(json!({"config": {}})).unwrap()["active"], false);
    activate(&mut suite);
    assert_eq!(suite.query(json!({"config": {}})).unwrap()["active"], true);
}

/// A pool fed by Juno's hooks, on a chain that knows `v1` with a commission of 0.3.
fn hooked() -> FeePoolSuite {
    let mut suite = inactive(json!({"hooks": {"dialect": "juno"}}));
    let operator = suite.operator("v1");
    let terms = ValidatorTerms {
        commission: Decimal::percent(30),
        max_commission: Decimal::percent(50),
        max_change_rate: Decimal::percent(10),
    };
    suite.chain.set_validator(&operator, &terms).unwrap();
    suite
}

fn juno_delegation(hook: &str, delegator: &str, shares: &str) -> Value {
    json!({hook: {
        "validator_address": "@@v1",
        "delegator_address": format!("@{delegator}"),
        "shares": shares,
    }})
}

fn juno_validator(hook: &str) -> Value {
    json!({hook: {
        "moniker": "m", "validator_address": "@@v1", "commission": "0.25",
        "validator_tokens": "1", "bonded_tokens": "1", "bond_status": "BOND_STATUS_BONDED",
    }})
}

/// The snapshot, in which Alice and Bob delegate and the commission was 0.1.
fn snapshot(suite: &mut FeePoolSuite) -> Vec<String> {
    let response = import(
        suite,
        vec![validator("v1", "10", "0.1")],
        vec![delegation("alice", "v1", "5"), delegation("bob", "v1", "5")],
    );
    skipped(&response)
}

#[test]
fn a_delegation_of_a_hook_before_the_import_stands() {
    let mut suite = hooked();
    let hook = juno_delegation("after_delegation_modified", "alice", "9.000000000000000000");
    let response = suite.sudo(hook).unwrap();
    assert_eq!(
        event(&response, "delegation_changed")["units"],
        "9000000000000000000"
    );
    assert_eq!(
        snapshot(&mut suite),
        ["commission_rate", "commission_limits", "units"]
    );
    assert_eq!(units(&suite, "alice", "v1"), "9000000000000000000");
    assert_eq!(units(&suite, "bob", "v1"), "5000000000000000000");
    // The chain's terms are those of now.
    assert_eq!(asked(&suite, "v1")["commission"]["rate"], "0.3");
    assert_eq!(asked(&suite, "v1")["commission"]["max_rate"], "0.5");
    assert_eq!(asked(&suite, "v1")["power"], "10");
}

#[test]
fn a_delegation_that_a_hook_removed_before_the_import_stays_away() {
    let mut suite = hooked();
    let hook = juno_delegation("before_delegation_removed", "alice", "5.000000000000000000");
    suite.sudo(hook).unwrap();
    assert_eq!(
        snapshot(&mut suite),
        ["commission_rate", "commission_limits", "units"]
    );
    assert_eq!(units(&suite, "alice", "v1"), "0");
    activate(&mut suite);
    suite.set_power("v1", 10).unwrap();
    block(&mut suite, &[(100, "uatom")], None);
    assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 0);
    assert_eq!(claimable(&suite, "bob", "v1", "uatom"), 70);
    books_hold_and_all_is_split(&suite);
}

#[test]
fn a_validator_that_a_hook_removed_before_or_during_the_import_stays_away() {
    for before in [true, false] {
        let mut suite = hooked();
        if !before {
            assert!(snapshot(&mut suite).is_empty());
        }
        suite
            .sudo(juno_validator("after_validator_removed"))
            .unwrap();
        let mut expected = vec!["commission_rate", "commission_limits", "power"];
        if before {
            // Delegations that are there may stay; new ones there are none.
            expected.extend(["units", "units"]);
        }
        assert_eq!(snapshot(&mut suite), expected);
        assert_eq!(asked(&suite, "v1")["removed"], true);
        activate(&mut suite);
        let response = suite
            .block(100, Some("v1"), json!({"signed_power": "10"}))
            .unwrap();
        assert_eq!(event(&response, "begin_block")["total_power"], "0");
    }
}

#[test]
fn a_commission_that_a_hook_announced_before_or_during_the_import_is_read_from_the_chain() {
    for before in [true, false] {
        let mut suite = hooked();
        if !before {
            assert!(snapshot(&mut suite).is_empty());
        }
        suite
            .sudo(juno_validator("before_validator_modified"))
            .unwrap();
        let operator = suite.operator("v1");
        let terms = ValidatorTerms {
            commission: Decimal::percent(40),
            max_commission: Decimal::percent(50),
            max_change_rate: Decimal::percent(10),
        };
        suite.chain.set_validator(&operator, &terms).unwrap();
        // Whichever terms hold now, the first block reads what was announced.
        snapshot(&mut suite);
        activate(&mut suite);
        block(&mut suite, &[(100, "uatom")], None);
        assert_eq!(claimable(&suite, "alice", "v1", "uatom"), 30);
        suite.withdraw_commission("v1").unwrap();
        assert_eq!(has(&suite, "v1", "uatom"), 40);
        books_hold_and_all_is_split(&suite);
    }
}

#[test]
fn a_creation_by_a_hook_is_newer_than_the_import() {
    let mut suite = hooked();
    suite
        .sudo(juno_validator("after_validator_created"))
        .unwrap();
    assert_eq!(
        snapshot(&mut suite),
        ["commission_rate", "commission_limits"]
    );
    assert_eq!(asked(&suite, "v1")["commission"]["rate"], "0.3");
    assert_eq!(asked(&suite, "v1")["power"], "10");
}

#[test]
fn after_activation_events_write_on_and_mark_nothing() {
    let mut suite = inactive(json!("reporter"));
    import(
        &mut suite,
        vec![validator("v1", "10", "0.1")],
        vec![delegation("alice", "v1", "5")],
    );
    activate(&mut suite);
    let records = suite.dump().len();
    suite.set_power("v1", 20).unwrap();
    suite.set_shares("alice", "v1", "6").unwrap();
    suite
        .staking_event(json!({"commission_changed": {"validator": "@@v1", "rate": "0.2"}}))
        .unwrap();
    // The lazy accounting logs each of the three changes.
    assert_eq!(suite.dump().len(), by_accounting(records, records + 3));
}

#[test]
fn in_a_source_of_tokens_lines_are_tokens_of_that_moment() {
    let mut suite = inactive(json!({"hooks": {"dialect": "neutron"}}));
    import(&mut suite, vec![validator("v1", "10", "0")], vec![]);
    suite
        .sudo(json!({"before_validator_slashed": {
            "val_addr": "@@v1", "fraction": "0.5", "tokens_to_burn": "1",
        }}))
        .unwrap();
    // 50 tokens are 100 shares now.
    import(&mut suite, vec![], vec![delegation("alice", "v1", "50")]);
    assert_eq!(units(&suite, "alice", "v1"), "100000000000000000000");
    refused(
        &mut suite,
        "owner",
        json!({"import": {"delegations": [
            delegation("bob", "v1", "5000000000000000.000000000000000001"),
        ]}}),
        &["10^34"],
    );
}

#[test]
fn an_operators_edit_is_newer_than_any_line_of_the_import() {
    let mut suite = inactive(json!("reporter"));
    import(&mut suite, vec![validator("v1", "1", "0.1")], vec![]);
    suite
        .execute("v1", json!({"edit_commission": {"rate": "0.05"}}))
        .unwrap();
    let response = import(&mut suite, vec![validator("v1", "1", "0.1")], vec![]);
    event(&response, "import_skipped");
    let answer = suite
        .query(json!({"validator": {"validator": "@@v1"}}))
        .unwrap();
    assert_eq!(answer["commission"]["rate"], "0.05");
}
