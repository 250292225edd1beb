//! Rates, powers, shares and limits.

use serde_json::{Value, json};

use super::{not_answered, not_set_up, pool, staking, votes};
use crate::behaviour::authority;
use crate::support::{event, everything, plain_split, refused};

#[test]
fn rates_that_promise_more_than_there_is_are_refused() {
    let mut suite = pool();
    let above = "1.000000000000000001";
    let mut cases: Vec<(Value, &[&str])> = vec![
        (
            json!({"community_tax": "0.5", "base_proposer_reward": "0.3",
                "bonus_proposer_reward": "0.200000000000000001"}),
            &["1.000000000000000001", "above 1"],
        ),
        (
            json!({"community_tax": "1", "base_proposer_reward": "1", "bonus_proposer_reward": "1"}),
            &["is 3", "above 1"],
        ),
        (json!({"community_taxes": "0"}), &["community_taxes"]),
        (json!({"community_tax": "-0.1"}), &["-0.1"]),
        (json!({"community_tax": "x"}), &["invalid"]),
    ];
    for rate in [
        "community_tax",
        "base_proposer_reward",
        "bonus_proposer_reward",
        "equal_share",
    ] {
        cases.push((json!({rate: above}), &["1.000000000000000001", "above 1"]));
        // It says which of them.
        let update = json!({"update_params": {rate: above}});
        refused(
            &mut suite,
            "owner",
            update,
            &[&format!("{rate} {above} is above 1")],
        );
        cases.push((
            json!({rate: "115792089237316195423570985008687907853269984665640564039457"}),
            &["above 1"],
        ));
    }
    for (params, parts) in cases {
        // The error for -0.1 is that of the number's own parser.
        let parts = if params["community_tax"] == "-0.1" {
            &[]
        } else {
            parts
        };
        let update = json!({ "update_params": params });
        refused(&mut suite, "owner", update, parts);
        let mut complete = json!({
            "community_tax": "0", "base_proposer_reward": "0", "bonus_proposer_reward": "0",
        });
        for (name, value) in params.as_object().unwrap() {
            complete[name] = value.clone();
        }
        not_set_up("params", complete, parts);
    }
    // The defaults stand behind what is not named: 0.02 + 0.01 + 0.04.
    not_set_up("params", json!({"community_tax": "0.96"}), &["1.01"]);
}

#[test]
fn commission_above_its_limits_is_refused_and_named() {
    let mut suite = pool();
    let terms = |rate: &str, max_rate: &str, max_change_rate: &str| {
        json!({
            "rate": rate, "max_rate": max_rate, "max_change_rate": max_change_rate,
        })
    };
    let cases: [(Value, &[&str]); 4] = [
        (
            terms("0.3", "0.2", "0.1"),
            &["rate 0.3", "above max_rate 0.2"],
        ),
        (terms("0.1", "1.1", "0.1"), &["max_rate 1.1", "above 1"]),
        (
            terms("0.1", "0.2", "0.3"),
            &["max_change_rate 0.3", "above max_rate 0.2"],
        ),
        (terms("2", "3", "3"), &["max_rate 3", "above 1"]),
    ];
    let mut inactive = plain_split().with("active", json!(false)).build().unwrap();
    for (commission, parts) in cases {
        let created = json!({"validator_created": {
            "validator": "@@v2", "commission": commission,
        }});
        refused(&mut suite, "reporter", staking(created), parts);
        let line = json!({"validator": "@@v2", "power": "1", "commission": commission});
        let import = json!({"import": {"validators": [line]}});
        refused(&mut inactive, "owner", import, parts);
    }
    let report =
        |rate: &str| staking(json!({"commission_changed": {"validator": "@@v1", "rate": rate}}));
    refused(
        &mut suite,
        "reporter",
        report("0.51"),
        &["rate 0.51", "above max_rate 0.5"],
    );
    refused(&mut suite, "reporter", report("7"), &["rate 7"]);
    let edit = |rate: &str| json!({"edit_commission": {"rate": rate}});
    refused(
        &mut suite,
        "v1",
        edit("0.51"),
        &["rate 0.51", "above max_rate 0.5"],
    );
    refused(
        &mut suite,
        "v1",
        edit("0.31"),
        &["rise of the rate 0.21", "above max_change_rate 0.2"],
    );
    // A validator that only votes named has no terms to change it by.
    suite
        .execute(
            "group",
            json!({"member_changed_hook": {"diffs": [{"key": "@v9", "old": null, "new": 1}]}}),
        )
        .unwrap();
    refused(&mut suite, "v9", edit("0"), &["no commission terms"]);
    let operator = suite.operator("v1");
    refused(
        &mut suite,
        "reporter",
        staking(json!({"validator_created": {
            "validator": "@@v1", "commission": terms("0.1", "0.2", "0.1"),
        }})),
        &[operator.as_str(), "exists already"],
    );
}

