//! What every event has.

use std::collections::BTreeSet;

use cosmwasm_std::coin;
use serde_json::json;
use testkit::expect::assert_events_well_formed;

use crate::behaviour::authority;
use crate::support::{GOLD, block, by_accounting, event, events, plain_split};

#[test]
fn every_event_begins_with_its_action_and_has_no_blank_value() {
    let mut names = BTreeSet::new();
    for rule in authority::rules() {
        for role in rule.allowed {
            let mut suite = authority::pool(&rule.source, rule.active);
            let response = suite
                .execute_with(role, rule.msg.clone(), rule.funds.clone())
                .unwrap();
            names.extend(assert_events_well_formed(&response, suite.pool.as_str()));
        }
    }
    assert!(names.contains("withdraw_rewards"));
    assert!(names.len() > 15, "{names:?}");
}

#[test]
fn amounts_of_nothing_are_a_zero_of_the_first_denom() {
    let mut suite = plain_split()
        .with("reward_denoms", json!([GOLD, "uatom"]))
        .build()
        .unwrap();
    suite.create_validator("v1", "0").unwrap();
    let response = suite.withdraw_commission("v1").unwrap();
    assert_events_well_formed(&response, suite.pool.as_str());
    let found = event(&response, "withdraw_commission");
    assert_eq!(found["amount"], format!("0{GOLD}"));
    // Even of a denom that is not received any more.
    suite
        .execute("owner", json!({"update_reward_denoms": {"remove": [GOLD]}}))
        .unwrap();
    let response = suite.withdraw_commission("v1").unwrap();
    let found = event(&response, "withdraw_commission");
    assert_eq!(found["amount"], format!("0{GOLD}"));
}

#[test]
fn fractions_that_move_are_shown_in_points() {
    let mut suite = plain_split().build().unwrap();
    suite.create_validator("v1", "0.333").unwrap();
    suite.set_power("v1", 3).unwrap();
    suite.set_shares("alice", "v1", "7").unwrap();
    block(&mut suite, &[(10, "uatom")], None);
    let response = suite.withdraw("alice", "v1").unwrap();
    // A third of 10^37, less what three powers cannot share.
    let shown = |name, key| -> Vec<String> {
        events(&response, name)
            .iter_mut()
            .filter_map(|event| event.remove(key))
            .collect()
    };
    // The lazy accounting splits nothing.
    let by_accounting = |f1| by_accounting(vec![f1], vec![]);
    assert_eq!(
        shown("rewards", "points"),
        by_accounting("6669999999999999999999999999999999999uatom")
    );
    assert_eq!(
        shown("rewards", "amount"),
        by_accounting("6.669999999999999999uatom")
    );
    assert_eq!(
        shown("commission", "points"),
        by_accounting("3329999999999999999999999999999999999uatom")
    );
    assert_eq!(
        shown("to_community_pool", "reason"),
        by_accounting("remainder")
    );
    assert_eq!(
        shown("to_community_pool", "points"),
        by_accounting("1uatom")
    );
    let gift = suite
        .execute_with(
            "fees",
            json!({"fund_community_pool": {}}),
            vec![coin(5, "uatom")],
        )
        .unwrap();
    let found = event(&gift, "fund_community_pool");
    assert_eq!(found["amount"], "5uatom");
}