#[test]
fn votes_that_break_a_rule_are_refused() {
    let mut suite = pool();
    let max = (1u64 << 63) - 1;
    let (max, over) = (max.to_string(), (max + 1).to_string());
    let (v1, account) = (suite.operator("v1"), suite.account("v1").into_string());
    let cases: Vec<(Value, Vec<&str>)> = vec![
        (votes(&[("@@v1", "1"), ("@@v1", "1")]), vec!["twice", &v1]),
        // The other form of its address is the same validator.
        (
            votes(&[("@@v1", "1"), ("@v1", "2")]),
            vec!["twice", &account],
        ),
        (votes(&[("@@v1", "1"), ("@@v1", "0")]), vec!["twice", &v1]),
        (votes(&[("@@v1", &over)]), vec![&over, "not below 2^63"]),
        (
            votes(&[("@@v1", "340282366920938463463374607431768211455")]),
            vec!["340282366920938463463374607431768211455", "not below 2^63"],
        ),
        (
            votes(&[("@@v1", &max), ("@@v2", "1")]),
            vec!["9223372036854775808", "2^63"],
        ),
        (
            votes(&[("@@v1", &max), ("@@v2", &max), ("@@v3", &max)]),
            vec!["2^63"],
        ),
        (votes(&[("@@v1", "-1")]), vec![]),
        (votes(&[("nobody", "1")]), vec!["nobody", "bech32"]),
    ];
    for (msg, parts) in cases {
        refused(&mut suite, "reporter", msg, &parts);
    }
    let many: Vec<(String, String)> = (0..1001)
        .map(|number| (format!("@@w{number}"), "1".to_string()))
        .collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(validator, power)| (validator.as_str(), power.as_str()))
        .collect();
    refused(
        &mut suite,
        "reporter",
        votes(&many),
        &["1001", "limit of 1000"],
    );
    // One by one that many may join; v1 leaves with the first of them.
    for joined in [99, 199, 299, 399, 499, 599, 699, 799, 899, 999] {
        suite.next_block();
        suite.execute("reporter", votes(&many[..joined])).unwrap();
    }
    suite.next_block();
    suite.execute("reporter", votes(&many[..1000])).unwrap();
    let last = suite.query(json!({"last_block": {}})).unwrap();
    assert_eq!(last["active_validators"], 1000);
    let one_more = staking(json!({"power_changed": {"validator": "@@w1000", "power": "1"}}));
    refused(&mut suite, "reporter", one_more, &["1001", "1000"]);
}

#[test]
fn more_than_a_hundred_changes_are_refused_and_say_how_to_send_them() {
    let mut suite = pool();
    let names: Vec<String> = (0..101).map(|number| format!("@@w{number}")).collect();
    let changes: Vec<Value> = names
        .iter()
        .map(|validator| json!({"validator": validator, "power": "1"}))
        .collect();
    let members: Vec<Value> = (0..101)
        .map(|number| json!({"key": format!("@w{number}"), "old": null, "new": 1}))
        .collect();
    let list: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    let begin = |changed: &[Value]| json!({"begin_block": {"last_commit": {"signed_power": "1", "changed": changed}}});
    let staking_event =
        |changes: &[Value]| staking(json!({"powers_changed": {"changes": changes}}));
    let hook = |diffs: &[Value]| json!({"member_changed_hook": {"diffs": diffs}});
    suite.next_block();
    let parts = ["101 changed powers", "limit of 100", "powers_changed"];
    // v1 has power and is not among the votes: of the list 100 are too many already.
    refused(&mut suite, "reporter", votes(&list), &parts[1..]);
    refused(&mut suite, "reporter", votes(&list[..100]), &parts);
    refused(&mut suite, "reporter", begin(&changes), &parts);
    refused(&mut suite, "reporter", staking_event(&changes), &parts);
    refused(&mut suite, "group", hook(&members), &parts);
    for sudo in [
        votes(&list[..100]),
        begin(&changes),
        staking_event(&changes),
    ] {
        let before = everything(&suite);
        let response = suite.sudo(sudo).unwrap();
        let ignored = event(&response, "hook_ignored");
        assert!(ignored["reason"].contains(parts[0]), "{ignored:?}");
        assert!(everything(&suite) == before);
    }
    suite.execute("reporter", begin(&changes[..100])).unwrap();
    suite
        .execute("reporter", staking_event(&changes[..100]))
        .unwrap();
    suite.execute("group", hook(&members[..100])).unwrap();
    let last = suite.query(json!({"last_block": {}})).unwrap();
    assert_eq!(last["active_validators"], 101);
}

#[test]
fn changes_that_break_a_rule_are_refused() {
    let mut suite = pool();
    let (v1, account) = (suite.operator("v1"), suite.account("v1").into_string());
    let over = (1u64 << 63).to_string();
    let cases: Vec<(Value, Vec<&str>)> = vec![
        (json!([["@@v1", "1"], ["@@v1", "1"]]), vec!["twice", &v1]),
        // The other form of its address is the same validator.
        (
            json!([["@@v1", "1"], ["@v1", "2"]]),
            vec!["twice", &account],
        ),
        (json!([["@@v1", &over]]), vec![&over, "not below 2^63"]),
        (
            json!([["@@v1", "9223372036854775807"], ["@@v2", "1"]]),
            vec![&over, "2^63"],
        ),
        (json!([["@@v1", "-1"]]), vec![]),
        (json!([["nobody", "1"]]), vec!["nobody", "bech32"]),
    ];
    for (pairs, parts) in cases {
        let changes: Vec<Value> = pairs
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| json!({"validator": pair[0], "power": pair[1]}))
            .collect();
        let block = json!({"begin_block": {
            "last_commit": {"signed_power": "1", "changed": changes},
        }});
        refused(&mut suite, "reporter", block, &parts);
        let event = staking(json!({"powers_changed": {"changes": changes}}));
        refused(&mut suite, "reporter", event, &parts);
    }
    // Votes are the whole set: nothing beside them.
    let both = json!({"begin_block": {"last_commit": {
        "votes": [], "changed": [{"validator": "@@v1", "power": "1"}],
    }}});
    refused(&mut suite, "reporter", both, &["last_commit"]);
}

#[test]
fn powers_beyond_their_bound_are_refused_whoever_sends_them() {
    let mut suite = pool();
    suite.create_validator("v2", "0").unwrap();
    let max = (1u64 << 63) - 1;
    suite.set_power("v1", max).unwrap();
    let over = (max + 1).to_string();
    let power = |validator: &str, power: &str| {
        staking(json!({"power_changed": {"validator": validator, "power": power}}))
    };
    refused(&mut suite, "reporter", power("@@v2", "1"), &[&over, "2^63"]);
    refused(
        &mut suite,
        "reporter",
        power("@@v1", &over),
        &[&over, "not below 2^63"],
    );
    for (diffs, parts) in [
        (
            json!([{"key": "@v2", "old": null, "new": 1}]),
            vec![over.as_str(), "2^63"],
        ),
        (
            json!([{"key": "@v2", "old": null, "new": u64::MAX}]),
            vec!["18446744073709551615", "not below 2^63"],
        ),
    ] {
        let hook = json!({"member_changed_hook": {"diffs": diffs}});
        refused(&mut suite, "group", hook, &parts);
    }
    let mut suite = plain_split().with("active", json!(false)).build().unwrap();
    let line = |validator: &str, power: &str| {
        json!({"validator": validator, "power": power, "commission": {
            "rate": "0", "max_rate": "1", "max_change_rate": "1",
        }})
    };
    for lines in [
        json!([line("@@v1", &over)]),
        json!([line("@@v1", &max.to_string()), line("@@v2", "1")]),
    ] {
        let import = json!({"import": {"validators": lines}});
        refused(&mut suite, "owner", import, &[&over, "2^63"]);
    }
}

#[test]
fn a_page_of_nothing_is_refused() {
    let mut suite = pool();
    let parts = ["limit 0", "at least one"];
    refused(
        &mut suite,
        "alice",
        json!({"withdraw_delegation": {"limit": 0}}),
        &parts,
    );
    for query in [
        json!({"validators": {"limit": 0}}),
        json!({"delegator_delegations": {"delegator": "@alice", "limit": 0}}),
        json!({"validator_delegations": {"validator": "@@v1", "limit": 0}}),
        json!({"delegation_total_rewards": {"delegator": "@alice", "limit": 0}}),
        json!({"delegator_validators": {"delegator": "@alice", "limit": 0}}),
        json!({"audit": {"limit": 0}}),
    ] {
        not_answered(&suite, query, &parts);
    }
    // Neither is a page of more than a number can be.
    refused(
        &mut suite,
        "alice",
        json!({"withdraw_delegation": {"limit": 4_294_967_296u64}}),
        &["4294967296"],
    );
}

#[test]
fn shares_that_are_no_number_are_refused_and_named() {
    let mut suite = pool();
    let mut inactive = authority::pool(&json!("reporter"), false);
    let long = format!("1.{}", "0".repeat(19));
    for shares in [
        "",
        ".",
        "1.",
        ".5",
        "-1",
        "+1",
        "1e5",
        "0x10",
        " 1",
        "1 ",
        "1,5",
        "1.2.3",
        "NaN",
        "１",
        long.as_str(),
    ] {
        let quoted = format!("`{shares}`");
        let parts = [quoted.as_str(), "at most 18 places"];
        let changed = json!({"delegation_changed": {
            "delegator": "@alice", "validator": "@@v1", "shares": shares,
        }});
        refused(&mut suite, "reporter", staking(changed), &parts);
        let line = json!({"delegator": "@alice", "validator": "@@operator", "shares": shares});
        let import = json!({"import": {"delegations": [line]}});
        refused(&mut inactive, "owner", import, &parts);
    }
    // An error repeats the start of what is wrong.
    let changed = json!({"delegation_changed": {
        "delegator": "@alice", "validator": "@@v1", "shares": "x".repeat(100_000),
    }});
    refused(&mut suite, "reporter", staking(changed), &["`xxx"]);
    let numbers = json!({"delegation_changed": {
        "delegator": "@alice", "validator": "@@v1", "shares": 5,
    }});
    refused(&mut suite, "reporter", staking(numbers), &[]);
}

#[test]
fn units_above_their_bound_are_refused_and_named() {
    let mut suite = pool();
    let one = 10u128.pow(18);
    let changed = |delegator: &str, units: u128| {
        let shares = format!("{}.{:018}", units / one, units % one);
        staking(json!({"delegation_changed": {
            "delegator": delegator, "validator": "@@v1", "shares": shares,
        }}))
    };
    let bound = 10u128.pow(34);
    let over = (bound + 1).to_string();
    refused(
        &mut suite,
        "reporter",
        changed("@bob", bound + 1),
        &[&over, "10^34"],
    );
    let most = "9".repeat(500);
    let absurd = json!({"delegation_changed": {
        "delegator": "@bob", "validator": "@@v1", "shares": most,
    }});
    refused(&mut suite, "reporter", staking(absurd), &["10^34"]);
    // In sum: Alice has 10^20.
    let rest = bound - 10u128.pow(20);
    refused(
        &mut suite,
        "reporter",
        changed("@bob", rest + 1),
        &[&over, "10^34"],
    );
    suite.execute("reporter", changed("@bob", rest)).unwrap();
    refused(
        &mut suite,
        "reporter",
        changed("@carol", 1),
        &[&over, "10^34"],
    );
}

#[test]
fn a_slash_above_everything_is_refused() {
    let mut suite = pool();
    refused(
        &mut suite,
        "reporter",
        staking(json!({"validator_slashed": {
            "validator": "@@v1", "fraction": "1.000000000000000001",
        }})),
        &["fraction 1.000000000000000001 is above 1"],
    );
}

/// What a number's own parser says, with its place in the message.
#[test]
fn a_number_that_cannot_be_read_is_refused_with_its_place() {
    let mut suite = pool();
    for rate in [".02", "0,02", "2%", ""] {
        let update = json!({"update_params": {"community_tax": rate}});
        refused(&mut suite, "owner", update, &["line 1 column"]);
        let created = json!({"validator_created": {"validator": "@@v2", "commission": {
            "rate": rate, "max_rate": "1", "max_change_rate": "1",
        }}});
        refused(&mut suite, "reporter", staking(created), &["line 1 column"]);
    }
    let number = json!({"update_params": {"community_tax": 0.02}});
    refused(&mut suite, "owner", number, &["line 1 column", "string"]);
}
